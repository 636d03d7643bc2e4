// meeting.js and mesh.js over a fake server and a fake network: people, chat, state, ends, lost seats, reloads.

import './setup.mjs';
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { parseFragment } from '../../data/web/core/link.js';
import { toBase64url } from '../../data/web/core/bytes.js';
import { KeptLinks } from '../../data/web/core/kept-links.js';
import { isOfKnownKind } from '../../data/web/core/known-kind.js';
import { Meeting } from '../../data/web/core/meeting.js';
import { Ticket } from '../../data/web/core/ticket.js';
import { FakeNetwork } from './fake-rtc.mjs';
import { FakeServer, fakeSockets } from './fake-server.mjs';
import { FakeSfuNetwork } from './fake-sfu.mjs';
import { FakeStorage } from './storage.mjs';

const link = (host = false) => {
  const S = toBase64url(new Uint8Array(32).fill(1));
  return parseFragment('abcdefghijkm', host ? `${S}.${S}` : S);
};

let server;
let sockets;
let meetings;
let page;

beforeEach(() => {
  server = new FakeServer();
  meetings = [];
  page = new EventTarget();
  sockets = fakeSockets(server);
  globalThis.WebSocket = sockets;
  globalThis.RTCPeerConnection = new FakeNetwork().PeerConnection;
  globalThis.addEventListener = page.addEventListener.bind(page);
  globalThis.removeEventListener = page.removeEventListener.bind(page);
});

afterEach(async () => {
  for (const meeting of meetings)
    await meeting.leave();
  delete globalThis.addEventListener;
  delete globalThis.removeEventListener;
});

function make({ host, storage = new FakeStorage() } = {}) {
  const meeting = new Meeting({ link: link(host), origin: 'https://x', storage });
  meeting.events = [];
  for (const type of ['status', 'people', 'person', 'whisper', 'votes', 'error'])
    meeting.addEventListener(type, ({ detail }) => meeting.events.push({ type, detail, status: meeting.status }));
  meetings.push(meeting);
  return meeting;
}

async function join(name, options = {}) {
  const meeting = make(options);
  await meeting.join({ name, microphone: options.microphone });
  return meeting;
}

