// A meeting as its people see it: who is there, what is said, how it ends. Every message is held against its schema.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Person, connect, refusedResume } from './lib/client.mjs';
import { Daemon, sleep, until } from './lib/daemon.mjs';
import { Room, randomId } from './lib/room.mjs';

const TURN_SECRET = 'a secret of the tests';
let daemon;
before(async () => {
  daemon = await Daemon.start({ config: {
    rooms: { 'empty-seconds': 1, 'seat-seconds': 2 },
    turn: { servers: 'turn:%h:3478;turns:turn.example.org:5349?transport=tcp', secret: TURN_SECRET, 'lifetime-seconds': 600 },
  } });
});
after(() => daemon.stop());

test('the first person starts a meeting', async () => {
  const room = await Room.create(daemon, { title: 'Weekly & <b>“daily”</b>' });
  const ann = await Person.join(daemon, room, { host: true, camera: false });
  const { self, token, meeting, ice, now, may, rights, summary, documents, receipt, ...rest } = ann.joined;
  assert.match(receipt, /^[\w-]{100,}$/);
  assert.ok(may.includes('end') && !may.includes('offer') && rights.settings.includes('any'));
  assert.deepEqual(rest, {
    type: 'joined', host: true, role: 'host', media: null, people: [], viewers: 0, spotlight: null, questions: [],
    model: { clock: 1, ops: [{ o: 'settings', t: 'settings', c: 1, a: 'server', f: { attendance: true, chat: true, summary: 'people' } }], more: false, was: [], votes: {} },
    floor: { lobby: false, locked: false },
    room: { id: room.id, kind: 'standard', title: 'Weekly & <b>“daily”</b>', max_people: 8, media: 'p2p', recording: false, generation: 0 },
    recording: null,
    dial_in: null,
  });
  assert.ok(Math.abs(now - Date.now()) < 5000);
  assert.equal(ann.socket.ws.protocol, 'conclave.v1');
  assert.equal(ann.socket.ws.extensions, '', 'no extension is negotiated, though deflate was offered');
  await ann.leave();
});

test('people see each other come, change and leave', async () => {
  const room = await Room.create(daemon);
  const ann = await Person.join(daemon, room, { host: true, name: 'Ann', camera: false });
  const bob = await Person.join(daemon, room, { name: 'Bob Ünïcödé 👋', mic: false });
  const seen = { id: bob.id, name: 'Bob Ünïcödé 👋', host: false, mic: false, camera: true, screen: false, away: false, hand: 0, stage: true, unrecorded: false, role: 'person' };
  assert.deepEqual((await ann.take('person-joined')).person, seen);
  assert.deepEqual(bob.joined.people,
    [{ id: ann.id, name: 'Ann', host: true, mic: true, camera: false, screen: false, away: false, hand: 0, stage: true, unrecorded: false, role: 'host' }]);
  assert.equal(bob.joined.meeting, ann.joined.meeting);

  assert.equal((await bob.ask('state', { mic: true, camera: false, screen: true })).type, 'ok');
  assert.deepEqual((await ann.take('person-changed')).person, { ...seen, mic: true, camera: false, screen: true });
  await bob.ask('state', { mic: true, camera: false, screen: true });
  await bob.leave();
  assert.deepEqual(await ann.take('person-left'), { type: 'person-left', seq: 3, person: bob.id, reason: 'left' });
  await ann.leave();
});

test('chat goes both ways, and late joiners get it', async () => {
  const room = await Room.create(daemon);
  const ann = await Person.join(daemon, room);
  const bob = await Person.join(daemon, room, { name: 'Bob' });
  const texts = ['hello', 'two\nlines\tand a tab', '"quotes" \\ </script>', '𝄞'.repeat(4000)];
  for (const [i, text] of texts.entries())
    await [ann, bob][i % 2].chat(text);
  await Promise.all([ann.chatsAre(texts), bob.chatsAre(texts)]);
  const eve = await Person.join(daemon, room, { name: 'Eve' });
  await eve.chatsAre(texts);
  await Promise.all([ann.leave(), bob.leave(), eve.leave()]);
});

test('many talk at once, and all hear the same', async () => {
  const room = await Room.create(daemon);
  const people = await Promise.all(['a', 'b', 'c', 'd'].map(name => Person.join(daemon, room, { name })));
  for (const [i, person] of people.entries())
    for (let n = 0; n < 150; n++)
      person.postChat(`${i} ${n}`);
  await until('all is said', () => people.every(({ chats }) => chats.length === 600));
  const late = await Person.join(daemon, room);
  await late.chatsAre(people[0].chats);
  await Promise.all([...people, late].map(person => person.leave()));
});

test('TURN credentials are those that coturn accepts', async () => {
  const room = await Room.create(daemon);
  const ann = await Person.join(daemon, room);
  const { ice } = await ann.ask('turn');
  for (const { servers: [server], relay_only, expires } of [ice, ann.joined.ice]) {
    assert.equal(relay_only, false);
    assert.deepEqual(server.urls, ['turn:127.0.0.1:3478', 'turns:turn.example.org:5349?transport=tcp']);
    const [time, person] = server.username.split(':');
    assert.equal(person, ann.id);
    assert.equal(Number(time) * 1000, expires);
    assert.ok(expires - Date.now() > 590_000 && expires - Date.now() <= 601_000);
    assert.equal(server.credential, createHmac('sha1', TURN_SECRET).update(server.username).digest('base64'));
  }
  await ann.leave();
});

