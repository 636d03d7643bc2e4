// tab-storage.js: the browser's storage, and what stands in for it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tabStorage } from '../../data/web/core/tab-storage.js';
import { FakeStorage } from './storage.mjs';

test('the browser\'s own, where there is one', () => {
  const own = new FakeStorage();
  assert.equal(tabStorage(() => own), own);
});

test('where it is blocked, one that lasts as long as the page', () => {
  for (const blocked of [() => { throw new Error('SecurityError'); }, () => null, () => ({ getItem() { throw new Error('SecurityError'); } })]) {
    const storage = tabStorage(/** @type {any} */ (blocked));
    assert.equal(storage.getItem('a'), null);
    storage.setItem('a', 'b');
    assert.equal(storage.getItem('a'), 'b');
    storage.removeItem('a');
    assert.equal(storage.getItem('a'), null);
  }
});
