// The pages themselves: accessible, usable by keyboard alone and at 360 px, within the content security policy whatever
// people call themselves; and a picture of each, in each language, for people to look at.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { addAxe, doesNotScrollSideways, isAccessible, photograph } from './lib/appearance.mjs';
import { chromium, firefox } from './lib/browsers.mjs';
import { takeSeat } from './lib/seat-filler.mjs';
import { serverForFile } from './lib/suite.mjs';
import { until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

const LANGUAGES = ['en', 'de', 'fr', 'nl'];
const HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)> ${t}';
const server = serverForFile();
/** @type {import('puppeteer-core').Browser} */
let browser;

before(async () => { browser = await chromium(); });

test('every page is accessible in both themes', { timeout: 180_000 }, async () => {
  const room = await server.now.createRoom('Weekly');
  const start = await Visitor.open(browser, server.now.url, 'Ann');
  await addAxe(start);
  await isAccessible(start, 'start');
  await start.close();

  const ann = await Visitor.open(browser, room.join_url, 'Ann');
  await addAxe(ann);
  await until('the page before joining is there', () => ann.has('Join'));
  await isAccessible(ann, 'before joining');
  await ann.enter();
  const ben = await Visitor.join(browser, room.host_url, 'Ben');
  await ann.sees(ben);
  await ann.write('Good morning');
  await isAccessible(ann, 'meeting with chat');
  await ann.press('People');
  await isAccessible(ann, 'meeting with people');
  await ann.press('Leave');
  await ann.reads('You have left the meeting');
  await isAccessible(ann, 'ended');
  await ann.close();
  await ben.close();
});

test('hostile names and titles are text, and nothing breaks the policy', { timeout: 120_000 }, async () => {
  for (const other of [browser, await firefox()]) {
    const room = await server.now.createRoom(HOSTILE);
    const filler = await takeSeat(room.join_url, HOSTILE.slice(0, 60));
    const ann = await Visitor.join(other, room.join_url, HOSTILE.slice(0, 60));
    await ann.meets(1);
    await ann.write(HOSTILE);
    await ann.press('People');
    await ann.reads('"><script>alert(1)</script>');
    assert.deepEqual(await ann.violations(), []);
    assert.deepEqual(ann.errors, []);
    assert.equal(await ann.page.evaluate(() => document.querySelectorAll('main script, main img[onerror], #app script').length), 0);
    filler.leave();
    await ann.close();
  }
});

test('joining, muting and leaving by keyboard alone', { timeout: 90_000 }, async () => {
  const room = await server.now.createRoom();
  const ann = await Visitor.open(browser, room.join_url, 'Ann');
  const { keyboard } = ann.page;
  await until('the page before joining is there', () => ann.has('Join'));
  await ann.tabTo('Your name');
  await keyboard.type('Ann');
  await keyboard.press('Enter');
  await ann.meets(0);
  await ann.tabTo('Mute');
  await keyboard.press('Enter');
  await until('muted', () => ann.has('Unmute'));
  await keyboard.press('m');
  await until('not muted', () => ann.has('Mute'));
  await ann.tabTo('Leave');
  await keyboard.press('Enter');
  await ann.reads('You have left the meeting');
  await ann.close();
});

for (const language of LANGUAGES) {
  test(`every page in ${language}, wide and at 360 px`, { timeout: 120_000 }, async () => {
    const room = await server.now.createRoom('Weekly');
    const ben = await Visitor.join(browser, room.join_url, 'Ben');
    const ann = await Visitor.open(browser, server.now.url, 'Ann');
    await ann.page.evaluate(value => localStorage.setItem('conclave.lang', value), language);
    /** @param {string} name */
    const both = async name => {
      await ann.page.setViewport({ width: 360, height: 740 });
      await doesNotScrollSideways(ann);
      await photograph(ann, `${name}-${language}-360`);
      await ann.page.setViewport({ width: 1280, height: 800 });
      await photograph(ann, `${name}-${language}`);
    };
    await ann.page.reload();
    await until('the language is right', () => ann.page.evaluate(value => document.documentElement.lang === value, language));
    await both('start');
    await ann.page.goto(room.join_url);
    await until('the name can be typed', () => ann.page.$('#name'));
    await both('pre-join');
    await ann.page.type('#name', 'Ann');
    await ann.page.keyboard.press('Enter');
    await ann.meets(1);
    await ann.sees(ben);
    await both('meeting');
    await ben.write(`Good morning, ${language}`);
    await ann.page.click('[data-control=chat]');
    await ann.reads(`Good morning, ${language}`);
    await both('chat');
    await ann.page.click('[data-control=notes]');
    await until('the notes are there', () => ann.page.$('#panel-notes'));
    await both('notes');
    await ann.page.click('[data-control=people]');
    await both('people');
    await ann.page.click('[data-control=leave]');
    await until('it is over', async () => (await ann.people()).length === 0);
    await both('ended');
    assert.deepEqual(await ann.violations(), []);
    await ann.close();
    await ben.close();
  });
}
