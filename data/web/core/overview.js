// The figures of the server for its administrators, as they come: the last hour in rows, whether all works, the meetings that run
// (PROTOCOL.md, section 3.2). Asks every few seconds for what is new, and goes on asking where nobody answers.

import { errorId } from './requests.js';

/** `at`: ms since 1970, as the server has it. What nobody knows is null. @typedef {{ at: number, [column: string]: number | null }} Row */
/** @typedef {{ id: string, kind: string, people: number, since: number }} LiveRoom */

/** What is shown, ms. */
export const HOUR = 3_600_000;
const LEAST_PAUSE = 1000;
const MOST_PAUSE = 60_000;
/** Where the server says nothing else. */
const PAUSE = 5000;
const MOST_ROWS = 5000;

/** Ids of errors after which asking again is of no use. */
const REFUSED = new Set(['no-session', 'not-allowed', 'not-found']);

/** Events: `change`. */
export class Overview extends EventTarget {
  /** The oldest first. @type {readonly Row[]} */ rows = [];
  /** Those that run, the oldest first. @type {readonly LiveRoom[]} */ rooms = [];
  /** More of which nobody is told. */ unlisted = 0;
  /** The server's time of the last answer, ms since 1970; 0 before there was one. */ now = 0;
  /** The id of the last error; '' while all is well. */ error = '';
  #requests;
  /** Which start of the server the rows are of, and the number of the last. */ #run = 0;
  #last = 0;
  #pause = PAUSE;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  #running = false;

  /** @param {import('./requests.js').Requests} requests */
  constructor(requests) {
    super();
    this.#requests = requests;
  }

  /** Whoever asks may not, or is not known any more. */
  get isRefused() {
    return REFUSED.has(this.error);
  }

  get last() {
    return this.rows.at(-1) ?? null;
  }

  /** Asks now, and from here on. */
  start() {
    if (this.#running)
      return;
    this.#running = true;
    void this.#ask();
  }

  stop() {
    this.#running = false;
    clearTimeout(this.#timer);
  }

  async #ask() {
    await this.load();
    if (this.#running && !this.isRefused)
      this.#timer = setTimeout(() => this.#ask(), this.#pause);
  }

  /** Asks once. Never throws: see `error`. */
  async load() {
    try {
      let answer = await this.#request(this.#last);
      if (answer.run !== this.#run && this.#last > 0) // it was started anew and counts from the beginning
        answer = await this.#request(0);
      this.#take(answer);
      this.error = '';
    } catch (error) {
      this.error = errorId(error);
    }
    this.dispatchEvent(new Event('change'));
  }

  /** @param {number} after */
  #request(after) {
    return this.#requests.ask('GET', after > 0 ? `/overview?after=${after}` : '/overview');
  }

  /** @param {any} answer */
  #take({ run, now, every, last, columns = [], rows = [], rooms = [], unlisted = 0 }) {
    const newest = this.last?.at ?? 0;
    const added = rows.map((/** @type {unknown[]} */ row) => readRow(columns, row)).filter((/** @type {Row} */ { at }) => at > newest);
    this.#run = run;
    this.#last = Number.isSafeInteger(last) ? last : 0;
    this.#pause = Math.min(Math.max(Number(every) || PAUSE, LEAST_PAUSE), MOST_PAUSE);
    this.now = Number(now) || Date.now();
    this.rows = [...this.rows, ...added].filter(({ at }) => at >= this.now - HOUR).slice(-MOST_ROWS);
    this.unlisted = Number(unlisted) || 0;
    this.rooms = rooms.map(readRoom).sort((/** @type {LiveRoom} */ a, /** @type {LiveRoom} */ b) => a.since - b.since);
  }
}

/** @param {readonly string[]} columns @param {readonly unknown[]} values @returns {Row} */
function readRow(columns, values) {
  const read = columns.map((column, i) => [String(column), typeof values[i] === 'number' ? values[i] : null]);
  return { at: 0, ...Object.fromEntries(read) };
}

/** @param {any} room @returns {LiveRoom} */
const readRoom = ({ id, kind, people, since }) => ({ id: String(id), kind: String(kind), people: Number(people) || 0, since: Number(since) || 0 });
