// 10,000 random operations of many people, brought to each in another order, some twice or more: all come to one state, the server too.

import '../web/setup.mjs';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { ModelObject, canonical, isOperation } from '../../data/web/core/model-object.js';
import { SCHEMA } from '../../data/web/core/model-schema.js';

const N = 10_000;
const REPLAY = process.env.CONCLAVE_MODEL_REPLAY;
const seed = Number(process.env.CONCLAVE_SEED ?? Date.now() % 2 ** 31);

let state = seed;
function random (most) {
  state = Math.imul(state, 1664525) + 1013904223 >>> 0;
  return Math.floor(state / 2 ** 32 * most);
}
const pick = list => list[random(list.length)];
const TEXTS = ['', 'a', 'Ünïcödé 漢字 😀', 'two\nlines\t"and" \\more/', '<script>', ' ', 'x'.repeat(60)];

const VALUES = {
  text: ({ max }) => pick(TEXTS).replace(/[\n\t]/g, ' ').slice(0, max) || 'x',
  lines: () => pick(TEXTS) || 'x',
  id: () => pick(['o1', 'o2', 'p1']),
  int: ({ max }) => Math.min(max, pick([0, 1, 59, Number.MAX_SAFE_INTEGER])),
  bool: () => random(2) === 1,
  choice: ({ choices }) => pick(choices),
  date: () => pick(['', '2026-11-26', '2000-02-29']),
  order: () => pick(['V', 'W', '0V', 'zz1']),
  texts: () => pick([['a', 'b'], ['ä', '"'], ['1', '2', '3']]),
  ints: () => pick([[], [1, 2], [0]]),
};

/** Each clock of an actor is used once, as people do it. */
function makeOperations () {
  const clocks = {};
  return Array.from({ length: N }, () => {
    const t = pick(Object.keys(SCHEMA.types));
    const { singleton, fields } = SCHEMA.types[t];
    const a = pick(['p1', 'p2', 'pz', 'P3', 'server', 'p-_']);
    const c = clocks[a] = (clocks[a] ?? 0) + 1 + random(3);
    const o = singleton ? t : `${t}${random(40)}`;
    const sure = pick(Object.keys(fields));
    const names = Object.keys(fields).filter(name => name === sure || random(3) === 0);
    const f = Object.fromEntries(names.map(name => [name, VALUES[fields[name].kind](fields[name])]));
    return { o, t, c, a, f: random(100) === 0 ? { gone: true } : f };
  });
}

function shuffle (list) {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = random(i + 1);
    [copy[i], copy[j]] = [copy[j], copy[i]];
  }
  return copy;
}

function stateOf (ops) {
  const objects = new Map();
  for (const op of ops) {
    if (!objects.has(op.o))
      objects.set(op.o, new ModelObject(op.o, op.t));
    objects.get(op.o).apply(op);
  }
  return canonical(objects.values());
}

test(`${N} operations in any order, seed ${seed}`, () => {
  const ops = makeOperations();
  assert.ok(ops.every(isOperation));
  const expected = stateOf(ops);
  assert.ok(expected.includes('"gone":[true,') && expected.length > 50_000, `${expected.length} characters`);
  for (let n = 0; n < 3; n++)
    assert.ok(stateOf(shuffle([...ops, ...ops.filter(() => random(4) === 0)])) === expected, 'another order, another state');
  const input = shuffle([...ops, ...ops.filter(() => random(4) === 0)]).map(op => JSON.stringify(op)).join('\n');
  const { status, stdout, stderr } = spawnSync(REPLAY, { input: `${input}\n`, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  assert.equal(status, 0, stderr);
  assert.ok(stdout === `${expected}\n`, 'C and JavaScript disagree');
});
