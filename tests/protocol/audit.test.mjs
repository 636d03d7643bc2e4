// What people do in meetings, on pages and with keys stands in the audit, under pseudonyms; off the record nothing does.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { PASSWORD, PATIENT, SESSION, enter, makeUser } from './lib/account.mjs';
import { Person } from './lib/client.mjs';
import { CTL, Daemon, FAKE_MEDIA, until } from './lib/daemon.mjs';
import { Visitor, makeKey, makeRecording, share, signIn } from './lib/recording.mjs';
import { Room, randomId } from './lib/room.mjs';

const DEVELOPMENT = { ...FAKE_MEDIA.development, 'render-program': '/nowhere/conclave-render' };
let daemon;
before(async () => {
  daemon = await Daemon.start({ config: { ...PATIENT, development: DEVELOPMENT } });
});
after(() => daemon.stop());

const ctl = (...words) => execFileSync(CTL, ['--socket', daemon.adminSocket, 'audit', ...words], { encoding: 'utf8' });
const list = (...words) => JSON.parse(ctl('list', '--json', ...words)).entries;
/** `action detail` of what has to do with an id, or of all that came behind the entry `from`. */
const told = (...words) => list(...words).map(({ action, detail }) => `${action} ${detail}`.trim());
const count = () => list().length;
const since = n => list().slice(n).map(({ action, detail }) => `${action} ${detail}`.trim());
const leave = people => Promise.all(people.map(person => person.leave()));

test('hosts hand roles over, remove somebody and end it', async () => {
  const room = await Room.create(daemon, { kind: 'standard' });
  const chief = await Person.join(daemon, room, { name: 'Zebediah', host: true });
  const [ann, bob] = [await Person.join(daemon, room, { name: 'Ann' }), await Person.join(daemon, room, { name: 'Bob' })];
  assert.equal((await chief.ask('role', { person: ann.id, role: 'cohost' })).type, 'ok');
  assert.equal((await ann.ask('remove', { person: chief.id })).error, 'not-allowed');
  assert.equal((await chief.ask('remove', { person: bob.id })).type, 'ok');
  await chief.ask('end');
  await until('it is all there', () => told('--of', chief.id).length === 3);
  assert.deepEqual(told('--of', chief.id), ['person.role cohost', 'person.remove', 'meeting.end']);
  assert.deepEqual([told('--of', ann.id), told('--of', bob.id)], [['person.role cohost'], ['person.remove']]);
  const text = JSON.stringify(list());
  for (const word of ['Zebediah', 'Ann', 'Bob', chief.id, ann.id, bob.id, room.id])
    assert.ok(!text.includes(word), `${word} is in it`);
});

test('who has an account is the same in all meetings', async () => {
  const user = await makeUser(daemon, 'hilda');
  const visitor = await enter(daemon, 'hilda');
  const room = await Room.create(daemon, { kind: 'standard' });
  const chief = await Person.join(daemon, room, { name: 'Hilda', host: true, socket: { headers: { cookie: visitor.cookie } } });
  const ann = await Person.join(daemon, room, { name: 'Ann' });
  assert.equal((await chief.ask('role', { person: ann.id, role: 'cohost' })).type, 'ok');
  await until('it is there', () => told('--of', ann.id).length === 1);
  assert.deepEqual(told('--of', user.id), ['user.create host', 'user.password', 'sign-in.password', 'person.role cohost']);
  assert.deepEqual(told('--of', chief.id), []);
  await leave([chief, ann]);
});

test('nothing is told of what is off the record', async () => {
  const before = count();
  const room = await Room.create(daemon, { kind: 'otr' });
  const [chief, ann] = [await Person.join(daemon, room, { host: true }), await Person.join(daemon, room)];
  const bob = await Person.join(daemon, room);
  assert.equal((await ann.ask('remove', { person: chief.id })).error, 'not-allowed');
  assert.equal((await chief.ask('remove', { person: bob.id })).type, 'ok');
  await chief.ask('end');
  const again = await Person.join(daemon, room);
  assert.equal((await daemon.admin('POST', `/api/v1/rooms/${room.id}/end`)).status, 200);
  await again.socket.ended;
  assert.equal((await daemon.admin('DELETE', `/api/v1/rooms/${room.id}`)).status, 204);
  /* what comes later is later */
  await makeKey(daemon);
  assert.deepEqual(since(before), ['key.create producer']);
});

