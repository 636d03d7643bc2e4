// poll-words.js: what makes a poll, and its figures.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPoll, share } from '../../data/web/app/poll-words.js';

test('a question and two different answers', () => {
  assert.deepEqual(readPoll(' Go? ', ['Yes ', '', ' No']), { question: 'Go?', choices: ['Yes', 'No'] });
  assert.equal(readPoll('', ['Yes', 'No']), null);
  assert.equal(readPoll('Go?', ['Yes', 'Yes', ' ']), null);
  assert.equal(readPoll('Go?', Array.from({ length: 12 }, (_, i) => `${i}`)).choices.length, 10);
});

test('shares of those who voted', () => {
  assert.equal(share(0, 0), 0);
  assert.equal(share(1, 3), 33);
  assert.equal(share(3, 3), 100);
});
