// What people make together, in Chromium and Firefox at once: chat, agenda, minutes, polls, captions. The others see it, who comes late
// and who reloads finds it, and what was done without a connection comes in afterwards.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addAxe, doesNotScrollSideways, isAccessible, photograph } from './lib/appearance.mjs';
import { chromium, firefox } from './lib/browsers.mjs';
import { Proxy } from './lib/proxy.mjs';
import { takeSeat } from './lib/seat-filler.mjs';
import { serverForFile } from './lib/suite.mjs';
import { sleep, until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

const OFFLINE_MS = 30_000;
const MANY = 500;
const server = serverForFile();
/** @type {import('puppeteer-core').Browser} */
let chrome;
/** @type {{ host_url: string, join_url: string }} */
let room;
/** The host, in Chromium. @type {Visitor} */
let ann;
/** In Firefox. @type {Visitor} */
let ben;
/** In Chromium, and most of the time without a connection. @type {Visitor} */
let cem;
/** @type {Proxy} */
let proxy;
let offlineSince = 0;
/** Where a lot was said before anybody else came. @type {{ room: { join_url: string }, seat: Awaited<ReturnType<typeof takeSeat>>, said: Promise<void> }} */
let talk;

/** @param {string} what @param {() => Promise<unknown>} ask @param {unknown} wanted */
const becomes = (what, ask, wanted) => until(what, async () => {
  const now = JSON.stringify(await ask());
  if (now !== JSON.stringify(wanted))
    throw new Error(now);
  return true;
}, { timeout: 20_000 });

/** The texts of what a selector finds. @param {Visitor} one @param {string} selector @returns {Promise<string[]>} */
const texts = (one, selector) => one.page.evaluate(wanted => [...document.querySelectorAll(wanted)].map(element => element.textContent?.trim().replace(/\s+/g, ' ') ?? ''), selector);

/** The paragraphs of the minutes, as they stand in their fields. @param {Visitor} one */
const paragraphs = one => one.page.evaluate(() => [...document.querySelectorAll('.block')].map(block =>
  `${block.className.split(' ')[1]}: ${/** @type {HTMLTextAreaElement | null} */ (block.querySelector('textarea'))?.value}`));

/** Puts the caret into a paragraph, as a click there would. @param {Visitor} one @param {number} n of the paragraph, from 1 @param {number} at characters before it */
const setCaret = (one, n, at) => one.page.$eval(`.block:nth-child(${n}) textarea`, (element, before) => {
  const field = /** @type {HTMLTextAreaElement} */ (element);
  field.focus();
  field.setSelectionRange(before, before);
}, at);

/** The tools of a message show on hover, which headless browsers have not. @param {Visitor} one @param {string} text of the message @param {string} what */
async function aboutMessage (one, text, what) {
  await until(`${one.name} does "${what}" about "${text}"`, () => one.page.evaluate((wanted, label) => {
    const message = [...document.querySelectorAll('.message')].find(element => element.querySelector('.message-text')?.textContent?.includes(wanted));
    const button = /** @type {HTMLElement | null} */ (message?.querySelector(`[aria-label="${label}"]`) ?? null);
    button?.click();
    return button !== null;
  }, text, what));
}

/** With the pointer held. @param {Visitor} one @param {string} from @param {string} to */
async function drag (one, from, to) {
  const [a, b] = await Promise.all([from, to].map(selector => one.page.$eval(selector, element => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2 };
  })));
  await one.page.mouse.move(a.x, a.y);
  await one.page.mouse.down();
  await one.page.mouse.move(a.x, (a.y + b.y) / 2, { steps: 3 });
  await one.page.mouse.move(b.x, b.y - 4, { steps: 3 });
  await one.page.mouse.up();
}

/** @param {Visitor} one @param {'Agenda' | 'Minutes' | 'Polls'} tab */
async function openNotes (one, tab) {
  if (!await one.page.$('#panel-notes'))
    await one.press('Notes', '.control');
  await one.press(tab, '[role=tab]');
}

