// order-book.js: hosts, co-hosts and guests of one room, whose messages a server passes on, changes, repeats or makes up.

import './setup.mjs';
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { toBase64url } from '../../data/web/core/bytes.js';
import { deriveKeys, parseFragment } from '../../data/web/core/link.js';
import { OrderBook } from '../../data/web/core/order-book.js';
import { makeOrders } from '../../data/web/core/orders.js';
import { signingKey } from '../../data/web/core/reload.js';
import { memberOf } from '../../data/web/core/rotation.js';

const ROOM = 'abcdefghijkm';
const MEETING = 'maaaaaaaaaaaa';
const text = n => toBase64url(new Uint8Array(32).fill(n));
const HOST = parseFragment(ROOM, `${text(1)}.${text(2)}`);
const GUEST = parseFragment(ROOM, text(1));
const { kAuth } = await deriveKeys(GUEST);
const ORDERS = JSON.stringify(await makeOrders({ room: ROOM, kAuth, hostSecret: HOST.hostSecret }));

let now;
let keys;
let away;

beforeEach(() => {
  now = 1_800_000_000_000;
  keys = new Map();
  away = new Set();
});

async function seat(id, { link = GUEST, meeting = MEETING, orders = ORDERS, sign, kept } = {}) {
  sign ??= await signingKey(null);
  keys.set(id, sign.raw);
  const book = new OrderBook({ link, kAuth, sign, keyOf: other => (other === id ? null : keys.get(other) ?? null), isHere: other => keys.has(other) && !away.has(other), kept, now: () => now });
  await book.begin({ self: id, meeting, orders });
  return Object.assign(book, { id, sign });
}

const [ANN, BEN, CLEO, DAN] = ['paaaaaaaaaaaa', 'pbbbbbbbbbbbb', 'pcccccccccccc', 'pdddddddddddd'];
const stopped = (order, by = ANN) => ({ type: 'stopped', what: 'microphone', by, order });

/** Ann appoints: everybody hears of it. */
async function appoint(host, books, person, role) {
  const order = await host.give('role', { person, role });
  for (const book of books)
    assert.equal(await book.learn(order), null);
  return order;
}

test('only who has H may order at first, and where the room has a key', async () => {
  const ann = await seat(ANN, { link: HOST });
  const ben = await seat(BEN);
  assert.deepEqual([ann.rank, ben.rank], ['host', 'person']);
  assert.equal(await ben.give('mute-all', {}), null);
  assert.equal(await ann.give('chat', {}), null);
  for (const orders of [null, 7, '{}', ORDERS.replace('"mac":"', '"mac":"A')]) {
    const old = await seat(CLEO, { link: HOST, orders });
    assert.equal(old.rank, 'person');
    assert.equal(await old.give('mute-all', {}), null);
    assert.equal(await old.check(stopped(await ann.give('mute-all', {}))), 'order-unverified');
  }
});

test('what a host orders holds for whom it is meant, once', async () => {
  const ann = await seat(ANN, { link: HOST });
  const [ben, cleo] = [await seat(BEN), await seat(CLEO)];
  const all = {
    stopped: [await ann.give('stop', { person: BEN, what: 'camera' }), { what: 'camera', by: ANN }],
    requested: [await ann.give('request', { person: BEN, what: 'microphone' }), { what: 'microphone', by: ANN }],
    spotlight: [await ann.give('spotlight', { person: CLEO }), { person: CLEO }],
    'person-left': [await ann.give('remove', { person: CLEO }), { person: CLEO, reason: 'removed' }],
    removed: [await ann.give('remove', { person: BEN }), { by: ANN }],
  };
  for (const [type, [order, members]] of Object.entries(all)) {
    assert.equal(await ben.check({ type, ...members, order }), null, type);
    assert.equal(await ben.check({ type, ...members, order }), 'order-old', `${type} once more`);
  }
  assert.equal(await cleo.check({ type: 'stopped', what: 'camera', by: ANN, order: all.stopped[0] }), 'order-unverified');
  assert.equal(ben.spotlight, CLEO);
  const none = await ann.give('spotlight', { person: null });
  assert.equal(await ben.check({ type: 'spotlight', person: CLEO, order: none }), 'order-unverified');
  assert.equal(await ben.check({ type: 'spotlight', person: null, order: none }), null);
  assert.equal(ben.spotlight, null);
  const everybody = await ann.give('mute-all', {});
  assert.equal(await ben.check({ ...stopped(everybody), what: 'camera' }), 'order-unverified');
  for (const book of [ben, cleo])
    assert.equal(await book.check(stopped(everybody)), null);
});

