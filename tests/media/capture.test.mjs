// A meeting is recorded: what is in its folder at each moment, of whom, and what is left when something dies in the middle.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { makeState, sleep, until } from '../protocol/lib/daemon.mjs';
import { Stage, untilStats } from './lib/guest.mjs';
import { alive, mediaOf } from './lib/processes.mjs';
import { complaints, read } from './lib/recorded.mjs';
import { QUIET, REAL, closed, record, start } from './lib/recording.mjs';

/** ms that may be lost where something is killed */
const LOSS = 2000;
let stage;
before(async () => { stage = await Stage.open({ config: QUIET }); });
after(() => stage.close());

test('a meeting is recorded: pauses, people who come and go', async t => {
  const room = await stage.room('boardroom', { recording: true });
  const host = await stage.enter(room, { name: 'Host', host: true, media: REAL });
  const bob = await stage.enter(room, { name: 'Bob', media: REAL });
  assert.equal(host.joined.room.recording, true);
  const recordings = path.join(stage.daemon.folder, 'recordings');
  await sleep(500);
  assert.deepEqual(fs.existsSync(recordings) ? fs.readdirSync(recordings) : [], [], 'nothing is there before Record');

  const recorded = await start(host, stage);
  assert.deepEqual(await bob.take('recording').then(({ state, mine }) => [state, mine]), ['on', 'announced']);
  await Promise.all([host, bob].map(guest => recorded.grows(guest, 1)));
  await record(host, 'pause');
  assert.equal((await bob.take('recording')).state, 'paused');
  await recorded.stands();
  const first = recorded.tracks;
  assert.equal(first.length, 4);

  const late = await stage.enter(room, { name: 'Late', media: REAL });
  assert.deepEqual([late.joined.recording.state, late.joined.recording.mine], ['paused', 'announced']);
  await recorded.stands();
  assert.deepEqual(recorded.tracks, first, 'no file in a pause');
  await record(host, 'resume');
  await Promise.all([host, bob, late].map(guest => recorded.grows(guest, 2)));
  await bob.leave();
  await until('it is noted', () => recorded.of('leave', { person: bob.id }).length);
  await recorded.finished(bob);
  await recorded.stands(bob);
  await host.ask('state', { mic: false, camera: true, screen: false });
  await recorded.grows(late, 2);
  await record(host, 'stop');
  const { status, people, duration } = await closed(recorded, stage);
  t.diagnostic(`${status}, ${people} people, ${duration} ms, ${recorded.tracks.length} tracks`);
  assert.equal(people, 3);
  await Promise.all([host, late].map(guest => guest.leave()));
  recorded.assertTrue();
  assert.equal(complaints(recorded.file(recorded.tracks.at(-1))), '');
  const spans = recorded.of('segment-end').map(({ t }, i) => t - recorded.of('segment')[i].t);
  assert.ok(Math.abs(spans[0] + spans[1] - duration) < 100, `${spans} of ${duration}`);
  assert.deepEqual(recorded.of('segment-end').map(({ reason }) => reason), ['pause', 'stop']);
  assert.equal(recorded.events.at(-1).type, 'stop');
  assert.ok(recorded.of('sending', { person: host.id, microphone: false }).length);
});

