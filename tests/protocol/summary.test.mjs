// The summary of a meeting: made by the server, whoever is still there, also after a crash; who may read, change, send and delete it;
// what is never made. Content is put into the database while nobody looks.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Person } from './lib/client.mjs';
import { CTL, Daemon, INSTRUMENTED, makeState, until } from './lib/daemon.mjs';
import { change } from './lib/recording.mjs';
import { Room } from './lib/room.mjs';

const HOSTILE = '<script>alert(1)</script>"\'&](javascript:alert(2))|`=cmd';
let daemon;
const start = () => Daemon.start({ config: { rooms: { 'empty-seconds': 1, 'seat-seconds': 1 }, development: { 'signalling-only-kinds': 'boardroom' } } });
before(async () => { daemon = await start(); });
after(() => daemon.stop());

/** Any request as bytes, on a connection of its own. */
const fetchRaw = (where, { method = 'GET', key, body, port = daemon.port } = {}) => new Promise((resolve, reject) => {
  const headers = { ...key ? { authorization: `Bearer ${key}` } : {}, ...body ? { 'content-type': 'application/json' } : {} };
  const request = http.request({ host: daemon.host, port, path: where, method, headers, agent: false }, answer => {
    const parts = [];
    answer.on('data', part => parts.push(part)).on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, bytes: Buffer.concat(parts), get text () { return this.bytes.toString(); }, get json () { return JSON.parse(this.text); } }));
  });
  request.on('error', reject).end(body && JSON.stringify(body));
});

const ctl = (...words) => execFileSync(CTL, ['--socket', daemon.adminSocket, ...words], { encoding: 'utf8', maxBuffer: 1 << 26 });
const secretOf = joined => joined.summary.split('#')[1];
const summaryPath = meeting => `/api/v1/meetings/${meeting}/summary`;

/** What people share and who they are, as the server keeps it. */
function fill (where, meeting, at = Date.now()) {
  const register = fields => JSON.stringify(Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, [value, 1, 'server']])));
  const put = (id, type, fields) => change(where, 'INSERT INTO content (meeting, id, type, state) VALUES (?, ?, ?, ?)', meeting, id, type, register(fields));
  change(where, `INSERT INTO attendance (meeting, person, name, role, device, joined) VALUES (?, 'pa', ?, 'host', 'browser', ?)`, meeting, HOSTILE, at);
  put('i', 'item', { title: 'Figures', owner: 'Ann', minutes: 5, order: 'a', started: at, spent: 60000, done: true });
  put('b', 'block', { kind: 'decision', text: `We go on. ${HOSTILE}`, order: 'a', owner: '', due: '' });
  put('a', 'block', { kind: 'action', text: 'Write it down', order: 'b', owner: 'Ann', due: '2027-01-15' });
  put('m', 'message', { text: 'hello', name: 'Ann', at, from: 'pa', reply: '' });
  put('c', 'caption', { text: 'Good --> morning', name: 'Ann', at: at + 1000, lang: 'en', by: 'pa' });
}

async function hold (options = {}) {
  const room = await Room.create(daemon, options);
  const ann = await Person.join(daemon, room, { host: true });
  return { room, ann, meeting: ann.joined.meeting, secret: ann.joined.summary && secretOf(ann.joined) };
}

const ready = (meeting, key) => until('the summary is made', async () => {
  const answer = await fetchRaw(summaryPath(meeting), { key });
  return answer.status === 200 && answer.json;
});

