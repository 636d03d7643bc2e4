// pieces.js: sums of a file's pieces, what stands for them, and files that are read no more than asked.

import './setup.mjs';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { PIECE, isPiece, isRoot, lengthOf, piecesOf, readPiece, rootOf, sumsOf } from '../../data/web/core/pieces.js';
import { bytesOf } from './fake-files.mjs';

const sum = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** A file that notes what is read of it. */
function watched(bytes) {
  const read = [];
  return { size: bytes.length, slice: (from, to) => ({ arrayBuffer: async () => (read.push([from, to]), bytes.slice(from, to).buffer) }), read };
}

test('the sums of the pieces, each read once and alone; and the sum of them all', async () => {
  const bytes = bytesOf(2 * PIECE + 5);
  const file = watched(bytes);
  const told = [];
  const sums = await sumsOf(file, read => told.push(read));
  const wanted = [bytes.subarray(0, PIECE), bytes.subarray(PIECE, 2 * PIECE), bytes.subarray(2 * PIECE)].map(piece => sum(piece));
  assert.deepEqual(Buffer.from(sums), Buffer.concat(wanted));
  assert.deepEqual(told, [PIECE, 2 * PIECE, 2 * PIECE + 5]);
  assert.deepEqual(file.read, [[0, PIECE], [PIECE, 2 * PIECE], [2 * PIECE, 2 * PIECE + 5]]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(bytes.length));
  assert.equal(await rootOf(bytes.length, sums), sum('conclave-link-1 document\0', length, sums).toString('hex'));
  assert.ok(isRoot(await rootOf(0, new Uint8Array(0))));
  assert.notEqual(await rootOf(bytes.length - 1, sums), await rootOf(bytes.length, sums));
});

test('an empty file has no piece, a full one no empty one', async () => {
  assert.deepEqual([0, 1, PIECE, PIECE + 1].map(piecesOf), [0, 1, 1, 2]);
  assert.deepEqual([lengthOf(0, 7), lengthOf(0, PIECE), lengthOf(1, PIECE + 7)], [7, PIECE, 7]);
  assert.equal((await sumsOf(watched(bytesOf(0)), () => true)).length, 0);
  assert.equal((await readPiece(watched(bytesOf(PIECE + 7)), 1)).length, 7);
});

test('who has heard enough is told no more', async () => {
  const file = watched(bytesOf(3 * PIECE));
  assert.equal(await sumsOf(file, () => false), null);
  assert.equal(file.read.length, 1);
});

test('a piece is one, in its place and with all its bytes', async () => {
  const bytes = bytesOf(PIECE + 100);
  const sums = await sumsOf(watched(bytes), () => true);
  const [first, second] = [bytes.slice(0, PIECE), bytes.slice(PIECE)];
  assert.deepEqual(await Promise.all([isPiece(first, 0, sums), isPiece(second, 1, sums)]), [true, true]);
  const changed = Uint8Array.from(second);
  changed[99] ^= 1;
  assert.deepEqual(await Promise.all([isPiece(first, 1, sums), isPiece(second, 2, sums), isPiece(second.subarray(1), 1, sums), isPiece(changed, 1, sums)]), [false, false, false, false]);
  assert.deepEqual(['', 'A'.repeat(64), 'a'.repeat(63), 'a'.repeat(65), 7, null].map(isRoot), Array(6).fill(false));
});

test('what was read for its sum takes no memory any more', async () => {
  const file = watched(bytesOf(PIECE + 5));
  const { slice } = file;
  const read = [];
  file.slice = (...range) => ({ arrayBuffer: async () => {
    read.push(await slice(...range).arrayBuffer());
    return read.at(-1);
  } });
  await sumsOf(file, () => true);
  assert.deepEqual(read.map(({ byteLength }) => byteLength), [0, 0]);
});
