// What somebody sees who was sent a link to one recording: a password if it has one, then the recording, and its files if they may
// be fetched. The link's secret is taken out of the address bar and goes to the server once, for a cookie.

import { html, nothing } from 'lit-html';
import { ConclaveError, errorText } from '../core/errors.js';
import { clockTime, dateAndTime } from '../core/figures.js';
import { t } from '../core/i18n.js';
import { Recorded } from '../core/recorded.js';
import { Dialogs } from './dialogs.js';
import { downloads } from './downloads.js';
import { icon } from './icon.js';
import { pageFrame } from './page-frame.js';
import { RecordedView } from './recorded-view.js';
import { Shortcuts } from './shortcuts.js';
import { problem, waiting } from './states.js';

const NO_WAY = new Set(['not-found', 'gone', 'wrong-key', 'bad-message']);

export class SharePage {
  #shell;
  #api;
  #id;
  #secret;
  /** @type {'opening' | 'password' | 'open' | 'failed'} */ #state = 'opening';
  #error = '';
  #busy = false;
  #mayDownload = false;
  /** @type {Recorded | null} */ #recorded = null;
  /** @type {RecordedView | null} */ #view = null;
  #dialogs;
  #shortcuts;

  /** @param {{ shell: import('./shell.js').Shell, api: import('../core/api.js').Api, id: string, secret: string }} options */
  constructor({ shell, api, id, secret }) {
    this.#shell = shell;
    this.#api = api;
    this.#id = id;
    this.#secret = secret;
    this.#dialogs = new Dialogs(() => shell.update());
    this.#shortcuts = new Shortcuts(() => this.#view?.player.keys ?? [], () => this.#dialogs.isOpen);
    void this.#open();
  }

  dispose() {
    this.#recorded?.dispose();
    this.#view?.dispose();
    this.#shortcuts.dispose();
  }

  get title() {
    return this.#recorded?.value?.title ?? t("Recording");
  }

  /** @param {string} [password] */
  async #open(password) {
    try {
      const answer = await this.#api.openShare(this.#id, this.#secret, password);
      const recording = typeof answer.recording === 'string' ? answer.recording : answer.recording?.id ?? answer.id;
      this.#mayDownload = answer.downloads === true;
      this.#show(recording);
    } catch (error) {
      const id = error instanceof ConclaveError ? error.id : 'internal';
      const asks = id === 'wrong-password';
      this.#state = asks || this.#state === 'password' ? 'password' : 'failed';
      this.#error = asks && password === undefined ? '' : id;
    }
    this.#shell.update();
    if (this.#state === 'password')
      queueMicrotask(() => document.getElementById('password')?.focus());
  }

  /** @param {string} recording its id */
  #show(recording) {
    this.#state = 'open';
    const recorded = this.#recorded = new Recorded(this.#api, recording);
    const view = this.#view = new RecordedView({ recorded, update: () => this.#shell.update(), mayDownload: () => this.#mayDownload });
    recorded.addEventListener('change', () => {
      view.follow();
      this.#shell.update();
    });
    void recorded.load();
  }

  template() {
    const { value = null, error = null } = this.#recorded ?? {};
    if (this.#state === 'password')
      return pageFrame(this.#password());
    if (this.#state === 'failed' || error)
      return pageFrame(this.#problem(this.#state === 'failed' ? this.#error : error ?? ''));
    if (!value || !this.#view)
      return pageFrame(waiting(t("Opening the recording…")));
    const side = this.#mayDownload ? downloads(value, { nameOf: person => this.#view?.nameOf(person) ?? '' }) : nothing;
    return pageFrame(html`
      <header class="recorded-head">
        <h1>${value.title}</h1>
        <p class="soft facts-line"><span>${dateAndTime(value.started)}</span>${value.duration > 0 ? html` · <span>${clockTime(value.duration)}</span>` : nothing}</p>
      </header>
      <div class="recorded ${this.#mayDownload ? '' : 'alone'}">
        <div class="recorded-main">
          ${value.status === 'ready' || this.#view.player.source ? nothing : html`<div class="note">${icon('clapperboard')}<p>${t("The video is being made. It shows up here as soon as it is ready.")}</p></div>`}
          ${this.#view.template()}
          ${this.#view.chapters()}
          ${this.#view.lanes.template()}
        </div>
        ${side === nothing ? nothing : html`<aside class="recorded-side" aria-label=${t("Downloads")}>${side}</aside>`}
      </div>`, 'broad');
  }

  /** @param {string} error */
  #problem(error) {
    return problem({
      heading: t("This recording cannot be opened"),
      words: NO_WAY.has(error) ? t("The link is not complete, has expired or was withdrawn. Ask whoever sent it for a new one.") : errorText(error),
      glyph: NO_WAY.has(error) ? 'link-2-off' : 'circle-alert',
      button: NO_WAY.has(error) ? nothing : html`<button type="button" class="button primary" @click=${() => location.reload()}>${t("Try again")}</button>`,
    });
  }

  #password() {
    return html`
      <form class="card stack" @submit=${this.#onSubmit} novalidate>
        <span class="big-icon">${icon('key-round')}</span>
        <div><h1>${t("A recording was shared with you")}</h1><p class="soft">${t("It has a password. Whoever sent you the link knows it.")}</p></div>
        <div class="field">
          <label for="password">${t("Password")}</label>
          <input class="input large" id="password" name="password" type="password" autocomplete="off" aria-invalid=${this.#error ? 'true' : 'false'} aria-describedby="password-error">
          <p class="error" id="password-error" role="alert" ?hidden=${!this.#error}>${this.#error ? errorText(this.#error) : ''}</p>
        </div>
        <button class="button primary large" ?disabled=${this.#busy}>${t("Open")}</button>
      </form>`;
  }

  /** @param {SubmitEvent} event */
  #onSubmit = async event => {
    event.preventDefault();
    const password = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('password') ?? '');
    if (password === '')
      return;
    this.#busy = true;
    this.#shell.update();
    await this.#open(password);
    this.#busy = false;
    this.#shell.update();
  };
}
