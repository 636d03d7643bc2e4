// What a producer does with a recording, in both browsers: signs in by a link, finds it, watches it before and after its video is
// made, seeks, fetches it, shares it, has another version made, and deletes it. It was recorded by browsers and made by conclave-render.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { before, test } from 'node:test';
import { addAxe, doesNotScrollSideways, isAccessible, photograph } from './lib/appearance.mjs';
import { chromium, firefox } from './lib/browsers.mjs';
import { serverForFile } from './lib/suite.mjs';
import { sleep, until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

const RECORDED = 12_000;
const TITLE = 'Quarterly review';
const LIVELY = { width: 320, height: 180, frameRate: 10 };
const server = serverForFile();
const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'downloads-'));
/** @type {import('puppeteer-core').Browser} */
let chrome;
/** @type {import('puppeteer-core').Browser} */
let fox;
/** A producer, in Chromium. @type {Visitor} */
let pia;
/** @type {string} */
let key;
/** @type {string} */
let id;

const ask = (/** @type {string} */ more = '') => server.now.ask('GET', `/api/v1/recordings${more}`);

before(async () => {
  chrome = await chromium();
  fox = await firefox({ preferences: {
    'browser.download.folderList': 2, 'browser.download.dir': folder, 'browser.download.useDownloadDir': true, 'browser.download.always_ask_before_handling_new_types': false,
    'browser.helperApps.neverAsk.saveToDisk': 'video/mp4', 'browser.download.manager.showWhenStarting': false,
  } });
  key = randomBytes(32).toString('base64url');
  const hash = createHash('sha256').update(Buffer.from(key, 'base64url')).digest('base64url');
  await server.now.ask('POST', '/api/v1/keys', { role: 'producer', name: 'Pia', hash, days: 0 });
}, { timeout: 120_000 });

test('a key signs in, and is gone from the address; a wrong one does not', { timeout: 60_000 }, async () => {
  pia = await Visitor.open(chrome, `${server.now.url}/recordings#${'A'.repeat(43)}`, 'Pia');
  await pia.reads('This key is not valid.');
  await addAxe(pia);
  await photograph(pia, 'recordings-sign-in');
  await isAccessible(pia, 'signing in');
  await pia.page.goto(`${server.now.url}/recordings`, { waitUntil: 'load' });
  await pia.press('API key');
  await pia.fill('Key', key);
  await pia.press('Sign in');
  await pia.reads('There are no recordings yet');
  await photograph(pia, 'recordings-none');
  await pia.press('Sign out');
  await until('one has to sign in', () => pia.has('Sign in'));
  await pia.page.goto(`${server.now.url}/recordings#${key}`, { waitUntil: 'load' });
  await pia.reads('There are no recordings yet');
  assert.equal(await pia.page.evaluate(() => location.href), `${server.now.url}/recordings`);
  assert.equal(await pia.page.evaluate(() => document.cookie), '', 'no script reads the cookie');
});

test('a recording shows up while it runs, and goes on to be prepared by itself', { timeout: 180_000 }, async () => {
  const room = await server.now.createRoom(TITLE, 'boardroom', '--recording', 'on');
  const ann = await Visitor.join(chrome, room.host_url, 'Ann', null, LIVELY);
  const ben = await Visitor.join(chrome, room.join_url, 'Ben', null, LIVELY);
  await ann.sees(ben);
  await ben.sees(ann);
  await ann.page.bringToFront();
  await ann.press('Record');
  await ann.pressInDialog('Tell everyone and record');
  await until('it is recorded', () => ann.page.$('.recording-mark'));
  await pia.page.bringToFront();
  await pia.page.reload();
  await pia.reads('Being recorded');
  await sleep(RECORDED);
  await server.now.ctl('room', 'end', room.id);
  id = (await ask()).recordings[0].id;
  await pia.reads(/Being prepared|Ready/);
  await ann.close();
  await ben.close();
});

