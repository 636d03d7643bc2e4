// What programs that watch over the server see: its numbers, who may see them, and whether it is ready.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Person, refusedJoin } from './lib/client.mjs';
import { Daemon, FAKE_MEDIA, INSTRUMENTED, until } from './lib/daemon.mjs';
import { parseExposition } from './lib/exposition.mjs';
import { Room } from './lib/room.mjs';

const TOP = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const PATIENCE = INSTRUMENTED ? 60_000 : 15_000;

let daemon;
before(async () => { daemon = await Daemon.start({ config: { ...FAKE_MEDIA, rooms: { 'empty-seconds': 1, 'seat-seconds': 2 } } }); });
after(() => daemon.stop());

const ask = (where = '/metrics', headers = {}, of = daemon) => of.request('GET', where, undefined, headers);

async function read (of = daemon) {
  const { status, headers, bytes } = await ask('/metrics', {}, of);
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  assert.equal(headers['cache-control'], 'no-store');
  return parseExposition(String(bytes));
}

const value = async name => (await read()).values.get(name) ?? 0;
const becomes = (name, wanted) => until(`${name} is ${wanted}`, async () => await value(name) === wanted, PATIENCE);

test('each number has its name, its help and its type, and names nobody', async () => {
  const room = await Room.create(daemon, { title: 'Tea' });
  const ann = await Person.join(daemon, room, { name: 'Ann' });
  const text = String((await ask()).bytes);
  const { families } = parseExposition(text);
  assert.ok(families.size > 40, `${families.size} families`);
  for (const name of families.keys())
    assert.match(name, /^conclave_[a-z]+_[a-z_]+$/);
  for (const secret of [room.id, room.title, ann.id, ann.joined.meeting, 'Ann', '127.0.0.1'])
    assert.ok(!text.includes(secret), `${secret} is not in it`);
  await ann.leave();
});

test('they change as people come, speak and go', async () => {
  const before = (await read()).values;
  const room = await Room.create(daemon);
  const [ann, bob] = [await Person.join(daemon, room), await Person.join(daemon, room, { name: 'Bob' })];
  await ann.chat('hello');
  const during = (await read()).values;
  const grown = name => during.get(name) - before.get(name);
  assert.equal(grown('conclave_room_joins_total{kind="standard"}'), 2);
  assert.equal(grown('conclave_room_rooms{kind="standard"}'), 1);
  assert.ok(grown('conclave_websocket_messages_total{direction="in"}') >= 3);
  assert.ok(grown('conclave_websocket_messages_total{direction="out"}') >= 4);
  assert.ok(grown('conclave_http_requests_total{status="2xx"}') >= 1);
  assert.ok(grown('conclave_server_connections_total') >= 3);
  assert.ok(grown('conclave_process_uptime_seconds') > 0);
  assert.ok(grown('conclave_process_cpu_seconds_total') > 0);
  await becomes('conclave_room_people{kind="standard"}', 2);
  assert.ok(await value('conclave_room_meetings{kind="standard"}') >= 1);
  assert.ok(await value('conclave_websocket_connections') >= 2);
  await bob.leave();
  await becomes('conclave_room_people{kind="standard"}', 1);
  await ann.leave();
  await becomes('conclave_room_people{kind="standard"}', 0);
  await becomes('conclave_room_meetings{kind="standard"}', 0);
  await becomes('conclave_websocket_connections', 0);
});

test('who is refused is counted, for what', async () => {
  const names = ['conclave_room_joins_refused_total{problem="unknown-room"}', 'conclave_server_refusals_total{problem="unknown-room"}',
    'conclave_server_refusals_total{problem="not-found"}', 'conclave_login_failures_total', 'conclave_http_requests_total{status="4xx"}'];
  const before = [];
  for (const name of names)
    before.push(await value(name));
  await refusedJoin(daemon, new Room().join());
  await ask('/nowhere');
  await ask('/api/v1/rooms', { authorization: `Bearer ${'A'.repeat(43)}` });
  for (const [i, name] of names.entries())
    await becomes(name, before[i] + (name.includes('4xx') ? 2 : 1));
});

