// What a host has others do where media go from browser to browser: LINK-1.md, section 8. A room has a key pair whose private half
// lies sealed beside it, for those who have H; with it hosts sign orders and grant others to sign some. Here are the forms and
// their keys, bytes in, bytes out; what was ordered before and who may do what to whom is remembered by `order-book.js`.

import { T, concat, equal, fromBase64url, fromUtf8, lp, toBase64url, u64 } from './bytes.js';
import { hkdf, hmac, roomSalt, signText, verifyHmac, verifyText } from './crypto.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */

/** `person`: nothing, any more. @typedef {'person' | 'cohost' | 'host'} Rank */

/** @typedef {{ key: string, mac: string, sealed: string }} RoomOrders what lies beside a room, all base64url */

/**
 * The holder of `key` has this rank, says whose key comes before; `signature`: theirs.
 * @typedef {{ rank: Rank, key: Bytes, time: number, signature: Bytes }} Grant
 */

/** @typedef {{ by: string, time: number, chain: Grant[], signature: Bytes }} Order */

/** @typedef {{ room: string, meeting: string, mark: Bytes }} Place where an order holds: nowhere else; mark: of the room's secret, empty where it holds under any (grants, rotations) */

/** @type {readonly Rank[]} */
const RANKS = ['person', 'cohost', 'host'];
const ORDER = 1;
const GRANTS = 2;
const MAX_CHAIN = 3;
const MAX_TEXT = 2_048;
const PERSON = /^p[abcdefghijkmnpqrstuvwxyz2-9]{12}$/;
const ID = 13;
const KEY = 65;
const TIME = 8;
const SIGNATURE = 64;
const GRANT = 1 + KEY + TIME + SIGNATURE;
const NONCE = 12;
const ECDSA = { name: 'ECDSA', namedCurve: 'P-256' };
const { subtle } = globalThis.crypto;

/** @param {Rank} rank */
export const rankNumber = rank => RANKS.indexOf(rank);

// ---- the room's key

/** What the private key is sealed under. @param {Bytes} hostSecret H @param {string} room */
const sealKey = async (hostSecret, room) => hkdf(hostSecret, await roomSalt(room), 'orders', 32);

/** @param {Bytes} key @param {'encrypt' | 'decrypt'} use */
const gcmKey = (key, use) => subtle.importKey('raw', key, 'AES-GCM', false, [use]);

/** Both the MAC and the seal say whose key it is. @param {string} room @param {Bytes} key */
const named = (room, key) => concat(T('orders'), lp(room), lp(key));

/**
 * @param {{ room: string, kAuth: Bytes, hostSecret: Bytes, key: Bytes, pkcs8: Bytes, nonce: Bytes }} parts the room's pair, public and private
 * @returns {Promise<RoomOrders>}
 */
export async function sealOrders({ room, kAuth, hostSecret, key, pkcs8, nonce }) {
  const algorithm = { name: 'AES-GCM', iv: nonce, additionalData: named(room, key) };
  const sealed = await subtle.encrypt(algorithm, await gcmKey(await sealKey(hostSecret, room), 'encrypt'), pkcs8);
  return {
    key: toBase64url(key),
    mac: toBase64url(await macOfKey(room, key, kAuth)),
    sealed: toBase64url(concat(nonce, new Uint8Array(sealed))),
  };
}

/** For a room that is made now. @param {{ room: string, kAuth: Bytes, hostSecret: Bytes }} link @returns {Promise<RoomOrders>} */
export async function makeOrders(link) {
  const { privateKey, publicKey } = await subtle.generateKey(ECDSA, true, ['sign', 'verify']);
  const key = new Uint8Array(await subtle.exportKey('raw', publicKey));
  const pkcs8 = new Uint8Array(await subtle.exportKey('pkcs8', privateKey));
  return sealOrders({ ...link, key, pkcs8, nonce: crypto.getRandomValues(new Uint8Array(NONCE)) });
}