async function until(condition, what = String(condition)) {
  for (let i = 0; i < 300; i++) {
    if (condition())
      return;
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  assert.fail(`never: ${what}`);
}

const others = meeting => [...meeting.people.values()].filter(({ self }) => !self);
const verified = (...all) => () => all.every(meeting => meeting.status === 'joined' && others(meeting).length > 0 && others(meeting).every(({ link: state }) => state === 'verified'));
const statuses = meeting => meeting.events.filter(({ type }) => type === 'status').map(({ status }) => status);
const seatOf = meeting => server.people.find(({ person }) => person.id === meeting.self.id);

test('a server that says twice that somebody is here has no connection left open when it says that they are gone', async () => {
  const [a, b] = [await join('A', { host: true }), await join('B')];
  await until(verified(a, b));
  const { person } = seatOf(b);
  server.tell({ type: 'person-joined', person }, seatOf(a), true);
  server.tell({ type: 'person-left', person: person.id, reason: 'left' }, seatOf(a), true);
  await until(() => others(b)[0].link !== 'verified', 'it is closed, and the other side notices');
  assert.deepEqual(others(a), []);
});

test('nothing is recorded between browsers, whatever the server says, and nobody is silenced by it', async () => {
  const microphone = { kind: 'audio', id: 'm', contentHint: '' };
  server.lies = { recording: { state: 'on', since: 1, elapsed: 1, consent: 'require', mine: 'refused', reason: '', warning: '' } };
  const [a, b] = [await join('A', { host: true, microphone }), await join('B')];
  await until(verified(a, b));
  server.tell({ type: 'recording', ...server.lies.recording }, seatOf(a), true);
  server.tell({ type: 'person-changed', person: { ...seatOf(a).person, stage: false } }, seatOf(a), true);
  server.tell({ type: 'ended', reason: 'host' }, seatOf(b), true);
  await until(() => b.status === 'ended');
  assert.deepEqual([a.recording.state, a.self.unrecorded, a.self.stage, a.self.mic], ['off', false, true, true]);
});

test('asks for the room, and tells errors apart', async () => {
  const asked = [];
  const answer = (ok, body) => {
    globalThis.fetch = async (url, options) => {
      asked.push([url, JSON.parse(options.body)]);
      return { ok, json: async () => body };
    };
  };
  const meeting = make();
  answer(true, { id: 'abcdefghijkm', kind: 'standard', title: 'T', max_people: 8 });
  assert.equal((await meeting.check()).title, 'T');
  assert.equal(asked[0][0], 'https://x/api/v1/rooms/abcdefghijkm/check');
  assert.equal(asked[0][1].key.length, 43);
  answer(false, { error: 'unknown-room' });
  await assert.rejects(meeting.check(), { id: 'unknown-room' });
  globalThis.fetch = async () => { throw new TypeError('network'); };
  await assert.rejects(meeting.check(), { id: 'unreachable' });
  const without = new Meeting({ link: parseFragment('abcdefghijkm', ''), origin: 'https://x', storage: new FakeStorage() });
  await assert.rejects(without.check(), { id: 'wrong-key' });
});

test('a room between browsers does not become one that goes through the server', async () => {
  globalThis.fetch = async () => ({ ok: true, json: async () => ({ id: 'abcdefghijkm', kind: 'standard', title: 'T', max_people: 8 }) });
  const microphone = { kind: 'audio', id: 'm', contentHint: '' };
  const storage = new FakeStorage();
  const meeting = make({ storage });
  await meeting.check();
  server.stage = true; // from now on it says that it is a Classroom
  await assert.rejects(meeting.join({ name: 'A', microphone }), { id: 'other-kind' });
  assert.deepEqual([meeting.status, meeting.media], ['failed', null]);
  const reloaded = make({ storage });
  await assert.rejects(reloaded.join({ name: 'A', microphone }), { id: 'other-kind' });

  server.stage = false;
  const joined = await join('B', { host: true, microphone });
  server.stage = true;
  server.seats.clear();
  sockets.all.at(-1).cut(); // the seat is gone
  await until(() => joined.status === 'failed');
  assert.deepEqual([joined.reason, joined.media], ['other-kind', null]);
  server.stage = false;
});

test('nor does one that was off the record, or was made here as such, have the server hear what is said', async () => {
  globalThis.localStorage = new FakeStorage();
  try {
    new KeptLinks().add(link(true), { kind: 'otr', title: 'T', owner: '' });
    await assert.rejects(join('A'), { id: 'other-kind' });
  } finally {
    delete globalThis.localStorage;
  }
  const storage = new FakeStorage();
  globalThis.fetch = async () => ({ ok: true, json: async () => ({ id: 'abcdefghijkm', kind: 'otr', title: '', max_people: 8 }) });
  await make({ storage }).check();
  server.lobby = true;
  await assert.rejects(make({ storage }).join({ name: 'A' }), { id: 'other-kind' }, 'also while somebody waits');
  globalThis.fetch = async () => ({ ok: true, json: async () => ({ id: 'abcdefghijkm', kind: 'standard', title: 'T', max_people: 8 }) });
  await assert.rejects(make({ storage }).check(), { id: 'other-kind' });
});

test('what is no kind of room is told to nobody as one', async () => {
  for (const kind of [['standard'], undefined, '', 'of tomorrow', { toString: 'otr' }]) {
    const storage = new FakeStorage();
    globalThis.fetch = async () => ({ ok: true, json: async () => ({ id: 'abcdefghijkm', kind, title: 'T', max_people: 8 }) });
    await assert.rejects(make({ storage }).check(), { id: 'other-kind' }, JSON.stringify(kind));
    assert.equal(storage.getItem('conclave.kind.abcdefghijkm'), null);
  }
});

test('nor does another room come in its place', async () => {
  for (const id of ['mlkjihgfedcb', undefined]) {
    globalThis.fetch = async () => ({ ok: true, json: async () => ({ id, kind: 'standard', title: 'T', max_people: 8 }) });
    await assert.rejects(make().check(), { id: 'other-kind' });
  }
});

test('media go as they do in that kind of room', () => {
  for (const [kind, media, holds] of [['standard', 'p2p', true], ['standard', 'sfu', false], ['otr', 'sfu', false], ['another', 'sfu', false], ['classroom', 'p2p', false], ['classroom', 'sfu', true], ['otr', undefined, true]])
    assert.equal(isOfKnownKind('abcdefghijkm', new FakeStorage(), { id: 'abcdefghijkm', kind, media }), holds, `${kind} ${media}`);
});

test('three meet, in order of arrival', async () => {
  const a = await join('A', { host: true });
  const b = await join('B');
  const c = await join('C');
  await until(verified(a, b, c), 'all verified');
  assert.deepEqual([...a.people.values()].map(({ name }) => name), ['A', 'B', 'C']);
  assert.deepEqual([...c.people.values()].map(({ name }) => name), ['A', 'B', 'C']);
  assert.equal(a.self.host, true);
  assert.equal(b.self.host, false);
  assert.equal(a.people.get(b.self.id).streams.main.getTracks().length, 2);
  assert.equal(a.people.get(b.self.id).streams.screen.getTracks().length, 2);
  assert.deepEqual(a.order, [b.self.id, c.self.id]);
  await b.leave();
  await until(() => a.people.size === 2);
  assert.deepEqual(a.events.findLast(({ type }) => type === 'people').detail.left.map(({ name }) => name), ['B']);
  assert.deepEqual([b.status, b.reason], ['ended', 'left']);
  assert.deepEqual(server.faults, []);
});

test('what one sends is told, the last of quick changes at the latest', async () => {
  const a = await join('A');
  const b = await join('B');
  const track = { kind: 'audio', id: 'm', contentHint: '' };
  for (let i = 0; i < 11; i++)
    a.setMicrophone(i % 2 ? null : track);
  a.setCamera({ kind: 'video', id: 'c', getSettings: () => ({}) });
  assert.equal(a.self.mic, true);
  assert.equal(track.contentHint, 'speech');
  const seen = () => b.people.get(a.self.id);
  await until(() => seen().mic && seen().camera);
  assert.equal(a.self.streams.main.getTracks().length, 1);
  const screen = Object.assign(new EventTarget(), { kind: 'video', id: 's', contentHint: '', stopped: false, stop() { this.stopped = true; }, getSettings: () => ({}) });
  a.setScreen({ video: screen, audio: null });
  await until(() => seen().screen);
  screen.dispatchEvent(new Event('ended'));
  await until(() => !seen().screen);
  assert.ok(screen.stopped);
  assert.deepEqual(server.faults, []);
});

/** @param {Meeting} meeting */
const said = meeting => meeting.model.list('message');

test('a message reaches everybody once, over lost sockets too', async () => {
  const a = await join('A');
  const b = await join('B');
  for (let i = 0; i < 5; i++) {
    a.say(`m${i}`);
    sockets.all.at(-1).cut();
    sockets.all[0].cut();
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  await until(() => said(a).length === 5 && said(a).every(({ state }) => state === 'sent') && said(b).length === 5);
  assert.deepEqual(said(b).map(({ fields: { text } }) => text), ['m0', 'm1', 'm2', 'm3', 'm4']);
  assert.ok(said(a).every(({ own }) => own) && said(b).every(({ own }) => !own));
  assert.ok(statuses(a).includes('reconnecting'));
  const c = await join('C');
  await until(() => said(c).length === 5);
  assert.deepEqual(server.faults, []);
});

test('a seat that was given up is taken anew, with the same people and nothing lost', async () => {
  const a = await join('A');
  const b = await join('B');
  await until(verified(a, b));
  const before = a.people.get(b.self.id);
  const own = a.self.id;
  const seat = seatOf(a);
  server.people = server.people.filter(other => other !== seat);
  server.accept = (accept => socket => {
    server.accept = accept;
    return accept.call(server, socket);
  })(server.accept);
  seat.link.socket.close(1006);
  a.say('said meanwhile');
  await until(() => a.self.id !== own && verified(a)(), 'a new seat');
  assert.equal(a.people.get(b.self.id), before);
  await until(() => said(b).some(({ fields: { text } }) => text === 'said meanwhile'));
  await until(() => said(a).length === 1 && said(a)[0].state === 'sent');
  assert.ok(statuses(a).join().includes('joined,reconnecting'));
});

test('what is said to one person reaches nobody else, and both have it', async () => {
  const [a, b, c] = [await join('A'), await join('B'), await join('C')];
  assert.equal(await a.whisper(b.self.id, ' psst '), true);
  await until(() => a.whispers.length === 1 && b.whispers.length === 1);
  assert.deepEqual([a, b].map(({ whispers: [{ text, own, name }] }) => `${name}: ${text} ${own}`), ['A: psst true', 'A: psst false']);
  assert.equal(c.whispers.length, 0);
  assert.equal(await a.whisper(b.self.id, ' '), false);
  server.refused.set('whisper', 'not-found');
  assert.equal(await a.whisper('paaaaaaaaaaaa', 'psst'), false);
  assert.deepEqual(a.events.filter(({ type }) => type === 'error').map(({ detail }) => detail.id), ['not-found']);
});

test('what cannot be sent is not, and what was pasted is made to fit', async () => {
  const a = await join('  A\u202e\n');
  assert.equal(a.self.name, 'A');
  a.say(' \u200b ');
  a.say('x'.repeat(4_001));
  assert.deepEqual(a.events.filter(({ type }) => type === 'error').map(({ detail }) => detail.id), ['too-large']);
  a.say('a\r\nb\u0000');
  await until(() => said(a)[0]?.state === 'sent');
  assert.deepEqual(server.said, ['a\nb']);
  await assert.rejects(make().join({ name: ' ' }), { id: 'bad-message' });
});

test('ends: by the host, for everybody; by another tab; by an error', async () => {
  const a = await join('A', { host: true });
  const b = await join('B');
  await a.endForAll();
  await until(() => b.status === 'ended');
  assert.deepEqual([a.status, a.reason, b.reason], ['ended', 'host', 'host']);

  const c = await join('C');
  seatOf(c).link.socket.close(4001);
  await until(() => c.status === 'ended');
  assert.equal(c.reason, 'elsewhere');

  const d = await join('D');
  seatOf(d).link.socket.send(JSON.stringify({ type: 'error', error: 'bad-message', text: '' }));
  await until(() => d.status === 'failed');
  assert.equal(d.reason, 'bad-message');
});

test('a refused join rejects and says why', async () => {
  server.accept = ({ send }) => () => send(JSON.stringify({ type: 'error', error: 'room-full', text: '' }));
  const a = make();
  await assert.rejects(a.join({ name: 'A' }), { id: 'room-full' });
  assert.deepEqual([a.status, a.reason], ['failed', 'room-full']);
});

test('leaving while joining', async () => {
  const a = make();
  const joining = assert.rejects(a.join({ name: 'A' }), { id: 'not-joined' });
  await a.leave();
  await joining;
  assert.deepEqual([a.status, a.reason], ['ended', 'left']);
  assert.equal(server.people.length, 0);
});

test('a reload takes the seat over with the same signing key; a page that is only put aside leaves nothing', async () => {
  const RELOAD = 'conclave.reload.abcdefghijkm';
  const storage = new FakeStorage();
  const a = await join('A', { storage });
  const aside = Object.assign(new Event('pagehide'), { persisted: true });
  page.dispatchEvent(aside);
  assert.equal(storage.getItem(RELOAD), null);
  const { token } = { token: seatOf(a).tokens.at(-1) };
  page.dispatchEvent(Object.assign(new Event('pagehide'), { persisted: false }));
  const kept = JSON.parse(storage.getItem(RELOAD));
  assert.equal(kept.token, token);
  assert.equal(kept.sign.crv, 'P-256');
  const joins = [];
  server.onText = message => message.type === 'join' && joins.push(message);
  await join('A', { storage });
  assert.equal(joins[0].replaces, token);
  assert.equal(storage.getItem(RELOAD), null);
});

test('a code for three, and marks that survive a reload of either side', async () => {
  const storages = [new FakeStorage(), new FakeStorage()];
  const a = await join('A', { storage: storages[0] });
  const b = await join('B', { storage: storages[1] });
  const c = await join('C');
  await until(() => [a, b, c].every(({ verification }) => verification.state === 'ready'), 'everybody has a code');
  assert.equal(new Set([a, b, c].map(({ verification }) => verification.code.join())).size, 1);
  const voices = meeting => others(meeting).map(({ name, voice }) => name + (voice ? ' by voice' : '')).sort();
  assert.deepEqual(voices(a), ['B', 'C']);
  assert.ok(a.verification.accept(a.verification.code));
  assert.deepEqual(voices(a), ['B by voice', 'C by voice']);
  assert.deepEqual(voices(b), ['A', 'C']);

  await c.leave();
  const hide = () => page.dispatchEvent(Object.assign(new Event('pagehide'), { persisted: false }));
  hide();
  await join('B', { storage: storages[1] });
  await until(() => voices(a).join() === 'B by voice', 'B is verified after a reload of B');
  const again = await join('A', { storage: storages[0] });
  await until(() => voices(again).includes('B by voice'), 'B is verified after a reload of A');
  await join('D');
  await until(() => voices(again).includes('D') && again.verification.state === 'ready', 'D is not verified');
  assert.ok(voices(again).includes('B by voice'));
});

test('codes that differ end the call', async () => {
  const a = await join('A');
  const b = await join('B');
  await until(() => b.verification.state === 'ready');
  const told = [];
  a.addEventListener('differs', ({ detail: { person } }) => told.push(person.name));
  const microphone = { kind: 'audio', id: 'm', contentHint: '' };
  b.setMicrophone(microphone);
  const id = b.self.id;
  const links = [];
  a.addEventListener('person', ({ detail: { person } }) => person.id === id && links.push(person.linkReason));
  const distrusted = b.distrust();
  assert.equal(b.self.mic, false, 'nothing more is sent');
  await distrusted;
  assert.deepEqual([b.status, b.reason], ['failed', 'code-differs']);
  await until(() => a.people.size === 1);
  assert.deepEqual([told, links.includes('link-differs'), a.verification.state], [['B'], true, 'none']);
});

test('TURN credentials go to later connections', async t => {
  server.ice = { servers: [{ urls: ['turn:a'] }], relay_only: true, expires: Date.now() + 1_000_000 };
  const timers = [];
  const original = globalThis.setTimeout;
  t.mock.method(globalThis, 'setTimeout', (callback, ms) => (ms > 500_000 ? timers.push({ callback, ms }) : original(callback, ms)));
  const a = await join('A');
  assert.ok(Math.abs(timers[0].ms - 800_000) < 1_000);
  const asked = [];
  server.onText = message => asked.push(message.type);
  await timers[0].callback();
  assert.deepEqual(asked.filter(type => type === 'turn'), ['turn']);
  assert.equal(timers.length, 2);
  assert.equal(a.status, 'joined');
});

// ---- with a ticket

const claims = role => Buffer.from(JSON.stringify({ name: 'Zoë', role })).toString('base64url');

/** In a Classroom, with an address that has no secret. */
function makeWithTicket(ticket, { fragment = '', storage = new FakeStorage() } = {}) {
  server = new FakeServer({ stage: true });
  globalThis.WebSocket = fakeSockets(server);
  new FakeSfuNetwork().install();
  const meeting = new Meeting({ link: parseFragment('abcdefghijkm', fragment), ticket, origin: 'https://x', storage });
  meetings.push(meeting);
  return { meeting, storage };
}

test('a ticket stands for the link, says the name, and is used once', async () => {
  const ticket = new Ticket(`a.${claims('person')}.c`);
  const { meeting, storage } = makeWithTicket(ticket);
  const asked = [];
  globalThis.fetch = async (url, { body }) => {
    asked.push([url, JSON.parse(body)]);
    return { ok: true, json: async () => ({ id: 'abcdefghijkm', kind: 'classroom', title: 'T' }) };
  };
  await meeting.check();
  assert.deepEqual(asked, [['https://x/api/v1/rooms/abcdefghijkm/check', { ticket: ticket.text }]]);
  assert.deepEqual([meeting.watches, meeting.shut], [false, false]);
  const joins = [];
  server.onText = message => message.type === 'join' && joins.push(message);
  await meeting.join({ name: 'Somebody' });
  assert.deepEqual([joins[0].ticket, joins[0].name, joins[0].key, joins[0].host_key], [`a.${claims('person')}.c`, 'Zoë', undefined, undefined]);
  assert.equal(meeting.self.name, 'Zoë');
  assert.deepEqual([ticket.spent, meeting.shut], [true, true]);
  page.dispatchEvent(Object.assign(new Event('pagehide'), { persisted: false }));
  assert.match(storage.values.join(), /token/);
  assert.ok(!storage.values.join().includes(claims('person')), 'it is nowhere but in memory');
  await meeting.leave();
  await assert.rejects(meeting.check(), { id: 'ticket-spent' });
  await assert.rejects(meeting.join({ name: 'Zoë' }), { id: 'ticket-spent' });
  assert.deepEqual([meeting.status, meeting.reason, joins.length], ['failed', 'ticket-spent', 1]);
});

test('who watches by a ticket, and who does not', () => {
  for (const [role, watches] of [['viewer', true], ['person', false], ['cohost', false], ['host', false]]) {
    const { meeting } = makeWithTicket(new Ticket(`a.${claims(role)}.c`));
    meeting.room = { id: 'abcdefghijkm', kind: 'classroom', title: 'T', max_people: 8 };
    assert.equal(meeting.watches, watches, role);
    meeting.room.kind = 'boardroom';
    assert.equal(meeting.watches, false, role);
  }
});

test('with a link besides both are sent, and the link is there when the ticket is used', async () => {
  const ticket = new Ticket(`a.${claims('host')}.c`);
  const { meeting } = makeWithTicket(ticket, { fragment: toBase64url(new Uint8Array(32).fill(1)) });
  const joins = [];
  server.onText = message => message.type === 'join' && joins.push(message);
  await meeting.join({ name: 'Zoë' });
  assert.deepEqual([joins[0].ticket, joins[0].key.length], [`a.${claims('host')}.c`, 43]);
  assert.equal(meeting.shut, false);
  await meeting.leave();
  await meeting.join({ name: 'Zoë' });
  assert.deepEqual([joins[1].ticket, joins[1].key], [undefined, joins[0].key]);
});

test('a seat that is lost does not come back by a used ticket; one that never was takes none', async () => {
  const first = makeWithTicket(new Ticket(`a.${claims('person')}.c`)).meeting;
  await first.join({ name: 'Zoë' });
  server.seats.clear();
  globalThis.WebSocket.all.at(-1).cut();
  await until(() => first.status === 'failed');
  assert.equal(first.reason, 'ticket-spent');
  const ticket = new Ticket(`a.${claims('person')}.c`);
  const second = makeWithTicket(ticket).meeting;
  server.tickets.add(ticket.text);
  await assert.rejects(second.join({ name: 'Zoë' }), { id: 'bad-ticket' });
  assert.ok(ticket.spent && second.shut);
  const kept = new Ticket(`a.${claims('person')}.c`);
  const third = makeWithTicket(kept).meeting;
  server.onText = (message, link) => message.type === 'join' && server.refuse(link, 'rate-limited');
  await assert.rejects(third.join({ name: 'Zoë' }), { id: 'rate-limited' });
  assert.ok(!kept.spent, 'the server has not looked at it');
});

// ---- the server is started anew

const hand = (of, whom) => of.people.get(whom.self.id)?.hand ?? 0;
const sayings = meeting => meeting.model.list('message').map(({ fields }) => fields.text).join();

test('after a restart nothing between the browsers is touched, and the server is told again what it has to know', async () => {
  const network = new FakeNetwork();
  globalThis.RTCPeerConnection = network.PeerConnection;
  const made = () => network.log.filter(entry => entry.startsWith('remote')).length;
  const [ann, ben] = [await join('Ann', { host: true }), await join('Ben')];
  await until(verified(ann, ben));
  ann.say('hello');
  await ben.raiseHand(true);
  assert.equal(await ann.hosting.setRole(ben.self.id, 'cohost'), true);
  await until(() => hand(ann, ben) > 0 && sayings(ben) === 'hello' && ben.floor.role === 'cohost');
  const [ids, before] = [[ann, ben].map(({ self }) => self.id), made()];
  [ann, ben].forEach(meeting => meeting.events.splice(0));
  server.restart();
  await until(() => server.people.length === 2 && verified(ann, ben)() && ben.floor.role === 'cohost');
  assert.deepEqual([[ann, ben].map(({ self }) => self.id), made()], [ids, before]);
  assert.deepEqual([ann, ben].map(meeting => meeting.events.filter(({ type }) => type === 'people').length), [0, 0], 'nobody has left or come');
  await until(() => hand(ann, ben) > 0);
  assert.deepEqual([hand(ann, ben) > 0, ben.self.hand > 0], [true, true]);
  ann.say('still here');
  await until(() => [ann, ben].every(meeting => sayings(meeting).includes('still here')));
  assert.equal(await ben.hosting.muteAll(), true);
  const cem = await join('Cem');
  await until(verified(ann, ben, cem));
  assert.equal(await ann.hosting.stop(cem.self.id, 'camera'), true);
  assert.deepEqual([server.faults, ann.events.filter(({ type }) => type === 'error')], [[], []]);
});

test('a room that is gone after a restart is gone', async () => {
  const [ann, ben] = [await join('Ann', { host: true }), await join('Ben')];
  await until(verified(ann, ben));
  const { accept } = server;
  server.accept = function (socket) {
    const take = accept.call(this, socket);
    return text => (JSON.parse(text).type === 'join' ? this.refuse({ socket }, 'unknown-room') : take(text));
  };
  server.restart();
  await until(() => [ann, ben].every(({ status, reason }) => status === 'failed' && reason === 'unknown-room'));
});

test('who has to wait outside after a restart is neither heard nor seen meanwhile', async () => {
  const [ann, ben] = [await join('Ann', { host: true }), await join('Ben')];
  await until(verified(ann, ben));
  const { id } = ben.self;
  const { accept } = server;
  server.accept = function (socket) { // too late: nobody knows of this seat any more
    const take = accept.call(this, socket);
    return text => {
      const message = JSON.parse(text);
      if (message.type === 'join' && message.receipt?.endsWith(id)) {
        this.lobby = true;
        take(JSON.stringify({ ...message, receipt: undefined, same_seat: undefined }));
      } else {
        take(text);
      }
    };
  };
  server.restart();
  await until(() => ben.status === 'waiting');
  assert.deepEqual(others(ben).map(({ link: state }) => state), ['reconnecting']);
  await until(() => ann.floor.knocks.length === 1 && ann.people.get(id)?.away);
  assert.equal(await ann.hosting.admit(ann.floor.knocks[0].knock), true);
  await until(() => verified(ben)() && ann.people.get(ben.self.id)?.link === 'verified');
});
