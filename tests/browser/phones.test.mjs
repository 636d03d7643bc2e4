// People who call by phone in a Boardroom, with real phones and both browsers: everybody hears everybody but themselves, callers are shown,
// ordered by who speaks and recorded like everybody; hosts let them in, mute and remove them, and see what is to be dialled; if what holds
// their calls dies, browsers do not notice. In a Classroom they listen until a host brings them on stage. Who guesses PINs is kept out, and hosts are told.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { addAxe, doesNotScrollSideways, isAccessible, photograph } from './lib/appearance.mjs';
import { chromium, firefox } from './lib/browsers.mjs';
import { ADDRESS, freePort } from './lib/server.mjs';
import { serverForFile } from './lib/suite.mjs';
import { Telephone } from './lib/telephone.mjs';
import { levelsOf, spectrum, withTone } from './lib/tones.mjs';
import { until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

// G.711 bends a tone, and what it adds falls on multiples of what its frequency and 8000 Hz have in common: with 600 Hz on those of 200, so on all
// the others' tones (-41 dB, also while these are silent), with 640 Hz on those of 320 and on none of them.
const TONE = { ann: 1400, ben: 1800, gus: 640, hal: 1000 };
const PORT = await freePort();
// dB. Tones are between -6 and -20.
const LOUD = -30, SILENT = -40;
const server = serverForFile({
  config: { sip: { listen: `udp:${ADDRESS}:${PORT}`, numbers: '+49 30 1', 'trunk-addresses': ADDRESS, 'pin-in-number': true } },
});
/** In Chromium, a host. @type {Visitor} */
let ann;
/** In Firefox. @type {Visitor} */
let ben;
/** G.711. @type {Telephone} */
let gus;
/** G.722. @type {Telephone} */
let hal;
/** @type {any} */
let room;

before(async () => {
  const [chrome, fox, first, second] = await Promise.all([chromium(), firefox({ preferences: { 'media.navigator.audio.fake_frequency': TONE.ben } }),
    Telephone.start({ number: '+4930123456', hertz: TONE.gus, codec: 'pcma' }), Telephone.start({ number: '+4930123789', hertz: TONE.hal, codec: 'g722/16000/1' })]);
  [gus, hal] = [first, second];
  room = await server.now.createRoom('Board meeting', 'boardroom', '--dial-in', 'on', '--recording', 'on');
  ann = await Visitor.join(chrome, room.host_url, 'Ann', withTone);
  ben = await Visitor.join(fox, room.join_url, 'Ben');
}, { timeout: 120_000 });

after(() => Promise.all([gus?.end(), hal?.end()]));

/** The person whose tile has such a label. @param {Visitor} one @param {string} name */
const idOf = (one, name) => until(`${one.name} sees ${name}`, async () => {
  const people = await one.people();
  const found = people.find(({ label }) => label.startsWith(name));
  if (!found)
    throw new Error(JSON.stringify(people));
  return found.id;
});

/** @param {Visitor} one @param {number[]} loud @param {number[]} silent */
const hearsTones = (one, loud, silent) => until(`${one.name} hears ${loud}, not ${silent}`, async () => {
  const levels = await one.page.evaluate(spectrum, [...loud, ...silent]);
  if (levels.some((level, i) => i < loud.length ? level < LOUD : level > SILENT))
    throw new Error(String(levels));
  return true;
});

/** What the menu about somebody offers. @param {Visitor} one @param {string} name */
async function offers (one, name) {
  await one.page.$eval(`[data-participant] [aria-label="What to do about ${name}"]`, node => /** @type {HTMLElement} */ (node).click()); // it shows on hover
  await until('the menu is open', () => one.page.$('#person-menu:popover-open'));
  const words = await one.page.$$eval('#person-menu button', all => all.map(node => node.textContent?.trim() ?? ''));
  await one.page.keyboard.press('Escape');
  return words;
}

/** @param {Visitor} one @param {string} name @param {boolean} speaking */
async function showsSpeaking (one, name, speaking) {
  const id = await idOf(one, name);
  await until(`${name} ${speaking ? 'speaks' : 'is silent'}`, async () => (await one.tile(id))?.speaking === speaking);
}

/** What ffmpeg makes of a track. @param {string} file */
function decodeTrack (file) {
  const raw = execFileSync('ffmpeg', ['-v', 'fatal', '-i', file, '-f', 's16le', '-ac', '1', '-ar', '16000', '-'], { maxBuffer: 1 << 26 });
  return { rate: 16000, samples: Float32Array.from({ length: raw.length >> 1 }, (_, i) => raw.readInt16LE(2 * i) / 32768) };
}

/** @param {string} what */
const children = what => execFileSync('ps', ['-C', what, '-o', 'pid='], { encoding: 'utf8' }).trim().split(/\s+/).map(Number);

test('callers are people with a phone on their tile, and everybody hears everybody', { timeout: 90_000 }, async () => {
  await gus.dial(`sip:+49301@${ADDRESS}:${PORT}`); // and types
  await gus.press(`${room.dial_in.pin}#`);
  await hal.dial(`sip:${room.dial_in.pin}@${ADDRESS}:${PORT}`);
  for (const one of [ann, ben]) {
    for (const name of ['Phone …456', 'Phone …789']) {
      const id = await idOf(one, name);
      assert.match((await one.people()).find(person => person.id === id)?.label ?? '', /, by phone$/);
      assert.deepEqual(await one.page.$$eval(`[data-participant="${id}"] .avatar use`, all => all.map(node => node.getAttribute('href')?.split('#')[1])), ['phone'], one.name);
    }
    await one.page.bringToFront();
    await hearsTones(one, [TONE.gus, TONE.hal, one === ann ? TONE.ben : TONE.ann], [one === ann ? TONE.ann : TONE.ben]);
  }
});

test('hosts are offered what a phone can do, and nobody writes to one', { timeout: 60_000 }, async () => {
  await ann.page.bringToFront();
  assert.deepEqual(await offers(ann, 'Phone …456'), ['Mute', 'Spotlight for everyone', 'Change their name', 'Pin for yourself', 'Remove from the meeting']);
  const others = await offers(ann, 'Ben');
  assert.deepEqual(['Write privately', 'Make co-host'].filter(words => !others.includes(words)), []);
  await ann.openChat();
  assert.deepEqual(await ann.page.$$eval('.recipient option', all => all.map(node => node.textContent)), ['Everyone', 'Only Ben']);
});

test('what to dial stands in the list of people; the PIN for hosts only hosts see', { timeout: 120_000 }, async () => {
  const { pin, host_pin: hostPin } = room.dial_in;
  const grouped = (/** @type {string} */ digits) => `${digits.replace(/^(...)(...)/, '$1 $2 ')} #`;
  for (const one of [ben, ann]) {
    await one.page.bringToFront();
    await one.press('People');
    await until(`${one.name} sees what to dial`, () => one.page.$('.by-phone'));
    const text = await one.page.$eval('.by-phone', node => /** @type {HTMLElement} */ (node).innerText);
    assert.deepEqual(['+49 30 1', grouped(pin)].filter(words => !text.includes(words)), []);
    assert.equal(text.includes(grouped(hostPin)), one === ann, text);
    const said = await one.page.$$eval('.dial-in .unseen', all => all.map(node => node.textContent));
    assert.deepEqual(said.slice(0, 2), ['Call + 4 9 3 0 1', `${[...pin].join(' ')}, then the hash key`]);
    assert.equal(await one.page.$eval('.dial-in a', node => node.getAttribute('href')), `tel:+49301,,${pin}%23`);
    const rows = await one.page.$$eval('.person', all => all.map(node => /** @type {HTMLElement} */ (node).innerText.replace(/\s+/g, ' ')));
    assert.equal(rows.filter(row => /Phone …(456|789) by phone/.test(row)).length, 2, String(rows));
  }
  await ann.page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (/** @type {string} */ text) => { Object.assign(globalThis, { copied: text }); } } }));
  await ann.press('Copy the invitation');
  const copied = await until('the invitation is copied', () => ann.page.evaluate(() => /** @type {any} */ (globalThis).copied));
  assert.ok(copied.includes(`+49 30 1\nPIN: ${grouped(pin)}\n`) && copied.includes(room.join_url), copied);
  assert.ok(!copied.includes(hostPin) && !copied.includes(grouped(hostPin)), copied);
  await addAxe(ann);
  await isAccessible(ann, 'the list of people');
  for (const [name, width] of /** @type {const} */ ([['wide', 1280], ['narrow', 360]])) {
    await ann.page.setViewport({ width, height: 800 });
    await doesNotScrollSideways(ann);
    await photograph(ann, `phones-people-${name}`);
  }
  await ann.page.setViewport({ width: 1280, height: 800 });
});

