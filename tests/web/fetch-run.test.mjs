// fetch-run.js: one document from one person, who may give it, give half of it, or give something else.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FetchRun } from '../../data/web/core/fetch-run.js';
import { Files, MAX_PART } from '../../data/web/core/file-messages.js';
import { Lender } from '../../data/web/core/lender.js';
import { PIECE, rootOf, sumsOf } from '../../data/web/core/pieces.js';
import { FakeStore, bytesOf, fileOf, turns, until, way } from './fake-files.mjs';

const BYTES = bytesOf(2 * PIECE + 17);
const LONG = bytesOf(6 * PIECE + 17);

/** A run against a lender; `change` alters what the lender says, `heard` sees what it is asked. */
async function begin({ bytes = BYTES, change, store = new FakeStore() } = {}) {
  const file = fileOf(bytes);
  const sums = await sumsOf(file, () => true);
  const wanted = { document: 'doc', bytes: bytes.length, root: await rootOf(bytes.length, sums), kept: 0, received: 0, sums: null, place: await store.open() };
  const clock = { now: 0 };
  const next = (transfer = 1) => {
    const lender = new Lender();
    lender.add('doc', file, sums);
    let run = null;
    const back = way(message => run.receive(message), change);
    const there = way(message => lender.receive('me', message));
    lender.join('me', back.send);
    const progress = [];
    run = new FetchRun({ wanted, transfer, send: there.send, now: () => clock.now, onProgress: () => progress.push(wanted.received) });
    return { run, lender, there, back, progress };
  };
  return { ...next(), next, wanted, clock, store, file };
}

const asked = ({ sent }) => sent.filter(({ type }) => type === Files.WANT).map(({ piece }) => piece);
const placed = ({ place }) => Buffer.concat(place.parts);

test('it comes whole, a few pieces asked for ahead', async () => {
  const { run, lender, there, wanted, progress } = await begin({ bytes: LONG });
  const ended = run.run();
  await until(() => asked(there).length > 0);
  await turns(2);
  assert.ok(asked(there).length <= 5, 'not all at once');
  assert.equal(await ended, 'whole');
  assert.deepEqual(asked(there), [0, 1, 2, 3, 4, 5, 6]);
  assert.ok(placed(wanted).equals(Buffer.from(LONG)));
  assert.deepEqual([wanted.kept, wanted.received, progress.at(-1)], Array(3).fill(LONG.length));
  assert.ok(progress.every((n, i) => i === 0 || n > progress[i - 1]));
  assert.equal(there.sent.at(-1).type, Files.STOP);
  await turns();
  assert.deepEqual(lender.loans, []);
});

for (const length of [0, 1, PIECE, PIECE + 1, 2 * PIECE])
  test(`a file of ${length} bytes`, async () => {
    const bytes = bytesOf(length);
    const { run, wanted } = await begin({ bytes });
    assert.equal(await run.run(), 'whole');
    assert.ok(placed(wanted).equals(Buffer.from(bytes)));
  });

/** What a hostile person does to the message number `n`. */
const nth = (type, n, alter) => {
  let count = 0;
  return message => (message.type === type && count++ === n ? alter(message) : [message]);
};

const HOSTILE = {
  'other sums': nth(Files.SUMS, 0, message => [{ ...message, sums: Uint8Array.from(message.sums, byte => byte ^ 1) }]),
  'a sum too many': nth(Files.SUMS, 0, message => [{ ...message, sums: Uint8Array.of(...message.sums, ...new Uint8Array(32)) }]),
  'no sums': nth(Files.SUMS, 0, message => [{ ...message, sums: new Uint8Array(0) }]),
  'parts before the sums': nth(Files.SUMS, 0, message => [{ type: Files.PART, transfer: message.transfer, offset: 0, bytes: bytesOf(10) }]),
  'one bit changed': nth(Files.PART, 20, message => [{ ...message, bytes: Uint8Array.from(message.bytes, (byte, i) => (i === 5 ? byte ^ 1 : byte)) }]),
  'a wrong offset': nth(Files.PART, 3, message => [{ ...message, offset: message.offset + 1 }]),
  'an offset of before': nth(Files.PART, 3, message => [{ ...message, offset: 0 }]),
  'a part twice': nth(Files.PART, 2, message => [message, message]),
  'a part left out': nth(Files.PART, 2, () => []),
  'a piece too long': nth(Files.PART, 16, message => [{ ...message, bytes: bytesOf(MAX_PART) }]),
  'more than was asked for': message => (message.type === Files.PART && message.offset === 0
    ? Array.from({ length: 200 }, (_, i) => ({ ...message, offset: i * MAX_PART })) : [message]),
};

