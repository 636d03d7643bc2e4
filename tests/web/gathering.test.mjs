// gathering.js in meetings off the record, over a fake server that hears nothing: names, words, hands, votes, orders, and who comes again.

import './setup.mjs';
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { toBase64url } from '../../data/web/core/bytes.js';
import { Copies } from '../../data/web/core/copies.js';
import { authorOf } from '../../data/web/core/gathering.js';
import { deriveKeys, parseFragment } from '../../data/web/core/link.js';
import { KnockNames } from '../../data/web/core/knock-names.js';
import { Meeting } from '../../data/web/core/meeting.js';
import { makeOrders } from '../../data/web/core/orders.js';
import { writtenIn } from '../../data/web/core/written.js';
import { FakeNetwork } from './fake-rtc.mjs';
import { FakeServer, fakeSockets } from './fake-server.mjs';
import { FakeStorage } from './storage.mjs';

const S = toBase64url(new Uint8Array(32).fill(1));
const link = host => parseFragment('abcdefghijkm', host ? `${S}.${S}` : S);

let server;
let sockets;
let network;
let meetings;
/** All that went through the server. */
let heard;

beforeEach(async () => {
  heard = [];
  server = new FakeServer({ otr: true, onText: message => heard.push(JSON.stringify(message)) });
  const keys = await deriveKeys(link(true));
  server.orders = await makeOrders({ room: 'abcdefghijkm', kAuth: keys.kAuth, hostSecret: link(true).hostSecret });
  meetings = [];
  network = new FakeNetwork();
  sockets = fakeSockets(server);
  globalThis.WebSocket = sockets;
  globalThis.RTCPeerConnection = network.PeerConnection;
  globalThis.fetch = async () => ({ ok: true, json: async () => ({ id: 'abcdefghijkm', kind: 'otr', title: '', max_people: 8 }) });
  globalThis.localStorage = new FakeStorage();
});

afterEach(async () => {
  for (const meeting of meetings)
    await meeting.leave();
  delete globalThis.localStorage;
});

async function join(name, { host = false, microphone = null, storage = new FakeStorage() } = {}) {
  const meeting = new Meeting({ link: link(host), origin: 'https://x', storage });
  meeting.events = [];
  for (const type of ['people', 'hand', 'whisper', 'votes', 'reactions', 'stopped', 'requested', 'spotlight', 'error'])
    meeting.addEventListener(type, ({ detail }) => meeting.events.push({ type, detail }));
  meetings.push(meeting);
  await meeting.check();
  await meeting.join({ name, microphone });
  return meeting;
}

