// documents.js against a server of its own kind (PROTOCOL.md, section 3.6): pieces, going on where it was cut, trying again, taking back.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Documents } from '../../data/web/core/documents.js';
import { FakeClock, settle } from './clock.mjs';

const PIECE = 256 * 1024;

/** A file with that many bytes, which differ. */
const file = (name, bytes, type = 'text/plain') => Object.assign(new Blob([Uint8Array.from({ length: bytes }, (_, i) => i * 7 % 251)], { type }), { name });

/** A file on the disk, as Firefox reads it: what is there now. */
function changing(bytes) {
  const versions = { first: file('large', bytes), changed: new Blob([new Uint8Array(bytes).fill(1)]), shorter: new Blob([new Uint8Array(bytes - 1)]) };
  return /** @type {any} */ ({
    now: 'first', name: 'large', size: bytes, type: '',
    slice (from, to) {
      return this.now === 'removed' ? { arrayBuffer: async () => { throw new DOMException('gone', 'NotFoundError'); } } : versions[this.now].slice(from, to);
    },
  });
}

/** The server: what it has of each upload, and what it was asked. */
class Server {
  uploads = new Map();
  asked = [];
  /** Answers in place of the next ones. @type {((request: string) => any)[]} */ instead = [];
  objects = new Map();
  #count = 0;

  fetch = async (url, { method, headers, body, signal }) => {
    const path = new URL(url).pathname.replace('/api/v1', '');
    const request = `${method} ${path}`;
    assert.match(headers.authorization, /^Bearer token/);
    assert.equal(headers.cookie, undefined);
    signal.throwIfAborted();
    const json = headers['content-type'] === 'application/json' ? JSON.parse(body) : null;
    const bytes = json || !body ? null : Buffer.from(await body.arrayBuffer());
    this.asked.push({ request, json, offset: headers['upload-offset'], length: bytes?.length });
    const [status, answer] = await (this.instead.shift() ?? (() => null))({ request, bytes, signal }) ?? this.#answer(method, path, { json, bytes, offset: Number(headers['upload-offset']) });
    signal.throwIfAborted();
    return { ok: status < 400, status, json: async () => answer };
  };

  #answer(method, path, { json, bytes, offset }) {
    const [, what, id, more] = path.split('/');
    if (what === 'meetings') {
      const old = json.resume && this.uploads.get(json.resume.id);
      if (json.resume && (!old || json.resume.secret !== `secret-${json.resume.id}` || old.status !== 'uploading'))
        return [404, { error: 'not-found' }];
      const now = json.resume?.id ?? `f${this.#count++}`;
      if (!old)
        this.uploads.set(now, { data: Buffer.alloc(0), name: json.name, bytes: json.bytes, status: 'uploading' });
      return [201, { id: now, name: json.name, offset: this.uploads.get(now).data.length, secret: `secret-${now}` }];
    }
    const upload = this.uploads.get(id);
    if (!upload)
      return [404, { error: 'not-found' }];
    if (method === 'DELETE')
      return this.uploads.delete(id) && [204];
    if (more === 'link')
      return [201, { url: '/d/once' }];
    if (method === 'PATCH') {
      if (offset !== upload.data.length || upload.status !== 'uploading')
        return [409, { error: 'wrong-offset' }];
      this.take(id, bytes);
    }
    return [200, { id, offset: upload.data.length, bytes: upload.bytes, status: upload.status }];
  }

  /** Bytes have come. */
  take(id, bytes) {
    const upload = this.uploads.get(id);
    upload.data = Buffer.concat([upload.data, bytes]);
    if (upload.data.length < upload.bytes)
      return;
    upload.status = 'ready';
    this.objects.set(id, { id, type: 'document', fields: { name: upload.name, bytes: upload.bytes } });
  }

  get requests() {
    return this.asked.map(({ request }) => request);
  }
}

/** With a seat. */
function begin({ quota = 10_000_000 } = {}) {
  const server = new Server();
  const clock = new FakeClock();
  const model = { list: () => [...server.objects.values()], get: id => server.objects.get(id) ?? null, remove: id => server.objects.delete(id), mayRemove: () => true };
  const documents = new Documents({ model: /** @type {any} */ (model), origin: 'https://x.test', fetch: server.fetch, clock: { setTimeout: clock.setTimeout, now: () => clock.now } });
  const sit = (token = 'token', meeting = 'ma') => documents.begin(/** @type {any} */ ({ meeting, documents: { token, max_bytes: 4_000_000, quota } }));
  sit();
  return { server, clock, documents, sit };
}

