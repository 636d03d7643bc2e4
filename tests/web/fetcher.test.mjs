// fetcher.js: documents one after another, from whoever has them, while people come, go, and give something else.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fetcher } from '../../data/web/core/fetcher.js';
import { Files } from '../../data/web/core/file-messages.js';
import { Lender } from '../../data/web/core/lender.js';
import { PIECE, rootOf, sumsOf } from '../../data/web/core/pieces.js';
import { FakeStore, bytesOf, fileOf, turns, until, way } from './fake-files.mjs';

const BYTES = bytesOf(2 * PIECE + 17);

/** What there is to fetch, and who has it. */
async function begin({ store = new FakeStore() } = {}) {
  const clock = { now: 0, ticks: [] };
  const fetcher = new Fetcher({
    open: store.open,
    clock: { now: () => clock.now, random: () => 0, setInterval: tick => (clock.ticks.push(tick), tick), clearInterval: timer => { clock.ticks = clock.ticks.filter(tick => tick !== timer); } },
  });
  const file = fileOf(BYTES);
  const sums = await sumsOf(file, () => true);
  const root = await rootOf(BYTES.length, sums);
  const add = (person, { change, has = ['doc'] } = {}) => {
    const lender = new Lender();
    has.forEach(document => lender.add(document, file, sums));
    const back = way(message => fetcher.receive(person, message), change);
    const there = way(message => lender.receive('me', message));
    fetcher.join(person, there.send);
    lender.join('me', back.send);
    const leave = () => {
      back.open = there.open = false;
      fetcher.leave(person);
    };
    return { lender, back, there, leave, get asked() { return there.sent.filter(({ type }) => type === Files.WANT).map(({ piece }) => piece); } };
  };
  const fetch = (document = 'doc') => fetcher.fetch({ document, bytes: BYTES.length, root });
  return { fetcher, add, fetch, clock, store, sums };
}

const states = ({ fetches }) => fetches.map(({ document, state }) => [document, state]);
const same = async (file, bytes = BYTES) => assert.ok(Buffer.from(await file.arrayBuffer()).equals(Buffer.from(bytes)));

test('from who has it; with the sums, so that it can be given on', async () => {
  const { fetcher, add, fetch, sums } = await begin();
  add('ann', { has: [] });
  const ben = add('ben');
  await until(() => fetcher.holders('doc').length > 0);
  assert.deepEqual(fetcher.holders('doc'), ['ben']);
  const got = await fetch();
  await same(got.file);
  assert.deepEqual(got.sums, sums);
  assert.deepEqual(ben.asked, [0, 1, 2]);
  assert.deepEqual(fetcher.fetches, []);
});

test('nobody is there: it waits, and goes on by itself; meanwhile others go before it', async () => {
  const { fetcher, add, fetch } = await begin();
  const doc = fetch();
  const other = fetch('other');
  await turns();
  assert.deepEqual(states(fetcher), [['doc', 'paused'], ['other', 'paused']]);
  add('ben', { has: ['other'] });
  await until(() => states(fetcher)[1]?.[1] === 'receiving');
  assert.equal(states(fetcher)[0][1], 'paused');
  await same((await other).file);
  const ann = add('ann', { has: [] });
  await turns();
  assert.deepEqual(states(fetcher), [['doc', 'paused']]);
  const file = fileOf(BYTES);
  ann.lender.add('doc', file, await sumsOf(file, () => true));
  await same((await doc).file);
});

test('one after another', async () => {
  const { fetcher, add, fetch } = await begin();
  add('ben', { has: ['doc', 'other'] });
  await until(() => fetcher.holders('other').length > 0);
  const both = [fetch(), fetch('other')];
  await until(() => fetcher.fetches[0].received > 0);
  assert.deepEqual(states(fetcher), [['doc', 'receiving'], ['other', 'waiting']]);
  for (const { file } of await Promise.all(both))
    await same(file);
});

/** The first piece, and a little more. */
const half = () => {
  let parts = 0;
  return message => (message.type === Files.PART && parts++ > 20 ? [] : [message]);
};

test('who gave it leaves: somebody else goes on, from where it was', async () => {
  const { fetcher, add, fetch, store } = await begin();
  const ann = add('ann', { change: half() });
  await until(() => fetcher.holders('doc').length > 0);
  const doc = fetch();
  await until(() => store.places[0]?.parts.length > 0);
  ann.leave();
  await until(() => states(fetcher)[0][1] === 'paused');
  assert.ok(fetcher.fetches[0].received > 0);
  const ben = add('ben');
  await same((await doc).file);
  assert.ok(ben.asked[0] >= 1, `${ben.asked}`);
  assert.equal(ben.there.sent.filter(({ type }) => type === Files.OPEN).length, 1);
});

