// Who of a meeting between browsers was verified by voice: the group's code, and the marks that people set when they compared it. A pair is there once
// both have proved their sessions' keys (LINK-1.md, section 5). Everything runs one after the other. It reads and says nothing but what goes over
// confirmed channels, and knows nothing of the page.

import { toBase64url } from './bytes.js';
import { GroupCode, Talk } from './group-code.js';
import { LinkError } from './link-error.js';
import { RotationTalk } from './rotation.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** A confirmed pair; sign: the key of the other's session, which they have proved. @typedef {{ th: Bytes, sign: Bytes, send: (type: number, bytes: Bytes) => void, refuse: (error: LinkError) => void }} Confirmed */
/** `none`: nobody to compare with; `waiting`: not everybody is connected to everybody; `disputed`: two say different things of their connection
 * @typedef {'none' | 'waiting' | 'ready' | 'disputed'} CodeState */

/** A row of before somebody connected anew may still be on its way. */
const DISPUTE_AFTER = 10_000;
const MAX_MARKS = 200;
/** ms that the others have to hear that codes differ. */
const TELL_WAIT = 1_000;
const TELL_EVERY = 20;
/** @type {ReadonlySet<number>} */ const ROTATIONS = new Set(Object.values(RotationTalk));

/** Keys of sessions that were compared by voice; it outlives seats, and reloads as `kept`. */
export class Marks {
  /** @type {Set<string>} */ #keys = new Set();

  /** @param {unknown} kept of the page before */
  take(kept) {
    if (Array.isArray(kept))
      kept.filter(key => typeof key === 'string' && key.length === 87).forEach(key => this.#keys.add(key));
  }

  get kept() {
    return [...this.#keys].slice(-MAX_MARKS);
  }

  /** @param {Bytes} sign */
  add(sign) {
    this.#keys.add(toBase64url(sign));
  }

  /** @param {Bytes} sign */
  has(sign) {
    return this.#keys.has(toBase64url(sign));
  }
}

export class Verification {
  #options;
  /** known: to the group @type {Map<string, Confirmed & { known: boolean }>} */ #pairs = new Map();
  #group;
  #queue = Promise.resolve();
  /** Pairs that came or went, and that the group does not know of yet. */ #pending = 0;
  #shown = '';
  #disputed = false;
  /** @type {any} */ #timer = null;

  /**
   * @param {object} options
   * @param {string} options.room @param {string} options.self own id
   * @param {Marks} options.marks
   * @param {() => void} options.changed
   * @param {(id: string) => void} [options.differs] somebody says that the codes differ
   * @param {import('./rotation.js').Rotation | null} [options.rotation] what goes over the same channels
   */
  constructor(options) {
    this.#options = options;
    const { room, self } = options;
    this.#group = new GroupCode({ room, self, send: (to, type, bytes) => this.#send(to, type, bytes) });
  }

  /** @returns {CodeState} */
  get state() {
    if (this.#pairs.size === 0)
      return 'none';
    if (this.#disputed)
      return 'disputed';
    return this.code ? 'ready' : 'waiting';
  }

  /** Seven numbers below 64, or null. */
  get code() {
    return this.#pending === 0 && this.#pairs.size > 0 ? this.#group.code : null;
  }

  /** Ids of two people who say different things of their connection. */
  get dispute() {
    return this.#disputed ? this.#group.dispute : null;
  }

  /** Whether somebody's session was verified by voice. @param {string} id */
  verified(id) {
    const pair = this.#pairs.get(id);
    return pair ? this.#options.marks.has(pair.sign) : false;
  }

  /** People have compared this code. @param {readonly number[]} code the one that they saw @returns {boolean} false: it is another one by now */
  accept(code) {
    if (this.code?.join() !== code.join())
      return false;
    this.#pairs.forEach(({ sign }) => this.#options.marks.add(sign));
    this.#changed();
    return true;
  }

  /** People say that the codes differ. Resolves when the others have ended their pairs for it, or a second later: whoever is between may keep it back. @param {number} [wait] ms */
  async tellDiffers(wait = TELL_WAIT) {
    for (const pair of this.#pairs.values())
      pair.send(Talk.DIFFERS, new Uint8Array(0));
    const end = performance.now() + wait;
    while (this.#pairs.size > 0 && performance.now() < end)
      await new Promise(resolve => setTimeout(resolve, TELL_EVERY));
  }

  /** @param {string} id @param {Confirmed | null} confirmed null: the connection is gone */
  set(id, confirmed) {
    this.#pairs.delete(id);
    this.#options.rotation?.gone(id);
    const pair = confirmed && { ...confirmed, known: false };
    if (pair) {
      this.#pairs.set(id, pair);
      this.#options.rotation?.met(id, pair);
    }
    this.#pending++;
    this.#enqueue(id, async () => {
      try {
        if (pair)
          pair.known = true;
        await this.#group.setPair(id, confirmed?.th ?? null);
      } finally {
        this.#pending--;
      }
    });
  }

  /** @param {string} id @param {number} type @param {Bytes} bytes */
  receive(id, type, bytes) {
    const pair = this.#pairs.get(id);
    this.#enqueue(id, async () => {
      if (!pair || pair !== this.#pairs.get(id))
        return;
      if (ROTATIONS.has(type))
        await this.#options.rotation?.receive(id, type, bytes);
      else if (type === Talk.DIFFERS)
        this.#onDiffers(id, bytes);
      else
        await this.#group.receive(id, type, bytes);
    });
  }

  /** They have ended the call; so has this side, with them. @param {string} id @param {Bytes} bytes */
  #onDiffers(id, bytes) {
    if (bytes.length > 0)
      throw new LinkError('link-malformed');
    this.#options.differs?.(id);
    throw new LinkError('link-differs');
  }

  close() {
    clearTimeout(this.#timer);
    this.#pairs.clear();
  }

  /** What was on its way over the connection before is not said over a new one. @param {string} to @param {number} type @param {Bytes} bytes */
  #send(to, type, bytes) {
    const pair = this.#pairs.get(to);
    if (pair?.known)
      pair.send(type, bytes);
  }

  /** @param {string} id whose pair ends if it fails @param {() => Promise<void>} task */
  #enqueue(id, task) {
    const pair = this.#pairs.get(id);
    this.#queue = this.#queue.then(task).catch(error => {
      if (pair === this.#pairs.get(id))
        pair?.refuse(error instanceof LinkError ? error : new LinkError('link-unsupported', error));
    }).then(() => this.#onAdvanced());
  }

  #onAdvanced() {
    const { dispute } = this.#group;
    if (!dispute) {
      clearTimeout(this.#timer);
      this.#timer = null;
      this.#disputed = false;
    } else if (!this.#timer) {
      this.#timer = setTimeout(() => {
        this.#disputed = this.#group.dispute !== null && this.#pairs.size > 0;
        this.#changed();
      }, DISPUTE_AFTER);
    }
    this.#changed();
  }

  /** Tells only what is new. */
  #changed() {
    const now = JSON.stringify([this.state, this.code, this.dispute, [...this.#pairs.keys()].map(id => this.verified(id))]);
    if (now === this.#shown)
      return;
    this.#shown = now;
    this.#options.changed();
  }
}
