// link.js: taking a link out of the address bar, keeping it over a reload, composing, making rooms.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toBase64url } from '../../data/web/core/bytes.js';
import { deriveKeys, exchangeSecret, hostUrl, joinUrl, makeId, makeRoom, parseFragment, parseLink, restoreLink, takeLink } from '../../data/web/core/link.js';
import { sha256 } from '../../data/web/core/crypto.js';
import { openOrders, roomKey } from '../../data/web/core/orders.js';
import { FakeStorage } from './storage.mjs';

const ROOM = 'abcdefghijkm';
const S = toBase64url(new Uint8Array(32).fill(7));
const H = toBase64url(new Uint8Array(32).fill(9));

function page(hash, path = `/r/${ROOM}`) {
  const location = { pathname: path, search: '', hash };
  const history = { state: null, urls: [], replaceState(_state, _unused, url) { this.urls.push(url); location.hash = ''; } };
  return { location, history };
}

const take = (hash, storage, path) => {
  const { location, history } = page(hash, path);
  return { link: takeLink(location, history, storage), urls: history.urls };
};

test('a link moves from the address bar to the storage', () => {
  const storage = new FakeStorage();
  const { link, urls } = take(`#${S}.${H}`, storage);
  assert.deepEqual(urls, [`/r/${ROOM}`]);
  assert.equal(toBase64url(link.secret), S);
  assert.equal(toBase64url(link.hostSecret), H);
  assert.deepEqual(take('', storage).link, link);
  assert.deepEqual(restoreLink(ROOM, storage), link);
});

test('a join link does not take away what a host has, another secret does', () => {
  const storage = new FakeStorage();
  take(`#${S}.${H}`, storage);
  assert.equal(toBase64url(take(`#${S}`, storage).link.hostSecret), H);
  assert.equal(take(`#${H}`, storage).link.hostSecret, null);
  assert.equal(take('', storage).link.hostSecret, null);
});

test('what is not a link is told apart from what is not a room', () => {
  assert.equal(take('#x', new FakeStorage(), '/').link, null);
  assert.equal(take('#x', new FakeStorage(), '/r/abc').link, null);
  assert.equal(take('#x', new FakeStorage(), '/r/abcdefghijkl').link, null);
  for (const hash of ['', '#', '#x', `#${S}x`, `#${S}.`, `#${S}.x`, `#.${H}`, `#${S}.${H}.${H}`, `#${S.slice(0, -1)}b`]) {
    const storage = new FakeStorage();
    const { link, urls } = take(hash, storage);
    assert.deepEqual(link, { room: ROOM, secret: null, hostSecret: null }, hash);
    assert.equal(storage.length, 0);
    assert.equal(urls.length, hash.length > 1 ? 1 : 0, hash);
  }
});

test('links are composed from their parts', () => {
  const link = parseFragment(ROOM, `#${S}.${H}`);
  assert.equal(joinUrl(link, 'https://meet.example'), `https://meet.example/r/${ROOM}#${S}`);
  assert.equal(hostUrl(link, 'https://meet.example'), `https://meet.example/r/${ROOM}#${S}.${H}`);
  assert.equal(hostUrl(parseFragment(ROOM, S), 'https://meet.example'), null);
  assert.throws(() => joinUrl({ room: ROOM, secret: null, hostSecret: null }, ''), TypeError);
});

test('ids use the alphabet, all of it', () => {
  const letters = new Set();
  for (let i = 0; i < 200; i++) {
    assert.match(makeId('p'), /^p[a-km-np-z2-9]{12}$/);
    for (const letter of makeId())
      letters.add(letter);
  }
  assert.equal(letters.size, 32);
});

test('a new room tells the server verifiers and nothing else', async () => {
  const { link, body } = await makeRoom('standard', 'Weekly');
  assert.deepEqual(Object.keys(body), ['id', 'kind', 'title', 'join_verifier', 'host_verifier', 'orders']);
  const { kAuth, kJoin, kHost } = await deriveKeys(link);
  const key = await roomKey(body.orders, { room: link.room, kAuth });
  assert.ok(key && await openOrders(body.orders, link, key), 'who has H can give orders');
  assert.equal((await makeRoom('otr', 'Merger')).body.title, '');
  assert.equal('orders' in (await makeRoom('boardroom', 'Board')).body, false);
  assert.equal(body.join_verifier, toBase64url(await sha256(kJoin)));
  assert.equal(body.host_verifier, toBase64url(await sha256(kHost)));
  const text = JSON.stringify(body);
  for (const secret of [link.secret, link.hostSecret, kJoin, kHost])
    assert.ok(!text.includes(toBase64url(secret)));
});

test('another secret of the room counts at once, and after a reload', () => {
  const storage = new FakeStorage();
  const { location, history } = page(`#${S}.${H}`);
  const link = takeLink(location, history, storage);
  exchangeSecret(link, new Uint8Array(32).fill(8), storage);
  const next = `https://conclave.test/r/${ROOM}#${toBase64url(new Uint8Array(32).fill(8))}`;
  for (const one of [link, restoreLink(ROOM, storage), takeLink(location, history, storage)])
    assert.deepEqual([joinUrl(one, 'https://conclave.test'), hostUrl(one, 'https://conclave.test')], [next, `${next}.${H}`]);
  assert.equal(location.hash, '', 'it is not in the address');
});

test('keys differ by room and by secret', async () => {
  const keys = async (room, secret) => (await deriveKeys(parseFragment(room, secret))).kJoin;
  const [a, b, c] = await Promise.all([keys(ROOM, S), keys('npqrstuvwxyz', S), keys(ROOM, H)]);
  assert.notDeepEqual(a, b);
  assert.notDeepEqual(a, c);
});

test('a pasted link is one of a room here, or none', () => {
  const here = 'https://conclave.test';
  const found = parseLink(`${here}/r/${ROOM}#${S}.${H}`, here);
  assert.equal(found && hostUrl(found, here), `${here}/r/${ROOM}#${S}.${H}`);
  for (const text of ['', 'x', `${here}/r/${ROOM}`, `${here}/r/${ROOM}#x`, `https://elsewhere.test/r/${ROOM}#${S}`, `${here}/x/${ROOM}#${S}`, `${here}/r/../${ROOM}#${S}`])
    assert.equal(parseLink(text, here), null, text);
});
