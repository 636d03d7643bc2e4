// file-messages.js: what is said about documents, there and back; and whatever else somebody may send.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '../../data/web/core/bytes.js';
import { Files, MAX_DOCUMENTS, MAX_PART, composeFile, parseFile } from '../../data/web/core/file-messages.js';
import { MAX_MESSAGE } from '../../data/web/core/sealed-channel.js';

const MESSAGES = [
  { type: Files.HAVE, documents: [] },
  { type: Files.HAVE, documents: ['abc', 'A-_9'] },
  { type: Files.OPEN, transfer: 0xfffffffe, document: 'abc' },
  { type: Files.SUMS, transfer: 1, sums: new Uint8Array(0) },
  { type: Files.SUMS, transfer: 1, sums: new Uint8Array(64).fill(9) },
  { type: Files.WANT, transfer: 2, piece: 1023 },
  { type: Files.PART, transfer: 3, offset: 2 ** 40, bytes: new Uint8Array(MAX_PART).fill(7) },
  { type: Files.STOP, transfer: 4 },
];

test('what is composed is read, and fits into one message', () => {
  for (const message of MESSAGES) {
    const [type, bytes] = composeFile(message);
    assert.ok(bytes.length <= MAX_MESSAGE);
    assert.deepEqual(parseFile(type, bytes), message);
  }
});

test('who has more than anybody may says the first of it', () => {
  const documents = Array.from({ length: MAX_DOCUMENTS + 3 }, (_, i) => `d${i}`.padEnd(40, 'x'));
  const [type, bytes] = composeFile({ type: Files.HAVE, documents });
  assert.ok(bytes.length <= MAX_MESSAGE);
  assert.deepEqual(parseFile(type, bytes).documents, documents.slice(0, MAX_DOCUMENTS));
});

test('what is cut or too long is none', () => {
  for (const message of MESSAGES.filter(({ type }) => type !== Files.HAVE)) {
    const [type, bytes] = composeFile(message);
    for (const length of [0, 1, 3, 5, 7, 11].filter(n => n < bytes.length))
      assert.equal(parseFile(type, bytes.slice(0, length)), null, `${type} with ${length} bytes`);
    if (type !== Files.PART)
      assert.equal(parseFile(type, Uint8Array.of(...bytes, 0)), null, `${type} and one more`);
  }
});

test('what cannot be meant is none', () => {
  const have = value => parseFile(Files.HAVE, utf8(typeof value === 'string' ? value : JSON.stringify(value)));
  for (const value of ['', '[', 'null', '7', {}, { documents: {} }, { documents: [7] }, { documents: [''] }, { documents: ['a b'] }, { documents: ['x'.repeat(65)] }, { documents: Array(MAX_DOCUMENTS + 1).fill('a') }])
    assert.equal(have(value), null, JSON.stringify(value));
  for (const document of ['', 'ä', '../x', 'x'.repeat(65)])
    assert.equal(parseFile(...composeFile({ type: Files.OPEN, transfer: 1, document })), null, document);
  assert.equal(parseFile(Files.OPEN, Uint8Array.of(0, 0, 0, 1, 0, 2, 97, 0xff)), null);
  assert.equal(parseFile(Files.PART, Uint8Array.of(0, 0, 0, 1, 0, 0x20, 0, 0, 0, 0, 0, 0, 1)), null, 'an offset beyond all numbers');
  assert.equal(parseFile(Files.PART, Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)), null, 'no byte');
  for (const type of [0, 7, 127])
    assert.equal(parseFile(type, new Uint8Array(20)), null);
});

test('any bytes are read without harm', () => {
  let seed = 7;
  const next = () => (seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff) >> 8;
  for (let i = 0; i < 5_000; i++) {
    const bytes = Uint8Array.from({ length: next() % 60 }, () => next() & 0xff);
    const message = parseFile(next() % 8, bytes);
    assert.ok(message === null || Object.values(Files).includes(message.type));
  }
});
