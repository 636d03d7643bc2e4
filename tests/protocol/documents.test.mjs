// Documents of meetings over the network: uploads in one piece and in many, those that are cut, killed, too large, not wanted, or
// meet a full disk; downloads that no browser shows; who may do what.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Person } from './lib/client.mjs';
import { Daemon, INSTRUMENTED, makeState, until } from './lib/daemon.mjs';
import { Sharer, makeBytes, sha256 } from './lib/documents.mjs';
import { rawConnect } from './lib/raw.mjs';
import { Room } from './lib/room.mjs';

const SCAN = `#!/bin/sh
case "$(head -c 5)" in VIRUS) exit 1;; CRASH) kill -9 $$;; SLEEP) exec sleep 60;; *) exit 0;; esac
`;
const QUOTA = 40 << 20, MAX = 32 << 20;
let daemon, room, ann, bob, ada, eve;

async function enter (which, to, members) {
  return new Sharer(which, await Person.join(which, to, members));
}

before(async () => {
  const state = makeState();
  const scan = path.join(state, 'scan');
  fs.writeFileSync(scan, SCAN, { mode: 0o700 });
  daemon = await Daemon.start({
    state,
    config: {
      documents: { 'max-bytes': MAX, 'meeting-quota': QUOTA, refuse: '.exe;.SCR', scan, 'scan-seconds': 1 },
      recording: { 'stop-below-bytes': 0 },
      development: { 'signalling-only-kinds': 'classroom' },
    },
  });
  room = await Room.create(daemon);
  ada = await enter(daemon, room, { name: 'Ada', host: true });
  ann = await enter(daemon, room, { name: 'Ann' });
  bob = await enter(daemon, room, { name: 'Bob' });
  eve = await enter(daemon, await Room.create(daemon), { name: 'Eve' });
});
after(async () => {
  await daemon.stop();
  fs.rmSync(daemon.state, { recursive: true });
});

const folder = () => path.join(daemon.state, 'documents', ann.person.joined.meeting);

test('from one to the others', async () => {
  const bytes = makeBytes(3_000_001);
  const { status, body, id } = await ann.share('Über "uns".html', bytes);
  assert.deepEqual([status, body], [200, { id, name: 'Über _uns_.html', offset: bytes.length, bytes: bytes.length, status: 'ready', sha256: sha256(bytes) }]);
  const [document] = await bob.list();
  assert.deepEqual({ ...document, at: 0 }, {
    id, meeting: ann.person.joined.meeting, name: 'Über _uns_.html', media_type: 'text/plain', bytes: bytes.length, sha256: sha256(bytes),
    person: ann.person.id, by: 'Ann', at: 0, status: 'ready',
  });
  const answer = await bob.download(id);
  assert.equal(sha256(answer.bytes), sha256(bytes));
  const { headers } = answer;
  assert.deepEqual(
    [answer.status, headers['content-type'], headers['x-content-type-options'], headers['content-security-policy'], headers['cross-origin-resource-policy'], headers.etag, headers['accept-ranges']],
    [200, 'application/octet-stream', 'nosniff', "sandbox; default-src 'none'; frame-ancestors 'none'", 'same-origin', `"${sha256(bytes)}"`, 'bytes']);
  assert.match(headers['content-disposition'], /^attachment; filename="Uber _uns_.html"; filename\*=UTF-8''%C3%9Cber/);
  const part = await bob.download(id, { range: 'bytes=5-8' });
  assert.deepEqual([part.status, part.bytes], [206, bytes.subarray(5, 9)]);
  assert.equal((await bob.download(id, { 'if-none-match': headers.etag })).status, 304);
  assert.equal(fs.statSync(path.join(folder(), id)).mode & 0o777, 0o600);
  assert.equal(fs.statSync(folder()).mode & 0o777, 0o700);
  assert.deepEqual(fs.readdirSync(folder()), [id]);
});

