// hands.js: whose turn it is.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handPlaces, handsUp } from '../../data/web/app/hands.js';

const person = (id, hand) => ({ id, hand });

test('in the order in which they went up, everywhere the same', () => {
  const people = [person('a', 30), person('b', 0), person('d', 10), person('c', 10)];
  assert.deepEqual(handsUp(people).map(({ id }) => id), ['c', 'd', 'a']);
  assert.deepEqual([...handPlaces(people)], [['c', 1], ['d', 2], ['a', 3]]);
  assert.deepEqual(handsUp([]), []);
});
