// A lost socket: nothing lost, nothing doubled (PROTOCOL.md §4.1).
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Person, connect, refusedResume } from './lib/client.mjs';
import { Daemon, INSTRUMENTED, sleep, until } from './lib/daemon.mjs';
import { Room, randomKey } from './lib/room.mjs';

const SEAT_MS = 3000;
/** Nobody's time is over in one; in the other it soon is. */
let daemon, brief;
before(async () => {
  const start = seconds => Daemon.start({ config: {
    rooms: { 'seat-seconds': seconds, 'empty-seconds': 60 }, limits: { 'messages-per-second': 10000 },
  } });
  daemon = await start(60);
  brief = await start(SEAT_MS / 1000);
});
after(async () => {
  await daemon.stop();
  await brief.stop();
});

/* Small things that everybody is told. A quick machine gets more answers a second than anybody may ask for. */
const fidget = async (person, n) => {
  for (let i = 0; i < n; i++) {
    await person.ask('hand', { up: i % 2 === 0 });
    if (i % 100 === 99)
      await sleep(20);
  }
};
const large = n => Array(n).fill('x'.repeat(4000));

async function pair ({ where = daemon, ...options } = {}) {
  const room = await Room.create(where);
  const ann = await Person.join(where, room, { name: 'Ann', host: true, ...options });
  const bob = await Person.join(where, room, { name: 'Bob' });
  return { room, ann, bob };
}

test('what was missed comes once, in order; records are not kept', async () => {
  const { ann, bob } = await pair();
  await ann.cut();
  assert.equal((await bob.take('person-changed')).person.away, true);
  for (const text of ['1', '2', '3'])
    await bob.chat(text);
  bob.socket.send({ type: 'relay', to: ann.id, data: 'AAAA' });
  assert.equal((await bob.take('relay-failed')).error, 'away');
  const { last_id } = await ann.resume();
  assert.equal(last_id, 0);
  await ann.chatsAre(['1', '2', '3']);
  assert.equal((await bob.take('person-changed')).person.away, false);
  await bob.chat('4');
  await ann.chatsAre(['1', '2', '3', '4']);
  assert.ok(!ann.socket.inbox.some(({ type }) => type === 'relay'));
  await Promise.all([ann.leave(), bob.leave()]);
});

test('ids that were taken are passed over, a gap is refused', async () => {
  const { ann, bob } = await pair();
  await ann.chat('once');
  ann.socket.send({ type: 'change', id: 1, ops: [ann.operation('message', { text: 'twice' })] });
  await ann.chat('next');
  await bob.chatsAre(['once', 'next']);
  ann.socket.send({ type: 'change', id: 4, ops: [ann.operation('message', { text: 'gap' })] });
  assert.equal((await ann.take('error')).error, 'bad-message');
  assert.equal(await ann.socket.ended, 1008);
  const { last_id } = await ann.resume();
  assert.equal(last_id, 2);
  await ann.chat('after the gap');
  await bob.chatsAre(['once', 'next', 'after the gap']);
  await Promise.all([ann.leave(), bob.leave()]);
});

test('a seat has one live socket', async () => {
  const { ann, bob } = await pair();
  const { socket } = ann;
  await ann.resume();
  assert.equal(await socket.ended, 4001);
  await bob.chat('to the newer one');
  await ann.chatsAre(['to the newer one']);
  assert.ok(!bob.socket.inbox.some(({ type }) => type === 'person-changed'), 'Ann was never away');
  await Promise.all([ann.leave(), bob.leave()]);
});

test('a lost `resumed` costs nothing, a spent token is worth nothing', async () => {
  const { ann, bob } = await pair({ acks: false });
  const tokens = [ann.token];
  for (let i = 0; i < 3; i++) {
    await ann.resume({ token: tokens[0] });
    tokens.push(ann.token);
  }
  await ann.resume({ token: tokens[0] });
  assert.equal(new Set([...tokens, ann.token]).size, 5, 'each resume gives a new token');
  assert.equal((await refusedResume(daemon, tokens[3], ann.seq)).error, 'session-lost');
  await ann.chat('now the server knows that I have the newest');
  assert.equal((await refusedResume(daemon, tokens[0], ann.seq)).error, 'session-lost');
  assert.equal(ann.socket.closed, null, 'a spent token does not harm the seat');
  const last = ann.token;
  await ann.resume();
  await ann.cut();
  await ann.resume({ token: last });
  await ann.cut();
  await ann.resume();
  assert.equal((await refusedResume(daemon, last, ann.seq)).error, 'session-lost');
  await Promise.all([ann.leave(), bob.leave()]);
});

test('a made-up token or sequence number gets nothing', async () => {
  const { ann, bob } = await pair();
  assert.deepEqual((({ error, code }) => ({ error, code }))(await refusedResume(daemon, randomKey(), 0)), { error: 'session-lost', code: 1008 });
  ann.socket.send({ type: 'ack', seq: 999 });
  assert.equal((await ann.take('error')).error, 'bad-message');
  await ann.socket.ended;
  assert.equal((await refusedResume(daemon, ann.token, 999)).error, 'session-lost');
  assert.equal((await bob.take('person-left')).reason, 'lost');
  await bob.leave();
});

