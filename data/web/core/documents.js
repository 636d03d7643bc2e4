// Files that people share in a meeting (PROTOCOL.md, section 3.6): what is there, what is on its way from here, and where to get them.
// Uploads go one after another, in pieces of about a second. One that is cut goes on from where the server stands, also with another seat.
// Which documents there are the model says; nothing of a file is kept here but what is still to be sent.

import { ConclaveError } from './errors.js';
import { BASE } from './requests.js';
import { SteadyFile } from './steady-file.js';

/** @typedef {import('./model.js').Model} Model */
/** What is shared: a `File`, or anything with a name. @typedef {Blob & { name: string }} NamedBlob */
/** `waiting`: for those before it; `paused`: there is no connection; `reading`: before anybody hears of it. @typedef {'waiting' | 'sending' | 'finishing' | 'paused' | 'reading' | 'failed'} UploadState */
/**
 * An upload as the page sees it.
 * @typedef {object} Upload
 * @property {number} key
 * @property {string} name
 * @property {number} bytes
 * @property {number} sent bytes that the server has, or that are read
 * @property {UploadState} state
 * @property {string | null} error why it `failed`
 */
/** @typedef {Upload & { file: NamedBlob, steady: SteadyFile, id: string, secret: string, seat: number, stop: AbortController }} Task */
/** @typedef {{ setTimeout: (callback: () => void, ms: number) => any, now: () => number }} Clock */

const PIECE_FIRST = 256 * 1024;
const PIECE_LEAST = 64 * 1024;
const PIECE_MOST = 8 * 1024 * 1024;
/** ms that a piece shall take: what is shown moves, and little is lost. */
const PIECE_MS = 1_000;
/** ms after which a piece is given up; the last one is answered when the whole was looked at. */
const STALL_MS = 30_000;
const LAST_MS = 600_000;
const RETRY_FIRST = 500;
const RETRY_LAST = 10_000;
/** What may go away by itself. `no-session`: the seat was lost, and another one comes. */
const PASSING = new Set(['unreachable', 'timeout', 'rate-limited', 'server-full', 'internal', 'wrong-offset', 'no-session', 'store-failed']);
/** In a name the server takes at most so many characters. */
const MAX_NAME = 255;

/** @type {Clock} */
const realClock = { setTimeout: (callback, ms) => setTimeout(callback, ms), now: () => performance.now() };

/** Event: `change`: uploads; documents are those of the model. */
export class Documents extends EventTarget {
  #model;
  #origin;
  #fetch;
  #clock;
  #meeting = '';
  #token = '';
  /** Which seat it is; uploads that another one began are taken over. */ #seat = 0;
  #paused = false;
  /** @type {Task[]} */ #tasks = [];
  #lastKey = 0;
  #running = false;
  #piece = PIECE_FIRST;
  /** @type {(() => void) | null} */ #wake = null;

  /** @param {{ model: Model, origin: string, fetch?: typeof globalThis.fetch, clock?: Clock }} options */
  constructor({ model, origin, fetch = (...args) => globalThis.fetch(...args), clock = realClock }) {
    super();
    this.#model = model;
    this.#origin = origin;
    this.#fetch = fetch;
    this.#clock = clock;
    /** Bytes that one may have, and all of the meeting together. */
    this.maxBytes = 0;
    this.quota = 0;
  }

  // ---- the seat

  /** A seat is taken. @param {import('./connection.js').Message} joined */
  begin({ meeting, documents = null }) {
    this.#meeting = meeting;
    this.#token = documents?.token ?? '';
    this.maxBytes = documents?.max_bytes ?? 0;
    this.quota = documents?.quota ?? 0;
    this.#seat++;
    if (!documents)
      this.#giveUp();
    this.resume();
  }

