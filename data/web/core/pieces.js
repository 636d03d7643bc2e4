// Files in pieces, as they go from browser to browser (LINK-1.md, section 12): the sum of each, and the one sum that stands for them all. Whoever has
// that one knows of each piece at once whether it is right, whoever gave it. Stateless; a file is never read whole.

import { T, concat, equal, release, u64 } from './bytes.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */

export const PIECE = 1024 * 1024;
export const MAX_BYTES = 1_000_000_000;
const SUM = 32;

/** @param {Bytes} bytes not copied @returns {Promise<Bytes>} */
const sumOf = async bytes => new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes));

/** @param {number} bytes of the file @returns {number} */
export const piecesOf = bytes => Math.ceil(bytes / PIECE);

/** @param {number} piece @param {number} bytes of the file @returns {number} how long it is */
export const lengthOf = (piece, bytes) => Math.min(PIECE, bytes - piece * PIECE);

/** @param {Blob} file @param {number} piece @returns {Promise<Bytes>} rejects where the file can no longer be read */
export async function readPiece(file, piece) {
  const from = piece * PIECE;
  return new Uint8Array(await file.slice(from, from + lengthOf(piece, file.size)).arrayBuffer());
}

/**
 * Reads all of a file, a piece at a time.
 * @param {Blob} file @param {(read: number) => boolean} onRead with the bytes so far; false: that is enough
 * @returns {Promise<Bytes | null>} the sums of all pieces, one after the other; null: it was enough
 */
export async function sumsOf(file, onRead) {
  const sums = new Uint8Array(SUM * piecesOf(file.size));
  for (let piece = 0; piece < piecesOf(file.size); piece++) {
    const bytes = await readPiece(file, piece);
    sums.set(await sumOf(bytes), SUM * piece);
    const read = piece * PIECE + bytes.length;
    release(bytes);
    if (!onRead(read))
      return null;
  }
  return sums;
}

/** @param {number} bytes of the file @param {Bytes} sums @returns {Promise<string>} hex */
export async function rootOf(bytes, sums) {
  const root = await sumOf(concat(T('document'), u64(bytes), sums));
  return Array.from(root, byte => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {Bytes} bytes @param {number} piece @param {Bytes} sums @returns {Promise<boolean>} */
export const isPiece = async (bytes, piece, sums) => equal(await sumOf(bytes), sums.subarray(SUM * piece, SUM * (piece + 1)));

/** What stands for all pieces is a sum. @param {unknown} text */
export const isRoot = text => typeof text === 'string' && /^[0-9a-f]{64}$/.test(text);