test('switched off and on in the meeting, it is seen at once, and callers stay', { timeout: 60_000 }, async () => {
  const set = (/** @type {boolean} */ on) => server.now.ask('PATCH', `/api/v1/rooms/${room.id}`, { dial_in: on });
  await set(false);
  for (const one of [ann, ben])
    await until(`${one.name} sees no number any more`, async () => !await one.page.$('.by-phone'));
  await ann.reads('Nobody else can call in now. Callers who are here stay until they hang up.');
  await ann.page.bringToFront();
  await hearsTones(ann, [TONE.gus, TONE.hal], [TONE.ann]);
  await set(true);
  for (const one of [ann, ben]) {
    await one.reads('This meeting can be called by phone now.');
    assert.match(await one.page.$eval('.by-phone', node => /** @type {HTMLElement} */ (node).innerText), new RegExp(room.dial_in.pin.slice(6)));
  }
});

test('by keys they mute themselves and raise a hand', { timeout: 60_000 }, async () => {
  await ann.page.bringToFront();
  await showsSpeaking(ann, 'Phone …789', true);
  await hal.press('*6');
  await showsSpeaking(ann, 'Phone …789', false);
  await showsSpeaking(ann, 'Phone …456', true);
  await hearsTones(ann, [TONE.gus], [TONE.hal]);
  await hal.press('*6');
  await showsSpeaking(ann, 'Phone …789', true);
  await hal.press('*9');
  const hand = `[data-participant="${await idOf(ann, 'Phone …789')}"] .tile-hand`;
  await until('the hand is up', () => ann.page.$(hand));
  await ann.govern('Phone …789', 'Lower their hand');
  await until('the hand is down', async () => !await ann.page.$(hand));
});