  /** The server cannot be reached. */
  pause() {
    this.#paused = true;
    for (const task of this.#tasks.filter(({ state }) => state === 'sending' || state === 'finishing'))
      this.#interrupt(task);
  }

  resume() {
    this.#paused = false;
    this.#wake?.();
    this.#changed();
    void this.#run();
  }

  /** The meeting is over. */
  end() {
    this.#token = '';
    this.#giveUp();
    this.#wake?.();
  }

  // ---- what is there

  /** Files can be shared here. */
  get available() {
    return this.#token !== '';
  }

  /** The oldest first. */
  get list() {
    return this.#model.list('document');
  }

  /** Bytes of all there are, with those on their way. */
  get used() {
    const coming = this.#tasks.filter(({ state }) => state !== 'failed');
    return this.list.reduce((sum, { fields }) => sum + fields.bytes, 0) + coming.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The server has all, and gives them itself (`peer-documents.js` has more to say here). @param {string} _id @returns {readonly string[] | null} */
  holders(_id) {
    return null;
  }

  /** @returns {readonly import('./peer-documents.js').Loan[]} */
  get loans() {
    return [];
  }

  /** @returns {readonly import('./fetcher.js').Fetch[]} */
  get fetches() {
    return [];
  }

  /** Own ones that are not whole, in the order they were shared. @returns {readonly Upload[]} */
  get uploads() {
    return this.#tasks;
  }

  /** @param {import('./model.js').Shared} shared */
  mayRemove(shared) {
    return this.#model.mayRemove(shared);
  }

  /** For all. @param {string} id */
  remove(id) {
    this.#model.remove(id);
  }

  /** The browser stops what it downloads. @param {string} _id */
  stop(_id) {}

  /** @param {string} id @returns {Promise<string>} an address that gives the file for a minute; rejects with `ConclaveError` */
  async fetch(id) {
    const { url } = await this.#ask('POST', `/documents/${id}/link`, { json: {} });
    return `${this.#origin}${url}`;
  }

  // ---- what goes there

  /** @param {Iterable<NamedBlob>} files */
  share(files) {
    for (const file of files) {
      /** @type {Task} */
      const task = {
        key: ++this.#lastKey, name: file.name, bytes: file.size, sent: 0, state: 'waiting', error: null, file, steady: new SteadyFile(file), id: '', secret: '', seat: 0, stop: new AbortController(),
      };
      const error = file.size > this.maxBytes ? 'too-large' : this.used + file.size > this.quota ? 'quota-full' : null;
      this.#tasks = [...this.#tasks, task];
      if (error)
        this.#fail(task, error);
    }
    this.#changed();
    void this.#run();
  }

  /** Also takes away one that has failed. @param {number} key */
  cancel(key) {
    const task = this.#tasks.find(other => other.key === key);
    if (!task)
      return;
    this.#tasks = this.#tasks.filter(other => other !== task);
    if (task.id) {
      task.stop.abort();
      this.#discard(task.id);
    }
    this.#wake?.();
    this.#changed();
  }

  /** What nobody wants any more takes no space; it goes with the meeting at the latest. @param {string} id */
  #discard(id) {
    this.#ask('DELETE', `/documents/${id}`).catch(() => {});
  }

  /** Once more, where it has failed. @param {number} key */
  retry(key) {
    const task = this.#tasks.find(other => other.key === key);
    if (task?.state !== 'failed')
      return;
    if (task.id)
      this.#discard(task.id);
    task.steady.forget();
    Object.assign(task, { state: 'waiting', error: null, id: '', secret: '', sent: 0, stop: new AbortController() });
    this.#changed();
    void this.#run();
  }

  async #run() {
    if (this.#running)
      return;
    this.#running = true;
    for (;;) {
      const task = this.#tasks.find(({ state }) => state !== 'failed');
      if (!task || !this.available)
        break;
      await this.#send(task);
    }
    this.#running = false;
  }

  /** Not cancelled, and has not failed. @param {Task} task */
  #goesOn(task) {
    return this.#tasks.includes(task) && task.state !== 'failed';
  }

