// view.js: what is told, how soon, and what is not told twice.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { View } from '../../data/web/core/view.js';
import { FakeClock } from './clock.mjs';

const tile = (person, width, source = 'camera') => ({ person, source, width });

function make() {
  const clock = new FakeClock();
  const told = [];
  return { clock, told, view: new View(tiles => told.push(tiles), clock) };
}

test('changes within a moment go out as the last of them, and not for ever later', async () => {
  const { clock, told, view } = make();
  for (let i = 0; i < 10; i++) {
    view.show([tile('a', 100 + 16 * i)]);
    await clock.advance(20);
  }
  assert.equal(told.length, 1);
  assert.equal(told[0][0].width, 224);
  await clock.advance(150);
  assert.equal(told.at(-1)[0].width, 256);
  assert.equal(told.length, 2);
});

test('what is told already is not told again, nor a tile that grew a little', async () => {
  const { clock, told, view } = make();
  view.show([tile('a', 321), tile('b', 320.4, 'screen')]);
  await clock.advance(200);
  assert.deepEqual(told, [[tile('a', 336), tile('b', 336, 'screen')]]);
  view.show([tile('a', 330), tile('b', 336, 'screen')]);
  await clock.advance(200);
  assert.equal(told.length, 1);
  view.show([tile('b', 336, 'screen'), tile('a', 330)]);
  await clock.advance(200);
  assert.equal(told.length, 2, 'the order matters');
  view.again();
  assert.equal(told.length, 3);
});

test('never more than the protocol takes, and nothing after the end', async () => {
  const { clock, told, view } = make();
  view.show(Array.from({ length: 100 }, (_, i) => tile(`p${i}`, i === 0 ? 1e9 : 0)));
  await clock.advance(200);
  assert.equal(told[0].length, 64);
  assert.deepEqual([told[0][0].width, told[0][1].width], [7_680, 16]);
  view.show([]);
  view.close();
  await clock.advance(200);
  assert.equal(told.length, 1);
});
