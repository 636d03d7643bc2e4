// Initials and tints: one or two characters as people count them, the same tint for the same person.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initials, tint } from '../../data/web/app/initials.js';

test('the first and the last word give the letters', () => {
  assert.equal(initials('Ann'), 'A');
  assert.equal(initials('  ann   de  vries '), 'AV');
  assert.equal(initials('Ðặng Thị Ngọc'), 'ÐN');
  assert.equal(initials(''), '');
  assert.equal(initials('   '), '');
});

test('a character of several code points stays whole', () => {
  assert.equal(initials('👩🏽‍🚀 Crew'), '👩🏽‍🚀C');
  assert.equal(initials('e\u0301lodie'), 'E\u0301');
});

test('tints are stable and all of them are used', () => {
  const tints = new Set(Array.from({ length: 200 }, (_, i) => tint(`p${i * 7919}`)));
  assert.deepEqual([...tints].sort(), ['avatar-1', 'avatar-2', 'avatar-3', 'avatar-4', 'avatar-5', 'avatar-6']);
  assert.equal(tint('pabcdefghijkm'), tint('pabcdefghijkm'));
});