test('among what people share: there when it is whole, for who comes late too, and gone with its file', async () => {
  const seen = (who, id) => until('it is there', () => who.person.shared.get(id));
  const { id, body } = await ann.share('plan.pdf', Buffer.from('plan'));
  const fields = { name: 'plan.pdf', bytes: 4, sha256: body.sha256, media_type: 'text/plain', by: ann.person.id, sender: 'Ann' };
  const late = await enter(daemon, room, { name: 'Late' });
  for (const who of [ann, bob, late]) {
    const { at, ...rest } = (await seen(who, id)).f;
    assert.ok(at > 0);
    assert.deepEqual(rest, fields);
  }
  const gone = { t: 'document', f: { gone: true } };
  const remove = (who, which) => who.person.ask('change', { ops: [who.person.operation(gone.t, gone.f, which)] });
  assert.equal((await remove(bob, id)).error, 'not-allowed');
  assert.equal((await bob.person.ask('change', { ops: [bob.person.operation('document', { name: 'x' })] })).error, 'not-allowed');
  assert.equal((await remove(ann, id)).type, 'ok');
  await until('its file is gone', () => !fs.existsSync(path.join(folder(), id)));
  await until('nobody has it', async () => (await bob.list()).every(document => document.id !== id));
  const { id: second } = await ann.share('b', Buffer.from('b'));
  await seen(bob, second);
  assert.equal((await ann.ask('DELETE', `/${second}`)).status, 204);
  await until('it is gone for the others', () => bob.person.shared.get(second).f.gone);
  await late.person.leave();
});

test('nothing at all, and long names', async () => {
  const { status, body } = await ann.share('empty', Buffer.alloc(0));
  assert.deepEqual([status, body.status, body.sha256], [200, 'ready', sha256('')]);
  const long = await ann.begin(`${'ä'.repeat(250)}.pdf`, 1);
  assert.match(long.body.name, /^ä+\.pdf$/);
  assert.ok(Buffer.byteLength(long.body.name) <= 200);
  assert.equal((await ann.begin('../../etc/passwd', 1)).body.name, '_.._.._etc_passwd'.slice(1) === '' ? '' : '_.._.._etc_passwd');
  for (const [name, bytes] of [['', 1], ['x\n', 1], ['x'.repeat(256), 1], ['x', -1], ['x', 1.5], ['x', '1']])
    assert.equal((await ann.ask('POST', '', { name, bytes, media_type: '' })).status, 400, `${name} ${bytes}`);
  assert.equal((await ann.ask('POST', '', { name: 'x', bytes: 1, media_type: '', more: 1 })).status, 400);
  for (const { id } of (await daemon.admin('GET', ann.path)).body.documents.filter(({ status }) => status === 'uploading'))
    assert.equal((await ann.ask('DELETE', `/${id}`)).status, 204);
});

test('in pieces, from where it stands and from nowhere else', async () => {
  const bytes = makeBytes(700_000);
  const { id } = (await ann.begin('a', bytes)).body;
  assert.deepEqual((await ann.offset(id)).body, { id, name: 'a', offset: 0, bytes: 700_000, status: 'uploading' });
  assert.deepEqual((await ann.send(id, 0, bytes.subarray(0, 300_000))).body, { id, name: 'a', offset: 300_000, bytes: 700_000, status: 'uploading' });
  for (const [offset, piece] of [[0, bytes], [299_999, bytes.subarray(299_999)], [300_001, bytes.subarray(300_001)]])
    assert.deepEqual((await ann.send(id, offset, piece)).body.error, 'wrong-offset');
  assert.equal((await ann.send(id, 300_000, makeBytes(400_001))).body.error, 'too-large');
  for (const offset of ['', '-1', '1e3', '0x1', '99999999999999999999'])
    assert.equal((await ann.send(id, offset, bytes.subarray(300_000))).body.error, 'bad-message', offset);
  assert.equal((await ann.offset(id)).body.offset, 300_000);
  assert.equal((await bob.list()).find(document => document.id === id), undefined, 'nobody sees it yet');
  assert.equal((await bob.download(id)).status, 404);
  assert.equal((await bob.offset(id)).status, 404);
  assert.equal((await bob.send(id, 300_000, bytes.subarray(300_000))).status, 404);
  assert.equal((await ann.send(id, 300_000, bytes.subarray(300_000))).body.sha256, sha256(bytes));
  assert.equal((await ann.send(id, 700_000, Buffer.alloc(0))).body.error, 'wrong-offset', 'it is over');
});

