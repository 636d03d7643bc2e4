// reactions.js: how often, and what is taken of what comes.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REACTIONS, ReactionPace, readReactions } from '../../data/web/core/reactions.js';

test('three a second go out', () => {
  const pace = new ReactionPace();
  assert.deepEqual([0, 10, 20, 30, 990].map(now => pace.take(now)), [true, true, true, false, false]);
  assert.deepEqual([1000, 1005, 1010].map(now => pace.take(now)), [true, false, true]);
});

test('only what there is, of at most eight people', () => {
  const people = Array.from({ length: 20 }, (_, i) => ({ person: `p${i}`, what: i === 1 ? 'bomb' : REACTIONS[i % 6] }));
  const news = readReactions({ counts: { clap: 12, bomb: 1, heart: 0, up: -1, laugh: 1.5, party: 2 }, people });
  assert.deepEqual(news.counts, { clap: 12, party: 2 });
  assert.equal(news.people.length, 8);
  assert.ok(news.people.every(({ what }) => REACTIONS.includes(what)));
  assert.deepEqual(readReactions({}), { counts: {}, people: [] });
});
