// sealed-channel.js: messages of all sizes over a pair of wires, what a hostile wire does to records, and waiting for room.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { equal } from '../../data/web/core/bytes.js';
import { Channel, LONG_RECORD, MAX_MESSAGE, SealedChannel, channelKeys } from '../../data/web/core/sealed-channel.js';
import { FakeWire, wires } from './fake-wire.mjs';

const PAIR = { sJ: new Uint8Array(32).fill(1), sP: new Uint8Array(32).fill(2), th: new Uint8Array(32).fill(3) };
const ends = async (id = Channel.MODEL) => ({ J: await channelKeys('J', PAIR, id), P: await channelKeys('P', PAIR, id) });
const bytesOf = (length, seed = 7) => Uint8Array.from({ length }, (_, i) => (i * 31 + seed) & 0xff);

/** Two ends of a channel, and what came out of each. */
async function channels({ keys = ends(), change, record } = {}) {
  const [a, b] = wires(change);
  const J = new SealedChannel(a, keys.then(({ J: of }) => of), record);
  const P = new SealedChannel(b, keys.then(({ P: of }) => of), record);
  const came = { J: [], P: [], closed: [] };
  J.addEventListener('message', ({ detail }) => came.J.push(detail));
  P.addEventListener('message', ({ detail }) => came.P.push(detail));
  J.addEventListener('close', ({ detail }) => came.closed.push(['J', detail?.id ?? null]));
  P.addEventListener('close', ({ detail }) => came.closed.push(['P', detail?.id ?? null]));
  return { J, P, a, b, came };
}

/** Time for what must not happen. */
const settle = () => new Promise(resolve => setTimeout(resolve, 20));

async function until(condition) {
  while (!condition())
    await new Promise(resolve => setImmediate(resolve));
}

test('messages come whole, in order, in both directions, whatever their size', async () => {
  const { J, P, came } = await channels();
  const sizes = [0, 1, 16 * 1024 - 21, 16 * 1024 - 20, 40_000, MAX_MESSAGE];
  const sent = await Promise.all(sizes.map((size, i) => J.send(i + 1, bytesOf(size, i))));
  assert.ok(sent.every(Boolean));
  assert.equal(await P.send(127, bytesOf(5)), true);
  await until(() => came.P.length === sizes.length && came.J.length === 1);
  assert.deepEqual(came.P.map(({ type, bytes }) => [type, bytes.length]), sizes.map((size, i) => [i + 1, size]));
  assert.ok(came.P.every(({ bytes }, i) => equal(bytes, bytesOf(sizes[i], i))));
  assert.deepEqual(came.J, [{ type: 127, bytes: bytesOf(5) }]);
  assert.deepEqual(came.closed, []);
});

test('nothing of a message can be read on its way, and no record is larger than 16 KiB', async () => {
  const seen = [];
  const { J } = await channels({ change: records => (seen.push(...records), records) });
  await J.send(1, new TextEncoder().encode('a secret text '.repeat(3000)));
  assert.equal(seen.length, 3);
  assert.ok(seen.every(record => record.length <= 16 * 1024));
  assert.ok(!seen.some(record => Buffer.from(record).includes('secret')));
});

test('where files go a message is one record', async () => {
  const seen = [];
  const { J, came } = await channels({ record: LONG_RECORD, change: records => (seen.push(...records), records) });
  await J.send(1, bytesOf(MAX_MESSAGE));
  await until(() => came.P.length === 1);
  assert.deepEqual(seen.map(({ length }) => length), [LONG_RECORD]);
  const other = await channels();
  other.b.onmessage({ data: new ArrayBuffer(LONG_RECORD) });
  assert.deepEqual(other.came.closed.at(0), ['P', 'link-malformed'], 'and nowhere else');
});

test('each channel and each direction has its own keys', async () => {
  const all = await Promise.all([0, 1, 2].map(id => channelKeys('J', PAIR, id)));
  const hex = all.flatMap(({ mine, theirs }) => [mine, theirs]).map(key => Buffer.from(key).toString('hex'));
  assert.equal(new Set(hex).size, 6);
  const P = await channelKeys('P', PAIR, 1);
  assert.ok(equal(P.mine, all[1].theirs) && equal(P.theirs, all[1].mine));
});