/** With A, where the button is in a menu. @param {Visitor} one @param {'Agenda' | 'Minutes' | 'Polls'} tab */
async function openNotesByKey (one, tab) {
  if (!await one.page.$('#panel-notes')) {
    await one.page.evaluate(() => /** @type {HTMLElement | null} */ (document.activeElement)?.blur());
    await one.page.keyboard.press('a');
  }
  await one.press(tab, '[role=tab]');
}

/** Seen without scrolling. @param {Visitor} one @param {string} selector */
const isWithin = (one, selector) => one.page.$eval(selector, element => {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
});

before(async () => {
  let fox;
  [chrome, fox] = await Promise.all([chromium(), firefox()]);
  proxy = await Proxy.start(server.now.port);
  room = await server.now.createRoom('Weekly', 'boardroom');
  const other = await server.now.createRoom('Long talk', 'boardroom');
  const seat = await takeSeat(other.join_url, 'Eli');
  talk = { room: other, seat, said: seat.say(Array.from({ length: MANY }, (_, i) => `Message ${i + 1}${i % 7 ? '' : `\n${'and so on '.repeat(20)}`}`)) };
  [ann, ben, cem] = await Promise.all([
    Visitor.join(chrome, room.host_url, 'Ann'), Visitor.join(fox, room.join_url, 'Ben'), Visitor.join(chrome, proxy.through(room.join_url), 'Cem'),
  ]);
}, { timeout: 120_000 });

after(async () => {
  talk?.seat.leave();
  await proxy?.stop();
});

test('who has lost the connection goes on writing', { timeout: 60_000 }, async () => {
  await openNotes(cem, 'Minutes');
  await openNotes(ann, 'Minutes');
  await ann.press('Text', '.block-kinds button');
  await ann.page.keyboard.type('Beginning');
  await becomes('both have it', () => paragraphs(cem), ['text: Beginning']);
  proxy.closed = true;
  proxy.cut();
  offlineSince = Date.now();
  await cem.press('Decision', '.block-kinds button');
  await cem.page.keyboard.type('We meet on Monday');
  await becomes('it shows at once', () => paragraphs(cem), ['text: Beginning', 'decision: We meet on Monday']);
});

test('a message is answered, reacted to, corrected and deleted', { timeout: 60_000 }, async () => {
  await ann.write('Can you hear me?');
  await ben.openChat();
  await becomes('it is there', () => texts(ben, '.message-text'), ['Can you hear me?']);
  await aboutMessage(ben, 'Can you', 'Reply');
  await ben.page.keyboard.type('Loud and cleer');
  await ben.page.keyboard.press('Enter');
  await becomes('the answer quotes it', () => texts(ann, '.quote'), ['Ann Can you hear me?']);
  await aboutMessage(ann, 'Loud', 'React');
  await until('the signs are there', () => ann.isFocused('thumbs up'));
  await ann.page.keyboard.press('1');
  await becomes('the reaction is there', () => texts(ben, '.chip'), ['👍1']);
  await ben.page.focus('.composer textarea');
  await ben.page.keyboard.press('ArrowUp');
  await ben.page.keyboard.press('Backspace');
  await ben.page.keyboard.press('Backspace');
  await ben.page.keyboard.type('ar');
  await ben.page.keyboard.press('Enter');
  await becomes('it is corrected', () => texts(ann, '.message-text'), ['Can you hear me?', 'Loud and clear (edited)']);
  await aboutMessage(ann, 'Can you', 'More');
  await ann.press('Delete for everyone', '#message-menu button');
  await becomes('the answer says so', () => texts(ben, '.quote'), ['Deleted message']);
});

test('a private message is for one, who may answer, and is gone with the page', { timeout: 60_000 }, async () => {
  await ann.press('People', '.control');
  await ann.govern('Ben', 'Write privately');
  await ann.reads('Only Ben and you see this.');
  await ann.page.keyboard.type('Between you and me');
  await ann.page.keyboard.press('Enter');
  await becomes('it is private', () => texts(ben, '.message.secret .message-text'), ['Between you and me']);
  await aboutMessage(ben, 'Between', 'Reply');
  await ben.page.keyboard.type('Nobody else reads this');
  await ben.page.keyboard.press('Enter');
  await becomes('the answer is, too', () => texts(ann, '.message.secret .message-text'), ['Between you and me', 'Nobody else reads this']);
  await ben.page.reload();
  await ben.enter();
  await ben.openChat();
  await becomes('only what all may read is there', () => texts(ben, '.message-text'), ['Loud and clear (edited)']);
});

