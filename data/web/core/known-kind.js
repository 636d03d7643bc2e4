// What kind of room a link leads to is the server's word, and with it who hears: people alone, or the server as well. So it is taken once: what the server has said
// first, or what the room was when it was made here, holds for this tab from then on, whatever it says later. Who comes for the first time reads it before.

import { ConclaveError } from './errors.js';
import { KeptLinks } from './kept-links.js';
import { isKind, kindOf } from './kinds.js';

/** @param {string} room */
const storageKey = room => `conclave.kind.${room}`;

/**
 * Whether it is that room, of the kind that it was, and media go as they do in that. What is no kind is none that one could come into, nor forget.
 * @param {string} room its id @param {Pick<Storage, 'getItem' | 'setItem'>} storage sessionStorage
 * @param {{ id?: unknown, kind?: unknown, media?: unknown }} said by the server; media: once one is in @returns {boolean}
 */
export function isOfKnownKind(room, storage, { id, kind, media }) {
  const known = storage.getItem(storageKey(room)) || new KeptLinks().kindOf(room);
  if (id !== room || !isKind(kind) || (known && known !== kind) || (media !== undefined && (media === 'sfu') !== kindOf(kind).server))
    return false;
  storage.setItem(storageKey(room), kind);
  return true;
}

/** @template {{ id?: unknown, kind?: unknown }} R @param {string} room @param {Pick<Storage, 'getItem' | 'setItem'>} storage @param {R} said @returns {R} throws `other-kind` */
export function ofKnownKind(room, storage, said) {
  if (!isOfKnownKind(room, storage, said))
    throw new ConclaveError('other-kind');
  return said;
}
