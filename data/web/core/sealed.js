// Sealed records of link-1: AES-256-GCM under one key for each direction, a counter as nonce, AAD = th ‖ type.
// A `Sealer` never uses a counter twice, an `Opener` takes only the next one: nothing is repeated, left out or reordered.
// The keys are fresh in every attempt, so counters start at 1 each time.
//
//   record = type[1] ‖ counter[4] ‖ ciphertext (with its 16 byte tag)        nonce = 00[8] ‖ counter[4]

import { concat, release, u32 } from './bytes.js';
import { LinkError } from './link-error.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */

const HEADER = 5;
const TAG = 16;
const MAX_COUNTER = 0xffffffff;
const { subtle } = globalThis.crypto;

/** @param {Bytes} key @param {'encrypt' | 'decrypt'} use */
const gcmKey = (key, use) => subtle.importKey('raw', key, 'AES-GCM', false, [use]);

/** @param {number} counter */
const nonce = counter => concat(new Uint8Array(8), u32(counter));

export class Sealer {
  #counter = 0;
  #key;
  #th;

  /** @param {Bytes} key 32 bytes @param {Bytes} th */
  constructor(key, th) {
    this.#key = gcmKey(key, 'encrypt');
    this.#th = th;
  }

  /** @param {number} type one byte @param {Bytes} plaintext @returns {Promise<Bytes>} a record */
  async seal(type, plaintext) {
    if (this.#counter >= MAX_COUNTER)
      throw new LinkError('link-sealed');
    const counter = ++this.#counter;
    const algorithm = { name: 'AES-GCM', iv: nonce(counter), additionalData: concat(this.#th, type) };
    const ciphertext = new Uint8Array(await subtle.encrypt(algorithm, await this.#key, plaintext));
    const record = concat(type, u32(counter), ciphertext);
    release(ciphertext);
    return record;
  }
}

export class Opener {
  #counter = 0;
  #key;
  #th;

  /** @param {Bytes} key 32 bytes @param {Bytes} th */
  constructor(key, th) {
    this.#key = gcmKey(key, 'decrypt');
    this.#th = th;
  }

  /**
   * In the order they came; the next one may be given before this one is open, and nothing more once one was not.
   * @param {Bytes} record @returns {Promise<{ type: number, plaintext: Bytes }>} rejects with `link-sealed`
   */
  async open(record) {
    if (record.length < HEADER + TAG)
      throw new LinkError('link-malformed');
    const type = record[0];
    const counter = new DataView(record.buffer, record.byteOffset).getUint32(1);
    if (counter !== this.#counter + 1)
      throw new LinkError('link-sealed');
    this.#counter = counter;
    const algorithm = { name: 'AES-GCM', iv: nonce(counter), additionalData: concat(this.#th, type) };
    try {
      const plaintext = await subtle.decrypt(algorithm, await this.#key, record.subarray(HEADER));
      return { type, plaintext: new Uint8Array(plaintext) };
    } catch (error) {
      this.#counter = MAX_COUNTER;
      throw new LinkError('link-sealed', error);
    }
  }
}
