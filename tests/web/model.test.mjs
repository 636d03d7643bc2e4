// model.js: what one does shows at once, is taken or leaves nothing behind, and is neither lost nor doubled over a new seat.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConclaveError } from '../../data/web/core/errors.js';
import { Model } from '../../data/web/core/model.js';

const ALL = ['create', 'own', 'any', 'remove'];
const RIGHTS = { message: ['create', 'own'], item: ALL, agenda: ['create', 'any'], block: ALL, poll: ['create', 'own'] };

/** A carrier that takes what it is told to take. */
class FakeCarrier {
  sent = [];
  #answers = [];
  send(ops) {
    this.sent.push(ops);
    return new Promise((resolve, reject) => this.#answers.push({ resolve, reject }));
  }
  async answer(error = null) {
    const { resolve, reject } = this.#answers.shift();
    error ? reject(new ConclaveError(error)) : resolve();
    await settled();
  }
}
const settled = () => new Promise(resolve => setImmediate(resolve));
const pause = () => new Promise(resolve => setTimeout(resolve, 60));

function start (options = {}) {
  const carrier = new FakeCarrier();
  const model = new Model(carrier, { now: () => 1000 });
  const errors = [];
  const changes = [];
  model.addEventListener('error', ({ detail }) => errors.push(detail.id));
  model.addEventListener('change', ({ detail }) => changes.push(detail));
  model.begin({ actor: 'p1', name: 'Ada', meeting: 'm1', rights: RIGHTS, clock: 0, more: false, ...options });
  return { carrier, model, errors, changes };
}
const texts = model => model.list('message').map(({ fields, state, own }) => `${fields.text}${own ? '!' : ''}${state === 'sending' ? '…' : ''}`);
const message = (o, c, a, f) => ({ o, t: 'message', c, a, f });

test('what one says shows at once and is sent once it was taken', async () => {
  const { carrier, model, changes } = start();
  const id = model.create('message', { text: 'Hi' });
  assert.match(id, /^p1-[A-Za-z0-9_]{12}$/);
  assert.deepEqual(texts(model), ['Hi!…']);
  assert.ok(model.pending(id));
  assert.deepEqual(carrier.sent, [[message(id, 1, 'p1', { text: 'Hi', from: 'p1', name: 'Ada', at: 1000 })]]);
  carrier.onOps([message(id, 1, 'p1', { text: 'Hi' }), message(id, 1, 'server', { from: 'p1', name: 'Ada L.', at: 1007, reply: '', edited: false })]);
  await carrier.answer();
  assert.deepEqual(texts(model), ['Hi!']);
  assert.equal(model.get(id).fields.name, 'Ada L.', 'the server knows better');
  assert.ok(!model.pending(id));
  assert.deepEqual(changes.flatMap(({ fresh }) => fresh), [], 'own ones are no news');
  assert.equal(model.get(id), model.get(id), 'the same as long as nothing changed');
});

test('what others say is news, what was said before is not', () => {
  const { carrier, model, changes } = start({ more: true });
  assert.equal(model.ready, false);
  carrier.onOps([message('a', 1, 'p2', { text: 'before', from: 'p2', at: 1 })], false);
  assert.equal(model.ready, true);
  carrier.onOps([message('b', 2, 'p2', { text: 'now', from: 'p2', at: 2 })]);
  carrier.onOps([message('b', 3, 'p2', { text: 'changed' })]);
  assert.deepEqual(texts(model), ['before', 'changed']);
  assert.deepEqual(changes.flatMap(({ fresh }) => fresh), ['b']);
});

test('a refusal takes back what was done, and nothing else', async () => {
  const { carrier, model, errors } = start();
  carrier.onOps([{ o: 'i', t: 'item', c: 5, a: 'p2', f: { title: 'Old', order: 'V' } }]);
  model.set('i', { title: 'New' });
  assert.equal(carrier.sent[0][0].c, 6);
  carrier.onOps([{ o: 'i', t: 'item', c: 6, a: 'p2', f: { minutes: 5 } }]);
  assert.equal(model.get('i').fields.title, 'New');
  await carrier.answer('not-allowed');
  assert.deepEqual([model.get('i').fields.title, model.get('i').fields.minutes], ['Old', 5]);
  assert.deepEqual(errors, ['not-allowed']);
});

test('one that is refused does not take others along', async () => {
  const { carrier, model, errors } = start();
  model.create('message', { text: '1' });
  model.create('message', { text: '2' });
  model.create('message', { text: '3' });
  await carrier.answer();
  await pause();
  assert.equal(carrier.sent[1].length, 2);
  await carrier.answer('not-allowed');
  await pause();
  await carrier.answer('not-allowed');
  await pause();
  await carrier.answer();
  assert.deepEqual(carrier.sent.map(ops => ops.length), [1, 2, 1, 1]);
  assert.deepEqual(errors, ['not-allowed']);
  assert.deepEqual(texts(model).sort(), ['1!', '3!']);
  await pause();
  ['4', '5', '6'].forEach(text => model.create('message', { text }));
  await carrier.answer();
  await pause();
  assert.equal(carrier.sent.at(-1).length, 2, 'then together again');
});

test('what is typed meanwhile is put together', async () => {
  const { carrier, model } = start();
  const id = model.create('block', { text: 'T', order: 'V' });
  for (const text of ['Te', 'Tex', 'Text'])
    model.set(id, { text });
  assert.equal(model.get(id).fields.text, 'Text');
  await carrier.answer();
  await pause();
  assert.equal(carrier.sent.length, 2);
  assert.deepEqual(carrier.sent[1], [{ o: id, t: 'block', c: 4, a: 'p1', f: { text: 'Text' } }]);
});

test('a new seat: what was taken is found, the rest is done again as the new one', async () => {
  const { carrier, model } = start();
  model.create('message', { text: 'lost answer' }, 'a');
  model.create('message', { text: 'not sent' }, 'b');
  await carrier.answer('not-joined');
  assert.equal(model.list('message').length, 2);
  model.begin({ actor: 'p2', name: 'Ada', meeting: 'm1', was: ['p1'], rights: RIGHTS, clock: 40, more: true });
  assert.deepEqual(texts(model), ['lost answer!…', 'not sent!…'], 'nothing disappears meanwhile');
  carrier.onOps([message('p1-a', 1, 'p1', { text: 'lost answer' }), message('p1-a', 1, 'server', { from: 'p1', name: 'Ada', at: 7 })], false);
  await pause();
  assert.deepEqual(carrier.sent.slice(1), [[message('p1-b', 41, 'p2', { text: 'not sent', from: 'p2', name: 'Ada', at: 1002 })]]);
  await carrier.answer();
  assert.deepEqual(texts(model), ['lost answer!', 'not sent!']);
  assert.ok(model.mayChange(model.get('p1-a')), 'what one said from another seat is still one\'s own');
});

test('what was on its way with the seat before, and is typed on meanwhile, goes as one', async () => {
  const { carrier, model } = start();
  const id = model.create('block', { text: 'T', order: 'V' });
  await carrier.answer('not-joined');
  model.begin({ actor: 'p2', name: 'Ada', meeting: 'm1', was: ['p1'], rights: RIGHTS, clock: 0, more: true });
  model.set(id, { text: 'Text' });
  carrier.onOps([], false);
  await pause();
  assert.deepEqual(carrier.sent.slice(1).map(ops => ops.map(({ o, f }) => [o, f.text, f.order])), [[[id, 'Text', 'V']]]);
});

test('an answer to the seat before says nothing of what the new one has sent', async () => {
  const { carrier, model, errors } = start();
  const id = model.create('message', { text: 'once' });
  model.begin({ actor: 'p2', name: 'Ada', meeting: 'm1', was: ['p1'], rights: RIGHTS, clock: 0, more: false });
  assert.equal(carrier.sent.length, 2);
  await carrier.answer();
  assert.ok(model.pending(id));
  await carrier.answer('not-allowed');
  assert.deepEqual([texts(model), errors], [[], ['not-allowed']]);
});

test('the pause of the seat before ends nothing of the new one', async () => {
  const { carrier, model } = start();
  model.create('message', { text: 'taken' });
  await carrier.answer();
  model.begin({ actor: 'p2', name: 'Ada', meeting: 'm1', was: ['p1'], rights: RIGHTS, clock: 9, more: false });
  model.create('message', { text: 'on its way' });
  model.create('message', { text: 'next' });
  await pause();
  assert.equal(carrier.sent.length, 2, 'one batch at a time');
});

test('a change of what was never made is not done again by a new seat', async () => {
  const { carrier, model } = start();
  const id = model.create('block', { text: 'T', order: 'V' });
  model.set(id, { text: 'Te' });
  await carrier.answer('too-many');
  await pause();
  await carrier.answer('not-joined');
  model.begin({ actor: 'p2', name: 'Ada', meeting: 'm1', was: ['p1'], rights: RIGHTS, clock: 0, more: false });
  await pause();
  assert.deepEqual([carrier.sent.length, model.get(id)], [2, null]);
});

test('another meeting: what was read stays to be read, what was not taken is said there', async () => {
  const { carrier, model } = start();
  carrier.onOps([message('a', 1, 'p9', { text: 'before', from: 'p9', at: 1 }), { o: 'i', t: 'item', c: 2, a: 'p9', f: { title: 'T', order: 'V' } }]);
  model.set('i', { done: true });
  model.create('message', { text: 'still to say' });
  await carrier.answer('not-joined');
  model.begin({ actor: 'p2', name: 'Ada', meeting: 'm2', rights: RIGHTS, clock: 0, more: false });
  assert.deepEqual(texts(model), ['before', 'still to say!…']);
  assert.equal(model.mayChange(model.list('message')[0]), false);
  assert.deepEqual(model.list('item'), []);
  assert.equal(carrier.sent.at(-1)[0].f.text, 'still to say');
});

test('rights', () => {
  const { carrier, model } = start();
  carrier.onOps([message('a', 1, 'p2', { text: 'x', from: 'p2', at: 1 }), message('b', 1, 'p1', { text: 'y', from: 'p1', at: 2 }), { o: 'i', t: 'item', c: 2, a: 'p2', f: { title: 'T', order: 'V' } }]);
  assert.deepEqual([model.mayCreate('message'), model.mayCreate('settings')], [true, false]);
  assert.deepEqual(['a', 'b', 'i'].map(id => model.mayChange(model.get(id))), [false, true, true]);
  assert.deepEqual(['a', 'b', 'i'].map(id => model.mayRemove(model.get(id))), [false, true, true]);
  for (const deed of [() => model.set('a', { text: 'z' }), () => model.remove('a'), () => model.create('settings', {}), () => model.set('nothing', { text: 'z' })])
    assert.throws(deed, { id: 'not-allowed' });
  model.setRights({ message: ['create', 'own', 'remove'] });
  model.remove('a');
  assert.equal(model.get('a'), null);
});

test('what a type does not have is refused here, texts are made to fit', () => {
  const { model } = start();
  assert.throws(() => model.create('item', { title: 'T', order: 'V', colour: 'red' }), { id: 'bad-message' });
  assert.throws(() => model.create('item', { title: 'T', order: 'V', minutes: 1e9 }), { id: 'bad-message' });
  const id = model.create('item', { title: `a\nb\u202e${'x'.repeat(300)}`, order: 'V' });
  assert.equal(model.get(id).fields.title, `a b${'x'.repeat(197)}`);
  assert.equal(model.get(model.create('block', { text: 'a\r\nb ', order: 'V' })).fields.text, 'a\nb ');
});

test('what there is one of is made by the first who sets it', async () => {
  const { carrier, model } = start();
  model.set('agenda', { current: 'i1', since: 5 });
  assert.deepEqual(model.get('agenda').fields, { current: 'i1', since: 5 });
  assert.equal(carrier.sent[0][0].o, 'agenda');
});

test('lists: by order, then by id', () => {
  const { carrier, model } = start();
  const item = (o, order) => ({ o, t: 'item', c: 1, a: 'p2', f: { title: o, order } });
  carrier.onOps([item('c', 'V'), item('b', 'V'), item('a', 'a'), item('d', 'B')]);
  assert.deepEqual(model.list('item').map(({ id }) => id), ['d', 'b', 'c', 'a']);
  model.set('a', { order: 'A' });
  assert.deepEqual(model.list('item').map(({ id }) => id), ['a', 'd', 'b', 'c']);
});

test('no clock of others takes the own one far, and what one does to a thing is later than all that was done to it', async () => {
  const { carrier, model } = start();
  for (let i = 0; i < 250_000; i += 1_000)
    carrier.onOps(Array.from({ length: 1_000 }, (_, n) => ({ o: 'i', t: 'item', c: 2 ** 39 + i + n, a: 'p2', f: { title: 'Far', order: 'V' } })));
  model.create('message', { text: 'Hi' });
  assert.ok(carrier.sent[0][0].c < 2 ** 31 + 10);
  await carrier.answer();
  await pause();
  model.set('i', { title: 'One' });
  model.set('i', { title: 'Two' });
  assert.equal(model.get('i').fields.title, 'Two');
  await carrier.answer();
  await pause();
  await carrier.answer();
  const [[one], [two]] = carrier.sent.slice(1);
  assert.deepEqual([one.f.title, two.f.title, two.c - one.c], ['One', 'Two', 1]);
  assert.equal(one.c, 2 ** 39 + 250_000);
});

test('types of a newer server are passed over', () => {
  const { carrier, model } = start();
  carrier.onOps([{ o: 'x', t: 'whiteboard', c: 1, a: 'p2', f: { line: 1 } }]);
  assert.equal(model.get('x'), null);
});

test('what is on its way stands last in a list by time, and says when it is corrected', async () => {
  const { carrier, model } = start();
  const id = model.create('message', { text: 'mine' });
  carrier.onOps([message('b', 9, 'p2', { text: 'later', from: 'p2', at: 5_000 })]);
  assert.deepEqual(texts(model), ['later', 'mine!…']);
  await carrier.answer();
  assert.deepEqual(texts(model), ['mine!', 'later']);
  model.set(id, { text: 'better' });
  assert.equal(model.get(id).fields.edited, true);
  const block = model.create('block', { text: 'a', order: 'V' });
  model.set(block, { text: 'b' });
  assert.equal(model.get(block).fields.text, 'b', 'only messages are marked as corrected');
});

test('what is removed before it was sent is sent as removed only, and not brought back', async () => {
  const { carrier, model } = start();
  model.create('item', { title: 'first', order: 'V' });
  const id = model.create('item', { title: 'second', order: 'W' });
  model.remove(id);
  assert.throws(() => model.set(id, { done: true }), { id: 'not-allowed' });
  await carrier.answer();
  await pause();
  assert.deepEqual(carrier.sent[1].map(({ f }) => f), [{ gone: true }]);
});

test('what others remove, and what comes from another seat of one\'s own, is no news', () => {
  const { carrier, changes } = start({ was: ['p0'] });
  carrier.onOps([message('a', 1, 'p2', { gone: true }), message('b', 2, 'p0', { text: 'x', from: 'p0', at: 1 }), message('c', 3, 'server', { text: 'y', from: 'p1', at: 1 })]);
  assert.deepEqual(changes.flatMap(({ fresh }) => fresh), []);
});

test('what an earlier meeting left is changed by nobody, whatever the rights', () => {
  const { carrier, model } = start();
  carrier.onOps([message('a', 1, 'p9', { text: 'before', from: 'p9', at: 1 })]);
  model.begin({ actor: 'p2', name: 'Ada', meeting: 'm2', rights: { message: ALL }, clock: 0, more: false });
  const [before] = model.list('message');
  assert.deepEqual([model.mayChange(before), model.mayRemove(before)], [false, false]);
  carrier.onOps([message('b', 1, 'p1', { text: 'of somebody else', from: 'p1', at: 1 })]);
  assert.equal(model.get('b').own, false, 'ids of the meeting before are nobody\'s own');
});

test('a change of what others removed meanwhile is not made anew', async () => {
  const { carrier, model } = start();
  carrier.onOps([{ o: 'i', t: 'item', c: 1, a: 'p9', f: { title: 'T', order: 'V' } }]);
  model.set('i', { done: true });
  await carrier.answer('not-joined');
  model.begin({ actor: 'p2', name: 'Ada', meeting: 'm1', was: ['p1'], rights: RIGHTS, clock: 9, more: true });
  carrier.onOps([{ o: 'i', t: 'item', c: 5, a: 'p9', f: { gone: true } }], false);
  await pause();
  assert.equal(carrier.sent.length, 1);
  assert.equal(model.pending('i'), false);
});

test('nothing is sent before all there was is there, nor while the seat is lost', async () => {
  const { carrier, model } = start({ more: true });
  model.create('message', { text: 'early' });
  await pause();
  assert.equal(carrier.sent.length, 0);
  carrier.onOps([], false);
  await carrier.answer('not-joined');
  await pause();
  model.create('message', { text: 'without a seat' });
  await pause();
  assert.equal(carrier.sent.length, 1);
});

test('much goes in several messages, each as large as the server takes, with a pause between', async () => {
  const { carrier, model } = start({ more: true });
  for (let i = 1; i < 10; i++)
    model.create('block', { text: 'ü'.repeat(4_000), order: `V${i}` });
  carrier.onOps([], false);
  assert.ok(carrier.sent[0].length < 9, 'not all at once');
  assert.ok(new TextEncoder().encode(JSON.stringify(carrier.sent[0])).length <= 48 * 1024);
  await carrier.answer();
  assert.equal(carrier.sent.length, 1, 'the server counts what is large as many');
});

test('ids begin with who makes something, and can be parts of others', () => {
  const { model } = start();
  for (let i = 0; i < 200; i++)
    assert.match(model.create('message', { text: 'x' }), /^p1-[A-Za-z0-9_]{12}$/);
});
