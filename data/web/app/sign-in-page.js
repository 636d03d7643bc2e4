// Signing in: with login and password, with a key, at another server, or by a link that signs in once and leads to choosing a password.
// What is typed goes to the server once, for a cookie that scripts cannot read, and is kept nowhere.

import { html, nothing } from 'lit-html';
import { askAbout } from '../core/about.js';
import { errorText } from '../core/errors.js';
import { t } from '../core/i18n.js';
import { errorId } from '../core/requests.js';
import { icon } from './icon.js';
import { pageFrame } from './page-frame.js';
import { newPassword, readNewPassword } from './password-fields.js';

/** @typedef {'account' | 'key'} Way */

const ELSEWHERE = '/auth/oidc/start';

export class SignInPage {
  #shell;
  #account;
  #onSignedIn;
  #heading;
  #code;
  /** @type {Way} */ #way;
  #error;
  #problem;
  #busy = false;
  /** What people call the other server, or ''. */ #elsewhere = '';
  /** By a link: which has worked, and a password may be set. */ #welcome = false;

  /**
   * @param {object} options
   * @param {import('./shell.js').Shell} options.shell
   * @param {import('../core/account.js').Account} options.account
   * @param {import('../core/requests.js').Requests} options.requests
   * @param {() => void} options.onSignedIn
   * @param {string} [options.heading] what it is for
   * @param {string} [options.code] of a link that signs in once
   * @param {Way} [options.way]
   * @param {string} [options.error] id of why one is not signed in
   * @param {string} [options.problem] the same, of another server
   */
  constructor({ shell, account, requests, onSignedIn, heading = '', code = '', way = 'account', error = '', problem = '' }) {
    this.#shell = shell;
    this.#account = account;
    this.#onSignedIn = onSignedIn;
    this.#heading = heading;
    this.#code = code;
    this.#way = way;
    this.#error = error ? errorText(error) : '';
    this.#problem = problem ? errorText(problem) : '';
    if (!code)
      void this.#lookElsewhere(requests);
  }

  get title() {
    return this.#heading || t("Sign in");
  }

