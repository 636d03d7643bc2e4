// "Ann asks you to turn on your microphone": somebody asks, the person decides. Nothing is turned on but by their own click.

import { html } from 'lit-html';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';
import { notices } from './notices.js';

/** @typedef {'microphone' | 'camera'} Asked */

/** @type {Record<Asked, { glyph: string, words: (name: string) => string }>} */
const WORDS = {
  microphone: {
    glyph: 'mic', words: name => (name ? t("{name} asks you to turn on your microphone.", { name }) : t("A host asks you to turn on your microphone.")),
  },
  camera: {
    glyph: 'video', words: name => (name ? t("{name} asks you to turn on your camera.", { name }) : t("A host asks you to turn on your camera.")),
  },
};

export class AskedNotices {
  #call;
  #update;
  /** By whom, the last one of each. @type {Map<Asked, string>} */ #asked = new Map();

  /** @param {{ meeting: import('../core/meeting.js').Meeting, call: import('./call.js').Call, update: () => void, signal: AbortSignal }} options */
  constructor({ meeting, call, update, signal }) {
    this.#call = call;
    this.#update = update;
    meeting.addEventListener('requested', event => this.#onRequested(/** @type {CustomEvent} */ (event).detail), { signal });
  }

  /** Above the stage. */
  template() {
    for (const what of this.#asked.keys()) {
      if (this.#has(what) || !this.#call.sends)
        this.#asked.delete(what);
    }
    return [...this.#asked].map(([what, name]) => html`
      <section class="banner ask" aria-label=${WORDS[what].words(name)}>
        ${icon(WORDS[what].glyph)}
        <p>${WORDS[what].words(name)}</p>
        <div class="row">
          <button type="button" class="button" @click=${() => this.#answer(what, false)}>${t("Not now")}</button>
          <button type="button" class="button primary" @click=${() => this.#answer(what, true)}>${t("Turn on")}</button>
        </div>
      </section>`);
  }

  /** @param {Asked} what */
  #has(what) {
    return what === 'microphone' ? this.#call.microphone : this.#call.camera;
  }

  /** @param {{ what: Asked, by: import('../core/person.js').Person | null }} request */
  #onRequested({ what, by }) {
    if (!WORDS[what] || this.#has(what) || !this.#call.sends)
      return;
    const name = by?.name ?? '';
    this.#asked.set(what, name);
    notices.say(WORDS[what].words(name));
    this.#update();
  }

  /** @param {Asked} what @param {boolean} on */
  #answer(what, on) {
    this.#asked.delete(what);
    this.#update();
    const control = /** @type {HTMLElement | null} */ (document.querySelector(`[data-control="${what}"]`));
    control?.focus();
    if (!on || this.#has(what))
      return;
    if (what === 'microphone')
      void this.#call.setMicrophone(true);
    else
      void this.#call.toggleCamera();
  }
}
