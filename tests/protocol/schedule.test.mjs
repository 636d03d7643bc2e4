// The schedule over HTTP: hosts plan in their rooms, days come as calendars elsewhere have them, feeds are secret, and what strangers
// send is refused at once.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PATIENT, enter, makeUser } from './lib/account.mjs';
import { Daemon } from './lib/daemon.mjs';
import { Visitor, change } from './lib/recording.mjs';
import { Room, randomId } from './lib/room.mjs';

const READER = path.join(path.dirname(fileURLToPath(import.meta.url)), 'lib/read-calendar.py');
const FEED = '/api/v1/account/feed';

let daemon, host;
before(async () => {
  daemon = await Daemon.start({ config: PATIENT });
  await makeUser(daemon, 'ann');
  host = await enter(daemon, 'ann');
});
after(() => daemon.stop());

/** What another library makes of a file. Debian's Python has it, whichever comes first in PATH. */
const readCalendar = (text, count = 60) => JSON.parse(execFileSync('/usr/bin/python3', [READER, String(count)], { input: text, encoding: 'utf8' }));

async function makeRoom (members = {}, of = host) {
  const { status, body } = await of.ask('POST', '/api/v1/rooms', { kind: 'classroom', title: 'Maths', ...members });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

async function plan (room, members, of = host) {
  const { status, body } = await of.ask('POST', `/api/v1/rooms/${room}/events`, { title: 'Lesson', zone: 'Europe/Zurich', minutes: 45, ...members });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

const days = async (query, of = host) => (await of.get(`/api/v1/events?${query}`)).body.events;
const fileOf = async (event, of = host) => String((await of.get(`/api/v1/events/${event.id}/calendar.ics`)).bytes);
const ms = text => Date.parse(text);

test('an event is planned, changed, cancelled on a day, deleted', async () => {
  const room = await makeRoom();
  const event = await plan(room.id, { start: '2027-03-26T09:00', repeat: { every: 'day', interval: 1 } });
  assert.match(event.id, /^e[a-km-np-z2-9]{12}$/);
  assert.deepEqual([event.room, event.sequence, event.cancelled, event.repeat], [room.id, 0, [], { every: 'day', interval: 1 }]);
  const where = `/api/v1/events/${event.id}`;
  assert.deepEqual((await host.ask('POST', `${where}/cancel`, { date: '2027-03-27' })).body.cancelled, ['2027-03-27']);
  assert.equal((await host.ask('PATCH', where, { minutes: 60 })).body.sequence, 2);
  assert.deepEqual((await host.get(`/api/v1/rooms/${room.id}/events`)).body.events.map(({ id, minutes }) => [id, minutes]), [[event.id, 60]]);
  /* clocks are put forward on the 28th */
  const found = await days(`from=${ms('2027-03-25T00:00Z')}&to=${ms('2027-03-30T00:00Z')}`);
  assert.deepEqual(found.map(({ date, start, end }) => [date, start, end - start]), [
    ['2027-03-26', ms('2027-03-26T08:00Z'), 3_600_000], ['2027-03-28', ms('2027-03-28T07:00Z'), 3_600_000],
    ['2027-03-29', ms('2027-03-29T07:00Z'), 3_600_000]]);
  assert.equal(await host.status('DELETE', where), 204);
  assert.equal(await host.status('DELETE', where), 404);
  assert.deepEqual(await days(`from=${ms('2027-03-25T00:00Z')}`), []);
});

test('changes at once: none is lost', async () => {
  const room = await makeRoom();
  const event = await plan(room.id, { start: '2027-06-01T09:00', repeat: { every: 'day', interval: 1 } });
  const dates = ['2027-06-02', '2027-06-03', '2027-06-04', '2027-06-05'];
  const answers = await Promise.all(dates.map(date => host.ask('POST', `/api/v1/events/${event.id}/cancel`, { date })));
  assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200, 200]);
  const [{ cancelled, sequence }] = (await host.get(`/api/v1/rooms/${room.id}/events`)).body.events;
  assert.deepEqual([cancelled, sequence], [dates, 4]);
  assert.equal(await host.status('DELETE', `/api/v1/rooms/${room.id}`), 204);
});