test('the same one comes back: it goes on', async () => {
  const { add, fetch, store } = await begin();
  const ann = add('ann', { change: half() });
  const doc = fetch();
  await until(() => store.places[0]?.parts.length > 0);
  ann.leave();
  const again = add('ann');
  await same((await doc).file);
  assert.ok(again.asked[0] >= 1);
});

test('who gives something else is asked no more for that one, and what was good stays', async () => {
  const { fetcher, add, fetch } = await begin();
  let parts = 0;
  const eve = add('eve', { change: message => [message.type === Files.PART && parts++ > 20 ? { ...message, bytes: message.bytes.map(byte => byte ^ 1) } : message] });
  await until(() => fetcher.holders('doc').length > 0);
  const doc = fetch();
  await until(() => states(fetcher)[0]?.[1] === 'paused');
  assert.equal(eve.there.sent.filter(({ type }) => type === Files.OPEN).length, 1);
  eve.lender.add('more', fileOf(BYTES), new Uint8Array(0)); // says once more what she has
  await turns();
  assert.equal(states(fetcher)[0][1], 'paused');
  const ben = add('ben');
  await same((await doc).file);
  assert.equal(ben.asked[0], 1);
});

test('who stops answering is left for somebody else, where there is somebody', async () => {
  const { fetcher, add, fetch, clock } = await begin();
  add('ann', { change: message => (message.type === Files.PART ? [] : [message]) });
  await until(() => fetcher.holders('doc').length > 0);
  const doc = fetch();
  await until(() => clock.ticks.length > 0);
  const ben = add('ben');
  await turns();
  clock.now = 40_000;
  clock.ticks.forEach(tick => tick());
  await same((await doc).file);
  assert.deepEqual(ben.asked, [0, 1, 2]);
  assert.deepEqual(clock.ticks, []);
});

test('who has it no more is not asked again, until they say so', async () => {
  const { fetcher, add, fetch } = await begin();
  const ann = add('ann');
  const doc = fetch();
  await until(() => (fetcher.fetches[0]?.received ?? 0) > 0);
  ann.lender.remove('doc');
  await until(() => states(fetcher)[0][1] === 'paused');
  const file = fileOf(BYTES);
  ann.lender.add('doc', file, await sumsOf(file, () => true));
  await same((await doc).file);
});

test('who says that they have it and gives it not is asked once', async () => {
  const { fetcher, add, fetch } = await begin();
  const eve = add('eve', { change: message => (message.type === Files.SUMS ? [{ type: Files.STOP, transfer: message.transfer }] : [message]) });
  await until(() => fetcher.holders('doc').length > 0);
  const doc = fetch();
  await turns(100);
  assert.equal(eve.there.sent.filter(({ type }) => type === Files.OPEN).length, 1);
  assert.deepEqual(states(fetcher), [['doc', 'paused']]);
  add('ben');
  await same((await doc).file);
});

test('cancelled: while it comes, while it waits, before it has begun', async () => {
  const { fetcher, add, fetch, store } = await begin();
  const early = fetch();
  fetcher.cancel('doc');
  await assert.rejects(early, { id: 'cancelled' });
  const ann = add('ann');
  const doc = fetch();
  const later = fetch('other');
  await until(() => fetcher.fetches[0]?.received > 0);
  fetcher.cancel('other');
  await assert.rejects(later, { id: 'cancelled' });
  fetcher.cancel('doc');
  await assert.rejects(doc, { id: 'cancelled' });
  await until(() => ann.lender.loans.length === 0);
  const waits = fetch();
  await until(() => fetcher.fetches[0]?.received > 0);
  ann.leave();
  await until(() => states(fetcher)[0][1] === 'paused');
  fetcher.cancel('doc');
  await assert.rejects(waits, { id: 'cancelled' });
  await turns();
  assert.deepEqual(fetcher.fetches, []);
  assert.ok(store.places.every(({ discarded }) => discarded), 'nothing is kept of it');
  fetcher.cancel('doc');
});

test('it is wanted once at a time, and not without end', async () => {
  const { fetcher, fetch } = await begin();
  const first = fetch();
  await assert.rejects(fetch(), { id: 'too-many' });
  const many = Array.from({ length: 499 }, (_, i) => fetch(`d${i}`));
  await assert.rejects(fetch('one more'), { id: 'too-many' });
  fetcher.clear();
  for (const result of await Promise.allSettled([first, ...many]))
    assert.equal(result.reason.id, 'cancelled');
});

test('there is no room: it fails, the next one goes on', async () => {
  const store = new FakeStore();
  const { add, fetch } = await begin({ store });
  add('ann', { has: ['doc', 'other'] });
  await turns();
  store.room = PIECE;
  await assert.rejects(fetch(), { id: 'no-space' });
  assert.ok(store.places[0].discarded);
  store.room = Infinity;
  await same((await fetch('other')).file);
});
