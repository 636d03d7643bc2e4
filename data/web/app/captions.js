// Captions: the last lines over the stage for whoever wants them, as large as they want; and the field in which somebody types what is said.
// A sentence goes out when it is complete, so that nobody has to think of the Enter key.

import { html, nothing } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { i18n, t } from '../core/i18n.js';
import { complete } from './caption-lines.js';
import { icon } from './icon.js';
import { notices } from './notices.js';
import { captionSize, captionsOn, rememberCaptions } from './preferences.js';

const LINES = 3;
const SHOWN_MS = 12_000;
const MAX_CAPTION = 500;

export class Captions {
  #meeting;
  #update;
  #on = captionsOn();
  #writing = false;
  /** @type {any} */ #timer = null;
  /** @type {HTMLInputElement | null} */ #field = null;
  #told = false;

  /** @param {{ meeting: import('../core/meeting.js').Meeting, update: () => void, signal: AbortSignal }} options */
  constructor({ meeting, update, signal }) {
    this.#meeting = meeting;
    this.#update = update;
    meeting.model.addEventListener('change', event => this.#onChange(/** @type {CustomEvent} */ (event).detail.fresh), { signal });
    signal.addEventListener('abort', () => clearTimeout(this.#timer));
  }

  get on() {
    return this.#on;
  }

  get writing() {
    return this.#writing;
  }

  get mayWrite() {
    return this.#meeting.model.mayCreate('caption');
  }

  /** Whether there is anything to turn on. */
  get exist() {
    return this.#meeting.model.list('caption').length > 0;
  }

  toggle = () => {
    this.#on = !this.#on;
    rememberCaptions(this.#on);
    notices.say(this.#on ? t("Captions are on.") : t("Captions are off."));
    this.#update();
  };

  /** The button that turns them on, once there are any. */
  button() {
    if (!this.exist && !this.#on)
      return nothing;
    return html`
      <button type="button" class="button quiet view-switch" aria-keyshortcuts="S" aria-pressed=${String(this.#on)} data-tip="${t("Captions")} (S)" aria-label=${t("Captions")}
        @mousedown=${(/** @type {Event} */ event) => event.preventDefault()} @click=${this.toggle}>${icon('captions')}</button>`;
  }

  /** Over the lower edge of the stage. */
  lines() {
    if (!this.#on)
      return nothing;
    const now = this.#meeting.now;
    const recent = this.#meeting.model.list('caption').slice(-LINES).filter(({ fields: { at } }) => now - at < SHOWN_MS);
    this.#planExpiry(recent.map(({ fields: { at } }) => at + SHOWN_MS - now));
    return html`
      <div class="captions-place">
        <div class="captions ${captionSize()}" role="log" aria-live="polite" aria-label=${t("Captions")}>
          ${repeat(recent, ({ id }) => id, ({ fields: { text, lang } }) => html`<p lang=${lang || nothing}>${text}</p>`)}
        </div>
      </div>`;
  }

  /** @param {number[]} times ms from now */
  #planExpiry(times) {
    clearTimeout(this.#timer);
    if (times.length > 0)
      this.#timer = setTimeout(this.#update, Math.max(50, Math.min(...times) + 20));
  }

  // ---- writing them

  /** @param {boolean} on */
  write(on) {
    this.#writing = on && this.mayWrite;
    if (this.#writing)
      this.#on = true; // one wants to see what one writes
    this.#update();
    if (on)
      queueMicrotask(() => this.#field?.focus());
  }

  /** Below the stage, while one captions. */
  field() {
    if (!this.#writing || !this.mayWrite)
      return nothing;
    return html`
      <form class="caption-writer" aria-label=${t("Write captions")} @submit=${this.#onSubmit} @keydown=${this.#onKey}>
        ${icon('captions')}
        <input class="input" maxlength=${MAX_CAPTION} autocomplete="off" aria-label=${t("What is being said")} placeholder=${t("Type what is being said")} aria-describedby="caption-hint"
          @input=${this.#onInput} ${ref(this.#onField)}>
        <span class="unseen" id="caption-hint">${t("A sentence goes out with its full stop, or with Enter.")}</span>
        <button type="button" class="button quiet icon-only" aria-label=${t("Stop captioning")} data-tip=${t("Stop captioning")} @click=${() => this.write(false)}>${icon('x')}</button>
      </form>`;
  }

  /** @param {SubmitEvent} event */
  #onSubmit = event => {
    event.preventDefault();
    const text = this.#field?.value.trim();
    if (!this.#field || !text)
      return;
    this.#field.value = '';
    this.#send(text);
  };

  /** @param {KeyboardEvent} event */
  #onKey = event => {
    if (event.key === 'Escape')
      this.write(false);
  };

  #onInput = () => {
    const field = this.#field;
    const { ready, rest } = complete(field?.value ?? '');
    if (!field || ready.length === 0)
      return;
    field.value = rest;
    ready.forEach(text => this.#send(text));
  };

  /** @param {string} text */
  #send(text) {
    this.#meeting.model.create('caption', { text, lang: i18n.lang });
  }

  /** @param {string[]} ids */
  #onChange(ids) {
    const caption = ids.map(id => this.#meeting.model.get(id)).find(object => object?.type === 'caption');
    if (!caption)
      return;
    if (!this.#on && !this.#told)
      notices.toast(t("{name} writes captions. Press S to see them.", { name: caption.fields.name }));
    this.#told = true;
    this.#update();
  }

  /** @param {Element | undefined} element */
  #onField = element => {
    this.#field = /** @type {HTMLInputElement | null} */ (element ?? null);
  };
}
