// i18n.js: choice of the language, placeholders, plurals, what happens where a translation lacks.

import './setup.mjs';
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { i18n, matchLanguage, t, tn } from '../../data/web/core/i18n.js';
import { FakeStorage } from './storage.mjs';

afterEach(() => i18n.use('en', {}));

test('English is the msgid', () => {
  assert.equal(t('Leave'), 'Leave');
  assert.equal(t('{name} has joined', { name: 'Ada' }), 'Ada has joined');
  assert.equal(tn('{n} person', '{n} people', 1), '1 person');
  assert.equal(tn('{n} person', '{n} people', 0), '0 people');
});

test('a translation, its placeholders and its plurals', () => {
  i18n.use('fr', { 'Leave': 'Quitter', '{name} has joined': '{name} est là', '{n} person': ['{n} personne', '{n} personnes'], 'Empty': '' });
  assert.equal(t('Leave'), 'Quitter');
  assert.equal(t('{name} has joined', { name: 'Ada' }), 'Ada est là');
  assert.equal(tn('{n} person', '{n} people', 0), '0 personne');
  assert.equal(tn('{n} person', '{n} people', 2), '2 personnes');
  assert.equal(t('Empty'), 'Empty');
  assert.equal(t('Not there'), 'Not there');
  assert.equal(tn('{n} x', '{n} xs', 5), '5 xs');
});

test('values are put in as they are, once, and never from a prototype', () => {
  assert.equal(t('{a} {b}', { a: '{b}', b: '$&' }), '{b} $&');
  assert.equal(t('{toString} {missing}', {}), '{toString} {missing}');
  assert.equal(t('constructor'), 'constructor');
});

test('the first of the browser\'s languages that exists', () => {
  assert.equal(matchLanguage(['pt-BR', 'de-AT', 'en']), 'de');
  assert.equal(matchLanguage(['NL']), 'nl');
  assert.equal(matchLanguage(['xx']), 'en');
  assert.equal(matchLanguage([]), 'en');
});

test('loads, remembers, falls back', async () => {
  const fetched = [];
  globalThis.localStorage = new FakeStorage();
  Object.defineProperty(globalThis, 'navigator', { value: { languages: ['de'] }, configurable: true });
  globalThis.fetch = async url => {
    fetched.push(String(url));
    return String(url).endsWith('nl.json') ? { ok: false } : { ok: true, json: async () => ({ Leave: 'Gehen' }) };
  };
  let changes = 0;
  i18n.addEventListener('change', () => changes++);
  await i18n.load(new URL('https://x/w/1/po/'));
  assert.equal(i18n.lang, 'de');
  assert.equal(t('Leave'), 'Gehen');
  await i18n.setLang('en');
  assert.equal(t('Leave'), 'Leave');
  await i18n.load(new URL('https://x/w/1/po/'));
  assert.equal(i18n.lang, 'en');
  await i18n.setLang('nl');
  assert.equal(i18n.lang, 'en');
  await assert.rejects(i18n.setLang('xx'), RangeError);
  assert.deepEqual(fetched, ['https://x/w/1/po/de.json', 'https://x/w/1/po/nl.json']);
  assert.equal(changes, 4);
});
