// knock-names.js: names of who knocks off the record reach hosts through a server that cannot read them; what is no name is none.

import './setup.mjs';
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { fromBase64url, toBase64url } from '../../data/web/core/bytes.js';
import { KnockNames, openName, sealName } from '../../data/web/core/knock-names.js';

const key = new Uint8Array(32).fill(7);
const PLACE = { key, room: 'abcdefghijkm', knock: 'qaaaaaaaaaaaa' };
const KNOCKS = ['qaaaaaaaaaaaa', 'qbbbbbbbbbbbb'];

/** Whatever those 256 bytes are. */
async function sealBytes(plain) {
  const { crypto } = globalThis;
  const iv = new Uint8Array(12);
  const additionalData = fromBase64url(Buffer.from('conclave-link-1 knock\0\0\x0cabcdefghijkm\0\x0dqaaaaaaaaaaaa', 'latin1').toString('base64url'));
  const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']);
  return toBase64url(Uint8Array.from([...iv, ...new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, aes, plain))]));
}

const plainOf = (length, ...bytes) => Uint8Array.from({ length: 256 }, (_, i) => [length >> 8, length & 255, ...bytes][i] ?? 0);

test('all are equally long, none twice the same, and they open with the same key only', async () => {
  const names = ['A', 'Änne', '🦔'.repeat(60)];
  const sealed = await Promise.all(names.map(name => sealName(PLACE, name)));
  assert.deepEqual(sealed.map(({ length }) => length), [284, 284, 284]);
  assert.deepEqual(await Promise.all(sealed.map(bytes => openName(PLACE, toBase64url(bytes)))), names);
  assert.notEqual(toBase64url(await sealName(PLACE, 'A')), toBase64url(sealed[0]));
  assert.equal(await openName({ ...PLACE, key: new Uint8Array(32).fill(8) }, toBase64url(sealed[0])), '');
  sealed[0][40] ^= 1;
  assert.equal(await openName(PLACE, toBase64url(sealed[0])), '');
});

test('what is no name is none', async () => {
  assert.equal(await openName(PLACE, await sealBytes(plainOf(3, 65, 110, 110))), 'Ann', 'it would open');
  for (const [what, plain] of Object.entries({
    'nothing to see': plainOf(0),
    'spaces around it': plainOf(3, 32, 65, 32),
    'more than there is': plainOf(255, 65),
    'something behind it': plainOf(1, 65, 66),
    'no UTF-8': plainOf(1, 0xff),
    'a bidi override': plainOf(4, 65, 0xe2, 0x80, 0xae),
    '61 letters': plainOf(61, ...Array(61).fill(65)),
    'shorter': plainOf(3, 65, 110, 110).slice(1),
  }))
    assert.equal(await openName(PLACE, await sealBytes(plain)), '', what);
  for (const sealed of [undefined, null, 7, '', 'Ann', 'A'.repeat(379), 'Ä'.repeat(379)])
    assert.equal(await openName(PLACE, sealed), '');
});

// ---- who knocks, and who hears it

let now;
let link;
let names;
let shown;

beforeEach(() => {
  now = 0;
  link = { room: 'abcdefghijkm', secret: new Uint8Array(32).fill(1), hostSecret: null };
  names = new KnockNames({ link, now: () => now });
  shown = [];
});

const show = knocks => shown.push(knocks);
const told = (knock, sealed) => ({ knock, name: '', since: 5, mark: '', ...(sealed && { sealed }) });
const introduced = (knock, name, from = link) => new KnockNames({ link: from }).introduce(knock, name);

test('once for each knock', async () => {
  const first = await names.introduce(KNOCKS[0], 'Ann');
  assert.equal(fromBase64url(first).length, 284);
  assert.equal(await names.introduce(KNOCKS[0], 'Ann'), null);
  assert.notEqual(await names.introduce(KNOCKS[1], 'Ann'), null);
});

test('hosts see names; those that do not open, and of whom says none, are without one', async () => {
  const other = { ...link, secret: new Uint8Array(32).fill(2) };
  await names.receive([told(KNOCKS[0], await introduced(KNOCKS[0], 'Ann')), told(KNOCKS[1], await introduced(KNOCKS[1], 'Eve', other)),
    told('qcccccccccccc', await introduced(KNOCKS[0], 'Ann'))], show);
  assert.deepEqual(shown, [[{ ...told(KNOCKS[0]), name: 'Ann' }, told(KNOCKS[1]), told('qcccccccccccc')]]);
});

test('who has just come is shown when they have said who they are, or after a while', async () => {
  await names.receive([told(KNOCKS[0])], show);
  assert.deepEqual(shown, [[]]);
  now = 100;
  const sealed = await introduced(KNOCKS[0], 'Ann');
  await names.receive([told(KNOCKS[0], sealed), told(KNOCKS[1])], show);
  assert.deepEqual(shown.at(-1), [{ ...told(KNOCKS[0]), name: 'Ann' }]);
  now = 2_100;
  await names.receive([told(KNOCKS[0], sealed), told(KNOCKS[1])], show);
  assert.deepEqual(shown.at(-1).map(({ name }) => name), ['Ann', '']);
  names.stop();
});

test('the while is over by itself', async () => {
  names = new KnockNames({ link, hold: 20 });
  const all = new Promise(resolve => {
    void names.receive([told(KNOCKS[0])], knocks => knocks.length > 0 && resolve(knocks));
  });
  assert.deepEqual(await all, [told(KNOCKS[0])]);
});

test('of two lists the later one counts; afterwards none', async () => {
  const long = names.receive([told(KNOCKS[0], await introduced(KNOCKS[0], 'Ann'))], show);
  await names.receive([], show);
  await long;
  assert.deepEqual(shown, [[]]);
  const last = names.receive([told(KNOCKS[0], await introduced(KNOCKS[0], 'Ann'))], show);
  names.stop();
  await last;
  assert.equal(shown.length, 1);
});

test('another secret of the link seals and opens from then on', async () => {
  link.secret = new Uint8Array(32).fill(3);
  await names.receive([told(KNOCKS[0], await introduced(KNOCKS[0], 'Ann', { ...link }))], show);
  assert.deepEqual(shown[0].map(({ name }) => name), ['Ann']);
});