test('its tracks can be played before there is a video', { timeout: 60_000 }, async () => {
  await pia.press(TITLE, '.library-link');
  await until('the tracks are there', () => pia.page.$('.track'));
  const words = await pia.page.evaluate(() => [...document.querySelectorAll('.track-words')].map(element => element.textContent?.trim()).sort());
  assert.deepEqual(words, ['Camera', 'Camera', 'Microphone', 'Microphone']);
  await pia.page.evaluate(() => {
    const track = [...document.querySelectorAll('.track')].find(element => element.textContent?.includes('Camera'));
    /** @type {HTMLElement | undefined} */ (track?.querySelector('button') ?? undefined)?.click();
  });
  await plays(pia);
});

test('the video is made', { timeout: 300_000 }, async () => {
  await until('it is ready', async () => {
    const recording = await ask(`/${id}`);
    if (recording.status === 'failed')
      throw new Error(recording.error);
    return recording.status === 'ready';
  }, { timeout: 280_000, every: 1000 });
  await until('the page knows it', () => pia.page.evaluate(() => document.querySelector('.download') !== null), { timeout: 30_000 });
  await pia.page.reload();
  await until('the player is there', () => pia.page.$('.player'));
});

/** Decodes something of the video. @param {string[]} before @param {string[]} behind */
const decode = (before, behind) =>
  execFileSync('ffmpeg', ['-v', 'error', ...before, '-i', path.join(server.now.state, 'recordings', id, 'files', 'meeting.mp4'), ...behind, '-'], { maxBuffer: 1 << 28 });

test('it shows and says what the browsers sent', { timeout: 60_000 }, () => {
  const [width, height] = [64, 36];
  const frame = decode(['-ss', '6'], ['-frames:v', '1', '-vf', `scale=${width}:${height}`, '-pix_fmt', 'rgb24', '-f', 'rawvideo']);
  for (const x of [width / 4, width * 3 / 4]) {
    const [red, green, blue] = frame.subarray(3 * (width * height / 2 + x), 3 * (width * height / 2 + x) + 3);
    assert.ok(green > 90 && green > red + 50 && green > blue + 50, `${red} ${green} ${blue}: Chromium's camera is green`);
  }
  const raw = decode([], ['-vn', '-ac', '1', '-ar', '8000', '-f', 's16le']);
  const sound = new Int16Array(raw.buffer, raw.byteOffset, raw.length >> 1);
  /* two of Chromium's microphones, which beep by turns */
  const loud = Array.from({ length: Math.floor(sound.length / 800) }, (_, i) => Math.max(...sound.subarray(i * 800, i * 800 + 800)) > 1500);
  assert.ok(loud.length > RECORDED / 100 * 0.9 && loud.filter(Boolean).length > loud.length / 4, `${loud.filter(Boolean).length} of ${loud.length} are loud`);
});

/** Where the player is, and whether it shows a picture. @param {Visitor} one */
const playing = one => one.page.evaluate(() => {
  const video = /** @type {HTMLVideoElement | null} */ (document.querySelector('.player video'));
  return { at: video?.currentTime ?? -1, duration: video?.duration ?? 0, width: video?.videoWidth ?? 0, paused: video?.paused ?? true, error: video?.error?.message ?? '' };
});

/** Until a picture moves. @param {Visitor} one */
async function plays (one) {
  const first = await until(`${one.name} sees a picture`, async () => {
    const now = await playing(one);
    if (now.error)
      throw new Error(now.error);
    return now.width > 0 && !now.paused && now;
  });
  await until('it goes on', async () => (await playing(one)).at > first.at + 0.5);
}

/** @param {Visitor} one @param {number} from @param {number} to seconds */
const isAt = (one, from, to) => until(`${one.name} is between ${from} and ${to} s`, async () => {
  const { at } = await playing(one);
  if (at < from || at > to)
    throw new Error(String(at));
  return true;
});

