// Three people in a mesh, in both browsers, and a screen that is shared from each of them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chromium, firefox } from './lib/browsers.mjs';
import { startScreen } from './lib/screen.mjs';
import { serverForFile } from './lib/suite.mjs';
import { until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

const server = serverForFile();
/** @type {import('puppeteer-core').Browser} */
let chrome;
/** @type {import('puppeteer-core').Browser} */
let fox;
/** @type {Awaited<ReturnType<typeof startScreen>>} */
let screen;

before(async () => {
  screen = await startScreen();
  chrome = await chromium();
  fox = await firefox({ display: screen.display });
}, { timeout: 60_000 });

after(() => { screen?.end(); });

test('two in Chromium and one in Firefox all see and hear each other', { timeout: 180_000 }, async () => {
  const room = await server.now.createRoom();
  const everyone = [];
  try {
    for (const [name, browser] of /** @type {const} */ ([['Ann', chrome], ['Ben', fox], ['Cleo', chrome]]))
      everyone.push(await Visitor.join(browser, room.join_url, name));
    for (const visitor of everyone) {
      await visitor.meets(2);
      for (const other of everyone)
        if (other !== visitor)
          await visitor.sees(other, 45_000);
    }
    for (const visitor of everyone)
      await visitor.hears(2);
    await everyone[1].write('Good morning');
    await Promise.all([everyone[0], everyone[2]].map(async visitor => {
      await visitor.openChat();
      await visitor.reads('Good morning');
    }));
    await everyone[2].press('Leave');
    await Promise.all([everyone[0].meets(1), everyone[1].meets(1)]);
    assert.equal((await everyone[0].traffic()).connected, 1);
  } finally {
    for (const visitor of everyone)
      await visitor.close();
  }
});

/** @param {Visitor} sharer @param {Visitor} watcher */
async function shares (sharer, watcher) {
  const id = await sharer.id();
  await sharer.page.bringToFront();
  await sharer.press('Share screen');
  await until('the screen is shared', () => sharer.has('Stop sharing'));
  await watcher.page.bringToFront();
  await until(`${watcher.name} sees the screen`, async () => {
    const { frames, width, contrast } = await watcher.screen(id);
    return frames > 0 && width > 0 && contrast > 10;
  }, { timeout: 30_000 });
  await watcher.sees(sharer);
  await sharer.page.bringToFront();
  await sharer.press('Stop sharing');
  await until('the screen is gone', async () => !await watcher.page.$(`[data-screen="${id}"]`));
}

test('Chromium and Firefox share their screens with each other', { timeout: 180_000 }, async () => {
  const room = await server.now.createRoom();
  const ann = await Visitor.join(chrome, room.join_url, 'Ann');
  const ben = await Visitor.join(fox, room.join_url, 'Ben');
  try {
    await ben.sees(ann);
    await shares(ann, ben);
    await shares(ben, ann);
  } finally {
    await ann.close();
    await ben.close();
  }
});
