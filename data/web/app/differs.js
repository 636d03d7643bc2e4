// That the codes which people compare are not the same: the question before the call ends for it, and, for the others, who said so; above the stage until
// they have read it, because whoever is between may hear what they say.

import { html, nothing } from 'lit-html';
import { i18n, t, tn } from '../core/i18n.js';
import { chime } from './announcer.js';
import { dialogHead } from './dialogs.js';
import { icon } from './icon.js';
import { notices } from './notices.js';

export class Differs {
  #meeting;
  #dialogs;
  #update;
  /** Who said so, until it was read. @type {Set<string>} */ #names = new Set();
  #ending = false;

  /** @param {{ meeting: import('../core/meeting.js').Meeting, dialogs: import('./dialogs.js').Dialogs, update: () => void, signal: AbortSignal }} options */
  constructor({ meeting, dialogs, update, signal }) {
    this.#meeting = meeting;
    this.#dialogs = dialogs;
    this.#update = update;
    meeting.addEventListener('differs', event => this.#onDiffers(/** @type {CustomEvent} */ (event).detail.person?.name ?? ''), { signal });
  }

  /** @param {{ onBack: () => void }} options onBack: to the code */
  ask({ onBack }) {
    const back = () => {
      onBack();
      focus('[data-differs]');
    };
    this.#dialogs.open(() => this.#question(back));
    focus('[data-back]');
  }

  /** @param {() => void} onBack */
  #question(onBack) {
    return html`
      ${dialogHead(t("Do the codes differ?"))}
      <p>${t("If even one word is another one, somebody who has the link may be between you, and see and hear everything. Whoever comes or goes makes for a new code: so read it to each other once more.")}</p>
      <div class="note bad">${icon('shield-alert')}<div class="note-body"><p><strong>${t("If they differ, your call ends.")}</strong>
        ${t("Nothing more is sent from here, and the others read that you said so. Then make a new room, and give each other its link on another way.")}</p></div></div>
      <div class="dialog-buttons">
        <button type="button" class="button" data-back ?disabled=${this.#ending} @click=${onBack}>${t("Compare again")}</button>
        <button type="button" class="button danger" ?disabled=${this.#ending} @click=${this.#end}>${t("They differ: end the call")}</button>
      </div>`;
  }

  #end = () => {
    this.#ending = true;
    this.#update();
    void this.#meeting.distrust();
  };

  /** @param {string} name */
  #onDiffers(name) {
    this.#names.add(name || t("Somebody"));
    notices.say(this.#words);
    if (document.hidden)
      chime();
    this.#update();
  }

  get #words() {
    const names = new Intl.ListFormat(i18n.lang, { type: 'conjunction' }).format(this.#names);
    return tn("{names} says that your codes differ, and has ended the call. Somebody may be listening between you: say nothing that others must not hear, and meet in a new room.",
      "{names} say that your codes differ, and have ended the call. Somebody may be listening between you: say nothing that others must not hear, and meet in a new room.", this.#names.size, { names });
  }

  /** For those who are still there. */
  template() {
    return this.#names.size === 0 ? nothing : html`
      <section class="banner warn differs" aria-label=${t("The codes differ")}>
        ${icon('shield-alert')}
        <p>${this.#words}</p>
        <div class="row"><button type="button" class="button" @click=${this.#onRead}>${t("Close")}</button></div>
      </section>`;
  }

  #onRead = () => {
    this.#names.clear();
    this.#update();
  };
}

/** What had it is gone from the dialog. @param {string} selector */
const focus = selector => queueMicrotask(() => /** @type {HTMLElement | null} */ (document.querySelector(`dialog[open] ${selector}`))?.focus());