/** Begins to send, and cuts the connection when so many bytes are on the disk. */
async function cutUpload (who, id, offset, bytes, at) {
  const socket = await rawConnect(who.daemon);
  socket.write(`PATCH /api/v1/documents/${id} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${who.badge}\r\nUpload-Offset: ${offset}\r\n` +
    `Content-Length: ${bytes.length - offset}\r\n\r\n`);
  socket.write(bytes.subarray(offset, at));
  return socket;
}

const onDisk = (who, id) => {
  const file = path.join(who.daemon.folder, 'documents', who.person.joined.meeting, `${id}.part`);
  return fs.existsSync(file) ? fs.statSync(file).size : 0;
};

test('a connection that is cut loses nothing', async () => {
  const bytes = makeBytes(1_500_000);
  const { id } = (await ann.begin('cut', bytes)).body;
  let offset = 0;
  for (const at of [400_000, 1_000_001]) {
    const socket = await cutUpload(ann, id, offset, bytes, at);
    await until('most of it is written', () => onDisk(ann, id) >= at - 140_000);
    socket.destroy();
    await until('all that came is written', () => onDisk(ann, id) === at);
    offset = (await ann.offset(id)).body.offset;
    assert.equal(offset, at);
  }
  assert.equal((await ann.send(id, offset, bytes.subarray(offset))).body.sha256, sha256(bytes));
});

test('the newer connection wins', async () => {
  const bytes = makeBytes(1_000_000);
  const { id } = (await ann.begin('twice', bytes)).body;
  const socket = await cutUpload(ann, id, 0, bytes, 500_000);
  await until('some of it is written', () => onDisk(ann, id) > 300_000);
  assert.equal((await ann.send(id, onDisk(ann, id), bytes.subarray(0, 1))).body.error, 'wrong-offset');
  await socket.closed;
  const answer = await until('it goes on', async () => {
    const { offset } = (await ann.offset(id)).body;
    const { status, body } = await ann.send(id, offset, bytes.subarray(offset));
    return status === 200 && body;
  });
  assert.equal(answer.sha256, sha256(bytes));
});

test('who may', async () => {
  const { id } = await ann.share('mine', Buffer.from('mine'));
  const without = (method, behind = '', body = undefined) => daemon.request(method, behind ? `/api/v1/documents${behind}` : ann.path, body);
  assert.equal((await without('GET')).status, 401);
  assert.equal((await without('POST', '', { name: 'a', bytes: 1, media_type: '' })).status, 401);
  assert.equal((await without('POST', `/${id}/link`, {})).status, 401);
  assert.equal((await without('PATCH', `/${id}`, Buffer.from('x'))).status, 401);
  const other = new Sharer(daemon, eve.person);
  other.path = ann.path;
  assert.equal((await other.ask('GET')).status, 403, 'the badge of another meeting');
  assert.equal((await other.download(id)).status, 404);
  assert.equal((await other.send(id, 0, Buffer.from('x'))).status, 404);
  assert.equal((await daemon.request('GET', '/api/v1/rooms', undefined, ann.headers)).status, 401, 'a badge is no key');
  for (const behind of ['/x', `/${id}x`, '/..', '/faaaaaaaaaaa0', `/${id}/upload/x`, '/%2e%2e', `/${id}%00`])
    assert.ok([400, 404].includes((await ann.ask('GET', behind)).status), behind);
  assert.equal((await daemon.request('GET', '/d/x')).status, 410);
  assert.equal((await bob.ask('DELETE', `/${id}`)).status, 403);
  assert.equal((await ada.ask('DELETE', `/${id}`)).status, 204, 'hosts may');
  assert.equal((await bob.download(id)).status, 404);
  const { id: second } = await ann.share('mine', Buffer.from('mine'));
  const { url } = (await bob.ask('POST', `/${second}/link`)).body;
  assert.equal((await ann.ask('DELETE', `/${second}`)).status, 204, 'so may who shared it');
  assert.equal((await daemon.request('GET', url)).status, 404, 'an address does not outlive it');
  assert.equal(fs.existsSync(path.join(folder(), second)), false);
});

