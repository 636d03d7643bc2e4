// Every refusal that a person can meet has a stable id, a sentence and an end of the socket (PROTOCOL.md §4.4).
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { Person, connect, refusedJoin } from './lib/client.mjs';
import { Daemon, until } from './lib/daemon.mjs';
import { Room, randomId, randomKey } from './lib/room.mjs';
import { fits } from './lib/schema.mjs';

let daemon;
before(async () => {
  daemon = await Daemon.start();
});
after(() => daemon.stop());

const page = fs.readFileSync(new URL('../../src/signalling/PROTOCOL.md', import.meta.url), 'utf8');
const errors = new Map([...page.matchAll(/^\| `([a-z-]+)` \| (\d{3}) \| (.+) \|$/gm)].map(([, id, status, text]) => [id, { status: Number(status), text }]));

async function isRefused (message, error, on = daemon) {
  assert.deepEqual(await refusedJoin(on, message), { error, text: errors.get(error).text, code: 1008 });
}

test('joining in vain', async () => {
  const room = await Room.create(daemon);
  await isRefused(new Room().join(), 'unknown-room');
  await isRefused(room.join({ key: randomKey() }), 'wrong-key');
  await isRefused({ ...room.join(), host_key: randomKey() }, 'wrong-key');
  await isRefused({ ...room.join(), host_key: room.join().key }, 'wrong-key');
  await isRefused(room.join({ key: room.join({ host: true }).host_key }), 'wrong-key');
  assert.equal((await daemon.admin('GET', `/api/v1/rooms/${room.id}`)).body.meeting, null, 'nobody in vain started a meeting');
});

test('the ninth person', async () => {
  const room = await Room.create(daemon);
  const people = [];
  for (let i = 0; i < 8; i++)
    people.push(await Person.join(daemon, room));
  await isRefused(room.join(), 'room-full');
  await people[3].leave();
  people[3] = await Person.join(daemon, room);
  await isRefused(room.join({ host: true }), 'room-full');
  await Promise.all(people.map(person => person.leave()));
});

test('eight come at once where seven fit', async () => {
  const room = await Room.create(daemon);
  const first = await Person.join(daemon, room);
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => Person.join(daemon, room)));
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 7);
  const ids = new Set(results.map(({ value }) => value?.id).filter(Boolean));
  assert.equal(ids.size, 7);
  await Promise.all([first, ...results.map(({ value }) => value).filter(Boolean)].map(person => person.leave()));
});

test('kinds whose media plane is not there, and off the record, which needs none and is written nowhere', async () => {
  const open = await Daemon.start({ config: { development: { 'signalling-only-kinds': 'classroom' } } });
  const otr = await Room.create(open, { kind: 'otr' });
  const classroom = await Room.create(open, { kind: 'classroom' });
  const ann = await Person.join(open, otr, { host: true });
  assert.equal((await ann.chat('the server must not see this')).error, 'not-allowed');
  await ann.leave();
  const bob = await Person.join(open, classroom);
  assert.equal(bob.joined.room.max_people, 400);
  bob.socket.send({ type: 'relay', to: randomId('p'), data: 'AA' });
  assert.equal((await bob.take('error')).error, 'not-allowed');
  const { state } = open;
  assert.ok(await open.kill('SIGKILL'));
  const again = await Daemon.start({ state });
  await isRefused(otr.join(), 'unknown-room', again);
  const check = await again.request('POST', `/api/v1/rooms/${otr.id}/check`, { key: otr.join().key });
  assert.equal(check.status, 404);
  await again.stop();
  fs.rmSync(state, { recursive: true });
});

/** Bad first messages: JSON text, or what replaces members of a good `join`. */
function badJoins (join) {
  const without = name => Object.fromEntries(Object.entries(join).filter(([key]) => key !== name));
  const text = JSON.stringify(join);
  return [
    '', ' ', 'null', '[]', '"join"', '1', '{', '{}', `${text}${text}`, `${text},`, `[${text}]`, text.slice(0, -1), text.replace('"mic"', 'mic'),
    text.replaceAll('"', "'"), text.replace('true', 'True'), text.replace('{', '{/* */'), text.replace('{', '{"mic":true,'),
    text.replace('{', '{"type":"join",'), text.replace('"name"', '"name":"Eve","name"'), '\ufeff' + text,
    '{"type":"join",'.repeat(100) + '}', '['.repeat(20_000), '{"a":'.repeat(17) + '1' + '}'.repeat(17),
    ...['type', 'room', 'key', 'name', 'mic', 'camera'].map(without),
    ...[
      { type: 'JOIN' }, { type: 'leave' }, { type: 'ended' }, { type: null }, { type: 1 }, { type: ['join'] }, { type: 'join\u0000' },
      { room: '' }, { room: 'short' }, { room: `${join.room}a` }, { room: join.room.toUpperCase() }, { room: 'lllllllllllo' }, { room: 12 }, { room: null },
      { room: `../../${join.room}`.slice(0, 12) }, { room: `${join.room.slice(0, 11)}\n` },
      { key: '' }, { key: join.key.slice(1) }, { key: `${join.key}=` }, { key: `${join.key}A` }, { key: `${join.key.slice(0, 42)}+` }, { key: [join.key] },
      { key: `${join.key.slice(0, 42)}B` },
      { name: '' }, { name: ' ' }, { name: ' \u200b\u3000' }, { name: 'x'.repeat(61) }, { name: '\u{1f600}'.repeat(61) }, { name: 7 }, { name: null },
      { name: 'a\nb' }, { name: 'a\u0000b' }, { name: 'a\u0007b' }, { name: 'a\u0085b' }, { name: 'a\u202eb' }, { name: 'a\u2066b' },
      { mic: 1 }, { mic: 'true' }, { mic: null }, { camera: {} }, { screen: true }, { admin: true }, { __proto__x: 1 },
      { host_key: '' }, { host_key: null }, { replaces: '' }, { replaces: join.key.slice(1) }, { id: 1 }, { seq: 0 },
    ].map(members => ({ ...join, ...members })),
  ];
}

