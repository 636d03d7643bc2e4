// A meeting off the record, in Chromium and Firefox: what people say, write and are called reaches the others and who comes late. That the
// server has nothing of it: blindness.test.mjs.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { before, test } from 'node:test';
import { photograph } from './lib/appearance.mjs';
import { chromium, firefox } from './lib/browsers.mjs';
import { becomes, openNotes, paragraphs, texts } from './lib/panels.mjs';
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

/** What a page says to the server from now on. */
function noteFrames () {
  const sent = /** @type {string[]} */ ([]);
  Object.assign(globalThis, { framesSent: sent });
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (/** @type {any} */ text) {
    sent.push(String(text));
    send.call(this, text);
  };
}

before(async () => {
  [chrome, fox] = await Promise.all([chromium(), firefox()]);
  room = await makeRoom('otr', 'Off the record');
  await server.now.ask('POST', '/api/v1/rooms', room.body);
  const url = server.now.url;
  ann = await Visitor.join(chrome, /** @type {string} */ (hostUrl(room.link, url)), 'Ann');
  ben = await Visitor.join(fox, joinUrl(room.link, url), 'Ben');
}, { timeout: 180_000 });

test('names and messages reach the other browser', { timeout: 90_000 }, async () => {
  await ann.write('Good morning');
  await ben.openChat();
  await becomes('the message is there', () => texts(ben, '.message-text'), ['Good morning']);
  await ben.write('Morning');
  await becomes('the answer is there', () => texts(ann, '.message-text'), ['Good morning', 'Morning']);
  await until('its author is named', async () => (await texts(ann, '.message')).some(text => text.includes('Ben')));
  await photograph(ann, 'off-the-record-chat');
  await photograph(ben, 'off-the-record-chat-firefox');
});

test('agenda, minutes and a poll', { timeout: 120_000 }, async () => {
  await openNotes(ann, 'Minutes');
  await ann.press('Text', '.block-kinds button');
  await ann.page.keyboard.type('We begin');
  await openNotes(ben, 'Minutes');
  await becomes('the minutes are there', () => paragraphs(ben), ['We begin']);
  await openNotes(ann, 'Polls');
  await photograph(ann, 'off-the-record-notes');
});

test('who comes late is told everything by those who are there', { timeout: 120_000 }, async () => {
  const cem = await Visitor.join(chrome, joinUrl(room.link, server.now.url), 'Cem');
  await cem.openChat();
  await becomes('all messages', () => texts(cem, '.message-text'), ['Good morning', 'Morning']);
  await openNotes(cem, 'Minutes');
  await becomes('and the minutes', () => paragraphs(cem), ['We begin']);
  await photograph(cem, 'off-the-record-late');
});

test('a host reads who knocks, which the server only passes on', { timeout: 120_000 }, async () => {
  await ann.page.bringToFront();
  await ann.press('People', '.control');
  await ann.page.click('.switches input');
  const dor = await Visitor.open(fox, joinUrl(room.link, server.now.url), 'Dorzaphkiel', noteFrames);
  await dor.knock();
  await dor.reads('The host has been told that you are here');
  await ann.reads('Dorzaphkiel');
  await photograph(ann, 'off-the-record-knock-list');
  await ann.press('People', '.control');
  await ann.reads('Dorzaphkiel is waiting to come in.');
  await photograph(ann, 'off-the-record-knock');
  const frames = await dor.page.evaluate(() => /** @type {string[]} */ (/** @type {any} */ (globalThis).framesSent));
  assert.ok(frames.some(text => /"type":"introduce","sealed":"[\w-]{379}"/.test(text)));
  assert.ok(!frames.some(text => text.includes('zaphkiel')));
  await ann.press('Admit Dorzaphkiel');
  await until('they are in', () => dor.page.$('[data-participant][data-self]'), { timeout: 30_000 });
  await becomes('the host sees them', async () => (await texts(ann, '.tile-name, [data-participant]')).some(text => text.includes('Dorzaphkiel')), true);
  await dor.close();
});
