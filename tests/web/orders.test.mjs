// orders.js: what is read of bytes that anybody may have sent, and whose signature counts. That it computes what others compute is
// for vectors.test.mjs, the rules that need a memory for order-book.test.mjs.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromBase64url, toBase64url } from '../../data/web/core/bytes.js';
import { deriveKeys, parseFragment } from '../../data/web/core/link.js';
import {
  composeGrants, composeOrder, makeGrant, makeOrder, makeOrders, openOrders, parseGrants, parseOrder, roomKey, verifyChain, verifyOrder,
} from '../../data/web/core/orders.js';
import { signingKey } from '../../data/web/core/reload.js';

const ROOM = 'abcdefghijkm';
const PLACE = { room: ROOM, meeting: 'maaaaaaaaaaaa', mark: new Uint8Array(32).fill(7) };
const WHAT = { by: 'paaaaaaaaaaaa', action: 'mute-all', target: '', time: 1_800_000_000_000 };
const secret = n => toBase64url(new Uint8Array(32).fill(n));

async function room() {
  const link = parseFragment(ROOM, `${secret(1)}.${secret(2)}`);
  const { kAuth } = await deriveKeys(link);
  const orders = JSON.stringify(await makeOrders({ room: ROOM, kAuth, hostSecret: link.hostSecret }));
  const key = await roomKey(orders, { room: ROOM, kAuth });
  return { kAuth, orders, key, hostSecret: link.hostSecret, signer: await openOrders(orders, link, key) };
}

async function session() {
  const { key: signer, raw: key } = await signingKey(null);
  return { signer, key };
}

const change = (text, at) => {
  const bytes = fromBase64url(text);
  bytes[at < 0 ? bytes.length + at : at] ^= 1;
  return toBase64url(bytes);
};

test('a room has a key that only the link vouches for, and only H opens', async () => {
  const { kAuth, orders, key, hostSecret } = await room();
  const other = { room: 'npqrstuvwxyz', kAuth };
  assert.equal(await roomKey(orders, other), null);
  assert.equal(await openOrders(orders, { room: 'npqrstuvwxyz', hostSecret }, key), null);
  for (const bad of [null, undefined, '', 'x', '{}', '[]', 1, { key: 'x', mac: 'x', sealed: 'x' }, { ...JSON.parse(orders), key: toBase64url(new Uint8Array(65)) }]) {
    assert.equal(await roomKey(bad, { room: ROOM, kAuth }), null);
    assert.equal(await openOrders(bad, { room: ROOM, hostSecret: new Uint8Array(32) }, key), null);
  }
  const { sealed } = JSON.parse(orders);
  for (const at of [0, 12, 40, -1])
    assert.equal(await openOrders({ ...JSON.parse(orders), sealed: change(sealed, at) }, { room: ROOM, hostSecret }, key), null);
});

test('an order holds for what it says, and for nothing else', async () => {
  const { key, signer } = await room();
  const order = await makeOrder(PLACE, signer, [], WHAT);
  const holds = (place, changes, deed = WHAT) => verifyOrder(place, key, { ...order, ...changes }, deed);
  assert.equal(await holds(PLACE, {}), true);
  assert.equal(await holds({ ...PLACE, room: 'npqrstuvwxyz' }, {}), false);
  assert.equal(await holds({ ...PLACE, meeting: 'mbbbbbbbbbbbb' }, {}), false);
  assert.equal(await holds({ ...PLACE, mark: new Uint8Array(32).fill(8) }, {}), false);
  assert.equal(await holds(PLACE, { by: 'pbbbbbbbbbbbb' }), false);
  assert.equal(await holds(PLACE, { time: WHAT.time + 1 }), false);
  assert.equal(await holds(PLACE, {}, { ...WHAT, action: 'spotlight' }), false);
  assert.equal(await holds(PLACE, {}, { ...WHAT, target: 'paaaaaaaaaaaa' }), false);
  const stranger = await session();
  assert.equal(await verifyOrder(PLACE, key, await makeOrder(PLACE, stranger.signer, [], WHAT), WHAT), false);
  assert.equal(await verifyOrder(PLACE, key, { ...order, signature: new Uint8Array(64) }, WHAT), false);
});

test('whom a host appointed may order, and appoint only where they are host', async () => {
  const { key, signer } = await room();
  const [ben, cleo] = [await session(), await session()];
  const grant = (by, rank, to) => makeGrant(PLACE, by, { rank, key: to.key, time: WHAT.time });
  const cohost = await grant(signer, 'cohost', ben);
  const host = await grant(signer, 'host', ben);
  const further = await grant(ben.signer, 'cohost', cleo);
  assert.equal(await verifyOrder(PLACE, key, await makeOrder(PLACE, ben.signer, [cohost], WHAT), WHAT), true);
  assert.equal(await verifyOrder(PLACE, key, await makeOrder(PLACE, cleo.signer, [cohost], WHAT), WHAT), false);
  assert.equal(await verifyOrder(PLACE, key, await makeOrder(PLACE, cleo.signer, [host, further], WHAT), WHAT), true);
  assert.equal(await verifyChain(PLACE, key, [cohost, further]), false);
  assert.equal(await verifyChain(PLACE, key, [further]), false);
  assert.equal(await verifyChain(PLACE, key, [{ ...cohost, rank: 'host' }]), false);
  assert.equal(await verifyChain(PLACE, key, [{ ...cohost, key: cleo.key }]), false);
  assert.equal(await verifyChain({ ...PLACE, meeting: 'mbbbbbbbbbbbb' }, key, [cohost]), false);
});

test('what is read is what was written, and nothing is read of anything else', async () => {
  const { signer } = await room();
  const ben = await session();
  const chain = [await makeGrant(PLACE, signer, { rank: 'cohost', key: ben.key, time: WHAT.time })];
  const order = composeOrder(await makeOrder(PLACE, ben.signer, chain, WHAT));
  const grants = composeGrants(chain);
  assert.equal(composeOrder(parseOrder(order)), order);
  assert.equal(composeGrants(parseGrants(grants)), grants);
  assert.equal(parseOrder(grants), null);
  assert.equal(parseGrants(order), null);
  const bytes = fromBase64url(order);
  for (let n = 0; n < bytes.length; n++)
    assert.equal(parseOrder(toBase64url(bytes.slice(0, n))), null, `${n} bytes`);
  for (const bad of [null, undefined, 7, {}, '', '!', `${order}A`, 'A'.repeat(4000), change(order, 1), toBase64url(new Uint8Array(500).fill(1)), toBase64url(new Uint8Array(500).fill(255))]) {
    assert.equal(parseOrder(bad), null);
    assert.equal(parseGrants(bad), null);
  }
  const many = Uint8Array.from([2, 4, ...new Uint8Array(4 * 138)]);
  assert.equal(parseGrants(toBase64url(many)), null);
  assert.equal(parseGrants(toBase64url(Uint8Array.from([2, 0]))), null);
  const late = fromBase64url(order).fill(0xff, 14, 22);
  assert.equal(parseOrder(toBase64url(late)), null, 'a time that no date can have');
});
