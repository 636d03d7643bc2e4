// about.js: what the server says of itself, and what is taken for granted where it does not.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askAbout } from '../../data/web/core/about.js';
import { Requests } from '../../data/web/core/requests.js';
import { FakeApi } from './fake-api.mjs';

test('who may make rooms, which kinds there are, whether it can be called, and where else one can sign in', async () => {
  const api = new FakeApi();
  api.anyoneMayCreate = false;
  assert.equal((await askAbout(new Requests(api.fetch))).dialIn, false);
  api.numbers = ['+49 30 1'];
  const about = await askAbout(new Requests(api.fetch));
  assert.deepEqual([about.anyoneMayCreate, about.dialIn, about.elsewhere], [false, true, '']);
  api.elsewhere = 'Example';
  assert.equal((await askAbout(new Requests(api.fetch))).elsewhere, 'Example');
  assert.deepEqual(['standard', 'otr', 'classroom'].map(about.available), [true, false, true]);
});

test('a server that says nothing is tried', async () => {
  const api = new FakeApi();
  api.failure = { status: 404, error: 'not-found' };
  const about = await askAbout(new Requests(api.fetch));
  assert.deepEqual([about.anyoneMayCreate, about.dialIn, about.elsewhere], [true, false, '']);
  assert.deepEqual(['standard', 'otr'].map(about.available), [true, true]);
});
