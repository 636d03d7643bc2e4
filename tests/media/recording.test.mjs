// What a media process records: the right frames at the right time, nothing that it may not, and whatever happens a file that can
// be read. People are generated; what they send is decoded here.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { sleep, until } from '../protocol/lib/daemon.mjs';
import { Rtc } from '../rtc/rtc.mjs';
import { assertRewritten } from './lib/guest.mjs';
import { MediaProcess, personId } from './lib/media-process.mjs';
import { apart, beeps, complaints, count, flashes, level, pictures, read, sound } from './lib/recorded.mjs';

const REAL = { real: true, fps: 25, video_bps: 500_000 };
const LAYERS = { ...REAL, simulcast: [80_000, 200_000, 500_000] };
/** ms: a picture at 25 frames a second, and what a busy machine adds */
const SHARP = 60;
let rtc, peers = 0;
before(async () => { rtc = await Rtc.start(['--decrypt', 'all']); });
after(() => rtc.quit());

/** A test with a media process of its own. */
function meeting (name, what, options = {}) {
  test(name, async t => {
    const media = await MediaProcess.start(options);
    const joined = [];
    const join = async (n, settings, may) => {
      joined.push(++peers);
      return { id: await media.join(rtc, n, peers, settings, may), peer: peers };
    };
    try {
      await what(media, join, t);
    } finally {
      joined.forEach(peer => rtc.close(peer));
      await media.close();
    }
  });
}

const nowMs = () => Number(process.hrtime.bigint() / 1_000_000n);

/** Each picture stands where it was shown. */
function assertTrue (frames, { at }, peer, sharp = SHARP) {
  for (const { ms, shown, person } of frames) {
    assert.equal(person, peer & 255);
    const off = apart(shown, at / 1000 + ms);
    assert.ok(Math.abs(off) < sharp, `the picture at ${ms} ms is off by ${off} ms`);
  }
}

function longestGap (packets) {
  return Math.max(0, ...packets.slice(1).map(({ ms }, i) => ms - packets[i].ms));
}

meeting('sound and pictures are what was sent, when it was sent', async (media, join, t) => {
  const { id, peer } = await join(0, REAL);
  await sleep(500);
  const [microphone, camera] = [await media.record(id, 'microphone'), await media.record(id, 'camera')];
  await sleep(4500);
  const bytes = [await media.unrecord(microphone), await media.unrecord(camera)];
  assert.deepEqual(bytes, [microphone, camera].map(({ path }) => fs.statSync(path).size));
  const [heard, seen] = [await media.told('track', microphone.file), await media.told('track', camera.file)];
  assert.equal(heard.codec, 'opus');
  assert.deepEqual([seen.codec, seen.width, seen.height], ['VP8', 640, 360]);

  const video = read(camera.path), audio = read(microphone.path);
  assert.deepEqual([video.codec, video.width, video.height, audio.codec], ['vp8', 640, 360, 'opus']);
  for (const { duration } of [video, audio])
    assert.ok(Math.abs(duration - 4.5) < 0.5, `${duration} s`);
  assert.ok(longestGap(audio.packets) <= 21 && longestGap(video.packets) <= 41, 'no frame is missing');
  assert.ok(video.packets[0].key && video.packets[0].ms === 0);
  assert.equal(complaints(camera.path) + complaints(microphone.path), '');

  const frames = pictures(camera.path), samples = sound(microphone.path);
  assert.equal(frames.length, video.packets.length);
  assertTrue(frames, seen, peer);
  assert.ok(level(samples, 400 + 100 * (peer % 16)) > 10 * level(samples, 450 + 100 * (peer % 16)), 'the voice is theirs');
  const lit = flashes(frames).map(ms => seen.at / 1000 + ms), loud = beeps(samples).map(ms => heard.at / 1000 + ms);
  const off = lit.map(ms => loud.map(other => ms - other).sort((a, b) => Math.abs(a) - Math.abs(b))[0]);
  assert.ok(lit.length >= 3 && off.every(ms => Math.abs(ms) < SHARP), `a flash is off its beep: ${off}`);
  t.diagnostic(`flashes are ${off.map(Math.round)} ms after their beeps`);

  // What the sender's clock says of both is the same.
  const clocks = [await media.told('clock', microphone.file), await media.told('clock', camera.file)];
  const [a, b] = [heard, seen].map(({ at }, i) => clocks[i].ntp - clocks[i].pts - at);
  assert.ok(Math.abs(a - b) < 20_000, `${a - b} µs`);

  // It can be gone to.
  const [later] = pictures(camera.path, ['-ss', '3']);
  assert.ok(Math.abs(apart(later.shown, seen.at / 1000 + 3000)) < 2 * SHARP);
  execFileSync('gst-launch-1.0', ['-q', 'filesrc', `location=${camera.path}`, '!', 'matroskademux', '!', 'vp8dec', '!', 'fakesink']);
});

