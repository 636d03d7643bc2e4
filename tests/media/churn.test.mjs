// 200 come and go while others talk: those lose nothing, and nothing of the visitors stays behind.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INSTRUMENTED, sleep, until } from '../protocol/lib/daemon.mjs';
import { Stage, assertRewritten, leaveAll, untilStats } from './lib/guest.mjs';
import { children, usage } from './lib/processes.mjs';

const VISITS = 200, AT_ONCE = 5;
const GROWTH_KIB = INSTRUMENTED ? 60_000 : 3072;

test(`${VISITS} joins and leaves`, async t => {
  const stage = await Stage.open();
  t.after(() => stage.close());
  const room = await stage.room();
  const stayers = await stage.enterMany(room, 3);
  await Promise.all(stayers.map(guest => guest.view(stayers.filter(other => other !== guest))));
  await untilStats(stage, 'they see each other', stats => stayers.every(guest => guest.streams(stats).length === 2));

  const visit = async n => {
    for (let i = 0; i < n; i += AT_ONCE)
      await leaveAll(await stage.enterMany(room, AT_ONCE, { media: { simulcast: [20_000, 40_000, 80_000], fps: 5 } }));
  };
  const measure = async () => {
    await until('only those who stay are in', () => stayers[0].slots.every(({ person }) => stayers.some(({ id }) => id === person)));
    await sleep(500);
    return [stage.daemon.pid, ...children(stage.daemon)].map(usage);
  };

  await visit(20); /* what is kept once */
  const before = await measure();
  const from = performance.now();
  const stats = await stage.during(() => visit(VISITS));
  const took = performance.now() - from, after = await measure();
  t.diagnostic(`${Math.round(VISITS / took * 1000)} visits a second`);
  t.diagnostic(`conclaved ${JSON.stringify(before[0])} → ${JSON.stringify(after[0])}`);
  before.slice(1).forEach((one, i) => t.diagnostic(`conclave-media ${JSON.stringify(one)} → ${JSON.stringify(after[i + 1])}`));
  assert.equal(after.length, before.length);
  after.forEach((now, i) => {
    /* the daemon's thread pool keeps who has just worked for a while */
    assert.ok(now.threads <= before[i].threads + (i ? 0 : 2), `${before[i].threads} → ${now.threads} threads`);
    assert.ok(now.descriptors <= before[i].descriptors + (i ? 0 : 2), `${before[i].descriptors} → ${now.descriptors} descriptors`);
    assert.ok(now.rss - before[i].rss < GROWTH_KIB, `${before[i].rss} → ${now.rss} KiB`);
  });
  assertRewritten(stats);
  const others = stats.streams.filter(({ id, kind }) => kind === 'video' && stayers.some(({ peer }) => peer === id));
  assert.ok(others.length >= 6 && others.every(({ frames, decodable, lost }) => frames > 5 && frames === decodable && lost === 0));
  t.diagnostic(`those who stayed: ${others.reduce((sum, { received }) => sum + received, 0)} packets of video, none lost; ` +
    `longest gap ${Math.max(...others.map(({ longest_gap_ms }) => longest_gap_ms))} ms`);
  await leaveAll(stayers);
});
