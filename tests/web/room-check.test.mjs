// room-check.js: what the server says of a room, and whether a key opens it.

import './setup.mjs';
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { checkRoom, opens } from '../../data/web/core/room-check.js';

const real = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = real;
});

const answer = (ok, body) => {
  globalThis.fetch = async (url, { body: sent }) => ({ ok, json: async () => ({ ...body, url, sent: JSON.parse(sent) }) });
};

test('what is shown is sent, and what comes is handed on', async () => {
  answer(true, { id: 'abcdefghijkm' });
  assert.deepEqual(await checkRoom('https://x', 'abcdefghijkm', { key: 'k', receipt: 'r' }),
    { id: 'abcdefghijkm', url: 'https://x/api/v1/rooms/abcdefghijkm/check', sent: { key: 'k', receipt: 'r' } });
});

test('a key opens a room, or does not, or nobody knows', async () => {
  const ask = () => opens('https://x', 'abcdefghijkm', new Uint8Array(32));
  answer(true, {});
  assert.equal(await ask(), true);
  for (const [error, known] of [['wrong-key', false], ['old-link', false], ['rate-limited', null], ['unknown-room', null], [undefined, null]]) {
    answer(false, { error });
    assert.equal(await ask(), known, String(error));
  }
  globalThis.fetch = async () => { throw new TypeError('network'); };
  assert.equal(await ask(), null);
});
