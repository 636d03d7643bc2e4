// sfu.js: one connection, made anew when it is lost; whose track is in which slot; what is told to the server.

import './setup.mjs';
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { ConclaveError } from '../../data/web/core/errors.js';
import { Person } from '../../data/web/core/person.js';
import { Sfu } from '../../data/web/core/sfu.js';
import { FakeClock, settle } from './clock.mjs';
import { FakeSfuNetwork } from './fake-sfu.mjs';

const ICE = { servers: [], relay_only: false, expires: 0 };
const NO_TRACKS = { microphone: null, camera: null, screen: null, screenAudio: null };
const real = { setTimeout, clearTimeout, setInterval, clearInterval };

let clock;
let network;
let intervals;
let events;
let asked;
let answer;
let live;
let open;

beforeEach(() => {
  clock = new FakeClock();
  network = new FakeSfuNetwork();
  network.install();
  Object.assign(globalThis, {
    setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout,
    setInterval: (callback, ms) => intervals.set(ms, callback), clearInterval: () => {},
  });
  intervals = new Map();
  events = [];
  asked = [];
  answer = async () => ({ type: 'answer', sdp: 'answer' });
  live = true;
  open = [];
});

afterEach(() => {
  open.forEach(sfu => sfu.close());
  Object.assign(globalThis, real);
});

const info = (id, changes = {}) => ({ id, name: id, host: false, mic: true, camera: true, screen: false, away: false, hand: 0, stage: true, ...changes });
const slot = (mid, person, source, changes = {}) => ({ mid, person, source, paused: false, ...changes });
const count = () => network.all.length;

function make({ ready = true } = {}) {
  const sfu = new Sfu({
    ice: ICE, media: { ready, audio_slots: 2, video_slots: 3 }, tracks: NO_TRACKS, self: new Person(info('me'), true), sounds: [],
    live: () => live,
    request: (type, members) => {
      asked.push({ type, ...members });
      return answer(type, members);
    },
    networkLost: () => events.push('networkLost'),
    emit: (type, detail) => events.push(detail?.person ? `${type} ${detail.person.id}` : type),
  });
  open.push(sfu);
  return sfu;
}

/** A connection that is up, with these people. */
async function connected(...ids) {
  const sfu = make();
  const people = ids.map(id => new Person(info(id), false));
  people.forEach(person => sfu.add(person));
  await settle();
  network.last.become('connected');
  return { sfu, people };
}

const tracks = stream => stream.getTracks().map(({ id }) => id).join();

test('offers once, takes the answer, and is connected', async () => {
  const sfu = make();
  const person = new Person(info('a'), false);
  sfu.add(person);
  assert.deepEqual([sfu.state, person.link], ['connecting', 'connecting']);
  await settle();
  assert.deepEqual(asked.map(({ type }) => type), ['offer', 'view']);
  assert.match(asked[0].sdp, /^v=0\r\n/);
  assert.equal(network.last.remote.sdp, 'answer');
  network.last.become('connected');
  assert.deepEqual([sfu.state, person.link], ['connected', 'connected']);
  assert.ok(events.includes('media'));
  await clock.advance(60_000);
  assert.equal(count(), 1);
});

test('nobody is offered anything before the media process is ready', async () => {
  const sfu = make({ ready: false });
  await settle();
  assert.equal(count(), 0);
  sfu.receive({ type: 'media', state: 'ready' });
  await settle();
  assert.equal(count(), 1);
});

test('slots bring tracks to people, and take them away', async () => {
  const { sfu, people: [a, b] } = await connected('a', 'b');
  assert.deepEqual(a.pictures, { main: null, screen: null });
  sfu.receive({ type: 'slots', slots: [slot('4', 'a', 'microphone'), slot('6', 'a', 'camera'), slot('7', 'b', 'screen'), slot('8', 'b', 'camera', { paused: true })] });
  assert.deepEqual([tracks(a.streams.main), tracks(b.streams.main), tracks(b.streams.screen)], ['1.6', '1.8', '1.7']);
  assert.deepEqual([a.pictures, b.pictures], [{ main: 'live', screen: null }, { main: 'paused', screen: 'live' }]);
  events = [];
  sfu.receive({ type: 'slots', slots: [slot('6', 'b', 'camera'), slot('8', 'a', 'camera', { error: 'no-codec' })] });
  assert.deepEqual([tracks(a.streams.main), tracks(b.streams.main), tracks(b.streams.screen)], ['', '1.6', '']);
  assert.equal(a.pictures.main, 'no-codec');
  assert.deepEqual(events, ['person a', 'person b']);
  events = [];
  sfu.receive({ type: 'slots', slots: [slot('6', 'b', 'camera'), slot('8', 'a', 'camera', { error: 'no-codec' })] });
  assert.deepEqual(events, []);
});