/** Of a room's key, for those who have the link. @param {string} room @param {Bytes} key @param {Bytes} kAuth */
export const macOfKey = (room, key, kAuth) => hmac(kAuth, named(room, key));

/** What nobody knows who has not that secret, and nobody sends. @param {string} room @param {Bytes} kAuth */
export const markOf = (room, kAuth) => hmac(kAuth, concat(T('mark'), lp(room)));

/** @param {unknown} orders of the room, as the server has it @returns {RoomOrders | null} */
function parseRoomOrders(orders) {
  try {
    const { key, mac, sealed } = typeof orders === 'string' ? JSON.parse(orders) : orders;
    return [key, mac, sealed].every(text => typeof text === 'string') ? { key, mac, sealed } : null;
  } catch {
    return null;
  }
}

/**
 * The key of a room's orders; null where there is none, or none that somebody with the room's link has made.
 * @param {unknown} orders as the server has them @param {{ room: string, kAuth: Bytes }} link
 * @returns {Promise<Bytes | null>}
 */
export async function roomKey(orders, { room, kAuth }) {
  const parsed = parseRoomOrders(orders);
  const key = parsed && fromBase64url(parsed.key);
  const mac = parsed && fromBase64url(parsed.mac);
  return key?.length === KEY && mac && await verifyHmac(kAuth, mac, named(room, key)) ? key : null;
}

/**
 * Its private half, for those who have H.
 * @param {unknown} orders @param {{ room: string, hostSecret: Bytes }} link @param {Bytes} key what `roomKey` found
 * @returns {Promise<CryptoKey | null>}
 */
export async function openOrders(orders, { room, hostSecret }, key) {
  const sealed = fromBase64url(parseRoomOrders(orders)?.sealed ?? '');
  if (!sealed || sealed.length <= NONCE)
    return null;
  const algorithm = { name: 'AES-GCM', iv: sealed.subarray(0, NONCE), additionalData: named(room, key) };
  try {
    const pkcs8 = await subtle.decrypt(algorithm, await gcmKey(await sealKey(hostSecret, room), 'decrypt'), sealed.subarray(NONCE));
    return await subtle.importKey('pkcs8', pkcs8, ECDSA, false, ['sign']);
  } catch {
    return null;
  }
}

// ---- signatures

/** @param {Omit<Place, 'mark'>} place @param {{ rank: Rank, key: Bytes, time: number }} grant */
const grantText = ({ room, meeting }, { rank, key, time }) => concat(T('grant'), lp(room), lp(meeting), rankNumber(rank), lp(key), u64(time));

/** @param {Place} place @param {{ by: string, action: string, target: string, time: number }} order */
const orderText = ({ room, meeting, mark }, { by, action, target, time }) =>
  concat(T('order'), lp(room), lp(meeting), lp(mark), lp(by), lp(action), lp(target), u64(time));

/** @param {Omit<Place, 'mark'>} place @param {CryptoKey} signer @param {{ rank: Rank, key: Bytes, time: number }} what @returns {Promise<Grant>} */
export const makeGrant = async (place, signer, what) => ({ ...what, signature: await signText(signer, grantText(place, what)) });

/**
 * @param {Place} place @param {CryptoKey} signer whose key the chain ends with @param {Grant[]} chain empty: the room's key
 * @param {{ by: string, action: string, target: string, time: number }} what @returns {Promise<Order>}
 */
export const makeOrder = async (place, signer, chain, what) => ({ by: what.by, time: what.time, chain, signature: await signText(signer, orderText(place, what)) });

/**
 * Each grant is signed by the key before it, the first by the room's; all but the last one are of hosts.
 * @param {Omit<Place, 'mark'>} place @param {Bytes} root the room's key @param {Grant[]} chain
 * @returns {Promise<boolean>}
 */
