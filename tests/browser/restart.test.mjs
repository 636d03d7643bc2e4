// Check 32: the server is restarted in the middle of a meeting, over and over. Where media go from browser to browser nobody sees anything of it; in a
// Boardroom sound and pictures are back in a few seconds, by connections that are made anew. Nobody does anything for it.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { before, test } from 'node:test';
import { figure } from '../faults/lib/figure.mjs';
import { chromium, firefox } from './lib/browsers.mjs';
import { serverForFile } from './lib/suite.mjs';
import { sleep, until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

/** @type {any} */ (globalThis).crypto ??= webcrypto; // Node.js 18 has it not
const { hostUrl, joinUrl, makeRoom } = await import('../../data/web/core/link.js');

const RESTARTS = Number(process.env.CONCLAVE_RESTARTS ?? 5);
const QUIET = 3000; // ms that are looked at without one
const BACK = 5; // s
const STILL = 2.5; // s: 7 pictures a second, on a machine that is busy
const TIMEOUT = 90_000 + 30_000 * RESTARTS;
const server = serverForFile();
/** @type {import('puppeteer-core').Browser} */
let chrome;
/** @type {import('puppeteer-core').Browser} */
let fox;

before(async () => {
  [chrome, fox] = await Promise.all([chromium(), firefox()]);
}, { timeout: 120_000 });

/** A host in Chromium and a guest in Firefox who see each other. @param {string} kind */
async function meet (kind) {
  const { url } = server.now;
  const room = await makeRoom(kind, 'Meeting');
  await server.now.ask('POST', '/api/v1/rooms', room.body);
  const pair = [await Visitor.join(chrome, /** @type {string} */ (hostUrl(room.link, url)), 'Ann'), await Visitor.join(fox, joinUrl(room.link, url), 'Ben')];
  await seeEachOther(pair);
  return pair;
}

/** @param {Visitor[]} pair */
async function seeEachOther ([ann, ben]) {
  await ann.sees(ben);
  await ben.sees(ann);
}

/** The longest time without a new frame since then, in ms. @param {Visitor} visitor @param {number} start */
async function longestGap (visitor, start) {
  let longest = 0, last = { at: start, frames: -1 };
  for (const sample of (await visitor.samples()).filter(({ at }) => at >= start)) {
    longest = Math.max(longest, sample.at - last.at);
    if (sample.frames !== last.frames)
      last = sample;
  }
  return longest;
}

/** ms until sound and pictures come by a new connection. @param {Visitor} visitor @param {number} start */
async function back (visitor, start) {
  const opened = (await visitor.samples()).findLast(({ at }) => at <= start)?.opened ?? 0;
  const { at } = await until(`${visitor.name} sees and hears again`, async () =>
    (await visitor.samples()).find(sample => sample.opened > opened && sample.frames > 0 && sample.energy > 0), { timeout: 40_000 });
  return at - start;
}

/** @param {Visitor[]} pair @param {(start: number) => Promise<void>} after what is measured of each */
async function restart (pair, after) {
  for (let i = 0; i < RESTARTS; i++) {
    for (const visitor of pair)
      await visitor.watchMedia();
    await sleep(500); // there is something from before
    const start = Date.now();
    await server.now.restart();
    await after(start);
    await until('both are back', async () => JSON.parse(await server.now.ctl('status', '--json')).people === 2, { timeout: 40_000 });
    await seeEachOther(pair);
  }
}

/** @param {Visitor[]} pair */
async function end (pair) {
  for (const visitor of pair)
    await visitor.close();
  assert.deepEqual(pair.flatMap(({ errors }) => errors.filter(error => !error.includes('/ws'))), []);
}

const opened = (/** @type {Visitor[]} */ pair) => Promise.all(pair.map(async visitor => (await visitor.traffic()).opened));

for (const kind of ['otr', 'standard'])
  test(`${kind}: as if nothing had happened`, { timeout: TIMEOUT }, async t => {
    const pair = await meet(kind);
    const before = await opened(pair);
    for (const visitor of pair)
      await visitor.watchMedia();
    const from = Date.now();
    await sleep(QUIET);
    const quiet = Math.max(...await Promise.all(pair.map(visitor => longestGap(visitor, from))));
    /** @type {number[]} */ const gaps = [];
    await restart(pair, async start => {
      await until('both are back', async () => JSON.parse(await server.now.ctl('status', '--json')).people === 2, { timeout: 40_000 });
      await sleep(1000);
      gaps.push(...await Promise.all(pair.map(visitor => longestGap(visitor, start))));
    });
    figure(t, 32, `${kind}, ${RESTARTS} restarts: connections opened anew`, Math.max(...(await opened(pair)).map((n, i) => n - before[i])), { most: 0 });
    figure(t, 32, `the same: without a new picture, at most (${quiet} ms when nothing happens)`, Math.max(...gaps) / 1000, { most: STILL, unit: 's' });
    await end(pair);
  });

test('a boardroom: back in a moment', { timeout: TIMEOUT }, async t => {
  const pair = await meet('boardroom');
  /** @type {number[]} */ const times = [];
  await restart(pair, async start => {
    times.push(...await Promise.all(pair.map(visitor => back(visitor, start))));
  });
  t.diagnostic(`boardroom: ${times.join(', ')} ms (Chromium, Firefox, …)`);
  figure(t, 32, `boardroom, ${RESTARTS} restarts: seen and heard again, at most`, Math.max(...times) / 1000, { most: BACK, unit: 's' });
  await end(pair);
});