test('a slot of somebody who is not known yet is filled when they come', async () => {
  const { sfu } = await connected();
  sfu.receive({ type: 'slots', slots: [slot('6', 'late', 'camera')] });
  const late = new Person(info('late'), false);
  sfu.add(late);
  assert.equal(tracks(late.streams.main), '1.6');
  sfu.remove('late');
  assert.deepEqual(sfu.speakers.order, []);
});

test('the sound of each slot has its stream, the same one over connections', async () => {
  const sounds = [];
  const sfu = new Sfu({
    ice: ICE, media: { ready: true, audio_slots: 2, video_slots: 1 }, tracks: NO_TRACKS, self: new Person(info('me'), true), sounds,
    live: () => true, request: async () => ({ sdp: '' }), networkLost: () => {}, emit: () => {},
  });
  open.push(sfu);
  await settle();
  network.last.become('connected');
  const before = [...sounds];
  assert.deepEqual(sounds.map(tracks), ['1.4', '1.5']);
  network.last.become('failed');
  assert.deepEqual(sounds.map(tracks), ['1.4', '1.5']);
  await clock.advance(0);
  network.last.become('connected');
  assert.deepEqual(sounds.map(tracks), ['2.4', '2.5']);
  assert.deepEqual(sounds, before);
  sfu.close();
  assert.deepEqual(sounds.map(tracks), ['', '']);
});

test('what is shown is told, and told again to a new media process', async () => {
  const { sfu } = await connected('a');
  const views = () => asked.filter(({ type }) => type === 'view').map(({ tiles }) => tiles);
  sfu.show([{ person: 'a', source: 'camera', width: 640 }], 9);
  await clock.advance(149);
  assert.equal(views().length, 1);
  await clock.advance(1);
  assert.deepEqual(views()[1], [{ person: 'a', source: 'camera', width: 640 }]);
  assert.equal(sfu.speakers.front, 9);
  sfu.receive({ type: 'media', state: 'lost' });
  sfu.receive({ type: 'media', state: 'ready' });
  await settle();
  assert.deepEqual(views()[2], views()[1]);
});

test('the media process is lost and comes back: the last picture stays, then new tracks', async () => {
  const { sfu, people: [a] } = await connected('a');
  sfu.receive({ type: 'slots', slots: [slot('6', 'a', 'camera')] });
  sfu.receive({ type: 'media', state: 'lost' });
  assert.deepEqual([sfu.state, a.link, tracks(a.streams.main)], ['reconnecting', 'reconnecting', '1.6']);
  assert.equal(network.last.connectionState, 'closed');
  await clock.advance(30_000);
  assert.equal(count(), 1, 'nothing is offered to nobody');
  sfu.receive({ type: 'media', state: 'ready' });
  await settle();
  assert.equal(count(), 2);
  sfu.receive({ type: 'slots', slots: [slot('7', 'a', 'camera')] });
  assert.equal(tracks(a.streams.main), '1.6', 'not before it is connected');
  network.last.become('connected');
  assert.deepEqual([sfu.state, a.link, tracks(a.streams.main)], ['connected', 'connected', '2.7']);
});

test('a connection that fails is made anew at once; one that is disconnected after 2 s, if it does not come back', async () => {
  const { sfu } = await connected('a');
  network.last.become('failed');
  await clock.advance(0);
  assert.equal(count(), 2);
  network.last.become('connected');
  network.last.become('disconnected');
  await clock.advance(1_900);
  network.last.become('connected');
  await clock.advance(5_000);
  assert.equal(count(), 2);
  network.last.become('disconnected');
  await clock.advance(2_000);
  assert.equal(count(), 3);
  assert.equal(sfu.state, 'reconnecting');
});

