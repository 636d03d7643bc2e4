// conversation.js: messages, answers, reactions and private ones in one order; what is new is told once.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import './setup.mjs';
import { Conversation } from '../../data/web/core/conversation.js';
import { Model } from '../../data/web/core/model.js';

const RIGHTS = { message: ['create', 'own'], reaction: ['create', 'own'] };

class FakeMeeting extends EventTarget {
  people = new Map([['me', { name: 'Me' }], ['ann', { name: 'Ann' }]]);
  personOf = author => this.people.get(author);
  whispers = [];
  floor = { may: new Set(['whisper']) };
  carrier = { onOps: null, send: async () => {} };
  model = new Model(this.carrier);
  clock = 0;

  constructor() {
    super();
    this.model.begin({ actor: 'me', name: 'Me', meeting: 'm', rights: RIGHTS, clock: 0, more: false });
  }

  say(text, reply = '') {
    this.model.create('message', { text, reply });
  }

  hear(o, t, f, a = 'ann', more) {
    this.carrier.onOps([{ o, t, c: ++this.clock, a, f }], more);
  }

  hearWhisper(whisper) {
    this.whispers = [...this.whispers, whisper];
    this.dispatchEvent(new CustomEvent('whisper', { detail: { whisper } }));
  }
}

const message = (text, at, more = {}) => ({ from: 'ann', name: 'Ann', text, at, ...more });
const secret = (text, at, own) => ({ from: own ? 'me' : 'ann', name: own ? 'Me' : 'Ann', to: own ? 'ann' : 'me', text, at, own });

let meeting;
let conversation;
let said;

beforeEach(() => {
  meeting = new FakeMeeting();
  said = [];
  conversation = new Conversation(meeting, new AbortController().signal);
  conversation.addEventListener('said', ({ detail: { entry } }) => said.push(entry.text));
});

const texts = () => conversation.entries.map(({ text }) => text).join(' ');

test('by the time they were said, private ones among them', () => {
  meeting.hear('m1', 'message', message('one', 10));
  meeting.hear('m3', 'message', message('three', 30));
  meeting.hearWhisper(secret('two', 20, false));
  assert.equal(texts(), 'one two three');
});

test('that somebody saved a copy stands where it was, and is no message', () => {
  meeting.hear('m1', 'message', message('one', 10));
  conversation.entries; // read before
  meeting.hear('c1', 'copy', { by: 'ann', name: 'Ann', at: 20 });
  const [, entry] = conversation.entries;
  meeting.hear('m2', 'message', message('two', 30));
  assert.deepEqual(conversation.entries.map(({ copy }) => copy), [false, true, false]);
  assert.deepEqual([entry.name, entry.at, entry.own, entry.mayChange, entry.mayRemove, entry.mayAnswer], ['Ann', 20, false, false, false, false]);
  assert.deepEqual(said, ['one', 'two']);
});

test('what others say is told once, what oneself says is not', () => {
  meeting.hear('m1', 'message', message('one', 10));
  meeting.say('mine');
  meeting.hearWhisper(secret('psst', 20, false));
  meeting.hearWhisper(secret('own', 21, true));
  meeting.hear('m1', 'message', { text: 'one, corrected', edited: true });
  assert.deepEqual(said, ['one', 'psst']);
});

test('the history is not news', () => {
  const late = new FakeMeeting();
  late.model.begin({ actor: 'me', name: 'Me', meeting: 'm2', rights: RIGHTS, clock: 0, more: true });
  const told = [];
  const other = new Conversation(late, new AbortController().signal);
  other.addEventListener('said', event => told.push(event));
  late.hear('m1', 'message', message('before', 10), 'ann', false);
  assert.deepEqual([told.length, other.entries.length], [0, 1]);
});

test('an answer says what it answers, also when that is gone', () => {
  meeting.hear('m1', 'message', message('question', 10));
  meeting.hear('m2', 'message', message('answer', 20, { reply: 'm1' }));
  assert.deepEqual(conversation.find('m2').reply, { id: 'm1', name: 'Ann', text: 'question' });
  meeting.hear('m1', 'message', { gone: true });
  assert.deepEqual(conversation.find('m2').reply, { id: 'm1', name: '', text: '' });
  assert.equal(texts(), 'answer');
});

test('reactions are counted, named, and taken back', () => {
  meeting.hear('m1', 'message', message('one', 10));
  meeting.hear('m1-ann-heart', 'reaction', { message: 'm1', sign: 'heart', from: 'ann', on: true });
  meeting.hear('m1-ann-up', 'reaction', { message: 'm1', sign: 'up', from: 'ann', on: true });
  conversation.react('m1', 'up');
  const marks = () => conversation.find('m1').marks.map(({ sign, count, mine, names }) => `${sign} ${count} ${mine} ${names.join('+')}`);
  assert.deepEqual(marks(), ['up 2 true Ann+Me', 'heart 1 false Ann']);
  conversation.react('m1', 'up');
  assert.deepEqual(marks(), ['heart 1 false Ann', 'up 1 false Ann']);
});

