// copies.js: that a copy is saved is told first, and where it cannot be told there is none.

import './setup.mjs';
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Copies } from '../../data/web/core/copies.js';
import { ConclaveError } from '../../data/web/core/errors.js';
import { Model } from '../../data/web/core/model.js';
import { PEER_RIGHTS } from '../../data/web/core/peers-carrier.js';

let sent;
let take;
let model;
let copies;

beforeEach(() => {
  sent = [];
  take = [];
  model = new Model({
    onOps: null,
    send: ops => new Promise((resolve, reject) => {
      sent.push(ops);
      take.push({ resolve, reject });
    }),
  }, { now: () => 5 });
  model.begin({ actor: 'pa', name: 'Ann', meeting: 'm', rights: PEER_RIGHTS, clock: 0, more: false });
  copies = new Copies(model);
});

test('there is one when it was told, and not before', async () => {
  let told = null;
  const announced = copies.announce().then(done => { told = done; });
  assert.deepEqual(sent.map(([{ t, f }]) => [t, f]), [['copy', { by: 'pa', name: 'Ann', at: 5 }]]);
  model.setRights(PEER_RIGHTS); // something else changes
  await new Promise(resolve => setTimeout(resolve, 20));
  assert.equal(told, null);
  take[0].resolve();
  await announced;
  assert.equal(told, true);
  assert.deepEqual(copies.list.map(({ by, name, at, own }) => ({ by, name, at, own })), [{ by: 'pa', name: 'Ann', at: 5, own: true }]);
});

test('what could not be told is not saved', async () => {
  const announced = copies.announce();
  take[0].reject(new ConclaveError('too-many'));
  assert.equal(await announced, false);
  assert.deepEqual(copies.list, []);
});

test('where the server keeps the meeting nobody saves one', async () => {
  model.setRights({ message: ['create', 'own'] });
  assert.equal(copies.may, false);
  await assert.rejects(copies.announce(), { id: 'not-allowed' });
});

test('nobody takes it back', async () => {
  const announced = copies.announce();
  take[0].resolve();
  await announced;
  const [{ id }] = copies.list;
  assert.throws(() => model.remove(id), { id: 'not-allowed' });
  assert.throws(() => model.set(id, { at: 1 }), { id: 'not-allowed' });
});
