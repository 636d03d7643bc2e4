// The ways in: TLS as it must be, plain HTTP for a proxy, IPv6, Unix sockets.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import WebSocket from 'ws';
import { after, before, test } from 'node:test';
import { Person, refusedJoin } from './lib/client.mjs';
import { Daemon, INSTRUMENTED, makeState, runToEnd, sleep, until } from './lib/daemon.mjs';
import { frame, handshake, rawConnect, RawSocket, TEXT } from './lib/raw.mjs';
import { Room, randomKey } from './lib/room.mjs';

/** A TLS handshake: what was agreed on, or the error. */
function shake (daemon, options) {
  return new Promise(resolve => {
    const socket = tls.connect({ host: daemon.host, port: daemon.port, rejectUnauthorized: false, ...options }, () => {
      resolve({ protocol: socket.getProtocol(), cipher: socket.getCipher().name, alpn: socket.alpnProtocol });
      socket.destroy();
    });
    socket.on('error', error => resolve({ error: error.code ?? error.message }));
  });
}

let secure;
before(async () => {
  secure = await Daemon.start({ config: { server: { tls: true, 'max-connections-per-address': 1000 } } });
  assert.match(secure.url, /^https:\/\/127\.0\.0\.1:\d+$/);
});
after(() => secure.stop());

