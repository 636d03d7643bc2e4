// rooms.js: the list put together from the server's and this browser's, and what becomes of rooms that are made, changed, deleted.

import './setup.mjs';
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { Account } from '../../data/web/core/account.js';
import { toBase64url } from '../../data/web/core/bytes.js';
import { KeptLinks } from '../../data/web/core/kept-links.js';
import { deriveKeys, makeRoom, parseLink } from '../../data/web/core/link.js';
import { Requests } from '../../data/web/core/requests.js';
import { Rooms } from '../../data/web/core/rooms.js';
import { FakeApi } from './fake-api.mjs';
import { FakeStorage } from './storage.mjs';

const ORIGIN = 'https://conclave.test';
const PASSWORD = 'correct horse';
const ORDER = { kind: 'standard', title: 'Weekly', lobby: false, recording: false, consent: /** @type {const} */ ('announce') };
const made = [];
afterEach(() => made.splice(0).forEach(rooms => rooms.dispose()));

/** @param {string | null} role @param {FakeStorage} [storage] @param {FakeApi} [api] */
async function make(role, storage = new FakeStorage(), api = new FakeApi({ origin: ORIGIN })) {
  const requests = new Requests(api.fetch);
  const account = new Account(requests);
  if (role) {
    api.users.some(({ login }) => login === role) || api.addUser({ login: role, role, password: PASSWORD });
    await account.signIn({ login: role, password: PASSWORD });
  } else {
    await account.load();
  }
  const kept = new KeptLinks(() => storage);
  const rooms = new Rooms({ requests, account, kept, origin: ORIGIN });
  made.push(rooms);
  return { api, account, rooms, kept, storage };
}

const titles = rooms => rooms.list.map(({ title }) => title).join();

test('without an account: made here, kept here, for the server never heard the link', async () => {
  const { rooms, api, storage } = await make(null);
  await rooms.load();
  assert.deepEqual(rooms.list, []);
  const { join, host, lasting, room } = await rooms.create(ORDER);
  assert.match(join, new RegExp(`^${ORIGIN}/r/[a-z2-9]{12}#[\\w-]{43}$`));
  assert.match(host, new RegExp(`^${ORIGIN}/r/[a-z2-9]{12}#[\\w-]{43}\\.[\\w-]{43}$`));
  assert.deepEqual([lasting, room.joinUrl, room.hostUrl, room.managed, room.kept], [true, join, host, false, true]);
  const sent = JSON.stringify(api.asked);
  assert.equal(join.split('#')[1].split('.').some(secret => sent.includes(secret)), false);
  assert.equal(titles((await make(null, storage)).rooms), '');
  const later = await make(null, storage);
  await later.rooms.load();
  assert.equal(titles(later.rooms), 'Weekly');
  later.rooms.forget(room.id);
  assert.deepEqual(later.rooms.list, []);
});

test('what brings a room back that is on no disk is kept with its link', async () => {
  const { api, kept } = await make(null);
  const { fetch } = api;
  const requests = new Requests(async (...request) => {
    const response = await fetch(...request);
    return new Response(JSON.stringify({ ...await response.json(), receipt: 'as the wind' }), { status: response.status, headers: response.headers });
  });
  const account = new Account(requests);
  await account.load();
  const others = new Rooms({ requests, account, kept, origin: ORIGIN });
  made.push(others);
  const { room } = await others.create({ ...ORDER, kind: 'otr' });
  assert.equal(kept.receiptOf(room.id), 'as the wind');
});

