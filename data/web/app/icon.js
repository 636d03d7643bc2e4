// Icons: one symbol of the sprite, never with a name of its own; the control around it carries the words.

import { html } from 'lit-html';

const SPRITE = new URL('../icons/icons.svg', import.meta.url).pathname;

/** @param {string} name a symbol of icons/icons.svg @param {string} [size] `small` or nothing */
export const icon = (name, size = '') => html`<svg class="icon ${size}" aria-hidden="true" focusable="false"><use href="${SPRITE}#${name}"></use></svg>`;
