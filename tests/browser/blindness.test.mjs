// A meeting off the record leaves nothing with who carries it: a known word stands in everything that people in Chromium and Firefox are called, say, write,
// decide, hand over and save, all of it through the TURN server, and neither that word nor the link's secrets are found, in any writing, in the memory, the
// files and the logs of conclaved and coturn, in what pages say to the server, or on the wire. Another word, of a Standard meeting beside it, is found
// where it is to be: so the search works.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { chromium, firefox } from './lib/browsers.mjs';
import { chooseFiles, openPanel } from './lib/documents.mjs';
import { filesBelow, heldBy } from './lib/memory.mjs';
import { becomes, openNotes, paragraphs, texts } from './lib/panels.mjs';
import { serverForFile } from './lib/suite.mjs';
import { until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';
import { Wire } from './lib/wire.mjs';
import { search, writingsOf } from './lib/writings.mjs';

/** @type {any} */ (globalThis).crypto ??= webcrypto; // Node.js 18 has it not
const { deriveKeys, hostUrl, joinUrl, makeId, makeRoom, nameKey } = await import('../../data/web/core/link.js');

delete process.env.MALLOC_PERTURB_; // with which meson has what was freed overwritten: here it is to be found
const server = serverForFile({
  turn: true,
  config: { turn: { 'relay-only': true }, server: { 'log-level': 'debug' } },
});
/** In all that is said off the record, and in all that is said in the Standard meeting. */
const OURS = makeId('off'), THEIRS = makeId('std');
const TEXT = {
  title: `title ${OURS}`, message: `“message” ${OURS} ünd`, answer: `answer ${OURS}`, whisper: `whisper ${OURS}`, minutes: `minutes ${OURS}`, item: `item ${OURS}`,
  poll: `Poll ${OURS}?`, choices: [`One ${OURS}`, `Two ${OURS}`], caption: `Caption ${OURS}.`, document: `document ${OURS}.txt`,
};
/** So that no part of it that could be kept is without the word. @param {string} word */
const contentsOf = word => `${word} `.repeat(2000);

/** The host, in Chromium. @type {Visitor} */
let ann;
/** In Firefox. @type {Visitor} */
let ben;
/** In the Standard meeting. @type {Visitor} */
let cem;
/** A seat of it, which is in the user name that the TURN server is shown. */
let seat = '';
/** @type {Wire} */
let wire;
/** Where the test speaks with Firefox. */
let port = 0;
let folder = '';
/** @type {import('../../data/web/core/link.js').Link} */
let link;
/** All that must not be found. @type {import('./lib/writings.mjs').Writing[]} */
let hidden;

/** What the page says to the server and hears from it, before it is encrypted and after. */
function overhear () {
  /** @type {string[]} */
  const said = [];
  Object.assign(globalThis, { conclaveSaid: said });
  const note = (/** @type {unknown} */ data) => said.push(typeof data === 'string' ? data : `opaque ${Object.prototype.toString.call(data)}`);
  const Native = WebSocket;
  globalThis.WebSocket = class extends Native {
    /** @param {string | URL} url @param {string | string[]} [protocols] */
    constructor (url, protocols) {
      super(url, protocols);
      this.addEventListener('message', ({ data }) => note(data));
    }

    /** @param {any} data */
    send (data) {
      note(data);
      super.send(data);
    }
  };
  const ask = fetch;
  globalThis.fetch = (input, init) => {
    note(String(input instanceof Request ? input.url : input));
    if (init?.body)
      note(init.body);
    return ask(input, init);
  };
}

/** @param {Visitor} one @returns {Promise<string[]>} */
const saidBy = one => one.page.evaluate(() => /** @type {any} */ (globalThis).conclaveSaid);

/** @param {Visitor} one what its page asked for, without what browsers keep to themselves */
const asked = one => one.requests.map(url => url.replace(/#.*/, ''));

/** @param {string} name @param {string} text */
const place = (name, text) => ({ name, bytes: Buffer.from(text) });

/** @param {import('./lib/memory.mjs').Place[]} places @param {string} text that is to be found there */
const holds = (places, text) => search(places, writingsOf('known', text)).length > 0;

/** @param {Visitor} one */
async function savesInFolder (one) {
  const session = await one.page.createCDPSession();
  await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder, browserContextId: one.page.browserContext().id });
}

before(async () => {
  wire = await Wire.start();
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'downloads-'));
  const [chrome, fox] = await Promise.all([chromium(), firefox()]);
  port = Number(new URL(fox.wsEndpoint()).port);
  const room = await makeRoom('otr', TEXT.title);
  link = room.link;
  const { kAuth } = await deriveKeys(link);
  const secrets = Object.entries({ S: link.secret, H: link.hostSecret, kAuth, kName: await nameKey(link) }).map(([name, bytes]) => ({ name, bytes: /** @type {Uint8Array} */ (bytes) }));
  hidden = [...writingsOf('the word', OURS), ...secrets.flatMap(({ name, bytes }) => [...writingsOf(name, bytes.subarray(0, 16)), ...writingsOf(name, bytes.subarray(16))])];
  await server.now.ask('POST', '/api/v1/rooms', room.body);
  const { url } = server.now;
  const other = await server.now.createRoom(`title ${THEIRS}`);
  ann = await Visitor.join(chrome, /** @type {string} */ (hostUrl(link, url)), `Ann ${OURS}`, overhear);
  ben = await Visitor.join(fox, joinUrl(link, url), `Ben ${OURS}`, overhear);
  cem = await Visitor.join(chrome, other.host_url, `Cem ${THEIRS}`, overhear);
  await Visitor.join(chrome, other.join_url, `Dia ${THEIRS}`, overhear);
  seat = await cem.id();
  await savesInFolder(ann);
}, { timeout: 180_000 });

