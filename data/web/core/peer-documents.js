// Documents where no server is in between (LINK-1.md, section 12): who shares one keeps the file and says in the model that it is there; whoever wants it asks somebody
// who has it, and has it then as well, for as long as their page is open. What the page needs is what `documents.js` gives it elsewhere.

import { DocumentStore } from './document-store.js';
import { ConclaveError } from './errors.js';
import { Fetcher } from './fetcher.js';
import { Files, MAX_DOCUMENTS, parseFile } from './file-messages.js';
import { cleanFileName } from './file-name.js';
import { Lender } from './lender.js';
import { MAX_BYTES, isRoot, rootOf, sumsOf } from './pieces.js';

/** @typedef {import('./documents.js').NamedBlob} NamedBlob */
/** @typedef {import('./documents.js').Upload} Upload */
/** @typedef {import('./model.js').Model} Model */
/** @typedef {import('./model.js').Shared} Shared */
/** @typedef {import('./sealed-channel.js').SealedChannel} SealedChannel */
/** Events `message` {detail: {type, bytes}}. @typedef {Pick<SealedChannel, 'send' | 'addEventListener'>} Channel */

/** What somebody is taking. @typedef {{ person: string, document: string, sent: number, bytes: number }} Loan */

const MAX_TYPE = 100;
const PROGRESS_MS = 100;

/** Events: `change`; `lost` {detail: {name}}: an own file can no longer be read, and so nobody gets it any more. */
export class PeerDocuments extends EventTarget {
  /** Bytes that one may have; of all together there is no limit but everybody's own. */ maxBytes = MAX_BYTES;
  quota = Infinity;
  available = false;
  #makeStore;
  #store;
  #lender = new Lender();
  #fetcher;
  /** @type {Model | null} */ #model = null;
  #self = '';
  /** @type {Map<string, Channel>} */ #channels = new Map();
  /** @type {(Upload & { file: NamedBlob })[]} */ #tasks = [];
  #lastKey = 0;
  #reading = false;
  /** @type {any} */ #soon = null;
  #onModel = () => this.#dropRemoved();

