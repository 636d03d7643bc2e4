// A Boardroom: the media of three people in both browsers go through the server. One meeting for the whole file; each test leaves
// it as it was.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chromium, firefox } from './lib/browsers.mjs';
import { startScreen } from './lib/screen.mjs';
import { serverForFile } from './lib/suite.mjs';
import { sleep, until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

const TWO_SIZES = { width: 640, height: 360, frameRate: 5 }; // 320 and 640 pixels wide; a browser with much to do makes both smaller
const BETWEEN = 400;
const server = serverForFile();
/** @type {Awaited<ReturnType<typeof startScreen>>} */
let screen;
/** A host, in Chromium. @type {Visitor} */
let ann;
/** In Firefox. @type {Visitor} */
let ben;
/** In Chromium, with a small camera. @type {Visitor} */
let cem;
/** @type {Visitor[]} */
let all = [];
/** How many connections each had made when all saw each other. @type {Map<Visitor, number>} */
const opened = new Map();

before(async () => {
  screen = await startScreen();
  const chrome = await chromium();
  const fox = await firefox({ display: screen.display });
  const room = await server.now.createRoom('Board meeting', 'boardroom');
  ann = await Visitor.join(chrome, room.host_url, 'Ann', null, TWO_SIZES);
  ben = await Visitor.join(fox, room.join_url, 'Ben', null, TWO_SIZES);
  cem = await Visitor.join(chrome, room.join_url, 'Cem');
  all = [ann, ben, cem];
}, { timeout: 120_000 });

after(() => { screen?.end(); });

test('all see and hear each other', { timeout: 120_000 }, async () => {
  for (const one of all)
    for (const other of all.filter(other => other !== one))
      await one.sees(other);
  await Promise.all(all.map(one => one.hears()));
  for (const one of all)
    opened.set(one, (await one.traffic()).opened);
});

test('as large as it is shown: a small tile gets the small layer, a large one the large', { timeout: 120_000 }, async () => {
  for (const [one, other] of [[cem, ann], [ben, ann], [cem, ben]]) {
    const id = await other.id();
    /** @param {string} what @param {(width: number) => boolean} fits */
    const comes = (what, fits) => until(`${one.name} gets the ${what} picture of ${other.name}`, async () => {
      const { frames, width } = await one.picture(id);
      if (frames === 0 || !fits(width))
        throw new Error(`${frames} frames, ${width} pixels`);
      return true;
    }, { timeout: 30_000 });
    await one.page.bringToFront();
    try {
      await one.pin(`${one.name} (you)`);
      await comes('small', width => width < BETWEEN);
      await one.pin(other.name);
      await comes('large', width => width > BETWEEN);
      await one.pin(`${one.name} (you)`);
      await comes('small', width => width < BETWEEN);
    } finally {
      await one.unpin();
    }
  }
});

test('a screen is shared from each browser: large for the others, until it ends', { timeout: 150_000 }, async () => {
  for (const [sharer, watchers] of /** @type {[Visitor, Visitor[]][]} */ ([[ann, [ben, cem]], [ben, [ann, cem]]])) {
    const selector = `[data-screen="${await sharer.id()}"]`;
    await sharer.page.bringToFront();
    await sharer.press('Share screen');
    await until('the screen is shared', () => sharer.has('Stop sharing'));
    for (const watcher of watchers) {
      await watcher.page.bringToFront();
      await until(`${watcher.name} sees the screen large`, async () => {
        const { frames, width, contrast } = await watcher.screen(await sharer.id());
        return frames > 0 && width > 0 && contrast > 10 && await watcher.page.$(`${selector}.large`);
      }, { timeout: 30_000 });
      await watcher.sees(sharer);
    }
    await sharer.page.bringToFront();
    await sharer.press('Stop sharing', '.control');
    await Promise.all(watchers.map(watcher => until(`the screen is gone at ${watcher.name}`, async () => !await watcher.page.$(selector))));
  }
});

test('who speaks has a ring, and is large where the speaker is', { timeout: 120_000 }, async () => {
  await cem.page.bringToFront();
  for (const one of all)
    await one.press('Mute');
  await cem.press('Speaker view');
  for (const [speaker, other] of [[ann, ben], [ben, ann], [ann, ben]]) {
    await speaker.press('Unmute');
    await cem.page.bringToFront();
    await until(`${speaker.name} is heard by the server`, async () => {
      const tile = await cem.tile(await speaker.id());
      if (!tile?.speaking || !tile.large)
        throw new Error(JSON.stringify(tile));
      return true;
    }, { timeout: 30_000 });
    const tile = await cem.tile(await other.id());
    assert.ok(tile && !tile.speaking && !tile.large, `${other.name} is muted: ${JSON.stringify(tile)}`);
    await speaker.press('Mute');
    await until('the ring goes', async () => !(await cem.tile(await speaker.id()))?.speaking);
  }
  await cem.press('Speaker view');
  for (const one of all)
    await one.press('Unmute');
});

test('a host mutes everyone and stops a camera: they are told, and may turn them on again', { timeout: 120_000 }, async () => {
  await ann.page.bringToFront();
  await ann.press('People');
  await ann.press('Mute everyone else');
  for (const one of [ben, cem]) {
    await until(`${one.name} is muted`, () => one.has('Unmute'));
    await one.reads('Ann has turned off your microphone.');
  }
  assert.ok(await ann.has('Mute'), 'the host is not');
  await until('nobody is heard any more', async () => {
    const first = await ann.traffic();
    await sleep(1000);
    return (await ann.traffic()).energy - first.energy < 1e-6;
  });
  for (const one of [ben, cem])
    await one.press('Unmute');
  await ann.hears();

  await ann.press('People');
  for (const one of [ben, cem]) {
    await ann.page.bringToFront();
    await ann.govern(one.name, 'Stop video');
    await until(`the camera of ${one.name} is off`, () => one.has('Start video'));
    await one.reads('Ann has turned off your camera.');
    await until('its picture is gone', async () => !await ann.page.$(`[data-participant="${await one.id()}"].with-video`));
    await one.press('Start video');
    await ann.sees(one);
  }
});

test('in the spotlight: large for everybody, until it ends', { timeout: 90_000 }, async () => {
  await ann.page.bringToFront();
  await ann.govern('Cem', 'Spotlight for everyone');
  for (const one of [ann, ben])
    await until(`Cem is large at ${one.name}`, async () => (await one.tile(await cem.id()))?.large);
  await cem.reads('Everyone sees you large now.');
  await ann.govern('Cem', 'End the spotlight');
  for (const one of [ann, ben])
    await until(`Cem is no larger at ${one.name}`, async () => !(await one.tile(await cem.id()))?.large);
});

test('the connections of all are drawn for hosts, and for nobody else', { timeout: 60_000 }, async () => {
  await ann.page.bringToFront();
  await ann.press('More');
  await ann.press('Connections', '#more-menu button');
  await until('there are lines', () => ann.page.evaluate(() => (document.querySelectorAll('.chart-line[d^=M]').length === 4)));
  await until('and all three', () => ann.page.evaluate(() => document.querySelectorAll('.connections tbody tr').length === 3));
  await ben.press('More');
  await until('the menu is open', () => ben.has('Settings'));
  assert.ok(!await ben.has('Connections'));
});

test('all that over one connection each, without an error', async () => {
  for (const one of all) {
    assert.deepEqual([...one.errors, ...await one.violations()], []);
    const traffic = await one.traffic();
    assert.deepEqual([traffic.opened, traffic.connected], [opened.get(one), 1], one.name);
  }
});
