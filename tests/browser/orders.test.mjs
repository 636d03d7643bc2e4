// A meeting from browser to browser whose server plays the host: what it makes up, changes, repeats or takes from elsewhere nobody obeys,
// and everybody is told. What a host or co-host wants is done, in both browsers. Rooms from before there were orders go on.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { chromium, firefox } from './lib/browsers.mjs';
import { lie } from './lib/liar.mjs';
import { serverForFile } from './lib/suite.mjs';
import { until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

const FORGED = 'Something came as if from a host that no host has signed. It was not done.';
const OLD = 'Something that a host wanted came late, or once more.';
const SPOTLIT = /Everyone sees you large now/;
const server = serverForFile();
/** @type {import('puppeteer-core').Browser} */
let chrome;
/** @type {import('puppeteer-core').Browser} */
let fox;

before(async () => {
  chrome = await chromium();
  fox = await firefox();
}, { timeout: 120_000 });

/** The server says this to a visitor. @param {Visitor} visitor @param {object} message */
const tell = (visitor, message) => visitor.page.evaluate(lies => /** @type {any} */ (globalThis).liar.tell(lies), message);

/** What the server has said of a type, the last. @param {Visitor} visitor @param {string} type @returns {Promise<any>} */
const heard = (visitor, type) => until(`${visitor.name} hears ${type}`, () => visitor.page.evaluate(wanted =>
  /** @type {any} */ (globalThis).liar.heard.findLast((/** @type {any} */ message) => message.type === wanted && message.order !== undefined), type));

/** They are told so anew; whatever they were told counts as read then. @param {Visitor} visitor @param {string} words */
const isTold = (visitor, words) => until(`${visitor.name} is told: ${words}`, () => visitor.page.evaluate(wanted => {
  const unread = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('#notices [role=status] p:not([data-read])')]);
  const told = unread.some(({ textContent }) => textContent?.includes(wanted));
  if (told)
    unread.forEach(({ dataset }) => { dataset.read = ''; });
  return told;
}, words));

/** @param {Visitor} visitor */
const isOn = visitor => visitor.has('Mute');

/** @param {import('puppeteer-core').Browser} one @param {import('puppeteer-core').Browser} other */
async function meet (one, other) {
  const room = await server.now.createRoom();
  const ann = await Visitor.join(one, room.host_url, 'Ann', lie);
  const ben = await Visitor.join(other, room.join_url, 'Ben', lie);
  await Promise.all([ann.meets(1), ben.meets(1)]);
  await ann.sees(ben);
  await until('Ben is heard', () => isOn(ben));
  return { room, ann, ben, ids: { ann: await ann.id(), ben: await ben.id() } };
}

/** @param {import('puppeteer-core').Browser} one @param {import('puppeteer-core').Browser} other */
async function liesAreNotObeyed (one, other) {
  const { room, ann, ben, ids } = await meet(one, other);
  try {
    await tell(ben, { type: 'stopped', what: 'microphone', by: ids.ann });
    await isTold(ben, FORGED);
    await tell(ben, { type: 'spotlight', person: ids.ben });
    await isTold(ben, FORGED);
    assert.doesNotMatch(await ben.text(), SPOTLIT);
    await tell(ben, { type: 'requested', what: 'camera', by: ids.ann, order: 'AQ' });
    await isTold(ben, FORGED);
    assert.ok(await isOn(ben), 'Ben is not muted');

    await ann.page.bringToFront();
    await ann.govern('Ben', 'Spotlight for everyone');
    await ben.reads(SPOTLIT);
    await ann.govern('Ben', 'Mute');
    await until('a host mutes', async () => !await isOn(ben));
    const honest = await heard(ben, 'stopped');
    await ben.page.bringToFront();
    await ben.press('Unmute');
    await until('Ben is heard again', () => isOn(ben));
    await tell(ben, { type: 'stopped', what: 'microphone', by: ids.ann, order: honest.order });
    await isTold(ben, OLD);
    await tell(ben, { type: 'stopped', what: 'camera', by: ids.ann, order: honest.order });
    await isTold(ben, FORGED);

    const elsewhere = await server.now.createRoom();
    const eve = await Visitor.join(one, elsewhere.host_url, 'Eve', lie);
    const carl = await Visitor.join(one, elsewhere.join_url, 'Carl', lie);
    await eve.sees(carl);
    await eve.page.bringToFront();
    await eve.govern('Carl', 'Mute');
    await tell(ben, { ...await heard(carl, 'stopped'), by: ids.ann });
    await isTold(ben, FORGED);
    await eve.close();
    await carl.close();
    assert.ok(await isOn(ben), 'Ben is still not muted');
    assert.ok(room.id);
  } finally {
    await ann.close();
    await ben.close();
  }
}

