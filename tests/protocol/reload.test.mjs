// What a reload (SIGHUP) takes up at once, and what it says of the rest. Certificates and secrets: operations.test.mjs, and where they are used.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Person, refusedJoin } from './lib/client.mjs';
import { Daemon, FAKE_MEDIA, makeState, until } from './lib/daemon.mjs';
import { query } from './lib/database.mjs';
import { Room } from './lib/room.mjs';

const DAY = 24 * 3600 * 1000;

/** `use` gets the daemon, and what reloads it with more lines at the end of its configuration. */
async function withDaemon (config, use) {
  const state = makeState();
  const daemon = await Daemon.start({ state, config });
  const conf = `${state}.conf`, before = fs.readFileSync(conf, 'utf8');
  try {
    await use(daemon, async text => {
      fs.writeFileSync(conf, `${before}\n${text}`);
      await daemon.reload();
      return daemon.log.split('\n').filter(line => line.includes('main: reloaded')).at(-1);
    });
  } finally {
    if (daemon.running)
      await daemon.stop();
    fs.rmSync(state, { recursive: true, force: true });
  }
}

test('a reload names the keys that wait for a restart, and no values', () => withDaemon({ limits: { 'rooms-per-hour': 1000 } }, async (daemon, reload) => {
  assert.match(await reload(''), /main: reloaded$/);
  const more = `
[branding]
name = Elsewhere
[server]
log-level = debug
language = de
[rooms]
seat-seconds = 77
[documents]
max-bytes = 4711
[limits]
joins-per-minute = 88
[sip-trunk north]
registrars = sip:one.example
user = somebody
`;
  const line = await reload(more);
  assert.match(line, /: server\.language, rooms\.seat-seconds, documents\.max-bytes, sip-trunk north$/);
  assert.match(await reload(more), /seat-seconds/, 'they still wait');
  for (const value of ['77', '4711', '88', 'somebody'])
    assert.ok(!line.includes(value), value);
  assert.match(await reload(''), /main: reloaded$/, 'nothing waits where all is as it was');
}));

test('who may do what, and how often, counts at once', () => withDaemon({}, async (daemon, reload) => {
  const room = await Room.create(daemon);
  const create = async () => (await daemon.request('POST', '/api/v1/rooms', new Room().body)).status;
  const metrics = async () => (await daemon.request('GET', '/metrics')).status;
  const ann = await Person.join(daemon, room);
  assert.deepEqual([await create(), await metrics()], [201, 200]);

  assert.match(await reload('[rooms]\nanyone-may-create = false\n[server]\nmetrics-from =\n'), /reloaded$/);
  assert.deepEqual([await create(), await metrics()], [403, 404]);
  assert.match(await reload('[limits]\njoins-per-minute = 1\nrooms-per-hour = 2\n'), /reloaded$/);
  assert.equal(await metrics(), 200);
  assert.deepEqual([await create(), await create(), await create()], [201, 201, 429]);
  const bob = await Person.join(daemon, room);
  assert.equal((await refusedJoin(daemon, room.join())).error, 'rate-limited');
  assert.match(await reload('[server]\nmax-sockets = 2\n'), /reloaded$/);
  await assert.rejects(Person.join(daemon, room), /503/);
  assert.match(await reload('[server]\nmax-connections-per-address = 2\n'), /reloaded$/);
  await assert.rejects(Person.join(daemon, room));
  await reload('');
  const cem = await Person.join(daemon, room);
  for (const person of [ann, bob, cem])
    assert.equal((await person.chat('here')).type, 'ok');
  await Promise.all([ann, bob, cem].map(person => person.leave()));
}));

test('TURN servers are those that the configuration names now, also for who is in a meeting', () => withDaemon({}, async (daemon, reload) => {
  const secret = path.join(daemon.folder, 'turn');
  fs.writeFileSync(secret, 'a secret\n', { mode: 0o600 });
  const ann = await Person.join(daemon, await Room.create(daemon));
  const servers = async () => (await ann.ask('turn')).ice;
  assert.deepEqual((await servers()).servers, []);
  assert.match(await reload(`[turn]\nservers = turn:%h:3478\nsecret-file = ${secret}\nlifetime-seconds = 90\nrelay-only = true\n`), /reloaded$/);
  const ice = await servers();
  assert.deepEqual(ice.servers.map(({ urls }) => urls), [['turn:127.0.0.1:3478']]);
  assert.match(JSON.stringify(ice), /relay/);
  await reload('');
  assert.deepEqual((await servers()).servers, []);
  await ann.leave();
}));

test('what is kept, and for how long: what ends after the reload goes by it', () => withDaemon({
  development: { ...FAKE_MEDIA.development, 'render-program': '/nowhere/conclave-render' }, rooms: { 'empty-seconds': 1 },
}, async (daemon, reload) => {
  const meet = async () => {
    const room = await Room.create(daemon, { kind: 'boardroom', recording: true });
    const host = await Person.join(daemon, room, { host: true });
    assert.equal((await host.ask('record', { action: 'start' })).type, 'ok');
    assert.equal((await host.chat('noted')).type, 'ok');
    await host.leave();
    const days = table => query(daemon.folder, `SELECT round((expires - ended) / ${DAY}.0) FROM ${table} WHERE room = '${room.id}' AND ended IS NOT NULL AND expires IS NOT NULL`).flat();
    return { room, days };
  };
  const first = await meet();
  await until('it is written', () => first.days('meeting')[0] === 365);
  assert.match(await reload('[content]\nkeep-days = 7\n[recording]\nkeep-days = 5\n'), /reloaded$/);
  const second = await meet();
  await until('it is written', () => second.days('meeting')[0] === 7);
  await until('the recording is whole', () => query(daemon.folder, `SELECT round((expires - started) / ${DAY}.0) FROM recording WHERE room = '${second.room.id}'`)[0][0] === 5);
  assert.deepEqual(query(daemon.folder, `SELECT expires FROM recording WHERE room = '${first.room.id}'`), [[null]]);
  assert.deepEqual(first.days('meeting'), [365], 'what was written stays as it was');
}));

test('the disk that must be left: nothing is recorded where less is', () => withDaemon(FAKE_MEDIA, async (daemon, reload) => {
  const host = await Person.join(daemon, await Room.create(daemon, { kind: 'boardroom', recording: true }), { host: true });
  assert.match(await reload('[recording]\nwarn-below-percent = 100\nstop-below-percent = 100\n'), /reloaded$/);
  assert.equal((await host.ask('record', { action: 'start' })).error, 'disk-full');
  await reload('');
  assert.equal((await host.ask('record', { action: 'start' })).type, 'ok');
  await host.leave();
}));

test('a time to drain that comes with a reload is given', () => withDaemon({}, async (daemon, reload) => {
  const ann = await Person.join(daemon, await Room.create(daemon));
  assert.match(await reload('[server]\ndrain-seconds = 86400\n'), /reloaded$/);
  const ended = daemon.kill('SIGTERM');
  await until('it lets nobody in', async () => (await daemon.request('GET', '/health/ready')).status === 503);
  assert.equal((await ann.chat('we go on')).type, 'ok');
  await ann.leave();
  assert.deepEqual(await ended, { code: 0, signal: null });
}));
