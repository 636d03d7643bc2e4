// rotation.js: people of one room whose link gets another secret; who is away, who is left out, who lies.

import './setup.mjs';
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { concat, equal, fromBase64url, toBase64url } from '../../data/web/core/bytes.js';
import { sha256 } from '../../data/web/core/crypto.js';
import { deriveKeys, makeSecret, parseFragment } from '../../data/web/core/link.js';
import { OrderBook } from '../../data/web/core/order-book.js';
import { makeOrders, roomKey } from '../../data/web/core/orders.js';
import { signingKey } from '../../data/web/core/reload.js';
import { Rotation, RotationTalk, composeRotation, composeStatement, memberOf, parseRotation, parseStatement } from '../../data/web/core/rotation.js';
import { FakeClock } from './clock.mjs';

const ROOM = 'abcdefghijkm';
const MEETING = 'maaaaaaaaaaaa';
const text = n => toBase64url(new Uint8Array(32).fill(n));
const HOST = parseFragment(ROOM, `${text(1)}.${text(2)}`);
const GUEST = parseFragment(ROOM, text(1));
const { kAuth } = await deriveKeys(GUEST);
const ORDERS = await makeOrders({ room: ROOM, kAuth, hostSecret: HOST.hostSecret });
const idOf = letter => `p${letter.repeat(12)}`;

const real = { setTimeout, clearTimeout };
let people = [];
afterEach(() => {
  people.forEach(({ rotation }) => rotation.close());
  people = [];
  Object.assign(globalThis, real);
});

/** WebCrypto works in threads, so it takes time, not turns. */
async function until(condition) {
  for (let i = 0; i < 5_000 && !condition(); i++)
    await new Promise(resolve => real.setTimeout(resolve, 1));
  assert.ok(condition(), String(condition));
}

async function rest() {
  for (let i = 0; i < 80; i++)
    await new Promise(resolve => real.setTimeout(resolve, 1));
}

/** @param letter of the id; `link`: a host's, or what it came with */
async function person(letter, { link = GUEST, generation = 0 } = {}) {
  const sign = await signingKey(null);
  const one = { id: idOf(letter), sign, refused: [], faults: [], adopted: [], shown: [], said: [], server: null, asked: 0 };
  const keyOf = id => people.find(other => other.id === id)?.sign.raw ?? null;
  one.book = new OrderBook({ link: { ...link }, kAuth, sign, keyOf, isHere: id => keyOf(id) !== null });
  await one.book.begin({ self: one.id, meeting: MEETING, orders: ORDERS });
  one.rotation = new Rotation({
    room: ROOM, secret: link.secret, generation, self: one.id, sign: sign.raw, book: one.book,
    adopted: next => one.adopted.push(next), fault: id => one.faults.push(id),
    accepted: async () => {
      one.asked++;
      return one.server;
    },
  });
  one.rotation.shown = (id, shown) => one.shown.push(`${id[1]} ${shown}`);
  people.push(one);
  return one;
}

/** @param wire may change what is said; null loses it */
function connect(a, b, wire = (from, type, bytes) => bytes) {
  const say = (from, to) => (type, bytes) => queueMicrotask(() => {
    const passed = wire(from, type, bytes);
    from.said.push({ to, type, bytes });
    if (passed)
      to.rotation.receive(from.id, type, passed).catch(({ id }) => to.refused.push(id));
  });
  a.rotation.met(b.id, { th: new Uint8Array(32).fill(7), sign: b.sign.raw, send: say(a, b), refuse: ({ id }) => a.refused.push(id) });
  b.rotation.met(a.id, { th: new Uint8Array(32).fill(7), sign: a.sign.raw, send: say(b, a), refuse: ({ id }) => b.refused.push(id) });
}

const part = (a, b) => {
  a.rotation.gone(b.id);
  b.rotation.gone(a.id);
};

async function remove(host, whom) {
  const prepared = await host.rotation.prepare(whom.id);
  await host.rotation.commit(prepared);
  return prepared;
}

const refusals = (...list) => list.flatMap(({ refused }) => refused);

