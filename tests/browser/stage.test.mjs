// A Classroom: who watches is asked for no device, sees and hears those on stage, raises a hand, comes on stage and goes back over one
// and the same connection; questions with votes; and who watches is for hosts to know.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { chromium, firefox } from './lib/browsers.mjs';
import { serverForFile } from './lib/suite.mjs';
import { sleep, until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

const BLACK = 3; // pictures in 1.5 s: Firefox says once a second that there is none, and fills what it measures the path with from older ones
const server = serverForFile();
/** The host, in Chromium. @type {Visitor} */
let ann;
/** Watches in Firefox. @type {Visitor} */
let ben;
/** Watches in Chromium. @type {Visitor} */
let cem;

/** In the page: counts how often it asks for a device. */
function countAsking () {
  if (!navigator.mediaDevices)
    return; // the empty page before
  const native = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  Object.assign(globalThis, { asked: 0 });
  navigator.mediaDevices.getUserMedia = constraints => {
    /** @type {any} */ (globalThis).asked++;
    return native(constraints);
  };
}

/** @param {Visitor} visitor @returns {Promise<number>} */
const asked = visitor => visitor.page.evaluate(() => /** @type {any} */ (globalThis).asked);

/** The one connection that is open: a mark that it bears since it was first looked at, and how it was negotiated. @param {Visitor} visitor */
const connection = visitor => visitor.page.evaluate(() => {
  const { peers } = /** @type {{ peers: (RTCPeerConnection & { mark?: number })[] }} */ (/** @type {any} */ (globalThis).conclaveProbe);
  return peers.filter(({ connectionState }) => connectionState !== 'closed')
    .map(peer => ({ mark: peer.mark ??= Math.random(), state: peer.connectionState, description: peer.localDescription?.sdp.match(/^o=.*$/m)?.[0] }));
});

/** What goes out of the one that is open: bytes of sound, and frames of each size of the picture. @param {Visitor} visitor */
const sent = visitor => visitor.page.evaluate(async () => {
  const { peers } = /** @type {{ peers: RTCPeerConnection[] }} */ (/** @type {any} */ (globalThis).conclaveProbe);
  const sum = { sound: 0, frames: /** @type {Record<string, number>} */ ({}) };
  (await peers[peers.length - 1].getStats()).forEach(entry => {
    if (entry.type === 'outbound-rtp' && entry.kind === 'audio')
      sum.sound += entry.bytesSent;
    else if (entry.type === 'outbound-rtp')
      sum.frames[entry.id] = entry.framesEncoded ?? 0;
  });
  return sum;
});

/** The names in a part of the people panel, from top to bottom. @param {Visitor} visitor @param {string} heading */
const namesUnder = (visitor, heading) => visitor.page.evaluate(wanted => {
  const part = [...document.querySelectorAll('.people-part')].find(element => element.querySelector('h3')?.textContent === wanted);
  return [...part?.querySelectorAll('.person-name') ?? []].map(element => element.textContent);
}, heading);

/** The questions from top to bottom. @param {Visitor} visitor */
const questions = visitor => visitor.page.evaluate(() => [...document.querySelectorAll('.question')].map(element =>
  `${element.querySelector('.vote span')?.textContent} ${element.querySelector('.question-text')?.textContent}${element.classList.contains('resolved') ? ' answered' : ''}`));

/** @param {string} what @param {() => Promise<unknown>} ask @param {unknown} wanted */
const becomes = (what, ask, wanted) => until(what, async () => {
  const now = JSON.stringify(await ask());
  if (now !== JSON.stringify(wanted))
    throw new Error(now);
  return true;
}, { timeout: 30_000 });

before(async () => {
  const chrome = await chromium();
  const fox = await firefox();
  const room = await server.now.createRoom('Lecture', 'classroom');
  ann = await Visitor.join(chrome, room.host_url, 'Ann');
  ben = await Visitor.join(fox, room.join_url, 'Ben', countAsking);
  cem = await Visitor.join(chrome, room.join_url, 'Cem', countAsking);
}, { timeout: 120_000 });

test('who watches is asked for nothing, sees and hears the presenter, and is not seen', { timeout: 90_000 }, async () => {
  for (const one of [ben, cem]) {
    await one.sees(ann);
    await one.hears();
    assert.equal(await asked(one), 0, `${one.name} was asked for a device`);
    assert.deepEqual((await one.people()).map(({ id }) => id), [await ann.id()]);
    assert.ok(!await one.has('Mute') && !await one.has('Unmute') && !await one.has('Share screen'));
  }
  assert.deepEqual((await ann.people()).map(({ self }) => self), [true]);
});

test('hosts know who watches, the others how many', { timeout: 60_000 }, async () => {
  for (const one of [ann, ben, cem]) {
    await one.press('People');
    await one.reads('2 people watch.');
  }
  await becomes('the host has their names', () => namesUnder(ann, 'Watching'), ['Ben', 'Cem']);
  for (const one of [ben, cem]) {
    await one.reads('Only hosts see who.');
    assert.deepEqual(await namesUnder(one, 'Watching'), []);
  }
  assert.ok(!(await ben.page.content()).includes('Cem') && !(await cem.page.content()).includes('Ben'));
});

test('hands are raised with a key, and stand in order at the host', { timeout: 60_000 }, async () => {
  await ben.page.keyboard.press('h');
  await ann.reads('Ben has raised a hand.');
  await cem.page.keyboard.press('h');
  await becomes('both hands are up', () => namesUnder(ann, 'Raised hands'), ['Ben', 'Cem']);
  await ben.page.keyboard.press('h');
  await becomes('one is down', () => namesUnder(ann, 'Raised hands'), ['Cem']);
  await ben.page.keyboard.press('h');
  await becomes('who comes again is last', () => namesUnder(ann, 'Raised hands'), ['Cem', 'Ben']);
});

/** Whose hand is up. @param {Visitor} one */
async function bringOnStage (one) {
  await ann.page.bringToFront();
  await ann.page.evaluate(name => {
    const row = [...document.querySelectorAll('.hands .person')].find(element => element.querySelector('.person-name')?.textContent === name);
    /** @type {HTMLElement | undefined} */ ([...row?.querySelectorAll('button') ?? []].find(({ textContent }) => textContent?.trim() === 'Bring on stage'))?.click();
  }, one.name);
  await one.reads('Nobody hears or sees you until you turn on your microphone or camera.');
}

/** @param {Visitor} one @param {Visitor} other who watches */
async function comesAndGoes (one, other) {
  const first = await connection(one);
  assert.equal(first.length, 1);
  await bringOnStage(one);
  assert.equal(await asked(one), 0, 'not before a click');
  await one.pressInDialog('Turn on both');
  for (const watcher of [other, ann]) {
    await until(`${one.name} has a tile at ${watcher.name}`, async () => watcher.tile(await one.id()));
    await watcher.sees(one);
  }
  await becomes('the hand is down', () => namesUnder(ann, 'Raised hands'), one === ben ? ['Cem'] : []);
  await one.sees(ann);
  const presenters = (await other.people()).length;
  assert.equal(presenters, 2);

  const id = await one.id();
  await ann.page.bringToFront();
  await ann.govern(one.name, 'Back to watching');
  await one.reads('You are watching again. Your microphone and camera are off.');
  for (const watcher of [ann, other, one])
    await until(`the tile is gone at ${watcher.name}`, async () => !await watcher.tile(id));
  await one.sees(ann);
  await one.hears();
  const before = await sent(one);
  await sleep(1500);
  const after = await sent(one);
  assert.equal(after.sound, before.sound, 'no byte of sound');
  for (const [id, frames] of Object.entries(after.frames))
    assert.ok(frames - (before.frames[id] ?? 0) <= BLACK, `${JSON.stringify(before.frames)} then ${JSON.stringify(after.frames)}`);
  assert.deepEqual(await connection(one), first, 'one and the same connection, negotiated once');
}

test('on stage and back without a new connection: Firefox', { timeout: 120_000 }, () => comesAndGoes(ben, cem));

test('on stage and back without a new connection: Chromium', { timeout: 120_000 }, () => comesAndGoes(cem, ben));

test('who is on stage stays there when the page is reloaded, and is asked again before anything is sent', { timeout: 90_000 }, async () => {
  await cem.page.bringToFront();
  await cem.page.keyboard.press('h');
  await becomes('the hand is up', () => namesUnder(ann, 'Raised hands'), ['Cem']);
  await bringOnStage(cem);
  await cem.pressInDialog('Turn on both');
  await ben.sees(cem);
  const former = await cem.id();
  await cem.page.bringToFront();
  await cem.page.reload({ waitUntil: 'load' });
  await cem.enter();
  await cem.reads('Nobody hears or sees you until you turn on your microphone or camera.');
  const id = await cem.id();
  assert.notEqual(id, former);
  await until('the tile is there, without a picture', () => ben.page.$(`[data-participant="${id}"]:not(.with-video)`));
  await cem.pressInDialog('Turn on both');
  await ben.sees(cem);
  await ann.page.bringToFront();
  await ann.govern('Cem', 'Back to watching');
  await cem.reads('You are watching again. Your microphone and camera are off.');
  await cem.page.reload({ waitUntil: 'load' });
  await cem.enter();
  await cem.sees(ann);
  assert.deepEqual((await cem.people()).map(({ self }) => self), [false], 'who was sent back watches');
});

test('who was on stage watches when the server has started anew, and sends nothing', { timeout: 90_000 }, async () => {
  await cem.page.bringToFront();
  await cem.page.keyboard.press('h');
  await becomes('the hand is up', () => namesUnder(ann, 'Raised hands'), ['Cem']);
  await bringOnStage(cem);
  await cem.pressInDialog('Turn on both');
  await ben.sees(cem);
  await server.now.crash(0);
  await cem.reads('You are watching again. Your microphone and camera are off.');
  await until('Ann is back for Cem', async () => (await cem.picture(await ann.id())).frames > 0, { timeout: 30_000 });
  const before = await sent(cem);
  await sleep(1500);
  assert.deepEqual(await sent(cem), before);
});

test('questions: asked by anyone, those with most votes first, ticked off by the host', { timeout: 90_000 }, async () => {
  for (const one of [ann, ben, cem])
    await one.press('Questions', '.control');
  await ben.fill('Your question', 'Where is the exit?');
  await ben.page.keyboard.press('Enter');
  await becomes('the first is there', () => questions(ann), ['0 Where is the exit?']);
  await cem.fill('Your question', 'When is lunch?');
  await cem.page.keyboard.press('Enter');
  await becomes('the second is below it', () => questions(ann), ['0 Where is the exit?', '0 When is lunch?']);
  for (const one of [ben, cem])
    await until(`${one.name} has voted`, () => one.page.evaluate(() => {
      const question = [...document.querySelectorAll('.question')].find(element => element.textContent?.includes('lunch'));
      /** @type {HTMLElement | null | undefined} */ (question?.querySelector('.vote'))?.click();
      return Boolean(question);
    }));
  for (const one of [ann, ben, cem])
    await becomes(`${one.name} sees the votes`, () => questions(one), ['2 When is lunch?', '0 Where is the exit?']);
  assert.ok(!await ben.has('Mark as answered: When is lunch?'));
  await ann.press('Mark as answered: When is lunch?');
  for (const one of [ann, ben, cem])
    await becomes(`${one.name} sees that it is answered`, () => questions(one), ['0 Where is the exit?', '2 When is lunch? answered']);
});

test('nothing went wrong in any page', async () => {
  for (const one of [ann, ben, cem])
    // Firefox complains of connections that a test has cut
    assert.deepEqual([...one.errors.filter(text => !/wss:\/\/\S+ was interrupted|connection to the server at wss:/.test(text)), ...await one.violations()], [], one.name);
});
