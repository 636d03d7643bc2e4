// account.js: who is signed in, by which way, and what they may do about it.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Account } from '../../data/web/core/account.js';
import { Requests } from '../../data/web/core/requests.js';
import { FakeApi } from './fake-api.mjs';

const PASSWORD = 'correct horse';

function make() {
  const api = new FakeApi();
  const user = api.addUser({ login: 'ann@example.org', name: 'Ann', role: 'host', password: PASSWORD });
  const account = new Account(new Requests(api.fetch));
  const states = [];
  account.addEventListener('change', () => states.push(account.state));
  return { api, user, account, states };
}

test('nobody is signed in until somebody is', async () => {
  const { account, states } = make();
  assert.equal(account.state, 'unknown');
  await account.load();
  assert.deepEqual([account.state, account.isHost, account.owner], ['out', false, '']);
  await assert.rejects(account.signIn({ login: 'ann@example.org', password: 'wrong' }), { id: 'bad-login' });
  assert.equal(account.state, 'out');
  await account.signIn({ login: 'ann@example.org', password: PASSWORD });
  assert.deepEqual([account.state, account.name, account.isHost, account.isAdministrator], ['in', 'Ann', true, false]);
  await account.signOut();
  assert.deepEqual([account.state, account.name, account.user], ['out', '', null]);
  assert.deepEqual(states, ['out', 'in', 'out']);
});

test('a server that cannot be reached is not taken for being signed out', async () => {
  const { account, api } = make();
  api.failure = { status: 503, error: 'server-full' };
  await account.load();
  assert.deepEqual([account.state, account.error], ['failed', 'server-full']);
});

test('signing out is done here even where the server does not answer', async () => {
  const { account, api } = make();
  await account.signIn({ login: 'ann@example.org', password: PASSWORD });
  api.failure = { status: 500, error: 'internal' };
  await account.signOut();
  assert.equal(account.state, 'out');
});

test('a key signs in as nobody; a link to a recording does not', async () => {
  const { account, api } = make();
  api.keys.set('K', { role: 'producer', name: 'Archive' });
  await account.signIn({ key: 'K' });
  assert.deepEqual([account.state, account.name, account.user, account.owner, account.isHost], ['in', 'Archive', null, '', false]);
  api.keys.set('K', { role: 'guest', name: '' });
  await account.load();
  assert.equal(account.state, 'out');
});

test('a code signs in once, and lets a password be set', async () => {
  const { account, api, user } = make();
  api.codes.set('C', user.id);
  await account.signIn({ code: 'C' });
  assert.equal(account.state, 'in');
  await account.setPassword('another password');
  assert.deepEqual(api.asked.at(-1)?.body, { password: 'another password' });
  await assert.rejects(account.signIn({ code: 'C' }), { id: 'gone' });
  await assert.rejects(account.setPassword('a third password', 'wrong'), { id: 'wrong-password' });
  await account.setPassword('a third password', 'another password');
  assert.equal(user.password, 'a third password');
});

test('the name, the other sign-ins, the calendar', async () => {
  const { account, api } = make();
  await account.signIn({ login: 'ANN@example.org', password: PASSWORD });
  await account.signIn({ login: 'ann@example.org', password: PASSWORD });
  await account.rename('Anna');
  assert.equal(account.name, 'Anna');
  const signIns = await account.signIns();
  assert.deepEqual(signIns.map(({ current }) => current), [true, false]);
  await account.revoke(signIns[1].id);
  assert.equal(api.signIns.length, 1);
  await account.signIn({ login: 'ann@example.org', password: PASSWORD });
  await account.revokeOthers();
  assert.deepEqual(api.signIns.map(({ current }) => current), [true]);
  assert.match(await account.makeFeed(), /^https:.*\.ics$/);
  await account.removeFeed();
  assert.deepEqual([api.asked.at(-1)?.method, api.asked.at(-1)?.path], ['DELETE', '/account/feed']);
});
