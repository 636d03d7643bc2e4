// roster.js: who comes, changes and goes; what of oneself is the server's word and what is not.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import './setup.mjs';
import { Roster } from '../../data/web/core/roster.js';

const info = (id, more = {}) => ({ id, name: id, host: false, role: 'person', mic: false, camera: false, screen: false, away: false, stage: true, ...more });

let events;
let media;
let answer;
let between;
let roster;

beforeEach(() => {
  events = [];
  media = [];
  answer = Promise.resolve(true);
  between = false;
  const note = what => (...args) => media.push([what, ...args.map(arg => arg?.id ?? arg)].join(' '));
  roster = new Roster({
    emit: (type, detail) => events.push([type, detail]),
    attempt: () => answer,
    media: () => ({ add: note('add'), remove: note('remove'), update: note('update'), reseat: note('reseat'), setPeople: note('people') }),
    now: () => 1000,
    leavesOut: () => false,
    unstaged: () => media.push('unstaged'),
    between: () => between,
  });
  roster.sit(info('me'));
  roster.restart([info('a')]);
});

afterEach(() => roster.end());

const types = () => events.map(([type]) => type).join(' ');

test('those who were there come first, oneself last; who comes later after them', () => {
  assert.deepEqual([...roster.people.keys()], ['a', 'me']);
  roster.join(info('b'));
  assert.deepEqual([...roster.people.keys()], ['a', 'me', 'b']);
  assert.deepEqual(media, ['add a J', 'people 2', 'add b P', 'people 3']);
});

test('with a new seat who was known stays the same object, and who is gone has left', () => {
  const a = roster.people.get('a');
  roster.join(info('b'));
  roster.sit(info('me2'));
  const { joined, left } = roster.restart([info('a', { mic: true }), info('c')]);
  assert.equal(roster.people.get('a'), a);
  assert.equal(a.mic, true);
  assert.deepEqual(joined.map(({ id }) => id), ['c', 'me2']);
  assert.deepEqual(left.map(({ id }) => id), ['me', 'b']);
});

test('who leaves is gone, never oneself', () => {
  roster.leave('me', 'left');
  roster.leave('nobody', 'left');
  assert.equal(events.length, 0);
  roster.leave('a', 'removed');
  assert.deepEqual([...roster.people.keys()], ['me']);
  assert.equal(events[0][1].removed, true);
});

test('a hand, and a way to the stage, are told', () => {
  roster.change(info('a', { hand: 5 }));
  roster.change(info('a', { hand: 5, stage: false }));
  assert.equal(types(), 'person hand person stage');
});

test('off the stage nothing is sent any more, and a hand that the server takes down was lowered', () => {
  roster.change(info('me', { hand: 7 }));
  roster.change(info('me', { hand: 0 }));
  assert.equal(types(), 'person lowered person');
  roster.change(info('me', { stage: false }));
  assert.equal(media.at(-1), 'unstaged');
});

test('what oneself sends is not the server\'s word, the name is', () => {
  roster.change(info('me', { mic: true, name: 'Me' }));
  assert.equal(roster.self.mic, false);
  assert.equal(roster.self.name, 'Me');
  assert.equal(types(), 'person renamed person');
});

test('a hand that was not taken is down again, unless the seat is another one', async () => {
  answer = Promise.resolve(false);
  const raised = roster.raiseHand(true, () => true);
  assert.equal(roster.self.hand, 1000);
  assert.equal(await raised, false);
  assert.equal(roster.self.hand, 0);
  await roster.raiseHand(true, () => false);
  assert.equal(roster.self.hand, 1000);
});

/** Two others, one of whom is back first. */
function resumed() {
  roster.join(info('b', { role: 'cohost', host: true }));
  media.length = events.length = 0;
  roster.resume([info('a')]);
}

test('with the same seat everybody stays, and is expected until they are back', () => {
  const [a, b] = ['a', 'b'].map(id => roster.people.get(id) ?? (roster.join(info(id)), roster.people.get(id)));
  media.length = events.length = 0;
  roster.resume([info('a', { hand: 5 })]);
  assert.deepEqual([roster.people.get('a'), roster.people.get('b')], [a, b]);
  assert.deepEqual([a.away, a.hand, b.away], [false, 5, true]);
  assert.deepEqual(media, ['update b', 'reseat a J']);
  roster.join(info('b'));
  assert.equal(b.away, false);
  assert.deepEqual(media.slice(2), ['reseat b P'], 'nothing is made anew');
  assert.ok(!types().includes('people'), 'nobody left or joined');
  roster.end();
});

test('whoever was not there before is new', () => {
  roster.resume([info('a'), info('c')]);
  assert.deepEqual(media.slice(-2), ['add c J', 'people 3']);
  assert.deepEqual(events.at(-1)[1].joined.map(({ id }) => id), ['c']);
  roster.end();
});

