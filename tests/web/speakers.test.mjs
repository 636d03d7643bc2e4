// speakers.js: who speaks, and an order that does not jump.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Speakers } from '../../data/web/core/speakers.js';

function six() {
  const speakers = new Speakers();
  speakers.add('me', false);
  for (const id of ['a', 'b', 'c', 'd', 'e', 'f'])
    speakers.add(id);
  return speakers;
}

/** Loud or quiet for a while, eight times a second. */
function during(speakers, id, level, from, ms) {
  let changes = 0;
  for (let now = from; now <= from + ms; now += 125)
    changes += speakers.hear(id, level, now) ? 1 : 0;
  return changes;
}

test('a knock is not a voice, a pause does not end one', () => {
  const speakers = six();
  assert.equal(speakers.hear('a', 0.9, 0), false);
  assert.equal(during(speakers, 'a', 0, 125, 2_000), 0);
  assert.equal(during(speakers, 'a', 0.6, 3_000, 500), 1);
  assert.ok(speakers.speaking('a'));
  assert.equal(during(speakers, 'a', 0, 3_600, 600), 0);
  assert.equal(during(speakers, 'a', 0, 4_300, 1_000), 1);
  assert.ok(!speakers.speaking('a'));
  assert.equal(speakers.speaker, 'a');
});

test('only who is off the front comes forward', () => {
  const speakers = six();
  const { order } = speakers;
  during(speakers, 'd', 0.6, 0, 500);
  assert.equal(speakers.order, order);
  during(speakers, 'f', 0.6, 0, 500);
  assert.deepEqual(speakers.order, ['f', 'a', 'b', 'c', 'd', 'e']);
  assert.equal(speakers.speaker, 'f');
});

test('oneself has a voice but no place; who left is nowhere', () => {
  const speakers = six();
  during(speakers, 'me', 0.6, 0, 500);
  assert.ok(speakers.speaking('me'));
  assert.equal(speakers.speaker, null);
  during(speakers, 'f', 0.6, 0, 500);
  speakers.remove('f');
  assert.equal(speakers.speaker, null);
  assert.deepEqual(speakers.order, ['a', 'b', 'c', 'd', 'e']);
  assert.equal(speakers.hear('f', 1, 9_000), false);
});

test('what the server heard: who begins, who ceases, and who spoke last', () => {
  const speakers = six();
  assert.deepEqual(speakers.tell(['b', 'me', 'nobody']), ['me', 'b']);
  assert.deepEqual(speakers.tell(['b']), ['me']);
  assert.deepEqual([speakers.speaking('b'), speakers.speaking('me'), speakers.speaker], [true, false, 'b']);
  assert.deepEqual(speakers.tell(['c', 'a', 'b']), ['a', 'c']);
  assert.equal(speakers.speaker, 'c', 'the loudest of those who began');
});

test('one who comes forward takes the place of who was quiet longest, and only they move', () => {
  const speakers = new Speakers({ exchange: true });
  for (const id of ['a', 'b', 'c', 'd', 'e', 'f'])
    speakers.add(id);
  speakers.front = 3;
  speakers.tell(['a']);
  speakers.tell(['c']);
  speakers.tell(['f']);
  assert.deepEqual(speakers.order, ['a', 'f', 'c', 'b', 'd', 'e']);
  speakers.tell(['f', 'e']);
  assert.deepEqual(speakers.order, ['e', 'f', 'c', 'a', 'b', 'd']);
  speakers.tell(['f', 'e', 'c', 'd']);
  assert.deepEqual(speakers.order, ['e', 'f', 'c', 'd', 'a', 'b'], 'where all speak the loudest have the places');
});

test('who spoke all along is the speaker when who began last has ended', () => {
  const speakers = new Speakers({ exchange: true });
  for (const id of ['ann', 'ben'])
    speakers.add(id);
  speakers.add('me', false);
  speakers.tell(['ann']);
  speakers.tell(['ann', 'ben']);
  assert.equal(speakers.speaker, 'ben');
  speakers.tell(['me', 'ann']);
  assert.equal(speakers.speaker, 'ann');
  speakers.tell([]);
  assert.equal(speakers.speaker, 'ann');
});
