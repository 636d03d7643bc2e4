// link-1.json, which node:crypto computed, against the client's modules over WebCrypto.

import './setup.mjs';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { runVectors } from '../vectors/run.js';

const core = {
  group: await import('../../data/web/core/group-code.js'),
  pieces: await import('../../data/web/core/pieces.js'),
  bytes: await import('../../data/web/core/bytes.js'),
  link: await import('../../data/web/core/link.js'),
  link1: await import('../../data/web/core/link1.js'),
  names: await import('../../data/web/core/knock-names.js'),
  orders: await import('../../data/web/core/orders.js'),
  rotation: await import('../../data/web/core/rotation.js'),
  sealed: await import('../../data/web/core/sealed.js'),
};
const vectors = JSON.parse(await readFile(new URL('../vectors/link-1.json', import.meta.url), 'utf8'));

test('the vectors of link-1 hold', async () => {
  const { checks, failures } = await runVectors(vectors, core);
  assert.deepEqual(failures, []);
  assert.equal(checks, 18 + 2 * 23 + 2 * 37 + (2 * 13 + 3 * 2) + 2 * 5 + (11 + 2) + (11 + 1) + 2 * 5);
});

test('a changed vector is noticed', async () => {
  const changed = structuredClone(vectors);
  changed.handshakes[0].mP = changed.handshakes[1].mP;
  const { failures } = await runVectors(changed, core);
  assert.ok(failures.some(failure => failure.startsWith('handshakes[0].mP')));
});
