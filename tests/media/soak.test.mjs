// A Boardroom of 20 generated people for CONCLAVE_SOAK_MINUTES: pages are turned, people come and go, speak and fall silent. Nothing is
// lost, and when half of the time is over memory is what it will be at the end.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { figure } from '../faults/lib/figure.mjs';
import { INSTRUMENTED, sleep } from '../protocol/lib/daemon.mjs';
import { Stage, assertRewritten, assertSlotsTrue, leaveAll } from './lib/guest.mjs';
import { children, usage } from './lib/processes.mjs';

const MINUTES = Number(process.env.CONCLAVE_SOAK_MINUTES ?? 60);
const PEOPLE = 20, TILES = 9;
const GROWTH_KIB = INSTRUMENTED ? 60_000 : 3072;
const WIDTHS = [160, 320, 640, 1280];

const some = list => list[randomInt(list.length)];

test(`${PEOPLE} people for ${MINUTES} minutes`, async t => {
  const stage = await Stage.open();
  t.after(() => stage.close());
  const room = await stage.room();
  const guests = await stage.enterMany(room, PEOPLE, { media: { fps: 5 } });
  const turn = async () => {
    const guest = some(guests);
    await guest.view(Array.from({ length: TILES }, () => some(guests)).filter((other, i, all) => other !== guest && all.indexOf(other) === i), some(WIDTHS));
    const speaker = some(guests);
    await stage.rtc.do('level', speaker.peer, { dbov: some([20, 35, 70, 127]) });
    if (randomInt(20) > 0)
      return;
    const [gone] = guests.splice(randomInt(guests.length), 1);
    await gone.leave();
    guests.push(await stage.enter(room, { name: 'New', media: { fps: 5 } }));
  };
  const measure = () => [stage.daemon.pid, ...children(stage.daemon)].map(usage);
  const half = async () => {
    for (const end = Date.now() + MINUTES * 30_000; Date.now() < end;) {
      const stats = await stage.during(async () => {
        for (const part = Date.now() + 10_000; Date.now() < Math.min(end, part); await sleep(200))
          await turn();
      });
      assertRewritten(stats);
      assert.equal(stats.decodable, stats.frames);
      const still = await stage.during(() => sleep(1000));
      guests.forEach(guest => assertSlotsTrue(guest, guests, still, ['video']));
    }
    const now = measure();
    t.diagnostic(JSON.stringify(now));
    return now;
  };
  const before = await half(), after = await half();
  assert.equal(after.length, before.length);
  const more = member => Math.max(...after.map((now, i) => now[member] - before[i][member]));
  figure(t, 37, `processes of a Boardroom of ${PEOPLE}, ${MINUTES} minutes: threads more than at half-time`, more('threads'), { most: 0 });
  figure(t, 37, 'the same: resident memory, at most', more('rss'), { most: GROWTH_KIB, unit: 'KiB' });
  await leaveAll(guests);
});