test('a host mutes a caller, who alone unmutes', { timeout: 60_000 }, async () => {
  await ann.page.bringToFront();
  await ann.govern('Phone …456', 'Mute');
  await until('it is seen', async () => (await ann.people()).some(({ label }) => label === 'Phone …456, by phone, muted'));
  await ben.page.bringToFront();
  await hearsTones(ben, [TONE.hal, TONE.ann], [TONE.gus]);
  await ann.page.bringToFront();
  assert.equal((await offers(ann, 'Phone …456')).some(words => /mute/i.test(words)), false);
  await gus.press('*6');
  await hearsTones(ann, [TONE.gus, TONE.hal], []);
});

test('a recording has a track of each', { timeout: 90_000 }, async () => {
  await ann.page.bringToFront();
  await ann.press('Record');
  await ann.pressInDialog('Tell everyone and record');
  await until('it is recorded', () => ann.page.$('.recording-mark'));
  const { recordings: [{ id }] } = await server.now.ask('GET', '/api/v1/recordings');
  const folder = path.join(server.now.state, 'recordings', id, 'tracks');
  for (const [name, own, other] of /** @type {const} */ ([['Phone …456', TONE.gus, TONE.hal], ['Phone …789', TONE.hal, TONE.gus]])) {
    const person = await idOf(ann, name);
    await until(`the track of ${name} has its tone and no other`, () => { // while it is written
      const file = fs.readdirSync(folder).find(one => one.includes(person));
      if (!file)
        throw new Error(String(fs.readdirSync(folder)));
      const sound = decodeTrack(path.join(folder, file));
      if (sound.samples.length < 2 * sound.rate)
        return false;
      const [its, not] = levelsOf(sound, [own, other], 1.5, 0.1);
      if (its < -8 || not > its - 35) // they are sent at -7
        throw new Error(`${its} ${not}`);
      return true;
    });
  }
  await ann.page.click('.recording-mark');
  await ann.press('Stop recording', '#recording-sheet button');
  await ann.pressInDialog('Stop recording');
});

