// floor.js through meeting.js over a fake server: roles and what they may, the lobby from both sides, lock, removal, names and hands.

import './setup.mjs';
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { toBase64url } from '../../data/web/core/bytes.js';
import { Floor } from '../../data/web/core/floor.js';
import { deriveKeys, parseFragment } from '../../data/web/core/link.js';
import { Meeting } from '../../data/web/core/meeting.js';
import { makeOrders } from '../../data/web/core/orders.js';
import { FakeNetwork } from './fake-rtc.mjs';
import { FakeServer, fakeSockets } from './fake-server.mjs';
import { FakeStorage } from './storage.mjs';

const EVENTS = ['status', 'waiting', 'people', 'person', 'role', 'floor', 'knocks', 'requested', 'stopped', 'lowered', 'renamed', 'reactions', 'hand', 'error'];
const S = toBase64url(new Uint8Array(32).fill(1));
let server;
let meetings;

/** With a key for the orders of its hosts. */
async function makeRoom() {
  const link = parseFragment('abcdefghijkm', `${S}.${S}`);
  return makeOrders({ ...link, kAuth: (await deriveKeys(link)).kAuth });
}

beforeEach(async () => {
  server = new FakeServer();
  server.orders = await makeRoom();
  meetings = [];
  globalThis.WebSocket = fakeSockets(server);
  globalThis.RTCPeerConnection = new FakeNetwork().PeerConnection;
  globalThis.localStorage = new FakeStorage();
});

afterEach(async () => {
  for (const meeting of meetings)
    await meeting.leave();
  delete globalThis.localStorage;
});

function make(host = false) {
  const meeting = new Meeting({ link: parseFragment('abcdefghijkm', host ? `${S}.${S}` : S), origin: 'https://x', storage: new FakeStorage() });
  meeting.events = [];
  for (const type of EVENTS)
    meeting.addEventListener(type, ({ detail }) => meeting.events.push({ type, detail, status: meeting.status }));
  meetings.push(meeting);
  return meeting;
}

async function join(name, { host = false, ...tracks } = {}) {
  const meeting = make(host);
  await meeting.join({ name, ...tracks });
  return meeting;
}

