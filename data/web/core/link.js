// A room's link: its secrets S and H, which stay in the fragment and never go to the server, the keys derived from them
// (PROTOCOL.md, section 2), and the making of a new room. The secret leaves the address bar at once and lives in
// sessionStorage, so that a reload works while neither a glance at the screen nor the history gives it away.

import { fromBase64url, toBase64url } from './bytes.js';
import { hkdf, roomSalt, sha256 } from './crypto.js';
import { kindOf } from './kinds.js';
import { makeOrders } from './orders.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */

/**
 * @typedef {object} Link
 * @property {string} room id of the room
 * @property {Bytes | null} secret S; null where the address had none or a damaged one
 * @property {Bytes | null} hostSecret H; null for those who are not hosts
 */

/**
 * @typedef {object} LinkKeys
 * @property {Bytes} kAuth never leaves the browser
 * @property {Bytes} kJoin
 * @property {Bytes | null} kHost
 */

const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const SECRET_BYTES = 32;
const ROOM_PATH = /^\/r\/([abcdefghijkmnpqrstuvwxyz2-9]{12})$/;

/** @param {string} room */
const storageKey = room => `conclave.link.${room}`;

/** @param {string} prefix @returns {string} prefix and 12 random letters: 60 bits */
export function makeId(prefix = '') {
  const random = crypto.getRandomValues(new Uint8Array(12));
  return prefix + Array.from(random, byte => ALPHABET[byte & 31]).join('');
}

export const makeSecret = () => crypto.getRandomValues(new Uint8Array(SECRET_BYTES));

/** @param {string | undefined} text @returns {Bytes | null} */
function parseSecret(text) {
  const bytes = text ? fromBase64url(text) : null;
  return bytes?.length === SECRET_BYTES ? bytes : null;
}

/**
 * @param {string} room
 * @param {string} fragment `#S` or `#S.H`, with or without the `#`
 * @returns {Link}
 */
export function parseFragment(room, fragment) {
  const [secret, hostSecret, ...rest] = fragment.replace(/^#/, '').split('.');
  const S = parseSecret(secret);
  const H = parseSecret(hostSecret);
  if (!S || rest.length > 0 || (hostSecret !== undefined && !H))
    return { room, secret: null, hostSecret: null };
  return { room, secret: S, hostSecret: H };
}

/** @param {Link} link @returns {string} what stands behind the `#` of the host's link, or of the join link */
export function fragmentOf(link) {
  if (!link.secret)
    throw new TypeError('a link without its secret');
  return toBase64url(link.secret) + (link.hostSecret ? `.${toBase64url(link.hostSecret)}` : '');
}

/**
 * The link of the page's address. Its secrets move to the storage and out of the address bar and the history;
 * on a reload they come from the storage. A join link opened where the same secret came with H before keeps H.
 * @param {{ pathname: string, search: string, hash: string }} location
 * @param {{ replaceState(data: any, unused: string, url: string): void, state?: any }} history
 * @param {Pick<Storage, 'getItem' | 'setItem'>} storage sessionStorage
 * @returns {Link | null} null where the page is not a room's
 */
export function takeLink(location, history, storage) {
  const room = ROOM_PATH.exec(location.pathname)?.[1];
  if (!room)
    return null;
  const kept = restoreLink(room, storage);
  if (location.hash.length <= 1)
    return kept ?? { room, secret: null, hostSecret: null };

  const link = parseFragment(room, location.hash);
  history.replaceState(history.state ?? null, '', location.pathname + location.search);
  if (!link.secret)
    return link;
  if (!link.hostSecret && kept?.secret && toBase64url(kept.secret) === toBase64url(link.secret))
    link.hostSecret = kept.hostSecret;
  storage.setItem(storageKey(room), fragmentOf(link));
  return link;
}

/**
 * Its room has another secret from now on (LINK-1.md, section 13), also after a reload.
 * @param {Link} link @param {Bytes} secret @param {Pick<Storage, 'setItem'>} storage sessionStorage
 */
export function exchangeSecret(link, secret, storage) {
  link.secret = secret;
  storage.setItem(storageKey(link.room), fragmentOf(link));
}

/** @param {string} room @param {Pick<Storage, 'getItem'>} storage @returns {Link | null} */
export function restoreLink(room, storage) {
  const kept = storage.getItem(storageKey(room));
  const link = kept === null ? null : parseFragment(room, kept);
  return link?.secret ? link : null;
}

/** What somebody pastes: the address of a room here. @param {string} text @param {string} origin @returns {Link | null} */
export function parseLink(text, origin) {
  const url = URL.canParse(text) ? new URL(text) : null;
  const room = url?.origin === origin ? ROOM_PATH.exec(url.pathname)?.[1] : undefined;
  const link = url && room ? parseFragment(room, url.hash) : null;
  return link?.secret ? link : null;
}

/** @param {Link} link @param {string} origin @returns {string} for everybody */
export const joinUrl = (link, origin) => `${origin}/r/${link.room}#${fragmentOf({ ...link, hostSecret: null })}`;

/** @param {Link} link @param {string} origin @returns {string | null} for hosts; null where the link is not a host's */
export const hostUrl = (link, origin) => (link.hostSecret ? `${origin}/r/${link.room}#${fragmentOf(link)}` : null);

/** @param {Link} link with a secret @returns {Promise<LinkKeys>} */
export async function deriveKeys({ room, secret, hostSecret }) {
  if (!secret)
    throw new TypeError('a link without its secret');
  const salt = await roomSalt(room);
  return {
    kAuth: await hkdf(secret, salt, 'auth', 32),
    kJoin: await hkdf(secret, salt, 'join', 32),
    kHost: hostSecret && await hkdf(hostSecret, salt, 'host', 32),
  };
}

/** What seals the name of who knocks (LINK-1.md, section 11). @param {Link} link with a secret */
export async function nameKey({ room, secret }) {
  if (!secret)
    throw new TypeError('a link without its secret');
  return hkdf(secret, await roomSalt(room), 'name', 32);
}

/**
 * A new room: its link stays here, the server gets only verifiers.
 * @param {string} kind @param {string} title
 * @returns {Promise<{ link: Link, body: { id: string, kind: string, title: string, join_verifier: string, host_verifier: string, orders?: string } }>}
 *   orders: between browsers the server must not be able to give hosts' orders (LINK-1.md, section 8); `body` is what `POST /api/v1/rooms` takes
 */
export async function makeRoom(kind, title) {
  const hostSecret = makeSecret();
  const link = { room: makeId(), secret: makeSecret(), hostSecret };
  const { kAuth, kJoin, kHost } = await deriveKeys(link);
  if (!kHost)
    throw new TypeError('no host key');
  return {
    link,
    body: {
      id: link.room,
      kind,
      title: kindOf(kind).peers ? '' : title,
      join_verifier: toBase64url(await sha256(kJoin)),
      host_verifier: toBase64url(await sha256(kHost)),
      ...(!kindOf(kind).server && { orders: JSON.stringify(await makeOrders({ room: link.room, kAuth, hostSecret })) }),
    },
  };
}
