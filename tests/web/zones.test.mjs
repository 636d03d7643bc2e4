// zones.js: walls' clocks and instants, over the changes of the clocks and the date line.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instantOf, isZone, offsetAt, wallAt, zoneWords, zones } from '../../data/web/core/zones.js';

const utc = text => Date.parse(`${text}Z`);

test('what clocks show, and when they do', () => {
  for (const [wall, zone, instant] of [
    ['2026-07-01T15:00', 'Europe/Berlin', '2026-07-01T13:00'], ['2026-12-01T15:00', 'Europe/Berlin', '2026-12-01T14:00'],
    ['2026-12-01T00:00', 'UTC', '2026-12-01T00:00'], ['2026-12-01T08:30', 'Pacific/Auckland', '2026-11-30T19:30'],
    ['2026-12-01T15:00', 'Asia/Kolkata', '2026-12-01T09:30'], ['2026-12-31T20:00', 'America/New_York', '2027-01-01T01:00'],
    ['2026-12-01T12:00', 'Pacific/Kiritimati', '2026-11-30T22:00'], ['2026-12-01T12:00', 'Pacific/Pago_Pago', '2026-12-01T23:00'],
  ]) {
    assert.equal(instantOf(wall, zone), utc(instant), `${wall} ${zone}`);
    assert.equal(wallAt(utc(instant), zone), wall, `${wall} ${zone}`);
  }
});

test('the hour that is skipped, and the one that comes twice', () => {
  assert.equal(instantOf('2026-03-29T02:30', 'Europe/Berlin'), utc('2026-03-29T01:30'));
  assert.equal(instantOf('2026-10-25T02:30', 'Europe/Berlin'), utc('2026-10-25T00:30'));
  assert.equal(instantOf('2026-10-25T03:00', 'Europe/Berlin'), utc('2026-10-25T02:00'));
  assert.equal(instantOf('2026-03-29T03:00', 'Europe/Berlin'), utc('2026-03-29T01:00'));
});

test('zones are known or not', () => {
  assert.equal(isZone('Europe/Berlin'), true);
  assert.equal(isZone('Europe/Atlantis'), false);
  const list = zones('America/Argentina/Buenos_Aires', 'Europe/Atlantis');
  assert.ok(list.includes('UTC') && list.includes('America/Argentina/Buenos_Aires') && !list.includes('Europe/Atlantis'));
  assert.deepEqual(list, [...new Set(list)].sort());
  assert.equal(offsetAt(utc('2026-12-01T00:00'), 'Asia/Kolkata'), 19_800_000);
});

test('zones as people read them', () => {
  assert.deepEqual(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires'].map(zoneWords), ['UTC', 'Berlin (Europe)', 'Buenos Aires (America/Argentina)']);
});
