// One narrow link for several: two who watch, and one who watches beside somebody's download. The kernel's own queue stands between, in
// the network that tests/browser/namespace makes.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import os from 'node:os';
import { after, afterEach, before, test } from 'node:test';
import { sleep } from '../protocol/lib/daemon.mjs';
import { Stage, assertRewritten, leaveAll, untilStats } from './lib/guest.mjs';

const address = Object.values(os.networkInterfaces()).flat().find(({ internal, family }) => !internal && family === 'IPv4')?.address;
/** Of those behind the link. */
const BEHIND = address?.replace(/\d+$/, '9');
const MEDIA = { simulcast: [60_000, 150_000, 400_000], fps: 10, pkt: 1000, audio_bytes: 60 };
const FULL = 2 * MEDIA.fps; // frames a second of the two pictures
const WINDOW = 15_000;

const run = command => execFileSync(command.split(' ')[0], command.split(' ').slice(1), { stdio: ['ignore', 'ignore', 'ignore'] });

let stage;
before(async () => {
  run(`ip address add ${BEHIND}/24 dev host0`);
  run('ip link set lo mtu 1500'); // as other links have
  run('nft add table ip sharing');
  run('nft add chain ip sharing output { type filter hook output priority 0 ; }');
  run(`nft add rule ip sharing output ip daddr ${BEHIND} meta priority set 1:3`);
  stage = await Stage.open({ config: { media: { listen: address } }, rtc: ['--ip', address] });
});
after(() => stage.close());
afterEach(() => run('tc qdisc del dev lo root'));

/** All that goes to BEHIND; the rest passes by. @param {number} kbit @param {number} ms that may wait at most */
function narrow (kbit, ms) {
  run('tc qdisc add dev lo root handle 1: htb');
  run('tc class add dev lo parent 1: classid 1:3 htb rate 1gbit');
  run(`tc qdisc add dev lo parent 1:3 tbf rate ${kbit}kbit burst 3000 latency ${ms}ms`);
}

/** Ann and Cid publish; who watches has both, Ann large. */
async function start (names) {
  const room = await stage.room();
  const [ann, cid] = await stage.enterMany(room, 2, { media: MEDIA });
  await Promise.all([ann.view([]), cid.view([])]);
  const watchers = [];
  for (const name of names) {
    const one = await stage.enter(room, { name, media: { video: false, ip: BEHIND } });
    await one.tiles([{ person: ann.id, source: 'camera', width: 1280 }, { person: cid.id, source: 'camera', width: 320 }]);
    watchers.push(one);
  }
  await untilStats(stage, 'all see Ann at her best', stats =>
    watchers.every(one => one.streams(stats).some(({ from, encoding }) => from === ann.peer && encoding === 2)), 20_000);
  return { watchers, all: [ann, cid, ...watchers] };
}

const sum = (streams, name) => streams.reduce((total, one) => total + one[name], 0);

/** What one who watches got: the share of the sound that was lost, kbit/s of pictures, and their frames. */
function got (one, stats) {
  const sound = one.streams(stats, 'audio'), pictures = one.streams(stats);
  return {
    loss: sum(sound, 'lost') / sum(sound, 'expected'), kbit: Math.round(sum(pictures, 'received') * MEDIA.pkt * 8 / WINDOW),
    frames: sum(pictures, 'frames') / (FULL * WINDOW / 1000), decodable: sum(pictures, 'decodable') / sum(pictures, 'frames'),
  };
}

const words = ({ loss, kbit, frames, decodable }) => `${(loss * 100).toFixed(2)} % of the sound lost, ${kbit} kbit/s of pictures, ` +
  `${Math.round(frames * 100)} % of the frames, ${Math.round(decodable * 100)} % of them can be decoded`;

test('two behind one link: sound is whole, and neither takes the other\'s pictures', async t => {
  const { watchers, all } = await start(['Bob', 'Dan']);
  narrow(700, 300);
  await sleep(6000);
  const stats = await stage.during(() => sleep(WINDOW));
  const both = watchers.map(one => got(one, stats));
  both.forEach((one, i) => t.diagnostic(`${['Bob', 'Dan'][i]}: ${words(one)}`));
  const pictures = both[0].kbit + both[1].kbit;
  for (const { loss, kbit, frames, decodable } of both) {
    assert.ok(loss < 0.02, `${loss * 100} % of the sound is lost`);
    assert.ok(decodable > 0.9 && frames > 0.25, `${decodable} of ${frames}`);
    assert.ok(kbit > 0.2 * pictures, `${kbit} of ${pictures} kbit/s`);
  }
  assert.ok(pictures > 0.25 * 700, `${pictures} kbit/s of pictures use the link`);
  assertRewritten(stats, { clean: false });
  await leaveAll(all);
});

/** A download by TCP through the link. @returns {Promise<{ kbit (): number, end (): void }>} since it was asked last */
async function download () {
  const block = Buffer.alloc(64 * 1024);
  const server = net.createServer(socket => {
    const pour = () => { while (socket.write(block)); };
    socket.on('drain', pour).on('error', () => {});
    pour();
  });
  server.listen(0, address);
  await once(server, 'listening');
  const sink = net.connect({ port: server.address().port, host: address, localAddress: BEHIND });
  await once(sink, 'connect');
  let taken = 0;
  let from = performance.now();
  sink.on('data', data => { taken += data.length; });
  return {
    kbit () {
      const kbit = Math.round(taken * 8 / (performance.now() - from));
      [taken, from] = [0, performance.now()];
      return kbit;
    },
    end () {
      sink.destroy();
      server.close();
    },
  };
}

test('beside a download: sound is whole, pictures go on, and the download does', async t => {
  const { watchers: [bob], all } = await start(['Bob']);
  narrow(1500, 200);
  const other = await download();
  t.after(() => other.end());
  await sleep(6000);
  other.kbit();
  const stats = await stage.during(() => sleep(WINDOW));
  const kbit = other.kbit();
  const mine = got(bob, stats);
  t.diagnostic(`${words(mine)}; ${kbit} kbit/s of the download`);
  assert.ok(mine.loss < 0.02, `${mine.loss * 100} % of the sound is lost`);
  assert.ok(mine.decodable > 0.9 && mine.frames > 0.25, `${mine.decodable} of ${mine.frames}`);
  assert.ok(mine.kbit > 0.05 * 1500, `${mine.kbit} kbit/s of pictures`);
  assert.ok(kbit > 0.3 * 1500, `${kbit} kbit/s of the download`);
  assertRewritten(stats, { clean: false });
  await leaveAll(all);
});
