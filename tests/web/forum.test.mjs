// forum.js through meeting.js: a Classroom over a fake server: viewers, hands, the stage, what hosts may do, questions.

import './setup.mjs';
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { toBase64url } from '../../data/web/core/bytes.js';
import { parseFragment } from '../../data/web/core/link.js';
import { Meeting } from '../../data/web/core/meeting.js';
import { FakeServer, fakeSockets } from './fake-server.mjs';
import { FakeSfuNetwork } from './fake-sfu.mjs';
import { FakeStorage } from './storage.mjs';

const EVENTS = ['status', 'people', 'person', 'media', 'stage', 'stopped', 'hand', 'viewers', 'spotlight', 'questions', 'stats', 'error'];
let server;
let network;
let meetings;

beforeEach(() => {
  server = new FakeServer({ stage: true });
  network = new FakeSfuNetwork();
  network.install();
  meetings = [];
  globalThis.WebSocket = fakeSockets(server);
});

afterEach(async () => {
  for (const meeting of meetings)
    await meeting.leave();
});

const track = (kind, id) => Object.assign(new EventTarget(), { kind, id, contentHint: '', stopped: false, stop() { this.stopped = true; }, getSettings: () => ({}) });

async function join(name, { host = false, ...tracks } = {}) {
  const S = toBase64url(new Uint8Array(32).fill(1));
  const meeting = new Meeting({ link: parseFragment('abcdefghijkm', host ? `${S}.${S}` : S), origin: 'https://x', storage: new FakeStorage() });
  meeting.events = [];
  for (const type of EVENTS)
    meeting.addEventListener(type, ({ detail }) => meeting.events.push({ type, detail }));
  meetings.push(meeting);
  await meeting.join({ name, ...tracks });
  return meeting;
}

