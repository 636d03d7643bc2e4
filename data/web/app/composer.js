// Where a message is written: to everybody or to one person, as an answer to another one, or anew where one corrects one's own. What cannot
// be sent stays in the field.

import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { ref } from 'lit-html/directives/ref.js';
import { t } from '../core/i18n.js';
import { cleanMessage, MAX_MESSAGE } from '../core/text.js';
import { excerpt, speaker } from './chat-message.js';
import { icon } from './icon.js';

/** @typedef {import('../core/conversation.js').Conversation} Conversation */
/** @typedef {import('../core/conversation.js').Entry} Entry */

export class Composer {
  #meeting;
  #conversation;
  #update;
  /** @type {HTMLTextAreaElement | null} */ #field = null;
  /** id of a person; '': everybody. */ #to = '';
  /** id of a message. */ #reply = '';
  /** id of an own message. */ #edits = '';
  /** What was being written before something was corrected. */ #draft = '';

  /** @param {{ meeting: import('../core/meeting.js').Meeting, conversation: Conversation, update: () => void }} options */
  constructor({ meeting, conversation, update }) {
    this.#meeting = meeting;
    this.#conversation = conversation;
    this.#update = update;
  }

  template() {
    const everybody = this.#meeting.model.mayCreate('message');
    const others = this.#others();
    if (!everybody && others.length === 0)
      return html`<p class="composer-closed small soft">${t("You cannot write here.")}</p>`;
    if (this.#to && !others.some(({ id }) => id === this.#to))
      this.#to = '';
    const to = others.find(({ id }) => id === this.#to);
    const label = to ? t("Private message to {name}", { name: to.name }) : t("Message to everyone");
    return html`
      <form class="composer ${to ? 'secret' : ''}" @submit=${this.#onSubmit}>
        ${this.#context()}
        ${others.length > 0 && !this.#edits ? this.#recipient(others, everybody) : nothing}
        ${to ? html`<p class="composer-note small">${icon('lock', 'small')}<span>${t("Only {name} and you see this. It is kept nowhere: reload the page, and it is gone.", { name: to.name })}</span></p>` : nothing}
        <div class="composer-line">
          <textarea class="input" rows="1" maxlength=${MAX_MESSAGE} aria-label=${label} placeholder=${to ? t("Private message") : label} @keydown=${this.#onKey} ${ref(this.#onField)}></textarea>
          <button class="button primary icon-only" aria-label=${this.#edits ? t("Save") : t("Send")} data-tip=${this.#edits ? t("Save") : t("Send")}>${icon(this.#edits ? 'check' : 'send')}</button>
        </div>
      </form>`;
  }

  /** What it answers or corrects. */
  #context() {
    const entry = this.#conversation.find(this.#edits || this.#reply);
    if (!entry)
      return nothing;
    const words = this.#edits ? t("Correct your message") : t("Reply to {name}", { name: speaker(entry) });
    return html`
      <div class="composer-context small">
        ${icon(this.#edits ? 'pencil' : 'reply', 'small')}
        <p><strong>${words}</strong><span>${excerpt(entry.text)}</span></p>
        <button type="button" class="message-tool" aria-label=${t("Cancel")} data-tip=${t("Cancel")} @click=${this.#cancel}>${icon('x', 'small')}</button>
      </div>`;
  }

  /** Whom one may write to alone: who only watches, the hosts; nobody reads at an encoder or a phone. */
  #others() {
    const { self, people, floor } = this.#meeting;
    if (!floor.may.has('whisper'))
      return [];
    return [...people.values()].filter(person => !person.self && !person.stream && !person.phone && (self?.role !== 'viewer' || person.host));
  }

  /** @param {import('../core/person.js').Person[]} others @param {boolean} everybody */
  #recipient(others, everybody) {
    return html`
      <label class="recipient small">
        <span>${t("Write to")}</span>
        <select class="select" .value=${live(this.#to)} @change=${this.#onRecipient}>
          <option value="" ?selected=${this.#to === ''} ?disabled=${!everybody}>${t("Everyone")}</option>
          ${others.map(({ id, name }) => html`<option value=${id} ?selected=${id === this.#to}>${t("Only {name}", { name })}</option>`)}
        </select>
      </label>`;
  }

  focus() {
    this.#field?.focus();
  }

  /** @param {Entry} entry */
  answer(entry) {
    this.#leaveEditing();
    this.#to = entry.secret ? entry.to : '';
    this.#reply = entry.secret ? '' : entry.id;
    this.#update();
    this.focus();
  }

  /** @param {string} id of a person */
  writeTo(id) {
    this.#leaveEditing();
    this.#to = id;
    this.#reply = '';
    this.#update();
  }

  /** @param {Entry} entry */
  edit({ id, text }) {
    if (!this.#field)
      return;
    this.#draft = this.#edits ? this.#draft : this.#field.value;
    this.#edits = id;
    this.#field.value = text;
    this.#update();
    this.#field.focus();
    this.#field.setSelectionRange(text.length, text.length);
  }

  #cancel = () => {
    this.#leaveEditing();
    this.#reply = '';
    this.#update();
    this.focus();
  };

  #leaveEditing() {
    if (!this.#edits)
      return;
    this.#edits = '';
    if (this.#field)
      this.#field.value = this.#draft;
    this.#draft = '';
  }

  /** @param {Event} event */
  #onRecipient = event => {
    this.#to = /** @type {HTMLSelectElement} */ (event.target).value;
    this.#reply = '';
    this.#update();
    this.focus();
  };

  /** @param {Element | undefined} element */
  #onField = element => {
    this.#field = /** @type {HTMLTextAreaElement | null} */ (element ?? null);
  };

  /** @param {KeyboardEvent} event */
  #onKey = event => {
    if (event.isComposing)
      return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === 'Escape' && (this.#edits || this.#reply)) {
      event.stopPropagation(); // it would close the panel
      this.#cancel();
    } else if (event.key === 'ArrowUp' && !this.#field?.value && !this.#edits) {
      this.#editLast(event);
    }
  };

  /** @param {Event} event */
  #editLast(event) {
    const last = this.#conversation.entries.findLast(({ own, mayChange }) => own && mayChange);
    if (!last)
      return;
    event.preventDefault();
    this.edit(last);
  }

  /** @param {SubmitEvent} event */
  #onSubmit = event => {
    event.preventDefault();
    this.#submit();
  };

  #submit() {
    const text = cleanMessage(this.#field?.value ?? '');
    if (!this.#field || !text)
      return;
    if (this.#edits) {
      this.#conversation.edit(this.#edits, text);
      this.#leaveEditing();
    } else {
      this.#send(text);
      this.#field.value = '';
    }
    this.#reply = '';
    this.#update();
    this.#field.focus();
  }

  /** @param {string} text */
  #send(text) {
    if (this.#to)
      void this.#meeting.whisper(this.#to, text);
    else
      this.#conversation.say(text, this.#reply || undefined);
  }
}
