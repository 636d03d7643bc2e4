// peer-documents.js: pages that share files over sealed channels, with what their model says of them.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PeerDocuments } from '../../data/web/core/peer-documents.js';
import { MAX_BYTES, PIECE } from '../../data/web/core/pieces.js';
import { SealedChannel } from '../../data/web/core/sealed-channel.js';
import { FakeStore, bytesOf, fileOf, turns, until } from './fake-files.mjs';
import { wires } from './fake-wire.mjs';

/** What all pages know: as much of a model as it takes. */
class FakeModel extends EventTarget {
  actor;
  #objects;

  constructor(actor, objects, all) {
    super();
    this.actor = actor;
    this.#objects = objects;
    this.all = all;
    all.push(this);
  }

  list(type) {
    return [...this.#objects.values()].filter(object => object.type === type);
  }

  get(id) {
    return this.#objects.get(id) ?? null;
  }

  create(type, fields) {
    const id = `d${this.#objects.size}`;
    this.put(id, { ...fields, by: this.actor }, type);
    return id;
  }

  put(id, fields, type = 'document') {
    this.#objects.set(id, { id, type, fields });
    this.#tell();
  }

  remove(id) {
    this.#objects.delete(id);
    this.#tell();
  }

  mayRemove({ fields }) {
    return fields.by === this.actor;
  }

  #tell() {
    this.all.forEach(model => model.dispatchEvent(new CustomEvent('change', { detail: { objects: [] } })));
  }
}

/** Pages of these people, each with a channel to each. */
function meet(...names) {
  const objects = new Map();
  const models = [];
  const pages = names.map(name => {
    const store = new FakeStore();
    const documents = new PeerDocuments({ makeStore: () => store, clock: { now: () => 0, random: () => 0, setInterval: () => 0, clearInterval: () => {} } });
    const model = new FakeModel(name, objects, models);
    const lost = [];
    documents.addEventListener('lost', ({ detail }) => lost.push(detail.name));
    documents.beginAmong(model, model.actor);
    return { name, documents, model, store, lost, wires: new Map() };
  });
  pages.forEach((a, i) => pages.slice(i + 1).forEach(b => connect(a, b)));
  return pages;
}

function connect(a, b) {
  const [key, th] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const [left, right] = wires();
  a.wires.set(b.name, left);
  b.wires.set(a.name, right);
  a.documents.link(b.name, new SealedChannel(left, Promise.resolve({ mine: key, theirs: key, th })));
  b.documents.link(a.name, new SealedChannel(right, Promise.resolve({ mine: key, theirs: key, th })));
}

function cut(a, b) {
  a.wires.get(b.name).close();
  a.documents.link(b.name, null);
  b.documents.link(a.name, null);
}

const names = ({ documents }) => documents.list.map(({ fields }) => fields.name);
const same = async (file, bytes) => assert.ok(Buffer.from(await file.arrayBuffer()).equals(Buffer.from(bytes)));

test('shared here, fetched there, and given on by who has fetched it', async () => {
  const [ann, ben, cem] = meet('ann', 'ben', 'cem');
  const bytes = bytesOf(PIECE + 7);
  ann.documents.share([fileOf(bytes, 'plan.pdf', 'application/pdf')]);
  await until(() => names(ben).length > 0);
  const [{ id, fields }] = ben.documents.list;
  assert.deepEqual([fields.name, fields.bytes, fields.media_type, fields.sha256.length], ['plan.pdf', bytes.length, 'application/pdf', 64]);
  assert.equal(ben.documents.used, bytes.length);
  await until(() => ben.documents.holders(id).length > 0);
  assert.deepEqual([ann.documents.holders(id), ben.documents.holders(id)], [['ann'], ['ann']]);
  const fetched = ben.documents.fetch(id);
  await until(() => ann.documents.loans.length > 0);
  assert.deepEqual(ann.documents.loans[0].person, 'ben');
  assert.deepEqual(ben.documents.fetches.map(({ document }) => document), [id]);
  await same(await fetched, bytes);
  await until(() => cem.documents.holders(id).length === 2);
  assert.deepEqual(ben.documents.holders(id), ['ben', 'ann']);
  cut(ann, cem);
  cut(ann, ben);
  await same(await cem.documents.fetch(id), bytes);
  await same(await ann.documents.fetch(id), bytes);
  assert.equal(await cem.documents.fetch(id), await cem.documents.fetch(id), 'it is there');
});

test('one after another, empty ones and long names too; what is too large or too much fails at once', async () => {
  const [ann, ben] = meet('ann', 'ben');
  ann.documents.share([fileOf(bytesOf(0), 'empty'), { ...fileOf(bytesOf(0)), name: 'huge', size: MAX_BYTES + 1 }, fileOf(bytesOf(3), `../${'x'.repeat(300)}.txt`)]);
  assert.deepEqual(ann.documents.uploads.map(({ name, state, error }) => [name.slice(0, 5), state, error]), [['empty', 'waiting', null], ['huge', 'failed', 'too-large'], ['../xx', 'waiting', null]]);
  await until(() => names(ben).length === 2);
  assert.deepEqual(names(ben).map(name => name.slice(-6)), ['empty', 'xx.txt']);
  assert.ok(!names(ben)[1].includes('/'));
  await same(await ben.documents.fetch(ben.documents.list[0].id), bytesOf(0));
  ann.documents.cancel(ann.documents.uploads[0].key);
  assert.deepEqual(ann.documents.uploads, []);
  for (let i = 0; i < 498; i++)
    ann.model.put(`m${i}`, { name: 'x', bytes: 1, sha256: 'a'.repeat(64), by: 'eve' });
  ann.documents.share([fileOf(bytesOf(1))]);
  assert.equal(ann.documents.uploads[0].error, 'too-many');
});

