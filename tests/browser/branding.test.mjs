// An operator's name, logo, colour and links in both browsers: where they stand, that they can be read, and that nothing in them runs,
// whether the operator is careless or the server lies.
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { addAxe, doesNotScrollSideways, isAccessible, photograph, photographAll } from './lib/appearance.mjs';
import { chromium, firefox } from './lib/browsers.mjs';
import { serverForFile } from './lib/suite.mjs';
import { until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

const NAME = '<img src=x onerror=alert(1)> & "Sons"';
/** Everything in an SVG that can run or load something. */
const SVG = `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="120" height="28" viewBox="0 0 120 28" onload="window.hurt=1">
<script>window.hurt=2; fetch('/api/v1/session?hurt')</script><foreignObject width="1" height="1"><body xmlns="http://www.w3.org/1999/xhtml" onload="window.hurt=3"><img src="/hurt.png" onerror="window.hurt=4"/><iframe src="javascript:parent.hurt=5"/></body></foreignObject>
<image href="/hurt.png" onerror="window.hurt=6"/><animate onbegin="window.hurt=7" attributeName="x" dur="1s"/>
<a href="javascript:window.hurt=8"><rect width="28" height="28" rx="6" fill="#7a1fa2"/><path d="M36 20V8l8 8 8-8v12" fill="none" stroke="#7a1fa2" stroke-width="4"/></a></svg>`;
const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'logo-'));
const logo = path.join(folder, 'logo.svg');
await fs.writeFile(logo, SVG);
after(() => fs.rm(folder, { recursive: true, force: true }));

const server = serverForFile({
  config: { branding: { name: NAME, 'logo-file': logo, accent: '#d81b90', imprint: 'https://www.example.org/imprint', privacy: 'https://www.example.org/privacy?a=b&c', terms: 'mailto:legal@example.org' } },
});
/** @type {Record<string, import('puppeteer-core').Browser>} */
const browsers = {};

before(async () => {
  browsers.Chromium = await chromium();
  browsers.Firefox = await firefox();
}, { timeout: 120_000 });

/** @param {Visitor} visitor */
async function isUnhurt (visitor) {
  assert.equal(await visitor.page.evaluate(() => 'hurt' in globalThis), false, visitor.name);
  assert.deepEqual([...visitor.errors, ...await visitor.violations()], [], visitor.name);
  assert.equal(await visitor.page.$$eval('#app script, #app img:not([src^="/"]), #app foreignObject', found => found.length), 0);
  assert.ok(!visitor.requests.some(url => url.includes('hurt')), 'nothing was loaded');
}

/** @param {Visitor} visitor @param {string} selector */
const colour = (visitor, selector) => visitor.page.$eval(selector, element => getComputedStyle(element).backgroundColor);

/** @param {Visitor} visitor */
async function isBranded (visitor) {
  await until('the name is there', async () => await visitor.page.$('.mark span') && await visitor.page.$eval('.mark span', span => span.textContent) === NAME);
  await until('the picture is there', () => visitor.page.$eval('.mark img', img => /** @type {HTMLImageElement} */ (img).complete && /** @type {HTMLImageElement} */ (img).naturalWidth > 0));
  assert.deepEqual(await visitor.page.$$eval('.frame-foot a', found => found.map(link => [link.textContent, link.getAttribute('href'), link.getAttribute('rel')])), [
    ['Imprint', 'https://www.example.org/imprint', 'noopener noreferrer'], ['Privacy policy', 'https://www.example.org/privacy?a=b&c', 'noopener noreferrer'],
    ['Terms of use', 'mailto:legal@example.org', 'noopener noreferrer']]);
  assert.ok((await visitor.page.title()).endsWith(NAME));
}

