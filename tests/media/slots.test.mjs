// More people than slots: who is seen, who is heard, and what nobody takes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { INSTRUMENTED, sleep, until } from '../protocol/lib/daemon.mjs';
import { Stage, assertRewritten, assertSlotsTrue, leaveAll, untilStats } from './lib/guest.mjs';

const CROWD = INSTRUMENTED ? 12 : 30;
const TILES = INSTRUMENTED ? 4 : 9;
const QUIET = 90, LOUD = 20;
let stage;
before(async () => { stage = await Stage.open(); });
after(() => stage.close());

/** The cameras that `guest` shows as page i: TILES others, from its own place on. */
const page = (guests, guest, i) => Array.from({ length: TILES }, (_, k) =>
  guests[(guests.indexOf(guest) + 1 + i * TILES + k) % guests.length]).filter(other => other !== guest);

const sees = (guest, other, stats) => guest.streams(stats).some(({ from, idle_ms }) => from === other.peer && idle_ms < 1000);

test(`${CROWD} publish, each shows ${TILES}`, async t => {
  const room = await stage.room();
  const guests = await stage.enterMany(room, CROWD, { media: { fps: 5, level: QUIET } });
  const reappear = [];

  for (let i = 0; i < 3; i++) {
    await Promise.all(guests.map(guest => guest.view(page(guests, guest, i))));
    await untilStats(stage, 'everybody sees what is shown', stats =>
      guests.every(guest => page(guests, guest, i).every(other => sees(guest, other, stats))), 20_000);
    const stats = await stage.during(() => sleep(1000));
    assertRewritten(stats);
    guests.forEach(guest => assertSlotsTrue(guest, guests, stats));
    assert.ok(guests.every(guest => guest.streams(stats).length === page(guests, guest, i).length), 'nothing else comes');
  }

  const [watcher] = guests, shown = page(guests, watcher, 2), evicted = guests.find(guest => guest !== watcher && !shown.includes(guest));
  for (let i = 0; i < 5; i++) {
    await watcher.view(shown);
    await untilStats(stage, 'the evicted one is gone, and another in its place', stats =>
      !watcher.slotOf(evicted) && sees(watcher, shown[0], stats));
    const from = performance.now(), seen = stage.rtc.wait('source', watcher.peer, { kind: 'video', from: evicted.peer });
    await watcher.view([evicted, ...shown.slice(1)]);
    await seen;
    reappear.push(Math.round(performance.now() - from));
    await sleep(100);
  }
  t.diagnostic(`an evicted speaker is back after ${reappear.join(', ')} ms (view to keyframe)`);
  assert.ok(Math.min(...reappear) < 1000, `${reappear} ms`);

  await Promise.all(guests.map(guest => guest.view([])));
  await until('nobody is told to be seen', () => guests.every(guest => guest.slots.every(({ source }) => source === 'microphone')));
  await until('publishers hear that nobody takes anything', () => guests.every(({ layers }) => layers.camera?.length === 0), 15_000);
  await sleep(200);
  const stats = await stage.during(() => sleep(1000));
  assert.equal(stats.rx_video, 0);
  const busy = stats.senders.filter(({ source, on }) => source === 'camera' && on);
  assert.deepEqual(busy, [], 'all cameras rest');
  await leaveAll(guests);
});

test('publishers are told which layers are taken', async () => {
  const room = await stage.room();
  const [ann, bob, cid] = await stage.enterMany(room, 3);
  await ann.view([]);
  await bob.view([ann], 160);
  await cid.view([], 320);
  await until('only the smallest is', () => String(ann.layers.camera) === 'q', 10_000);
  await cid.view([ann], 1280);
  await until('and the largest', () => String(ann.layers.camera) === 'q,f', 10_000);
  await untilStats(stage, 'which comes', stats => cid.streams(stats).some(({ from, width }) => from === ann.peer && width === 1280));
  await cid.view([]);
  await until('only the smallest is again', () => String(ann.layers.camera) === 'q', 10_000);
  await leaveAll([ann, bob, cid]);
});