/** Plays and seeks, by keys, by the bar, by a chapter. @param {Visitor} one */
async function watches (one) {
  await until('the length is known', async () => (await playing(one)).duration > 8);
  const { duration } = await playing(one);
  const known = (await ask(`/${id}`)).duration / 1000;
  assert.ok(known >= RECORDED / 1000 && Math.abs(duration - known) < 0.3, `${duration} of ${known} s`);
  await one.page.bringToFront();
  await one.press('Play', '.player-controls button');
  await plays(one);
  await one.press('Pause', '.player-controls button');
  await one.page.focus('.seek');
  await one.page.keyboard.press('Home');
  await isAt(one, 0, 0.1);
  await one.page.keyboard.press('ArrowRight');
  await isAt(one, 4.9, 5.1);
  await one.page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
  await one.page.keyboard.press('j');
  await isAt(one, 0, 0.1);
  await one.page.keyboard.press('ArrowRight');
  await isAt(one, 4.9, 5.1);
  const bar = await (await one.page.$('.seek'))?.boundingBox();
  assert.ok(bar);
  await one.page.mouse.click(bar.x + bar.width * 0.75, bar.y + bar.height / 2);
  await isAt(one, duration * 0.74, duration * 0.76);
  await one.page.mouse.move(bar.x + bar.width / 2, bar.y + bar.height / 2);
  await until('a small picture shows', () => one.page.evaluate(() => {
    const picture = /** @type {HTMLElement | null} */ (document.querySelector('.seek-preview:not([hidden]) .seek-picture'));
    return picture !== null && picture.clientWidth > 0 && picture.style.backgroundImage.includes('thumbnails');
  }));
  await one.page.keyboard.press(' ');
  await plays(one);
  await one.page.keyboard.press('k');
  await until('it stands', async () => (await playing(one)).paused);
}

test('it plays and is seeked in Chromium', { timeout: 90_000 }, async () => {
  /** @type {number[]} */
  const statuses = [];
  pia.page.on('response', response => response.url().endsWith('/files/meeting.mp4') && statuses.push(response.status()));
  await pia.page.reload();
  await until('the player is there', () => pia.page.$('.player'));
  await watches(pia);
  assert.ok(statuses.includes(206), `${statuses}`);
});

test('who spoke is drawn, and a click goes there', { timeout: 60_000 }, async () => {
  await pia.reads('Who spoke when');
  const names = await pia.page.evaluate(() => [...document.querySelectorAll('.lane-name')].map(element => element.textContent).sort());
  assert.deepEqual(names, ['Ann', 'Ben']);
  const { duration } = await playing(pia);
  const lane = await pia.page.$('.lane-bars');
  await lane?.evaluate(element => element.scrollIntoView({ block: 'center' }));
  const box = await lane?.boundingBox();
  assert.ok(box);
  await pia.page.mouse.click(box.x + box.width * 0.25, box.y + box.height / 2);
  await isAt(pia, duration * 0.23, duration * 0.27);
  await pia.press('As a list');
  await until('the places are there', () => pia.page.$('.place'));
});

/** @param {Visitor} one @param {string} name of the file that comes */
async function fetches (one, name) {
  await one.page.bringToFront();
  const before = new Set(await fs.readdir(folder));
  await one.page.evaluate(() => /** @type {HTMLElement | null} */ (document.querySelector('.download[href*="meeting.mp4"]'))?.click());
  const file = await until(`${one.name} has the file`, async () => (await fs.readdir(folder)).find(found => !before.has(found) && found.endsWith('.mp4')), { timeout: 30_000 });
  const { files } = await ask(`/${id}`);
  const { sha256, bytes } = files.find((/** @type {any} */ one) => one.name === name);
  await until('it is whole', async () => (await fs.stat(path.join(folder, file))).size === bytes);
  assert.equal(createHash('sha256').update(await fs.readFile(path.join(folder, file))).digest('hex'), sha256);
}