test('with an account, and over the admin socket', async () => {
  const { id } = await ann.share('a.txt', Buffer.from('for all'));
  assert.equal((await daemon.admin('GET', `/api/v1/documents/${id}`)).bytes.toString(), 'for all');
  assert.equal((await daemon.admin('PATCH', `/api/v1/documents/${id}`, {})).status, 403);
  assert.equal((await daemon.admin('POST', ann.path, { name: 'a', bytes: 1, media_type: '' })).status, 403);
  assert.equal((await daemon.admin('DELETE', `/api/v1/documents/${id}`)).status, 204);
  assert.equal((await daemon.admin('GET', `/api/v1/documents/${id}`)).status, 404);
});

test('not too large, not too many, not of every kind', async () => {
  assert.deepEqual((await eve.begin('a', MAX + 1)).body, { error: 'too-large', text: 'This is too large: it can have up to 32 MiB.' });
  assert.equal((await eve.begin('a.exe', 1)).body.error, 'refused');
  assert.equal((await eve.begin('a.ScR', 1)).body.error, 'refused');
  assert.equal((await eve.begin('a', MAX)).status, 201);
  const quota = await eve.begin('b', QUOTA - MAX + 1);
  assert.deepEqual([quota.status, quota.body.error], [409, 'quota-full']);
  for (let i = 1; i < 16; i++)
    assert.equal((await eve.begin('c', 1)).status, 201);
  assert.deepEqual((await eve.begin('d', 1)).body.error, 'too-many');
});

test('a program looks at each', async () => {
  for (const text of ['VIRUS', 'CRASH', 'SLEEP']) {
    const { status, body, id } = await ann.share(text, Buffer.from(`${text} and more`));
    assert.deepEqual([status, body.error], [422, 'refused'], text);
    await until('nothing of it is left', async () => (await daemon.admin('GET', `/api/v1/documents/${id}`)).status === 404 && !fs.readdirSync(folder()).some(name => name.startsWith(id)));
  }
});

test('none in rooms that keep nothing; viewers only read', async () => {
  const otr = await Person.join(daemon, await Room.create(daemon, { kind: 'otr' }));
  assert.equal(otr.joined.documents, null);
  const classroom = await Room.create(daemon, { kind: 'classroom' });
  const host = await enter(daemon, classroom, { host: true });
  const viewer = await enter(daemon, classroom);
  const { id } = await host.share('a', Buffer.from('a'));
  assert.equal((await viewer.download(id)).bytes.toString(), 'a');
  assert.equal((await viewer.begin('b', 1)).body.error, 'not-allowed');
  assert.equal((await viewer.ask('DELETE', `/${id}`)).status, 403);
});

test('a large one takes little memory, and holds nobody up', async () => {
  const large = makeBytes(MAX);
  const { id } = (await bob.begin('large', large)).body;
  const before = daemon.rss;
  const sent = bob.send(id, 0, large);
  let most = 0;
  for (let i = 0; i < 10; i++) {
    most = Math.max(most, daemon.rss);
    assert.equal((await daemon.request('GET', '/health')).status, 200);
  }
  assert.equal((await sent).body.sha256, sha256(large));
  most = Math.max(most, daemon.rss) - before;
  assert.ok(most < 12 * 1024 || INSTRUMENTED, `${most} KiB more`);
  assert.equal(sha256((await ann.download(id)).bytes), sha256(large));
  await bob.ask('DELETE', `/${id}`);
});

test('who has left, and a meeting that is over', async () => {
  const leaving = await Room.create(daemon);
  const dan = await enter(daemon, leaving, { name: 'Dan' });
  const eli = await enter(daemon, leaving, { name: 'Eli', host: true });
  const { id } = await dan.share('kept', Buffer.from('kept'));
  const { id: begun } = (await dan.begin('not kept', 5)).body;
  await dan.send(begun, 0, Buffer.from('not'));
  await dan.person.leave();
  assert.equal((await dan.ask('GET')).status, 401);
  await eli.person.ask('end');
  assert.equal((await eli.ask('GET')).status, 401);
  await until('what was not whole goes', async () => (await daemon.admin('GET', dan.path)).body.documents.length === 1);
  assert.equal((await daemon.admin('GET', `/api/v1/documents/${id}`)).bytes.toString(), 'kept');
  assert.equal((await daemon.admin('DELETE', `/api/v1/rooms/${leaving.id}`)).status, 204);
  assert.equal((await daemon.admin('GET', `/api/v1/documents/${id}`)).status, 404);
  assert.equal(fs.existsSync(path.join(daemon.state, 'documents', dan.person.joined.meeting)), false);
});

