// Who may do what in which room, and what the others are told of it: roles, stage, hands, stops, spotlight, questions.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Person } from './lib/client.mjs';
import { Daemon, FAKE_MEDIA, until } from './lib/daemon.mjs';
import { Room, randomId } from './lib/room.mjs';

let daemon;
before(async () => {
  daemon = await Daemon.start({ config: { ...FAKE_MEDIA, rooms: { 'empty-seconds': 1, 'seat-seconds': 2 } } });
});
after(() => daemon.stop());

const host = room => Person.join(daemon, room, { name: 'Host', host: true });
const guest = (room, name = 'Guest', more = {}) => Person.join(daemon, room, { name, ...more });
const leave = people => Promise.all(people.map(person => person.leave()));

/** What came of this type and nobody took; after a round trip, so that nothing is under way. */
async function waiting (person, ...types) {
  await person.ask('state', { mic: false, camera: false, screen: false });
  return person.socket.inbox.filter(({ type }) => types.includes(type));
}

/** Each request, and its answer from a viewer, a person and a host: + is ok, - is not-allowed, otherwise the error. */
const MATRIX = {
  standard: { record: ' --', consent: ' --', offer: ' --', view: ' --', hand: ' ++', stage: ' --', stop: ' -+', start: ' --', 'mute-all': ' -+', spotlight: ' -+',
    ask: ' --', vote: ' --', resolve: ' --', 'watch-stats': ' --', turn: ' ++' },
  boardroom: { record: ' -+', consent: ' ++', offer: ' ++', view: ' ++', hand: ' ++', stage: ' --', stop: ' -+', start: ' --', 'mute-all': ' -+', spotlight: ' -+',
    ask: ' --', vote: ' --', resolve: ' --', 'watch-stats': ' -+', turn: ' ++' },
  classroom: { record: '--+', consent: '-++', offer: '+++', view: '+++', hand: '+++', stage: '--+', stop: '--+', start: '---', 'mute-all': '--+', spotlight: '--+',
    ask: '+++', vote: '+++', resolve: '--+', 'watch-stats': '--+', turn: '+++' },
};

/** Good members for each request, about `other`. */
const members = other => ({
  offer: { sdp: 'v=0\r\n' }, view: { tiles: [{ person: other, source: 'camera', width: 640 }] }, hand: { up: true },
  stage: { person: other, on: true }, stop: { person: other, what: 'camera' }, start: { person: other, what: 'camera' },
  'mute-all': {}, spotlight: { person: other },
  record: { action: 'start' }, consent: { answer: 'agreed' }, ask: { text: 'Why?' }, vote: { question: 1, up: true }, resolve: { question: 1 }, 'watch-stats': { on: true }, turn: {},
});

for (const [kind, rows] of Object.entries(MATRIX))
  test(`roles and requests: ${kind}`, async () => {
    const room = await Room.create(daemon, { kind, recording: kind !== 'standard' });
    const chief = await host(room);
    const person = await guest(room, 'Person');
    const viewer = kind === 'classroom' ? await guest(room, 'Viewer') : null;
    if (viewer)
      assert.equal((await chief.ask('stage', { person: person.id, on: true })).type, 'ok');
    assert.deepEqual([chief, person, viewer].map(one => one?.joined.role), ['host', kind === 'classroom' ? 'viewer' : 'person', viewer ? 'viewer' : undefined]);
    for (const [type, expected] of Object.entries(rows))
      for (const [i, one] of [viewer, person, chief].entries()) {
        if (!one)
          continue;
        const answer = await one.ask(type, members(person.id)[type]);
        const got = answer.type === 'error' ? answer.error === 'not-allowed' ? '-' : answer.error : '+';
        assert.equal(got, expected[i], `${type} of ${['a viewer', 'a person', 'a host'][i]}`);
      }
    await leave([chief, person, viewer].filter(Boolean));
  });

test('rooms with a media process pass no records on', async () => {
  for (const kind of ['boardroom', 'classroom']) {
    const ann = await host(await Room.create(daemon, { kind }));
    ann.socket.send({ type: 'relay', to: randomId('p'), data: 'AA' });
    assert.equal((await ann.take('error')).error, 'not-allowed');
    assert.equal(await ann.socket.ended, 1008);
  }
});

test('what a newcomer is told', async () => {
  const room = await Room.create(daemon, { kind: 'classroom' });
  const chief = await host(room);
  assert.equal((await chief.ask('spotlight', { person: chief.id })).type, 'ok');
  await chief.ask('ask', { text: 'What\nis this?' });
  const late = await guest(room);
  const { self, token, meeting, ice, now, model, rights, documents, summary, questions, may, ...rest } = late.joined;
  assert.ok(may.includes('hand') && !may.includes('stage'));
  assert.deepEqual(rest.people, [{ id: chief.id, name: 'Host', host: true, mic: true, camera: true, screen: false, away: false, hand: 0, stage: true, unrecorded: false, role: 'host' }]);
  assert.deepEqual({ ...rest, people: [] }, {
    type: 'joined', host: false, role: 'viewer', people: [], viewers: 1, spotlight: chief.id, floor: { lobby: false, locked: false },
    media: { ready: rest.media.ready, audio_slots: 6, video_slots: 17 },
    room: { id: room.id, kind: 'classroom', title: 'Test', max_people: 400, media: 'sfu', recording: false },
    recording: { state: 'off', since: 0, elapsed: 0, consent: 'announce', mine: 'none', reason: '', warning: '' },
    dial_in: null,
  });
  const [{ at, ...question }] = questions;
  assert.ok(Math.abs(at - Date.now()) < 5000);
  assert.deepEqual(question, { n: 1, from: chief.id, name: 'Host', text: 'What\nis this?', votes: 0, mine: false, resolved: false });
  await leave([chief, late]);
});