test('the four loudest are heard, and who is in the spotlight', async t => {
  const room = await stage.room();
  const host = await stage.enter(room, { name: 'Host', host: true, media: { video: false, level: QUIET } });
  const guests = [host, ...await stage.enterMany(room, 8, { media: { video: false, level: QUIET } })];
  const listener = guests[0];
  const heard = () => listener.slots.filter(({ source }) => source === 'microphone').map(({ person }) => person);
  const speak = async loud => {
    for (const guest of guests)
      await stage.rtc.do('level', guest.peer, { dbov: loud.includes(guest) ? LOUD : QUIET });
  };

  const latencies = [];
  for (const at of [1, 5, 3]) {
    const loud = guests.slice(at, at + 4), from = performance.now();
    await speak(loud);
    await until('they are heard', () => loud.every(({ id }) => heard().includes(id)), 10_000);
    latencies.push(Math.round(performance.now() - from));
    await until('they are told to speak', () => loud.every(({ id }) => listener.speakers.includes(id)), 10_000);
    const stats = await stage.during(() => sleep(1000));
    assertRewritten(stats);
    for (const guest of guests)
      assertSlotsTrue(guest, guests, stats);
    assert.deepEqual(listener.streams(stats, 'audio').map(({ from }) => from).sort(), loud.map(({ peer }) => peer).sort());
  }
  t.diagnostic(`heard ${latencies.join(', ')} ms after they began to speak`);

  const lit = guests[8];
  assert.equal((await host.ask('spotlight', { person: lit.id })).type, 'ok');
  await speak(guests.slice(1, 5));
  await until('the spotlight is heard beside three', () =>
    heard().includes(lit.id) && guests.slice(1, 5).filter(({ id }) => heard().includes(id)).length >= 3, 10_000);
  await sleep(2000);
  const stats = await stage.during(() => sleep(1000));
  assert.ok(listener.streams(stats, 'audio').some(({ from }) => from === lit.peer), 'still, although silent');
  await host.ask('spotlight', { person: null });
  await leaveAll(guests);
});

test('who turned it off is neither seen nor heard', async () => {
  const room = await stage.room();
  const [ann, bob] = await stage.enterMany(room, 2);
  await bob.view([ann]);
  await untilStats(stage, 'Ann is seen and heard', stats => bob.streams(stats).length === 1 && bob.streams(stats, 'audio').length === 1);
  await ann.ask('state', { mic: false, camera: false, screen: false });
  await until('her slots are empty', () => bob.slots.length === 0);
  const stats = await stage.during(() => sleep(700));
  assert.equal(stats.streams.filter(({ id, received }) => id === bob.peer && received > 0).length, 0, 'although she goes on sending');
  assert.ok(stats.tx_pkts > 30);
  await ann.ask('state', { mic: true, camera: true, screen: false });
  await untilStats(stage, 'Ann is back', one => bob.streams(one).length === 1);
  await leaveAll([ann, bob]);
});

test('a screen with its sound comes beside the camera', async () => {
  const room = await stage.room();
  const bob = await stage.enter(room, { name: 'Bob' });
  const ann = await stage.enter(room, { name: 'Ann', media: { screen: true, screen_audio: true, screen_bps: 200_000 } });
  await bob.tiles([{ person: ann.id, source: 'screen', width: 1280 }, { person: ann.id, source: 'camera', width: 160 }]);
  await untilStats(stage, 'all four come', stats =>
    ['microphone', 'screen-audio', 'camera', 'screen'].every(source => bob.slotOf(ann, source)) &&
    bob.streams(stats).length === 2 && bob.streams(stats, 'audio').length === 2);
  const stats = await stage.during(() => sleep(1000));
  assertRewritten(stats);
  assertSlotsTrue(bob, [ann, bob], stats);
  await leaveAll([ann, bob]);
});
