// Who is signed in, at the top of the quiet pages: the ways to the other pages, and out. Signed out: the way in.

import { html, nothing } from 'lit-html';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';
import { initials } from './initials.js';
import { Menu } from './menu.js';

/** @typedef {import('../core/account.js').Account} Account */

export class AccountBar {
  #account;
  #menu = new Menu('account-menu');

  /** @param {Account} account */
  constructor(account) {
    this.#account = account;
  }

  template() {
    const { state, name, isAdministrator } = this.#account;
    if (state === 'unknown' || state === 'failed')
      return nothing;
    if (state === 'out')
      return html`<nav class="account-bar" aria-label=${t("Account")}><a class="button quiet" href="/sign-in">${icon('log-in', 'small')}<span>${t("Sign in")}</span></a></nav>`;
    return html`
      <nav class="account-bar" aria-label=${t("Account")}>
        <a class="button quiet account-way" href="/recordings">${icon('clapperboard', 'small')}<span>${t("Recordings")}</span></a>
        ${isAdministrator ? html`<a class="button quiet account-way" href="/users">${icon('users', 'small')}<span>${t("Accounts")}</span></a>
          <a class="button quiet account-way" href="/admin">${icon('activity', 'small')}<span>${t("Server")}</span></a>` : nothing}
        <button type="button" class="button quiet account-name" aria-haspopup="true" aria-label=${t("Your account, {name}", { name })} @click=${this.#onOpen}>
          <span class="account-initials" aria-hidden="true">${initials(name)}</span><span class="account-words">${name}</span></button>
        ${this.#menu.template(t("Account"), [
          { label: t("Recordings"), glyph: 'clapperboard', act: () => location.assign('/recordings'), kind: 'only-narrow' },
          { label: t("Accounts"), glyph: 'users', act: () => location.assign('/users'), kind: 'only-narrow', hidden: !isAdministrator },
          { label: t("Server"), glyph: 'activity', act: () => location.assign('/admin'), kind: 'only-narrow', hidden: !isAdministrator },
          { label: t("Your account"), glyph: 'user', act: () => location.assign('/account') },
          { label: t("Sign out"), glyph: 'log-out', act: () => this.#signOut() },
        ])}
      </nav>`;
  }

  /** @param {Event} event */
  #onOpen = event => {
    this.#menu.anchor = /** @type {HTMLElement} */ (event.currentTarget);
    this.#menu.open();
  };

  async #signOut() {
    await this.#account.signOut();
    location.assign('/');
  }
}