test('sign-ins, and those that were refused', async () => {
  const user = await makeUser(daemon, 'ivan');
  const key = await makeKey(daemon);
  const from = count();
  await enter(daemon, 'ivan');
  const visitor = new Visitor(daemon);
  assert.equal(await visitor.status('POST', SESSION, { login: 'ivan', password: PASSWORD + '!' }), 401);
  assert.equal(await visitor.status('POST', SESSION, { login: 'nobody of that name', password: PASSWORD }), 401);
  assert.equal(await visitor.status('POST', SESSION, { key: 'A'.repeat(43) }), 401);
  assert.equal(await visitor.status('POST', SESSION, { code: 'A'.repeat(43) }), 410);
  await signIn(daemon, key);
  await until('it is there', () => count() === from + 6);
  assert.deepEqual(since(from), ['sign-in.password', 'sign-in.refused password', 'sign-in.refused password', 'sign-in.refused key', 'sign-in.refused code', 'sign-in.key']);
  const actors = list().slice(from).map(({ actor }) => actor);
  assert.equal(actors[0], actors[1]);
  assert.deepEqual(actors.slice(2, 5), ['anybody', 'anybody', 'anybody']);
  assert.deepEqual([told('--of', user.id).at(-1), told('--of', key.id)], ['sign-in.refused password', ['key.create producer', 'sign-in.key']]);
});

test('recordings: begun, stopped, shared', async () => {
  const room = await Room.create(daemon, { kind: 'boardroom', recording: true });
  const chief = await Person.join(daemon, room, { name: 'Host', host: true });
  assert.equal((await chief.ask('record', { action: 'pause' })).error, 'recording-state');
  assert.equal((await chief.ask('record', { action: 'start' })).type, 'ok');
  const act = action => daemon.admin('POST', `/api/v1/rooms/${room.id}/recording`, { action });
  const { body } = await act('pause');
  await act('resume');
  assert.equal((await act('resume')).status, 409);
  assert.equal((await chief.ask('record', { action: 'stop' })).type, 'ok');
  const mine = ['recording.start', 'recording.pause', 'recording.resume', 'recording.stop', 'recording.end'];
  await until('it is all there', () => told('--of', body.recording).length === mine.length);
  assert.deepEqual(told('--of', body.recording).sort(), [...mine].sort());
  assert.deepEqual(told('--of', chief.id), ['recording.start', 'recording.stop']);
  await chief.leave();

  const recording = await makeRecording(daemon);
  const link = await share(daemon, recording);
  await share(daemon, recording, { password: 'long enough' });
  assert.equal((await daemon.admin('DELETE', `/api/v1/shares/${link.id}`)).status, 204);
  assert.equal((await daemon.admin('DELETE', `/api/v1/shares/${randomId('s')}`)).status, 404);
  assert.deepEqual(told('--of', recording.id), ['recording.share', 'recording.share']);
  assert.deepEqual(told('--of', link.id), ['recording.unshare']);
});

test('tokens: made, revoked', async () => {
  const room = await Room.create(daemon, { kind: 'classroom' });
  const make = kind => daemon.admin('POST', `/api/v1/rooms/${room.id}/tokens`, { kind, name: 'Camera', hash: randomBytes(32).toString('base64url'), hours: 1 });
  const [camera, screen] = [await make('publish'), await make('watch')];
  assert.equal((await daemon.admin('DELETE', `/api/v1/tokens/${camera.body.id}`)).status, 204);
  assert.equal((await daemon.admin('DELETE', `/api/v1/tokens/${randomId('t')}`)).status, 404);
  assert.deepEqual(told('--of', camera.body.id), ['token.create publish', 'token.revoke']);
  assert.deepEqual([told('--of', screen.body.id), told().filter(entry => entry === 'token.revoke').length], [['token.create watch'], 1]);
  /* somebody's own, and not others' */
  const [mine, theirs] = [await makeUser(daemon, 'judith'), await makeUser(daemon, 'kim')];
  const [judith, kim] = [await enter(daemon, 'judith'), await enter(daemon, 'kim')];
  const { body: { id } } = await judith.ask('POST', '/api/v1/rooms', new Room({ kind: 'classroom' }).body);
  const { status, body } = await judith.ask('POST', `/api/v1/rooms/${id}/tokens`, { kind: 'publish', name: 'Mine', hash: randomBytes(32).toString('base64url'), hours: 1 });
  assert.equal(status, 201);
  assert.equal(await kim.status('DELETE', `/api/v1/tokens/${body.id}`), 404);
  assert.equal(await judith.status('DELETE', `/api/v1/tokens/${body.id}`), 204);
  assert.deepEqual(told('--of', mine.id).slice(-2), ['token.create publish', 'token.revoke']);
  assert.ok(!told('--of', theirs.id).includes('token.revoke'));
  assert.ok(!JSON.stringify(list()).includes('Camera'));
});

test('a configuration that is read again', async () => {
  process.kill(daemon.pid, 'SIGHUP');
  await until('it is read', () => told().includes('configuration.reload'));
  assert.match(ctl('verify'), /^The audit is whole: \d+ entries\.\n$/);
});