test('each caller has the others within 3 dB, and not themselves', { timeout: 60_000 }, async () => {
  for (const [own, other, self, them] of /** @type {const} */ ([['gus', 'hal', gus, hal], ['hal', 'gus', hal, gus]])) {
    await until(`${own} hears everybody`, async () => { // that the recording has ended is said above the meeting, which is quieter meanwhile
      const [{ heard }, { sent }] = await Promise.all([self.recorded(), them.recorded()]);
      const [said] = levelsOf(sent, [TONE[other]], 2.5, 0.5);
      const [theirs, anns, bens, mine] = levelsOf(heard, [TONE[other], TONE.ann, TONE.ben, TONE[own]], 2.5, 0.5);
      assert.ok(Math.abs(theirs - said) < 3, `${own} hears the other with ${theirs} of ${said} dB`);
      assert.ok(Math.abs(anns + 20) < 3, `${own} hears Ann with ${anns} dB`);
      assert.ok(bens > -40, `${own} hears Ben with ${bens} dB`);
      assert.ok(mine < -45, `${own} hears themselves with ${mine} dB`);
      return true;
    });
  }
  await gus.hangUp();
  await hal.hangUp();
  for (const one of [ann, ben])
    await one.meets(1);
});

test('a caller knocks, is let in, and is put out', { timeout: 90_000 }, async () => {
  await ann.page.bringToFront();
  await ann.press('Ask before letting people in', '.switches input');
  await hal.dial(`sip:${room.dial_in.pin}@${ADDRESS}:${PORT}`);
  await until('the knock is seen', () => ann.page.$('.waiting .avatar use[href$="#phone"]'));
  assert.match(await ann.page.$eval('.waiting .person', node => /** @type {HTMLElement} */ (node).innerText), /^Phone …789\s+by phone/);
  await photograph(ann, 'phones-knock');
  await ann.press('Admit Phone …789');
  await hearsTones(ann, [TONE.hal], [TONE.gus]);
  await ann.govern('Phone …789', 'Remove from the meeting');
  await ann.pressInDialog('Remove');
  await hal.isHungUp();
  for (const one of [ann, ben])
    await one.meets(1);
  await ann.press('Ask before letting people in', '.switches input');
});

test('if what holds the calls is killed, browsers do not notice, and callers come back', { timeout: 90_000 }, async () => {
  await gus.dial(`sip:${room.dial_in.pin}@${ADDRESS}:${PORT}`);
  await idOf(ann, 'Phone …456');
  const opened = await Promise.all([ann, ben].map(async one => (await one.traffic()).opened));
  const [pid] = children('conclave-sip');
  process.kill(pid, 'SIGKILL');
  for (const one of [ann, ben])
    await one.meets(1);
  await ann.page.bringToFront();
  await hearsTones(ann, [TONE.ben], [TONE.hal, TONE.gus]);
  await ben.page.bringToFront();
  await hearsTones(ben, [TONE.ann], [TONE.gus]);
  assert.deepEqual(await Promise.all([ann, ben].map(async one => (await one.traffic()).opened)), opened);
  await until('there is another one', () => children('conclave-sip').some(one => one !== pid && one > 0));
  await gus.dial(`sip:${room.dial_in.pin}@${ADDRESS}:${PORT}`);
  await hearsTones(ben, [TONE.gus, TONE.ann], []);
  for (const one of [ann, ben])
    assert.deepEqual([...one.errors, ...await one.violations()], [], one.name);
});

/** In a Classroom: the host in Chromium, who watches in Firefox. @type {{ host: Visitor, watcher: Visitor, room: any }} */
let lesson;

test('a phone that puts the meeting on hold is shown so, and its music is not heard', { timeout: 60_000 }, async () => {
  const id = await idOf(ann, 'Phone …456');
  await gus.press('x');
  await until('the tile says so', async () => (await ann.tile(id))?.text.includes('On hold'));
  await ann.page.bringToFront();
  await hearsTones(ann, [TONE.ben], [TONE.gus]);
  await gus.press('X');
  await until('and no more', async () => !(await ann.tile(id))?.text.includes('On hold'));
  await hearsTones(ann, [TONE.gus, TONE.ben], [TONE.ann]);
});

