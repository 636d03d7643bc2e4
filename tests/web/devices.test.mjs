// devices.js over fake media devices: errors explained, one question only, following what is plugged, choices remembered.

import './setup.mjs';
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Devices } from '../../data/web/core/devices.js';
import { FakeStorage } from './storage.mjs';

let media;
let devices;

class FakeMedia extends EventTarget {
  plugged = [
    { kind: 'audioinput', deviceId: 'mic1', label: 'Mic 1' },
    { kind: 'audioinput', deviceId: 'mic2', label: 'Mic 2' },
    { kind: 'videoinput', deviceId: 'cam1', label: 'Cam 1' },
    { kind: 'audiooutput', deviceId: 'out1', label: 'Out 1' },
  ];
  /** What to refuse, by kind. */
  errors = {};
  asked = [];
  tracks = [];

  async enumerateDevices() {
    return this.plugged;
  }

  async getUserMedia(constraints) {
    this.asked.push(Object.keys(constraints).join('+'));
    for (const kind of Object.keys(constraints)) {
      if (this.errors[kind])
        throw new DOMException('', this.errors[kind]);
    }
    const tracks = Object.entries(constraints).map(([kind, wanted]) => this.#open(kind, wanted));
    return { getTracks: () => tracks, getAudioTracks: () => tracks.filter(({ kind }) => kind === 'audio'), getVideoTracks: () => tracks.filter(({ kind }) => kind === 'video') };
  }

  #open(kind, { deviceId }) {
    const all = this.plugged.filter(device => device.kind === `${kind}input`);
    const device = all.find(other => other.deviceId === deviceId?.ideal) ?? all[0];
    if (!device)
      throw new DOMException('', 'NotFoundError');
    const track = Object.assign(new EventTarget(), {
      kind, label: device.label, live: true, getSettings: () => ({ deviceId: device.deviceId }), stop() { this.live = false; },
    });
    this.tracks.push(track);
    return track;
  }

  async unplug(deviceId) {
    this.plugged = this.plugged.filter(device => device.deviceId !== deviceId);
    this.dispatchEvent(new Event('devicechange'));
    await turn();
  }
}

const turn = () => new Promise(resolve => setTimeout(resolve, 20));

beforeEach(() => {
  media = new FakeMedia();
  globalThis.localStorage = new FakeStorage();
  globalThis.HTMLMediaElement = class { async setSinkId(id) { this.sink = id; } };
  Object.defineProperty(globalThis, 'navigator', {
    value: { mediaDevices: media, permissions: { query: async ({ name }) => ({ state: media.granted?.includes(name) ? 'granted' : 'prompt' }) } },
    configurable: true,
  });
  devices = new Devices();
});

afterEach(() => devices.close());

const replaced = () => {
  const seen = [];
  devices.addEventListener('change', ({ detail }) => seen.push(detail.replaced));
  return seen;
};

test('both with one question', async () => {
  await devices.open({ microphone: true, camera: true });
  assert.deepEqual(media.asked, ['audio+video']);
  assert.equal(devices.microphone.label, 'Mic 1');
  assert.equal(devices.camera.deviceId, 'cam1');
  await turn();
  assert.deepEqual(devices.microphones.map(({ label }) => label), ['Mic 1', 'Mic 2']);
  assert.deepEqual(devices.speaker, { deviceId: '', label: 'Out 1', selectable: true });
});

test('who is behind another page: Firefox lists no devices until it is in front, and they are opened all the same', async () => {
  let front;
  const isInFront = new Promise(resolve => { front = resolve; });
  media.enumerateDevices = async () => {
    await isInFront;
    return media.plugged;
  };
  await devices.open({ microphone: true, camera: false });
  await devices.startCamera();
  assert.deepEqual([devices.microphone.label, devices.camera.label], ['Mic 1', 'Cam 1']);
  const seen = replaced();
  devices.camera.track.dispatchEvent(new Event('ended'));
  media.dispatchEvent(new Event('devicechange'));
  await turn();
  assert.deepEqual(seen, ['camera'], 'another one is there');
  await devices.chooseMicrophone('mic2');
  assert.equal(devices.microphone.label, 'Mic 2');
  assert.deepEqual(devices.microphones, []);
  front();
  await turn();
  assert.equal(devices.microphones.length, 2);
  assert.equal(devices.microphone.label, 'Mic 2');
});

