// Signing in with a key, for who manages recordings. The key comes in the address's fragment or is pasted here; it goes to the server
// once, for a cookie that scripts cannot read, and is kept nowhere.

import { html } from 'lit-html';
import { ConclaveError, errorText } from '../core/errors.js';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';
import { pageFrame } from './page-frame.js';

export class SignInPage {
  #shell;
  #api;
  #onSignedIn;
  #error;
  #busy = false;

  /** @param {{ shell: import('./shell.js').Shell, api: import('../core/api.js').Api, error?: string, onSignedIn: () => void }} options error: id of why a key did not do */
  constructor({ shell, api, error = '', onSignedIn }) {
    this.#shell = shell;
    this.#api = api;
    this.#onSignedIn = onSignedIn;
    this.#error = error ? errorText(error) : '';
  }

  get title() {
    return t("Recordings");
  }

  template() {
    return pageFrame(html`
      <form class="card stack" @submit=${this.#onSubmit} novalidate>
        <span class="big-icon">${icon('key-round')}</span>
        <div><h1>${t("Recordings")}</h1>
        <p class="soft">${t("For those who manage the recordings of this server. Open the link that its administrator gave you, or paste your key.")}</p></div>
        <div class="field">
          <label for="key">${t("Key")}</label>
          <input class="input large" id="key" name="key" type="password" autocomplete="current-password" spellcheck="false"
            aria-invalid=${this.#error ? 'true' : 'false'} aria-describedby="key-error">
          <p class="error" id="key-error" role="alert" ?hidden=${!this.#error}>${this.#error}</p>
        </div>
        <button class="button primary large" ?disabled=${this.#busy}>${this.#busy ? t("Signing in…") : t("Sign in")}</button>
      </form>`);
  }

  /** @param {SubmitEvent} event */
  #onSubmit = async event => {
    event.preventDefault();
    const text = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('key') ?? '').trim();
    const key = text.includes('#') ? text.slice(text.indexOf('#') + 1) : text; // the whole link does as well
    this.#error = key === '' ? t("Paste your key here.") : '';
    if (!this.#error) {
      this.#busy = true;
      this.#shell.update();
      try {
        await this.#api.signIn(key);
        this.#onSignedIn();
        return;
      } catch (error) {
        this.#error = errorText(error instanceof ConclaveError ? error.id : 'internal');
      }
      this.#busy = false;
    }
    this.#shell.update();
    document.getElementById('key')?.focus();
  };
}
