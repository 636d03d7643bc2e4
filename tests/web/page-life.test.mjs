// page-life.js: a page that only is put aside has not left.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { PageLife } from '../../data/web/core/page-life.js';

let page;
beforeEach(() => {
  page = new EventTarget();
  globalThis.addEventListener = page.addEventListener.bind(page);
  globalThis.removeEventListener = page.removeEventListener.bind(page);
});
afterEach(() => {
  delete globalThis.addEventListener;
  delete globalThis.removeEventListener;
});

const say = (type, persisted) => page.dispatchEvent(Object.assign(new Event(type), { persisted }));

test('what is said of the page, as long as somebody listens', () => {
  const heard = [];
  const life = new PageLife({ leaving: () => heard.push('leaving'), back: () => heard.push('back'), online: () => heard.push('online') });
  say('pagehide', false);
  life.start();
  for (const persisted of [true, false]) {
    say('pagehide', persisted);
    say('pageshow', persisted);
  }
  say('online');
  life.stop();
  say('online');
  assert.deepEqual(heard, ['back', 'leaving', 'online']);
});
