// chart-lines.js: scales, lines and their breaks, the point that is nearest.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { across, ceiling, line, nearest } from '../../data/web/app/chart-lines.js';

const SCALE = { now: 120_000, span: 120_000, top: 10 };

test('the end of a scale is a round number with room for all', () => {
  const cases = [[0, 0.1, 0.1], [0.11, 0.1, 0.2], [0.3, 0.1, 0.5], [0.7, 0.1, 1], [123_456, 1, 200_000], [5, 1, 5], [5.1, 1, 10]];
  for (const [value, least, end] of cases)
    assert.ok(Math.abs(ceiling(value, least) / end - 1) < 1e-9, `${value}: ${ceiling(value, least)}`);
});

test('now is at the right, zero at the foot, nothing sticks out', () => {
  assert.equal(line([{ at: 0, value: 0 }, { at: 60_000, value: 5 }, { at: 120_000, value: 20 }], SCALE), 'M0.00 100.00h0L50.00 50.00L100.00 0.00');
  assert.equal(line([], { now: 0, span: 1, top: 1 }), '');
  assert.equal(across(90_000, 120_000, 120_000), 75);
});

test('a line is broken where nobody knows, and where nothing came', () => {
  const points = [{ at: 0, value: 0 }, { at: 30_000, value: null }, { at: 60_000, value: 0 }, { at: 120_000, value: 0 }];
  assert.equal(line(points, SCALE), 'M0.00 100.00h0M50.00 100.00h0L100.00 100.00');
  assert.equal(line(points, { ...SCALE, gap: 59_999 }), 'M0.00 100.00h0M50.00 100.00h0M100.00 100.00h0');
});

test('the nearest point', () => {
  const points = [{ at: 10 }, { at: 20 }, { at: 40 }];
  assert.deepEqual([0, 14, 16, 31, 99].map(at => nearest(points, at)), [0, 0, 1, 2, 2]);
  assert.equal(nearest([], 5), -1);
});