test('the server is told the keys of a room that is planned for, the day and its receipt; it is said of it from then on', async () => {
  const { kept } = await make(null);
  const until = 86_400_000 * (Math.floor(Date.now() / 86_400_000) + 3);
  /** @type {any[]} */
  const asked = [];
  const requests = new Requests(async (path, options) => {
    asked.push([path, JSON.parse(String(options?.body ?? 'null'))]);
    const answer = String(path).endsWith('/keep') ? { until, receipt: 'newer' } : { receipt: 'first' };
    return new Response(JSON.stringify(answer), { status: 200, headers: { 'Content-Type': 'application/json' } });
  });
  const account = new Account(requests);
  const rooms = new Rooms({ requests, account, kept, origin: ORIGIN });
  made.push(rooms);
  const { room, host } = await rooms.create({ ...ORDER, kind: 'otr' });
  assert.equal(room.until, null);
  await rooms.keep(room.id, until);
  const { kJoin, kHost } = await deriveKeys(/** @type {any} */ (parseLink(host, ORIGIN)));
  assert.deepEqual(asked.at(-1), [`/api/v1/rooms/${room.id}/keep`, { key: toBase64url(kJoin), host_key: toBase64url(/** @type {any} */ (kHost)), until, receipt: 'first' }]);
  assert.deepEqual([rooms.list[0].until, kept.receiptOf(room.id)], [until, 'newer']);
  await assert.rejects(rooms.keep('bcdefghijkmn', until), { id: 'not-allowed' });
});

test('with an account: from browser to browser the link stays here, through the server it is the server\'s', async () => {
  const { rooms, api, storage } = await make('host');
  await rooms.load();
  const direct = await rooms.create(ORDER);
  const relayed = await rooms.create({ ...ORDER, kind: 'boardroom', title: 'Board', lobby: true, recording: true, consent: 'require' });
  const [first, second] = api.asked.filter(({ method, path }) => method === 'POST' && path === '/rooms').map(({ body }) => body);
  assert.deepEqual(['secret' in first, 'recording' in first, first.lobby], [false, false, false]);
  assert.deepEqual([Object.keys(JSON.parse(first.orders)), 'orders' in second], [['key', 'mac', 'sealed'], false]);
  assert.deepEqual([second.secret, second.recording, second.consent, second.lobby], [relayed.join.split('#')[1], true, 'require', true]);
  assert.equal(storage.values.join().includes(relayed.join.split('#')[1]), false, 'it is not here as well');
  assert.deepEqual([direct.room.kept, direct.room.hostUrl, relayed.room.kept, relayed.room.joinUrl], [true, direct.host, false, relayed.join]);

  const elsewhere = await make('host', new FakeStorage(), api);
  await elsewhere.rooms.load();
  assert.deepEqual(elsewhere.rooms.list.map(({ title, joinUrl }) => [title, joinUrl]).sort(), [['Board', relayed.join], ['Weekly', null]]);
  elsewhere.rooms.adopt(/** @type {any} */ (parseLink(direct.host, ORIGIN)));
  assert.equal(elsewhere.rooms.list.find(({ title }) => title === 'Weekly')?.hostUrl, direct.host);
  assert.throws(() => elsewhere.rooms.adopt({ ...(/** @type {any} */ (parseLink(direct.host, ORIGIN))), room: 'zzzzzzzzzzzz' }), { id: 'unknown-room' });
});

test('with an account: off the record the room is in this browser only, under the name that it has here', async () => {
  const { rooms, api, storage } = await make('host');
  await rooms.load();
  const { room, join, host } = await rooms.create({ ...ORDER, kind: 'otr' });
  const asked = api.asked.find(({ method, path }) => method === 'POST' && path === '/rooms')?.body;
  assert.deepEqual([asked.title, 'secret' in asked], ['', false]);
  assert.deepEqual([room.title, room.managed, room.kept, room.joinUrl, room.hostUrl], [ORDER.title, false, true, join, host]);
  const again = await make('host', storage);
  await again.rooms.load();
  assert.deepEqual(again.rooms.list.map(({ id, title }) => [id, title]), [[room.id, ORDER.title]], 'also where the server lists none');
  const other = await make('producer', storage, api);
  await other.rooms.load();
  assert.deepEqual(other.rooms.list, []);
});

test('another account in the same browser sees neither rooms nor links', async () => {
  const { rooms, storage, api } = await make('host');
  await rooms.create(ORDER);
  const other = await make('producer', storage, api);
  await other.rooms.load();
  assert.deepEqual(other.rooms.list, []);
});

