// WebSocket frames that no browser sends: floods, fragments, lies about lengths; and clients that do not read. Each is cut,
// and the daemon stays small and at rest.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Person } from './lib/client.mjs';
import { Daemon, INSTRUMENTED, sleep, until } from './lib/daemon.mjs';
import { BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, closeCode, errorOf, frame, handshake, parseFrames, rawConnect, rawWebSocket } from './lib/raw.mjs';
import { Room } from './lib/room.mjs';

let daemon;
before(async () => {
  daemon = await Daemon.start();
  await stays(64 * 1024, async () => { /* pages that a first socket touches do not count */
    (await rawWebSocket(daemon)).destroy();
  });
});
after(() => daemon.stop());

/** Runs `act`; afterwards the daemon may have grown by no more than this many KiB, has no more sockets, and rests. */
async function stays (kib, act) {
  const [rss, descriptors] = [daemon.rss, daemon.descriptors];
  await act();
  await until('its sockets are gone', () => daemon.descriptors <= descriptors, 10_000);
  const grown = daemon.rss - rss;
  assert.ok(INSTRUMENTED || grown <= kib, `grew by ${grown} KiB`);
  const before = daemon.cpu;
  await sleep(200);
  assert.ok(INSTRUMENTED || daemon.cpu - before <= 60, `${daemon.cpu - before} ms of work in 200 ms of silence`);
}

/** Sends these frames on a new WebSocket; the code it is closed with, and the error before it. */
async function fate (pieces) {
  const socket = await rawWebSocket(daemon);
  await socket.pour(pieces);
  const code = await closeCode(socket);
  const error = errorOf(socket);
  socket.write(frame(CLOSE, Buffer.from([3, 232])));
  await until('the connection is gone', () => !socket.open, 10_000);
  return { code, error };
}

const big = Buffer.alloc(97 * 1024, 'x');

test('messages that are too large', async () => {
  await stays(1024, async () => {
    await Promise.all([
      [frame(TEXT, big)],
      [frame(BINARY, big)],
      [frame(TEXT, '', { length: 2 ** 40 }), big, big],
      [frame(TEXT, '', { length: 96 * 1024 + 1 })],
      [frame(TEXT, big.subarray(0, 60_000), { fin: false }), frame(CONTINUATION, big.subarray(0, 60_000))],
      Array.from({ length: 1500 }, (_, i) => frame(i ? CONTINUATION : TEXT, big.subarray(0, 60_000), { fin: false })),
      Array.from({ length: 5000 }, (_, i) => frame(i ? CONTINUATION : TEXT, '', { fin: false })),
      Array.from({ length: 5000 }, (_, i) => frame(i ? CONTINUATION : TEXT, 'x', { fin: false })),
    ].map(async pieces => assert.equal((await fate(pieces)).code, 1009)));
  });
});

test('who speaks before the answer to the handshake is cut', async () => {
  await stays(1024, async () => {
    const socket = await rawConnect(daemon);
    socket.write(Buffer.concat([Buffer.from(handshake(daemon)), frame(TEXT, 'x', { fin: false })]));
    await until('the connection is gone', () => !socket.open, 10_000);
  });
});

test('a message of exactly 96 KiB is read', async () => {
  const { code, error } = await fate([frame(TEXT, big.subarray(0, 96 * 1024))]);
  assert.deepEqual([code, error], [1008, 'bad-message']);
});

test('a message in fragments, with a ping between, is one message', async () => {
  const room = await Room.create(daemon);
  const socket = await rawWebSocket(daemon);
  const text = JSON.stringify(room.join());
  socket.write(frame(TEXT, text.slice(0, 10), { fin: false }));
  socket.write(frame(PING, 'are you there'));
  for (const letter of text.slice(10, 30))
    socket.write(frame(CONTINUATION, letter, { fin: false }));
  socket.write(frame(CONTINUATION, text.slice(30)));
  const frames = await until('an answer came', () => {
    const all = parseFrames(socket.received);
    return all.some(({ opcode }) => opcode === TEXT) && all;
  });
  assert.equal(String(frames.find(({ opcode }) => opcode === PONG).payload), 'are you there');
  assert.equal(JSON.parse(String(frames.find(({ opcode }) => opcode === TEXT).payload)).type, 'joined');
  assert.ok(!frames.some(({ compressed }) => compressed));
  socket.destroy();
});