async function until(condition) {
  for (let i = 0; i < 300; i++) {
    if (condition())
      return;
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  assert.fail(`never: ${condition}`);
}

const track = (kind, id) => Object.assign(new EventTarget(), { kind, id, contentHint: '', stop() {}, getSettings: () => ({}) });
const last = (meeting, type) => meeting.events.findLast(event => event.type === type)?.detail;
const seatOf = meeting => server.people.find(({ person }) => person.id === meeting.self.id);
/** Waits outside. @returns {Promise<{ meeting: Meeting, outcome: Promise<string> }>} outcome: `joined`, or an error id */
async function knock(name, tracks = {}) {
  const meeting = make();
  const outcome = meeting.join({ name, ...tracks }).then(() => 'joined', error => error.id);
  await until(() => meeting.status === 'waiting');
  return { meeting, outcome };
}

test('nobody acts on their own rank or a higher one; what is not in `may` is not drawn', () => {
  const floor = new Floor(() => {});
  const others = ['viewer', 'person', 'cohost', 'host'].map(role => ({ self: false, role }));
  const may = (type, role, list = [type]) => {
    floor.restart({ role, may: list, floor: { lobby: false, locked: false }, room: { media: 'sfu' } });
    return others.map(person => Number(floor.mayTo(type, person))).join('');
  };
  for (const type of ['remove', 'stop', 'start', 'rename', 'role'])
    assert.deepEqual([may(type, 'host'), may(type, 'cohost'), may(type, 'person'), may(type, 'host', [])], ['1110', '1100', '0000', '0000'], type);
  for (const type of ['request', 'spotlight', 'lower', 'stage'])
    assert.deepEqual([may(type, 'cohost'), may(type, 'cohost', [])], ['1111', '0000'], type);
  const self = { self: true, role: 'person' };
  floor.restart({ role: 'person', may: ['rename'], floor: { lobby: false, locked: false }, room: { media: 'sfu' } });
  assert.deepEqual([floor.mayTo('rename', self), floor.leads], [true, false]);
  floor.restart({ role: 'host', may: ['remove', 'stop', 'role', 'spotlight'], floor: { lobby: false, locked: false }, room: { media: 'sfu' } });
  assert.deepEqual(['remove', 'stop', 'role', 'spotlight'].map(type => floor.mayTo(type, { self: true, role: 'host' })), [false, false, false, true]);
});

test('how the meeting is called by phone goes with the role', () => {
  const told = [];
  const floor = new Floor((type, detail) => told.push([type, detail?.what]));
  const calls = { numbers: ['+49 30 1'], pin: '1111111111' };
  floor.restart({ role: 'person', may: [], floor: { lobby: false, locked: false }, room: { kind: 'boardroom', media: 'sfu' }, dial_in: calls });
  assert.deepEqual(floor.dialIn, { numbers: ['+49 30 1'], pin: '1111111111', hostPin: null });
  floor.receive({ type: 'role', role: 'cohost', may: [], dial_in: { ...calls, host_pin: '2222222222' } });
  assert.equal(floor.dialIn.hostPin, '2222222222');
  floor.receive({ type: 'role', role: 'person', may: [], dial_in: calls });
  assert.equal(floor.dialIn.hostPin, null);
  floor.receive({ type: 'dial-in', dial_in: null });
  assert.deepEqual([floor.dialIn, told.at(-1)[0]], [null, 'floor']);
  floor.receive({ type: 'dial-in', dial_in: { ...calls, host_pin: '2222222222' } });
  assert.equal(floor.dialIn.hostPin, '2222222222');
  floor.receive({ type: 'alert', what: 'pins' });
  assert.deepEqual(told.at(-1), ['alert', 'pins']);
  floor.restart({ role: 'person', may: [], floor: { lobby: false, locked: false }, room: { kind: 'boardroom', media: 'sfu' }, dial_in: null });
  assert.equal(floor.dialIn, null);
});

test('nobody calls where there are no callers, whatever the server says', () => {
  const floor = new Floor(() => {});
  const calls = { numbers: ['+49 30 1'], pin: '1111111111' };
  for (const kind of ['standard', 'otr']) {
    floor.restart({ role: 'host', may: [], floor: { lobby: false, locked: false }, room: { kind, media: 'p2p' }, dial_in: calls });
    assert.equal(floor.dialIn, null);
    floor.receive({ type: 'role', role: 'host', may: [], dial_in: calls });
    floor.receive({ type: 'dial-in', dial_in: calls });
    assert.equal(floor.dialIn, null);
  }
});

test('between browsers nothing is drawn that nobody would obey', () => {
  const changes = [];
  const floor = new Floor(type => changes.push(type));
  const may = ['remove', 'stop', 'mute-all', 'spotlight', 'request', 'role', 'chat'];
  floor.restart({ role: 'host', may, floor: { lobby: false, locked: false }, room: { media: 'p2p' } });
  assert.deepEqual([...floor.may], ['remove', 'role', 'chat']);
  floor.setObeyed(true);
  assert.deepEqual([...floor.may], may);
  floor.receive({ type: 'role', role: 'cohost', may: ['stop'] });
  assert.deepEqual([...floor.may], ['stop']);
  floor.setObeyed(false);
  assert.deepEqual([[...floor.may], changes], [[], ['role', 'role', 'role']]);
});

test('who comes to a lobby waits, and is let in with what they chose meanwhile', async () => {
  server.lobby = true;
  const { meeting: guest, outcome } = await knock('Guest', { microphone: track('audio', 'm'), camera: track('video', 'c') });
  assert.deepEqual([guest.waiting, guest.room.title, guest.self], [{ hosts: false, lost: false }, 'Test', null]);
  await assert.rejects(guest.join({ name: 'Twice' }), { id: 'not-allowed' });
  const host = await join('Host', { host: true });
  await until(() => guest.waiting.hosts && host.floor.knocks.length === 1);
  assert.deepEqual([host.floor.knocks[0].name, last(host, 'knocks').came.length, host.floor.lobby], ['Guest', 1, true]);
  guest.setCamera(null);
  assert.equal(await host.hosting.admit(host.floor.knocks[0].knock), true);
  assert.equal(await outcome, 'joined');
  assert.deepEqual([guest.status, guest.waiting, guest.self.mic, guest.self.camera], ['joined', null, true, false]);
  await until(() => host.floor.knocks.length === 0);
  const seen = () => host.people.get(guest.self.id);
  await until(() => seen() && !seen().camera && seen().mic);
  assert.deepEqual(server.faults, []);
});

test('all at once; or not at all', async () => {
  const host = await join('Host', { host: true });
  await host.hosting.setLobby(true);
  await until(() => last(host, 'floor'));
  assert.deepEqual([host.floor.lobby, last(host, 'floor').before], [true, { lobby: false, locked: false, dialIn: null }]);
  const three = [await knock('A'), await knock('B'), await knock('C')];
  await until(() => host.floor.knocks.length === 3);
  assert.deepEqual(host.events.filter(({ type }) => type === 'knocks').map(({ detail }) => detail.came.map(({ name }) => name).join()).filter(names => names), ['A', 'B', 'C']);
  await host.hosting.deny(host.floor.knocks[1].knock);
  assert.equal(await three[1].outcome, 'denied');
  assert.deepEqual([three[1].meeting.status, three[1].meeting.reason], ['failed', 'denied']);
  await host.hosting.admit(null);
  assert.deepEqual([await three[0].outcome, await three[2].outcome], ['joined', 'joined']);
  await until(() => host.people.size === 3);
});

test('who stops waiting is gone from the list; a lost socket knocks again', async () => {
  server.lobby = true;
  const host = await join('Host', { host: true });
  const { meeting: guest, outcome } = await knock('Guest');
  await until(() => host.floor.knocks.length === 1);
  const before = host.floor.knocks[0].knock;
  globalThis.WebSocket.all.at(-1).cut();
  await until(() => guest.waiting.lost);
  assert.equal(guest.status, 'waiting');
  await until(() => !guest.waiting.lost && host.floor.knocks.some(({ knock: id }) => id !== before));
  await guest.leave();
  assert.deepEqual([await outcome, guest.status, guest.reason], ['not-joined', 'ended', 'left']);
  assert.equal(server.waiting.length, 0);
});

test('locked is locked, but for hosts and whoever was in', async () => {
  const host = await join('Host', { host: true });
  const guest = await join('Guest');
  await host.hosting.setLock(true);
  await until(() => guest.floor.locked);
  await assert.rejects(join('Late'), { id: 'locked' });
  await join('Second host', { host: true });
  assert.equal(host.people.size, 3);
});

test('who is removed is told by whom, and stays outside', async () => {
  const host = await join('Host', { host: true });
  const guest = await join('Guest');
  const other = await join('Other');
  const word = seatOf(guest).visitor;
  assert.equal(word.length, 22);
  await host.hosting.remove(guest.self.id);
  await until(() => guest.status === 'ended' && other.people.size === 2);
  assert.deepEqual([guest.reason, guest.removedBy, last(other, 'people').removed], ['removed', 'Host', true]);
  await assert.rejects(guest.join({ name: 'Again' }), { id: 'removed' });
});

test('a role is given, works at once and can be taken; the meeting is handed over', async () => {
  const host = await join('Host', { host: true });
  const guest = await join('Guest');
  const third = await join('Third');
  assert.deepEqual([guest.role, guest.floor.leads, guest.floor.may.has('remove')], ['person', false, false]);
  assert.equal(await guest.hosting.remove(third.self.id), false);
  assert.equal(last(guest, 'error').id, 'not-allowed');
  await host.hosting.setRole(guest.self.id, 'cohost');
  await until(() => guest.role === 'cohost');
  assert.deepEqual([guest.self.role, guest.self.host, guest.floor.may.has('remove'), guest.floor.may.has('role'), last(guest, 'role').before], ['cohost', true, true, false, 'person']);
  await until(() => third.people.get(guest.self.id).role === 'cohost');
  assert.deepEqual([host.floor.mayTo('remove', host.people.get(guest.self.id)), guest.floor.mayTo('remove', guest.people.get(host.self.id))], [true, false]);
  await host.hosting.setRole(guest.self.id, 'host');
  await until(() => guest.role === 'host' && host.role === 'cohost' && third.people.get(host.self.id).role === 'cohost');
  assert.deepEqual([guest.floor.may.has('end'), host.floor.may.has('end')], [true, false]);
  await guest.hosting.setRole(host.self.id, 'person');
  await until(() => host.role === 'person');
  assert.equal(host.self.host, false);
  assert.deepEqual(server.faults, []);
});

test('somebody asked to turn something on is only asked', async () => {
  const host = await join('Host', { host: true });
  const guest = await join('Guest');
  await host.hosting.request(guest.self.id, 'microphone');
  await until(() => last(guest, 'requested'));
  assert.deepEqual([last(guest, 'requested').what, last(guest, 'requested').by.name, guest.self.mic], ['microphone', 'Host', false]);
});

test('names: the own one, also with the next seat, and those of others', async () => {
  const host = await join('Host', { host: true });
  const guest = await join('Guest');
  assert.equal(await guest.rename(' \u202e '), false);
  assert.equal(await guest.rename('Gast\u0000'), true);
  assert.deepEqual([guest.self.name, last(guest, 'renamed').name], ['Gast', 'Gast']);
  await until(() => host.people.get(guest.self.id).name === 'Gast');
  assert.equal(await host.rename('Guest of honour', guest.self.id), true);
  await until(() => guest.self.name === 'Guest of honour');
  const { id } = guest.self;
  server.expire(seatOf(guest));
  await until(() => guest.self.id !== id && guest.status === 'joined');
  assert.equal(seatOf(guest).person.name, 'Guest of honour');
});

test('a hand is lowered by somebody else, and not by what was on its way', async () => {
  const host = await join('Host', { host: true });
  const guest = await join('Guest');
  server.change(seatOf(guest), { name: 'Renamed' });
  await guest.raiseHand(true);
  await until(() => guest.self.name === 'Renamed');
  assert.ok(guest.self.hand > 0);
  await until(() => host.people.get(guest.self.id).hand > 0);
  assert.equal(last(guest, 'lowered'), undefined);
  await host.hosting.lower(guest.self.id);
  await until(() => guest.self.hand === 0);
  assert.equal(guest.events.filter(({ type }) => type === 'lowered').length, 1);
  await guest.raiseHand(true);
  await guest.raiseHand(false);
  assert.equal(guest.events.filter(({ type }) => type === 'lowered').length, 1, 'not where one did it oneself');
});

test('who has to take another seat may have to knock again', async () => {
  const host = await join('Host', { host: true });
  const guest = await join('Guest');
  server.lobby = true;
  const seat = seatOf(guest);
  server.people = server.people.filter(other => other !== seat);
  seat.link.socket.close(1006);
  await until(() => guest.status === 'waiting');
  await until(() => host.floor.knocks.length === 1);
  await host.hosting.deny(host.floor.knocks[0].knock);
  await until(() => guest.status === 'failed');
  assert.equal(guest.reason, 'denied');
});
