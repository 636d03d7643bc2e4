// Documents, in Chromium and Firefox at once: chosen, dropped, pasted; taken back, cut and gone on with; the others have the same bytes.
// What is hostile is downloaded like the rest, and nowhere shown.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { addAxe, doesNotScrollSideways, isAccessible, photograph } from './lib/appearance.mjs';
import { chromium, firefox } from './lib/browsers.mjs';
import { chooseFiles, openPanel, sumOf } from './lib/documents.mjs';
import { Proxy } from './lib/proxy.mjs';
import { serverForFile } from './lib/suite.mjs';
import { until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

const MIB = 1024 * 1024;
const server = serverForFile();
/** In Chromium, through the proxy. @type {Visitor} */
let ann;
/** In Firefox, through the proxy as well. @type {Visitor} */
let ben;
/** @type {Proxy} */
let proxy;
/** Where the browsers save. */
let downloads = '';

/** Hostile wherever it is shown as what it says it is. @type {Record<string, { type: string, text: string }>} */
const HOSTILE = {
  'page.html': { type: 'text/html', text: '<!doctype html><script>(window.opener ?? parent).hurt = window.hurt = 1</script><img src=x onerror="parent.hurt = 1">' },
  'drawing.svg': {
    type: 'image/svg+xml',
    text: '<svg xmlns="http://www.w3.org/2000/svg" onload="parent.hurt = 1"><script>parent.hurt = window.hurt = 1</script><foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="javascript:parent.parent.hurt=1"/></foreignObject></svg>',
  },
  'paper.pdf': {
    type: 'application/pdf',
    text: '%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\); this.hurt = 1)>>>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
  },
  '"><img src=x onerror=hurt=1>.html': { type: 'text/html', text: '<script>parent.hurt = 1</script>' },
};

/** Names of the documents, as the panel shows them. @param {Visitor} one @returns {Promise<string[]>} */
const shown = one => one.page.$$eval('.document .document-name', names => names.map(name => name.textContent ?? ''));

/** @param {Visitor} one @returns {Promise<string[]>} */
const underWay = one => one.page.$$eval('.upload', all => all.map(upload => upload.className.split(' ')[1]));

/** @param {Visitor} one @param {string} name */
const sees = (one, name) => until(`${one.name} sees ${name}`, async () => (await shown(one)).includes(name), { timeout: 30_000 });

/** What is downloaded, not where to: the address that a click leads to, followed by the page itself; unless `saved` is null. */
function watchDownloads () {
  const state = /** @type {{ saved: string[] | null }} */ (/** @type {unknown} */ (globalThis));
  state.saved = [];
  const click = HTMLAnchorElement.prototype.click;
  HTMLAnchorElement.prototype.click = function () {
    if (state.saved && this.download && /\/d\//.test(this.href))
      state.saved.push(this.href);
    else
      click.call(this);
  };
}

/** Presses Download. @param {Visitor} one @param {string} name @returns {Promise<{ url: string, sum: string, bytes: number, headers: Record<string, string> }>} */
async function download (one, name) {
  await one.press(`Download ${name}`);
  const url = await until('there is an address', () => one.page.evaluate(() => /** @type {any} */ (globalThis).saved.pop()));
  return { url, ...await one.page.evaluate(async address => {
    const response = await fetch(address);
    const body = await response.arrayBuffer();
    const sum = [...new Uint8Array(await crypto.subtle.digest('SHA-256', body))].map(byte => byte.toString(16).padStart(2, '0')).join('');
    return { sum, bytes: body.byteLength, headers: Object.fromEntries(response.headers) };
  }, url) };
}

/** @param {Visitor} one @param {Record<string, Uint8Array | string>} files */
const choose = (one, files) => chooseFiles(one, server.now.state, files);

/** As a hand or the clipboard brings them. @param {Visitor} one @param {'drop' | 'paste'} way @param {Record<string, { type: string, text: string }>} files */
const bring = (one, way, files) => one.page.evaluate((how, all) => {
  const transfer = new DataTransfer();
  for (const [name, { type, text }] of Object.entries(all))
    transfer.items.add(new File([text], name, { type }));
  const target = document.querySelector('#panel-documents') ?? document.body;
  const init = { bubbles: true, cancelable: true };
  if (how === 'paste') { // Firefox gives scripts no clipboard of their own making
    const event = Object.defineProperty(new Event('paste', init), 'clipboardData', { value: transfer });
    return !target.dispatchEvent(event);
  }
  for (const event of ['dragenter', 'dragover'])
    target.dispatchEvent(new DragEvent(event, { ...init, dataTransfer: transfer }));
  return !target.dispatchEvent(new DragEvent('drop', { ...init, dataTransfer: transfer }));
}, way, files);

/** What came out of its way. @param {Visitor} one */
async function isUnhurt (one) {
  assert.equal(await one.page.evaluate(() => /** @type {any} */ (globalThis).hurt), undefined);
  // Firefox complains of connections that the tests have cut
  assert.deepEqual([await one.violations(), one.errors.filter(text => !/wss:\/\/\S+ was interrupted|connection to the server at wss:/.test(text))], [[], []]);
}

before(async () => {
  downloads = await fs.mkdtemp(path.join(os.tmpdir(), 'downloads-'));
  const [chrome, fox] = await Promise.all([chromium(), firefox({
    preferences: { 'browser.download.dir': downloads, 'browser.download.folderList': 2, 'browser.download.useDownloadDir': true, 'browser.download.always_ask_before_handling_new_types': false },
  })]);
  proxy = await Proxy.start(server.now.port);
  const room = await server.now.createRoom('Papers');
  [ann, ben] = await Promise.all([
    Visitor.join(chrome, proxy.through(room.host_url), 'Ann', watchDownloads), Visitor.join(fox, proxy.through(room.join_url), 'Ben', watchDownloads),
  ]);
  const session = await chrome.target().createCDPSession();
  await session.send('Browser.setDownloadBehavior', { behavior: 'allow', browserContextId: ann.page.browserContext().id, downloadPath: downloads });
  await Promise.all([openPanel(ann), openPanel(ben)]);
}, { timeout: 120_000 });

after(async () => {
  await proxy?.stop();
  await fs.rm(downloads, { recursive: true, force: true });
});

test('several are chosen at once, and the other browser has the same bytes', { timeout: 60_000 }, async () => {
  const contents = randomBytes(MIB);
  await choose(ann, { 'figures.bin': contents, 'empty.txt': '', 'Übersicht ليلى.txt': 'hello' });
  for (const name of ['figures.bin', 'empty.txt', 'Übersicht ليلى.txt'])
    await sees(ben, name);
  const got = await download(ben, 'figures.bin');
  assert.deepEqual([got.bytes, got.sum], [contents.length, sumOf(contents)]);
  assert.equal((await download(ben, 'empty.txt')).bytes, 0);
  await until('nothing is on its way', async () => (await underWay(ann)).length === 0);
});

for (const way of /** @type {const} */ (['drop', 'paste']))
  test(`${way}: it is taken, and there for the other`, { timeout: 60_000 }, async () => {
    for (const [one, other] of [[ann, ben], [ben, ann]]) {
      const name = `${way} of ${one.name}.txt`;
      assert.equal(await bring(one, way, { [name]: { type: 'text/plain', text: name } }), true, 'the browser does nothing of its own with it');
      await sees(other, name);
      assert.equal((await download(other, name)).sum, sumOf(Buffer.from(name)));
    }
    assert.equal(await ann.page.$('.drop-place'), null);
  });

for (const who of ['Ann', 'Ben'])
  test(`${who}'s upload is cut, shows where it stands, and goes on from there`, { timeout: 90_000 }, async () => {
    const [one, other] = who === 'Ann' ? [ann, ben] : [ben, ann];
    const contents = randomBytes(24 * MIB);
    const name = `large of ${who}.bin`;
    await slow(one, true);
    await choose(one, { [name]: contents });
    await until('some of it is there', () => one.page.$eval('.upload progress', bar => /** @type {HTMLProgressElement} */ (bar).value > 0), { every: 20 });
    proxy.closed = true;
    assert.ok(proxy.cut() > 0, 'there is a connection to cut');
    await until('it says so', async () => (await underWay(one)).includes('paused'), { every: 50 });
    const share = await one.page.$eval('.upload progress', bar => /** @type {HTMLProgressElement} */ (bar).value);
    assert.ok(share > 0 && share < 1, `it stands at ${share}`);
    assert.ok(!(await shown(other)).includes(name));
    await slow(one, false);
    proxy.closed = false;
    await one.page.evaluate(() => { dispatchEvent(new Event('online')); }); // as a browser says it
    await other.page.evaluate(() => { dispatchEvent(new Event('online')); });
    await sees(other, name);
    assert.ok((await offsets(one))[0] > 0, 'not from the beginning');
    const got = await download(other, name);
    assert.deepEqual([got.bytes, got.sum], [contents.length, sumOf(contents)]);
    await until('nothing is on its way', async () => (await underWay(one)).length === 0);
    assert.equal((await shown(one)).filter(other => other === name).length, 1);
  });

/** Between pieces, so that there is something to see; afterwards notes where each piece begins. @param {Visitor} one @param {boolean} on */
const slow = (one, on) => one.page.evaluate(wanted => {
  const state = /** @type {any} */ (globalThis);
  state.fetchOfThePage ??= globalThis.fetch;
  state.offsets = [];
  globalThis.fetch = async (url, options) => {
    if (options?.method !== 'PATCH')
      return state.fetchOfThePage(url, options);
    state.offsets.push(Number(/** @type {any} */ (options.headers)['upload-offset']));
    if (wanted)
      await new Promise(resolve => { setTimeout(resolve, 500); });
    return state.fetchOfThePage(url, options);
  };
}, on);

/** @param {Visitor} one @returns {Promise<number[]>} */
const offsets = one => one.page.evaluate(() => /** @type {any} */ (globalThis).offsets);

test('a file that is changed or deleted while it is sent is never there, and it is said why', { timeout: 60_000 }, async () => {
  for (const [one, other, change] of /** @type {const} */ ([[ann, ben, 'deleted'], [ben, ann, 'changed']])) {
    const name = `${change}.bin`;
    await slow(one, true);
    const [file] = await choose(one, { [name]: Buffer.alloc(20 * MIB, 'a') });
    await until('some of it is there', () => one.page.$eval('.upload progress', bar => /** @type {HTMLProgressElement} */ (bar).value > 0), { every: 20 });
    await (change === 'deleted' ? fs.rm(file) : fs.writeFile(file, Buffer.alloc(20 * MIB, 'b')));
    await one.reads('The file was changed, moved or deleted on this device before it was here.');
    assert.equal(await one.has(`Try ${name} again`), false);
    await slow(one, false);
    await one.press(`Forget ${name}`);
    await until('nothing of it is kept', async () => !(await fs.readdir(path.join(server.now.state, 'documents'), { recursive: true })).some(other => other.endsWith('.part')));
    assert.ok(!(await shown(other)).includes(name));
  }
});

test('cancelled on its way, nobody ever sees it, and nothing of it is kept', { timeout: 60_000 }, async () => {
  await slow(ann, true);
  await choose(ann, { 'mistake.bin': randomBytes(16 * MIB), 'next.txt': 'next' });
  await until('it is sent', async () => (await offsets(ann)).length > 0, { every: 20 });
  assert.deepEqual(await underWay(ann), ['sending', 'waiting']);
  await ann.press('Cancel mistake.bin');
  await slow(ann, false);
  await sees(ben, 'next.txt');
  assert.ok(!(await shown(ben)).includes('mistake.bin'));
  await until('its file is gone', async () => !(await fs.readdir(path.join(server.now.state, 'documents'), { recursive: true })).some(name => name.endsWith('.part')));
});

test('who shared it deletes it, or a host, and nobody else', { timeout: 60_000 }, async () => {
  assert.equal(await ben.has('Delete next.txt'), false);
  const { url } = await download(ben, 'next.txt');
  for (const [one, other, name] of /** @type {const} */ ([[ann, ben, 'next.txt'], [ann, ben, 'drop of Ben.txt'], [ben, ann, 'paste of Ben.txt']])) {
    await one.press(`Delete ${name}`);
    await one.press('Delete', '.document-question button');
    await until('it is gone', async () => !(await shown(other)).includes(name));
  }
  await until('its address leads nowhere', () => ben.page.evaluate(async address => (await fetch(address)).status >= 400, url));
});

/** As the browser does it: what is then on the disk. @param {Visitor} one @param {string} name @param {RegExp} called */
async function saveToDisk (one, name, called) {
  await one.page.evaluate(() => { /** @type {any} */ (globalThis).saved = null; });
  await one.press(`Download ${name}`);
  const file = await until(`${one.name} has saved ${name}`, async () => {
    const all = await fs.readdir(downloads);
    return !all.some(other => /\.(part|crdownload)$/.test(other)) && all.find(other => called.test(other));
  }, { timeout: 30_000 });
  const bytes = await until('it is written', async () => {
    const now = await fs.readFile(path.join(downloads, file));
    return now.length > 0 && now; // Firefox makes an empty one first
  });
  await fs.rm(path.join(downloads, file));
  await one.page.evaluate(() => { /** @type {any} */ (globalThis).saved = []; });
  return sumOf(bytes);
}

test('each browser saves it to the disk, under its name, and byte for byte', { timeout: 90_000 }, async () => {
  const contents = randomBytes(20 * MIB);
  const page = '<!doctype html><script>parent.hurt = 1</script>';
  await choose(ann, { 'photographs.zip': contents, 'Übersicht, "neu" ليلى.html': page });
  const name = await until('both are there', async () => {
    const all = await shown(ben);
    return all.includes('photographs.zip') && all.find(other => other.startsWith('Übersicht, '));
  }, { timeout: 30_000 });
  for (const one of [ann, ben]) {
    const at = one.page.url();
    assert.equal(await saveToDisk(one, 'photographs.zip', /^photographs\.zip$/), sumOf(contents));
    assert.equal(await saveToDisk(one, name, /^Übersicht, .neu. ليلى\.html$/), sumOf(Buffer.from(page)));
    assert.equal(one.page.url(), at, 'the meeting goes on');
    await isUnhurt(one);
  }
});

test('what is hostile is never shown, whoever opens it, and runs nothing', { timeout: 90_000 }, async () => {
  const before = await shown(ben);
  await bring(ann, 'drop', HOSTILE);
  const names = await until('all of it is there', async () => {
    const come = (await shown(ben)).filter(name => !before.includes(name));
    return come.length === Object.keys(HOSTILE).length && come;
  }, { timeout: 30_000 });
  assert.equal((await ben.page.$$('#panel-documents img:not([src$=".svg"]), #panel-documents iframe, #panel-documents object, #panel-documents embed')).length, 0);
  for (const one of [ann, ben])
    for (const name of names) {
      const { url, headers } = await download(one, name);
      assert.match(headers['content-disposition'], /^attachment/);
      assert.equal(headers['content-type'], 'application/octet-stream');
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.match(headers['content-security-policy'], /sandbox/);
      assert.match(headers['content-security-policy'], /default-src 'none'/);
      assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
      assert.ok(url.startsWith(new URL(one.page.url()).origin));
      await isNotShown(one, url);
    }
  await Promise.all([isUnhurt(ann), isUnhurt(ben)]);
});

/** Opened in the address bar, it is downloaded, and no page of it comes. @param {Visitor} one @param {string} url */
async function isNotShown (one, url) {
  const page = await one.page.browserContext().newPage();
  /** @type {string[]} */
  const dialogs = [];
  page.on('dialog', dialog => { dialogs.push(dialog.message()); void dialog.dismiss(); });
  try {
    await page.goto(url, { timeout: 2_000 }).catch(() => null); // it is no page, and so an error
    assert.equal(page.url(), 'about:blank');
    assert.equal(await page.evaluate(() => /** @type {any} */ (globalThis).hurt), undefined);
    assert.deepEqual(dialogs, []);
  } finally {
    await page.close();
  }
}

test('accessible, and not too wide', { timeout: 60_000 }, async () => {
  await ann.page.bringToFront();
  await addAxe(ann);
  await isAccessible(ann, 'documents');
  await photograph(ann, 'documents');
  await ann.page.setViewport({ width: 360, height: 740 });
  await doesNotScrollSideways(ann);
  await photograph(ann, 'documents-360');
  await Promise.all([isUnhurt(ann), isUnhurt(ben)]);
});
