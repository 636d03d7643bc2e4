// The chat: what was said, and the field to write in. Stays at the newest message unless the person reads further up; the arrow keys go
// from message to message, Tab to what can be done about one.

import { html, nothing } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { ref } from 'lit-html/directives/ref.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { i18n, t, tn } from '../core/i18n.js';
import { chatMessage } from './chat-message.js';
import { Composer } from './composer.js';
import { icon } from './icon.js';
import { Menu } from './menu.js';
import { panel } from './panel.js';
import { SignPicker } from './sign-picker.js';

const NEAR_END = 80;
const SAME_BREATH_MS = 120_000;
const SHOWN = 200; // of a long conversation; the others on demand

/** @typedef {import('../core/conversation.js').Entry} Entry */

export class ChatPanel {
  #conversation;
  #composer;
  #update;
  #onClose;
  #picker = new SignPicker('message-signs', sign => this.#picked(sign));
  #menu = new Menu('message-menu');
  /** Which message the picker or the menu is about. */ #about = '';
  /** Which message Tab leads to; '': the last one. */ #front = '';
  #shown = SHOWN;
  /** Said while the person reads further up. */ #below = 0;
  /** @type {HTMLElement | null} */ #list = null;
  #atEnd = true;

  /** @param {{ meeting: import('../core/meeting.js').Meeting, conversation: import('../core/conversation.js').Conversation, update: () => void, onClose: () => void }} options */
  constructor({ meeting, conversation, update, onClose }) {
    this.#conversation = conversation;
    this.#update = update;
    this.#onClose = onClose;
    this.#composer = new Composer({ meeting, conversation, update });
    conversation.addEventListener('said', () => {
      if (!this.#atEnd)
        this.#below++;
    });
  }

  template() {
    return panel({ id: 'chat', title: t("Chat"), onClose: this.#onClose, content: html`
      <div class="messages-box">
        ${guard([this.#conversation.entries, this.#front, this.#shown, i18n.lang], () => this.#log())}
        ${this.#below > 0 ? html`
          <button type="button" class="button below" @click=${this.#toEnd}>${icon('arrow-down', 'small')}<span>${tn("{n} new message", "{n} new messages", this.#below)}</span></button>` : nothing}
      </div>
      ${this.#composer.template()}
      ${this.#picker.template()}
      ${this.#menu.template(t("What to do about this message"), this.#items())}` });
  }

  #log() {
    const all = this.#conversation.entries;
    const entries = all.slice(-this.#shown);
    const front = entries.some(({ id }) => id === this.#front) ? this.#front : entries.at(-1)?.id;
    return html`
      <div class="panel-body messages" tabindex=${all.length === 0 ? '0' : nothing} role="log" aria-live="polite" aria-label=${t("Messages")} @scroll=${this.#onScroll} @keydown=${this.#onKey}
        @focusin=${this.#onFocus} ${ref(this.#onList)}>
        ${all.length === 0 ? html`<p class="empty soft">${t("No messages yet. What is written here is seen by everyone in the meeting.")}</p>` : nothing}
        ${all.length > entries.length ? html`<button type="button" class="button quiet earlier" @click=${this.#showMore}>${t("Earlier messages")}</button>` : nothing}
        ${repeat(entries, ({ id }) => id, (entry, i) => this.#one(entry, isSameBreath(entries[i - 1], entry), entry.id === front))}
      </div>`;
  }

  /** Where the focus goes from one to the next, hundreds of others stay as they are. @param {Entry} entry @param {boolean} follows @param {boolean} front */
  #one(entry, follows, front) {
    return guard([entry, follows, front, i18n.lang], () => chatMessage(entry, { follows, front, actions: this.#actions }));
  }

  #actions = {
    mark: (/** @type {Entry} */ { id }, /** @type {import('../core/reactions.js').Reaction} */ sign) => this.#conversation.react(id, sign),
    pick: (/** @type {Entry} */ { id }, /** @type {HTMLElement} */ button) => {
      this.#about = id;
      this.#picker.open(button);
    },
    answer: (/** @type {Entry} */ entry) => this.#composer.answer(entry),
    more: (/** @type {Entry} */ { id }, /** @type {HTMLElement} */ button) => {
      this.#about = id;
      this.#menu.anchor = button;
      this.#update();
      queueMicrotask(() => this.#menu.open());
    },
    show: (/** @type {string} */ id) => this.#reveal(id),
  };

  /** @returns {import('./menu.js').MenuItem[]} */
  #items() {
    const entry = this.#conversation.find(this.#about);
    if (!entry)
      return [];
    return [
      { label: t("Correct"), glyph: 'pencil', act: () => this.#composer.edit(entry), hidden: !entry.mayChange },
      { label: t("Delete for everyone"), glyph: 'trash-2', act: () => this.#conversation.remove(entry.id), kind: 'danger-text', hidden: !entry.mayRemove },
    ];
  }

  /** @param {import('../core/reactions.js').Reaction} sign */
  #picked(sign) {
    this.#conversation.react(this.#about, sign);
    this.#message(this.#about)?.focus();
  }

  focus() {
    this.#composer.focus();
  }

  /** @param {string} id of a person */
  writeTo(id) {
    this.#composer.writeTo(id);
  }

  /** After each drawing. */
  updated() {
    if (this.#list && this.#atEnd)
      this.#list.scrollTop = this.#list.scrollHeight;
  }

  /** @param {string} id */
  #message(id) {
    return /** @type {HTMLElement | null} */ (this.#list?.querySelector(`[data-message="${CSS.escape(id)}"]`) ?? null);
  }

  /** @param {string} id which may be further up than what shows */
  #reveal(id) {
    const { entries } = this.#conversation;
    this.#shown = Math.max(this.#shown, entries.length - entries.findIndex(entry => entry.id === id));
    this.#goTo(id, 'center');
  }

  /** What is drawn meanwhile does not lead back to the end. @param {string} id @param {ScrollLogicalPosition} block */
  #goTo(id, block) {
    this.#atEnd = false;
    this.#update();
    queueMicrotask(() => {
      const message = this.#message(id);
      message?.scrollIntoView({ block });
      message?.focus({ preventScroll: true });
      this.#onScroll();
    });
  }

  #showMore = () => {
    const top = this.#conversation.entries.at(-this.#shown)?.id ?? '';
    this.#shown += SHOWN;
    this.#goTo(top, 'nearest');
  };

  #toEnd = () => {
    this.#atEnd = true;
    this.#below = 0;
    this.#update();
    this.focus();
  };

  #onScroll = () => {
    const list = this.#list;
    this.#atEnd = !list || list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END;
    if (!this.#atEnd || this.#below === 0)
      return;
    this.#below = 0;
    this.#update();
  };

  /** @param {Event} event */
  #onFocus = event => {
    const id = /** @type {HTMLElement} */ (event.target).closest('[data-message]')?.getAttribute('data-message') ?? '';
    if (id === this.#front)
      return;
    this.#front = id;
    this.#update();
  };

  /** @param {KeyboardEvent} event */
  #onKey = event => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const message = /** @type {HTMLElement} */ (event.target).closest('[data-message]');
    if (!step || !message || !this.#list)
      return;
    event.preventDefault();
    const all = /** @type {HTMLElement[]} */ ([...this.#list.querySelectorAll('[data-message]')]);
    all[all.indexOf(/** @type {HTMLElement} */ (message)) + step]?.focus();
  };

  /** @param {Element | undefined} element */
  #onList = element => {
    this.#list = /** @type {HTMLElement | null} */ (element ?? null);
    this.#atEnd = true;
    this.#below = 0;
  };
}

/** @param {Entry | undefined} before @param {Entry} entry */
function isSameBreath(before, entry) {
  return before !== undefined && before.from === entry.from && before.secret === entry.secret && !before.copy && before.to === entry.to && !entry.reply && entry.at - before.at < SAME_BREATH_MS;
}
