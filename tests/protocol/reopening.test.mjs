// Rooms off the record after conclaved was killed and started anew: their people bring them back, with their ids, and nothing of it is on the disk. Who was
// removed, or makes a room with another's id, cannot keep them out.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Person, connect, refusedJoin } from './lib/client.mjs';
import { Daemon, FAKE_MEDIA, makeState } from './lib/daemon.mjs';
import { Room, randomKey } from './lib/room.mjs';

const CONFIG = { ...FAKE_MEDIA };
const ORDERS = JSON.stringify({ key: 'S0VZ', mac: randomKey(), sealed: 'U0VBTA' });

let daemon, state;
before(async () => {
  state = makeState();
  daemon = await Daemon.start({ config: CONFIG, state });
});
after(async () => {
  await daemon.stop();
  fs.rmSync(state, { recursive: true, force: true });
});

/** Killed, and started anew where it was. */
async function restart (config = {}) {
  const listen = `127.0.0.1:${daemon.port}`;
  await daemon.kill('SIGKILL');
  await daemon.stop();
  daemon = await Daemon.start({ config: { ...CONFIG, ...config }, state, listen });
}

/** Makes one, and its first receipt. */
async function make (more = {}) {
  const room = new Room({ kind: 'otr', orders: ORDERS, ...more });
  const { status, body } = await daemon.admin('POST', '/api/v1/rooms', room.body);
  assert.equal(status, 201);
  return { room, receipt: body.receipt };
}

const join = (room, members) => Person.join(daemon, room, members);
const newReceipt = async person => (await person.ask('receipt')).receipt;
const check = (room, more = {}) => daemon.request('POST', `/api/v1/rooms/${room.id}/check`, { key: room.joinKey.toString('base64url'), ...more });

/** The same room with another secret, and what the server is told of it. */
function rotated (room, generation) {
  const next = new Room({ kind: room.kind, id: room.id, secret: randomBytes(32), hostSecret: room.hostSecret });
  return { next, rotation: { generation, join_verifier: createHash('sha256').update(next.joinKey).digest('base64url'), mac: randomKey() } };
}

test('those who were in are in the same meeting, under their ids; whoever has the link comes in later', async () => {
  const { room } = await make();
  const [host, ann] = [await join(room, { host: true }), await join(room)];
  const receipts = [host.joined.receipt, await newReceipt(ann)];
  await restart();
  assert.equal((await refusedJoin(daemon, room.join())).error, 'unknown-room');
  const again = await join(room, { receipt: receipts[1], same_seat: true });
  assert.deepEqual([again.id, again.joined.meeting, again.joined.people], [ann.id, ann.joined.meeting, []]);
  const chief = await join(room, { host: true, receipt: receipts[0], same_seat: true });
  assert.deepEqual([chief.id, chief.joined.role, chief.joined.people.map(({ id }) => id)], [host.id, 'host', [ann.id]]);
  assert.equal((await again.take('person-joined')).person.id, host.id);
  chief.socket.send({ type: 'relay', to: ann.id, data: 'QUJD' });
  assert.equal((await again.take('relay')).from, host.id);
  const late = await join(room);
  assert.deepEqual([late.joined.room.orders, late.joined.people.length], [ORDERS, 2]);
  /* a page that was reloaded meanwhile has other connections */
  const other = await join(room, { receipt: late.joined.receipt });
  assert.notEqual(other.id, late.id);
});

test('who has made a room brings it back before anybody was in, also by asking what it is', async () => {
  const { room, receipt } = await make();
  await restart();
  assert.equal((await check(room)).body.error, 'unknown-room');
  assert.equal((await check(room, { receipt })).status, 200);
  const shown = (await check(room)).body.receipt; // whoever has the link has one
  await restart();
  assert.equal((await check(room, { receipt: shown })).status, 200);
  assert.equal((await daemon.admin('DELETE', `/api/v1/rooms/${room.id}`)).status, 204);
  assert.equal((await check(room, { receipt })).body.error, 'unknown-room', 'what was deleted stays away');
});

