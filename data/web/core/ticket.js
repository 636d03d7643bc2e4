// A ticket (PROTOCOL.md, section 3.4): what another program gives its people to let them into one room, once. It stands for the link where
// media go through the server. It lives here and nowhere else, neither in the address nor in a storage: a page that was loaded again has none.
// What it says is read to be shown; whether it is true, only the server knows.

import { fromBase64url, fromUtf8 } from './bytes.js';
import { cleanName } from './text.js';

const MAX = 2_048;
const ROLES = ['viewer', 'person', 'cohost', 'host'];

/** @param {string} text @returns {{ role?: unknown, name?: unknown }} */
function claimsOf(text) {
  try {
    const bytes = fromBase64url(text.split('.')[1] ?? '');
    const claims = bytes && JSON.parse(fromUtf8(bytes));
    return typeof claims === 'object' && claims !== null ? claims : {};
  } catch {
    return {};
  }
}

export class Ticket {
  /** @type {string | null} */ #text;

  /** @param {string | null} text null: there was one, and it was used before this page was loaded */
  constructor(text) {
    const { role, name } = claimsOf(text ?? '');
    this.#text = text !== null && text.length <= MAX ? text : null;
    /** How they are called; '' where it does not say. */
    this.name = typeof name === 'string' ? cleanName(name) : '';
    /** What they come as. */
    this.role = ROLES.find(known => known === role) ?? 'person';
  }

  /** For the server; null: it was used. */
  get text() {
    return this.#text;
  }

  get spent() {
    return this.#text === null;
  }

  /** The server has taken it, or will not. */
  spend() {
    this.#text = null;
  }
}
