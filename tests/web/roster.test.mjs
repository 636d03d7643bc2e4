// roster.js: who comes, changes and goes; what of oneself is the server's word and what is not.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import './setup.mjs';
import { Roster } from '../../data/web/core/roster.js';

const info = (id, more = {}) => ({ id, name: id, host: false, role: 'person', mic: false, camera: false, screen: false, away: false, stage: true, ...more });

let events;
let media;
let answer;
let roster;

beforeEach(() => {
  events = [];
  media = [];
  answer = Promise.resolve(true);
  const note = what => (...args) => media.push([what, ...args.map(arg => arg?.id ?? arg)].join(' '));
  roster = new Roster({
    emit: (type, detail) => events.push([type, detail]),
    attempt: () => answer,
    media: () => ({ add: note('add'), remove: note('remove'), update: note('update'), reseat: note('reseat'), setPeople: note('people') }),
    now: () => 1000,
    leavesOut: () => false,
    unstaged: () => media.push('unstaged'),
  });
  roster.sit(info('me'));
  roster.restart([info('a')]);
});

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
  roster.join(info('a')); // whom nobody expects comes with other connections
  assert.deepEqual(media.slice(-2), ['add a P', 'people 2']);
  roster.resume([info('a'), info('c')]);
  assert.deepEqual(media.slice(-2), ['add c J', 'people 3']);
  assert.deepEqual(events.at(-1)[1].joined.map(({ id }) => id), ['c']);
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
