// verification.js: who counts as verified by voice, and for how long.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Talk } from '../../data/web/core/group-code.js';
import { signingKey } from '../../data/web/core/reload.js';
import { RotationTalk } from '../../data/web/core/rotation.js';
import { Marks, Verification } from '../../data/web/core/verification.js';
import { FakeClock } from './clock.mjs';

const ROOM = 'abcdefghijkm';
const idOf = letter => `p${letter.repeat(12)}`;
const th = n => new Uint8Array(32).fill(n);

/** A browser: what its page keeps is `key` and `marks`. */
async function person(letter, { key = null, marks = new Marks() } = {}) {
  key ??= await signingKey(null);
  const one = { letter, key, marks, refused: [], changes: 0, rotations: [], told: [], met: [] };
  const rotation = { met: id => one.met.push(id), gone: () => {}, receive: async (id, type) => { one.rotations.push(type); } };
  one.verification = new Verification({ room: ROOM, self: idOf(letter), marks, rotation, changed: () => one.changes++, differs: id => one.told.push(id) });
  return one;
}

/** @param wire may change what is said; null loses it */
function connect(a, b, { transcripts = [th(1), th(1)], wire = (from, type, bytes) => bytes } = {}) {
  const say = (from, to) => (type, bytes) => queueMicrotask(() => {
    const passed = wire(from.letter, type, bytes);
    if (passed)
      to.verification.receive(idOf(from.letter), type, passed);
  });
  a.verification.set(idOf(b.letter), { th: transcripts[0], sign: b.key.raw, send: say(a, b), refuse: ({ id }) => a.refused.push(id) });
  b.verification.set(idOf(a.letter), { th: transcripts[1], sign: a.key.raw, send: say(b, a), refuse: ({ id }) => b.refused.push(id) });
}

/** WebCrypto works in threads, so it takes time, not turns. */
const real = { setTimeout, clearTimeout };
const pause = () => new Promise(resolve => real.setTimeout(resolve, 1));

async function until(condition) {
  for (let i = 0; i < 5_000 && !condition(); i++)
    await pause();
  assert.ok(condition(), String(condition));
}

async function rest() {
  for (let i = 0; i < 60; i++)
    await pause();
}

const byVoice = (one, other) => one.verification.verified(idOf(other.letter));

async function couple() {
  const [a, b] = [await person('a'), await person('b')];
  connect(a, b);
  await until(() => a.verification.code && b.verification.code);
  return [a, b];
}

test('a code that both accept', async () => {
  const [a, b] = await couple();
  assert.deepEqual([a.verification.state, a.verification.code], ['ready', b.verification.code]);
  assert.deepEqual([byVoice(a, b), byVoice(b, a)], [false, false]);
  assert.equal(a.verification.accept(a.verification.code), true);
  assert.deepEqual([byVoice(a, b), byVoice(b, a)], [true, false]);
});

test('a code that was another one when it was read is not accepted', async () => {
  const [a, b] = await couple();
  const code = [...a.verification.code];
  code[6] ^= 1;
  assert.equal(a.verification.accept(code), false);
  a.verification.set(idOf('b'), null);
  assert.equal(a.verification.accept(b.verification.code), false);
  assert.equal(a.marks.kept.length, 0);
});

test('what is about another secret of the link is for somebody else', async () => {
  const [a, b] = await couple();
  for (const type of Object.values(RotationTalk))
    a.verification.receive(idOf('b'), type, new Uint8Array(1));
  await until(() => a.rotations.length === 5);
  assert.deepEqual([a.rotations, a.refused, b.rotations], [[5, 6, 7, 8, 9], [], []]);
  assert.deepEqual(a.met, [idOf('b')]);
  a.verification.receive(idOf('c'), RotationTalk.INTENDED, new Uint8Array(1));
  await rest();
  assert.equal(a.rotations.length, 5, 'of nobody who is not connected');
});

test('nobody to compare with', async () => {
  const a = await person('a');
  assert.deepEqual([a.verification.state, a.verification.code], ['none', null]);
  const [one, other] = await couple();
  one.verification.set(idOf('b'), null);
  await rest();
  assert.deepEqual([one.verification.state, byVoice(one, other)], ['none', false]);
});

test('the mark survives a reload of either side', async () => {
  const [a, b] = await couple();
  a.verification.accept(a.verification.code);
  const reloaded = await person('c', { key: b.key });
  a.verification.set(idOf('b'), null);
  connect(a, reloaded, { transcripts: [th(2), th(2)] });
  await until(() => byVoice(a, reloaded));

  const marks = new Marks();
  marks.take(JSON.parse(JSON.stringify(a.marks.kept)));
  const again = await person('d', { key: a.key, marks });
  connect(again, reloaded, { transcripts: [th(3), th(3)] });
  await until(() => byVoice(again, reloaded));
});

