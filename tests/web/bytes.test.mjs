// bytes.js: base64url, framing, concatenation.

import './setup.mjs';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { T, concat, equal, fromBase64url, fromUtf8, lp, parseObject, release, toBase64url, u32, utf8 } from '../../data/web/core/bytes.js';

test('base64url goes both ways and agrees with Node', () => {
  for (let length = 0; length < 200; length++) {
    const bytes = new Uint8Array(randomBytes(length));
    const text = toBase64url(bytes);
    assert.equal(text, Buffer.from(bytes).toString('base64url'));
    assert.deepEqual(fromBase64url(text), bytes);
  }
  const long = new Uint8Array(randomBytes(40_000));
  assert.deepEqual(fromBase64url(toBase64url(long)), long);
});

test('base64url has one form only', () => {
  for (const text of ['A', 'AA==', 'AB', 'AAB', 'A+==', 'A/AA', 'AA A', 'AA\n', 'ÄAAA', 'AAAAA'])
    assert.equal(fromBase64url(text), null, text);
});

test('framing', () => {
  assert.deepEqual(lp('ab'), Uint8Array.of(0, 2, 97, 98));
  assert.deepEqual(lp(new Uint8Array(258)).subarray(0, 2), Uint8Array.of(1, 2));
  assert.throws(() => lp(new Uint8Array(65_536)), RangeError);
  assert.equal(fromUtf8(T('room')), 'conclave-link-1 room\0');
  assert.deepEqual(u32(0xfffefdfc), Uint8Array.of(255, 254, 253, 252));
  assert.deepEqual(concat(1, utf8('é'), 2), Uint8Array.of(1, 0xc3, 0xa9, 2));
});

test('UTF-8 must be valid, and nothing is swallowed', () => {
  assert.throws(() => fromUtf8(Uint8Array.of(0xff)), TypeError);
  assert.equal(fromUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 97)), '\ufeffa');
});

test('equal', () => {
  assert.ok(equal(Uint8Array.of(1, 2), Uint8Array.of(1, 2)));
  assert.ok(!equal(Uint8Array.of(1, 2), Uint8Array.of(1, 3)));
  assert.ok(!equal(Uint8Array.of(1, 2), Uint8Array.of(1)));
});

test('an object that somebody sent, or nothing', () => {
  assert.deepEqual(parseObject(utf8('{"a":1}')), { a: 1 });
  for (const text of ['', '{', 'null', '7', '"a"'])
    assert.equal(parseObject(utf8(text)), null, text);
  assert.equal(parseObject(Uint8Array.of(0x7b, 0xff, 0x7d)), null);
});

test('what is released has no memory any more, whoever looks at it', () => {
  const bytes = new Uint8Array(100);
  const part = bytes.subarray(20, 30);
  release(part);
  assert.deepEqual([bytes.length, part.length], [0, 0]);
});
