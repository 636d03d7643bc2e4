// The server is killed in the middle of a meeting off the record, and started anew without knowing of it: in Chromium and Firefox people go on seeing and
// hearing each other over the same connections, what they write arrives all the while, and whoever has the link comes in afterwards.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { before, test } from 'node:test';
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

before(async () => {
  [chrome, fox] = await Promise.all([chromium(), firefox()]);
}, { timeout: 120_000 });

/** Frames and sound come while this is awaited. @param {Visitor[]} visitors */
async function mediaFlow (visitors) {
  for (const visitor of visitors) {
    const first = await visitor.traffic();
    await until(`frames and sound come to ${visitor.name}`, async () => {
      const now = await visitor.traffic();
      return now.frames > first.frames + 10 && now.energy > first.energy;
    }, { timeout: 30_000 });
  }
}

const opened = (/** @type {Visitor[]} */ ...visitors) => Promise.all(visitors.map(async visitor => (await visitor.traffic()).opened));
const ids = (/** @type {Visitor[]} */ ...visitors) => Promise.all(visitors.map(visitor => visitor.id()));
const people = async () => JSON.parse(await server.now.ctl('status', '--json')).people;

/** @param {import('puppeteer-core').Browser} one @param {import('puppeteer-core').Browser} other */
async function goesOn (one, other) {
  const room = await makeRoom('otr', 'Quiet');
  await server.now.ask('POST', '/api/v1/rooms', room.body);
  const { url } = server.now;
  const ann = await Visitor.join(one, /** @type {string} */ (hostUrl(room.link, url)), 'Ann');
  const ben = await Visitor.join(other, joinUrl(room.link, url), 'Ben');
  const visitors = [ann, ben];
  try {
    await ann.sees(ben);
    await ben.sees(ann);
    await ann.openChat();
    await ben.openChat();
    await ann.write('before');
    await ben.reads('before');
    const [who, connections] = [await ids(ann, ben), await opened(ann, ben)];

    await server.now.crash(0, async () => {
      await mediaFlow([ann, ben]);
      await ben.write('meanwhile');
      await ann.reads('meanwhile');
    });
    assert.equal(server.now.url, url);
    await until('both are back', async () => await people() === 2, { timeout: 40_000 });
    await mediaFlow([ann, ben]);
    assert.deepEqual([await ids(ann, ben), await opened(ann, ben)], [who, connections], 'the same people over the same connections');
    await ann.write('afterwards');
    await ben.reads('afterwards');
    await ann.meets(1);
    await ben.meets(1);

    // ways are looked for anew, whoever begins it
    for (const visitor of [ann, ben]) {
      await visitor.page.evaluate(() => { dispatchEvent(new Event('online')); });
      await mediaFlow([ann, ben]);
    }

    const cleo = await Visitor.join(one, joinUrl(room.link, url), 'Cleo');
    visitors.push(cleo);
    await cleo.meets(2);
    await cleo.sees(ben);
    await cleo.openChat();
    await cleo.reads('meanwhile');
    await cleo.write('late');
    await ben.reads('late');

    // a page that is reloaded afterwards is somebody who comes again
    await cleo.page.reload({ waitUntil: 'load' });
    await cleo.enter();
    await cleo.meets(2);
    assert.deepEqual(visitors.flatMap(({ errors }) => errors.filter(error => !error.includes('/ws'))), [], 'nothing but that the server was not there');
  } finally {
    for (const visitor of visitors)
      await visitor.close();
  }
}

test('a host in Chromium, a guest in Firefox', { timeout: 240_000 }, () => goesOn(chrome, fox));
test('a host in Firefox, a guest in Chromium', { timeout: 240_000 }, () => goesOn(fox, chrome));

test('nobody was there when the server was killed: whoever has opened the link before opens it again', { timeout: 120_000 }, async () => {
  const room = await makeRoom('otr', 'Quiet');
  await server.now.ask('POST', '/api/v1/rooms', room.body);
  const ann = await Visitor.open(chrome, joinUrl(room.link, server.now.url), 'Ann');
  try {
    await until('the room was found', () => ann.has('Join'), { timeout: 30_000 });
    await server.now.crash(0);
    await ann.page.reload({ waitUntil: 'load' });
    await ann.enter();
    await ann.meets(0);
  } finally {
    await ann.close();
  }
});