test('it is made when the meeting ends, with every browser closed', async () => {
  const { ann, meeting, secret, room } = await hold({ title: `Tea ${HOSTILE}` });
  assert.match(ann.joined.summary, new RegExp(`^/summary/${meeting}#[A-Za-z0-9_-]{43}$`));
  fill(daemon, meeting);
  const early = await fetchRaw(summaryPath(meeting), { key: secret });
  assert.deepEqual([early.status, early.json], [202, { status: 'pending', waits_for: 'end' }]);
  ann.socket.ws.terminate(); // nobody says goodbye
  const { body, issue, actor, editable } = await ready(meeting, secret);
  assert.deepEqual([issue, actor, editable, body.title, body.reason], [1, 'server', false, `Tea ${HOSTILE}`, 'empty']);
  assert.deepEqual(body.attendance.map(({ name, role, device, left }) => [name, role, device, left === body.ended]),
    [['Ann', 'host', 'browser', false], [HOSTILE, 'host', 'browser', true]]);
  assert.deepEqual(body.minutes.map(block => block.kind), ['decision', 'action']);
  assert.deepEqual(body.chat.map(({ name, text }) => [name, text]), [['Ann', 'hello']]);

  const html = await fetchRaw(`${summaryPath(meeting)}?format=html&download=1`, { key: secret });
  assert.equal(html.headers['content-type'], 'text/html; charset=utf-8');
  assert.match(html.headers['content-disposition'], /^attachment;/);
  assert.match(html.headers['content-security-policy'], /default-src 'none'.*sandbox/);
  assert.ok(!/<script|javascript:[^<]*"/.test(html.text) && html.text.includes('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;'));
  const markdown = await fetchRaw(`${summaryPath(meeting)}?format=md`, { key: secret });
  assert.ok(markdown.text.includes('\\<script\\>') && !/[^\\]\]\(javascript/.test(markdown.text));
  const captions = await fetchRaw(`${summaryPath(meeting)}?format=vtt`, { key: secret });
  assert.match(captions.text, /^WEBVTT\n\n00:00:0\d\.\d{3} --> 00:00:\d\d\.\d{3}\n<v Ann>Good --&gt; morning\n$/);
  const pdf = await fetchRaw(`${summaryPath(meeting)}?format=pdf`, { key: secret });
  assert.equal(pdf.headers['content-type'], 'application/pdf');
  const text = execFileSync('pdftotext', ['-layout', '-', '-'], { input: pdf.bytes, encoding: 'utf8' });
  assert.ok(text.includes('We go on.') && text.includes('15 January 2027'));
  assert.deepEqual(JSON.parse((await fetchRaw(`${summaryPath(meeting)}?format=json`, { key: secret })).text).body, body);
  assert.equal((await fetchRaw(`${summaryPath(meeting)}?format=docx`, { key: secret })).status, 400);

  assert.match(ctl('meeting', 'list', room.id), new RegExp(`^${meeting} .* empty$`, 'm'));
  const file = path.join(daemon.state, 'out.pdf');
  ctl('meeting', 'summary', meeting, '--format', 'pdf', '--to', file);
  assert.equal(fs.readFileSync(file).subarray(0, 5).toString(), '%PDF-');
  assert.equal(ctl('meeting', 'summary', meeting, '--format', 'md', '--to', '-'), markdown.text);
});

test('others may not read it; hosts change it, and the last issue counts', async () => {
  const { room, ann, meeting, secret } = await hold();
  fill(daemon, meeting);
  assert.equal(JSON.parse(ctl('room', 'end', room.id, '--json')).meeting, meeting);
  await ready(meeting, secret);
  assert.equal((await fetchRaw(summaryPath(meeting))).status, 401);
  assert.equal((await fetchRaw(summaryPath(meeting), { key: Buffer.alloc(32).toString('base64url') })).status, 401);
  assert.equal((await fetchRaw(summaryPath(meeting), { key: room.joinKey.toString('base64url') })).status, 401);
  assert.equal((await fetchRaw(summaryPath('mabcdefghijkm'), { key: secret })).status, 401);

  const host = room.hostKey.toString('base64url');
  const put = (body, key = host) => fetchRaw(summaryPath(meeting), { method: 'PUT', key, body });
  const minutes = [{ kind: 'decision', text: 'We stop.', owner: '', due: '' }];
  assert.equal((await put({ issue: 1, minutes }, secret)).status, 403);
  for (const bad of [{ minutes }, { issue: 1, documents: [] }, { issue: 1, minutes: [{ kind: 'order', text: '', owner: '', due: '' }] }, { issue: 1, title: 'a\u202eb' }])
    assert.equal((await put(bad)).status, 400, JSON.stringify(bad));
  const second = await put({ issue: 1, minutes, chat: null, title: 'Other' });
  assert.deepEqual([second.status, second.json.issue, second.json.actor, second.json.body.title, second.json.body.chat], [200, 2, 'host', 'Other', null]);
  assert.deepEqual(second.json.body.minutes, minutes);
  assert.equal(second.json.body.agenda.length, 1, 'what was left out stays');
  assert.deepEqual([(await put({ issue: 1, title: 'Late' })).json.error], ['outdated']);
  assert.equal((await ready(meeting, secret)).issue, 2);
  /* the room was made over the admin socket: its host is nobody who is known; what was refused stands nowhere */
  const edits = JSON.parse(ctl('audit', 'list', '--json', '--of', meeting)).entries.filter(({ action }) => action === 'summary.edit');
  assert.deepEqual(edits.map(({ actor, detail }) => [actor, detail]), [['anybody', '']]);
  assert.equal((await fetchRaw(`${summaryPath(meeting)}/mail`, { method: 'POST', key: host, body: { to: ['a@example.org'] } })).json.error, 'not-available');
  ann.socket.ws.terminate();
});

/** A host, somebody else, and one who is made a co-host on the way; who is to read it is said while they meet. */
async function holdWith (before, live) {
  const { room, ann, meeting, secret } = await hold({ summary: before });
  const [ben, cem] = [await Person.join(daemon, room, { name: 'Ben' }), await Person.join(daemon, room, { name: 'Cem' })];
  assert.deepEqual([secretOf(ben.joined) === secret, secretOf(ben.joined) === secretOf(cem.joined)], [false, true]);
  assert.equal((await ann.ask('role', { person: cem.joined.self, role: 'cohost' })).type, 'ok');
  assert.equal((await cem.take('role')).summary, ann.joined.summary);
  assert.equal((await ann.ask('change', { ops: [{ o: 'settings', t: 'settings', c: 9, a: ann.joined.self, f: { summary: live } }] })).type, 'ok');
  const early = await fetchRaw(summaryPath(meeting), { key: secretOf(ben.joined) });
  assert.deepEqual([early.status, early.json], [202, { status: 'pending', waits_for: 'end' }]);
  assert.equal((await fetchRaw(`/api/v1/meetings/${meeting}/documents`, { key: secretOf(ben.joined) })).status, 401);
  ctl('room', 'end', room.id);
  await ready(meeting, secret);
  for (const { socket } of [ann, ben, cem])
    socket.ws.terminate();
  return { meeting, secret, people: secretOf(ben.joined) };
}

test('who reads it is as hosts said last, whatever link people have', async () => {
  const closed = await holdWith('people', 'hosts');
  for (const where of ['summary', 'summary?format=pdf', 'documents'])
    assert.deepEqual([(await fetchRaw(`/api/v1/meetings/${closed.meeting}/${where}`, { key: closed.people })).status,
      (await fetchRaw(`/api/v1/meetings/${closed.meeting}/${where}`, { key: closed.secret })).status], [401, 200], where);
  const open = await holdWith('hosts', 'people');
  for (const where of ['summary', 'summary?format=md', 'documents'])
    assert.equal((await fetchRaw(`/api/v1/meetings/${open.meeting}/${where}`, { key: open.people })).status, 200, where);
  assert.equal((await fetchRaw(summaryPath(open.meeting), { method: 'PUT', key: open.people, body: { issue: 1, title: 'Mine' } })).status, 403);
});

const block = text => ({ kind: 'text', text, owner: '', due: '' });
const blocks = bytes => Array.from({ length: Math.ceil(bytes / 4000) }, (_, i) => block(`${i} `.padEnd(4000, 'long ')));

test('a summary that is long is changed, by who may, up to a limit', async () => {
  const { room, ann, meeting, secret } = await hold();
  fill(daemon, meeting);
  ctl('room', 'end', room.id);
  await ready(meeting, secret);
  ann.socket.ws.terminate();
  const host = room.hostKey.toString('base64url');
  const put = (body, key = host) => fetchRaw(summaryPath(meeting), { method: 'PUT', key, body });
  const minutes = blocks(1 << 20);
  const second = await put({ issue: 1, minutes });
  assert.deepEqual([second.status, second.json.issue], [200, 2]);
  assert.deepEqual(second.json.body.minutes, minutes);
  assert.equal((await put({ issue: 1, minutes })).json.error, 'outdated');
  assert.equal((await put({ issue: 2, minutes: [...minutes, { text: 7 }] })).json.error, 'bad-message');
  assert.equal((await daemon.admin('PUT', summaryPath(meeting), { issue: 2, minutes: blocks(2 << 20) })).body.issue, 3);

  const said = blocks(5 << 20).map(({ text }, i) => ({ at: i + 1, name: 'Ann', text, reply_name: '', reply_text: '', reactions: [], edited: false }));
  assert.equal((await put({ issue: 3, chat: said })).json.issue, 4);
  const large = { error: 'too-large', text: 'This is too large: it can have up to 8 MiB.' };
  assert.deepEqual((await put({ issue: 4, minutes: blocks(4 << 20) })).json, large, 'together they are longer than a summary may be');
  assert.deepEqual((await put({ issue: 4, title: 'x'.repeat(9 << 20) })).json, large);
  assert.equal((await put({ issue: 4, title: 'Still short' })).json.issue, 5);
});

/** The head of a PUT of `length` bytes. @returns {import('node:net').Socket} */
function begin (meeting, key, length) {
  const socket = net.connect(daemon.port, daemon.host);
  socket.on('error', () => {});
  socket.write(`PUT ${summaryPath(meeting)} HTTP/1.1\r\nHost: ${new URL(daemon.origin).host}\r\n${key ? `Authorization: Bearer ${key}\r\n` : `Origin: ${daemon.origin}\r\n`}Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`);
  return socket;
}

/** All that it is answered until the connection is closed, whatever is sent. */
async function pour (socket, bytes) {
  let text = '';
  socket.on('data', data => text += data);
  const closed = new Promise(resolve => socket.on('close', resolve));
  for (let sent = 0; sent < bytes && !socket.destroyed; sent += 65536)
    if (!socket.write(Buffer.alloc(65536, 'x')))
      await Promise.race([closed, new Promise(resolve => socket.once('drain', resolve))]);
  await closed;
  return text;
}

test('of long bodies nothing is kept for who may not, and few at once for who may', async () => {
  const { room, ann, meeting, secret } = await hold();
  ctl('room', 'end', room.id);
  await ready(meeting, secret);
  ann.socket.ws.terminate();
  const host = room.hostKey.toString('base64url');
  const before = daemon.rss;
  for (const [key, error] of [[secret, 'not-allowed'], [null, 'no-session'], [Buffer.alloc(32, 7).toString('base64url'), 'no-session']]) {
    assert.match(await pour(begin(meeting, key, 512 * 1024), 512 * 1024), new RegExp(`Connection: close[^]*"error":"${error}"`), error);
    await pour(begin(meeting, key, 8 << 20), 8 << 20); // is cut
  }
  assert.ok(daemon.rss - before < 2048 || INSTRUMENTED, `grew by ${daemon.rss - before} KiB`);

  const change = { issue: 1, minutes: blocks(100 * 1024) };
  const put = () => fetchRaw(summaryPath(meeting), { method: 'PUT', key: host, body: change });
  const slow = [];
  await until('a few are being read', async () => {
    slow.push(begin(meeting, host, 100 * 1024));
    return (await put()).json.error === 'server-full';
  });
  assert.match(await pour(begin(meeting, null, 100 * 1024), 100 * 1024), /"error":"no-session"/, 'that is for those who may');
  slow.forEach(socket => socket.destroy());
  await until('there is room again', async () => (await put()).json.error !== 'server-full');
  // So many wrong keys, and whoever tries more has to wait: the others are to ask another server.
  await daemon.stop();
  daemon = await start();
});

test('deleting a record takes all of it, but for a meeting that runs', async () => {
  const { room, meeting, secret, ann } = await hold();
  fill(daemon, meeting);
  assert.equal((await daemon.admin('DELETE', `/api/v1/meetings/${meeting}`)).body.error, 'meeting-runs');
  ctl('room', 'end', room.id);
  await ready(meeting, secret);
  const folder = path.join(daemon.folder, 'documents', meeting);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'fabcdefghijkm'), 'a document');
  change(daemon, `INSERT INTO document (id, meeting, person, by_name, name, media_type, bytes, status, created) VALUES ('fabcdefghijkm', ?, 'p', 'Ann', 'a', 'text/plain', 10, 'ready', 1)`, meeting);
  assert.match(ctl('meeting', 'delete', meeting), /deleted/);
  assert.ok(!fs.existsSync(folder));
  assert.equal((await fetchRaw(summaryPath(meeting), { key: secret })).status, 401);
  assert.deepEqual((await daemon.admin('GET', `/api/v1/rooms/${room.id}/meetings`)).body.meetings, []);
  assert.equal((await daemon.admin('DELETE', `/api/v1/meetings/${meeting}`)).status, 404);
  ann.socket.ws.terminate();
});

