// dial-in.js: what of a number is read, spoken and clicked on.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callUrl, grouped, oneTap, readDialIn, spelled } from '../../data/web/core/dial-in.js';

test('what the server says, and what is none', () => {
  assert.deepEqual(readDialIn({ numbers: ['+49 30 1'], pin: '1234567890', host_pin: '9' }), { numbers: ['+49 30 1'], pin: '1234567890', hostPin: '9' });
  assert.equal(readDialIn({ numbers: ['+49 30 1'], pin: '1234567890' }).hostPin, null);
  for (const value of [null, undefined, {}, { numbers: [], pin: '1' }, { numbers: '+49', pin: '1' }, { numbers: ['+49'], pin: 1 }])
    assert.equal(readDialIn(value), null);
});

test('PINs are read in groups', () => {
  assert.deepEqual(['482193705', '4821937056', '48219370561', '482193705612'].map(grouped), ['482 193 705', '482 193 7056', '482 193 705 61', '482 193 705 612']);
});

test('and spoken digit by digit', () => {
  assert.equal(spelled('+49 (30) 12-3'), '+ 4 9 3 0 1 2 3');
  assert.equal(spelled('482 193 7056'), '4 8 2 1 9 3 7 0 5 6');
  assert.equal(spelled('sip:room@phone.example'), 'sip:room@phone.example');
});

test('a click dials the number, waits, and types the PIN', () => {
  assert.equal(callUrl('+49 30 / 123-456', '4821937056'), 'tel:+4930123456,,4821937056%23');
  assert.equal(callUrl('+49 (0)30 123456', '1'), 'tel:+4930123456,,1%23');
  assert.equal(callUrl('(030) 123 456', '1'), 'tel:030123456,,1%23');
  assert.equal(oneTap('+49 30 123456', '4821937056'), '+4930123456,,4821937056#');
});

test('an address of SIP is one, and nothing else leads anywhere', () => {
  assert.equal(callUrl('sip:room@phone.example:5060', '1'), 'sip:room@phone.example:5060');
  for (const text of ['call us', 'javascript:alert(1)@x', 'sip:"><x>@y', '+49 30 CONF', ' ', '12'])
    assert.deepEqual([callUrl(text, '1'), oneTap(text, '1')], [null, null], text);
});
