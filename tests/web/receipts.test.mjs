// receipts.js: the newest is kept, in the tab and beside the link, and asked for again while one is in.

import './setup.mjs';
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { KeptLinks } from '../../data/web/core/kept-links.js';
import { parseFragment } from '../../data/web/core/link.js';
import { Receipts } from '../../data/web/core/receipts.js';
import { toBase64url } from '../../data/web/core/bytes.js';
import { FakeStorage } from './storage.mjs';

const ROOM = 'abcdefghijkm';
const real = { setInterval, clearInterval };
afterEach(() => {
  Object.assign(globalThis, real);
  delete globalThis.localStorage;
});

function make(answers = []) {
  const storage = new FakeStorage();
  const asked = [];
  const ticks = new Set();
  globalThis.setInterval = (tick, ms) => {
    ticks.add(tick);
    tick.ms = ms;
    return tick;
  };
  globalThis.clearInterval = tick => ticks.delete(tick);
  const receipts = new Receipts({
    room: ROOM, storage, ask: async () => {
      asked.push(1);
      const answer = answers.shift();
      if (!answer)
        throw new Error('no answer');
      return answer;
    },
  });
  return { receipts, storage, asked, ticks };
}

test('the newest counts, and what is none does not', () => {
  globalThis.localStorage = new FakeStorage();
  const { receipts } = make();
  assert.deepEqual([receipts.newest, receipts.shown], [null, {}]);
  receipts.take({ receipt: 'one' });
  assert.deepEqual(receipts.shown, { receipt: 'one' });
  receipts.take({});
  receipts.take({ receipt: 7 });
  assert.equal(receipts.newest, 'one');
});

test('where the link is kept it is kept with it, for the tab that opens the link next', () => {
  globalThis.localStorage = new FakeStorage();
  const kept = new KeptLinks();
  kept.add(parseFragment(ROOM, toBase64url(new Uint8Array(32).fill(1))), { kind: 'otr', title: 'T', owner: '', receipt: 'first' });
  assert.equal(make().receipts.newest, 'first');
  make().receipts.take({ receipt: 'second' });
  assert.equal(make().receipts.newest, 'second');
  kept.remove(ROOM);
  make().receipts.take({ receipt: 'third' });
  assert.equal(make().receipts.newest, null);
});

test('while one is in there is a new one every ten minutes, and after each change of the link', async () => {
  globalThis.localStorage = new FakeStorage();
  const { receipts, asked, ticks } = make([{ receipt: 'two' }, { receipt: 'three' }]);
  await receipts.renew();
  assert.equal(asked.length, 0, 'not before');
  receipts.begin({ receipt: 'one' });
  const [tick] = ticks;
  assert.equal(tick.ms, 600_000);
  await tick();
  await new Promise(resolve => setImmediate(resolve));
  assert.equal(receipts.newest, 'two');
  await receipts.renew();
  assert.equal(receipts.newest, 'three');
  await receipts.renew();
  assert.equal(receipts.newest, 'three', 'no answer: the one before');
  receipts.begin({ receipt: 'four' });
  assert.equal(ticks.size, 1);
  receipts.stop();
  assert.equal(ticks.size, 0);
  await receipts.renew();
  assert.equal(asked.length, 3);
});

test('a room that the server knows in any case needs none', () => {
  globalThis.localStorage = new FakeStorage();
  const { receipts, ticks } = make();
  receipts.begin({});
  assert.deepEqual([receipts.newest, ticks.size], [null, 0]);
});
