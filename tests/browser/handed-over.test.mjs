// Documents off the record, between Chromium and Firefox: given from hand to hand, saved byte for byte, cut and gone on with, also from somebody else
// than began; taken back. The server has nothing to do with it.
import assert from 'node:assert/strict';
import { randomBytes, webcrypto } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { before, test } from 'node:test';
import { addAxe, doesNotScrollSideways, isAccessible, photograph } from './lib/appearance.mjs';
import { chromium, firefox } from './lib/browsers.mjs';
import { chooseFiles, openPanel, sumOf } from './lib/documents.mjs';
import { serverForFile } from './lib/suite.mjs';
import { until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

/** @type {any} */ (globalThis).crypto ??= webcrypto; // Node.js 18 has it not
const { hostUrl, joinUrl, makeRoom } = await import('../../data/web/core/link.js');

const MB = 1_000_000;
const server = serverForFile();
const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'downloads-'));
/** @type {import('puppeteer-core').Browser} */
let chrome;
/** In Chromium. @type {Visitor} */
let ann;
/** In Firefox. @type {Visitor} */
let ben;
/** @type {{ link: import('../../data/web/core/link.js').Link, body: object }} */
let room;

/** Each piece of a file is read a little later, so that there is something to see, and to cut. */
function readSlowly () {
  const read = Blob.prototype.arrayBuffer;
  Blob.prototype.arrayBuffer = async function () {
    if (this.size > 1_000_000)
      await new Promise(resolve => { setTimeout(resolve, 400); });
    return read.call(this);
  };
}

/** @param {Visitor} one */
const savesInFolder = async one => {
  const session = await one.page.createCDPSession();
  await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder, browserContextId: one.page.browserContext().id });
};

before(async () => {
  const [one, other] = await Promise.all([chromium(), firefox({ preferences: {
    'browser.download.folderList': 2, 'browser.download.dir': folder, 'browser.download.useDownloadDir': true, 'browser.download.always_ask_before_handling_new_types': false,
    'browser.helperApps.neverAsk.saveToDisk': 'application/octet-stream', 'browser.download.manager.showWhenStarting': false,
  } })]);
  chrome = one;
  room = await makeRoom('otr', 'papers');
  await server.now.ask('POST', '/api/v1/rooms', room.body);
  const url = server.now.url;
  [ann, ben] = await Promise.all([
    Visitor.join(one, /** @type {string} */ (hostUrl(room.link, url)), 'Ann', readSlowly), Visitor.join(other, joinUrl(room.link, url), 'Ben', readSlowly),
  ]);
  await savesInFolder(ann);
  await Promise.all([openPanel(ann), openPanel(ben)]);
}, { timeout: 180_000 });

/** @param {Visitor} one @param {Record<string, Uint8Array | string>} files */
const choose = (one, files) => chooseFiles(one, server.now.state, files);

/** What a row says: how many have it, how far it is. @param {Visitor} one @param {string} name */
const row = (one, name) => one.page.evaluate(wanted => {
  const item = [...document.querySelectorAll('.document')].find(element => element.querySelector('.document-name')?.textContent === wanted);
  const bars = [...item?.querySelectorAll('progress') ?? []];
  return item ? { holders: Number(item.getAttribute('data-holders')), bars: bars.map(bar => bar.value), text: item.textContent ?? '' } : null;
}, name);

/** @param {Visitor} one @param {string} name @param {number} holders how many have it, of those who are there */
const sees = (one, name, holders) => until(`${one.name} sees that ${holders} have ${name}`, async () => (await row(one, name))?.holders === holders, { timeout: 60_000 });

/** The file as the browser has saved it. @param {string} name @param {Uint8Array} contents */
async function isSaved (name, contents) {
  const file = path.join(folder, name);
  await until(`${name} is saved`, async () => (await fs.stat(file)).size === contents.length, { timeout: 90_000 });
  assert.equal(sumOf(await fs.readFile(file)), sumOf(contents));
}

/** @param {Visitor} one @param {string} name */
const download = (one, name) => one.press(`Download ${name}`);

/** Closes the connections of a page, as if the network had. @param {Visitor} one */
const cut = one => one.page.evaluate(() => /** @type {any} */ (globalThis).conclaveProbe.peers.forEach((/** @type {RTCPeerConnection} */ peer) => peer.close()));

/** Looks at a bar until it has moved, and says where it stands; once in a while, so that it is seen while it moves. @param {Visitor} one @param {string} name */
const stands = (one, name) => until(`${name} is on its way at ${one.name}`, async () => (await row(one, name))?.bars.find(value => value > 0 && value < 1), { every: 20, timeout: 60_000 });

for (const who of ['Ann', 'Ben'])
  test(`from ${who} to the other browser, which saves the same bytes; both see how far it is`, { timeout: 180_000 }, async () => {
    const [one, other] = who === 'Ann' ? [ann, ben] : [ben, ann];
    const contents = randomBytes(5 * MB);
    const name = `large of ${who}.bin`;
    await choose(one, { [name]: contents, [`empty of ${who}`]: '' });
    await sees(other, name, 1);
    await other.page.bringToFront();
    const seen = Promise.all([stands(one, name), stands(other, name)]);
    await download(other, name);
    await seen;
    await isSaved(name, contents);
    await sees(one, name, 2);
    await sees(other, `empty of ${who}`, 1);
    await download(other, `empty of ${who}`);
    await isSaved(`empty of ${who}`, new Uint8Array(0));
    assert.ok((await row(one, name))?.text.includes('you'));
  });

