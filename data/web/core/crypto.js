// The few primitives of link-1 over WebCrypto: SHA-256, HKDF, HMAC, ECDSA. Stateless; keys are raw bytes so that the
// test vectors can name them, but for those that sign. Sealed records have their own file, because they count (`sealed.js`).

import { T, concat, lp } from './bytes.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */

const { subtle } = globalThis.crypto;
const ECDSA = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' };

/** @param {...(Uint8Array | number)} parts @returns {Promise<Bytes>} */
export const sha256 = async (...parts) => new Uint8Array(await subtle.digest('SHA-256', concat(...parts)));

/**
 * HKDF-SHA-256 (RFC 5869) with info = T(purpose).
 * @param {Bytes} ikm @param {Bytes} salt @param {string} purpose @param {number} length in bytes
 * @returns {Promise<Bytes>}
 */
export async function hkdf(ikm, salt, purpose, length) {
  const key = await subtle.importKey('raw', ikm, 'HKDF', false, ['deriveBits']);
  const bits = await subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info: T(purpose) }, key, 8 * length);
  return new Uint8Array(bits);
}

/** The salt of all that is derived from a room's link. @param {string} room @returns {Promise<Bytes>} */
export const roomSalt = room => sha256(T('room'), lp(room));

/** @param {Bytes} key */
const hmacKey = key => subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);

/** @param {Bytes} key @param {...(Uint8Array | number)} parts @returns {Promise<Bytes>} HMAC-SHA-256 */
export const hmac = async (key, ...parts) => new Uint8Array(await subtle.sign('HMAC', await hmacKey(key), concat(...parts)));

/** In constant time. @param {Bytes} key @param {Bytes} mac @param {...(Uint8Array | number)} parts @returns {Promise<boolean>} */
export const verifyHmac = async (key, mac, ...parts) => subtle.verify('HMAC', await hmacKey(key), mac, concat(...parts));

/** @param {CryptoKey} key private, P-256 @param {Bytes} text @returns {Promise<Bytes>} 64 bytes, r ‖ s */
export const signText = async (key, text) => new Uint8Array(await subtle.sign(SIGNING, key, text));

/** @param {Bytes} key an uncompressed point @param {Bytes} signature @param {Bytes} text @returns {Promise<boolean>} */
export async function verifyText(key, signature, text) {
  try {
    return await subtle.verify(SIGNING, await subtle.importKey('raw', key, ECDSA, false, ['verify']), signature, text);
  } catch {
    return false;
  }
}