test('who hosts the room deletes a record without an account, who only reads it does not', async () => {
  const { room, meeting, secret, ann } = await hold();
  ctl('room', 'end', room.id);
  await ready(meeting, secret);
  const remove = key => fetchRaw(`/api/v1/meetings/${meeting}`, { method: 'DELETE', key });
  assert.equal((await remove(secret)).json.error, 'not-allowed');
  assert.equal((await remove((await Room.create(daemon)).hostKey.toString('base64url'))).status, 401);
  assert.equal((await fetchRaw(summaryPath(meeting), { key: secret })).status, 200);
  assert.equal((await remove(room.hostKey.toString('base64url'))).status, 204);
  assert.equal((await fetchRaw(summaryPath(meeting), { key: secret })).status, 401);
  ann.socket.ws.terminate();
});

test('nothing of an Off-the-record meeting is kept, whatever is in the database', async () => {
  const { room, ann, meeting } = await hold({ kind: 'otr' });
  assert.equal(ann.joined.summary, null);
  assert.equal((await daemon.admin('GET', `/api/v1/rooms/${room.id}`)).body.summary, 'off');
  assert.equal((await daemon.admin('PATCH', `/api/v1/rooms/${room.id}`, { summary: 'people' })).status, 403);
  fill(daemon, meeting); // as if somebody had forgotten themselves
  ctl('room', 'end', room.id);
  const other = await hold();
  ctl('room', 'end', other.room.id);
  await ready(other.meeting, other.secret); // made after it, had it been made
  const answer = await daemon.admin('GET', summaryPath(meeting));
  assert.deepEqual([answer.status, answer.body.error], [404, 'not-found']);
  ann.socket.ws.terminate();
});

