// The summary of one meeting as who looks may have it: with the secret of its link, as who hosts its room, or as an account. Waits until
// the server has made it; saves a new issue, and has it sent. Knows no page.

import { toBase64url } from './bytes.js';
import { cleanMessage } from './text.js';
import { deriveKeys } from './link.js';
import { Backoff } from './backoff.js';
import { errorId } from './requests.js';

/** @typedef {import('./requests.js').Requests} Requests */
/** @typedef {{ text: string, count: number }} Count */
/** @typedef {{ name: string, role: string, device: string, joined: number, left: number, present: number }} Attendee */
/** @typedef {{ title: string, owner: string, minutes: number, started: number, spent: number, done: boolean }} Item */
/** @typedef {{ kind: string, text: string, owner: string, due: string }} Block */
/** @typedef {{ question: string, choices: Count[], multiple: boolean, anonymous: boolean, voters: number, voted: string[] }} Poll */
/** @typedef {{ at: number, name: string, text: string, reply_name: string, reply_text: string, reactions: Count[], edited: boolean }} Said */
/** @typedef {{ id: string, name: string, media_type: string, sha256: string, by: string, bytes: number, at: number }} SharedFile */
/** @typedef {{ id: string, started: number, ended: number }} Taken a recording */

/**
 * @typedef {object} Body
 * @property {string} meeting
 * @property {string} room
 * @property {string} title
 * @property {number} started ms since 1970
 * @property {number} ended
 * @property {Attendee[] | null} attendance null: is not told
 * @property {Item[]} agenda
 * @property {Block[]} minutes
 * @property {Poll[]} polls
 * @property {Said[] | null} chat
 * @property {{ at: number, by: string, text: string }[] | null} captions
 * @property {SharedFile[]} documents
 * @property {Taken[]} recordings
 */

/** @typedef {{ issue: number, made: number, actor: string, expires: number | null, editable: boolean, mail: boolean, body: Body }} Issue */
/** @typedef {{ title: string, attendance: Attendee[] | null, minutes: Block[], chat?: null }} Draft what may be changed */
/** @typedef {'pdf' | 'html' | 'md' | 'vtt' | 'json'} Format */
/** `deleted`: from here, just now. @typedef {'loading' | 'pending' | 'ready' | 'failed' | 'deleted'} SummaryState */

const POLL = { first: 1000, last: 8000 };
const MOST_ADDRESSES = 50;

/** @param {string} id */
const storageKey = id => `conclave.summary.${id}`;

/**
 * What stood behind the `#`; on a reload it comes from the tab's storage.
 * @param {string} id of the meeting @param {string} fragment @param {Pick<Storage, 'getItem' | 'setItem'>} storage @returns {string} '' for none
 */
export function takeSecret(id, fragment, storage) {
  if (!/^[\w-]{43}$/.test(fragment))
    return storage.getItem(storageKey(id)) ?? '';
  storage.setItem(storageKey(id), fragment);
  return fragment;
}

