// What a meeting has beyond media and chat: who watches, the spotlight, questions, and what hosts see of the connections. Filled by what the server says; the page reaches it through `meeting.js`.

import { ConclaveError } from './errors.js';
import { Questions } from './questions.js';
import { ReactionPace } from './reactions.js';
import { cleanMessage } from './text.js';

/** @typedef {import('./connection.js').Message} Message */
/** @typedef {import('./connection.js').RequestType} RequestType */

/**
 * One person's connection, as the server measures it.
 * @typedef {object} ConnectionStats
 * @property {string} person
 * @property {number} up what comes from them, bit/s
 * @property {number} down what goes to them, bit/s
 * @property {number} up_loss 0…1
 * @property {number} down_loss 0…1
 * @property {number} rtt ms, or -1
 * @property {number} estimate what their path takes, bit/s
 */

/** @typedef {{ at: number, cpu: number, rss: number, people: ConnectionStats[] }} Stats at: ms since 1970; cpu: 0…1 of a core; rss: KiB */

export class Forum {
  /** How many watch only. */
  viewers = 0;
  /** Whom everybody sees large. @type {string | null} */ spotlight = null;
  /** @type {Stats | null} */ stats = null;
  questions = new Questions();
  #options;
  #watchesStats = false;
  #pace = new ReactionPace();

  /**
   * @param {object} options
   * @param {(type: RequestType, members?: object) => Promise<unknown>} options.request
   * @param {(type: string, detail?: any) => void} options.emit `viewers`, `spotlight`, `questions`, `stats`, `error`
   */
  constructor(options) {
    this.#options = options;
  }

  /** @param {Message} joined what a new seat begins with */
  restart({ viewers = 0, spotlight = null, questions }) {
    this.viewers = viewers;
    this.spotlight = spotlight;
    this.stats = null;
    this.questions.restart(questions ?? []);
    if (this.#watchesStats)
      void this.watchStats(true);
  }

  /** What comes faster than the server takes it is dropped. @param {import('./reactions.js').Reaction} what */
  react(what) {
    if (this.#pace.take(Date.now()))
      this.#options.request('react', { what }).catch(() => {});
  }

  /** @param {Message} message */
  receive(message) {
    const { emit } = this.#options;
    switch (message.type) {
      case 'viewers':
        this.viewers = message.n;
        emit('viewers');
        break;
      case 'spotlight':
        this.spotlight = message.person;
        emit('spotlight');
        break;
      case 'question':
        emit('questions', { question: message.question, isNew: this.questions.receive(message.question) });
        break;
      case 'stats':
        this.stats = { at: Date.now(), cpu: message.cpu, rss: message.rss, people: message.people };
        emit('stats');
        break;
      default:
        break;
    }
  }

  /** @param {string} text of a question */
  ask(text) {
    const clean = cleanMessage(text);
    return clean ? this.attempt('ask', { text: clean }) : Promise.resolve(false);
  }

  /** Shown at once, and no longer where it was not taken. @param {number} question @param {boolean} up */
  async vote(question, up) {
    this.#showVote(question, up);
    const done = await this.attempt('vote', { question, up });
    if (!done)
      this.#showVote(question, !up);
    return done;
  }

  /** @param {number} question @param {boolean} up */
  #showVote(question, up) {
    this.questions.vote(question, up);
    this.#options.emit('questions', { question: null, isNew: false });
  }

  /** Once more with each new seat. @param {boolean} on */
  watchStats(on) {
    this.#watchesStats = on;
    return this.attempt('watch-stats', { on });
  }

  /** @param {RequestType} type @param {object} [members] @returns {Promise<boolean>} whether it was done; if not, `error` said why */
  async attempt(type, members) {
    try {
      await this.#options.request(type, members);
      return true;
    } catch (error) {
      const id = error instanceof ConclaveError ? error.id : 'internal';
      if (id !== 'not-joined')
        this.#options.emit('error', { id });
      return false;
    }
  }
}
