// ticket.js: what stands in one is shown, whatever it is; and it is there until it was used.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ticket } from '../../data/web/core/ticket.js';

const encode = value => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const make = claims => `${encode({ alg: 'HS256' })}.${encode(claims)}.AAAA`;

test('says who comes, and as what', () => {
  const text = make({ name: 'Zoë', role: 'cohost' });
  const ticket = new Ticket(text);
  assert.deepEqual([ticket.text, ticket.name, ticket.role, ticket.spent], [text, 'Zoë', 'cohost', false]);
  const bare = new Ticket(make({ role: 'viewer' }));
  assert.deepEqual([bare.name, bare.role], ['', 'viewer']);
});

test('is used once', () => {
  const ticket = new Ticket(make({ name: 'Zoë', role: 'host' }));
  ticket.spend();
  assert.deepEqual([ticket.text, ticket.spent, ticket.name, ticket.role], [null, true, 'Zoë', 'host']);
  assert.ok(new Ticket(null).spent);
  assert.ok(new Ticket('a'.repeat(2049)).spent);
});

test('whatever it is, nothing breaks', () => {
  for (const text of ['', '.', 'a.b', 'x.%.y', `a.${encode('[]')}.b`, `a.${encode('null')}.b`, `a.${encode('{')}.b`, `a.${Buffer.from([0xff]).toString('base64url')}.b`,
    make({ name: 7, role: 'admin' }), make({ name: ' \u200b', role: null })]) {
    const { name, role } = new Ticket(text);
    assert.deepEqual([name, role], ['', 'person'], text);
  }
});
