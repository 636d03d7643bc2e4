// refusals.js: who is not let in reads what happened, and has a way on where there is one.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outsideWords, refusalOf } from '../../data/web/app/refusals.js';
import { errorText } from '../../data/web/core/errors.js';

test('at the door', () => {
  for (const id of ['denied', 'locked', 'removed', 'old-link', 'timeout']) {
    const refusal = refusalOf(id);
    assert.match(refusal.words, /\.$/, id);
    assert.equal(refusal.again === null, id === 'removed' || id === 'old-link', `${id}: who was removed need not try again`);
    assert.deepEqual(outsideWords(id), refusal);
  }
});

test('anything else is its error', () => {
  assert.equal(refusalOf('room-full'), null);
  assert.equal(refusalOf('constructor'), null);
  assert.deepEqual([outsideWords('wrong-key').glyph, outsideWords('room-full').glyph], ['link-2-off', 'circle-alert']);
  assert.equal(outsideWords('unreachable').words, errorText('unreachable'));
});

test('with a ticket, more is said and nothing is tried again', () => {
  for (const id of ['bad-ticket', 'ticket-spent']) {
    assert.equal(outsideWords(id).again, null);
    assert.match(outsideWords(id, true).words, /where you came from\.$/);
  }
  const { heading, words, again } = outsideWords('denied', true);
  assert.deepEqual([heading, again], [refusalOf('denied').heading, null]);
  assert.ok(words.startsWith(refusalOf('denied').words) && words.endsWith(' To try again, open the meeting from where you came from.'));
  assert.deepEqual(outsideWords('removed', true), refusalOf('removed'));
  assert.equal(outsideWords('room-full', true).words, errorText('room-full'));
});
