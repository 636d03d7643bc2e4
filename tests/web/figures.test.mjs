// figures.js: durations, what people type for them, sizes, in each language.

import './setup.mjs';
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { clockTime, dateAndTime, day, fileSize, parseClock, percent } from '../../data/web/core/figures.js';
import { i18n } from '../../data/web/core/i18n.js';

afterEach(() => i18n.use('en', {}));

test('durations', () => {
  const shown = [[0, '0:00'], [999, '0:00'], [7_000, '0:07'], [754_900, '12:34'], [3_599_999, '59:59'], [3_600_000, '1:00:00'], [45_296_000, '12:34:56'], [-5, '0:00']];
  for (const [ms, text] of shown)
    assert.equal(clockTime(ms), text);
});

test('a time that is typed', () => {
  const typed = [['0:07', 7_000], ['12:34', 754_000], ['1:02:03', 3_723_000], ['90', 90_000], [' 1:05 ', 65_000], ['1:05.5', 65_500], ['1:05,25', 65_250], ['75:00', 4_500_000]];
  for (const [text, ms] of typed)
    assert.equal(parseClock(text), ms, text);
  for (const text of ['', 'one', '1:2:3:4', '1:-5', ':', '1:', '99999999', '1:05.', 'NaN'])
    assert.equal(parseClock(text), null, text);
  for (const ms of [0, 7_000, 754_000, 3_723_000])
    assert.equal(parseClock(clockTime(ms)), ms);
});

test('sizes have three digits at most, and the right unit', () => {
  const plain = text => text.replace(/[\u00a0\u202f]/g, ' ');
  const shown = [[0, '0 bytes'], [1, '1 byte'], [840, '840 bytes'], [1_000, '1 kB'], [1_240, '1.2 kB'], [999_400, '999 kB'], [999_600, '1 MB'], [61_000_000, '61 MB'], [2_460_000_000, '2.5 GB'], [7e15, '7,000 TB']];
  for (const [bytes, text] of shown)
    assert.equal(plain(fileSize(bytes)), text);
  i18n.use('de', {});
  assert.equal(plain(fileSize(2_460_000_000)), '2,5 GB');
});

test('dates and shares follow the language', () => {
  const at = Date.UTC(2026, 10, 26, 12);
  assert.match(day(at), /^Nov \d+, 2026$/);
  assert.equal(percent(0.374), '37%');
  assert.deepEqual([percent(-1), percent(7)], ['0%', '100%']);
  i18n.use('de', {});
  assert.match(dateAndTime(at), /^\d\d\.\d\d\.2026/);
});
