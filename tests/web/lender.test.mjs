// lender.js: pieces for whoever asks, one after the other and no quicker than they go; and those who ask too much.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Files, composeFile, parseFile } from '../../data/web/core/file-messages.js';
import { Lender } from '../../data/web/core/lender.js';
import { PIECE, sumsOf } from '../../data/web/core/pieces.js';
import { settle } from './clock.mjs';
import { bytesOf } from './fake-files.mjs';


/** A file, whose reading can be held up. */
function fileOf(bytes) {
  const file = { size: bytes.length, reads: 0, fails: false };
  file.slice = (from, to) => ({
    arrayBuffer: async () => {
      file.reads++;
      if (file.fails)
        throw new DOMException('moved', 'NotReadableError');
      return bytes.slice(from, to).buffer;
    },
  });
  return file;
}

async function begin({ bytes = bytesOf(2 * PIECE + 9) } = {}) {
  const lender = new Lender();
  const file = fileOf(bytes);
  const sums = await sumsOf(file, () => true);
  file.reads = 0;
  lender.add('doc', file, sums);
  return { lender, file, sums, bytes };
}

/** Somebody who takes; `go` lets one more message through, where they hold them up. */
function borrower(lender, person, { held = false } = {}) {
  const self = { got: [], waiting: [], open: true };
  self.say = message => lender.receive(person, parseFile(...composeFile(message)));
  self.go = () => self.waiting.shift()?.();
  lender.join(person, async (type, bytes) => {
    self.got.push(parseFile(type, Uint8Array.from(bytes)));
    if (held)
      await new Promise(resolve => self.waiting.push(resolve));
    return self.open;
  });
  return self;
}

async function turns(n = 30) {
  for (let i = 0; i < n; i++)
    await settle();
}

const of = ({ got }, type) => got.filter(message => message.type === type);

test('who comes is told what there is, and whenever that changes', async () => {
  const { lender, file, sums } = await begin();
  const ben = borrower(lender, 'ben');
  lender.add('other', file, sums);
  lender.remove('doc');
  assert.deepEqual(of(ben, Files.HAVE).map(({ documents }) => documents), [['doc'], ['doc', 'other'], ['other']]);
  lender.remove('doc');
  assert.equal(of(ben, Files.HAVE).length, 3);
});

test('sums first, then pieces as they are asked for: read one at a time, when their turn has come', async () => {
  const { lender, file, sums, bytes } = await begin();
  const ben = borrower(lender, 'ben');
  ben.say({ type: Files.OPEN, transfer: 7, document: 'doc' });
  await turns();
  assert.deepEqual(of(ben, Files.SUMS), [{ type: Files.SUMS, transfer: 7, sums }]);
  assert.equal(file.reads, 0);
  for (const piece of [2, 0])
    ben.say({ type: Files.WANT, transfer: 7, piece });
  await turns();
  assert.equal(file.reads, 2);
  const parts = of(ben, Files.PART);
  assert.deepEqual(parts[0], { type: Files.PART, transfer: 7, offset: 2 * PIECE, bytes: bytes.slice(2 * PIECE) });
  assert.deepEqual(Buffer.concat(parts.slice(1).map(part => part.bytes)), Buffer.from(bytes.slice(0, PIECE)));
  assert.deepEqual(lender.loans, [{ person: 'ben', document: 'doc', sent: PIECE, bytes: bytes.length }]);
  ben.say({ type: Files.STOP, transfer: 7 });
  assert.deepEqual(lender.loans, []);
});

test('nothing goes before what went before has gone, and nothing of a piece once they stop', async () => {
  const { lender, file } = await begin();
  const ben = borrower(lender, 'ben', { held: true });
  ben.go();
  ben.say({ type: Files.OPEN, transfer: 1, document: 'doc' });
  ben.say({ type: Files.WANT, transfer: 1, piece: 0 });
  ben.say({ type: Files.WANT, transfer: 1, piece: 1 });
  await turns();
  assert.deepEqual([ben.got.length, file.reads], [2, 0], 'the sums have not gone yet');
  ben.go();
  await turns();
  ben.go();
  await turns();
  assert.deepEqual([of(ben, Files.PART).length, file.reads], [2, 1]);
  ben.say({ type: Files.STOP, transfer: 1 });
  ben.go();
  await turns();
  assert.deepEqual([of(ben, Files.PART).length, file.reads], [2, 1]);
});

test('several people, each at their own pace', async () => {
  const { lender } = await begin();
  const slow = borrower(lender, 'slow', { held: true });
  const quick = borrower(lender, 'quick');
  for (const one of [slow, quick]) {
    one.go();
    one.say({ type: Files.OPEN, transfer: 1, document: 'doc' });
    one.say({ type: Files.WANT, transfer: 1, piece: 0 });
  }
  await turns();
  assert.equal(of(slow, Files.PART).length, 0);
  assert.ok(of(quick, Files.PART).length > 10);
});

