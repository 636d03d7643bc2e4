// What this side sends: tracks, what is told of them, and who ends them.

import './setup.mjs';
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Sending } from '../../data/web/core/sending.js';

const track = kind => Object.assign(new EventTarget(), { kind, contentHint: '', stopped: false, stop() { this.stopped = true; } });
let allowed;
let told;
let changes;
let answer;
let sending;

beforeEach(() => {
  allowed = true;
  told = [];
  changes = 0;
  answer = () => Promise.resolve();
  sending = new Sending({
    allowed: () => allowed,
    onChange: () => changes++,
    tell: state => {
      told.push(Object.entries(state).filter(([, on]) => on).map(([name]) => name).join());
      return answer();
    },
  });
});

const settled = () => new Promise(resolve => setTimeout(resolve));

test('a seat begins with what is on, without a word', () => {
  sending.begin({ microphone: track('audio'), camera: null });
  assert.deepEqual([sending.state, told, changes], [{ mic: true, camera: false, screen: false }, [], 0]);
});

test('changes in quick succession go out as the last one', async () => {
  const microphone = track('audio');
  sending.setMicrophone(microphone);
  sending.setCamera(track('video'));
  sending.setMicrophone(null);
  await settled();
  assert.deepEqual([told, changes, microphone.contentHint, microphone.stopped], [['mic', 'camera'], 3, 'speech', false]);
});

test('where nobody can be told it is told later', async () => {
  answer = () => Promise.reject(new Error('gone'));
  sending.setCamera(track('video'));
  await settled();
  answer = () => Promise.resolve();
  await sending.tell();
  assert.deepEqual(told, ['camera', 'camera']);
});

test('a screen ends with its sharing, and sharing with the screen', async () => {
  const [first, second, audio] = [track('video'), track('video'), track('audio')];
  sending.setScreen({ video: first, audio });
  sending.setScreen({ video: second, audio });
  assert.deepEqual([first.stopped, audio.stopped, second.contentHint, audio.contentHint], [true, false, 'detail', 'music']);
  first.dispatchEvent(new Event('ended'));
  assert.equal(sending.state.screen, true, 'it was another one');
  second.dispatchEvent(new Event('ended'));
  assert.deepEqual([sending.state.screen, sending.tracks.screenAudio, audio.stopped], [false, null, true]);
});

test('who may not send has nothing', () => {
  const [camera, screen] = [track('video'), track('video')];
  sending.setCamera(camera);
  sending.setScreen({ video: screen, audio: null });
  allowed = false;
  sending.stop();
  sending.setCamera(camera);
  assert.deepEqual([sending.state, screen.stopped, camera.stopped], [{ mic: false, camera: false, screen: false }, true, false]);
  allowed = true;
  sending.setScreen({ video: track('video'), audio: null });
  const { screen: other } = sending.tracks;
  sending.drop();
  assert.deepEqual([sending.tracks.screen, other.stopped], [null, true]);
});
