// Two people, in every pairing of the two browsers: they see and hear each other, write to each other, and leave.
import assert from 'node:assert/strict';
import test from 'node:test';
import { chromium, firefox } from './lib/browsers.mjs';
import { serverForFile } from './lib/suite.mjs';
import { until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

const HOSTILE = '<img src=x onerror="document.title=1"> <b>bold</b> \'"&amp; ${1} {{x}}';
const server = serverForFile();

/**
 * @param {import('puppeteer-core').Browser} first
 * @param {import('puppeteer-core').Browser} second
 */
async function call (first, second) {
  const room = await server.now.createRoom();
  const ann = await Visitor.join(first, room.host_url, 'Ann');
  const ben = await Visitor.join(second, room.join_url, 'Ben');
  try {
    await Promise.all([ann.meets(1), ben.meets(1)]);
    await ann.sees(ben);
    await ben.sees(ann);
    await Promise.all([ann.hears(), ben.hears()]);
    await ann.write(HOSTILE);
    await ben.openChat();
    await ben.write('Good morning');
    await ann.reads('Good morning');
    await ben.reads(HOSTILE);
    assert.deepEqual(await ann.violations(), []);
    assert.deepEqual(await ben.violations(), []);
    await ben.press('Leave');
    await ann.meets(0);
    await until('nothing goes to who left', async () => (await ann.traffic()).connected === 0);
    assert.deepEqual([...ann.errors, ...ben.errors], []);
  } finally {
    await ann.close();
    await ben.close();
  }
}

test('Chromium and Chromium', { timeout: 120_000 }, async () => {
  const browser = await chromium();
  await call(browser, browser);
});

test('Chromium and Firefox', { timeout: 120_000 }, async () => {
  await call(await chromium(), await firefox());
});

test('Firefox and Firefox', { timeout: 120_000 }, async () => {
  await call(await firefox(), await firefox());
});