test('a browser that keeps nothing says so, and only where it matters', async () => {
  const blocked = /** @type {any} */ ({ getItem() { throw new DOMException('blocked', 'SecurityError'); }, setItem() { throw new DOMException('blocked', 'SecurityError'); } });
  const { rooms } = await make('host', blocked);
  assert.equal(rooms.lasting, false);
  assert.equal((await rooms.create(ORDER)).lasting, false);
  assert.equal((await rooms.create({ ...ORDER, kind: 'boardroom' })).lasting, true);
  assert.equal(rooms.list.every(({ joinUrl }) => joinUrl !== null), true, 'for as long as the page is there');
});

test('changed, with its kept title; deleted, with its kept link', async () => {
  const { rooms, kept, account } = await make('host');
  await rooms.load();
  const { room } = await rooms.create(ORDER);
  await rooms.change(room.id, { title: 'Monthly', lobby: true });
  assert.deepEqual([rooms.list[0].title, rooms.list[0].lobby, kept.list(account.owner)[0].title], ['Monthly', true, 'Monthly']);
  await rooms.remove(room.id);
  assert.deepEqual([rooms.list, kept.list(account.owner)], [[], []]);
});

test('called by phone where the server can be, and no longer', async () => {
  const { rooms, api } = await make('host');
  await rooms.load();
  const order = { ...ORDER, kind: 'boardroom', dialIn: true };
  await assert.rejects(rooms.create(order), { id: 'no-dial-in' });
  api.numbers = ['+49 30 1'];
  const { room } = await rooms.create(order);
  assert.deepEqual(room.dialIn, { numbers: ['+49 30 1'], pin: '4821937056', hostPin: '7390154682' });
  await rooms.change(room.id, { dial_in: false });
  assert.equal(rooms.list[0].dialIn, null);
  await rooms.change(room.id, { dial_in: true });
  assert.equal(rooms.list[0].dialIn?.pin, '4821937056');
  assert.equal((await rooms.create(ORDER)).room.dialIn, null);
});

test('what was deleted elsewhere is deleted here too; what fails stays', async () => {
  const { rooms, api } = await make('host');
  await rooms.load();
  const { room } = await rooms.create(ORDER);
  api.failure = { status: 500, error: 'store-failed' };
  await assert.rejects(rooms.remove(room.id), { id: 'store-failed' });
  assert.equal(rooms.list.length, 1);
  api.failure = { status: 404, error: 'unknown-room' };
  await rooms.remove(room.id);
  assert.equal(rooms.list.length, 0);
});

test('page after page, searched', async () => {
  const { rooms, api } = await make('host');
  for (let i = 0; i < 60; i++) {
    const { body } = await makeRoom('boardroom', `Room ${i}`);
    api.answer('POST', new URL(`${ORIGIN}/api/v1/rooms`), body);
  }
  await rooms.load();
  assert.deepEqual([rooms.list.length, rooms.hasMore], [50, true]);
  await rooms.more();
  assert.deepEqual([rooms.list.length, rooms.hasMore], [60, false]);
  rooms.search('room 7');
  await new Promise(resolve => rooms.addEventListener('change', () => rooms.list.length === 1 && resolve(undefined)));
  assert.equal(titles(rooms), 'Room 7');
});

test('an error is kept, and the links of this browser are shown all the same', async () => {
  const { rooms, api, kept } = await make('host');
  kept.add((await makeRoom('standard', 'x')).link, { kind: 'standard', title: 'Before', owner: '' });
  api.failure = { status: 503, error: 'server-full' };
  await rooms.load();
  assert.deepEqual([rooms.error, rooms.loading, titles(rooms)], ['server-full', false, 'Before']);
});

test('an administrator sees whose a room is not', async () => {
  const { api } = await make('host');
  const { body } = await makeRoom('boardroom', 'Theirs');
  api.answer('POST', new URL(`${ORIGIN}/api/v1/rooms`), body);
  const { rooms } = await make('administrator', new FakeStorage(), api);
  await rooms.load();
  assert.deepEqual(rooms.list.map(({ title, mine }) => [title, mine]), [['Theirs', false]]);
});
