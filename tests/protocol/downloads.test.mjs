// Files and archives of recordings as they go over the network: parts, resuming, hostile names, clients that do not read.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Daemon, INSTRUMENTED, sleep, until } from './lib/daemon.mjs';
import { rawConnect } from './lib/raw.mjs';
import { TRACK, Visitor, makeKey, makeRecording, signIn } from './lib/recording.mjs';

const LARGE = 48 << 20;
let daemon, recording, large, producer, bearer;
before(async () => {
  daemon = await Daemon.start();
  recording = await makeRecording(daemon, { title: 'Wöchentlich: "Tee"' });
  large = await makeRecording(daemon, { files: { 'meeting.mp4': ['video', LARGE] } });
  producer = await signIn(daemon);
  bearer = `Authorization: Bearer ${(await makeKey(daemon)).key}`;
});
after(() => daemon.stop());

const sha256 = bytes => createHash('sha256').update(bytes).digest('hex');
const file = (name = 'meeting.mp4', of = recording) => `${of.path}/files/${name}`;
const raw = (where, headers = '') => `GET ${where} HTTP/1.1\r\nHost: a\r\n${bearer}\r\n${headers}\r\n`;

test('a file, whole and in parts', async () => {
  const { status, headers, bytes } = await producer.get(file());
  const etag = `"${recording.files['meeting.mp4']}"`;
  assert.equal(status, 200);
  assert.equal(sha256(bytes), recording.files['meeting.mp4']);
  assert.deepEqual([headers.etag, headers['accept-ranges'], headers['content-length'], headers['content-type']], [etag, 'bytes', '700000', 'video/mp4']);
  assert.deepEqual([headers['x-content-type-options'], headers['content-security-policy'], headers['cross-origin-resource-policy'], headers['cache-control']],
    ['nosniff', "sandbox; default-src 'none'; frame-ancestors 'none'", 'same-origin', 'private, no-cache']);
  assert.equal(headers['content-disposition'], "inline; filename=\"Wochentlich_ _Tee_.mp4\"; filename*=UTF-8''W%C3%B6chentlich_%20_Tee_.mp4");
  const named = await producer.get(`${file(TRACK)}?download=1`);
  assert.match(named.headers['content-disposition'], /^attachment; filename="Wochentlich_ _Tee_ - Zoe - 001-camera-1.mkv"; /);
  assert.equal(sha256(named.bytes), recording.files[TRACK]);

  for (const [range, from, to] of [['bytes=0-0', 0, 0], ['bytes=262143-262144', 262143, 262144], ['bytes=699999-', 699999, 699999], ['bytes=-5', 699995, 699999], ['bytes=1-999999999999', 1, 699999]]) {
    const part = await producer.get(file(), { range });
    assert.deepEqual([part.status, part.headers['content-range']], [206, `bytes ${from}-${to}/700000`], range);
    assert.ok(part.bytes.equals(bytes.subarray(from, to + 1)), range);
    const head = await producer.ask('HEAD', file(), undefined, { range });
    assert.deepEqual([head.status, head.headers['content-length'], head.bytes.length], [206, String(to - from + 1), 0], range);
  }
  for (const range of ['bytes=700000-', 'bytes=999999999999999999999-', 'bytes=-0']) {
    const { status, headers, body } = await producer.get(file(), { range });
    assert.deepEqual([status, headers['content-range'], body.error], [416, 'bytes */700000', 'no-range'], range);
  }
  for (const range of ['bytes=0-1,5-6', 'bytes=5-1', 'lines=1-2', 'bytes', 'bytes=', 'bytes=a-b', `bytes=${'0-0,'.repeat(2000)}`]) {
    const { status, headers } = await producer.get(file(), { range });
    assert.deepEqual([status, headers['content-length'], headers['content-range']], [200, '700000', undefined], range);
  }
  assert.equal((await producer.get(file(), { 'if-none-match': `"x", ${etag}` })).status, 304);
  assert.equal((await producer.get(file(), { 'if-none-match': '"x"' })).status, 200);
  assert.equal((await producer.get(file(), { 'range': 'bytes=5-6', 'if-range': etag })).status, 206);
  assert.equal((await producer.get(file(), { 'range': 'bytes=5-6', 'if-range': '"other"' })).status, 200);
});