for (const [what, change] of Object.entries(HOSTILE))
  test(`${what}: it ends, and nothing false was kept`, async () => {
    const { run, wanted } = await begin({ change });
    assert.equal(await run.run(), 'false');
    assert.ok(placed(wanted).equals(Buffer.from(BYTES.subarray(0, wanted.kept))));
    assert.ok(wanted.kept < BYTES.length);
  });

test('of one who sends without end no more than a piece is held', async () => {
  const { run, there, wanted, lender } = await begin({ change: message => (message.type === Files.SUMS ? [message] : []) });
  const ended = run.run();
  await until(() => asked(there).length > 0);
  for (let i = 0; i < 100; i++)
    run.receive({ type: Files.PART, transfer: 1, offset: i * MAX_PART, bytes: new Uint8Array(MAX_PART) });
  assert.equal(await ended, 'false');
  assert.equal(wanted.kept, 0);
  lender.clear();
});

test('what is of another transfer, or comes when it is over, is passed over', async () => {
  const { run, wanted } = await begin();
  const ended = run.run();
  run.receive({ type: Files.PART, transfer: 2, offset: 99, bytes: bytesOf(1) });
  run.receive({ type: Files.HAVE, documents: [] });
  assert.equal(await ended, 'whole');
  run.receive({ type: Files.PART, transfer: 1, offset: 0, bytes: bytesOf(1) });
  assert.equal(wanted.received, BYTES.length);
});

test('cut at any piece, and in the middle of one: somebody else goes on behind what is kept', async () => {
  for (let n = 0; n <= 3; n++) {
    for (const middle of [0, MAX_PART]) {
      const { run, next, wanted, back, there } = await begin();
      const ended = run.run();
      await until(() => wanted.received >= Math.min(n * PIECE + middle, BYTES.length));
      back.open = there.open = false;
      run.end('lost');
      assert.ok(['lost', 'whole'].includes(await ended));
      const { kept } = wanted;
      assert.equal(wanted.received, kept, 'and nothing else is shown');
      assert.ok(placed(wanted).equals(Buffer.from(BYTES.subarray(0, kept))), 'what is kept is what it says');
      assert.ok(kept === BYTES.length || kept % PIECE === 0);
      const second = next(2);
      assert.equal(wanted.received, kept);
      assert.equal(await second.run.run(), 'whole');
      assert.equal(asked(second.there)[0], kept === BYTES.length ? undefined : kept / PIECE, 'not from the beginning');
      assert.ok(placed(wanted).equals(Buffer.from(BYTES)));
    }
  }
});

test('what was being put away when it was cut is kept, once', async () => {
  const { run, next, wanted } = await begin();
  const append = wanted.place.append;
  let finish = null;
  wanted.place.append = async bytes => {
    await new Promise(resolve => {
      finish = resolve;
    });
    return append(bytes);
  };
  const ended = run.run();
  await until(() => finish !== null);
  run.end('lost');
  wanted.place.append = append;
  finish();
  assert.equal(await ended, 'lost');
  assert.equal(wanted.kept, PIECE);
  assert.equal(await next(2).run.run(), 'whole');
  assert.ok(placed(wanted).equals(Buffer.from(BYTES)));
});

test('no room: it ends', async () => {
  const store = new FakeStore();
  store.room = PIECE;
  const { run } = await begin({ store });
  assert.equal(await run.run(), 'full');
});

test('who does not answer is waited for, but not for ever; who does may take long', async () => {
  const mute = await begin({ change: () => [] });
  const ended = mute.run.run();
  mute.clock.now = 29_000;
  mute.run.check();
  await turns();
  assert.ok(!mute.there.sent.some(({ type }) => type === Files.STOP));
  mute.clock.now = 31_000;
  mute.run.check();
  assert.equal(await ended, 'lost');

  const slow = await begin({ change: message => {
    slow.clock.now += 10_000;
    slow.run.check();
    return [message];
  } });
  assert.equal(await slow.run.run(), 'whole');
});

test('they have it no more: it ends', async () => {
  const { run, lender, wanted } = await begin();
  const ended = run.run();
  await until(() => wanted.received > PIECE);
  lender.remove('doc');
  assert.equal(await ended, 'lost');
});

test('it takes the memory of a few pieces, however long the file', async () => {
  const { run, wanted } = await begin({ bytes: LONG });
  const { append } = wanted.place;
  const buffers = new Set(), parts = [];
  wanted.place.append = bytes => {
    buffers.add(bytes.buffer);
    return append(bytes);
  };
  const receive = run.receive.bind(run);
  run.receive = message => {
    receive(message);
    if (message.type === Files.PART)
      parts.push(message.bytes);
  };
  assert.equal(await run.run(), 'whole');
  assert.ok(placed(wanted).equals(Buffer.from(LONG)));
  assert.ok(buffers.size < 7, `${buffers.size} for 7 pieces`);
  assert.ok(parts.length > 90 && parts.every(({ length }) => length === 0));
});