test('a room without summaries keeps nothing of what was shared', async () => {
  const { room, ann, meeting, secret } = await hold({ summary: 'off' });
  fill(daemon, meeting);
  ctl('room', 'end', room.id);
  await until('it is forgotten', async () => (await daemon.admin('GET', summaryPath(meeting))).status === 404);
  assert.equal((await fetchRaw(summaryPath(meeting), { key: secret })).status, 401);
  ann.socket.ws.terminate();
});

test('after kill -9 in the middle of a meeting the summary still comes', async () => {
  const state = makeState();
  let other = await Daemon.start({ state });
  const room = await Room.create(other);
  const ann = await Person.join(other, room, { host: true });
  const { meeting } = ann.joined;
  fill(other, meeting);
  await other.kill('SIGKILL');
  other = await Daemon.start({ state });
  try {
    const answer = await until('it is made', async () => {
      const { status, body } = await other.admin('GET', summaryPath(meeting));
      return status === 200 && body;
    });
    assert.deepEqual([answer.body.reason, answer.body.minutes.length, answer.body.attendance.some(({ name }) => name === HOSTILE)], ['crash', 2, true]);
    assert.equal((await fetchRaw(summaryPath(meeting), { key: secretOf(ann.joined), port: other.port })).status, 200);
  } finally {
    await other.stop();
  }
});
