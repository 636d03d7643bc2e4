// turn.js: new credentials in time, again where that failed, and none after the end.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Turn } from '../../data/web/core/turn.js';

const settled = async () => { for (let i = 0; i < 5; i++) await Promise.resolve(); };

test('at four fifths of the time, again and again', async t => {
  const timers = [];
  t.mock.method(globalThis, 'setTimeout', (callback, ms) => timers.push({ callback, ms }));
  t.mock.method(globalThis, 'clearTimeout', () => {});
  const came = [];
  let fails = false;
  const turn = new Turn(async () => {
    if (fails)
      throw new Error('lost');
    return { servers: [], relay_only: false, expires: came.length };
  }, ice => came.push(ice));
  turn.plan(0);
  assert.equal(timers.length, 0, 'they hold for ever');
  turn.plan(100_000);
  assert.equal(timers[0].ms, 80_000);
  timers[0].callback();
  await settled();
  assert.deepEqual([came.length, timers[1].ms], [1, 80_000]);
  fails = true;
  timers[1].callback();
  await settled();
  assert.deepEqual([came.length, timers[2].ms], [1, 30_000]);
  fails = false;
  timers[2].callback();
  turn.stop();
  await settled();
  assert.deepEqual([came.length, timers.length], [1, 3], 'what comes too late is not taken');
});
