// Hosts who sign in at another server, in both browsers: by its own pages and back, with the keyboard, and what they read where that
// comes to nothing.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { CLIENT, Idp } from '../protocol/lib/idp.mjs';
import { addAxe, isAccessible, photograph } from './lib/appearance.mjs';
import { chromium, closeAll, firefox } from './lib/browsers.mjs';
import { Server } from './lib/server.mjs';
import { until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

const LABEL = 'Example & Söhne <b>';
/** @type {Server} */ let server;
/** @type {Idp} */ let idp;
/** @type {string} */ let folder;
/** @type {Record<string, import('puppeteer-core').Browser>} */ const browsers = {};

before(async () => {
  folder = fs.mkdtempSync(path.join(process.env.TMPDIR ?? '/tmp', 'elsewhere-'));
  const secret = path.join(folder, 'secret');
  fs.writeFileSync(secret, `${CLIENT.secret}\n`, { mode: 0o600 });
  idp = await Idp.listen();
  server = await Server.start({ config: { oidc: { issuer: idp.issuer, 'client-id': CLIENT.id, 'client-secret-file': secret, label: LABEL } } });
  idp.serve(server.url);
  browsers.Chromium = await chromium();
  browsers.Firefox = await firefox();
}, { timeout: 120_000 });
after(async () => {
  await closeAll();
  await server?.stop();
  await idp?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** At the other server’s page. @param {Visitor} visitor */
const isThere = visitor => until(`${visitor.name} is there`, () => visitor.page.url().startsWith(`${idp.issuer}/interaction/`));

/** @param {Visitor} visitor @param {string} selector what to press there, with the way on to the next page */
const goesOn = (visitor, selector) => Promise.all([
  visitor.page.waitForNavigation({ waitUntil: 'load', timeout: 30_000 }), visitor.page.click(selector),
]);

/** @param {Visitor} visitor @param {string} login */
async function signsInThere (visitor, login) {
  await isThere(visitor);
  await visitor.page.waitForSelector('[name=login]');
  await visitor.page.type('[name=login]', login);
  await visitor.page.type('[name=password]', 'any');
  await goesOn(visitor, '[type=submit]');
  await visitor.page.waitForSelector('[name=prompt][value=consent]');
  await goesOn(visitor, '[type=submit]');
}

for (const browser of ['Chromium', 'Firefox']) {
  const login = `ann.${browser.toLowerCase()}`;

  test(`${browser}: by the button, with the keyboard, to a room of one's own, and out`, { timeout: 240_000 }, async () => {
    await server.ctl('user', 'add', login, '--name', 'Ann', '--role', 'host');
    const ann = await Visitor.open(browsers[browser], `${server.url}/sign-in`, 'Ann');
    await ann.reads(`Sign in with ${LABEL}`);
    await addAxe(ann);
    await isAccessible(ann, 'the page for signing in');
    await photograph(ann, `elsewhere-${browser.toLowerCase()}`);
    await ann.tabTo(`Sign in with ${LABEL}`);
    await ann.page.keyboard.press('Enter');
    await signsInThere(ann, login);
    await until('Ann is back', () => ann.page.url() === `${server.url}/`);
    await ann.reads(/My rooms[^]*You have no rooms yet/);
    assert.equal(await ann.page.evaluate(() => document.cookie), '');
    await ann.fill('What is it about? (optional)', 'Tea');
    await ann.press('Make the meeting');
    await until('Ann has made it', () => ann.page.$('#join-link'));
    await ann.press('Back to the start page');
    await ann.reads('Tea');
    const rooms = JSON.parse(await server.ctl('room', 'list', '--json')).rooms.map((/** @type {{ title: string }} */ room) => room.title);
    assert.ok(rooms.includes('Tea'));
    await ann.press('Your account, Ann');
    await ann.press('Sign out', '.menu:popover-open button');
    await ann.reads('Meetings that stay between you');
    await until('the server has signed her out', async () => await ann.page.evaluate(async () => (await fetch('/api/v1/session')).status) === 401); // the page is loaded anew meanwhile
    assert.deepEqual([...ann.errors, ...await ann.violations()], []);
    await ann.close();
  });

  test(`${browser}: who has no account, and who does not go through with it, read so`, { timeout: 240_000 }, async () => {
    const eve = await Visitor.open(browsers[browser], `${server.url}/sign-in`, 'Eve');
    await eve.press(`Sign in with ${LABEL}`);
    await isThere(eve);
    await eve.page.waitForSelector('a[href$="/abort"]');
    await goesOn(eve, 'a[href$="/abort"]');
    await eve.reads('Signing in was cancelled.');
    assert.equal(eve.page.url(), `${server.url}/sign-in`, 'the address says nothing of it');
    await eve.press(`Sign in with ${LABEL}`);
    await signsInThere(eve, `eve.${browser.toLowerCase()}`);
    await eve.reads('You have no account on this server yet.');
    await addAxe(eve);
    await isAccessible(eve, 'the page that says why not');
    await eve.page.reload({ waitUntil: 'load' });
    await eve.reads(`Sign in with ${LABEL}`);
    assert.ok(!(await eve.text()).includes('no account on this server'));
    await eve.page.goto(`${server.url}/sign-in?problem=${encodeURIComponent('<b>made up</b>')}`, { waitUntil: 'load' });
    await eve.reads(`Sign in with ${LABEL}`);
    assert.ok(!(await eve.text()).includes('made up'));
    assert.deepEqual([...eve.errors, ...await eve.violations()], []);
    await eve.close();
  });
}