/** E-mail addresses in what somebody typed, each once. @param {string} text @returns {{ to: string[], wrong: string | null }} */
export function readAddresses(text) {
  const all = [...new Set(text.split(/[\s,;]+/).map(word => word.replace(/^<|>$/g, '')).filter(word => word !== ''))];
  const wrong = all.find(word => !/^[^@\s<>"(),:;\\[\]]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/.test(word)) ?? (all.length > MOST_ADDRESSES ? all[MOST_ADDRESSES] : null);
  return { to: all, wrong };
}

/** Where in a recording a time is: `/recordings/ID?t=SECONDS`, or null. @param {Body} body @param {number} at ms since 1970 */
export function recordedAt({ recordings }, at) {
  const one = at > 0 ? recordings.find(({ started, ended }) => at >= started && (ended === 0 || at < ended)) : undefined;
  return one ? `/recordings/${encodeURIComponent(one.id)}?t=${Math.floor((at - one.started) / 1000)}` : null;
}

/** Events: `change`. */
export class Summary extends EventTarget {
  /** @type {SummaryState} */ state = 'loading';
  /** Of `pending`: `end` of the meeting, or `making`. */ waitsFor = '';
  /** Of `failed`: an error id. */ error = '';
  /** @type {Issue | null} */ value = null;
  id;
  #secret;
  #requests;
  #findLink;
  /** With what it is read and changed now. @type {Requests} */ #access;
  #poll;

  /**
   * @param {{ requests: Requests, id: string, secret: string, findLink?: (room: string) => import('./link.js').Link | null }} options
   *   secret: of the link, '' without; findLink: a link of that room which is in this browser
   */
  constructor({ requests, id, secret, findLink = () => null }) {
    super();
    this.id = id;
    this.#secret = secret;
    this.#requests = requests;
    this.#findLink = findLink;
    this.#access = secret ? requests.withKey(secret) : requests;
    this.#poll = new Backoff(() => this.#ask(), POLL);
  }

  /** The address to hand on; null where the page does not know it. @param {string} origin */
  link(origin) {
    return this.#secret ? `${origin}/summary/${this.id}#${this.#secret}` : null;
  }

  /** Never throws: see `state`. */
  async load() {
    this.#set('loading');
    await this.#ask();
    if (this.state === 'pending')
      this.#poll.start();
  }

  dispose() {
    this.#poll.stop();
  }

  /** @param {Draft} draft */
  async save(draft) {
    const { issue } = /** @type {Issue} */ (this.value);
    const title = cleanMessage(draft.title);
    const minutes = draft.minutes.map(block => ({ ...block, text: cleanMessage(block.text) })).filter(({ text }) => text !== '');
    this.#take(await this.#access.ask('PUT', this.#path(), { issue, ...draft, title, minutes }));
  }

  /** @param {string[]} to @returns {Promise<number>} how many e-mails are on their way */
  async send(to) {
    return (await this.#access.ask('POST', this.#path('/mail'), { to })).queued ?? to.length;
  }

  /** All that is kept of the meeting, for ever. What somebody else has deleted is gone as well. */
  async remove() {
    await this.#access.ask('DELETE', `/meetings/${encodeURIComponent(this.id)}`).catch(error => {
      if (errorId(error) !== 'not-found')
        throw error;
    });
    this.value = null;
    this.#set('deleted');
  }

  /** @param {Format} format @returns {Promise<Blob>} */
  file(format) {
    return this.#access.blob(this.#path(`?format=${format}&download=1`));
  }

  /** @param {string} id of a document @returns {Promise<string>} an address that is good for a minute */
  async document(id) {
    const reader = this.#secret ? this.#requests.withKey(this.#secret) : this.#access;
    return (await reader.ask('POST', `/documents/${encodeURIComponent(id)}/link`, {})).url;
  }

  #path(more = '') {
    return `/meetings/${encodeURIComponent(this.id)}/summary${more}`;
  }

  /** @returns {Promise<boolean>} whether anything has changed */
  async #ask() {
    try {
      const answer = await this.#access.ask('GET', this.#path());
      if (answer.status === 'pending')
        return this.#wait(answer.waits_for);
      this.#take(answer);
      this.#poll.stop();
      await this.#gain(answer.body.room);
    } catch (error) {
      this.error = errorId(error);
      if (this.value || (this.state === 'pending' && this.error === 'unreachable'))
        return false;
      this.#poll.stop();
      this.#set('failed');
    }
    return true;
  }

  /** Who only reads with it may be its host all the same. @param {string} room */
  async #gain(room) {
    const link = this.value?.editable ? null : this.#findLink(room);
    if (!link?.secret || !link.hostSecret)
      return;
    const { kHost } = await deriveKeys(link);
    const access = this.#requests.withKey(toBase64url(/** @type {import('./bytes.js').Bytes} */ (kHost)));
    this.#try(access, await access.ask('GET', this.#path()).catch(() => null));
  }

  /** An account is signed in: it may do more than the link. */
  async gainByAccount() {
    if (this.value && !this.value.editable)
      this.#try(this.#requests, await this.#requests.ask('GET', this.#path()).catch(() => null));
  }

  /** @param {Requests} access @param {any} answer */
  #try(access, answer) {
    if (answer?.status !== 'ready' || !answer.editable)
      return;
    this.#access = access;
    this.#take(answer);
  }

  /** @param {string} waitsFor */
  #wait(waitsFor) {
    const changed = this.state !== 'pending' || this.waitsFor !== waitsFor;
    this.waitsFor = waitsFor;
    if (changed)
      this.#set('pending');
    return changed;
  }

  /** @param {any} answer */
  #take({ issue, made, actor, expires, editable, mail, body }) {
    this.value = { issue, made, actor, expires: expires || null, editable, mail, body };
    this.#set('ready');
  }

  /** @param {SummaryState} state */
  #set(state) {
    this.state = state;
    this.dispatchEvent(new Event('change'));
  }
}
