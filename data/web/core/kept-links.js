// The links of rooms that only this browser has: those of rooms whose media go from browser to browser, and all that were made without
// an account. The server cannot know them, so they are in localStorage, for each account that uses this browser apart. Where the browser
// keeps nothing they last as long as the page, and `lasting` says so. What is read is somebody else's text until it has been checked.

import { fragmentOf, parseFragment } from './link.js';

/** @typedef {import('./link.js').Link} Link */
/** @typedef {{ room: string, fragment: string, kind: string, title: string, created: number, owner: string, receipt?: string, until?: number }} Kept receipt: see `receipts.js`; until: see `private-plan.js` */

const KEY = 'conclave.rooms';
const MOST = 500;

/** @param {any} value @returns {value is Kept} */
function isKept(value) {
  return typeof value === 'object' && value !== null && /^[a-z2-9]{12}$/.test(value.room) && typeof value.fragment === 'string'
    && typeof value.kind === 'string' && typeof value.title === 'string' && Number.isFinite(value.created) && typeof value.owner === 'string'
    && ['string', 'undefined'].includes(typeof value.receipt) && (value.until === undefined || Number.isFinite(value.until))
    && parseFragment(value.room, value.fragment).secret !== null;
}

export class KeptLinks {
  #storage;
  /** Where the browser keeps nothing. @type {Kept[]} */ #held = [];
  /** Whether they are still there tomorrow. */ lasting = true;

  /** @param {() => Pick<Storage, 'getItem' | 'setItem'>} storage throws where there is none */
  constructor(storage = () => localStorage) {
    this.#storage = storage;
    this.#probe();
  }

  /** @param {string} owner id of an account, '' of nobody @returns {Kept[]} the newest first; also those of before anybody signed in */
  list(owner) {
    return this.#read().filter(kept => kept.owner === owner || kept.owner === '');
  }

  /** @param {string} room @param {string} owner @returns {Link | null} */
  find(room, owner) {
    const kept = this.list(owner).find(one => one.room === room);
    return kept ? parseFragment(room, kept.fragment) : null;
  }

  /** What a room was called when it was made here, whosever it is. @param {string} room @returns {string} '' where that is not known */
  titleOf(room) {
    return this.#read().find(kept => kept.room === room)?.title ?? '';
  }

  /** What kind of room was made here, whosever it is. @param {string} room @returns {string} '' where that is not known */
  kindOf(room) {
    return this.#read().find(kept => kept.room === room)?.kind ?? '';
  }

  /** @param {string} room @returns {string} '' where there is none */
  receiptOf(room) {
    return this.#read().find(kept => kept.room === room)?.receipt ?? '';
  }

  /** Where the link is kept. @param {string} room @param {string} receipt */
  keepReceipt(room, receipt) {
    if (this.#read().some(kept => kept.room === room))
      this.#write(this.#read().map(kept => (kept.room === room ? { ...kept, receipt } : kept)));
  }

  /** The server keeps it until then. @param {string} room @param {number} until ms since 1970 */
  plan(room, until) {
    if (this.#read().some(kept => kept.room === room))
      this.#write(this.#read().map(kept => (kept.room === room ? { ...kept, until } : kept)));
  }

  /** @param {Link} link @param {{ kind: string, title: string, owner: string, created?: number, receipt?: string }} more @returns {boolean} whether it lasts */
  add(link, { kind, title, owner, created = Date.now(), receipt }) {
    const kept = { room: link.room, fragment: fragmentOf(link), kind, title, created, owner, ...(receipt && { receipt }) };
    return this.#write([kept, ...this.#read().filter(({ room }) => room !== link.room)].slice(0, MOST));
  }

  /** The room has another secret; whose it is and whether it is a host's stays as it was. @param {Link} link */
  exchange(link) {
    const anew = (/** @type {Kept} */ kept) => fragmentOf({ ...link, hostSecret: link.hostSecret ?? parseFragment(kept.room, kept.fragment).hostSecret });
    if (this.#read().some(kept => kept.room === link.room))
      this.#write(this.#read().map(kept => (kept.room === link.room ? { ...kept, fragment: anew(kept) } : kept)));
  }

  /** @param {string} room @param {string} title */
  rename(room, title) {
    if (this.#read().some(kept => kept.room === room))
      this.#write(this.#read().map(kept => (kept.room === room ? { ...kept, title } : kept)));
  }

  /** @param {string} room */
  remove(room) {
    if (this.#read().some(kept => kept.room === room))
      this.#write(this.#read().filter(kept => kept.room !== room));
  }

  /** Asked before anything is made: whether this browser keeps something at all. */
  #probe() {
    try {
      const storage = this.#storage();
      storage.setItem(KEY, storage.getItem(KEY) ?? '[]');
    } catch {
      this.lasting = false;
    }
  }

  /** Anew each time: another tab may have written. @returns {Kept[]} */
  #read() {
    if (!this.lasting)
      return this.#held;
    try {
      const list = JSON.parse(this.#storage().getItem(KEY) ?? '[]');
      return Array.isArray(list) ? list.filter(isKept) : [];
    } catch {
      return this.#held;
    }
  }

  /** @param {Kept[]} list @returns {boolean} */
  #write(list) {
    this.#held = list;
    try {
      this.#storage().setItem(KEY, JSON.stringify(list));
    } catch {
      this.lasting = false;
    }
    return this.lasting;
  }
}