async function until(condition) {
  for (let i = 0; i < 300; i++) {
    if (condition())
      return;
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  assert.fail(`never: ${condition}`);
}

const seatOf = meeting => server.people.find(({ person }) => person.id === meeting.self.id);
const happened = (meeting, type) => meeting.events.filter(event => event.type === type);
const last = (meeting, type) => happened(meeting, type).at(-1)?.detail;
const names = meeting => [...meeting.people.values()].map(({ name }) => name).join();

test('who watches is seen by hosts only, and sends nothing', async () => {
  const host = await join('Host', { host: true, microphone: track('audio', 'm') });
  const viewer = await join('Viewer', { microphone: track('audio', 'm'), camera: track('video', 'c') });
  const other = await join('Other');
  assert.deepEqual([host.role, viewer.role], ['host', 'viewer']);
  assert.equal(host.media, 'connecting');
  assert.deepEqual([host.self.stage, host.self.mic, viewer.self.stage, viewer.self.mic, viewer.self.camera], [true, true, false, false, false]);
  await until(() => names(host) === 'Host,Viewer,Other');
  assert.equal(names(viewer), 'Host,Viewer');
  assert.equal(names(other), 'Host,Other');
  assert.deepEqual(host.order, []);
  assert.deepEqual(viewer.order, [host.self.id]);
  viewer.setMicrophone(track('audio', 'again'));
  assert.equal(viewer.self.mic, false);
  assert.deepEqual([viewer.viewers, other.viewers], [1, 2]);
  server.tell({ type: 'viewers', n: 300 });
  await until(() => viewer.viewers === 300 && happened(viewer, 'viewers').length === 1);
  assert.deepEqual(server.faults, []);
});

test('a hand goes up, its owner on stage and back, without another connection', async () => {
  const host = await join('Host', { host: true });
  const viewer = await join('Viewer');
  const other = await join('Other');
  const connections = () => network.all.length;
  const before = connections();
  await viewer.raiseHand(true);
  const seen = () => host.people.get(viewer.self.id);
  await until(() => seen().hand > 0);
  assert.equal(last(host, 'hand').person.name, 'Viewer');
  assert.ok(viewer.self.hand > 0);
  await viewer.raiseHand(true);
  assert.equal(server.asked.filter(({ type }) => type === 'hand').length, 1);

  await host.hosting.setStage(viewer.self.id, true);
  await until(() => viewer.self.stage);
  assert.deepEqual([last(viewer, 'stage').person, viewer.self.hand], [viewer.self, 0]);
  await until(() => names(other) === 'Host,Other,Viewer');
  assert.deepEqual(host.order, [viewer.self.id]);
  const microphone = track('audio', 'm');
  viewer.setMicrophone(microphone);
  assert.ok(viewer.self.mic);
  await until(() => seen().mic);

  await host.hosting.setStage(viewer.self.id, false);
  await until(() => !viewer.self.stage && !viewer.self.mic && !seen().mic);
  await until(() => names(other) === 'Host,Other');
  assert.equal(connections(), before);
  const states = server.asked.length;
  await viewer.raiseHand(true);
  await viewer.raiseHand(false);
  await until(() => seen().hand === 0);
  assert.equal(server.asked.slice(states).filter(({ type }) => type === 'state').length, 0, 'a hand is no change of what is sent');
  assert.deepEqual(server.faults, []);
});

test('who was on stage and has to take another seat watches, and sends nothing any more', async () => {
  const host = await join('Host', { host: true });
  const viewer = await join('Viewer');
  await host.hosting.setStage(viewer.self.id, true);
  await until(() => viewer.self.stage);
  const screen = track('video', 's');
  viewer.setMicrophone(track('audio', 'm'));
  viewer.setScreen({ video: screen, audio: null });
  const before = viewer.self;
  const token = seatOf(viewer).tokens.at(-1);
  const joins = [];
  server.onText = message => message.type === 'join' && joins.push(message);
  server.expire(seatOf(viewer));
  await until(() => viewer.self !== before && viewer.status === 'joined');
  assert.equal(joins[0].replaces, token, 'the server may know what belonged to the seat');
  assert.deepEqual([viewer.self.stage, viewer.self.mic, viewer.self.screen, screen.stopped], [false, false, false, true]);
  assert.equal(last(viewer, 'stage').person, viewer.self, 'the page turns the devices off and says so');
  assert.equal(happened(host, 'stage').filter(({ detail }) => detail.person === host.self).length, 0);
});

test('a hand that the server does not take is down again', async () => {
  await join('Host', { host: true });
  const viewer = await join('Viewer');
  server.refused.set('hand', 'internal');
  assert.equal(await viewer.raiseHand(true), false);
  assert.deepEqual([viewer.self.hand, last(viewer, 'error').id, last(viewer, 'person').person], [0, 'internal', viewer.self]);
  server.refused.clear();
  assert.equal(await viewer.raiseHand(true), true);
  const { hand, id } = viewer.self;
  server.expire(seatOf(viewer));
  await until(() => viewer.self.id !== id && viewer.self.hand > 0);
  assert.ok(viewer.self.hand >= hand, 'it goes up again with the next seat');
});

test('what a host turns off is off', async () => {
  const host = await join('Host', { host: true });
  const other = await join('Other', { host: true, microphone: track('audio', 'm'), camera: track('video', 'c') });
  const screen = track('video', 's');
  other.setScreen({ video: screen, audio: null });
  for (const what of ['microphone', 'camera', 'screen'])
    assert.equal(await host.hosting.stop(other.self.id, what), true);
  await until(() => happened(other, 'stopped').length === 3);
  assert.deepEqual([other.self.mic, other.self.camera, other.self.screen, screen.stopped], [false, false, false, true]);
  assert.deepEqual([last(other, 'stopped').what, last(other, 'stopped').by.name], ['screen', 'Host']);
  await host.hosting.muteAll();
  assert.equal(server.asked.at(-1).type, 'mute-all');
  assert.equal(await host.hosting.start(other.self.id, 'microphone'), true);
  const { id: _, ...asked } = server.asked.at(-1);
  assert.deepEqual(asked, { type: 'start', person: other.self.id, what: 'microphone' });
});

test('spotlight, stats and media are what the server said last', async () => {
  const host = await join('Host', { host: true });
  const viewer = await join('Viewer');
  await host.hosting.setSpotlight(host.self.id);
  await until(() => viewer.spotlight === host.self.id);
  await host.watchStats(true);
  server.tell({ type: 'stats', cpu: 0.2, rss: 5, people: [] }, seatOf(host));
  await until(() => host.stats?.cpu === 0.2);
  assert.ok(host.stats.at > 0);
  await until(() => network.all.length === 2 && network.all[1].remote);
  network.all[1].become('connected');
  assert.equal(viewer.media, 'connected');
  server.tell({ type: 'media', state: 'lost' }, null, true);
  await until(() => viewer.media === 'reconnecting');
  server.tell({ type: 'media', state: 'ready' }, null, true);
  await until(() => network.all.length === 4);
  const late = await join('Late');
  assert.equal(late.spotlight, host.self.id);
});

test('questions are asked, voted for and resolved', async () => {
  const host = await join('Host', { host: true });
  const viewer = await join('Viewer');
  assert.equal(await viewer.ask(' \u202e '), false);
  await viewer.ask('Why?\u0000');
  await viewer.ask('How?');
  await until(() => host.questions.length === 2);
  assert.deepEqual(host.questions.map(({ text, name }) => [text, name]), [['Why?', 'Viewer'], ['How?', 'Viewer']]);
  assert.deepEqual([last(host, 'questions').isNew, last(host, 'questions').question.n], [true, 2]);
  const voting = host.vote(2, true);
  assert.deepEqual([host.questions[0].n, host.questions[0].mine, last(host, 'questions').question], [2, true, null]);
  await voting;
  await until(() => viewer.questions[0].n === 2);
  await host.hosting.resolve(2);
  await until(() => viewer.questions[0].n === 1 && viewer.questions[1].resolved);
  const late = await join('Late');
  assert.equal(late.questions.length, 2);
});

test('what is refused says why, once', async () => {
  const viewer = await join('Viewer');
  server.onText = (message, { seat }) => {
    if (message.type === 'mute-all') {
      seat.lastId = message.id;
      server.tell({ type: 'error', re: message.id, error: 'not-allowed', text: '' }, seat, true);
    }
  };
  assert.equal(await viewer.hosting.muteAll(), false);
  assert.deepEqual(happened(viewer, 'error').map(({ detail }) => detail.id), ['not-allowed']);
});

test('a new seat after a crash: another connection, the hand up again, and no tracks of one who only watches', async () => {
  const host = await join('Host', { host: true });
  const viewer = await join('Viewer');
  await host.watchStats(true);
  await host.hosting.setStage(viewer.self.id, true);
  await until(() => viewer.self.stage);
  viewer.setMicrophone(track('audio', 'm'));
  await viewer.raiseHand(true);
  viewer.show([{ person: host.self.id, source: 'camera', width: 320 }], 4);
  const { id } = viewer.self;
  const before = network.all.length;
  const seat = seatOf(viewer);
  server.people = server.people.filter(other => other !== seat);
  seat.link.socket.close(1006);
  await until(() => viewer.self.id !== id && viewer.status === 'joined');
  assert.deepEqual([viewer.self.stage, viewer.self.mic], [false, false]);
  await until(() => network.all.length === before + 1);
  await until(() => server.asked.at(-1).type === 'view' || server.asked.at(-1).type === 'hand');
  await until(() => seatOf(viewer).person.hand > 0);
  await until(() => server.asked.filter(({ type }) => type === 'view').at(-1).tiles.length === 1);
  assert.deepEqual(server.faults, []);
});

test('a phone asks for fewer pictures', async t => {
  const own = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  t.after(() => (own ? Object.defineProperty(globalThis, 'navigator', own) : delete globalThis.navigator));
  Object.defineProperty(globalThis, 'navigator', { value: { userAgentData: { mobile: true } }, configurable: true });
  await join('Viewer');
  await until(() => network.all.length === 1);
  assert.equal(network.last.transceivers.filter(({ kind, direction }) => kind === 'video' && direction === 'recvonly').length, 7);
});
