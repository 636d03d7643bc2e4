// A meeting off the record that is planned for, in both browsers: the server learns a day and nothing else, the dates go into the invitation and the file for
// calendars, and guests come in by the invitation after the server was killed and started anew, before anybody else is there.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { doesNotScrollSideways, photograph } from './lib/appearance.mjs';
import { chromium, firefox } from './lib/browsers.mjs';
import { lastSaved, makesRoom, prepare, sets } from './lib/start-page.mjs';
import { serverForFile } from './lib/suite.mjs';
import { until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

const DAY = 86_400_000;
const TITLE = 'About the merger';
const server = serverForFile();
/** @type {Record<string, import('puppeteer-core').Browser>} */
const browsers = {};

before(async () => {
  [browsers.Chromium, browsers.Firefox] = await Promise.all([chromium(), firefox()]);
}, { timeout: 120_000 });

/** @param {string} one @param {string} other */
async function planned (one, other) {
  const ann = await Visitor.open(browsers[one], server.now.url, 'Ann', prepare);
  const { join } = await makesRoom(ann, 'otr', TITLE);
  const first = new Date(Date.now() + 35 * DAY).toISOString().slice(0, 10);
  await ann.press('Plan it for later');
  await until('the dialog is there', () => ann.page.$('dialog[open] #event-date'));
  await ann.reads('The server learns until which day it keeps this room, and nothing else.');
  await photograph(ann, `planned-${one}`);
  await doesNotScrollSideways(ann);
  await sets(ann, '#event-date', new Date(Date.now() + 500 * DAY).toISOString().slice(0, 10));
  await ann.pressInDialog('Plan it');
  await ann.reads('This is more than a year ahead.');
  await sets(ann, '#event-date', first);
  await sets(ann, '#event-time', '16:20');
  await sets(ann, '#event-zone', 'UTC');
  await sets(ann, '#event-every', 'week');
  await sets(ann, '#event-ends', 'count');
  await sets(ann, '#event-count', '3');
  await ann.pressInDialog('Plan it');
  await ann.reads('It is planned.');
  const invitation = await ann.page.$eval('#invitation-text', element => /** @type {HTMLTextAreaElement} */ (element).value);
  assert.ok(invitation.includes(join) && invitation.includes('3 times'), invitation);
  await ann.pressInDialog('File for calendars');
  const ics = (await lastSaved(ann)).replaceAll('\r\n ', '');
  const starts = [0, 7, 14].map(days => new Date(Date.parse(`${first}T16:20Z`) + days * DAY).toISOString().replace(/[-:]|\.000/g, ''));
  assert.deepEqual([...ics.matchAll(/DTSTART:(.*)\r/g)].map(([, start]) => start), starts);
  assert.equal(ics.split(`URL:${join}\r\n`).length, 4);

  const [order, ...others] = await ann.page.evaluate(() => /** @type {any} */ (globalThis).kept.sent.filter((/** @type {string} */ text) => text.includes('/keep ')));
  const body = JSON.parse(order.slice(order.indexOf(' ') + 1));
  assert.deepEqual([others, Object.keys(body).sort()], [[], ['host_key', 'key', 'receipt', 'until']]);
  assert.ok(body.until % DAY === 0 && body.until >= Date.parse(`${first}T16:20Z`) + 14 * DAY);
  const sent = await ann.page.evaluate(() => /** @type {any} */ (globalThis).kept.sent.join('\n'));
  assert.ok(!sent.includes(TITLE) && !sent.includes('16:20'), sent);

  await ann.page.keyboard.press('Escape');
  await ann.press('Back to the start page');
  await ann.reads(/About the merger[^]*planned, until/);
  await server.now.crash(0);
  const ben = await Visitor.join(browsers[other], join, 'Ben');
  await ben.reads('You are the only one here');
  assert.deepEqual([...ann.errors, ...ben.errors], []);
  await Promise.all([ann.page.close(), ben.page.close()]);
}

test('a host in Chromium, a guest in Firefox', { timeout: 120_000 }, () => planned('Chromium', 'Firefox'));
test('a host in Firefox, a guest in Chromium', { timeout: 120_000 }, () => planned('Firefox', 'Chromium'));
