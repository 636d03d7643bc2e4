// The pages of Boardrooms and Classrooms: accessible in both themes, at 360 px as at 1440, and a picture of each for people to look at.
// Most of the people are generated.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addAxe, doesNotScrollSideways, isAccessible, photograph } from './lib/appearance.mjs';
import { chromium } from './lib/browsers.mjs';
import { Crowd } from './lib/crowd.mjs';
import { serverForFile } from './lib/suite.mjs';
import { until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

const NAMES = ['Dilan Şahin', 'Elif', 'Jean-Baptiste de la Fontaine-Delacroix', 'Gül', 'Oğuz', 'Ida', 'Åsa'];
const LIVELY = { width: 320, height: 180, frameRate: 5 };
const server = serverForFile();
/** @type {import('puppeteer-core').Browser} */
let browser;
/** @type {Crowd} */
let others;

before(async () => {
  browser = await chromium();
  others = await Crowd.start();
});

after(() => { others?.end(); });

/** A picture at both widths, and what axe says at each. @param {Visitor} visitor @param {string} name */
async function look (visitor, name) {
  await visitor.page.bringToFront();
  for (const [width, height] of [[1440, 900], [360, 740]]) {
    await visitor.page.setViewport({ width, height });
    await until('it is drawn', () => visitor.page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => setTimeout(() => resolve(true), 300)))));
    await doesNotScrollSideways(visitor);
    await visitor.page.emulateMediaFeatures([]);
    await photograph(visitor, `${name}-${width}`);
    await isAccessible(visitor, `${name} at ${width}`);
  }
  await visitor.page.emulateMediaFeatures([]);
  await visitor.page.setViewport({ width: 1280, height: 800 });
}

test('a Boardroom of two and of nine', { timeout: 240_000 }, async () => {
  const room = await server.now.createRoom('Board meeting', 'boardroom');
  const ann = await Visitor.join(browser, room.host_url, 'Ann', null, LIVELY);
  await addAxe(ann);
  const ben = await Visitor.join(browser, room.join_url, 'Ben', null, LIVELY);
  await ann.sees(ben);
  await look(ann, 'boardroom-2');
  const crowd = [];
  for (const name of NAMES)
    crowd.push(await others.join(room.join_url, name));
  await ann.meets(8);
  await crowd[1].ask('hand', { up: true });
  await crowd[3].ask('hand', { up: true });
  await look(ann, 'boardroom-9');
  await ann.press('People');
  await look(ann, 'boardroom-9-people');
  await ann.press('People');
  await ben.press('Share screen');
  await until('the screen is there', async () => (await ann.screen(await ben.id())).frames > 0, { timeout: 30_000 });
  await look(ann, 'boardroom-9-screen');
  assert.deepEqual([...ann.errors, ...await ann.violations()], []);
  await Promise.all(crowd.map(one => one.leave()));
  await ben.close();
  await ann.close();
});

test('a Classroom: the host\'s page and that of who watches', { timeout: 240_000 }, async () => {
  const room = await server.now.createRoom('Lecture', 'classroom');
  const ann = await Visitor.join(browser, room.host_url, 'Ann', null, LIVELY);
  const ben = await Visitor.open(browser, room.join_url, 'Ben');
  await addAxe(ann);
  await addAxe(ben);
  await until('it can be joined', () => ben.has('Join'));
  await look(ben, 'classroom-before');
  await ben.enter();
  const crowd = [];
  for (const name of NAMES)
    crowd.push(await others.join(room.join_url, name));
  await ben.sees(ann);
  for (const i of [2, 0, 4])
    await crowd[i].ask('hand', { up: true });
  await crowd[0].ask('ask', { text: 'Will the recording be available afterwards, and if so for how long and to whom?' });
  await crowd[1].ask('ask', { text: 'How does this work offline?' });
  for (const one of crowd.slice(2))
    await one.ask('vote', { question: 2, up: true });
  await look(ann, 'classroom-host');
  await ann.press('People');
  await ann.reads('8 people watch.');
  await look(ann, 'classroom-host-people');
  await look(ben, 'classroom-viewer');
  await ben.press('Questions', '.control');
  await ben.reads('How does this work offline?');
  await look(ben, 'classroom-viewer-questions');
  for (const one of [ann, ben])
    assert.deepEqual([...one.errors, ...await one.violations()], []);
  await Promise.all(crowd.map(one => one.leave()));
  await ben.close();
  await ann.close();
});
