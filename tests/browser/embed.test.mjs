// A meeting within another site's page, from the example that is shipped: what the page may do and is told, that another site is refused,
// and that nobody's messages count but those of the two who belong together.
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { chromium, closeAll, firefox } from './lib/browsers.mjs';
import { Server, freePort } from './lib/server.mjs';
import { Site } from './lib/site.mjs';
import { until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

/** @type {Server} */
let server;
/** Its pages may show rooms. @type {Site} */
let friend;
/** Its may not. @type {Site} */
let stranger;

/** What another window says, as often as it likes: in the meeting's name to the page, and in the page's to the meeting. */
const INTRUDER = `<!doctype html><script>
  const forged = type => ({ conclave: 1, type, detail: { reason: 'forged', name: 'forged', muted: 'forged' } });
  setInterval(() => {
    for (const type of ['left', 'joined', 'muted', 'person-left', 'error'])
      parent.postMessage(forged(type), '*');
    for (const type of ['hello', 'leave', 'mute'])
      parent.frames['conclave-embedded'].postMessage(forged(type), '*');
  }, 100);
</script>`;

/** The example, as a site would take it over: the module comes from the server. @param {Site} site */
async function publish (site) {
  const folder = new URL('../../data/web/embed/', import.meta.url);
  for (const name of ['example.html', 'example.css', 'example.js']) {
    const text = await fs.readFile(new URL(name, folder), 'utf8');
    site.pages.set(`/${name}`, text.replace("'./conclave.js'", `'${server.url}/embed/conclave.js'`));
  }
  site.pages.set('/intruder.html', INTRUDER);
}

before(async () => {
  const port = await freePort();
  server = await Server.start({ config: { server: { 'embed-origins': `https://nobody.example;https://${process.env.CONCLAVE_TEST_ADDRESS}:${port}` }, limits: { 'joins-per-minute': 1000 } } });
  friend = await Site.start(server.state, port);
  stranger = await Site.start(server.state);
  await publish(friend);
  await publish(stranger);
}, { timeout: 60_000 });

after(async () => {
  await closeAll();
  await Promise.all([friend, stranger].map(site => site?.stop()));
  await server?.stop();
});

/** The page's list of what happened. @param {Visitor} visitor @returns {Promise<string[]>} */
const log = visitor => visitor.page.$$eval('#log li', lines => lines.map(line => line.textContent ?? ''));

/** @param {Visitor} visitor @param {RegExp} line */
const happens = (visitor, line) => until(`${visitor.name} is told ${line}`, async () => (await log(visitor)).find(text => line.test(text)));

/** @param {Visitor} visitor @param {string} link @param {string} [ticket] */
async function show (visitor, link, ticket = '') {
  await visitor.fill("The room's link", link);
  await visitor.fill('Ticket', ticket);
  await visitor.fill('Name', visitor.name);
  await visitor.press('Show');
}

/** The meeting's frame. @param {Visitor} visitor */
const frameOf = visitor => visitor.page.frames().find(frame => frame.url().startsWith(server.url));

/** A camera that opens slowly. */
function slowCamera () {
  const { mediaDevices } = navigator;
  const native = mediaDevices?.getUserMedia;
  if (native)
    mediaDevices.getUserMedia = async constraints => {
      await new Promise(resolve => setTimeout(resolve, 3000));
      return native.call(mediaDevices, constraints);
    };
}

/** Ann, whose page is behind Ben's, is in before her camera is open. @param {import('puppeteer-core').Browser} browser */
async function callFromAPage (browser) {
  const room = await server.createRoom();
  const ann = await Visitor.open(browser, `${friend.origin}/example.html`, 'Ann', slowCamera);
  const ben = await Visitor.join(browser, room.join_url, 'Ben');
  try {
    await show(ann, room.join_url);
    await ann.press('Join');
    const joined = await happens(ann, /^joined .*"name":"Ben"/);
    const { self } = JSON.parse(joined.slice('joined '.length));
    assert.equal(self.name, 'Ann');
    await ben.meets(1);
    await until('Ben sees Ann', async () => (await ben.picture(self.id)).frames > 5, { timeout: 40_000 });
    assert.doesNotMatch(String(frameOf(ann)?.url()), /#/, 'the secret is out of the address');
    assert.ok(await frameOf(ann)?.$(':root[data-embedded]'));
    const muted = async () => (await log(ann)).findLast(line => line.startsWith('muted'));
    await until('the microphone is on', async () => await muted() === 'muted {"muted":false}');
    await intrude(ann);
    await ann.press('Mute');
    await until('the microphone is off', async () => await muted() === 'muted {"muted":true}');
    await until('Ben sees that Ann is muted', async () => /muted|off/i.test((await ben.people()).find(({ id }) => id === self.id)?.label ?? ''));
    await ben.press('Leave');
    await happens(ann, /^person-left .*"name":"Ben"/);
    await picture(ann, browser);
    await ann.press('Leave');
    await happens(ann, /^left {"reason":"left"}/);
    assert.deepEqual((await log(ann)).filter(line => line.includes('forged')), []);
    assert.deepEqual(ann.errors, []);
  } finally {
    await ann.close();
    await ben.close();
  }
}

/** A window of another origin and one of the page's own talk in between for a while; then the page itself does. @param {Visitor} visitor */
async function intrude (visitor) {
  const before = await log(visitor);
  await visitor.page.evaluate(addresses => {
    for (const address of addresses) {
      const frame = document.createElement('iframe');
      frame.src = address;
      document.body.append(frame);
    }
    postMessage({ conclave: 1, type: 'left', detail: { reason: 'forged' } }, '*');
  }, [`${stranger.origin}/intruder.html`, `${friend.origin}/intruder.html`]);
  for (const site of [stranger, friend])
    await until('an intruder is there', () => visitor.page.frames().some(frame => frame.url() === `${site.origin}/intruder.html`));
  // Each says all it has to say ten times a second.
  await visitor.page.evaluate(() => new Promise(resolve => {
    let heard = 0;
    addEventListener('message', ({ data }) => {
      if (data?.detail?.reason === 'forged' && ++heard > 30)
        resolve(null);
    });
  }));
  assert.ok(await frameOf(visitor)?.$('[data-participant][data-self]'), 'still in the meeting');
  assert.deepEqual(await log(visitor), before);
}

/** For who wants to look at it. @param {Visitor} visitor @param {import('puppeteer-core').Browser} browser @param {string} [what] */
async function picture (visitor, browser, what = 'embedded') {
  const folder = process.env.CONCLAVE_SCREENSHOTS;
  if (!folder)
    return;
  await fs.mkdir(folder, { recursive: true });
  await visitor.page.screenshot({ path: `${folder}/${what}-${/firefox/i.test(await browser.version()) ? 'firefox' : 'chromium'}.png`, fullPage: true });
}

/** The frame shows this. @param {Visitor} visitor @param {RegExp} words */
const shows = (visitor, words) => until(`${visitor.name}'s frame shows ${words}`, async () => {
  const text = await frameOf(visitor)?.evaluate(() => document.body.innerText).catch(() => '') ?? ''; // it is just loading
  if (!words.test(text))
    throw new Error(text);
  return text;
});

/** As a site's own server would get it. @param {string} room @param {string} role @returns {Promise<string>} */
const issue = async (room, role) => (await server.ask('POST', `/api/v1/rooms/${room}/tickets`, { role, name: 'Zoë' })).ticket;

/** Without the link: in once, by the ticket's name, and then no more. @param {import('puppeteer-core').Browser} browser */
async function comeByTicket (browser) {
  const room = await server.createRoom('Board meeting', 'boardroom', '--lobby', 'on'); // not for hosts and cohosts
  const link = `${server.url}/r/${room.id}`;
  const ticket = await issue(room.id, 'cohost');
  const zoe = await Visitor.open(browser, `${friend.origin}/example.html`, 'Somebody');
  try {
    await show(zoe, link, ticket);
    assert.doesNotMatch(await shows(zoe, /You join as Zoë\./), /Your name/);
    assert.match(await shows(zoe, /Board meeting/), /Nobody is here yet/);
    await zoe.press('Join');
    const { self } = JSON.parse((await happens(zoe, /^joined/)).slice('joined '.length));
    assert.equal(self.name, 'Zoë');
    assert.ok(await frameOf(zoe)?.$('[data-role=cohost]'));
    assert.equal(await frameOf(zoe)?.evaluate(() => document.body.innerText.includes('Copy the link')), false, 'they have none');
    assert.equal(frameOf(zoe)?.url(), link);
    const kept = await frameOf(zoe)?.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state]));
    assert.ok(kept?.includes('conclave.'), kept);
    assert.ok(![kept, ...zoe.requests].join().includes(ticket.split('.')[1]), 'it is in no storage and no address');
    await frameOf(zoe)?.evaluate(() => location.reload());
    await shows(zoe, /You need a new ticket\s+A ticket lets you in once, and yours was used\. Open the meeting again from where you came from\./);
    await happens(zoe, /^error {"id":"ticket-spent"/);
    await picture(zoe, browser, 'ticket');
    await show(zoe, link, ticket); // the site gives the same one again
    await shows(zoe, /You join as Zoë\./);
    await zoe.press('Join');
    await shows(zoe, /You need a new ticket\s+The one that you came with is not valid here\./);
    await happens(zoe, /^error {"id":"bad-ticket"/);
    await show(zoe, link, await issue(room.id, 'person'));
    await shows(zoe, /You join as Zoë\./);
    await zoe.press('Join');
    await shows(zoe, /A host lets people into this meeting/);
    await zoe.press('Leave'); // gives up waiting
    await shows(zoe, /You need a new ticket\s+A ticket lets you in once/);
    await show(zoe, link, await issue(room.id, 'cohost'));
    await shows(zoe, /You join as Zoë\./);
    await zoe.press('Join');
    await until('Zoë is in again', async () => (await log(zoe)).filter(line => line.startsWith('joined')).length === 2);
    await zoe.press('Leave');
    await shows(zoe, /To come back, open the meeting again from where you came from\./);
    assert.deepEqual(zoe.errors, []);
  } finally {
    await zoe.close();
  }
}

/** Where the server has no secret both are needed; the link is left when the ticket is used. @param {import('puppeteer-core').Browser} browser */
async function comeByBoth (browser) {
  const room = await server.createRoom();
  const zoe = await Visitor.open(browser, `${friend.origin}/example.html`, 'Somebody');
  try {
    await show(zoe, `${server.url}/r/${room.id}`, await issue(room.id, 'host'));
    await shows(zoe, /This meeting cannot be opened/);
    await show(zoe, room.join_url, await issue(room.id, 'host'));
    await shows(zoe, /You join as Zoë\./);
    await zoe.press('Join');
    await happens(zoe, /^joined .*"name":"Zoë"/);
    assert.ok(await frameOf(zoe)?.$('[data-role=host]'));
    await frameOf(zoe)?.evaluate(() => location.reload());
    await shows(zoe, /Your name/);
    assert.deepEqual(zoe.errors, []);
  } finally {
    await zoe.close();
  }
}

/** @param {import('puppeteer-core').Browser} browser */
async function isRefused (browser) {
  const room = await server.createRoom();
  const ann = await Visitor.open(browser, `${stranger.origin}/example.html`, 'Ann');
  try {
    await show(ann, room.join_url);
    await happens(ann, /^error {"id":"refused"/);
    const pages = await Promise.all(ann.page.frames().slice(1).map(frame => frame.$('#app').catch(() => null)));
    assert.ok(pages.every(app => app === null), 'nothing of ours shows');
  } finally {
    await ann.close();
  }
}

for (const [name, launch] of /** @type {const} */ ([['Chromium', chromium], ['Firefox', firefox]])) {
  test(`${name}: a page that may shows a room and is told of it`, { timeout: 180_000 }, async () => callFromAPage(await launch()));
  test(`${name}: a ticket lets somebody in once`, { timeout: 180_000 }, async () => comeByTicket(await launch()));
  test(`${name}: with a link besides the ticket says who comes`, { timeout: 120_000 }, async () => comeByBoth(await launch()));
  test(`${name}: a page that may not shows nothing`, { timeout: 120_000 }, async () => isRefused(await launch()));
}
