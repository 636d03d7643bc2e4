// library.js: the query and its address, pages, what is typed, answers that come too late, what is under way.

import './setup.mjs';
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { ConclaveError } from '../../data/web/core/errors.js';
import { DEFAULT_QUERY, Library, readQuery, writeQuery } from '../../data/web/core/library.js';

const made = [];
afterEach(() => made.splice(0).forEach(library => library.dispose()));

/** @param {(query: any) => any} answer */
function make(answer) {
  const asked = [];
  const library = new Library(/** @type {any} */ ({
    list: async query => {
      asked.push(query);
      return answer(query);
    },
  }));
  made.push(library);
  return { library, asked };
}

const recording = (id, status = 'ready') => ({ id, status, title: id });
const ids = library => library.recordings.map(({ id }) => id).join();
const wait = ms => new Promise(resolve => setTimeout(resolve, ms));

test('a query goes into an address and out of it; what is not one is the default', () => {
  const query = { q: 'budget & more', status: 'ready', room: 'abcdefghijkm', sort: 'bytes', order: 'asc' };
  assert.deepEqual(readQuery(writeQuery(query)), query);
  assert.equal(writeQuery({ ...DEFAULT_QUERY }), '');
  assert.deepEqual(readQuery('?status=<b>&sort=id&order=up&room=../x'), { ...DEFAULT_QUERY });
  assert.equal(readQuery(`?q=${'x'.repeat(500)}`).q.length, 100);
});

test('page after page, each recording once', async () => {
  const { library, asked } = make(({ cursor }) => (cursor ? { recordings: [recording('b'), recording('c')], next: null } : { recordings: [recording('a'), recording('b')], next: 'x' }));
  assert.equal(library.loading, true);
  await library.load();
  assert.deepEqual([ids(library), library.hasMore, library.loading], ['a,b', true, false]);
  await library.more();
  assert.deepEqual([ids(library), library.hasMore, asked[1].cursor], ['a,b,c', false, 'x']);
  await library.more();
  assert.equal(asked.length, 2);
});

test('what is typed is asked for once, when the typing stops', async () => {
  const { library, asked } = make(() => ({ recordings: [], next: null }));
  for (const q of ['b', 'bu', 'bud'])
    library.set({ q });
  assert.equal(asked.length, 0);
  await wait(350);
  assert.deepEqual(asked.map(({ q }) => q), ['bud']);
  assert.equal(library.filtered, true);
});

test('the same column once more turns around', async () => {
  const { library } = make(() => ({ recordings: [], next: null }));
  const order = () => `${library.query.sort} ${library.query.order}`;
  library.sortBy('bytes');
  assert.equal(order(), 'bytes desc');
  library.sortBy('bytes');
  assert.equal(order(), 'bytes asc');
  library.sortBy('title');
  assert.equal(order(), 'title asc');
});

test('an answer to an older question is passed over', async () => {
  const waiting = [];
  const { library } = make(() => new Promise(resolve => { waiting.push(resolve); }));
  const first = library.load();
  const second = library.load();
  waiting[1]({ recordings: [recording('new')], next: null });
  await second;
  waiting[0]({ recordings: [recording('old')], next: null });
  await first;
  assert.equal(ids(library), 'new');
});

test('an error is kept until something comes; what was shown stays', async () => {
  let fails = false;
  const { library } = make(() => {
    if (fails)
      throw new ConclaveError('unreachable');
    return { recordings: [recording('a')], next: null };
  });
  await library.load();
  fails = true;
  await library.load();
  assert.deepEqual([library.error, ids(library)], ['unreachable', 'a']);
  fails = false;
  await library.load();
  assert.equal(library.error, null);
});
