// The accounts of this server, for administrators: who there is, what they may, new ones with the link that lets them in, and out.

import { html, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { errorText } from '../core/errors.js';
import { dateAndTime, day } from '../core/figures.js';
import { t } from '../core/i18n.js';
import { errorId } from '../core/requests.js';
import { MAX_NAME, cleanName } from '../core/text.js';
import { Users } from '../core/users.js';
import { AccountBar } from './account-bar.js';
import { linkRow } from './copy-button.js';
import { Dialogs, dialogHead } from './dialogs.js';
import { icon } from './icon.js';
import { Menu } from './menu.js';
import { notices } from './notices.js';
import { pageFrame } from './page-frame.js';
import { roleWords, roles } from './role-words.js';

const MAX_LOGIN = 120;

/** @typedef {import('../core/users.js').Person} Person */
/** @typedef {import('../core/account.js').Role} Role */

export class UsersPage {
  #shell;
  #account;
  #onSignedOut;
  #users;
  #bar;
  #dialogs;
  #menu = new Menu('user-menu');
  /** Whose menu it is. */ #id = '';
  #error = '';
  #busy = false;

  /** @param {{ shell: import('./shell.js').Shell, account: import('../core/account.js').Account, requests: import('../core/requests.js').Requests, onSignedOut: () => void }} options */
  constructor({ shell, account, requests, onSignedOut }) {
    this.#shell = shell;
    this.#account = account;
    this.#onSignedOut = onSignedOut;
    this.#users = new Users(requests);
    this.#bar = new AccountBar(account);
    this.#dialogs = new Dialogs(() => shell.update());
    this.#users.addEventListener('change', this.#onChange);
    void this.#users.load();
  }

  dispose() {
    this.#users.removeEventListener('change', this.#onChange);
  }

  get title() {
    return t("Accounts");
  }

  updated() {
    this.#dialogs.updated();
  }

  #onChange = () => {
    if (this.#users.error === 'no-session')
      this.#onSignedOut();
    else
      this.#shell.update();
  };

  template() {
    const { list, loading, error } = this.#users;
    return pageFrame(html`
      <a class="back" href="/">${icon('arrow-left', 'small')}<span>${t("To the start page")}</span></a>
      <header class="library-head">
        <h1>${t("Accounts")}</h1>
        <button type="button" class="button primary" @click=${this.#onAdd}>${icon('user-plus', 'small')}<span>${t("Add somebody")}</span></button>
      </header>
      ${error ? html`<div class="note bad" role="alert">${icon('circle-alert')}<div class="note-body"><p>${errorText(error)}</p>
        <div class="row"><button type="button" class="button" @click=${() => this.#users.load()}>${t("Try again")}</button></div></div></div>` : nothing}
      ${list.length > 0 ? html`<div class="card"><ul class="rooms" aria-label=${t("Accounts")}>${repeat(list, ({ id }) => id, person => this.#row(person))}</ul></div>` : nothing}
      ${list.length === 0 && loading ? html`<p class="soft" role="status">${t("One moment…")}</p>` : nothing}
      ${this.#menuOf(list.find(({ id }) => id === this.#id))}
      ${this.#dialogs.template()}`, 'plain', this.#bar.template());
  }

  /** @param {Person} person */
  #row(person) {
    const { id, login, name, role, created, last_seen: seen, disabled } = person;
    return html`
      <li class="room ${disabled ? 'disabled' : ''}" data-user=${id}>
        <span class="room-icon">${icon('user')}</span>
        <div class="room-body">
          <p class="room-title">${name}${id === this.#account.owner ? html` <strong class="badge-here">${t("you")}</strong>` : nothing}</p>
          <p class="small soft room-facts">${[login, roleWords(role), ...disabled ? [html`<strong class="room-off">${t("disabled")}</strong>`] : [],
            seen ? t("last seen {date}", { date: dateAndTime(seen) }) : t("never signed in"), t("made on {date}", { date: day(created) })].map(fact => html`<span>${fact}</span>`)}</p>
        </div>
        <div class="room-buttons"><button type="button" class="button quiet icon-only" aria-haspopup="true" aria-label=${t("More for {title}", { title: name })} @click=${(/** @type {Event} */ event) => this.#open(id, event)}>${icon('ellipsis-vertical')}</button></div>
      </li>`;
  }

  /** @param {string} id @param {Event} event */
  #open(id, event) {
    this.#id = id;
    this.#menu.anchor = /** @type {HTMLElement} */ (event.currentTarget);
    this.#shell.update();
    queueMicrotask(() => this.#menu.open());
  }

  /** @param {Person | undefined} person */
  #menuOf(person) {
    if (!person)
      return this.#menu.template('', []);
    const self = person.id === this.#account.owner;
    return this.#menu.template(t("More for {title}", { title: person.name }), [
      { label: t("Link that signs in once"), glyph: 'key-round', act: () => void this.#link(person) },
      { label: t("Name and role"), glyph: 'pencil', act: () => this.#edit(person) },
      { label: person.disabled ? t("Enable") : t("Disable"), glyph: person.disabled ? 'check' : 'circle-pause', act: () => void this.#disable(person), hidden: self },
      { label: t("Delete…"), glyph: 'trash-2', act: () => this.#delete(person), kind: 'divided danger-text', hidden: self },
    ]);
  }

  /** @param {() => unknown} content */
  #openDialog(content) {
    this.#error = '';
    this.#dialogs.open(content);
  }

  #onAdd = () => this.#openDialog(() => html`
    ${dialogHead(t("Add somebody"))}
    <form class="stack" @submit=${this.#onAddSubmit} novalidate>
      <div class="field"><label for="user-login">${t("Login: an e-mail address or a name")}</label>
        <input class="input" id="user-login" name="login" maxlength=${MAX_LOGIN} autocomplete="off" autocapitalize="none" spellcheck="false" autofocus aria-describedby="user-error"></div>
      ${this.#fields('', 'host')}
      <p class="error" id="user-error" role="alert" ?hidden=${!this.#error}>${this.#error}</p>
      <div class="dialog-buttons"><button type="button" class="button" data-close>${t("Cancel")}</button><button class="button primary" ?disabled=${this.#busy}>${t("Add and make a link")}</button></div>
    </form>`);

  /** @param {string} name @param {Role} role */
  #fields(name, role) {
    return html`
      <div class="field"><label for="user-name">${t("Name")}</label>
        <input class="input" id="user-name" name="name" value=${name} maxlength=${MAX_NAME} autocomplete="off"></div>
      <fieldset class="stack roles"><legend class="label">${t("Role")}</legend>
        ${roles.map(one => html`<label class="check tall"><input type="radio" name="role" value=${one.role} ?checked=${one.role === role}><span>${one.name()}<span class="small soft">${one.words()}</span></span></label>`)}
      </fieldset>`;
  }

  /** @param {SubmitEvent} event */
  #onAddSubmit = async event => {
    event.preventDefault();
    const data = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    const login = String(data.get('login') ?? '').trim();
    if (login === '')
      return this.#refuse(t("Enter a login."), 'user-login');
    /** @type {Person | null} */
    let person = null;
    const done = await this.#run(async () => {
      person = await this.#users.add({ login, name: cleanName(String(data.get('name') ?? '')) || cleanName(login), role: /** @type {Role} */ (String(data.get('role'))) });
    });
    return done && person ? this.#link(person) : undefined;
  };

  /** @param {Person} person */
  #edit(person) {
    const onSubmit = async (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      const data = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
      const name = cleanName(String(data.get('name') ?? ''));
      if (name === '')
        return this.#refuse(t("Enter a name."), 'user-name');
      if (await this.#run(() => this.#users.change(person.id, { name, role: /** @type {Role} */ (String(data.get('role'))) }), t("Saved.")))
        this.#dialogs.close();
      return undefined;
    };
    this.#openDialog(() => html`
      ${dialogHead(t("Name and role"))}
      <form class="stack" @submit=${onSubmit} novalidate>
        ${this.#fields(person.name, person.role)}
        <p class="error" role="alert" ?hidden=${!this.#error}>${this.#error}</p>
        <div class="dialog-buttons"><button type="button" class="button" data-close>${t("Cancel")}</button><button class="button primary" ?disabled=${this.#busy}>${t("Save")}</button></div>
      </form>`);
  }

  /** @param {Person} person */
  async #link(person) {
    try {
      const { code, expires } = await this.#users.makeCode(person.id);
      const text = `${location.origin}/sign-in#${code}`;
      this.#openDialog(() => html`
        ${dialogHead(t("A link for {name}", { name: person.name }))}
        <p>${t("Send it to nobody else: whoever opens it first is signed in as this account, and chooses its password.")}</p>
        ${linkRow({ id: 'user-link', label: t("Link that signs in once"), text, copyName: t("Copy the link"),
          note: expires ? t("It holds until {date}, and is shown only now.", { date: dateAndTime(expires) }) : t("It is shown only now.") })}
        <div class="dialog-buttons"><button type="button" class="button" data-close>${t("Close")}</button></div>`);
    } catch (error) {
      this.#complain(error);
    }
  }

  /** @param {Person} person */
  async #disable({ id, disabled }) {
    try {
      await this.#users.change(id, { disabled: !disabled });
      notices.toast(disabled ? t("The account can be used again.") : t("The account is disabled, and signed out everywhere."));
    } catch (error) {
      this.#complain(error);
    }
  }

  /** @param {Person} person */
  #delete({ id, name }) {
    const onDelete = async () => {
      if (await this.#run(() => this.#users.remove(id), t("The account was deleted.")))
        this.#dialogs.close();
    };
    this.#openDialog(() => html`
      ${dialogHead(t("Delete this account?"))}
      <p class="wrap">${t("“{name}” is signed out everywhere and cannot sign in any more. Their rooms and recordings stay, for administrators.", { name })}</p>
      <p class="error" role="alert" ?hidden=${!this.#error}>${this.#error}</p>
      <div class="dialog-buttons"><button type="button" class="button" data-close autofocus>${t("Keep it")}</button>
        <button type="button" class="button danger" ?disabled=${this.#busy} @click=${onDelete}>${t("Delete the account")}</button></div>`);
  }

  /** @param {unknown} error */
  #complain(error) {
    notices.toast(errorText(errorId(error)), { bad: true });
  }

  /** @param {string} sentence @param {string} field */
  #refuse(sentence, field) {
    this.#error = sentence;
    this.#shell.update();
    document.getElementById(field)?.focus();
  }

  /** @param {() => Promise<unknown>} act @param {string} [done] @returns {Promise<boolean>} */
  async #run(act, done = '') {
    this.#busy = true;
    this.#error = '';
    this.#shell.update();
    try {
      await act();
      if (done)
        notices.toast(done);
    } catch (error) {
      this.#error = errorText(errorId(error));
    }
    this.#busy = false;
    this.#shell.update();
    return this.#error === '';
  }
}