test('records are passed on to the one person they are for', async () => {
  const room = await Room.create(daemon);
  const [ann, bob, eve] = [await Person.join(daemon, room), await Person.join(daemon, room), await Person.join(daemon, room)];
  const data = 'A'.repeat(48 * 1024);
  ann.socket.send({ type: 'relay', to: bob.id, data });
  assert.deepEqual(await bob.take('relay'), { type: 'relay', from: ann.id, data });
  for (const to of [randomId('p'), ann.id]) {
    ann.socket.send({ type: 'relay', to, data: 'AA' });
    assert.deepEqual(await ann.take('relay-failed'), { type: 'relay-failed', to, error: 'unknown-person' });
  }
  await eve.cut();
  await ann.socket.find({ type: 'person-changed' });
  ann.socket.send({ type: 'relay', to: eve.id, data: 'AA' });
  assert.deepEqual(await ann.take('relay-failed'), { type: 'relay-failed', to: eve.id, error: 'away' });
  await eve.resume();
  await eve.chat('I am back');
  assert.ok(!eve.socket.inbox.some(({ type }) => type === 'relay'));
  await Promise.all([ann.leave(), bob.leave(), eve.leave()]);
});

test('nobody reaches a person of another room', async () => {
  const ann = await Person.join(daemon, await Room.create(daemon));
  const bob = await Person.join(daemon, await Room.create(daemon));
  ann.socket.send({ type: 'relay', to: bob.id, data: 'AA' });
  assert.equal((await ann.take('relay-failed')).error, 'unknown-person');
  await Promise.all([ann.leave(), bob.leave()]);
});

test('only a host ends the meeting for all', async () => {
  const room = await Room.create(daemon);
  const host = await Person.join(daemon, room, { host: true });
  const bob = await Person.join(daemon, room);
  const refusal = await bob.ask('end');
  assert.equal(refusal.error, 'not-allowed');
  assert.equal((await bob.chat('still here')).type, 'ok');
  assert.equal((await host.ask('end')).type, 'ok');
  for (const person of [host, bob]) {
    assert.equal((await person.take('ended')).reason, 'host');
    assert.equal(await person.socket.ended, 1000);
  }
  const next = await Person.join(daemon, room);
  assert.notEqual(next.joined.meeting, host.joined.meeting);
  assert.equal(next.joined.model.more, false);
  await next.leave();
});

test('an operator ends and deletes', async () => {
  const room = await Room.create(daemon);
  const ann = await Person.join(daemon, room);
  const shown = await daemon.admin('GET', `/api/v1/rooms/${room.id}`);
  assert.deepEqual([shown.body.people, shown.body.meeting], [1, ann.joined.meeting]);
  const ended = await daemon.admin('POST', `/api/v1/rooms/${room.id}/end`);
  assert.deepEqual([ended.status, ended.body], [200, { id: room.id, meeting: ann.joined.meeting }]);
  assert.equal((await ann.take('ended')).reason, 'admin');
  assert.equal(await ann.socket.ended, 1000);
  assert.deepEqual((await daemon.admin('POST', `/api/v1/rooms/${room.id}/end`)).body, { id: room.id, meeting: null });

  const bob = await Person.join(daemon, room);
  assert.equal((await daemon.admin('DELETE', `/api/v1/rooms/${room.id}`)).status, 204);
  assert.equal((await bob.take('ended')).reason, 'admin');
  assert.equal((await daemon.admin('GET', `/api/v1/rooms/${room.id}`)).body.error, 'unknown-room');
  assert.equal((await daemon.admin('DELETE', `/api/v1/rooms/${room.id}`)).body.error, 'unknown-room');
});

test('a meeting outlives its last person for a while only', async () => {
  const room = await Room.create(daemon);
  const first = await Person.join(daemon, room);
  await first.chat('remember me');
  await first.leave();
  await sleep(300);
  const second = await Person.join(daemon, room);
  assert.equal(second.joined.meeting, first.joined.meeting);
  await second.chatsAre(['remember me']);
  await second.leave();
  await until('the meeting is over', async () => (await daemon.admin('GET', `/api/v1/rooms/${room.id}`)).body.meeting === null);
  const third = await Person.join(daemon, room);
  assert.notEqual(third.joined.meeting, first.joined.meeting);
  assert.equal(third.joined.model.more, false);
  await third.leave();
});

test('a reloaded page replaces its former seat, also in a full room', async () => {
  const room = await Room.create(daemon);
  const people = [];
  for (let i = 0; i < 8; i++)
    people.push(await Person.join(daemon, room));
  const [ann, bob] = people;
  const again = await Person.join(daemon, room, { replaces: ann.token, name: 'Ann again' });
  assert.deepEqual([(await bob.take('person-left')).reason, await ann.socket.ended], ['replaced', 4001]);
  assert.equal(again.joined.people.length, 7);
  assert.equal((await refusedResume(daemon, ann.token, ann.seq)).error, 'session-lost');
  const other = await Person.join(daemon, await Room.create(daemon), { replaces: bob.token });
  assert.equal((await bob.chat('a token of another room replaces nobody')).type, 'ok');
  await Promise.all([again, other, ...people.slice(1)].map(person => person.leave()));
});

test('a person who leaves the socket open after the goodbye learns nothing more', async () => {
  const room = await Room.create(daemon);
  const ann = await Person.join(daemon, room);
  const bob = await Person.join(daemon, room);
  bob.post('leave');
  bob.postChat('a word after the goodbye');
  assert.equal(await bob.socket.ended, 1000);
  await ann.chat('alone');
  assert.deepEqual(ann.chats, ['alone']);
  await ann.leave();
});

test('sockets without a seat are counted and go', async () => {
  const status = async () => (await daemon.admin('GET', '/api/v1/status')).body;
  const socket = await connect(daemon);
  assert.ok((await status()).sockets >= 1);
  await socket.end();
  await until('all are gone', async () => {
    const { sockets, people, meetings } = await status();
    return sockets === 0 && people === 0 && meetings === 0;
  });
});
