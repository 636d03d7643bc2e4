// Check 13: a thousand clients that begin to speak and do not end. Each is closed in time, and whoever joins meanwhile does not notice.
import assert from 'node:assert/strict';
import net from 'node:net';
import tls from 'node:tls';
import { once } from 'node:events';
import { test } from 'node:test';
import { Person } from '../protocol/lib/client.mjs';
import { Daemon, sleep, until } from '../protocol/lib/daemon.mjs';
import { Room } from '../protocol/lib/room.mjs';
import { figure, percentile } from './lib/figure.mjs';

const HALVES = 1000;
const BATCH = 20; // at a time, so that nobody waits in this process
const PATIENCE = 20_000;
/** A record that says it has 512 bytes, and the first of them: of a ClientHello. */
const HELLO = Buffer.from('160301020001', 'hex');
const REQUESTS = ['', 'GET / HTT', 'GET / HTTP/1.1\r\nHost: x\r\n', 'POST /api/v1/rooms HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{',
  'GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n'];

/** @returns {Promise<{ socket: net.Socket, closed: Promise<number> }>} `closed`: ms from when it was connected */
async function half (daemon, i) {
  const socket = net.connect(daemon.port, daemon.host);
  socket.on('error', () => {});
  await once(socket, 'connect');
  const from = performance.now();
  const closed = once(socket, 'close').then(() => performance.now() - from);
  if (i % 2 === 0) { // in the middle of the handshake, or before it
    if (i % 4 === 0)
      socket.write(HELLO);
    socket.resume();
    return { socket, closed };
  }
  const secure = tls.connect({ socket, rejectUnauthorized: false });
  secure.on('error', () => {}).on('end', () => secure.end());
  await once(secure, 'secureConnect');
  secure.write(REQUESTS[(i >> 1) % REQUESTS.length] || ' ');
  secure.resume();
  return { socket, closed };
}

/** From before the connection is opened until the seat is there, ms. */
async function join (daemon, room) {
  const from = performance.now();
  const person = await Person.join(daemon, room);
  const took = performance.now() - from;
  await person.leave();
  return took;
}

test(`${HALVES} half requests`, async t => {
  const daemon = await Daemon.start({ config: { server: { tls: true, 'max-connections-per-address': 2 * HALVES } } });
  t.after(() => daemon.stop());
  const room = await Room.create(daemon);
  const descriptors = daemon.descriptors;
  const alone = [];
  for (let i = 0; i < 20; i++)
    alone.push(await join(daemon, room));
  let busy = true;
  const joins = [];
  const joining = (async () => {
    for (; busy; await sleep(20))
      joins.push(await join(daemon, room));
  })();
  const halves = [];
  while (halves.length < HALVES)
    halves.push(...await Promise.all(Array.from({ length: BATCH }, (_, i) => half(daemon, halves.length + i))));
  const late = sleep(PATIENCE).then(() => PATIENCE);
  const times = await Promise.all(halves.map(({ closed }) => Promise.race([closed, late])));
  busy = false;
  await joining;
  halves.forEach(({ socket }) => socket.destroy());
  await until('the descriptors are free', () => daemon.descriptors <= descriptors + 2);
  assert.ok(joins.length > 50, `${joins.length} joins`);
  figure(t, 13, 'half requests closed after, at most', Math.max(...times) / 1000, { most: 10, unit: 's' });
  figure(t, 13, `p99 of ${joins.length} joins meanwhile (${Math.round(percentile(alone, 0.99))} ms without them)`, percentile(joins, 0.99), { most: 1000, unit: 'ms' });
});