test('a download that is cut goes on where it was', async () => {
  const socket = await rawConnect(daemon);
  socket.write(raw(file('meeting.mp4', large)));
  await until('some of it came', () => socket.received.length > 3 << 20);
  socket.destroy();
  const begin = socket.received.subarray(socket.received.indexOf('\r\n\r\n') + 4);
  const etag = /\r\nETag: (\S+)\r\n/.exec(socket.text)[1];
  const rest = await producer.get(file('meeting.mp4', large), { 'range': `bytes=${begin.length}-`, 'if-range': etag });
  assert.equal(rest.status, 206);
  assert.equal(sha256(Buffer.concat([begin, rest.bytes])), large.files['meeting.mp4']);
});

test('names that are none', async () => {
  const names = ['', '.', '..', '../events.jsonl', '%2e%2e/events.jsonl', '..%2fevents.jsonl', '%2e%2e%2f%2e%2e%2f%2e%2e%2fconclave.db', 'events.jsonl', 'files/meeting.mp4', 'meeting.mp4/', '/meeting.mp4',
    '%2fetc%2fpasswd', 'meeting.mp4%00', 'meeting.mp4%00.jpg', 'meeting.mp4%0d%0aX-Evil:%201', 'MEETING.MP4', 'tracks', 'tracks/', 'tracks/../files/meeting.mp4', 'tracks/..%2f..%2fconclave.db', `${TRACK}/x`,
    `${'a/'.repeat(500)}b`, 'x'.repeat(5000), '%ff%fe', '%', '%zz', '.chunks-j', 'meeting.mp4.part', '*', '%25', '~', "'%20OR%201=1", 'meeting.mp4;x=1'];
  for (const name of names) {
    const { status, headers, bytes } = await producer.get(file(name));
    assert.ok(status === 404 || status === 400, `${name}: ${status}`);
    assert.equal(headers['x-evil'], undefined);
    assert.ok(bytes.length < 200, name);
  }
  for (const id of ['..', 'r', 'x'.repeat(3000), 'raaaaaaaaaaa0', '%2e%2e', "r';--aaaaaaaaa"])
    assert.ok([400, 404].includes((await producer.get(`/api/v1/recordings/${id}/files/meeting.mp4`)).status), id);
});

test('an archive that other programs read', async () => {
  const { status, headers, bytes } = await producer.get(`${recording.path}/archive.zip`);
  assert.equal(status, 200);
  assert.deepEqual([headers['content-type'], Number(headers['content-length'])], ['application/zip', bytes.length]);
  assert.match(headers['content-disposition'], /^attachment; filename="Wochentlich_ _Tee_.zip"; /);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'conclave-zip-'));
  const where = path.join(folder, 'a.zip');
  fs.writeFileSync(where, bytes);
  const program = `
import hashlib, json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
  assert z.testzip() is None
  print(json.dumps({i.filename: hashlib.sha256(z.read(i)).hexdigest() for i in z.infolist()}))`;
  const found = JSON.parse(execFileSync('python3', ['-c', program, where], { encoding: 'utf8' }));
  const title = 'Wöchentlich_ _Tee_';
  assert.deepEqual(found, {
    [`${title}.mp4`]: recording.files['meeting.mp4'],
    [`${title} - timeline.json`]: recording.files['timeline.json'],
    [`${title} - timeline.otio`]: recording.files['timeline.otio'],
    [`${title} - Zoë - 001-camera-1.mkv`]: recording.files[TRACK],
  });
  const some = await producer.get(`${recording.path}/archive.zip?files=timeline.json,${encodeURIComponent(TRACK)}`);
  fs.writeFileSync(where, some.bytes);
  assert.equal(Object.keys(JSON.parse(execFileSync('python3', ['-c', program, where], { encoding: 'utf8' }))).length, 2);
  const head = await producer.ask('HEAD', `${recording.path}/archive.zip`);
  assert.deepEqual([Number(head.headers['content-length']), head.bytes.length], [bytes.length, 0]);
  for (const files of ['x', 'meeting.mp4,x', '../events.jsonl', '', ','])
    assert.equal(await producer.status('GET', `${recording.path}/archive.zip?files=${files}`), 404, files);
  fs.rmSync(folder, { recursive: true });
});

