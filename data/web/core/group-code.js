// One code for everybody in a meeting between browsers, to be compared by voice (LINK-1.md, section 6). Each says to each which connections it
// has; once all rows fit together, all commit to a nonce before any reveals one, and the code is the hash of what was revealed and of the sorted
// transcripts of all pairs. It takes and gives bytes: who sends them, over confirmed channels only, is `verification.js`. Calls must not overlap.

import { T, concat, equal, fromUtf8, lp, u32, utf8 } from './bytes.js';
import { sha256 } from './crypto.js';
import { LinkError } from './link-error.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** What one says of its connections: their transcripts, by the id of the other. @typedef {{ version: number, pairs: Map<string, Bytes> }} Row */
/** Of the present epoch. @typedef {{ epoch: Bytes, nonce: Bytes, revealed: boolean }} Mine */
/** Two people whose rows do not say the same of their connection. @typedef {readonly [string, string]} Dispute */

/** Types of messages between two people, as `verification.js` uses them, too. */
export const Talk = Object.freeze({ ROW: 2, COMMIT: 3, REVEAL: 4, DIFFERS: 10 });

const SYMBOLS = 7;
const BITS = 6;
const ID = 13;
const HASH = 32;
const MAX_PAIRS = 32;
const PARTICIPANT = /^p[abcdefghijkmnpqrstuvwxyz2-9]{12}$/;

/** By the bytes of ids or transcripts, which is what every browser has the same of. @param {Bytes} a @param {Bytes} b */
const order = (a, b) => {
  const i = a.findIndex((byte, at) => byte !== b[at]);
  return i < 0 ? 0 : a[i] - b[i];
};

/** @param {Row} row @returns {Bytes} version[4] ‖ n[1] ‖ n × (id[13] ‖ th[32]), in the order of the ids */
export function composeRow({ version, pairs }) {
  const entries = [...pairs].sort(([a], [b]) => (a < b ? -1 : 1));
  return concat(u32(version), entries.length, ...entries.flatMap(([id, th]) => [utf8(id), th]));
}

/** @param {Bytes} bytes @returns {Row} throws `link-malformed` */
export function parseRow(bytes) {
  const n = bytes[4];
  if (bytes.length < 5 || n > MAX_PAIRS || bytes.length !== 5 + n * (ID + HASH))
    throw new LinkError('link-malformed');
  const pairs = new Map();
  for (let at = 5; at < bytes.length; at += ID + HASH) {
    const id = bytes.subarray(at, at + ID).every(byte => byte < 0x80) ? fromUtf8(bytes.subarray(at, at + ID)) : '';
    if (!PARTICIPANT.test(id) || pairs.has(id))
      throw new LinkError('link-malformed');
    pairs.set(id, bytes.slice(at + ID, at + ID + HASH));
  }
  return { version: new DataView(bytes.buffer, bytes.byteOffset).getUint32(0), pairs };
}

/**
 * What is compared: who is there, in which state, and the transcripts of all pairs. No epoch comes twice: each side counts its own changes.
 * @param {string} room @param {readonly { id: string, version: number }[]} people @param {readonly Bytes[]} transcripts each once
 * @returns {Promise<Bytes>}
 */
export function epochOf(room, people, transcripts) {
  const sorted = [...people].sort((a, b) => (a.id < b.id ? -1 : 1));
  return sha256(T('epoch'), lp(room), sorted.length, ...sorted.flatMap(({ id, version }) => [lp(id), u32(version)]), ...[...transcripts].sort(order));
}

/** @param {Bytes} epoch @param {string} id whose it is @param {Bytes} nonce @returns {Promise<Bytes>} */
export const commitTo = (epoch, id, nonce) => sha256(T('epoch commit'), epoch, lp(id), nonce);

/** @param {Bytes} epoch @param {ReadonlyMap<string, Bytes>} nonces by id @returns {Promise<number[]>} seven numbers below 64 */
export async function codeOf(epoch, nonces) {
  const sorted = [...nonces].sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = await sha256(T('code'), epoch, ...sorted.map(([, nonce]) => nonce));
  return Array.from({ length: SYMBOLS }, (_, i) => {
    const bit = i * BITS;
    return ((hash[bit >> 3] << 8 | hash[(bit >> 3) + 1]) >> (16 - BITS - bit % 8)) & 63;
  });
}

export class GroupCode {
  #room;
  #self;
  #send;
  #random;
  #version = 0;
  /** Own connections. @type {Map<string, Bytes>} */ #pairs = new Map();
  /** @type {Map<string, Row>} */ #rows = new Map();
  /** @type {Map<string, { epoch: Bytes, commit: Bytes, nonce: Bytes | null }>} */ #said = new Map();
  /** @type {Mine | null} */ #mine = null;
  /** Seven numbers below 64 while everybody has the same before them. @type {readonly number[] | null} */ code = null;
  /** @type {Dispute | null} */ dispute = null;

  /**
   * @param {object} options
   * @param {string} options.room @param {string} options.self own id
   * @param {(to: string, type: number, bytes: Bytes) => void} options.send over the confirmed channel to that person
   * @param {() => Bytes} [options.random] 32 bytes; for tests
   */
  constructor({ room, self, send, random = () => crypto.getRandomValues(new Uint8Array(HASH)) }) {
    this.#room = room;
    this.#self = self;
    this.#send = send;
    this.#random = random;
  }

