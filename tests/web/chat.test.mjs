// chat.js: nothing lost, nothing doubled, also over a new seat.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chat } from '../../data/web/core/chat.js';

const wire = (n, from, text) => ({ n, from, name: from, text, at: n });
const shown = chat => chat.messages.map(({ n, text, own, state }) => `${n}${text}${own ? '!' : ''}${state === 'sending' ? '…' : ''}`);

test('an own message is sending until it comes back', () => {
  const chat = new Chat();
  assert.deepEqual(chat.restart([wire(1, 'b', 'x')], 'a', 'm1'), []);
  const message = chat.say('a', 'A', 'hi', 5);
  assert.deepEqual(shown(chat), ['1x', '0hi!…']);
  chat.receive(wire(2, 'b', 'hi'));
  assert.deepEqual(shown(chat), ['1x', '2hi', '0hi!…']);
  assert.equal(chat.receive(wire(3, 'a', 'hi')), message);
  assert.deepEqual(shown(chat), ['1x', '2hi', '3hi!']);
  chat.receive(wire(4, 'a', 'from another device of the same seat'));
  assert.equal(chat.messages.length, 4);
});

test('two alike are two', () => {
  const chat = new Chat();
  chat.restart([], 'a', 'm1');
  chat.say('a', 'A', 'x', 1);
  chat.say('a', 'A', 'x', 2);
  chat.receive(wire(1, 'a', 'x'));
  assert.deepEqual(shown(chat), ['1x!', '0x!…']);
  chat.receive(wire(2, 'a', 'x'));
  assert.deepEqual(shown(chat), ['1x!', '2x!']);
});

test('a new seat: what arrived is found in the history, the rest is said again', () => {
  const chat = new Chat();
  chat.restart([], 'a', 'm1');
  chat.say('a', 'A', 'old', 1);
  chat.receive(wire(1, 'a', 'old'));
  chat.say('a', 'A', 'old', 2);
  chat.say('a', 'A', 'arrived', 3);
  const again = chat.restart([wire(1, 'a', 'old'), wire(2, 'a', 'arrived'), wire(3, 'b', 'new')], 'c', 'm1');
  assert.deepEqual(again.map(({ text, from }) => text + from), ['oldc']);
  assert.deepEqual(shown(chat), ['1old!', '2arrived!', '3new', '0old!…']);
  chat.receive(wire(4, 'c', 'old'));
  assert.deepEqual(shown(chat), ['1old!', '2arrived!', '3new', '4old!']);
});

test('one that was refused goes', () => {
  const chat = new Chat();
  chat.restart([], 'a', 'm1');
  chat.remove(chat.say('a', 'A', 'x', 1));
  assert.deepEqual(shown(chat), []);
});

test('another meeting, after a crash of the server: what was read stays, what was on its way is said again', () => {
  const chat = new Chat();
  chat.restart([wire(1, 'b', 'x')], 'a', 'm1');
  chat.say('a', 'A', 'lost', 2);
  assert.deepEqual(chat.restart([wire(1, 'b', 'y')], 'c', 'm2').map(({ text }) => text), ['lost']);
  assert.deepEqual(shown(chat), ['1x', '1y', '0lost!…']);
  chat.receive(wire(2, 'c', 'lost'));
  chat.restart([wire(1, 'b', 'y'), wire(2, 'c', 'lost')], 'd', 'm2');
  assert.deepEqual(shown(chat), ['1x', '1y', '2lost!']);
});
