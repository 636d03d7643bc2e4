// The rooms of whoever looks at the start page: those that the server lists for the account, and those whose link is in this browser
// only, put together into one list. Makes, changes and deletes them. A room whose media go from browser to browser gets its link here and
// leaves it here; of the others the server keeps the link for the account (PROTOCOL.md, section 3).

import { Backoff } from './backoff.js';
import { toBase64url } from './bytes.js';
import { readDialIn } from './dial-in.js';
import { ConclaveError } from './errors.js';
import { kindOf } from './kinds.js';
import { deriveKeys, hostUrl, joinUrl, makeRoom } from './link.js';
import { errorId, queryOf } from './requests.js';

/** @typedef {import('./kept-links.js').KeptLinks} KeptLinks */
/** @typedef {import('./link.js').Link} Link */

/**
 * @typedef {object} Room
 * @property {string} id
 * @property {string} kind
 * @property {string} title
 * @property {number} created ms since 1970
 * @property {boolean} managed the server lists it for the account, who may change and delete it
 * @property {boolean} mine of a managed one: it is not another account's
 * @property {boolean} kept its link is in this browser
 * @property {boolean} available
 * @property {number} people who are in now
 * @property {boolean} lobby
 * @property {boolean} recording hosts may record
 * @property {'announce' | 'require'} consent
 * @property {number | null} keepDays null: as the server is configured, 0: for ever
 * @property {import('./dial-in.js').DialIn | null} dialIn null: it cannot be called by phone
 * @property {number | null} until the server keeps it so long, in ms since 1970, as somebody has planned for it; null: nobody has, or it is kept in any case
 * @property {string | null} joinUrl for guests; null where neither the server nor this browser has it
 * @property {string | null} hostUrl which makes whoever opens it here a host
 */

/** @typedef {{ title?: string, lobby?: boolean, recording?: boolean, consent?: 'announce' | 'require', keep_days?: number | null, dial_in?: boolean }} Changes */
/** @typedef {{ kind: string, title: string, lobby: boolean, recording: boolean, consent: 'announce' | 'require', dialIn?: boolean }} Order */

/**
 * What was made: `host` is the link that is shown once.
 * @typedef {{ room: Room, join: string, host: string, lasting: boolean }} Made
 */

const PAGE = 50;
const MOST_AT_ONCE = 200;
const TYPING_MS = 250;
const POLL = { first: 10_000, last: 60_000 };

/** Events: `change`. */
export class Rooms extends EventTarget {
  /** @type {Room[]} */ list = [];
  /** Nothing has come yet. */ loading = true;
  loadingMore = false;
  /** Error id of what could not be loaded. @type {string | null} */ error = null;
  q = '';
  #requests;
  #account;
  #kept;
  #origin;
  #poll;
  /** @type {any[]} */ #rows = [];
  /** @type {string | null} */ #next = null;
  #turn = 0;
  /** @type {any} */ #typing = null;

  /**
   * @param {object} options
   * @param {import('./requests.js').Requests} options.requests
   * @param {import('./account.js').Account} options.account
   * @param {KeptLinks} options.kept
   * @param {string} options.origin
   */
  constructor({ requests, account, kept, origin }) {
    super();
    this.#requests = requests;
    this.#account = account;
    this.#kept = kept;
    this.#origin = origin;
    this.#poll = new Backoff(() => this.#refresh(), POLL);
  }

  get hasMore() {
    return this.#next !== null;
  }

  /** Whether links that are in this browser only are still here tomorrow. */
  get lasting() {
    return this.#kept.lasting;
  }

