// commands.js: with a media server the server's word is enough; between browsers nothing is done that no host has signed.

import './setup.mjs';
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Commands } from '../../data/web/core/commands.js';
import { deriveKeys, parseFragment } from '../../data/web/core/link.js';
import { toBase64url } from '../../data/web/core/bytes.js';
import { makeOrders } from '../../data/web/core/orders.js';
import { signingKey } from '../../data/web/core/reload.js';

const S = toBase64url(new Uint8Array(32).fill(1));
const MEETING = 'maaaaaaaaaaaa';
const [HOST, GUEST] = ['paaaaaaaaaaaa', 'pbbbbbbbbbbbb'];
let orders;
let kAuth;

beforeEach(async () => {
  const link = parseFragment('abcdefghijkm', `${S}.${S}`);
  ({ kAuth } = await deriveKeys(link));
  orders = await makeOrders({ ...link, kAuth });
});

function side(done = true, accepted = done) {
  const did = { asked: [], sent: [], done: [], faults: [], rotated: [], obeyed: null };
  const commands = new Commands({
    attempt: async (type, members) => Boolean(did.sent.push({ type, ...members })) && done,
    perform: message => did.done.push(message),
    fault: id => did.faults.push(id),
    obeyed: obeyed => { did.obeyed = obeyed; },
    rotated: next => did.rotated.push(next.generation),
    accepted: async ({ generation }) => { did.asked.push(generation); return accepted; },
  });
  return { commands, did };
}

async function inRoom(self, host = false, keyOf = () => null, done = true, accepted = done) {
  const { commands, did } = side(done, accepted);
  const sign = await signingKey(null);
  commands.begin({ link: parseFragment('abcdefghijkm', host ? `${S}.${S}` : S), kAuth, sign, keyOf, isHere: person => keyOf(person) !== null }, { self, meeting: MEETING, orders: JSON.stringify(orders) });
  return { commands, did, sign };
}

async function until(condition) {
  for (let i = 0; i < 300 && !condition(); i++)
    await new Promise(resolve => setTimeout(resolve, 10));
  assert.ok(condition(), String(condition));
}

test('with a media server everything is done at once, and nothing is added', async () => {
  const { commands, did } = side();
  const message = { type: 'stopped', what: 'microphone', by: HOST };
  commands.receive(message);
  assert.deepEqual(did.done, [message]);
  await commands.send('mute-all');
  await commands.send('stop', { person: GUEST, what: 'camera' });
  assert.deepEqual(did.sent, [{ type: 'mute-all' }, { type: 'stop', person: GUEST, what: 'camera' }]);
  assert.equal(commands.kept, null);
  assert.equal(commands.spotlightAt({ room: { media: 'sfu' }, meeting: MEETING, spotlight: GUEST }), GUEST);
});

test('between browsers only what a host has signed is done', async () => {
  const host = await inRoom(HOST, true);
  const guest = await inRoom(GUEST);
  await host.commands.send('stop', { person: GUEST, what: 'microphone' });
  const { order } = host.did.sent[0];
  assert.match(order, /^[\w-]+$/);
  guest.commands.receive({ type: 'stopped', what: 'microphone', by: HOST, order });
  await until(() => guest.did.done.length === 1);
  for (const forged of [
    { type: 'stopped', what: 'microphone', by: HOST }, { type: 'stopped', what: 'camera', by: HOST, order }, { type: 'spotlight', person: GUEST },
    { type: 'requested', what: 'microphone', by: HOST, order: 'AAAA' },
  ])
    guest.commands.receive(forged);
  await until(() => guest.did.faults.length === 4);
  guest.commands.receive({ type: 'stopped', what: 'microphone', by: HOST, order });
  await until(() => guest.did.faults.at(-1) === 'order-old');
  assert.equal(guest.did.done.length, 1);
});

test('whoever the server puts out is out; who wanted it is not claimed', async () => {
  const guest = await inRoom(GUEST);
  guest.commands.receive({ type: 'removed', by: HOST });
  guest.commands.receive({ type: 'person-left', person: HOST, reason: 'removed' });
  await until(() => guest.did.done.length === 2);
  assert.deepEqual([guest.did.done[0].by, guest.did.done[1].reason, guest.did.faults], [null, 'lost', []]);
});

test('roles are shown as the server says; a grant that does not hold is told', async () => {
  const guest = await inRoom(GUEST);
  guest.commands.receive({ type: 'role', role: 'cohost', may: [] });
  guest.commands.receive({ type: 'person-changed', person: { id: HOST }, order: 'AAAA' });
  guest.commands.receive({ type: 'spotlight', person: null });
  assert.deepEqual(guest.did.done.map(({ type }) => type), ['role', 'person-changed', 'spotlight']);
  await until(() => guest.did.faults.length === 1);
});