test('without an order, with a changed one or under another name nothing holds', async () => {
  const ann = await seat(ANN, { link: HOST });
  const ben = await seat(BEN);
  const order = await ann.give('stop', { person: BEN, what: 'microphone' });
  for (const bad of [undefined, null, '', 'AAAA', order.slice(0, -4), `B${order.slice(1)}`, order.slice(0, -2) + (order.endsWith('A') ? 'BA' : 'AA')])
    assert.equal(await ben.check(stopped(bad)), 'order-unverified', String(bad));
  assert.equal(await ben.check(stopped(order, CLEO)), 'order-unverified');
  assert.equal(await ben.check({ ...stopped(order), what: 'screen' }), 'order-unverified');
  assert.equal(await ben.check({ ...stopped(order), type: 'requested' }), 'order-unverified');
  assert.equal(await ben.check({ ...stopped(order), type: 'chat' }), 'order-unverified');
  assert.equal(await ben.check(stopped(order)), null, 'what did not hold spoils nothing');
});

test('an order of another room or meeting does not hold', async () => {
  const ben = await seat(BEN);
  const elsewhere = await seat(ANN, { link: HOST, meeting: 'mbbbbbbbbbbbb' });
  assert.equal(await ben.check(stopped(await elsewhere.give('mute-all', {}))), 'order-unverified');
  const link = { ...HOST, room: 'npqrstuvwxyz' };
  const other = await deriveKeys(link);
  const orders = await makeOrders({ room: link.room, kAuth: other.kAuth, hostSecret: link.hostSecret });
  const host = new OrderBook({ link, kAuth: other.kAuth, sign: await signingKey(null), keyOf: () => null, isHere: () => false, now: () => now });
  await host.begin({ self: ANN, meeting: MEETING, orders });
  assert.equal(host.rank, 'host');
  assert.equal(await ben.check(stopped(await host.give('mute-all', {}))), 'order-unverified');
});

test('an order is of now, and later than the last of its signer', async () => {
  const ann = await seat(ANN, { link: HOST });
  const ben = await seat(BEN);
  const order = await ann.give('mute-all', {});
  const held = await ann.give('mute-all', {});
  assert.equal(await ben.check(stopped(held)), null);
  assert.equal(await ben.check(stopped(order)), 'order-old', 'held back');
  const late = await ann.give('mute-all', {});
  now += 121_000;
  assert.equal(await ben.check(stopped(late)), 'order-old');
  const early = await ann.give('mute-all', {});
  now -= 121_000;
  assert.equal(await ben.check(stopped(early)), 'order-old');
  now += 60_000;
  assert.equal(await ben.check(stopped(early)), null, 'clocks differ a little');
  const doris = await seat(DAN, { link: HOST });
  assert.equal(await ben.check(stopped(await doris.give('mute-all', {}), DAN)), null, 'another host has another clock');
});

test('a co-host orders with a grant, until dismissed', async () => {
  const ann = await seat(ANN, { link: HOST });
  const [ben, cleo] = [await seat(BEN), await seat(CLEO)];
  const order = await appoint(ann, [ben, cleo], BEN, 'cohost');
  assert.deepEqual([ben.rank, cleo.rank], ['cohost', 'person']);
  assert.equal(await cleo.check(stopped(await ben.give('stop', { person: CLEO, what: 'microphone' }), BEN)), null);
  assert.equal(await ben.give('role', { person: CLEO, role: 'cohost' }), null, 'a co-host appoints nobody');
  now += 1000;
  const before = await ben.give('mute-all', {});
  await appoint(ann, [cleo], BEN, 'person');
  assert.equal(await cleo.check(stopped(before, BEN)), 'order-unverified');
  assert.equal(await cleo.check(stopped(await ben.give('mute-all', {}), BEN)), 'order-unverified');
  assert.equal(await cleo.learn(order), 'order-old', 'the grant of before');
  assert.equal(await cleo.check(stopped(await ben.give('mute-all', {}), BEN)), 'order-unverified');
  await appoint(ann, [ben, cleo], BEN, 'cohost');
  assert.equal(await cleo.check(stopped(await ben.give('mute-all', {}), BEN)), null);
  await appoint(ann, [ben], BEN, 'person');
  assert.equal(ben.rank, 'person');
  assert.equal(await ben.give('mute-all', {}), null);
});

