// What the server says of a room to whoever has its link or a ticket, before they come in.

import { ConclaveError } from './errors.js';

/** @param {string} origin @param {string} room @param {{ key: string } | { ticket?: string | null }} shown @returns {Promise<any>} rejects with `ConclaveError` */
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
