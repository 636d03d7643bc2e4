// Gets documents from those who have them (LINK-1.md, section 12): one at a time, from one person at a time, as long as it takes and whoever comes and goes
// meanwhile. Whoever has given something else than was asked for is not asked for that one again. It knows people by their ids and documents by
// what the model says of them.

import { ConclaveError } from './errors.js';
import { FetchRun } from './fetch-run.js';
import { Files, MAX_DOCUMENTS } from './file-messages.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {import('./fetch-run.js').Wanted} Wanted */
/** @typedef {import('./file-messages.js').FileMessage} FileMessage */
/** @typedef {import('./lender.js').Send} Send */
/** `waiting`: for those before it; `paused`: nobody who has it is there. @typedef {'waiting' | 'receiving' | 'paused'} FetchState */
/** What it fetches. last: who did not go on with it. @typedef {Wanted & { state: FetchState, refused: Set<string>, last: string, settle: (file: Blob | null, error?: string) => void }} Task */
/** @typedef {{ document: string, bytes: number, received: number, state: FetchState }} Fetch as the page sees it */
/** @typedef {{ setInterval: (callback: () => void, ms: number) => any, clearInterval: (timer: any) => void, now: () => number, random: () => number }} Clock */

const CHECK_EVERY = 5_000;

/** Events: `change`; `progress`: how far it is. */
export class Fetcher extends EventTarget {
  #open;
  #clock;
  /** What each says that they have whole. @type {Map<string, { send: Send, has: Set<string> }>} */ #holders = new Map();
  /** @type {Task[]} */ #tasks = [];
  /** @type {{ person: string, task: Task, run: FetchRun } | null} */ #current = null;
  #lastTransfer = 0;
  #working = false;
  #wake = () => {};

  /** @param {{ open: () => Promise<import('./document-store.js').Place>, clock: Clock }} options open: where one file is put */
  constructor({ open, clock }) {
    super();
    this.#open = open;
    this.#clock = clock;
  }

  // ---- the others

  /** @param {string} person whose channel is open @param {Send} send */
  join(person, send) {
    this.#holders.set(person, { send, has: new Set() });
  }

  /** @param {string} person */
  leave(person) {
    if (!this.#holders.delete(person))
      return;
    if (this.#current?.person === person)
      this.#current.run.end('lost');
    this.#changed();
  }

  /** Who says that they have it whole. @param {string} id of a document @returns {string[]} */
  holders(id) {
    return [...this.#holders].filter(([, { has }]) => has.has(id)).map(([person]) => person);
  }

  /** @param {string} person @param {FileMessage} message one of `HAVE`, `SUMS`, `PART`, `STOP` */
  receive(person, message) {
    const holder = this.#holders.get(person);
    if (holder && message.type === Files.HAVE) {
      holder.has = new Set(message.documents);
      this.#changed();
      this.#wake();
    } else if (holder && this.#current?.person === person) {
      if (message.type === Files.STOP)
        holder.has.delete(this.#current.task.document);
      this.#current.run.receive(message);
    }
  }

  // ---- what is wanted

  /** @returns {readonly Fetch[]} */
  get fetches() {
    return this.#tasks;
  }

  /**
   * @param {{ document: string, bytes: number, root: string }} wanted
   * @returns {Promise<{ file: Blob, sums: Bytes }>} when it is whole; rejects with `ConclaveError`: `cancelled`, `no-space`, `too-many`
   */
  fetch(wanted) {
    if (this.#tasks.length >= MAX_DOCUMENTS || this.#find(wanted.document))
      return Promise.reject(new ConclaveError('too-many'));
    return new Promise((resolve, reject) => {
      /** @type {Task} */
      const task = {
        ...wanted, kept: 0, received: 0, state: 'waiting', sums: null, place: null, refused: new Set(), last: '',
        settle: (file, error = 'internal') => (file ? resolve({ file, sums: task.sums ?? new Uint8Array(0) }) : reject(new ConclaveError(error))),
      };
      this.#tasks = [...this.#tasks, task];
      this.#changed();
      this.#wake();
      void this.#work();
    });
  }

  /** @param {string} id */
  #find(id) {
    return this.#tasks.find(task => task.document === id);
  }

  /** @param {string} id */
  cancel(id) {
    const task = this.#find(id);
    if (!task)
      return;
    this.#drop(task, 'cancelled');
    if (this.#current?.task === task)
      this.#current.run.end('cancelled');
    else
      void task.place?.discard();
    this.#wake();
  }

  /** Nobody is there any more. */
  clear() {
    for (const task of this.#tasks)
      this.cancel(task.document);
    this.#holders.clear();
  }

  // ---- one after the other

  async #work() {
    if (this.#working)
      return;
    this.#working = true;
    while (this.#tasks.length > 0) {
      const next = this.#choose();
      for (const task of this.#tasks)
        task.state = task === next?.task ? 'receiving' : this.#who(task).length > 0 ? 'waiting' : 'paused';
      this.#changed();
      if (next)
        await this.#get(next.task, next.person);
      else
        await new Promise(resolve => {
          this.#wake = () => resolve(undefined);
        });
    }
    this.#working = false;
  }

  /** Who may be asked for it. @param {Task} task @returns {string[]} */
  #who(task) {
    return this.holders(task.document).filter(person => !task.refused.has(person));
  }

  /** The first one that somebody has; of those who have it anybody, but rather not who did not go on with it. */
  #choose() {
    for (const task of this.#tasks) {
      const all = this.#who(task);
      const others = all.filter(person => person !== task.last);
      const people = others.length > 0 ? others : all;
      if (people.length > 0)
        return { task, person: people[Math.floor(this.#clock.random() * people.length)] };
    }
    return null;
  }

  /** As far as that person gives it. @param {Task} task @param {string} person */
  async #get(task, person) {
    task.place ??= await this.#open();
    const send = this.#holders.get(person)?.send;
    if (!this.#tasks.includes(task))
      await task.place.discard();
    if (!send || !this.#tasks.includes(task))
      return;
    const run = new FetchRun({ wanted: task, transfer: ++this.#lastTransfer, send, now: this.#clock.now, onProgress: () => this.dispatchEvent(new CustomEvent('progress')) });
    const timer = this.#clock.setInterval(() => run.check(), CHECK_EVERY);
    this.#current = { person, task, run };
    const why = await run.run();
    this.#current = null;
    this.#clock.clearInterval(timer);
    task.last = person;
    if (why === 'false')
      task.refused.add(person);
    if (why === 'whole')
      await this.#complete(task);
    else if (why === 'full' || !this.#tasks.includes(task))
      await this.#giveUp(task);
  }

  /** @param {Task} task */
  async #complete(task) {
    const file = await task.place?.finish().catch(() => null);
    if (!file || !this.#tasks.includes(task)) {
      await this.#giveUp(task);
      return;
    }
    this.#tasks = this.#tasks.filter(other => other !== task);
    task.settle(file);
    this.#changed();
  }

  /** There is no room for it, or nobody wants it. @param {Task} task */
  async #giveUp(task) {
    this.#drop(task, 'no-space');
    await task.place?.discard();
  }

  /** @param {Task} task @param {string} error */
  #drop(task, error) {
    this.#tasks = this.#tasks.filter(other => other !== task);
    task.settle(null, error);
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new CustomEvent('change'));
  }
}
