// A room's link gets another secret when somebody is removed: who may do it, what becomes of the link of before, and that it is on the disk.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Person, connect, refusedJoin } from './lib/client.mjs';
import { Daemon, FAKE_MEDIA, until } from './lib/daemon.mjs';
import { Room, randomKey } from './lib/room.mjs';

const CONFIG = { ...FAKE_MEDIA, rooms: { 'empty-seconds': 1, 'seat-seconds': 2 } };
const ORDERS = { key: 'S0VZ', mac: randomKey(), sealed: 'U0VBTA' };

let daemon, state;
before(async () => {
  state = fs.mkdtempSync(path.join(os.tmpdir(), 'conclave-rotation-'));
  daemon = await Daemon.start({ config: CONFIG, state });
});
after(async () => {
  await daemon.stop();
  fs.rmSync(state, { recursive: true, force: true });
});

const make = (more = {}) => Room.create(daemon, { orders: JSON.stringify(ORDERS), ...more });
const leave = people => Promise.all(people.map(person => person.leave()));

/** Somebody comes from where somebody was removed: they have to be let in. */
async function admitted (chief, room, members) {
  const joining = Person.join(daemon, room, members);
  await until('they knock', () => chief.socket.inbox.some(({ type, knocks }) => type === 'knocks' && knocks.length === 1));
  assert.equal((await chief.ask('admit', { knock: null })).type, 'ok');
  return await joining;
}

/** The same room with another secret, and what the server is told of it. */
function rotated (room, generation) {
  const next = new Room({ kind: room.kind, title: room.title, id: room.id, secret: randomBytes(32), hostSecret: room.hostSecret });
  const join_verifier = createHash('sha256').update(next.joinKey).digest('base64url');
  return { next, rotation: { generation, join_verifier, mac: randomKey() } };
}

const check = (room, key = room.joinKey.toString('base64url')) => daemon.request('POST', `/api/v1/rooms/${room.id}/check`, { key });

for (const kind of ['standard', 'otr'])
  test(`the link of before is of no use: ${kind}`, async () => {
    const room = await make({ kind });
    const chief = await Person.join(daemon, room, { name: 'Host', host: true });
    const [ann, bob] = [await Person.join(daemon, room, { name: 'Ann' }), await Person.join(daemon, room, { name: 'Bob' })];
    assert.equal(ann.joined.room.generation, 0);
    assert.equal((await check(room, randomKey())).body.error, 'wrong-key');
    const { next, rotation } = rotated(room, 1);
    assert.equal((await chief.ask('remove', { person: bob.id, order: 'QUJD', rotation })).type, 'ok');
    assert.deepEqual({ ...await bob.take('removed'), seq: 0 }, { type: 'removed', seq: 0, by: chief.id, order: 'QUJD' });
    assert.equal(await bob.socket.ended, 1000);
    assert.deepEqual({ ...await ann.take('person-left'), seq: 0 }, { type: 'person-left', seq: 0, person: bob.id, reason: 'removed', order: 'QUJD' });

    const tries = [room.join(), room.join({ host: true }), { ...room.join(), replaces: bob.token }, room.join({ key: randomKey() })];
    for (const message of tries)
      assert.deepEqual(await refusedJoin(daemon, message), { error: 'old-link', text: 'This invitation is no longer valid. Ask for the new link of the room.', code: 1008 });
    const checked = await check(room);
    assert.deepEqual([checked.status, checked.body.error, (await check(next)).status], [403, 'old-link', 200]);

    await ann.cut(); // who is away for a moment needs no link
    await ann.resume();
    const cora = await admitted(chief, next, { name: 'Cora' });
    assert.equal(cora.joined.room.generation, 1);
    assert.deepEqual(JSON.parse(cora.joined.room.orders), { ...ORDERS, mac: rotation.mac }, 'the key is the same: only its MAC is made anew');
    assert.equal((await ann.take('person-joined')).person.id, cora.id);
    const again = await Person.join(daemon, next, { name: 'Host', host: true, replaces: chief.token });
    assert.equal(again.joined.role, 'host');
    await leave([ann, cora, again]);
  });

