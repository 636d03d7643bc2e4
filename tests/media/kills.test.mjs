// Media process or daemon are killed at random moments of a recording (CONCLAVE_KILLS times; 8 where it says nothing): each time all but
// the last moment is there, and a film is made of it without anybody's help.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { figure } from '../faults/lib/figure.mjs';
import { makeState, sleep, until } from '../protocol/lib/daemon.mjs';
import { Stage } from './lib/guest.mjs';
import { alive, mediaOf } from './lib/processes.mjs';
import { apart, beeps, complaints, pictures, read, sound } from './lib/recorded.mjs';

const KILLS = Number(process.env.CONCLAVE_KILLS ?? 8);
const REAL = { real: true, fps: 10, video_bps: 80_000, simulcast: false };
/** ms of a recording that may be lost */
const LOSS = 2000;
/** ms that a film may be longer or shorter than what was recorded: its last frame, what was on its way */
const FILM = 400;
const monotonic = () => Number(process.hrtime.bigint() / 1_000_000n);

const folder = (state, id) => path.join(state, 'recordings', id);
const events = (state, id) => fs.readFileSync(path.join(folder(state, id), 'events.jsonl'), 'utf8').split('\n').filter(Boolean).map(line => JSON.parse(line));
const track = (state, id, file) => path.join(folder(state, id), 'tracks', file);

/** A meeting in which somebody is recorded for a while. */
async function begin (stage, state) {
  const room = await stage.room('boardroom', { recording: true });
  const host = await stage.enter(room, { name: 'Host', host: true, media: REAL });
  const before = fs.existsSync(path.join(state, 'recordings')) ? fs.readdirSync(path.join(state, 'recordings')) : [];
  assert.equal((await host.ask('record', { action: 'start' })).type, 'ok');
  const [id] = fs.readdirSync(path.join(state, 'recordings')).filter(name => !before.includes(name));
  await until('both sources come', () => new Set(events(state, id).filter(({ type }) => type === 'track').map(({ source }) => source)).size === 2, 20_000);
  return { room, host, id };
}

/** How much of the time before `at` is not in the files of a segment. @returns {number} ms */
function lost (state, id, at) {
  const tracks = events(state, id).filter(({ type, segment }) => type === 'track' && segment === 1);
  assert.equal(tracks.length, 2);
  const camera = track(state, id, tracks.find(({ source }) => source === 'camera').file);
  const microphone = tracks.find(({ source }) => source === 'microphone');
  const shown = pictures(camera);
  const last = read(track(state, id, microphone.file)).packets.at(-1).ms + microphone.t;
  const log = events(state, id)[0];
  return Math.max(apart(at.monotonic & 0xffffff, shown.at(-1).shown), at.wall - log.at - last);
}

async function killMedia (stage, state, { room, host, id }) {
  const pid = await until('its process is known', () => mediaOf(stage.daemon, room));
  const at = { monotonic: monotonic(), wall: Date.now() };
  process.kill(pid, 'SIGKILL');
  for (const expected of ['lost', 'ready'])
    assert.equal((await host.take('media')).state, expected);
  await host.connect();
  await until('it goes on', () => events(state, id).filter(({ type, segment }) => type === 'track' && segment === 2).length === 2, 20_000);
  await sleep(1000);
  assert.equal((await host.ask('record', { action: 'stop' })).type, 'ok');
  await host.leave();
  return { at, stage };
}

async function killDaemon (stage, state, { room }) {
  const pid = mediaOf(stage.daemon, room);
  const at = { monotonic: monotonic(), wall: Date.now() };
  await stage.daemon.kill('SIGKILL');
  await stage.daemon.stop();
  await until('its children are gone', () => !alive(pid), 5000);
  await stage.rtc.quit();
  return { at, stage: await Stage.open({ state }) };
}

/** What its film should last, from what its files hold: from the first frame of all to the last. */
function span (state, id) {
  const log = events(state, id);
  const ends = log.filter(({ type }) => type === 'track').map(({ file, t }) => t + read(track(state, id, file)).packets.at(-1).ms);
  const end = log.find(({ type, reason }) => type === 'segment-end' && reason !== 'lost')?.t ?? Math.max(...ends);
  return end - log.find(({ type }) => type === 'segment').t;
}

async function checkFilm (stage, state, id) {
  const row = await until(`a film is made of ${id}`, async () => {
    const { body } = await stage.daemon.admin('GET', `/api/v1/recordings/${id}`);
    return ['ready', 'failed'].includes(body.status) && body;
  }, 240_000);
  assert.deepEqual([row.status, row.error], ['ready', null], stage.daemon.log.split('\n').filter(line => /render/.test(line)).slice(-20).join('\n'));
  const film = path.join(folder(state, id), 'files', 'meeting.mp4');
  assert.equal(complaints(film), '');
  assert.ok(Math.abs(read(film).duration * 1000 - span(state, id)) < FILM, `${read(film).duration} s of ${span(state, id)} ms`);
  assert.ok(beeps(sound(film)).length >= 1, 'nothing is heard');
}

test(`killed ${KILLS} times while it records`, { timeout: KILLS * 90_000 + 300_000 }, async t => {
  const state = makeState();
  let stage = await Stage.open({ state });
  const ids = [], losses = [];
  for (let i = 0; i < KILLS; i++) {
    const meeting = await begin(stage, state);
    await sleep(1200 + randomInt(2000)); /* a beep each second, so there is one */
    const whom = i % 2 ? killDaemon : killMedia;
    const { at, stage: next } = await whom(stage, state, meeting);
    stage = next;
    const gone = lost(state, meeting.id, at);
    t.diagnostic(`${whom.name}: ${Math.round(gone)} ms lost`);
    assert.ok(gone < LOSS, `${gone} ms`);
    ids.push(meeting.id);
    losses.push(gone);
  }
  for (const id of ids)
    await checkFilm(stage, state, id);
  figure(t, 26, `playable of ${KILLS}`, ids.length, { least: KILLS });
  figure(t, 26, 'lost at most', Math.max(...losses), { most: LOSS, unit: 'ms' });
  await stage.close();
  fs.rmSync(state, { recursive: true });
});
