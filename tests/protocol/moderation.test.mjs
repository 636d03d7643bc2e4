// What people do to each other, and what the others hear of it: roles, names, hands, signs, requests; and how much of it goes through a large Classroom.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Person } from './lib/client.mjs';
import { Daemon, FAKE_MEDIA, sleep, until } from './lib/daemon.mjs';
import { Room, randomId } from './lib/room.mjs';

const ORDER = 'QUJD-_';
let daemon;
before(async () => {
  daemon = await Daemon.start({ config: { ...FAKE_MEDIA, server: { tls: false, 'max-connections-per-address': 1000 }, rooms: { 'empty-seconds': 1, 'seat-seconds': 2 } } });
});
after(() => daemon.stop());

const host = (room, more = {}) => Person.join(daemon, room, { name: 'Host', host: true, ...more });
const guest = (room, name = 'Guest', more = {}) => Person.join(daemon, room, { name, ...more });
const leave = people => Promise.all(people.map(person => person.leave()));

/** What came of these types and nobody took; after a round trip, so that nothing is under way. */
async function waiting (person, ...types) {
  await person.ask('turn');
  return person.socket.inbox.filter(({ type }) => types.includes(type));
}

test('a host appoints, hands over, and is cohost', async () => {
  const room = await Room.create(daemon, { kind: 'boardroom' });
  const [chief, ann, bob] = [await host(room), await guest(room, 'Ann'), await guest(room, 'Bob')];
  assert.ok(!ann.joined.may.includes('admit'));
  assert.equal((await chief.ask('role', { person: ann.id, role: 'cohost' })).type, 'ok');
  const appointed = await ann.take('role');
  assert.equal(appointed.role, 'cohost');
  assert.ok(appointed.may.includes('admit') && !appointed.may.includes('role') && !appointed.may.includes('end'));
  const seen = (await bob.take('person-changed')).person;
  assert.deepEqual([seen.id, seen.host, seen.role], [ann.id, true, 'cohost']);
  assert.equal((await ann.ask('role', { person: bob.id, role: 'cohost' })).error, 'not-allowed');
  assert.equal((await ann.ask('end')).error, 'not-allowed');
  assert.equal((await ann.ask('stop', { person: bob.id, what: 'camera' })).type, 'ok');

  assert.equal((await chief.ask('role', { person: bob.id, role: 'host' })).type, 'ok');
  assert.equal((await bob.take('role')).role, 'host');
  assert.equal((await chief.take('role')).role, 'cohost');
  assert.equal((await chief.ask('role', { person: bob.id, role: 'person' })).error, 'not-allowed');
  assert.equal((await bob.ask('role', { person: ann.id, role: 'person' })).type, 'ok');
  assert.equal((await ann.take('role', { role: 'person' })).may.includes('admit'), false);
  assert.equal((await bob.ask('role', { person: randomId('p'), role: 'cohost' })).error, 'not-found');
  await leave([chief, ann, bob]);
});

test('a reload keeps what one was made', async () => {
  const room = await Room.create(daemon, { kind: 'boardroom' });
  let [chief, ann] = [await host(room), await guest(room, 'Ann')];
  await chief.ask('role', { person: ann.id, role: 'host' });
  await ann.take('role');
  for (let i = 0; i < 2; i++) {
    ann = await guest(room, 'Ann', { replaces: ann.token });
    assert.deepEqual([ann.joined.role, ann.joined.host, ann.joined.may.includes('end')], ['host', true, true]);
  }
  chief = await host(room, { replaces: chief.token });
  assert.equal(chief.joined.role, 'cohost', 'who has handed over does not take it back by reloading');
  await (await host(room)).leave();
  /* a socket that is lost is not even that */
  await ann.cut();
  await ann.resume();
  assert.equal((await ann.ask('role', { person: chief.id, role: 'person' })).type, 'ok');
  chief = await guest(room, 'Former host', { replaces: chief.token });
  assert.equal(chief.joined.role, 'person');
  const stranger = await guest(room, 'Ann');
  assert.equal(stranger.joined.role, 'person');
  await leave([chief, ann, stranger]);
});