test('who stays has the new secret, and shows it; who is removed has not', async () => {
  const [ann, ben, cleo, dan] = [await person('a', { link: HOST }), await person('b'), await person('c'), await person('d')];
  for (const [one, other] of [[ann, ben], [ann, cleo], [ann, dan], [ben, cleo], [ben, dan], [cleo, dan]])
    connect(one, other);
  await until(() => people.every(({ shown }) => shown.length === 3));
  const { told } = await remove(ann, dan);
  await until(() => ben.adopted.length === 1 && cleo.adopted.length === 1);
  const [{ secret, kJoin, generation }] = ben.adopted;
  assert.equal(generation, 1);
  assert.ok(equal(secret, ann.adopted[0].secret) && equal(secret, cleo.adopted[0].secret) && !equal(secret, GUEST.secret));
  assert.equal(told.join_verifier, toBase64url(await sha256(kJoin)), 'what the server is told fits it');
  assert.deepEqual(Object.keys(told).sort(), ['generation', 'join_verifier', 'mac'], 'and it is told nothing else');
  await until(() => [ann, ben, cleo].every(({ shown }) => shown.filter(text => text.endsWith(' 1')).length === 2));
  const { body } = await ann.rotation.prepare(cleo.id);
  assert.equal(parseStatement(body).members.length, 2, 'Ann and Ben: Dan is of no later one either, though nobody has said that he left');
  assert.deepEqual([dan.adopted, refusals(ben, cleo)], [[], ['link-generation', 'link-generation']], 'their pairs with Dan end');
  for (const { said } of people)
    assert.ok(!said.some(({ to, bytes }) => to === dan && toBase64url(bytes).includes(toBase64url(secret))));
  const key = await roomKey({ ...ORDERS, mac: told.mac }, { room: ROOM, kAuth: ann.adopted[0].kAuth });
  assert.equal(toBase64url(key), ORDERS.key, 'newcomers know the key of orders by the new secret');
  assert.equal(await roomKey({ ...ORDERS, mac: told.mac }, { room: ROOM, kAuth }), null, 'and by no other');
});

test('one after the other, and each once', async () => {
  const [ann, ben, cleo, dan] = [await person('a', { link: HOST }), await person('b'), await person('c'), await person('d')];
  for (const other of [ben, cleo, dan])
    connect(ann, other);
  await until(() => ann.shown.length === 3);
  await remove(ann, dan);
  ann.rotation.forget(dan.id);
  await remove(ann, cleo);
  await until(() => ben.adopted.length === 2);
  assert.deepEqual(ben.adopted.map(({ generation }) => generation), [1, 2]);
  const first = ann.said.find(({ to, type }) => to === ben && type === RotationTalk.ROTATION);
  await ben.rotation.receive(ann.id, RotationTalk.ROTATION, first.bytes);
  await rest();
  assert.deepEqual([ben.adopted.length, ben.refused], [2, []], 'an old one is passed over');
  assert.ok(equal(ben.adopted[1].secret, ann.adopted[1].secret));
});

test('who was away gets it from anybody who is there, if it is for them', async () => {
  const [ann, ben, cleo, dan, eve] = [await person('a', { link: HOST }), await person('b'), await person('c'), await person('d'), await person('e')];
  for (const other of [ben, cleo, dan])
    connect(ann, other);
  await until(() => ann.shown.length === 3);
  part(ann, cleo);
  await remove(ann, dan);
  await until(() => ben.adopted.length === 1);
  connect(ben, cleo);
  await until(() => cleo.adopted.length === 1);
  assert.ok(equal(cleo.adopted[0].secret, ann.adopted[0].secret));
  await until(() => ben.shown.includes('c 1') && cleo.shown.includes('b 1'));
  for (const stranger of [dan, eve]) { // who was removed; who never was with the host
    connect(ben, stranger);
    await until(() => ben.refused.length > 0);
    await rest();
    assert.deepEqual([stranger.adopted, [...new Set(ben.refused.splice(0))]], [[], ['link-generation']]);
  }
});

