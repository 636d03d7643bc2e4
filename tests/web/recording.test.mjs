// recording.js alone, and through meeting.js over a fake server: who is asked, who is silenced, how long it has run.

import './setup.mjs';
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { toBase64url } from '../../data/web/core/bytes.js';
import { parseFragment } from '../../data/web/core/link.js';
import { Meeting } from '../../data/web/core/meeting.js';
import { Recording } from '../../data/web/core/recording.js';
import { FakeServer, fakeSockets } from './fake-server.mjs';
import { FakeSfuNetwork } from './fake-sfu.mjs';
import { FakeStorage } from './storage.mjs';

test('time goes on while it records, and stands still in a pause', () => {
  let now = 1_000_000;
  const recording = new Recording(() => now);
  assert.deepEqual([recording.state, recording.running, recording.happened, recording.elapsed], ['off', false, false, 0]);
  recording.receive({ state: 'on', elapsed: 5_000, consent: 'announce', mine: 'announced' });
  now += 2_500;
  assert.equal(recording.elapsed, 7_500);
  recording.receive({ state: 'paused', elapsed: 7_600, mine: 'announced' });
  now += 60_000;
  assert.deepEqual([recording.elapsed, recording.running], [7_600, true]);
  recording.receive({ state: 'on', elapsed: 7_600, mine: 'announced' });
  now -= 10_000; // the clock was set
  assert.equal(recording.elapsed, 7_600);
  recording.receive({ state: 'off', reason: 'disk' });
  assert.deepEqual([recording.elapsed, recording.happened, recording.reason], [0, true, 'disk']);
});

test('who declines is silenced while it records, not in a pause, and an answer is due only where one is asked for', () => {
  const recording = new Recording();
  const seen = (/** @type {object} */ info) => {
    recording.receive(info);
    return [recording.undecided, recording.declined, recording.silenced];
  };
  assert.deepEqual(seen({ state: 'on', consent: 'require', mine: 'none' }), [true, false, false]);
  assert.deepEqual(seen({ state: 'on', consent: 'announce', mine: 'none' }), [false, false, false]);
  assert.deepEqual(seen({ state: 'on', consent: 'require', mine: 'agreed' }), [false, false, false]);
  assert.deepEqual(seen({ state: 'on', consent: 'require', mine: 'refused' }), [false, true, true]);
  assert.deepEqual(seen({ state: 'on', consent: 'announce', mine: 'withdrawn' }), [false, true, true]);
  assert.deepEqual(seen({ state: 'paused', consent: 'require', mine: 'refused' }), [false, true, false]);
  assert.deepEqual(seen({ state: 'paused', consent: 'require', mine: 'none' }), [true, false, false]);
  assert.deepEqual(seen({ state: 'off', consent: 'require', mine: 'refused' }), [false, false, false]);
});

let server;
let meetings;

beforeEach(() => {
  server = new FakeServer({ stage: true });
  new FakeSfuNetwork().install();
  meetings = [];
  globalThis.WebSocket = fakeSockets(server);
});

afterEach(async () => {
  for (const meeting of meetings)
    await meeting.leave();
});

const track = kind => Object.assign(new EventTarget(), { kind, id: kind, contentHint: '', stop() {}, getSettings: () => ({}) });

