// private-plan.js: when it is, until which day the server keeps the room, and the file for calendars.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keptUntil, privateCalendar, timesOf } from '../../data/web/core/private-plan.js';

const DAY = 86_400_000;
const NOW = Date.parse('2026-03-20T12:00Z');
const ORDER = { title: 'A; b, c', start: '2026-03-22T09:30', zone: 'Europe/Berlin', minutes: 90, repeat: /** @type {any} */ (null) };

test('each time is what clocks show there then, also once they are changed', () => {
  const times = timesOf({ ...ORDER, repeat: { every: 'week', interval: 1, count: 2 } }, NOW);
  assert.deepEqual(times.map(({ start }) => new Date(start).toISOString()), ['2026-03-22T08:30:00.000Z', '2026-03-29T07:30:00.000Z']);
  assert.equal(times[0].end - times[0].start, 90 * 60_000);
});

test('what never ends does so after a year, and what is farther ahead is not there', () => {
  const times = timesOf({ ...ORDER, repeat: { every: 'day', interval: 1 } }, NOW);
  assert.equal(times.length, 365);
  assert.ok(times.every(({ start }) => start <= NOW + 366 * DAY));
  assert.deepEqual(timesOf({ ...ORDER, start: '2027-04-01T09:30' }, NOW), []);
});

test('the server is told a day, of which no hour can be told', () => {
  for (const start of ['2026-03-22T00:00', '2026-03-22T23:00'])
    assert.equal(keptUntil(timesOf({ ...ORDER, start, zone: 'UTC', minutes: 30 }, NOW)), Date.parse('2026-03-24T00:00Z'));
  assert.equal(keptUntil(timesOf({ ...ORDER, start: '2026-03-22T23:30', zone: 'UTC', minutes: 60 }, NOW)), Date.parse('2026-03-25T00:00Z'));
});

test('the file has each time, the title as text, and the link', () => {
  const url = `https://conclave.test/r/abcdefghijkm#${'S'.repeat(43)}`;
  const ics = privateCalendar({ ...ORDER, repeat: { every: 'week', interval: 1, count: 2 } }, url, 'Join', NOW);
  for (const line of ics.split('\r\n'))
    assert.ok(Buffer.byteLength(line) <= 75, line);
  const lines = ics.replaceAll('\r\n ', '').split('\r\n');
  assert.deepEqual(lines.filter(line => /^(DTSTAMP|DTSTART|DTEND|SUMMARY|URL)/.test(line)), [
    `URL:${url}`, 'DTSTAMP:20260320T120000Z', 'DTSTART:20260322T083000Z', 'DTEND:20260322T100000Z', 'SUMMARY:A\\; b\\, c',
    `URL:${url}`, 'DTSTAMP:20260320T120000Z', 'DTSTART:20260329T073000Z', 'DTEND:20260329T090000Z', 'SUMMARY:A\\; b\\, c']);
  assert.deepEqual([lines[0], lines.at(-2), lines.at(-1)], ['BEGIN:VCALENDAR', 'END:VCALENDAR', '']);
  const ids = lines.filter(line => line.startsWith('UID:'));
  assert.equal(new Set(ids).size, 2);
});
