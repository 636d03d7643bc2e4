// backoff.js: soon while something changes, less and less often while nothing does.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from '../../data/web/core/backoff.js';

function make(answers) {
  const waits = [];
  let due = null;
  const clock = {
    setTimeout: (callback, ms) => {
      waits.push(ms);
      due = callback;
      return waits.length;
    },
    clearTimeout: timer => {
      if (timer === waits.length)
        due = null;
    },
  };
  const asked = { n: 0 };
  const backoff = new Backoff(async () => {
    const answer = answers[asked.n++];
    if (answer instanceof Error)
      throw answer;
    return answer;
  }, { first: 100, last: 200 }, clock);
  const turn = async () => {
    await due?.();
    await new Promise(resolve => setImmediate(resolve));
  };
  return { backoff, waits, asked, turn };
}

test('it waits longer while nothing changes, and begins anew when something does', async () => {
  const { backoff, waits, turn } = make([false, false, false, new Error('down'), true, false]);
  backoff.start();
  for (let i = 0; i < 6; i++)
    await turn();
  assert.deepEqual(waits, [100, 150, 200, 200, 200, 100, 150]);
});

test('stopped is stopped, also from within', async () => {
  const { backoff, asked, turn } = make([true, true]);
  backoff.start();
  assert.equal(backoff.running, true);
  backoff.stop();
  assert.equal(backoff.running, false);
  await turn();
  assert.equal(asked.n, 0);
  const other = make([true]);
  const inner = other.backoff;
  inner.start();
  const late = other.turn();
  inner.stop();
  await late;
  assert.equal(other.waits.length, 1);
});
