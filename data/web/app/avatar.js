// The round sign of somebody: initials on their colour, or a phone for who calls. Says nothing to screen readers, the name stands beside it.

import { html } from 'lit-html';
import { icon } from './icon.js';
import { initials, tint } from './initials.js';

/** @param {{ id: string, name: string, phone?: boolean }} person @param {string} [size] `small` or nothing */
export const avatar = ({ id, name, phone = false }, size = '') => html`<span class="avatar ${size} ${tint(id)}" aria-hidden="true">${phone ? icon('phone') : initials(name)}</span>`;