test('who may remove somebody may do it, once for each generation', async () => {
  const room = await make();
  const chief = await Person.join(daemon, room, { name: 'Host', host: true });
  const people = [];
  for (const name of ['Cohost', 'Ann', 'Bob'])
    people.push(await Person.join(daemon, room, { name }));
  const [cohost, ann, bob] = people;
  assert.equal((await chief.ask('role', { person: cohost.id, role: 'cohost' })).type, 'ok');
  const { rotation } = rotated(room, 1);
  assert.equal((await ann.ask('remove', { person: bob.id, rotation })).error, 'not-allowed');
  assert.equal((await cohost.ask('remove', { person: chief.id, rotation })).error, 'not-allowed');
  assert.equal((await chief.ask('remove', { person: bob.id, rotation: { ...rotation, generation: 2 } })).error, 'outdated');
  const both = await Promise.all([chief.ask('remove', { person: bob.id, rotation }), cohost.ask('remove', { person: ann.id, rotation: rotated(room, 1).rotation })]);
  assert.deepEqual(both.map(({ type, error }) => error ?? type).sort(), ['ok', 'outdated'], 'of two at once one is too late');
  const left = both[0].type === 'ok' ? ann : bob;
  assert.equal((await chief.ask('remove', { person: left.id, rotation })).error, 'outdated', 'nor is one of before done again');
  assert.equal((await cohost.ask('remove', { person: left.id, rotation: rotated(room, 2).rotation })).type, 'ok');
  await leave([chief, cohost]);
});

test('what is no rotation', async () => {
  const { rotation } = rotated(await make(), 1);
  const bad = [{ ...rotation, generation: 0 }, { ...rotation, generation: 1.5 }, { ...rotation, mac: 'AA' }, { ...rotation, join_verifier: null }, { ...rotation, secret: randomKey() }, {}, 'x', null];
  for (const wrong of bad) {
    const room = await make();
    const [chief, ann] = [await Person.join(daemon, room, { name: 'Host', host: true }), await Person.join(daemon, room, { name: 'Ann' })];
    chief.socket.send({ type: 'remove', id: 1, person: ann.id, rotation: wrong });
    assert.equal((await chief.take('error')).error, 'bad-message', JSON.stringify(wrong));
    await ann.leave();
  }
  for (const more of [{ kind: 'standard' }, { kind: 'boardroom' }]) { // nobody could have signed it
    const room = await Room.create(daemon, more);
    const [chief, ann] = [await Person.join(daemon, room, { name: 'Host', host: true }), await Person.join(daemon, room, { name: 'Ann' })];
    assert.equal((await chief.ask('remove', { person: ann.id, rotation })).error, 'bad-message');
    await leave([chief, ann]);
  }
});

test('who waits at the door with the link of before is sent away', async () => {
  const room = await make({ lobby: true });
  const early = await connect(daemon); // before there is a meeting
  early.send(room.join());
  await early.take('waiting');
  const chief = await Person.join(daemon, room, { name: 'Host', host: true });
  await chief.ask('admit', { knock: null });
  const ann = (await early.take('joined')).self;
  const late = await connect(daemon);
  late.send(room.join());
  await late.take('waiting');
  assert.equal((await chief.ask('remove', { person: ann, rotation: rotated(room, 1).rotation })).type, 'ok');
  assert.equal((await late.take('error')).error, 'old-link');
  assert.equal(await late.ended, 1008);
  await chief.leave();
});

test('it outlives the server, and nothing of the secret is kept', async () => {
  const room = await make();
  const [chief, ann] = [await Person.join(daemon, room, { name: 'Host', host: true }), await Person.join(daemon, room, { name: 'Ann' })];
  const { next, rotation } = rotated(room, 1);
  assert.equal((await chief.ask('remove', { person: ann.id, rotation })).type, 'ok');
  await daemon.kill('SIGKILL');
  await daemon.stop();
  for (const name of fs.readdirSync(state)) {
    const bytes = fs.statSync(path.join(state, name)).isFile() ? fs.readFileSync(path.join(state, name)) : Buffer.alloc(0);
    for (const secret of [next.secret, next.joinKey])
      assert.ok(bytes.indexOf(secret) < 0 && bytes.indexOf(secret.toString('base64url')) < 0, name);
  }
  daemon = await Daemon.start({ config: CONFIG, state });
  assert.equal((await refusedJoin(daemon, room.join())).error, 'old-link');
  const again = await Person.join(daemon, next, { name: 'Host', host: true });
  assert.deepEqual([again.joined.role, again.joined.room.generation], ['host', 1]);
  await again.leave();
});