test('a receipt is of no use without the link, for another room, when changed, or on another server', async () => {
  const { room, receipt } = await make();
  const { room: other } = await make();
  await restart();
  const wrong = `${receipt.slice(0, 40)}${receipt[40] === 'A' ? 'B' : 'A'}${receipt.slice(41)}`;
  for (const message of [room.join({ receipt: wrong }), { ...room.join({ receipt }), key: randomKey() }, other.join({ receipt })])
    assert.equal((await refusedJoin(daemon, message)).error, 'unknown-room');
  fs.rmSync(path.join(state, 'receipt.key'));
  await restart();
  assert.equal((await refusedJoin(daemon, room.join({ receipt }))).error, 'unknown-room');
  for (const bad of ['', 'A'.repeat(2401), '!', 7, null])
    assert.equal((await refusedJoin(daemon, room.join({ receipt: bad }))).error, 'bad-message');
});

test('nothing of it is on the disk, and the key is nobody else\'s to read', async () => {
  const { room, receipt } = await make();
  const ann = await join(room, { receipt });
  await restart();
  const back = await join(room, { receipt: ann.joined.receipt, same_seat: true });
  await daemon.admin('POST', '/api/v1/backup');
  const files = fs.readdirSync(state, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  const names = files.map(entry => path.join(entry.parentPath ?? entry.path ?? state, entry.name)).filter(name => fs.existsSync(name));
  for (const name of names) {
    const bytes = fs.readFileSync(name);
    for (const word of [room.id, back.id, back.joined.meeting, createHash('sha256').update(room.joinKey).digest()])
      assert.ok(bytes.indexOf(word) < 0, name);
  }
  assert.equal(fs.statSync(path.join(state, 'receipt.key')).mode & 0o777, 0o600);
  assert.equal(names.filter(name => name.endsWith('receipt.key')).length, 1, 'in no backup');
});

// ---- planned for ----

const DAY = 86_400_000;
/** The day in `days`, as the server is told it. */
const inDays = days => (Math.floor(Date.now() / DAY) + days) * DAY;
const keep = (room, more = {}) => daemon.request('POST', `/api/v1/rooms/${room.id}/keep`,
  { key: room.joinKey.toString('base64url'), host_key: room.hostKey.toString('base64url'), until: inDays(40), ...more });

test('a room that is planned for is there after the server was started anew, for everybody who has its link', async () => {
  const { room } = await make({ lobby: true });
  const { status, body } = await keep(room);
  assert.deepEqual([status, body.until], [200, inDays(40)]);
  await restart();
  assert.equal((await check(room)).status, 200);
  assert.equal((await refusedJoin(daemon, new Room({ kind: 'otr', id: room.id }).join())).error, 'wrong-key');
  const host = await join(room, { host: true });
  assert.equal(host.joined.room.orders, ORDERS);
  assert.equal((await keep(room, { until: inDays(7) })).body.until, inDays(40), 'nobody makes it shorter');
  await host.leave();
  /* the link of after a removal is the one that is kept */
  const plain = (await make()).room;
  assert.equal((await keep(plain)).status, 200);
  const [chief, ann] = [await join(plain, { host: true }), await join(plain)];
  const { next, rotation } = rotated(plain, 1);
  assert.equal((await chief.ask('remove', { person: ann.id, rotation })).type, 'ok');
  await restart();
  assert.equal((await check(plain)).body.error, 'old-link');
  assert.equal((await check(next)).status, 200);
});

test('only its hosts plan for it, by whole days and not for ever; rooms that are written need it not', async () => {
  const { room } = await make();
  for (const until of [0, inDays(0), inDays(40) + 1, inDays(402), 'tomorrow', null])
    assert.equal((await keep(room, { until })).body.error, 'bad-message', String(until));
  assert.equal((await keep(room, { host_key: randomKey() })).body.error, 'wrong-key');
  assert.equal((await keep(room, { key: randomKey() })).body.error, 'wrong-key');
  assert.equal((await keep(new Room({ kind: 'otr' }))).body.error, 'unknown-room');
  assert.equal((await keep(await Room.create(daemon, { kind: 'standard' }))).body.error, 'not-allowed');
  await restart();
  assert.equal((await check(room)).body.error, 'unknown-room');
});

test('the server has forgotten it, and its host plans for it with the receipt', async () => {
  const { room, receipt } = await make();
  await restart();
  assert.equal((await keep(room, { receipt })).status, 200);
  await restart();
  assert.equal((await check(room)).status, 200);
});

test('nothing of one that is planned for is in a backup, and once it was deleted nothing is left of it', async () => {
  const { room } = await make();
  await keep(room);
  assert.equal((await daemon.admin('POST', '/api/v1/backup')).status, 201);
  const verifier = createHash('sha256').update(room.joinKey).digest();
  const has = name => [room.id, verifier].some(word => fs.readFileSync(name).indexOf(word) >= 0);
  const all = () => fs.readdirSync(state, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath ?? entry.path ?? state, entry.name)).filter(name => fs.existsSync(name));
  assert.ok(all().some(has), 'which this test finds where it is');
  assert.deepEqual(all().filter(name => has(name) && !path.basename(name).startsWith('conclave.db')), []);
  assert.equal((await daemon.admin('DELETE', `/api/v1/rooms/${room.id}`)).status, 204);
  const listen = `127.0.0.1:${daemon.port}`;
  await daemon.stop();
  assert.deepEqual(all().filter(has), []);
  daemon = await Daemon.start({ config: CONFIG, state, listen });
  assert.equal((await check(room)).body.error, 'unknown-room');
});

