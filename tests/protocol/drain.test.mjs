// A server that is told to end while people are in meetings: nobody new comes in, who is there stays, and it ends when they have left,
// when the time is over, or when it is told once more.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { Person, refusedJoin } from './lib/client.mjs';
import { Daemon, FAKE_MEDIA, until } from './lib/daemon.mjs';
import { Room } from './lib/room.mjs';

const STOPPING = 'The server is about to be restarted. Try again in a few minutes.';
/** Longer than any test may take. */
const FOR_EVER = 86400;

async function withDaemon (seconds, use) {
  const state = fs.mkdtempSync(path.join(os.tmpdir(), 'conclave-drain-'));
  const development = { ...FAKE_MEDIA.development, 'render-program': '/nowhere/conclave-render' };
  const daemon = await Daemon.start({ state, config: { development, server: { 'drain-seconds': seconds } } });
  try {
    return await use(daemon, state);
  } finally {
    if (daemon.running)
      await daemon.kill('SIGKILL');
    await daemon.stop().catch(() => {});
    fs.rmSync(state, { recursive: true, force: true });
  }
}

const ready = daemon => daemon.request('GET', '/health/ready').then(({ status }) => status);

/** Told to end, and it has heard it. @returns {Promise<{ code: number }>} when it has ended */
async function end (daemon) {
  const ended = daemon.kill('SIGTERM');
  await until('it lets nobody in', async () => await ready(daemon) === 503);
  return { ended };
}

test('nobody new comes in, and who is there stays', () => withDaemon(FOR_EVER, async daemon => {
  const [room, empty] = [await Room.create(daemon), await Room.create(daemon)];
  const lobby = await Room.create(daemon, { lobby: true });
  const [ann, bob] = [await Person.join(daemon, room, { name: 'Ann', host: true }), await Person.join(daemon, room, { name: 'Bob' })];
  assert.equal(await ready(daemon), 200);
  const { ended } = await end(daemon);

  for (const where of [room.join(), room.join({ host: true }), empty.join(), lobby.join(), empty.join({ host: true })])
    assert.deepEqual(await refusedJoin(daemon, where), { error: 'server-stopping', text: STOPPING, code: 1008 });
  assert.equal((await daemon.request('GET', '/health/live')).status, 200);
  assert.equal((await daemon.request('POST', `/api/v1/rooms/${room.id}/check`, { key: room.joinKey.toString('base64url') })).status, 200);

  assert.equal((await ann.chat('we go on')).type, 'ok');
  await bob.chatsAre(['we go on']);
  await bob.cut();
  await bob.resume();
  const again = await Person.join(daemon, room, { name: 'Bob', replaces: bob.token });
  assert.deepEqual(again.joined.people.map(({ name }) => name), ['Ann']);
  assert.equal((await again.chat('and on')).type, 'ok');
  assert.ok(daemon.running);

  await again.leave();
  await ann.leave();
  assert.deepEqual(await ended, { code: 0, signal: null });
  assert.match(daemon.log, /2 are in meetings, which go on for 86400 s at most; nobody else comes in/);
}));

test('the second signal does not wait', () => withDaemon(FOR_EVER, async daemon => {
  const ann = await Person.join(daemon, await Room.create(daemon));
  const { ended } = await end(daemon);
  daemon.kill('SIGINT');
  assert.deepEqual(await ended, { code: 0, signal: null });
  assert.equal(await ann.socket.ended, 1001);
}));

test('where nobody is in a meeting it ends at once', () => withDaemon(FOR_EVER, async daemon => {
  const ann = await Person.join(daemon, await Room.create(daemon));
  await ann.leave();
  assert.deepEqual(await daemon.kill('SIGTERM'), { code: 0, signal: null });
}));

test('with a media process, which ends with it', () => withDaemon(0, async daemon => {
  const ann = await Person.join(daemon, await Room.create(daemon, { kind: 'boardroom' }));
  assert.deepEqual(await daemon.kill('SIGTERM'), { code: 0, signal: null });
  assert.equal(await ann.socket.ended, 1001);
  assert.doesNotMatch(daemon.log, /children are left at the end/);
}));

test('without it, too', () => withDaemon(0, async daemon => {
  const ann = await Person.join(daemon, await Room.create(daemon));
  assert.deepEqual(await daemon.kill('SIGTERM'), { code: 0, signal: null });
  assert.equal(await ann.socket.ended, 1001);
}));

test('when the time is over it ends, and closes what it records', () => withDaemon(1, async (daemon, state) => {
  const room = await Room.create(daemon, { kind: 'boardroom', recording: true });
  const chief = await Person.join(daemon, room, { name: 'Host', host: true });
  assert.equal((await chief.ask('record', { action: 'start' })).type, 'ok');
  assert.deepEqual(await daemon.kill('SIGTERM'), { code: 0, signal: null });
  assert.equal(await chief.socket.ended, 1001);
  assert.match(daemon.log, /1 are still in meetings, but the time is over/);
  const [recording] = fs.readdirSync(path.join(state, 'recordings'));
  assert.match(fs.readFileSync(path.join(state, 'recordings', recording, 'events.jsonl'), 'utf8'), /"type":"stop","reason":"ended"\}\n$/);
  const program = 'import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute("SELECT status FROM recording").fetchall())';
  assert.doesNotMatch(execFileSync('python3', ['-c', program, path.join(state, 'conclave.db')], { encoding: 'utf8' }), /'recording'/);
}));