async function until(condition, what = String(condition)) {
  for (let i = 0; i < 1_000; i++) {
    if (condition())
      return;
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  assert.fail(`never: ${what}`);
}

const names = ({ people }) => [...people.values()].map(({ name }) => name).sort().join();
const texts = ({ model }) => model.list('message').map(({ fields }) => fields.text).join();
const events = ({ events: all }, type) => all.filter(event => event.type === type).map(({ detail }) => detail);
const seen = (meeting, other) => meeting.people.get(other.self.id);

test('names, words and what is sent reach everybody, and the server hears nothing of it', async () => {
  const microphone = { kind: 'audio', id: 'm', contentHint: '' };
  const ann = await join('Ann', { host: true, microphone });
  const ben = await join('Ben');
  await until(() => names(ann) === 'Ann,Ben' && names(ben) === 'Ann,Ben');
  assert.equal(seen(ben, ann).mic, true);
  ann.say('the merger');
  ben.model.set('agenda', { current: 'x' });
  await until(() => texts(ben) === 'the merger' && ann.model.get('agenda'));
  ann.setMicrophone(null);
  await ben.rename('Benjamin');
  assert.equal(await ann.rename('Mallory', ben.self.id), false, 'that is everybody’s own to say');
  await until(() => seen(ben, ann).mic === false && names(ann) === 'Ann,Benjamin');
  ben.say('which one?');
  const cem = await join('Cem');
  await until(() => texts(cem) === 'the merger,which one?' && names(cem) === 'Ann,Benjamin,Cem');
  assert.deepEqual(events(ann, 'people').flatMap(({ joined }) => joined.filter(({ self }) => !self).map(({ name }) => name)), ['Benjamin', 'Cem']);
  assert.equal(cem.model.list('message')[1].fields.name, 'Benjamin');
  assert.deepEqual(server.faults, []);
  assert.ok(!heard.some(text => /"(Ann|Ben|Benjamin|Cem)"|merger|which/.test(text))); // three letters alone stand in sealed bytes by chance
  assert.ok(server.people.every(({ person }) => person.name === undefined && !person.mic && !person.hand));
});

test('a server that offers to take more than there is hears nothing of it', async () => {
  server.lies = { may: ['turn', 'receipt', 'leave', 'end', 'ask', 'vote', 'resolve', 'change', 'record', 'consent', 'start', 'lower', 'stage', 'watch-stats'] };
  const ann = await join('Ann', { host: true });
  const ben = await join('Ben');
  await until(() => names(ann) === 'Ann,Ben');
  const before = heard.length;
  assert.equal(await ben.ask('about the merger?'), false);
  for (const done of [ann.hosting.start(ben.self.id, 'microphone'), ann.hosting.record('start'), ann.hosting.lower(ben.self.id)])
    assert.equal(await done, false);
  assert.ok(!heard.slice(before).some(text => /"(ask|start|lower|record)"|merger/.test(text)), heard.slice(before).join('\n'));
});

test('hands, reactions and private words', async () => {
  const [ann, ben, cem] = [await join('Ann', { host: true }), await join('Ben'), await join('Cem')];
  await until(() => [ann, ben, cem].every(meeting => names(meeting) === 'Ann,Ben,Cem'));
  assert.ok(['hand', 'react', 'whisper', 'rename', 'change', 'poll-vote'].every(type => ben.floor.may.has(type)));
  assert.ok(!ben.floor.may.has('stop'));
  await ben.raiseHand(true);
  await until(() => seen(ann, ben).hand > 0);
  assert.equal(events(ann, 'hand').length, 1);
  ben.react('clap');
  await until(() => events(cem, 'reactions').length === 1);
  assert.deepEqual(events(cem, 'reactions')[0], { counts: { clap: 1 }, people: [{ person: ben.self.id, what: 'clap' }] });
  assert.equal(await ben.whisper(ann.self.id, 'do not tell'), true);
  await until(() => ann.whispers.length === 1);
  assert.deepEqual([ann.whispers[0].name, ann.whispers[0].own, ben.whispers[0].own, cem.whispers.length], ['Ben', false, true, 0]);
  assert.equal(await ben.whisper('pzzzzzzzzzzzz', 'nobody'), false);
  assert.deepEqual(server.faults, []);
});

test('votes are counted on each page', async () => {
  const [ann, ben] = [await join('Ann', { host: true }), await join('Ben')];
  await until(() => names(ann) === 'Ann,Ben' && names(ben) === 'Ann,Ben');
  const poll = ann.model.create('poll', { question: 'Q?', choices: ['x', 'y'], open: true });
  await until(() => ben.model.get(poll));
  await ben.votePoll(poll, [1]);
  await ann.votePoll(poll, [1]);
  await until(() => [ann, ben].every(({ model }) => model.get(poll).fields.counts?.[1] === 2));
  assert.deepEqual(ben.votes.get(poll), [1]);
  await ben.votePoll(poll, []);
  await until(() => ann.model.get(poll).fields.voters === 1);
  assert.equal(ben.votes.has(poll), false);
  ann.model.set(poll, { open: false });
  await until(() => ben.model.get(poll).fields.open === false);
  await ben.votePoll(poll, [0]);
  await new Promise(resolve => setTimeout(resolve, 100));
  assert.deepEqual(ann.model.get(poll).fields.counts, [0, 1], 'it is closed');
});

test('a host is obeyed, by a signed order over the channel; nobody else is', async () => {
  const microphone = { kind: 'audio', id: 'm', contentHint: '' };
  const ann = await join('Ann', { host: true });
  const ben = await join('Ben', { microphone });
  await until(() => names(ann) === 'Ann,Ben' && names(ben) === 'Ann,Ben' && ann.floor.may.has('stop'));
  assert.equal(await ann.hosting.stop(ben.self.id, 'microphone'), true);
  await until(() => events(ben, 'stopped').length === 1);
  assert.equal(ben.self.mic, false);
  await until(() => seen(ann, ben).mic === false);
  await ann.hosting.request(ben.self.id, 'camera');
  await until(() => events(ben, 'requested').length === 1);
  await ann.hosting.setSpotlight(ben.self.id);
  await until(() => ben.spotlight === ben.self.id && ann.spotlight === ben.self.id);
  assert.deepEqual(events(ben, 'error'), []);
  assert.deepEqual(server.faults, []);
});

test('the seat that was lost comes again with all that was said, and is the same author', async () => {
  const [ann, ben] = [await join('Ann', { host: true }), await join('Ben')];
  await until(() => names(ann) === 'Ann,Ben' && names(ben) === 'Ann,Ben');
  ben.say('before');
  await until(() => texts(ann) === 'before');
  const before = ben.self.id;
  const seat = server.people.find(({ person }) => person.id === before);
  server.expire(seat);
  await until(() => ben.self.id !== before && ben.status === 'joined' && seen(ann, ben)?.link === 'verified');
  assert.equal(texts(ben), 'before');
  const message = ben.model.list('message')[0];
  assert.ok(message.own);
  ben.model.set(message.id, { text: 'after' });
  await until(() => texts(ann) === 'after');
});

test('an author is 16 characters of the session’s key, without what ids are put together with', () => {
  const sign = new Uint8Array(65).fill(0xfb).fill(0xef, 2).fill(0xbe, 3);
  assert.match(toBase64url(sign), /-/);
  assert.match(authorOf(sign), /^[A-Za-z0-9_]{16}$/);
  const another = Uint8Array.from(sign);
  another[12] = 0;
  assert.notEqual(authorOf(another), authorOf(sign));
});

test('who leaves and comes again, on the same page or on one that is loaded anew, has what they said, and is the same author', async () => {
  const ann = await join('Ann', { host: true });
  const life = new EventTarget(); // of Ben's page
  globalThis.addEventListener = (type, listener) => life.addEventListener(type, listener);
  globalThis.removeEventListener = (type, listener) => life.removeEventListener(type, listener);
  const storage = new FakeStorage();
  const first = await join('Ben', { storage });
  await until(() => names(ann) === 'Ann,Ben' && names(first) === 'Ann,Ben');
  const poll = ann.model.create('poll', { question: 'Q?', choices: ['x', 'y'], open: true });
  first.say('mine');
  await until(() => first.model.get(poll) && texts(ann) === 'mine');
  await first.votePoll(poll, [0]);
  await until(() => ann.model.get(poll).fields.counts?.[0] === 1);
  const [{ id, fields: { from } }] = ann.model.list('message');
  await first.leave();
  await until(() => names(ann) === 'Ann');
  assert.equal(ann.personOf(from), undefined);

  await first.join({ name: 'Ben' });
  await until(() => texts(first) === 'mine' && first.votes.get(poll)?.[0] === 0 && names(ann) === 'Ann,Ben');
  assert.equal(ann.personOf(from)?.id, first.self.id);
  assert.equal(first.personOf(from), first.self);
  assert.equal(ann.personOf(first.self.id), undefined, 'an id that the server gives is no author');

  life.dispatchEvent(Object.assign(new Event('pagehide'), { persisted: false }));
  await first.leave(); // as its page does not go on
  const second = await join('Ben', { storage });
  await until(() => texts(second) === 'mine' && second.votes.get(poll)?.[0] === 0);
  second.model.set(id, { text: 'still mine' });
  await second.votePoll(poll, [1]);
  await until(() => texts(ann) === 'still mine' && ann.model.get(poll).fields.counts?.join() === '0,1', 'one author, one vote');
  delete globalThis.addEventListener;
  delete globalThis.removeEventListener;
});

test('what was said before everybody left is told to nobody', async () => {
  const [ann, ben] = [await join('Ann', { host: true }), await join('Ben')];
  await until(() => names(ann) === 'Ann,Ben' && names(ben) === 'Ann,Ben');
  ann.say('secret');
  await until(() => texts(ben) === 'secret');
  await ann.leave();
  await ben.leave();
  await ben.join({ name: 'Ben' });
  const cem = await join('Cem');
  await until(() => names(cem) === 'Ben,Cem');
  ben.say('now');
  await until(() => texts(cem).includes('now'));
  assert.equal(texts(cem), 'now');
});

test('a document goes from one to the other, and the server hears nothing of it', async () => {
  const [ann, ben] = [await join('Ann', { host: true }), await join('Ben')];
  await until(() => names(ann) === 'Ann,Ben' && names(ben) === 'Ann,Ben');
  assert.ok(ann.documents.available);
  ann.documents.share([Object.assign(new Blob(['the merger '.repeat(9_000)]), { name: 'merger.txt' })]);
  await until(() => ben.documents.list.length === 1);
  const [{ id, fields }] = ben.documents.list;
  assert.deepEqual([fields.name, fields.sender], ['merger.txt', 'Ann']);
  await until(() => ben.documents.holders(id).includes(ann.self.id));
  assert.equal(await (await ben.documents.fetch(id)).text(), 'the merger '.repeat(9_000));
  await until(() => ann.documents.holders(id).length === 2);
  assert.deepEqual(server.faults, []);
  assert.ok(!heard.some(text => text.includes('merger')));
  await ben.leave();
  assert.deepEqual([ben.documents.available, ben.documents.list], [false, []]);
});

test('a copy is saved when everybody was told by name, who comes later as well; the server hears nothing of it', async () => {
  const [ann, ben] = [await join('Ann', { host: true }), await join('Ben')];
  await until(() => names(ann) === 'Ann,Ben' && names(ben) === 'Ann,Ben');
  const copies = meeting => new Copies(meeting.model).list.map(({ name, own }) => `${name} ${own}`).join();
  ben.say('the merger');
  assert.equal(await new Copies(ann.model).announce(), true);
  await until(() => copies(ben) === 'Ann false');
  assert.equal(copies(ann), 'Ann true');
  const cem = await join('Cem');
  await until(() => copies(cem) === 'Ann false');
  assert.deepEqual(writtenIn(cem).chat.map(({ text }) => text), ['the merger']);
  assert.deepEqual(server.faults, []);
  assert.ok(!heard.some(text => /merger|"copy"/.test(text)));
});

test('who knocks is called by their name, which the server does not hear', async () => {
  server.lobby = true;
  const ann = await join('Ann', { host: true });
  const ben = new Meeting({ link: link(false), origin: 'https://x', storage: new FakeStorage() });
  meetings.push(ben);
  await ben.check();
  const joined = ben.join({ name: 'Benjamin' });
  await until(() => ann.floor.knocks.length === 1);
  assert.deepEqual(ann.floor.knocks.map(({ name }) => name), ['Benjamin']);
  sockets.all.at(-1).cut();
  await until(() => ben.waiting?.lost === false && server.waiting[0]?.sealed && ann.floor.knocks[0]?.knock === server.waiting[0].knock, 'it knocks anew, and says so anew');
  assert.equal(ann.floor.knocks[0].name, 'Benjamin');
  await ann.hosting.admit(null);
  await joined;
  await until(() => names(ann) === 'Ann,Benjamin' && ann.floor.knocks.length === 0);
  assert.deepEqual(server.faults, []);
  assert.ok(!heard.some(text => text.includes('Benjamin')));
});

test('a name that is still being opened is shown to nobody who is no host any more, or has left', async () => {
  const [ann, ben] = [await join('Ann', { host: true }), await join('Ben', { host: true })];
  await until(() => names(ann) === 'Ann,Ben' && names(ben) === 'Ann,Ben');
  const [first, second] = server.people;
  const sealed = await new KnockNames({ link: link(false) }).introduce('qaaaaaaaaaaaa', 'Cem');
  const knocks = { type: 'knocks', knocks: [{ knock: 'qaaaaaaaaaaaa', name: '', sealed, since: 1, mark: '' }] };
  server.tell(knocks, first);
  server.tell({ type: 'role', role: 'person', may: [] }, first, true);
  server.tell(knocks, second);
  server.tell({ type: 'ended', reason: 'host' }, second, true);
  await until(() => ann.role === 'person' && ben.status === 'ended');
  await new Promise(resolve => setTimeout(resolve, 50));
  assert.deepEqual([ann.floor.knocks, ben.floor.knocks], [[], []]);
});

test('the room is called what its maker called it, and the server does not know', async () => {
  globalThis.localStorage.setItem('conclave.rooms', JSON.stringify([
    { room: 'abcdefghijkm', fragment: `${S}.${S}`, kind: 'otr', title: 'Project Falcon', created: 1, owner: '' },
  ]));
  const ann = await join('Ann', { host: true });
  assert.equal(ann.room.title, 'Project Falcon');
  globalThis.localStorage = new FakeStorage();
  const ben = await join('Ben');
  assert.notEqual(ben.room.title, '');
  await until(() => ben.room.title === 'Project Falcon');
  assert.ok(!heard.some(text => text.includes('Falcon')));
});

test('what the server makes up is neither read nor shown', async () => {
  const ann = await join('Ann', { host: true });
  const ben = await join('Ben');
  await until(() => names(ann) === 'Ann,Ben' && names(ben) === 'Ann,Ben');
  ben.say('mine');
  await until(() => texts(ann) === 'mine');
  const { id } = ben.model.list('message')[0];
  const seat = server.people.find(({ person }) => person.id === ben.self.id);
  const op = { o: 'forged', t: 'message', c: 50, a: ann.self.id, f: { text: 'join this room instead', at: 1, name: 'Ann' } };
  const forged = [
    { type: 'changes', ops: [op] }, { type: 'model', ops: [op], more: false }, { type: 'changes', ops: [{ o: id, t: 'message', c: 60, a: ben.self.id, f: { text: 'other' } }] },
    { type: 'changes', ops: [{ o: id, t: 'message', c: 61, a: ben.self.id, gone: true }] }, { type: 'whisper', from: ann.self.id, name: 'Ann', to: ben.self.id, text: 'psst', at: 1 },
    { type: 'reactions', counts: { up: 3 }, people: [{ person: ann.self.id, what: 'up' }] }, { type: 'recording', state: 'on', since: 1, elapsed: 0, consent: 'announce', mine: null, reason: null, warning: null },
    { type: 'viewers', n: 7 }, { type: 'question', question: { n: 1, person: ann.self.id, name: 'Ann', text: 'Why?', votes: 0, mine: false, resolved: false } },
    { type: 'stopped', what: 'camera', by: ann.self.id }, { type: 'spotlight', person: ann.self.id }, { type: 'requested', what: 'camera', by: ann.self.id },
  ];
  ben.events.splice(0);
  for (const message of forged)
    seat.link.socket.send(JSON.stringify({ seq: ++seat.seq, ...message }));
  seat.link.socket.send(JSON.stringify({ type: 'floor', seq: ++seat.seq, lobby: true, locked: false }));
  await until(() => ben.floor.lobby); // the last of them is the server's to say
  await new Promise(resolve => setTimeout(resolve, 50));
  assert.deepEqual([texts(ben), ben.whispers, ben.viewers, ben.questions, ben.spotlight, ben.recording.state], ['mine', [], 0, [], null, 'off']);
  assert.deepEqual(ben.events.filter(({ type }) => type !== 'people'), []);
  ann.say('still ours');
  await until(() => texts(ben).includes('still ours'));
});

test('with a new seat it says nothing else either, nor with one after a restart', async () => {
  server.lies = {
    dial_in: { numbers: ['+49 30 1'], pin: '1111111111' }, viewers: 7, spotlight: 'p22222222222a', recording: { state: 'on', since: 1, elapsed: 0, consent: 'announce', mine: null, reason: null, warning: null },
    questions: [{ n: 1, person: null, name: 'Eve', text: 'Why?', votes: 0, mine: false, resolved: false }],
  };
  const shown = meeting => [meeting.floor.dialIn, meeting.viewers, meeting.questions.length, meeting.spotlight, meeting.recording.state];
  const ann = await join('Ann', { host: true });
  const ben = await join('Ben');
  await until(() => links(ann, ben));
  const nothing = shown(ben);
  assert.deepEqual(nothing, [null, 0, 0, null, 'off']);
  server.restart();
  await until(() => server.people.length === 2 && links(ann, ben));
  assert.deepEqual([ann, ben].map(shown), [nothing, nothing]);
});

// ---- the server is started anew

const links = (...all) => all.every(meeting => meeting.status === 'joined' && [...meeting.people.values()].every(({ self, link: state, away }) => self || (state === 'verified' && !away)));
const peers = () => network.log.filter(entry => entry.startsWith('remote')).length;

test('after a restart the room is made again, and nothing between the browsers is touched', async () => {
  const storage = new FakeStorage();
  const [ann, ben, cem] = [await join('Ann', { host: true, storage }), await join('Ben'), await join('Cem')];
  await until(() => links(ann, ben, cem) && names(ann) === 'Ann,Ben,Cem');
  await until(() => [ann, ben, cem].every(({ verification }) => verification.code));
  const [ids, code, made, tracks] = [[ann, ben, cem].map(({ self }) => self.id), ann.verification.code, peers(), seen(ann, ben).streams.main.getTracks()];
  [ann, ben, cem].forEach(meeting => meeting.events.splice(0));
  server.restart();
  await until(() => server.people.length === 3 && links(ann, ben, cem));
  assert.deepEqual([[ann, ben, cem].map(({ self }) => self.id), peers(), ann.verification.code], [ids, made, code]);
  assert.deepEqual(seen(ann, ben).streams.main.getTracks(), tracks);
  assert.deepEqual([ann, ben, cem].map(meeting => events(meeting, 'people').length), [0, 0, 0], 'nobody has left or come');
  ann.say('still here');
  await until(() => texts(ben) === 'still here' && texts(cem) === 'still here');
  const dan = await join('Dan');
  await until(() => links(ann, ben, cem, dan) && texts(dan) === 'still here');
  assert.deepEqual(server.faults, []);
});

test('after a restart who does not come back is away, and who comes with another page is somebody new', async () => {
  const [ann, ben, cem] = [await join('Ann', { host: true }), await join('Ben'), await join('Cem')];
  await until(() => links(ann, ben, cem) && names(ann) === 'Ann,Ben,Cem');
  const { id } = cem.self;
  const { accept } = server;
  server.accept = function (socket) { // Cem's page does not get through
    const take = accept.call(this, socket);
    return text => (JSON.parse(text).receipt === `receipt-0-${id}` ? socket.close(1006) : take(text));
  };
  server.restart();
  await until(() => [ann, ben].every(meeting => meeting.status === 'joined' && meeting.people.get(id)?.away));
  assert.ok(links(ann, ben) === false && seen(ann, ben).away === false);
  const again = await join('Cem');
  await until(() => [ann, ben].every(meeting => meeting.people.get(again.self.id)?.link === 'verified'));
  assert.notEqual(again.self.id, id);
});

test('the floor and co-hosts are as before once a host is back', async () => {
  const [ann, ben] = [await join('Ann', { host: true }), await join('Ben')];
  await until(() => links(ann, ben) && names(ann) === 'Ann,Ben');
  assert.equal(await ann.hosting.setRole(ben.self.id, 'cohost'), true);
  assert.equal(await ann.hosting.setLock(true), true);
  await until(() => ben.floor.role === 'cohost' && ann.floor.locked);
  server.locked = false;
  server.restart();
  await until(() => links(ann, ben) && ben.floor.role === 'cohost' && server.locked);
  assert.ok(ann.floor.may.has('stop'), 'what this side orders is still obeyed');
});

test('the server does not know the room yet: it is asked again', async () => {
  const [ann, ben] = [await join('Ann', { host: true }), await join('Ben')];
  await until(() => links(ann, ben) && names(ann) === 'Ann,Ben');
  const made = peers();
  let refusals = 0;
  const { accept } = server;
  server.accept = function (socket) {
    const take = accept.call(this, socket);
    return text => {
      if (JSON.parse(text).type === 'join' && refusals++ < 2)
        this.refuse({ socket }, 'unknown-room');
      else
        take(text);
    };
  };
  server.restart();
  await until(() => server.people.length === 2 && links(ann, ben), 'both are back');
  assert.deepEqual([peers(), refusals >= 3], [made, true]);
});

test('with another link there is another receipt', async () => {
  const [ann, ben, cem] = [await join('Ann', { host: true }), await join('Ben'), await join('Cem')];
  await until(() => links(ann, ben, cem) && [ann, ben, cem].every(({ verification }) => verification.code));
  assert.equal(await ann.hosting.remove(cem.self.id), true);
  await until(() => server.asked.filter(({ type }) => type === 'receipt').length === 2);
  assert.deepEqual(server.faults, []);
});