test('the connection breaks in the middle: it goes on from there', { timeout: 180_000 }, async () => {
  const contents = randomBytes(12 * MB);
  await choose(ann, { 'cut.bin': contents });
  await sees(ben, 'cut.bin', 1);
  await ben.page.bringToFront();
  await ben.page.evaluate(words => { // where it stands when the page says so, which may be for a moment only
    const seen = /** @type {any} */ (globalThis);
    seen.parted = null;
    new MutationObserver(() => {
      if (seen.parted === null && document.querySelector('#panel-documents')?.textContent?.includes(words))
        seen.parted = [...document.querySelectorAll('progress')].map(bar => bar.value);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  }, 'Nobody who has it is connected.');
  await download(ben, 'cut.bin');
  await until('some of it is there', async () => ((await row(ben, 'cut.bin'))?.bars[0] ?? 0) > 0.2, { every: 20, timeout: 60_000 });
  await cut(ann);
  const [kept] = await until('it says so', () => ben.page.evaluate(() => /** @type {number[] | null} */ (/** @type {any} */ (globalThis).parted)), { timeout: 30_000 });
  assert.ok(kept > 0.1 && kept < 1, `it stands at ${kept}`);
  await until('it goes on', async () => !(await ben.text()).includes('Nobody who has it is connected.'), { every: 20, timeout: 60_000 });
  assert.ok(((await row(ben, 'cut.bin'))?.bars[0] ?? 1) >= kept, 'not from the beginning');
  await isSaved('cut.bin', contents);
});

test('who shared it leaves while it goes to somebody; who has it already goes on with it', { timeout: 180_000 }, async () => {
  const contents = randomBytes(5 * MB);
  const cem = await Visitor.join(chrome, joinUrl(room.link, server.now.url), 'Cem', readSlowly);
  await savesInFolder(cem);
  await openPanel(cem);
  await choose(ann, { 'left.bin': contents });
  await sees(ben, 'left.bin', 1);
  await download(ben, 'left.bin');
  await isSaved('left.bin', contents);
  await sees(cem, 'left.bin', 2);
  await fs.rm(path.join(folder, 'left.bin'));
  await cem.page.bringToFront();
  await download(cem, 'left.bin');
  await stands(cem, 'left.bin');
  await ann.press('Leave');
  await ann.pressInDialog('Leave');
  await sees(ben, 'left.bin', 1);
  await isSaved('left.bin', contents);
  await until('it is with the two', async () => (await row(cem, 'left.bin'))?.text.includes('you, Ben'));
  await Promise.all([cem.close(), ann.close()]);
  ann = await Visitor.join(chrome, /** @type {string} */ (hostUrl(room.link, server.now.url)), 'Ann', readSlowly);
  await savesInFolder(ann);
  await openPanel(ann);
});

test('stopped by who gets it; removed by who shared it, for everybody', { timeout: 120_000 }, async () => {
  await choose(ben, { 'not this.bin': randomBytes(5 * MB) });
  await sees(ann, 'not this.bin', 1);
  await ann.page.bringToFront();
  await download(ann, 'not this.bin');
  await stands(ann, 'not this.bin');
  await ann.press('Cancel not this.bin');
  await until('it can be begun again', () => ann.has('Download not this.bin'));
  await until('nothing goes there any more', async () => (await row(ben, 'not this.bin'))?.bars.length === 0);
  assert.equal(await ann.has('Delete not this.bin'), false);
  await ben.press('Delete not this.bin');
  await ben.press('Delete', '.document-question button');
  await until('it is gone', async () => await row(ann, 'not this.bin') === null);
});

test('what is called something hostile is saved as something else, and shown nowhere', { timeout: 120_000 }, async () => {
  const page = '<!doctype html><script>(window.opener ?? parent).hurt = window.hurt = 1</script>';
  await choose(ann, { 'page‮lmth.html': page });
  await until('it is there', async () => await row(ben, 'page_lmth.html'), { timeout: 30_000 });
  await ben.page.bringToFront();
  await download(ben, 'page_lmth.html');
  await isSaved('page_lmth.html', Buffer.from(page));
  for (const one of [ann, ben])
    assert.deepEqual([await one.page.evaluate(() => /** @type {any} */ (globalThis).hurt), await one.violations()], [undefined, []]);
});

test('accessible, and not too wide', { timeout: 60_000 }, async () => {
  await addAxe(ann);
  await isAccessible(ann, 'documents off the record');
  await photograph(ann, 'handed-over-panel');
  await ann.page.setViewport({ width: 360, height: 740 });
  await doesNotScrollSideways(ann);
  await photograph(ann, 'handed-over-360');
  const files = await fs.readdir(server.now.state);
  assert.ok(!files.some(name => name.startsWith('documents')), 'the server has none');
});
