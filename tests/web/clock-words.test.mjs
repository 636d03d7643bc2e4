// clock-words.js: lengths of time as on a stopwatch.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import './setup.mjs';
import { minuteWords, stopwatch, timeOfDay } from '../../data/web/app/clock-words.js';

test('minutes and seconds, hours where there are any', () => {
  assert.equal(stopwatch(0), '0:00');
  assert.equal(stopwatch(-5), '0:00');
  assert.equal(stopwatch(7 * 60_000 + 9_999), '7:09');
  assert.equal(stopwatch(3_600_000), '1:00:00');
  assert.equal(stopwatch(3_600_000 + 61_000), '1:01:01');
});

test('as the language has it', () => {
  assert.equal(minuteWords(15), '15 min');
  assert.match(timeOfDay(Date.UTC(2026, 0, 1, 12, 34)), /^\d{1,2}:34/);
});
