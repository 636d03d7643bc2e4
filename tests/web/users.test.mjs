// users.js: the accounts of a server, for its administrators.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Account } from '../../data/web/core/account.js';
import { Requests } from '../../data/web/core/requests.js';
import { Users } from '../../data/web/core/users.js';
import { FakeApi } from './fake-api.mjs';

async function make(role) {
  const api = new FakeApi();
  api.addUser({ login: 'me', name: 'Me', role, password: 'correct horse' });
  const requests = new Requests(api.fetch);
  await new Account(requests).signIn({ login: 'me', password: 'correct horse' });
  return { api, users: new Users(requests) };
}

test('added, invited, changed, deleted; in the order of their names', async () => {
  const { users, api } = await make('administrator');
  await users.load();
  const ben = await users.add({ login: 'ben', name: 'Ben', role: 'host' });
  assert.deepEqual(users.list.map(({ name }) => name), ['Ben', 'Me']);
  const { code, expires } = await users.makeCode(ben.id);
  assert.ok(code.length === 43 && expires && expires > Date.now());
  await users.change(ben.id, { role: 'producer', disabled: true });
  assert.deepEqual([users.list[0].role, users.list[0].disabled], ['producer', true]);
  await assert.rejects(users.add({ login: 'BEN', name: '', role: 'host' }), { id: 'login-taken' });
  await users.remove(ben.id);
  assert.deepEqual(users.list.map(({ name }) => name), ['Me']);
  assert.equal(api.users.length, 1);
});

test('who may not is told', async () => {
  const { users } = await make('host');
  await users.load();
  assert.deepEqual([users.error, users.list, users.loading], ['not-allowed', [], false]);
});
