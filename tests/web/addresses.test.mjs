// Addresses in messages: found without the punctuation around them, and nothing that would run.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitAddresses } from '../../data/web/app/addresses.js';

/** @param {string} text */
const found = text => splitAddresses(text).filter(({ href }) => href).map(({ href }) => href);

test('addresses are found in a sentence', () => {
  assert.deepEqual(found('see https://example.org/a?b=c#d, or http://example.org.'), ['https://example.org/a?b=c#d', 'http://example.org']);
  assert.deepEqual(found('(https://example.org/x)'), ['https://example.org/x']);
  assert.deepEqual(found('https://example.org/Key_(music).'), ['https://example.org/Key_(music)']);
  assert.deepEqual(found('HTTPS://EXAMPLE.ORG/ü'), ['HTTPS://EXAMPLE.ORG/ü']);
});

test('nothing that runs becomes a link', () => {
  for (const text of ['javascript:alert(1)', 'data:text/html,x', 'JAVASCRIPT://example.org/%0aalert(1)', 'https://', 'vbscript:x', 'file:///etc/passwd', ''])
    assert.deepEqual(found(text), [], text);
  assert.deepEqual(found('https://example.org/"onclick="x'), ['https://example.org/']);
});

test('the parts together are the message', () => {
  for (const text of ['', 'plain', 'https://a.example', 'a https://b.example c https://d.example/e. f\nhttps://g.example', '((https://h.example)))'])
    assert.equal(splitAddresses(text).map(part => part.text).join(''), text);
});

test('a long message takes no time', () => {
  const started = performance.now();
  splitAddresses('https://'.repeat(500));
  splitAddresses(`https://example.org/${')'.repeat(4000)}`);
  assert.ok(performance.now() - started < 200);
});
