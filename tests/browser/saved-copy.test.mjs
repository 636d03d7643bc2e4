// A copy of a meeting off the record, saved in Chromium and in Firefox: everybody is told who does it, also who comes late; the file has what was
// written, shows in both browsers, and nothing in it runs.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';
import { addAxe, doesNotScrollSideways, isAccessible, photograph, photographAll } from './lib/appearance.mjs';
import { chromium, firefox } from './lib/browsers.mjs';
import { serverForFile } from './lib/suite.mjs';
import { until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

/** @type {any} */ (globalThis).crypto ??= webcrypto; // Node.js 18 has it not
const { hostUrl, joinUrl, makeRoom } = await import('../../data/web/core/link.js');

const server = serverForFile();
/** Where each browser saves. */
const folders = { Ann: await fs.mkdtemp(path.join(os.tmpdir(), 'copies-')), Ben: await fs.mkdtemp(path.join(os.tmpdir(), 'copies-')) };
const HOSTILE = `</p><script>hurt = 1</script><img src=x onerror="hurt = 1">`;
/** @type {import('puppeteer-core').Browser} */
let chrome;
/** @type {import('puppeteer-core').Browser} */
let fox;
/** The host, in Chromium. @type {Visitor} */
let ann;
/** In Firefox. @type {Visitor} */
let ben;
/** @type {{ link: import('../../data/web/core/link.js').Link, body: object }} */
let room;

before(async () => {
  [chrome, fox] = await Promise.all([chromium(), firefox({ preferences: {
    'browser.download.folderList': 2, 'browser.download.dir': folders.Ben, 'browser.download.useDownloadDir': true, 'browser.download.always_ask_before_handling_new_types': false,
    'browser.helperApps.neverAsk.saveToDisk': 'text/html', 'browser.download.manager.showWhenStarting': false,
  } })]);
  room = await makeRoom('otr', 'falcon');
  await server.now.ask('POST', '/api/v1/rooms', room.body);
  const url = server.now.url;
  ann = await Visitor.join(chrome, /** @type {string} */ (hostUrl(room.link, url)), 'Ann');
  ben = await Visitor.join(fox, joinUrl(room.link, url), 'Ben');
  const session = await ann.page.createCDPSession();
  await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folders.Ann, browserContextId: ann.page.browserContext().id });
  await Promise.all([ann.meets(1), ben.meets(1)]);
}, { timeout: 180_000 });

after(() => Promise.all(Object.values(folders).map(folder => fs.rm(folder, { recursive: true, force: true }))));

/** The file that was saved, whole. @param {'Ann' | 'Ben'} who */
const fileOf = who => until(`${who} has a file`, async () => {
  const [name] = (await fs.readdir(folders[who])).filter(file => file.endsWith('.html'));
  const text = name ? await fs.readFile(path.join(folders[who], name), 'utf8') : '';
  return text.trimEnd().endsWith('</html>') && { name, text, url: pathToFileURL(path.join(folders[who], name)).href };
}, { timeout: 30_000 });

/** Lines of the chat that say who saved. @param {Visitor} one @returns {Promise<string[]>} */
const notesOf = one => one.page.$$eval('.copy-note > span', notes => notes.map(note => note.firstChild?.nextSibling?.textContent?.trim() || note.textContent?.trim().replace(/\s+/g, ' ') || ''));

/** @param {Visitor} one */
const bannerOf = one => one.page.evaluate(() => document.querySelector('.banner.copy-saved p')?.textContent ?? '');

/** What a screen reader has been told in passing. @param {Visitor} one @param {string} words */
const hears = (one, words) => until(`${one.name} is told: ${words}`, () => one.page.evaluate(wanted => document.querySelector('#notices [aria-live]')?.textContent?.includes(wanted), words));

/** @param {Visitor} one */
async function openDialog (one) {
  await one.page.bringToFront();
  await one.press('More', '.control');
  await one.press('Save a copy', '#more-menu button');
  await one.reads('Save a copy of this meeting?');
}

