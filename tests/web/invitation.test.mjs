// invitation.js: the text for guests, with what to dial where a room is called by phone.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { invitationText } from '../../data/web/app/invitation.js';

const dialIn = { numbers: ['+49 30 123 456', 'sip:room@phone.example'], pin: '4821937056', hostPin: '7390154682' };

test('a link alone, or what to dial as well', () => {
  const plain = invitationText({ title: 'Tea', url: 'https://meet.example/r/x' });
  assert.match(plain, /^You are invited to a meeting: Tea\n\nOpen this link to join:\nhttps:\/\/meet\.example\/r\/x\n\nYou need a browser/);
  const called = invitationText({ title: 'Tea', url: 'https://meet.example/r/x', dialIn });
  assert.match(called, /\/r\/x\n\nOr join by phone:\n\+49 30 123 456\nsip:room@phone\.example\nPIN: 482 193 7056 #\nFrom a mobile phone, with the PIN:\n\+4930123456,,4821937056#\n\nYou need a browser/);
});

test('never the PIN that makes hosts', () => {
  assert.doesNotMatch(invitationText({ title: 'Tea', url: 'https://meet.example/r/x', dialIn }), /739/);
});

test('what no phone can dial at one go is left to people', () => {
  assert.doesNotMatch(invitationText({ title: 'Tea', url: 'u', dialIn: { ...dialIn, numbers: ['sip:room@phone.example'] } }), /mobile/);
});