test('nobody but hosts and co-hosts can do it', async () => {
  const [ann, ben, cleo] = [await person('a', { link: HOST }), await person('b'), await person('c')];
  connect(ann, ben);
  connect(ben, cleo);
  await until(() => ben.shown.length === 2);
  assert.equal(await ben.rotation.prepare(cleo.id), null);
  const appointed = await ann.book.give('role', { person: ben.id, role: 'cohost' });
  for (const { book } of people)
    assert.equal(await book.learn(appointed), null);
  const prepared = await ben.rotation.prepare(cleo.id);
  assert.ok(prepared);
  const dismissed = await ann.book.give('role', { person: ben.id, role: 'person' });
  assert.equal(await ann.book.learn(dismissed), null);
  await ben.rotation.commit(prepared);
  await until(() => ann.refused.length > 0);
  const once = list => [...new Set(list)]; // he offers it again when he sees that she lacks it
  assert.deepEqual([once(ann.faults), ann.adopted, once(ann.refused)], [['order-unverified'], [], ['link-generation']]);
});

/** What Ben takes of a rotation that was changed on the way, or made up. */
async function taken(change) {
  const [ann, ben, cleo] = [await person('a', { link: HOST }), await person('b'), await person('c')];
  connect(ann, ben, () => null);
  connect(ann, cleo, () => null);
  await rest();
  const honest = await ann.rotation.prepare(cleo.id);
  const bytes = await change({ secret: honest.next.secret, body: honest.body, order: honest.order }, { ann, ben, cleo });
  const end = await ben.rotation.receive(ann.id, RotationTalk.ROTATION, bytes).then(() => null, ({ id }) => id);
  return [end, ben.adopted.length, ben.faults.length];
}

test('what does not hold is not taken', async () => {
  const statement = ({ body }, changes) => composeStatement({ ...parseStatement(body), ...changes });
  assert.deepEqual(await taken(composeRotation), [null, 1, 0], 'what holds is');
  assert.deepEqual(await taken(one => composeRotation({ ...one, secret: makeSecret() })), ['link-generation', 0, 0], 'another secret');
  assert.deepEqual(await taken(one => composeRotation({ ...one, body: statement(one, { generation: 2 }) })), ['link-generation', 0, 0], 'one is left out');
  assert.deepEqual(await taken(one => composeRotation({ ...one, body: statement(one, { from: new Uint8Array(32) }) })), ['link-generation', 0, 0], 'it follows another one');
  assert.deepEqual(await taken(async (one, { cleo }) => composeRotation({ ...one, body: statement(one, { members: [...parseStatement(one.body).members, await memberOf(ROOM, cleo.sign.raw)] }) })),
    ['link-generation', 0, 1], 'somebody was added, which nobody has signed');
  assert.deepEqual(await taken(async (one, { ann, cleo }) => composeRotation({ ...one, body: statement(one, { members: [await memberOf(ROOM, ann.sign.raw), await memberOf(ROOM, cleo.sign.raw)] }) })),
    ['link-generation', 0, 0], 'it is for others');
  assert.deepEqual(await taken(async (one, { ann, cleo }) => composeRotation({ ...one, order: await ann.book.give('remove', { person: cleo.id }) })), ['link-generation', 0, 1], 'another order');
  assert.deepEqual(await taken(one => composeRotation({ ...one, order: '' }).slice(0, -1)), ['link-malformed', 0, 0]);
  assert.deepEqual(await taken(one => concat(one.secret, 0)), ['link-malformed', 0, 0]);
  assert.deepEqual(await taken(one => composeRotation({ ...one, body: one.body.slice(1) })), ['link-malformed', 0, 0]);
  assert.deepEqual(parseRotation(new Uint8Array(0)), null);
});

test('whom it is kept from is seen to lack it', async () => {
  const clock = new FakeClock();
  Object.assign(globalThis, { setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout });
  const [ann, ben, cleo] = [await person('a', { link: HOST }), await person('b'), await person('c')];
  let kept = false;
  connect(ann, ben, (from, type, bytes) => (kept ? null : bytes));
  connect(ann, cleo);
  await until(() => ann.shown.length === 2 && ben.shown.length === 1);
  await clock.advance(21_000);
  await rest();
  assert.deepEqual(refusals(ann, ben), []);
  kept = true;
  await remove(ann, cleo);
  ann.rotation.forget(cleo.id);
  ann.refused.length = 0;
  await clock.advance(21_000);
  await until(() => ann.refused.length > 0);
  assert.deepEqual([ben.adopted, ann.refused], [[], ['link-generation']]);
});