test('Chromium saves it, byte for byte', { timeout: 60_000 }, async () => {
  const session = await pia.page.createCDPSession();
  await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder, browserContextId: pia.page.browserContext().id });
  await fetches(pia, 'meeting.mp4');
});

test('Firefox: from the library to the played and the saved video', { timeout: 150_000 }, async () => {
  const quin = await Visitor.open(fox, `${server.now.url}/recordings#${key}`, 'Quin');
  await quin.reads(TITLE);
  await until('its picture is there', () => quin.page.evaluate(() => (/** @type {HTMLImageElement | null} */ (document.querySelector('.library-poster img'))?.naturalWidth ?? 0) > 0));
  await quin.press(TITLE, '.library-link');
  await until('the player is there', () => quin.page.$('.player'));
  await watches(quin);
  await fetches(quin, 'meeting.mp4');
  assert.deepEqual([...quin.errors, ...await quin.violations()], []);
  await quin.close();
});

test('renamed in place, checked, and found by its new name with the keyboard', { timeout: 60_000 }, async () => {
  await pia.page.bringToFront();
  await pia.press('Rename');
  await until('it can be typed', () => pia.isFocused('Title'));
  await pia.page.keyboard.type('Review <b>&amp; outlook');
  await pia.page.keyboard.press('Enter');
  await pia.reads('Review <b>&amp; outlook');
  await until('the server has it', async () => (await ask(`/${id}`)).title === 'Review <b>&amp; outlook');
  await pia.press('Check the files');
  await pia.reads(/All \d+ files are as they were written\./);
  await pia.press('All recordings');
  await pia.reads('Review <b>&amp; outlook');
  await pia.page.keyboard.press('/');
  await pia.page.keyboard.type('nothing like it');
  await pia.reads('Nothing was found.');
  await pia.press('Show all recordings');
  await pia.page.keyboard.press('/');
  await pia.page.keyboard.type('outlook');
  await until('it is in the address', () => pia.page.evaluate(() => location.search === '?q=outlook'));
  await until('it is found', () => pia.page.$('.library-link'));
  await pia.page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
  await pia.page.keyboard.press('ArrowDown');
  await pia.page.keyboard.press('Enter');
  await until('it is open', () => pia.page.$('.player'));
});

test('another version: a part of it, without somebody, while the page tells how it goes', { timeout: 240_000 }, async () => {
  await until('people are known', () => pia.page.$('.lane-name'));
  await pia.press('Make another version');
  await pia.page.select('#layout', 'grid');
  await pia.fill('From', '0:02');
  await pia.fill('To', '0:01');
  await pia.pressInDialog('Make it');
  await pia.reads('The end must come after the beginning.');
  await pia.fill('To', '0:07');
  await photograph(pia, 'recording-render');
  await addAxe(pia);
  await isAccessible(pia, 'another version');
  await pia.pressInDialog('Make it');
  await pia.reads('Everyone in a grid, 0:02 to 0:07');
  await until('it is there', async () => (await ask(`/${id}`)).files.some((/** @type {any} */ file) => file.name === 'meeting-2.mp4'), { timeout: 200_000, every: 1000 });
  await until('it can be chosen', () => pia.page.$('#version option[value="meeting-2.mp4"]'), { timeout: 30_000 });
  await pia.page.select('#version', 'meeting-2.mp4');
  await until('it is five seconds long', async () => Math.abs((await playing(pia)).duration - 5) < 0.6);
  const downloads = await pia.page.evaluate(() => [...document.querySelectorAll('.download-words')].map(element => element.textContent));
  assert.deepEqual(downloads, [...new Set(downloads)], 'each download says which it is');
});

