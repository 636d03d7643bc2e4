// steady-file.js: what was read is compared with what is there now, and only what was read.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SteadyFile } from '../../data/web/core/steady-file.js';

/** What is on the disk, which others write to. @param {string} text */
const disk = text => ({ text, size: text.length, slice (from, to) { return new Blob([this.text]).slice(from, to); } });
const steady = file => new SteadyFile(/** @type {any} */ (file));
const refused = { name: 'ConclaveError', id: 'file-changed' };

test('what stays as it is passes, wherever it is read', async () => {
  const file = steady(disk('abcdefghij'));
  assert.deepEqual([await (await file.read(0, 4)).text(), await (await file.read(4, 8)).text(), await (await file.read(6, 10)).text()], ['abcd', 'efgh', 'ghij']);
  await file.check(10);
});

test('what begins before the end is looked at, and nothing else', async () => {
  const there = disk('abcdefghij');
  const file = steady(there);
  await file.read(0, 4);
  await file.read(4, 10);
  there.text = 'abcdEfghij';
  await file.check(4);
  await assert.rejects(file.check(5), refused);
  await file.read(4, 10);
  await file.check(5);
  there.text = 'abcXEfghij';
  await assert.rejects(file.check(4), refused);
  file.forget();
  await file.check(10);
});

test('what is shorter now, or cannot be read, was changed', async () => {
  const there = disk('abcdefghij');
  const file = steady(there);
  await file.read(0, 4);
  there.text = 'abc';
  await assert.rejects(file.read(4, 10), refused);
  await assert.rejects(file.check(4), refused);
  await assert.rejects(steady({ size: 3, slice: () => ({ arrayBuffer: async () => { throw new DOMException('gone', 'NotReadableError'); } }) }).read(0, 3), refused);
});

test('a file in one piece is read once', async () => {
  let reads = 0;
  const file = steady({ size: 3, slice () { reads++; return new Blob(['abc']); } });
  await file.read(0, 3);
  await file.check(3);
  assert.equal(reads, 1);
});
