// Each rule of LINK-1.md that keeps somebody out is removed, one at a time: the attack that it stops must succeed then, or the rule, or the test, is worth
// nothing. The client runs from a copy of its own files with that one line changed.

import './setup.mjs';
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ATTACKS } from './link-attacks.mjs';

const CORE = fileURLToPath(new URL('../../data/web/core/', import.meta.url));
const MODULES = { crypto: 'crypto.js', link1: 'link1.js', sealed: 'sealed.js', sdp: 'sdp.js', peer: 'peer.js', group: 'group-code.js' };
let scratch = '';

before(async () => { scratch = await mkdtemp(path.join(os.tmpdir(), 'rules-')); });
after(() => rm(scratch, { recursive: true, force: true }));

const load = async folder => Object.fromEntries(await Promise.all(Object.entries(MODULES).map(async ([name, file]) =>
  [name, await import(pathToFileURL(path.join(folder, file)).href)])));

/** The client without a rule, which must stand in it exactly once. */
async function clientWithout({ file, rule, without }, name) {
  const folder = path.join(scratch, name);
  await cp(CORE, folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), '{"type":"module"}');
  const source = await readFile(path.join(folder, file), 'utf8');
  assert.equal(source.split(rule).length, 2, `${file} has the rule once: ${rule}`);
  await writeFile(path.join(folder, file), source.replace(rule, () => without));
  return load(folder);
}

for (const [i, entry] of ATTACKS.entries()) {
  test(`${entry.attack}: refused, and not refused without its rule`, async () => {
    await assert.rejects(async () => entry.run(await load(CORE)), { message: entry.says });
    await entry.run(await clientWithout(entry, String(i)));
  });
}