test('viewers of a classroom are for its hosts to see', async () => {
  const room = await Room.create(daemon, { kind: 'classroom' });
  const chief = await host(room);
  const [vic, wim] = [await guest(room, 'Vic'), await guest(room, 'Wim')];
  const seen = (await chief.socket.find({ type: 'person-joined' })).person;
  assert.deepEqual([seen.name, seen.stage, seen.mic, seen.camera], ['Vic', false, false, false]);
  assert.deepEqual(wim.joined.people.map(({ name }) => name), ['Host']);
  await vic.ask('hand', { up: true });
  const changed = await chief.socket.find({ type: 'person-changed' });
  assert.ok(Math.abs(changed.person.hand - Date.now()) < 5000);
  await vic.leave();
  await chief.socket.find({ type: 'person-left', person: vic.id });
  assert.deepEqual(await waiting(wim, 'person-joined', 'person-changed', 'person-left'), []);
  const again = await host(room);
  assert.deepEqual(again.joined.people.map(({ name, stage }) => [name, stage]), [['Host', true], ['Wim', false]]);
  assert.equal((await wim.take('person-joined')).person.id, again.id);
  await leave([chief, again, wim]);
});

test('the number of viewers is told once a second', async () => {
  const room = await Room.create(daemon, { kind: 'classroom' });
  const chief = await host(room);
  const viewers = [];
  for (let i = 0; i < 20; i++)
    viewers.push(await guest(room, `V${i}`));
  await until('all are counted', () => chief.socket.inbox.some(({ type, n }) => type === 'viewers' && n === 20));
  assert.ok(chief.socket.inbox.filter(({ type }) => type === 'viewers').length <= 5);
  await leave(viewers);
  await until('none is left', () => chief.socket.inbox.some(({ type, n }) => type === 'viewers' && n === 0));
  await leave([chief]);
});

test('on stage and back without a new seat', async () => {
  const room = await Room.create(daemon, { kind: 'classroom' });
  const [chief, vic, wim] = [await host(room), await guest(room, 'Vic'), await guest(room, 'Wim')];
  await vic.ask('hand', { up: true });
  await vic.ask('state', { mic: true, camera: true, screen: false });
  assert.deepEqual(await waiting(wim, 'person-joined', 'person-changed'), []);

  assert.equal((await chief.ask('stage', { person: vic.id, on: true })).type, 'ok');
  const entered = (await wim.take('person-joined')).person;
  assert.deepEqual(entered, { id: vic.id, name: 'Vic', host: false, mic: false, camera: false, screen: false, away: false, hand: 0, stage: true, unrecorded: false, role: 'person' });
  assert.deepEqual((await vic.take('person-changed')).person, entered, 'who is on stage is told so');
  await chief.socket.find({ type: 'person-changed' }); // the hand
  assert.deepEqual((await chief.take('person-changed')).person, entered);
  await vic.ask('state', { mic: true, camera: false, screen: false });
  assert.equal((await wim.take('person-changed')).person.mic, true);

  await chief.ask('spotlight', { person: vic.id });
  assert.equal((await wim.take('spotlight')).person, vic.id);
  await chief.ask('stage', { person: vic.id, on: false });
  assert.equal((await wim.take('spotlight')).person, null);
  assert.deepEqual({ ...await wim.take('person-left'), seq: 0 }, { type: 'person-left', seq: 0, person: vic.id, reason: 'stage' });
  const back = (await vic.take('person-changed')).person;
  assert.deepEqual([back.stage, back.mic], [false, false]);
  assert.equal((await vic.chat('I am still here')).type, 'ok');

  assert.equal((await chief.ask('stage', { person: randomId('p'), on: true })).error, 'not-found');
  assert.equal((await chief.ask('stage', { person: chief.id, on: false })).error, 'not-allowed');
  assert.equal((await chief.ask('spotlight', { person: wim.id })).error, 'not-allowed');
  await leave([chief, vic, wim]);
});

