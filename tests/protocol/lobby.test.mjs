// The door: who has to knock, who lets them in, who stays outside, and that nobody is forgotten there.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Person, connect, refusedJoin } from './lib/client.mjs';
import { Daemon, FAKE_MEDIA, until } from './lib/daemon.mjs';
import { Room, randomId } from './lib/room.mjs';

let daemon;
before(async () => {
  daemon = await Daemon.start({ config: { ...FAKE_MEDIA, rooms: { 'empty-seconds': 1, 'seat-seconds': 2 } } });
});
after(() => daemon.stop());

const KINDS = ['standard', 'boardroom', 'classroom'];
const host = (room, more = {}) => Person.join(daemon, room, { name: 'Host', host: true, ...more });
const guest = (room, more = {}) => Person.join(daemon, room, { name: 'Guest', ...more });
const visitor = () => randomBytes(16).toString('base64url');

/** Somebody at the door, who has been told so. */
class Knocker extends Person {
  static async knock (room, { name = 'Knocker', socket = {}, ...more } = {}) {
    const self = new this(daemon, { acks: true, ...socket });
    self.socket = await connect(daemon, socket);
    self.socket.send(room.join({ name, ...more }));
    self.waiting = await self.socket.take('waiting');
    return self;
  }

  async admitted () {
    return await this.socket.take('joined');
  }

  async refused () {
    const { error } = await this.socket.take('error');
    return { error, code: await this.socket.ended };
  }
}
const knock = (room, more) => Knocker.knock(room, more);

/** The list that a host sees once it is such. */
async function knocks (person, is) {
  for (;;) {
    const message = await person.take('knocks');
    if (is(message.knocks))
      return message.knocks;
  }
}
const named = (...names) => list => list.map(({ name }) => name).join() === names.join();

for (const kind of KINDS)
  test(`a lobby from the start: ${kind}`, async () => {
    const room = await Room.create(daemon, { kind, lobby: true });
    const early = await knock(room, { name: 'Early' });
    const { media, ...about } = early.waiting.room;
    assert.deepEqual(about, { id: room.id, kind, title: 'Test', max_people: about.max_people, recording: false, ...kind === 'standard' && { generation: 0 } });
    assert.equal(media, kind === 'standard' ? 'p2p' : 'sfu');
    assert.equal(early.waiting.hosts, false);
    assert.equal((await daemon.admin('GET', `/api/v1/rooms/${room.id}`)).body.meeting, null, 'a knock starts no meeting');
    const chief = await host(room);
    assert.deepEqual(chief.joined.floor, { lobby: true, locked: false });
    assert.equal((await early.socket.take('waiting')).hosts, true);
    const [first] = await knocks(chief, named('Early'));
    assert.deepEqual({ ...first, since: 0 }, { knock: early.waiting.knock, name: 'Early', since: 0, mark: '' });
    assert.ok(Math.abs(first.since - Date.now()) < 10_000);

    const others = [await knock(room, { name: 'Second' }), await knock(room, { name: 'Third' })];
    await knocks(chief, named('Early', 'Second', 'Third'));
    assert.equal((await chief.ask('admit', { knock: others[0].waiting.knock })).type, 'ok');
    assert.equal((await others[0].admitted()).role, kind === 'classroom' ? 'viewer' : 'person');
    await knocks(chief, named('Early', 'Third'));
    assert.equal((await chief.ask('deny', { knock: early.waiting.knock })).type, 'ok');
    assert.deepEqual(await early.refused(), { error: 'denied', code: 1008 });
    assert.equal((await chief.ask('deny', { knock: early.waiting.knock })).error, 'not-found');
    assert.equal((await chief.ask('admit', { knock: null })).type, 'ok');
    await others[1].admitted();
    await knocks(chief, named());
    assert.equal((await chief.ask('end')).type, 'ok');
  });

/** As long as a sealed name is. */
const sealed = () => randomBytes(284).toString('base64url');