test('bytes one by one are as good as at once', async () => {
  const room = await Room.create(daemon);
  const socket = await rawConnect(daemon);
  for (const bytes of [Buffer.from(handshake(daemon)), frame(TEXT, JSON.stringify(room.join()))]) {
    for (const byte of bytes) {
      socket.write(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
    assert.equal(await socket.status(), 101);
  }
  await until('joined', () => socket.text.includes('"joined"'));
  socket.destroy();
});

test('frames against the rules', async () => {
  await stays(1024, async () => {
    await Promise.all([
      ['not masked', [frame(TEXT, '{}', { mask: false })], [1002]],
      ['a reserved bit', [frame(TEXT, '{}', { rsv: 4 })], [1002]],
      ['a reserved opcode', [frame(3, '{}')], [1002, 1003, 0]],
      ['a reserved control opcode', [frame(11, '')], [1002, 1003, 0]],
      ['a continuation of nothing', [frame(CONTINUATION, 'x')], [1002]],
      ['a message within a message', [frame(TEXT, 'x', { fin: false }), frame(TEXT, 'x')], [1002]],
      ['a large ping', [frame(PING, big.subarray(0, 126))], [1009, 1002]],
      ['a ping in fragments', [frame(PING, 'x', { fin: false })], [1002]],
      ['not UTF-8', [frame(TEXT, Buffer.from([0xff, 0xfe]))], [1007]],
      ['half of a letter', [frame(TEXT, Buffer.from([0xc3]))], [1007]],
      ['a NUL', [frame(TEXT, Buffer.from('{"type":"pong"}\0'))], [1008, 1007]],
      ['a code that is none', [frame(CLOSE, Buffer.from([0, 1]))], [1002]],
      ['half a code', [frame(CLOSE, Buffer.from([3]))], [1002, 1000]],
    ].map(async ([name, pieces, codes]) => {
      const { code } = await fate(pieces);
      assert.ok(codes.includes(code), `${name}: ${code}`);
    }));
  });
});

test('a flood of control frames', async () => {
  await stays(1024, async () => {
    await Promise.all([Array(5000).fill(frame(PING, big.subarray(0, 125))), Array(5000).fill(frame(PONG, ''))].map(async pieces =>
      assert.equal((await fate(pieces)).code, 1009)));
  });
});

test('a flood of messages', async () => {
  await stays(1024, async () => {
    const { code, error } = await fate([frame(TEXT, JSON.stringify((await Room.create(daemon)).join())), ...Array(400).fill(frame(TEXT, '{"type":"pong"}'))]);
    assert.equal(code, 1008);
    assert.ok(['bad-message', 'rate-limited'].includes(error));
  });
});

test('frames after the close are not read', async () => {
  const socket = await rawWebSocket(daemon);
  socket.write(frame(CLOSE, Buffer.from([3, 232])));
  await socket.pour(Array(2000).fill(frame(TEXT, big.subarray(0, 60_000))));
  await until('the connection is gone', () => !socket.open, 10_000);
});

test('who never reads is cut when a MiB waits', { timeout: 60_000 }, async () => {
  const rss = daemon.rss;
  const room = await Room.create(daemon);
  const sloth = await rawWebSocket(daemon);
  sloth.write(frame(TEXT, JSON.stringify(room.join({ name: 'Sloth' }))));
  await until('joined', () => sloth.text.includes('"joined"'));
  sloth.socket.pause();
  const ann = await Person.join(daemon, room);
  const [{ id }] = ann.joined.people;
  const before = Date.now();
  const done = ann.socket.find({ type: 'person-changed' }, 50_000);
  let sent = 0;
  for (let gone = false; !gone && Date.now() - before < 40_000;) {
    ann.socket.send({ type: 'relay', to: id, data: 'A'.repeat(48 * 1024) });
    sent += 48;
    gone = await Promise.race([done.then(() => true), sleep(25).then(() => false)]);
    assert.ok(daemon.rss - rss < 5000 || INSTRUMENTED, `grew by ${daemon.rss - rss} KiB`);
  }
  assert.equal((await done).person.away, true, `${sent} KiB later`);
  assert.match(daemon.log, /a client reads too slowly/);
  sloth.destroy();
  await ann.leave();
});

test('who never reads the answers to its own pings is cut', { timeout: 60_000 }, async () => {
  const rss = daemon.rss;
  const room = await Room.create(daemon);
  const sloth = await rawWebSocket(daemon);
  sloth.write(frame(TEXT, JSON.stringify(room.join({ name: 'Sloth' }))));
  await until('joined', () => sloth.text.includes('"joined"'));
  sloth.socket.pause();
  const pings = Buffer.concat(Array(90).fill(frame(PING, big.subarray(0, 125))));
  for (let n = 0; sloth.socket.writable && n < 1500; n++) {
    sloth.write(pings);
    sloth.write(frame(TEXT, '{"type":"pong"}'));
    await sleep(20);
    // A MiB of pongs may wait, which weighs three with what is kept beside each. Without a bound it would be 70 MiB.
    assert.ok(daemon.rss - rss < 5000 || INSTRUMENTED, `grew by ${daemon.rss - rss} KiB after ${n * 90} pings`);
  }
  assert.ok(!sloth.socket.writable, 'it is cut');
  sloth.destroy();
});
