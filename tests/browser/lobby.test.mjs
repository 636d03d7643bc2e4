// Who comes in, and what hosts can do, in a room with a media server and in one without: the lobby, admit, deny, lock, co-hosts,
// requests, hands, reactions, names, handing over, removing, and staying removed. Also by keyboard alone.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { addAxe, isAccessible, photograph } from './lib/appearance.mjs';
import { chromium, firefox } from './lib/browsers.mjs';
import { serverForFile } from './lib/suite.mjs';
import { sleep, until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

const HOSTILE = '"><img src=x onerror=alert(2)><script>alert(1)</script>${t}';
const SWITCHES = { lobby: 'Ask before letting people in', lock: 'Lock: nobody else comes in' };
const server = serverForFile();
/** @type {import('puppeteer-core').Browser} */
let chrome;
/** @type {import('puppeteer-core').Browser} */
let fox;
/** Everybody who was there. @type {Visitor[]} */
const everybody = [];

before(async () => {
  chrome = await chromium();
  fox = await firefox();
}, { timeout: 120_000 });

/** @param {import('puppeteer-core').Browser} browser @param {string} url @param {string} name */
async function arrive (browser, url, name) {
  const visitor = await Visitor.open(browser, url, name);
  everybody.push(visitor);
  await visitor.page.bringToFront();
  return visitor;
}

/** @param {import('puppeteer-core').Browser} browser @param {string} url @param {string} name */
async function comesIn (browser, url, name) {
  const visitor = await arrive(browser, url, name);
  await visitor.enter();
  return visitor;
}

/** @param {import('puppeteer-core').Browser} browser @param {string} url @param {string} name */
async function knocks (browser, url, name) {
  const visitor = await arrive(browser, url, name);
  await visitor.knock();
  return visitor;
}

/** @param {Visitor} visitor */
async function showPeople (visitor) {
  await visitor.page.bringToFront();
  if (!await visitor.page.$('#panel-people'))
    await visitor.press('People', '.control');
}

/** @param {Visitor} host @param {string} label @param {boolean} on */
async function sets (host, label, on) {
  await showPeople(host);
  await host.press(label, 'input');
  await until(`"${label}" is ${on}`, () => host.page.evaluate((wanted, state) =>
    [...document.querySelectorAll('.switch')].some(element => element.textContent?.includes(wanted) && element.querySelector('input')?.checked === state), label, on));
}

/** Closes everything, for the next test. @param {...Visitor} visitors */
async function nothingWentWrong (...visitors) {
  for (const one of visitors) {
    assert.deepEqual([...one.errors, ...await one.violations()], [], one.name);
    await one.close();
  }
}

/** What the menu of somebody offers. @param {Visitor} visitor @param {string} name */
async function offers (visitor, name) {
  await showPeople(visitor);
  await visitor.press(`What to do about ${name}`, '#panel-people button');
  const words = await until('the menu is open', () => visitor.page.evaluate(() =>
    document.querySelector('#person-menu:popover-open') && [...document.querySelectorAll('#person-menu button')].map(button => button.textContent?.trim() ?? '')));
  await visitor.page.keyboard.press('Escape');
  return words;
}

/** @param {Visitor} visitor @param {string} name @param {string} what */
async function does (visitor, name, what) {
  await visitor.page.bringToFront();
  await visitor.govern(name, what);
}

/** In the page of somebody who stayed: what guests need now. */
const exchangedLink = () => `${location.href}#${(sessionStorage.getItem(`conclave.link.${location.pathname.slice('/r/'.length)}`) ?? '').split('.')[0]}`;

/** @param {Visitor} visitor @param {string} id */
const handOf = (visitor, id) => visitor.page.evaluate(wanted =>
  document.querySelector(`[data-participant="${wanted}"] .tile-hand`)?.textContent?.trim() ?? '', id);

/** What was said to screen readers. @param {Visitor} visitor @param {RegExp} wanted */
const isTold = (visitor, wanted) => until(`${visitor.name} is told ${wanted}`, () =>
  visitor.page.evaluate(() => document.querySelector('#notices [role=status]')?.textContent ?? '').then(text => wanted.test(text)));

for (const [kind, hostBrowser] of /** @type {const} */ ([['boardroom', 'Chromium'], ['standard', 'Firefox']])) {
  const browsers = () => (hostBrowser === 'Chromium' ? [chrome, fox] : [fox, chrome]);

  test(`the lobby of a ${kind} room, the host in ${hostBrowser}`, { timeout: 180_000 }, async () => {
    const [own, other] = browsers();
    const room = await server.now.createRoom('Committee', kind, '--lobby', 'on');
    const ben = await knocks(other, room.join_url, 'Ben');
    await ben.reads('The host is not here yet');
    await photograph(ben, `waiting-nobody-${kind}`);
    const ann = await comesIn(own, room.host_url, 'Ann');
    await ann.reads('Ben is waiting to come in.');
    await ben.reads('The host has been told that you are here');
    await photograph(ann, `knock-${kind}`);
    await ann.press('Admit Ben');
    await ben.meets(1);
    await ann.sees(ben);
    await ben.sees(ann);

    const cem = await knocks(own, room.join_url, 'Cem');
    const dora = await knocks(other, room.join_url, 'Dora');
    await ann.page.bringToFront();
    await ann.reads('Cem and 1 other person are waiting to come in.');
    await ann.press('Show who');
    await ann.press('Deny Dora');
    await dora.reads('You were not let in');
    await dora.press('Ask again');
    await dora.reads('The host has been told that you are here');
    await ann.reads('2 people are waiting');
    await ann.press('Admit all');
    for (const one of [ann, ben, cem, dora])
      await one.meets(3);
    assert.ok(!await ben.has('Admit all'), 'guests are not asked');

    const eve = await knocks(other, room.join_url, 'Eve');
    await eve.reads('The host has been told that you are here');
    await eve.press('Stop waiting');
    await until('the name can be typed again', () => eve.has('Join'));
    await until('nobody waits any more', () => ann.page.evaluate(() => !document.querySelector('.waiting, .knock')));
    await sets(ann, SWITCHES.lobby, false);
    await sets(ann, SWITCHES.lock, true);
    await ben.reads('The meeting is locked now.');
    await eve.page.bringToFront();
    await eve.knock();
    await eve.reads('The meeting is locked');
    await sets(ann, SWITCHES.lock, false);
    await eve.page.bringToFront();
    await eve.press('Try again');
    await eve.meets(4);
    await nothingWentWrong(ann, ben, cem, dora, eve);
  });

  test(`what hosts do in a ${kind} room, the host in ${hostBrowser}`, { timeout: 300_000 }, async () => {
    const [own, other] = browsers();
    const room = await server.now.createRoom('Committee', kind);
    const ann = await comesIn(own, room.host_url, 'Ann');
    const ben = await comesIn(other, room.join_url, 'Ben');
    const cem = await comesIn(own, room.join_url, 'Cem');
    for (const one of [ann, ben, cem])
      await one.meets(2);
    await ann.sees(cem);
    await ben.sees(ann);
    await cem.sees(ben);

    // what is asked is only asked
    await does(ann, 'Cem', 'Mute');
    await cem.reads('Ann has turned off your microphone.');
    await until('Cem is muted', () => cem.has('Unmute'));
    await until('the host sees it', async () => (await ann.tile(await cem.id()))?.text.includes('muted'));
    await does(ann, 'Cem', 'Ask to unmute');
    await cem.reads('Ann asks you to turn on your microphone.');
    await photograph(cem, `asked-${kind}`);
    await sleep(1000);
    assert.ok(await cem.has('Unmute'), 'it never turns on by itself');
    await cem.page.bringToFront();
    await cem.press('Turn on');
    await until('Cem is heard', () => cem.has('Mute'));
    await does(ann, 'Cem', 'Stop video');
    await cem.reads('Ann has turned off your camera.');
    await does(ann, 'Cem', 'Ask to turn on the camera');
    await cem.page.bringToFront();
    await cem.press('Not now');
    await until('the question is gone', () => cem.page.evaluate(() => !document.querySelector('.ask')));
    assert.ok(await cem.has('Start video'));

    // hands in order
    const [benId, cemId] = [await ben.id(), await cem.id()];
    await cem.page.keyboard.press('h');
    await until('one hand is up', async () => await handOf(ann, cemId) === '1');
    await ben.page.bringToFront();
    await ben.page.keyboard.press('h');
    await until('two hands are up', async () => await handOf(ann, benId) === '2' && await handOf(cem, benId) === '2');
    await does(ann, 'Cem', 'Lower their hand');
    await cem.reads('A host has lowered your hand.');
    await until('the second is the first', async () => await handOf(ann, benId) === '1' && await handOf(ann, cemId) === '');

    // reactions
    await ben.page.bringToFront();
    await ben.page.keyboard.press('r');
    await until('the picker has the focus', () => ben.isFocused('thumbs up'));
    await ben.page.keyboard.press('2');
    for (const one of [ann, cem, ben])
      await until(`${one.name} sees it`, () => one.page.evaluate(id => document.querySelector(`[data-participant="${id}"] .tile-reaction`)?.textContent === '👏', benId), { every: 50 });
    await isTold(ann, /Ben: applause/);
    await until('it is gone', () => ann.page.evaluate(() => !document.querySelector('.tile-reaction')));

    // names
    await ben.press('More', '.control');
    await ben.press('Change your name', '#more-menu button');
    await ben.page.keyboard.down('Control');
    await ben.page.keyboard.press('a');
    await ben.page.keyboard.up('Control');
    await ben.page.keyboard.type('Benedikt');
    await ben.page.keyboard.press('Enter');
    await ann.reads('Benedikt');
    ben.name = 'Benedikt';

    // co-host
    assert.deepEqual((await offers(ann, 'Benedikt')).slice(-4), ['Pin for yourself', 'Make co-host', 'Hand over to them as host', 'Remove from the meeting']);
    assert.ok(!await ben.has('What to do about Cem'));
    await does(ann, 'Benedikt', 'Make co-host');
    await ben.reads('You are a co-host now.');
    const may = await offers(ben, 'Cem');
    assert.ok(may.includes('Remove from the meeting') && !may.includes('Make co-host'), may.join());
    assert.ok(!(await offers(ben, 'Ann')).includes('Remove from the meeting'), 'nobody removes their host');
    await does(ben, 'Cem', 'Mute');
    await cem.reads('Benedikt has turned off your microphone.');
    await does(ben, 'Cem', 'Spotlight for everyone');
    await cem.reads('Everyone sees you large now.');
    await until('Cem is large for all', async () => (await ann.tile(cemId))?.large && (await ben.tile(cemId))?.large);

    // the meeting is handed over, and stays so over a reload
    await does(ann, 'Benedikt', 'Hand over to them as host');
    await ann.pressInDialog('Hand over');
    await ben.reads('You are the host now.');
    await ann.reads('You are a co-host now.');
    await ben.page.bringToFront();
    await ben.page.reload({ waitUntil: 'load' });
    await ben.enter();
    await ben.meets(2);
    await ben.press('More', '.control');
    await until('the new host can end the meeting', () => ben.has('End for all'));
    await ben.page.keyboard.press('Escape');
    assert.ok(!(await offers(ann, 'Benedikt')).includes('Remove from the meeting'));

    // out is out
    await ben.sees(ann);
    await does(ben, 'Cem', 'Remove from the meeting');
    await ben.pressInDialog('Remove');
    await cem.reads('You were removed from the meeting');
    await photograph(cem, `removed-${kind}`);
    assert.ok(!await cem.has('Join again'));
    await ann.reads('Cem was removed from the meeting.');
    await cem.page.bringToFront();
    await cem.page.goto(room.join_url, { waitUntil: 'load' });
    if (kind === 'standard') { // whose link the server does not know: the page has exchanged it
      await cem.reads('This invitation is no longer valid');
    } else {
      await cem.knock();
      await cem.reads('You cannot come back to this meeting');
    }
    const eve = await knocks(other, kind === 'standard' ? await ben.page.evaluate(exchangedLink) : room.join_url, 'Eve');
    await eve.reads('The host has been told that you are here');
    await ben.page.bringToFront();
    await ben.reads('Somebody was removed from there before.');
    await ben.press('Admit Eve');
    await eve.meets(2);
    await nothingWentWrong(ann, ben, cem, eve);
  });
}

test('a host with the keyboard alone', { timeout: 180_000 }, async () => {
  const room = await server.now.createRoom('Committee', 'boardroom');
  const ann = await comesIn(chrome, room.host_url, 'Ann');
  const { keyboard } = ann.page;
  await keyboard.press('p');
  await ann.tabTo(SWITCHES.lobby);
  await keyboard.press(' ');
  await until('the lobby is on', () => ann.page.evaluate(() => document.querySelector('.switch input')?.matches(':checked')));
  await keyboard.press('Escape');
  const ben = await knocks(fox, room.join_url, 'Ben');
  await ann.page.bringToFront();
  await ann.reads('Ben is waiting to come in.');
  assert.ok(!await ann.isFocused('Admit Ben'), 'it does not take the focus');
  await isTold(ann, /Ben is waiting to come in\./);
  await keyboard.press('n');
  await until('the notice has the focus', () => ann.isFocused('Admit Ben'));
  await keyboard.press('Enter');
  await ben.meets(1);
  await until('the focus has somewhere to be', () => ann.page.evaluate(() => document.activeElement !== document.body));
  await keyboard.press('p');
  await ann.tabTo('What to do about Ben');
  await keyboard.press('Enter');
  await until('the menu is open', () => ann.page.$('#person-menu:popover-open'));
  await keyboard.press('ArrowUp');
  await until('the last of it', () => ann.isFocused('Remove from the meeting'));
  await keyboard.press('Enter');
  await until('it asks first', () => ann.isFocused('Cancel'));
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await ben.reads('Ann has removed you.');
  await keyboard.press('?');
  for (const words of ['Show a reaction; then 1 to 6', 'Go to what you are asked'])
    await ann.reads(words);
  await nothingWentWrong(ann, ben);
});

test('hostile names are text wherever they knock, ask and are asked about', { timeout: 120_000 }, async () => {
  const room = await server.now.createRoom(HOSTILE, 'boardroom', '--lobby', 'on');
  const ann = await comesIn(chrome, room.host_url, HOSTILE);
  const ben = await knocks(fox, room.join_url, HOSTILE);
  await ben.reads(HOSTILE);
  await ann.page.bringToFront();
  await ann.reads(`${HOSTILE} is waiting to come in.`);
  await ann.press(`Admit ${HOSTILE}`);
  await ben.meets(1);
  await does(ann, HOSTILE, 'Mute');
  await ben.reads(`${HOSTILE} has turned off your microphone.`);
  await does(ann, HOSTILE, 'Ask to unmute');
  await ben.reads(`${HOSTILE} asks you to turn on your microphone.`);
  await does(ann, HOSTILE, 'Remove from the meeting');
  await ann.reads(`Remove ${HOSTILE} from the meeting?`);
  await ann.pressInDialog('Remove');
  await ben.reads(`${HOSTILE} has removed you.`);
  for (const one of [ann, ben])
    assert.equal(await one.page.evaluate(() => document.querySelectorAll('#app script, #app img[onerror]').length), 0);
  await nothingWentWrong(ann, ben);
});

test('every state is accessible', { timeout: 180_000 }, async () => {
  const room = await server.now.createRoom('Committee', 'boardroom', '--lobby', 'on');
  const ben = await knocks(chrome, room.join_url, 'Ben');
  await ben.reads('The host is not here yet');
  await addAxe(ben);
  await isAccessible(ben, 'waiting');
  const ann = await comesIn(chrome, room.host_url, 'Ann');
  await ann.reads('Ben is waiting to come in.');
  await addAxe(ann);
  await isAccessible(ann, 'knock');
  await showPeople(ann);
  await isAccessible(ann, 'who waits');
  await ann.press('Deny Ben');
  await ben.reads('You were not let in');
  await isAccessible(ben, 'denied');
  await ann.page.keyboard.press('Escape');
  await ann.page.keyboard.press('r');
  await isAccessible(ann, 'reactions');
  await nothingWentWrong(ann, ben);
});
