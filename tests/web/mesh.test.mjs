// mesh.js: one pair for each other person, and never two.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deriveKeys, parseFragment } from '../../data/web/core/link.js';
import { Mesh } from '../../data/web/core/mesh.js';
import { Person } from '../../data/web/core/person.js';
import { signingKey } from '../../data/web/core/reload.js';
import { toBase64url } from '../../data/web/core/bytes.js';
import { Marks } from '../../data/web/core/verification.js';

const link = parseFragment('abcdefghijkm', toBase64url(new Uint8Array(32).fill(1)));
const info = id => ({ id, name: id, host: false, role: 'person', mic: false, camera: false, screen: false, away: false });
const rest = () => new Promise(resolve => setTimeout(resolve, 50));

/** A mesh of `pa`, and to whom it has spoken. */
async function makeMesh(t) {
  const sign = await signingKey(null);
  const said = [];
  const { kAuth } = await deriveKeys(link);
  const mesh = new Mesh({
    identity: { room: link.room, secret: link.secret, kAuth, id: 'paaaaaaaaaaaa', certificate: {}, fingerprint: new Uint8Array(32), sign: sign.raw, key: sign.key },
    relay: to => { said.push(to); return true; },
    live: () => true, tracks: { microphone: null, camera: null, screen: null, screenAudio: null },
    ice: { servers: [], relay_only: false, expires: 0 }, self: new Person(info('paaaaaaaaaaaa'), true), marks: new Marks(), emit() {},
  });
  t.after(() => mesh.close());
  return { mesh, said };
}

test('somebody who is added again keeps the pair that they have, and nobody has one with themselves', async t => {
  const { mesh, said } = await makeMesh(t);
  const ben = new Person(info('pbbbbbbbbbbbb'), false);
  mesh.add(ben, 'J');
  await rest();
  assert.deepEqual(said, [ben.id]);
  mesh.add(ben, 'J');
  mesh.add(new Person(info(ben.id), false), 'J');
  mesh.add(new Person(info('paaaaaaaaaaaa'), false), 'J');
  await rest();
  assert.deepEqual(said, [ben.id], 'nothing is begun');
  assert.equal(mesh.isHere(ben.id), false, 'who is not confirmed is not here');
  mesh.remove(ben.id);
  mesh.add(ben, 'J');
  await rest();
  assert.deepEqual(said, [ben.id, ben.id], 'who left may come again');
});
