// repeat.js: the days that come of a rule.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDays, datesOf, weekdayOf } from '../../data/web/core/repeat.js';

const days = (first, repeat, n = 5) => datesOf(first, repeat, n).map(date => date.slice(5)).join(' ');

test('days of the week', () => {
  assert.deepEqual(['2026-11-26', '2026-11-29', '2026-11-30', '1970-01-01', '2028-02-29'].map(weekdayOf), ['th', 'su', 'mo', 'th', 'tu']);
  assert.equal(addDays('2026-12-31', 1), '2027-01-01');
});

test('once, each day, each third', () => {
  assert.equal(days('2026-11-26', null), '11-26');
  assert.equal(days('2026-11-29', { every: 'day', interval: 1 }), '11-29 11-30 12-01 12-02 12-03');
  assert.equal(days('2026-11-29', { every: 'day', interval: 3 }, 3), '11-29 12-02 12-05');
});

test('weeks: the first one\'s day, or those that are named, counted from Monday', () => {
  assert.equal(days('2026-11-26', { every: 'week', interval: 1 }, 3), '11-26 12-03 12-10');
  assert.equal(days('2026-11-26', { every: 'week', interval: 1, days: ['mo', 'th'] }), '11-26 11-30 12-03 12-07 12-10');
  assert.equal(days('2026-11-26', { every: 'week', interval: 2, days: ['mo', 'th'] }), '11-26 12-07 12-10 12-21 12-24');
});

test('months: the last day of those that are shorter', () => {
  assert.equal(days('2026-11-26', { every: 'month', interval: 1 }, 3), '11-26 12-26 01-26');
  assert.equal(days('2027-01-31', { every: 'month', interval: 1 }, 4), '01-31 02-28 03-31 04-30');
  assert.equal(days('2026-11-26', { every: 'month', interval: 3 }, 3), '11-26 02-26 05-26');
});

test('until a day, which is in it, or a number of times', () => {
  assert.equal(days('2026-11-26', { every: 'day', interval: 1, until: '2026-11-28' }), '11-26 11-27 11-28');
  assert.equal(days('2026-11-26', { every: 'day', interval: 1, count: 2 }), '11-26 11-27');
  assert.equal(days('2026-11-26', { every: 'day', interval: 1, until: '2026-11-25' }), '');
});
