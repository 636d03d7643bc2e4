// What brings an Off-the-record room back where the server was started anew, and knows nothing of it any more (PROTOCOL.md, section 2.1): the newest
// receipt that the server gave this browser. It lies in the tab, and beside the room's link where this browser keeps that. While one is in the
// meeting it is exchanged for a new one now and then, because only a young one says that one is.

import { KeptLinks } from './kept-links.js';

/** The server takes them as those of people who are in for 30 minutes. */
const EVERY = 10 * 60_000;

export class Receipts {
  #room;
  #storage;
  #ask;
  /** @type {any} */ #timer = null;

  /**
   * @param {object} options
   * @param {string} options.room its id
   * @param {Pick<Storage, 'getItem' | 'setItem'>} options.storage sessionStorage
   * @param {() => Promise<{ type: string, receipt?: unknown }>} options.ask the server for a new one
   */
  constructor({ room, storage, ask }) {
    this.#room = room;
    this.#storage = storage;
    this.#ask = ask;
  }

  get #key() {
    return `conclave.receipt.${this.#room}`;
  }

  /** @returns {string | null} */
  get newest() {
    return this.#storage.getItem(this.#key) || new KeptLinks().receiptOf(this.#room) || null;
  }

  /** What is shown to the server, whether it knows the room or not. @returns {{ receipt?: string }} */
  get shown() {
    const receipt = this.newest;
    return receipt === null ? {} : { receipt };
  }

  /** What the server has said. @param {{ receipt?: unknown }} message */
  take({ receipt }) {
    if (typeof receipt !== 'string')
      return;
    this.#storage.setItem(this.#key, receipt);
    new KeptLinks().keepReceipt(this.#room, receipt);
  }

  /** From now on one is in. @param {{ receipt?: unknown }} joined */
  begin(joined) {
    this.stop();
    if (typeof joined.receipt !== 'string')
      return; // the server knows the room in any case
    this.take(joined);
    this.#timer = setInterval(() => void this.renew(), EVERY);
  }

  /** Also after the room has got another secret: the one before does not fit any more. */
  async renew() {
    if (this.#timer === null)
      return;
    try {
      this.take(await this.#ask());
    } catch {
      // the one before is good for a while
    }
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = null;
  }
}
