// Who must not get in, and what must not harm who is in.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { sleep, until } from '../protocol/lib/daemon.mjs';
import { Stage, assertRewritten, assertSlotsTrue, leaveAll, untilStats } from './lib/guest.mjs';
import { alive, mediaOf, usage } from './lib/processes.mjs';

const CORPUS = new URL('../fuzz/corpus/sdp/', import.meta.url);
let stage;
before(async () => { stage = await Stage.open({ config: { limits: { 'messages-per-second': 10_000 } } }); });
after(() => stage.close());

/** Ann and Bob, who see and hear each other. */
async function pair (room, media = {}) {
  const guests = await stage.enterMany(room, 2, { media: { record: true, ...media } });
  await Promise.all(guests.map(guest => guest.view(guests.filter(other => other !== guest))));
  await flows(guests);
  return guests;
}

const flows = guests => untilStats(stage, 'they see and hear each other', stats =>
  guests.every(guest => guest.streams(stats).length === guests.length - 1 && guest.streams(stats, 'audio').length === guests.length - 1));

/** What comes to a peer, of any kind. */
const received = (stats, peer) => stats.streams.filter(({ id }) => id === peer).reduce((sum, one) => sum + one.received, 0);

/** Others notice nothing of `what`. */
async function assertUnharmed (guests, what) {
  const stats = await stage.during(async () => {
    await what();
    await sleep(700);
  });
  assertRewritten(stats);
  assert.equal(stats.decodable, stats.frames);
  for (const guest of guests)
    assert.ok(received(stats, guest.peer) > 20, `${received(stats, guest.peer)} packets`);
  return stats;
}

test('a certificate that the offer does not name: not a packet in, not a packet out', async () => {
  const room = await stage.room();
  const [ann, bob] = await pair(room);
  const eve = await stage.enter(room, { name: 'Eve', media: false });
  await eve.view([ann, bob]);
  await Promise.all([ann, bob].map(guest => guest.view([ann, bob, eve])));
  const stats = await assertUnharmed([ann, bob], async () => {
    await eve.connect({ fingerprint: 'wrong' });
    await until('it is said', () => stage.daemon.log.includes(`media failed: fingerprint (ROOM=${room.id} PERSON=${eve.id})`), 15_000);
    await sleep(500);
  });
  assert.ok(!stage.rtc.connected.has(eve.peer));
  assert.equal(received(stats, eve.peer), 0, 'nothing comes to it');
  assert.ok(!stats.streams.some(({ from }) => from === eve.peer), 'nothing comes from it');
  assert.equal(stats.rx_other, 0);
  [ann, bob].forEach(guest => assertSlotsTrue(guest, [ann, bob], stats));
  await eve.connect({});
  await flows([ann, bob, eve]);
  await leaveAll([ann, bob, eve]);
});

test('RTP without a handshake is not passed on', async () => {
  const room = await stage.room();
  const bob = await stage.enter(room, { name: 'Bob', media: { audio: false, video: false } });
  const eve = await stage.enter(room, { name: 'Eve', media: false });
  await bob.view([eve]);
  const ice = stage.rtc.wait('ice');
  await eve.connect({ dtls: false });
  await ice;
  const stats = await stage.during(async () => {
    for (const kind of ['plain', 'forged', 'plain-rtcp'])
      await stage.rtc.do('attack', eve.peer, { kind, count: 100 });
    await sleep(500);
  });
  assert.equal(received(stats, bob.peer) + stats.rx_other + received(stats, eve.peer), 0);
  await eve.connect({});
  await untilStats(stage, 'with one it is', one => bob.streams(one).length === 1 && bob.streams(one, 'audio').length === 1);
  await leaveAll([bob, eve]);
});

test('replayed and forged packets of somebody who is in go nowhere', async t => {
  const room = await stage.room();
  const [ann, bob] = await pair(room);
  await sleep(1000);
  for (const kind of ['replay', 'plain', 'forged', 'plain-rtcp'])
    for (const elsewhere of [false, true]) {
      const stats = await assertUnharmed([ann, bob], () => stage.rtc.do('attack', ann.peer, { kind, count: 200, elsewhere }));
      t.diagnostic(`200 × ${kind}${elsewhere ? ' from another port' : ''}: ${stats.frames} frames, none lost`);
    }
  await leaveAll([ann, bob]);
});