test('the dialog says what happens; who thinks better of it saves nothing, and nobody is told', { timeout: 120_000 }, async () => {
  await ben.write(`hello ${HOSTILE}`);
  await openDialog(ann);
  await ann.reads('Everybody is told.');
  await addAxe(ann);
  await isAccessible(ann, 'saving a copy');
  await photographAll(ann, 'save-copy');
  await ann.page.setViewport({ width: 360, height: 740 });
  await doesNotScrollSideways(ann);
  await ann.page.setViewport({ width: 1280, height: 800 });
  await ann.pressInDialog('Cancel');
  await ann.write('after all not');
  await ben.reads('after all not');
  assert.deepEqual([await bannerOf(ben), await notesOf(ben), await fs.readdir(folders.Ann)], ['', [], []]);
});

test('everybody reads who has saved a copy, above the stage and in the chat; the file has all of it', { timeout: 120_000 }, async () => {
  await ben.press('Chat', '.control'); // closed: so it is told aloud
  await openDialog(ann);
  await ann.pressInDialog('Tell everybody and save');
  const words = 'Ann has saved a copy of what was written in this meeting';
  await until('Ben sees it', async () => (await bannerOf(ben)).includes(words));
  await hears(ben, words);
  await hears(ann, 'The copy is saved. Everybody was told.');
  const { name, text } = await fileOf('Ann');
  assert.match(name, /^Off the record \d{4}-\d\d-\d\d\.html$/);
  for (const part of ['after all not', 'hello &lt;/p&gt;&lt;script&gt;', 'Ann saved a copy of this meeting.', 'Saved by Ann'])
    assert.ok(text.includes(part), part);
  assert.ok(!text.includes('<script'));
  await photographAll(ben, 'copy-saved-firefox');
  await ben.openChat();
  assert.equal((await notesOf(ben)).length, 1);
  await ben.reads('Ann saved a copy of this meeting.');
  await ann.reads('You saved a copy of this meeting.');
  assert.equal(await bannerOf(ann), '');
  await addAxe(ben);
  await isAccessible(ben, 'a copy was saved');
  await photographAll(ben, 'copy-saved-chat-firefox');
  await ben.press('Close', '.copy-saved button');
  await until('it was read', async () => await bannerOf(ben) === '');
});

test('from the other browser; and who comes late is told of both', { timeout: 120_000 }, async () => {
  await openDialog(ben);
  await photographAll(ben, 'save-copy-firefox');
  await ben.pressInDialog('Tell everybody and save');
  await until('Ann sees it', async () => (await bannerOf(ann)).includes('Ben has saved a copy'));
  const { text } = await fileOf('Ben');
  assert.ok(text.includes('Ann saved a copy of this meeting.') && text.includes('Ben saved a copy of this meeting.'));
  const cem = await Visitor.join(chrome, joinUrl(room.link, server.now.url), 'Cem');
  const words = 'Ann and Ben have saved copies of what was written in this meeting';
  await until('Cem sees it', async () => (await bannerOf(cem)).includes(words));
  await hears(cem, words);
  await photographAll(cem, 'copy-saved-late');
  await cem.page.setViewport({ width: 360, height: 740 });
  await doesNotScrollSideways(cem);
  await cem.close();
});

test('the file shows in both browsers, without the server, and nothing in it runs', { timeout: 120_000 }, async () => {
  const { url } = await fileOf('Ann');
  for (const browser of [chrome, fox]) {
    const page = await browser.newPage();
    const asked = /** @type {string[]} */ ([]);
    page.on('request', request => asked.push(request.url()));
    await page.goto(url, { waitUntil: 'load' });
    const { words, hurt, width } = await page.evaluate(() => ({
      words: document.body.innerText, hurt: /** @type {any} */ (globalThis).hurt, width: document.querySelector('main')?.getBoundingClientRect().width ?? 0,
    }));
    assert.ok(words.includes('hello </p><script>hurt = 1</script><img src=x onerror="hurt = 1">'));
    assert.equal(hurt, undefined);
    assert.ok(width > 0 && width < 1000, 'it has its style');
    assert.ok(asked.every(address => address.startsWith('file:')), asked.join());
    const shown = /** @type {Visitor} */ (/** @type {unknown} */ ({ page }));
    await photograph(shown, `copy-page-${browser === chrome ? 'chromium' : 'firefox'}`);
    await page.setViewport({ width: 360, height: 740 });
    await doesNotScrollSideways(shown);
    await photograph(shown, `copy-page-${browser === chrome ? 'chromium' : 'firefox'}-360`);
    await page.close();
  }
  assert.deepEqual([...await ann.violations(), ...await ben.violations()], []);
});