test('a server that says another meeting, and then the same again, makes nobody forget anything', async () => {
  const ann = await seat(ANN, { link: HOST });
  const [ben, cleo] = [await seat(BEN), await seat(CLEO)];
  await appoint(ann, [ben, cleo], BEN, 'cohost');
  const all = await ann.give('mute-all', {});
  assert.equal(await cleo.check(stopped(all)), null);
  now += 1000;
  await appoint(ann, [cleo], BEN, 'person');
  for (const meeting of ['mbbbbbbbbbbbb', MEETING])
    await cleo.begin({ self: CLEO, meeting, orders: ORDERS });
  assert.equal(await cleo.check(stopped(await ben.give('mute-all', {}), BEN)), 'order-unverified', 'dismissed');
  assert.equal(await cleo.check(stopped(all)), 'order-old', 'heard before');
});

test('who has not the present secret orders nothing, whatever the server keeps back', async () => {
  const [ann, ben, cleo] = [await seat(ANN, { link: HOST }), await seat(BEN), await seat(CLEO)];
  await appoint(ann, [ben, cleo], BEN, 'cohost');
  const left = { type: 'person-left', reason: 'removed', person: BEN };
  const removal = await ann.give('remove', { person: BEN });
  const another = new Uint8Array(32).fill(9);
  ann.rekey(another, { time: 0, members: [] });
  const next = await ann.give('mute-all', {});
  const spotlight = { type: 'spotlight', person: BEN };
  assert.equal(await ann.check({ ...spotlight, order: await ann.give('spotlight', { person: BEN }) }), null, 'what oneself orders just afterwards');
  assert.equal(await cleo.check({ ...left, by: ANN, order: removal }), null);
  now += 1;
  assert.equal(await cleo.check(stopped(next)), null, 'who has not the new one yet still hears those who have it');
  now += 1;
  const late = await ben.give('mute-all', {});
  cleo.rekey(another, { time: 0, members: [] });
  assert.equal(await cleo.check(stopped(late, BEN)), null, 'and who has it hears those who are connected');
  away.add(BEN); // the pair has ended, and nobody says that they have left: their key is known all the same
  now += 1;
  assert.equal(await cleo.check(stopped(await ben.give('mute-all', {}), BEN)), 'order-unverified');
  away.clear();
  now += 10_000;
  const order = await ann.give('mute-all', {});
  assert.equal(await ben.check(stopped(order)), 'order-unverified', 'after ten seconds all have it who are to have it');
  assert.equal(await cleo.check(stopped(order)), null);
  now += 120_000;
  assert.equal(await cleo.check(stopped(await ben.give('mute-all', {}), BEN)), 'order-unverified', 'after two minutes not even those');
  assert.equal(await cleo.check(stopped(await ann.give('mute-all', {}))), null);
});