test('a connection that is called disconnected but carries is kept', async () => {
  const { sfu } = await connected('a');
  const carried = bytes => { network.report = new Map([['pair', { type: 'candidate-pair', nominated: true, bytesReceived: bytes }]]); };
  carried(1);
  network.last.become('disconnected');
  for (let i = 2; i < 8; i++) {
    await clock.advance(1_000);
    carried(i);
  }
  assert.deepEqual([sfu.state, count()], ['connected', 1]);
  await clock.advance(4_000);
  assert.equal(count(), 2);
});

test('where nothing gets through it says so, and goes on trying', async () => {
  const sfu = make();
  await clock.advance(9_999);
  assert.deepEqual([sfu.state, count()], ['connecting', 1]);
  await clock.advance(60_000);
  assert.deepEqual([sfu.state, sfu.reason], ['failed', 'media-timeout']);
  const before = count();
  assert.ok(before >= 4 && before <= 8, `${before} connections in 70 s`);
  sfu.retry('me');
  await settle();
  assert.equal(count(), before + 1);
  network.last.become('connected');
  assert.deepEqual([sfu.state, sfu.reason], ['connected', null]);
});

test('a refusal that would be repeated ends it, another does not', async () => {
  answer = async type => { throw new ConclaveError(type === 'offer' ? 'bad-sdp' : 'internal'); };
  const sfu = make();
  await clock.advance(30_000);
  assert.deepEqual([sfu.state, sfu.reason, count()], ['failed', 'bad-sdp', 1]);
  answer = async type => { throw new ConclaveError(type === 'offer' ? 'media-lost' : 'internal'); };
  sfu.retry('me');
  await clock.advance(3_000);
  assert.ok(count() > 2);
});

test('without a socket nothing is tried; with it back, what is missing is', async () => {
  const { sfu } = await connected('a');
  live = false;
  network.last.become('failed');
  await clock.advance(30_000);
  assert.equal(count(), 1);
  live = true;
  sfu.socketBack(false);
  await settle();
  assert.equal(count(), 2);
  sfu.socketBack(false);
  await settle();
  assert.equal(count(), 2, 'one is under way');
  network.last.become('connected');
  sfu.socketBack(false);
  await settle();
  assert.equal(count(), 2, 'nothing is missing');
  sfu.socketBack(true);
  await settle();
  assert.equal(count(), 3, 'another network');
});

test('what was begun before the last attempt asks nothing, says nothing and decides nothing', async () => {
  const sfu = make();
  sfu.retry('me');
  await settle();
  assert.equal(asked.filter(({ type }) => type === 'offer').length, 1, 'one offer for two attempts at once');
  const former = network.last;
  former.become('failed');
  await clock.advance(0);
  former.become('connected');
  assert.equal(sfu.state, 'connecting');
  network.last.become('connected');
  const made = count();
  former.become('failed');
  await clock.advance(0);
  assert.deepEqual([sfu.state, count()], ['connected', made]);
});

test('where the seat is gone it waits for another one', async () => {
  answer = async () => { throw new ConclaveError('not-joined'); };
  make();
  await settle();
  assert.equal(network.last.connectionState, 'closed');
  await clock.advance(60_000);
  assert.equal(count(), 1);
});

test('an answer to an offer of before is passed over', async () => {
  let release;
  answer = type => (type === 'offer' && count() === 1 ? new Promise(resolve => { release = () => resolve({ sdp: 'old' }); }) : Promise.resolve({ sdp: 'new' }));
  const sfu = make();
  await settle();
  sfu.socketBack(true);
  await settle();
  release();
  await settle();
  assert.deepEqual(network.all.map(({ remote }) => remote?.sdp), [undefined, 'new']);
});

test('when nothing comes any more the server is asked, and its silence means another network', async () => {
  const { sfu } = await connected('a');
  let bytes = 0;
  const tick = async grown => {
    bytes += grown;
    network.report = new Map([['pair', { type: 'candidate-pair', nominated: true, state: 'succeeded', bytesReceived: bytes }]]);
    void intervals.get(800)();
    await settle();
  };
  for (const grown of [1, 1, 1, 0])
    await tick(grown);
  await clock.advance(1_000);
  assert.equal(asked.filter(({ type }) => type === 'view').length, 2);
  assert.ok(!events.includes('networkLost'), 'it answered');
  answer = () => new Promise(() => {});
  for (const grown of [1, 1, 1, 0])
    await tick(grown);
  await clock.advance(699);
  assert.ok(!events.includes('networkLost'));
  await clock.advance(1);
  assert.ok(events.includes('networkLost'));
  assert.equal(sfu.state, 'connected');
});

