// Makes model.json, the test vectors of the shared model: `node tests/vectors/make-model.mjs > tests/vectors/model.json`. Its states are computed by
// data/web/core; src/model/ has to come to the same, byte by byte. `refused` and `taken` were written by hand.

import { ModelObject, canonical } from '../../data/web/core/model-object.js';
import { between } from '../../data/web/core/order-keys.js';

const op = (o, t, c, a, f) => ({ o, t, c, a, f });
const of = (t, f) => op('x', t, 1, 'p1', f);

/** @param {object[]} ops */
function stateOf(ops) {
  const objects = new Map();
  for (const each of ops) {
    if (!objects.has(each.o))
      objects.set(each.o, new ModelObject(each.o, each.t));
    objects.get(each.o).apply(each);
  }
  return canonical(objects.values());
}

const states = {
  'nothing': [],
  'the larger clock wins, whatever comes first': [
    op('i', 'item', 2, 'p1', { title: 'B', done: true }), op('i', 'item', 1, 'p9', { title: 'A', minutes: 5 }), op('i', 'item', 3, 'p0', { done: false }),
  ],
  'of equal clocks the larger actor': [
    op('i', 'item', 7, 'pb', { title: 'b' }), op('i', 'item', 7, 'pa', { title: 'a' }), op('i', 'item', 7, 'server', { title: 's' }), op('i', 'item', 7, 'pZ', { title: 'Z' }),
  ],
  'the same again': [op('i', 'item', 1, 'p1', { title: 'A' }), op('i', 'item', 1, 'p1', { title: 'A' })],
  'gone is for good': [
    op('i', 'item', 1, 'p1', { title: 'A' }), op('i', 'item', 2, 'p2', { gone: true }), op('i', 'item', 9, 'p1', { title: 'B' }), op('i', 'item', 1, 'p3', { gone: true }),
  ],
  'gone before it was there, and with other fields': [op('i', 'item', 4, 'p1', { gone: true, title: 'never' }), op('i', 'item', 1, 'p1', { title: 'A' })],
  'ids are sorted by bytes': ['b', 'B', '-', '_', '10', '9', 'a1'].map((id, n) => op(id, 'block', n + 1, 'p1', { order: 'V' })),
  'all kinds of values': [
    op('m', 'message', 1, 'p1', { text: 'a\n\tb "c" \\ / é 漢 😀 \u00a0', at: 9007199254740991, edited: false, from: '', name: "<b>O'Hara</b> & co", reply: 'other_-1' }),
    op('p', 'poll', 2, 'p1', { question: 'Q?', choices: ['1', ''.padEnd(120, 'é'), '"3"'], counts: [0, 7, 1000], voted: [], voters: 0 }),
    op('b', 'block', 3, 'p1', { due: '2026-02-31', kind: 'decision', order: '0V', text: '' }),
    op('agenda', 'agenda', 4, 'p1', { current: 'i', since: 0 }), op('settings', 'settings', 5, 'server', { summary: 'hosts', attendance: true, chat: false }),
  ],
};

const taken = [
  of('message', { text: 'x'.repeat(4000) }), of('message', { text: '😀'.repeat(4000) }), of('item', { minutes: 600 }), of('poll', { choices: Array(10).fill('a') }),
  of('block', { due: '' }), op('A-_9'.repeat(16), 'item', 9007199254740991, 'p'.repeat(64), { gone: true }), of('caption', { lang: 'de-CH', text: ' ' }),
];

const refused = [
  {}, { ...of('item', { title: 'A' }), x: 1 }, { o: 'x', t: 'item', c: 1, a: 'p1' }, of('item', {}), of('item', []), of('item', null), of('item', 'title'), of('nothing', { title: 'A' }), of('', { title: 'A' }),
  of(7, { title: 'A' }), of('agenda', { since: 1 }), op('agenda', 'item', 1, 'p1', { title: 'A' }), op('', 'item', 1, 'p1', { title: 'A' }), op('a b', 'item', 1, 'p1', { title: 'A' }), op('é', 'item', 1, 'p1', { title: 'A' }),
  op('x'.repeat(65), 'item', 1, 'p1', { title: 'A' }), op('x', 'item', 0, 'p1', { title: 'A' }), op('x', 'item', -1, 'p1', { title: 'A' }), op('x', 'item', 1.5, 'p1', { title: 'A' }),
  op('x', 'item', 9007199254740992, 'p1', { title: 'A' }), op('x', 'item', '1', 'p1', { title: 'A' }), op('x', 'item', 1, '', { title: 'A' }), op('x', 'item', 1, 'p 1', { title: 'A' }),
  ...[{ title: 7 }, { title: null }, { title: ['a'] }, { title: 'a\nb' }, { title: 'a\u0001b' }, { title: 'a\u007fb' }, { title: 'a\u0085b' }, { title: '\u202e' }, { title: '\u2067' },
    { title: 'x'.repeat(201) }, { minutes: -1 }, { minutes: 601 }, { minutes: '5' }, { minutes: 1.5 }, { minutes: true }, { done: 1 }, { done: 'true' }, { done: null },
    { order: '' }, { order: '0' }, { order: 'V0' }, { order: 'a b' }, { order: 'x'.repeat(201) }, { order: 7 }, { gone: false }, { gone: 1 }, { gone: 'true' }, { text: 'x' }, { Title: 'x' }, { toString: 'x' }].map(f => of('item', f)),
  ...[{ due: '2026-13-01' }, { due: '2026-00-10' }, { due: '2026-01-32' }, { due: '2026-1-01' }, { due: '2026-01-01T' }, { due: 20260101 }, { kind: 'other' }, { kind: '' }, { text: 'x\u000b' }].map(f => of('block', f)),
  ...[{ choices: ['a'] }, { choices: 'ab' }, { choices: ['a', 7] }, { choices: ['a', null] }, { choices: ['a', ['b']] }, { choices: Array(11).fill('a') }, { choices: ['a', 'b\n'] }, { choices: ['a', 'x'.repeat(121)] },
    { choices: { 0: 'a', 1: 'b' } }, { counts: [1.5] }, { counts: [-1] }, { counts: ['1'] }, { counts: [1001] }, { question: '' }].map(f => of('poll', f)),
  ...[{ text: '' }, { text: 'x'.repeat(4001) }, { reply: 'a b' }, { at: -1 }].map(f => of('message', f)),
  of('reaction', { sign: 'down' }), of('reaction', { message: '' }),
  of('message', Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`f${n}`, 1]))),
];

const ends = [[null, null], [null, 'V'], [null, '1'], [null, '01'], [null, '1V'], [null, '001'], ['V', null], ['z', null], ['zz', null], ['Vz', null], ['V', 'V'], ['W', 'V'],
  ['A', 'B'], ['A', 'C'], ['A', 'AV'], ['A', 'A1'], ['A', 'A01'], ['Az', 'B'], ['Azz', 'B'], ['0V', '1'], ['1', '2V'], ['Ay', 'B'], ['UU', 'UV']];
const keys = [...ends.map(([low, high]) => [low, high, between(low, high)])];

const shown = value => JSON.stringify(value).replace(/[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
const list = (name, values) => `  ${JSON.stringify(name)}: [\n${values.map(value => `    ${shown(value)}`).join(',\n')}\n  ]`;
console.log(`{\n${[
  list('states', Object.entries(states).map(([name, ops]) => ({ name, ops, state: stateOf(ops) }))),
  list('taken', taken), list('refused', refused), list('keys', keys),
].join(',\n')}\n}`);