test('clients that do not read cost little, and hold nobody up', async () => {
  const sockets = [];
  const before = daemon.rss;
  for (let i = 0; i < 40; i++) {
    const socket = await rawConnect(daemon);
    socket.socket.pause();
    sockets.push(socket.write(raw(i % 2 ? file('meeting.mp4', large) : `${large.path}/archive.zip`)));
  }
  await sleep(1000);
  const started = Date.now();
  assert.equal((await daemon.request('GET', '/health')).status, 200);
  assert.equal(sha256((await producer.get(file())).bytes), recording.files['meeting.mp4']);
  assert.ok(Date.now() - started < (INSTRUMENTED ? 10_000 : 2000));
  const grown = (daemon.rss - before) / 1024;
  assert.ok(grown < (INSTRUMENTED ? 300 : 60), `${grown} MiB more`);
  /* and those that go leave nothing behind */
  const open = daemon.descriptors;
  sockets.forEach(socket => socket.destroy());
  await until('their files are closed', () => daemon.descriptors <= open - 2 * sockets.length, 10_000);
});

test('no more than so many at once', async () => {
  const sockets = [];
  for (let i = 0; i < 128; i++) {
    const socket = await rawConnect(daemon);
    socket.write(raw(file('meeting.mp4', large)));
    await socket.head();
    socket.socket.pause();
    sockets.push(socket);
  }
  const { status, body } = await producer.get(file());
  assert.deepEqual([status, body.error], [503, 'server-full']);
  assert.equal((await producer.get(recording.path)).status, 200);
  sockets.forEach(socket => socket.destroy());
  await until('there is room again', async () => (await producer.get(file())).status === 200, 10_000);
});

test('a file that shrinks while it is sent is cut, not filled up', async () => {
  const made = await makeRecording(daemon, { files: { 'meeting.mp4': ['video', LARGE] } });
  const socket = await rawConnect(daemon);
  socket.write(raw(file('meeting.mp4', made)) + raw(file()));
  await socket.head();
  socket.socket.pause();
  fs.truncateSync(path.join(daemon.state, 'recordings', made.id, 'files', 'meeting.mp4'), 30 << 20);
  socket.socket.resume();
  await socket.closed;
  assert.ok(socket.received.length < LARGE);
  assert.equal(socket.text.split('HTTP/1.1 ').length, 2, 'no second answer');
});

test('a proxy sends the files itself', async () => {
  const own = await Daemon.start({ config: { recording: { 'accel-prefix': '/internal/' } } });
  const made = await makeRecording(own);
  const { key } = await makeKey(own);
  const program = new Visitor(own, { authorization: `Bearer ${key}` });
  const { status, headers, bytes } = await program.get(file(TRACK, made), { range: 'bytes=1-2' });
  assert.deepEqual([status, headers['x-accel-redirect'], bytes.length], [200, `/internal/${made.id}/${TRACK}`, 0]);
  assert.deepEqual([headers['content-type'], headers['content-range']], ['video/x-matroska', undefined]);
  assert.equal((await program.get(file('meeting.mp4', made))).headers['x-accel-redirect'], `/internal/${made.id}/files/meeting.mp4`);
  assert.equal(await new Visitor(own).status('GET', file(TRACK, made)), 401);
  await own.stop();
});
