// A Classroom: one presents, many watch.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { INSTRUMENTED, sleep, until } from '../protocol/lib/daemon.mjs';
import { Stage, assertRewritten, assertSlotsTrue, leaveAll, untilStats } from './lib/guest.mjs';

const VIEWERS = INSTRUMENTED ? 10 : 40;
let stage;
before(async () => { stage = await Stage.open(); });
after(() => stage.close());

const watches = (viewer, other, stats) => viewer.streams(stats).some(({ from, complete }) => from === other.peer && complete > 0) &&
  viewer.streams(stats, 'audio').some(({ from }) => from === other.peer);

test(`one presenter and ${VIEWERS} viewers`, async t => {
  const room = await stage.room('classroom');
  const host = await stage.enter(room, { name: 'Host', host: true, media: { screen: true, screen_audio: true, screen_bps: 200_000 } });
  const viewers = await stage.enterMany(room, VIEWERS, { media: { audio: false, video: false, audio_slots: 4, video_slots: 3 } });
  assert.ok(viewers.every(({ joined }) => joined.role === 'viewer'));
  await until('they are counted', () => [host, viewers[0]].every(one => one.viewers === VIEWERS || one.joined.viewers === VIEWERS), 10_000);
  assert.deepEqual(viewers.at(-1).joined.people.map(({ id }) => id), [host.id], 'viewers are not told of each other');
  await untilStats(stage, 'all see and hear', stats => viewers.every(viewer => viewer.streams(stats).length === 2 && viewer.streams(stats, 'audio').length === 2), 20_000);
  const stats = await stage.during(() => sleep(2000));
  assertRewritten(stats);
  assert.equal(stats.decodable, stats.frames);
  viewers.forEach(viewer => {
    assertSlotsTrue(viewer, [host], stats);
    assert.equal(viewer.streams(stats).length, 2, 'camera and screen');
  });
  t.diagnostic(`${stats.frames} frames at ${VIEWERS} viewers, all decodable; ${stats.expected} packets, none lost; ` +
    `sound after ${stats.lat_audio.p99_us / 1000} ms (p99)`);

  const [vic] = viewers;
  vic.media = { ...vic.media, audio: true, video: true, audio_slots: 4, video_slots: 3 };
  await vic.connect();
  await sleep(1000);
  assert.ok(!(await stage.rtc.stats({ detail: true })).streams.some(({ from }) => from === vic.peer), 'what a viewer sends goes nowhere');
  const from = performance.now();
  assert.equal((await host.ask('stage', { person: vic.id, on: true })).type, 'ok');
  await vic.ask('state', { mic: true, camera: true, screen: false });
  await untilStats(stage, 'Vic is seen and heard by all', one => viewers.slice(1).every(viewer => watches(viewer, vic, one)), 20_000);
  t.diagnostic(`a viewer who came on stage was seen by ${VIEWERS - 1} after ${Math.round(performance.now() - from)} ms`);
  await until('one viewer less', () => viewers[1].viewers === VIEWERS - 1);
  assert.equal((await host.ask('stage', { person: vic.id, on: false })).type, 'ok');
  await until('and back', () => viewers[1].viewers === VIEWERS && !viewers[1].slotOf(vic));
  await sleep(300);
  const quiet = await stage.during(() => sleep(700));
  assert.ok(viewers.slice(1).every(viewer => !viewer.streams(quiet).some(one => one.from === vic.peer)));
  assertRewritten(quiet);
  await leaveAll([host, ...viewers]);
});