test('in a Classroom callers listen, raise a hand, are brought on stage and heard by all, and listen again', { timeout: 120_000 }, async () => {
  await gus.hangUp();
  /** @type {any} */
  const made = await server.now.createRoom('Lesson', 'classroom', '--dial-in', 'on');
  const [chrome, fox] = [ann.page.browser(), ben.page.browser()];
  await Promise.all([ann.close(), ben.close()]);
  lesson = { host: await Visitor.join(chrome, made.host_url, 'Ann', withTone), watcher: await Visitor.join(fox, made.join_url, 'Ben'), room: made };
  const { host, watcher } = lesson;
  await host.press('People');
  await host.page.bringToFront();
  await hal.dial(`sip:${made.dial_in.pin}@${ADDRESS}:${PORT}`);
  await host.reads('2 people watch.');
  await until('the caller hears the host', async () => {
    const [anns] = levelsOf((await hal.recorded()).heard, [TONE.ann], 2.5, 0.5);
    return Math.abs(anns + 20) < 3;
  });
  await hearsTones(host, [], [TONE.hal]);
  await hal.press('*9');
  const hand = await until('the hand is up', () => host.page.$('.hands .person'));
  assert.match(await hand.evaluate(node => /** @type {HTMLElement} */ (node).innerText), /Phone …789/);
  await photograph(host, 'phones-hand');
  await host.press('Bring on stage', '.hands button');
  for (const one of [host, watcher])
    await idOf(one, 'Phone …789');
  await until('the hand is down', async () => !await host.page.$('.hands .person'));
  await hearsTones(host, [], [TONE.hal]); // not before they want to be heard
  await hal.press('*6');
  await hearsTones(host, [TONE.hal], []);
  await watcher.page.bringToFront();
  await hearsTones(watcher, [TONE.hal, TONE.ann], []);
  await photograph(watcher, 'phones-on-stage');
  await host.page.bringToFront();
  await host.govern('Phone …789', 'Back to watching');
  for (const one of [host, watcher])
    await until(`the caller has no tile at ${one.name}`, async () => !(await one.people()).some(({ label }) => label.startsWith('Phone')));
  await watcher.page.bringToFront();
  await hearsTones(watcher, [TONE.ann], [TONE.hal]);
  await until('the caller hears the host still', async () => {
    const [anns, own] = levelsOf((await hal.recorded()).heard, [TONE.ann, TONE.hal], 2.5, 0.5);
    return Math.abs(anns + 20) < 3 && own < SILENT + 10;
  });
  await hal.hangUp();
  for (const one of [host, watcher])
    assert.deepEqual([...one.errors, ...await one.violations()], [], one.name);
});

test('who guesses PINs is refused, hosts are told, and who knows the PIN comes in', { timeout: 120_000 }, async () => {
  const { host, watcher, room: { dial_in: { pin } } } = lesson;
  const wrong = `${pin.slice(0, 5)}${pin.endsWith('00000') ? '11111' : '00000'}`;
  const count = async () => (await server.now.ask('GET', '/api/v1/sip')).wrong_pins;
  await gus.dial(`sip:+49301@${ADDRESS}:${PORT}`);
  for (let n = 1; n <= 3; n++)
    await until(`${n} wrong PINs count`, async () => {
      if (await count() < n)
        await gus.press(`*${wrong}#`);
      return await count() === n;
    });
  await gus.isHungUp();
  await gus.dial(`sip:${pin}@${ADDRESS}:${PORT}`); // which is right now
  await gus.isHungUp();
  const last = await until('the call is over', async () => {
    const { calls: [call] } = await server.now.ask('GET', '/api/v1/sip/calls?limit=1');
    return call.state === 'ended' && call;
  });
  assert.deepEqual([last.caller, last.room, last.reason], ['…456', null, 'blocked']);
  assert.equal(await host.page.$('.banner.pins'), null, 'three are no reason to tell');
  const scenario = fileURLToPath(new URL('../phone/sipp/guesser.xml', import.meta.url));
  execFileSync('sipp', [`${ADDRESS}:${PORT}`, '-sf', scenario, '-s', wrong, '-i', ADDRESS, '-m', '10', '-r', '10', '-nostdin', '-timeout', '30s', '-timeout_error'], { stdio: 'pipe' });
  await until('the host is told', () => host.page.$('.banner.pins'));
  assert.match(await host.page.$eval('.banner.pins', node => /** @type {HTMLElement} */ (node).innerText), /^Somebody is trying PINs of this meeting by phone\.\s+Lock the meeting\s+Close$/);
  await host.page.bringToFront();
  await photograph(host, 'phones-wrong-pins');
  assert.equal(await watcher.page.$('.banner.pins'), null);
  await hal.dial(`sip:${pin}@${ADDRESS}:${PORT}`);
  await host.reads('2 people watch.');
  await host.press('Close', '.banner.pins button');
  await until('it is put aside', async () => !await host.page.$('.banner.pins'));
  await hal.hangUp();
});