test('who was removed as a co-host orders nothing any more: not as who hears it, and not with the help of somebody who is in', async () => {
  const [ann, ben, cleo, dan] = [await seat(ANN, { link: HOST }), await seat(BEN), await seat(CLEO), await seat(DAN)];
  await appoint(ann, [ben, cleo, dan], BEN, 'cohost');
  await appoint(ann, [ben, cleo, dan], DAN, 'cohost');
  const rotate = await ben.signRotation('afterwards');
  now += 1;
  assert.equal(await cleo.checkRotation(rotate, 'afterwards'), BEN);
  keys.delete(BEN); // whose pairs have ended
  const another = new Uint8Array(32).fill(9);
  const members = await Promise.all([ann, cleo, dan].map(async ({ sign }) => toBase64url(await memberOf(ROOM, sign.raw))));
  cleo.rekey(another, { time: now, members });
  now += 1;
  await ben.begin({ self: CLEO, meeting: MEETING, orders: ORDERS }); // signs in the name of who hears it, under the secret of before
  assert.equal(await cleo.check(stopped(await ben.give('mute-all', {}), CLEO)), 'order-unverified');
  await ben.begin({ self: BEN, meeting: MEETING, orders: ORDERS });
  ben.rekey(another, { time: 0, members: [] }); // of whoever has it
  now += 1;
  assert.equal(await cleo.check(stopped(await ben.give('mute-all', {}), BEN)), 'order-unverified');
  assert.equal(await cleo.checkRotation(rotate, 'afterwards'), null);
  const reloaded = await seat('peeeeeeeeeeee', { kept: JSON.parse(JSON.stringify(cleo.kept)), sign: cleo.sign });
  assert.equal(await reloaded.checkRotation(rotate, 'afterwards'), null, 'nor after a reload');
  dan.rekey(another, { time: now, members });
  now += 1;
  assert.equal(await cleo.check(stopped(await dan.give('mute-all', {}), DAN)), null, 'who stays does');
  const eve = await seat('pffffffffffff');
  ann.rekey(another, { time: now, members });
  now += 10_001;
  await appoint(ann, [eve, cleo], eve.id, 'cohost');
  eve.rekey(another, { time: 0, members: [] });
  now += 10_001;
  assert.equal(await cleo.check(stopped(await eve.give('mute-all', {}), eve.id)), null, 'and who was appointed afterwards');
});

test('who was removed as a co-host and comes again as anybody else is no co-host again when somebody else is removed', async () => {
  const [ann, ben, cleo] = [await seat(ANN, { link: HOST }), await seat(BEN), await seat(CLEO)];
  await appoint(ann, [ben, cleo], BEN, 'cohost');
  const membersOf = seats => Promise.all(seats.map(async ({ sign }) => toBase64url(await memberOf(ROOM, sign.raw))));
  const secret = n => new Uint8Array(32).fill(n);
  cleo.rekey(secret(9), { time: ++now, members: await membersOf([ann, cleo]) });
  for (let n = 10; n < 60; n++) { // he has the new link from somebody, and is in when others are removed
    cleo.rekey(secret(n), { time: ++now, members: await membersOf([ann, ben, cleo]) });
    ben.rekey(secret(n), { time: 0, members: [] });
  }
  now += 10_001;
  assert.equal(await cleo.check(stopped(await ben.give('mute-all', {}), BEN)), 'order-unverified');
  const reloaded = await seat(CLEO, { kept: JSON.parse(JSON.stringify(cleo.kept)), sign: cleo.sign });
  reloaded.rekey(secret(59), { time: 0, members: [] });
  assert.equal(await reloaded.check(stopped(await ben.give('mute-all', {}), BEN)), 'order-unverified', 'nor after a reload');
  ann.rekey(secret(59), { time: 0, members: [] });
  await appoint(ann, [ben, cleo], BEN, 'cohost');
  now += 1;
  assert.equal(await cleo.check(stopped(await ben.give('mute-all', {}), BEN)), null, 'until he is appointed again');
});

test('who was handed the room, handed it on and was removed appoints nobody any more', async () => {
  const [ann, ben, cleo, dan] = [await seat(ANN, { link: HOST }), await seat(BEN), await seat(CLEO), await seat(DAN)];
  await appoint(ann, [ben, cleo, dan], BEN, 'host');
  now += 1;
  await appoint(ben, [ben, cleo, dan], CLEO, 'host');
  const members = await Promise.all([ann, cleo, dan].map(async ({ sign }) => toBase64url(await memberOf(ROOM, sign.raw))));
  now += 1;
  for (const one of [ann, cleo, dan])
    one.rekey(new Uint8Array(32).fill(9), { time: now, members });
  now += 1;
  await appoint(ben, [dan], DAN, 'cohost'); // whom he knows, and who is in
  now += 10_001;
  assert.equal(await ann.check(stopped(await dan.give('mute-all', {}), DAN)), 'order-unverified');
  assert.equal(await ann.check(stopped(await cleo.give('mute-all', {}), CLEO)), null, 'what he did before holds');
});

