// The seat outlives what carries it: reloads, a socket that is cut again and again, a host who ends the meeting.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { figure } from '../faults/lib/figure.mjs';
import { chromium } from './lib/browsers.mjs';
import { Proxy } from './lib/proxy.mjs';
import { serverForFile } from './lib/suite.mjs';
import { sleep, until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

const CUTS = Number(process.env.CONCLAVE_CUTS ?? 20);
const server = serverForFile();
/** @type {import('puppeteer-core').Browser} */
let browser;

before(async () => { browser = await chromium(); });

/** The chat's lines that begin with a word, in the order in which they are shown. @param {Visitor} visitor @param {string} word */
async function lines (visitor, word) {
  return (await visitor.text()).split('\n').map(line => line.trim()).filter(line => line.startsWith(word));
}

test('a reload keeps one seat and the call comes back', { timeout: 120_000 }, async () => {
  const room = await server.now.createRoom();
  const ann = await Visitor.join(browser, room.join_url, 'Ann');
  const ben = await Visitor.join(browser, room.join_url, 'Ben');
  try {
    await ann.sees(ben);
    assert.ok(!ben.page.url().includes('#'), 'the secret has left the address bar');
    await ben.page.reload({ waitUntil: 'load' });
    await ben.enter();
    await ann.meets(1);
    await ben.meets(1);
    await ann.sees(ben);
    await ben.sees(ann);
    const status = JSON.parse(await server.now.ctl('status', '--json'));
    assert.equal(status.people, 2);
  } finally {
    await ann.close();
    await ben.close();
  }
});

test(`${CUTS} cuts of the socket: no message lost or doubled, the media goes on`, { timeout: 120_000 + 3000 * CUTS }, async t => {
  const proxy = await Proxy.start(server.now.port);
  const room = await server.now.createRoom();
  const ann = await Visitor.join(browser, room.join_url, 'Ann');
  const ben = await Visitor.join(browser, proxy.through(room.join_url), 'Ben');
  try {
    await ann.sees(ben);
    await ben.sees(ann);
    await ann.openChat();
    await ben.openChat();
    const wanted = { there: /** @type {string[]} */ ([]), back: /** @type {string[]} */ ([]) };
    const start = await ben.traffic();
    let still = 0, last = start.frames;
    for (let i = 0; i < CUTS; i++) {
      wanted.there.push(`there ${i}.`);
      wanted.back.push(`back ${i}.`);
      await ben.write(`back ${i}.`);
      assert.ok(proxy.cut() > 0, 'there is a connection to cut');
      await ann.write(`there ${i}.`);
      await sleep(300 + 60 * (i % 20));
      const now = (await ben.traffic()).frames;
      still += now > last ? 0 : 1;
      last = now;
    }
    await until('everything has come both ways', async () =>
      (await lines(ben, 'there ')).length >= CUTS && (await lines(ann, 'back ')).length >= CUTS, { timeout: 40_000 });
    await sleep(1000);
    for (const visitor of [ann, ben]) {
      assert.deepEqual(await lines(visitor, 'there '), wanted.there);
      assert.deepEqual(await lines(visitor, 'back '), wanted.back);
    }
    assert.equal((await ann.people()).length, 2);
    figure(t, 31, `messages lost, doubled or out of order, of ${2 * CUTS} in two browsers`,
      2 * CUTS - (await lines(ben, 'there ')).length - (await lines(ann, 'back ')).length, { most: 0 });
    figure(t, 31, `times that the picture did not move from one cut to the next, of ${CUTS}`, still, { most: 0 });
    figure(t, 31, 'peer connections that were opened anew', (await ben.traffic()).opened - start.opened, { most: 0 });
  } finally {
    await ann.close();
    await ben.close();
    await proxy.stop();
  }
});

test('who is alone when the socket is cut is still there for the next one', { timeout: 90_000 }, async () => {
  const proxy = await Proxy.start(server.now.port);
  const room = await server.now.createRoom();
  const ann = await Visitor.join(browser, proxy.through(room.join_url), 'Ann');
  /** @type {Visitor | null} */
  let ben = null;
  try {
    for (let i = 0; i < 3; i++) {
      assert.ok(proxy.cut() > 0, 'there is a connection to cut');
      await sleep(800);
    }
    ben = await Visitor.join(browser, room.join_url, 'Ben');
    await ben.meets(1);
    await ann.sees(ben);
    await ben.sees(ann);
  } finally {
    await ann.close();
    await ben?.close();
    await proxy.stop();
  }
});

test('the daemon is killed and comes back: everyone returns by themselves, with what was said', { timeout: 120_000 }, async () => {
  const room = await server.now.createRoom();
  const ann = await Visitor.join(browser, room.join_url, 'Ann');
  const ben = await Visitor.join(browser, room.join_url, 'Ben');
  try {
    await ann.sees(ben);
    await ann.openChat();
    await ben.openChat();
    await ann.write('before the crash');
    await ben.reads('before the crash');
    await server.now.crash(1500);
    await until('both are back', async () => JSON.parse(await server.now.ctl('status', '--json')).people === 2, { timeout: 40_000 });
    await ann.write('after the crash');
    await ben.reads('after the crash');
    assert.match(await ben.text(), /before the crash/);
    await ann.meets(1);
    await ben.meets(1);
    await ann.sees(ben);
    await ben.sees(ann);
  } finally {
    await ann.close();
    await ben.close();
  }
});

test('a host leaves alone, another ends the meeting for all', { timeout: 90_000 }, async () => {
  const room = await server.now.createRoom();
  const ann = await Visitor.join(browser, room.host_url, 'Ann');
  const ben = await Visitor.join(browser, room.join_url, 'Ben');
  const cleo = await Visitor.join(browser, room.host_url, 'Cleo');
  try {
    await Promise.all([ann.meets(2), ben.meets(2)]);
    await ann.press('Leave');
    await ann.pressInDialog('Leave');
    await ann.reads('You have left the meeting');
    await ben.meets(1);
    await cleo.press('Leave');
    await cleo.pressInDialog('End for all');
    await Promise.all([ben, cleo].map(visitor => visitor.reads('The meeting has ended')));
    await until('nothing flows', async () => (await ben.traffic()).connected + (await cleo.traffic()).connected === 0);
  } finally {
    await ann.close();
    await ben.close();
    await cleo.close();
  }
});

test('the administrator ends the meeting, and the link opens the next one', { timeout: 90_000 }, async () => {
  const room = await server.now.createRoom();
  const ann = await Visitor.join(browser, room.join_url, 'Ann');
  try {
    await server.now.ctl('room', 'end', room.id);
    await ann.reads('The meeting has ended');
    await ann.press('Back to the room');
    await ann.enter();
    await ann.meets(0);
  } finally {
    await ann.close();
  }
});

test('listening only: no device of one\'s own, and yet everything is seen and heard', { timeout: 90_000 }, async () => {
  const room = await server.now.createRoom();
  const ann = await Visitor.join(browser, room.join_url, 'Ann');
  const ben = await Visitor.join(browser, room.join_url, 'Ben', () => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  try {
    await ben.sees(ann);
    await ben.hears();
    assert.equal((await ann.traffic()).frames, 0);
  } finally {
    await ann.close();
    await ben.close();
  }
});

test('who joins before the camera is open is seen as soon as it is', { timeout: 90_000 }, async () => {
  const room = await server.now.createRoom();
  const ann = await Visitor.join(browser, room.join_url, 'Ann', () => {
    const native = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async constraints => {
      await new Promise(resolve => setTimeout(resolve, 6_000));
      return await native(constraints);
    };
  });
  const ben = await Visitor.join(browser, room.join_url, 'Ben');
  try {
    assert.equal((await ann.picture(await ann.id())).width, 0, 'the camera is still being opened');
    await ben.sees(ann);
    await ben.hears();
    assert.ok(await ann.has('Mute') && await ann.has('Stop video'));
  } finally {
    await ann.close();
    await ben.close();
  }
});
