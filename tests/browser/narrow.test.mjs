// On a phone with a panel open: what somebody has to answer is above it and the bar is below, both to be read and pressed.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { addAxe, doesNotScrollSideways, isAccessible, photograph } from './lib/appearance.mjs';
import { chromium, firefox } from './lib/browsers.mjs';
import { serverForFile } from './lib/suite.mjs';
import { until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

const PHONE = { width: 360, height: 740 };
const SIDEWAYS = { width: 740, height: 360 };
const server = serverForFile();
/** @type {Record<string, import('puppeteer-core').Browser>} */
const browsers = {};

before(async () => {
  browsers.Chromium = await chromium();
  browsers.Firefox = await firefox();
}, { timeout: 120_000 });

/** What of the banners, the panel and the bar lies under something else, or outside of the window. @param {Visitor} visitor */
const covered = visitor => visitor.page.evaluate(() =>
  [...document.querySelectorAll('.banner p, .banner button, .panel-head h2, .panel-head button, .panel textarea, .bar button')].filter(element => {
    const { left, right, top, bottom, width } = element.getBoundingClientRect();
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    const hit = document.elementFromPoint(x, y);
    return width > 0 && (left < 0 || right > innerWidth || top < 0 || bottom > innerHeight || !(hit && (element.contains(hit) || hit.contains(element))));
  }).map(element => element.textContent?.trim() || element.getAttribute('aria-label')));

/** What is told in passing lies on a banner. @param {Visitor} visitor */
const toastsCover = visitor => visitor.page.evaluate(() => {
  const ends = [...document.querySelectorAll('.banner')].map(element => element.getBoundingClientRect().bottom);
  return [...document.querySelectorAll('.toast')].some(element => element.getBoundingClientRect().top < Math.max(...ends));
});

/** @param {Visitor} visitor @param {string} picture */
async function canReachAll (visitor, picture) {
  await visitor.page.bringToFront();
  await until('nothing moves', () => visitor.page.evaluate(() => document.getAnimations().every(animation => animation.playState !== 'running')));
  await photograph(visitor, picture);
  assert.deepEqual(await covered(visitor), [], picture);
  assert.ok(!await toastsCover(visitor), picture);
  await doesNotScrollSideways(visitor);
}

for (const [own, other] of [['Chromium', 'Firefox'], ['Firefox', 'Chromium']]) {
  test(`who knocks, and the new link after a removal; the host in ${own}`, { timeout: 240_000 }, async () => {
    const room = await server.now.createRoom('Committee', 'standard', '--lobby', 'on');
    const ann = await Visitor.join(browsers[own], room.host_url, 'Ann');
    await ann.page.setViewport(PHONE);
    await addAxe(ann);
    await ann.openChat();
    const ben = await Visitor.open(browsers[other], room.join_url, 'Ben');
    await ben.knock();
    await ann.reads('Ben is waiting to come in.');
    await canReachAll(ann, `knock-chat-360-${own}`);
    await isAccessible(ann, 'somebody knocks, the chat is open');
    await ann.press('More');
    await ann.press('Agenda, minutes, polls');
    await until('the notes are open', () => ann.page.$('#panel-notes'));
    await canReachAll(ann, `knock-notes-360-${own}`);
    await ann.page.setViewport(SIDEWAYS);
    await canReachAll(ann, `knock-notes-sideways-${own}`);
    await ann.page.setViewport(PHONE);
    await ann.press('Admit Ben');
    await ben.meets(1);

    await ann.openChat();
    await ann.sees(ben);
    const cem = await Visitor.open(browsers[own], room.join_url, 'Cem');
    await cem.knock();
    await ann.page.bringToFront();
    await ann.press('Admit Cem');
    await cem.meets(2);
    await ann.page.bringToFront();
    await until('Ann has met everybody', async () => (await ann.traffic()).connected === 2);
    await ann.press('Close', '.panel-head button');
    await ann.govern('Cem', 'Remove from the meeting');
    await ann.pressInDialog('Remove');
    await ann.openChat();
    await ann.reads('Earlier invitations no longer work');
    await canReachAll(ann, `new-link-360-${own}`);
    await ann.page.setViewport({ width: 1280, height: 800 });
    await canReachAll(ann, `new-link-1280-${own}`);
    await ann.page.setViewport(PHONE);
    await ann.press('Close', '.new-link button');
    await until('the notice is gone', () => ann.page.evaluate(() => !document.querySelector('.new-link')));
    await ann.press('Mute');
    await until('Ann is muted, the chat still open', async () => await ann.has('Unmute') && await ann.page.$('#panel-chat') !== null);
    for (const one of [ann, ben, cem]) {
      assert.deepEqual([...one.errors, ...await one.violations()], [], one.name);
      await one.close();
    }
  });
}

test('that one is not recorded, and how to be', { timeout: 120_000 }, async () => {
  const room = await server.now.createRoom('Board', 'boardroom', '--recording', 'on');
  const ann = await Visitor.join(browsers.Firefox, room.host_url, 'Ann');
  const ben = await Visitor.join(browsers.Chromium, room.join_url, 'Ben');
  await ben.page.setViewport(PHONE);
  await ben.meets(1);
  await ben.openChat();
  await ann.page.bringToFront();
  await ann.press('Record');
  await ann.pressInDialog('Tell everyone and record');
  await ben.page.bringToFront();
  await ben.reads('This meeting is being recorded.');
  await canReachAll(ben, 'recording-chat-360');
  await ben.press('Do not record me');
  await ben.reads('Let me be recorded');
  await canReachAll(ben, 'not-recorded-chat-360');
  await ben.press('Let me be recorded');
  for (const one of [ann, ben]) {
    assert.deepEqual([...one.errors, ...await one.violations()], [], one.name);
    await one.close();
  }
});
