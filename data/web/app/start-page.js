// The start: make a meeting, or go to one by its link. The links of a new room are made here, in the browser; the server
// gets verifiers only (PROTOCOL.md, section 2), so they are shown once and cannot be asked for again.

import { html, nothing } from 'lit-html';
import { errorText } from '../core/errors.js';
import { t } from '../core/i18n.js';
import { hostUrl, joinUrl, makeRoom } from '../core/link.js';
import { linkRow } from './copy-button.js';
import { icon } from './icon.js';
import { notices } from './notices.js';
import { pageFrame } from './page-frame.js';

const MAX_TITLE = 100;

/** @type {{ kind: string, glyph: string, name: () => string, words: () => string }[]} */
const KINDS = [
  {
    kind: 'standard', glyph: 'shield-check', name: () => t("Standard"),
    words: () => t("Up to 8 people. Audio and video go directly between browsers, encrypted end to end."),
  },
  {
    kind: 'boardroom', glyph: 'users', name: () => t("Boardroom"),
    words: () => t("Up to 100 people, and everyone can speak. Audio and video go through the server, which can record them."),
  },
  {
    kind: 'classroom', glyph: 'graduation-cap', name: () => t("Classroom"),
    words: () => t("A few present, hundreds watch, ask and raise their hands. Audio and video go through the server, which can record them."),
  },
];

/** @typedef {import('../core/link.js').Link} Link */

export class StartPage {
  #shell;
  /** @type {Link | null} */ #made = null;
  #busy = false;
  #error = '';
  #linkError = '';

  /** @param {{ shell: import('./shell.js').Shell }} options */
  constructor({ shell }) {
    this.#shell = shell;
  }

  get title() {
    return this.#made ? t("Your meeting is ready") : '';
  }

  template() {
    return pageFrame(this.#made ? this.#ready(this.#made) : this.#start());
  }

  #start() {
    return html`
      <div class="stack intro">
        <h1>${t("Meetings that stay between you")}</h1>
        <p class="lead soft">${t("Talk, see each other and share a screen in the browser. No account, nothing to install.")}</p>
      </div>
      <form class="card stack" @submit=${this.#onCreate}>
        <h2>${t("New meeting")}</h2>
        <fieldset class="kinds">
          <legend class="unseen">${t("Kind of meeting")}</legend>
          ${KINDS.map(({ kind, glyph, name, words }, i) => html`
            <label class="kind">
              <input type="radio" name="kind" value=${kind} ?checked=${i === 0}>
              <span class="kind-icon">${icon(glyph)}</span>
              <span class="kind-body"><span class="kind-name">${name()}</span><span class="soft">${words()}</span></span>
            </label>`)}
        </fieldset>
        <div class="field">
          <label for="title">${t("What is it about? (optional)")}</label>
          <input class="input" id="title" name="title" maxlength=${MAX_TITLE} autocomplete="off">
        </div>
        ${this.#error ? html`<div class="note bad" role="alert">${icon('circle-alert')}<p>${this.#error}</p></div>` : nothing}
        <button class="button primary large" ?disabled=${this.#busy}>${this.#busy ? t("Making the meeting…") : t("New meeting")}</button>
      </form>
      <form class="card stack" @submit=${this.#onOpenLink} novalidate>
        <h2>${t("Join a meeting")}</h2>
        <div class="field">
          <label for="link">${t("Paste the link that you were sent")}</label>
          <div class="link-row">
            <input class="input" id="link" name="link" inputmode="url" autocomplete="off" spellcheck="false"
              aria-invalid=${this.#linkError ? 'true' : 'false'} aria-describedby="link-error">
            <button class="button"><span>${t("Continue")}</span>${icon('arrow-right', 'small')}</button>
          </div>
          <p class="error" id="link-error" role="alert" ?hidden=${!this.#linkError}>${this.#linkError}</p>
        </div>
      </form>`;
  }

  /** @param {Link} link */
  #ready(link) {
    const host = hostUrl(link, location.origin) ?? '';
    return html`
      <div class="stack intro">
        <h1>${t("Your meeting is ready")}</h1>
        <p class="lead soft">${t("Send the first link to your guests and keep the second one.")}</p>
      </div>
      <div class="card stack">
        ${linkRow({ id: 'join-link', label: t("Link for guests"), text: joinUrl(link, location.origin), copyName: t("Copy the link for guests") })}
        ${linkRow({ id: 'host-link', label: t("Your own link, as host"), text: host, copyName: t("Copy your own link"), note: t("Whoever has it can end the meeting for everyone.") })}
        <div class="note">${icon('info')}<p>${t("The links were made in your browser. The server does not know them, so nobody can restore them: keep a copy.")}</p></div>
        <a class="button primary large" href=${host}>${t("Open the meeting")}</a>
      </div>`;
  }

  /** @param {SubmitEvent} event */
  #onCreate = async event => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    const data = new FormData(form);
    const title = String(data.get('title') ?? '').trim() || t("Meeting");
    this.#busy = true;
    this.#error = '';
    this.#shell.update();
    try {
      await this.#create(String(data.get('kind')), title);
    } catch {
      this.#error = t("The server cannot be reached. Check your connection and try again.");
    }
    this.#busy = false;
    if (this.#made)
      this.#shell.show(this);
    else
      this.#shell.update();
  };

  /** @param {string} kind @param {string} title */
  async #create(kind, title) {
    const { link, body } = await makeRoom(kind, title);
    const response = await fetch('/api/v1/rooms', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (response.ok) {
      this.#made = link;
      notices.say(t("Your meeting is ready"));
      return;
    }
    this.#error = response.status === 403 || response.status === 404
      ? t("On this server only the administrator makes meetings. Ask them for a link.")
      : errorText((await response.json().catch(() => ({}))).error ?? '');
  }

  /** @param {SubmitEvent} event */
  #onOpenLink = event => {
    event.preventDefault();
    const text = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('link') ?? '').trim();
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url && /^https?:$/.test(url.protocol) && /^\/r\/[a-z0-9]+$/.test(url.pathname)) {
      location.assign(url);
      return;
    }
    this.#linkError = t("This is not a meeting's link. It begins with https:// and has /r/ in it.");
    this.#shell.update();
    document.getElementById('link')?.focus();
  };
}
