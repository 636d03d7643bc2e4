// A file of this computer, read piece by piece, that has to stay what it was: what is sent must not begin as one version and end as
// another. Chromium refuses to read what was changed since it was chosen; Firefox reads what is there now, so each piece is summed up, and
// all of them are read once more before the last one goes.

import { ConclaveError } from './errors.js';

export class SteadyFile {
  #file;
  /** What was read last, by where it begins. @type {Map<number, { to: number, sum: Uint8Array }>} */ #read = new Map();

  /** @param {Blob} file */
  constructor(file) {
    this.#file = file;
  }

  /** Begins anew. */
  forget() {
    this.#read.clear();
  }

  /** @param {number} from @param {number} to @returns {Promise<Blob>} in memory; rejects with `ConclaveError` `file-changed` */
  async read(from, to) {
    const bytes = await this.#bytes(from, to);
    if (from > 0 || to < this.#file.size)
      this.#read.set(from, { to, sum: await sumOf(bytes) });
    return new Blob([bytes]);
  }

  /** What begins before that is still as it was read; else rejects with `ConclaveError` `file-changed`. @param {number} end */
  async check(end) {
    for (const [from, { to, sum }] of [...this.#read].filter(([at]) => at < end)) {
      const now = await sumOf(await this.#bytes(from, to));
      if (now.some((byte, i) => byte !== sum[i]))
        throw new ConclaveError('file-changed');
    }
  }

  /** @param {number} from @param {number} to */
  async #bytes(from, to) {
    const bytes = await this.#file.slice(from, to).arrayBuffer().catch(error => {
      throw new ConclaveError('file-changed', error);
    });
    if (bytes.byteLength !== to - from)
      throw new ConclaveError('file-changed');
    return bytes;
  }
}

/** @param {ArrayBuffer} bytes */
const sumOf = async bytes => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