test('killed in the middle, it goes on', async () => {
  const state = makeState();
  const config = { recording: { 'stop-below-bytes': 0 } };
  const first = await Daemon.start({ state, config });
  const place = await Room.create(first);
  const before = await enter(first, place, { name: 'Ann' });
  const bytes = makeBytes(1_000_000);
  const { id, secret } = (await before.begin('big', bytes)).body;
  await cutUpload(before, id, 0, bytes, 600_000);
  await until('some of it is written', () => onDisk(before, id) > 400_000);
  await first.kill('SIGKILL');
  await first.stop();
  const second = await Daemon.start({ state, config: { ...config, documents: { 'accel-prefix': '/shared-files/' } } });
  place.daemon = second;
  const again = await enter(second, place, { name: 'Ann' });
  const elsewhere = await enter(second, await Room.create(second));
  const resume = (who, members = {}, name = 'big', n = bytes) => who.begin(name, n, { resume: { id, secret, ...members } });
  assert.equal((await resume(again, { secret: 'A'.repeat(43) })).status, 404);
  assert.equal((await resume(elsewhere)).status, 404, 'another room');
  assert.equal((await resume(again, {}, 'other')).status, 404);
  assert.equal((await resume(again, {}, 'big', 5)).status, 404);
  const { status, body } = await resume(again);
  assert.deepEqual([status, body.id], [201, id]);
  assert.ok(body.offset > 400_000, `${body.offset}`);
  const done = await again.send(id, body.offset, bytes.subarray(body.offset));
  assert.equal(done.body.sha256, sha256(bytes));
  assert.deepEqual((await again.list()).map(document => document.id), [id]);
  const { status: given, headers, bytes: none } = await again.download(id, { range: 'bytes=5-8' });
  assert.deepEqual(
    [given, none.length, headers['accept-ranges'], headers['x-accel-redirect'], headers['content-type'], headers['content-disposition']],
    [200, 0, undefined, `/shared-files/${again.person.joined.meeting}/${id}`, 'application/octet-stream', 'attachment; filename="big"; filename*=UTF-8\'\'big'],
    'nginx in front sends it');
  await second.stop();
  fs.rmSync(state, { recursive: true });
});

test('a full disk', async t => {
  const state = makeState();
  let mounts = true, under = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs -o size=8m,mode=700 tmpfs "$0" && exec "$@"', state];
  try {
    execFileSync('unshare', ['--mount', 'sh', '-c', 'mount -t tmpfs -o size=8m,mode=700 tmpfs "$0"', state], { stdio: 'ignore' });
  } catch {
    mounts = false;
    under = ['prlimit', `--fsize=${4 << 20}`];
  }
  const small = await Daemon.start({ state, under, mounts, config: { recording: { 'stop-below-bytes': 0 } } });
  t.after(async () => {
    await small.stop();
    fs.rmSync(state, { recursive: true, force: true });
  });
  const who = await enter(small, await Room.create(small));
  /* it fits when it begins */
  const first = (await who.begin('a', 5 << 20)).body;
  const second = (await who.begin('b', 5 << 20)).body;
  const bytes = makeBytes(5 << 20);
  const answers = [await who.send(first.id, 0, bytes), await who.send(second.id, 0, bytes)].map(({ status, body }) => body.error ?? status);
  assert.ok(answers.includes('disk-full') && answers.every(answer => answer === 200 || answer === 'disk-full'), `${answers}`);
  await until('what was not whole is gone', async () => (await small.admin('GET', who.path)).body.documents.every(({ status }) => status === 'ready'));
  assert.equal((await who.person.chat('this goes on')).type, 'ok');
  if (mounts)
    assert.equal((await who.begin('c', 9 << 20)).body.error, 'disk-full');
  assert.equal((await who.share('d', makeBytes(1000))).status, 200, 'a small one still fits');
});