  template() {
    return pageFrame(this.#welcome ? this.#choosePassword() : this.#code ? this.#byLink() : this.#byHand());
  }

  #byHand() {
    const key = this.#way === 'key';
    return html`
      <div class="card stack sign-in">
        <span class="big-icon">${icon('key-round')}</span>
        <h1>${this.#heading || t("Sign in")}</h1>
        ${this.#problem ? html`<div class="note bad" role="alert">${icon('circle-alert')}<p>${this.#problem}</p></div>` : nothing}
        ${this.#elsewhere ? html`<a class="button large" id="elsewhere" href=${ELSEWHERE}>${icon('log-in')}<span class="wrap">${t("Sign in with {label}", { label: this.#elsewhere })}</span></a>` : nothing}
        <div class="tabs" role="tablist" aria-label=${t("How to sign in")} @keydown=${this.#onTabKey}>
          ${this.#tab('account', t("Account"))}${this.#tab('key', t("API key"))}
        </div>
        <form class="stack" id="sign-in-panel" role="tabpanel" aria-labelledby="tab-${this.#way}" @submit=${key ? this.#onKey : this.#onAccount} novalidate>
          ${key ? this.#keyField() : this.#accountFields()}
          <p class="error" id="sign-in-error" role="alert" ?hidden=${!this.#error}>${this.#error}</p>
          <button class="button primary large" ?disabled=${this.#busy}>${this.#busy ? t("Signing in…") : t("Sign in")}</button>
        </form>
        <p class="small soft">${key ? t("A key is made by the administrator of this server, for programs and for those who manage recordings.")
          : t("Accounts are made by the administrator of this server. Ask them for a link that signs you in, also if you have forgotten your password.")}</p>
      </div>`;
  }

  /** @param {import('../core/requests.js').Requests} requests */
  async #lookElsewhere(requests) {
    this.#elsewhere = (await askAbout(requests)).elsewhere;
    this.#shell.update();
  }

  /** @param {Way} way @param {string} words */
  #tab(way, words) {
    const chosen = way === this.#way;
    return html`<button type="button" class="tab" role="tab" id="tab-${way}" aria-selected=${String(chosen)} aria-controls="sign-in-panel" tabindex=${chosen ? 0 : -1}
      @click=${() => this.#choose(way)}>${words}</button>`;
  }

  #accountFields() {
    return html`
      <div class="field"><label for="login">${t("Login")}</label>
        <input class="input large" id="login" name="login" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="120" aria-describedby="sign-in-error"></div>
      <div class="field"><label for="password">${t("Password")}</label>
        <input class="input large" id="password" name="password" type="password" autocomplete="current-password" maxlength="200" aria-describedby="sign-in-error"></div>`;
  }

  #keyField() {
    return html`
      <div class="field"><label for="key">${t("Key")}</label>
        <input class="input large" id="key" name="key" type="password" autocomplete="off" spellcheck="false" aria-describedby="sign-in-error"></div>`;
  }

  #byLink() {
    return html`
      <form class="card stack center" @submit=${this.#onLink}>
        <span class="big-icon">${icon('key-round')}</span>
        <h1>${t("Welcome")}</h1>
        <p>${t("This link signs you in once. After that you choose a password.")}</p>
        ${this.#error ? html`<div class="note bad" role="alert">${icon('circle-alert')}<p>${this.#error}</p></div>
          <a class="button large" href="/sign-in">${t("Sign in with a password")}</a>`
          : html`<button class="button primary large" ?disabled=${this.#busy}>${this.#busy ? t("Signing in…") : t("Sign in")}</button>`}
      </form>`;
  }

  #choosePassword() {
    const { name, user } = this.#account;
    return html`
      <form class="card stack" @submit=${this.#onPassword} novalidate>
        <h1>${t("Hello, {name}", { name })}</h1>
        <p>${t("You are signed in. Choose a password, so that you can sign in again.")}</p>
        <input class="unseen" name="username" autocomplete="username" tabindex="-1" aria-hidden="true" readonly .value=${user?.login ?? ''}>
        ${newPassword(this.#error)}
        <div class="row"><button class="button primary large" ?disabled=${this.#busy}>${t("Set the password")}</button>
          <button type="button" class="button quiet large" @click=${this.#onSignedIn}>${t("Later")}</button></div>
      </form>`;
  }

  /** @param {Way} way */
  #choose(way) {
    this.#way = way;
    this.#error = '';
    this.#shell.update();
  }

  /** Arrows go from tab to tab. @param {KeyboardEvent} event */
  #onTabKey = event => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')
      return;
    this.#choose(this.#way === 'key' ? 'account' : 'key');
    queueMicrotask(() => document.getElementById(`tab-${this.#way}`)?.focus());
  };

  /** @param {SubmitEvent} event */
  #onAccount = event => {
    event.preventDefault();
    const data = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    const login = String(data.get('login') ?? '').trim();
    const password = String(data.get('password') ?? '');
    if (login === '')
      this.#refuse(t("Enter your login: your e-mail address, or the name that you were given."), 'login');
    else if (password === '')
      this.#refuse(t("Enter your password."), 'password');
    else
      void this.#signIn({ login, password }, 'password');
  };

  /** @param {SubmitEvent} event */
  #onKey = event => {
    event.preventDefault();
    const text = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('key') ?? '').trim();
    const key = text.includes('#') ? text.slice(text.indexOf('#') + 1) : text; // the whole link does as well
    if (key === '')
      this.#refuse(t("Paste your key here."), 'key');
    else
      void this.#signIn({ key }, 'key');
  };

  /** @param {SubmitEvent} event */
  #onLink = async event => {
    event.preventDefault();
    if (await this.#try(() => this.#account.signIn({ code: this.#code }))) {
      this.#welcome = true;
      this.#shell.redraw();
    }
  };

  /** @param {SubmitEvent} event */
  #onPassword = async event => {
    event.preventDefault();
    const { password, trouble } = readNewPassword(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)));
    if (trouble)
      this.#refuse(trouble, 'new-password');
    else if (await this.#try(() => this.#account.setPassword(password)))
      this.#onSignedIn();
  };

  /** @param {import('../core/account.js').Credentials} credentials @param {string} field */
  async #signIn(credentials, field) {
    if (await this.#try(() => this.#account.signIn(credentials)))
      this.#onSignedIn();
    else
      document.getElementById(field)?.focus();
  }

  /** @param {string} sentence @param {string} field */
  #refuse(sentence, field) {
    this.#error = sentence;
    this.#shell.update();
    document.getElementById(field)?.focus();
  }

  /** @param {() => Promise<unknown>} act @returns {Promise<boolean>} */
  async #try(act) {
    this.#busy = true;
    this.#error = '';
    this.#problem = '';
    this.#shell.update();
    try {
      await act();
    } catch (error) {
      this.#error = errorText(errorId(error));
    }
    this.#busy = false;
    this.#shell.update();
    return this.#error === '';
  }
}
