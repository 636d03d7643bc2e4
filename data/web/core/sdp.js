// The two things that link-1 must know of a session description: whose certificate it names, and that it has the layout
// that both sides agreed on. Everything else in it is the browser's business. Fails closed: what is not understood is refused.

import { equal } from './bytes.js';
import { LinkError } from './link-error.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */

const MAX_SDP = 32 * 1024;
const KINDS = ['application', 'audio', 'audio', 'video', 'video'];

/** @param {string} sdp @returns {string[]} */
const lines = sdp => sdp.split(/[\r\n]+/);

/**
 * The one SHA-256 fingerprint that a description names, however often.
 * @param {string} sdp @returns {Bytes} throws `link-fingerprint` where there is none, another kind or more than one
 */
export function fingerprintOf(sdp) {
  const found = new Set(lines(sdp).filter(line => /^\s*a\s*=\s*fingerprint/i.test(line)).map(line => line.toLowerCase().trim()));
  const [line] = found;
  const hex = /^a=fingerprint:sha-256 ((?:[0-9a-f]{2}:){31}[0-9a-f]{2})$/.exec(line ?? '')?.[1];
  if (found.size !== 1 || !hex)
    throw new LinkError('link-fingerprint');
  return Uint8Array.from(hex.split(':'), byte => parseInt(byte, 16));
}

/**
 * Refuses a remote description before a browser sees it.
 * @param {string} sdp @param {Bytes} fingerprint the one that was authenticated
 */
export function checkDescription(sdp, fingerprint) {
  if (sdp.length > MAX_SDP || /[^\x20-\x7e\r\n]/.test(sdp))
    throw new LinkError('link-malformed');
  if (!equal(fingerprintOf(sdp), fingerprint))
    throw new LinkError('link-fingerprint');
  const kinds = lines(sdp).flatMap(line => /^m=(\w+)/.exec(line)?.[1] ?? []);
  if (kinds.sort().join() !== KINDS.join())
    throw new LinkError('link-malformed');
}