test('a flood of garbage on the media port', async t => {
  const room = await stage.room();
  const [ann, bob] = await pair(room);
  const before = [stage.daemon.pid, mediaOf(stage.daemon, room)].map(pid => [pid, usage(pid)]);
  for (const kind of ['garbage', 'stun'])
    await assertUnharmed([ann, bob], async () => {
      for (let i = 0; i < 10; i++) {
        await stage.rtc.do('attack', ann.peer, { kind, count: 200, elsewhere: true });
        await sleep(20);
      }
    });
  for (const [pid, { threads, descriptors, rss }] of before) {
    const now = usage(pid);
    assert.ok(now.threads <= threads && now.descriptors <= descriptors, JSON.stringify(now));
    assert.ok(now.rss - rss < 2048, `${rss} → ${now.rss} KiB`);
  }
  t.diagnostic(`4,000 datagrams: Ann and Bob lost nothing; ${JSON.stringify(before.map(([pid]) => usage(pid)))}`);
  await leaveAll([ann, bob]);
});

/** Changes of an offer that nobody may make. */
const CHANGES = {
  'no fingerprint': sdp => sdp.replace(/^a=fingerprint:.*\r\n/gm, ''),
  'an old hash': sdp => sdp.replace(/^a=fingerprint:.*$/gm, 'a=fingerprint:sha-1 ' + Array(20).fill('AB').join(':')),
  'a short fingerprint': sdp => sdp.replace(/^(a=fingerprint:sha-256 ..:).*$/gm, '$1AB'),
  'no ufrag': sdp => sdp.replace(/^a=ice-ufrag:.*\r\n/gm, ''),
  'a ufrag of one letter': sdp => sdp.replace(/^a=ice-ufrag:.*$/gm, 'a=ice-ufrag:x'),
  'a short password': sdp => sdp.replace(/^a=ice-pwd:.*$/gm, 'a=ice-pwd:short'),
  'no BUNDLE': sdp => sdp.replace(/^a=group:BUNDLE.*\r\n/gm, ''),
  'two lines with one mid': sdp => sdp.replace(/^a=mid:1$/gm, 'a=mid:0'),
  'a mid of 100 letters': sdp => sdp.replace(/^a=mid:1$/gm, 'a=mid:' + 'm'.repeat(100)),
  '400 m-lines': sdp => sdp + 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:x\r\na=inactive\r\n'.repeat(400),
  'no end': sdp => sdp.slice(0, -2) + 'a='.repeat(8000),
  'nothing': () => 'v=0\r\n',
  'no SDP': () => 'GET / HTTP/1.1\r\n\r\n',
  'no SAVPF': sdp => sdp.replaceAll('UDP/TLS/RTP/SAVPF', 'RTP/AVP'),
};

/** Those that are well-formed, and in which nothing is left that we could take. */
const NO_CODEC = ['nothing', 'no SAVPF'];

test('hostile descriptions are refused, and the process lives', async t => {
  const room = await stage.room();
  const [ann, bob] = await pair(room);
  const eve = await stage.enter(room, { name: 'Eve', media: false });
  const peer = stage.nextPeer();
  const offer = await stage.rtc.join(peer, { audio_slots: 2, video_slots: 2 });
  const pids = [stage.daemon.pid, mediaOf(stage.daemon, room)], before = pids.map(usage);
  const hostile = fs.readdirSync(CORPUS).filter(name => name.startsWith('hostile-') && name !== 'hostile-base.sdp')
    .map(name => [name, fs.readFileSync(new URL(name, CORPUS), 'latin1')]);
  assert.ok(hostile.length >= 2);
  const attempts = [...hostile, ...Object.entries(CHANGES).map(([name, change]) => [name, change(offer)])];
  await assertUnharmed([ann, bob], async () => {
    for (const [name, sdp] of attempts) {
      assert.notEqual(sdp, offer, name);
      await sleep(20); /* an offer counts as many messages */
      assert.equal((await eve.offer(sdp)).error, NO_CODEC.includes(name) ? 'no-codec' : 'bad-sdp', name);
    }
  });
  assert.equal(mediaOf(stage.daemon, room), pids[1]);
  assert.ok(pids.every(alive), 'no process died');
  const now = pids.map(usage);
  now.forEach((one, i) => assert.ok(one.threads <= before[i].threads && one.descriptors <= before[i].descriptors, JSON.stringify([before, now])));
  t.diagnostic(`${attempts.length} descriptions refused; ${JSON.stringify(now)}`);
  stage.rtc.close(peer);
  await eve.connect({});
  await untilStats(stage, 'Eve is welcome with a good one', stats => ann.streams(stats, 'audio').length === 2);
  await leaveAll([ann, bob, eve]);
});