test('off the record hosts get what only their browsers can open, and the server takes no name', async () => {
  const room = await Room.create(daemon, { kind: 'otr', lobby: true });
  const [early, late] = [await knock(room), await knock(room)];
  const [one, other] = [sealed(), sealed()];
  early.socket.send({ type: 'introduce', sealed: one });
  const chief = await host(room);
  const [first, second] = await knocks(chief, list => list.length === 2 && list[0].sealed);
  assert.deepEqual([{ ...first, since: 0 }, { ...second, since: 0 }], [
    { knock: early.waiting.knock, name: '', sealed: one, since: 0, mark: '' }, { knock: late.waiting.knock, name: '', since: 0, mark: '' },
  ]);
  late.socket.send({ type: 'introduce', sealed: other });
  await knocks(chief, list => list[1]?.sealed === other);
  assert.equal((await chief.ask('admit', { knock: null })).type, 'ok');
  for (const admitted of [early, late])
    assert.equal((await admitted.admitted()).role, 'person');
  late.socket.send({ type: 'introduce', sealed: other }); // on its way when they were let in
  late.socket.send({ type: 'turn', id: 1 });
  assert.equal((await late.socket.take('turn')).re, 1);
  assert.equal((await chief.ask('end')).type, 'ok');
});

test('who knocks says who they are once, sealed, and not too long', async () => {
  const room = await Room.create(daemon, { kind: 'otr', lobby: true });
  assert.equal((await refusedJoin(daemon, { ...room.join(), name: 'Ann' })).error, 'bad-message', 'not in plain words');
  const says = async (...messages) => {
    const one = await knock(room);
    messages.forEach(message => one.socket.send({ type: 'introduce', ...message }));
    return await one.refused();
  };
  const refused = { error: 'bad-message', code: 1008 };
  for (const n of [1, 283, 285, 40_000])
    assert.deepEqual(await says({ sealed: randomBytes(n).toString('base64url') }), refused, `${n} bytes`);
  assert.deepEqual(await says({ sealed: sealed(), name: 'Ann' }), refused);
  assert.deepEqual(await says({ sealed: sealed() }, { sealed: sealed() }), refused, 'twice');
  assert.equal((await refusedJoin(daemon, { type: 'introduce', sealed: sealed() })).error, 'bad-message', 'who does not knock');
  const named = await knock(await Room.create(daemon, { kind: 'boardroom', lobby: true }));
  named.socket.send({ type: 'introduce', sealed: sealed() });
  assert.deepEqual(await named.refused(), refused, 'where the server knows their name');
});

test('the lobby is switched on and off', async () => {
  const room = await Room.create(daemon, { kind: 'boardroom' });
  const [chief, ann] = [await host(room), await guest(room)];
  assert.equal((await ann.ask('lobby', { on: true })).error, 'not-allowed');
  await chief.ask('lobby', { on: true });
  for (const one of [chief, ann])
    assert.deepEqual({ ...await one.take('floor'), seq: 0 }, { type: 'floor', seq: 0, lobby: true, locked: false });
  const waiting = [await knock(room, { name: 'A' }), await knock(room, { name: 'B' })];
  /* a returning seat, and a host, need not knock */
  const back = await guest(room, { replaces: ann.token });
  const second = await host(room);
  await knocks(second, named('A', 'B'));
  await chief.ask('lobby', { on: false });
  await Promise.all(waiting.map(one => one.admitted()));
  await (await guest(room)).leave();
  await Promise.all([back, second, chief].map(one => one.leave()));
});

test('the room\'s own setting counts at once, too', async () => {
  const room = await Room.create(daemon, { kind: 'boardroom' });
  const chief = await host(room);
  const set = lobby => daemon.admin('PATCH', `/api/v1/rooms/${room.id}`, { lobby });
  assert.equal((await set(true)).status, 200);
  assert.equal((await chief.take('floor')).lobby, true);
  const waiting = await knock(room, { name: 'A' });
  await chief.ask('lobby', { on: true });
  assert.equal((await daemon.admin('PATCH', `/api/v1/rooms/${room.id}`, { title: 'Another' })).status, 200);
  assert.equal(waiting.socket.closed, null, 'what is not changed stays');
  await set(false);
  await waiting.admitted();
  assert.equal((await chief.take('floor')).lobby, false);
  await chief.leave();
});