test('who was not asked, refuses, or takes it back is not in it', async () => {
  const room = await stage.room('boardroom', { recording: true, consent: 'require' });
  const host = await stage.enter(room, { name: 'Host', host: true, media: REAL });
  const [yes, no, silent] = [await stage.enter(room, { name: 'Yes', media: REAL }), await stage.enter(room, { name: 'No', media: REAL }),
    await stage.enter(room, { name: 'Silent', media: REAL })];
  await host.view([yes, no, silent]);
  const recorded = await start(host, stage);
  assert.equal((await yes.ask('consent', { answer: 'agreed' })).type, 'ok');
  assert.equal((await no.ask('consent', { answer: 'refused' })).type, 'ok');
  await recorded.grows(yes, 1);
  const comes = (stats, guest) => stats.streams.some(one => one.id === host.peer && one.kind === 'video' && one.mid === host.slotOf(guest)?.mid && one.idle_ms < 400);
  await untilStats(stage, 'who is asked is seen, who refused is not', stats => comes(stats, silent) && comes(stats, yes) && !comes(stats, no));
  assert.deepEqual([...new Set(recorded.tracks.map(name => name.slice(4, 17)))], [yes.id]);
  await until('all are told', () => host.socket.inbox.some(({ type, person }) =>
    type === 'person-changed' && person.id === no.id && person.unrecorded && !person.camera));

  await untilStats(stage, 'they see the one who agreed', stats => comes(stats, yes));
  const from = performance.now();
  assert.equal((await yes.ask('consent', { answer: 'withdrawn' })).type, 'ok');
  const took = performance.now() - from;
  assert.ok(took < 1000, `${took} ms`);
  await recorded.stands(yes, 1000);
  await untilStats(stage, 'and no longer', stats => !comes(stats, yes) && comes(stats, silent));
  await record(host, 'pause');
  await untilStats(stage, 'in a pause all may speak', stats => comes(stats, yes) && comes(stats, no));
  await record(host, 'stop');
  await closed(recorded, stage);
  await Promise.all([host, yes, no, silent].map(guest => guest.leave()));
  recorded.assertTrue();
  assert.deepEqual(recorded.of('consent').map(({ person, answer }) => [person, answer]),
    [[yes.id, 'agreed'], [no.id, 'refused'], [yes.id, 'withdrawn']]);
});

test('an encoder is in it where its token says so', async () => {
  const room = await stage.room('classroom', { recording: true, consent: 'require' });
  const host = await stage.enter(room, { name: 'Host', host: true, media: { audio: false, video: false } });
  const publish = async consents => {
    const token = randomBytes(32), peer = stage.nextPeer();
    await stage.daemon.admin('POST', `/api/v1/rooms/${room.id}/tokens`,
      { kind: 'publish', name: 'Encoder', hours: 1, consents, hash: createHash('sha256').update(token).digest('base64url') });
    const answer = await stage.daemon.request('POST', `/whip/${room.id}`, await stage.rtc.publish(peer, REAL),
      { authorization: `Bearer ${token.toString('base64url')}`, 'content-type': 'application/sdp' });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    stage.rtc.answer(peer, String(answer.bytes));
    await stage.rtc.up(peer);
    return (await host.take('person-joined')).person;
  };
  const before = await publish(true);
  const recorded = await start(host, stage);
  await recorded.grows(before, 1);
  const [during, silent] = [await publish(true), await publish(false)];
  await recorded.grows(during, 1);
  assert.equal(silent.unrecorded, true);
  await record(host, 'stop');
  await host.leave();
  await closed(recorded, stage);
  recorded.assertTrue();
  assert.deepEqual(recorded.of('consent').map(({ person, answer }) => [person, answer]), [[before.id, 'agreed'], [during.id, 'agreed']]);
  assert.ok(!recorded.tracks.some(name => name.includes(silent.id)));
});

test('the media process is killed: another segment', async t => {
  const room = await stage.room('boardroom', { recording: true });
  const host = await stage.enter(room, { name: 'Host', host: true, media: REAL });
  const recorded = await start(host, stage);
  await recorded.grows(host, 1);
  const pid = await until('its process is known', () => mediaOf(stage.daemon, room));
  await sleep(1500);
  const killed = Date.now();
  process.kill(pid, 'SIGKILL');
  for (const state of ['lost', 'ready'])
    assert.equal((await host.take('media')).state, state);
  await host.connect();
  await recorded.grows(host, 2);
  await record(host, 'stop');
  await closed(recorded, stage);
  await host.leave();
  recorded.assertTrue({ whole: false });
  assert.deepEqual(recorded.of('segment-end').map(({ reason }) => reason), ['lost', 'stop']);
  const at = killed - recorded.events[0].at;
  for (const { file, t: begins } of recorded.of('track', { segment: 1 })) {
    const { packets } = read(recorded.file(file));
    const lost = at - (begins + packets.at(-1).ms);
    t.diagnostic(`${file}: ${Math.round(lost)} ms lost`);
    assert.ok(lost < LOSS, `${lost} ms`);
  }
});