test('what is not there is refused, and what was never opened is not heard', async () => {
  const { lender } = await begin();
  const ben = borrower(lender, 'ben');
  ben.say({ type: Files.OPEN, transfer: 1, document: 'none' });
  ben.say({ type: Files.WANT, transfer: 9, piece: 0 });
  lender.receive('nobody', { type: Files.OPEN, transfer: 1, document: 'doc' });
  await turns();
  assert.deepEqual(ben.got.slice(1), [{ type: Files.STOP, transfer: 1 }]);
  ben.say({ type: Files.OPEN, transfer: 2, document: 'doc' });
  ben.say({ type: Files.WANT, transfer: 2, piece: 3 });
  await turns();
  assert.deepEqual(ben.got.at(-1), { type: Files.STOP, transfer: 2 });
  assert.deepEqual(lender.loans, []);
});

test('a document that is removed goes no further, and they are told', async () => {
  const { lender } = await begin();
  const ben = borrower(lender, 'ben', { held: true });
  ben.go();
  ben.say({ type: Files.OPEN, transfer: 1, document: 'doc' });
  ben.say({ type: Files.WANT, transfer: 1, piece: 0 });
  await turns();
  ben.go();
  await turns();
  assert.equal(of(ben, Files.PART).length, 1);
  lender.remove('doc');
  for (let i = 0; i < 5; i++) {
    ben.go();
    await turns();
  }
  assert.equal(of(ben, Files.PART).length, 1);
  assert.deepEqual(of(ben, Files.STOP), [{ type: Files.STOP, transfer: 1 }]);
});

test('a file that was moved is not there any more, for anybody', async () => {
  const { lender, file } = await begin();
  const lost = [];
  lender.addEventListener('lost', ({ detail }) => lost.push(detail.document));
  const ben = borrower(lender, 'ben');
  file.fails = true;
  ben.say({ type: Files.OPEN, transfer: 1, document: 'doc' });
  ben.say({ type: Files.WANT, transfer: 1, piece: 0 });
  await turns();
  assert.deepEqual(lost, ['doc']);
  assert.deepEqual(of(ben, Files.HAVE).at(-1).documents, []);
  assert.deepEqual(of(ben, Files.STOP).length, 1);
  assert.equal(lender.find('doc'), null);
});

test('who asks for more than anybody needs is not heard, and costs nothing', async () => {
  const { lender, file } = await begin();
  const eve = borrower(lender, 'eve', { held: true });
  for (let transfer = 1; transfer <= 1_000; transfer++)
    eve.say({ type: Files.OPEN, transfer, document: 'doc' });
  for (let i = 0; i < 1_000; i++)
    eve.say({ type: Files.WANT, transfer: 1, piece: 0 });
  assert.equal(lender.loans.length, 4);
  for (let i = 0; i < 200; i++) {
    eve.go();
    await turns(2);
  }
  assert.ok(eve.got.length < 40, `${eve.got.length}`);
  assert.equal(file.reads, 0, 'what was asked first filled the queue');
  for (let i = 0; i < 1_000; i++) { // sums, thrown away and asked for again
    eve.say({ type: Files.STOP, transfer: 1 });
    eve.say({ type: Files.OPEN, transfer: 1, document: 'doc' });
  }
  for (let i = 0; i < 100; i++) {
    eve.go();
    await turns(2);
  }
  assert.ok(eve.got.length < 80, `${eve.got.length}`);
});

test('who is gone gets nothing', async () => {
  const { lender, file } = await begin();
  const ben = borrower(lender, 'ben');
  ben.say({ type: Files.OPEN, transfer: 1, document: 'doc' });
  lender.leave('ben');
  ben.say({ type: Files.WANT, transfer: 1, piece: 0 });
  await turns();
  assert.deepEqual([lender.loans.length, file.reads], [0, 0]);
  ben.open = false;
  const again = borrower(lender, 'ben');
  assert.deepEqual(of(again, Files.HAVE).length, 1);
});

test('what has gone takes no memory any more', async () => {
  const { lender, file } = await begin();
  const read = [], gone = [];
  const { slice } = file;
  file.slice = (...range) => ({ arrayBuffer: async () => {
    read.push(await slice(...range).arrayBuffer());
    return read.at(-1);
  } });
  lender.join('ben', async (type, bytes) => {
    if (type === Files.PART)
      gone.push(bytes);
    return true;
  });
  for (const message of [{ type: Files.OPEN, transfer: 1, document: 'doc' }, { type: Files.WANT, transfer: 1, piece: 0 }])
    lender.receive('ben', message);
  await turns(60);
  assert.equal(read.length, 1);
  assert.ok(gone.length > 15 && gone.every(({ length }) => length === 0));
  assert.equal(read[0].byteLength, 0);
});
