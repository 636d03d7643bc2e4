// The administrators' page in both browsers: charts are drawn of what happens, read with the keyboard and as a table, wide and narrow;
// others do not see it; the server goes away and comes back.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { addAxe, doesNotScrollSideways, isAccessible, photograph, photographAll } from './lib/appearance.mjs';
import { chromium, firefox } from './lib/browsers.mjs';
import { answerWith, busyHour } from './lib/hour.mjs';
import { serverForFile } from './lib/suite.mjs';
import { until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

const CHARTS = ['meetings', 'people', 'media', 'loss', 'cpu', 'disk', 'renders'];
const PATIENCE = { timeout: 60_000 };
const server = serverForFile({ config: { limits: { 'sign-ins-per-minute': 1000 } } });
/** @type {Record<string, import('puppeteer-core').Browser>} */
const browsers = {};

before(async () => {
  browsers.Chromium = await chromium();
  browsers.Firefox = await firefox();
}, { timeout: 120_000 });

/** @param {string} browser @param {string} name @param {string} role @param {string} path where they go */
async function signedIn (browser, name, role, path = '/admin') {
  const { id } = await server.now.ask('POST', '/api/v1/users', { login: `${name}-${browser}`, name, role });
  const { code } = await server.now.ask('POST', `/api/v1/users/${id}/code`, {});
  const visitor = await Visitor.open(browsers[browser], `${server.now.url}/sign-in#${code}`, name);
  await visitor.press('Sign in', 'main button');
  await until('who it is is known', async () => await visitor.has('Set the password') || await visitor.has(`Your account, ${name}`));
  await visitor.page.goto(server.now.url + path, { waitUntil: 'load' });
  return visitor;
}

/** The lines of a chart. @param {Visitor} visitor @param {string} chart @returns {Promise<string[]>} */
const lines = (visitor, chart) => visitor.page.$$eval(`[data-chart=${chart}] .chart-line`, found => found.map(line => line.getAttribute('d') ?? ''));

/** What its heading says. @param {Visitor} visitor @param {string} chart @returns {Promise<string>} */
const reading = (visitor, chart) => visitor.page.$eval(`[data-chart=${chart}] .chart-key`, key => [...key.querySelectorAll('li')].map(({ textContent }) => textContent?.trim().replace(/\s+/g, ' ')).join(', '));

/** @param {Visitor} visitor */
const isUnhurt = async visitor => assert.deepEqual([...visitor.errors, ...await visitor.violations()], [], visitor.name);

for (const browser of ['Chromium', 'Firefox']) {
  test(`charts of what happens, with the keyboard and as a table, in ${browser}`, { timeout: 240_000 }, async () => {
    const ada = await signedIn(browser, 'Ada', 'administrator');
    await until('charts are drawn', () => ada.page.$('[data-chart=renders]'));
    assert.deepEqual(await ada.page.$$eval('[data-chart]', found => found.map(one => one.getAttribute('data-chart'))), CHARTS);
    for (const chart of ['meetings', 'people', 'disk', 'renders'])
      for (const d of await lines(ada, chart))
        assert.match(d, /^M[\d.]+ [\d.]+h0/, chart);
    await ada.reads('Database answers');
    const room = await server.now.createRoom('Board', 'standard');
    const ben = await Visitor.join(browsers[browser], room.join_url, 'Ben');
    await ada.page.bringToFront();
    await until('Ben is counted', async () => /In meetings 1, Connected [1-9]/.test(await reading(ada, 'people')), PATIENCE);
    await until('his meeting is listed', () => ada.page.$(`[data-live="${room.id}"]`), PATIENCE);
    assert.match(await ada.page.$eval(`[data-live="${room.id}"]`, row => row.textContent ?? ''), /Standard\s*1/);
    assert.ok(!(await ada.text()).includes('Ben'), 'nobody is named');
    assert.match((await lines(ada, 'people'))[0], /L/, 'the line goes on');
    await ben.close();

    await ada.page.focus('#cursor-people');
    assert.ok(await ada.isFocused('People: another time'));
    const said = () => ada.page.$eval('#cursor-people', input => input.getAttribute('aria-valuetext') ?? '');
    const newest = await said();
    await ada.page.keyboard.press('Home');
    await ada.reads('Values of');
    assert.notEqual(await said(), newest);
    assert.match(await said(), /^\d\d?:\d\d:\d\d.*: In meetings 0, Connected \d+$/);
    assert.match(await reading(ada, 'people'), /^In meetings 0, /);
    assert.equal(await ada.page.$$eval('.chart-cursor', found => found.length), CHARTS.length, 'in all charts at once');
    await ada.page.keyboard.press('ArrowRight');
    await ada.page.keyboard.press('Escape');
    await ada.reads('Live, as of');
    await ada.page.keyboard.press('Tab');
    await ada.page.keyboard.press('Enter');
    await until('the table is open', () => ada.page.$('[data-chart=people] table.figures'));
    assert.deepEqual(await ada.page.$$eval('[data-chart=people] thead th', found => found.map(({ textContent }) => textContent)), ['Time', 'In meetings', 'Connected']);
    assert.match(await ada.page.$eval('[data-chart=people] tbody tr', row => row.textContent ?? ''), /\d:\d\d.*\d/);
    await addAxe(ada);
    await isAccessible(ada, 'administrators');
    await ada.page.setViewport({ width: 360, height: 740 });
    await doesNotScrollSideways(ada);
    await isAccessible(ada, 'administrators, narrow');
    await isUnhurt(ada);
    await ada.close();
  });

  test(`others do not see it in ${browser}`, { timeout: 120_000 }, async () => {
    const hal = await signedIn(browser, 'Hal', 'host');
    await hal.reads('Only for administrators');
    assert.equal(await hal.page.$('.overview'), null);
    assert.ok(!await hal.has('Server'), 'no way leads there');
    await isUnhurt(hal);
    await hal.close();
    const nobody = await Visitor.open(browsers[browser], `${server.now.url}/admin`, 'nobody');
    await until('they have to sign in', () => nobody.page.evaluate(() => location.pathname === '/sign-in' && location.search === '?to=%2Fadmin'));
    await nobody.close();
  });

  test(`the server goes away and comes back, in ${browser}`, { timeout: 180_000 }, async () => {
    const ada = await signedIn(browser, 'Eve', 'administrator', '/');
    await ada.press('Server');
    await until('charts are drawn', () => ada.page.$('[data-chart=people] .chart-line'));
    await server.now.crash(0, async () => {
      await ada.reads('Connection lost', 60_000);
      assert.ok(await ada.page.$('.overview.stale [data-chart=people] .chart-line'), 'what there was stays');
    });
    await until('it goes on', async () => !await ada.page.$('.overview.stale') && !(await ada.text()).includes('Connection lost'), PATIENCE);
    assert.deepEqual(ada.errors, []);
    await ada.close();
  });
}

test('a busy hour: wide and narrow, light and dark, in each language', { timeout: 240_000 }, async () => {
  const ada = await signedIn('Chromium', 'Zoë', 'administrator');
  await ada.page.evaluateOnNewDocument(answerWith, busyHour(Date.now()));
  for (const language of ['de', 'fr', 'nl', 'en']) {
    await ada.page.evaluate(value => localStorage.setItem('conclave.lang', value), language);
    await ada.page.setViewport({ width: 360, height: 740 });
    await ada.page.reload({ waitUntil: 'load' });
    await until('the telephone is there too', () => ada.page.$('[data-chart=calls] .chart-line'));
    assert.equal(await ada.page.evaluate(() => document.documentElement.lang), language);
    await doesNotScrollSideways(ada);
    await photograph(ada, `admin-${language}-360`);
    await ada.page.setViewport({ width: 1280, height: 1760 });
    await doesNotScrollSideways(ada);
    await photograph(ada, `admin-${language}`);
  }
  await addAxe(ada);
  await isAccessible(ada, 'a busy hour');
  assert.match(await ada.page.$eval('[data-check=trunks]', row => row.textContent ?? ''), /Trouble within the last hour: 1 minute/);
  await ada.page.hover('[data-chart=media] .chart-slider');
  await ada.reads('Values of');
  await photographAll(ada, 'admin');
  await isUnhurt(ada);
  await ada.close();
});
