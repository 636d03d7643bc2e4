// group-code.js: everybody sees the same code; who is between two sees to it that they do not, and gets one guess.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat } from '../../data/web/core/bytes.js';
import { GroupCode, Talk, commitTo, composeRow, parseRow } from '../../data/web/core/group-code.js';

const ROOM = 'abcdefghijkm';
const idOf = letter => `p${letter.repeat(12)}`;
const th = n => new Uint8Array(32).fill(n);

/** People by letters, and what one says to another; `wire(from, to, type, bytes)` may change it, null loses it. Nothing overlaps. */
function meeting({ wire = (from, to, type, bytes) => bytes } = {}) {
  const all = new Map();
  const log = [];
  const failures = [];
  let queue = Promise.resolve();
  const enqueue = task => queue = queue.then(task);
  const enter = letter => {
    const group = new GroupCode({
      room: ROOM,
      self: idOf(letter),
      send: (to, type, bytes) => {
        const other = to[1];
        log.push(`${letter}${other}${type}`);
        const passed = wire(letter, other, type, bytes);
        if (passed)
          enqueue(() => all.get(other)?.receive(idOf(letter), type, passed).catch(({ message }) => void failures.push(`${other}: ${message}`)));
      },
    });
    all.set(letter, group);
  };
  /** The connection of two people, whose ends may differ. */
  const connect = (a, b, ofA = th(a.charCodeAt(0) + b.charCodeAt(0)), ofB = ofA) => {
    enqueue(() => all.get(a).setPair(idOf(b), ofA));
    enqueue(() => all.get(b).setPair(idOf(a), ofB));
  };
  const part = (a, b) => {
    enqueue(() => all.get(a)?.setPair(idOf(b), null));
    enqueue(() => all.get(b)?.setPair(idOf(a), null));
  };
  const rest = async () => {
    for (let before = null; before !== queue;)
      await (before = queue);
  };
  const receive = (to, from, type, bytes) => all.get(to).receive(idOf(from), type, bytes);
  return { all, log, failures, enter, connect, part, rest, receive, codes: () => [...all.values()].map(({ code }) => code?.join() ?? null) };
}

/** Everybody with everybody. */
async function full(letters, options) {
  const now = meeting(options);
  [...letters].forEach(now.enter);
  [...letters].forEach((a, i) => [...letters].slice(i + 1).forEach(b => now.connect(a, b)));
  await now.rest();
  return now;
}

test('everybody has the same code', async () => {
  for (const letters of ['ab', 'abc', 'abcdefgh']) {
    const now = await full(letters);
    const codes = now.codes();
    assert.match(codes[0], /^\d+(,\d+){6}$/);
    assert.deepEqual(new Set(codes).size, 1, letters);
    assert.deepEqual(now.failures, []);
  }
});

test('two meetings of the same people have different codes', async () => {
  const [one, other] = [await full('ab'), await full('ab')];
  assert.notEqual(one.codes()[0], other.codes()[0]);
});

test('all commit before any reveals', async () => {
  for (const letters of ['ab', 'abcd']) {
    const heard = new Map();
    let revealed = 0;
    await full(letters, {
      wire: (from, to, type, bytes) => {
        const epoch = bytes.slice(0, 32).join();
        if (type === Talk.COMMIT)
          heard.set(`${epoch} ${from}${to}`, true);
        if (type === Talk.REVEAL) {
          revealed++;
          for (const other of letters.replace(from, ''))
            assert.ok(heard.has(`${epoch} ${other}${from}`), `${from} reveals without the commit of ${other}`);
        }
        return bytes;
      },
    });
    assert.ok(revealed >= letters.length * (letters.length - 1));
  }
});

test('without the commit of everybody nobody reveals', async () => {
  const now = await full('abc', { wire: (from, to, type, bytes) => (type === Talk.COMMIT && from === 'a' && to === 'b' ? null : bytes) });
  assert.ok(now.log.some(entry => entry.startsWith('b') && entry.endsWith(Talk.COMMIT)));
  assert.ok(!now.log.some(entry => entry.startsWith('b') && entry.endsWith(Talk.REVEAL)));
  assert.equal(now.all.get('b').code, null);
});

