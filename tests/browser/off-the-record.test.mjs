// A meeting off the record, in Chromium and Firefox: what people say, write, decide and are called reaches the others and who comes late, and
// nothing of it is found on the server: not in its memory, its database, its files, its log.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { before, test } from 'node:test';
import { open, readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { toBase64url } from '../../data/web/core/bytes.js';
import { photograph } from './lib/appearance.mjs';
import { chromium, firefox } from './lib/browsers.mjs';
import { serverForFile } from './lib/suite.mjs';
import { until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

/** @type {any} */ (globalThis).crypto ??= webcrypto; // Node.js 18 has it not
const { hostUrl, joinUrl, makeRoom } = await import('../../data/web/core/link.js');

const server = serverForFile();
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

/** Words that nobody would find by chance. */
const WORDS = {
  names: ['Annzaphkiel', 'Benzaphkiel', 'Cemzaphkiel'],
  said: ['zaphkiel-message', 'zaphkiel-answer', 'zaphkiel-whisper'],
  written: ['zaphkiel-minutes', 'zaphkiel-item', 'zaphkiel-poll'],
};

/** @param {string} what @param {() => Promise<unknown>} ask @param {unknown} wanted */
const becomes = (what, ask, wanted) => until(what, async () => {
  const now = JSON.stringify(await ask());
  if (now !== JSON.stringify(wanted))
    throw new Error(now);
  return true;
}, { timeout: 30_000 });

/** @param {Visitor} one @param {string} selector @returns {Promise<string[]>} */
const texts = (one, selector) => one.page.evaluate(wanted => [...document.querySelectorAll(wanted)].map(element => element.textContent?.trim().replace(/\s+/g, ' ') ?? ''), selector);

/** @param {Visitor} one @param {'Agenda' | 'Minutes' | 'Polls'} tab */
async function openNotes (one, tab) {
  if (!await one.page.$('#panel-notes'))
    await one.press('Notes', '.control');
  await one.press(tab, '[role=tab]');
}

/** @param {Visitor} one */
const paragraphs = one => one.page.evaluate(() => [...document.querySelectorAll('.block textarea')].map(field => /** @type {HTMLTextAreaElement} */ (field).value));

before(async () => {
  [chrome, fox] = await Promise.all([chromium(), firefox()]);
  room = await makeRoom('otr', 'zaphkiel-title');
  await server.now.ask('POST', '/api/v1/rooms', room.body);
  const url = server.now.url;
  ann = await Visitor.join(chrome, /** @type {string} */ (hostUrl(room.link, url)), WORDS.names[0]);
  ben = await Visitor.join(fox, joinUrl(room.link, url), WORDS.names[1]);
}, { timeout: 180_000 });

test('names and messages reach the other browser', { timeout: 90_000 }, async () => {
  await ann.write(WORDS.said[0]);
  await ben.openChat();
  await becomes('the message is there', () => texts(ben, '.message-text'), [WORDS.said[0]]);
  await ben.write(WORDS.said[1]);
  await becomes('the answer is there', () => texts(ann, '.message-text'), [WORDS.said[0], WORDS.said[1]]);
  await until('its author is named', async () => (await texts(ann, '.message')).some(text => text.includes(WORDS.names[1])));
  await photograph(ann, 'off-the-record-chat');
  await photograph(ben, 'off-the-record-chat-firefox');
});

test('agenda, minutes and a poll', { timeout: 120_000 }, async () => {
  await openNotes(ann, 'Minutes');
  await ann.press('Text', '.block-kinds button');
  await ann.page.keyboard.type(WORDS.written[0]);
  await openNotes(ben, 'Minutes');
  await becomes('the minutes are there', () => paragraphs(ben), [WORDS.written[0]]);
  await openNotes(ann, 'Polls');
  await photograph(ann, 'off-the-record-notes');
});

test('who comes late is told everything by those who are there', { timeout: 120_000 }, async () => {
  const cem = await Visitor.join(chrome, joinUrl(room.link, server.now.url), WORDS.names[2]);
  await cem.openChat();
  await becomes('all messages', () => texts(cem, '.message-text'), [WORDS.said[0], WORDS.said[1]]);
  await openNotes(cem, 'Minutes');
  await becomes('and the minutes', () => paragraphs(cem), [WORDS.written[0]]);
  await photograph(cem, 'off-the-record-late');
});

/** What a process holds, as far as it can be read. @param {number} pid @returns {Promise<Buffer[]>} */
async function memoryOf (pid) {
  const maps = (await readFile(`/proc/${pid}/maps`, 'latin1')).split('\n');
  const memory = await open(`/proc/${pid}/mem`, 'r');
  const pieces = [];
  for (const line of maps) {
    const [, from, to, rights] = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line) ?? [];
    if (!rights?.startsWith('rw'))
      continue;
    const length = Number(BigInt(`0x${to}`) - BigInt(`0x${from}`));
    const piece = Buffer.alloc(length);
    const read = await memory.read(piece, 0, length, /** @type {any} */ (BigInt(`0x${from}`))).catch(() => null);
    if (read)
      pieces.push(piece.subarray(0, read.bytesRead));
  }
  await memory.close();
  return pieces;
}

/** @param {string} folder @returns {Promise<Buffer[]>} */
async function filesBelow (folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  const all = await Promise.all(entries.map(entry => {
    const where = path.join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(where) : entry.isFile() ? readFile(where).then(one => [one], () => []) : [];
  }));
  return all.flat();
}

test('the server has nothing of it', { timeout: 120_000 }, async () => {
  const secret = /** @type {Uint8Array<ArrayBuffer>} */ (room.link.secret);
  const wanted = ['zaphkiel', toBase64url(secret)].map(text => Buffer.from(text));
  const places = [...await memoryOf(server.now.pid), ...await filesBelow(server.now.state), Buffer.from(server.now.log)];
  const hits = places.flatMap(place => [...wanted, Buffer.from(secret)].filter(text => place.includes(text)));
  assert.deepEqual(hits.map(String), []);
  assert.ok(places.some(place => place.includes(room.link.room)), 'what it knows is found: the search works');
  const files = await filesBelow(server.now.state);
  assert.ok(!files.some(file => file.includes(room.link.room)), 'the room itself is on no disk');
});