test('who makes rooms switches it, where the kind has it, and invites with what to dial', { timeout: 90_000 }, async () => {
  const { id } = await server.now.ask('POST', '/api/v1/users', { login: 'marta', name: 'Marta', role: 'host' });
  const { code } = await server.now.ask('POST', `/api/v1/users/${id}/code`, {});
  const marta = await Visitor.open(lesson.host.page.browser(), `${server.now.url}/sign-in#${code}`, 'Marta');
  await marta.press('Sign in', 'main button');
  await marta.fill('New password', 'correct horse battery');
  await marta.fill('Once more', 'correct horse battery');
  await marta.press('Set the password');
  const choice = (/** @type {string} */ kind) => until('kinds are there', () => marta.page.$(`.kind [value=${kind}]`)).then(node => node.evaluate(input => /** @type {HTMLElement} */ (input).click()));
  for (const [kind, has] of /** @type {const} */ ([['standard', false], ['classroom', true], ['boardroom', true]])) {
    await choice(kind);
    await until(`${kind} has the switch, or not`, async () => (await marta.page.$('.new-meeting [name=dial-in]') !== null) === has);
  }
  await marta.page.click('.new-meeting [name=dial-in]');
  await addAxe(marta);
  await isAccessible(marta, 'a new meeting');
  await marta.press('Make the meeting');
  await until('it is made', () => marta.page.$('#join-link'));
  const { rooms } = await server.now.ask('GET', '/api/v1/rooms');
  const { pin, host_pin: hostPin } = rooms[0].dial_in;
  const invitation = await marta.page.$eval('#invitation', node => /** @type {HTMLTextAreaElement} */ (node).value);
  assert.ok(invitation.includes(`+49301,,${pin}#`) && !invitation.includes(hostPin.slice(-4)), invitation);
  assert.match(await marta.page.$eval('.by-phone', node => /** @type {HTMLElement} */ (node).innerText), new RegExp(`${pin.slice(6)} #[^]*PIN for hosts[^]*${hostPin.slice(6)} #`));
  await isAccessible(marta, 'a made meeting');
  await marta.page.setViewport({ width: 360, height: 800 });
  await doesNotScrollSideways(marta);
  await photograph(marta, 'phones-made-narrow');
  await marta.page.setViewport({ width: 1280, height: 800 });
  await photograph(marta, 'phones-made-wide');
  await marta.press('Back to the start page');
  await marta.press('More for Meeting', '.room button');
  await marta.press('Name and settings', '.menu:popover-open button');
  await until('the settings are open', () => marta.page.$('dialog[open] [name=dial-in]:checked'));
  await isAccessible(marta, 'the settings of a room');
  await marta.page.click('dialog[open] [name=dial-in]');
  await marta.pressInDialog('Save');
  await until('it is off', async () => (await server.now.ask('GET', `/api/v1/rooms/${rooms[0].id}`)).dial_in === null);
  assert.deepEqual([...marta.errors, ...await marta.violations()], []);
});
