// caret.js: the caret stays in its words.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carried } from '../../data/web/app/caret.js';

/** `|` is the caret. @param {string} before @param {string} after */
const becomes = (before, after) => {
  const text = after.replace('|', '');
  const at = carried(before.replace('|', ''), text, before.indexOf('|'));
  assert.equal(`${text.slice(0, at)}|${text.slice(at)}`, after);
};

test('whatever is written before it moves it along, whatever is written behind it does not', () => {
  becomes('one |two', 'zero one |two');
  becomes('one |two', 'one |two three');
  becomes('one two|', 'one big two|');
  becomes('|one', '|one two');
});

test('what is deleted before it takes it back', () => {
  becomes('zero one |two', 'one |two');
  becomes('one |two three', 'one |two');
});

test('where its words are gone it stands at the end of what took their place', () => {
  becomes('a lo|ng word b', 'a short| b');
  becomes('all| gone', '|');
});

test('letters that are there twice do not carry it away', () => {
  becomes('aa|', 'aa|a');
  becomes('|aa', '|a');
});