export async function verifyChain(place, root, chain) {
  let signer = root;
  for (const [i, grant] of chain.entries()) {
    if (i < chain.length - 1 && grant.rank !== 'host')
      return false;
    if (!await verifyText(signer, grant.signature, grantText(place, grant)))
      return false;
    signer = grant.key;
  }
  return true;
}

/**
 * Whether whom the chain ends with has signed just this.
 * @param {Place} place @param {Bytes} root @param {Order} order @param {{ action: string, target: string }} what
 * @returns {Promise<boolean>}
 */
export async function verifyOrder(place, root, order, { action, target }) {
  const { by, time, chain, signature } = order;
  return await verifyChain(place, root, chain) &&
    verifyText(chain.at(-1)?.key ?? root, signature, orderText(place, { by, action, target, time }));
}

// ---- on the wire

/** @param {Grant} grant */
const composeGrant = ({ rank, key, time, signature }) => concat(rankNumber(rank), key, u64(time), signature);

/** @param {Grant[]} chain */
const composeChain = chain => concat(chain.length, ...chain.map(composeGrant));

/** @param {Order} order @returns {string} */
export const composeOrder = ({ by, time, chain, signature }) => toBase64url(concat(ORDER, ...lp(by).subarray(2), u64(time), composeChain(chain), signature));

/** @param {Grant[]} chain what is said of the holder of its last key @returns {string} */
export const composeGrants = chain => toBase64url(concat(GRANTS, composeChain(chain)));

/** @param {Bytes} bytes @param {number} at @returns {Grant | null} */
function parseGrant(bytes, at) {
  const rank = RANKS[bytes[at]];
  const time = readTime(bytes, at + 1 + KEY);
  if (!rank || time === null)
    return null;
  return { rank, time, key: bytes.slice(at + 1, at + 1 + KEY), signature: bytes.slice(at + GRANT - SIGNATURE, at + GRANT) };
}

/** @param {Bytes} bytes @param {number} at @returns {number | null} null where it is none that a date can have */
function readTime(bytes, at) {
  const time = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(at));
  return Number.isSafeInteger(time) ? time : null;
}

/** The chain that ends where `bytes` or what follows it does. @param {Bytes} bytes @param {number} at @param {number} rest bytes after it @returns {Grant[] | null} */
function parseChain(bytes, at, rest) {
  const n = bytes[at];
  if (!(n <= MAX_CHAIN) || bytes.length !== at + 1 + n * GRANT + rest)
    return null;
  const chain = Array.from({ length: n }, (_, i) => parseGrant(bytes, at + 1 + i * GRANT));
  return chain.includes(null) ? null : /** @type {Grant[]} */ (chain);
}

/** @param {unknown} text @param {number} kind @returns {Bytes | null} */
function decode(text, kind) {
  const bytes = typeof text === 'string' && text.length <= MAX_TEXT ? fromBase64url(text) : null;
  return bytes && bytes[0] === kind ? bytes : null;
}

/** @param {unknown} text @returns {Order | null} */
export function parseOrder(text) {
  const bytes = decode(text, ORDER);
  const chain = bytes && parseChain(bytes, 1 + ID + TIME, SIGNATURE);
  const time = bytes && chain && readTime(bytes, 1 + ID);
  if (!bytes || !chain || time === null)
    return null;
  const id = bytes.subarray(1, 1 + ID);
  const by = id.every(byte => byte < 0x80) ? fromUtf8(id) : '';
  return PERSON.test(by) ? { by, time, chain, signature: bytes.slice(-SIGNATURE) } : null;
}

/** @param {unknown} text @returns {Grant[] | null} at least one */
export function parseGrants(text) {
  const bytes = decode(text, GRANTS);
  const chain = bytes && parseChain(bytes, 1, 0);
  return chain && chain.length > 0 ? chain : null;
}

/** @param {Grant[]} chain @param {Bytes} key */
export const endsWith = (chain, key) => chain.length > 0 && equal(chain[chain.length - 1].key, key);