test('who comes, goes or connects anew: another code, for all the same', async () => {
  const now = await full('abc');
  const seen = new Set(now.codes());
  now.enter('d');
  'abc'.split('').forEach(letter => now.connect('d', letter));
  await now.rest();
  seen.add(now.codes()[0]);
  assert.equal(new Set(now.codes()).size, 1);
  now.all.delete('d');
  'abc'.split('').forEach(letter => now.part('d', letter));
  await now.rest();
  seen.add(now.codes()[0]);
  assert.equal(new Set(now.codes()).size, 1);
  now.part('a', 'b');
  await now.rest();
  assert.deepEqual(now.codes(), [null, null, null]);
  now.connect('a', 'b', th(1));
  await now.rest();
  seen.add(now.codes()[0]);
  assert.equal(new Set(now.codes()).size, 1);
  assert.equal(seen.size, 4);
  assert.ok(!seen.has(null));
});

test('an epoch that was there before has another nonce and another code', async () => {
  const nonces = new Set();
  const now = await full('ab', { wire: (from, to, type, bytes) => (type === Talk.REVEAL && nonces.add(bytes.slice(32).join()), bytes) });
  const before = now.codes()[0];
  now.enter('c');
  now.connect('c', 'a');
  now.connect('c', 'b');
  await now.rest();
  now.all.delete('c');
  now.part('c', 'a');
  now.part('c', 'b');
  await now.rest();
  assert.notEqual(now.codes()[0], before);
  assert.equal(nonces.size, 2 + 3 + 2);
});

test('while somebody is not connected to everybody there is no code', async () => {
  const now = await full('abc');
  const commits = () => now.log.filter(entry => entry.endsWith(Talk.COMMIT)).length;
  const before = commits();
  now.part('a', 'c');
  await now.rest();
  assert.deepEqual(now.codes(), [null, null, null]);
  assert.equal(commits(), before, 'nobody begins');
  assert.deepEqual([...now.all.values()].map(({ dispute }) => dispute), [null, null, null]);
});

test('somebody between two of two: each has a code, and they differ', async () => {
  // M sits between a and b, with the link: towards each an honest person, with whom it has another transcript.
  const now = meeting();
  ['a', 'b'].forEach(now.enter);
  const left = new GroupCode({ room: ROOM, self: idOf('b'), send: (to, type, bytes) => queue.push(() => now.receive('a', 'b', type, bytes)) });
  const right = new GroupCode({ room: ROOM, self: idOf('a'), send: (to, type, bytes) => queue.push(() => now.receive('b', 'a', type, bytes)) });
  const queue = [];
  const pass = { a: left, b: right };
  const [a, b] = ['a', 'b'].map(letter => new GroupCode({
    room: ROOM, self: idOf(letter), send: (to, type, bytes) => queue.push(() => pass[letter].receive(idOf(letter), type, bytes)),
  }));
  now.all.set('a', a);
  now.all.set('b', b);
  await a.setPair(idOf('b'), th(1));
  await left.setPair(idOf('a'), th(1));
  await b.setPair(idOf('a'), th(2));
  await right.setPair(idOf('b'), th(2));
  while (queue.length > 0)
    await queue.shift()();
  assert.ok(a.code && b.code);
  assert.deepEqual([a.code, b.code], [left.code, right.code]);
  assert.notDeepEqual(a.code, b.code);
});

test('somebody between two of three: the third one finds it, and there is no code', async () => {
  const now = meeting({ wire: (from, to, type, bytes) => ('ab'.includes(from) && 'ab'.includes(to) ? null : bytes) });
  'abc'.split('').forEach(now.enter);
  now.connect('a', 'c');
  now.connect('b', 'c');
  now.connect('a', 'b', th(1), th(2));
  await now.rest();
  assert.deepEqual(now.codes(), [null, null, null]);
  assert.deepEqual([...now.all.get('c').dispute].sort(), [idOf('a'), idOf('b')]);
  assert.deepEqual(now.failures, []);
});

test('a row that does not have the own transcript', async () => {
  const now = await full('ab');
  const row = (entries, version = 9) => composeRow({ version, pairs: new Map(entries) });
  await assert.rejects(now.receive('a', 'b', Talk.ROW, row([[idOf('a'), th(7)]])), { message: 'link-code' });
  await assert.rejects(now.receive('a', 'b', Talk.ROW, row([[idOf('c'), th(7)]])), { message: 'link-code' });
});

test('a row of before', async () => {
  let first;
  const now = await full('ab', { wire: (from, to, type, bytes) => (type === Talk.ROW && from === 'b' && (first = bytes), bytes) });
  await assert.rejects(now.receive('a', 'b', Talk.ROW, first), { message: 'link-order' });
});

