// What hosts do before and after meetings, in both browsers: sign in by a link and with a password, make rooms of each kind, plan
// meetings, invite, go in as host from their rooms; accounts and their administrators; visitors, and browsers that keep nothing.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { addAxe, doesNotScrollSideways, isAccessible, photograph } from './lib/appearance.mjs';
import { chromium, firefox } from './lib/browsers.mjs';
import { chooses, lastCopied, lastSaved, makesRoom, prepare, sets } from './lib/start-page.mjs';
import { serverForFile } from './lib/suite.mjs';
import { until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

const HOSTILE = '"><img src=x onerror=alert(2)><script>alert(1)</script>${t}';
const PASSWORD = 'correct horse battery';
const LINK = '[a-z2-9]{12}#[\\w-]{43}';
const MINUTE = 60_000;
const KINDS = ['standard', 'boardroom', 'classroom', 'otr'];
const SERVER_HAS_LINK = new Set(['boardroom', 'classroom']);

const limits = { 'sign-ins-per-minute': 1000 };
const server = serverForFile({ config: { limits } });
const closed = serverForFile({ config: { limits, rooms: { 'anyone-may-create': false } } });
/** @type {Record<string, import('puppeteer-core').Browser>} */
const browsers = {};

before(async () => {
  browsers.Chromium = await chromium();
  browsers.Firefox = await firefox();
}, { timeout: 120_000 });

/** @param {string} browser @param {string} path @param {string} name @param {() => void} [first] */
const open = (browser, path, name, first = prepare) => Visitor.open(browsers[browser], `${server.now.url}${path}`, name, first);

/** @param {string} login @param {string} name @param {string} role @returns {Promise<{ id: string, code: string }>} */
async function makeUser (login, name, role) {
  const { id } = await server.now.ask('POST', '/api/v1/users', { login, name, role });
  const { code } = await server.now.ask('POST', `/api/v1/users/${id}/code`, {});
  return { id, code };
}

/** Somebody with a password, at the start page. @param {string} browser @param {string} login @param {string} name @param {string} [role] */
async function signedIn (browser, login, name, role = 'host') {
  const { code } = await makeUser(login, name, role);
  const visitor = await open(browser, `/sign-in#${code}`, name);
  await visitor.press('Sign in', 'main button');
  await setsPassword(visitor);
  return visitor;
}

/** @param {Visitor} visitor */
async function setsPassword (visitor) {
  await visitor.fill('New password', PASSWORD);
  await visitor.fill('Once more', PASSWORD);
  await visitor.press('Set the password');
  await visitor.reads(/Hello, [^]*New meeting|Meetings that stay/);
}

/** @param {Visitor} visitor @param {string} login @param {string} password */
async function signsIn (visitor, login, password) {
  await visitor.fill('Login', login);
  await visitor.fill('Password', password);
  await visitor.press('Sign in', 'main button');
}

/** @param {Visitor} visitor */
async function goesBack (visitor) {
  await visitor.press('Back to the start page');
  await until(`${visitor.name} is back`, () => visitor.page.$('.new-meeting'));
}

/** @param {Visitor} visitor */
async function nothingWentWrong (visitor) {
  assert.deepEqual([...visitor.errors, ...await visitor.violations()], [], visitor.name);
  assert.equal(await visitor.page.evaluate(() => document.querySelectorAll('main script, main img[onerror], #app script, #app img[onerror]').length), 0);
}

/** @param {number} days @param {number} [minutes] later @returns {string} as fields for times have it, in UTC */
const from = (days, minutes = 0) => new Date(Date.now() + days * 1440 * MINUTE + minutes * MINUTE).toISOString().slice(0, 16);

for (const browser of ['Chromium', 'Firefox']) {
  const login = `ann.${browser}@example.org`;
  /** @type {Visitor} */
  let ann;
  /** @type {Record<string, { join: string, host: string }>} */
  const links = {};

  test(`${browser}: a link signs in once, and leads to a password`, { timeout: 90_000 }, async () => {
    const { code } = await makeUser(login, HOSTILE.slice(0, 60), 'host');
    ann = await open(browser, `/sign-in#${code}`, 'Ann');
    assert.equal(await ann.page.evaluate(() => location.href), `${server.now.url}/sign-in`, 'the code has left the address');
    await ann.press('Sign in', 'main button');
    await ann.reads(`Hello, ${HOSTILE.slice(0, 60)}`);
    await ann.fill('New password', 'short');
    await ann.press('Set the password');
    await ann.reads('A password has at least 10 characters.');
    await ann.fill('New password', PASSWORD);
    await ann.fill('Once more', 'something else');
    await ann.press('Set the password');
    await ann.reads('The two are not the same.');
    await setsPassword(ann);
    assert.equal(await ann.page.evaluate(() => location.pathname), '/');
    assert.equal(await ann.page.evaluate(() => document.cookie), '', 'no script reads the cookie');
    const again = await open(browser, `/sign-in#${code}`, 'Mallory');
    await again.press('Sign in', 'main button');
    await again.reads('This link has expired or was withdrawn.');
    await again.close();
  });

  test(`${browser}: out, and in again with the password`, { timeout: 90_000 }, async () => {
    await ann.page.bringToFront();
    await ann.press(`Your account, ${HOSTILE.slice(0, 60)}`);
    await ann.press('Sign out', '.menu:popover-open button');
    await ann.reads('Meetings that stay between you');
    await ann.press('Sign in', '.account-bar a');
    await signsIn(ann, login, 'wrong password');
    await until('it is refused', () => ann.page.$('#sign-in-error:not([hidden])'));
    await signsIn(ann, login.toUpperCase(), PASSWORD);
    await ann.reads(/My rooms[^]*You have no rooms yet/);
    await ann.reads('Nothing is planned.');
  });

  test(`${browser}: a room of each kind; the server learns no secret that it must not have`, { timeout: 120_000 }, async () => {
    for (const kind of KINDS) {
      links[kind] = await makesRoom(ann, kind, `${kind} ${HOSTILE}`);
      assert.match(links[kind].join, new RegExp(`^${server.now.url}/r/${LINK}$`));
      assert.ok(links[kind].host.startsWith(`${links[kind].join}.`));
      const invitation = await ann.page.$eval('#invitation', element => /** @type {HTMLTextAreaElement} */ (element).value);
      assert.ok(invitation.includes(links[kind].join) && invitation.includes(HOSTILE) && !invitation.includes(links[kind].host));
      await ann.press('Copy the link for guests');
      assert.equal(await lastCopied(ann), links[kind].join);
      await ann.press('Copy the invitation');
      assert.equal(await lastCopied(ann), invitation);
      await goesBack(ann);
    }
    const sent = await ann.page.evaluate(() => /** @type {any} */ (globalThis).kept.sent);
    for (const [kind, link] of Object.entries(links)) {
      const [secret, hostSecret] = link.host.split('#')[1].split('.');
      assert.equal(sent.some((/** @type {string} */ request) => request.includes(secret)), SERVER_HAS_LINK.has(kind), kind);
      assert.ok(!sent.some((/** @type {string} */ request) => request.includes(hostSecret)), kind);
      assert.equal(sent.some((/** @type {string} */ request) => request.includes(`${kind} `)), kind !== 'otr', 'off the record it does not learn what it is about');
    }
    await ann.reads('Links of Standard rooms are kept in this browser only');
    const { rooms } = await ann.page.evaluate(async () => (await fetch('/api/v1/rooms')).json());
    assert.deepEqual(rooms.map((/** @type {any} */ { kind, link }) => [kind, link]),
      ['classroom', 'boardroom', 'standard'].map(kind => [kind, kind === 'standard' ? null : links[kind].join]));
    await nothingWentWrong(ann);
  });

  test(`${browser}: they are there after a reload, with their links`, { timeout: 60_000 }, async () => {
    await ann.page.reload({ waitUntil: 'load' });
    for (const kind of KINDS) {
      await ann.press(`Copy the link of ${kind} ${HOSTILE}`);
      assert.equal(await lastCopied(ann), links[kind].join);
    }
    await chooses(ann, `standard ${HOSTILE}`, 'Copy the link for hosts');
    assert.equal(await lastCopied(ann), links.standard.host);
    await chooses(ann, `boardroom ${HOSTILE}`, 'Invitation');
    await ann.press('Copy the invitation', 'dialog[open] button');
    assert.ok((await lastCopied(ann)).includes(links.boardroom.join));
    await ann.page.keyboard.press('Escape');
  });

  test(`${browser}: planned, again and again, with a file for calendars`, { timeout: 120_000 }, async () => {
    await ann.page.bringToFront();
    const start = from(1);
    await chooses(ann, `standard ${HOSTILE}`, 'Plan a meeting');
    await until('the dialog is there', () => ann.page.$('dialog[open] #event-date'));
    await sets(ann, '#event-title', `Weekly ${HOSTILE}`);
    await sets(ann, '#event-date', start.slice(0, 10));
    await sets(ann, '#event-time', start.slice(11));
    await sets(ann, '#event-zone', 'UTC');
    await sets(ann, '#event-every', 'week');
    await sets(ann, '#event-ends', 'count');
    await sets(ann, '#event-count', '3');
    await ann.reads(/Every week, on \w+day, 3 times/);
    await ann.pressInDialog('Plan it');
    await ann.reads('It is planned.');
    const invitation = await ann.page.$eval('#invitation-text', element => /** @type {HTMLTextAreaElement} */ (element).value);
    assert.ok(invitation.includes(links.standard.join) && invitation.includes('3 times'), invitation);
    await ann.pressInDialog('File for calendars');
    const ics = (await lastSaved(ann)).replaceAll('\r\n ', '');
    assert.match(ics, /BEGIN:VEVENT[^]*RRULE:FREQ=WEEKLY[^]*END:VEVENT/);
    assert.ok(ics.includes(`URL:${links.standard.join}\r\n`), 'the browser put the link in');
    await ann.page.keyboard.press('Escape');
    await until('three days', async () => (await ann.page.$$('.occurrence')).length === 3);
    await ann.reads(/Upcoming[^]*Tomorrow[^]*Weekly/);

    await chooses(ann, `Weekly ${HOSTILE}`, 'Cancel this day only', '.occurrence');
    await ann.pressInDialog('Cancel this day');
    await until('two days', async () => (await ann.page.$$('.occurrence')).length === 2);
    await chooses(ann, `Weekly ${HOSTILE}`, 'Change or delete', '.occurrence');
    await ann.reads('Cancelled:');
    await sets(ann, '#event-count', '2');
    await ann.pressInDialog('Save');
    await until('one day', async () => (await ann.page.$$('.occurrence')).length === 1);
    await ann.page.keyboard.press('Escape');
    await chooses(ann, `Weekly ${HOSTILE}`, 'Change or delete', '.occurrence');
    await ann.pressInDialog('Delete…');
    await ann.pressInDialog('Delete');
    await ann.reads('Nothing is planned.');

    await chooses(ann, `boardroom ${HOSTILE}`, 'Plan a meeting');
    await until('the dialog is there', () => ann.page.$('dialog[open] #event-date'));
    await sets(ann, '#event-date', from(2).slice(0, 10));
    await sets(ann, '#event-time', '12:00');
    await sets(ann, '#event-zone', 'Pacific/Auckland');
    await ann.pressInDialog('Plan it');
    await ann.reads('It is planned.');
    await ann.page.keyboard.press('Escape');
    await ann.reads('12:00 PM in Auckland (Pacific)');
    const { events } = await ann.page.evaluate(async () => (await fetch(`/api/v1/events?from=${Date.now()}&to=${Date.now() + 5 * 86_400_000}`)).json());
    const file = await ann.page.evaluate(async id => (await fetch(`/api/v1/events/${id}/calendar.ics`)).text(), events[0].event ?? events[0].id);
    assert.ok(file.replaceAll('\r\n ', '').includes(links.boardroom.join), 'the server put the link in');
    await nothingWentWrong(ann);
  });

  test(`${browser}: into one's own rooms, as host`, { timeout: 120_000 }, async () => {
    for (const kind of ['standard', 'boardroom']) {
      await ann.page.goto(server.now.url, { waitUntil: 'load' });
      await ann.press(`${kind} ${HOSTILE}`, '.room a');
      await until('it is the page of the room', () => ann.page.$('#name'));
      assert.equal(await ann.page.evaluate(() => location.hash), '');
      await ann.enter();
      await until('a host may end it', () => ann.page.evaluate(() => [...document.querySelectorAll('#more-menu button')].some(button => button.textContent?.trim() === 'End for all')));
      await ann.press('Leave');
      await ann.reads('You have left the meeting');
    }
    await nothingWentWrong(ann);
  });

  test(`${browser}: renamed, and deleted in two steps`, { timeout: 60_000 }, async () => {
    await ann.page.goto(server.now.url, { waitUntil: 'load' });
    await chooses(ann, `classroom ${HOSTILE}`, 'Name and settings');
    await ann.fill('Name of the room', 'Lecture');
    await ann.page.click('dialog[open] [name=lobby]');
    await ann.page.select('#room-recording', 'require');
    await ann.pressInDialog('Save');
    await ann.reads(/Lecture[^]*guests are let in one by one[^]*can be recorded/);
    const room = await server.now.ask('GET', `/api/v1/rooms/${/r\/([a-z2-9]{12})/.exec(links.classroom.join)?.[1]}`);
    assert.deepEqual([room.title, room.lobby, room.recording, room.consent], ['Lecture', true, true, 'require']);
    await chooses(ann, 'Lecture', 'Delete…');
    await ann.pressInDialog('Keep it');
    await chooses(ann, 'Lecture', 'Delete…');
    await ann.pressInDialog('Delete the room');
    await ann.reads('The room was deleted.');
    await until('it is gone', async () => (await ann.page.$$('.room')).length === KINDS.length - 1);
  });

  test(`${browser}: in another browser there is the server's link only, until one's own is added`, { timeout: 90_000 }, async () => {
    const other = await open(browser, '/sign-in', 'Ann elsewhere');
    await signsIn(other, login, PASSWORD);
    await other.press(`Copy the link of boardroom ${HOSTILE}`);
    assert.equal(await lastCopied(other), links.boardroom.join);
    await other.reads('its link is in another browser');
    await other.press(`Add the link of standard ${HOSTILE}`);
    await other.fill('Link for hosts', links.boardroom.host);
    await other.pressInDialog('Keep it in this browser');
    await other.reads('This is the link of another room.');
    await other.fill('Link for hosts', links.standard.host);
    await other.pressInDialog('Keep it in this browser');
    await other.press(`Copy the link of standard ${HOSTILE}`);
    assert.equal(await lastCopied(other), links.standard.join);

    await ann.page.goto(`${server.now.url}/account`, { waitUntil: 'load' });
    await until('two sign-ins', async () => (await ann.page.$$('.sign-in-row')).length === 2);
    await ann.press('Sign out everywhere else');
    await until('one sign-in', async () => (await ann.page.$$('.sign-in-row')).length === 1);
    await other.page.goto(`${server.now.url}/account`, { waitUntil: 'load' });
    await until('the other one has to sign in', async () => other.page.evaluate(() => location.pathname === '/sign-in'));
    await signsIn(other, login, PASSWORD);
    await other.reads('Where you are signed in');
    await nothingWentWrong(other);
    await other.close();
  });

  test(`${browser}: one's own name, password and calendar`, { timeout: 90_000 }, async () => {
    await ann.page.bringToFront();
    await ann.fill('How others see you', 'Ann');
    await ann.press('Save');
    await until('it is known above', () => ann.has('Your account, Ann'));
    await ann.fill('Password until now', 'not that one');
    await ann.fill('New password', `${PASSWORD} 2`);
    await ann.fill('Once more', `${PASSWORD} 2`);
    await ann.press('Change the password');
    await ann.reads('This password is not right.');
    await ann.fill('Password until now', PASSWORD);
    await ann.press('Change the password');
    await ann.reads('The password was changed.');
    await ann.press('Make an address');
    const feed = await until('the address is there', () => ann.page.evaluate(() => /** @type {HTMLInputElement | null} */ (document.querySelector('#feed'))?.value));
    await ann.press('Copy the address of your calendar');
    assert.equal(await lastCopied(ann), feed);
    const calendar = async () => ann.page.evaluate(async url => { const answer = await fetch(url); return answer.ok ? answer.text() : ''; }, feed);
    const text = (await calendar()).replaceAll('\r\n ', '');
    assert.ok(text.includes(links.boardroom.join) && !text.includes(links.standard.join));
    await ann.press('Withdraw the address');
    await until('it leads nowhere', async () => await calendar() === '');
    await nothingWentWrong(ann);
    await ann.close();
  });
}

test('administrators add people, change their role, disable and delete them', { timeout: 90_000 }, async () => {
  const ada = await signedIn('Firefox', 'ada', 'Ada', 'administrator');
  await ada.page.goto(`${server.now.url}/users`, { waitUntil: 'load' });
  await ada.press('Add somebody');
  await ada.fill('Login: an e-mail address or a name', 'ben');
  await ada.fill('Name', HOSTILE.slice(0, 60));
  await ada.pressInDialog('Add and make a link');
  const link = await until('the link is there', () => ada.page.evaluate(() => /** @type {HTMLInputElement | null} */ (document.querySelector('#user-link'))?.value));
  assert.match(link, new RegExp(`^${server.now.url}/sign-in#[\\w-]{43}$`));
  await ada.page.keyboard.press('Escape');
  const ben = await Visitor.open(browsers.Chromium, link, 'Ben', prepare);
  await ben.press('Sign in', 'main button');
  await ben.press('Later');
  await ben.reads('My rooms');
  await ben.page.goto(`${server.now.url}/users`, { waitUntil: 'load' });
  await ben.reads('You may not do this.');

  await ada.page.bringToFront();
  await chooses(ada, HOSTILE.slice(0, 60), 'Name and role');
  await ada.fill('Name', 'Ben');
  await ada.page.click('dialog[open] [value=producer]');
  await ada.pressInDialog('Save');
  await ada.reads(/Ben[^]*ben\s*Producer/);
  await chooses(ada, 'Ben', 'Disable');
  await ada.reads('disabled');
  await ben.page.goto(`${server.now.url}/account`, { waitUntil: 'load' });
  await until('he is out', () => ben.page.evaluate(() => location.pathname === '/sign-in'));
  await chooses(ada, 'Ben', 'Delete…');
  await ada.pressInDialog('Delete the account');
  await ada.reads('The account was deleted.');
  await nothingWentWrong(ada);
  await nothingWentWrong(ben);
  await ada.close();
  await ben.close();
});

test('visitors make rooms where they may; their links are in their browser', { timeout: 90_000 }, async () => {
  const vic = await open('Chromium', '/', 'Vic');
  const { host } = await makesRoom(vic, 'standard', HOSTILE);
  await vic.reads('The links are kept in this browser only.');
  await vic.page.goto(server.now.url, { waitUntil: 'load' });
  await vic.reads('These rooms are kept in this browser only');
  assert.equal(await vic.page.$eval('.room a', element => /** @type {HTMLAnchorElement} */ (element).href), host);
  await chooses(vic, HOSTILE, 'Forget…');
  await vic.pressInDialog('Forget the room');
  await until('it is forgotten', async () => await vic.page.$('.room') === null);
  await nothingWentWrong(vic);
  await vic.close();
});

test('where visitors make no rooms, the page says so and leads to signing in', { timeout: 60_000 }, async () => {
  const vic = await Visitor.open(browsers.Firefox, closed.now.url, 'Vic');
  await vic.reads('On this server, who has an account makes meetings.');
  assert.equal(await vic.page.$('.new-meeting'), null);
  await vic.fill('Paste the link that you were sent', 'nonsense');
  await vic.press('Continue');
  await vic.reads("This is not a meeting's link.");
  await vic.press('Sign in', 'main a');
  await until('it is there', () => vic.page.$('#login'));
  await vic.close();
});

test('a browser that keeps nothing says so, and does all the rest', { timeout: 60_000 }, async () => {
  const vic = await open('Chromium', '/', 'Vic', () => {
    for (const name of ['localStorage', 'sessionStorage'])
      Object.defineProperty(globalThis, name, { get () { throw new DOMException('blocked', 'SecurityError'); } });
  });
  await makesRoom(vic, 'standard', 'Fleeting');
  await vic.reads('Copy them now: nobody can restore them.');
  await goesBack(vic);
  await vic.reads('This browser keeps nothing');
  await vic.press('Fleeting', '.room a');
  await vic.enter();
  assert.deepEqual(vic.errors, []);
  await vic.close();
});

test('signing in, making a room and planning in it by keyboard alone', { timeout: 120_000 }, async () => {
  const kim = await signedIn('Chromium', 'kim', 'Kim');
  const { keyboard } = kim.page;
  const focused = () => kim.page.evaluate(() => {
    const element = /** @type {any} */ (document.activeElement);
    return (element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent ?? '').trim();
  });
  const tabTo = async (/** @type {string} */ name) => {
    for (let i = 0; i < 40; i++) {
      if (await focused() === name)
        return;
      await keyboard.press('Tab');
    }
    throw new Error(`the Tab key does not lead to "${name}"`);
  };
  await kim.press('Your account, Kim');
  await kim.press('Sign out', '.menu:popover-open button');
  await kim.reads('Meetings that stay between you');
  await tabTo('Sign in');
  await keyboard.press('Enter');
  await until('signing in', () => kim.page.$('#login'));
  await tabTo('Account');
  await keyboard.press('ArrowRight');
  await until('the key', async () => await focused() === 'API key');
  await keyboard.press('ArrowLeft');
  await tabTo('Login');
  await keyboard.type('kim');
  await keyboard.press('Tab');
  await keyboard.type(PASSWORD);
  await keyboard.press('Enter');
  await kim.reads('My rooms');
  for (let i = 0; i < 20 && !await kim.page.evaluate(() => document.activeElement?.matches('[name=kind]')); i++)
    await keyboard.press('Tab');
  await keyboard.press('ArrowDown');
  await tabTo('What is it about? (optional)');
  await keyboard.type('Board');
  await keyboard.press('Enter');
  await until('it is made', () => kim.page.$('#join-link'));
  await tabTo('Copy the link for guests');
  await keyboard.press('Enter');
  assert.match(await lastCopied(kim), new RegExp(LINK));
  await tabTo('Back to the start page');
  await keyboard.press('Enter');
  await kim.reads('My rooms');
  await tabTo('More for Board');
  await keyboard.press('Enter');
  await until('the menu is open', async () => await focused() === 'Invitation');
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await until('the dialog is open', async () => await focused() === 'Day');
  await tabTo('Repeat');
  await keyboard.type('Daily');
  await kim.reads('Every day');
  await tabTo('Plan it');
  await keyboard.press('Enter');
  await kim.reads('It is planned.');
  await keyboard.press('Escape');
  await until('upcoming', () => kim.page.$('.occurrence'));
  const [room] = (await server.now.ask('GET', '/api/v1/rooms?q=Board')).rooms.filter((/** @type {any} */ { title }) => title === 'Board');
  assert.equal(room.kind, 'boardroom');
  await nothingWentWrong(kim);
  await kim.close();
});

test('the pages at each width, in both themes, in German, and twice as large', { timeout: 400_000 }, async () => {
  const ada = await signedIn('Chromium', 'zoe', 'Zoë Maximiliane Freifrau von Weitershausen-Obernkirchen', 'administrator');
  for (const [kind, title] of [['standard', 'Interview'], ['boardroom', `Quarterly review ${'with a long name '.repeat(5)}`], ['classroom', HOSTILE]]) {
    await makesRoom(ada, kind, title);
    await goesBack(ada);
  }
  const visitor = await open('Chromium', '/', 'Vic');
  for (const [who, name, where, there] of /** @type {[Visitor, string, string, string][]} */ ([
    [visitor, 'start', '/', '.new-meeting'], [visitor, 'sign-in', '/sign-in', '#login'],
    [ada, 'start-host', '/', '.room'], [ada, 'account', '/account', '.sign-in-row'], [ada, 'users', '/users', '.room'],
  ])) {
    await who.page.bringToFront();
    for (const [width, height, scale, language] of /** @type {[number, number, number, string][]} */ ([[1440, 900, 1, 'en'], [768, 1024, 1, 'en'], [360, 740, 1, 'en'], [720, 450, 2, 'de'], [360, 740, 1, 'de']])) {
      await who.page.evaluate(value => localStorage.setItem('conclave.lang', value), language);
      await who.page.setViewport({ width, height, deviceScaleFactor: scale });
      await who.page.goto(server.now.url + where, { waitUntil: 'load' });
      await until('it is drawn', () => who.page.$(there));
      await until('the language is right', () => who.page.evaluate(value => document.documentElement.lang === value, language));
      await doesNotScrollSideways(who);
      await photograph(who, `${name}-${language}-${width}`);
      await addAxe(who);
      await isAccessible(who, `${name} at ${width}`);
      await who.page.emulateMediaFeatures([]);
    }
    await who.page.evaluate(() => localStorage.setItem('conclave.lang', 'en'));
  }
  await ada.page.setViewport({ width: 1280, height: 800 });
  await ada.page.goto(server.now.url, { waitUntil: 'load' });
  await chooses(ada, 'Interview', 'Plan a meeting');
  await until('the dialog is there', () => ada.page.$('dialog[open] #event-every'));
  await sets(ada, '#event-every', 'week');
  await addAxe(ada);
  await isAccessible(ada, 'planning');
  await photograph(ada, 'start-plan');
  await nothingWentWrong(ada);
  await nothingWentWrong(visitor);
  await ada.close();
  await visitor.close();
});
