// order-keys.js: there is always room between two keys.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { between, isKey, keyAt } from '../../data/web/core/order-keys.js';

test('a key is between its neighbours, wherever one adds', () => {
  let seed = 1;
  const random = most => (seed = Math.imul(seed, 1103515245) + 12345 >>> 1) % most;
  for (const where of [random, most => most - 1, () => 0, most => most >> 1, most => Math.min(1, most - 1)]) {
    const keys = [];
    for (let n = 0; n < 900; n++) {
      const at = where(keys.length + 1);
      const [low, high] = [keys[at - 1] ?? null, keys[at] ?? null];
      const key = between(low, high);
      assert.ok(isKey(key) && (low === null || low < key) && (high === null || key < high), `${low} < ${key} < ${high}`);
      keys.splice(at, 0, key);
    }
  }
});

test('keys stay short where things are added at an end', () => {
  let key = between(null, null);
  for (let n = 0; n < 600; n++)
    key = between(key, null);
  assert.ok(key.length <= 12, key);
});

test('what has nothing between it is no reason to fail', () => {
  assert.equal(between('V', 'V'), 'W');
  assert.equal(between('W', 'V'), 'X');
});

test('what is no key', () => {
  for (const key of ['', '0', 'V0', 'a b', 'é', 7, null, undefined, 'V'.repeat(201)])
    assert.equal(isKey(key), false, String(key));
});

test('a place in a list, also between two of one key', () => {
  const list = ['A', 'C', 'C', 'E'].map(order => ({ fields: { order } }));
  assert.ok(keyAt(list, 0) < 'A');
  assert.equal(keyAt(list, 1), 'B');
  assert.equal(keyAt(list, 2), 'D');
  assert.equal(keyAt(list, 3), 'D');
  assert.ok(keyAt(list, 4) > 'E');
  assert.equal(keyAt([], 0), 'U');
});