test('a lock keeps out all but hosts and who comes back', async () => {
  const room = await Room.create(daemon, { lobby: true });
  const chief = await host(room);
  const late = await knock(room);
  await chief.ask('admit', { knock: null });
  await late.admitted();
  const ann = await knock(room, { name: 'Ann' });
  await knocks(chief, named('Ann'));
  await chief.ask('admit', { knock: null });
  const token = (await ann.admitted()).token;
  const waits = await knock(room, { name: 'Waits' });
  await chief.ask('lock', { on: true });
  assert.deepEqual(await waits.refused(), { error: 'locked', code: 1008 });
  assert.equal((await refusedJoin(daemon, room.join())).error, 'locked');
  assert.equal((await refusedJoin(daemon, room.join({ replaces: 'A'.repeat(43) }))).error, 'locked');
  await (await host(room)).leave();
  const back = await guest(room, { replaces: token, name: 'Ann' });
  await back.cut();
  await back.resume();
  await chief.ask('lock', { on: false });
  const again = await knock(room);
  await again.socket.end();
  await chief.ask('end');
});

test('who is removed stays removed', async () => {
  const room = await Room.create(daemon, { kind: 'boardroom' });
  const [chief, ann] = [await host(room), await guest(room, { name: 'Ann' })];
  const id = visitor();
  const eve = await guest(room, { name: 'Eve', visitor: id });
  assert.equal((await ann.ask('remove', { person: eve.id })).error, 'not-allowed');
  await chief.ask('remove', { person: eve.id });
  assert.deepEqual({ ...await eve.take('removed'), seq: 0 }, { type: 'removed', seq: 0, by: chief.id });
  assert.equal(await eve.socket.ended, 1000);
  assert.equal((await ann.take('person-left', { person: eve.id })).reason, 'removed');

  assert.equal((await refusedJoin(daemon, { type: 'resume', token: eve.token, seq: 0 })).error, 'session-lost');
  for (const more of [{}, { replaces: eve.token }])
    assert.deepEqual({ ...await refusedJoin(daemon, room.join({ visitor: id, ...more })), text: '' }, { error: 'removed', text: '', code: 1008 });
  /* without what the browser is known by, they knock, and so does everybody else who comes from there */
  const again = await knock(room, { name: 'Eva', replaces: eve.token });
  const [mark] = await knocks(chief, named('Eva'));
  assert.equal(mark.mark, 'removed');
  await chief.ask('lobby', { on: true });
  await chief.ask('lobby', { on: false });
  assert.equal(again.socket.closed, null, 'nobody with a mark comes in because the lobby is off');
  await chief.ask('admit', { knock: again.waiting.knock });
  await again.admitted();
  await (await host(room)).leave();
  await (await guest(room, { replaces: ann.token, name: 'Ann' })).leave();
  await chief.ask('end');
  /* with the meeting it is forgotten */
  await (await guest(room, { visitor: id })).leave();
});

test('removed from afar', async () => {
  const own = await Daemon.start({ config: { server: { tls: false, 'trusted-proxy': 'loopback' } } });
  try {
    const room = await Room.create(own, {});
    const from = address => ({ socket: { headers: { 'x-forwarded-for': address } } });
    const chief = await Person.join(own, room, { host: true, ...from('198.51.100.1') });
    const eve = await Person.join(own, room, { name: 'Eve', ...from('2001:db8:0:7::1') });
    await chief.ask('remove', { person: eve.id });
    const bob = await Person.join(own, room, { name: 'Bob', ...from('2001:db8:0:8::1') });
    const socket = await connect(own, { headers: { 'x-forwarded-for': '2001:db8:0:7:ffff::2' } });
    socket.send(room.join());
    await socket.take('waiting');
    await Promise.all([chief, bob].map(one => one.leave()));
    await socket.end();
  } finally {
    await own.stop();
  }
});

test('who acts on whom', async () => {
  const room = await Room.create(daemon, { kind: 'boardroom' });
  const [chief, other, ann, bob] = [await host(room), await host(room), await guest(room, { name: 'Ann' }), await guest(room, { name: 'Bob' })];
  for (const one of [ann, bob])
    await chief.ask('role', { person: one.id, role: 'cohost' });
  await Promise.all([ann, bob].map(one => one.take('role')));
  for (const [who, whom] of [[chief, other], [ann, bob], [ann, chief], [ann, ann]])
    assert.equal((await who.ask('remove', { person: whom.id })).error, 'not-allowed');
  assert.equal((await ann.ask('rename', { person: chief.id, name: 'X' })).error, 'not-allowed');
  assert.equal((await ann.ask('stop', { person: chief.id, what: 'camera' })).error, 'not-allowed');
  assert.equal((await chief.ask('role', { person: other.id, role: 'person' })).error, 'not-allowed');
  assert.equal((await chief.ask('remove', { person: bob.id })).type, 'ok');
  assert.equal((await bob.take('removed')).by, chief.id);
  await Promise.all([chief, other, ann].map(one => one.leave()));
});

