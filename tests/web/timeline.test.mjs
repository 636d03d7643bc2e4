// timeline.js: lanes of who spoke when, loudness, and whatever does not fit.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { busyLanes, columnsOf, merge, readTimeline, readWaveform, total, waveformPath } from '../../data/web/core/timeline.js';

test('spans that touch are one', () => {
  assert.deepEqual(merge([{ from: 5, to: 7 }, { from: 0, to: 2 }, { from: 2, to: 3 }, { from: 6, to: 6.5 }]), [{ from: 0, to: 3 }, { from: 5, to: 7 }]);
  assert.deepEqual(merge([{ from: 0, to: 2 }, { from: 3, to: 4 }], 1), [{ from: 0, to: 4 }]);
  assert.deepEqual(merge([]), []);
});

test('lanes: those who said most first, those who said nothing not at all', () => {
  const timeline = readTimeline(JSON.stringify({
    version: 1, duration: 100, people: [
      { id: 'pa', name: 'Ann', speaking: [[0, 10], [10, 15]], present: [[0, 100]], screen: [] },
      { id: 'pb', name: 'Ben', speaking: [{ from: 20, to: 90 }] },
      { id: 'pc', name: 'Cem', speaking: [], screen: [[30, 40]] },
      { id: 'pd', name: 'Dan' },
    ],
  }));
  assert.equal(timeline.duration, 100);
  assert.equal(timeline.lanes.length, 4);
  const lanes = busyLanes(timeline);
  assert.deepEqual(lanes.map(({ name, speaks }) => [name, total(speaks)]), [['Ben', 70], ['Ann', 15], ['Cem', 0]]);
  assert.deepEqual(lanes[1].speaks, [{ from: 0, to: 15 }]);
});

test('who speaks may also be told as changes', () => {
  const timeline = readTimeline(JSON.stringify({
    duration: 10_000, people: [{ id: 'pa', name: 'Ann' }, { id: 'pb', name: 'Ben' }],
    speakers: [{ t: 0, people: ['pa'] }, { t: 2_000, people: ['pb', 'pa'] }, { t: 4_000, people: [] }, { t: 9_000, people: ['pb'] }],
  }));
  assert.deepEqual(timeline.lanes[0].speaks, [{ from: 0, to: 4_000 }]);
  assert.deepEqual(timeline.lanes[1].speaks, [{ from: 2_000, to: 4_000 }, { from: 9_000, to: 10_000 }]);
});

test('what is not as agreed is passed over', () => {
  for (const text of ['', 'null', '[]', '{}', '{"duration":-1}', '{"duration":"1"}', '{'])
    assert.equal(readTimeline(text), null, text);
  const people = [null, 7, { name: 'Nobody' }, { id: 'pa', name: 7, speaking: [[5, 1], [-1, 2], ['a', 'b'], null, [90, 900], [200, 300]], screen: 'x' }];
  const [lane, ...rest] = readTimeline(JSON.stringify({ duration: 100, people })).lanes;
  assert.deepEqual([lane.name, lane.speaks, lane.screens, rest], ['pa', [{ from: 90, to: 100 }], [], []]);
});

test('loudness of any scale becomes columns and a path', () => {
  assert.deepEqual(readWaveform('{"peaks":[0,0.5,1]}'), [0, 0.5, 1]);
  assert.deepEqual(readWaveform('{"data":[0,-64,128]}'), [0, 0.5, 1]);
  assert.deepEqual(readWaveform('{"peaks":[0,"x",null,255]}').length, 2);
  for (const text of ['', '{}', '{"peaks":7}'])
    assert.deepEqual(readWaveform(text), []);
  assert.deepEqual(columnsOf([0, 1, 0, 0.5], 2), [1, 0.5]);
  assert.deepEqual(columnsOf([0.3], 3), [0.3, 0.3, 0.3]);
  assert.deepEqual(columnsOf([], 3), []);
  assert.equal(waveformPath([1]), 'M50.00 4.0V96.0');
  assert.equal(waveformPath([]), '');
});