test('the socket that the network took along is replaced, though the browser saw first that media are gone', async () => {
  const { sfu } = await connected('a');
  const pending = [];
  answer = () => new Promise(resolve => pending.push(resolve));
  network.last.become('disconnected');
  await clock.advance(0);
  assert.equal(asked.filter(({ type }) => type === 'view').length, 2, 'it is asked at once');
  await clock.advance(700);
  assert.deepEqual(events.filter(type => type === 'networkLost'), ['networkLost']);
  answer = async () => ({ sdp: 'answer' });
  sfu.socketBack(true);
  await settle();
  assert.equal(count(), 2);
  network.last.become('connected');
  assert.equal(sfu.state, 'connected');
});

test('the server is asked, and found gone, also where a new connection begins before it could have answered', async () => {
  await connected('a');
  const tick = async bytes => {
    network.report = new Map([['pair', { type: 'candidate-pair', nominated: true, bytesReceived: bytes }]]);
    void intervals.get(800)();
    await settle();
  };
  for (const bytes of [1, 2, 3, 4])
    await tick(bytes);
  network.last.become('disconnected');
  await clock.advance(1_400);
  assert.ok(!events.includes('networkLost'), 'it answered');
  answer = () => new Promise(() => {});
  await tick(4);
  await clock.advance(600); // the former connection is given up meanwhile
  assert.equal(count(), 2);
  await clock.advance(100);
  assert.ok(events.includes('networkLost'));
});

test('layers, speakers and quality as the server says', async () => {
  const { sfu, people: [a, b] } = await connected('a', 'b', 'c');
  sfu.receive({ type: 'layers', source: 'camera', rids: ['h'] });
  await settle();
  assert.deepEqual(network.last.transceivers[1].sender.encodings.map(({ active }) => active), [false, true, false]);
  events = [];
  sfu.receive({ type: 'speakers', people: ['b', 'me'] });
  assert.deepEqual([a.speaking, b.speaking, sfu.speakers.speaker], [false, true, 'b']);
  assert.deepEqual(events, ['person me', 'person b', 'speaking']);
  sfu.receive({ type: 'speakers', people: [] });
  assert.equal(b.speaking, false);
  sfu.receive({ type: 'quality', people: { a: 'poor', nobody: 'good' } });
  assert.deepEqual([a.quality, b.quality], ['poor', null]);
});

test('levels are those of the slots', async () => {
  const { sfu, people: [a, b] } = await connected('a', 'b');
  sfu.receive({ type: 'slots', slots: [slot('5', 'b', 'microphone')] });
  network.last.transceivers[5].level = 0.1;
  intervals.get(125)();
  assert.ok(b.level > 0.6 && a.level === 0);
  assert.ok(events.includes('levels'));
});

test('who comes on stage has a place in the order, who goes back has none', async () => {
  const { sfu, people: [a] } = await connected('a');
  const viewer = new Person(info('v', { stage: false }), false);
  sfu.add(viewer);
  assert.deepEqual(sfu.speakers.order, ['a']);
  viewer.stage = true;
  sfu.update(viewer);
  assert.deepEqual(sfu.speakers.order, ['a', 'v']);
  a.stage = false;
  a.speaking = true;
  sfu.update(a);
  assert.deepEqual([sfu.speakers.order, a.speaking], [['v'], false]);
});

test('what is sent follows the tracks, also on the next connection', async () => {
  const { sfu } = await connected();
  sfu.setTracks({ ...NO_TRACKS, camera: { id: 'c', getSettings: () => ({}) } });
  await settle();
  assert.equal(network.last.transceivers[1].sender.track.id, 'c');
  network.last.become('failed');
  await clock.advance(0);
  assert.equal(network.last.transceivers[1].sender.track.id, 'c');
});

test('nothing happens after the end', async () => {
  const { sfu, people: [a] } = await connected('a');
  network.last.become('failed');
  sfu.close();
  sfu.socketBack(true);
  sfu.retry('me');
  await clock.advance(30_000);
  assert.equal(count(), 1);
  assert.equal(a.link, 'reconnecting');
  assert.equal(sfu.open, false);
});