test('TLS: versions and ciphers', async () => {
  const only = (version, ciphers) => ({ minVersion: version, maxVersion: version, ciphers });
  for (const cipher of ['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-CHACHA20-POLY1305'])
    assert.deepEqual([(await shake(secure, only('TLSv1.2', cipher))).protocol, (await shake(secure, only('TLSv1.2', cipher))).cipher], ['TLSv1.2', cipher]);
  for (const cipher of ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'])
    assert.deepEqual((({ protocol, cipher: c }) => [protocol, c])(await shake(secure, only('TLSv1.3', cipher))), ['TLSv1.3', cipher]);
  for (const [version, ciphers] of [['TLSv1', 'ALL:@SECLEVEL=0'], ['TLSv1.1', 'ALL:@SECLEVEL=0'], ['TLSv1.2', 'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256'],
    ['TLSv1.2', 'ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA:AES256-SHA:@SECLEVEL=0'], ['TLSv1.2', 'NULL:@SECLEVEL=0'], ['TLSv1.3', 'TLS_AES_128_GCM_SHA256']])
    assert.ok((await shake(secure, only(version, ciphers))).error, `${version} ${ciphers}`);
  assert.equal((await shake(secure, { ALPNProtocols: ['h2', 'http/1.1'] })).alpn, 'http/1.1');
});

test('TLS: a meeting', async () => {
  const room = await Room.create(secure);
  const ann = await Person.join(secure, room);
  const bob = await Person.join(secure, room);
  await ann.chat('x'.repeat(4000));
  await bob.chatsAre(['x'.repeat(4000)]);
  await ann.cut();
  await ann.resume();
  await Promise.all([ann.leave(), bob.leave()]);
});

test('TLS: no TLS on the TLS port', async () => {
  for (const bytes of ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', '\x16\x03\x01', Buffer.alloc(100_000, 0xff)]) {
    const before = Date.now();
    const socket = await rawConnect(secure, { plain: true });
    socket.write(bytes);
    socket.socket.end();
    await socket.closed;
    assert.ok(Date.now() - before < 3000, `${Date.now() - before} ms for ${String(bytes).slice(0, 10)}`);
  }
});

test('TLS: clients that never finish a handshake do not keep others waiting', async () => {
  const stalled = await Promise.all(Array.from({ length: 200 }, (_, i) => rawConnect(secure, { plain: true, localAddress: `127.0.0.${2 + i % 2}` })));
  stalled.forEach((socket, i) => socket.write(i % 2 ? Buffer.from('160301020001', 'hex') : ''));
  await sleep(100);
  const before = Date.now();
  const { error } = await refusedJoin(secure, new Room().join());
  assert.equal(error, 'unknown-room');
  assert.ok(Date.now() - before < (INSTRUMENTED ? 5000 : 1500), `${Date.now() - before} ms`);
  await Promise.all(stalled.map(socket => socket.closed));
  assert.ok(Date.now() - before < 13_000, `the last one was cut after ${Date.now() - before} ms`);
  const { cpu } = secure;
  await sleep(500);
  assert.ok(secure.cpu - cpu <= 50 || INSTRUMENTED, `${secure.cpu - cpu} ms of work in 500 ms of silence`);
});

test('TLS: a reader who closes the write side gets the answer', async () => {
  const socket = await rawConnect(secure);
  socket.write('GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  await until('the answer came', () => socket.text.endsWith('{"status":"ok"}'));
  await until('the server closes', () => !socket.open);
});

test('the certificate and the key last', async () => {
  const state = makeState();
  const print = async () => {
    const daemon = await Daemon.start({ state, config: { server: { tls: true } } });
    const fingerprint = await new Promise(resolve => {
      const socket = tls.connect({ host: daemon.host, port: daemon.port, rejectUnauthorized: false }, () => {
        resolve(socket.getPeerCertificate().fingerprint256);
        socket.destroy();
      });
    });
    await daemon.stop();
    return fingerprint;
  };
  assert.equal(await print(), await print());
  assert.equal(fs.statSync(path.join(state, 'tls/key.pem')).mode & 0o777, 0o600);
  fs.rmSync(state, { recursive: true });
});

test('IPv6', async () => {
  for (const secure of [false, true]) {
    const daemon = await Daemon.start({ listen: '[::1]:0', config: { server: { tls: secure }, turn: { servers: 'turn:%h:3478', secret: 'x' } } });
    assert.match(daemon.url, /^https?:\/\/\[::1\]:\d+$/);
    const ann = await Person.join(daemon, await Room.create(daemon));
    assert.deepEqual(ann.joined.ice.servers[0].urls, ['turn:[::1]:3478']);
    await ann.leave();
    await daemon.stop();
  }
});

test('localhost is a name to listen on', async () => {
  const daemon = await Daemon.start({ listen: 'localhost:0' });
  assert.match(daemon.url, /^http:\/\/localhost:\d+$/);
  const { status } = await daemon.request('POST', '/api/v1/rooms', new Room().body);
  assert.equal(status, 201);
  await daemon.stop();
});

test('links of a server that listens everywhere name its machine', async () => {
  const everywhere = await Daemon.start({ config: { server: { tls: true } }, listen: '0.0.0.0:0' });
  const { body } = await everywhere.admin('GET', '/api/v1/status');
  assert.equal(body.url, `https://${os.hostname()}:${everywhere.port}`);
  await everywhere.stop();
});

test('plain HTTP only where nobody listens in', async () => {
  const state = makeState();
  const file = path.join(state, 'conclave.conf');
  fs.writeFileSync(file, '[server]\ntls = false\n');
  for (const listen of ['0.0.0.0:0', '[::]:0', '192.0.2.1:0']) {
    const { code, text } = await runToEnd(['--config', file, '--state', state, '--listen', listen]);
    assert.equal(code, 78);
    assert.match(text, /tls/);
  }
  fs.rmSync(state, { recursive: true });
});

test('behind a proxy: a public URL, and whose address counts', async () => {
  const publicUrl = 'https://meet.example.org';
  for (const [trusted, expected] of [['loopback', 'wrong-key'], ['none', 'rate-limited']]) {
    const daemon = await Daemon.start({ config: {
      server: { 'public-url': publicUrl, 'trusted-proxy': trusted }, limits: { 'joins-per-minute': 3 },
    } });
    const room = await Room.create(daemon);
    const join = address => refusedJoin(daemon, room.join({ key: randomKey() }), { headers: { 'X-Forwarded-For': `198.51.100.7, ${address}` } });
    for (let i = 0; i < 3; i++)
      await join('192.0.2.1');
    assert.equal((await join('192.0.2.1')).error, 'rate-limited');
    assert.equal((await join('192.0.2.2')).error, expected);
    assert.equal((await join('nonsense')).error, expected, 'an address that is none is the proxy’s own');
    const socket = await rawConnect(daemon);
    socket.write(handshake(daemon, { Origin: daemon.url }));
    assert.equal(await socket.status(), 403, 'the public URL is the only Origin');
    assert.equal((await daemon.admin('GET', '/api/v1/status')).body.url, publicUrl);
    socket.destroy();
    await daemon.stop();
  }
});

test('a Unix socket for the proxy', async () => {
  const state = makeState();
  const file = path.join(state, 'http.sock');
  const daemon = await Daemon.start({ state, listen: `unix:${file}`, config: { server: { 'public-url': 'https://meet.example.org' } } });
  assert.equal(daemon.url, `unix:${file}`);
  assert.equal(fs.statSync(file).mode & 0o777, 0o666);
  assert.equal(fs.statSync(daemon.adminSocket).mode & 0o777, 0o600);
  const room = await Room.create(daemon);
  const socket = new WebSocket(`ws+unix://${file}:/ws`, 'conclave.v1', { origin: 'https://meet.example.org', headers: { Host: 'meet.example.org' } });
  const first = await new Promise((resolve, reject) => {
    socket.on('open', () => socket.send(JSON.stringify(room.join())));
    socket.on('message', data => resolve(JSON.parse(String(data))));
    socket.on('error', reject);
  });
  assert.equal(first.type, 'joined');
  socket.close();
  const status = await new Promise((resolve, reject) => http.get({ socketPath: file, path: '/api/v1/status' }, ({ statusCode }) => resolve(statusCode)).on('error', reject));
  assert.equal(status, 401, 'only the admin socket is the operator’s');
  await daemon.stop();
  assert.ok(!fs.existsSync(file) && !fs.existsSync(daemon.adminSocket), 'sockets are removed at the end');
  fs.rmSync(state, { recursive: true });
});

test('one address cannot hold all connections', async () => {
  const daemon = await Daemon.start({ config: { server: { 'max-connections-per-address': 10 } } });
  const room = await Room.create(daemon);
  const many = await Promise.all(Array.from({ length: 30 }, () => rawConnect(daemon, { localAddress: '127.0.0.2' })));
  await until('the rest is cut', () => many.filter(({ open }) => open).length === 10);
  const ann = await Person.join(daemon, room);
  await ann.leave();
  many.forEach(socket => socket.destroy());
  await until('there is room again', async () => {
    const socket = new RawSocket(daemon, { localAddress: '127.0.0.2' });
    socket.write(handshake(daemon));
    socket.write(frame(TEXT, '{}'));
    const status = await socket.status().catch(() => 0);
    socket.destroy();
    return status === 101;
  });
  await daemon.stop();
});
