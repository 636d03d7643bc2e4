// Names of those who knock off the record (LINK-1.md, section 11): who waits seals theirs for the browsers of hosts, which open it; the server passes on what it
// cannot read. What comes out is text that somebody else chose. Knows no connection and no page.

import { T, concat, fromBase64url, fromUtf8, lp, toBase64url } from './bytes.js';
import { nameKey } from './link.js';
import { cleanName } from './text.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {import('./floor.js').Knock} Knock */
/** @typedef {Knock & { sealed?: unknown }} Told */
/** @typedef {{ key: Bytes, room: string, knock: string }} Place kName, and ids */

const NONCE = 12;
const TAG = 16;
/** All are equally long. */
const PLAIN = 256;
/** ms that somebody has to say who they are, before they are shown without a name. */
const HOLD = 2_000;
const { subtle } = globalThis.crypto;

/** @param {Bytes} key */
const importKey = key => subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt']);

/** @param {Place} place @param {Bytes} iv */
const algorithm = ({ room, knock }, iv) => ({ name: 'AES-GCM', iv, additionalData: concat(T('knock'), lp(room), lp(knock)) });

/** @param {Place} place @param {string} name cleaned @param {Bytes} [nonce] for tests @returns {Promise<Bytes>} 284 bytes */
export async function sealName(place, name, nonce = crypto.getRandomValues(new Uint8Array(NONCE))) {
  const plain = new Uint8Array(PLAIN);
  plain.set(lp(name));
  return concat(nonce, new Uint8Array(await subtle.encrypt(algorithm(place, nonce), await importKey(place.key), plain)));
}

/** @param {Place} place @param {unknown} sealed base64url @returns {Promise<string>} '' where it is no name */
export async function openName(place, sealed) {
  const bytes = typeof sealed === 'string' ? fromBase64url(sealed) : null;
  if (bytes?.length !== NONCE + PLAIN + TAG)
    return '';
  try {
    const plain = new Uint8Array(await subtle.decrypt(algorithm(place, bytes.slice(0, NONCE)), await importKey(place.key), bytes.slice(NONCE)));
    const end = 2 + (plain[0] << 8 | plain[1]);
    const name = fromUtf8(plain.slice(2, end));
    return plain.slice(end).every(byte => byte === 0) && cleanName(name) === name ? name : '';
  } catch {
    return '';
  }
}

export class KnockNames {
  #options;
  /** The last that this side has said who it is for. */ #introduced = '';
  /** @type {readonly Told[]} */ #latest = [];
  /** When each came, and its name once it was opened. @type {Map<string, { since: number, sealed: unknown, name: string }>} */ #known = new Map();
  /** @type {any} */ #timer = null;

  /** @param {{ link: import('./link.js').Link, now?: () => number, hold?: number }} options link: whose secret may become another one; now, hold: ms */
  constructor({ link, now = () => performance.now(), hold = HOLD }) {
    this.#options = { link, now, hold };
  }

  /** What this side, who knocks, says of itself; null: it has. @param {string} knock @param {string} name @returns {Promise<string | null>} */
  async introduce(knock, name) {
    if (knock === this.#introduced)
      return null;
    this.#introduced = knock;
    return toBase64url(await sealName(await this.#place(knock), name));
  }

  /** What hosts are told; who has just come is held back until they have said who they are. @param {readonly Told[]} knocks @param {(knocks: Knock[]) => void} show */
  async receive(knocks, show) {
    clearTimeout(this.#timer);
    this.#latest = knocks;
    const { now, hold } = this.#options;
    const known = new Map();
    for (const { knock, sealed } of knocks) {
      const before = this.#known.get(knock) ?? { since: now(), sealed: undefined, name: '' };
      known.set(knock, before.sealed === sealed ? before : { since: before.since, sealed, name: await openName(await this.#place(knock), sealed) });
    }
    if (knocks !== this.#latest)
      return; // more has come meanwhile
    this.#known = known;
    const due = (/** @type {Told} */ { knock, sealed }) => (sealed === undefined ? known.get(knock).since + hold - now() : 0);
    show(knocks.filter(one => due(one) <= 0).map(({ sealed, ...knock }) => ({ ...knock, name: known.get(knock.knock).name })));
    const [next] = knocks.map(due).filter(ms => ms > 0).sort((a, b) => a - b);
    if (next !== undefined)
      this.#timer = setTimeout(() => void this.receive(knocks, show), Math.ceil(next));
  }

  /** Nobody is told any more. */
  stop() {
    clearTimeout(this.#timer);
    this.#latest = [];
  }

  /** @param {string} knock @returns {Promise<Place>} */
  async #place(knock) {
    const { link } = this.#options;
    return { key: await nameKey(link), room: link.room, knock };
  }
}
