// requests.js: what goes out, what comes back, and what becomes of what fails. (The rest through api.test.mjs.)

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConclaveError } from '../../data/web/core/errors.js';
import { Requests, errorId, queryOf } from '../../data/web/core/requests.js';

test('a body makes a request of JSON, none makes none', async () => {
  const sent = [];
  const requests = new Requests(async (url, options) => {
    sent.push([url, options.method, options.headers, options.body]);
    return /** @type {any} */ ({ ok: true, status: 200, json: async () => ({ a: 1 }) });
  });
  assert.deepEqual(await requests.ask('POST', '/x', { b: 2 }), { a: 1 });
  await requests.ask('DELETE', '/x');
  assert.deepEqual(sent, [['/api/v1/x', 'POST', { 'content-type': 'application/json' }, '{"b":2}'], ['/api/v1/x', 'DELETE', undefined, undefined]]);
});

test('a query has what is set', () => {
  assert.equal(queryOf({ q: 'a & b', limit: 3, cursor: undefined, room: '' }), '?q=a+%26+b&limit=3');
  assert.equal(queryOf({}), '');
});

test('whatever fails has an id', () => {
  assert.equal(errorId(new ConclaveError('gone')), 'gone');
  assert.equal(errorId(new TypeError('x')), 'internal');
});