test('a new cohost of a Classroom comes on stage and is told of its viewers, until dismissed', async () => {
  const room = await Room.create(daemon, { kind: 'classroom' });
  const [chief, vic, wim, xan] = [await host(room), await guest(room, 'Vic'), await guest(room, 'Wim'), await guest(room, 'Xan')];
  await chief.ask('role', { person: vic.id, role: 'cohost' });
  assert.equal((await vic.take('role')).role, 'cohost');
  const told = [await vic.take('person-joined'), await vic.take('person-joined')].map(({ person }) => person.name);
  assert.deepEqual(told.sort(), ['Wim', 'Xan']);
  assert.equal((await wim.take('person-joined')).person.role, 'cohost', 'who was a viewer is seen now');
  await xan.ask('hand', { up: true });
  assert.ok((await vic.take('person-changed', {})).person);
  assert.equal((await chief.ask('stage', { person: vic.id, on: false })).error, 'not-allowed', 'cohosts belong there');
  await chief.ask('role', { person: vic.id, role: 'person' });
  assert.equal((await vic.take('role', { role: 'person' })).role, 'person');
  const gone = [await vic.take('person-left'), await vic.take('person-left')];
  assert.deepEqual(gone.map(({ person, reason }) => [person, reason]).sort(), [[wim.id, 'stage'], [xan.id, 'stage']].sort());
  await xan.ask('hand', { up: false });
  assert.deepEqual((await waiting(vic, 'person-changed')).filter(({ person }) => person.id === xan.id && person.hand === 0), []);
  assert.equal((await chief.ask('role', { person: wim.id, role: 'person' })).error, 'not-allowed', 'who only watches is brought on stage');
  await leave([chief, vic, wim, xan]);
});

test('names', async () => {
  const room = await Room.create(daemon, {});
  const [chief, ann, bob] = [await host(room), await guest(room, 'Ann'), await guest(room, 'Bob')];
  await ann.ask('rename', { name: 'Ann B. 👋' });
  for (const one of [ann, bob])
    assert.equal((await one.take('person-changed')).person.name, 'Ann B. 👋');
  assert.equal((await ann.ask('rename', { name: 'Robert', person: bob.id })).error, 'not-allowed');
  await chief.ask('rename', { name: 'Robert', person: bob.id });
  assert.equal((await bob.take('person-changed')).person.name, 'Robert');
  await bob.chat('It is me');
  assert.ok((await ann.take('changes')).ops.some(({ a, f }) => a === 'server' && f.name === 'Robert'));
  const late = await guest(room, 'Late');
  assert.deepEqual(late.joined.people.map(({ name }) => name), ['Host', 'Ann B. 👋', 'Robert']);
  assert.equal((await chief.ask('rename', { name: 'X', person: randomId('p') })).error, 'not-found');
  /* not as quickly as words */
  for (let i = 0; i < 30; i++)
    late.post('rename', { name: `Name ${i}` });
  assert.equal((await late.take('error')).error, 'rate-limited');
  assert.equal(await late.socket.ended, 1008);
  await leave([chief, ann, bob]);
});

test('hands are in the order they were raised, and hosts lower them', async () => {
  const room = await Room.create(daemon, {});
  const people = [await host(room), await guest(room, 'A'), await guest(room, 'B'), await guest(room, 'C')];
  const [chief, a, b, c] = people;
  await Promise.all([c, a, b].map(one => one.ask('hand', { up: true })));
  const late = await guest(room, 'D');
  const hands = late.joined.people.map(({ hand }) => hand).filter(Boolean);
  assert.equal(new Set(hands).size, 3, 'no two at once');
  await chief.ask('lower', { person: a.id });
  assert.equal((await a.take('person-changed', {})).person.id.length, 13);
  await until('the hand is down for others, too', () => late.socket.inbox.some(({ type, person }) => type === 'person-changed' && person.id === a.id && person.hand === 0));
  assert.equal((await b.ask('lower', { person: c.id })).error, 'not-allowed');
  await leave([...people, late]);
});

test('signs are told together', async () => {
  const room = await Room.create(daemon, { kind: 'classroom' });
  const [chief, vic, wim] = [await host(room), await guest(room, 'Vic'), await guest(room, 'Wim')];
  await Promise.all([vic.ask('react', { what: 'clap' }), wim.ask('react', { what: 'clap' }), chief.ask('react', { what: 'party' })]);
  const counts = {};
  const named = new Map([[chief, new Set()], [vic, new Set()]]);
  await until('all are counted', () => {
    for (const [one, set] of named)
      for (let i; (i = one.socket.inbox.findIndex(({ type }) => type === 'reactions')) >= 0;) {
        const [message] = one.socket.inbox.splice(i, 1);
        message.people.forEach(({ person, what }) => set.add(`${person} ${what}`));
        if (one === vic)
          Object.entries(message.counts).forEach(([what, n]) => { counts[what] = (counts[what] ?? 0) + n; });
      }
    return counts.clap === 2 && counts.party === 1 && named.get(chief).size === 3;
  });
  assert.deepEqual([...named.get(vic)], [`${chief.id} party`], 'viewers are nobody\'s business but the hosts\'');
  const answers = await Promise.all(Array.from({ length: 20 }, () => vic.ask('react', { what: 'up' })));
  assert.ok(answers.filter(({ error }) => error === 'rate-limited').length >= 1);
  assert.equal(vic.socket.closed, null);
  await sleep(400);
  vic.socket.inbox.length = 0;
  await vic.cut();
  await vic.resume();
  assert.deepEqual(await waiting(vic, 'reactions'), [], 'never replayed');
  await leave([chief, vic, wim]);
});

