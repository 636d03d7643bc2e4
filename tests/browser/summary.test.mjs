// The summary of a meeting, in both browsers: read by its link, changed and sent by who hosts, found from the page after the meeting and
// from one's rooms, waited for; what is hostile in it stays text.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { before, test } from 'node:test';
import { addAxe, doesNotScrollSideways, isAccessible, photograph } from './lib/appearance.mjs';
import { chromium, firefox } from './lib/browsers.mjs';
import { serverForFile } from './lib/suite.mjs';
import { until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

const HOSTILE = '"><img src=x onerror="window.hurt=1"><script>window.hurt=2</script>${window.hurt=3}{{1}}\u2067';
const STAGED = await fs.readFile(new URL('../lib/staged-meeting.sql', import.meta.url), 'utf8');
const SIZES = [[360, 740], [768, 1024], [1440, 900]];
const server = serverForFile({ config: { rooms: { 'empty-seconds': 1, 'seat-seconds': 1 } } });
/** @type {Record<string, import('puppeteer-core').Browser>} */
const browsers = {};
/** @type {{ id: string, host_url: string, join_url: string }} */
let room;
const staged = { meeting: 'mabcdefghijkm', recording: 'rabcdefghijkm', secret: Buffer.from(Array.from({ length: 32 }, (_, i) => i)).toString('base64url') };
const hostile = { meeting: 'mabcdefghijkn', secret: randomBytes(32).toString('base64url') };

/** Runs statements beside the daemon. @param {string} sql */
const run = sql => execFileSync('python3', ['-c', 'import sqlite3, sys; d = sqlite3.connect(sys.argv[1], timeout=10); d.executescript(sys.stdin.read()); d.commit()', path.join(server.now.state, 'conclave.db')], { input: sql });

/** @param {unknown} value as SQL has it */
const quote = value => `'${String(value).replaceAll("'", "''")}'`;

/** A meeting that is over, with everything in it hostile. @param {string} id of the room */
function stageHostile (id) {
  const at = Date.now() - 120_000;
  const put = (/** @type {string} */ object, /** @type {string} */ type, /** @type {Record<string, unknown>} */ fields) =>
    `INSERT INTO content (meeting, id, type, state) VALUES (${quote(hostile.meeting)}, ${quote(object)}, ${quote(type)}, ${quote(JSON.stringify(Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, [value, 1, 'pa']]))))});`;
  run([
    `INSERT INTO meeting (id, room, started, ended, reason, title, secret) VALUES (${quote(hostile.meeting)}, ${quote(id)}, ${at}, ${at + 60_000}, 'host', ${quote(HOSTILE)}, x'${Buffer.from(hostile.secret, 'base64url').toString('hex')}');`,
    `INSERT INTO attendance (meeting, person, name, role, device, joined) VALUES (${quote(hostile.meeting)}, 'pa', ${quote(HOSTILE)}, 'host', 'browser', ${at});`,
    put('i', 'item', { title: HOSTILE, owner: HOSTILE, minutes: 5, order: 'a', started: at, spent: 1000, done: true }),
    ...['text', 'heading', 'decision', 'action'].map((kind, i) => put(`b${i}`, 'block', { kind, text: HOSTILE, owner: HOSTILE, due: '2027-01-01', order: `a${i}` })),
    put('p', 'poll', { question: HOSTILE, choices: [HOSTILE, 'b'], counts: [1, 0], voters: 1, open: false, at, voted: [HOSTILE] }),
    put('m', 'message', { text: HOSTILE, name: HOSTILE, at, from: 'pa', reply: '' }),
    put('n', 'message', { text: `javascript:window.hurt=4 ${HOSTILE}`, name: HOSTILE, at: at + 1, from: 'pa', reply: 'm' }),
  ].join('\n'));
}

before(async () => {
  [browsers.Chromium, browsers.Firefox] = await Promise.all([chromium(), firefox()]);
  room = await server.now.createRoom('Product council', 'classroom', '--keep-content', '0');
  run(STAGED.replaceAll("'abcdefghijkm'", quote(room.id)));
  await fs.mkdir(path.join(server.now.state, 'recordings', staged.recording), { recursive: true });
  stageHostile(room.id);
  await server.now.crash(0); // when it starts it makes what is missing
}, { timeout: 120_000 });

/** What would have been saved, where a test can read it. */
function prepare () {
  const saved = /** @type {Promise<string>[]} */ ([]);
  Object.assign(globalThis, { saved });
  const original = URL.createObjectURL;
  URL.createObjectURL = what => {
    if (what instanceof Blob)
      saved.push(what.text());
    return original(what);
  };
}

/** @param {string} browser @param {{ meeting: string, secret: string }} which @param {string} name */
const open = (browser, { meeting, secret }, name) => Visitor.open(browsers[browser], `${server.now.url}/summary/${meeting}#${secret}`, name, prepare);

/** What came out of its way. @param {Visitor} visitor */
async function isUnhurt (visitor) {
  assert.equal(await visitor.page.evaluate(() => /** @type {any} */ (globalThis).hurt), undefined);
  assert.deepEqual([await visitor.violations(), visitor.errors], [[], []]);
}

test('who has the link reads it, in any width and light, and saves it', { timeout: 60_000 }, async () => {
  const ben = await open('Chromium', staged, 'Ben');
  await ben.reads('Product council, November');
  assert.ok(!ben.page.url().includes('#'), 'the secret has left the address');
  const text = await ben.text();
  for (const words of ['Decisions', 'Actions', 'Agenda', 'Minutes', 'Polls', 'Who was there', 'Chat', 'Release 5 ships on 10 December', 'Zoë Lindqvist', 'ليلى منصور'])
    assert.ok(text.includes(words), words);
  assert.ok(!await ben.has('Change it') && !await ben.has('Send by e-mail'));
  await addAxe(ben);
  for (const [width, height] of SIZES) {
    await ben.page.setViewport({ width, height });
    await doesNotScrollSideways(ben);
    for (const value of ['light', 'dark']) {
      await ben.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
      await photograph(ben, `summary-${width}-${value}`);
    }
  }
  await isAccessible(ben, 'the summary');
  await ben.page.evaluate(() => { document.documentElement.dataset.theme = 'dark'; });
  await ben.page.emulateMediaType('print');
  await photograph(ben, 'summary-print');
  assert.equal(await ben.page.$eval('.frame-head', element => getComputedStyle(element).display), 'none');
  assert.equal(await ben.page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), 'light', 'black on white');
  await ben.page.emulateMediaType('screen');
  await ben.press('Text (Markdown)');
  const saved = await until('it is saved', () => ben.page.evaluate(() => /** @type {any} */ (globalThis).saved.pop()));
  assert.match(saved, /^# Product council, November\n/);
  await ben.page.reload({ waitUntil: 'load' });
  await ben.reads('Release 5 ships on 10 December');
  await isUnhurt(ben);
  await ben.close();
});

test('who hosts changes it, and everyone reads that from then on', { timeout: 60_000 }, async () => {
  const zoe = await Visitor.open(browsers.Chromium, room.host_url, 'Zoe', prepare);
  await zoe.page.goto(`${server.now.url}/summary/${staged.meeting}#${staged.secret}`, { waitUntil: 'load' });
  await zoe.press('Change it');
  await zoe.fill('Title', 'Council of November');
  await zoe.press('Move paragraph 2 up');
  await zoe.press('Decision', '.summary-blocks > .row button');
  await zoe.page.keyboard.type('We meet on Thursdays.');
  await zoe.page.evaluate(() => [...document.querySelectorAll('.summary-name-list label')].find(label => label.textContent?.includes('Rafael Ortega'))?.querySelector('input')?.click());
  await addAxe(zoe);
  await isAccessible(zoe, 'changing the summary');
  await photograph(zoe, 'summary-editor');
  await zoe.page.setViewport({ width: 360, height: 740 });
  await doesNotScrollSideways(zoe);
  await photograph(zoe, 'summary-editor-360');
  await zoe.page.evaluate(() => {
    const { fetch } = globalThis;
    globalThis.fetch = async (...args) => {
      if (args[1]?.method !== 'PUT')
        return fetch(...args);
      globalThis.fetch = fetch;
      return new Response(JSON.stringify({ error: 'too-large', text: '' }), { status: 413, headers: { 'content-type': 'application/json' } });
    };
  });
  await zoe.press('Save as a new version');
  await zoe.reads('Too long to be saved: all of a summary can have up to 8 MiB.');
  await zoe.press('Save as a new version');
  await zoe.reads(/Version 2, changed by a host/);
  const ben = await open('Firefox', staged, 'Ben');
  await ben.reads('Council of November');
  await ben.reads('We meet on Thursdays.');
  assert.ok(!await ben.page.$$eval('.summary-people th[scope=row]', rows => rows.some(row => row.textContent?.includes('Rafael Ortega'))));
  await isUnhurt(ben);
  await isUnhurt(zoe);
  await Promise.all([ben.close(), zoe.close()]);
});

for (const browser of ['Chromium', 'Firefox'])
  test(`what is hostile in it stays text in ${browser}`, { timeout: 60_000 }, async () => {
    const eve = await open(browser, hostile, 'Eve');
    await eve.reads('window.hurt=2</script>');
    assert.equal(await eve.page.$$eval('main script, main img:not([src$=".svg"]), main a[href^="javascript"]', found => found.length), 0);
    await eve.page.setViewport({ width: 360, height: 740 });
    await doesNotScrollSideways(eve);
    await photograph(eve, 'summary-hostile-360');
    await isUnhurt(eve);
    await eve.close();
  });

test('a wrong link leads nowhere, and says so', { timeout: 30_000 }, async () => {
  const eve = await open('Firefox', { ...staged, secret: 'A'.repeat(43) }, 'Eve');
  await eve.reads('There is no such summary');
  await isUnhurt(eve);
  await eve.close();
});

test('the page after the meeting leads to it; who came too early waits', { timeout: 60_000 }, async () => {
  const live = await server.now.createRoom('Stand-up', 'standard');
  const ann = await Visitor.join(browsers.Chromium, live.host_url, 'Ann');
  await ann.write('Coffee is ready.');
  const [{ id, secret }] = JSON.parse(execFileSync('python3', ['-c', 'import json, sqlite3, sys; print(json.dumps([dict(id=i, secret=s.hex()) for i, s in sqlite3.connect(sys.argv[1]).execute("SELECT id, secret FROM meeting WHERE room = ?", [sys.argv[2]])]))', path.join(server.now.state, 'conclave.db'), live.id], { encoding: 'utf8' }));
  const ben = await open('Firefox', { meeting: id, secret: Buffer.from(secret, 'hex').toString('base64url') }, 'Ben');
  await ben.reads('The meeting is still going on');
  await photograph(ben, 'summary-pending');
  await ann.press('Leave'); // the last one: it ends by itself
  await ann.press('Read the summary');
  for (const reader of [ann, ben])
    await until(`${reader.name} reads what was said`, async () => (await reader.text()).includes('Coffee is ready.'));
  await until('it is Ann\'s to change', () => ann.has('Change it'));
  assert.match(await ben.text(), /Stand-up[^]*Who was there[^]*Ann/);
  await isUnhurt(ben);
  await Promise.all([ann.close(), ben.close()]);
});

test('an account finds it in its rooms', { timeout: 60_000 }, async () => {
  const { id } = await server.now.ask('POST', '/api/v1/users', { login: 'zoe', name: 'Zoë', role: 'host' });
  const { code } = await server.now.ask('POST', `/api/v1/users/${id}/code`, {});
  run(`UPDATE room SET owner = ${quote(id)} WHERE id = ${quote(room.id)};`);
  const zoe = await Visitor.open(browsers.Chromium, `${server.now.url}/sign-in#${code}`, 'Zoë', prepare);
  await zoe.press('Sign in', 'main button');
  await zoe.reads('New password');
  await zoe.page.goto(`${server.now.url}/`, { waitUntil: 'load' });
  await zoe.press('More for Product council');
  await zoe.press('Meetings and summaries', '#room-menu button');
  await zoe.reads('Meetings so far');
  await addAxe(zoe);
  await isAccessible(zoe, 'the meetings of a room');
  await photograph(zoe, 'summary-meetings');
  await zoe.page.evaluate(meeting => /** @type {HTMLElement} */ (document.querySelector(`a[href="/summary/${meeting}"]`)).click(), staged.meeting);
  await zoe.reads('We meet on Thursdays.');
  assert.ok(await zoe.has('Change it'));
  assert.equal(await zoe.page.$$eval('.summary-agenda a', (links, start) => links.filter(link => link.getAttribute('href')?.startsWith(start)).length, `/recordings/${staged.recording}?t=`), 5);
  await isUnhurt(zoe);
  await zoe.close();
});

test('who hosts deletes the record, once it was said what that is; the page says so, and the link leads nowhere', { timeout: 60_000 }, async () => {
  const zoe = await Visitor.open(browsers.Firefox, room.host_url, 'Zoe', prepare);
  await zoe.page.goto(`${server.now.url}/summary/${staged.meeting}#${staged.secret}`, { waitUntil: 'load' });
  await zoe.press('Delete the record…');
  await zoe.reads('3 shared documents (3.6 MB)');
  await addAxe(zoe);
  await isAccessible(zoe, 'whether to delete a record');
  await photograph(zoe, 'summary-delete');
  await zoe.pressInDialog('Keep it');
  assert.match(await zoe.text(), /We meet on Thursdays/);
  await zoe.press('Delete the record…');
  await zoe.pressInDialog('Delete for ever');
  await zoe.reads('The record is deleted');
  assert.equal(await zoe.page.evaluate(() => document.activeElement?.tagName), 'H1');
  await photograph(zoe, 'summary-deleted');
  const ben = await open('Chromium', staged, 'Ben');
  await ben.reads('There is no such summary');
  await isUnhurt(zoe);
  await Promise.all([ben.close(), zoe.close()]);
});
