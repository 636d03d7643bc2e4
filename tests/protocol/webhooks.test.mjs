// Webhooks of the real daemon: rooms, meetings and people, signed, in the order of their room, each once to who answers; over failures
// and a daemon that is killed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { once } from 'node:events';
import { test } from 'node:test';
import { Person } from './lib/client.mjs';
import { Daemon, FAKE_MEDIA, makeState, until } from './lib/daemon.mjs';
import { Room } from './lib/room.mjs';
import { change } from './lib/recording.mjs';

const SECRET = 'tea and biscuits';
const PATIENCE = 20_000;

/** The operator's own server. `refuse`: the status for a call that it does not take. */
class Receiver {
  /** all that came, and what was taken of it */
  seen = [];
  calls = [];
  problems = [];
  secret = SECRET;

  static async start (refuse = () => null) {
    const self = new Receiver();
    self.refuse = refuse;
    self.server = http.createServer(async (request, response) => {
      const chunks = [];
      try {
        for await (const chunk of request)
          chunks.push(chunk);
      } catch {
        return; // the daemon has ended meanwhile: it was not taken
      }
      response.writeHead(self.take(request, Buffer.concat(chunks))).end();
    }).listen(0, '127.0.0.1');
    await once(self.server, 'listening');
    self.url = `http://127.0.0.1:${self.server.address().port}/hook`;
    return self;
  }

