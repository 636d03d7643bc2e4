// summary.js: with what it is read and changed, what is waited for, what goes to the server; addresses; places in recordings.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toBase64url } from '../../data/web/core/bytes.js';
import { deriveKeys } from '../../data/web/core/link.js';
import { Requests } from '../../data/web/core/requests.js';
import { Summary, readAddresses, recordedAt, takeSecret } from '../../data/web/core/summary.js';
import { FakeStorage } from './storage.mjs';

const SECRET = 'S'.repeat(43);
const ROOM = 'abcdefghijkm';
const link = { room: ROOM, secret: new Uint8Array(32).fill(1), hostSecret: new Uint8Array(32).fill(2) };
const hostKey = toBase64url(/** @type {any} */ ((await deriveKeys(link)).kHost));
const body = { meeting: 'ma', room: ROOM, title: 'Tea', started: 1000, ended: 90_000, recordings: [] };

/** A server: `answers` for GET, one after the other; the last one stays; `deleted` for DELETE. */
function serve (answers, deleted = {}) {
  const asked = [];
  const fetch = async (url, { method, headers, body: sent }) => {
    const key = headers?.authorization?.slice(7) ?? '';
    asked.push({ method, url, key, sent: sent && JSON.parse(sent) });
    const answer = method === 'DELETE' ? deleted : method === 'GET' ? (answers.length > 1 ? answers.shift() : answers[0])(key) : { status: 'ready', issue: 2, made: 1, actor: 'host', expires: 0, editable: true, mail: true, body, queued: 2, url: '/d/x' };
    return /** @type {any} */ ({ ok: !answer.error, status: answer.error ? 401 : 200, json: async () => answer });
  };
  return { asked, requests: new Requests(fetch) };
}
const ready = editors => key => ({ status: 'ready', issue: 1, made: 1, actor: 'server', expires: 5, editable: editors.includes(key), mail: false, body });

test('the secret of its link reads, a host\'s link in this browser changes', async () => {
  const { asked, requests } = serve([ready([hostKey])]);
  const summary = new Summary({ requests, id: 'ma', secret: SECRET, findLink: room => (room === ROOM ? link : null) });
  await summary.load();
  assert.deepEqual([summary.state, summary.value?.editable, summary.value?.expires], ['ready', true, 5]);
  assert.deepEqual(asked.map(({ key }) => key), [SECRET, hostKey]);
  await summary.save({ title: ' Tea\u0007 ', attendance: null, minutes: [{ kind: 'text', text: '  \n', owner: '', due: '' }, { kind: 'text', text: 'a\r\nb', owner: '', due: '' }] });
  assert.deepEqual(asked[2], { method: 'PUT', url: '/api/v1/meetings/ma/summary', key: hostKey, sent: { issue: 1, title: 'Tea', attendance: null, minutes: [{ kind: 'text', text: 'a\nb', owner: '', due: '' }] } });
  assert.equal(summary.value?.issue, 2);
  assert.equal(await summary.send(['a@b.c']), 2);
  assert.equal(await summary.document('fa'), '/d/x');
  assert.deepEqual(asked.slice(3).map(({ url, key }) => [url, key]), [['/api/v1/meetings/ma/summary/mail', hostKey], ['/api/v1/documents/fa/link', SECRET]]);
  assert.equal(summary.link('https://a'), `https://a/summary/ma#${SECRET}`);
});

test('an account may change what a link only reads', async () => {
  const { asked, requests } = serve([ready([''])]);
  const summary = new Summary({ requests, id: 'ma', secret: SECRET });
  await summary.load();
  assert.equal(summary.value?.editable, false);
  await summary.gainByAccount();
  assert.deepEqual([summary.value?.editable, asked.length], [true, 2]);
});

test('the record is deleted with what may change it; gone already is gone, and a refusal leaves it', async () => {
  for (const [answer, state] of [[{}, 'deleted'], [{ error: 'not-found' }, 'deleted'], [{ error: 'meeting-runs' }, 'ready']]) {
    const { asked, requests } = serve([ready([hostKey])], answer);
    const summary = new Summary({ requests, id: 'ma', secret: SECRET, findLink: () => link });
    await summary.load();
    const error = await summary.remove().then(() => null, reason => reason.id);
    assert.deepEqual([summary.state, summary.value === null, error], [state, state === 'deleted', state === 'deleted' ? null : 'meeting-runs']);
    assert.deepEqual(asked.at(-1), { method: 'DELETE', url: '/api/v1/meetings/ma', key: hostKey, sent: undefined });
  }
});

test('it waits for the end and the making, and shows it then', async () => {
  const { requests } = serve([() => ({ status: 'pending', waits_for: 'end' }), () => ({ status: 'pending', waits_for: 'making' }), ready([])]);
  const summary = new Summary({ requests, id: 'ma', secret: SECRET });
  const seen = [];
  const done = new Promise(resolve => summary.addEventListener('change', () => {
    seen.push(summary.state === 'pending' ? summary.waitsFor : summary.state);
    if (summary.state === 'ready')
      resolve(null);
  }));
  await summary.load();
  await done;
  summary.dispose();
  assert.deepEqual(seen, ['loading', 'end', 'making', 'ready']);
});

test('what cannot be had says why', async () => {
  const { requests } = serve([() => ({ error: 'wrong-key' })]);
  const summary = new Summary({ requests, id: 'ma', secret: '' });
  await summary.load();
  assert.deepEqual([summary.state, summary.error, summary.link('https://a')], ['failed', 'wrong-key', null]);
});

test('a secret outlives a reload of the tab', () => {
  const storage = new FakeStorage();
  assert.equal(takeSecret('ma', 'nonsense', storage), '');
  assert.equal(takeSecret('ma', SECRET, storage), SECRET);
  assert.equal(takeSecret('ma', '', storage), SECRET);
  assert.equal(takeSecret('mb', '', storage), '');
});

test('addresses, as people paste them', () => {
  assert.deepEqual(readAddresses(' a@b.c, <d@e.f>;\na@b.c g@h '), { to: ['a@b.c', 'd@e.f', 'g@h'], wrong: null });
  assert.equal(readAddresses('a@b.c, Zoe').wrong, 'Zoe');
  assert.equal(readAddresses('a@b@c').wrong, 'a@b@c');
  assert.equal(readAddresses(Array.from({ length: 51 }, (_, i) => `a${i}@b.c`).join()).wrong, 'a50@b.c');
});

test('a time is a place in the recording that ran then', () => {
  const recordings = [{ id: 'ra', started: 10_000, ended: 20_000 }, { id: 'rb', started: 30_000, ended: 0 }];
  const at = time => recordedAt(/** @type {any} */ ({ recordings }), time);
  assert.deepEqual([at(0), at(9_999), at(12_900), at(20_000), at(31_000)], [null, null, '/recordings/ra?t=2', null, '/recordings/rb?t=1']);
});