/** A daemon of its own over a state that outlives it. */
async function interrupted (signal, check) {
  const state = makeState();
  const own = await Stage.open({ state, config: QUIET });
  const room = await own.room('boardroom', { recording: true });
  const host = await own.enter(room, { name: 'Host', host: true, media: REAL });
  const recorded = await start(host, own);
  await recorded.grows(host, 1);
  await sleep(1500);
  const pid = mediaOf(own.daemon, room), at = Date.now();
  if (signal === 'SIGKILL')
    await own.daemon.kill(signal);
  await own.daemon.stop();
  const took = Date.now() - at;
  await until('its children are gone', () => !alive(pid), 5000);
  await own.rtc.quit();
  const again = await Stage.open({ state, config: QUIET });
  const row = await closed(recorded, again);
  check(recorded, row, { at: at - recorded.events[0].at, took });
  await again.close();
  fs.rmSync(state, { recursive: true });
}

test('the daemon is killed: the recording is found, and read to the end', async t => {
  await interrupted('SIGKILL', (recorded, row, { at }) => {
    assert.notEqual(row.status, 'recording');
    assert.ok(row.ended > 0);
    recorded.assertTrue({ whole: false });
    assert.equal(recorded.of('segment-end').length, 0);
    for (const { file, t: begins } of recorded.of('track')) {
      const lost = at - (begins + read(recorded.file(file)).packets.at(-1).ms);
      t.diagnostic(`${file}: ${Math.round(lost)} ms lost`);
      assert.ok(lost < LOSS, `${lost} ms`);
    }
  });
});

test('the daemon is stopped: files are closed first', async t => {
  await interrupted('SIGTERM', (recorded, row, { took }) => {
    t.diagnostic(`it took ${took} ms`);
    assert.ok(took < 5000);
    recorded.assertTrue();
    assert.deepEqual(recorded.of('stop').map(({ reason }) => reason), ['ended']);
  });
});

test('the meeting ends while it is recorded', async () => {
  const room = await stage.room('boardroom', { recording: true });
  const host = await stage.enter(room, { name: 'Host', host: true, media: REAL });
  const recorded = await start(host, stage);
  await recorded.grows(host, 1);
  host.post('end');
  await closed(recorded, stage);
  recorded.assertTrue();
  assert.deepEqual(recorded.of('segment-end').map(({ reason }) => reason), ['ended']);
});

test('a disk that becomes full stops the recording, not the call', async t => {
  const state = makeState();
  const mount = 'mount -t tmpfs -o size=24m,mode=700 tmpfs "$0"';
  try {
    execFileSync('unshare', ['--mount', 'sh', '-c', mount, state], { stdio: 'ignore' });
  } catch {
    t.skip('no file system of its own may be mounted here');
    return;
  }
  for (const [limits, steps] of [[{ 'warn-below-percent': 50, 'stop-below-percent': 0, 'stop-below-bytes': 4_000_000 }, [8e6, 3e6]],
    [{ 'warn-below-percent': 0, 'stop-below-percent': 0, 'stop-below-bytes': 0 }, [50_000]]]) {
    const own = await Stage.open({ state, mounts: true, config: { ...QUIET, recording: limits },
      under: ['unshare', '--mount', 'sh', '-c', `${mount} && exec "$@"`, state] });
    const room = await own.room('boardroom', { recording: true });
    const host = await own.enter(room, { name: 'Host', host: true, media: { ...REAL, fps: 25, video_bps: 3_000_000 } });
    const bob = await own.enter(room, { name: 'Bob', media: REAL });
    const recorded = await start(host, own);
    await recorded.grows(host, 1);
    const fill = fs.openSync(path.join(own.daemon.folder, 'fill'), 'w');
    for (const [i, free] of steps.entries()) {
      const { bavail, bsize } = fs.statfsSync(own.daemon.folder);
      fs.writeSync(fill, Buffer.alloc(Math.max(0, bavail * bsize - free)));
      if (i < steps.length - 1)
        await host.take('recording', { warning: 'disk' });
    }
    assert.equal((await host.take('recording', { state: 'off' })).reason, 'disk');
    assert.equal(recorded.of('segment-end').at(-1)?.reason, 'disk');
    await bob.view([host]);
    await untilStats(own, 'the call goes on', stats => stats.streams.some(one => one.id === bob.peer && one.kind === 'video' && one.idle_ms < 400));
    if (limits['stop-below-bytes'])
      assert.equal((await host.ask('record', { action: 'start' })).error, 'disk-full');
    fs.closeSync(fill);
    fs.rmSync(path.join(own.daemon.folder, 'fill'));
    await Promise.all([host, bob].map(guest => guest.leave()));
    recorded.assertTrue({ whole: false });
    await own.close();
  }
  fs.rmSync(state, { recursive: true });
});