  /** The answer to its last bytes may be lost, where the file is not. @param {Task} task */
  #isThere({ id }) {
    return id !== '' && this.#model.get(id)?.type === 'document';
  }

  /** Until it is there, has failed or was cancelled. @param {Task} task */
  async #send(task) {
    for (let wait = RETRY_FIRST; this.#goesOn(task); wait = Math.min(2 * wait, RETRY_LAST)) {
      const before = task.sent;
      const error = this.#paused ? 'unreachable' : await this.#attempt(task).then(() => null, reason => (reason instanceof ConclaveError ? reason.id : 'internal'));
      if (!this.#goesOn(task))
        return;
      if (error === null || this.#isThere(task)) {
        this.#tasks = this.#tasks.filter(other => other !== task);
        this.#changed();
        return;
      }
      if (error === 'not-found' && task.id) {
        task.steady.forget();
        Object.assign(task, { id: '', secret: '', sent: 0 }); // the server has thrown it away
      } else if (!PASSING.has(error)) {
        this.#fail(task, error);
        if (error === 'file-changed' && task.id)
          this.#discard(task.id); // half of what it was
        this.#changed();
        return;
      }
      if (task.sent > before)
        wait = RETRY_FIRST;
      this.#show(task, 'paused');
      await this.#sleep(wait);
    }
  }

  /** @param {Task} task */
  async #attempt(task) {
    this.#show(task, 'sending');
    if (!task.id || task.seat !== this.#seat)
      await this.#open(task);
    else if (await this.#findOut(task)) // something went wrong before
      return;
    do
      await this.#sendPiece(task);
    while (task.sent < task.bytes);
  }

  /** Where it goes on. @param {Task} task @returns {Promise<boolean>} it is there already */
  async #findOut(task) {
    const { offset, status } = await this.#ask('GET', `/documents/${task.id}/upload`, { task });
    this.#moved(task, offset);
    if (status === 'scanning')
      throw new ConclaveError('wrong-offset'); // it has all, and looks at it still
    return status === 'ready';
  }

  /** A new one, or one that an earlier seat began. @param {Task} task */
  async #open(task) {
    const seat = this.#seat;
    const { id, secret, name } = task;
    const json = { name: shorten(name), bytes: task.bytes, media_type: task.file.type.slice(0, 100), ...(id && { resume: { id, secret } }) };
    const answer = await this.#ask('POST', `/meetings/${this.#meeting}/documents`, { json, task });
    if (!this.#tasks.includes(task)) { // cancelled before it had an id
      this.#discard(answer.id);
      throw new ConclaveError('gone');
    }
    Object.assign(task, { id: answer.id, secret: answer.secret, seat });
    this.#moved(task, answer.offset);
  }

  /** @param {Task} task */
  async #sendPiece(task) {
    const { sent, bytes, steady, stop } = task;
    const end = Math.min(bytes, sent + this.#piece);
    this.#show(task, end === bytes ? 'finishing' : 'sending');
    const blob = await steady.read(sent, end);
    if (end === bytes)
      await steady.check(sent);
    if (stop.signal.aborted) // meanwhile
      throw new ConclaveError('unreachable');
    const began = this.#clock.now();
    const { offset } = await this.#ask('PATCH', `/documents/${task.id}`, { blob, offset: sent, task });
    const took = Math.max(1, this.#clock.now() - began);
    if (end - sent === this.#piece)
      this.#piece = Math.round(Math.max(PIECE_LEAST, Math.min(PIECE_MOST, this.#piece * 2, (this.#piece * PIECE_MS) / took)));
    this.#moved(task, offset);
  }

  /** @param {Task} task @param {number} offset */
  #moved(task, offset) {
    if (!Number.isSafeInteger(offset) || offset < 0 || offset > task.bytes)
      throw new ConclaveError('internal');
    task.sent = offset;
    this.#changed();
  }

  /** What it waits for is given up; it goes on by itself. @param {Task} task */
  #interrupt(task) {
    const { stop } = task;
    task.stop = new AbortController();
    stop.abort();
  }

  /** @param {Task} task @param {string} error */
  #fail(task, error) {
    Object.assign(task, { state: 'failed', error });
  }

  #giveUp() {
    for (const task of this.#tasks.filter(({ state }) => state !== 'failed')) {
      task.stop.abort();
      this.#fail(task, 'not-joined');
    }
    this.#changed();
  }

  /** @param {Task} task @param {UploadState} state */
  #show(task, state) {
    if (task.state === state || task.state === 'failed')
      return;
    task.state = state;
    this.#changed();
  }

  /** @param {number} ms or until something has changed */
  #sleep(ms) {
    return new Promise(resolve => {
      const wake = () => {
        if (this.#wake === wake)
          this.#wake = null;
        resolve(undefined);
      };
      this.#wake = wake;
      if (!this.#paused)
        this.#clock.setTimeout(wake, ms);
    });
  }

  /**
   * @param {string} method @param {string} path @param {{ json?: object, blob?: Blob, offset?: number, task?: Task }} [options]
   * @returns {Promise<any>} rejects with `ConclaveError`
   */
  async #ask(method, path, { json, blob, offset = 0, task } = {}) {
    const last = task && blob ? offset + blob.size === task.bytes : false;
    const signal = AbortSignal.any([...(task ? [task.stop.signal] : []), AbortSignal.timeout(last ? LAST_MS : STALL_MS)]);
    /** @type {Record<string, string>} */
    const type = json ? { 'content-type': 'application/json' } : blob ? { 'content-type': 'application/octet-stream', 'upload-offset': String(offset) } : {};
    let response;
    try {
      response = await this.#fetch(`${this.#origin}${BASE}${path}`, {
        method, headers: { authorization: `Bearer ${this.#token}`, ...type }, body: json ? JSON.stringify(json) : blob ?? null, signal, credentials: 'omit',
      });
      const answer = response.status === 204 ? {} : await response.json();
      if (response.ok)
        return answer;
      throw new ConclaveError(typeof answer?.error === 'string' ? answer.error : 'internal');
    } catch (error) {
      throw error instanceof ConclaveError ? error : new ConclaveError('unreachable', error);
    }
  }

  #changed() {
    this.dispatchEvent(new CustomEvent('change'));
  }
}

/** Its end says what it is, and stays. @param {string} name */
function shorten(name) {
  const clean = [...name.replace(/\p{Cc}/gu, '_')];
  if (clean.length <= MAX_NAME)
    return clean.join('') || '_';
  const dot = clean.lastIndexOf('.');
  const suffix = dot >= 0 && clean.length - dot <= 16 ? clean.slice(dot) : [];
  return [...clean.slice(0, MAX_NAME - suffix.length), ...suffix].join('');
}