test('a host turns off what others send, and they turn it on again', async () => {
  const room = await Room.create(daemon, { kind: 'boardroom' });
  const [chief, ann, bob] = [await host(room), await guest(room, 'Ann'), await guest(room, 'Bob')];
  await chief.ask('stop', { person: ann.id, what: 'camera' });
  assert.deepEqual({ ...await ann.take('stopped'), seq: 0 }, { type: 'stopped', seq: 0, what: 'camera', by: chief.id });
  assert.equal((await bob.take('person-changed')).person.camera, false);
  await chief.ask('stop', { person: ann.id, what: 'screen' }); // which she does not share
  await chief.ask('mute-all');
  for (const one of [ann, bob])
    assert.equal((await one.take('stopped')).what, 'microphone');
  assert.deepEqual(await waiting(chief, 'stopped'), []);
  await ann.ask('state', { mic: true, camera: true, screen: false });
  const states = (await waiting(bob, 'person-changed')).map(({ person }) => person).filter(({ id }) => id === ann.id);
  assert.deepEqual(states.map(({ mic, camera }) => [mic, camera]), [[false, false], [true, true]]);
  await leave([chief, ann, bob]);
});

test('questions and votes', async () => {
  const room = await Room.create(daemon, { kind: 'classroom' });
  const [chief, vic, wim] = [await host(room), await guest(room, 'Vic'), await guest(room, 'Wim')];
  await vic.ask('ask', { text: 'Why <b>so</b>?' });
  for (const one of [chief, vic, wim])
    assert.equal((await one.take('question')).question.text, 'Why <b>so</b>?');
  await Promise.all([wim.ask('vote', { question: 1, up: true }), chief.ask('vote', { question: 1, up: true })]);
  const counted = await Promise.all([chief, vic, wim].map(one => one.take('question')));
  assert.deepEqual(counted.map(({ question }) => [question.votes, question.mine]), [[2, true], [2, false], [2, true]]);
  await wim.ask('vote', { question: 1, up: false });
  assert.equal((await vic.take('question')).question.votes, 1);
  assert.equal((await vic.ask('vote', { question: 2, up: true })).error, 'not-found');
  await chief.ask('resolve', { question: 1 });
  assert.equal((await vic.take('question')).question.resolved, true);
  assert.equal((await vic.ask('vote', { question: 1, up: true })).error, 'not-allowed');
  for (let i = 0; i < 10; i++)
    assert.equal((await vic.ask('ask', { text: `And ${i}?` })).type, 'ok');
  assert.equal((await vic.ask('ask', { text: 'And 10?' })).error, 'too-many');
  assert.equal((await wim.ask('ask', { text: 'Me too?' })).type, 'ok');
  await leave([chief, vic, wim]);
});

test('a reload keeps the stage and the votes; coming again otherwise gives neither', async () => {
  const room = await Room.create(daemon, { kind: 'classroom' });
  const chief = await host(room);
  await chief.ask('ask', { text: 'Why?' });
  let vic = await guest(room, 'Vic');
  await vic.ask('vote', { question: 1, up: true });
  await chief.ask('stage', { person: vic.id, on: true });
  const ways = [
    one => one.leave(), // as a page that goes away
    () => {}, // as one that went away without a word
    one => one.socket.cut(),
  ];
  for (const go of ways) {
    const { token } = vic;
    await go(vic);
    vic = await guest(room, 'Vic', { replaces: token, mic: false });
    const [{ votes, mine }] = vic.joined.questions;
    assert.deepEqual([vic.joined.role, votes, mine], ['person', 1, true]);
    const { person } = await chief.socket.find({ type: 'person-joined' }).then(function skip (message) {
      return message.person.id === vic.id ? message : chief.socket.find({ type: 'person-joined' }).then(skip);
    });
    assert.deepEqual([person.stage, person.mic, person.camera], [true, false, true]);
    await chief.ask('stop', { person: vic.id, what: 'camera' });
    assert.equal((await vic.take('stopped')).what, 'camera');
  }
  const { token } = vic;
  await vic.leave();
  await chief.socket.find({ type: 'person-left', person: vic.id });
  const stranger = await guest(room, 'Vic');
  assert.deepEqual([stranger.joined.role, stranger.joined.questions[0].votes, stranger.joined.questions[0].mine], ['viewer', 0, false]);
  const again = await guest(room, 'Vic', { replaces: token });
  const twice = await guest(room, 'Vic', { replaces: token });
  assert.deepEqual([again.joined.role, twice.joined.role], ['person', 'viewer'], 'once');
  await chief.ask('stage', { person: again.id, on: false });
  const back = await guest(room, 'Vic', { replaces: again.token });
  assert.equal(back.joined.role, 'viewer', 'who was sent back stays there');
  await leave([chief, stranger, twice, back]);
});

test('votes cost more than words', async () => {
  const room = await Room.create(daemon, { kind: 'classroom' });
  const vic = await guest(room);
  await vic.ask('ask', { text: 'Why?' });
  for (let i = 0; i < 60; i++)
    vic.post('vote', { question: 1, up: i % 2 === 0 });
  assert.equal((await vic.take('error')).error, 'rate-limited');
  assert.equal(await vic.socket.ended, 1008);
});

test('a hundred and first person of a Boardroom', async () => {
  const room = await Room.create(daemon, { kind: 'boardroom' });
  const people = await Promise.all(Array.from({ length: 100 }, (_, i) => guest(room, `P${i}`)));
  await assert.rejects(guest(room, 'One more'), /closed with 1008/);
  await leave(people.slice(0, 1));
  await (await guest(room, 'Now')).leave();
  await leave(people.slice(1));
});
