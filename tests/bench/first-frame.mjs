// From the click on "Join" to the first picture of somebody else, N times: `namespace node first-frame.mjs BROWSER N`
// prints a JSON array of ms. One person stays in the meeting; the other one comes anew each time, without a cache.
// The time is taken inside the page of who comes: its own click, its own video element's first frame.
import { chromium, closeAll, firefox } from '../browser/lib/browsers.mjs';
import { Server } from '../browser/lib/server.mjs';
import { until } from '../browser/lib/until.mjs';
import { Visitor } from '../browser/lib/visitor.mjs';

/** In the page, before its scripts: notes when Join is clicked and when a picture of somebody else is there. */
function watch () {
  const times = { click: 0, frame: 0 };
  Object.assign(globalThis, { conclaveTimes: times });
  addEventListener('click', event => {
    if (/** @type {Element} */ (event.target).closest('button')?.textContent?.trim() === 'Join')
      times.click = performance.now();
  }, true);
  const known = new WeakSet();
  const timer = setInterval(() => {
    for (const node of document.querySelectorAll('[data-participant]:not([data-self]) video')) {
      const video = /** @type {HTMLVideoElement} */ (node);
      if (known.has(video) || !video.srcObject)
        continue;
      known.add(video); // the page may draw another element instead
      video.requestVideoFrameCallback(() => {
        clearInterval(timer);
        times.frame ||= performance.now();
      });
    }
  }, 5);
}

/** @param {import('puppeteer-core').Browser} browser @param {string} url @param {Visitor} host */
async function measure (browser, url, host) {
  const visitor = await Visitor.open(browser, url, 'Ben', watch);
  try {
    await visitor.fill('Your name', 'Ben');
    await visitor.page.bringToFront();
    await visitor.press('Join');
    const times = await until('a picture has come', async () => {
      const now = await visitor.page.evaluate(() => /** @type {any} */ (globalThis).conclaveTimes);
      return now.frame > 0 && now;
    });
    await visitor.press('Leave'); // who only vanishes keeps the seat for a while
    await host.meets(0);
    return times.frame - times.click;
  } finally {
    await visitor.close();
  }
}

const [kind, count] = process.argv.slice(2);
const server = await Server.start({ config: { limits: { 'joins-per-minute': 10_000 } } });
try {
  const launch = kind === 'firefox' ? firefox : chromium;
  const browser = await launch();
  const room = await server.createRoom();
  const ann = await Visitor.join(browser, room.host_url, 'Ann');
  const took = [];
  for (let i = 0; i < Number(count); i++)
    took.push(await measure(browser, room.join_url, ann));
  console.log(JSON.stringify(took));
} finally {
  await closeAll();
  await server.stop();
}
