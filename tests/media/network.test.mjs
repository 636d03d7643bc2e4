// Networks: one that changes, and both families.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sleep, until } from '../protocol/lib/daemon.mjs';
import { Stage, assertRewritten, assertSlotsTrue, leaveAll, untilStats } from './lib/guest.mjs';

async function open (t, options) {
  const stage = await Stage.open(options);
  t.after(() => stage.close());
  return stage;
}

async function seeEachOther (stage, guests) {
  await Promise.all(guests.map(guest => guest.view(guests.filter(other => other !== guest))));
  await untilStats(stage, 'they see and hear each other', stats => guests.every(guest =>
    guest.streams(stats).length === guests.length - 1 && guest.streams(stats, 'audio').length === guests.length - 1));
}

async function assertClean (stage, guests) {
  const stats = await stage.during(() => sleep(1000));
  assertRewritten(stats);
  assert.ok(stats.decodable > 5 && stats.decodable === stats.frames);
  guests.forEach(guest => assertSlotsTrue(guest, guests, stats));
}

for (const [silent, limit] of [[false, 3000], [true, 10_000]])
  test(`another network${silent ? ', noticed at the next check of consent' : ''}: media go on without a new join`, async t => {
    const stage = await open(t);
    const room = await stage.room();
    const [ann, bob] = await stage.enterMany(room, 2);
    await seeEachOther(stage, [ann, bob]);
    const gaps = [];
    for (let i = 0; i < (silent ? 1 : 3); i++) {
      const from = performance.now();
      await stage.rtc.do('move', ann.peer, { silent });
      await stage.rtc.stats({ reset: true });
      await untilStats(stage, 'both ways work again', stats => [ann, bob].every(guest =>
        guest.streams(stats).some(({ complete }) => complete > 0) && guest.streams(stats, 'audio').length === 1), 15_000);
      gaps.push(Math.round(performance.now() - from));
    }
    t.diagnostic(`media both ways again ${gaps.join(', ')} ms after the change`);
    assert.ok(Math.min(...gaps) < limit, `${gaps} ms`);
    await until('what was lost meanwhile has been given up', async () => (await stage.during(() => sleep(700))).given_up === 0);
    await assertClean(stage, [ann, bob]);
    await leaveAll([ann, bob]);
  });

test('IPv6', async t => {
  const stage = await open(t, { listen: '[::1]:0', rtc: ['--ip', '::1'] });
  const room = await stage.room();
  const guests = await stage.enterMany(room, 2);
  assert.match(guests[0].answer, /^a=candidate:.* ::1 \d+ typ host/m);
  await seeEachOther(stage, guests);
  await assertClean(stage, guests);
  await leaveAll(guests);
});

test('both families in one meeting', async t => {
  const stage = await open(t, { config: { media: { listen: '127.0.0.1;::1' } } });
  const room = await stage.room();
  const ann = await stage.enter(room, { name: 'Ann', media: { ip: '127.0.0.1' } });
  const bob = await stage.enter(room, { name: 'Bob', media: { ip: '::1' } });
  const cid = await stage.enter(room, { name: 'Cid', media: { ip: '::1' } });
  await seeEachOther(stage, [ann, bob, cid]);
  await assertClean(stage, [ann, bob, cid]);
  await leaveAll([ann, bob, cid]);
});
