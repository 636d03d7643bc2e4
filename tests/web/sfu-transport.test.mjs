// sfu-transport.js: the layout of the offer, what is sent, and the sizes that are switched off.

import './setup.mjs';
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { SfuTransport } from '../../data/web/core/sfu-transport.js';
import { settle } from './clock.mjs';
import { FakeSfuNetwork } from './fake-sfu.mjs';

const ICE = { servers: [{ urls: ['turn:a'] }], relay_only: true, expires: 0 };
const camera = (width, height) => ({ id: 'c', getSettings: () => ({ width, height }) });
const TRACKS = { microphone: { id: 'm' }, camera: camera(1280, 720), screen: null, screenAudio: null };
let network;

beforeEach(() => {
  network = new FakeSfuNetwork();
  network.install();
});

async function open(slots = { audioSlots: 6, videoSlots: 17 }) {
  const transport = new SfuTransport({ ice: ICE, ...slots });
  return { transport, sdp: await transport.offer(), pc: network.last };
}

test('the offer: what is sent, then slots that receive', async () => {
  const { sdp, pc } = await open();
  const lines = [...sdp.matchAll(/m=(\w+) .*\r\na=(\w+)/g)].map(([, kind, direction]) => `${kind} ${direction}`);
  assert.deepEqual(lines.slice(0, 4), ['audio sendonly', 'video sendonly', 'video sendonly', 'audio sendonly']);
  assert.deepEqual(lines.slice(4, 10), Array(6).fill('audio recvonly'));
  assert.deepEqual(lines.slice(10), Array(17).fill('video recvonly'));
  assert.deepEqual(pc.transceivers[1].sender.encodings.map(({ rid }) => rid), ['q', 'h', 'f']);
  assert.equal(pc.transceivers[2].sender.encodings.length, 1);
  assert.equal(pc.configuration.iceTransportPolicy, 'all');
  assert.deepEqual(pc.configuration.iceServers, ICE.servers);
  assert.ok(pc.transceivers.every(({ codecs, kind }) => codecs[0].mimeType === (kind === 'audio' ? 'audio/opus' : 'video/VP8')));
});

test('tracks come and go without another offer', async () => {
  const { transport, pc } = await open({ audioSlots: 1, videoSlots: 1 });
  const sent = () => pc.transceivers.slice(0, 4).map(({ sender }) => sender.track?.id ?? '-').join('');
  await transport.attach(TRACKS);
  assert.equal(sent(), 'mc--');
  await transport.attach({ ...TRACKS, camera: null, screen: { id: 's' }, screenAudio: { id: 'a' } });
  assert.equal(sent(), 'm-sa');
  transport.close();
  assert.equal(pc.connectionState, 'closed');
  assert.equal(sent(), '----');
});

test('sizes that nobody takes are switched off', async () => {
  const { transport, pc } = await open();
  const [microphone, camera, screen] = pc.transceivers.map(({ sender }) => sender);
  transport.setLayers('camera', ['q', 'f']);
  await settle();
  transport.setLayers('camera', ['q']);
  transport.setLayers('screen', []);
  await settle();
  assert.deepEqual(camera.sets.map(({ encodings }) => encodings.map(({ active }) => active)), [[true, false, true], [true, false, false]]);
  assert.deepEqual(screen.encodings.map(({ active }) => active), [false]);
  assert.equal(screen.sets[0].degradationPreference, 'maintain-resolution');
  assert.equal(microphone.encodings[0].priority, 'high');
  transport.setLayers('screen', ['']);
  transport.setLayers('camera', []);
  await settle();
  assert.deepEqual(screen.encodings.map(({ active }) => active), [true]);
  assert.deepEqual(camera.encodings.map(({ active }) => active), [false, false, false]);
});

test('slots by their mid', async () => {
  const { transport, pc } = await open({ audioSlots: 2, videoSlots: 1 });
  assert.deepEqual(transport.sounds.map(({ id }) => id), ['1.4', '1.5']);
  assert.equal(transport.track('6').id, '1.6');
  assert.equal(transport.track('1'), null);
  pc.transceivers[4].level = 0.5;
  assert.equal(transport.level('4'), 0.5);
  assert.equal(transport.level('5'), 0);
  assert.equal(transport.level('99'), 0);
});

test('the sizes are those that the camera has', async () => {
  const { transport, pc } = await open();
  const { sender } = pc.transceivers[1];
  const sizes = () => sender.encodings.map(({ active, scaleResolutionDownBy }) => (active ? scaleResolutionDownBy : '-')).join(' ');
  await transport.attach(TRACKS);
  await settle();
  assert.equal(sizes(), '4 2 1');
  await transport.attach({ ...TRACKS, camera: camera(640, 480) });
  await settle();
  assert.equal(sizes(), '2 1 -');
  transport.setLayers('camera', ['f']);
  await settle();
  assert.equal(sizes(), '- 1 -', 'who takes a size that is not there gets the largest');
  transport.setLayers('camera', []);
  await settle();
  assert.equal(sizes(), '- - -');
});
