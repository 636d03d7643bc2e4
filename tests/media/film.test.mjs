// From Record to the film, of two meetings at once: each film shows and says what its own people did, at the time when they did it, with
// lips and voice together.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { sleep, until } from '../protocol/lib/daemon.mjs';
import { Stage } from './lib/guest.mjs';
import { apart, beeps, complaints, flashes, level, pictures, sound } from './lib/recorded.mjs';

const REAL = { real: true, fps: 25, video_bps: 300_000, simulcast: false };
const RECORDED = 6000;
/** of a film */
const FPS = 30;
/** ms between what is seen and what is heard */
const SYNC = 80;
/** ms that a picture may come too early or too late in the film: a frame of either side, and its way */
const PLACE = 120;
/** pitches as conclave-rtc's README has them */
const pitch = peer => 400 + 100 * (peer % 16);

let stage;
before(async () => { stage = await Stage.open({ config: { server: { language: 'de' } } }); });
after(() => stage.close());

async function begin (name) {
  const room = await stage.room('boardroom', { recording: true, title: name });
  const host = await stage.enter(room, { name, host: true, media: REAL });
  return { room, host };
}

async function film ({ room }) {
  const row = await until('it is ready', async () => {
    const { body } = await stage.daemon.admin('GET', `/api/v1/recordings?room=${room.id}`);
    assert.notEqual(body.recordings[0]?.status, 'failed');
    return body.recordings[0]?.status === 'ready' && body.recordings[0];
  }, 120_000);
  return path.join(stage.daemon.folder, 'recordings', row.id, 'files', 'meeting.mp4');
}

/** Each of these has one of those near it. */
function assertTogether (these, those, limit, t) {
  const worst = Math.max(...these.map(one => Math.min(...those.map(other => Math.abs(one - other)))));
  t.diagnostic(`at most ${Math.round(worst)} ms between picture and sound`);
  assert.ok(worst <= limit, `${worst} ms: ${these} and ${those}`);
}

test('two meetings are recorded at once', { timeout: 240_000 }, async t => {
  const meetings = [await begin('Ada'), await begin('Ben')];
  for (const { host } of meetings)
    assert.equal((await host.ask('record', { action: 'start' })).type, 'ok');
  await sleep(RECORDED);
  for (const { host } of meetings)
    assert.equal((await host.ask('record', { action: 'stop' })).type, 'ok');
  const peers = meetings.map(({ host }) => host.peer);
  for (const { host } of meetings)
    await host.leave();
  for (const [i, meeting] of meetings.entries()) {
    const file = await film(meeting);
    assert.ok(fs.statSync(file).size > 10_000);
    assert.equal(complaints(file), '');
    const frames = pictures(file).map((frame, n) => ({ ...frame, ms: n * 1000 / FPS })), samples = sound(file);
    const shown = frames.filter(({ person }) => person === peers[i]);
    assert.ok(shown.length > 0.6 * frames.length, `${shown.length} of ${frames.length} frames are of peer ${peers[i]}`);
    assert.equal(frames.filter(({ person }) => person === peers[1 - i]).length, 0, 'the other meeting is seen');
    const offsets = shown.map(frame => apart(frame.shown, shown[0].shown) - (frame.ms - shown[0].ms));
    assert.ok(Math.max(...offsets) - Math.min(...offsets) <= PLACE, `the film runs off by ${Math.min(...offsets)}…${Math.max(...offsets)} ms`);
    assert.ok(level(samples, pitch(peers[i])) > 5 * level(samples, pitch(peers[1 - i])), 'the other meeting is heard');
    const seen = flashes(frames).filter(ms => ms > 1000 && ms < RECORDED - 1000);
    assert.ok(seen.length >= 2, `${seen.length} flashes`);
    assertTogether(seen, beeps(samples), SYNC, t);
  }
});

test('a film says itself what it says in the language of the server', { timeout: 120_000 }, async () => {
  const room = await stage.room('boardroom', { recording: true, title: 'Cem' });
  const host = await stage.enter(room, { name: 'Cem', host: true });
  assert.equal((await host.ask('record', { action: 'start' })).type, 'ok');
  await sleep(11_000); // what comes sooner after the first chapter is none of its own
  const ben = await stage.enter(room, { name: 'Ben', media: { ...REAL, screen: true } });
  await sleep(2000);
  assert.equal((await host.ask('record', { action: 'stop' })).type, 'ok');
  await host.leave();
  await ben.leave();
  const folder = path.dirname(await film({ room }));
  assert.match(fs.readFileSync(path.join(folder, 'chapters.vtt'), 'utf8'), /\nPräsentation: Ben\n/);
});
