// model-object.js: what an operation is, and that neither order nor repetition of operations matters.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ModelObject, canonical, isOperation } from '../../data/web/core/model-object.js';

const item = (c, a, f) => ({ o: 'i1', t: 'item', c, a, f });

test('the larger clock wins, then the larger actor', () => {
  const ops = [item(1, 'p1', { title: 'A', order: 'V' }), item(2, 'p1', { title: 'B' }), item(2, 'p2', { title: 'C' }), item(1, 'p9', { minutes: 5 })];
  for (const order of [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1, 2, 0]]) {
    const object = new ModelObject('i1', 'item');
    for (const n of order)
      object.apply(ops[n]);
    assert.equal(object.fields.title, 'C');
    assert.equal(JSON.stringify(object), '{"fields":{"minutes":[5,1,"p9"],"order":["V",1,"p1"],"title":["C",2,"p2"]},"type":"item"}');
  }
});

test('gone is for good, and leaves nothing', () => {
  const object = new ModelObject('i1', 'item');
  assert.equal(object.apply(item(1, 'p1', { title: 'A' })), true);
  assert.equal(object.apply(item(2, 'p1', { gone: true })), true);
  assert.equal(object.apply(item(9, 'p1', { title: 'B' })), false);
  assert.equal(object.apply(item(1, 'p1', { gone: true })), false);
  assert.equal(canonical([object]), '{"i1":{"fields":{"gone":[true,2,"p1"]},"type":"item"}}');
});

test('an operation of another type is none of its', () => {
  const object = new ModelObject('i1', 'item');
  assert.equal(object.apply({ o: 'i1', t: 'block', c: 1, a: 'p1', f: { text: 'x' } }), false);
});

test('what was not set is what the type says', () => {
  assert.deepEqual(new ModelObject('i1', 'block').fields, { kind: 'text', text: '', owner: '', due: '', order: '', by: '' });
});

test('the whole state is sorted by bytes', () => {
  const objects = ['b', 'B', '10', '9'].map(id => new ModelObject(id, 'item'));
  objects.forEach((object, n) => object.apply(item(n + 1, 'p1', { title: 'é"' })));
  assert.deepEqual([...canonical(objects).matchAll(/"([^"]+)":\{"fields"/g)].map(([, id]) => id), ['10', '9', 'B', 'b']);
});

test('what is no operation', () => {
  const good = item(1, 'p1', { title: 'A' });
  assert.ok(isOperation(good));
  const bad = [
    null, 'op', [], { ...good, x: 1 }, { ...good, o: '' }, { ...good, o: 'a b' }, { ...good, o: 'x'.repeat(65) }, { ...good, c: 0 }, { ...good, c: 1.5 },
    { ...good, c: 2 ** 53 }, { ...good, a: '' }, { ...good, t: 'constructor' }, { ...good, f: {} }, { ...good, f: [] }, { ...good, f: { toString: 1 } },
    { ...good, t: 'agenda', f: { since: 1 } },
    ...[{ title: 7 }, { title: 'a\nb' }, { title: '\u202e' }, { title: '\ud800' }, { title: 'x'.repeat(201) }, { minutes: -1 }, { minutes: 601 }, { minutes: '5' },
      { done: 1 }, { order: '' }, { order: 'V0' }, { gone: false }, { gone: 1 }, { text: 'x' }].map(f => ({ ...good, f })),
    ...[{ due: '2026-13-01' }, { due: '1.2.2026' }, { kind: 'other' }].map(f => ({ ...good, t: 'block', f })),
    ...[{ choices: ['a'] }, { choices: 'ab' }, { choices: ['a', 7] }, { choices: Array(11).fill('a') }, { counts: [1.5] }, { question: '' }].map(f => ({ ...good, t: 'poll', f })),
  ];
  for (const op of bad)
    assert.equal(isOperation(op), false, JSON.stringify(op));
});

test('what is set once may be said again, and be set later', () => {
  const poll = new ModelObject('p1-q', 'poll');
  const op = f => ({ o: 'p1-q', t: 'poll', c: 1, a: 'p1', f });
  poll.apply(op({ open: true, question: 'Q?' }));
  assert.deepEqual([{ question: 'Q?' }, { open: false }, { choices: ['a', 'b'] }, { question: 'R?' }, { choices: ['a', 'b'], question: 'R?' }].map(f => poll.changesFixed(op(f))), [false, false, false, true, true]);
});