test('nobody is in twice, nor beside oneself: a second pair would have the first one go on unseen', () => {
  const { people } = roster;
  const [a, me] = ['a', 'me'].map(id => people.get(id));
  roster.join(info('a'));
  roster.join(info('me'));
  roster.resume([info('a'), info('a'), info('me')]);
  assert.deepEqual([people.get('a'), people.get('me'), people.size], [a, me, 2]);
  assert.deepEqual(media, ['add a J', 'people 2', 'reseat a J', 'reseat a J']);
  assert.ok(!types().includes('people'));
  media.length = 0;
  roster.restart([info('a'), info('b'), info('b'), info('me')]);
  assert.deepEqual(media, ['add a J', 'add b J', 'people 3']);
  assert.equal(roster.people.get('me'), me);
});

test('between browsers nobody is put off the stage, out of a recording, or behind a telephone, whatever the server says', () => {
  between = true;
  const lie = { stage: false, phone: true, stream: true, unrecorded: true };
  const of = id => {
    const { stage, phone, stream, unrecorded } = roster.people.get(id);
    return { stage, phone, stream, unrecorded };
  };
  const truth = { stage: true, phone: false, stream: false, unrecorded: false };
  roster.join(info('b', lie));
  roster.change(info('a', lie));
  roster.change(info('me', lie));
  assert.deepEqual(['a', 'b', 'me'].map(of), [truth, truth, truth]);
  assert.ok(!media.includes('unstaged'));
  assert.ok(!types().includes('stage'));
  roster.resume([info('a', lie), info('c', lie)]);
  assert.deepEqual(['a', 'c'].map(of), [truth, truth]);
  roster.restart([info('a', lie), info('d', lie)]);
  assert.deepEqual(['a', 'd'].map(of), [truth, truth]);
  roster.end();
});

test('who does not say how they are called is announced all the same, once they are connected', t => {
  const timers = new Set();
  const real = { setTimeout, clearTimeout };
  t.after(() => Object.assign(globalThis, real));
  Object.assign(globalThis, { setTimeout: act => (timers.add(act), act), clearTimeout: act => timers.delete(act) });
  /** Ten seconds: all that waits does. */
  const tick = () => [...timers].forEach(act => timers.delete(act) && act());
  const names = () => events.filter(([type]) => type === 'people').map(([, { joined, left }]) => [joined, left].map(list => list.map(({ id }) => id).join()).join('|'));
  for (const id of ['b', 'c', 'd'])
    roster.join(info(id, { name: '' }));
  roster.people.get('b').link = 'verified';
  roster.people.get('d').link = 'verified';
  roster.change(info('d', { name: 'Dan' }));
  assert.deepEqual(names(), ['|', '|', '|', 'd|']);
  tick();
  assert.deepEqual(names().slice(4), [], 'it may be on its way');
  roster.people.get('b').link = 'reconnecting';
  roster.people.get('c').link = 'verified';
  tick();
  assert.deepEqual(names().slice(4), ['b|']);
  tick();
  assert.deepEqual(names().slice(5), ['c|']);
  roster.change(info('b', { name: 'Ben' }));
  roster.leave('c', 'left');
  assert.deepEqual(names().slice(6), ['|c'], 'each once');
  for (const [id, link] of [['e', 'connecting'], ['f', 'verified']]) {
    roster.join(info(id, { name: '' }));
    roster.people.get(id).link = link;
    roster.leave(id, 'left');
  }
  for (let i = 0; i < 6; i++)
    tick();
  assert.deepEqual(names().slice(7), ['|', '|', '|', '|f'], 'who was never here is not missed; who was and goes quickly is told');
  roster.join(info('g', { name: '' }));
  roster.people.get('g').link = 'verified';
  roster.sit(info('me2'));
  const { joined } = roster.restart([info('a'), info('h', { name: '' })]);
  assert.deepEqual(joined.map(({ id }) => id), ['me2'], 'whom the new seat found has not said their name either');
  roster.people.get('h').link = 'verified';
  for (let i = 0; i < 6; i++)
    tick();
  assert.deepEqual(names().slice(11), ['|', 'h|'], 'and who was here with the seat before is not');
  roster.end();
});

test('who does not come back has left after a minute; whoever left before is expected no more', () => {
  const timers = new Map();
  const real = { setTimeout, clearTimeout };
  Object.assign(globalThis, { setTimeout: (act, ms) => (timers.set(act, ms), act), clearTimeout: act => timers.delete(act) });
  try {
    resumed();
    const [[act, ms]] = timers;
    assert.equal(ms, 60_000);
    act();
    assert.deepEqual([[...roster.people.keys()], media.at(-2)], [['a', 'me'], 'remove b']);
    resumed();
    roster.leave('b', 'left');
    assert.equal(timers.size, 0);
    resumed();
    roster.restart([info('a')]);
    assert.equal(timers.size, 0, 'nor with another seat');
    resumed();
    roster.end();
    assert.equal(timers.size, 0);
  } finally {
    Object.assign(globalThis, real);
  }
});

test('who was more than the server knows is told', () => {
  resumed();
  roster.join(info('b'));
  const [, { person, before }] = events.find(([type]) => type === 'returned');
  assert.deepEqual([person.id, before], ['b', 'cohost']);
  assert.ok(!events.some(([type, detail]) => type === 'returned' && detail.person.id === 'a'));
});