after(async () => {
  await wire?.stop();
  await fs.rm(folder, { recursive: true, force: true });
});

test('the Standard meeting: what the server is to know', { timeout: 90_000 }, async () => {
  await cem.write(`message ${THEIRS}`);
  await openPanel(cem);
  await chooseFiles(cem, folder, { [`document ${THEIRS}.txt`]: contentsOf(THEIRS) });
  await until('it has both', () => {
    const files = filesBelow(server.now.state);
    return holds(files.filter(({ name }) => /\/conclave\.db/.test(name)), THEIRS) && holds(files.filter(({ name }) => name.includes('/documents/')), THEIRS);
  });
});

test('off the record: names, messages, a whisper, captions', { timeout: 120_000 }, async () => {
  await Promise.all([ann.meets(1), ben.meets(1)]);
  await ann.write(TEXT.message);
  await ben.openChat();
  await becomes('the message is there', () => texts(ben, '.message-text'), [TEXT.message]);
  await ben.write(TEXT.answer);
  await becomes('the answer is there', () => texts(ann, '.message-text'), [TEXT.message, TEXT.answer]);
  await until('both are named', async () => (await texts(ann, '.message')).join().includes(ben.name) && (await texts(ben, '.message')).join().includes(ann.name));
  await ann.press('People', '.control');
  await ann.govern(ben.name, 'Write privately');
  await ann.reads(`Only ${ben.name} and you see this.`);
  await ann.page.keyboard.type(TEXT.whisper);
  await ann.page.keyboard.press('Enter');
  await becomes('the whisper is there', () => texts(ben, '.message.secret .message-text'), [TEXT.whisper]);
  await ben.press('More', '.control');
  await ben.press('Write captions', '#more-menu button');
  await ben.page.keyboard.type(TEXT.caption);
  await ben.page.keyboard.press('Enter');
  await ann.reads('writes captions. Press S to see them.');
  await ann.page.evaluate(() => /** @type {HTMLElement | null} */ (document.activeElement)?.blur());
  await ann.page.keyboard.press('s');
  await becomes('the caption is there', async () => (await texts(ann, '.captions p')).at(-1), TEXT.caption);
});

test('off the record: agenda, minutes, a poll', { timeout: 120_000 }, async () => {
  await openNotes(ann, 'Agenda');
  await ann.fill('Item of the agenda', TEXT.item);
  await ann.page.keyboard.press('Enter');
  await openNotes(ben, 'Agenda');
  await becomes('the item is there', () => texts(ben, '.item-title'), [TEXT.item]);
  await openNotes(ben, 'Minutes');
  await ben.press('Text', '.block-kinds button');
  await ben.page.keyboard.type(TEXT.minutes);
  await openNotes(ann, 'Minutes');
  await becomes('the minutes are there', () => paragraphs(ann), [TEXT.minutes]);
  await openNotes(ann, 'Polls');
  await ann.press('New poll');
  await ann.page.keyboard.type(TEXT.poll);
  for (const [i, choice] of TEXT.choices.entries())
    await ann.fill(`Answer ${i + 1}`, choice);
  await ann.press('Ask everyone');
  await openNotes(ben, 'Polls');
  await becomes('the poll is there', () => texts(ben, '.poll-question'), [TEXT.poll]);
  await ben.page.click('.poll-choice:nth-child(1) input');
  await becomes('the vote is there', () => texts(ann, '.poll-count'), ['1 · 100 %', '0 · 0 %']);
});

