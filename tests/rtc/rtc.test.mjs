// conclave-rtc against itself: what it counts as wrong must be countable, and nothing is wrong where nothing was done.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../browser/lib/until.mjs';
import { Rtc } from './rtc.mjs';

const SLOW = process.env.CONCLAVE_SANITIZED === 'yes';
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

async function start (t, args = []) {
  const rtc = await Rtc.start(args);
  t.after(() => rtc.kill());
  return rtc;
}

/** A process with one who sends (1) and one who receives (100). */
async function pair (t, args = [], publish = {}, subscribe = {}, change = sdp => sdp) {
  const rtc = await start(t, ['--decrypt', 'all', ...args]);
  rtc.answer(1, await rtc.subscribe(100, change(await rtc.publish(1, publish)), subscribe));
  await Promise.all([rtc.up(1), rtc.up(100)]);
  return rtc;
}

async function window (rtc, ms) {
  await rtc.stats({ reset: true });
  await sleep(ms);
  return await rtc.stats({ detail: true });
}

function assertClean (stats) {
  for (const name of ['lost', 'bad_srtp', 'bad_srtcp', 'bad_rtcp', 'bad_stun', 'twcc_bad', 'twcc_gaps', 'report_errors',
    'duplicates', 'late', 'given_up', 'timestamp_errors', 'picture_errors', 'tl0_errors', 'seq_resets', 'needless'])
    assert.equal(stats[name], 0, `${name}: ${stats[name]}`);
}

for (const profile of ['SRTP_AEAD_AES_128_GCM', 'SRTP_AEAD_AES_256_GCM', 'SRTP_AES128_CM_SHA1_80']) {
  test(`media with ${profile}`, async t => {
    const rtc = await pair(t, ['--profiles', profile]);
    assert.equal(rtc.connected.get(100).profile, profile);
    await sleep(300);
    const stats = await window(rtc, 1500);
    assertClean(stats);
    assert.ok(stats.rx_audio > 50 && stats.rx_video > 100, `${stats.rx_audio} audio, ${stats.rx_video} video`);
    assert.ok(stats.decodable > 30 && stats.decodable === stats.frames, `${stats.decodable} of ${stats.frames}`);
    assert.ok(stats.twcc_rx > 5 && stats.rr_rx > 0 && stats.sr_rx > 0);
    await rtc.quit();
  });
}

test('the offering end may be the active one', async t => {
  const rtc = await pair(t, [], {}, {}, sdp => sdp.replaceAll('a=setup:actpass', 'a=setup:active'));
  await sleep(300);
  assertClean(await window(rtc, 500));
  await rtc.quit();
});

test('over IPv6', async t => {
  const rtc = await pair(t, ['--ip', '::1']);
  await sleep(300);
  const stats = await window(rtc, 500);
  assertClean(stats);
  assert.ok(stats.rx_video > 0);
  await rtc.quit();
});

test('lost packets are asked for and come again', async t => {
  const rtc = await pair(t);
  await rtc.do('net', 0, { loss_down: 5 });
  await sleep(300);
  const stats = await window(rtc, SLOW ? 6000 : 3000);
  assert.ok(stats.lost > 5, `${stats.lost} lost`);
  assert.ok(stats.nacks > 0 && stats.nacked > 0 && stats.rx_rtx > 0);
  assert.ok(stats.recovered > 3, `${stats.recovered} recovered`);
  const [video] = stats.streams.filter(({ kind }) => kind === 'video');
  assert.ok(video.lost < 5, `${video.lost} video packets were never repaired`);
  assert.ok(video.decodable > 0.9 * video.frames - 5, `${video.decodable} of ${video.frames}`);
  const [from] = stats.peers.filter(({ id }) => id === 1);
  assert.ok(from.twcc_lost > 0, 'the sender learns of the loss');
  await rtc.quit();
});

test('without retransmission frames are lost, and a keyframe is asked for', async t => {
  const rtc = await pair(t, ['--no-nack']);
  await rtc.do('net', 100, { loss: 5 });
  await sleep(300);
  const stats = await window(rtc, 3000);
  assert.equal(stats.recovered, 0);
  assert.ok(stats.given_up > 0 && stats.decodable < stats.frames && stats.pli_tx > 0);
  await rtc.quit();
});

test('duplicates and packets out of order are seen as such', async t => {
  const rtc = await pair(t);
  await rtc.do('net', 100, { dup_down: 5, reorder_down: 5 });
  await sleep(300);
  await rtc.stats({ reset: true });
  const stats = await until('both are seen', async () => {
    const seen = await rtc.stats({ detail: true });
    if (seen.duplicates === 0 || seen.reordered === 0)
      throw new Error(`${seen.duplicates} duplicates, ${seen.reordered} reordered`);
    return seen;
  });
  assert.equal(stats.timestamp_errors + stats.picture_errors + stats.given_up, 0);
  await rtc.quit();
});

test('delay and a bottleneck', async t => {
  const rtc = await pair(t);
  await rtc.do('net', 100, { delay_down: 50 });
  await sleep(300);
  let stats = await window(rtc, 1000);
  assert.ok(stats.lat_video.p50_us > 49_000, `${stats.lat_video.p50_us} µs`);
  await rtc.do('net', 100, { rate_down: 300_000, queue: 100 });
  stats = await window(rtc, 2000);
  const rate = stats.rx_bytes * 8 / stats.secs;
  assert.ok(rate < 310_000, `${rate} bit/s`);
  assert.ok(stats.peers.find(({ id }) => id === 100).down_dropped > 0);
  await rtc.quit();
});