meeting('the largest layer that comes, whoever looks', async (media, join, t) => {
  const { id, peer } = await join(0, LAYERS);
  const camera = await media.record(id, 'camera');
  await media.told('track', camera.file);
  await sleep(1500);
  await rtc.do('send', peer, { source: 'camera', rids: ['q', 'h'] });
  await sleep(2500);
  await rtc.do('send', peer, { source: 'camera', rids: ['q', 'h', 'f'] });
  await sleep(1500);
  const wanted = media.news.filter(({ type }) => type === 'layers').at(-1);
  assert.ok(wanted.rids.includes('f'), 'it is wanted, though nobody sees it');
  await media.unrecord(camera);
  const frames = pictures(camera.path);
  assertTrue(frames, await media.told('track', camera.file), peer, 2 * SHARP);
  const widths = frames.map(({ width }) => width).filter((width, i, all) => width !== all[i - 1]);
  assert.ok(/^(160,)?(320,)?640,320,640$/.test(widths.join()), `widths: ${widths}`);
  const { packets } = read(camera.path);
  assert.ok(packets.every(({ ms }, i) => i === 0 || ms > packets[i - 1].ms), 'time goes on');
  assert.ok(longestGap(packets) < 1300, `a gap of ${longestGap(packets)} ms`);
  assert.equal(complaints(camera.path), '');
  t.diagnostic(`${widths}; the longest gap ${longestGap(packets)} ms`);
});

meeting('what is lost is repaired, or does not spoil the rest', async (media, join, t) => {
  const { id, peer } = await join(0, { ...REAL, pkt: 300 });
  await rtc.do('net', peer, { loss_up: 5, delay: 20 });
  await sleep(500);
  const [microphone, camera] = [await media.record(id, 'microphone'), await media.record(id, 'camera')];
  await sleep(6000);
  await media.unrecord(microphone);
  await media.unrecord(camera);
  const frames = pictures(camera.path), { packets } = read(camera.path);
  assertTrue(frames, await media.told('track', camera.file), peer, 2 * SHARP);
  assert.equal(frames.length, packets.length);
  assert.ok(frames.length > 0.9 * packets.at(-1).ms / 40, `${frames.length} pictures in ${packets.at(-1).ms} ms`);
  const heard = read(microphone.path);
  assert.ok(heard.packets.length > 0.85 * heard.packets.at(-1).ms / 20);
  assert.ok(heard.packets.every(({ ms }) => Math.abs(ms - 20 * Math.round(ms / 20)) <= 1), 'what is lost leaves a gap');
  assert.equal(complaints(camera.path), '');
  t.diagnostic(`${frames.length} of ${packets.at(-1).ms / 40 + 1} pictures, ${heard.packets.length} of ${heard.packets.at(-1).ms / 20 + 1} packets of sound`);
});

meeting('nothing is written that may not be heard or seen, nor after the end', async (media, join) => {
  const { id } = await join(0, REAL, { microphone: false, camera: false, screen: false });
  const [microphone, camera] = [await media.record(id, 'microphone'), await media.record(id, 'camera')];
  const sizes = () => [microphone, camera].map(({ path }) => fs.statSync(path).size);
  await sleep(1000);
  assert.deepEqual(sizes(), [0, 0]);
  media.may(id, {});
  await media.told('track', microphone.file);
  await media.told('track', camera.file);
  media.may(id, { microphone: false, camera: false });
  await sleep(500);
  const before = sizes();
  await sleep(1000);
  assert.deepEqual(sizes(), before);
  media.may(id, {});
  await until('it goes on', () => sizes().every((n, i) => n > before[i]));
  await media.unrecord(camera);
  await media.unrecord(microphone);
  const last = sizes();
  await sleep(500);
  assert.deepEqual(sizes(), last);
  const { packets } = read(camera.path);
  assert.ok(longestGap(packets) > 1300 && packets.find(({ ms }, i) => ms - packets[i - 1]?.ms > 1300).key);
  await assert.rejects(media.record(personId(5), 'camera'), /not-found/);
  await assert.rejects(media.unrecord(camera), /not-found/);
});

meeting('a person who comes back goes on in the same file', async (media, join, t) => {
  const first = await join(0, REAL);
  const camera = await media.record(first.id, 'camera');
  const { at } = await media.told('track', camera.file);
  await sleep(1000);
  rtc.close(first.peer);
  await sleep(700);
  const second = await join(0, REAL);
  assert.equal(second.id, first.id);
  await sleep(1500);
  await media.unrecord(camera);
  const frames = pictures(camera.path);
  const gap = frames.findIndex(({ ms }, i) => i > 0 && ms - frames[i - 1].ms > 500);
  assertTrue(frames.slice(0, gap), { at }, first.peer);
  assertTrue(frames.slice(gap), { at }, second.peer);
  assert.ok(frames.length - gap > 20);
  t.diagnostic(`a gap of ${frames[gap].ms - frames[gap - 1].ms} ms`);
});