test('first messages that do not fit', async () => {
  const room = await Room.create(daemon);
  const bad = badJoins(room.join());
  assert.ok(bad.length > 70);
  for (const message of bad) {
    const { error, code } = await refusedJoin(daemon, message).catch(cause => assert.fail(`${JSON.stringify(message).slice(0, 200)}: ${cause.message}`));
    assert.deepEqual([error, code], ['bad-message', 1008], JSON.stringify(message).slice(0, 200));
  }
});

test('what the schema refuses the daemon refuses, what it takes the daemon takes', async () => {
  const room = await Room.create(daemon);
  for (const members of [{ name: 'x'.repeat(60) }, { name: '\u{1f600}'.repeat(60) }, { name: 'é\u0301 عربى' }, { mic: false, camera: false }]) {
    assert.ok(fits('client', room.join(members)));
    const person = await Person.join(daemon, room, members);
    if (members.name) {
      const seen = await Person.join(daemon, room);
      assert.equal(seen.joined.people[0].name, members.name);
      await seen.leave();
    }
    await person.leave();
  }
});

const OP = { o: 'x', t: 'message', c: 1, a: randomId('p'), f: { text: 'x' } };
const BAD_LATER = [
  '', 'x', '{}', '{"type":"hello"}', { type: 'join' }, { type: 'resume', token: randomKey(), seq: 0 },
  { type: 'ack' }, { type: 'ack', seq: -1 }, { type: 'ack', seq: 1.5 }, { type: 'ack', seq: '1' }, '{"type":"ack","seq":1e0}',
  '{"type":"ack","seq":9007199254740992}', '{"type":"ack","seq":99999999999999999999999999}', { type: 'ack', seq: 50 },
  { type: 'pong', id: 1 }, { type: 'change', id: 0, ops: [OP] }, { type: 'change', id: 2, ops: [OP] }, { type: 'change', ops: [OP] },
  { type: 'whisper', id: 1, to: randomId('p'), text: '' }, { type: 'whisper', id: 1, to: randomId('p'), text: 'x'.repeat(4001) }, { type: 'whisper', id: 1, to: 'p', text: 'x' },
  '{"type":"whisper","id":1,"to":"paaaaaaaaaaaa","text":"\\ud800"}', { type: 'whisper', id: 1, to: randomId('p'), text: ['x'] }, { type: 'whisper', id: 1, text: 'x' },
  { type: 'change', id: 1 }, { type: 'change', id: 1, ops: [] }, { type: 'change', id: 1, ops: Array(65).fill(OP) }, { type: 'change', id: 1, ops: [7] }, { type: 'change', id: 1, ops: [OP], x: 1 },
  ...[{ o: 'a b' }, { o: 7 }, { t: 'nothing' }, { c: 0 }, { c: 2 ** 53 }, { a: '' }, { f: {} }, { f: 7 }, { x: 1 }].map(member => ({ type: 'change', id: 1, ops: [{ ...OP, ...member }] })),
  ...['a\u202eb', 'a\u001bb', '', 7].map(text => JSON.stringify({ type: 'change', id: 1, ops: [{ ...OP, f: { text } }] })),
  JSON.stringify({ type: 'change', id: 1, ops: Array(4).fill({ ...OP, f: { text: '𝄞'.repeat(4000) } }) }),
  { type: 'poll-vote', id: 1, poll: 'x', choices: [10] }, { type: 'poll-vote', id: 1, poll: 'x', choices: [0, 0] }, { type: 'poll-vote', id: 1, poll: 'x', choices: 0 },
  { type: 'poll-vote', id: 1, poll: 'x', choices: ['0'] }, { type: 'poll-vote', id: 1, poll: 'a b', choices: [] }, { type: 'poll-vote', id: 1, choices: [] },
  { type: 'state', id: 1, mic: true, camera: true }, { type: 'state', id: 1, mic: true, camera: true, screen: 0 }, { type: 'turn' },
  { type: 'turn', id: 1, x: 1 }, { type: 'leave' }, { type: 'end' }, { type: 'end', id: true },
  { type: 'relay', to: 'p', data: 'AA' }, { type: 'relay', to: randomId('p') }, { type: 'relay', to: randomId('p'), data: '' },
  { type: 'relay', to: randomId('p'), data: 'a b' }, { type: 'relay', to: randomId('p'), data: 'AA==' }, { type: 'relay', to: randomId('m'), data: 'AA' },
  { type: 'relay', to: randomId('p'), data: 'A'.repeat(48 * 1024 + 1) },
  Buffer.from([0, 1, 2]), Buffer.from('{"type":"pong"}'),
];