test('another library reads the same days out of the file', async () => {
  const room = await makeRoom();
  const rules = [null, { every: 'day', interval: 3 }, { every: 'week', interval: 2, days: ['mo', 'we', 'su'] }, { every: 'month', interval: 1 },
    { every: 'week', interval: 1, until: '2027-11-15' }, { every: 'month', interval: 5, count: 7 }, { every: 'day', interval: 1, count: 20 }];
  for (const zone of ['Europe/Zurich', 'America/Havana', 'Asia/Calcutta', 'UTC'])
    for (const repeat of rules) {
      const event = await plan(room.id, { title: `Zoë, ${zone}; "a"`, start: '2027-01-31T12:30', zone, repeat });
      const first = (await days(`from=${ms('2027-01-01T00:00Z')}&to=${ms('2028-02-01T00:00Z')}&limit=500`)).map(({ start }) => start);
      const { events: [read], zones } = readCalendar(await fileOf(event));
      const expected = read.starts.filter(at => at < ms('2028-02-01T00:00Z'));
      assert.deepEqual(expected, first.slice(0, expected.length), `${zone} ${JSON.stringify(repeat)}`);
      assert.ok(expected.length === 60 || first.length === expected.length);
      assert.deepEqual([read.summary, read.minutes, read.uid.split('@')[0], read.url], [event.title, 45, event.id, room.link]);
      assert.deepEqual(zones, zone === 'UTC' ? [] : [zone]);
      assert.equal(await host.status('DELETE', `/api/v1/events/${event.id}`), 204);
    }
  const event = await plan(room.id, { start: '2027-02-01T09:00', repeat: { every: 'day', interval: 1, count: 4 } });
  await host.ask('POST', `/api/v1/events/${event.id}/cancel`, { date: '2027-02-02' });
  const { events: [read] } = readCalendar(await fileOf(event));
  assert.deepEqual([read.sequence, read.starts], [1, ['01', '03', '04'].map(day => ms(`2027-02-${day}T08:00Z`))]);
  assert.equal(await host.status('DELETE', `/api/v1/rooms/${room.id}`), 204);
});

