// From the click on "Join" to the first picture of somebody else, and to pictures of all, N times: `namespace node first-frame.mjs BROWSER N [OTHERS [KIND]]`
// prints a JSON array of {first, all}, ms. The OTHERS (1) stay in the meeting; another one comes anew each time, without a cache. Between browsers no
// picture shows before its connection is verified.
// The time is taken inside the page of who comes: its own click, its own video elements' first frames.
import { webcrypto } from 'node:crypto';
import { chromium, closeAll, firefox } from '../browser/lib/browsers.mjs';
import { Server } from '../browser/lib/server.mjs';
import { until } from '../browser/lib/until.mjs';
import { Visitor } from '../browser/lib/visitor.mjs';

globalThis.crypto ??= webcrypto; // Node.js 18 has it not
const { hostUrl, joinUrl, makeRoom } = await import('../../data/web/core/link.js');

/** In the page, before its scripts: notes when Join is clicked and when a picture of each of the others is there. */
function watch () {
  const times = { click: 0, frames: {} };
  Object.assign(globalThis, { conclaveTimes: times });
  addEventListener('click', event => {
    if (/** @type {Element} */ (event.target).closest('button')?.textContent?.trim() === 'Join')
      times.click = performance.now();
  }, true);
  const known = new WeakSet();
  setInterval(() => {
    for (const node of document.querySelectorAll('[data-participant]:not([data-self]) video')) {
      const video = /** @type {HTMLVideoElement} */ (node);
      const person = video.closest('[data-participant]').dataset.participant;
      if (known.has(video) || !video.srcObject || times.frames[person])
        continue;
      known.add(video); // the page may draw another element instead
      video.requestVideoFrameCallback(() => {
        times.frames[person] ??= performance.now();
      });
    }
  }, 5);
}

/** @param {import('puppeteer-core').Browser} browser @param {string} url @param {Visitor[]} others */
async function measure (browser, url, others) {
  const visitor = await Visitor.open(browser, url, 'Zoe', watch);
  try {
    await visitor.fill('Your name', 'Zoe');
    await visitor.page.bringToFront();
    await visitor.press('Join');
    const { click, frames } = await until('pictures have come', async () => {
      const now = await visitor.page.evaluate(() => /** @type {any} */ (globalThis).conclaveTimes);
      return Object.keys(now.frames).length === others.length && now;
    });
    await visitor.press('Leave'); // who only vanishes keeps the seat for a while
    await Promise.all(others.map(other => other.meets(others.length - 1)));
    const at = Object.values(frames);
    return { first: Math.min(...at) - click, all: Math.max(...at) - click };
  } finally {
    await visitor.close();
  }
}

/** Links of a new room. @param {Server} server @param {string} kind */
async function makeLinks (server, kind) {
  const { link, body } = await makeRoom(kind, 'Bench');
  await server.ask('POST', '/api/v1/rooms', body);
  return { host: hostUrl(link, server.url), join: joinUrl(link, server.url) };
}

const [launcher, count, others = '1', kind = 'standard'] = process.argv.slice(2);
const server = await Server.start({ config: { limits: { 'joins-per-minute': 10_000 } } });
try {
  const browser = await (launcher === 'firefox' ? firefox : chromium)();
  const links = await makeLinks(server, kind);
  const there = [await Visitor.join(browser, links.host, 'Ann')];
  while (there.length < Number(others))
    there.push(await Visitor.join(browser, links.join, `Guest ${there.length}`));
  await Promise.all(there.map(one => one.meets(there.length - 1)));
  const took = [];
  for (let i = 0; i < Number(count); i++)
    took.push(await measure(browser, links.join, there));
  console.log(JSON.stringify(took));
} finally {
  await closeAll();
  await server.stop();
}