const HOSTILE = {
  'a record twice': records => [...records, ...records],
  'a record left out': (() => {
    let n = 0;
    return records => (++n === 1 ? [] : records);
  })(),
  'one bit changed': ([record]) => [record.map((byte, i) => (i === record.length - 1 ? byte ^ 1 : byte))],
  'another type': ([record]) => [record.map((byte, i) => (i === 0 ? byte ^ 2 : byte))],
  'the bit that says more': ([record]) => [record.map((byte, i) => (i === 0 ? byte ^ 0x80 : byte))],
};

for (const [what, change] of Object.entries(HOSTILE)) {
  test(`${what}: the channel ends, and nothing more is taken`, async () => {
    const { J, P, came } = await channels({ change });
    await J.send(1, bytesOf(10));
    await J.send(1, bytesOf(10));
    await until(() => came.closed.length > 0);
    assert.ok(came.P.length <= 1);
    assert.deepEqual(came.closed.find(([end]) => end === 'P'), ['P', 'link-sealed']);
    assert.equal(P.open, false);
    assert.equal(await P.send(1, bytesOf(1)), false);
  });
}

test('what one sent oneself, and what is of another channel, is not taken', async () => {
  for (const from of [(await ends()).P, (await ends(Channel.FILES)).J]) {
    const [a, b] = wires();
    const closed = [];
    const P = new SealedChannel(b, ends().then(keys => keys.P));
    P.addEventListener('message', () => assert.fail('taken'));
    P.addEventListener('close', ({ detail }) => closed.push(detail.id));
    await new SealedChannel(a, Promise.resolve(from)).send(1, bytesOf(3));
    await until(() => closed.length > 0);
    assert.deepEqual(closed, ['link-sealed']);
  }
});

test('texts, long records and messages without an end close it', async () => {
  for (const hostile of ['text', new ArrayBuffer(16 * 1024 + 1)]) {
    const { b, came } = await channels();
    b.onmessage({ data: hostile });
    assert.deepEqual(came.closed.at(0), ['P', 'link-malformed']);
  }
  const endless = { change: ([record]) => [record] };
  const { a, came } = await channels(endless);
  const { Sealer } = await import('../../data/web/core/sealed.js');
  const { J } = await ends();
  const sealer = new Sealer(J.mine, J.th);
  for (let i = 0; i < 5; i++)
    a.send(await sealer.seal(0x81, bytesOf(16_000)));
  await until(() => came.closed.length > 0);
  assert.deepEqual(came.closed.at(0), ['P', 'link-malformed']);
});

test('nor is there room for parts without a byte', async () => {
  const { a, came } = await channels({ change: ([record]) => [record] });
  const { Sealer } = await import('../../data/web/core/sealed.js');
  const { J } = await ends();
  a.send(await new Sealer(J.mine, J.th).seal(0x81, bytesOf(0)));
  await until(() => came.closed.length > 0);
  assert.deepEqual(came.closed.at(0), ['P', 'link-malformed']);
});

test('records are opened ahead, in their order; after one that does not open nothing more is', async () => {
  const { Opener, Sealer } = await import('../../data/web/core/sealed.js');
  const { J } = await ends();
  const sealer = new Sealer(J.mine, J.th);
  const records = await Promise.all([1, 2, 3, 4].map(type => sealer.seal(type, bytesOf(9))));
  const opener = new Opener(J.mine, J.th);
  const opened = await Promise.all(records.slice(0, 2).map(record => opener.open(record)));
  assert.deepEqual(opened.map(({ type }) => type), [1, 2]);
  const changed = Uint8Array.from(records[2]);
  changed[9] ^= 1;
  await assert.rejects(opener.open(changed), { id: 'link-sealed' });
  await assert.rejects(opener.open(records[2]), { id: 'link-sealed' });
  await assert.rejects(opener.open(records[3]), { id: 'link-sealed' });
});

