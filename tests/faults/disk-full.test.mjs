// Check 27: a meeting is recorded onto a file system of 64 MB until that is full. What was recorded can be played to the end, the host is
// told, and the call goes on.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { makeState, until } from '../protocol/lib/daemon.mjs';
import { Stage } from '../media/lib/guest.mjs';
import { complaints, read } from '../media/lib/recorded.mjs';
import { QUIET, REAL, start } from '../media/lib/recording.mjs';
import { Call } from './lib/call.mjs';
import { figure } from './lib/figure.mjs';

const SIZE = '64m';
const MOUNT = `mount -t tmpfs -o size=${SIZE},mode=700 tmpfs "$0"`;
/** Nothing stops it before the last byte; and what is set by default does. `left`: bytes, the rest is filled beforehand, so that it takes a minute and not ten. */
const CASES = [
  { name: 'no limit', left: 1_000_000, recording: { 'warn-below-percent': 0, 'stop-below-percent': 0, 'stop-below-bytes': 0 } },
  { name: 'the default, in percent', left: 2_500_000, recording: { 'stop-below-bytes': 0 } },
];

/** A file system of their own for the daemon; FALSE where nobody may mount one. */
function mayMount (state) {
  try {
    execFileSync('unshare', ['--mount', 'sh', '-c', MOUNT, state], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function fill (folder, left) {
  const { bavail, bsize } = fs.statfsSync(folder);
  fs.writeFileSync(path.join(folder, 'fill'), Buffer.alloc(Math.max(0, bavail * bsize - left)));
}

for (const { name, left, recording } of CASES)
  test(`a disk of ${SIZE} is full while a meeting is recorded: ${name}`, async t => {
    const state = makeState();
    t.after(() => fs.rmSync(state, { recursive: true, force: true }));
    if (!mayMount(state))
      return t.skip('no file system of its own may be mounted here');
    const stage = await Stage.open({ state, mounts: true, config: { ...QUIET, recording },
      under: ['unshare', '--mount', 'sh', '-c', `${MOUNT} && exec "$@"`, state] });
    t.after(() => stage.close());
    const call = await Call.begin(stage, 3, { media: { ...REAL, fps: 25, video_bps: 3_000_000 }, recording: true });
    const recorded = await start(call.host, stage);
    await recorded.grows(call.host, 1);
    fill(stage.daemon.folder, left);
    const from = performance.now();
    const off = () => call.host.socket.inbox.find(({ type, state }) => type === 'recording' && state === 'off');
    const stats = await stage.during(() => until('the host is told', off, 240_000));
    t.diagnostic(`full after ${Math.round((performance.now() - from) / 1000)} s`);
    assert.equal(off().reason, 'disk');
    const { received, lost } = call.losses(stats);
    await call.untilSeen();
    assert.equal(call.disturbed, false);
    fs.rmSync(path.join(stage.daemon.folder, 'fill'));
    const { tracks } = recorded;
    assert.equal(recorded.of('segment-end').at(-1).reason, 'disk');
    recorded.assertTrue({ whole: false });
    const playable = tracks.filter(file => complaints(recorded.file(file)) === '' && read(recorded.file(file)).packets.length > 25);
    figure(t, 27, `tracks that play without a complaint, of ${tracks.length}`, playable.length, { least: tracks.length });
    figure(t, 27, `the call meanwhile: lost, of ${received}`, lost, { most: 0, unit: 'packets' });
    await call.end();
  });