test('who was removed and is connected to somebody just then is out at once; who never shows the new secret is after a while', async () => {
  const clock = new FakeClock();
  Object.assign(globalThis, { setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout });
  const [ann, ben, dan] = [await person('a', { link: HOST }), await person('b'), await person('d')];
  for (const other of [ben, dan])
    connect(ann, other);
  await until(() => ann.shown.length === 2);
  const silent = (letter, { raw: sign }) => ben.rotation.met(idOf(letter), { th: new Uint8Array(32).fill(8), sign, send() {}, refuse({ id }) {
    ben.refused.push(`${letter} ${id}`);
    ben.rotation.gone(idOf(letter)); // as the end of the pair does
  } });
  silent('d', dan.sign);
  silent('e', ann.sign);
  await remove(ann, dan);
  await until(() => ben.adopted.length === 1);
  await rest();
  assert.deepEqual(ben.refused.splice(0), ['d link-generation'], 'Dan is out at once');
  await clock.advance(21_000);
  await until(() => ben.refused.length > 0);
  assert.deepEqual(ben.refused.splice(0), ['e link-generation']);
  assert.ok(!dan.adopted.length);
  silent('f', await signingKey(null));
  await rest();
  await clock.advance(21_000);
  await until(() => ben.refused.length > 0);
  assert.deepEqual(ben.refused, ['f link-generation'], 'nor who came afterwards');
});

test('who is removed and connects anew just while it is done is out all the same, and of none that follows', async () => {
  let during = 0;
  for (let wait = 0; wait < 12; wait++) {
    const [ann, ben, dan] = [await person('a', { link: HOST }), await person('b'), await person('d')];
    for (const other of [ben, dan])
      connect(ann, other);
    await until(() => ann.shown.length === 2);
    const done = ann.rotation.commit(await ann.rotation.prepare(dan.id));
    for (let i = 0; i < wait; i++)
      await new Promise(resolve => setImmediate(resolve));
    if (ann.adopted.length === 0) {
      during++;
      ann.rotation.gone(dan.id);
      await (wait % 2 ? new Promise(resolve => setImmediate(resolve)) : null);
      if (ann.adopted.length === 0)
        ann.rotation.met(dan.id, { th: new Uint8Array(32).fill(9), sign: dan.sign.raw, send() {}, refuse: ({ id }) => ann.refused.push(id) });
      else
        ann.refused.push('link-generation'); // as who is not connected: they come in with no secret of before
    }
    await done;
    assert.deepEqual(ann.refused, ['link-generation'], `after ${wait}`);
    const { body } = await ann.rotation.prepare(ben.id);
    assert.equal(parseStatement(body).members.length, 1);
    people.forEach(({ rotation }) => rotation.close());
    people = [];
  }
  assert.ok(during > 0);
});

test('nobody shows a generation without its secret', async () => {
  const [ann, ben] = [await person('a', { link: HOST }), await person('b', { link: parseFragment(ROOM, text(9)) })];
  connect(ann, ben);
  await until(() => refusals(ann, ben).length === 2);
  assert.deepEqual([refusals(ann, ben), ann.shown, ben.shown], [['link-generation', 'link-generation'], [], []]);
  await assert.rejects(ann.rotation.receive(ben.id, RotationTalk.GENERATION, fromBase64url('AAAA')), { id: 'link-malformed' });
});

/** Ann, who intends to remove Dan, with Ben and Cleo; everybody is connected. `wire`: of what Ann says to Ben. */
async function intending(wire) {
  const [ann, ben, cleo, dan] = [await person('a', { link: HOST }), await person('b'), await person('c'), await person('d')];
  connect(ann, ben, wire);
  for (const [one, other] of [[ann, cleo], [ann, dan], [ben, cleo], [ben, dan], [cleo, dan]])
    connect(one, other);
  await until(() => people.every(({ shown }) => shown.length === 3));
  const prepared = await ann.rotation.prepare(dan.id);
  await ann.rotation.offer(prepared);
  return { ann, ben, cleo, dan, prepared };
}

const told = (one, type) => one.said.filter(said => said.type === type).map(({ to }) => to.id[1]).sort();