test('a spotlight that nobody here has heard ordered is not shown', async () => {
  const host = await inRoom(HOST, true);
  const joined = { room: { media: 'p2p' }, meeting: MEETING, spotlight: GUEST };
  assert.equal(host.commands.spotlightAt(joined), null);
  await host.commands.send('spotlight', { person: GUEST });
  host.commands.receive({ type: 'spotlight', person: GUEST, order: host.did.sent[0].order });
  await until(() => host.did.done.length === 1);
  assert.equal(host.commands.spotlightAt(joined), GUEST);
  assert.equal(host.commands.spotlightAt({ ...joined, meeting: 'mbbbbbbbbbbbb' }), null);
});

test('whoever can show that a host stands behind it is told so, and when no longer', async () => {
  const guest = await inRoom(GUEST);
  const host = await inRoom(HOST, true, () => guest.sign.raw);
  await until(() => host.did.obeyed === true && guest.did.obeyed === false);
  for (const [role, obeyed] of [['cohost', true], ['person', false]]) {
    await host.commands.send('role', { person: GUEST, role });
    guest.commands.receive({ type: 'role', role, may: [], order: host.did.sent.at(-1).order });
    await until(() => guest.did.obeyed === obeyed);
  }
  assert.deepEqual(guest.did.faults, []);
});

test('a spotlight ends without a word where whom it showed was removed', async () => {
  const host = await inRoom(HOST, true);
  const guest = await inRoom('pcccccccccccc');
  await host.commands.send('remove', { person: GUEST });
  const { order } = host.did.sent[0];
  guest.commands.receive({ type: 'spotlight', person: null, order });
  guest.commands.receive({ type: 'person-left', person: GUEST, reason: 'removed', order });
  await until(() => guest.did.done.length === 1);
  assert.deepEqual([guest.did.done[0].type, guest.did.done[0].reason, guest.did.faults], ['person-left', 'removed', []]);
});

test('removals come one after the other, so that each secret is kept from all who were removed', async () => {
  const host = await inRoom(HOST, true);
  const done = await Promise.all([GUEST, 'pcccccccccccc'].map(person => host.commands.send('remove', { person })));
  assert.deepEqual([done, host.did.rotated, host.did.sent.map(({ rotation }) => rotation.generation)], [[true, true], [1, 2], [1, 2]]);
});

test('somebody else removed another one meanwhile: it is done anew, as that secret is known to whom it is about', async () => {
  const host = await inRoom(HOST, true);
  const { rotation } = host.commands;
  const { offer } = rotation;
  const other = await rotation.prepare('pcccccccccccc');
  rotation.offer = async prepared => {
    rotation.offer = offer;
    assert.equal(await rotation.commit(other), true);
    await rotation.offer(prepared);
  };
  assert.equal(await host.commands.send('remove', { person: GUEST }), true);
  assert.deepEqual([host.did.rotated, host.did.sent.map(({ rotation: told }) => told.generation)], [[1, 2], [1, 2]]);
  assert.equal(new Set(host.did.sent.map(({ order }) => order)).size, 2, 'an order holds once');
});

test('a removal exchanges the secret of the link, where the server takes it', async () => {
  for (const done of [true, false]) {
    const host = await inRoom(HOST, true, () => null, done);
    const before = [];
    host.commands.rotation.offer = async prepared => { before.push([host.did.sent.length, prepared.next.generation]); };
    assert.equal(await host.commands.send('remove', { person: GUEST }), done);
    assert.deepEqual(before, [[0, 1]], 'the others have it before the server is asked');
    const { rotation, order } = host.did.sent[0];
    assert.deepEqual([Object.keys(rotation).sort(), rotation.generation, typeof order], [['generation', 'join_verifier', 'mac'], 1, 'string']);
    assert.deepEqual([host.did.rotated, host.did.asked], done ? [[1], []] : [[], [1]]);
  }
  const unsure = await inRoom(HOST, true, () => null, false, true);
  await unsure.commands.send('remove', { person: GUEST });
  assert.deepEqual(unsure.did.rotated, [1], 'its answer was lost, and it has done it');
  const guest = await inRoom(GUEST);
  await guest.commands.send('remove', { person: HOST });
  assert.deepEqual(guest.did.sent, [{ type: 'remove', person: HOST }], 'who could not sign it does not try');
  const { commands, did } = side();
  await commands.send('remove', { person: GUEST });
  assert.deepEqual(did.sent, [{ type: 'remove', person: GUEST }], 'nor where the server has the link');
});