/** Lets blobs be read, which takes a few turns. */
async function run(clock, ms = 0) {
  for (let i = 0; i < 20; i++)
    await settle();
  await clock.advance(ms);
  for (let i = 0; i < 20; i++)
    await settle();
}

/** @param {() => boolean} done */
async function until(clock, done, step = 0) {
  for (const end = Date.now() + 20_000; !done() && Date.now() < end;) // files are read by threads, which have their own time
    await run(clock, step);
  assert.ok(done());
}

const whole = async (server, id, wanted) => assert.ok(server.uploads.get(id).data.equals(Buffer.from(await wanted.arrayBuffer())), 'the same bytes');

test('one after another, in pieces that become larger, and the model has them', async () => {
  const { server, clock, documents } = begin();
  const [large, small, empty] = [file('large.bin', 5 * PIECE + 3), file('small.txt', 5), file('empty', 0)];
  documents.share([large, small, empty]);
  assert.deepEqual(documents.uploads.map(({ name, state }) => [name, state]), [['large.bin', 'sending'], ['small.txt', 'waiting'], ['empty', 'waiting']]);
  assert.equal(documents.used, 5 * PIECE + 8);
  await until(clock, () => documents.uploads.length === 0);
  assert.deepEqual(server.asked[0], { request: 'POST /meetings/ma/documents', json: { name: 'large.bin', bytes: 5 * PIECE + 3, media_type: 'text/plain' }, offset: undefined, length: undefined });
  assert.deepEqual(server.asked.filter(({ request }) => request === 'PATCH /documents/f0').map(({ offset, length }) => [offset, length]),
    [['0', PIECE], [String(PIECE), 2 * PIECE], [String(3 * PIECE), 2 * PIECE + 3]]);
  assert.deepEqual(server.asked.at(-1), { request: 'PATCH /documents/f2', json: null, offset: '0', length: 0 });
  await Promise.all([whole(server, 'f0', large), whole(server, 'f1', small), whole(server, 'f2', empty)]);
  assert.deepEqual(documents.list.map(({ fields }) => fields.name), ['large.bin', 'small.txt', 'empty']);
  assert.equal(await documents.fetch('f1'), 'https://x.test/d/once');
});

test('what is too large, or one too many, is not even asked for', async () => {
  const { server, clock, documents } = begin({ quota: 100 });
  documents.share([file('a', 4_000_001), file('b', 60), file('c', 41), file('d', 40)]);
  assert.deepEqual(documents.uploads.map(({ name, error }) => [name, error]), [['a', 'too-large'], ['b', null], ['c', 'quota-full'], ['d', null]]);
  await until(clock, () => documents.uploads.length === 2);
  assert.deepEqual(documents.list.map(({ fields }) => fields.name), ['b', 'd']);
  assert.equal(server.requests.length, 4);
});

test('cut in the middle of a piece, it goes on from where the server stands', async () => {
  const { server, clock, documents } = begin();
  const large = file('large', 3 * PIECE);
  server.instead = [() => null, () => null, ({ bytes }) => {
    server.take('f0', bytes.subarray(0, 1000));
    throw new TypeError('network');
  }];
  documents.share([large]);
  await until(clock, () => documents.uploads[0].state === 'paused');
  assert.equal(documents.uploads[0].sent, PIECE, 'it claims no more than it was told');
  await run(clock, 400);
  assert.equal(documents.uploads[0].state, 'paused', 'it waits a little');
  await until(clock, () => documents.uploads.length === 0, 100);
  assert.deepEqual(server.asked.slice(3).map(({ request, offset }) => [request, offset]), [['GET /documents/f0/upload', undefined], ['PATCH /documents/f0', String(PIECE + 1000)]]);
  await whole(server, 'f0', large);
});

test('without a connection it asks nothing, and goes on at once when there is one', async () => {
  const { server, clock, documents } = begin();
  server.instead = [() => null, ({ signal }) => new Promise((_, reject) => { signal.addEventListener('abort', () => reject(signal.reason)); })];
  documents.share([file('a', 10)]);
  await run(clock);
  documents.pause();
  await run(clock, 60_000);
  assert.deepEqual([documents.uploads[0].state, server.requests.length], ['paused', 2]);
  documents.resume();
  await until(clock, () => documents.uploads.length === 0);
  assert.deepEqual(server.requests.slice(2), ['GET /documents/f0/upload', 'PATCH /documents/f0']);
});

