// Check 10: the media process of a room that is recorded aborts. Another room loses nothing, the room is back, and its recording goes on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sleep, until } from '../protocol/lib/daemon.mjs';
import { Stage, leaveAll } from '../media/lib/guest.mjs';
import { mediaOf } from '../media/lib/processes.mjs';
import { QUIET, REAL, closed, record, start } from '../media/lib/recording.mjs';
import { Call } from './lib/call.mjs';
import { figure } from './lib/figure.mjs';

const ROUNDS = Number(process.env.CONCLAVE_ROUNDS ?? 20);

/** @returns {Promise<{ back: number, recorded: number }>} ms until all see each other, and until both are recorded again */
async function abort (stage, call) {
  const recording = await start(call.host, stage);
  await recording.grows(call.host, 1);
  const pid = await until('its process is known', () => mediaOf(stage.daemon, call.room));
  const from = performance.now();
  process.kill(pid, 'SIGABRT');
  await Promise.all(call.guests.map(async guest => {
    for (const state of ['lost', 'ready'])
      assert.equal((await guest.take('media')).state, state);
    await guest.connect();
  }));
  await call.untilSeen();
  const back = performance.now() - from;
  await recording.grows(call.host, 2);
  const recorded = performance.now() - from;
  await record(call.host, 'stop');
  await closed(recording, stage);
  recording.assertTrue({ whole: false });
  assert.deepEqual(recording.of('segment-end').map(({ reason }) => reason), ['lost', 'stop']);
  return { back, recorded };
}

test(`the media process of a room aborts ${ROUNDS} times`, async t => {
  const stage = await Stage.open({ config: QUIET });
  t.after(() => stage.close());
  const other = await Call.begin(stage, 3);
  const times = [], sums = { received: 0, lost: 0 };
  for (let i = 0; i < ROUNDS; i++) {
    const call = await Call.begin(stage, 2, { media: REAL, recording: true });
    const stats = await stage.during(async () => { times.push(await abort(stage, call)); });
    const { received, lost } = other.losses(stats);
    sums.received += received;
    sums.lost += lost;
    await call.end();
  }
  assert.equal(other.disturbed, false);
  await sleep(500);
  await leaveAll(other.guests);
  figure(t, 10, `lost in another room, of ${sums.received}`, sums.lost, { most: 0, unit: 'packets' });
  figure(t, 10, 'all see each other again after, at most', Math.max(...times.map(({ back }) => back)) / 1000, { most: 5, unit: 's' });
  figure(t, 10, `recordings that go on, of ${ROUNDS}`, times.length, { least: ROUNDS });
  t.diagnostic(`recorded again after ${Math.round(Math.max(...times.map(({ recorded }) => recorded)))} ms at most`);
});
