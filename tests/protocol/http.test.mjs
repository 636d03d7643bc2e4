// The public address as a browser and as a scanner meets it: pages, REST, origins, what is not there.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import http from 'node:http';
import { gunzipSync } from 'node:zlib';
import { after, before, test } from 'node:test';
import { Daemon, INSTRUMENTED, until } from './lib/daemon.mjs';
import { handshake, rawConnect } from './lib/raw.mjs';
import { Room, randomKey } from './lib/room.mjs';

let daemon;
before(async () => {
  daemon = await Daemon.start();
});
after(() => daemon.stop());

const get = (path, headers = {}) => daemon.request('GET', path, undefined, headers);

async function baseOfPage () {
  return /\/w\/[0-9a-f]+/.exec(String((await get('/')).bytes))[0];
}

/** Sends these bytes on a connection of their own, and returns the status. */
async function statusOf (bytes) {
  const socket = await rawConnect(daemon);
  socket.write(bytes);
  const status = await socket.status();
  socket.destroy();
  return status;
}

test('the page stands under a policy that fits it', async () => {
  for (const path of ['/', '/r/abcdefghijkm', '/r/abcdefghijkm?x=1']) {
    const { status, headers, bytes } = await get(path);
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(headers['cache-control'], 'no-cache');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.match(headers['permissions-policy'], /camera=\(self\), microphone=\(self\), display-capture=\(self\)/);
    const policy = headers['content-security-policy'];
    for (const part of ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"])
      assert.ok(policy.split('; ').includes(part), part);
    assert.doesNotMatch(policy, /unsafe|\*/);
    const map = /<script type="importmap">([^<]*)<\/script>/.exec(String(bytes))[1];
    assert.ok(policy.includes(`script-src 'self' 'sha256-${createHash('sha256').update(map).digest('base64')}'`));
    assert.doesNotMatch(String(bytes), /\{\{/);
    for (const target of Object.values(JSON.parse(map).imports).filter(name => name.endsWith('.js')))
      assert.equal((await get(target)).status, 200, target);
  }
});

test('all that the page names is there, for good, and small', async () => {
  const page = String((await get('/')).bytes);
  const paths = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path);
  assert.ok(paths.some(path => path.endsWith('.js')) && paths.some(path => path.endsWith('.css')));
  for (const path of paths) {
    const plain = await get(path);
    assert.equal(plain.status, 200, path);
    assert.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable', path);
    assert.equal(plain.headers['content-encoding'], undefined, path);
    const packed = await get(path, { 'accept-encoding': 'br, gzip' });
    if (packed.headers['content-encoding'] === 'gzip') {
      assert.equal(packed.headers.vary, 'Accept-Encoding');
      assert.ok(packed.bytes.length < plain.bytes.length);
      assert.deepEqual(gunzipSync(packed.bytes), plain.bytes);
    }
    assert.equal((await get(path, { 'accept-encoding': 'identity, gzip;q=0' })).headers['content-encoding'], undefined, path);
  }
  for (const language of ['de', 'fr', 'nl'])
    assert.equal((await get(`${await baseOfPage()}/po/${language}.json`)).headers['content-type'], 'application/json');
});

test('nothing else is there', async () => {
  const base = await baseOfPage();
  const paths = ['/x', '/r', '/r/a/b', '/favicon.ico', '/api/', '/api/v1/', '/api/v1/rooms/', '/api/v2/rooms', '/w/', `${base}/`, `${base}/app`, `${base}//index.html`,
    `${base}/../../../etc/passwd`, `${base}/%2e%2e/%2e%2e/index.html`, `${base}/core/../../../../../../etc/passwd`, `${base}/core/%2e%2e%2f%2e%2e%2f%2e%2e%2findex.html`, `${base}/core%00.js`,
    `${base}/app/README.md`, '/w/00000000000000000000/index.html', '/%', '/%zz', '/%00', '/%ff', `/${'a'.repeat(5000)}`, '//', '/\\..\\..', '/admin/', '/admin.sock'];
  for (const path of paths) {
    const { status, headers, body } = await get(path);
    assert.ok(status === 404 || status === 400, `${path}: ${status}`);
    assert.equal(headers['content-security-policy'] ?? '', status === 404 ? "default-src 'none'; frame-ancestors 'none'" : '', path);
    if (status === 404)
      assert.deepEqual(body, { error: 'not-found', text: 'There is nothing here.' }, path);
  }
});

test('what is for operators is for nobody else', async () => {
  const room = await Room.create(daemon);
  for (const [method, path] of [['GET', '/api/v1/rooms'], ['GET', `/api/v1/rooms/${room.id}`], ['DELETE', `/api/v1/rooms/${room.id}`],
    ['POST', `/api/v1/rooms/${room.id}/end`], ['GET', '/api/v1/status']]) {
    const { status, body } = await daemon.request(method, path);
    assert.deepEqual([status, body.error], [401, 'no-session'], `${method} ${path}`);
  }
  for (const [method, path] of [['PUT', '/api/v1/rooms'], ['BREW', '/']]) {
    const { status, body } = await daemon.request(method, path);
    assert.deepEqual([status, body.error], [404, 'not-found'], `${method} ${path}`);
  }
  assert.equal((await daemon.admin('GET', `/api/v1/rooms/${room.id}`)).status, 200);
  assert.equal((await daemon.admin('GET', '/')).status, 404, 'and the other way round');
  assert.equal((await daemon.admin('GET', '/ws')).status, 404);
});

test('HEAD is GET without a body', async () => {
  for (const path of ['/', '/health', '/x', `${await baseOfPage()}/icons/icons.svg`]) {
    const [whole, head] = [await get(path), await daemon.request('HEAD', path)];
    assert.equal(head.status, whole.status, path);
    assert.equal(head.bytes.length, 0);
    assert.equal(head.headers['content-type'], whole.headers['content-type'], path);
  }
});

test('the health of the server', async () => {
  for (const { status, body } of [await get('/health'), await daemon.admin('GET', '/health')])
    assert.deepEqual([status, body], [200, { status: 'ok' }]);
});

test('rooms are made and checked', async () => {
  const room = new Room({ title: 'Täglich' });
  const made = await daemon.request('POST', '/api/v1/rooms', room.body);
  assert.equal(made.status, 201);
  const { created, ...rest } = made.body;
  assert.ok(Math.abs(created - Date.now()) < 5000);
  assert.deepEqual(rest, { id: room.id, kind: 'standard', title: 'Täglich', available: true, people: 0, meeting: null,
    lobby: false, recording: false, consent: 'announce', keep_days: null,
    summary: 'people', attendance: true, keep_content_days: null, owner: null, link: null, dial_in: null });
  const taken = await daemon.request('POST', '/api/v1/rooms', room.body);
  assert.deepEqual([taken.status, taken.body.error], [409, 'id-taken']);

  const check = body => daemon.request('POST', `/api/v1/rooms/${room.id}/check`, body);
  const found = await check({ key: room.join().key });
  assert.deepEqual([found.status, found.body], [200, { id: room.id, kind: 'standard', title: 'Täglich', available: true, people: 0, max_people: 8, recording: false, consent: 'announce', dial_in: null }]);
  const wrong = await check({ key: randomKey() });
  assert.deepEqual([wrong.status, wrong.body.error], [403, 'wrong-key']);
  for (const id of [new Room().id, 'nonsense', "'--"]) {
    const { status, body } = await daemon.request('POST', `/api/v1/rooms/${id}/check`, { key: randomKey() });
    assert.deepEqual([status, body.error], [404, 'unknown-room'], id);
  }
  assert.ok((await daemon.admin('GET', '/api/v1/rooms')).body.rooms.some(({ id }) => id === room.id));
});

test('bodies that do not fit', async () => {
  const good = new Room().body;
  const bad = ['', '{', '[]', 'null', '{"a":1}', { ...good, extra: 1 }, { ...good, id: 'x' }, { ...good, id: undefined }, { ...good, kind: 'secret' },
    { ...good, title: '' }, { ...good, title: ' \u200b' }, { ...good, title: 'x'.repeat(121) }, { ...good, title: 'a\nb' }, { ...good, join_verifier: 'AA' },
    { ...good, host_verifier: null }, Buffer.from(JSON.stringify(good).replace('Test', '\xff'), 'latin1')];
  for (const body of bad)
    for (const answer of [await daemon.request('POST', '/api/v1/rooms', body), await daemon.admin('POST', '/api/v1/rooms', body)])
      assert.deepEqual([answer.status, answer.body?.error], [400, 'bad-message'], JSON.stringify(body));
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonx', '']) {
    const { status } = await daemon.request('POST', '/api/v1/rooms', good, { 'origin': daemon.origin, 'content-type': type });
    assert.equal(status, 400, type);
  }
  const { status } = await daemon.request('POST', '/api/v1/rooms', good, { 'origin': daemon.origin, 'content-type': 'application/json; charset=utf-8' });
  assert.equal(status, 201);
});

test('bodies that are too large', async () => {
  const before = daemon.rss;
  const large = await daemon.request('POST', '/api/v1/rooms', 'x'.repeat(65 * 1024));
  assert.deepEqual([large.status, large.body.error, large.headers.connection], [413, 'too-large', 'close']);
  const chunked = await daemon.request('POST', '/api/v1/rooms', 'x'.repeat(200 * 1024), { 'origin': daemon.origin, 'transfer-encoding': 'chunked' });
  assert.deepEqual([chunked.status, chunked.body.error], [413, 'too-large']);
  for (const head of ['Content-Length: 99999999999', 'Content-Length: 20000000', 'Transfer-Encoding: chunked']) {
    const socket = await rawConnect(daemon);
    socket.write(`POST /api/v1/rooms HTTP/1.1\r\nHost: x\r\nOrigin: ${daemon.origin}\r\n${head}\r\n\r\n`);
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65536, 'x'), Buffer.from('\r\n')]);
    await socket.pour(Array(300).fill(chunk));
    await until(`the connection is cut: ${head}`, () => !socket.open);
  }
  assert.ok(daemon.rss - before < 2048 || INSTRUMENTED, `grew by ${daemon.rss - before} KiB`);
});

