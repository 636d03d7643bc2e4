// recorded.js: files by what they are for, in order; renaming, also where it fails; what is under way.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConclaveError } from '../../data/web/core/errors.js';
import { Recorded, companion, doneOf, filesOf, suffixOf, tracksOf } from '../../data/web/core/recorded.js';

const file = (name, kind, more = {}) => ({ name, kind, bytes: 1, ...more });

test('a suffix is that of the rendering', () => {
  const names = [['meeting.mp4', ''], ['meeting-2.mp4', '-2'], ['chapters-12.vtt', '-12'], ['audio.m4a', ''], ['x', ''], ['tracks/001-pa-camera-1.mkv', '-1']];
  for (const [name, suffix] of names)
    assert.equal(suffixOf(name), suffix, name);
});

test('files by kind, and what belongs together', () => {
  const recording = { files: [file('meeting.mp4', 'video'), file('meeting-2.mp4', 'video'), file('timeline.json', 'timeline'), file('timeline.otio', 'timeline'), file('chapters-2.vtt', 'chapters')] };
  assert.deepEqual(filesOf(recording, 'video').map(({ name }) => name), ['meeting.mp4', 'meeting-2.mp4']);
  assert.equal(companion(recording, 'timeline', '', '.json').name, 'timeline.json');
  assert.equal(companion(recording, 'chapters', '', '.vtt'), null);
  assert.equal(companion(recording, 'chapters', '-2', '.vtt').name, 'chapters-2.vtt');
  assert.deepEqual(filesOf({}, 'video'), []);
});

test('tracks of one person stand together, who came first is first', () => {
  const track = (person, source, t) => file(`tracks/001-${person}-${source}-1.mkv`, 'track', { person, source, t });
  const tracks = tracksOf({ files: [track('pb', 'camera', 50), track('pa', 'microphone', 100), track('pb', 'microphone', 0), track('pa', 'camera', 90), file('meeting.mp4', 'video')] });
  assert.deepEqual(tracks.map(({ person, source }) => `${person} ${source}`), ['pb microphone', 'pb camera', 'pa camera', 'pa microphone']);
});

test('progress is a number or has one', () => {
  assert.deepEqual([doneOf({ progress: { done: 0.5 } }), doneOf({ progress: 0.25 }), doneOf({ progress: null }), doneOf({})], [0.5, 0.25, 0, 0]);
});

test('it is loaded, renamed at once, and has its old title where that fails', async () => {
  let refuses = false;
  const titles = [];
  const recorded = new Recorded(/** @type {any} */ ({
    recording: async () => ({ id: 'ra', title: 'Old', status: 'ready', files: [file('a', 'track', { person: null, sha256: null })], renders: null }),
    rename: async (id, title) => {
      if (refuses)
        throw new ConclaveError('store-failed');
      titles.push(title);
    },
  }), 'ra');
  await recorded.load();
  assert.deepEqual([recorded.value.title, recorded.underWay, 'person' in recorded.value.files[0], recorded.value.renders], ['Old', false, false, []]);
  const renaming = recorded.rename('New');
  assert.equal(recorded.value.title, 'New');
  await renaming;
  refuses = true;
  await assert.rejects(recorded.rename('Newer'), { id: 'store-failed' });
  assert.deepEqual([recorded.value.title, titles], ['New', ['New']]);
});

test('it is asked for again while something is under way, and not after', async () => {
  const states = ['processing', 'processing', 'ready'];
  let asked = 0;
  const recorded = new Recorded(/** @type {any} */ ({ recording: async () => ({ id: 'ra', title: '', status: states[Math.min(asked++, 2)], files: [], renders: [] }) }), 'ra');
  await recorded.load();
  assert.equal(recorded.underWay, true);
  await new Promise(resolve => setTimeout(resolve, 5_600));
  assert.deepEqual([recorded.value.status, asked], ['ready', 3]);
  await new Promise(resolve => setTimeout(resolve, 2_500));
  assert.equal(asked, 3);
  recorded.dispose();
});

test('what cannot be had says why', async () => {
  const recorded = new Recorded(/** @type {any} */ ({ recording: async () => { throw new ConclaveError('not-found'); } }), 'ra');
  await recorded.load();
  assert.deepEqual([recorded.value, recorded.error], [null, 'not-found']);
});
