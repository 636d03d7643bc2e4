// kept-links.js: links that only this browser has, and browsers that keep nothing.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toBase64url } from '../../data/web/core/bytes.js';
import { KeptLinks } from '../../data/web/core/kept-links.js';
import { fragmentOf, makeRoom } from '../../data/web/core/link.js';
import { FakeStorage } from './storage.mjs';

const titles = list => list.map(({ title }) => title).join();
const link = async () => (await makeRoom('standard', 'x')).link;

test('what is kept is found again, with both its secrets', async () => {
  const storage = new FakeStorage();
  const made = await link();
  assert.equal(new KeptLinks(() => storage).add(made, { kind: 'standard', title: 'Weekly', owner: 'ua' }), true);
  const found = new KeptLinks(() => storage).find(made.room, 'ua');
  assert.equal(found && fragmentOf(found), fragmentOf(made));
});

test('one account does not see those of another; those of nobody are everybody\'s', async () => {
  const kept = new KeptLinks(() => new FakeStorage());
  const storage = new FakeStorage();
  const own = new KeptLinks(() => storage);
  for (const [title, owner] of [['a', 'ua'], ['b', 'ub'], ['n', '']])
    own.add(await link(), { kind: 'standard', title, owner });
  assert.deepEqual([titles(own.list('ua')), titles(own.list('ub')), titles(own.list(''))], ['n,a', 'n,b', 'n']);
  assert.deepEqual(kept.list('ua'), []);
});

test('a room that has another secret has it here too, and is a host\'s if it was', async () => {
  const storage = new FakeStorage();
  const kept = new KeptLinks(() => storage);
  const [made, other] = [await link(), await link()];
  kept.add(made, { kind: 'standard', title: 'Weekly', owner: 'ua', created: 7 });
  kept.exchange({ ...other, hostSecret: null }); // a room that is not kept
  assert.equal(kept.find(other.room, 'ua'), null);
  kept.exchange({ room: made.room, secret: other.secret, hostSecret: null });
  const found = kept.find(made.room, 'ua');
  assert.equal(found && fragmentOf(found), fragmentOf({ ...made, secret: other.secret }));
  assert.deepEqual(kept.list('ua').map(({ title, owner, created }) => [title, owner, created]), [['Weekly', 'ua', 7]]);
});

test('a receipt is kept where the link is, and nowhere else', async () => {
  const storage = new FakeStorage();
  const kept = new KeptLinks(() => storage);
  const [one, other] = [await link(), await link()];
  kept.add(one, { kind: 'otr', title: 'A', owner: 'ua', receipt: 'first' });
  assert.equal(kept.receiptOf(one.room), 'first');
  kept.keepReceipt(one.room, 'second');
  kept.keepReceipt(other.room, 'third');
  assert.deepEqual([kept.receiptOf(one.room), kept.receiptOf(other.room), kept.list('ua').length], ['second', '', 1]);
  storage.setItem('conclave.rooms', JSON.stringify([{ ...kept.list('ua')[0], receipt: 7 }]));
  assert.equal(kept.receiptOf(one.room), '');
  storage.setItem('conclave.rooms', '[]');
  kept.add(one, { kind: 'otr', title: 'A', owner: 'ua' });
  kept.plan(one.room, 5);
  kept.plan(other.room, 5);
  assert.deepEqual(kept.list('ua').map(({ room, until }) => [room, until]), [[one.room, 5]]);
  storage.setItem('conclave.rooms', JSON.stringify([{ ...kept.list('ua')[0], until: 'x' }]));
  assert.deepEqual(kept.list('ua'), []);
});

test('renamed and removed', async () => {
  const storage = new FakeStorage();
  const kept = new KeptLinks(() => storage);
  const made = await link();
  kept.add(made, { kind: 'standard', title: 'old', owner: '' });
  kept.rename(made.room, 'new');
  assert.equal(titles(kept.list('')), 'new');
  kept.remove(made.room);
  assert.equal(kept.find(made.room, ''), null);
  assert.equal(storage.values.some(value => value.includes(toBase64url(/** @type {Uint8Array} */ (made.secret)))), false);
});

test('without a storage they last as long as the page', async () => {
  for (const storage of [() => { throw new DOMException('blocked', 'SecurityError'); }, () => ({ getItem: () => null, setItem: () => { throw new DOMException('full', 'QuotaExceededError'); } })]) {
    const kept = new KeptLinks(/** @type {any} */ (storage));
    assert.equal(kept.lasting, false);
    const made = await link();
    assert.equal(kept.add(made, { kind: 'standard', title: 'x', owner: '' }), false);
    assert.equal(kept.list('')[0].room, made.room);
    kept.remove(made.room);
    assert.deepEqual(kept.list(''), []);
  }
});

test('what somebody else put there is passed over', async () => {
  const storage = new FakeStorage();
  const made = await link();
  const good = { room: made.room, fragment: fragmentOf(made), kind: 'standard', title: 'good', created: 1, owner: '' };
  storage.setItem('conclave.rooms', JSON.stringify([null, 3, {}, { ...good, room: '../x' }, { ...good, fragment: 'javascript:' }, { ...good, title: {} }, good]));
  assert.equal(titles(new KeptLinks(() => storage).list('')), 'good');
  storage.setItem('conclave.rooms', '{"a": 1}');
  assert.deepEqual(new KeptLinks(() => storage).list(''), []);
  storage.setItem('conclave.rooms', 'no JSON');
  assert.deepEqual(new KeptLinks(() => storage).list(''), []);
});

test('there are never too many', async () => {
  const storage = new FakeStorage();
  const kept = new KeptLinks(() => storage);
  const made = await link();
  const one = { room: made.room, fragment: fragmentOf(made), kind: 'standard', title: '', created: 1, owner: '' };
  storage.setItem('conclave.rooms', JSON.stringify(Array.from({ length: 500 }, (_, i) => ({ ...one, title: String(i) }))));
  kept.add({ ...made, room: 'abcdefghijkm' }, { kind: 'standard', title: 'newest', owner: '' });
  assert.deepEqual([kept.list('').length, kept.list('')[0].title], [500, 'newest']);
});