for (const browser of ['Chromium', 'Firefox']) {
  test(`on the start page, before a meeting, in it and after it, in ${browser}`, { timeout: 180_000 }, async () => {
    const start = await Visitor.open(browsers[browser], server.now.url, 'Vic');
    await isBranded(start);
    await addAxe(start);
    await isAccessible(start, 'start, branded');
    await start.page.setViewport({ width: 360, height: 740 });
    await doesNotScrollSideways(start);
    await isUnhurt(start);
    await start.close();

    const room = await server.now.createRoom('Weekly');
    const ann = await Visitor.open(browsers[browser], room.join_url, 'Ann');
    await until('the page before joining is there', () => ann.has('Join'));
    await isBranded(ann);
    await addAxe(ann);
    await isAccessible(ann, 'before joining, branded');
    const button = await colour(ann, '.button.primary');
    assert.notEqual(button, 'rgb(11, 107, 105)', 'not the colour of Conclave');
    await ann.page.setViewport({ width: 1280, height: 800 });
    await ann.enter();
    await until('the picture is in the meeting', () => ann.page.$('.meeting-brand img.logo'));
    assert.equal(await ann.page.$eval('.meeting-brand img', img => img.getAttribute('alt')), NAME);
    await isAccessible(ann, 'meeting, branded');
    await ann.page.setViewport({ width: 360, height: 740 });
    await doesNotScrollSideways(ann);
    await ann.page.setViewport({ width: 1280, height: 800 });
    await ann.press('Leave');
    await ann.reads('You have left the meeting');
    await isBranded(ann);
    await isUnhurt(ann);
    await ann.close();
  });

  test(`nothing in the picture runs where somebody opens it, in ${browser}`, { timeout: 90_000 }, async () => {
    const eve = await Visitor.open(browsers[browser], server.now.url, 'Eve');
    await isBranded(eve);
    const address = await eve.page.$eval('.mark img', img => /** @type {HTMLImageElement} */ (img).src);
    /** @type {string[]} */ const answered = [];
    eve.page.on('response', response => answered.push(response.url()));
    await eve.page.goto(address, { waitUntil: 'load' });
    assert.equal(await eve.page.evaluate(() => document.documentElement.localName), 'svg');
    assert.equal(await eve.page.evaluate(() => 'hurt' in globalThis), false);
    assert.deepEqual(answered, [address], 'nothing else was loaded');
    await eve.close();
  });

  test(`a server that lies about its looks changes nothing, in ${browser}`, { timeout: 90_000 }, async () => {
    const mal = await Visitor.open(browsers[browser], server.now.url, 'Mal', () => {
      const { fetch } = globalThis;
      const bad = { accent: 'red;} body{display:none', hover: 'url(/hurt.png)', soft: '#fff', on_accent: '#ffffff' };
      const lie = {
        name: `x\u202e${'y'.repeat(80)}`, logo: 'javascript:window.hurt=1', colours: { light: bad, dark: bad },
        links: { imprint: 'javascript:window.hurt=2', privacy: 'data:text/html,<script>window.hurt=3</script>', terms: 'http://a.example' },
      };
      globalThis.fetch = (what, options) => (String(what).endsWith('/branding') ? Promise.resolve(new Response(JSON.stringify(lie), { headers: { 'content-type': 'application/json' } })) : fetch(what, options));
    });
    await until('the page is there', () => mal.page.$('.mark span'));
    assert.equal(await mal.page.$eval('.mark span', span => span.textContent), 'Conclave');
    assert.equal(await mal.page.$('.frame-foot'), null);
    assert.equal(await mal.page.evaluate(() => document.documentElement.getAttribute('style')), null);
    await isUnhurt(mal);
    await mal.close();
  });
}

test('how it looks', { timeout: 120_000 }, async () => {
  const room = await server.now.createRoom('Weekly');
  const ann = await Visitor.open(browsers.Chromium, room.join_url, 'Ann');
  await until('the page before joining is there', () => ann.has('Join'));
  await photographAll(ann, 'branding-pre-join');
  await ann.page.emulateMediaFeatures([]);
  await ann.enter();
  await photograph(ann, 'branding-meeting');
  await ann.page.goto(server.now.url, { waitUntil: 'load' });
  await isBranded(ann);
  await photographAll(ann, 'branding-start');
  await ann.close();
});
