// Shortcuts act once a press, never while somebody types or with Ctrl, and push-to-talk always ends.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Shortcuts } from '../../data/web/app/shortcuts.js';

/** @type {string[]} */
let log;
let blocked = false;
/** @type {Shortcuts} */
let shortcuts;

beforeEach(() => {
  log = [];
  blocked = false;
  globalThis.document = new EventTarget();
  globalThis.addEventListener ??= () => {};
  globalThis.removeEventListener ??= () => {};
  shortcuts = new Shortcuts(() => [
    { key: 'm', label: 'M', words: '', down: () => log.push('m') },
    { key: ' ', label: 'Space', words: '', down: () => log.push('talk'), up: () => log.push('quiet') },
  ], () => blocked);
});

afterEach(() => shortcuts.dispose());

/** @param {string} type @param {string} key @param {object} [more] @param {string[]} [inside] selectors that the target is inside of */
function press(type, key, more = {}, inside = []) {
  const event = new Event(type, { cancelable: true });
  const target = { closest: selectors => selectors.split(', ').some(selector => inside.includes(selector)) || null };
  for (const [name, value] of Object.entries({ key, target, ...more }))
    Object.defineProperty(event, name, { value });
  document.dispatchEvent(event);
  return event.defaultPrevented;
}

test('a key acts once, however long it is held, in either case', () => {
  assert.ok(press('keydown', 'm'));
  press('keydown', 'm', { repeat: true });
  press('keydown', 'M');
  assert.deepEqual(log, ['m', 'm']);
  assert.equal(press('keydown', 'x'), false);
});

test('not while typing, with a modifier or behind a dialog', () => {
  press('keydown', 'm', {}, ['textarea']);
  press('keydown', 'm', { ctrlKey: true });
  press('keydown', 'm', { metaKey: true });
  press('keydown', 'm', { altKey: true });
  blocked = true;
  press('keydown', 'm');
  assert.deepEqual(log, []);
});

test('Space talks while it is held and presses a button where one has the focus', () => {
  press('keydown', ' ');
  press('keydown', ' ', { repeat: true });
  press('keyup', ' ');
  press('keyup', ' ');
  assert.deepEqual(log, ['talk', 'quiet']);
  assert.equal(press('keydown', ' ', {}, ['button']), false);
  assert.deepEqual(log, ['talk', 'quiet']);
});

test('talking ends with the page', () => {
  press('keydown', ' ');
  shortcuts.dispose();
  assert.deepEqual(log, ['talk', 'quiet']);
});