test('the agenda: added, put in order with keys and by dragging, and its clock at everybody', { timeout: 60_000 }, async () => {
  await openNotes(ann, 'Agenda');
  for (const [title, minutes] of [['Figures', '10'], ['Welcome', '5'], ['Any other business', '']]) {
    await ann.fill('Item of the agenda', title);
    await ann.fill('Minutes planned', minutes);
    await ann.page.keyboard.press('Enter');
  }
  await openNotes(ben, 'Agenda');
  await becomes('all is there', () => texts(ben, '.item-title'), ['Figures', 'Welcome', 'Any other business']);
  await ann.page.focus('.item:nth-child(2) .handle');
  await ann.page.keyboard.press('ArrowUp');
  await becomes('the keys have moved it', () => texts(ben, '.item-title'), ['Welcome', 'Figures', 'Any other business']);
  await drag(ann, '.item:nth-child(3) .handle', '.item:nth-child(1) .handle');
  await becomes('the pointer has moved it', () => texts(ben, '.item-title'), ['Any other business', 'Welcome', 'Figures']);
  await ann.page.click('.item:nth-child(2) .start');
  await becomes('it is above the stage', () => texts(ben, '.agenda-title'), ['Welcome']);
  await until('the clock runs', async () => /0:0[1-9]/.test((await texts(ben, '.agenda-clock'))[0] ?? ''));
  assert.equal(await ben.page.$('.agenda-next'), null, 'only hosts go on');
  await ann.page.click('.agenda-next');
  await becomes('the next one', () => texts(ben, '.agenda-title'), ['Figures']);
  await becomes('the one before is done', () => texts(ben, '.item.done .item-title'), ['Welcome']);
});

test('a co-host who is one no longer: what they may not use goes, and what they were writing stays', { timeout: 60_000 }, async () => {
  await ann.govern('Ben', 'Make co-host');
  await openNotes(ben, 'Agenda');
  await ben.fill('Item of the agenda', 'Half a thought');
  await ben.press('More about Figures');
  await ben.press('Change', '#item-menu button');
  await ben.page.keyboard.type(' of May');
  await ann.govern('Ben', 'No longer co-host');
  await becomes('it is kept', () => texts(ben, '.kept-words'), ['Figures of May · 10 min Half a thought']);
  await becomes('the agenda can be read', () => texts(ben, '.item-title'), ['Any other business', 'Welcome', 'Figures']);
  assert.deepEqual([await texts(ben, '.agenda button, .agenda input, .adding'), await ben.page.evaluate(() => document.activeElement?.id)], [[], 'panel-title']);
  await ben.press('Put it away');
  await becomes('it is gone', () => texts(ben, '.kept'), []);
  await ann.govern('Ben', 'Make co-host');
  await openNotes(ben, 'Polls');
  await ben.press('New poll');
  await ben.page.keyboard.type('Tea?');
  await ben.fill('Answer 2', 'Never');
  await ann.govern('Ben', 'No longer co-host');
  await becomes('so is a poll', () => texts(ben, '.kept-words'), ['Tea? Never']);
  await photograph(ben, 'content-kept');
  assert.equal(await ben.has('New poll'), false);
  await ben.press('Put it away');
  assert.deepEqual(ben.errors, []);
});

