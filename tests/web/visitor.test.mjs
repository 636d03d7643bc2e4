// visitor.js: the same word for the same room, another one for another, none where nothing is kept.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visitorWord } from '../../data/web/core/visitor.js';
import { FakeStorage } from './storage.mjs';

test('kept, and of one room only', async () => {
  const storage = new FakeStorage();
  const word = await visitorWord('abcdefghijkm', storage);
  assert.match(word, /^[\w-]{22}$/);
  assert.equal(await visitorWord('abcdefghijkm', storage), word);
  assert.notEqual(await visitorWord('bbcdefghijkm', storage), word);
  assert.notEqual(storage.getItem('conclave.visitor'), word, 'what is kept is not told');
  assert.notEqual(await visitorWord('abcdefghijkm', new FakeStorage()), word);
});

test('what is kept may be damaged, or nothing may be kept', async () => {
  const storage = new FakeStorage();
  for (const damaged of ['', '%', 'AAAA']) {
    storage.setItem('conclave.visitor', damaged);
    assert.match(await visitorWord('abcdefghijkm', storage), /^[\w-]{22}$/);
    assert.equal(storage.getItem('conclave.visitor').length, 22);
  }
  assert.equal(await visitorWord('abcdefghijkm', null), null);
  assert.equal(await visitorWord('abcdefghijkm', { getItem: () => null, setItem() { throw new DOMException('full', 'QuotaExceededError'); } }), null);
});
