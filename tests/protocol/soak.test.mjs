// An hour of comings and goings, or CONCLAVE_SOAK_MINUTES: people join, talk, lose their sockets, come back, leave, stay away;
// rooms are made and deleted. Nothing may be lost or doubled on the way, and when all are gone at the end, memory, descriptors
// and threads are what they were when all were gone at half-time. What happens is drawn from a seed, which is printed.
import fs from 'node:fs';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { figure } from '../faults/lib/figure.mjs';
import { Person } from './lib/client.mjs';
import { Daemon, INSTRUMENTED, sleep, until } from './lib/daemon.mjs';
import { Room } from './lib/room.mjs';

const MINUTES = Number(process.env.CONCLAVE_SOAK_MINUTES ?? 60);
const SEED = Number(process.env.CONCLAVE_SOAK_SEED ?? randomInt(2 ** 31));
const LANES = 6;
const MAX_LOST = 5; // seats that are still kept for somebody; there are eight in a room
const GROWTH_KIB = INSTRUMENTED ? 60_000 : 4096; // the allocator's and SQLite's page cache take a while to settle

/** A generator that gives the same for the same seed (mulberry32). @param {number} seed */
function draws (seed) {
  return below => {
    seed = seed + 0x6d2b79f5 | 0;
    let t = Math.imul(seed ^ seed >>> 15, 1 | seed);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return ((t ^ t >>> 14) >>> 0) % below;
  };
}

const threads = daemon => fs.readdirSync(`/proc/${daemon.pid}/task`).length;

/** One meeting from the first person to the last; everyone who was there throughout heard the same. */
async function meeting (daemon, draw, name) {
  const room = await Room.create(daemon, { title: name });
  const stayers = [await Person.join(daemon, room, { name: 'Ann', host: true }), await Person.join(daemon, room, { name: 'Bob' })];
  const said = [];
  let lost = 0;
  const rounds = 5 + draw(20);
  for (let i = 0; i < rounds; i++) {
    const person = stayers[draw(2)];
    switch (draw(5)) {
      case 0: {
        await person.cut();
        await person.resume();
        break;
      }
      case 1: {
        const guest = await Person.join(daemon, room, { name: 'Guest' });
        await guest.ask('state', { mic: false, camera: true, screen: draw(2) === 0 });
        await (draw(2) || ++lost > MAX_LOST ? guest.leave() : guest.cut());
        break;
      }
      case 2:
        person.socket.send({ type: 'relay', to: stayers[draw(2)].id, data: 'c2VhbGVk'.repeat(1 + draw(2000)) });
        break;
      default:
        said.push(`${name} ${i} ${'x'.repeat(draw(3000))}`);
        await person.chat(said.at(-1));
    }
  }
  await Promise.all(stayers.map(stayer => stayer.chatsAre(said)));
  if (draw(2))
    await stayers[0].ask('end');
  else
    await Promise.all(stayers.map(stayer => stayer.leave()));
  await daemon.admin('DELETE', `/api/v1/rooms/${room.id}`);
}

async function lane (daemon, draw, name, end) {
  let meetings = 0;
  do
    await meeting(daemon, draw, `${name}.${meetings++}`);
  while (Date.now() < end);
  return meetings;
}

const lanes = (daemon, end) =>
  Promise.all(Array.from({ length: LANES }, (_, i) => lane(daemon, draws(SEED + i), `lane ${i}`, end)));

/** All seats were given up, all meetings are over. */
const empty = daemon => until('everybody is gone', async () => {
  const { body } = await daemon.admin('GET', '/api/v1/status');
  return body.people === 0 && body.meetings === 0 && body.sockets === 0;
}, 30_000);

test(`${MINUTES} minutes of meetings leave nothing behind (CONCLAVE_SOAK_SEED=${SEED})`, async t => {
  const daemon = await Daemon.start({ config: { rooms: { 'seat-seconds': 2, 'empty-seconds': 1 } } });
  try {
    await lanes(daemon, Date.now() + MINUTES * 30_000);
    await empty(daemon);
    await sleep(4000);
    const before = { rss: daemon.rss, descriptors: daemon.descriptors, threads: threads(daemon) };
    const meetings = (await lanes(daemon, Date.now() + MINUTES * 30_000)).reduce((sum, n) => sum + n);
    await empty(daemon);
    await sleep(4000);
    const after = { rss: daemon.rss, descriptors: daemon.descriptors, threads: threads(daemon) };
    console.log(`# ${meetings} meetings in the second half; before ${JSON.stringify(before)}, after ${JSON.stringify(after)}`);
    figure(t, 37, `conclaved, ${meetings} meetings: descriptors more than before`, after.descriptors - before.descriptors, { most: 0 });
    figure(t, 37, 'the same: threads', after.threads - before.threads, { most: 0 });
    figure(t, 37, 'the same: resident memory', after.rss - before.rss, { most: GROWTH_KIB, unit: 'KiB' });
  } finally {
    await daemon.stop();
  }
});
