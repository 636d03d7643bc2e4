// reload.js: what a tab hands to itself, and only to itself.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handOver, signingKey, takeOver } from '../../data/web/core/reload.js';
import { FakeStorage } from './storage.mjs';

test('token, signing key, what is known of orders and who was verified go over a reload, once', async () => {
  const storage = new FakeStorage();
  const key = await signingKey(null);
  assert.equal(key.raw.length, 65);
  handOver('room', storage, { token: 't', sign: key.jwk, orders: { meeting: 'm' }, verified: ['k'] });
  const { token, sign, orders, verified } = takeOver('room', storage);
  assert.deepEqual([token, orders, verified], ['t', { meeting: 'm' }, ['k']]);
  const kept = await signingKey(sign);
  assert.deepEqual([kept.raw, kept.again, key.again], [key.raw, true, false]);
  assert.deepEqual(takeOver('room', storage), { token: null, sign: null, orders: null, verified: null });
  assert.equal(storage.length, 0);
});

test('damage is nothing', async () => {
  for (const text of ['', 'x', 'null', '1', '{"token":1,"sign":"x"}']) {
    const storage = new FakeStorage();
    storage.setItem('conclave.reload.room', text);
    assert.deepEqual(takeOver('room', storage), { token: null, sign: null, orders: null, verified: null }, text);
    assert.equal(storage.length, 0);
  }
  const fresh = await signingKey({ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', d: 'AA' });
  assert.equal(fresh.raw.length, 65);
});