test('another room with the same id does not keep them out', async () => {
  for (const kind of ['otr', 'standard']) {
    const { room, receipt } = await make();
    await restart();
    const false_one = await Room.create(daemon, { kind, id: room.id });
    const mallory = await join(false_one, { host: true });
    const ann = await join(room, { receipt });
    assert.deepEqual(ann.joined.people, []);
    assert.equal((await mallory.take('ended')).reason, 'admin');
    assert.equal((await refusedJoin(daemon, false_one.join({ receipt: mallory.joined.receipt }))).error, 'wrong-key');
    await ann.leave();
  }
});

test('one room does not hide another one, whichever is on the disk', async () => {
  for (const [first, second] of [['standard', 'otr'], ['otr', 'standard'], ['otr', 'otr']]) {
    const room = await Room.create(daemon, { kind: first });
    const answer = await daemon.admin('POST', '/api/v1/rooms', new Room({ kind: second, id: room.id }).body);
    assert.deepEqual([answer.status, answer.body.error], [409, 'id-taken'], `${first}, then ${second}`);
  }
});

test('who was removed brings back what was before, until those come who stayed', async () => {
  const { room } = await make();
  const [host, ann, ben] = [await join(room, { host: true }), await join(room), await join(room)];
  const { next, rotation } = rotated(room, 1);
  assert.equal((await host.ask('remove', { person: ben.id, rotation })).type, 'ok');
  const [stale, good] = [ben.joined.receipt, await newReceipt(ann)];
  await restart();
  const back = await join(room, { receipt: stale, same_seat: true });
  const helper = await join(room, { host: true }); // who has the host's key may remove people there
  assert.equal((await helper.ask('remove', { person: back.id, rotation: rotated(room, 1).rotation })).type, 'ok');
  const again = await join(next, { receipt: good, same_seat: true });
  assert.deepEqual([again.id, again.joined.meeting, again.joined.people, again.joined.room.generation], [ann.id, ann.joined.meeting, [], 1]);
  assert.equal((await helper.take('ended')).reason, 'admin');
  for (const message of [room.join({ receipt: stale }), room.join({ host: true }), room.join({ receipt: helper.joined.receipt })])
    assert.equal((await refusedJoin(daemon, message)).error, 'old-link');
  const chief = await join(next, { host: true });
  assert.equal(chief.joined.people[0].id, ann.id);
});

test('who was in need not knock again; who was not, must', async () => {
  const { room } = await make({ lobby: true });
  const host = await join(room, { host: true });
  const waiting = join(room);
  await host.take('knocks');
  await host.ask('admit', { knock: null });
  const ann = await waiting;
  await host.ask('leave');
  await restart();
  const back = await join(room, { receipt: ann.joined.receipt });
  assert.notEqual(back.id, ann.id, 'another seat, where it does not say that it is the same');
  assert.equal(back.joined.meeting, ann.joined.meeting);
  const again = await join(room, { host: true, receipt: host.joined.receipt, same_seat: true });
  await again.ask('end');
  await back.take('ended');
  const late = await connect(daemon);
  late.send(room.join({ receipt: ann.joined.receipt }));
  await late.take('waiting'); // that meeting is over
  await late.cut();
});

