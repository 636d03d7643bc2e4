// Recording, as people in a meeting meet it: a host starts it, everybody is asked or told, on the screen and aloud, and sees the mark
// for as long as it runs; who does not want it is neither recorded nor heard; one may think again; who comes late is asked, too.
// Both browsers, a real server.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { heard, withVoice, withoutVoice } from './lib/aloud.mjs';
import { addAxe, doesNotScrollSideways, isAccessible, photograph } from './lib/appearance.mjs';
import { chromium, firefox } from './lib/browsers.mjs';
import { Server } from './lib/server.mjs';
import { serverForFile } from './lib/suite.mjs';
import { sleep, until } from './lib/until.mjs';
import { CAPTURE, Visitor } from './lib/visitor.mjs';

const SILENCE = 12_000; // bytes in 1.5 s: feedback and the like
const server = serverForFile();
/** @type {import('puppeteer-core').Browser} */
let chrome;
/** @type {import('puppeteer-core').Browser} */
let fox;
/** A host, in Chromium. @type {Visitor} */
let ann;
/** In Firefox. @type {Visitor} */
let ben;
/** In Chromium. @type {Visitor} */
let cem;
/** @type {Visitor[]} */
let all = [];
/** @type {Awaited<ReturnType<import('./lib/server.mjs').Server['createRoom']>>} */
let room;

before(async () => {
  chrome = await chromium();
  fox = await firefox();
  room = await server.now.createRoom('Board meeting', 'boardroom', '--recording', 'on', '--consent', 'require');
  ann = await Visitor.join(chrome, room.host_url, 'Ann', withVoice);
  ben = await Visitor.join(fox, room.join_url, 'Ben', withoutVoice);
  cem = await Visitor.join(chrome, room.join_url, 'Cem', withVoice);
  all = [ann, ben, cem];
}, { timeout: 120_000 });

/** What the mark says; '' where there is none. @param {Visitor} one */
const mark = one => one.page.evaluate(() => /** @type {HTMLElement | null} */ (document.querySelector('.recording-mark'))?.innerText.replace(/\s+/g, ' ').trim() ?? '');

/** @param {Visitor} one @param {RegExp} words */
const isMarked = (one, words) => until(`${one.name} sees the mark ${words}`, async () => {
  const text = await mark(one);
  if (!words.test(text))
    throw new Error(text);
  return true;
}, { timeout: 40_000 });

/** @param {Visitor} one @returns {Promise<Record<string, string | null>>} names of controls that do nothing, and why */
const barred = one => one.page.evaluate(() => Object.fromEntries([...document.querySelectorAll('.control[aria-disabled=true]')]
  .map(control => [control.getAttribute('data-control') ?? '', control.getAttribute('aria-description')])));

/** @param {Visitor} one @param {Visitor} other @param {boolean} unrecorded */
const showsAs = (one, other, unrecorded) => until(`${other.name} is ${unrecorded ? 'not ' : ''}recorded, as ${one.name} sees it`, async () =>
  (await one.tile(await other.id()))?.text.includes('not recorded') === unrecorded);

/** @param {Visitor} one how many bytes go out in a while */
async function sent (one) {
  const start = (await one.traffic()).bytesOut;
  await sleep(1500);
  return (await one.traffic()).bytesOut - start;
}

/** Presses what is in the sheet that the mark opens. @param {Visitor} one @param {string} name */
async function pressInSheet (one, name) {
  await one.page.bringToFront();
  await one.page.click('.recording-mark');
  await one.press(name, '#recording-sheet button');
}

test('only hosts have a button, and it asks before it starts', { timeout: 60_000 }, async () => {
  await ann.sees(ben);
  assert.deepEqual([await ann.has('Record'), await ben.has('Record'), await cem.has('Record')], [true, false, false]);
  await ann.press('Record');
  await ann.reads('Nobody is recorded before they have agreed.');
  await ann.pressInDialog('Cancel');
  for (const one of all)
    assert.equal(await mark(one), '');
});

