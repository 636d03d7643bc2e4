// What the server says of a room to whoever has its link or a ticket, before they come in.

import { toBase64url } from './bytes.js';
import { ConclaveError } from './errors.js';

/** @param {string} origin @param {string} room @param {{ key: string, receipt?: string } | { ticket?: string | null }} shown @returns {Promise<any>} rejects with `ConclaveError` */
export async function checkRoom(origin, room, shown) {
  let response;
  let answer;
  try {
    response = await fetch(`${origin}/api/v1/rooms/${room}/check`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(shown) });
    answer = await response.json();
  } catch (error) {
    throw new ConclaveError('unreachable', error);
  }
  if (!response.ok)
    throw new ConclaveError(answer.error ?? 'internal');
  return answer;
}

/** Whether a key is of the room's link now. @param {string} origin @param {string} room @param {import('./bytes.js').Bytes} kJoin @returns {Promise<boolean | null>} null: nobody knows just now */
export async function opens(origin, room, kJoin) {
  try {
    await checkRoom(origin, room, { key: toBase64url(kJoin) });
    return true;
  } catch (error) {
    return error instanceof ConclaveError && (error.id === 'wrong-key' || error.id === 'old-link') ? false : null;
  }
}