test('off the record: a document', { timeout: 120_000 }, async () => {
  await openPanel(ben);
  await openPanel(ann);
  await chooseFiles(ben, folder, { [TEXT.document]: contentsOf(OURS) });
  await ann.page.bringToFront();
  await ann.press(`Download ${TEXT.document}`);
  await until('it is saved', async () => await fs.readFile(path.join(folder, TEXT.document), 'utf8') === contentsOf(OURS), { timeout: 60_000 });
});

test('off the record: who knocks, and a copy', { timeout: 120_000 }, async () => {
  await ann.page.bringToFront();
  await ann.press('People', '.control');
  await ann.page.click('.switches input');
  const eve = await Visitor.open(ann.page.browser(), joinUrl(link, server.now.url), `Eve ${OURS}`, overhear);
  await eve.knock();
  await ann.reads(eve.name);
  await ann.page.bringToFront();
  await ann.press(`Admit ${eve.name}`);
  await eve.meets(2);
  const said = await saidBy(eve);
  assert.deepEqual(search([...said, ...asked(eve)].map((text, i) => place(`${eve.name}: ${i}`, text)), hidden), []);
  assert.ok(said.some(text => text.startsWith('{"type":"introduce"')));
  await eve.press('Leave');
  await eve.close();
  await ann.press('More', '.control');
  await ann.press('Save a copy', '#more-menu button');
  await ann.pressInDialog('Tell everybody and save');
  await ben.reads(`${ann.name} has saved a copy`);
  await until('it is saved', async () => {
    const name = (await fs.readdir(folder)).find(file => file.endsWith('.html'));
    return name && (await fs.readFile(path.join(folder, name), 'utf8')).includes(TEXT.minutes);
  });
});

/** What programs hold now, and what they have left so far. */
function everything () {
  const { pid, turnPid, state, log, said } = server.now;
  const [daemon, turn] = [pid, turnPid].map(heldBy);
  const files = filesBelow(state);
  return { daemon, turn, files, logs: [place('log', log), place('output', said)] };
}

/** @param {string} when */
async function nothingIsFound (when) {
  const { daemon, turn, files, logs } = everything();
  assert.deepEqual(search([...daemon, ...turn, ...files, ...logs], hidden), [], when);
  assert.deepEqual({
    daemon: [holds(daemon, link.room), holds(daemon, THEIRS)], turn: holds(turn, seat), log: holds(logs, seat),
    files: [holds(files, THEIRS), holds(files, link.room)],
  }, { daemon: [true, true], turn: true, log: true, files: [true, false] }, `${when}: the search finds what is there, and the room is on no disk`);
}

test('while it goes on', { timeout: 180_000 }, async () => {
  for (const one of [ann, ben])
    await until(`${one.name} is relayed`, async () => {
      const { pairs } = await one.traffic();
      return pairs.length > 0 && pairs.every(pair => /^relay (relay|prflx)$/.test(pair));
    });
  await nothingIsFound('while it goes on');
});

test('what pages say to the server, and ask of it', { timeout: 60_000 }, async () => {
  for (const one of [ann, ben]) {
    const said = await saidBy(one);
    assert.deepEqual(search([...said, ...asked(one)].map((text, i) => place(`${one.name}: ${i}`, text)), hidden), []);
    assert.ok(said.some(text => text.includes(link.room)) && !said.some(text => text.startsWith('opaque')), 'all of it was heard');
  }
  assert.ok(holds([place('Cem', (await saidBy(cem)).join('\n'))], THEIRS));
});

test('after its end', { timeout: 180_000 }, async () => {
  await ann.press('Leave');
  await ann.pressInDialog('Leave');
  await ben.meets(0);
  await ben.press('Leave');
  await Promise.all([ann.close(), ben.close()]);
  await until('the meeting is over', async () => (await server.now.ask('GET', `/api/v1/rooms/${link.room}`)).people === 0);
  await nothingIsFound('after its end');
});

test('after all of it: on the disk, in logs, on the wire', { timeout: 180_000 }, async () => {
  const { people, test: ours, dropped } = await wire.end(port);
  await server.now.end();
  const { state, log, said } = server.now;
  const files = filesBelow(state);
  assert.deepEqual(search([...files, place('log', log), place('output', said)], hidden), []);
  assert.ok(holds(files.filter(({ name }) => name.endsWith('/conclave.db')), THEIRS));
  const packets = (/** @type {Buffer[]} */ all) => all.map((bytes, i) => ({ name: `packet or stream ${i}`, bytes }));
  assert.equal(dropped, 0);
  assert.deepEqual(search(packets(people), hidden), []);
  assert.ok(holds(packets(people), seat));
  assert.ok(holds(packets(ours), OURS), 'what Firefox tells the test');
});
