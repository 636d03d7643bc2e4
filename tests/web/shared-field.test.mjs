// shared-field.js: what is typed is saved a little later and not overwritten meanwhile; what others write shows, and the caret stays in its words.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { SharedField } from '../../data/web/app/shared-field.js';
import { FakeClock } from './clock.mjs';

const real = { setTimeout, clearTimeout };

/** A field of a page: whoever sets its text puts the caret at the end. */
class FakeElement extends EventTarget {
  #value = '';
  parentElement = { dataset: {}, classes: new Set(), classList: { add: name => this.parentElement.classes.add(name), remove: name => this.parentElement.classes.delete(name) } };
  get value() {
    return this.#value;
  }
  set value(value) {
    this.#value = value;
    this.setSelectionRange(value.length, value.length);
  }
  setSelectionRange(start, end) {
    Object.assign(this, { selectionStart: start, selectionEnd: end });
  }
  /** As somebody types at the caret. */
  type(text) {
    const at = this.selectionStart;
    this.value = this.value.slice(0, at) + text + this.value.slice(this.selectionEnd);
    this.setSelectionRange(at + text.length, at + text.length);
    this.dispatchEvent(new Event('input'));
  }
}

let clock;
let element;
let field;
let saved;

beforeEach(() => {
  clock = new FakeClock();
  Object.assign(globalThis, { setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout });
  element = new FakeElement();
  globalThis.document = { activeElement: element };
  saved = [];
  field = new SharedField(element, text => saved.push(text));
});

afterEach(() => {
  Object.assign(globalThis, real);
  delete globalThis.document;
});

const caret = () => `${element.value.slice(0, element.selectionStart)}|${element.value.slice(element.selectionEnd)}`;

test('what is typed is saved a moment later, once', async () => {
  field.show('');
  element.type('o');
  await clock.advance(300);
  element.type('ne');
  assert.deepEqual(saved, []);
  await clock.advance(100);
  assert.deepEqual(saved, ['one']);
  await clock.advance(10_000);
  assert.deepEqual(saved, ['one']);
  element.type(' two');
  element.dispatchEvent(new Event('blur'));
  assert.deepEqual(saved, ['one', 'one two'], 'who leaves the field does not wait');
  await clock.advance(10_000);
  field.flush();
  assert.equal(saved.length, 2);
});

test('each moment of typing is a whole one, whatever was typed before', async () => {
  field.show('');
  for (const [text, ms] of [['a', 300], ['b', 50], ['c', 60], ['d', 300]]) {
    element.type(text);
    await clock.advance(ms);
  }
  assert.deepEqual(saved, ['abc'], 'the first one ended after 400 ms, the second one goes on');
  field.flush();
  element.type('e');
  await clock.advance(399);
  assert.deepEqual(saved, ['abc', 'abcd']);
  await clock.advance(1);
  assert.deepEqual(saved, ['abc', 'abcd', 'abcde']);
});

test('what others write here shows, with the caret where it was in the words', () => {
  field.show('we meet');
  element.setSelectionRange(2, 2);
  field.show('now we meet');
  assert.equal(caret(), 'now we| meet');
  field.show('now we meet on Monday');
  assert.equal(caret(), 'now we| meet on Monday');
  element.setSelectionRange(4, 11);
  field.show('Now then: we meet on Monday');
  assert.equal(element.value.slice(element.selectionStart, element.selectionEnd), 'we meet', 'what was selected is');
});

test('what others write elsewhere moves nothing here', () => {
  field.show('we meet');
  element.setSelectionRange(2, 2);
  field.show('we meet');
  assert.equal(caret(), 'we| meet');
  assert.deepEqual([...element.parentElement.classes], []);
});

test('what is typed and not saved yet is the later one', async () => {
  field.show('we meet');
  element.setSelectionRange(7, 7);
  element.type(' today');
  field.show('we meet on Monday');
  assert.equal(caret(), 'we meet today|');
  await clock.advance(400);
  assert.deepEqual(saved, ['we meet today']);
  field.show('we meet today');
  field.show('we meet today, or not');
  assert.equal(caret(), 'we meet today|, or not');
});

test('where the field has not the focus its caret is left alone', () => {
  globalThis.document.activeElement = null;
  field.show('we meet');
  element.setSelectionRange = () => assert.fail('in Safari this would take the focus');
  Object.defineProperty(element, 'value', { value: 'we meet', writable: true });
  field.show('we do not meet');
  assert.equal(element.value, 'we do not meet');
});

test('what comes from others is marked for a moment, what was there at first is not', async () => {
  field.show('we meet');
  assert.deepEqual([...element.parentElement.classes], []);
  field.show('we met');
  assert.deepEqual([...element.parentElement.classes], ['fresh']);
  await clock.advance(2_500);
  assert.deepEqual([...element.parentElement.classes], []);
});

test('a field is as tall as its text, also while one types', () => {
  field.show('one');
  assert.equal(element.parentElement.dataset.text, 'one\n');
  element.setSelectionRange(3, 3);
  element.type('\ntwo');
  assert.equal(element.parentElement.dataset.text, 'one\ntwo\n');
});
