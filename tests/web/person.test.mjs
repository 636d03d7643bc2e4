// person.js: one person, and what is special about who calls by phone.

import './setup.mjs';
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { i18n } from '../../data/web/core/i18n.js';
import { Person, callerName } from '../../data/web/core/person.js';

const INFO = { id: 'paaaaaaaaaaaa', name: 'Phone …123', host: false, role: /** @type {const} */ ('person'), mic: true, camera: false, screen: false, away: false };

afterEach(() => i18n.use('en', {}));

test('who calls has a name in the language of the page, as it is now', () => {
  const caller = new Person({ ...INFO, phone: true }, false);
  assert.deepEqual([caller.phone, caller.name], [true, 'Phone …123']);
  i18n.use('de', { 'Phone {digits}': 'Telefon {digits}', 'Phone': 'Telefon' });
  assert.equal(caller.name, 'Telefon …123');
  assert.equal(callerName('Phone'), 'Telefon');
});

test('who was given another name has that one, and who has a browser is called as they like', () => {
  i18n.use('de', { 'Phone {digits}': 'Telefon {digits}', 'Phone': 'Telefon' });
  const caller = new Person({ ...INFO, phone: true }, false);
  caller.update({ ...INFO, phone: true, name: 'Aunt Phone …12' });
  assert.equal(caller.name, 'Aunt Phone …12');
  const person = new Person(INFO, false);
  assert.deepEqual([person.phone, person.name], [false, 'Phone …123']);
});
