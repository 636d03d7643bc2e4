// Somebody is removed from a meeting between browsers, and the room has another link from then on: those who stay go on seeing and hearing each other and
// have the new one, the old one leads nowhere, and the host stays host.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { before, test } from 'node:test';
import { chromium, firefox } from './lib/browsers.mjs';
import { serverForFile } from './lib/suite.mjs';
import { until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

/** @type {any} */ (globalThis).crypto ??= webcrypto; // Node.js 18 has it not
const { hostUrl, joinUrl, makeRoom } = await import('../../data/web/core/link.js');

const NEW_LINK = 'Earlier invitations no longer work';
const OLD_LINK = 'This invitation is no longer valid';
const server = serverForFile();
/** @type {import('puppeteer-core').Browser} */
let chrome;
/** @type {import('puppeteer-core').Browser} */
let fox;

before(async () => {
  chrome = await chromium();
  fox = await firefox();
}, { timeout: 120_000 });

/** What a page would copy as its links: for guests, and for hosts. @param {Visitor} visitor */
const keptLink = visitor => visitor.page.evaluate(() => {
  const room = location.pathname.slice('/r/'.length);
  const fragment = sessionStorage.getItem(`conclave.link.${room}`) ?? '';
  return { guest: `${location.origin}${location.pathname}#${fragment.split('.')[0]}`, host: fragment.includes('.') };
});

/** Until both see, hear and read each other. @param {Visitor} one @param {Visitor} other @param {string} words */
async function areTogether (one, other, words) {
  await one.sees(other);
  await other.sees(one);
  await one.hears();
  await other.hears();
  await one.page.bringToFront();
  await one.write(words);
  await other.openChat();
  await other.reads(words);
}

/** @param {import('puppeteer-core').Browser} one @param {import('puppeteer-core').Browser} other */
async function removedForGood (one, other) {
  const room = await server.now.createRoom();
  const ann = await Visitor.join(one, room.host_url, 'Ann');
  const ben = await Visitor.join(other, room.join_url, 'Ben');
  const cleo = await Visitor.join(one, room.join_url, 'Cleo');
  const visitors = [ann, ben, cleo];
  try {
    await ben.sees(cleo);
    await cleo.sees(ann);
    await areTogether(ann, ben, 'Before');
    await until('Ann and Ben have met everybody', async () => (await ann.traffic()).connected === 2 && (await ben.traffic()).connected === 2);
    await ben.watchMedia();

    await ann.page.bringToFront();
    await ann.govern('Cleo', 'Remove from the meeting');
    await ann.pressInDialog('Remove');
    await cleo.reads('removed you');
    for (const visitor of [ann, ben]) {
      await visitor.reads(NEW_LINK);
      await visitor.meets(1);
    }
    assert.deepEqual([await ann.has('Copy the link for hosts'), await ben.has('Copy the link for hosts')], [true, false]);
    const [fresh, same] = [await keptLink(ann), await keptLink(ben)];
    assert.deepEqual(same, { guest: fresh.guest, host: false }, 'both have the same new link');
    assert.ok(fresh.host && fresh.guest !== room.join_url);
    await areTogether(ben, ann, 'Afterwards');

    await cleo.page.reload({ waitUntil: 'load' });
    await cleo.reads(OLD_LINK);
    const again = await Visitor.open(other, room.join_url, 'Cleo');
    visitors.push(again);
    await again.reads(OLD_LINK);

    const dora = await Visitor.open(other, fresh.guest, 'Dora');
    visitors.push(dora);
    await dora.knock();
    await ann.page.bringToFront();
    await ann.press('Admit Dora'); // somebody was removed from where she comes
    await until('Dora is in', () => dora.page.$('[data-participant][data-self]'), { timeout: 30_000 });
    await ben.sees(dora);
    await dora.sees(ann);
    await ann.sees(dora);

    await ann.page.bringToFront();
    await ann.page.reload({ waitUntil: 'load' });
    await ann.enter();
    await ann.sees(ben);
    await ann.page.bringToFront();
    await until('Ann has met everybody', async () => (await ann.traffic()).connected === 2);
    await until('Ann hears Dora', () => dora.has('Mute'));
    await ann.govern('Dora', 'Mute');
    await until('a host mutes, after all that', async () => !await dora.has('Mute'));
  } finally {
    for (const visitor of visitors)
      await visitor.close();
  }
}

test('off the record, where all goes between the browsers', { timeout: 240_000 }, async () => {
  const { link, body } = await makeRoom('otr', '');
  await server.now.ask('POST', '/api/v1/rooms', body);
  const join = joinUrl(link, server.now.url);
  const ann = await Visitor.join(chrome, /** @type {string} */ (hostUrl(link, server.now.url)), 'Ann');
  const ben = await Visitor.join(fox, join, 'Ben');
  const cleo = await Visitor.join(chrome, join, 'Cleo');
  try {
    await ben.sees(cleo);
    await ann.page.bringToFront();
    await until('Ann has met everybody', async () => (await ann.traffic()).connected === 2);
    await ann.reads('Cleo');
    await ann.govern('Cleo', 'Remove from the meeting');
    await ann.pressInDialog('Remove');
    await cleo.reads('removed from the meeting');
    await ann.reads(NEW_LINK);
    await ben.reads(NEW_LINK);
    assert.equal((await keptLink(ann)).guest, (await keptLink(ben)).guest);
    await areTogether(ann, ben, 'Afterwards');
    await cleo.page.goto(join, { waitUntil: 'load' });
    await cleo.reads(OLD_LINK);
  } finally {
    for (const visitor of [ann, ben, cleo])
      await visitor.close();
  }
});

test('Chromium removes somebody, Firefox stays', { timeout: 300_000 }, () => removedForGood(chrome, fox));
test('Firefox removes somebody, Chromium stays', { timeout: 300_000 }, () => removedForGood(fox, chrome));
