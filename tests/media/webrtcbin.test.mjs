// A WebRTC client that is none of ours: GStreamer's webrtcbin, twice in a Boardroom with a generated person.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { INSTRUMENTED, until } from '../protocol/lib/daemon.mjs';
import { Stage, leaveAll, untilStats } from './lib/guest.mjs';

/* its ICE agent has no use for loopback: tests/browser/namespace gives us an address */
const address = Object.values(os.networkInterfaces()).flat().find(({ internal, family }) => !internal && family === 'IPv4')?.address;
const PATIENCE = INSTRUMENTED ? 60_000 : 30_000;

/** Runs webrtcbin-client; `last` is the newest message of each type. */
function start (t) {
  const child = spawn(path.join(process.env.CONCLAVE_BUILD ?? 'build', 'tests/media/webrtcbin-client'), [], { stdio: ['pipe', 'pipe', 'inherit'] });
  const last = {};
  t.after(() => child.kill('SIGKILL'));
  createInterface({ input: child.stdout }).on('line', line => {
    const message = JSON.parse(line);
    last[message.type] = message;
  });
  return { child, last };
}

/** A seat, and webrtcbin as its media. */
async function enter (t, stage, room, name) {
  const guest = await stage.enter(room, { name, media: false });
  const { child, last } = start(t);
  const { sdp } = await until('it offers', () => last.offer, PATIENCE);
  const answer = await guest.offer(sdp);
  assert.equal(answer.type, 'answer', `${JSON.stringify(answer)}\n${sdp}`);
  const from = performance.now();
  child.stdin.write(JSON.stringify({ type: 'answer', sdp: answer.sdp }) + '\n');
  await until('it is connected', () => last.counts?.connected, PATIENCE);
  t.diagnostic(`${name} is connected ${Math.round(performance.now() - from)} ms after the answer`);
  return { guest, child, last };
}

test('two of them see and hear each other, and a generated person both', async t => {
  const stage = await Stage.open({ config: { media: { listen: address } }, rtc: ['--ip', address] });
  t.after(() => stage.close());
  const room = await stage.room();
  const ann = await stage.enter(room, { name: 'Ann', media: { audio: false, video: false } });
  const gus = await enter(t, stage, room, 'Gus'), hal = await enter(t, stage, room, 'Hal');
  await Promise.all([ann.view([gus.guest, hal.guest]), gus.guest.view([hal.guest]), hal.guest.view([gus.guest])]);
  for (const { last } of [gus, hal])
    await until('pictures and sound are decoded', () => last.counts.video > 10 && last.counts.audio > 50, PATIENCE);
  await untilStats(stage, 'Ann gets two pictures and two tones', stats =>
    ann.streams(stats).filter(({ decodable, width }) => decodable > 10 && width === 320).length === 2 &&
    ann.streams(stats, 'audio').filter(({ received }) => received > 50).length === 2, PATIENCE);
  const stats = await stage.rtc.stats({ detail: true });
  for (const name of ['bad_srtp', 'bad_srtcp', 'seq_resets', 'timestamp_errors', 'picture_errors'])
    assert.equal(stats[name], 0, name);
  t.diagnostic(`Ann: ${stats.decodable} of ${stats.frames} frames; decoded: ${JSON.stringify([gus, hal].map(({ last }) => last.counts))}`);
  for (const { child, last } of [gus, hal]) {
    assert.equal(last.counts.width, 320);
    child.stdin.end();
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  }
  await leaveAll([ann, gus.guest, hal.guest]);
});
