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
    version: 1, duration: 100,
    people: [{ person: 'pa', name: 'Ann' }, { person: 'pb', name: 'Ben' }, { person: 'pc', name: 'Cem' }, { person: 'pd', name: '' }],
    speakers: [{ person: 'pa', from: 0, to: 10 }, { person: 'pa', from: 10, to: 15 }, { person: 'pb', from: 20.5, to: 90.5 }],
    shares: [{ person: 'pc', from: 30, to: 40 }],
  }));
  assert.equal(timeline.duration, 100);
  assert.deepEqual(timeline.lanes.map(({ name }) => name), ['Ann', 'Ben', 'Cem', 'pd']);
  const lanes = busyLanes(timeline);
  assert.deepEqual(lanes.map(({ name, speaks }) => [name, total(speaks)]), [['Ben', 70], ['Ann', 15], ['Cem', 0]]);
  assert.deepEqual([lanes[1].speaks, lanes[2].screens], [[{ from: 0, to: 15 }], [{ from: 30, to: 40 }]]);
});

test('what is not as agreed is passed over', () => {
  for (const text of ['', 'null', '[]', '{}', '{"duration":-1}', '{"duration":"1"}', '{'])
    assert.equal(readTimeline(text), null, text);
  const people = [null, 7, { name: 'Nobody' }, { person: 'pa', name: 7 }];
  const speakers = [[5, 1], [-1, 2], ['a', 'b'], null, [90, 900], [200, 300], [50, undefined]].map(span => span && { person: 'pa', from: span[0], to: span[1] });
  const [lane, ...rest] = readTimeline(JSON.stringify({ duration: 100, people, speakers: [...speakers, { person: 'px', from: 1, to: 2 }], shares: 'x' })).lanes;
  assert.deepEqual([lane.name, lane.speaks, lane.screens, rest], ['pa', [{ from: 90, to: 100 }], [], []]);
});

test('loudness becomes columns and a path', () => {
  assert.deepEqual(readWaveform('{"max":100,"mix":[0,50,100,700]}'), [0, 0.5, 1, 1]);
  assert.deepEqual(readWaveform('{"max":255,"mix":[0,"x",null,-3]}'), [0, 0, 0, 0]);
  for (const text of ['', '{}', '{"mix":7}'])
    assert.deepEqual(readWaveform(text), []);
  assert.deepEqual(columnsOf([0, 1, 0, 0.5], 2), [1, 0.5]);
  assert.deepEqual(columnsOf([0.3], 3), [0.3, 0.3, 0.3]);
  assert.deepEqual(columnsOf([], 3), []);
  assert.equal(waveformPath([1]), 'M50.00 4.0V96.0');
  assert.equal(waveformPath([]), '');
});