test('a head of megabytes is cut', async () => {
  const before = daemon.rss;
  for (const begin of ['GET /', 'GET / HTTP/1.1\r\nX: ', 'GET / HTTP/1.1\r\nHost: x\r\nCookie: ', '']) {
    const socket = await rawConnect(daemon);
    socket.write(begin);
    await socket.pour(Array(100).fill(Buffer.alloc(65536, 'a')));
    await until(`the connection is cut: ${begin}`, () => !socket.open);
  }
  const socket = await rawConnect(daemon);
  socket.write('GET / HTTP/1.1\r\n');
  await socket.pour(Array(200).fill('a: b\r\n'.repeat(10_000)));
  await until('the connection with many headers is cut', () => !socket.open);
  assert.ok(daemon.rss - before < 4096 || INSTRUMENTED, `grew by ${daemon.rss - before} KiB`);
});

test('requests from elsewhere', async () => {
  const room = new Room();
  const foreign = [undefined, 'null', '', 'https://evil.example', daemon.origin.replace('http', 'https'), `${daemon.origin}.evil.example`,
    daemon.origin.replace(/\d+$/, '1'), `${daemon.origin}/`, `${daemon.origin}@evil.example`];
  for (const origin of foreign) {
    const headers = origin === undefined ? {} : { origin };
    for (const [method, path] of [['POST', '/api/v1/rooms'], ['POST', `/api/v1/rooms/${room.id}/check`], ['DELETE', `/api/v1/rooms/${room.id}`], ['OPTIONS', '/api/v1/rooms']]) {
      const { status, body, headers: answer } = await daemon.request(method, path, room.body, headers);
      assert.deepEqual([status, body.error], [403, 'foreign-origin'], `${method} ${path} from ${origin}`);
      assert.equal(answer['access-control-allow-origin'], undefined);
    }
    assert.equal(await statusOf(handshake(daemon, { Origin: origin })), 403, `upgrade from ${origin}`);
  }
  assert.equal((await daemon.admin('GET', `/api/v1/rooms/${room.id}`)).status, 404, 'none was made');
});