test('what comes before the other was confirmed waits, and not without end', async () => {
  let confirm;
  const keys = new Promise(resolve => {
    confirm = resolve;
  });
  const { J, P, came } = await channels({ keys });
  const [a, b] = wires();
  const early = new SealedChannel(a, ends().then(of => of.J));
  const late = new SealedChannel(b, keys.then(of => of.P));
  late.addEventListener('message', ({ detail }) => came.P.push(detail));
  await early.send(9, bytesOf(4));
  await settle();
  assert.deepEqual(came.P, []);
  confirm(await ends());
  await until(() => came.P.length > 0);
  assert.deepEqual(came.P, [{ type: 9, bytes: bytesOf(4) }]);
  J.close();
  P.close();

  const flooded = await channels({ keys: new Promise(() => {}) });
  for (let i = 0; i <= 1024; i++)
    flooded.b.onmessage({ data: new ArrayBuffer(30) });
  assert.deepEqual(flooded.came.closed.at(0), ['P', 'link-malformed']);
  const large = await channels({ keys: new Promise(() => {}), record: LONG_RECORD });
  for (let i = 0; i < 255; i++)
    large.b.onmessage({ data: new ArrayBuffer(LONG_RECORD) });
  assert.deepEqual(large.came.closed, []);
  large.b.onmessage({ data: new ArrayBuffer(LONG_RECORD) });
  assert.deepEqual(large.came.closed.at(0), ['P', 'link-malformed']);
});

test('who sends faster than the network takes waits, and goes on when there is room', async () => {
  const wire = new FakeWire();
  wire.readyState = 'open';
  wire.send = bytes => {
    wire.bufferedAmount += bytes.length;
  };
  const channel = new SealedChannel(wire, ends().then(of => of.J));
  let done = 0;
  const all = Array.from({ length: 40 }, () => channel.send(1, bytesOf(60_000)).then(sent => {
    done += Number(sent);
  }));
  await until(() => wire.bufferedAmount > 1024 * 1024);
  await settle();
  assert.ok(wire.bufferedAmount > 1024 * 1024 && wire.bufferedAmount <= 1024 * 1024 + 16 * 1024, `${wire.bufferedAmount}`);
  assert.ok(done < 20, `${done}`);
  assert.equal(wire.bufferedAmountLowThreshold, 512 * 1024);
  while (done < 40) {
    wire.bufferedAmount = 0;
    wire.onbufferedamountlow();
    await new Promise(resolve => setImmediate(resolve));
  }
  await Promise.all(all);
});

test('what is said before the channel is open goes when it is', async () => {
  const { J, a, came } = await channels();
  a.readyState = 'connecting';
  const sent = J.send(3, bytesOf(2));
  await settle();
  assert.deepEqual(came.P, []);
  a.readyState = 'open';
  a.onopen();
  assert.equal(await sent, true);
  await until(() => came.P.length === 1);
});

test('an end that closes wakes who waits, and says so once', async () => {
  const { J, P, a, came } = await channels();
  a.bufferedAmount = 2 * 1024 * 1024;
  const sent = J.send(1, bytesOf(1));
  await until(() => came.P.length > 0);
  a.close();
  assert.equal(await sent, false);
  await until(() => came.closed.length === 2);
  assert.deepEqual(came.closed.sort(), [['J', null], ['P', null]]);
  assert.equal(await P.send(1, bytesOf(1)), false);
  assert.throws(() => J.send(1, new Uint8Array(MAX_MESSAGE + 1)), RangeError);
});

test('a record that has gone, and one that was opened, take no memory any more', async () => {
  const { J, a, b, came } = await channels({ record: LONG_RECORD });
  const gone = [], opened = [];
  const { send } = a;
  a.send = record => {
    gone.push(record);
    send.call(a, record);
  };
  const take = b.onmessage;
  b.onmessage = event => {
    opened.push(event.data);
    take(event);
  };
  await J.send(1, bytesOf(MAX_MESSAGE));
  await until(() => came.P.length === 1);
  assert.deepEqual([...gone.map(({ length }) => length), ...opened.map(({ byteLength }) => byteLength)], [0, 0]);
  assert.ok(equal(came.P[0].bytes, bytesOf(MAX_MESSAGE)));
});
