// Reactions: what one picks, and what floats over the tiles for some seconds. Those of people whose tile does not show stand as numbers
// below the stage. Screen readers hear a summary now and then, not each of them.

import { html, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { notices } from './notices.js';
import { SIGNS, Summary } from './reaction-words.js';
import { SignPicker } from './sign-picker.js';

const SHOWN_MS = 4_000;
const FIRST_WORD_MS = 1_500;
const NEXT_WORD_MS = 10_000; // a party must not drown everything else that is announced

/** @typedef {import('../core/reactions.js').Reaction} Reaction */
/** @typedef {import('../core/reactions.js').ReactionNews} ReactionNews */

export class Reactions {
  #meeting;
  #update;
  #signal;
  /** The last one of each person. @type {Map<string, { what: Reaction, n: number }>} */ #people = new Map();
  /** Of those without a tile. @type {Map<Reaction, { count: number, n: number }>} */ #counts = new Map();
  #n = 0;
  #summary = new Summary();
  /** @type {any} */ #wordTimer = null;
  #lastWord = -Infinity;
  #picker = new SignPicker('reaction-picker', what => this.#meeting.react(what));

  /** @param {{ meeting: import('../core/meeting.js').Meeting, update: () => void, signal: AbortSignal }} options */
  constructor({ meeting, update, signal }) {
    this.#meeting = meeting;
    this.#update = update;
    this.#signal = signal;
    meeting.addEventListener('reactions', event => this.#onReactions(/** @type {CustomEvent} */ (event).detail), { signal });
    signal.addEventListener('abort', () => clearTimeout(this.#wordTimer));
  }

  /** What somebody shows now. @param {string} id */
  of(id) {
    return this.#people.get(id);
  }

  /** Over the lower edge of the stage. */
  crowd() {
    return this.#counts.size === 0 ? nothing : html`
      <ul class="crowd-reactions" aria-hidden="true">
        ${repeat(this.#counts, ([what]) => what, ([what, { count }]) => html`<li><span class="reaction-sign">${SIGNS[what]}</span>${count}</li>`)}
      </ul>`;
  }

  /** Opens beside a button. @param {HTMLElement | null} anchor */
  pick(anchor) {
    this.#picker.open(anchor);
  }

  /** @returns {unknown} once for the page */
  picker() {
    return this.#picker.template();
  }

  /** @param {ReactionNews} news */
  #onReactions(news) {
    const n = ++this.#n;
    const counts = new Map(/** @type {[Reaction, number][]} */ (Object.entries(news.counts)));
    for (const { person, what } of news.people) {
      if (!this.#meeting.people.get(person)?.stage)
        continue;
      this.#people.set(person, { what, n });
      counts.set(what, (counts.get(what) ?? 1) - 1);
    }
    for (const [what, count] of counts) {
      if (count > 0)
        this.#counts.set(what, { count: count + (this.#counts.get(what)?.count ?? 0), n });
    }
    this.#planWord(news);
    this.#update();
    setTimeout(() => this.#forget(n), SHOWN_MS);
  }

  /** Those that nothing newer has taken the place of. @param {number} n */
  #forget(n) {
    for (const map of [this.#people, this.#counts]) {
      for (const [key, shown] of /** @type {Map<any, { n: number }>} */ (map)) {
        if (shown.n === n)
          map.delete(/** @type {any} */ (key));
      }
    }
    if (!this.#signal.aborted)
      this.#update();
  }

  /** @param {ReactionNews} news */
  #planWord(news) {
    this.#summary.add(news, id => this.#meeting.people.get(id)?.name);
    if (this.#summary.empty)
      return;
    this.#wordTimer ??= setTimeout(() => {
      this.#wordTimer = null;
      this.#lastWord = Date.now();
      notices.say(this.#summary.take());
    }, Math.max(FIRST_WORD_MS, this.#lastWord + NEXT_WORD_MS - Date.now()));
  }
}