test('what is no handshake of ours', async () => {
  const wrong = [{ 'Sec-WebSocket-Protocol': undefined }, { 'Sec-WebSocket-Protocol': 'conclave.v2' }, { 'Sec-WebSocket-Protocol': 'conclave' },
    { 'Sec-WebSocket-Version': '8' }, { 'Sec-WebSocket-Version': undefined }, { 'Sec-WebSocket-Key': undefined }, { 'Sec-WebSocket-Key': 'short' },
    { Upgrade: undefined }, { Upgrade: 'h2c' }, { Connection: undefined }, { Connection: 'close' }];
  for (const headers of wrong) {
    const socket = await rawConnect(daemon);
    socket.write(handshake(daemon, headers));
    assert.match(await socket.head(), /^HTTP\/1\.1 400 [^]*application\/json/, JSON.stringify(headers));
    await until('the body came', () => socket.text.includes('bad-message'));
    socket.destroy();
  }
  assert.equal((await get('/ws')).status, 403, 'no Origin');
  assert.equal(await statusOf(handshake(daemon, { 'Sec-WebSocket-Protocol': 'other, conclave.v1' })), 101);
  assert.equal(await statusOf(handshake(daemon).replace('GET', 'POST')), 404);
});

test('odd requests', async () => {
  for (const host of ['', ' ', 'a b', '[::1', '[]', 'x'.repeat(3000), '%h', '"><script>', '127.0.0.1:99999999', 'ünïcode', '\x01'])
    assert.ok([200, 400].includes(await statusOf(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`)), host);
  assert.ok([200, 400].includes(await statusOf('GET / HTTP/1.1\r\n\r\n')));
  assert.equal(await statusOf('GET / HTTP/1.0\r\n\r\n'), 200);
  for (const bytes of ['\r\n\r\n\r\n\r\n', 'NONSENSE\r\n\r\n', 'GET\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', '\x16\x03\x01\x02\x00\x01\x00', '\0\0\0\0\r\n\r\n', 'GET http:// HTTP/1.1\r\n\r\n',
    'GET * HTTP/1.1\r\nHost: x\r\n\r\n', 'CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n', 'GET http://example.org/ HTTP/1.1\r\nHost: example.org\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n']) {
    const socket = await rawConnect(daemon);
    socket.write(bytes);
    socket.socket.end();
    await until(`an end of ${JSON.stringify(bytes)}`, () => !socket.open || socket.received.length > 0);
    socket.destroy();
  }
  assert.equal((await get('/health')).status, 200);
});

test('requests that two servers could read in two ways get one answer, and the connection ends', async () => {
  const second = 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n';
  const post = `POST /api/v1/rooms HTTP/1.1\r\nHost: ${new URL(daemon.url).host}\r\nOrigin: ${daemon.origin}\r\n`;
  for (const [name, bytes] of Object.entries({
    'two hosts': `GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n${second}`,
    'a length and chunks': `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${second}`,
    'two lengths': `${post}Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde${second}`,
    'an odd chunk size': `${post}Transfer-Encoding: chunked\r\n\r\n0x5\r\nabcde\r\n0\r\n\r\n${second}`,
    'a bare line end': `GET /health HTTP/1.1\nHost: a\r\n\r\n${second}`,
    'a folded line': `GET /health HTTP/1.1\r\nHost: a\r\n b\r\n\r\n${second}`,
    'a blank before the colon': `${post}Content-Length : 5\r\n\r\n${second}`,
    'another coding': `${post}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n${second}`,
  })) {
    const socket = await rawConnect(daemon);
    socket.write(bytes);
    await socket.closed;
    assert.match(socket.text, /^HTTP\/1\.1 400 [^]*bad-message/, name);
    assert.equal(socket.text.match(/HTTP\/1\.1 /g).length, 1, name);
  }
});

test('one connection serves many requests, also pipelined', async () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const ports = new Set();
  for (let i = 0; i < 20; i++)
    await new Promise((resolve, reject) => http.get({ host: daemon.host, port: daemon.port, path: i % 2 ? '/' : '/health', agent }, answer => {
      ports.add(answer.socket.localPort);
      answer.resume().on('end', resolve);
    }).on('error', reject));
  assert.equal(ports.size, 1);
  agent.destroy();
  const socket = await rawConnect(daemon);
  socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(20));
  await until('20 answers came', () => socket.text.split('{"status":"ok"}').length === 21);
  socket.destroy();
});

test('a connection that has served requests leaves nothing, whoever closes it', async t => {
  const own = await Daemon.start();
  t.after(() => own.stop());
  const before = own.descriptors;
  const used = await Promise.all(Array.from({ length: 30 }, () => rawConnect(own)));
  for (const socket of used) {
    socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
    assert.equal(await socket.status(), 200);
  }
  used.slice(0, 15).forEach(socket => socket.destroy());
  await until('those that were closed are gone', () => own.descriptors <= before + 15);
  await until('and those that the server closes', () => own.descriptors <= before, 15_000);
});

test('creating by visitors is off by default', async () => {
  const closed = await Daemon.start({ config: { rooms: { 'anyone-may-create': false } } });
  const { status, body } = await closed.request('POST', '/api/v1/rooms', new Room().body);
  assert.deepEqual([status, body], [403, { error: 'not-allowed', text: 'You may not do this.' }]);
  await Room.create(closed);
  await closed.stop();
});

test('the daemon rests when nobody asks', async () => {
  const before = daemon.cpu;
  await new Promise(resolve => setTimeout(resolve, 1000));
  assert.ok(daemon.cpu - before <= 50 || INSTRUMENTED, `${daemon.cpu - before} ms in a second`);
});

test('an answer without a body leaves the connection open', async () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (method, path) => new Promise((resolve, reject) => {
    const request = http.request({ socketPath: daemon.adminSocket, method, path, agent }, response => {
      response.resume().on('end', () => resolve({ status: response.statusCode, reused: request.reusedSocket }));
    });
    request.on('error', reject).end();
  });
  const { id } = await Room.create(daemon);
  assert.deepEqual(await ask('DELETE', `/api/v1/rooms/${id}`), { status: 204, reused: false });
  assert.deepEqual(await ask('GET', '/health'), { status: 200, reused: true });
  agent.destroy();
});
