// model.json, which src/model/ is held against as well.

import './setup.mjs';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { ModelObject, canonical, isOperation } from '../../data/web/core/model-object.js';
import { between, isKey } from '../../data/web/core/order-keys.js';

const vectors = JSON.parse(await readFile(new URL('../vectors/model.json', import.meta.url), 'utf8'));

test('states', () => {
  for (const { name, ops, state } of vectors.states) {
    const objects = new Map(ops.map(op => [op.o, new ModelObject(op.o, op.t)]));
    for (const op of ops) {
      assert.ok(isOperation(op), JSON.stringify(op));
      objects.get(op.o).apply(op);
    }
    assert.equal(canonical(objects.values()), state, name);
  }
});

test('what is taken, what is refused', () => {
  for (const op of vectors.taken)
    assert.ok(isOperation(op), JSON.stringify(op));
  for (const op of vectors.refused)
    assert.ok(!isOperation(op), JSON.stringify(op));
});

test('order keys', () => {
  for (const [low, high, key] of vectors.keys) {
    assert.equal(between(low, high), key);
    assert.ok(isKey(key));
  }
});