meeting('a process that is killed leaves all but the last moment', async (media, join, t) => {
  const { id, peer } = await join(0, REAL);
  const [microphone, camera] = [await media.record(id, 'microphone'), await media.record(id, 'camera')];
  const [heard, seen] = [await media.told('track', microphone.file), await media.told('track', camera.file)];
  await sleep(2500);
  process.kill(media.pid, 'SIGKILL');
  const killed = nowMs();
  await media.hangUp();
  const frames = pictures(camera.path), { packets } = read(microphone.path);
  assertTrue(frames, seen, peer);
  const lost = [killed - (seen.at / 1000 + frames.at(-1).ms), killed - (heard.at / 1000 + packets.at(-1).ms)];
  assert.ok(lost.every(ms => ms < 500), `lost: ${lost} ms`);
  assert.ok(longestGap(packets) <= 21);
  t.diagnostic(`lost ${lost.map(Math.round)} ms of pictures and sound`);
});

meeting('a file may end anywhere', async (media, join) => {
  const { id } = await join(0, REAL);
  const files = [await media.record(id, 'microphone'), await media.record(id, 'camera')];
  await sleep(4000);
  await Promise.all(files.map(file => media.unrecord(file)));
  for (const { path: file } of files) {
    const bytes = fs.readFileSync(file), { packets } = read(file), cut = file + '.cut';
    for (let i = 0; i < 10; i++) {
      const at = Math.floor(packets[0].end + Math.random() * (bytes.length - packets[0].end));
      const whole = packets.filter(({ end }) => end <= at).length;
      fs.writeFileSync(cut, bytes.subarray(0, at));
      assert.equal(count(cut), whole, `cut at ${at} of ${bytes.length}`);
    }
    execFileSync('gst-launch-1.0', ['-q', 'filesrc', `location=${cut}`, '!', 'matroskademux', '!', 'fakesink'], { stdio: 'ignore' });
  }
});

/** A file system of 256 KiB at /mnt, or, where nobody lets us mount, files that do not grow beyond that. */
const small = (() => {
  const before = ['unshare', '--map-root-user', '--mount', 'sh', '-c', 'mount -t tmpfs -o size=256k tmpfs /mnt && exec "$@"', 'sh'];
  try {
    execFileSync(before[0], [...before.slice(1), 'true'], { stdio: 'ignore' });
    return { before, camera: '/mnt/camera.mkv' };
  } catch {
    return { under: ['prlimit', '--fsize=262144'] };
  }
})();

meeting('a disk that is full ends a file, not the meeting', async (media, join) => {
  const { id } = await join(0, { ...REAL, real: false });
  const [camera, microphone] = [await media.record(id, 'camera', small.camera), await media.record(id, 'microphone')];
  const { reason, bytes } = await media.told('recorded', camera.file);
  assert.equal(reason, 'full');
  assert.ok(bytes > 200_000 && bytes <= 256 * 1024, `${bytes}`);
  const copy = path.join(media.folder, 'copy.mkv');
  media.bridge.stdin.write(JSON.stringify({ copy: [camera.path, copy] }) + '\n');
  await media.wait(({ type }) => type === 'copied');
  assert.equal(fs.statSync(copy).size, bytes);
  const { packets } = read(copy);
  assert.equal(packets.at(-1).end, bytes, 'it ends with a whole frame');
  const again = await media.record(id, 'camera');
  await media.told('track', again.file);
  assert.ok(await media.unrecord(again) > 0 && await media.unrecord(microphone) > 0);
}, small);

meeting('when the daemon ends, files are finished', async (media, join) => {
  const { id } = await join(0, REAL);
  const files = [await media.record(id, 'microphone'), await media.record(id, 'camera')];
  await Promise.all(files.map(({ file }) => media.told('track', file)));
  await sleep(1000);
  const begun = nowMs();
  assert.equal(await media.hangUp(), 0);
  assert.ok(nowMs() - begun < 3000);
  for (const { path } of files)
    assert.ok(read(path).duration > 0.9);
});

meeting('who watches sees nothing of it', async (media, join, t) => {
  const small = { simulcast: [40_000, 100_000, 250_000], fps: 20, pkt: 600, gop: 1 };
  const alice = await join(0, small), bob = await join(1, { ...small, video: false });
  media.tell({ type: 'view', person: bob.id, tiles: [{ person: alice.id, source: 'camera', width: 320 }] });
  await until('it is seen', async () => (await rtc.stats({ id: bob.peer, detail: true })).streams.some(({ kind, frames }) => kind === 'video' && frames > 10));
  await rtc.stats({ reset: true });
  for (let i = 0; i < 5; i++) {
    const files = [await media.record(alice.id, 'microphone'), await media.record(alice.id, 'camera')];
    await sleep(500);
    await Promise.all(files.map(file => media.unrecord(file)));
  }
  const stats = await rtc.stats({ id: bob.peer, detail: true });
  assertRewritten(stats);
  assert.ok(stats.frames > 30);
  assert.equal(stats.decodable, stats.frames);
  t.diagnostic(`${stats.frames} frames, all decodable; the longest gap ${stats.longest_gap_ms} ms`);
});
