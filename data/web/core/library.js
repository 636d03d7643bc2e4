// The list of recordings: what is searched, filtered and sorted by, what has come of it, and how what is under way goes on.
// Asks the server through `api.js`; knows no page.

import { Backoff } from './backoff.js';
import { ConclaveError } from './errors.js';

/** @typedef {import('./api.js').RecordingObject} RecordingObject */
/** @typedef {'started' | 'title' | 'bytes' | 'duration'} Column */
/** @typedef {{ q: string, status: string, room: string, sort: Column, order: 'asc' | 'desc' }} Query */

const PAGE = 30;
const MOST_AT_ONCE = 100;   // that the server gives
const TYPING_MS = 250;
const POLL = { first: 3_000, last: 20_000 };
const COLUMNS = new Set(['started', 'title', 'bytes', 'duration']);
const STATUSES = new Set(['recording', 'processing', 'ready', 'failed']);

/** @type {Readonly<Query>} */
export const DEFAULT_QUERY = Object.freeze({ q: '', status: '', room: '', sort: 'started', order: 'desc' });

/** @param {Pick<RecordingObject, 'status'>} recording it changes by itself */
export const isUnderWay = ({ status }) => status === 'recording' || status === 'processing';

/** @param {string} search of an address @returns {Query} */
export function readQuery(search) {
  const given = new URLSearchParams(search);
  const one = (/** @type {string} */ name, /** @type {(value: string) => boolean} */ fits) => {
    const value = given.get(name) ?? '';
    return fits(value) ? value : /** @type {Record<string, string>} */ (DEFAULT_QUERY)[name];
  };
  return /** @type {Query} */ ({
    q: (given.get('q') ?? '').slice(0, 100),
    status: one('status', value => STATUSES.has(value)),
    room: one('room', value => /^[a-z2-9]{1,20}$/.test(value)),
    sort: one('sort', value => COLUMNS.has(value)),
    order: one('order', value => value === 'asc' || value === 'desc'),
  });
}

/** @param {Query} query @returns {string} for an address: only what differs from the default */
export function writeQuery(query) {
  const different = Object.entries(query).filter(([name, value]) => value !== /** @type {Record<string, string>} */ (DEFAULT_QUERY)[name]);
  return different.length > 0 ? `?${new URLSearchParams(different)}` : '';
}

/** Events: `change`. */
export class Library extends EventTarget {
  /** @type {Query} */ query;
  /** @type {RecordingObject[]} */ recordings = [];
  /** Error id of what could not be loaded. @type {string | null} */ error = null;
  /** Nothing has come yet for this query. */ loading = true;
  loadingMore = false;
  #api;
  #poll;
  /** @type {string | null} */ #next = null;
  /** @type {AbortController | null} */ #request = null;
  /** @type {any} */ #typing = null;

  /** @param {import('./api.js').Api} api @param {Query} [query] */
  constructor(api, query = { ...DEFAULT_QUERY }) {
    super();
    this.#api = api;
    this.query = query;
    this.#poll = new Backoff(() => this.#refresh(), POLL);
  }

  /** There are more to be shown. */
  get hasMore() {
    return this.#next !== null;
  }

  /** Whether anything but the order was chosen. */
  get filtered() {
    return this.query.q !== '' || this.query.status !== '' || this.query.room !== '';
  }

  /** @param {Partial<Query>} changes what is typed waits for the next letter */
  set(changes) {
    this.query = { ...this.query, ...changes };
    clearTimeout(this.#typing);
    if ('q' in changes)
      this.#typing = setTimeout(() => void this.load(), TYPING_MS);
    else
      void this.load();
    this.#changed();
  }

  /** The same column once more turns the order around. @param {Column} column */
  sortBy(column) {
    const { sort, order } = this.query;
    const first = column === 'title' ? 'asc' : 'desc';
    this.set({ sort: column, order: sort === column ? (order === 'asc' ? 'desc' : 'asc') : first });
  }

  async load() {
    this.#request?.abort();
    this.#poll.stop();
    const request = this.#request = new AbortController();
    this.loading = true;
    this.loadingMore = false;
    this.#changed();
    try {
      const { recordings, next } = await this.#api.list({ ...this.query, limit: PAGE }, request.signal);
      if (request !== this.#request)
        return;
      this.recordings = recordings;
      this.#next = next || null;
      this.error = null;
    } catch (error) {
      if (request !== this.#request)
        return;
      this.error = error instanceof ConclaveError ? error.id : 'internal';
    }
    this.loading = false;
    this.#changed();
    this.#pollIfNeeded();
  }

  async more() {
    const request = this.#request;
    if (this.#next === null || this.loadingMore)
      return;
    this.loadingMore = true;
    this.#changed();
    try {
      const { recordings, next } = await this.#api.list({ ...this.query, limit: PAGE, cursor: this.#next });
      if (request !== this.#request)
        return;
      const known = new Set(this.recordings.map(({ id }) => id));
      this.recordings = [...this.recordings, ...recordings.filter(({ id }) => !known.has(id))];
      this.#next = next || null;
    } catch (error) {
      if (request === this.#request)
        this.dispatchEvent(new CustomEvent('failed', { detail: { id: error instanceof ConclaveError ? error.id : 'internal' } }));
    }
    this.loadingMore = false;
    this.#changed();
    this.#pollIfNeeded();
  }

  dispose() {
    this.#request?.abort();
    this.#request = null;
    clearTimeout(this.#typing);
    this.#poll.stop();
  }

  #pollIfNeeded() {
    if (this.#request && this.recordings.some(isUnderWay))
      this.#poll.start();
    else
      this.#poll.stop();
  }

  /** What is under way looks different now, and something new may have come. @returns {Promise<boolean>} */
  async #refresh() {
    const request = this.#request;
    const before = JSON.stringify(this.recordings);
    const { recordings } = await this.#api.list({ ...this.query, limit: Math.min(Math.max(this.recordings.length, PAGE), MOST_AT_ONCE) });
    if (request !== this.#request || this.loading)
      return false;
    const fresh = new Map(recordings.map(recording => [recording.id, recording]));
    const rest = this.recordings.slice(MOST_AT_ONCE).filter(({ id }) => !fresh.has(id));
    this.recordings = [...recordings, ...rest];
    const changed = JSON.stringify(this.recordings) !== before;
    if (changed)
      this.#changed();
    if (!this.recordings.some(isUnderWay))
      this.#poll.stop();
    return changed;
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
