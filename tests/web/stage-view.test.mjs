// stage-view.js: how many pixels of a picture can be seen.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { viewOf } from '../../data/web/app/stage-view.js';

const tile = (source, width, height) => ({ person: 'a', source, rect: { width, height } });
const widths = (tiles, ratio) => viewOf(tiles, ratio).map(({ width }) => width);

test('a camera fills its tile, a screen is shown whole', () => {
  assert.deepEqual(viewOf([tile('main', 320, 180), tile('screen', 320, 400)], 1), [
    { person: 'a', source: 'camera', width: 320 }, { person: 'a', source: 'screen', width: 320 },
  ]);
  assert.deepEqual(widths([tile('main', 160, 200)], 1), [356], 'an upright tile shows a part of a wider picture');
});

test('in pixels of the screen, but not more than anybody sees', () => {
  assert.deepEqual([1, 1.5, 2, 3, 0.5].map(ratio => widths([tile('main', 320, 180)], ratio)[0]), [320, 480, 640, 640, 320]);
});
