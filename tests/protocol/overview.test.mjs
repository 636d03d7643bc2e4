// The figures that administrators see: who gets them, what they are, and that they name nobody.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PATIENT, enter, makeUser } from './lib/account.mjs';
import { Person } from './lib/client.mjs';
import { Daemon, FAKE_MEDIA, INSTRUMENTED, until } from './lib/daemon.mjs';
import { Visitor, makeKey } from './lib/recording.mjs';
import { Room } from './lib/room.mjs';

const OVERVIEW = '/api/v1/overview';
const PATIENCE = INSTRUMENTED ? 90_000 : 30_000;

let daemon, root;
before(async () => {
  daemon = await Daemon.start({ config: { ...FAKE_MEDIA, ...PATIENT, rooms: { 'empty-seconds': 1, 'seat-seconds': 2 } } });
  await makeUser(daemon, 'root', 'administrator');
  root = await enter(daemon, 'root');
});
after(() => daemon.stop());

async function read (after = 0) {
  const { status, body, headers } = await root.ask('GET', after ? `${OVERVIEW}?after=${after}` : OVERVIEW);
  assert.equal(status, 200);
  assert.equal(headers['cache-control'], 'no-store');
  return body;
}

/** The newest row, by column. */
function newest ({ columns, rows }) {
  return Object.fromEntries(columns.map((column, i) => [column, rows.at(-1)[i]]));
}

const becomes = (what, check) => until(what, async () => {
  const answer = await read();
  return answer.last > 0 && check(newest(answer), answer) && answer;
}, PATIENCE);

test('only administrators get them', async () => {
  for (const role of ['host', 'producer']) {
    await makeUser(daemon, role, role);
    const answer = await (await enter(daemon, role)).ask('GET', OVERVIEW);
    assert.deepEqual([answer.status, answer.body.error], [403, 'not-allowed'], role);
    const { key } = await makeKey(daemon, { role });
    const byKey = await daemon.request('GET', OVERVIEW, undefined, { authorization: `Bearer ${key}` });
    assert.deepEqual([byKey.status, byKey.body.error], [403, 'not-allowed'], `the key of a ${role}`);
  }
  assert.equal((await new Visitor(daemon).ask('GET', OVERVIEW)).status, 401);
  assert.equal((await daemon.admin('GET', OVERVIEW)).status, 200);
  const { key } = await makeKey(daemon, { role: 'administrator' });
  assert.equal((await daemon.request('GET', OVERVIEW, undefined, { authorization: `Bearer ${key}` })).status, 200);
  await daemon.admin('PATCH', `/api/v1/users/${(await root.ask('GET', '/api/v1/session')).body.user.id}`, { role: 'host' });
  assert.equal((await root.ask('GET', OVERVIEW)).status, 403, 'who is no administrator any more');
  await daemon.admin('PATCH', `/api/v1/users/${(await root.ask('GET', '/api/v1/session')).body.user.id}`, { role: 'administrator' });
  assert.equal((await daemon.request('GET', '/admin')).status, 200, 'the page itself says nothing');
});

test('rows with a value for each column, all of the same hour', async () => {
  const answer = await becomes('there are two rows', (row, { last }) => last >= 2);
  assert.deepEqual([answer.every, answer.keeps], [5000, 720]);
  assert.deepEqual(answer.columns.slice(0, 3), ['at', 'meetings.standard', 'people.standard']);
  assert.equal(new Set(answer.columns).size, answer.columns.length);
  assert.equal(answer.rows.length, answer.last);
  for (const row of answer.rows) {
    assert.equal(row.length, answer.columns.length);
    assert.ok(row.every(value => value === null || Number.isFinite(value) && value >= 0), JSON.stringify(row));
    assert.ok(row[0] <= answer.now && row[0] > answer.now - 3_600_000);
  }
  const row = newest(answer);
  assert.deepEqual([row.database, row.open], [1, 1]);
  assert.ok(row.disk_size > row.disk_free && row.disk_free > 0);
  assert.ok(typeof row.cpu_server === 'number' && typeof row.cpu_media === 'number');
  assert.deepEqual([row.calls, row.trunks, row.cpu_sip], [null, null, null], 'nobody can call');
  const newer = await read(answer.last - 1);
  assert.deepEqual(newer.rows.slice(0, 1), answer.rows.slice(-1));
  assert.equal((await read(answer.last + 1000)).rows.length, 0);
  for (const bad of ['after=x', 'after=-1', 'from=1'])
    assert.equal((await root.ask('GET', `${OVERVIEW}?${bad}`)).status, 400, bad);
});

test('who comes is counted, nobody is named; of meetings off the record nothing else is told', async () => {
  const tea = await Room.create(daemon, { title: 'Tea and cake' });
  const board = await Room.create(daemon, { kind: 'boardroom' });
  const otr = await Room.create(daemon, { kind: 'otr' });
  const people = [await Person.join(daemon, tea, { name: 'Annabel' }), await Person.join(daemon, board, { host: true }), await Person.join(daemon, otr)];
  const answer = await becomes('all are counted', row => row['people.standard'] === 1 && row['people.boardroom'] === 1 && row['people.otr'] === 1 && row.sockets === 3);
  assert.deepEqual(answer.rooms.map(({ id, kind, people: n }) => [id, kind, n]), [[tea.id, 'standard', 1], [board.id, 'boardroom', 1]].sort((a, b) => answer.rooms.findIndex(({ id }) => id === a[0]) - answer.rooms.findIndex(({ id }) => id === b[0])));
  assert.deepEqual(Object.keys(answer.rooms[0]).sort(), ['id', 'kind', 'people', 'since']);
  assert.equal(answer.unlisted, 1);
  const text = JSON.stringify(answer);
  for (const secret of ['Annabel', 'Tea and cake', otr.id, people[0].id, people[2].id, people[2].joined.meeting, 'ROOT', '127.0.0.1'])
    assert.ok(!text.includes(secret), `${secret} is not in it`);
  for (const one of people)
    await one.leave();
  const { rooms, unlisted } = await becomes('all are gone', (row, { rooms: left }) => row.sockets === 0 && left.length === 0 && row['meetings.otr'] === 0);
  assert.deepEqual([rooms, unlisted], [[], 0]);
});

test('after a start it counts from the beginning', async () => {
  const own = await Daemon.start();
  try {
    const first = (await own.admin('GET', OVERVIEW)).body;
    assert.notEqual(first.run, (await read()).run);
    assert.ok(first.last <= 1);
  } finally {
    await own.stop();
  }
});
