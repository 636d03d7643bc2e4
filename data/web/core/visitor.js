// What a browser is known by when it comes to a meeting again: with it whoever was removed stays outside. One random word is kept, and
// what is told is made of it and of the room, so that a server cannot follow a browser from room to room by it. A browser that keeps
// nothing has none.

import { concat, fromBase64url, toBase64url, utf8 } from './bytes.js';

const KEY = 'conclave.visitor';
const BYTES = 16;

/** @param {string | null} word @returns {import('./bytes.js').Bytes | null} */
function read(word) {
  try {
    const bytes = fromBase64url(word ?? '');
    return bytes?.length === BYTES ? bytes : null;
  } catch {
    return null;
  }
}

/** @param {Pick<Storage, 'getItem' | 'setItem'>} storage localStorage */
function kept(storage) {
  const before = read(storage.getItem(KEY));
  if (before)
    return before;
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  storage.setItem(KEY, toBase64url(bytes));
  return bytes;
}

/** @param {string} room @param {Pick<Storage, 'getItem' | 'setItem'> | null} storage @returns {Promise<string | null>} 16 bytes, base64url */
export async function visitorWord(room, storage) {
  try {
    if (!storage)
      return null;
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', concat(kept(storage), utf8(room))));
    return toBase64url(hash.subarray(0, BYTES));
  } catch {
    return null;
  }
}
