// minutes.js: paragraphs where they were put.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import './setup.mjs';
import { Minutes } from '../../data/web/core/minutes.js';
import { Model } from '../../data/web/core/model.js';

let minutes;
let model;
let ids;

beforeEach(() => {
  model = new Model({ onOps: null, send: async () => {} });
  model.begin({ actor: 'me', name: 'Me', meeting: 'm', rights: { block: ['create', 'own', 'any', 'remove'] }, clock: 0, more: false });
  minutes = new Minutes(model);
  ids = ['heading', 'text', 'action'].map(kind => minutes.add(kind));
});

const kinds = () => minutes.blocks.map(({ fields: { kind } }) => kind).join(' ');

test('at the end, or after another one', () => {
  assert.equal(kinds(), 'heading text action');
  minutes.add('decision', ids[0]);
  assert.equal(kinds(), 'heading decision text action');
  minutes.add('text', 'gone meanwhile');
  assert.equal(kinds(), 'heading decision text action text');
});

test('up and down, and not past an end', () => {
  assert.equal(minutes.move(ids[2], -1), true);
  assert.equal(kinds(), 'heading action text');
  assert.equal(minutes.move(ids[1], 1), false);
  assert.equal(minutes.move(ids[0], -1), false);
  assert.equal(minutes.move(ids[0], 1), true);
  assert.equal(kinds(), 'action heading text');
});

test('what is removed is gone; others keep what is in them', () => {
  minutes.change(ids[1], { text: 'words' });
  minutes.remove(ids[0]);
  assert.deepEqual(minutes.blocks.map(({ fields: { text } }) => text), ['words', '']);
});

test('whether one may write is as the meeting says', () => {
  assert.equal(minutes.mayWrite, true);
  model.setRights({ block: ['own'] });
  assert.equal(minutes.mayWrite, false);
});