test('everybody sees the mark, and is asked; who starts it has agreed', { timeout: 60_000 }, async () => {
  await ann.page.bringToFront();
  await ann.press('Record');
  await ann.pressInDialog('Ask everyone and record');
  for (const one of all)
    await isMarked(one, /^Recording 0:\d\d$/);
  for (const one of [ben, cem]) {
    await one.reads('This meeting is about to be recorded');
    await showsAs(ann, one, true);
  }
  await showsAs(ann, ann, false);
  assert.equal(await ann.page.$('dialog[open]'), null);
  await ann.sees(ben); // until they have answered they are heard and seen
});

test('it is announced: in the live region, and aloud', { timeout: 30_000 }, async () => {
  for (const one of all)
    await until(`${one.name} has it announced`, () => one.page.evaluate(() => document.querySelector('#notices [aria-live=polite]')?.textContent?.includes('This meeting is being recorded.')));
  await until('it is spoken', async () => (await heard(cem)).spoken.includes('en-GB: This meeting is being recorded.'));
  await until('or there are two tones', async () => (await heard(ben)).tones === 2);
  assert.deepEqual((await heard(ben)).spoken, [], 'not by a voice that is somebody else\'s');
});

test('who agrees takes part', { timeout: 60_000 }, async () => {
  await ben.page.bringToFront();
  await ben.pressInDialog('Agree and take part');
  await showsAs(ann, ben, false);
  assert.deepEqual(await barred(ben), {});
  await ann.sees(ben);
});

test('who refuses stays, marked, with everything off and barred, and the reason', { timeout: 90_000 }, async () => {
  await cem.page.bringToFront();
  await cem.pressInDialog('Stay without being recorded');
  await cem.reads('You are not recorded. Your microphone, camera and screen are off while it records');
  const reason = 'Off, because you are not recorded';
  const controls = await barred(cem);
  assert.deepEqual([controls.microphone, controls.camera], [reason, reason]);
  assert.ok(await cem.has('Unmute') && await cem.has('Start video'));
  await until('nothing goes out', async () => await sent(cem) < SILENCE);
  for (const one of [ann, ben]) {
    await showsAs(one, cem, true);
    await until(`the picture is gone at ${one.name}`, async () => !await one.page.$(`[data-participant="${await cem.id()}"].with-video`));
  }
  await cem.page.keyboard.press('m');
  await cem.reads('To use them, let yourself be recorded.');
  assert.ok(await cem.has('Unmute'));
  await cem.sees(ann);
});

test('who thinks again is back', { timeout: 90_000 }, async () => {
  await cem.page.bringToFront();
  await cem.press('Let me be recorded');
  await until('nothing is barred', async () => Object.keys(await barred(cem)).length === 0);
  await cem.press('Start video');
  await cem.press('Unmute');
  await ann.sees(cem);
  await showsAs(ann, cem, false);
});

test('who withdraws is off within a second', { timeout: 90_000 }, async () => {
  await ben.sees(ann);
  await pressInSheet(ben, 'Do not record me');
  const pressed = Date.now();
  await until('the mark is there', async () => Object.keys(await barred(ben)).length > 0, { every: 20 });
  const late = Date.now() - pressed;
  assert.ok(late < 1000, `${late} ms`);
  await showsAs(ann, ben, true);
  await until('nothing goes out', async () => await sent(ben) < SILENCE);
  await ann.page.bringToFront();
  await ann.page.click('.recording-mark');
  await ann.reads('Not recorded: Ben');
  await ann.page.keyboard.press('Escape');
});

test('a pause: the time stands still, and who is not recorded may speak', { timeout: 120_000 }, async () => {
  await pressInSheet(ann, 'Pause recording');
  for (const one of all)
    await isMarked(one, /^Paused 0:\d\d|^Paused [1-9]/);
  await ben.page.bringToFront();
  await until('nothing is barred', async () => Object.keys(await barred(ben)).length === 0);
  await ben.press('Start video');
  await ann.sees(ben);
  const first = await until('the time stands still', async () => {
    const before = await mark(cem);
    await sleep(1500);
    return await mark(cem) === before && before;
  });
  await pressInSheet(ann, 'Resume recording');
  for (const one of all)
    await isMarked(one, /^Recording /);
  await until('it is spoken', async () => (await heard(cem)).spoken.includes('en-GB: The recording goes on.'));
  await until('barred again', async () => Object.keys(await barred(ben)).length > 0);
  await until('it goes on', async () => await mark(cem) !== first.replace('Paused', 'Recording'));
});