test('a server that lies to Firefox', { timeout: 180_000 }, () => liesAreNotObeyed(chrome, fox));
test('a server that lies to Chromium', { timeout: 180_000 }, () => liesAreNotObeyed(fox, chrome));

test('a co-host is obeyed, also after a reload, and no longer once dismissed', { timeout: 240_000 }, async () => {
  const { room, ann, ben, ids } = await meet(chrome, fox);
  const cleo = await Visitor.join(chrome, room.join_url, 'Cleo', lie);
  try {
    await ben.sees(cleo);
    await ann.page.bringToFront();
    await until('Ann has met everybody', async () => (await ann.traffic()).connected === 2);
    await ann.govern('Ben', 'Make co-host');
    await ben.page.bringToFront();
    await ben.govern('Cleo', 'Mute');
    await until('a co-host mutes', async () => !await isOn(cleo));
    const order = (await heard(cleo, 'stopped')).order;
    assert.ok(order.length > 200, 'with a grant');

    await ben.page.reload({ waitUntil: 'load' });
    await ben.enter();
    await ben.sees(cleo);
    await cleo.page.bringToFront();
    await cleo.press('Unmute');
    await until('Cleo is heard again', () => isOn(cleo));
    await ben.page.bringToFront();
    await ben.govern('Cleo', 'Mute');
    await until('a co-host mutes after a reload', async () => !await isOn(cleo));

    await ann.page.bringToFront();
    await until('Ann has met Ben again', async () => (await ann.traffic()).connected === 2);
    await ann.govern('Ben', 'No longer co-host');
    await until('Ben may no longer', async () => !await ben.page.$('#panel-people .mute-all'));
    await until('Cleo was told', async () => (await heard(cleo, 'person-changed')).person.role === 'person');
    await tell(cleo, { type: 'stopped', what: 'microphone', by: ids.ben, order });
    await isTold(cleo, FORGED);
  } finally {
    for (const visitor of [ann, ben, cleo])
      await visitor.close();
  }
});

test('in a room without orders nothing is offered that nobody would do', { timeout: 120_000 }, async () => {
  const room = await server.now.createRoom();
  const forget = () => {
    const { liar } = /** @type {any} */ (globalThis);
    liar.change = (/** @type {any} */ message) => message.type === 'joined' ? { ...message, room: { ...message.room, orders: undefined } } : message;
  };
  const ann = await Visitor.open(chrome, room.host_url, 'Ann', lie);
  await ann.page.evaluate(forget);
  await ann.enter();
  const ben = await Visitor.join(fox, room.join_url, 'Ben', lie);
  try {
    await ann.sees(ben);
    await ann.page.bringToFront();
    const button = await ann.page.waitForSelector(`[data-participant="${await ben.id()}"] [aria-label="What to do about Ben"]`);
    await button?.evaluate(node => /** @type {HTMLElement} */ (node).click());
    const offered = await until('the menu is open', () => ann.page.$$eval('#person-menu:popover-open button', buttons => buttons.map(one => one.textContent?.trim() ?? '')));
    assert.ok(offered.includes('Remove from the meeting'), offered.join());
    assert.ok(!offered.includes('Mute') && !offered.includes('Spotlight for everyone'), offered.join());
  } finally {
    await ann.close();
    await ben.close();
  }
});
