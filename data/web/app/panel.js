// The frame of what opens at the right, or as a sheet on a phone: a heading that takes the focus, and a way out.

import { html } from 'lit-html';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';

/** Escape closes that only. @param {Event} event */
const inMenu = ({ target }) => target instanceof Element && target.closest('[popover]') !== null;

/** @param {{ id: string, title: string, content: unknown, onClose: () => void }} options */
export const panel = ({ id, title, content, onClose }) => html`
  <aside class="panel" id="panel-${id}" aria-labelledby="panel-title"
    @keydown=${(/** @type {KeyboardEvent} */ event) => event.key === 'Escape' && !inMenu(event) && onClose()}>
    <header class="panel-head">
      <h2 id="panel-title" tabindex="-1">${title}</h2>
      <button type="button" class="button quiet icon-only" aria-label=${t("Close")} data-tip=${t("Close")} @click=${onClose}>${icon('x')}</button>
    </header>
    ${content}
  </aside>`;