test('simulcast: three layers, of which some may be stopped', async t => {
  const rtc = await pair(t, [], { simulcast: [100_000, 300_000, 900_000] });
  await sleep(500);
  let stats = await window(rtc, 1000);
  assertClean(stats);
  const layers = stats.streams.filter(({ kind }) => kind === 'video').sort((a, b) => a.width - b.width);
  assert.deepEqual(layers.map(({ rid, width, encoding }) => [rid, width, encoding]), [['q', 320, 0], ['h', 640, 1], ['f', 1280, 2]]);
  await rtc.do('send', 1, { source: 'camera', rids: ['h'] });
  await sleep(200);
  stats = await window(rtc, 500);
  const growing = stats.streams.filter(({ kind, received }) => kind === 'video' && received > 0);
  assert.deepEqual(growing.map(({ rid }) => rid), ['h']);
  await rtc.do('net', 100, { loss_down: 5 });
  stats = await window(rtc, 2000);
  assert.ok(stats.recovered > 0, 'RTX finds its stream by mid and rid');
  await rtc.quit();
});

test('who joins offers the lines of PROTOCOL.md', async t => {
  const rtc = await start(t);
  const sdp = await rtc.join(1, { simulcast: true, screen: true, audio_slots: 2, video_slots: 3 });
  const lines = sdp.split(/^m=/m).slice(1).map(text => `${text.split(' ')[0]} ${/^a=(sendonly|recvonly)\r$/m.exec(text)[1]}`);
  assert.deepEqual(lines, ['audio sendonly', 'video sendonly', 'video sendonly', 'audio sendonly',
    'audio recvonly', 'audio recvonly', 'video recvonly', 'video recvonly', 'video recvonly']);
  assert.match(sdp, /^a=simulcast:send q;h;f\r$/m);
  rtc.answer(1, await rtc.subscribe(100, sdp));
  await Promise.all([rtc.up(1), rtc.up(100)]);
  await sleep(500);
  const { streams } = await rtc.stats({ detail: true });
  const sources = streams.filter(({ source }) => source).map(({ source, encoding }) => `${source} ${encoding}`).sort();
  assert.deepEqual(sources, ['camera 0', 'camera 1', 'camera 2', 'microphone 0', 'screen 0']);
  await rtc.quit();
});

test('the level that is set is the one that comes', async t => {
  const rtc = await pair(t, [], { video: false });
  await rtc.do('level', 1, { dbov: 77 });
  await sleep(300);
  assert.equal((await rtc.stats({ detail: true, id: 100 })).streams[0].level, 77);
  await rtc.do('level', 1, { dbov: 127, dtx: true });
  await sleep(500);
  assert.ok((await window(rtc, 1000)).rx_audio < 5, 'silence costs little');
  await rtc.quit();
});

test('media go on after a change of networks', async t => {
  const rtc = await pair(t);
  await sleep(300);
  await rtc.do('move', 1);
  await sleep(100);
  const stats = await window(rtc, 500);
  assert.equal(stats.lost, 0);
  assert.ok(stats.rx_video > 30);
  await rtc.quit();
});

test('a wrong fingerprint: no media', async t => {
  const rtc = await start(t);
  const offer = await rtc.publish(1, { fingerprint: 'wrong' });
  const closed = rtc.wait('closed', 100);
  rtc.answer(1, await rtc.subscribe(100, offer));
  assert.equal((await closed).reason, 'dtls fingerprint mismatch');
  const stats = await rtc.stats();
  assert.equal(stats.rx_audio + stats.rx_video, 0);
  await rtc.quit();
});

test('plain RTP before DTLS, or instead of it, is passed over', async t => {
  const rtc = await start(t);
  const offer = await rtc.publish(1, { dtls: false });
  const connected = rtc.wait('ice', 1);
  rtc.answer(1, await rtc.subscribe(100, offer));
  await connected;
  await rtc.do('attack', 1, { kind: 'plain', count: 20 });
  await sleep(200);
  const stats = await rtc.stats();
  assert.equal(stats.rx_audio + stats.rx_video, 0);
  await rtc.quit();
});

test('attacks on a connection: nothing comes through', async t => {
  const rtc = await pair(t, [], { record: true });
  await sleep(1000);
  await rtc.stats({ reset: true });
  for (const elsewhere of [false, true])
    for (const kind of ['garbage', 'replay', 'forged', 'plain-rtcp', 'stun'])
      await rtc.do('attack', 1, { kind, count: 40, elsewhere });
  await sleep(500);
  const stats = await rtc.stats({ detail: true });
  assert.ok(stats.duplicates >= 40, `${stats.duplicates} duplicates`);
  assert.ok(stats.bad_srtp + stats.duplicates >= 40 && stats.bad_srtcp >= 40 && stats.bad_stun >= 40, JSON.stringify(stats).slice(0, 900));
  assert.equal(stats.given_up + stats.picture_errors + stats.timestamp_errors, 0);
  assert.deepEqual(rtc.events.closed, []);
  assert.ok(stats.decodable > 0);
  await rtc.quit();
});