test('who stays has it before the server is asked, and nobody uses it before the server has agreed', async () => {
  const { ann, ben, cleo, dan, prepared } = await intending();
  assert.deepEqual([told(ann, RotationTalk.INTENDED), told(ben, RotationTalk.NOTED), told(cleo, RotationTalk.NOTED)], [['b', 'c'], ['a'], ['a']]);
  assert.ok(!dan.said.some(({ type }) => type === RotationTalk.NOTED));
  await rest();
  assert.deepEqual(people.map(({ adopted }) => adopted.length), [0, 0, 0, 0]);
  await ann.rotation.commit(prepared);
  await until(() => ben.adopted.length === 1 && cleo.adopted.length === 1);
  assert.deepEqual([ben.asked, cleo.asked], [0, 0]);
});

test('the page that removes somebody ends after the server has agreed: the others ask it', async () => {
  const clock = new FakeClock();
  Object.assign(globalThis, { setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout });
  const { ann, ben, cleo, dan, prepared } = await intending();
  for (const other of [ben, cleo, dan])
    part(ann, other);
  ben.server = true;
  await clock.advance(4_000);
  await until(() => ben.adopted.length === 1 && cleo.adopted.length === 1);
  assert.ok(equal(ben.adopted[0].secret, prepared.next.secret) && equal(cleo.adopted[0].secret, prepared.next.secret), 'Cleo has it of Ben');
  assert.deepEqual([dan.adopted, [...new Set(refusals(ben, cleo))]], [[], ['link-generation']]);
});

test('what the server does not take is forgotten', async () => {
  const clock = new FakeClock();
  Object.assign(globalThis, { setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout });
  const { ann, ben, cleo, prepared } = await intending();
  ben.server = cleo.server = ann.server = false;
  await ann.rotation.fail(prepared);
  await rest();
  for (let i = 0; i < 12; i++) {
    await clock.advance(5_000);
    await rest();
  }
  assert.deepEqual([told(ann, RotationTalk.WITHDRAWN), ben.asked, cleo.asked], [['b', 'c', 'd'], 0, 0], 'who has said that it is nothing is believed');
  assert.deepEqual(people.map(({ adopted }) => adopted.length), [0, 0, 0, 0]);
  assert.deepEqual(refusals(...people), []);
});

/** Ann intended it and withdrew it; then Cleo says to Ben that it was done. */
async function withdrawn() {
  const clock = new FakeClock();
  Object.assign(globalThis, { setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout });
  const { ann, ben, cleo, prepared } = await intending();
  ann.server = false;
  await ann.rotation.fail(prepared);
  await rest();
  const say = () => ben.rotation.receive(cleo.id, RotationTalk.ROTATION, composeRotation({ secret: prepared.next.secret, body: prepared.body, order: prepared.order }));
  return { clock, ann, ben, cleo, prepared, say };
}

test('nobody who was told of it can have it taken after that', async () => {
  const { clock, ann, ben, cleo, say } = await withdrawn();
  ben.server = false;
  for (let i = 0; i < 3; i++)
    await say();
  await rest();
  assert.equal(ben.asked, 0, 'nobody makes it ask all the time');
  await clock.advance(3_000);
  await until(() => ben.asked === 1);
  await clock.advance(60_000);
  await rest();
  assert.deepEqual([ben.adopted, ben.refused, ben.asked], [[], [], 1]);
  const next = await ann.rotation.prepare(idOf('d'));
  await ann.rotation.offer(next);
  await ann.rotation.commit(next);
  await until(() => ben.adopted.length === 1 && cleo.adopted.length === 1);
});

test('what was withdrawn is taken if the server has it after all', async () => {
  const { clock, ben, prepared, say } = await withdrawn();
  ben.server = true;
  await say();
  await clock.advance(3_000);
  await until(() => ben.adopted.length === 1);
  assert.ok(equal(ben.adopted[0].secret, prepared.next.secret));
});

