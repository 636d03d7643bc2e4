// copy-page.js: the file that somebody saves has all that was written, in order, and nothing in it is anything but text.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copyPage } from '../../data/web/app/copy-page.js';

const EMPTY = { agenda: [], minutes: [], polls: [], chat: [], documents: [] };
const ABOUT = { title: 'Falcon', name: 'Ann', at: Date.UTC(2026, 10, 27, 12), copies: [] };
const HOSTILE = `</style></title></p>'"><script>alert(1)</script><img src=x onerror=alert(1)>`;
const SAID = { at: 1, name: 'Ben', text: 'hello', edited: false, reply_name: '', reply_text: '', reactions: [] };

/** Every text there can be says the same. */
const all = text => ({
  agenda: [{ title: text, owner: text, minutes: 5, started: 1, spent: 90_000, done: true }],
  minutes: ['text', 'heading', 'decision', 'action'].map(kind => ({ kind, text, owner: text, due: '2026-12-01' })),
  polls: [{ question: text, choices: [{ text, count: 3 }, { text, count: 0 }], multiple: true, anonymous: false, open: false, voters: 3, voted: [text, text] }],
  documents: [{ id: 'd', name: text, by: text, bytes: 2_000, sha256: '', media_type: text, at: 1 }],
  chat: [{ at: 1, name: text, text, edited: true, reply_name: text, reply_text: text, reactions: [{ text: 'clap', count: 2 }] }],
});

const about = text => ({ title: text, name: text, at: 5, copies: [{ id: 'c', by: 'p', name: text, at: 2, own: true }] });

test('hostile texts stay texts, wherever they stand', () => {
  const page = copyPage(all(HOSTILE), about(HOSTILE));
  const harmless = copyPage(all('TEXT'), about('TEXT'));
  const tags = text => text.match(/<[^>]*>/g);
  assert.deepEqual(tags(page), tags(harmless), 'no other elements and attributes');
  assert.equal(page.replaceAll('&lt;/style&gt;&lt;/title&gt;&lt;/p&gt;&#39;&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;', 'TEXT'), harmless);
  assert.ok(harmless.split('TEXT').length > 20, 'they stand in many places');
});

test('it needs nothing, and nothing in it may run', () => {
  const page = copyPage(all('x'), about('x'));
  assert.match(page, /^<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; /);
  assert.doesNotMatch(page, /<script|<link|<img|<a |https?:|\burl\(|@import|\son\w+=/);
  assert.match(page, /font:15px\/1\.55 system-ui,'Segoe UI'/, 'its style is no text that was put in');
});

test('what stands in it, in which order', () => {
  const page = copyPage(all('x'), ABOUT);
  const headings = [...page.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, words]) => words);
  assert.deepEqual(headings, ['Decisions', 'Actions', 'Agenda', 'Minutes', 'Polls', 'Documents', 'Chat']);
  for (const words of ['3 · 100 %', 'width:100%', '3 people have voted. · several answers · x, x', 'until Tuesday, December 1, 2026', '👏 2', 'edited', '2 kB', 'Saved by Ann, Nov 2'])
    assert.ok(page.includes(words), words);
});

test('who saved copies stands among what was said', () => {
  const copies = [{ id: 'c', by: 'p', name: 'Cem', at: 2, own: false }];
  const page = copyPage({ ...EMPTY, chat: [SAID, { ...SAID, at: 3, text: 'bye' }] }, { ...ABOUT, copies });
  const order = ['hello', 'Cem saved a copy of this meeting.', 'bye'].map(words => page.indexOf(words));
  assert.ok(order.every((at, i) => at > (order[i - 1] ?? 0)), order.join());
  assert.doesNotMatch(page, /<h2>(Agenda|Polls|Minutes|Documents|Decisions)/, 'without what there is not');
});