test('another seat takes it over', async () => {
  const { server, clock, documents, sit } = begin();
  server.instead = [() => null, ({ bytes }) => {
    server.take('f0', bytes.subarray(0, 4));
    return [401, { error: 'no-session' }];
  }];
  documents.share([file('a', 10)]);
  await until(clock, () => documents.uploads[0].state === 'paused');
  sit('token2', 'mb');
  await until(clock, () => documents.uploads.length === 0);
  assert.deepEqual(server.asked[2].json.resume, { id: 'f0', secret: 'secret-f0' });
  assert.deepEqual([server.asked[2].request, server.asked[3].offset], ['POST /meetings/mb/documents', '4']);
});

test('only the answer to the last bytes was lost: it is there, once', async () => {
  for (const anew of [false, true]) {
    const { server, clock, documents, sit } = begin();
    server.instead = [() => null, ({ bytes }) => {
      server.take('f0', bytes);
      if (!anew)
        server.objects.clear(); // what all have comes later than the answer
      throw new TypeError('network');
    }];
    documents.share([file('a', 10)]);
    await run(clock);
    if (anew)
      sit('token2');
    await until(clock, () => documents.uploads.length === 0, 100);
    assert.equal(server.uploads.size, 1, 'not a second time');
  }
});

test('all has come and is looked at: it waits, and sends nothing', async () => {
  const { server, clock, documents } = begin();
  server.instead = [() => null, ({ bytes }) => {
    Object.assign(server.uploads.get('f0'), { data: bytes, status: 'scanning' });
    throw new TypeError('network');
  }];
  documents.share([file('a', 10)]);
  await run(clock, 3_000);
  assert.ok(server.requests.slice(2).length > 0 && server.requests.slice(2).every(request => request === 'GET /documents/f0/upload'));
  server.uploads.get('f0').status = 'ready';
  await until(clock, () => documents.uploads.length === 0, 1_000);
});

test('a file that is changed or removed on its way ends the upload, and nothing of it stays', async () => {
  for (const way of ['changed', 'removed', 'shorter']) {
    const { server, clock, documents } = begin();
    const large = changing(6 * PIECE);
    server.instead = [() => null, () => null, () => {
      large.now = way;
      throw new TypeError('network');
    }];
    documents.share([large]);
    await until(clock, () => documents.uploads[0].state === 'failed', 100);
    assert.deepEqual([way, documents.uploads[0].error, documents.list, server.uploads.size], [way, 'file-changed', [], 0]);
    assert.equal(server.requests.at(-1), 'DELETE /documents/f0');
  }
});

test('what was read again after an interruption is compared with what was read last, and an unchanged file passes', async () => {
  const { server, clock, documents } = begin();
  const large = file('large', 6 * PIECE + 5);
  let n = 0;
  const cut = ({ request, bytes }) => {
    if (!request.startsWith('PATCH') || ++n % 2)
      return null;
    server.take('f0', bytes.subarray(0, n * 1000)); // a part of it
    throw new TypeError('network');
  };
  server.instead = Array.from({ length: 12 }, () => cut);
  documents.share([large]);
  await until(clock, () => documents.uploads.length === 0, 100);
  await whole(server, 'f0', large);
});

test('thrown away by the server, it is sent anew; two failures wait longer', async () => {
  const { server, clock, documents } = begin();
  server.instead = [() => null, () => {
    server.uploads.clear();
    return [404, { error: 'not-found' }];
  }, () => [503, { error: 'server-full' }], () => [503, { error: 'server-full' }]];
  documents.share([file('a', 10)]);
  await run(clock);
  assert.equal(server.requests.length, 2);
  await run(clock, 500);
  assert.equal(server.requests.length, 3);
  await run(clock, 900);
  assert.equal(server.requests.length, 3);
  await run(clock, 100);
  assert.equal(server.requests.length, 4);
  await until(clock, () => documents.uploads.length === 0, 500);
  assert.deepEqual(server.requests.slice(-2), ['POST /meetings/ma/documents', 'PATCH /documents/f1']);
});

test('a server that is away for long is asked every ten seconds; one that took something, soon again', async () => {
  const { server, clock, documents } = begin();
  const full = () => [503, { error: 'server-full' }];
  server.instead = [...Array(24).fill(full), () => null, () => null, full];
  documents.share([file('a', 2 * PIECE)]);
  await run(clock);
  for (let i = 0; i < 19; i++)
    await run(clock, 10_000);
  assert.ok(server.requests.length >= 19, `${server.requests.length} requests in 190 s`);
  await until(clock, () => documents.uploads[0].sent === PIECE && documents.uploads[0].state === 'paused', 100);
  await run(clock, 500);
  await until(clock, () => documents.uploads.length === 0);
});

