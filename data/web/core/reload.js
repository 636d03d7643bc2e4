// What a tab hands to itself over a reload: the token of its seat, its signing key, what it knows of orders, and whom it has verified. All are in
// sessionStorage only while the page is away: a duplicated tab, which gets a copy of that storage, must not have them.
//
// The signing key is kept as an extractable JWK here rather than as a non-extractable key in IndexedDB. The secret S lies in the
// same storage anyway, and whoever can run code in this page can sign with either; but IndexedDB would share one key among all tabs
// and leave it on the disk after they are closed, and browsers refuse to store keys there in private windows.

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** key: the private one; raw: the public point, 65 bytes; again: the session was here before @typedef {{ jwk: JsonWebKey, key: CryptoKey, raw: Bytes, again: boolean }} SigningKey */

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };
const { subtle } = globalThis.crypto;

/** @param {string} room */
const storageKey = room => `conclave.reload.${room}`;

/**
 * @param {string} room @param {Pick<Storage, 'getItem' | 'removeItem'>} storage sessionStorage
 * @returns {{ token: string | null, sign: JsonWebKey | null, orders: unknown, verified: unknown }} what the page before left; it is taken out
 */
export function takeOver(room, storage) {
  try {
    const { token, sign, orders = null, verified = null } = JSON.parse(storage.getItem(storageKey(room)) ?? '{}');
    return { token: typeof token === 'string' ? token : null, sign: typeof sign === 'object' ? sign : null, orders, verified };
  } catch {
    return { token: null, sign: null, orders: null, verified: null };
  } finally {
    storage.removeItem(storageKey(room));
  }
}

/** @param {string} room @param {Pick<Storage, 'setItem'>} storage @param {{ token: string, sign: JsonWebKey, orders?: unknown, verified?: unknown }} kept */
export function handOver(room, storage, kept) {
  storage.setItem(storageKey(room), JSON.stringify(kept));
}

/**
 * The session's signing key: the one of before the reload, or a new one.
 * @param {JsonWebKey | null} jwk @returns {Promise<SigningKey>}
 */
export async function signingKey(jwk) {
  const found = jwk && await restore(jwk);
  if (found)
    return found;
  const { privateKey, publicKey } = await subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  return { jwk: await subtle.exportKey('jwk', privateKey), key: privateKey, raw: new Uint8Array(await subtle.exportKey('raw', publicKey)), again: false };
}

/** @param {JsonWebKey} jwk */
async function restore(jwk) {
  try {
    const key = await subtle.importKey('jwk', jwk, ALGORITHM, false, ['sign']);
    const { kty, crv, x, y } = jwk;
    const publicKey = await subtle.importKey('jwk', { kty, crv, x, y }, ALGORITHM, true, ['verify']);
    return { jwk, key, raw: new Uint8Array(await subtle.exportKey('raw', publicKey)), again: true };
  } catch {
    return null;
  }
}