  /** Who is compared, oneself left out. */
  get people() {
    return [...this.#pairs.keys()];
  }

  /** A connection was confirmed, or is gone. @param {string} id @param {Bytes | null} th */
  async setPair(id, th) {
    if (!th && !this.#pairs.has(id))
      return;
    this.#rows.delete(id);
    this.#said.delete(id);
    if (th)
      this.#pairs.set(id, th);
    else
      this.#pairs.delete(id);
    this.#version++;
    this.#tell(Talk.ROW, composeRow({ version: this.#version, pairs: this.#pairs }));
    await this.#advance();
  }

  /** Rejects with a LinkError that ends the pair. @param {string} from @param {number} type @param {Bytes} bytes */
  async receive(from, type, bytes) {
    if (!this.#pairs.has(from))
      return;
    switch (type) {
      case Talk.ROW: this.#onRow(from, parseRow(bytes)); break;
      case Talk.COMMIT: this.#onCommit(from, bytes); break;
      case Talk.REVEAL: await this.#onReveal(from, bytes); break;
      default: throw new LinkError('link-malformed');
    }
    await this.#advance();
  }

  /** @param {string} from @param {Row} row */
  #onRow(from, row) {
    const own = row.pairs.get(this.#self);
    if (!own || !equal(own, /** @type {Bytes} */ (this.#pairs.get(from))))
      throw new LinkError('link-code');
    if (row.version <= (this.#rows.get(from)?.version ?? 0))
      throw new LinkError('link-order');
    this.#rows.set(from, row);
  }

  /** @param {string} from @param {Bytes} bytes epoch[32] ‖ commit[32] */
  #onCommit(from, bytes) {
    const { epoch, value: commit } = parseValue(bytes);
    const before = this.#said.get(from);
    if (before && equal(before.epoch, epoch))
      throw new LinkError('link-order');
    if (this.#mine?.revealed && equal(this.#mine.epoch, epoch))
      throw new LinkError('link-order'); // all had committed: who comes back to it from another epoch has seen this side's nonce
    this.#said.set(from, { epoch, commit, nonce: null });
  }

  /** @param {string} from @param {Bytes} bytes epoch[32] ‖ nonce[32] */
  async #onReveal(from, bytes) {
    const { epoch, value: nonce } = parseValue(bytes);
    const said = this.#said.get(from);
    if (!said || said.nonce || !equal(said.epoch, epoch))
      throw new LinkError('link-order');
    if (!equal(await commitTo(epoch, from, nonce), said.commit))
      throw new LinkError('link-code');
    said.nonce = nonce;
  }

  /** As far as what is known allows. */
  async #advance() {
    const transcripts = this.#transcripts();
    if (!transcripts) {
      this.#mine = null;
      this.code = null;
      return;
    }
    const people = [{ id: this.#self, version: this.#version }, ...[...this.#rows].map(([id, { version }]) => ({ id, version }))];
    const epoch = await epochOf(this.#room, people, transcripts);
    if (!this.#mine || !equal(this.#mine.epoch, epoch))
      await this.#commit(epoch);
    await this.#revealAndCode(epoch);
  }

  /** @param {Bytes} epoch */
  async #commit(epoch) {
    const nonce = this.#random();
    this.#mine = { epoch, nonce, revealed: false };
    this.code = null;
    this.#tell(Talk.COMMIT, concat(epoch, await commitTo(epoch, this.#self, nonce)));
  }

  /** Nobody learns this side's nonce before all have committed to theirs. @param {Bytes} epoch */
  async #revealAndCode(epoch) {
    const mine = /** @type {Mine} */ (this.#mine);
    const said = this.people.map(id => this.#said.get(id));
    if (!said.every(one => one && equal(one.epoch, epoch)))
      return;
    if (!mine.revealed) {
      mine.revealed = true;
      this.#tell(Talk.REVEAL, concat(epoch, mine.nonce));
    }
    const nonces = new Map([[this.#self, mine.nonce]]);
    for (const id of this.people) {
      const nonce = this.#said.get(id)?.nonce;
      if (nonce)
        nonces.set(id, nonce);
    }
    if (!this.code && nonces.size === this.#pairs.size + 1)
      this.code = await codeOf(epoch, nonces);
  }

  /**
   * The transcripts of all pairs, each once, if everybody is connected to everybody and both ends of each pair say the same of it.
   * @returns {Bytes[] | null}
   */
  #transcripts() {
    this.dispute = null;
    const rows = new Map([[this.#self, this.#pairs]]);
    this.#rows.forEach(({ pairs }, id) => rows.set(id, pairs));
    let whole = this.#pairs.size > 0 && rows.size === this.#pairs.size + 1;
    const found = [];
    for (const [a, ofA] of rows) {
      whole &&= ofA.size === rows.size - 1;
      for (const [b, th] of ofA) {
        const other = rows.get(b)?.get(a);
        if (!other)
          whole = false;
        else if (!equal(th, other))
          this.dispute = [a, b];
        else if (a < b)
          found.push(th);
      }
    }
    return whole && !this.dispute ? found : null;
  }

  /** @param {number} type @param {Bytes} bytes */
  #tell(type, bytes) {
    for (const id of this.#pairs.keys())
      this.#send(id, type, bytes);
  }
}

/** @param {Bytes} bytes */
function parseValue(bytes) {
  if (bytes.length !== 2 * HASH)
    throw new LinkError('link-malformed');
  return { epoch: bytes.slice(0, HASH), value: bytes.slice(HASH) };
}