test('who comes late is asked before anything of them is recorded, and may leave', { timeout: 90_000 }, async () => {
  const dan = await Visitor.join(chrome, room.join_url, 'Dan', withVoice);
  await isMarked(dan, /^Recording /);
  await dan.reads('This meeting is about to be recorded');
  await until('it is spoken', async () => (await heard(dan)).spoken.includes('en-GB: This meeting is being recorded.'));
  await showsAs(ann, dan, true);
  await dan.page.keyboard.press('Escape'); // no answer is none
  await dan.reads('You have not said yet whether you may be recorded.');
  await dan.press('Answer');
  await dan.pressInDialog('Leave');
  await dan.reads('You have left the meeting');
  await dan.close();
});

test('stopped: the mark is gone, all may send, and hosts learn what becomes of it', { timeout: 90_000 }, async () => {
  await pressInSheet(ann, 'Stop recording');
  await ann.pressInDialog('Stop recording');
  for (const one of all)
    await until(`the mark is gone at ${one.name}`, async () => await mark(one) === '');
  await until('it is spoken', async () => (await heard(cem)).spoken.includes('en-GB: The recording has stopped.'));
  assert.deepEqual(await barred(ben), {});
  await showsAs(ann, ben, false);
  for (const one of all)
    assert.deepEqual([...one.errors, ...await one.violations()], [], one.name);
  await ann.page.bringToFront();
  await ann.press('Leave');
  await ann.pressInDialog('Leave');
  await ann.reads('The recording is being prepared.');
  for (const one of all)
    await one.close();
});

test('where people are told: a notice for everybody, and a way out; in German, at 360 px, in both themes', { timeout: 180_000 }, async () => {
  const told = await server.now.createRoom('Besprechung', 'boardroom', '--recording', 'on');
  const eva = await Visitor.open(chrome, told.host_url, 'Eva');
  await addAxe(eva);
  await eva.reads('A host can record it; you are told when that starts, and can say no.');
  await eva.enter();
  const fay = await Visitor.open(chrome, told.join_url, 'Fay', null, CAPTURE);
  await fay.page.evaluate(() => localStorage.setItem('conclave.lang', 'de'));
  await fay.page.setViewport({ width: 360, height: 740 });
  await fay.page.goto(told.join_url, { waitUntil: 'load' });
  await until('the page is German', () => fay.page.evaluate(() => document.documentElement.lang === 'de'));
  await fay.page.type('#name', 'Fay');
  await fay.page.keyboard.press('Enter');
  await fay.meets(1);
  await addAxe(fay);
  await eva.page.bringToFront();
  await eva.press('Record');
  await photograph(eva, 'recording-start');
  await isAccessible(eva, 'before it starts');
  await eva.pressInDialog('Tell everyone and record');
  await isMarked(fay, /^Aufzeichnung 0:\d\d$/);
  await fay.reads('Diese Besprechung wird aufgezeichnet.');
  await fay.page.bringToFront();
  await doesNotScrollSideways(fay);
  await photograph(fay, 'recording-notice-de-360');
  await isAccessible(fay, 'the notice');
  await fay.press('Mich nicht aufzeichnen');
  await showsAs(eva, fay, true);
  await until('Fay sees it of herself', async () => (await fay.tile(await fay.id()))?.text.includes('nicht aufgezeichnet'));
  await fay.page.click('.recording-mark');
  await photograph(fay, 'recording-sheet-de-360');
  await isAccessible(fay, 'what the mark opens');
  await doesNotScrollSideways(fay);
  await fay.page.keyboard.press('Escape');
  await server.now.ctl('recording', 'stop', told.id);
  await eva.reads('The administrator of this server stopped it. What was recorded until now is kept');
  await photograph(eva, 'recording-stopped');
  await eva.pressInDialog('OK');
  await until('the mark is gone', async () => await mark(fay) === '' && await fay.page.$('dialog[open]') === null);
  await server.now.ctl('room', 'end', told.id);
  await eva.reads('The administrator of this server ended it.');
  await eva.reads('The recording is being prepared.');
  await photograph(eva, 'recording-ended');
  await isAccessible(eva, 'ended');
  for (const one of [eva, fay]) {
    assert.deepEqual([...one.errors, ...await one.violations()], [], one.name);
    await one.close();
  }
});

