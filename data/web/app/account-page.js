// One's own account: the name, the password, where one is signed in, the address of the calendar. Each part is a form of its own and says
// for itself what became of it.

import { html, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { errorText } from '../core/errors.js';
import { dateAndTime } from '../core/figures.js';
import { t } from '../core/i18n.js';
import { errorId } from '../core/requests.js';
import { MAX_NAME, cleanName } from '../core/text.js';
import { AccountBar } from './account-bar.js';
import { linkRow } from './copy-button.js';
import { icon } from './icon.js';
import { notices } from './notices.js';
import { pageFrame } from './page-frame.js';
import { newPassword, readNewPassword } from './password-fields.js';
import { roleWords } from './role-words.js';

/** @typedef {import('../core/account.js').SignIn} SignIn */
/** @typedef {'name' | 'password' | 'signIns' | 'feed'} Part */

export class AccountPage {
  #shell;
  #account;
  #onSignedOut;
  #bar;
  /** @type {SignIn[] | null} */ #signIns = null;
  /** @type {Record<Part, string>} */ #errors = { name: '', password: '', signIns: '', feed: '' };
  /** @type {Part | null} */ #busy = null;
  #feed = '';

  /** @param {{ shell: import('./shell.js').Shell, account: import('../core/account.js').Account, onSignedOut: () => void }} options of somebody who is signed in */
  constructor({ shell, account, onSignedOut }) {
    this.#shell = shell;
    this.#account = account;
    this.#onSignedOut = onSignedOut;
    this.#bar = new AccountBar(account);
    if (account.user)
      void this.#loadSignIns();
  }

  get title() {
    return t("Your account");
  }

  template() {
    const { user, role, name } = this.#account;
    return pageFrame(html`
      <a class="back" href="/">${icon('arrow-left', 'small')}<span>${t("To the start page")}</span></a>
      <header class="library-head">
        <div><h1>${t("Your account")}</h1><p class="soft wrap">${user ? `${user.login} · ${roleWords(role)}` : name}</p></div>
      </header>
      ${user ? html`${this.#name()}${this.#password()}${this.#where()}${this.#account.isHost ? this.#calendar() : nothing}`
        : html`<div class="note">${icon('info')}<p>${t("You are signed in with an API key. It has no password and no calendar; the administrator of this server manages it.")}</p></div>`}`, 'plain', this.#bar.template());
  }

  #name() {
    return html`
      <form class="card stack" @submit=${this.#onName} novalidate>
        <h2>${t("Name")}</h2>
        <div class="field"><label for="name">${t("How others see you")}</label>
          <div class="link-row"><input class="input" id="name" name="name" value=${this.#account.name} maxlength=${MAX_NAME} autocomplete="name" aria-describedby="name-error">
            <button class="button" ?disabled=${this.#busy === 'name'}>${t("Save")}</button></div></div>
        ${this.#error('name')}
      </form>`;
  }

  #password() {
    return html`
      <form class="card stack" @submit=${this.#onPassword} novalidate>
        <h2>${t("Password")}</h2>
        <input class="unseen" name="username" autocomplete="username" tabindex="-1" aria-hidden="true" readonly .value=${this.#account.user?.login ?? ''}>
        <div class="field"><label for="old-password">${t("Password until now")}</label>
          <input class="input" id="old-password" name="old" type="password" autocomplete="current-password" aria-describedby="old-hint password-error">
          <p class="small soft" id="old-hint">${t("Leave it empty if you have none yet.")}</p></div>
        ${newPassword(this.#errors.password)}
        <div><button class="button" ?disabled=${this.#busy === 'password'}>${t("Change the password")}</button></div>
        <p class="small soft">${t("A new password signs you out everywhere else.")}</p>
      </form>`;
  }

  #where() {
    const list = this.#signIns;
    return html`
      <section class="card stack" aria-labelledby="sign-ins-heading">
        <h2 id="sign-ins-heading">${t("Where you are signed in")}</h2>
        ${list === null && !this.#errors.signIns ? html`<p class="soft" role="status">${t("One moment…")}</p>` : nothing}
        ${list && list.length > 0 ? html`<ul class="sign-ins">${repeat(list, ({ id }) => id, row => this.#signIn(row))}</ul>` : nothing}
        ${this.#error('signIns')}
        ${list && list.length > 1 ? html`<div><button type="button" class="button" @click=${this.#onRevokeOthers}>${t("Sign out everywhere else")}</button></div>` : nothing}
      </section>`;
  }

  /** @param {SignIn} signIn */
  #signIn({ id, agent, created, seen, current }) {
    const name = agent || t("A browser without a name");
    return html`
      <li class="sign-in-row">
        ${icon('laptop')}
        <div class="room-body"><p class="wrap">${name}${current ? html` <strong class="badge-here">${t("this browser")}</strong>` : nothing}</p>
          <p class="small soft">${t("Since {since}, last seen {seen}", { since: dateAndTime(created), seen: dateAndTime(seen) })}</p></div>
        ${current ? nothing : html`<button type="button" class="button" aria-label=${t("Sign out {name}", { name })} @click=${() => this.#revoke(id)}>${t("Sign out")}</button>`}
      </li>`;
  }

  #calendar() {
    return html`
      <section class="card stack" aria-labelledby="feed-heading">
        <h2 id="feed-heading">${t("Your calendar")}</h2>
        <p>${t("A secret address for your calendar program, which then shows what is planned in your rooms. Standard rooms are not in it: their links would go through the server.")}</p>
        ${this.#feed ? linkRow({ id: 'feed', label: t("Address of your calendar"), text: this.#feed, copyName: t("Copy the address of your calendar"), note: t("It is shown only now: the server keeps no copy. Whoever has it sees what you have planned, and the links.") }) : nothing}
        ${this.#error('feed')}
        <div class="row">
          <button type="button" class="button" ?disabled=${this.#busy === 'feed'} @click=${this.#onMakeFeed}>${this.#feed ? t("Make another address") : t("Make an address")}</button>
          <button type="button" class="button quiet" ?disabled=${this.#busy === 'feed'} @click=${this.#onRemoveFeed}>${t("Withdraw the address")}</button>
        </div>
        <p class="small soft">${t("There is one address at a time: a new one takes the place of the one before.")}</p>
      </section>`;
  }

  /** @param {Part} part */
  #error(part) {
    const words = this.#errors[part];
    return html`<p class="error" id="${part}-error" role="alert" ?hidden=${!words}>${words}</p>`;
  }

  /** @param {Part} part @param {() => Promise<unknown>} act @param {string} [done] @returns {Promise<boolean>} */
  async #run(part, act, done = '') {
    this.#busy = part;
    this.#errors[part] = '';
    this.#shell.update();
    try {
      await act();
      if (done)
        notices.toast(done);
    } catch (error) {
      const id = errorId(error);
      this.#errors[part] = errorText(id);
      if (id === 'no-session')
        this.#onSignedOut();
    }
    this.#busy = null;
    this.#shell.update();
    return this.#errors[part] === '';
  }

  #loadSignIns() {
    return this.#run('signIns', async () => { this.#signIns = await this.#account.signIns(); });
  }

  /** @param {SubmitEvent} event */
  #onName = event => {
    event.preventDefault();
    const name = cleanName(String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('name') ?? ''));
    if (name)
      return void this.#run('name', () => this.#account.rename(name), t("Saved."));
    this.#errors.name = t("Enter a name.");
    return this.#shell.update();
  };

  /** @param {SubmitEvent} event */
  #onPassword = async event => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    const data = new FormData(form);
    const old = String(data.get('old') ?? '');
    const { password, trouble } = readNewPassword(data);
    this.#errors.password = trouble;
    if (trouble)
      return this.#shell.update();
    if (await this.#run('password', () => this.#account.setPassword(password, old === '' ? undefined : old), t("The password was changed."))) {
      form.reset();
      void this.#loadSignIns();
    }
    return undefined;
  };

  /** @param {string} id */
  async #revoke(id) {
    if (await this.#run('signIns', () => this.#account.revoke(id), t("Signed out there.")))
      await this.#loadSignIns();
  }

  #onRevokeOthers = async () => {
    if (await this.#run('signIns', () => this.#account.revokeOthers(), t("Signed out everywhere else.")))
      await this.#loadSignIns();
  };

  #onMakeFeed = () => this.#run('feed', async () => { this.#feed = await this.#account.makeFeed(); }, t("The address is ready: copy it."));

  #onRemoveFeed = () => this.#run('feed', async () => {
    await this.#account.removeFeed();
    this.#feed = '';
  }, t("There is no address any more."));
}