  /** Reads all anew, and from now on what has changed. */
  async load() {
    const turn = ++this.#turn;
    this.#poll.stop();
    this.loading = true;
    this.#changed();
    try {
      const { rooms, next } = await this.#fetch(PAGE);
      if (turn !== this.#turn)
        return;
      this.#rows = rooms;
      this.#next = next;
      this.error = null;
    } catch (error) {
      if (turn !== this.#turn)
        return;
      this.error = errorId(error);
    }
    this.loading = false;
    this.#merge();
    if (this.#account.isHost && !this.error)
      this.#poll.start();
  }

  async more() {
    if (this.#next === null || this.loadingMore)
      return;
    const turn = this.#turn;
    this.loadingMore = true;
    this.#changed();
    try {
      const { rooms, next } = await this.#fetch(PAGE, this.#next);
      if (turn === this.#turn) {
        const known = new Set(this.#rows.map(({ id }) => id));
        this.#rows = [...this.#rows, ...rooms.filter((/** @type {any} */ { id }) => !known.has(id))];
        this.#next = next;
      }
    } finally {
      this.loadingMore = false;
      this.#merge();
    }
  }

  /** What is typed waits for the next letter. @param {string} q */
  search(q) {
    this.q = q;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => void this.load(), TYPING_MS);
    this.#changed();
  }

  /** @param {Order} order @returns {Promise<Made>} */
  async create({ kind, title, lobby, recording, consent, dialIn = false }) {
    const { link, body } = await makeRoom(kind, title);
    const { server, peers } = kindOf(kind);
    const account = this.#account.isHost;
    const row = await this.#requests.ask('POST', '/rooms', {
      ...body, lobby,
      ...(account && server && link.secret && { secret: toBase64url(link.secret) }),
      ...(account && recording && { recording, consent }),
      ...(account && dialIn && { dial_in: true }),
    });
    const owner = this.#account.owner;
    if (!server || !account)
      this.#kept.add(link, { kind, title, owner, receipt: row.receipt });
    if (account && !peers) // which is in nobody's list
      this.#rows = [{ ...row, link: row.link ?? (server ? joinUrl(link, this.#origin) : null) }, ...this.#rows];
    this.#merge();
    return { room: this.#find(link.room), join: joinUrl(link, this.#origin), host: hostUrl(link, this.#origin) ?? '', lasting: account && server ? true : this.#kept.lasting };
  }

  /** @param {string} id @param {Changes} changes */
  async change(id, changes) {
    const row = await this.#requests.ask('PATCH', `/rooms/${encodeURIComponent(id)}`, changes);
    this.#rows = this.#rows.map(one => (one.id === id ? { ...one, ...changes, ...row } : one));
    if (changes.title !== undefined)
      this.#kept.rename(id, changes.title);
    this.#merge();
  }

  /** The server keeps it until then, off the record. @param {string} id @param {number} until ms since 1970, whole days */
  async keep(id, until) {
    const link = this.#kept.find(id, this.#account.owner);
    const { kJoin, kHost } = link ? await deriveKeys(link) : { kJoin: null, kHost: null };
    if (!kJoin || !kHost)
      throw new ConclaveError('not-allowed');
    const receipt = this.#kept.receiptOf(id);
    const kept = await this.#requests.ask('POST', `/rooms/${encodeURIComponent(id)}/keep`, { key: toBase64url(kJoin), host_key: toBase64url(kHost), until, ...(receipt && { receipt }) });
    if (typeof kept.receipt === 'string')
      this.#kept.keepReceipt(id, kept.receipt);
    this.#kept.plan(id, kept.until);
    this.#merge();
  }

  /** With its link; a meeting in it is ended. @param {string} id */
  async remove(id) {
    await this.#requests.ask('DELETE', `/rooms/${encodeURIComponent(id)}`).catch(error => {
      if (errorId(error) !== 'unknown-room') // somebody was quicker
        throw error;
    });
    this.#rows = this.#rows.filter(one => one.id !== id);
    this.forget(id);
  }

  /** The link leaves this browser; the room stays. @param {string} id */
  forget(id) {
    this.#kept.remove(id);
    this.#merge();
  }

  /** A link that was kept elsewhere comes to this browser. @param {Link} link which has been parsed */
  adopt(link) {
    const row = this.#rows.find(({ id }) => id === link.room);
    if (!row)
      throw new ConclaveError('unknown-room');
    this.#kept.add(link, { kind: row.kind, title: row.title, owner: this.#account.owner, created: row.created });
    this.#merge();
  }

  dispose() {
    this.#turn++;
    clearTimeout(this.#typing);
    this.#poll.stop();
  }

  /** @param {number} limit @param {string} [cursor] @returns {Promise<{ rooms: any[], next: string | null }>} */
  async #fetch(limit, cursor) {
    if (!this.#account.isHost)
      return { rooms: [], next: null };
    const { rooms = [], next } = await this.#requests.ask('GET', `/rooms${queryOf({ limit, cursor, q: this.q.trim().slice(0, 100) })}`);
    return { rooms, next: next || null };
  }

  /** Who is in has changed, or a room came from elsewhere. @returns {Promise<boolean>} */
  async #refresh() {
    const turn = this.#turn;
    const before = JSON.stringify(this.#rows);
    const n = Math.min(Math.max(this.#rows.length, PAGE), MOST_AT_ONCE);
    const { rooms, next } = await this.#fetch(n);
    if (turn !== this.#turn || this.loadingMore)
      return false;
    const fresh = new Set(rooms.map(({ id }) => id));
    this.#rows = [...rooms, ...this.#rows.slice(n).filter(({ id }) => !fresh.has(id))];
    if (this.#rows.length === rooms.length)
      this.#next = next;
    const changed = JSON.stringify(this.#rows) !== before;
    if (changed)
      this.#merge();
    return changed;
  }

  #merge() {
    const managed = this.#rows.map(row => this.#fromServer(row));
    const listed = new Set(managed.map(({ id }) => id));
    // an account's rooms that the server does not list are deleted, on another page of the list, or off the record
    const q = this.q.trim().toLowerCase();
    const loose = this.#kept.list(this.#account.owner)
      .filter(({ room, kind, owner, title }) => !listed.has(room) && (owner === '' || !this.#account.isHost || kindOf(kind).peers) && title.toLowerCase().includes(q))
      .map(kept => this.#fromHere(kept));
    this.list = [...managed, ...loose].sort((a, b) => b.created - a.created);
    this.#changed();
  }

  /** @param {any} row @returns {Room} */
  #fromServer(row) {
    const link = this.#kept.find(row.id, this.#account.owner);
    const mine = row.owner === undefined || row.owner === this.#account.owner || !this.#account.user;
    const join = typeof row.link === 'string' && row.link !== '' ? row.link : link && joinUrl(link, this.#origin);
    return {
      id: row.id, kind: row.kind, title: row.title, created: row.created, managed: true, mine, kept: link !== null,
      available: row.available !== false, people: row.people ?? 0, lobby: row.lobby === true, recording: row.recording === true,
      consent: row.consent === 'require' ? 'require' : 'announce', keepDays: row.keep_days ?? null, dialIn: readDialIn(row.dial_in), until: null,
      joinUrl: join, hostUrl: (link && hostUrl(link, this.#origin)) ?? join,
    };
  }

  /** @param {import('./kept-links.js').Kept} kept @returns {Room} */
  #fromHere({ room, kind, title, created, until = 0 }) {
    const link = /** @type {Link} */ (this.#kept.find(room, this.#account.owner));
    const join = joinUrl(link, this.#origin);
    return {
      id: room, kind, title, created, managed: false, mine: true, kept: true, available: true, people: 0, lobby: false, recording: false,
      consent: 'announce', keepDays: null, dialIn: null, until: until > Date.now() ? until : null, joinUrl: join, hostUrl: hostUrl(link, this.#origin) ?? join,
    };
  }

  /** @param {string} id @returns {Room} */
  #find(id) {
    return /** @type {Room} */ (this.list.find(room => room.id === id));
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