test('who intended it has gone, and the server has not heard of it', async () => {
  const clock = new FakeClock();
  Object.assign(globalThis, { setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout });
  const { ann, ben, cleo } = await intending();
  part(ann, ben);
  part(ann, cleo);
  await clock.advance(4_000);
  await until(() => ben.asked === 1);
  ben.server = cleo.server = false; // until then it did not answer
  for (let i = 0; i < 12; i++) {
    await clock.advance(5_000);
    await rest();
  }
  assert.deepEqual([ben.asked, ben.adopted], [7, []], 'asked a few times, and given up');
});

test('no answer, or the answer was lost: the one who removes asks what holds', async () => {
  const { ann, ben, prepared } = await intending();
  ann.server = null;
  await ann.rotation.fail(prepared);
  assert.deepEqual([ann.adopted, told(ann, RotationTalk.WITHDRAWN)], [[], []]);
  ann.server = true;
  await ann.rotation.fail(prepared);
  await until(() => ann.adopted.length === 1 && ben.adopted.length === 1);
});

test('of two that are intended one wins, and the other is forgotten', async () => {
  const clock = new FakeClock();
  Object.assign(globalThis, { setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout });
  const { ann, ben, cleo, dan, prepared } = await intending();
  const other = await ann.rotation.prepare(dan.id);
  await ann.rotation.offer(other);
  await ann.rotation.commit(prepared);
  await until(() => ben.adopted.length === 1 && cleo.adopted.length === 1);
  ben.server = true;
  await clock.advance(10_000);
  await rest();
  assert.ok(equal(ben.adopted[0].secret, prepared.next.secret));
  assert.equal(ben.asked, 0);
  assert.equal(await ann.rotation.commit(other), false);
  await rest();
  assert.deepEqual([ben.adopted.length, ann.adopted.length], [1, 1]);
});

test('what is intended has to hold as well, and only its sender withdraws it', async () => {
  const { ann, ben, cleo, prepared } = await intending();
  const bad = composeRotation({ secret: makeSecret(), body: prepared.body, order: prepared.order });
  await assert.rejects(ben.rotation.receive(ann.id, RotationTalk.INTENDED, bad), { id: 'link-generation' });
  await assert.rejects(ben.rotation.receive(ann.id, RotationTalk.NOTED, new Uint8Array(31)), { id: 'link-malformed' });
  await assert.rejects(ben.rotation.receive(ann.id, RotationTalk.WITHDRAWN, new Uint8Array(31)), { id: 'link-malformed' });
  const clock = new FakeClock();
  Object.assign(globalThis, { setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout });
  await cleo.rotation.receive(ben.id, RotationTalk.INTENDED, composeRotation({ secret: prepared.next.secret, body: prepared.body, order: prepared.order }));
  await cleo.rotation.receive(ann.id, RotationTalk.WITHDRAWN, prepared.next.verifier);
  cleo.server = true;
  await clock.advance(4_000);
  await until(() => cleo.adopted.length === 1);
});

/** The same, and what is to be noted gets lost on the way to Ben. */
async function unnoted() {
  const [ann, ben, dan] = [await person('a', { link: HOST }), await person('b'), await person('d')];
  connect(ann, ben, (from, type, bytes) => (type === RotationTalk.INTENDED ? null : bytes));
  await until(() => ann.shown.length === 1);
  const prepared = await ann.rotation.prepare(dan.id);
  const clock = new FakeClock();
  Object.assign(globalThis, { setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout });
  const offer = { done: false };
  void ann.rotation.offer(prepared).then(() => { offer.done = true; });
  await until(() => told(ann, RotationTalk.INTENDED).length === 1);
  await rest();
  assert.equal(offer.done, false);
  return { ann, ben, clock, offer };
}

test('nobody waits for long for who does not note it, nor for who is gone', async () => {
  const { clock, offer } = await unnoted();
  await clock.advance(2_100);
  await until(() => offer.done);
  const other = await unnoted();
  part(other.ann, other.ben);
  await until(() => other.offer.done);
});

test('nobody is made to keep many', async () => {
  const { ann, ben, dan } = await intending();
  for (let i = 0; i < 3; i++)
    await ann.rotation.offer(await ann.rotation.prepare(dan.id));
  const { next, body, order } = await ann.rotation.prepare(dan.id);
  await assert.rejects(ben.rotation.receive(ann.id, RotationTalk.INTENDED, composeRotation({ secret: next.secret, body, order })), { id: 'link-generation' });
});
