// A meeting is recorded, as far as messages go: who is told what and when, who may do what, what people say of it. Media are played.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Person } from './lib/client.mjs';
import { Daemon, FAKE_MEDIA, sleep, until } from './lib/daemon.mjs';
import { Room } from './lib/room.mjs';

const NO_RENDERER = { 'render-program': '/nowhere/conclave-render' };
let daemon;
before(async () => {
  daemon = await Daemon.start({ config: { development: { ...FAKE_MEDIA.development, ...NO_RENDERER }, rooms: { 'empty-seconds': 1, 'seat-seconds': 2 } } });
});
after(() => daemon.stop());

const create = (more = {}) => Room.create(daemon, { kind: 'boardroom', recording: true, ...more });
const host = room => Person.join(daemon, room, { name: 'Host', host: true });
const guest = (room, name = 'Guest') => Person.join(daemon, room, { name });
const leave = people => Promise.all(people.map(person => person.leave()));
const record = (person, action) => person.ask('record', { action });
const consent = (person, answer) => person.ask('consent', { answer });
const news = async person => (({ state, mine, reason }) => [state, mine, reason])(await person.take('recording'));
const admin = (room, action) => daemon.admin('POST', `/api/v1/rooms/${room.id}/recording`, { action });

/** Has a connection, which a media process that is played takes for granted. */
async function connect (person) {
  await until('media are ready', async () => (await person.ask('offer', { sdp: 'v=0\r\n' })).type === 'answer');
}

const tracks = id => fs.readdirSync(path.join(daemon.folder, 'recordings', id, 'tracks')).length;

test('everybody is told of each change, late ones too', async () => {
  const room = await create();
  const [chief, bob] = [await host(room), await guest(room, 'Bob')];
  assert.deepEqual(chief.joined.recording, { state: 'off', since: 0, elapsed: 0, consent: 'announce', mine: 'none', reason: '', warning: '' });
  assert.equal((await record(chief, 'pause')).error, 'recording-state');
  assert.equal((await record(chief, 'start')).type, 'ok');
  assert.deepEqual([await news(chief), await news(bob)], [['on', 'announced', ''], ['on', 'announced', '']]);
  assert.equal((await record(chief, 'start')).error, 'recording-state');
  const late = await guest(room, 'Late');
  assert.deepEqual([late.joined.recording.state, late.joined.recording.mine], ['on', 'announced']);
  assert.ok(Math.abs(late.joined.recording.since - Date.now()) < 10_000);
  assert.equal((await record(chief, 'pause')).type, 'ok');
  assert.deepEqual(await news(late), ['paused', 'announced', '']);
  assert.equal((await record(chief, 'resume')).type, 'ok');
  assert.deepEqual(await news(late), ['on', 'announced', '']);
  assert.equal((await record(chief, 'stop')).type, 'ok');
  assert.deepEqual(await news(late), ['off', 'none', 'host']);
  assert.equal((await record(chief, 'start')).type, 'ok', 'and once more');
  await leave([chief, bob, late]);
});

test('what people say of it', async () => {
  const room = await create({ consent: 'require' });
  const [chief, bob] = [await host(room), await guest(room, 'Bob')];
  assert.equal((await consent(bob, 'agreed')).error, 'recording-state');
  assert.equal((await record(chief, 'start')).type, 'ok');
  assert.deepEqual(await news(bob), ['on', 'none', '']);
  await until('nobody is recorded yet', () => chief.socket.inbox.some(({ type, person }) => type === 'person-changed' && person.id === bob.id && person.unrecorded && person.mic));
  assert.equal((await consent(bob, 'refused')).type, 'ok');
  assert.deepEqual(await news(bob), ['on', 'refused', '']);
  await until('nor heard', () => chief.socket.inbox.some(({ type, person }) => type === 'person-changed' && person.id === bob.id && person.unrecorded && !person.mic));
  assert.equal((await bob.ask('state', { mic: true, camera: true, screen: true })).type, 'ok');
  assert.equal((await consent(bob, 'agreed')).type, 'ok');
  await until('now both', () => chief.socket.inbox.some(({ type, person }) => type === 'person-changed' && person.id === bob.id && !person.unrecorded && person.screen));
  const late = await guest(room, 'Late');
  assert.ok(late.joined.people.find(({ id }) => id === chief.id).unrecorded && !late.joined.people.find(({ id }) => id === bob.id).unrecorded);
  await leave([chief, bob, late]);
});

test('a seat that is taken up again knows where it stands', async () => {
  const room = await create();
  const [chief, bob] = [await host(room), await guest(room, 'Bob')];
  await bob.cut();
  assert.equal((await record(chief, 'start')).type, 'ok');
  await bob.resume();
  assert.deepEqual(await news(bob), ['on', 'announced', '']);
  assert.equal((await consent(bob, 'withdrawn')).type, 'ok');
  await bob.cut();
  await bob.resume();
  assert.equal((await record(chief, 'stop')).type, 'ok');
  await until('it is over', () => bob.socket.inbox.some(({ type, state }) => type === 'recording' && state === 'off'));
  await leave([chief, bob]);
});

test('there is no file before Record, without a word of its person, or in a pause', async () => {
  const room = await create({ consent: 'require' });
  const [chief, bob] = [await host(room), await guest(room, 'Bob')];
  await Promise.all([chief, bob].map(connect));
  const { body: { recording: id } } = await admin(room, 'start');
  await sleep(300);
  assert.equal(tracks(id), 0);
  assert.equal((await consent(bob, 'agreed')).type, 'ok');
  await until('two sources of his', () => tracks(id) === 2);
  await admin(room, 'pause');
  assert.equal((await consent(chief, 'agreed')).type, 'ok');
  await sleep(300);
  const before = tracks(id);
  await admin(room, 'resume');
  await until('and of both', () => tracks(id) === before + 4);
  await leave([chief, bob]);
});

test('administrators record', async () => {
  const room = await create();
  assert.deepEqual((({ status, body }) => [status, body.error])(await admin(room, 'start')), [409, 'recording-state']);
  const chief = await host(room);
  const { status, body } = await admin(room, 'start');
  assert.deepEqual([status, body.state], [200, 'on']);
  assert.match(body.recording, /^r[a-km-np-z2-9]{12}$/);
  assert.deepEqual((await admin(room, 'stop')).body, { recording: null, state: 'off' });
  assert.deepEqual([await news(chief), await news(chief)], [['on', 'announced', ''], ['off', 'none', 'admin']]);
  await chief.leave();
});

test('where it is not allowed', async () => {
  const room = await create({ recording: false });
  const chief = await host(room);
  assert.equal(chief.joined.room.recording, false);
  assert.equal((await record(chief, 'start')).error, 'recording-off');
  assert.equal((await admin(room, 'start')).body.error, 'recording-off');
  const standard = await Room.create(daemon);
  const ann = await host(standard);
  assert.equal(ann.joined.recording, null);
  assert.equal((await record(ann, 'start')).error, 'not-allowed');
  assert.equal((await admin(standard, 'start')).body.error, 'recording-off');
  const refused = await daemon.admin('POST', '/api/v1/rooms', new Room({ recording: true }).body);
  assert.deepEqual([refused.status, refused.body.error], [403, 'not-allowed']);
  await leave([chief, ann]);
});
