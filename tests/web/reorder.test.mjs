// reorder.js: where a thing belongs that was dragged.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { targetOf } from '../../data/web/app/reorder.js';

const rows = [40, 80, 40, 40].reduce((all, height) => [...all, { top: all.reduce((sum, row) => sum + row.height + 4, 0), height }], []);

test('past those whose middle it has passed', () => {
  assert.equal(targetOf(rows, 0, 0), 0);
  assert.equal(targetOf(rows, 0, 43), 0);
  assert.equal(targetOf(rows, 0, 45), 1);
  assert.equal(targetOf(rows, 0, 1_000), 3);
  assert.equal(targetOf(rows, 3, -23), 3);
  assert.equal(targetOf(rows, 3, -25), 2);
  assert.equal(targetOf(rows, 3, -1_000), 0);
  assert.equal(targetOf(rows, 1, -25), 0);
});
