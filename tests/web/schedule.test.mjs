// schedule.js: the next dates, and events made, changed, cancelled for a day, deleted.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Account } from '../../data/web/core/account.js';
import { Requests } from '../../data/web/core/requests.js';
import { Schedule, byDay, calendarUrl } from '../../data/web/core/schedule.js';
import { FakeApi } from './fake-api.mjs';

const NOW = Date.UTC(2026, 10, 26, 12, 0);
const WEEKLY = { title: 'Weekly', start: '2026-11-26T12:30', zone: 'Europe/Berlin', minutes: 60, repeat: /** @type {any} */ ({ every: 'week', interval: 1 }) };

async function make() {
  const api = new FakeApi({ now: () => NOW });
  const user = api.addUser({ login: 'ann', password: 'correct horse' });
  api.rooms.push({ id: 'abcdefghijkm', title: 'Weekly', kind: 'standard', owner: user.id });
  const requests = new Requests(api.fetch);
  await new Account(requests).signIn({ login: 'ann', password: 'correct horse' });
  return { api, schedule: new Schedule(requests, () => NOW) };
}

const settled = schedule => new Promise(resolve => {
  const check = () => { if (!schedule.loading) { schedule.removeEventListener('change', check); resolve(undefined); } };
  schedule.addEventListener('change', check);
  check();
});
const dates = schedule => schedule.upcoming.slice(0, 3).map(({ date }) => date.slice(5)).join(' ');

test('dates ahead; what goes on now is the first', async () => {
  const { schedule, api } = await make();
  const event = await schedule.add('abcdefghijkm', WEEKLY);
  await settled(schedule);
  assert.equal(dates(schedule), '11-26 12-03 12-10'); // 12:30 in Berlin is 11:30, an hour long
  assert.deepEqual([schedule.upcoming[0].start, schedule.upcoming[0].repeats, schedule.upcoming[0].event], [NOW - 30 * 60_000, true, event.id]);
  await schedule.cancel(event.id, '2026-12-03');
  await settled(schedule);
  assert.equal(dates(schedule), '11-26 12-10 12-17');
  await schedule.change(event.id, { start: '2026-11-26T09:00' });
  await settled(schedule);
  assert.equal(dates(schedule), '12-10 12-17 12-24');
  assert.deepEqual((await schedule.ofRoom('abcdefghijkm')).map(({ id, cancelled }) => [id, cancelled]), [[event.id, ['2026-12-03']]]);
  assert.match(await schedule.calendar(event.id), /^BEGIN:VCALENDAR/);
  assert.equal(api.asked.at(-1)?.path, calendarUrl(event.id).replace('/api/v1', ''));
  await schedule.remove(event.id);
  await settled(schedule);
  assert.equal(dates(schedule), '');
});

test('what fails is told, and is no empty list', async () => {
  const { schedule, api } = await make();
  api.failure = { status: 500, error: 'store-failed' };
  await schedule.load();
  assert.deepEqual([schedule.error, schedule.loading], ['store-failed', false]);
  await assert.rejects(schedule.add('abcdefghijkm', WEEKLY), { id: 'store-failed' });
});

test('grouped by the day of who reads it', () => {
  const one = start => /** @type {any} */ ({ start });
  const groups = byDay([one(0), one(3_600_000), one(86_400_000)], at => new Date(at).toISOString().slice(0, 10));
  assert.deepEqual(groups.map(({ day, occurrences }) => [day, occurrences.length]), [['1970-01-01', 2], ['1970-01-02', 1]]);
});