test('errors are told apart, each device on its own', async () => {
  const names = { NotFoundError: 'no-device', NotReadableError: 'in-use', AbortError: 'in-use', OverconstrainedError: 'no-device', SyntaxError: 'device-failed' };
  for (const [name, error] of Object.entries(names)) {
    media.errors = { video: name };
    await devices.open({ microphone: true, camera: true });
    assert.deepEqual([devices.microphone.error, devices.camera.error], [null, error], name);
    assert.ok(devices.microphone.track);
  }
  media.errors = {};
  await devices.startCamera();
  assert.equal(devices.camera.error, null);
});

test('who said no is not asked again', async () => {
  media.errors = { audio: 'NotAllowedError', video: 'NotAllowedError' };
  await devices.open({ microphone: true, camera: true });
  assert.deepEqual(media.asked, ['audio+video']);
  assert.deepEqual([devices.microphone.error, devices.camera.error], ['blocked', 'blocked']);
  media.errors = { video: 'NotAllowedError' };
  media.granted = ['microphone'];
  await devices.open({ microphone: true, camera: true });
  assert.deepEqual([devices.microphone.error, devices.camera.error], [null, 'blocked']);
});

test('an insecure page', async () => {
  Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  const insecure = new Devices();
  await insecure.open({ microphone: true, camera: true });
  assert.deepEqual([insecure.microphone.error, insecure.camera.error], ['insecure', 'insecure']);
  assert.equal(insecure.canShareScreen, false);
  await assert.rejects(insecure.openScreen(), { id: 'screen-unsupported' });
  insecure.close();
});

test('a choice is taken, remembered, and given up only while it is away', async () => {
  await devices.open({ microphone: true, camera: false });
  const seen = replaced();
  await devices.chooseMicrophone('mic2');
  assert.deepEqual([devices.microphone.deviceId, media.tracks[0].live], ['mic2', false]);
  assert.equal(JSON.parse(localStorage.getItem('conclave.devices')).microphone, 'mic2');
  const [, , ...rest] = media.plugged;
  const mic2 = media.plugged[1];
  await media.unplug('mic2');
  assert.equal(devices.microphone.deviceId, 'mic1');
  media.plugged = [media.plugged[0], mic2, ...rest];
  media.dispatchEvent(new Event('devicechange'));
  await turn();
  assert.equal(devices.microphone.deviceId, 'mic2');
  assert.deepEqual(seen.filter(Boolean), ['microphone', 'microphone', 'microphone']);
});

test('a track that ends by itself is replaced; one with nothing in its place says why', async () => {
  await devices.open({ microphone: true, camera: true });
  const seen = replaced();
  media.tracks[0].dispatchEvent(new Event('ended'));
  await turn();
  assert.notEqual(devices.microphone.track, media.tracks[0]);
  await media.unplug('cam1');
  assert.equal(devices.camera.track, null);
  assert.equal(devices.camera.error, 'no-device');
  assert.ok(seen.includes('camera') && seen.includes('microphone'));
});

test('stopping lets the device go, closing lets all go', async () => {
  await devices.open({ microphone: true, camera: true });
  devices.stopCamera();
  assert.deepEqual([devices.camera.track, media.tracks[1].live], [null, false]);
  devices.close();
  assert.ok(media.tracks.every(({ live }) => !live));
});

test('elements play through the chosen speaker, now and later', async () => {
  const early = new HTMLMediaElement();
  devices.routeTo(early);
  await devices.chooseSpeaker('out1');
  const late = new HTMLMediaElement();
  devices.routeTo(late);
  await turn();
  assert.deepEqual([early.sink, late.sink], ['out1', 'out1']);
});

test('the screen: closed picker, refusal, tracks', async () => {
  const answers = [new DOMException('Permission denied', 'NotAllowedError'), new DOMException('Permission denied by system', 'NotAllowedError'), null];
  media.getDisplayMedia = async () => {
    const error = answers.shift();
    if (error)
      throw error;
    return { getVideoTracks: () => ['v'], getAudioTracks: () => [] };
  };
  assert.equal(await devices.openScreen(), null);
  await assert.rejects(devices.openScreen(), { id: 'screen-failed' });
  assert.deepEqual(await devices.openScreen(), { video: 'v', audio: null });
});
