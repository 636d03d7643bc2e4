// reload.js: what a tab hands to itself, and only to itself.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handOver, signingKey, takeOver } from '../../data/web/core/reload.js';
import { FakeStorage } from './storage.mjs';

test('token, signing key and what is known of orders go over a reload, once', async () => {
  const storage = new FakeStorage();
  const key = await signingKey(null);
  assert.equal(key.raw.length, 65);
  handOver('room', storage, { token: 't', sign: key.jwk, orders: { meeting: 'm' } });
  const { token, sign, orders } = takeOver('room', storage);
  assert.deepEqual([token, orders], ['t', { meeting: 'm' }]);
  assert.deepEqual((await signingKey(sign)).raw, key.raw);
  assert.deepEqual(takeOver('room', storage), { token: null, sign: null, orders: null });
  assert.equal(storage.length, 0);
});

test('damage is nothing', async () => {
  for (const text of ['', 'x', 'null', '1', '{"token":1,"sign":"x"}']) {
    const storage = new FakeStorage();
    storage.setItem('conclave.reload.room', text);
    assert.deepEqual(takeOver('room', storage), { token: null, sign: null, orders: null }, text);
    assert.equal(storage.length, 0);
  }
  const fresh = await signingKey({ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', d: 'AA' });
  assert.equal(fresh.raw.length, 65);
});
