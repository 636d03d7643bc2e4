// whispers.js

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Whispers } from '../../data/web/core/whispers.js';

test('what is said to one person, the oldest first, and not without end', () => {
  const whispers = new Whispers();
  assert.deepEqual(whispers.receive({ type: 'whisper', seq: 3, from: 'p1', name: 'Ada', to: 'p2', text: 'Hi', at: 5 }, true),
    { from: 'p1', name: 'Ada', to: 'p2', text: 'Hi', at: 5, own: true });
  for (let n = 0; n < 1_000; n++)
    whispers.receive({ type: 'whisper', from: 'p2', name: 'Bob', to: 'p1', text: `${n}`, at: n }, false);
  assert.equal(whispers.list.length, 1_000);
  assert.equal(whispers.list[0].text, '0');
});