test('a reveal that is not what was committed to', async () => {
  const now = await full('ab', { wire: (from, to, type, bytes) => (type === Talk.REVEAL && from === 'b' ? bytes.fill(3, 32) : bytes) });
  assert.deepEqual(now.failures, ['a: link-code']);
  assert.equal(now.all.get('a').code, null);
});

test('a commit that is sent back to whom it came from does not open', async () => {
  const own = {};
  const now = await full('ab', {
    wire: (from, to, type, bytes) => {
      if (from === 'a')
        own[type] = bytes;
      return from === 'b' && type !== Talk.ROW ? null : bytes;
    },
  });
  await now.receive('a', 'b', Talk.COMMIT, own[Talk.COMMIT]);
  assert.ok(own[Talk.REVEAL]);
  await assert.rejects(now.receive('a', 'b', Talk.REVEAL, own[Talk.REVEAL]), { message: 'link-code' });
  assert.equal(now.all.get('a').code, null);
});

test('commits and reveals out of order', async () => {
  const said = {};
  const now = await full('ab', { wire: (from, to, type, bytes) => (from === 'b' && (said[type] = bytes), bytes) });
  await assert.rejects(now.receive('a', 'b', Talk.COMMIT, said[Talk.COMMIT]), { message: 'link-order' });
  await assert.rejects(now.receive('a', 'b', Talk.REVEAL, said[Talk.REVEAL]), { message: 'link-order' });
  const fresh = meeting();
  ['a', 'b'].forEach(fresh.enter);
  fresh.connect('a', 'b');
  await assert.rejects(async () => {
    await fresh.rest();
    await fresh.receive('a', 'b', Talk.REVEAL, new Uint8Array(64));
  }, { message: 'link-order' });
});

test('who has seen a nonce commits to no other one for its epoch', async () => {
  // B keeps their own reveal back, and would choose what A's code comes of.
  let epoch;
  let seen = null;
  const now = await full('ab', {
    wire: (from, to, type, bytes) => {
      if (from === 'a' && type === Talk.REVEAL)
        [epoch, seen] = [bytes.slice(0, 32), bytes.slice(32)];
      return from === 'b' && type === Talk.REVEAL ? null : bytes;
    },
  });
  assert.ok(seen);
  await now.receive('a', 'b', Talk.COMMIT, concat(th(8), th(9))); // of an epoch that there is not
  await assert.rejects(async () => now.receive('a', 'b', Talk.COMMIT, concat(epoch, await commitTo(epoch, idOf('b'), seen))), { message: 'link-order' });
  assert.equal(now.all.get('a').code, null);
});

test('hostile bodies', async () => {
  const now = await full('ab');
  const row = composeRow({ version: 9, pairs: new Map([[idOf('a'), th(1)], [idOf('c'), th(2)]]) });
  const twice = Uint8Array.from(row);
  twice.copyWithin(5 + 45, 5, 5 + 13);
  const nobody = Uint8Array.from(row);
  nobody[5] = 0xff;
  const many = Uint8Array.from(row);
  many[4] = 33;
  for (const bytes of [new Uint8Array(0), new Uint8Array(4), row.slice(0, -1), twice, nobody, many]) {
    assert.throws(() => parseRow(bytes), { message: 'link-malformed' });
    await assert.rejects(now.receive('a', 'b', Talk.ROW, bytes), { message: 'link-malformed' });
  }
  for (const type of [Talk.COMMIT, Talk.REVEAL, 99])
    await assert.rejects(now.receive('a', 'b', type, new Uint8Array(63)), { message: 'link-malformed' });
  await now.receive('a', 'z', Talk.ROW, new Uint8Array(0)); // of nobody whom one is connected to: passed over
  assert.deepEqual(parseRow(row).pairs, new Map([[idOf('a'), th(1)], [idOf('c'), th(2)]]));
});

test('a commitment is of one person, one epoch, one nonce', async () => {
  const base = [th(1), idOf('a'), th(2)];
  const all = [base, [th(3), idOf('a'), th(2)], [th(1), idOf('b'), th(2)], [th(1), idOf('a'), th(4)]];
  assert.equal(new Set(await Promise.all(all.map(async values => (await commitTo(...values)).join()))).size, 4);
});