test('two write minutes at once, and the caret stays where it is', { timeout: 60_000 }, async () => {
  await openNotes(ann, 'Minutes');
  await openNotes(ben, 'Minutes');
  await becomes('Ben has it', () => paragraphs(ben), ['text: Beginning']);
  await ben.press('Action', '.block-kinds button');
  await ben.page.keyboard.type('Write to the bank');
  await becomes('Ann has it', () => paragraphs(ann), ['text: Beginning', 'action: Write to the bank']);
  await setCaret(ann, 1, 'Begin'.length);
  await Promise.all([ann.page.keyboard.type(' at nine', { delay: 60 }), ben.page.keyboard.type(' tomorrow', { delay: 60 })]);
  const action = 'action: Write to the bank tomorrow';
  for (const one of [ann, ben])
    await becomes(`${one.name} has both`, () => paragraphs(one), ['text: Begin at ninening', action]);
  // Somebody else moves what one writes in past another one, and back, and writes before the caret.
  await setCaret(ben, 1, 0);
  for (const [key, order] of /** @type {const} */ ([['ArrowDown', [1, 0]], ['ArrowUp', [0, 1]]])) {
    await ben.page.keyboard.down('Alt');
    await ben.page.keyboard.press(key);
    await ben.page.keyboard.up('Alt');
    const text = `text: Begin at nine${'!'.repeat(order[1])}ning`;
    await becomes('it is in another place', () => paragraphs(ann), [[text, action][order[0]], [text, action][order[1]]]);
    await ann.page.keyboard.type('!');
  }
  await becomes('both went where the caret was', async () => (await paragraphs(ben))[0], 'text: Begin at nine!!ning');
  await setCaret(ben, 1, 0);
  await ben.page.keyboard.type('We ');
  await becomes('it has come', async () => (await paragraphs(ann))[0], 'text: We Begin at nine!!ning');
  await ann.page.keyboard.type('?');
  for (const one of [ann, ben])
    await becomes(`${one.name} has all of it`, () => paragraphs(one), ['text: We Begin at nine!!?ning', action]);
  await ben.fill('Who', 'Ben');
  await ben.page.keyboard.press('Tab');
  await becomes('who does it', () => ann.page.$eval('[data-field=owner]', element => /** @type {HTMLInputElement} */ (element).value), 'Ben');
});

test('a poll: asked by the host, voted on, changed, closed', { timeout: 60_000 }, async () => {
  await ben.page.keyboard.press('Escape');
  await openNotes(ann, 'Polls');
  await ann.press('New poll');
  await ann.page.keyboard.type('Go on?');
  await ann.fill('Answer 1', 'Yes');
  await ann.fill('Answer 2', 'No');
  await ann.press('Ask everyone');
  await ben.reads('Go on?');
  await ben.press('Vote', '.banner button');
  await ben.page.click('.poll-choice:nth-child(1) input');
  await becomes('the bar grows', () => texts(ann, '.poll-count'), ['1 · 100 %', '0 · 0 %']);
  await ben.page.click('.poll-choice:nth-child(2) input');
  await becomes('it is another vote, not one more', () => texts(ann, '.poll-count'), ['0 · 0 %', '1 · 100 %']);
  assert.equal(await ben.has('Close the poll'), false);
  await ann.press('Close the poll');
  await ben.reads('Voted: Ben');
  assert.equal(await ben.page.$eval('.poll input', element => /** @type {HTMLInputElement} */ (element).disabled), true);
});

test('captions: typed by one, seen by who wants them', { timeout: 60_000 }, async () => {
  await ann.page.keyboard.press('Escape');
  await ben.page.keyboard.press('Escape');
  await ben.press('More', '.control');
  await ben.press('Write captions', '#more-menu button');
  await ben.page.keyboard.type('Good morning. Now ');
  await ann.reads('Ben writes captions. Press S to see them.');
  assert.equal(await ann.page.$('.captions'), null);
  await ann.page.keyboard.press('s');
  await ben.page.keyboard.type('we begin.');
  await ben.page.keyboard.press('Enter');
  await becomes('the last line is over the stage', async () => (await texts(ann, '.captions p')).at(-1), 'Now we begin.');
});

test('who comes late finds all of it', { timeout: 60_000 }, async () => {
  const dia = await Visitor.join(chrome, room.join_url, 'Dia');
  await dia.openChat();
  await becomes('the chat', () => texts(dia, '.message-text'), ['Loud and clear (edited)']);
  await becomes('the agenda above the stage', () => texts(dia, '.agenda-title'), ['Figures']);
  await openNotes(dia, 'Minutes');
  await until('the minutes', async () => (await paragraphs(dia)).length === 2);
  await openNotes(dia, 'Polls');
  await becomes('the poll', () => texts(dia, '.poll-question'), ['Go on?']);
  assert.deepEqual(dia.errors, []);
  assert.deepEqual(await dia.violations(), []);
  await dia.close();
});