test('somebody who comes is not verified, and the others stay so', async () => {
  const [a, b] = await couple();
  a.verification.accept(a.verification.code);
  const code = a.verification.code.join();
  const c = await person('c');
  connect(a, c, { transcripts: [th(4), th(4)] });
  connect(b, c, { transcripts: [th(5), th(5)] });
  await until(() => [a, b, c].every(({ verification }) => verification.code));
  assert.notEqual(a.verification.code.join(), code);
  assert.deepEqual(new Set([a, b, c].map(({ verification }) => verification.code.join())).size, 1);
  assert.deepEqual([byVoice(a, b), byVoice(a, c)], [true, false]);
});

test('two who say different things of their connection are named after a while, and no longer when they agree', async () => {
  const clock = new FakeClock();
  Object.assign(globalThis, { setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout });
  try {
    const [a, b, c] = [await person('a'), await person('b'), await person('c')];
    connect(a, c, { transcripts: [th(4), th(4)] });
    connect(b, c, { transcripts: [th(5), th(5)] });
    a.verification.set(idOf('b'), { th: th(1), sign: b.key.raw, send: () => {}, refuse: () => {} });
    b.verification.set(idOf('a'), { th: th(2), sign: a.key.raw, send: () => {}, refuse: () => {} });
    await until(() => clock.pending === 1);
    assert.deepEqual([c.verification.state, c.verification.dispute], ['waiting', null]);
    await clock.advance(9_999);
    assert.equal(c.verification.dispute, null);
    await clock.advance(1);
    assert.equal(c.verification.state, 'disputed');
    assert.deepEqual([...c.verification.dispute].sort(), [idOf('a'), idOf('b')]);
    connect(a, b, { transcripts: [th(6), th(6)] });
    await until(() => c.verification.state === 'ready');
    assert.equal(c.verification.dispute, null);
  } finally {
    Object.assign(globalThis, real);
  }
});

test('over another connection nothing of the former one is said', async () => {
  const [a, b] = [await person('a'), await person('b')];
  let current = 0;
  for (let n = 1; n <= 20; n++) {
    current = n;
    connect(a, b, { transcripts: [th(n), th(n)], wire: (from, type, bytes) => (n === current ? bytes : null) });
    if (n < 20)
      await pause();
  }
  await until(() => a.verification.code && a.verification.code.join() === b.verification.code?.join());
  assert.deepEqual([a.refused, b.refused], [[], []]);
});

test('what was said over the connection before is not heard any more', async () => {
  const [a, b] = await couple();
  a.verification.receive(idOf('b'), Talk.ROW, new Uint8Array(3)); // which is malformed
  connect(a, b, { transcripts: [th(9), th(9)] });
  await until(() => a.verification.code && a.verification.code.join() === b.verification.code?.join());
  assert.deepEqual(a.refused, []);
});

test('what was kept is somebody else\'s text until it has been looked at', () => {
  const marks = new Marks();
  for (const kept of [null, 'x', 1, {}, [1, null, 'short', 'x'.repeat(88)]])
    marks.take(kept);
  assert.deepEqual(marks.kept, []);
});

test('it says only what is new, and nothing after the end', async () => {
  const [a] = await couple();
  await rest();
  const before = a.changes;
  a.verification.receive(idOf('z'), Talk.ROW, new Uint8Array(0));
  await rest();
  assert.equal(a.changes, before);
  a.verification.close();
  assert.deepEqual([a.verification.state, a.verification.code], ['none', null]);
});

test('who says that the codes differ is heard by all, who end their pairs with them for it', async () => {
  const [a, b] = await couple();
  const c = await person('c');
  connect(b, c, { transcripts: [th(2), th(2)] });
  connect(a, c, { transcripts: [th(3), th(3)] });
  await until(() => [a, b, c].every(({ verification }) => verification.state === 'ready'));
  const told = b.verification.tellDiffers(600_000);
  await until(() => a.refused.length > 0 && c.refused.length > 0);
  assert.deepEqual([a.refused, c.refused, a.told, c.told, b.refused, b.told], [['link-differs'], ['link-differs'], [idOf('b')], [idOf('b')], [], []]);
  for (const other of [a, c])
    b.verification.set(idOf(other.letter), null); // as their refusal does
  await told; // when all have heard it there is nothing to wait for
});

test('where nobody hears it, it is not waited for long', async () => {
  let lost = false;
  const [a, b] = [await person('a'), await person('b')];
  connect(a, b, { wire: (from, type, bytes) => (lost ? null : bytes) });
  await until(() => a.verification.code && b.verification.code);
  lost = true;
  await a.verification.tellDiffers(30);
  assert.deepEqual([b.refused, b.told], [[], []]);
});

test('it has nothing in it', async () => {
  const [one, other] = await couple();
  one.verification.receive(idOf(other.letter), Talk.DIFFERS, new Uint8Array(1));
  await until(() => one.refused.length === 1);
  assert.deepEqual([one.refused, one.told], [['link-malformed'], []]);
});
