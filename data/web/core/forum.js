// What a room with a media server has beyond media and chat: the own role, who watches, the spotlight, questions, what a host
// sees of the connections. Filled by what the server says; the page reads it through `meeting.js`.

import { Questions } from './questions.js';

/** @typedef {import('./connection.js').Message} Message */
/** @typedef {'viewer' | 'person' | 'host'} Role viewer: watches, unless brought on stage */

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
  /** @type {Role} */ role = 'person';
  /** How many watch only. */
  viewers = 0;
  /** Whom everybody sees large. @type {string | null} */ spotlight = null;
  /** @type {Stats | null} */ stats = null;
  questions = new Questions();

  /** @param {Message} joined */
  restart({ role, host, viewers = 0, spotlight = null, questions }) {
    this.role = role ?? (host ? 'host' : 'person');
    this.viewers = viewers;
    this.spotlight = spotlight;
    this.stats = null;
    this.questions.restart(questions ?? []);
  }

  /** @param {Message} message @returns {{ type: string, detail?: any } | null} the event that it makes */
  receive(message) {
    switch (message.type) {
      case 'viewers':
        this.viewers = message.n;
        return { type: 'viewers' };
      case 'spotlight':
        this.spotlight = message.person;
        return { type: 'spotlight' };
      case 'question':
        return { type: 'questions', detail: { question: message.question, isNew: this.questions.receive(message.question) } };
      case 'stats':
        this.stats = { at: Date.now(), cpu: message.cpu, rss: message.rss, people: message.people };
        return { type: 'stats' };
      default:
        return null;
    }
  }
}