async function join() {
  const S = toBase64url(new Uint8Array(32).fill(1));
  const meeting = new Meeting({ link: parseFragment('abcdefghijkm', `${S}.${S}`), origin: 'https://x', storage: new FakeStorage() });
  meeting.changes = [];
  meeting.addEventListener('recording', ({ detail }) => meeting.changes.push([detail.before.state, meeting.recording.state, meeting.recording.mine]));
  meetings.push(meeting);
  await meeting.join({ name: 'Ann', microphone: track('audio'), camera: track('video') });
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

const tell = info => server.tell({ type: 'recording', since: 1, elapsed: 0, consent: 'require', reason: '', warning: '', ...info }, null, true);
const sends = ({ self: { mic, camera, screen } }) => [mic, camera, screen];
const lastState = () => server.asked.filter(({ type }) => type === 'state').at(-1);

test('who joined while it runs knows it from the first moment', async () => {
  server.recording = { state: 'on', since: 1, elapsed: 61_000, consent: 'announce', mine: 'announced', reason: '', warning: '' };
  server.mayRecord = true;
  const meeting = await join();
  assert.deepEqual([meeting.recording.allowed, meeting.recording.state, meeting.recording.elapsed >= 61_000], [true, 'on', true]);
  assert.deepEqual(sends(meeting), [true, true, false]);
});

test('a room without recordings, and a server that knows none', async () => {
  const meeting = await join();
  assert.deepEqual([meeting.recording.allowed, meeting.recording.state], [false, 'off']);
});

test('refused: nothing is sent, and nothing can be turned on, until one agrees or it stops', async () => {
  const meeting = await join();
  tell({ state: 'on', mine: 'none' });
  await until(() => meeting.recording.undecided);
  assert.deepEqual(sends(meeting), [true, true, false]);
  tell({ state: 'on', mine: 'refused' });
  await until(() => meeting.recording.silenced);
  assert.deepEqual(sends(meeting), [false, false, false]);
  await until(() => lastState()?.mic === false && lastState().camera === false);
  meeting.setMicrophone(track('audio'));
  meeting.setScreen({ video: track('video'), audio: null });
  assert.deepEqual(sends(meeting), [false, false, false]);
  tell({ state: 'paused', mine: 'refused' });
  await until(() => meeting.recording.state === 'paused');
  meeting.setMicrophone(track('audio'));
  assert.deepEqual(sends(meeting), [true, false, false]);
  tell({ state: 'on', mine: 'refused' });
  await until(() => meeting.recording.state === 'on');
  assert.deepEqual(sends(meeting), [false, false, false]);
  tell({ state: 'on', mine: 'agreed' });
  await until(() => meeting.recording.mine === 'agreed');
  meeting.setCamera(track('video'));
  assert.deepEqual(sends(meeting), [false, true, false]);
  assert.deepEqual(meeting.changes.slice(1).map(([before, now, mine]) => `${before} ${now} ${mine}`),
    ['off on none', 'on on refused', 'on paused refused', 'paused on refused', 'on on agreed']);
  assert.deepEqual(server.faults, []);
});

test('refused, and it goes on while the seat is lost: the next one sends nothing', async () => {
  const meeting = await join();
  tell({ state: 'paused', mine: 'refused' });
  await until(() => meeting.recording.state === 'paused');
  meeting.setMicrophone(track('audio'));
  meeting.setCamera(track('video'));
  assert.deepEqual(sends(meeting), [true, true, false]);
  const { self } = meeting;
  server.recording = { state: 'on', mine: 'refused' };
  server.expire(server.people[0]);
  await until(() => meeting.self !== self && meeting.status === 'joined');
  assert.deepEqual(sends(meeting), [false, false, false]);
  await until(() => lastState()?.mic === false && lastState().camera === false);
});

test('requests: what a host does, and what anybody answers; what fails is told', async () => {
  const meeting = await join();
  const errors = [];
  meeting.addEventListener('error', ({ detail }) => errors.push(detail.id));
  assert.equal(await meeting.hosting.record('start'), true);
  assert.equal(await meeting.answerRecording('withdrawn'), true);
  server.refused.set('record', 'disk-full');
  assert.equal(await meeting.hosting.record('resume'), false);
  assert.deepEqual(errors, ['disk-full']);
  const asked = server.asked.filter(({ type }) => type === 'record' || type === 'consent').map(({ type, action, answer }) => [type, action ?? answer]);
  assert.deepEqual(asked, [['record', 'start'], ['consent', 'withdrawn']]);
});

test('who of the others is not in it is known', async () => {
  const meeting = await join();
  const other = await join();
  const seat = server.people.find(({ person }) => person.id === other.self.id);
  server.change(seat, { unrecorded: true });
  await until(() => meeting.people.get(other.self.id).unrecorded);
  server.change(seat, { unrecorded: false });
  await until(() => !meeting.people.get(other.self.id).unrecorded);
});

test('whether oneself is in it follows from the own answer', async () => {
  const meeting = await join();
  const after = async info => {
    const { length } = meeting.changes;
    tell(info);
    await until(() => meeting.changes.length > length);
    return meeting.self.unrecorded;
  };
  assert.equal(meeting.self.unrecorded, false);
  assert.equal(await after({ state: 'on', mine: 'none' }), true);
  assert.equal(await after({ state: 'on', mine: 'agreed' }), false);
  assert.equal(await after({ state: 'paused', mine: 'withdrawn' }), true);
  assert.equal(await after({ state: 'off', mine: 'none' }), false);
});