test('a host is shown who waits after a reload and on a new socket, a new cohost at once', async () => {
  const room = await Room.create(daemon, { kind: 'classroom', lobby: true });
  let chief = await host(room);
  const vic = await knock(room, { name: 'Vic' });
  await knocks(chief, named('Vic'));
  await chief.ask('admit', { knock: null });
  const seat = await vic.admitted();
  await knocks(chief, named());
  const wim = await knock(room, { name: 'Wim' });
  await knocks(chief, named('Wim'));
  await chief.cut();
  await chief.resume();
  await knocks(chief, named('Wim'));
  chief = await host(room, { replaces: chief.token });
  await knocks(chief, named('Wim'));
  assert.ok(!vic.socket.inbox.some(({ type }) => type === 'knocks'), 'not for viewers to know');
  await chief.ask('role', { person: seat.self, role: 'cohost' });
  await vic.socket.take('role', { role: 'cohost' });
  await knocks({ take: type => vic.socket.take(type) }, named('Wim'));
  await wim.socket.end();
  await knocks(chief, named());
  await chief.ask('end');
});

test('who goes from the door is forgotten, however they go', async () => {
  const room = await Room.create(daemon, { lobby: true });
  const chief = await host(room);
  const ways = [one => one.socket.end(), one => one.socket.cut(), one => one.socket.send('{')];
  for (const go of ways) {
    const one = await knock(room);
    await knocks(chief, named('Knocker'));
    await go(one);
    await knocks(chief, named());
  }
  await chief.leave();
  await until('no seat is left', async () => (await daemon.admin('GET', `/api/v1/rooms/${room.id}`)).body.people === 0);
});

test('the meeting ends, who waits goes on waiting', async () => {
  const room = await Room.create(daemon, { kind: 'boardroom', lobby: true });
  const chief = await host(room);
  const ann = await knock(room, { name: 'Ann' });
  assert.equal(ann.waiting.hosts, true);
  await chief.ask('end');
  assert.equal((await ann.socket.take('waiting')).hosts, false);
  const next = await host(room);
  await knocks(next, named('Ann'));
  await next.leave();
  assert.equal((await ann.socket.take('waiting', { hosts: false })).knock, ann.waiting.knock);
  assert.equal((await daemon.admin('DELETE', `/api/v1/rooms/${room.id}`)).status, 204);
  assert.deepEqual(await ann.refused(), { error: 'unknown-room', code: 1008 });
});

test('a door has room for fifty', async () => {
  const room = await Room.create(daemon, { lobby: true });
  const crowd = await Promise.all(Array.from({ length: 50 }, (_, i) => knock(room, { name: `K${i}` })));
  assert.equal((await refusedJoin(daemon, room.join())).error, 'room-full');
  const chief = await host(room);
  assert.equal((await chief.take('knocks')).knocks.length, 50);
  /* as many come in as there is space for, the others are told */
  await chief.ask('admit', { knock: null });
  const came = await Promise.all(crowd.map(one => one.socket.find({}, 5000)));
  const counts = came.map(({ type, error }) => error ?? type);
  assert.equal(counts.filter(what => what === 'room-full').length + counts.filter(what => what === 'waiting' || what === 'joined').length, 50);
  await until('the room is full', async () => (await daemon.admin('GET', `/api/v1/rooms/${room.id}`)).body.people === 8);
  await knocks(chief, named());
  await chief.ask('end');
});

test('a knock says nothing of the room to who has no key', async () => {
  const room = await Room.create(daemon, { lobby: true });
  const { error } = await refusedJoin(daemon, { ...room.join(), key: 'A'.repeat(43) });
  assert.equal(error, 'wrong-key');
  assert.equal((await refusedJoin(daemon, { ...room.join(), room: randomId() })).error, 'unknown-room');
});

test('names at the door are not in the log', async () => {
  const room = await Room.create(daemon, { lobby: true });
  const one = await knock(room, { name: 'Xylophone Zebra', visitor: visitor() });
  const chief = await host(room);
  await knocks(chief, named('Xylophone Zebra'));
  await chief.ask('deny', { knock: one.waiting.knock });
  await one.refused();
  await chief.leave();
  assert.ok(daemon.log.includes('somebody knocks'));
  assert.ok(!daemon.log.includes('Xylophone'));
});
