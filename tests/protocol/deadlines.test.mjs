// What takes too long. All the waiting is done at once, on one daemon: the file takes as long as its longest deadline.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Person } from './lib/client.mjs';
import { Daemon, INSTRUMENTED, sleep, until } from './lib/daemon.mjs';
import { TEXT, closeCode, errorOf, frame, parseFrames, rawConnect, rawWebSocket } from './lib/raw.mjs';
import { Room } from './lib/room.mjs';

let daemon;
before(async () => {
  daemon = await Daemon.start({ config: { server: { 'max-connections-per-address': 1000 } } });
});
after(() => daemon.stop());

/** How long until the server ends this connection, ms. */
async function timeOf (socket, limit) {
  const before = Date.now();
  await Promise.race([socket.closed, sleep(limit)]);
  assert.ok(!socket.open, `still open after ${limit} ms`);
  return Date.now() - before;
}

/** ms: ten seconds, but for how often the server looks, and what it takes on a busy machine until we do */
const EARLIEST = 8000;

const HALVES = ['', 'G', 'GET / HTTP/1.1\r\n', 'GET / HTTP/1.1\r\nHost: x\r\n', 'POST /api/v1/rooms HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{',
  'POST /api/v1/rooms HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n'];

async function halfRequests () {
  const descriptors = daemon.descriptors;
  const rss = daemon.rss;
  const sockets = await Promise.all(Array.from({ length: 200 }, () => rawConnect(daemon)));
  sockets.forEach((socket, i) => socket.write(HALVES[i % HALVES.length]));
  const closing = Promise.all(sockets.map(socket => timeOf(socket, 12_500)));
  const before = Date.now();
  const room = await Room.create(daemon);
  const ann = await Person.join(daemon, room);
  assert.ok(Date.now() - before < EARLIEST, 'a join works while all of them are there'); // how quick it is, faults-half-requests measures
  await ann.leave();
  assert.ok(daemon.rss - rss < 20 * 1024 || INSTRUMENTED, `grew by ${daemon.rss - rss} KiB`);
  const times = await closing;
  assert.ok(Math.min(...times) > EARLIEST, `the first after ${Math.min(...times)} ms`);
  await until('the descriptors are free', () => daemon.descriptors < descriptors + 30);
}

/** A byte a second is no progress. */
async function drip () {
  const socket = await rawConnect(daemon);
  const text = `GET /${'a'.repeat(100)}`;
  const timer = setInterval(() => socket.write(text[socket.socket.bytesWritten % 100]), 500);
  const time = await timeOf(socket, 12_500);
  clearInterval(timer);
  assert.ok(time > EARLIEST);
}

async function idleKeepAlive () {
  const socket = await rawConnect(daemon);
  await sleep(3000);
  socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
  assert.equal(await socket.status(), 200);
  const time = await timeOf(socket, 12_500);
  assert.ok(time > EARLIEST, 'the time counts from the answer');
}

async function noJoin () {
  const silent = await rawWebSocket(daemon);
  const time = await timeOfClose(silent, 4002);
  assert.ok(time > 9500 && time < 12_500, `${time} ms`);
}

async function timeOfClose (socket, code) {
  const before = Date.now();
  await until(`closed with ${code}`, () => !socket.open || parseFrames(socket.received).some(({ opcode }) => opcode === 8), 45_000);
  assert.equal(await closeCode(socket), code);
  return Date.now() - before;
}

/** Pings of WebSocket are no word of the client: a proxy may answer them. */
async function pingsInsteadOfJoin () {
  const socket = await rawWebSocket(daemon);
  const timer = setInterval(() => socket.write(frame(9, '')), 1000);
  const time = await timeOfClose(socket, 4002);
  clearInterval(timer);
  assert.ok(time < 12_500, `${time} ms`);
}

async function silence () {
  const room = await Room.create(daemon);
  const socket = await rawWebSocket(daemon);
  socket.write(frame(TEXT, JSON.stringify(room.join())));
  await until('joined', () => socket.text.includes('"joined"'));
  const before = Date.now();
  await until('asked', () => socket.text.includes('"ping"'), 28_000);
  const asked = Date.now() - before;
  assert.ok(asked > 24_000, `asked after ${asked} ms`);
  const time = await timeOfClose(socket, 4003);
  assert.ok(asked + time > 39_000 && asked + time < 43_000, `closed after ${asked + time} ms`);
  assert.equal(parseFrames(socket.received).filter(({ payload }) => String(payload) === '{"type":"ping"}').length, 1, 'asked once');
  assert.equal(errorOf(socket), undefined);
}

async function answering () {
  const room = await Room.create(daemon);
  const ann = await Person.join(daemon, room);
  await sleep(43_000);
  assert.equal(ann.socket.closed, null, 'who answers pings stays');
  assert.equal((await ann.chat('still here')).type, 'ok');
  await ann.leave();
}

/** Who was closed and does not say goodbye is cut. */
async function noGoodbye () {
  const socket = await rawWebSocket(daemon);
  socket.write(frame(TEXT, '{}'));
  assert.equal(await closeCode(socket), 1008);
  const time = await timeOf(socket, 8000);
  assert.ok(time > 3000, `${time} ms`);
}

/** An answer that nobody takes does not hold its connection for ever. */
async function unreadAnswer () {
  const page = String((await daemon.request('GET', '/')).bytes);
  const script = /src="(\/[^"]+\.js)"/.exec(page)[1];
  const { bytes } = await daemon.request('GET', script);
  const socket = await rawConnect(daemon);
  socket.socket.pause();
  /* more than both kernels' buffers hold */
  socket.pour(Array(Math.ceil(40e6 / bytes.length)).fill(`GET ${script} HTTP/1.1\r\nHost: x\r\n\r\n`));
  await sleep(44_000);
  socket.socket.resume();
  await timeOf(socket, 5000);
  assert.ok(socket.received.length < 40e6);
}

test('deadlines', async () => {
  const acts = [halfRequests, drip, idleKeepAlive, noJoin, pingsInsteadOfJoin, silence, answering, noGoodbye, unreadAnswer];
  await Promise.all(acts.map(act => act().catch(cause => { throw new Error(`${act.name}: ${cause.message}`, { cause }); })));
});

test('afterwards nothing is left', async () => {
  await until('all sockets are gone', async () => (await daemon.admin('GET', '/api/v1/status')).body.sockets === 0, 10_000);
  const before = daemon.cpu;
  await sleep(1000);
  assert.ok(daemon.cpu - before <= 50 || INSTRUMENTED, `${daemon.cpu - before} ms in a second`);
});
