// A button that copies a link and says so; and the pair of a link, shown, and its button.

import { html } from 'lit-html';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';
import { notices } from './notices.js';

/** @param {string} text @returns {Promise<boolean>} */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    notices.toast(t("Link copied."));
    return true;
  } catch {
    notices.toast(t("The browser did not allow copying. Select the link and copy it by hand."), { bad: true });
    return false;
  }
}

/** @param {string} text what is copied @param {string} label @param {string} [name] for screen readers, where two stand on a page */
export const copyButton = (text, label, name = label) => html`
  <button type="button" class="button" aria-label=${name} @click=${() => copyText(text)}>${icon('copy', 'small')}<span>${label}</span></button>`;

/** @param {Event} event */
const selectAll = event => /** @type {HTMLInputElement} */ (event.currentTarget).select();

/** @param {{ id: string, label: string, text: string, copyName: string, note?: string }} options */
export const linkRow = ({ id, label, text, copyName, note }) => html`
  <div class="field">
    <label for=${id}>${label}</label>
    <div class="link-row">
      <input class="input mono" id=${id} readonly .value=${text} @focus=${selectAll}>
      ${copyButton(text, t("Copy"), copyName)}
    </div>
    ${note ? html`<p class="small soft">${note}</p>` : ''}
  </div>`;
