// Gives the others pieces of the files that this page has, as they ask (LINK-1.md, section 12). A file is read a piece at a time when somebody wants
// that piece, never before, and sent no quicker than the channel takes it. It knows files by ids, people by theirs, and nothing of what either is.

import { release } from './bytes.js';
import { Files, MAX_DOCUMENTS, MAX_PART, composeFile } from './file-messages.js';
import { PIECE, piecesOf, readPiece } from './pieces.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {import('./file-messages.js').FileMessage} FileMessage */
/** @typedef {(type: number, bytes: Bytes) => Promise<boolean>} Send false: it may not have gone */
/** What one of the others is taking. @typedef {{ transfer: number, document: string, sent: number }} Loan */
/** @typedef {{ send: Send, loans: Map<number, Loan>, tasks: (() => Promise<unknown>)[], busy: boolean }} Borrower tasks: what is sent next */

/** What one may be taking at once, and answers that one waits for: what is asked beyond that is not heard. */
const MAX_LOANS = 4;
const MAX_TASKS = 16;

/** Events: `change`: of who takes what; `progress`: how far it is; `lost` {detail: {document}}: the file can no longer be read. */
export class Lender extends EventTarget {
  /** @type {Map<string, { file: Blob, sums: Bytes }>} */ #files = new Map();
  /** @type {Map<string, Borrower>} */ #borrowers = new Map();

  /** @param {string} id of a document @param {Blob} file not read now @param {Bytes} sums of its pieces */
  add(id, file, sums) {
    if (this.#files.size >= MAX_DOCUMENTS)
      return;
    this.#files.set(id, { file, sums });
    this.#sayAll();
  }

  /** @param {string} id */
  remove(id) {
    if (!this.#files.delete(id))
      return;
    for (const borrower of this.#borrowers.values())
      [...borrower.loans.values()].filter(loan => loan.document === id).forEach(loan => this.#refuse(borrower, loan.transfer));
    this.#sayAll();
  }

  clear() {
    this.#files.clear();
    this.#borrowers.clear();
  }

  /** Ids of what there is. */
  get documents() {
    return [...this.#files.keys()];
  }

  /** @param {string} id @returns {Blob | null} */
  find(id) {
    return this.#files.get(id)?.file ?? null;
  }

  /** @param {string} person whose channel is open @param {Send} send */
  join(person, send) {
    this.#borrowers.set(person, { send, loans: new Map(), tasks: [], busy: false });
    void send(...this.#have());
  }

  /** @param {string} person */
  leave(person) {
    if (this.#borrowers.delete(person))
      this.#changed();
  }

  /** Who is taking what now. */
  get loans() {
    return [...this.#borrowers].flatMap(([person, { loans }]) => [...loans.values()].map(loan => ({
      person, document: loan.document, sent: loan.sent, bytes: this.find(loan.document)?.size ?? 0,
    })));
  }

  /** @param {string} person @param {FileMessage} message one of `OPEN`, `WANT`, `STOP` */
  receive(person, message) {
    const borrower = this.#borrowers.get(person);
    if (!borrower)
      return;
    switch (message.type) {
      case Files.OPEN: this.#open(borrower, message); break;
      case Files.WANT: this.#want(borrower, message); break;
      case Files.STOP: this.#close(borrower, message.transfer); break;
      default: break;
    }
  }

  /** @param {Borrower} borrower @param {{ transfer: number, document: string }} message */
  #open(borrower, { transfer, document: id }) {
    const known = this.#files.get(id);
    if (!known || borrower.loans.has(transfer) || borrower.loans.size >= MAX_LOANS) {
      this.#refuse(borrower, transfer);
      return;
    }
    borrower.loans.set(transfer, { transfer, document: id, sent: 0 });
    this.#answer(borrower, () => borrower.send(...composeFile({ type: Files.SUMS, transfer, sums: known.sums })));
    this.#changed();
  }

  /** @param {Borrower} borrower @param {{ transfer: number, piece: number }} message */
  #want(borrower, { transfer, piece }) {
    const loan = borrower.loans.get(transfer);
    const file = loan && this.find(loan.document);
    if (!loan || !file)
      return;
    if (piece < piecesOf(file.size))
      this.#answer(borrower, () => this.#sendPiece(borrower, loan, piece));
    else
      this.#refuse(borrower, transfer);
  }

  /** One after the other: the channel's pace is theirs. @param {Borrower} borrower @param {() => Promise<unknown>} task */
  #answer(borrower, task) {
    if (borrower.tasks.length >= MAX_TASKS)
      return;
    borrower.tasks.push(task);
    void this.#serve(borrower);
  }

  /** @param {Borrower} borrower */
  async #serve(borrower) {
    if (borrower.busy)
      return;
    borrower.busy = true;
    for (let task = borrower.tasks.shift(); task; task = borrower.tasks.shift())
      await task();
    borrower.busy = false;
  }

  /** @param {Borrower} borrower @param {Loan} loan @param {number} piece */
  async #sendPiece(borrower, loan, piece) {
    const { transfer, document: id } = loan;
    const goesOn = () => borrower.loans.get(transfer) === loan && this.#files.has(id);
    const file = this.find(id);
    if (!file || !goesOn())
      return;
    const bytes = await readPiece(file, piece).catch(() => null);
    if (!bytes) {
      this.#lose(id);
      return;
    }
    for (let at = 0; at < bytes.length && goesOn(); at += MAX_PART) {
      const part = bytes.subarray(at, at + MAX_PART);
      const offset = piece * PIECE + at;
      const [type, message] = composeFile({ type: Files.PART, transfer, offset, bytes: part });
      if (!await borrower.send(type, message))
        return;
      release(message);
      loan.sent = offset + part.length;
      this.dispatchEvent(new CustomEvent('progress'));
    }
    release(bytes);
  }

  /** Moved, changed or deleted since it was chosen. @param {string} id */
  #lose(id) {
    this.remove(id);
    this.dispatchEvent(new CustomEvent('lost', { detail: { document: id } }));
  }

  /** @param {Borrower} borrower @param {number} transfer */
  #refuse(borrower, transfer) {
    this.#close(borrower, transfer);
    this.#answer(borrower, () => borrower.send(...composeFile({ type: Files.STOP, transfer })));
  }

  /** @param {Borrower} borrower @param {number} transfer */
  #close(borrower, transfer) {
    if (borrower.loans.delete(transfer))
      this.#changed();
  }

  #have() {
    return composeFile({ type: Files.HAVE, documents: this.documents });
  }

  #sayAll() {
    for (const { send } of this.#borrowers.values())
      void send(...this.#have());
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new CustomEvent('change'));
  }
}