test('the pages at each width, in both themes, in German, and twice as large', { timeout: 240_000 }, async () => {
  await pia.page.bringToFront();
  for (const [name, where] of [['recordings', '/recordings'], ['recording', `/recordings/${id}`]]) {
    await pia.page.goto(server.now.url + where, { waitUntil: 'load' });
    await until('it is drawn', () => pia.page.$('.library-link, .player'));
    await addAxe(pia);
    for (const width of [1440, 768, 360]) {
      await pia.page.setViewport({ width, height: 900 });
      await sleep(400);
      await doesNotScrollSideways(pia);
      await photograph(pia, `${name}-${width}`);
      await isAccessible(pia, `${name} at ${width}`);
      await pia.page.emulateMediaFeatures([]);
    }
    await pia.page.evaluate(() => localStorage.setItem('conclave.lang', 'de'));
    await pia.page.setViewport({ width: 720, height: 450, deviceScaleFactor: 2 }); // 1440 at 200 %
    await pia.page.reload();
    await until('it is German', () => pia.page.evaluate(() => document.documentElement.lang === 'de' && document.querySelector('.library-link, .player') !== null));
    await doesNotScrollSideways(pia);
    await photograph(pia, `${name}-de-200`);
    await pia.page.evaluate(() => localStorage.setItem('conclave.lang', 'en'));
    await pia.page.setViewport({ width: 1280, height: 800 });
  }
  await pia.page.reload();
  await until('it is back', () => pia.page.$('.player'));
});

test('shared by a link with a password: who has both watches, and fetches nothing', { timeout: 120_000 }, async () => {
  await pia.press('Share by a link');
  await pia.page.type('#share-password', 'open sesame');
  await photograph(pia, 'recording-share');
  await pia.pressInDialog('Make a link');
  const link = await until('the link is there', () => pia.page.evaluate(() => /** @type {HTMLInputElement | null} */ (document.querySelector('#share-link'))?.value));
  assert.match(link, new RegExp(`^${server.now.url}/s/s[a-z2-9]{12}#[\\w-]{43}$`));
  await pia.reads('with a password, without downloads');
  await pia.page.keyboard.press('Escape');

  const gus = await Visitor.open(fox, link, 'Gus');
  await gus.reads('A recording was shared with you');
  assert.equal(await gus.page.evaluate(() => location.hash), '');
  await gus.fill('Password', 'open barley');
  await gus.press('Open');
  await gus.reads('This password is not right.');
  await gus.fill('Password', 'open sesame');
  await gus.press('Open');
  await until('the player is there', () => gus.page.$('.player'));
  await photograph(gus, 'recording-shared');
  await watches(gus);
  assert.equal(await gus.page.$('.download'), null);
  const refused = await gus.page.evaluate(async recording => {
    const status = async (/** @type {string} */ url) => (await fetch(url)).status;
    return [await status(`/api/v1/recordings/${recording}/archive.zip`), await status('/api/v1/recordings')];
  }, id);
  assert.ok(refused.every(status => status === 401 || status === 403), String(refused));
  assert.deepEqual([...gus.errors, ...await gus.violations()], []);

  await pia.page.bringToFront();
  await pia.press('Share by a link');
  await pia.pressInDialog('Withdraw');
  await until('it is withdrawn', async () => (await ask(`/${id}`)).shares.length === 0);
  await pia.page.keyboard.press('Escape');
  await gus.page.goto(link, { waitUntil: 'load' });
  await gus.reads('This recording cannot be opened');
  await gus.close();
});

test('deleted in two steps, and gone', { timeout: 60_000 }, async () => {
  await pia.page.bringToFront();
  await pia.press('Delete…');
  await pia.reads('Nobody can bring it back.');
  await pia.pressInDialog('Keep it');
  await pia.press('Delete…');
  await pia.pressInDialog('Delete for ever');
  await pia.reads('There are no recordings yet');
  assert.deepEqual((await ask()).recordings, []);
  await pia.page.goto(`${server.now.url}/recordings/${id}`, { waitUntil: 'load' });
  await pia.reads('There is no such recording');
  assert.deepEqual([...pia.errors, ...await pia.violations()], []);
});