test('the link of a room between browsers is in no file', async () => {
  const { body } = new Room();
  const room = await makeRoom(body);
  const event = await plan(room.id, { start: '2027-01-31T12:30' });
  const text = await fileOf(event);
  assert.ok(!/URL|LOCATION|DESCRIPTION|\/r\//.test(text), text);
  assert.equal(readCalendar(text).events.length, 1);
});

test('feeds: secret, one for each user, gone with them', async () => {
  const user = await makeUser(daemon, 'bob');
  const bob = await enter(daemon, 'bob');
  const [shown, hidden] = [await makeRoom({ title: 'Shown' }, bob), await makeRoom(new Room().body, bob)];
  const event = await plan(shown.id, { start: '2027-01-31T12:30' }, bob);
  await plan(hidden.id, { start: '2027-01-31T12:30' }, bob);
  const nobody = new Visitor(daemon);
  const first = new URL((await bob.ask('POST', FEED)).body.url).pathname;
  const second = new URL((await bob.ask('POST', FEED)).body.url).pathname;
  assert.match(second, /^\/calendar\/[A-Za-z0-9_-]{43}\.ics$/);
  assert.equal(await nobody.status('GET', first), 404);
  const { status, headers, bytes } = await nobody.get(second);
  assert.deepEqual([status, headers['content-type'], headers['cache-control']], [200, 'text/calendar; charset=utf-8', 'no-store']);
  assert.deepEqual(readCalendar(bytes).events.map(({ uid, url }) => [uid.split('@')[0], url]), [[event.id, shown.link]]);
  assert.equal((await daemon.admin('PATCH', `/api/v1/users/${user.id}`, { disabled: true })).status, 200);
  assert.equal(await nobody.status('GET', second), 404);
  assert.equal((await daemon.admin('PATCH', `/api/v1/users/${user.id}`, { disabled: false })).status, 200);
  assert.equal(await nobody.status('GET', second), 200);
  assert.equal((await daemon.admin('DELETE', `/api/v1/users/${user.id}`)).status, 204);
  assert.equal(await nobody.status('GET', second), 404);
});

test('what others plan is not there', async () => {
  await makeUser(daemon, 'eve');
  const eve = await enter(daemon, 'eve');
  const room = await makeRoom();
  const event = await plan(room.id, { start: '2028-01-31T12:30' });
  const where = `/api/v1/events/${event.id}`;
  const answers = [await eve.ask('PATCH', where, { title: 'x' }), await eve.ask('DELETE', where), await eve.ask('POST', `${where}/cancel`, { date: '2028-01-31' }),
    await eve.get(`${where}/calendar.ics`), await eve.get(`/api/v1/rooms/${room.id}/events`), await eve.ask('POST', `/api/v1/rooms/${room.id}/events`, { start: '2028-01-31T12:30', zone: 'UTC', minutes: 1 })];
  assert.deepEqual(answers.map(({ status, body }) => [status, body.error]),
    [...Array(4).fill([404, 'not-found']), ...Array(2).fill([404, 'unknown-room'])]);
  assert.deepEqual(await days(`from=${ms('2028-01-01T00:00Z')}`, eve), []);
  assert.equal((await daemon.admin('GET', `/api/v1/events?from=${ms('2028-01-01T00:00Z')}`)).body.events.length, 1);
  assert.equal(await host.status('DELETE', `/api/v1/rooms/${room.id}`), 204);
});

test('hostile zones, titles and rules are refused, and at once', async () => {
  const room = await makeRoom();
  const base = { start: '2027-01-31T12:30', zone: 'UTC', minutes: 30 };
  const bad = [{ zone: '../../etc/passwd' }, { zone: '/etc/passwd' }, { zone: 'Europe/../../../etc/passwd' }, { zone: 'A'.repeat(5000) }, { zone: 'posixrules' },
    { zone: 'Europe/Zurich\r\nATTACH:x' }, { title: 'a\r\nATTACH:x' }, { title: 'x'.repeat(121) }, { title: '\u202e' }, { title: ' ' }, { start: '9999-01-01T00:00' },
    { start: '2027-02-30T00:00' }, { minutes: 1e9 }, { minutes: -1 }, { repeat: 'FREQ=SECONDLY' }, { repeat: { every: 'day', interval: 1e9 } },
    { repeat: { every: 'day', interval: 1, count: 1e9 } }, { repeat: { every: 'day', interval: 1, until: '9999-01-01' } },
    { repeat: { every: 'week', interval: 1, days: Array(1000).fill('mo') } }, { repeat: { every: 'month', interval: 1, days: ['mo'] } }];
  const started = performance.now();
  for (const members of bad) {
    const { status, body } = await host.ask('POST', `/api/v1/rooms/${room.id}/events`, { ...base, ...members });
    assert.deepEqual([status, body.error], [400, 'bad-message'], JSON.stringify(members).slice(0, 100));
  }
  for (let i = 0; i < 99; i++)
    await plan(room.id, { ...base, start: '2000-01-01T00:00', repeat: { every: 'day', interval: 1 } });
  for (const query of [`from=${ms('2099-01-01T00:00Z')}&to=${ms('2100-02-01T00:00Z')}&limit=500`, 'from=0&limit=500', `from=${ms('2190-01-01T00:00Z')}&limit=500`])
    assert.ok((await days(query)).length <= 500);
  assert.equal((await days(`from=${ms('2099-01-01T00:00Z')}&limit=500`)).length, 500);
  assert.ok(performance.now() - started < 60_000, 'nothing took long');
  await plan(room.id, base);
  const { status, body } = await host.ask('POST', `/api/v1/rooms/${room.id}/events`, base);
  assert.deepEqual([status, body.error], [409, 'too-many']);
  assert.equal(await host.status('DELETE', `/api/v1/rooms/${room.id}`), 204);
  assert.equal((await days('from=0&limit=500')).length, 0);
});

test('what is kept and makes no sense any more is passed over', async () => {
  const room = await makeRoom();
  const [broken, good] = [await plan(room.id, { start: '2029-01-31T12:30' }), await plan(room.id, { start: '2029-01-31T13:30' })];
  change(daemon, 'UPDATE event SET zone = ? WHERE id = ?', 'Mars/Olympus', broken.id);
  const found = await days(`from=${ms('2029-01-01T00:00Z')}`);
  assert.deepEqual(found.map(({ event }) => event), [good.id]);
  assert.equal(await host.status('GET', `/api/v1/events/${randomId('e')}/calendar.ics`), 404);
});
