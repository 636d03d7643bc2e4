// The frame of the quiet pages (start, before the meeting, after it): the mark, the language, the content, legal links.

import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { i18n, t } from '../core/i18n.js';
import { brandMark, legalLinks } from './brand.js';

/** @param {Event & { target: EventTarget | null }} event */
const onLanguage = event => i18n.setLang(/** @type {HTMLSelectElement} */ (event.target).value);

/** @param {unknown} content @param {string} [kind] `wide`, `broad` or nothing @param {unknown} [bar] beside the language */
export const pageFrame = (content, kind = '', bar = nothing) => html`
  <div class="frame">
    <header class="frame-head">
      ${brandMark()}
      ${bar}
      <select class="select language" aria-label=${t("Language")} .value=${live(i18n.lang)} @change=${onLanguage}>
        ${i18n.languages.map(({ code, name }) => html`<option value=${code} lang=${code} ?selected=${code === i18n.lang}>${name}</option>`)}
      </select>
    </header>
    <main class="frame-main ${kind}">${content}</main>
    ${legalLinks()}
  </div>`;
