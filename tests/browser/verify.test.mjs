// The code that people compare by voice: the same in both browsers, its words in each language, who counts as verified by it and for how
// long, and what happens where codes differ. How it looks is photographed.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { addAxe, doesNotScrollSideways, isAccessible, photograph, photographAll } from './lib/appearance.mjs';
import { chromium, firefox } from './lib/browsers.mjs';
import { serverForFile } from './lib/suite.mjs';
import { until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

const server = serverForFile();
/** @type {import('puppeteer-core').Browser} */
let chrome;
/** @type {import('puppeteer-core').Browser} */
let fox;

before(async () => {
  chrome = await chromium();
  fox = await firefox();
}, { timeout: 120_000 });

/** The names of the code's pictures in the open dialog. @param {Visitor} visitor @returns {Promise<string>} */
const wordsOf = visitor => until(`${visitor.name} has a code`, async () =>
  (await visitor.page.$$eval('dialog[open] .code-symbols li', items => items.map(item => item.lastElementChild?.textContent?.trim() ?? ''))).join(' '));

/** @param {Visitor} visitor @param {string} [badge] */
async function openCode (visitor, badge = 'Encrypted') {
  await visitor.page.bringToFront();
  await visitor.press(badge);
  return wordsOf(visitor);
}

/** What the open dialog says of somebody's link. @param {Visitor} visitor @param {string} name */
const linkOf = (visitor, name) => visitor.page.$$eval('dialog[open] .link-line', (lines, wanted) =>
  lines.find(line => line.querySelector('.person-name')?.textContent === wanted)?.querySelector('.link-words')?.textContent ?? '', name);

/** @param {Visitor} visitor @param {string} name @param {string} words */
const says = (visitor, name, words) => until(`${visitor.name} sees ${name}: ${words}`, async () => await linkOf(visitor, name) === words);

test('three people compare; a mark survives reloads; who comes is not verified', { timeout: 240_000 }, async () => {
  const room = await server.now.createRoom('Weekly');
  const ann = await Visitor.join(chrome, room.host_url, 'Ann');
  const ben = await Visitor.join(fox, room.join_url, 'Ben');
  try {
    await Promise.all([ann.meets(1), ben.meets(1)]);
    const [one, other] = [await openCode(ann), await openCode(ben)];
    assert.match(one, /^[A-Z][a-z]+( [A-Z][a-z]+){6}$/);
    assert.equal(one, other);
    await says(ann, 'Ben', 'link verified');
    await addAxe(ann);
    await isAccessible(ann, 'code');
    await photographAll(ann, 'code');
    await ann.pressInDialog('Everybody has the same');
    await ann.reads('Verified by voice. When somebody comes, there is a new code.');
    await says(ann, 'Ben', 'verified by voice');
    await says(ben, 'Ann', 'link verified');
    await isAccessible(ann, 'code, compared');
    await photograph(ann, 'code-compared');
    await ben.pressInDialog('Everybody has the same');
    await ann.page.keyboard.press('Escape');
    await until('the badge says so', () => ann.has('Verified by voice'));

    await ben.page.reload({ waitUntil: 'load' });
    await ben.enter();
    await openCode(ann, 'Verified by voice');
    await says(ann, 'Ben', 'verified by voice');
    await openCode(ben, 'Verified by voice');
    await says(ben, 'Ann', 'verified by voice');

    const cleo = await Visitor.join(chrome, room.join_url, 'Cleo');
    const codes = await Promise.all([openCode(cleo), until('Ann has another code', async () => await wordsOf(ann) !== one && wordsOf(ann))]);
    await until('all three have the same', async () => new Set(await Promise.all([ann, ben, cleo].map(wordsOf))).size === 1);
    assert.ok(codes.every(code => code !== one));
    await says(ann, 'Cleo', 'link verified');
    await says(ann, 'Ben', 'verified by voice');
    await cleo.close();
    assert.deepEqual([...ann.errors, ...ben.errors, ...await ann.violations(), ...await ben.violations()], []);
  } finally {
    await ann.close();
    await ben.close();
  }
});

test('codes that differ end the call, and say so', { timeout: 120_000 }, async () => {
  const room = await server.now.createRoom();
  const ann = await Visitor.join(fox, room.host_url, 'Ann');
  const ben = await Visitor.join(chrome, room.join_url, 'Ben');
  try {
    const code = await openCode(ben);
    await ben.pressInDialog('They differ');
    await ben.reads('Do the codes differ?');
    assert.equal(await ben.isFocused('Compare again'), true);
    await addAxe(ben);
    await isAccessible(ben, 'do the codes differ');
    await photographAll(ben, 'code-differs-question');
    await ben.pressInDialog('Compare again');
    assert.equal(await wordsOf(ben), code, 'the same code is there again');
    assert.equal(await ben.isFocused('They differ'), true);
    await ben.pressInDialog('They differ');
    await ben.pressInDialog('They differ: end the call');
    await ben.reads('Failed: the call has ended');
    await ben.reads('Somebody who has the link may be between you.');
    await addAxe(ben);
    await isAccessible(ben, 'codes differ');
    await photograph(ben, 'code-differs');
    assert.equal((await ben.traffic()).connected, 0);
    const said = 'Ben says that your codes differ, and has ended the call.';
    await ann.reads(said);
    await until('it is said aloud as well', () => ann.page.evaluate(words => document.querySelector('#notices [aria-live]')?.textContent?.includes(words), said));
    await ann.meets(0);
    await ann.reads(said);
    await addAxe(ann);
    await isAccessible(ann, 'somebody says that codes differ');
    await photographAll(ann, 'code-differs-told-firefox');
    await doesNotScrollSideways(ann);
    await ann.press('Close', '.differs button');
    await until('it was read', async () => !(await ann.text()).includes(said));
  } finally {
    await ann.close();
    await ben.close();
  }
});

test('in every language, at 360 px', { timeout: 180_000 }, async () => {
  const room = await server.now.createRoom('Weekly');
  const ann = await Visitor.join(chrome, room.join_url, 'Ann');
  try {
    for (const [language, badge] of [['de', 'Verschlüsselt'], ['fr', 'Chiffré'], ['nl', 'Versleuteld']]) {
      const ben = await Visitor.open(chrome, room.join_url, 'Ben', null);
      await ben.page.setViewport({ width: 360, height: 740 });
      await ben.page.evaluate(lang => localStorage.setItem('conclave.lang', lang), language);
      await ben.page.reload({ waitUntil: 'load' });
      await ben.page.waitForSelector('input');
      await ben.page.type('input', 'Ben');
      await ben.page.keyboard.press('Enter');
      await ben.meets(1);
      const words = await openCode(ben, badge);
      await openCode(ann);
      assert.equal((await ben.page.$$('dialog[open] .code-symbols li')).length, 7);
      assert.notEqual(words, await wordsOf(ann), 'translated');
      await doesNotScrollSideways(ben);
      const overflow = await ben.page.$$eval('dialog[open] .code-symbols li span', spans => spans.filter(span => span.scrollWidth > span.clientWidth + 1).length);
      assert.equal(overflow, 0, `${language}: a word is cut off`);
      await photograph(ben, `code-narrow-${language}`);
      await ann.page.keyboard.press('Escape');
      await ben.close();
      await ann.meets(0);
    }
  } finally {
    await ann.close();
  }
});

test('the page that says what is not protected', { timeout: 120_000 }, async () => {
  const room = await server.now.createRoom();
  const ann = await Visitor.open(chrome, room.join_url, 'Ann');
  try {
    const way = await until('there is a way to it', () => ann.page.$eval('.privacy a', link => ({ path: link.getAttribute('href'), target: link.getAttribute('target') })));
    assert.deepEqual(way, { path: '/encryption', target: '_blank' });
    const help = await Visitor.open(chrome, new URL('/encryption', server.now.url).href, 'Ann');
    for (const words of ['What is not protected', 'The page itself', 'A link in the wrong hands', 'Who meets whom, and when', 'Devices and people'])
      await help.reads(words);
    await addAxe(help);
    await isAccessible(help, 'what is protected');
    await photograph(help, 'encryption');
    await help.page.setViewport({ width: 360, height: 740 });
    await doesNotScrollSideways(help);
    await photograph(help, 'encryption-narrow');
    assert.deepEqual([...help.errors, ...await help.violations()], []);
    await help.close();
  } finally {
    await ann.close();
  }
});