test('who was alone and heard nothing yet resumes as well', async () => {
  const room = await Room.create(daemon);
  const ann = await Person.join(daemon, room, { acks: false });
  await ann.cut();
  await ann.resume();
  ann.socket.send({ type: 'ack', seq: 0 });
  await ann.chat('still here');
  await ann.leave();
});

test('after a seat’s time it is lost', async () => {
  const { room, ann, bob } = await pair({ where: brief });
  const before = Date.now();
  await ann.cut();
  const left = await bob.take('person-left', { person: ann.id });
  assert.equal(left.reason, 'lost');
  assert.ok(Date.now() - before >= SEAT_MS - 100);
  assert.equal((await refusedResume(brief, ann.token, ann.seq)).error, 'session-lost');
  const again = await Person.join(brief, room);
  assert.notEqual(again.id, ann.id);
  await Promise.all([again.leave(), bob.leave()]);
});

test('who lost the socket before the end learns of it', async () => {
  const { room, ann, bob } = await pair();
  await bob.cut();
  await ann.ask('end');
  assert.equal(await ann.socket.ended, 1000);
  await bob.resume();
  assert.equal((await bob.take('ended')).reason, 'host');
  assert.equal(await bob.socket.ended, 1000);
  const next = await Person.join(daemon, room);
  assert.notEqual(next.joined.meeting, ann.joined.meeting);
  assert.equal(next.joined.people.length, 0);
  await next.leave();
});

test('a seat whose messages nobody takes is given up: their number', async () => {
  const { ann, bob } = await pair();
  await ann.cut();
  const before = ann.seq;
  await fidget(bob, 998);
  await ann.resume();
  await until('all of it came', () => ann.seq >= before + 998);
  await ann.chat('that was just not too much');
  await ann.cut();
  await fidget(bob, 1001);
  assert.equal((await bob.take('person-left')).reason, 'lost');
  assert.equal((await refusedResume(daemon, ann.token, ann.seq)).error, 'session-lost');
  await bob.leave();
});

test('a seat whose messages nobody takes is given up: their size', async () => {
  const { ann, bob } = await pair();
  await ann.cut();
  await bob.say(large(61), 1);
  await ann.resume();
  await ann.chatsAre(large(61));
  await ann.chat('I have them');
  await ann.cut();
  await bob.say(large(65), 1);
  assert.equal((await bob.take('person-left')).reason, 'lost');
  assert.equal((await refusedResume(daemon, ann.token, ann.seq)).error, 'session-lost');
  await bob.leave();
});

test('a seat is given up though its socket lives, where nothing is ever acknowledged', async () => {
  const { ann, bob } = await pair({ acks: false });
  await fidget(bob, 1001);
  assert.equal(await ann.socket.ended, 4004);
  assert.equal(ann.seq, 1000);
  assert.equal(ann.socket.fault, null, 'no number was left out');
  assert.equal((await bob.take('person-left')).reason, 'lost');
  await bob.leave();
});

test('a socket that is cut 20 times while three talk loses and doubles nothing', async () => {
  const room = await Room.create(daemon);
  const people = [];
  for (const name of ['a', 'b', 'c'])
    people.push(await Person.join(daemon, room, { name }));
  const count = INSTRUMENTED ? 100 : 200;
  const said = [[], [], []];
  const talk = async i => {
    for (let n = 0; n < count; n++) {
      said[i].push(`${i} ${n}`);
      people[i].postChat(`${i} ${n}`);
      await sleep(randomInt(2, 14));
    }
  };
  const cut = async () => {
    for (let n = 0; n < 20; n++) {
      await sleep(randomInt(0, 60));
      await people[0].cut();
      await sleep(randomInt(0, 20));
      const resuming = people[0].resume();
      if (n % 3 === 0) {
        /* cut again before `resumed` is there: what it says is lost on the way */
        const { socket } = people[0];
        await socket.opened;
        await Promise.all([sleep(randomInt(0, 4)).then(() => socket.cut()), resuming.catch(() => {})]);
        await people[0].resume();
      } else {
        await resuming;
      }
    }
  };
  await Promise.all([talk(0), talk(1), talk(2), cut()]);
  await until('all is said', () => people.every(({ answered, chats }) => answered && chats.length >= 3 * count), 20_000);
  for (const { chats, socket } of people) {
    assert.equal(socket.fault, null);
    assert.deepEqual(chats, people[1].chats, 'all see the same order');
    for (const i of [0, 1, 2])
      assert.deepEqual(chats.filter(text => text.startsWith(`${i} `)), said[i]);
  }
  await Promise.all(people.map(person => person.leave()));
});

test('all seats go when all sockets do, and nobody is told twice', async () => {
  const room = await Room.create(brief);
  const people = await Promise.all(Array.from({ length: 8 }, () => Person.join(brief, room)));
  await Promise.all(people.map(person => person.cut()));
  const watcher = async () => (await brief.admin('GET', `/api/v1/rooms/${room.id}`)).body.people;
  assert.equal(await watcher(), 8);
  await until('the seats are gone', async () => await watcher() === 0, SEAT_MS + 5000);
  const socket = await connect(brief);
  socket.send({ type: 'resume', token: people[0].token, seq: people[0].seq });
  assert.equal((await socket.take('error')).error, 'session-lost');
});
