// signs.js: a sign goes up and down, and counts once for each person.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Model } from '../../data/web/core/model.js';
import { signsOf, toggleSign } from '../../data/web/core/signs.js';

test('up and down', () => {
  const carrier = { send: async () => {}, onOps: null };
  const model = new Model(carrier);
  model.begin({ actor: 'p1', name: 'Ada', meeting: 'm1', rights: { reaction: ['create', 'own'] }, clock: 0, more: false });
  const reaction = (o, c, from, sign, on = true) => ({ o, t: 'reaction', c, a: 'server', f: { message: 'm', sign, from, on } });
  carrier.onOps([reaction('a', 1, 'p2', 'heart'), reaction('b', 2, 'p2', 'heart'), reaction('c', 3, 'p3', 'up'), reaction('d', 4, 'p4', 'up', false)]);
  toggleSign(model, 'm', 'heart');
  assert.deepEqual(signsOf(model).get('m'), [{ sign: 'heart', n: 2, own: true, from: ['p2', 'p1'] }, { sign: 'up', n: 1, own: false, from: ['p3'] }]);
  toggleSign(model, 'm', 'heart');
  assert.deepEqual(signsOf(model).get('m')[0], { sign: 'heart', n: 1, own: false, from: ['p2'] });
  toggleSign(model, 'm', 'heart');
  assert.deepEqual(model.list('reaction').filter(({ own }) => own).map(({ id }) => id), ['p1-m-heart'], 'it is one object');
  assert.equal(signsOf(model).get('other'), undefined);
});