test('the answer was lost: the next try has a seat, and the one before is gone', async () => {
  const { room } = await make();
  const [ann, ben] = [await join(room), await join(room)];
  await restart();
  const seat = { receipt: ann.joined.receipt, same_seat: true };
  const other = await join(room, { receipt: ben.joined.receipt, same_seat: true });
  const lost = await join(room, seat);
  const again = await join(room, seat);
  assert.equal(await lost.socket.ended, 4001);
  assert.notEqual(again.id, ann.id);
  assert.deepEqual(again.joined.people.map(({ id }) => id), [ben.id]);
  assert.deepEqual([(await other.take('person-joined')).person.id, (await other.take('person-left')).reason], [ann.id, 'replaced']);
});

test('to bring a room back counts as to make one', async () => {
  const rooms = [await make(), await make(), await make()];
  await restart({ limits: { 'rooms-per-hour': 2, 'joins-per-minute': 1000 } });
  const answers = [];
  for (const { room, receipt } of rooms)
    answers.push((await check(room, { receipt })).status);
  assert.deepEqual(answers, [200, 200, 429]);
  const { room, receipt } = rooms[2];
  assert.equal((await refusedJoin(daemon, room.join({ receipt }))).error, 'rate-limited');
  await join(rooms[0].room, { receipt: rooms[0].receipt });
  await restart();
});

// ---- rooms that are on the disk, whose media go from browser to browser

/** Who is let in. @returns {Promise<any>} what they were told of their seat */
async function admitted (room, host) {
  const socket = await connect(daemon);
  socket.send(room.join());
  const { knock } = await socket.take('waiting');
  await host.ask('admit', { knock });
  return await socket.take('joined');
}

test('in a Standard room people have their ids again, and need not knock: once, and in a meeting of its own', async () => {
  const room = await Room.create(daemon, { kind: 'standard', lobby: true });
  const host = await join(room, { host: true });
  const ann = await admitted(room, host);
  const { receipt } = ann;
  const renewed = await newReceipt(host);
  await restart();
  const again = await join(room, { receipt, same_seat: true });
  assert.equal(again.id, ann.self);
  assert.notEqual(again.joined.meeting, ann.meeting);
  const chief = await join(room, { host: true, receipt: renewed, same_seat: true });
  assert.deepEqual([chief.id, chief.joined.people.map(({ id }) => id)], [host.id, [ann.self]]);
  chief.socket.send({ type: 'relay', to: ann.self, data: 'QUJD' });
  assert.equal((await again.take('relay')).from, host.id);
  const stranger = await connect(daemon);
  stranger.send(room.join({ receipt, same_seat: true }));
  await stranger.take('waiting'); // it was used; so is nothing else of it
  await stranger.end();
});

test('what is no seat of before in this room gives none: of this start, of another room, with another link', async () => {
  const room = await Room.create(daemon, { kind: 'standard' });
  const other = await Room.create(daemon, { kind: 'standard' });
  const ann = await join(room);
  const ben = await join(room);
  await ben.ask('leave');
  const same = await join(room, { receipt: ben.joined.receipt, same_seat: true });
  assert.notEqual(same.id, ben.id, 'the server was not started anew');
  const helper = await join(other);
  await restart();
  const stranger = await join(room, { receipt: helper.joined.receipt, same_seat: true });
  assert.notEqual(stranger.id, helper.id);
  const reloaded = await join(room, { receipt: ann.joined.receipt });
  assert.notEqual(reloaded.id, ann.id, 'a page that was loaded anew has other connections');
});

test('media that pass through the server go on with nobody\'s receipt', async () => {
  const room = await Room.create(daemon, { kind: 'boardroom' });
  const ann = await join(room, { host: true });
  assert.ok(!('receipt' in ann.joined));
  assert.equal(ann.joined.may.includes('receipt'), false);
});