test('a grant is good for the session that it names, and only for what it grants', async () => {
  const ann = await seat(ANN, { link: HOST });
  const [ben, cleo, dan] = [await seat(BEN), await seat(CLEO), await seat(DAN)];
  await appoint(ann, [ben, cleo, dan], BEN, 'cohost');
  keys.set(BEN, dan.sign.raw);
  assert.equal(await cleo.check(stopped(await ben.give('mute-all', {}), BEN)), 'order-unverified', 'the handshake had another key');
  keys.set(BEN, ben.sign.raw);
  await ben.begin({ self: CLEO, meeting: MEETING, orders: ORDERS });
  assert.equal(await cleo.check(stopped(await ben.give('mute-all', {}), CLEO)), 'order-unverified', 'in the name of who hears it');
  await ben.begin({ self: BEN, meeting: MEETING, orders: ORDERS });
  const stop = { person: ANN, what: 'microphone' };
  assert.equal(await ann.check(stopped(await ben.give('stop', stop), BEN)), 'order-unverified', 'a host');
  assert.equal(await ann.check({ type: 'removed', by: BEN, order: await ben.give('remove', { person: ANN }) }), 'order-unverified');
  assert.equal(await ann.check(stopped(await ben.give('mute-all', {}), BEN)), null);
  await appoint(ann, [ben, cleo], CLEO, 'cohost');
  assert.equal(await cleo.check(stopped(await ben.give('stop', { person: CLEO, what: 'microphone' }), BEN)), 'order-unverified', 'another co-host');
  keys.delete(DAN);
  assert.equal(await ann.give('role', { person: DAN, role: 'cohost' }), null, 'nobody knows the key');
});

test('a host hands over, and the new one appoints', async () => {
  const ann = await seat(ANN, { link: HOST });
  const [ben, cleo, dan] = [await seat(BEN), await seat(CLEO), await seat(DAN)];
  await appoint(ann, [ben, cleo, dan], BEN, 'host');
  assert.equal(ben.rank, 'host');
  await appoint(ben, [cleo, dan], CLEO, 'cohost');
  assert.equal(await dan.check(stopped(await cleo.give('mute-all', {}), CLEO)), null);
  assert.equal(await ann.check(stopped(await ben.give('stop', { person: ANN, what: 'microphone' }), BEN)), null, 'who has handed over');
  now += 1000;
  await appoint(ann, [dan], BEN, 'person');
  assert.equal(await dan.check(stopped(await cleo.give('mute-all', {}), CLEO)), 'order-unverified', 'appointed by one who was dismissed');
  assert.equal(await dan.learn(await ben.give('role', { person: CLEO, role: 'host' })), 'order-old');
});

test('a reload keeps what was granted, heard and said; another meeting nothing', async () => {
  const ann = await seat(ANN, { link: HOST });
  const [ben, cleo] = [await seat(BEN), await seat(CLEO)];
  await appoint(ann, [ben, cleo], BEN, 'cohost');
  const order = await ann.give('mute-all', {});
  assert.equal(await cleo.check(stopped(order)), null);
  const again = JSON.parse(JSON.stringify([ben.kept, cleo.kept]));
  const ben2 = await seat(DAN, { sign: ben.sign, kept: again[0] });
  const cleo2 = await seat('peeeeeeeeeeee', { sign: cleo.sign, kept: again[1] });
  assert.equal(ben2.rank, 'cohost');
  assert.equal(await cleo2.check(stopped(order)), 'order-old');
  assert.equal(await cleo2.check(stopped(await ben2.give('mute-all', {}), DAN)), null);
  const other = await seat(BEN, { sign: await signingKey(null), kept: again[0] });
  assert.equal(other.rank, 'person', 'another session');
  const next = await seat(BEN, { sign: ben.sign, kept: again[0], meeting: 'mbbbbbbbbbbbb' });
  assert.equal(next.rank, 'person');
  await ben.begin({ self: BEN, meeting: 'mbbbbbbbbbbbb', orders: ORDERS });
  assert.equal(ben.rank, 'person');
});
