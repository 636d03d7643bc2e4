// One document from one person, as far as they give it (LINK-1.md, section 12): the sums first, then pieces, a few asked for ahead of those that have come. Each is
// checked before it is kept. How far it is stays with the task, so that somebody else can go on from there. `fetcher.js` says with whom.

import { release } from './bytes.js';
import { Files, composeFile } from './file-messages.js';
import { PIECE, isPiece, lengthOf, piecesOf, rootOf } from './pieces.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {import('./file-messages.js').FileMessage} FileMessage */
/**
 * What is wanted, and how much of it is there.
 * @typedef {object} Wanted
 * @property {string} document its id
 * @property {number} bytes
 * @property {string} root what stands for the sums of its pieces
 * @property {number} kept bytes that are checked and put away
 * @property {number} received those, and what has come since
 * @property {Bytes | null} sums once they are known
 * @property {import('./document-store.js').Place | null} place
 */
/** `lost`: they may be asked again; `false`: they gave something else, and may not; `full`: there is no room for it. @typedef {'whole' | 'lost' | 'false' | 'full' | 'cancelled'} Ending */

/** Pieces that are asked for before they are there. */
const AHEAD = 4;
/** ms without anything of what was asked for. */
const PATIENCE = 30_000;

export class FetchRun {
  #options;
  #wanted;
  #transfer;
  #pieces;
  /** Of the pieces: asked for up to here, come up to here. */ #asked;
  #next;
  /** Of the one that comes. */ #at = 0;
  #piece = new Uint8Array(0);
  /** Such as are put away, for others to come. @type {Bytes[]} */ #spare = [];
  #heard = 0;
  #ended = false;
  /** One after the other: sums, then each piece. */ #looking = Promise.resolve();
  #end = (/** @type {Ending} */ _why) => {};

  /** @param {{ wanted: Wanted, transfer: number, send: import('./lender.js').Send, now: () => number, onProgress: () => void }} options */
  constructor(options) {
    this.#options = options;
    const { wanted, transfer } = options;
    this.#wanted = wanted;
    this.#transfer = transfer;
    this.#pieces = piecesOf(wanted.bytes);
    this.#asked = this.#next = wanted.kept / PIECE;
    wanted.received = wanted.kept;
  }

  /** @returns {Promise<Ending>} when nothing of it is under way any more */
  async run() {
    const ended = new Promise(resolve => {
      this.#end = resolve;
    });
    this.#heard = this.#options.now();
    this.#say({ type: Files.OPEN, transfer: this.#transfer, document: this.#wanted.document });
    const why = await ended;
    await this.#looking;
    this.#wanted.received = this.#wanted.kept;
    return why;
  }

  /** @param {Ending} why */
  end(why) {
    if (this.#ended)
      return;
    this.#ended = true;
    this.#say({ type: Files.STOP, transfer: this.#transfer });
    this.#end(why);
  }

  /** Whether it is worth waiting. */
  check() {
    if (this.#options.now() - this.#heard > PATIENCE)
      this.end('lost');
  }

  /** @param {FileMessage} message of this person */
  receive(message) {
    if (this.#ended || message.type === Files.HAVE || message.transfer !== this.#transfer)
      return;
    this.#heard = this.#options.now();
    switch (message.type) {
      case Files.SUMS: this.#look(() => this.#onSums(message.sums)); break;
      case Files.PART: this.#onPart(message.offset, message.bytes); break;
      case Files.STOP: this.end('lost'); break;
      default: break;
    }
  }

  /** @param {() => Promise<void>} look */
  #look(look) {
    this.#looking = this.#looking.then(() => (this.#ended ? undefined : look())).catch(() => this.end('full'));
  }

  /** @param {Bytes} sums */
  async #onSums(sums) {
    const { bytes, root } = this.#wanted;
    if (await rootOf(bytes, sums) !== root) {
      this.end('false');
      return;
    }
    this.#wanted.sums = sums;
    this.#goOn();
  }

  /** @param {number} offset @param {Bytes} bytes */
  #onPart(offset, bytes) {
    const length = lengthOf(this.#next, this.#wanted.bytes);
    if (this.#next >= this.#asked || offset !== this.#next * PIECE + this.#at || this.#at + bytes.length > length) {
      this.end('false');
      return;
    }
    if (this.#at === 0)
      this.#piece = (length === PIECE && this.#spare.pop()) || new Uint8Array(length);
    this.#piece.set(bytes, this.#at);
    this.#at += bytes.length;
    this.#wanted.received = offset + bytes.length;
    release(bytes);
    if (this.#at === length) {
      const piece = this.#piece;
      const index = this.#next++;
      this.#at = 0;
      this.#look(() => this.#onPiece(index, piece));
    }
    this.#options.onProgress();
  }

  /** What is kept counts, also where it has ended meanwhile. @param {number} index @param {Bytes} piece */
  async #onPiece(index, piece) {
    const wanted = this.#wanted;
    if (!wanted.sums || !wanted.place || !await isPiece(piece, index, wanted.sums)) {
      this.end('false');
      return;
    }
    await wanted.place.append(piece);
    wanted.kept += piece.length;
    if (piece.length === PIECE)
      this.#spare.push(piece);
    this.#goOn();
  }

  #goOn() {
    if (this.#wanted.kept === this.#wanted.bytes)
      this.end('whole');
    this.#heard = this.#options.now(); // what was not asked for was not late
    while (!this.#ended && this.#asked < this.#pieces && this.#asked * PIECE < this.#wanted.kept + AHEAD * PIECE)
      this.#say({ type: Files.WANT, transfer: this.#transfer, piece: this.#asked++ });
  }

  /** @param {FileMessage} message */
  #say(message) {
    void this.#options.send(...composeFile(message));
  }
}
