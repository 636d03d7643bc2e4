// What a receiver sees of rewriting: each slot is one unbroken stream, whoever and whichever layer is behind it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sleep, until } from '../protocol/lib/daemon.mjs';
import { Stage, assertRewritten, assertSlotsTrue, leaveAll, untilStats } from './lib/guest.mjs';

const WIDTHS = [160, 320, 640, 1280];
let stage;
before(async () => { stage = await Stage.open(); });
after(() => stage.close());

/** All see all, `width` wide, and everything comes. */
async function allSeeAll (guests, width) {
  await Promise.all(guests.map(guest => guest.view(guests.filter(other => other !== guest), width)));
  await untilStats(stage, 'everybody sees everybody', stats =>
    guests.every(guest => guest.streams(stats).filter(({ idle_ms }) => idle_ms < 400).length === guests.length - 1));
}

function assertUnbroken (stats) {
  assertRewritten(stats);
  assert.ok(stats.frames > 0);
  assert.equal(stats.picture_jumps, 0, 'picture numbers go on without a break');
  assert.equal(stats.decodable, stats.frames, `${stats.decodable} of ${stats.frames} frames can be decoded`);
}

test('layers switch at keyframes, and nothing shows in the stream', async t => {
  const room = await stage.room();
  const guests = await stage.enterMany(room, 4);
  await allSeeAll(guests, 160);
  const seen = new Set();
  const stats = await stage.during(async () => {
    for (const width of [1280, 160, 640, 1280, 320, 160]) {
      await Promise.all(guests.map(guest => guest.view(guests.filter(other => other !== guest), width)));
      await sleep(700);
      for (const { encoding } of (await stage.rtc.stats({ detail: true })).streams.filter(({ kind }) => kind === 'video'))
        seen.add(encoding);
    }
  });
  assert.deepEqual([...seen].sort(), [0, 1, 2], 'all three layers were seen');
  assertUnbroken(stats);
  guests.forEach(guest => assertSlotsTrue(guest, guests, stats));
  t.diagnostic(`${stats.frames} frames, ${stats.key_frames} keyframes, ${stats.expected} packets; longest gap ${stats.longest_gap_ms} ms`);
  await leaveAll(guests);
});

test('one slot, many people', async t => {
  const room = await stage.room();
  const [watcher, ...others] = await stage.enterMany(room, 5);
  await watcher.view(others.slice(0, 1));
  await untilStats(stage, 'the first one is seen', stats => watcher.streams(stats).length === 1);
  const mids = new Set();
  const stats = await stage.during(async () => {
    for (let i = 1; i <= 8; i++) {
      const other = others[i % others.length];
      await watcher.view([other], WIDTHS[i % WIDTHS.length]);
      await until('its slot is told', () => watcher.slotOf(other));
      mids.add(watcher.slotOf(other).mid);
      await untilStats(stage, 'it is seen', one => watcher.streams(one).some(({ from, idle_ms }) => from === other.peer && idle_ms < 300));
    }
  });
  assert.equal(mids.size, 1, 'the slot that became free is taken again');
  assertUnbroken(stats);
  t.diagnostic(`${stats.key_frames} keyframes in ${stats.frames} frames; longest gap ${stats.longest_gap_ms} ms`);
  await leaveAll([watcher, ...others]);
});

test('people come, go and speak in turns', async t => {
  const room = await stage.room();
  const stayers = await stage.enterMany(room, 3);
  await allSeeAll(stayers, 320);
  let visits = 0;
  const stats = await stage.during(async () => {
    for (let i = 0; i < 4; i++) {
      const visitors = await stage.enterMany(room, 2);
      visits += visitors.length;
      for (const guest of [...stayers, ...visitors])
        await stage.rtc.do('level', guest.peer, { dbov: (guest.peer + i) % 3 ? 80 : 20 });
      await Promise.all(stayers.map(guest => guest.view([...visitors, ...stayers].filter(other => other !== guest), WIDTHS[i])));
      await untilStats(stage, 'visitors are seen', one =>
        stayers.every(guest => visitors.every(visitor => guest.streams(one).some(({ from }) => from === visitor.peer))));
      await leaveAll(visitors);
    }
  });
  assertUnbroken(stats);
  t.diagnostic(`${visits} visitors; ${stats.frames} frames, all decodable; ${stats.rx_audio} packets of sound`);
  await leaveAll(stayers);
});

test('duplicates and disorder on the way to the server stay there', async t => {
  const room = await stage.room();
  const guests = await stage.enterMany(room, 3, { media: { pkt: 150 } });
  await allSeeAll(guests, 320);
  for (const guest of guests)
    await stage.rtc.do('net', guest.peer, { reorder_up: 3, dup_up: 3 });
  const stats = await stage.during(() => sleep(3000));
  await stage.rtc.do('net', 0);
  assertRewritten(stats, { clean: false });
  assert.ok(stats.streams.every(({ duplicates }) => duplicates === 0), 'no number comes twice');
  assert.ok(stats.decodable >= 0.95 * stats.frames, `${stats.decodable} of ${stats.frames}`);
  t.diagnostic(`${stats.reordered} of ${stats.expected} out of order, ${stats.decodable} of ${stats.frames} frames decodable`);
  await leaveAll(guests);
});