test('somebody is asked to turn something on', async () => {
  const room = await Room.create(daemon, { kind: 'classroom' });
  const [chief, ann, vic] = [await host(room), await guest(room, 'Ann'), await guest(room, 'Vic')];
  await chief.ask('stage', { person: ann.id, on: true });
  assert.equal((await chief.ask('request', { person: ann.id, what: 'microphone' })).type, 'ok');
  assert.deepEqual({ ...await ann.take('requested'), seq: 0 }, { type: 'requested', seq: 0, what: 'microphone', by: chief.id });
  assert.equal((await chief.ask('request', { person: vic.id, what: 'camera' })).error, 'not-allowed');
  assert.equal((await chief.ask('request', { person: chief.id, what: 'camera' })).error, 'not-allowed');
  await leave([chief, ann, vic]);
});

test('orders are passed on from browser to browser, and nowhere else', async () => {
  for (const kind of ['standard', 'boardroom']) {
    const order = kind === 'standard' ? ORDER : undefined;
    const room = await Room.create(daemon, { kind });
    const [chief, ann, bob] = [await host(room), await guest(room, 'Ann'), await guest(room, 'Bob')];
    await chief.ask('stop', { person: ann.id, what: 'camera', order: ORDER });
    assert.equal((await ann.take('stopped')).order, order);
    await chief.ask('mute-all', { order: ORDER });
    assert.equal((await bob.take('stopped')).order, order);
    await chief.ask('spotlight', { person: ann.id, order: ORDER });
    assert.equal((await bob.take('spotlight')).order, order);
    await chief.ask('request', { person: bob.id, what: 'camera', order: ORDER });
    assert.equal((await bob.take('requested')).order, order);
    await chief.ask('role', { person: ann.id, role: 'cohost', order: ORDER });
    assert.equal((await ann.take('role')).order, order);
    const changed = await until('Bob hears of it', () => bob.socket.inbox.find(({ type, person }) => type === 'person-changed' && person.role === 'cohost'));
    assert.equal(changed.order, order);
    await chief.ask('remove', { person: bob.id, order: ORDER });
    assert.equal((await bob.take('removed')).order, order);
    assert.equal((await ann.take('person-left')).order, order);
    await leave([chief, ann]);
  }
});

test('in a Standard room hosts stop and show as elsewhere', async () => {
  const room = await Room.create(daemon, {});
  const [chief, ann] = [await host(room), await guest(room, 'Ann')];
  await chief.ask('stop', { person: ann.id, what: 'microphone' });
  assert.equal((await ann.take('stopped')).what, 'microphone');
  assert.equal((await chief.take('person-changed')).person.mic, false);
  await chief.ask('spotlight', { person: ann.id });
  assert.equal((await guest(room, 'Late')).joined.spotlight, ann.id);
  await chief.ask('end');
});

test('what viewers do is told to hosts only, however many they are', async () => {
  const room = await Room.create(daemon, { kind: 'classroom' });
  const chief = await host(room);
  const crowd = await Promise.all(Array.from({ length: 60 }, (_, i) => guest(room, `V${i}`)));
  await Promise.all(crowd.map(one => one.ask('turn')));
  crowd.forEach(one => { one.socket.inbox.length = 0; });
  await Promise.all(crowd.flatMap(one => [one.ask('rename', { name: `${one.joined.self} now` }), one.ask('hand', { up: true }), one.ask('react', { what: 'clap' })]));
  await until('the host has heard of all', () => crowd.every(({ id }) => chief.socket.inbox.some(({ type, person }) => type === 'person-changed' && person.id === id && person.hand)));
  await sleep(700);
  for (const one of crowd) {
    const got = await waiting(one, 'person-changed', 'reactions');
    assert.ok(got.filter(({ type, person }) => type === 'person-changed' && person.id !== one.id).length === 0);
    assert.ok(got.filter(({ type }) => type === 'reactions').length <= 10, 'some each second, not one for each sign');
  }
  await chief.ask('end');
});
