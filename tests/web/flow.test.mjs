// flow.js: standing still means something only after it had been steady, and is said at once, then now and then.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Flow, bytesReceived } from '../../data/web/core/flow.js';

const run = counts => {
  const flow = new Flow();
  return counts.map(count => flow.count(count));
};

test('steady, then nothing: said once, until it was steady again', () => {
  assert.deepEqual(run([0, 10, 20, 20, 20, 20, 30, 40, 40]), [false, false, false, true, false, false, false, false, true]);
});

test('silence from the start, or a drop now and then, is nothing', () => {
  assert.deepEqual(run([0, 0, 0, 10, 10, 20, 20, 30, 30]), Array(9).fill(false));
});

test('who was not steady before it stood still is found out as well, a little later', () => {
  assert.deepEqual(run([10, 20, 20, 30, 30, 30, 30, 30, 30, 30, 30, 30]).map((stalled, i) => stalled ? i : 0).filter(Boolean), [8]);
});

test('counts what the way in use has brought', () => {
  assert.equal(bytesReceived([
    { type: 'candidate-pair', nominated: true, bytesReceived: 7 },
    { type: 'candidate-pair', nominated: false, bytesReceived: 100 },
    { type: 'candidate-pair', nominated: true },
    { type: 'inbound-rtp', bytesReceived: 1000 },
  ]), 7);
});