  take ({ method, url, headers }, bytes) {
    const call = JSON.parse(String(bytes));
    const [, stamp, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(headers['conclave-signature']) ?? [];
    const expected = createHmac('sha256', this.secret).update(`${stamp}.${bytes}`).digest('hex');
    if (signature !== expected || Math.abs(Date.now() / 1000 - stamp) > 60 || headers['conclave-delivery'] !== call.id ||
        method !== 'POST' || url !== '/hook' || headers['content-type'] !== 'application/json')
      this.problems.push({ headers, call });
    this.seen.push({ ...call, text: String(bytes) });
    const refusal = this.refuse(call);
    if (refusal)
      return refusal;
    this.calls.push(call);
    return 204;
  }

  of (room) {
    return this.calls.filter(call => roomOf(call) === room.id);
  }

  /** The events of a room, once they are these; and no more, and none twice. */
  async told (room, events) {
    await until(`${events.length} calls came`, () => this.of(room).length >= events.length, PATIENCE);
    assert.deepEqual(this.of(room).map(call => call.event), events);
    assert.equal(new Set(this.calls.map(call => call.id)).size, this.calls.length, 'what was taken does not come again');
    assert.deepEqual(this.problems, []);
  }

  async stop () {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** Of a call. */
const roomOf = call => call.room?.id ?? call.meeting?.room ?? call.participant?.room;
/** Whatever failed is due at once: nobody waits 10 s, or a minute, for a test. A daemon that runs sees it with the next event. */
const hurry = daemon => change(daemon, 'UPDATE delivery SET next_at = 1 WHERE attempts > 0');

/** How many calls there are still to be made. */
function count (daemon) {
  const program = 'import sqlite3, sys; print(sqlite3.connect(sys.argv[1], timeout=10).execute("SELECT count(*) FROM delivery").fetchone()[0])';
  return Number(execFileSync('python3', ['-c', program, path.join(daemon.folder, 'conclave.db')], { encoding: 'utf8' }));
}

/** With a receiver, which ends with the test. */
async function start (t, refuse) {
  const receiver = await Receiver.start(refuse);
  const state = makeState();
  const secret = `${state}.hook`;
  fs.writeFileSync(secret, SECRET + '\n', { mode: 0o600 });
  const config = { ...FAKE_MEDIA, rooms: { 'empty-seconds': 1, 'seat-seconds': 1 }, webhooks: { url: receiver.url, 'secret-file': secret } };
  const daemons = [];
  const begin = async () => {
    daemons.push(await Daemon.start({ config, state }));
    return daemons.at(-1);
  };
  t.after(async () => {
    await Promise.all(daemons.filter(({ running }) => running).map(daemon => daemon.kill('SIGKILL')));
    await receiver.stop();
    fs.rmSync(secret);
    fs.rmSync(state, { recursive: true, force: true });
  });
  return { receiver, begin, secret };
}

const WHOLE = ['room.created', 'meeting.started', 'participant.joined', 'participant.joined', 'participant.left', 'participant.left',
  'meeting.ended'];

/** A meeting that ends by a host's word. */
async function meet (daemon, room) {
  const host = await Person.join(daemon, room, { name: 'Hedy', host: true });
  const guest = await Person.join(daemon, room, { name: 'Gus' });
  await guest.chat('the secret of the tea');
  await guest.leave();
  assert.equal((await host.ask('end')).type, 'ok');
  await host.socket.ended;
  return { host, guest };
}

test('what is told of a room, its meeting and its people', async t => {
  const { receiver, begin } = await start(t);
  const daemon = await begin();
  const room = await Room.create(daemon, { kind: 'boardroom', title: 'Tea', lobby: false });
  const { host, guest } = await meet(daemon, room);
  assert.equal((await daemon.admin('PATCH', `/api/v1/rooms/${room.id}`, { title: 'Coffee' })).status, 200);
  assert.equal((await daemon.admin('DELETE', `/api/v1/rooms/${room.id}`)).status, 204);
  await receiver.told(room, [...WHOLE, 'room.changed', 'room.deleted']);
  const [created, started, one, two, left, ended, over, changed, deleted] = receiver.of(room);
  assert.equal(created.room.title, 'Tea');
  assert.equal(created.room.kind, 'boardroom');
  assert.equal('link' in created.room, false);
  const meeting = started.meeting.id;
  assert.deepEqual(started.meeting, { id: meeting, room: room.id, started: started.meeting.started });
  const about = { room: room.id, meeting, sub: null, stream: false };
  assert.deepEqual(one.participant, { id: host.id, name: 'Hedy', role: 'host', ...about });
  assert.deepEqual(two.participant, { id: guest.id, name: 'Gus', role: 'person', ...about });
  assert.deepEqual(left.participant, { ...two.participant, reason: 'left' });
  assert.deepEqual(ended.participant, { ...one.participant, reason: 'ended' });
  assert.deepEqual(over.meeting, { ...started.meeting, ended: over.meeting.ended, reason: 'host' });
  assert.ok(over.meeting.ended >= over.meeting.started);
  assert.equal(changed.room.title, 'Coffee');
  assert.deepEqual(deleted.room, { id: room.id });
  const all = receiver.seen.map(({ text }) => text).join('\n');
  for (const nobodys of ['127.0.0.1', 'the secret of the tea', room.joinKey.toString('base64url'), room.secret.toString('base64url')])
    assert.ok(!all.includes(nobodys), nobodys);
  await daemon.stop();
});

test('another secret, without a restart; one that is none changes nothing', async t => {
  const { receiver, begin, secret } = await start(t);
  const daemon = await begin();
  const first = await Room.create(daemon);
  await receiver.told(first, ['room.created']);
  fs.writeFileSync(secret, '\n');
  await daemon.reload(/nothing was reloaded: .*secret-file/);
  const second = await Room.create(daemon);
  await receiver.told(second, ['room.created']);
  fs.writeFileSync(secret, `${receiver.secret = 'coffee'}\n`);
  await daemon.reload();
  const third = await Room.create(daemon);
  await receiver.told(third, ['room.created']);
  fs.writeFileSync(secret, 'for somebody else\n');
  fs.appendFileSync(`${daemon.state}.conf`, '\n[webhooks]\nurl = http://127.0.0.1:9/hook\n');
  await daemon.reload(/\[webhooks\] has changed: that counts from the next start/);
  const fourth = await Room.create(daemon);
  await receiver.told(fourth, ['room.created']);
  await daemon.stop();
});

test('how people leave, and meetings end by themselves', async t => {
  const { receiver, begin } = await start(t);
  const daemon = await begin();
  const room = await Room.create(daemon);
  const host = await Person.join(daemon, room, { name: 'Hedy', host: true });
  const guest = await Person.join(daemon, room, { name: 'Gus' });
  const again = await Person.join(daemon, room, { name: 'Gus', replaces: guest.token });
  assert.equal((await host.ask('remove', { person: again.id })).type, 'ok');
  await again.socket.ended;
  await host.cut();
  await receiver.told(room, ['room.created', 'meeting.started', 'participant.joined', 'participant.joined', 'participant.left',
    'participant.joined', 'participant.left', 'participant.left', 'meeting.ended']);
  const reasons = receiver.of(room).map(call => call.participant?.reason ?? call.meeting?.reason).filter(Boolean);
  assert.deepEqual(reasons, ['replaced', 'removed', 'lost', 'empty']);
  await daemon.stop();
});

test('a receiver that fails twice gets all of it, in order and once; other rooms do not wait', async t => {
  let refusals = [];
  const { receiver, begin } = await start(t, call => roomOf(call) === first.id && refusals.shift());
  const daemon = await begin();
  const first = new Room(), second = new Room();
  refusals = [500, 404];
  for (const room of [first, second])
    assert.equal((await daemon.admin('POST', '/api/v1/rooms', room.body)).status, 201);
  await Promise.all([meet(daemon, first), meet(daemon, second)]);
  await receiver.told(second, WHOLE);
  assert.deepEqual(receiver.of(first), [], 'all of it waits for the first one');
  await until('it is tried again, and again', async () => {
    hurry(daemon);
    await Room.create(daemon);
    return receiver.of(first).length > 0;
  }, PATIENCE);
  await receiver.told(first, WHOLE);
  const attempts = receiver.seen.filter(call => call.event === 'room.created' && roomOf(call) === first.id);
  assert.equal(attempts.length, 3);
  assert.equal(new Set(attempts.map(({ text }) => text)).size, 1, 'the same words under the same id');
  await daemon.stop();
});

test('what was not taken survives a daemon that is killed', async t => {
  let down = true;
  const { receiver, begin } = await start(t, () => down && 503);
  const daemon = await begin();
  const room = await Room.create(daemon);
  await meet(daemon, room);
  await until('a call was refused', () => receiver.seen.length > 0, PATIENCE);
  await until('all of it is in the queue', () => count(daemon) === WHOLE.length, PATIENCE);
  await daemon.kill('SIGKILL');
  assert.deepEqual(receiver.calls, []);
  down = false;
  hurry(daemon);
  const next = await begin();
  await receiver.told(room, WHOLE);
  await until('the queue is empty', () => count(next) === 0, PATIENCE);
  await next.kill('SIGKILL');
  const last = await begin();
  const other = await Room.create(last);
  await receiver.told(other, ['room.created']);
  await receiver.told(room, WHOLE);
  await last.stop();
});