test('a meeting without documents takes none', async () => {
  const { server, clock, documents } = begin();
  server.instead = [() => [503, { error: 'server-full' }]];
  documents.share([file('a', 10)]);
  await run(clock);
  documents.begin(/** @type {any} */ ({ meeting: 'mb' }));
  assert.deepEqual([documents.available, documents.uploads[0].state, documents.uploads[0].error], [false, 'failed', 'not-joined']);
});

test('a server that claims to have more than there is is not believed', async () => {
  const { server, clock, documents } = begin();
  server.instead = [() => null, () => [200, { id: 'f0', offset: 11, bytes: 10, status: 'uploading' }]];
  documents.share([file('a', 10)]);
  await run(clock);
  assert.deepEqual([documents.uploads[0].sent, documents.uploads[0].state], [0, 'paused']);
  await until(clock, () => documents.uploads.length === 0, 500);
});

test('refused, it says why; the others go on; once more begins from nothing', async () => {
  const { server, clock, documents } = begin();
  server.instead = [() => null, () => [507, { error: 'disk-full' }]];
  documents.share([file('a', 10), file('b', 10)]);
  await until(clock, () => documents.uploads.length === 1);
  const [{ key, state, error }] = documents.uploads;
  assert.deepEqual([state, error, documents.used], ['failed', 'disk-full', 10]);
  documents.retry(key);
  await until(clock, () => documents.uploads.length === 0);
  assert.deepEqual([...server.uploads.values()].map(({ name }) => name).sort(), ['a', 'b'], 'what was left of it is gone');
});

test('cancelled: while it waits, while it is begun, while it is sent, and the next one goes on', async () => {
  const { server, clock, documents } = begin();
  /** @type {() => void} */ let begun = () => {};
  server.instead = [() => new Promise(resolve => { begun = () => resolve(null); })];
  documents.share([file('a', 10), file('b', 10), file('c', 10), file('d', 10)]);
  await run(clock);
  documents.cancel(documents.uploads[2].key);
  documents.cancel(documents.uploads[0].key);
  assert.deepEqual(documents.uploads.map(({ name }) => name), ['b', 'd']);
  server.instead = [() => null, () => null, ({ signal }) => new Promise((_, reject) => { signal.addEventListener('abort', () => reject(signal.reason)); })];
  begun();
  await until(clock, () => server.requests.some(request => request.startsWith('PATCH')));
  documents.cancel(documents.uploads[0].key);
  await until(clock, () => documents.uploads.length === 0);
  assert.deepEqual([...server.uploads.values()].map(({ name }) => name), ['d'], 'the server keeps nothing of the others');
});

test('cancelled while it waits to be tried again, it does not keep the next one waiting', async () => {
  const { server, clock, documents } = begin();
  server.instead = [() => [503, { error: 'server-full' }]];
  documents.share([file('a', 10), file('b', 10)]);
  await until(clock, () => documents.uploads[0].state === 'paused');
  documents.cancel(documents.uploads[0].key);
  await until(clock, () => documents.uploads.length === 0);
  assert.deepEqual([...server.uploads.values()].map(({ name }) => name), ['b']);
});

test('when the meeting is over nothing goes on', async () => {
  const { server, clock, documents, sit } = begin();
  server.instead = [({ signal }) => new Promise((_, reject) => { signal.addEventListener('abort', () => reject(signal.reason)); })];
  documents.share([file('a', 10)]);
  await run(clock);
  documents.end();
  await run(clock, 60_000);
  assert.deepEqual([documents.available, documents.uploads[0].error, server.requests.length], [false, 'not-joined', 1]);
  sit();
  documents.retry(documents.uploads[0].key);
  await until(clock, () => documents.uploads.length === 0, 500);
});

test('a long name is shortened, and keeps what it ends with', async () => {
  const { server, clock, documents } = begin();
  documents.share([file(`${'ä'.repeat(300)}.txt`, 1), file('a\u0000b', 1)]);
  await until(clock, () => documents.uploads.length === 0);
  const [long, bad] = server.asked.filter(({ json }) => json).map(({ json }) => json.name);
  assert.deepEqual([long, bad], [`${'ä'.repeat(251)}.txt`, 'a_b']);
});
