// browser.js: a phone or not, and storage where there is any.

import './setup.mjs';
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { isPhone, localStore } from '../../data/web/core/browser.js';

const own = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
const set = (name, descriptor) => Object.defineProperty(globalThis, name, { ...descriptor, configurable: true });

afterEach(() => {
  delete globalThis.localStorage;
  if (own)
    set('navigator', own);
  else
    delete globalThis.navigator;
});

test('a phone says so, in one way or the other', () => {
  for (const [navigator, phone] of [
    [{ userAgentData: { mobile: true } }, true], [{ userAgentData: { mobile: false }, userAgent: 'Mobile' }, false],
    [{ userAgent: 'Mozilla/5.0 (Android 14; Mobile; rv:128.0)' }, true], [{ userAgent: 'Mozilla/5.0 (X11; Linux x86_64)' }, false], [undefined, false],
  ]) {
    set('navigator', { value: navigator });
    assert.equal(isPhone(), phone, JSON.stringify(navigator));
  }
});

test('no storage, or one that is forbidden, is none', () => {
  assert.equal(localStore(), null);
  set('localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });
  assert.equal(localStore(), null);
  set('localStorage', { value: 'there' });
  assert.equal(localStore(), 'there');
});