test('hosts, and nobody else, learn that the disk is filling, and that it is too full to begin', { timeout: 120_000 }, async () => {
  for (const [recording, begins] of /** @type {[Record<string, number>, boolean][]} */ ([[{ 'warn-below-percent': 100 }, true], [{ 'warn-below-percent': 100, 'stop-below-percent': 100 }, false]])) {
    const other = await Server.start({ config: { recording } });
    try {
      const small = await other.createRoom('Small', 'boardroom', '--recording', 'on');
      const eva = await Visitor.join(chrome, small.host_url, 'Eva');
      const fay = await Visitor.join(chrome, small.join_url, 'Fay');
      await eva.page.bringToFront();
      await eva.press('Record');
      await eva.pressInDialog('Tell everyone and record');
      if (begins) {
        await isMarked(fay, /^Recording 0:\d\d$/);
        await eva.reads('The server\'s disk is nearly full.');
        assert.ok(!(await fay.text()).includes('disk'));
      } else {
        await eva.reads('The server\'s disk is too full.');
        assert.equal(await mark(eva), '');
      }
      await eva.close();
      await fay.close();
    } finally {
      await other.stop();
    }
  }
});

test('a Classroom: who only watches is told, and asked when brought on stage, before anything else', { timeout: 120_000 }, async () => {
  const lecture = await server.now.createRoom('Lecture', 'classroom', '--recording', 'on', '--consent', 'require');
  const eva = await Visitor.join(chrome, lecture.host_url, 'Eva', withVoice);
  const fay = await Visitor.join(fox, lecture.join_url, 'Fay', withVoice);
  await eva.page.bringToFront();
  await eva.press('Record');
  await eva.pressInDialog('Ask everyone and record');
  await isMarked(fay, /^Recording 0:\d\d$/);
  await until('it is spoken', async () => (await heard(fay)).spoken.includes('en-GB: This meeting is being recorded.'));
  assert.equal(await fay.page.$('dialog[open]'), null);
  await fay.page.click('.recording-mark');
  await fay.reads('You only watch, so nothing of you is recorded.');
  await fay.page.keyboard.press('Escape');
  await eva.press('People');
  await eva.page.evaluate(() => {
    const row = [...document.querySelectorAll('.person')].find(element => element.querySelector('.person-name')?.textContent === 'Fay');
    /** @type {HTMLElement | undefined} */ (row?.querySelector('button') ?? undefined)?.click();
  });
  await eva.press('Bring on stage', '#person-menu button');
  await fay.reads('This meeting is about to be recorded');
  await showsAs(eva, fay, true);
  await fay.pressInDialog('Agree and take part');
  await fay.reads('Nobody hears or sees you until you turn on your microphone or camera.');
  await fay.pressInDialog('Turn on both');
  await eva.sees(fay);
  await showsAs(eva, fay, false);
  for (const one of [eva, fay]) {
    assert.deepEqual([...one.errors, ...await one.violations()], [], one.name);
    await one.close();
  }
});

test('where it is not allowed there is no button, and the page before joining says so', { timeout: 60_000 }, async () => {
  const plain = await server.now.createRoom('Plain', 'boardroom');
  const eva = await Visitor.open(chrome, plain.host_url, 'Eva');
  await eva.reads('It is not recorded here.');
  await eva.enter();
  assert.ok(!await eva.has('Record'));
  await eva.close();
});
