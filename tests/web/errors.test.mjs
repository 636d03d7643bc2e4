// errors.js: a sentence for every id of PROTOCOL.md, the same one, and for every reason of LINK-1.md.

import './setup.mjs';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { ConclaveError, errorIds, errorText } from '../../data/web/core/errors.js';

const read = name => readFile(new URL(`../../src/signalling/${name}`, import.meta.url), 'utf8');

test('every error of the protocol has its sentence', async () => {
  const section = (await read('PROTOCOL.md')).split('### 4.4 Errors')[1];
  const rows = [...section.matchAll(/^\| `([a-z-]+)` \| \d+ \| (.+) \|$/gm)];
  assert.ok(rows.length >= 16);
  for (const [, id, text] of rows)
    assert.equal(errorText(id), text, id);
});

test('every reason of link-1 has a sentence', async () => {
  const ids = new Set((await read('LINK-1.md')).match(/link-[a-z]+/g));
  const core = await readFile(new URL('../../data/web/core/link-error.js', import.meta.url), 'utf8');
  for (const id of core.match(/'link-[a-z]+'/g))
    assert.ok(ids.has(id.slice(1, -1)), `${id} is not in LINK-1.md`);
  for (const id of ids)
    assert.ok(errorIds.includes(id), id);
});

test('sentences end like sentences, and an unknown id has one too', () => {
  for (const id of [...errorIds, 'never heard of', 'constructor'])
    assert.match(errorText(id), /^[A-Z].+\.$/, id);
  assert.equal(new ConclaveError('room-full').id, 'room-full');
});
