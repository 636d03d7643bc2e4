// A link for somebody who has no key: how long it holds, with a password or not, with downloads or not. The link is shown once and
// cannot be asked for again; which links there are, and withdrawing them, can.

import { html, nothing } from 'lit-html';
import { dateAndTime } from '../core/figures.js';
import { t } from '../core/i18n.js';
import { linkRow } from './copy-button.js';
import { dialogHead } from './dialogs.js';
import { icon } from './icon.js';

const LEAST_PASSWORD = 8;

/** @type {{ hours: number, words: () => string }[]} */
const TIMES = [
  { hours: 24, words: () => t("For a day") },
  { hours: 7 * 24, words: () => t("For a week") },
  { hours: 30 * 24, words: () => t("For a month") },
  { hours: 0, words: () => t("Until it is withdrawn") },
];

/** @typedef {import('../core/api.js').Share} Share */

export class ShareDialog {
  #recorded;
  #words;
  #update;
  #error = '';
  #busy = false;
  #link = '';

  /**
   * @param {import('../core/recorded.js').Recorded} recorded @param {(error: unknown) => string} words for what went wrong @param {() => void} update
   */
  constructor(recorded, words, update) {
    this.#recorded = recorded;
    this.#words = words;
    this.#update = update;
  }

  template = () => html`
    ${dialogHead(t("Share this recording"))}
    ${this.#link ? this.#made() : this.#form()}
    ${this.#list()}`;

  #form() {
    return html`
      <form class="stack" @submit=${this.#onSubmit} novalidate>
        <p>${t("Whoever has the link can watch this one recording, and nothing else.")}</p>
        <div class="field">
          <label for="hours">${t("How long the link holds")}</label>
          <select class="select" id="hours" name="hours">${TIMES.map(({ hours, words }) => html`<option value=${hours} ?selected=${hours === 7 * 24}>${words()}</option>`)}</select>
        </div>
        <div class="field">
          <label for="share-password">${t("Password (optional)")}</label>
          <input class="input" id="share-password" name="password" autocomplete="off" spellcheck="false" maxlength="100" aria-describedby="share-error share-hint">
          <p class="small soft" id="share-hint">${t("Do not send it together with the link.")}</p>
        </div>
        <label class="check"><input type="checkbox" name="downloads"><span>${t("They may download the files")}</span></label>
        <p class="error" id="share-error" role="alert" ?hidden=${!this.#error}>${this.#error}</p>
        <div class="dialog-buttons"><button class="button primary" ?disabled=${this.#busy}>${icon('link', 'small')}<span>${t("Make a link")}</span></button></div>
      </form>`;
  }

  #made() {
    return html`
      <div class="stack">
        ${linkRow({ id: 'share-link', label: t("The link"), text: this.#link, copyName: t("Copy the link"), note: t("It is shown only now: the server keeps no copy. If you lose it, make a new one.") })}
        <div class="dialog-buttons"><button type="button" class="button" @click=${this.#onAnother}>${t("Make another link")}</button></div>
      </div>`;
  }

  #list() {
    const shares = this.#recorded.value?.shares ?? [];
    return shares.length === 0 ? nothing : html`
      <section class="stack shares">
        <h3>${t("Links that hold")}</h3>
        <ul>${shares.map(share => html`
          <li class="share">
            <p>${share.expires ? t("until {date}", { date: dateAndTime(share.expires) }) : t("until it is withdrawn")}
              <span class="small soft">${[share.password ? t("with a password") : '', share.downloads ? t("with downloads") : t("without downloads")].filter(words => words).join(', ')}</span></p>
            <button type="button" class="button" @click=${() => this.#onWithdraw(share)}>${t("Withdraw")}</button>
          </li>`)}</ul>
      </section>`;
  }

  /** @param {SubmitEvent} event */
  #onSubmit = async event => {
    event.preventDefault();
    const data = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    const password = String(data.get('password') ?? '');
    this.#error = password !== '' && password.length < LEAST_PASSWORD ? t("A password has at least {n} characters.", { n: LEAST_PASSWORD }) : '';
    if (this.#error) {
      this.#update();
      return;
    }
    this.#busy = true;
    this.#update();
    try {
      const { id, secret, url } = await this.#recorded.share({ hours: Number(data.get('hours')), downloads: data.has('downloads'), ...(password && { password }) });
      this.#link = url && url.includes('#') ? url : `${location.origin}/s/${id}#${secret}`;
      queueMicrotask(() => document.getElementById('share-link')?.focus());
    } catch (error) {
      this.#error = this.#words(error);
    }
    this.#busy = false;
    this.#update();
  };

  #onAnother = () => {
    this.#link = '';
    this.#update();
  };

  /** @param {Share} share */
  async #onWithdraw({ id }) {
    try {
      await this.#recorded.unshare(id);
    } catch (error) {
      this.#error = this.#words(error);
    }
    this.#update();
  }
}
