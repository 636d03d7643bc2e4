// One document from page to page, off the record: `namespace node document.mjs BROWSER BYTES` prints {seconds, cpu, giver, getter}. From the click on Download
// until the page has all of it, checked and put away; what all processes used
// meanwhile, in s; MB that the pages' processes grew by at most, from what they had after a small one.
// Each of the two has a browser of its own, so that its processes are known.
import { randomBytes, webcrypto } from 'node:crypto';
import fs from 'node:fs';
import { chromium, closeAll, firefox } from '../browser/lib/browsers.mjs';
import { chooseFiles, openPanel } from '../browser/lib/documents.mjs';
import { Server } from '../browser/lib/server.mjs';
import { sleep, until } from '../browser/lib/until.mjs';
import { Visitor } from '../browser/lib/visitor.mjs';
import { everybody } from './usage.mjs';

globalThis.crypto ??= webcrypto; // Node.js 18 has it not
const { hostUrl, joinUrl, makeRoom } = await import('../../data/web/core/link.js');

const SMALL = 5_000_000;
const LOOK_EVERY = 50;
/** Processes that run pages. */
const OF_PAGES = /--type=renderer|-isForBrowser/;

/** All processes that a browser has for pages. @param {import('puppeteer-core').Browser} browser @returns {number[]} */
function pageProcesses (browser) {
  const parents = new Map(fs.readdirSync('/proc').filter(name => /^\d+$/.test(name)).flatMap(name => {
    try {
      return [[Number(name), Number(fs.readFileSync(`/proc/${name}/stat`, 'latin1').replace(/^.*\) /, '').split(' ')[1])]];
    } catch {
      return []; // it has just ended
    }
  }));
  const isBelow = pid => pid === browser.process().pid || (parents.has(pid) && isBelow(parents.get(pid)));
  return [...parents.keys()].filter(pid => isBelow(pid) && OF_PAGES.test(fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')));
}

/** MB that they have now; one that has ended has none. @param {number[]} pids */
const resident = pids => pids.reduce((sum, pid) => {
  const text = fs.existsSync(`/proc/${pid}/status`) ? fs.readFileSync(`/proc/${pid}/status`, 'latin1') : '';
  return sum + Number(/^VmRSS:\s+(\d+)/m.exec(text)?.[1] ?? 0) * 1024 / 1e6;
}, 0);

/** In the page: when Download was clicked, and when the page has the document. */
function watch () {
  const times = { click: 0, whole: 0 };
  Object.assign(globalThis, { conclaveTimes: times });
  addEventListener('click', event => {
    if (/** @type {Element} */ (event.target).closest('button')?.ariaLabel?.startsWith('Download '))
      Object.assign(times, { click: performance.now(), whole: 0 });
  }, true);
  setInterval(() => {
    const rows = [...document.querySelectorAll('.document')];
    if (times.click && !times.whole && rows.at(-1)?.getAttribute('data-holders') === '2')
      times.whole = performance.now();
  }, 5);
}

/** @param {Visitor} one @param {string} name @returns {Promise<number>} seconds */
async function fetchWith (one, name) {
  await one.press(`Download ${name}`);
  const { click, whole } = await until('it is there', async () => {
    const now = await one.page.evaluate(() => /** @type {any} */ (globalThis).conclaveTimes);
    return now.whole && now;
  }, { timeout: 300_000, every: 100 });
  return (whole - click) / 1000;
}

/** While something is done: how many MB more than before the pages of each browser had at most. @param {import('puppeteer-core').Browser[]} browsers @param {() => Promise<number>} act */
async function growth (browsers, act) {
  const pids = browsers.map(pageProcesses);
  const before = pids.map(resident);
  const most = [...before];
  let over = false;
  const done = act().finally(() => { over = true; });
  for (; !over; await Promise.race([done, sleep(LOOK_EVERY)]))
    pids.forEach((of, i) => { most[i] = Math.max(most[i], resident(of)); });
  return { seconds: await done, grown: most.map((now, i) => now - before[i]) };
}

const [launcher, bytes] = process.argv.slice(2);
const server = await Server.start();
try {
  const launch = launcher === 'firefox' ? firefox : chromium;
  const browsers = [await launch(), await launch()];
  const { link, body } = await makeRoom('otr', 'Bench');
  await server.ask('POST', '/api/v1/rooms', body);
  const ann = await Visitor.join(browsers[0], hostUrl(link, server.url), 'Ann');
  const ben = await Visitor.join(browsers[1], joinUrl(link, server.url), 'Ben', watch);
  await Promise.all([openPanel(ann), openPanel(ben)]);
  await chooseFiles(ann, server.state, { 'small.bin': randomBytes(SMALL) });
  await fetchWith(ben, 'small.bin');
  await chooseFiles(ann, server.state, { 'large.bin': randomBytes(Number(bytes)) });
  await until('the large one is there', () => ben.has('Download large.bin'), { timeout: 60_000 });
  await sleep(2000); // of what was read for its sums nothing is left
  const before = everybody();
  const { seconds, grown: [giver, getter] } = await growth(browsers, () => fetchWith(ben, 'large.bin'));
  console.log(JSON.stringify({ seconds, cpu: everybody() - before, giver, getter }));
} finally {
  await closeAll();
  await server.stop();
}
