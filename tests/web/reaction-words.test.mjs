// reaction-words.js: a word and a sign for each reaction, and one sentence for many.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SIGNS, Summary, reactionWord } from '../../data/web/app/reaction-words.js';
import { REACTIONS } from '../../data/web/core/reactions.js';

const names = id => ({ pa: 'Ann' })[id];

test('each has a sign and a word of its own', () => {
  assert.deepEqual(Object.keys(SIGNS), [...REACTIONS]);
  assert.equal(new Set(REACTIONS.map(reactionWord)).size, REACTIONS.length);
});

test('one by name; more, or one of somebody who is not known, as numbers, the most first', () => {
  const summary = new Summary();
  assert.ok(summary.empty);
  summary.add({ counts: { clap: 1 }, people: [{ person: 'pa', what: 'clap' }] }, names);
  assert.equal(summary.take(), 'Ann: applause');
  assert.ok(summary.empty);
  summary.add({ counts: { clap: 1 }, people: [] }, names);
  assert.equal(summary.take(), 'Reactions: applause 1');
  summary.add({ counts: { clap: 1 }, people: [{ person: 'pa', what: 'clap' }] }, names);
  summary.add({ counts: { heart: 11, clap: 1 }, people: [] }, names);
  assert.equal(summary.take(), 'Reactions: heart 11, applause 2');
});
