// reload.js: what a tab hands to itself, and only to itself.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handOver, signingKey, takeOver } from '../../data/web/core/reload.js';
import { FakeStorage } from './storage.mjs';

test('token and signing key go over a reload, once', async () => {
  const storage = new FakeStorage();
  const key = await signingKey(null);
  assert.equal(key.raw.length, 65);
  handOver('room', storage, { token: 't', sign: key.jwk });
  const { token, sign } = takeOver('room', storage);
  assert.equal(token, 't');
  assert.deepEqual((await signingKey(sign)).raw, key.raw);
  assert.deepEqual(takeOver('room', storage), { token: null, sign: null });
  assert.equal(storage.length, 0);
});

test('damage is nothing', async () => {
  for (const text of ['', 'x', 'null', '1', '{"token":1,"sign":"x"}']) {
    const storage = new FakeStorage();
    storage.setItem('conclave.reload.room', text);
    assert.deepEqual(takeOver('room', storage), { token: null, sign: null }, text);
    assert.equal(storage.length, 0);
  }
  const fresh = await signingKey({ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', d: 'AA' });
  assert.equal(fresh.raw.length, 65);
});
