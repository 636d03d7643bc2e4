// agenda.js: one item at a time, and what it has taken; the order; what comes next.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import './setup.mjs';
import { Agenda } from '../../data/web/core/agenda.js';
import { Model } from '../../data/web/core/model.js';

const ALL = ['create', 'own', 'any', 'remove'];

let now;
let agenda;
let model;
let ids;

beforeEach(() => {
  now = 1_000_000;
  model = new Model({ onOps: null, send: async () => {} }, { now: () => now });
  model.begin({ actor: 'me', name: 'Me', meeting: 'm', rights: { item: ALL, agenda: ALL }, clock: 0, more: false });
  agenda = new Agenda(model, () => now);
  ids = ['a', 'b', 'c'].map(title => agenda.add({ title, minutes: 5 }));
});

const titles = () => agenda.items.map(({ fields: { title } }) => title).join(' ');
const item = i => agenda.items.find(({ id }) => id === ids[i]);

test('what is added comes last, and what is moved stands where it was put', () => {
  assert.equal(titles(), 'a b c');
  assert.equal(agenda.planned, 15);
  agenda.move(ids[2], 0);
  assert.equal(titles(), 'c a b');
  agenda.move(ids[2], 1);
  assert.equal(titles(), 'a c b');
  agenda.move(ids[0], 99);
  assert.equal(titles(), 'c b a');
  agenda.move(ids[0], -1);
  assert.equal(titles(), 'a c b');
});

test('before the first place is the first one, whatever stands behind', () => {
  agenda.move(ids[1], -1);
  assert.equal(titles(), 'b a c');
  const before = item(1);
  agenda.move(ids[1], -5);
  assert.equal(item(1), before, 'it is there already');
});

test('to move something to where it is changes nothing', () => {
  const before = item(1);
  agenda.move(ids[1], 1);
  assert.equal(item(1), before);
});

test('the clock of an item runs while it is about it, and goes on where it stopped', () => {
  agenda.start(ids[0]);
  now += 60_000;
  assert.equal(agenda.current.id, ids[0]);
  assert.equal(agenda.spentOn(item(0)), 60_000);
  agenda.start(ids[1]);
  now += 30_000;
  assert.deepEqual([0, 1].map(i => agenda.spentOn(item(i))), [60_000, 30_000]);
  agenda.start(ids[0]);
  now += 5_000;
  assert.deepEqual([0, 1].map(i => agenda.spentOn(item(i))), [65_000, 30_000]);
  assert.equal(item(0).fields.started, 1_000_000);
});

test('to start what runs begins nothing anew; other clocks cost no time', () => {
  agenda.start(ids[0]);
  now += 60_000;
  agenda.start(ids[0]);
  assert.equal(agenda.spentOn(item(0)), 60_000);
  assert.equal(item(0).fields.spent, 0);
  now -= 90_000;
  assert.equal(agenda.spentOn(item(0)), 0);
  now += 90_000.5;
  agenda.stop();
  assert.equal(item(0).fields.spent, 60_001);
});

test('who stops what does not run says nothing', () => {
  agenda.stop();
  assert.equal(model.get('agenda'), null);
});

test('to take a tick away does not end what runs', () => {
  agenda.start(ids[0]);
  agenda.tick(ids[0], false);
  assert.equal(agenda.current.id, ids[0]);
});

test('whether one may change it is as the meeting says', () => {
  assert.equal(agenda.mayChange, true);
  model.setRights({ item: ['own'] });
  assert.equal(agenda.mayChange, false);
});

test('on to the next one: what ran is done; after the last one nothing runs', () => {
  agenda.start(ids[0]);
  agenda.next();
  assert.equal(item(0).fields.done, true);
  assert.equal(agenda.current.id, ids[1]);
  agenda.tick(ids[2], true);
  assert.equal(agenda.following, null);
  agenda.next();
  assert.equal(agenda.current, null);
  assert.equal(agenda.items.every(({ fields: { done } }) => done), true);
});

test('what was left out above comes once all below is done', () => {
  agenda.start(ids[2]);
  assert.equal(agenda.following.id, ids[0]);
});

test('who ticks or removes what runs ends it', () => {
  agenda.start(ids[0]);
  now += 7_000;
  agenda.tick(ids[0], true);
  assert.equal(agenda.current, null);
  assert.equal(item(0).fields.spent, 7_000);
  agenda.start(ids[1]);
  agenda.remove(ids[1]);
  assert.equal(agenda.current, null);
  assert.equal(model.get('agenda').fields.current, '');
  assert.equal(titles(), 'a c');
});
