// A Classroom: who watches is asked for no device and seen by nobody; a hand, the stage and the way back on one connection;
// questions and votes.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { chromium, firefox } from './lib/browsers.mjs';
import { serverForFile } from './lib/suite.mjs';
import { until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

const server = serverForFile();
/** @type {import('puppeteer-core').Browser} */
let chrome;
/** @type {import('puppeteer-core').Browser} */
let fox;

before(async () => {
  chrome = await chromium();
  fox = await firefox();
}, { timeout: 60_000 });

/** Before the page's own scripts: a device that is asked for is noted. */
function noteDevices () {
  const { mediaDevices } = navigator;
  if (!mediaDevices)
    return; // not a secure page: about:blank
  const original = mediaDevices.getUserMedia.bind(mediaDevices);
  Object.assign(globalThis, { devicesAsked: 0 });
  mediaDevices.getUserMedia = constraints => {
    /** @type {any} */ (globalThis).devicesAsked++;
    return original(constraints);
  };
}

/** Joins to watch: no tile of one's own comes. @param {import('puppeteer-core').Browser} browser @param {string} url @param {string} name */
async function watch (browser, url, name) {
  const visitor = await Visitor.open(browser, url, name, noteDevices);
  await visitor.reads('your camera and microphone stay off');
  await visitor.fill('Your name', name);
  await visitor.press('Join');
  await until(`${name} is in`, () => visitor.page.$('.meeting[data-role=viewer]'), { timeout: 30_000 });
  return visitor;
}

const devicesAsked = (/** @type {Visitor} */ visitor) => visitor.page.evaluate(() => /** @type {any} */ (globalThis).devicesAsked);
/** Connections with media; one more is made for its certificate only. */
const connections = (/** @type {Visitor} */ visitor) => visitor.page.evaluate(() =>
  /** @type {any} */ (globalThis).conclaveProbe.peers.filter((/** @type {RTCPeerConnection} */ peer) => peer.getTransceivers().length > 0).length);

for (const [where, viewersBrowser] of /** @type {const} */ ([['Chromium', () => chrome], ['Firefox', () => fox]])) {
  test(`a viewer in ${where} raises a hand, comes on stage and goes back`, { timeout: 180_000 }, async () => {
    const room = await server.now.createRoom('Lecture', 'classroom');
    const host = await Visitor.join(chrome, room.host_url, 'Hanna');
    const viewer = await watch(viewersBrowser(), room.join_url, 'Vera');
    const other = await watch(chrome, room.join_url, 'Otto');
    try {
      await viewer.sees(host);
      await viewer.hears();
      assert.equal(await devicesAsked(viewer), 0);
      assert.equal((await viewer.people()).length, 1, 'those who watch have no tile');
      assert.ok(!await viewer.has('Mute') && !await viewer.has('Unmute') && !await viewer.has('Share screen'));
      await until('two are counted', () => viewer.page.$eval('.watching', node => node.textContent?.trim() === '2'));

      await viewer.press('Raise hand');
      await host.reads('Vera has raised a hand.');
      await host.press('People');
      await host.press('Bring on stage');
      await viewer.reads('You are on stage now');
      await viewer.pressInDialog('Turn on both');
      await Promise.all([host.sees(viewer, 45_000), other.sees(viewer, 45_000)]);
      await host.hears();
      assert.equal(await connections(viewer), 1);

      await host.press('What to do about Vera', '.person button');
      await host.press('Back to watching', '#person-menu button');
      await viewer.reads('You are watching again.');
      await other.meets(0);
      await until('the devices are closed', async () => await viewer.has('Raise hand') && !await viewer.has('Mute'));
      assert.equal(await connections(viewer), 1);
      for (const visitor of [host, viewer, other])
        assert.deepEqual([...visitor.errors, ...await visitor.violations()], []);
    } finally {
      await Promise.all([host, viewer, other].map(visitor => visitor.close()));
    }
  });
}

test('questions are asked, voted for and answered', { timeout: 120_000 }, async () => {
  const room = await server.now.createRoom('Lecture', 'classroom');
  const host = await Visitor.join(chrome, room.host_url, 'Hanna');
  const vera = await watch(chrome, room.join_url, 'Vera');
  const otto = await watch(chrome, room.join_url, 'Otto');
  try {
    await vera.press('Questions');
    for (const text of ['What is a seat?', '<b>Why?</b>']) {
      await vera.fill('Your question', text);
      await vera.page.keyboard.press('Enter');
      await vera.reads(text);
    }
    await otto.press('Questions');
    await otto.press('0 votes for: <b>Why?</b>');
    await host.press('Questions');
    await until('the one with a vote is first', () => host.page.$$eval('.question-text', nodes => nodes.map(node => node.textContent).join() === '<b>Why?</b>,What is a seat?'));
    await host.press('Mark as answered: <b>Why?</b>');
    await until('it is answered', () => vera.page.$$eval('.question.resolved .question-text', nodes => nodes.map(node => node.textContent).join() === '<b>Why?</b>'));
    assert.ok(!await vera.has('Mark as answered: What is a seat?'), 'only hosts tick off');
  } finally {
    await Promise.all([host, vera, otto].map(visitor => visitor.close()));
  }
});
