// questions.js: the order in which they should be answered.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Questions } from '../../data/web/core/questions.js';

const question = (n, votes = 0, resolved = false) => ({ n, from: 'p', name: 'P', text: `q${n}`, at: n, votes, mine: false, resolved });
const order = questions => questions.list.map(({ n }) => n).join(' ');

test('most votes first, then who asked first; answered ones at the end', () => {
  const questions = new Questions();
  questions.restart([question(1), question(2, 3), question(3, 3), question(4, 9, true)]);
  assert.equal(order(questions), '2 3 1 4');
  assert.equal(questions.receive(question(5)), true);
  assert.equal(questions.receive(question(1, 4)), false);
  assert.equal(order(questions), '1 2 3 5 4');
  questions.receive(question(2, 3, true));
  assert.equal(order(questions), '1 3 5 4 2');
  questions.restart([]);
  assert.equal(order(questions), '');
});

test('the own vote counts at once, and once', () => {
  const questions = new Questions();
  questions.restart([question(1, 1), question(2, 1)]);
  questions.vote(2, true);
  questions.vote(2, true);
  questions.vote(9, true);
  assert.deepEqual(questions.list.map(({ n, votes, mine }) => [n, votes, mine]), [[2, 2, true], [1, 1, false]]);
  questions.vote(2, false);
  assert.equal(order(questions), '1 2');
});
