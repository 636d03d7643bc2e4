// Going to a meeting by a link that was sent. A link of another server is one too.

import { html } from 'lit-html';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';

export class JoinByLink {
  #update;
  #error = false;

  /** @param {() => void} update */
  constructor(update) {
    this.#update = update;
  }

  template = () => html`
    <form class="card stack" @submit=${this.#onSubmit} novalidate>
      <h2>${t("Join a meeting")}</h2>
      <div class="field">
        <label for="link">${t("Paste the link that you were sent")}</label>
        <div class="link-row">
          <input class="input" id="link" name="link" inputmode="url" autocomplete="off" spellcheck="false"
            aria-invalid=${String(this.#error)} aria-describedby="link-error">
          <button class="button"><span>${t("Continue")}</span>${icon('arrow-right', 'small')}</button>
        </div>
        <p class="error" id="link-error" role="alert" ?hidden=${!this.#error}>${this.#error ? t("This is not a meeting's link. It begins with https:// and has /r/ in it.") : ''}</p>
      </div>
    </form>`;

  /** @param {SubmitEvent} event */
  #onSubmit = event => {
    event.preventDefault();
    const text = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('link') ?? '').trim();
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url && /^https?:$/.test(url.protocol) && /^\/r\/[a-z0-9]+$/.test(url.pathname)) {
      location.assign(url);
      return;
    }
    this.#error = true;
    this.#update();
    document.getElementById('link')?.focus();
  };
}
