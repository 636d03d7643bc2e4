// The chat: what was said, and the field to write in. Stays at the newest message unless the person reads further up.

import { html, nothing } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { i18n, t } from '../core/i18n.js';
import { splitAddresses } from './addresses.js';
import { icon } from './icon.js';
import { panel } from './panel.js';

const MAX_TEXT = 4000;
const NEAR_END = 80;
const SAME_BREATH_MS = 120_000;

/** @typedef {import('../core/meeting.js').ChatMessage} ChatMessage */

/** @param {number} at ms since 1970 */
const clock = at => new Intl.DateTimeFormat(i18n.lang, { hour: 'numeric', minute: '2-digit' }).format(at);

/** @param {string} text */
const linked = text => splitAddresses(text).map(part => (part.href
  ? html`<a href=${part.href} target="_blank" rel="noopener noreferrer nofollow">${part.text}</a>`
  : part.text));

export class ChatPanel {
  #meeting;
  #onClose;
  /** @type {HTMLElement | null} */ #list = null;
  /** @type {HTMLTextAreaElement | null} */ #field = null;
  #atEnd = true;

  /** @param {import('../core/meeting.js').Meeting} meeting @param {() => void} onClose */
  constructor(meeting, onClose) {
    this.#meeting = meeting;
    this.#onClose = onClose;
  }

  template() {
    return panel({ id: 'chat', title: t("Chat"), onClose: this.#onClose, content: html`
      <div class="panel-body messages" tabindex="0" role="log" aria-live="polite" aria-label=${t("Messages")} @scroll=${this.#onScroll} ${ref(this.#onList)}>
        ${this.#meeting.chat.length === 0 ? html`<p class="empty soft">${t("No messages yet. What is written here is seen by everyone in the meeting.")}</p>` : nothing}
        ${repeat(this.#meeting.chat, message => message, (message, i) => this.#message(message, this.#meeting.chat[i - 1]))}
      </div>
      <form class="composer" @submit=${this.#onSubmit}>
        <textarea class="input" rows="1" maxlength=${MAX_TEXT} aria-label=${t("Message to everyone")} placeholder=${t("Message to everyone")}
          @keydown=${this.#onKey} ${ref(this.#onField)}></textarea>
        <button class="button primary icon-only" aria-label=${t("Send")} data-tip=${t("Send")}>${icon('send')}</button>
      </form>` });
  }

  /** @param {ChatMessage} message @param {ChatMessage | undefined} before */
  #message(message, before) {
    const follows = before?.from === message.from && message.at - before.at < SAME_BREATH_MS;
    return html`
      <div class="message ${message.own ? 'own' : ''} ${message.state === 'sending' ? 'sending' : ''}">
        ${follows ? nothing : html`
          <p class="message-head"><strong>${message.own ? t("You") : message.name}</strong> <time class="soft" datetime=${new Date(message.at).toISOString()}>${clock(message.at)}</time></p>`}
        <p class="message-text">${linked(message.text)}</p>
        ${message.state === 'sending' ? html`<p class="small soft">${t("Sending…")}</p>` : nothing}
      </div>`;
  }

  focus() {
    this.#field?.focus();
  }

  /** After each drawing. */
  updated() {
    if (this.#list && this.#atEnd)
      this.#list.scrollTop = this.#list.scrollHeight;
  }

  #onScroll = () => {
    const list = this.#list;
    this.#atEnd = !list || list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END;
  };

  /** @param {Element | undefined} element */
  #onList = element => {
    this.#list = /** @type {HTMLElement | null} */ (element ?? null);
    this.#atEnd = true;
  };

  /** @param {Element | undefined} element */
  #onField = element => {
    this.#field = /** @type {HTMLTextAreaElement | null} */ (element ?? null);
  };

  /** @param {KeyboardEvent} event */
  #onKey = event => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing)
      return;
    event.preventDefault();
    this.#send();
  };

  /** @param {SubmitEvent} event */
  #onSubmit = event => {
    event.preventDefault();
    this.#send();
  };

  #send() {
    const text = this.#field?.value.trim();
    if (!this.#field || !text)
      return;
    this.#field.value = '';
    this.#atEnd = true;
    this.#meeting.say(text);
    this.#field.focus();
  }
}
