// api.js: what is asked, and what becomes of the answers.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Api, archiveUrl, fileUrl } from '../../data/web/core/api.js';

/** @param {number} status @param {any} body @returns {{ api: Api, asked: any[] }} */
function answering(status, body) {
  const asked = [];
  const api = new Api(async (url, options) => {
    asked.push([options.method ?? 'GET', url, options.body === undefined ? undefined : JSON.parse(options.body), options.credentials]);
    return /** @type {any} */ ({ ok: status < 400, status, json: async () => body, text: async () => String(body) });
  });
  return { api, asked };
}

test('addresses of files: whole names, folders kept, nothing that leads elsewhere', () => {
  assert.equal(fileUrl('raaa', 'meeting.mp4'), '/api/v1/recordings/raaa/files/meeting.mp4');
  assert.equal(fileUrl('raaa', 'tracks/001-pa-camera-1.mkv', { download: true }), '/api/v1/recordings/raaa/files/tracks/001-pa-camera-1.mkv?download=1');
  assert.equal(fileUrl('r/../a', 'a b?#&.mp4'), '/api/v1/recordings/r%2F..%2Fa/files/a%20b%3F%23%26.mp4');
  assert.equal(archiveUrl('raaa'), '/api/v1/recordings/raaa/archive.zip');
  assert.equal(archiveUrl('raaa', ['a.mp4', 'b,c']), '/api/v1/recordings/raaa/archive.zip?files=a.mp4,b%2Cc');
});

test('requests are those of the protocol', async () => {
  const { api, asked } = answering(200, {});
  await api.session();
  await api.signIn('k');
  await api.signOut();
  await api.list({ q: 'a b', status: '', sort: 'bytes', limit: 30, cursor: undefined });
  await api.recording('ra');
  await api.rename('ra', 'New');
  await api.remove('ra');
  await api.render('ra', { layout: 'grid', from: 5 });
  await api.cancelRender('ja');
  await api.verify('ra');
  await api.share('ra', { hours: 24, downloads: true });
  await api.unshare('sa');
  await api.openShare('sa', 'S');
  await api.openShare('sa', 'S', 'open sesame');
  const base = '/api/v1';
  assert.deepEqual(asked.map(([method, url, body]) => [method, url.slice(base.length), body]), [
    ['GET', '/session', undefined], ['POST', '/session', { key: 'k' }], ['DELETE', '/session', undefined],
    ['GET', '/recordings?q=a+b&sort=bytes&limit=30', undefined], ['GET', '/recordings/ra', undefined], ['PATCH', '/recordings/ra', { title: 'New' }],
    ['DELETE', '/recordings/ra', undefined], ['POST', '/recordings/ra/renders', { layout: 'grid', from: 5 }], ['DELETE', '/renders/ja', undefined],
    ['POST', '/recordings/ra/verify', {}], ['POST', '/recordings/ra/shares', { hours: 24, downloads: true }], ['DELETE', '/shares/sa', undefined],
    ['POST', '/shares/sa/open', { secret: 'S' }], ['POST', '/shares/sa/open', { secret: 'S', password: 'open sesame' }],
  ]);
  assert.ok(asked.every(([, url, , credentials]) => url.startsWith(base) && credentials === 'same-origin'));
});

test('what fails has an id', async () => {
  await assert.rejects(answering(403, { error: 'not-allowed', text: '…' }).api.recording('ra'), { id: 'not-allowed' });
  await assert.rejects(answering(500, 'no JSON').api.recording('ra'), { id: 'internal' });
  await assert.rejects(answering(502, null).api.recording('ra'), { id: 'internal' });
  await assert.rejects(answering(404, '').api.text('ra', 'x'), { id: 'not-found' });
  await assert.rejects(new Api(() => Promise.reject(new TypeError('down'))).recording('ra'), { id: 'unreachable' });
  const aborted = Object.assign(new Error('aborted'), { name: 'AbortError' });
  await assert.rejects(new Api(() => Promise.reject(aborted)).list({}), { name: 'AbortError' });
});

test('an answer without a body is one', async () => {
  assert.deepEqual(await answering(204, null).api.remove('ra'), {});
});