  /** @param {{ makeStore?: () => Pick<DocumentStore, 'open' | 'clear'>, clock?: import('./fetcher.js').Clock }} [options] */
  constructor({ makeStore = () => new DocumentStore(), clock = realClock } = {}) {
    super();
    this.#makeStore = makeStore;
    this.#store = makeStore();
    this.#fetcher = new Fetcher({ open: () => this.#store.open(), clock });
    for (const part of [this.#lender, this.#fetcher]) {
      part.addEventListener('change', () => this.#changed());
      part.addEventListener('progress', () => this.#progressed());
    }
    this.#lender.addEventListener('lost', event => this.#onLost(/** @type {CustomEvent} */ (event).detail.document));
  }

  // ---- the seat

  /** A seat is taken. @param {Model} model that says what there is @param {string} self own id */
  beginAmong(model, self) {
    this.#self = self;
    if (this.#model !== model)
      model.addEventListener('change', this.#onModel);
    this.#model = model;
    this.available = true;
    this.#changed();
  }

  /** The server is not needed. */
  pause() {}
  resume() {}

  /** The meeting is over: nothing is kept. */
  end() {
    this.#model?.removeEventListener('change', this.#onModel);
    this.#model = null;
    this.available = false;
    this.#tasks = [];
    this.#channels.clear();
    this.#fetcher.clear();
    this.#lender.clear();
    void this.#store.clear();
    this.#store = this.#makeStore();
    this.#changed();
  }

  /** A pair was confirmed, or is gone. @param {string} person @param {Channel | null} channel */
  link(person, channel) {
    this.#channels.delete(person);
    this.#fetcher.leave(person);
    this.#lender.leave(person);
    if (!channel)
      return;
    this.#channels.set(person, channel);
    const send = (/** @type {number} */ type, /** @type {import('./bytes.js').Bytes} */ bytes) => channel.send(type, bytes);
    channel.addEventListener('message', event => {
      const { type, bytes } = /** @type {CustomEvent} */ (event).detail;
      if (this.#channels.get(person) === channel)
        this.#onMessage(person, type, bytes);
    });
    this.#fetcher.join(person, send);
    this.#lender.join(person, send);
  }

  /** @param {string} person @param {number} type @param {import('./bytes.js').Bytes} bytes */
  #onMessage(person, type, bytes) {
    const message = parseFile(type, bytes);
    if (message && message.type !== Files.OPEN && message.type !== Files.WANT)
      this.#fetcher.receive(person, message);
    if (message && message.type !== Files.HAVE)
      this.#lender.receive(person, message);
  }

  // ---- what is there

  /** The oldest first; without what cannot be a document. @returns {readonly Shared[]} */
  get list() {
    const all = this.#model?.list('document') ?? [];
    return all.filter(isSound).slice(0, MAX_DOCUMENTS).map(shared => ({ ...shared, fields: { ...shared.fields, name: cleanFileName(shared.fields.name) } }));
  }

  get used() {
    return this.list.reduce((sum, { fields }) => sum + fields.bytes, 0);
  }

  /** Ids of people who have it whole, oneself first. @param {string} id @returns {readonly string[]} */
  holders(id) {
    const own = this.#lender.find(id) && this.#model ? [this.#self] : [];
    return [...own, ...this.#fetcher.holders(id)];
  }

  /** On their way to the others. @returns {readonly Loan[]} */
  get loans() {
    return this.#lender.loans;
  }

  /** On their way to here. */
  get fetches() {
    return this.#fetcher.fetches;
  }

  /** Own ones that are being looked at before the others hear of them. @returns {readonly Upload[]} */
  get uploads() {
    return this.#tasks;
  }

  /** @param {Shared} shared */
  mayRemove(shared) {
    return this.#model?.mayRemove(shared) ?? false;
  }

  /** For all; who has saved it has it still. @param {string} id */
  remove(id) {
    this.#model?.remove(id);
  }

  // ---- getting one

  /** @param {string} id @returns {Promise<Blob>} when it is whole; rejects with `ConclaveError` */
  async fetch(id) {
    const here = this.#lender.find(id);
    if (here)
      return here;
    const shared = this.list.find(other => other.id === id);
    if (!shared)
      throw new ConclaveError('not-found');
    const { bytes, sha256: root } = shared.fields;
    const { file, sums } = await this.#fetcher.fetch({ document: id, bytes, root });
    if (this.#model?.get(id))
      this.#lender.add(id, file, sums);
    return file;
  }

  /** @param {string} id of a document */
  stop(id) {
    this.#fetcher.cancel(id);
  }

  /** @param {string} id */
  #onLost(id) {
    const name = this.list.find(other => other.id === id)?.fields.name;
    if (name)
      this.dispatchEvent(new CustomEvent('lost', { detail: { name } }));
  }

  /** Nobody gets any more of what was removed. */
  #dropRemoved() {
    const there = new Set(this.#model?.list('document').map(({ id }) => id));
    for (const id of this.#lender.documents.filter(other => !there.has(other)))
      this.#lender.remove(id);
    for (const fetch of this.#fetcher.fetches.filter(other => !there.has(other.document)))
      this.#fetcher.cancel(fetch.document);
  }

  // ---- sharing

  /** @param {Iterable<NamedBlob>} files */
  share(files) {
    for (const file of files) {
      const error = file.size > MAX_BYTES ? 'too-large' : this.list.length + this.#tasks.length >= MAX_DOCUMENTS ? 'too-many' : null;
      this.#tasks = [...this.#tasks, { key: ++this.#lastKey, name: file.name, bytes: file.size, sent: 0, state: error ? 'failed' : 'waiting', error, file }];
    }
    this.#changed();
    void this.#read();
  }

  /** Also takes away one that has failed. @param {number} key */
  cancel(key) {
    this.#tasks = this.#tasks.filter(task => task.key !== key);
    this.#changed();
  }

  /** @param {number} key */
  retry(key) {
    this.#tasks = this.#tasks.map(task => (task.key === key ? { ...task, state: 'waiting', error: null, sent: 0 } : task));
    this.#changed();
    void this.#read();
  }

  /** One after another. */
  async #read() {
    if (this.#reading)
      return;
    this.#reading = true;
    for (let task = this.#nextTask; task; task = this.#nextTask)
      await this.#announce(task).catch(() => this.#update(task.key, { state: 'failed', error: 'unreadable' }));
    this.#reading = false;
  }

  get #nextTask() {
    return this.#tasks.find(({ state }) => state !== 'failed');
  }

  /** @param {Upload & { file: NamedBlob }} task */
  async #announce({ key, file }) {
    const sums = await sumsOf(file, sent => this.#update(key, { state: 'reading', sent }));
    if (!sums)
      return;
    const root = await rootOf(file.size, sums);
    if (!this.#update(key, {}) || !this.#model)
      return;
    this.cancel(key);
    const id = this.#model.create('document', { name: cleanFileName(file.name), bytes: file.size, sha256: root, media_type: file.type.slice(0, MAX_TYPE) });
    this.#lender.add(id, file, sums);
  }

  /** @param {number} key @param {Partial<Upload>} changes @returns {boolean} whether it is still wanted */
  #update(key, changes) {
    const wanted = this.#tasks.some(task => task.key === key);
    this.#tasks = this.#tasks.map(task => (task.key === key ? { ...task, ...changes } : task));
    this.#progressed();
    return wanted;
  }

  /** The page is drawn no more often than anybody can see. */
  #progressed() {
    this.#soon ??= setTimeout(() => this.#changed(), PROGRESS_MS);
  }

  #changed() {
    clearTimeout(this.#soon);
    this.#soon = null;
    this.dispatchEvent(new CustomEvent('change'));
  }
}

/** @type {import('./fetcher.js').Clock} */
const realClock = {
  setInterval: (callback, ms) => setInterval(callback, ms), clearInterval: timer => clearInterval(timer), now: () => performance.now(), random: () => Math.random(),
};

/** Whoever made it may have meant harm. @param {Shared} shared */
const isSound = ({ fields: { name, bytes, sha256 } }) => name !== '' && bytes <= MAX_BYTES && isRoot(sha256);
