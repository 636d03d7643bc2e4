// text.js: what people paste becomes what the protocol takes.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { characters, cleanMessage, cleanName, cleanTitle } from '../../data/web/core/text.js';

test('names', () => {
  assert.equal(cleanName('  Ada\tLovelace\n'), 'Ada Lovelace');
  assert.equal(cleanName('A\u202Ed\u2066a\u0000\u007f\u0085'), 'Ada');
  assert.equal(cleanName('A\ud800da'), 'Ada');
  assert.equal(cleanName('Zoë 李 😀'), 'Zoë 李 😀');
  for (const nothing of ['', ' ', '\u200b', '\u00a0\u2003', '\u0301', '\u202e', '\u1160', '\ufeff'])
    assert.equal(cleanName(nothing), '', JSON.stringify(nothing));
  assert.equal(characters(cleanName('😀'.repeat(100))), 60);
});

test('titles are longer', () => {
  assert.equal(cleanTitle(' Budget\n\u202e2027 '), 'Budget 2027');
  assert.equal(characters(cleanTitle('😀'.repeat(200))), 120);
  assert.equal(cleanTitle('\u200b'), '');
});

test('messages keep their lines', () => {
  assert.equal(cleanMessage(' a\r\n\tb\rc\u0007\u2067d \n'), 'a\n\tb\ncd');
  assert.equal(cleanMessage('\n\u200b\n'), '');
  assert.equal(characters(cleanMessage('x'.repeat(5_000))), 5_000);
});
