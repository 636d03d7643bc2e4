// kinds.js says of each kind what the server's policy says.

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { isKind, kindOf } from '../../data/web/core/kinds.js';

const ROOM = new URL('../../src/room/', import.meta.url);

test('media go where the policy says, and callers come in where it says', async () => {
  const files = (await readdir(ROOM)).filter(name => /^policy-\w+\.c$/.test(name));
  assert.ok(files.length >= 4);
  for (const name of files) {
    const text = await readFile(new URL(name, ROOM), 'utf8');
    const kind = /\.kind = "(\w+)"/.exec(text)?.[1];
    assert.ok(isKind(kind), name);
    assert.equal(kindOf(kind).server, /CV_TOPOLOGY_SFU/.test(text), name);
    assert.equal(kindOf(kind).peers, /\.keeps_content = FALSE/.test(text), name);
    assert.equal(kindOf(kind).summary, /\.has_summary = TRUE/.test(text), name);
    assert.equal(kindOf(kind).phones, /\.may_dial_in = TRUE/.test(text), name);
  }
});

test('a kind that nobody knows has nothing', () => {
  for (const kind of [undefined, 'of tomorrow', 'constructor', '__proto__', ['boardroom']]) {
    assert.ok(!Object.values(kindOf(kind)).some(Boolean));
    assert.equal(isKind(kind), false);
  }
  assert.ok(kindOf('classroom').stage && kindOf('classroom').questions && !kindOf('boardroom').stage);
});
