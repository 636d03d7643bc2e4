// Bad and unfriendly networks: only the relay, little bandwidth, lost packets. And nobody but the server is ever asked.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { chromium, firefox } from './lib/browsers.mjs';
import { changeNetwork, counted, limitBandwidth, losePackets, restore } from './lib/network.mjs';
import { ADDRESS, Server } from './lib/server.mjs';
import { serverForFile } from './lib/suite.mjs';
import { sleep, until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

const server = serverForFile({ turn: true });
/** @type {import('puppeteer-core').Browser} */
let one;
/** @type {import('puppeteer-core').Browser} */
let other;

before(async () => { one = await chromium(); });

/** What came in a while: pictures and sound. @param {Visitor} visitor */
async function flows (visitor, ms = 5000) {
  const start = await visitor.traffic();
  await sleep(ms);
  const end = await visitor.traffic();
  return { frames: end.frames - start.frames, energy: end.energy - start.energy };
}

/** @param {(ann: Visitor, ben: Visitor) => Promise<void>} during */
async function call (during) {
  const room = await server.now.createRoom();
  const ann = await Visitor.join(one, room.join_url, 'Ann');
  const ben = await Visitor.join(one, room.join_url, 'Ben');
  try {
    await ann.sees(ben);
    await ben.sees(ann);
    await during(ann, ben);
  } finally {
    restore();
    await ann.close();
    await ben.close();
  }
}

test('300 kbit/s for both directions together: the call goes on', { timeout: 120_000 }, () => call(async (ann, ben) => {
  limitBandwidth(300);
  await sleep(8000);
  for (const visitor of [ann, ben]) {
    const { frames, energy } = await flows(visitor);
    assert.ok(frames >= 5 && energy > 0, `${visitor.name}: ${frames} frames, energy ${energy}`);
  }
}));

test('every twentieth packet lost: the call goes on', { timeout: 120_000 }, () => call(async (ann, ben) => {
  losePackets(5);
  await sleep(3000);
  for (const visitor of [ann, ben]) {
    const { frames, energy } = await flows(visitor);
    assert.ok(frames >= 10 && energy > 0, `${visitor.name}: ${frames} frames, energy ${energy}`);
  }
  assert.ok(counted().lost > 10, 'packets were lost');
}));

test('relay only: the addresses of both are hidden behind coturn', { timeout: 120_000 }, async () => {
  const relayed = await Server.start({ turn: true, config: { turn: { 'relay-only': true } } });
  try {
    other = await firefox();
    const room = await relayed.createRoom();
    const ann = await Visitor.join(one, room.join_url, 'Ann');
    const ben = await Visitor.join(other, room.join_url, 'Ben');
    await ann.sees(ben, 45_000);
    await ben.sees(ann, 45_000);
    for (const visitor of [ann, ben])
      await until(`${visitor.name} is relayed`, async () => {
        const { pairs } = await visitor.traffic();
        // The peer's relayed address may be learnt from its packets first, then it is called "prflx".
        return pairs.length > 0 && pairs.every(pair => /^relay (relay|prflx)$/.test(pair));
      });
    await ann.close();
    await ben.close();
  } finally {
    await relayed.stop();
  }
});

test('nobody else is asked: no foreign request, no name looked up', { timeout: 120_000 }, async () => {
  const before = counted();
  const room = await server.now.createRoom();
  const ann = await Visitor.join(one, room.join_url, 'Ann');
  const ben = await Visitor.join(one, room.join_url, 'Ben');
  try {
    await ann.sees(ben);
    await ann.press('Chat');
    await sleep(1000);
    for (const url of [...ann.requests, ...ben.requests])
      assert.ok(url.startsWith(`${server.now.url}/`) || /^(data|blob):/.test(url), url);
    assert.ok(ann.requests.length > 5);
    const turn = new RegExp(`^turn:${ADDRESS}:\\d+\\?transport=(udp|tcp)$`);
    const servers = await ann.iceServers();
    assert.ok(servers.length > 0 && servers.every(url => turn.test(url)), String(servers));
    assert.deepEqual(counted(), before);
    assert.equal(before.abroad + before.names, 0, 'nor did anything else in this file');
  } finally {
    await ann.close();
    await ben.close();
  }
});

test('the network changes: the call comes back by another way', { timeout: 120_000 }, () => call(async (ann, ben) => {
  changeNetwork();
  await sleep(2000);
  await Promise.all([ann, ben].map(visitor => until(`media reaches ${visitor.name} again`, async () => {
    const { frames, energy } = await flows(visitor, 1500);
    return frames >= 3 && energy > 0;
  }, { timeout: 45_000 })));
}));
