// Bytes and text: base64url, concatenation, and the two framings of link-1, `lp` and `T`.
// Pure functions; knows nothing of keys, messages or the network.

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Bytes that own a plain ArrayBuffer, which is what WebCrypto takes.
 * @typedef {Uint8Array<ArrayBuffer>} Bytes
 */

/** @param {string} text @returns {Bytes} UTF-8 */
export const utf8 = text => encoder.encode(text);

/** @param {Uint8Array} bytes @returns {string} throws TypeError where it is not UTF-8 */
export const fromUtf8 = bytes => decoder.decode(bytes);

/** JSON that somebody sent. @param {Uint8Array} bytes @returns {any} null where it is no object */
export function parseObject(bytes) {
  try {
    const value = JSON.parse(fromUtf8(bytes));
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/**
 * @param {...(Uint8Array | number)} parts a number is one byte
 * @returns {Bytes}
 */
export function concat(...parts) {
  const length = parts.reduce((/** @type {number} */ n, part) => n + (typeof part === 'number' ? 1 : part.length), 0);
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    if (typeof part === 'number') {
      all[at++] = part;
    } else {
      all.set(part, at);
      at += part.length;
    }
  }
  return all;
}

/** @param {number} n below 2^32 @returns {Bytes} four bytes, big-endian */
export function u32(n) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, n);
  return bytes;
}

/** @param {number} n a safe integer, not negative @returns {Bytes} eight bytes, big-endian */
export function u64(n) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(n));
  return bytes;
}

/** Length-prefixed: u16be(length) ‖ bytes. @param {Uint8Array | string} value @returns {Bytes} */
export function lp(value) {
  const bytes = typeof value === 'string' ? utf8(value) : value;
  if (bytes.length > 0xffff)
    throw new RangeError('more than 65,535 bytes');
  return concat(bytes.length >> 8, bytes.length & 0xff, bytes);
}

/** The domain separator of link-1 for a purpose. @param {string} purpose @returns {Bytes} */
export const T = purpose => utf8(`conclave-link-1 ${purpose}\0`);

/** @param {Uint8Array} a @param {Uint8Array} b not in constant time: for public values only */
export function equal(a, b) {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Where nobody takes what is handed over. */
const { port1: nowhere } = new MessageChannel();
nowhere.close();

/**
 * Its memory is free at once, not when it is found that nobody has it any more: for much of it, as files bring it. (`ArrayBuffer.transfer` would keep it in
 * Chromium, and count it no longer.)
 * @param {Bytes} bytes not used any more, nor is anything else of its buffer
 */
export const release = ({ buffer }) => nowhere.postMessage(null, [buffer]);

/** @param {Uint8Array} bytes @returns {string} base64url without padding (RFC 4648, section 5) */
export function toBase64url(bytes) {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x2000)
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x2000));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** For a part of an id, which others may be joined to by '-'. @param {Uint8Array} bytes @returns {string} base64url with '_' for '-' */
export const toIdPart = bytes => toBase64url(bytes).replaceAll('-', '_');

/**
 * @param {string} text base64url without padding, canonical: what `toBase64url` makes and nothing else
 * @returns {Bytes | null} null where it is not
 */
export function fromBase64url(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1)
    return null;
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++)
    bytes[i] = binary.charCodeAt(i);
  return toBase64url(bytes) === text ? bytes : null;
}