test('later messages that do not fit leave the seat to be taken up again', async () => {
  const room = await Room.create(daemon);
  const ann = await Person.join(daemon, room, { acks: false });
  for (const message of BAD_LATER) {
    const say = JSON.stringify(message).slice(0, 200);
    if (!Buffer.isBuffer(message) && typeof message !== 'string' && !(message.seq === 50 || message.id === 2 || message.type === 'resume'))
      assert.ok(!fits('client', message), `the schema takes ${say}`);
    ann.socket.send(message);
    assert.equal((await ann.take('error')).error, 'bad-message', say);
    assert.equal(await ann.socket.ended, 1008, say);
    await ann.resume();
  }
  assert.equal((await ann.chat('still here')).type, 'ok');
  await ann.leave();
});

test('a second `join` on the way is out of place', async () => {
  const room = await Room.create(daemon);
  const socket = await connect(daemon);
  socket.send(room.join());
  socket.send(room.join());
  assert.equal((await socket.take('error')).error, 'bad-message');
  assert.equal(await socket.ended, 1008);
});

test('limits by rate', async () => {
  const strict = await Daemon.start({ config: {
    server: { 'trusted-proxy': 'loopback' }, limits: { 'joins-per-minute': 5, 'rooms-per-hour': 3, 'messages-per-second': 5 },
  } });
  const from = address => ({ headers: { 'X-Forwarded-For': address } });
  const room = await Room.create(strict);
  const ann = await Person.join(strict, room, { socket: from('192.0.2.1') });
  const results = [];
  for (let i = 0; i < 5; i++)
    results.push((await refusedJoin(strict, room.join({ key: randomKey() }), from('192.0.2.1'))).error);
  assert.deepEqual(results, [...Array(4).fill('wrong-key'), 'rate-limited']);
  const other = await Person.join(strict, room, { socket: from('192.0.2.2') });
  await ann.resume();

  for (let i = 0; i < 250; i++)
    ann.socket.send({ type: 'pong' });
  assert.equal((await ann.take('error')).error, 'rate-limited');
  assert.equal(await ann.socket.ended, 1008);
  for (let i = 0; i < 10; i++)
    other.postChat('𝄞'.repeat(4000));
  assert.equal((await other.take('error')).error, 'rate-limited');

  const post = (path, body, address) => strict.request('POST', path, body, { 'origin': strict.origin, 'X-Forwarded-For': address });
  const made = [];
  for (let i = 0; i < 4; i++)
    made.push((await post('/api/v1/rooms', new Room().body, '192.0.2.3')).status);
  assert.deepEqual(made, [201, 201, 201, 429]);
  assert.equal((await post('/api/v1/rooms', new Room().body, '192.0.2.4')).status, 201);
  const checks = [];
  for (let i = 0; i < 11; i++)
    checks.push((await post(`/api/v1/rooms/${room.id}/check`, { key: randomKey() }, '192.0.2.5')).status);
  assert.deepEqual(checks, [...Array(10).fill(403), 429]);
  await strict.stop();
});

test('one person cannot have the others’ seats given up by talking much', async () => {
  const room = await Room.create(daemon);
  const victim = await Person.join(daemon, room, { acks: false });
  const eve = await Person.join(daemon, room);
  for (let i = 0; i < 199; i++)
    eve.postChat('𝄞'.repeat(4000));
  await until('Eve is stopped', () => eve.socket.closed !== null);
  assert.equal(victim.socket.closed, null);
  assert.equal((await victim.chat('still here')).type, 'ok');
  await victim.leave();
});

test('the server is full', async () => {
  const small = await Daemon.start({ config: { server: { 'max-sockets': 2, 'max-connections-per-address': 4 } } });
  const sockets = [await connect(small), await connect(small)];
  await assert.rejects(connect(small), /Unexpected server response: 503/);
  await sockets[0].end();
  await until('there is room again', () => connect(small).then(() => true, () => false));
  await small.stop();
});
