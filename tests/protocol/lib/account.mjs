// Users of a daemon, and browsers that they are signed in with.
import assert from 'node:assert/strict';
import { Visitor } from './recording.mjs';

export const SESSION = '/api/v1/session';
export const PASSWORD = 'correct horse battery';
/** Passwords may be tried as fast as tests like. */
export const PATIENT = { limits: { 'sign-ins-per-minute': 100000 } };

/** A user with a password. */
export async function makeUser (where, login, role = 'host') {
  const { status, body } = await where.admin('POST', '/api/v1/users', { login, name: login.toUpperCase(), role });
  assert.equal(status, 201, JSON.stringify(body));
  const changed = await where.admin('PATCH', `/api/v1/users/${body.id}`, { password: PASSWORD });
  assert.equal(changed.status, 200, JSON.stringify(changed.body));
  return changed.body;
}

export async function enter (where, login, password = PASSWORD, headers = {}) {
  const visitor = new Visitor(where, headers);
  const answer = await visitor.ask('POST', SESSION, { login, password });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return visitor;
}