test('half a minute without a connection, and nothing of either side is lost', { timeout: 90_000 }, async () => {
  await openNotes(ann, 'Minutes');
  await sleep(Math.max(0, offlineSince + OFFLINE_MS - Date.now()));
  const before = await paragraphs(ann);
  assert.ok(!before.includes('decision: We meet on Monday'));
  proxy.closed = false;
  await cem.page.evaluate(() => { dispatchEvent(new Event('online')); }); // as a browser says it
  await until('it has come', async () => (await paragraphs(ann)).includes('decision: We meet on Monday'), { timeout: 30_000 });
  const merged = await paragraphs(ann);
  assert.equal(merged.length, before.length + 1);
  await becomes('it is the same at who was away', () => paragraphs(cem), merged);
});

test('who comes into a conversation of 500 messages stands at its end, with nothing unread and nothing lost', { timeout: 60_000 }, async () => {
  await talk.said;
  const fay = await Visitor.join(chrome, talk.room.join_url, 'Fay');
  assert.equal(await fay.page.$('.unread'), null);
  await fay.openChat();
  await becomes('the newest shows', async () => (await texts(fay, '.message-text')).at(-1), `Message ${MANY}`);
  await becomes('it stands there', () => fay.page.$eval('.messages', list => list.scrollHeight - list.scrollTop - list.clientHeight < 2), true);
  assert.deepEqual(fay.errors, []);
  while (await fay.has('Earlier messages'))
    await fay.press('Earlier messages');
  assert.deepEqual((await texts(fay, '.message-text')).map(text => /^Message \d+/.exec(text)?.[0]), Array.from({ length: MANY }, (_, i) => `Message ${i + 1}`));
  await talk.seat.say(['One more']);
  await fay.reads('1 new message');
  await fay.press('1 new message');
  await becomes('it is back at the end', () => fay.page.$eval('.messages', list => list.scrollHeight - list.scrollTop - list.clientHeight < 2), true);
  await fay.page.keyboard.press('Escape');
  await talk.seat.say(['And another']);
  await becomes('it is counted', () => texts(fay, '.unread'), ['1']);
  assert.match(await fay.page.title(), /^\(1\) /);
  await fay.close();
});

test('accessible in both browsers, and not too wide', { timeout: 150_000 }, async () => {
  for (const [one, picture] of /** @type {const} */ ([[ann, 'host'], [ben, 'firefox']])) {
    await addAxe(one);
    for (const tab of /** @type {const} */ (['Agenda', 'Minutes', 'Polls'])) {
      await openNotes(one, tab);
      await isAccessible(one, `${tab}, ${one.name}`);
      await photograph(one, `notes-${tab.toLowerCase()}-${picture}`);
    }
    await one.openChat();
    await isAccessible(one, `chat, ${one.name}`);
    await photograph(one, `content-chat-${picture}`);
  }
  await ann.page.setViewport({ width: 360, height: 740 });
  await doesNotScrollSideways(ann);
  await ann.page.setViewport({ width: 640, height: 400, deviceScaleFactor: 2 }); // 200 %
  await doesNotScrollSideways(ann);
  assert.ok(await isWithin(ann, '.composer textarea'));
  for (const [tab, selector] of /** @type {const} */ ([['Agenda', '.adding button'], ['Minutes', '.block-kinds button:last-child'], ['Polls', '.polls-new']])) {
    await openNotesByKey(ann, tab);
    await doesNotScrollSideways(ann);
    assert.ok(await isWithin(ann, selector), `${tab}: ${selector}`);
  }
  await openNotesByKey(ann, 'Agenda');
  await ann.press('More about Figures');
  await ann.press('Change', '#item-menu button');
  await becomes('all of the form is to be seen', () => isWithin(ann, '.item-form .primary'), true);
  await photograph(ann, 'content-zoomed');
  for (const one of [ann, ben, cem]) {
    assert.deepEqual(one.errors, []);
    assert.deepEqual(await one.violations(), []);
  }
});