test('one changes what one has said, and nothing else', () => {
  meeting.hear('m1', 'message', message('theirs', 10));
  meeting.say('mine');
  const [theirs, mine] = conversation.entries;
  assert.deepEqual([theirs.mayChange, theirs.mayRemove, theirs.mayAnswer], [false, false, true]);
  assert.deepEqual([mine.mayChange, mine.mayRemove, mine.own], [true, true, true]);
  conversation.edit(mine.id, 'better');
  assert.equal(conversation.find(mine.id).text, 'better');
  assert.equal(conversation.find(mine.id).edited, true);
  conversation.remove(mine.id);
  assert.equal(texts(), 'theirs');
});

test('only what is about messages is told', () => {
  let told = 0;
  conversation.addEventListener('change', () => told++);
  meeting.hear('i1', 'item', { title: 'Welcome', order: 'V' });
  assert.equal(told, 0);
  meeting.hear('m1', 'message', message('one', 10));
  meeting.dispatchEvent(new CustomEvent('people'));
  meeting.dispatchEvent(new CustomEvent('role'));
  assert.equal(told, 3);
  assert.equal(conversation.find('m1').reply, null);
});

test('a correction that corrects nothing is none', () => {
  meeting.say('mine');
  const [{ id, text }] = conversation.entries;
  conversation.edit(id, text);
  assert.equal(conversation.find(id).edited, false);
});

test('what is on its way is the latest, whatever its clock says', async () => {
  meeting.say('mine');
  meeting.hear('m1', 'message', message('of tomorrow', Date.now() + 86_400_000));
  assert.equal(texts(), 'of tomorrow mine');
});

test('who may change everything does not put words into mouths of others', () => {
  meeting.model.setRights({ ...RIGHTS, message: ['create', 'own', 'any', 'remove'] });
  meeting.hear('m1', 'message', message('theirs', 10));
  const [theirs] = conversation.entries;
  assert.deepEqual([theirs.mayChange, theirs.mayRemove], [false, true]);
});

test('what an earlier meeting said is read, and not answered', async () => {
  meeting.hear('m1', 'message', message('before', 10));
  meeting.model.begin({ actor: 'me', name: 'Me', meeting: 'next', rights: RIGHTS, clock: 0, more: false });
  assert.deepEqual(conversation.entries.map(({ text, mayAnswer }) => [text, mayAnswer]), [['before', false]]);
});

test('a reaction of one who has left counts, without a name', () => {
  meeting.hear('m1', 'message', message('one', 10));
  meeting.hear('m1-zoe-up', 'reaction', { message: 'm1', sign: 'up', from: 'zoe', on: true }, 'zoe');
  assert.deepEqual(conversation.find('m1').marks, [{ sign: 'up', count: 1, mine: false, names: [] }]);
});

test('a private one is not answered by who may not write one', () => {
  meeting.hearWhisper(secret('psst', 20, false));
  assert.equal(conversation.entries[0].mayAnswer, true);
  meeting.floor.may.delete('whisper');
  meeting.dispatchEvent(new CustomEvent('role'));
  assert.equal(conversation.entries[0].mayAnswer, false);
});

test('a private one goes to whom it came from; the name stays when they have left', () => {
  meeting.hearWhisper(secret('psst', 20, false));
  meeting.hearWhisper(secret('yes', 21, true));
  meeting.people.delete('ann');
  meeting.dispatchEvent(new CustomEvent('people'));
  assert.deepEqual(conversation.entries.map(({ to, toName, mayAnswer }) => [to, toName, mayAnswer]), [['ann', '', false], ['ann', 'Ann', false]]);
});

test('of 500 messages that were there before one came none is new, and all are there in their order', () => {
  let told = 0;
  conversation.addEventListener('change', () => told++);
  const ops = Array.from({ length: 500 }, (_, i) => ({ o: `m${i}`, t: 'message', c: i + 1, a: 'ann', f: message(`${i}`, 1_000 + i) }));
  for (let i = 0; i < ops.length; i += 50)
    meeting.carrier.onOps(ops.slice(i, i + 50), i + 50 < ops.length);
  assert.deepEqual([said, told], [[], 10]);
  assert.equal(texts(), ops.map(({ f }) => f.text).join(' '));
  meeting.clock = 500;
  meeting.hear('late', 'message', message('late', 2_000));
  assert.deepEqual(said, ['late']);
});