test('cancelled before anybody has heard of it; and once more', async () => {
  const [ann, ben] = meet('ann', 'ben');
  const file = fileOf(bytesOf(3 * PIECE), 'no.bin');
  ann.documents.share([file]);
  await until(() => ann.documents.uploads[0].sent > 0);
  assert.equal(ann.documents.uploads[0].state, 'reading');
  ann.documents.cancel(ann.documents.uploads[0].key);
  await turns();
  assert.deepEqual(names(ben), []);
  const broken = Object.assign(fileOf(bytesOf(10)), { slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException('moved', 'NotFoundError')) }) });
  ann.documents.share([broken]);
  await until(() => ann.documents.uploads[0].state === 'failed');
  assert.equal(ann.documents.uploads[0].error, 'unreadable');
  delete broken.slice;
  ann.documents.retry(ann.documents.uploads[0].key);
  await until(() => names(ben).length === 1);
  assert.deepEqual(ann.documents.uploads, []);
});

test('what was removed is given to nobody any more, and who was fetching it is told', async () => {
  const [ann, ben] = meet('ann', 'ben');
  ann.documents.share([fileOf(bytesOf(2 * PIECE), 'wrong.txt')]);
  await until(() => names(ben).length > 0);
  const [shared] = ben.documents.list;
  assert.deepEqual([ann.documents.mayRemove(shared), ben.documents.mayRemove(shared)], [true, false]);
  const fetched = ben.documents.fetch(shared.id);
  await until(() => ben.documents.fetches[0]?.received > 0);
  ann.documents.remove(shared.id);
  await assert.rejects(fetched, { id: 'cancelled' });
  await until(() => ann.documents.loans.length === 0);
  assert.deepEqual(ann.documents.holders(shared.id), []);
  await assert.rejects(ben.documents.fetch(shared.id), { id: 'not-found' });
});

test('one stops what one was fetching', async () => {
  const [ann, ben] = meet('ann', 'ben');
  ann.documents.share([fileOf(bytesOf(2 * PIECE))]);
  await until(() => names(ben).length > 0);
  const [{ id }] = ben.documents.list;
  const fetched = ben.documents.fetch(id);
  await until(() => ben.documents.fetches.length > 0);
  ben.documents.stop(id);
  await assert.rejects(fetched, { id: 'cancelled' });
  assert.deepEqual(ben.documents.fetches, []);
});

test('a file that its owner has moved: they are told, and nobody waits for them', async () => {
  const [ann, ben] = meet('ann', 'ben');
  const file = fileOf(bytesOf(9), 'moved.txt');
  ann.documents.share([file]);
  await until(() => names(ben).length > 0);
  const [{ id }] = ben.documents.list;
  await until(() => ben.documents.holders(id).length > 0);
  file.slice = () => ({ arrayBuffer: () => Promise.reject(new DOMException('moved', 'NotReadableError')) });
  const fetched = ben.documents.fetch(id);
  await until(() => ann.lost.length > 0);
  assert.deepEqual(ann.lost, ['moved.txt']);
  await until(() => ben.documents.fetches[0].state === 'paused');
  ben.documents.stop(id);
  await assert.rejects(fetched, { id: 'cancelled' });
});

test('what cannot be a document is not shown, and what can has a harmless name', async () => {
  const [ann] = meet('ann');
  const sum = 'a'.repeat(64);
  for (const [i, fields] of [{ name: '', bytes: 1, sha256: sum }, { name: 'x', bytes: MAX_BYTES + 1, sha256: sum }, { name: 'x', bytes: 1, sha256: 'zz' }, { name: 'x', bytes: 1, sha256: '' }].entries())
    ann.model.put(`bad${i}`, fields);
  ann.model.put('good', { name: 'a\u202egpj.exe', bytes: 1, sha256: sum });
  assert.deepEqual(names(ann), ['a_gpj.exe']);
  for (let i = 0; i < 600; i++)
    ann.model.put(`more${i}`, { name: 'x', bytes: 1, sha256: sum });
  assert.equal(ann.documents.list.length, 500);
});

test('the meeting is over: nothing is kept, nobody is heard', async () => {
  const [ann, ben] = meet('ann', 'ben');
  ann.documents.share([fileOf(bytesOf(2 * PIECE))]);
  await until(() => names(ben).length > 0);
  const [{ id }] = ben.documents.list;
  const fetched = ben.documents.fetch(id);
  await until(() => ben.documents.fetches[0]?.received > 0);
  ben.documents.end();
  await assert.rejects(fetched, { id: 'cancelled' });
  assert.deepEqual([ben.documents.available, ben.documents.list, ben.documents.uploads, ben.documents.fetches], [false, [], [], []]);
  await until(() => ben.store.places.every(({ discarded }) => discarded));
  ben.documents.link('ann', null);
  await turns();
});
