// A poll that was just asked, above the stage: the question and the way to it, until one has voted, it is closed, or one does not want to.

import { html } from 'lit-html';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';
import { notices } from './notices.js';

/** @typedef {import('../core/model.js').Shared} Shared */

export class PollNotice {
  #meeting;
  #update;
  #onShow;
  /** Those one has been told of, and has not waved away. @type {Set<string>} */ #open = new Set();

  /** @param {{ meeting: import('../core/meeting.js').Meeting, update: () => void, onShow: () => void, signal: AbortSignal }} options */
  constructor({ meeting, update, onShow, signal }) {
    this.#meeting = meeting;
    this.#update = update;
    this.#onShow = onShow;
    meeting.model.addEventListener('change', event => this.#onChange(/** @type {CustomEvent} */ (event).detail.fresh), { signal });
  }

  /** How many wait for a vote. */
  get count() {
    return this.#waiting.length;
  }

  /** @returns {Shared[]} */
  get #waiting() {
    const { model, votes } = this.#meeting;
    return model.list('poll').filter(({ id, fields: { open } }) => open && this.#open.has(id) && !votes.has(id));
  }

  /** @param {boolean} hidden they show elsewhere */
  template(hidden) {
    const poll = this.#waiting.at(-1);
    if (!poll || hidden)
      return '';
    return html`
      <section class="banner ask" aria-label=${t("Poll")}>
        ${icon('vote')}
        <p>${poll.fields.question}</p>
        <div class="row">
          <button type="button" class="button" @click=${() => this.#dismiss(poll.id)}>${t("Not now")}</button>
          <button type="button" class="button primary" @click=${this.#onShow}>${t("Vote")}</button>
        </div>
      </section>`;
  }

  /** @param {string[]} ids */
  #onChange(ids) {
    for (const id of ids) {
      const poll = this.#meeting.model.get(id);
      if (poll?.type !== 'poll' || !poll.fields.open || !this.#meeting.floor.may.has('poll-vote'))
        continue;
      this.#open.add(id);
      notices.say(t("New poll: {question}", { question: poll.fields.question }));
      this.#update();
    }
  }

  /** @param {string} id */
  #dismiss(id) {
    this.#open.delete(id);
    this.#update();
  }
}