test('media processes, and what becomes of them', async () => {
  await becomes('conclave_media_spares', 1);
  assert.equal(await value('conclave_media_processes'), 0);
  const room = await Room.create(daemon, { kind: 'boardroom' });
  const ann = await Person.join(daemon, room, { host: true });
  await becomes('conclave_media_processes', 1);
  await becomes('conclave_room_people{kind="boardroom"}', 1);
  assert.equal(await value('conclave_media_starts_total'), 1);
  assert.equal((await ask('/health/ready')).status, 200, 'a spare one is on its way');
  await ann.leave();
  await becomes('conclave_media_processes', 0);
});

test('others do not find them, whatever they say', async () => {
  const nothing = async (of, headers, where = '/metrics') => {
    const { status, body, headers: { date, ...rest } } = await ask(where, headers, of);
    return { status, body, rest };
  };
  const near = { server: { 'trusted-proxy': 'loopback', 'metrics-from': '198.51.100.0/24;::1' } };
  const proxied = await Daemon.start({ config: near });
  const closed = await Daemon.start({ config: { server: { 'metrics-from': '' } } });
  try {
    const wanted = await nothing(proxied, {}, '/nowhere');
    assert.equal(wanted.status, 404);
    for (const headers of [{}, { 'x-forwarded-for': '203.0.113.1' }, { 'x-forwarded-for': '198.51.100.1, 203.0.113.1' },
      { 'x-forwarded-for': 'unknown' }, { 'x-forwarded-for': '127.0.0.1' }, { 'x-forwarded-for': '203.0.113.1', authorization: 'Bearer x' }])
      assert.deepEqual(await nothing(proxied, headers), wanted, JSON.stringify(headers));
    assert.equal((await ask('/metrics', { 'x-forwarded-for': '203.0.113.1, 198.51.100.1' }, proxied)).status, 200);
    assert.deepEqual(await nothing(daemon, { 'x-forwarded-for': '127.0.0.1' }), wanted, 'somebody else’s proxy asks');
    assert.deepEqual(await nothing(closed, {}), wanted);
    for (const one of [proxied, closed, daemon])
      assert.equal((await one.admin('GET', '/metrics')).status, 200, 'the admin socket sees them');
  } finally {
    await proxied.stop();
    await closed.stop();
  }
});

/** Keeps the database from answering until it is told to end. */
async function block (state) {
  const program = 'import sqlite3, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60); db.execute("BEGIN IMMEDIATE"); print("held", flush=True); sys.stdin.read()';
  const child = spawn('python3', ['-c', program, path.join(state, 'conclave.db')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  return async () => {
    child.stdin.end();
    await ended;
  };
}

test('it is ready as long as the database answers; it lives all the same', async () => {
  const own = await Daemon.start();
  let release = async () => {};
  try {
    for (const where of ['/health', '/health/live', '/health/ready']) {
      const answer = await ask(where, {}, own);
      assert.deepEqual([answer.status, answer.body, answer.headers['cache-control']], [200, { status: 'ok' }, 'no-store'], where);
    }
    release = await block(own.state);
    const ready = await ask('/health/ready', {}, own);
    assert.deepEqual([ready.status, ready.body, ready.headers['cache-control']], [503, { status: 'failing' }, 'no-store']);
    assert.equal((await ask('/health/live', {}, own)).status, 200);
    await release();
    await until('it is ready again', async () => (await ask('/health/ready', {}, own)).status === 200, PATIENCE);
  } finally {
    await release();
    await own.stop();
  }
});

test('it is not ready where no media process starts', async () => {
  const own = await Daemon.start({ config: { development: { 'media-program': '/bin/false' } } });
  try {
    assert.equal((await ask('/health/ready', {}, own)).status, 503);
    assert.equal((await ask('/health', {}, own)).status, 200);
    await until('a spare one is lost', async () => (await read(own)).values.get('conclave_media_spares_lost_total') > 0, PATIENCE);
    assert.equal((await ask('/health/ready', {}, own)).status, 503);
  } finally {
    await own.stop();
  }
});

test('what the operator reads has the numbers that there are', async () => {
  const page = fs.readFileSync(path.join(TOP, 'docs/operator.md'), 'utf8');
  const rows = new Map([...page.matchAll(/^\| `(conclave_\w+)` \| (gauge|counter) \|/gm)].map(([, name, type]) => [name, type]));
  for (const [name, type] of (await read()).families)
    assert.equal(rows.get(name), type, `${name} in docs/operator.md`);
});
