// A Boardroom: pictures as large as their tiles, a shared screen, who speaks, what hosts may do; a media process that dies and a
// network that changes, without anybody reloading.
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { before, test } from 'node:test';
import { chromium, firefox } from './lib/browsers.mjs';
import { losePackets, restore, strandFlows } from './lib/network.mjs';
import { serverForFile } from './lib/suite.mjs';
import { sleep, until } from './lib/until.mjs';
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

/** @param {(ann: Visitor, ben: Visitor) => Promise<void>} during @param {import('puppeteer-core').Browser[]} browsers */
async function meeting (during, [one, other] = [chrome, chrome]) {
  const room = await server.now.createRoom('Board meeting', 'boardroom');
  const ann = await Visitor.join(one, room.host_url, 'Ann', large);
  const ben = await Visitor.join(other, room.join_url, 'Ben', large);
  try {
    await Promise.all([ann.sees(ben), ben.sees(ann)]);
    await during(ann, ben);
    for (const visitor of [ann, ben])
      assert.deepEqual([...visitor.errors, ...await visitor.violations()], []);
  } finally {
    restore();
    await ann.close();
    await ben.close();
  }
}

/** In the page: a picture of which a quarter is still one. */
function large () {
  Object.assign(globalThis, { conclaveTest: { width: 640, height: 360, frameRate: 10 } });
}

/** ms until pictures move again. @param {Visitor[]} visitors @param {(visitor: Visitor) => Promise<string>} whose */
async function untilBack (visitors, whose) {
  const start = Date.now();
  await Promise.all(visitors.map(async visitor => {
    const id = await whose(visitor);
    const { frames } = await visitor.picture(id);
    await until(`${visitor.name} sees somebody again`, async () => {
      const now = await visitor.picture(id);
      // Those of a new connection count from nothing.
      return now.frames > 0 && (now.frames < frames || now.frames > frames + 3);
    }, { every: 50, timeout: 30_000 });
  }));
  return Date.now() - start;
}

test('a tile gets a picture of its size', { timeout: 120_000 }, () => meeting(async (ann, ben) => {
  const id = await ben.id();
  await ann.page.setViewport({ width: 1280, height: 800 });
  await until('a large tile has a large picture', async () => (await ann.picture(id)).width === 640, { timeout: 30_000 });
  await ann.page.setViewport({ width: 240, height: 400 });
  await until('a small tile has a small one', async () => (await ann.picture(id)).width < 640, { timeout: 30_000 });
  await ann.page.setViewport({ width: 1280, height: 800 });
  await until('and a large one again', async () => (await ann.picture(id)).width === 640, { timeout: 30_000 });
}));

test('a screen is seen large, and the camera beside it', { timeout: 120_000 }, () => meeting(async (ann, ben) => {
  const id = await ann.id();
  await ann.press('Share screen');
  await ben.page.bringToFront();
  await until('Ben sees the screen', async () => {
    const { frames, width, contrast } = await ben.screen(id);
    return frames > 0 && width > 0 && contrast > 10;
  }, { timeout: 30_000 });
  await ben.sees(ann);
  await ann.press('Stop sharing', '.banner button');
  await until('the screen is gone', async () => !await ben.page.$(`[data-screen="${id}"]`));
}));

test('what a host turns off is off, and said; a hand and a spotlight are seen', { timeout: 120_000 }, () => meeting(async (ann, ben) => {
  await ben.page.keyboard.press('h');
  await ann.reads('Ben has raised a hand.');
  await until('the hand is on his tile', async () => ann.page.$(`[data-participant="${await ben.id()}"] .tile-hand`));
  await ann.press('People');
  await ann.press('What to do about Ben', '.person button');
  await ann.press('Stop video', '#person-menu button');
  await ben.reads('Ann has turned off your camera.');
  await until('it is off', () => ben.has('Start video'));
  await ann.press('What to do about Ben', '.person button');
  await ann.press('Spotlight for everyone', '#person-menu button');
  await ben.reads('Everyone sees you large now.');
  await ann.press('Mute everyone else');
  await ben.reads('Ann has turned off your microphone.');
  await until('it is off', () => ben.has('Unmute'));
  assert.ok(await ann.has('Mute'), 'but not her own');
}));

test('the connections of all are drawn for hosts', { timeout: 90_000 }, () => meeting(async (ann, ben) => {
  await ann.press('More');
  await ann.press('Connections', '#more-menu button');
  await until('there are lines', () => ann.page.evaluate(() => (document.querySelectorAll('.chart-line[d^=M]').length === 4)));
  await until('and both people', () => ann.page.evaluate(() => document.querySelectorAll('.connections tbody tr').length === 2));
  await ben.press('More');
  assert.ok(!await ben.has('Connections'));
}));

test('the media process is killed: everybody is back, and nobody has reloaded', { timeout: 120_000 }, () => meeting(async (ann, ben) => {
  const visitors = [ann, ben];
  const others = { Ann: await ben.id(), Ben: await ann.id() };
  await killMedia();
  const back = await untilBack(visitors, async ({ name }) => others[/** @type {'Ann' | 'Ben'} */ (name)]);
  console.log(`# back after ${back} ms`);
  await Promise.all(visitors.map(visitor => visitor.hears()));
  assert.ok(back < 5_000, `${back} ms`);
}, [chrome, fox]));

/** The media process of our daemon's that has a meeting: every one it has, so also spare ones. */
async function killMedia () {
  for (const name of await fs.readdir('/proc')) {
    const command = /^\d+$/.test(name) ? await fs.readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '') : '';
    if (/conclave-media\0/.test(command))
      process.kill(Number(name), 'SIGKILL');
  }
}

test('the network changes: media are back', { timeout: 120_000 }, () => meeting(async (ann, ben) => {
  const others = { Ann: await ben.id(), Ben: await ann.id() };
  strandFlows(server.now.port);
  const back = await untilBack([ann, ben], async ({ name }) => others[/** @type {'Ann' | 'Ben'} */ (name)]);
  console.log(`# back after ${back} ms`);
  assert.ok(back < 10_000, `${back} ms`);
}, [chrome, fox]));

test('every twentieth packet is lost both ways: it goes on', { timeout: 120_000 }, () => meeting(async (ann, ben) => {
  losePackets(5);
  const others = [[ann, await ben.id()], [ben, await ann.id()]];
  for (let i = 0; i < 4; i++) {
    const before = await Promise.all(others.map(([visitor, id]) => /** @type {Visitor} */ (visitor).picture(String(id))));
    await sleep(3_000);
    const now = await Promise.all(others.map(([visitor, id]) => /** @type {Visitor} */ (visitor).picture(String(id))));
    for (const k of [0, 1])
      assert.ok(now[k].frames > before[k].frames + 5, `${before[k].frames} then ${now[k].frames}`);
  }
}, [chrome, fox]));
