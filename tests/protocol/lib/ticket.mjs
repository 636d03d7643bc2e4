// Tickets as somebody's own program makes them (PROTOCOL.md §3.4), good and bad; written from the page alone.
import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const encode = value => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** The key of a daemon that made it itself. */
export const readKey = daemon => fs.readFileSync(path.join(daemon.folder, 'ticket.key'), 'utf8').trim();

/** Good ones, but for what `more` says; a member that is undefined is left out. */
export function makeClaims (daemon, room, more = {}) {
  const now = Math.floor(Date.now() / 1000);
  return { aud: daemon.host, room: room.id, role: 'person', name: 'Tilda', jti: randomBytes(8).toString('hex'), iat: now, exp: now + 60, ...more };
}

/** `hash` NULL: without a signature. */
export function signTicket (claims, { key, header = { alg: 'HS256', typ: 'JWT' }, hash = 'sha256' }) {
  const text = `${encode(header)}.${encode(claims)}`;
  return `${text}.${hash ? createHmac(hash, key).update(text).digest('base64url') : ''}`;
}

/** One that the daemon made. */
export async function getTicket (daemon, room, wish) {
  const { status, body } = await daemon.admin('POST', `/api/v1/rooms/${room.id}/tickets`, wish);
  assert.equal(status, 201, JSON.stringify(body));
  return body.ticket;
}
