// What somebody was writing where they may not write any more: it stands there until they put it away, and can be copied.

import { html, nothing } from 'lit-html';
import { t } from '../core/i18n.js';
import { copyText } from './copy-button.js';
import { icon } from './icon.js';

export class KeptWords {
  #words = '';
  #update;

  /** @param {() => void} update */
  constructor(update) {
    this.#update = update;
  }

  /** Beside what was kept before. @param {string} words */
  keep(words) {
    this.#words = [this.#words, words.trim()].filter(part => part).join('\n');
  }

  template() {
    return this.#words === '' ? nothing : html`
      <section class="kept" role="status" aria-label=${t("What you were writing")}>
        <p class="small">${t("You may not write here any more. This was not sent:")}</p>
        <p class="kept-words" dir="auto">${this.#words}</p>
        <div class="row end">
          <button type="button" class="button" @click=${() => copyText(this.#words, t("Copied."))}>${icon('copy', 'small')}<span>${t("Copy")}</span></button>
          <button type="button" class="button" @click=${this.#forget}>${t("Put it away")}</button>
        </div>
      </section>`;
  }

  #forget = () => {
    this.#words = '';
    this.#update();
    queueMicrotask(() => document.getElementById('panel-title')?.focus());
  };
}
