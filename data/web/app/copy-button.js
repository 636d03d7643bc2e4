// A button that copies a link, or a text, and says so; and the pair of a link, shown, and its button.

import { html } from 'lit-html';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';
import { notices } from './notices.js';

/** @param {string} text @param {string} [done] what is said then @returns {Promise<boolean>} */
export async function copyText(text, done = t("Link copied.")) {
  try {
    await navigator.clipboard.writeText(text);
    notices.toast(done);
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
const selectAll = event => /** @type {HTMLInputElement | HTMLTextAreaElement} */ (event.currentTarget).select();

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

/** A text of some lines, shown whole, and its button. @param {{ id: string, label: string, text: string }} options */
export const textBlock = ({ id, label, text }) => html`
  <div class="field">
    <div class="field-head">
      <label class="label" for=${id}>${label}</label>
      <button type="button" class="button quiet" @click=${() => copyText(text, t("Invitation copied."))}>${icon('copy', 'small')}<span>${t("Copy the invitation")}</span></button>
    </div>
    <textarea class="input text-block" id=${id} readonly rows=${text.split('\n').length + 1} .value=${text} @focus=${selectAll}></textarea>
  </div>`;
