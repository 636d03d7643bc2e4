// The page on a host of somebody's own, by the example in docs/security.md: all of a meeting works, and what the server answers runs nowhere.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { after, before, test } from 'node:test';
import { AnotherHost, get } from './lib/another-host.mjs';
import { chromium, firefox } from './lib/browsers.mjs';
import { chooseFiles, openPanel } from './lib/documents.mjs';
import { Site } from './lib/site.mjs';
import { serverForFile } from './lib/suite.mjs';
import { until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

/** @type {any} */ (globalThis).crypto ??= webcrypto; // Node.js 18 has it not
const { hostUrl, joinUrl, makeRoom } = await import('../../data/web/core/link.js');

const server = serverForFile();
/** @type {import('puppeteer-core').Browser[]} */ let browsers;
/** @type {AnotherHost[]} */ const hosts = [];
/** @type {Site | undefined} */ let site;

before(async () => {
  browsers = await Promise.all([chromium(), firefox()]);
  hosts.push(await AnotherHost.start(server.now));
}, { timeout: 120_000 });
after(async () => {
  await Promise.all([site, ...hosts].map(one => one?.stop()));
});

for (const kind of ['standard', 'otr'])
  test(`${kind}: Chromium and Firefox meet there`, { timeout: 240_000 }, async () => {
    const [host] = hosts, room = await makeRoom(kind, 'Tea');
    await server.now.ask('POST', '/api/v1/rooms', room.body);
    const [ann, ben] = await Promise.all([
      Visitor.join(browsers[0], /** @type {string} */ (hostUrl(room.link, host.origin)), 'Ann'), Visitor.join(browsers[1], joinUrl(room.link, host.origin), 'Ben'),
    ]);
    try {
      await Promise.all([ann.sees(ben, 60_000), ben.sees(ann, 60_000)]);
      await ann.write('Good morning');
      await ben.openChat();
      await ben.reads('Good morning');
      await openPanel(ann);
      await chooseFiles(ann, server.now.state, { 'plan.bin': new Uint8Array(2 * 1024 * 1024) });
      await openPanel(ben);
      await ben.reads('plan.bin');
      assert.equal(new URL(ben.page.url()).origin, host.origin);
    } finally {
      await ann.close();
      await ben.close();
    }
    assert.deepEqual([...ann.errors, ...ben.errors], []);
  });

test('an answer of the server is no page', { timeout: 120_000 }, async () => {
  site = await Site.start(server.now.state);
  const hurt = '<!doctype html><title>here</title><script>document.title = "hurt"; localStorage.setItem("hurt", "1")</script>';
  site.pages.set('/api/v1/about', hurt);
  site.pages.set('/branding/logo', hurt);
  const host = await AnotherHost.start(server.now, site.origin);
  hosts.push(host);
  assert.equal((await get(`${host.origin}/anything`)).text, (await get(`${server.now.url}/`)).text);
  for (const browser of browsers)
    for (const path of ['/api/v1/about', '/branding/logo']) {
      const page = await browser.newPage();
      await page.goto(`${host.origin}${path}`);
      await until('it is there', async () => await page.title() !== '');
      assert.equal(await page.title(), 'here');
      await page.goto(`${host.origin}/encryption`);
      assert.equal(await page.evaluate(() => localStorage.getItem('hurt')), null);
      await page.close();
    }
});
