// The server never sees a link's secrets: neither what reached it nor what it keeps holds S or H, in any writing. Rooms
// are made by the two that make them for people: conclavectl, and the web client's own code.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { after, before, test } from 'node:test';
import '../web/setup.mjs';
import { makeRoom } from '../../data/web/core/link.js';
import { Person } from './lib/client.mjs';
import { CTL, Daemon } from './lib/daemon.mjs';
import { Room } from './lib/room.mjs';

let daemon;
before(async () => {
  daemon = await Daemon.start({ config: { server: { 'log-level': 'debug' } } });
});
after(() => daemon.stop());

/** Every way in which 32 bytes may stand in a file or on a wire. */
function writings (secret) {
  const bytes = Buffer.from(secret);
  return [bytes, ...['base64', 'base64url', 'hex'].flatMap(encoding => {
    const text = bytes.toString(encoding);
    return [text, text.toUpperCase(), text.toLowerCase(), encodeURIComponent(text)];
  })].map(form => Buffer.from(form));
}

function assertAbsent (where, bytes, secrets) {
  for (const secret of secrets)
    for (const form of writings(secret))
      assert.equal(bytes.indexOf(form), -1, `${where} holds a secret as ${String(form)}`);
}

/** Everything the daemon keeps: database, WAL, whatever else lies in its directory, and its log. */
function kept () {
  const files = fs.readdirSync(daemon.state, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  assert.ok(files.some(({ name }) => name === 'conclave.db'));
  return [...files.map(entry => fs.readFileSync(path.join(entry.parentPath ?? entry.path, entry.name))), Buffer.from(daemon.log)];
}

/** A proxy in front of the daemon's public address or admin socket that writes down what goes through, both ways. */
async function tap (target, listen) {
  const seen = [];
  const server = net.createServer(client => {
    const upstream = net.connect(target);
    client.on('data', data => { seen.push(data); upstream.write(data); });
    upstream.on('data', data => { seen.push(data); client.write(data); });
    client.on('error', () => {}).on('close', () => upstream.destroy());
    upstream.on('error', () => {}).on('close', () => client.destroy());
  });
  await new Promise(resolve => server.listen(listen, resolve));
  return { server, get bytes () { return Buffer.concat(seen); } };
}

/** WebSocket payloads of the client are masked: what the daemon received is seen before ws masks it. */
async function meet (room) {
  const sent = [];
  const ann = await Person.join(daemon, room, { host: true });
  const { send } = ann.socket;
  ann.socket.send = message => { sent.push(JSON.stringify(message)); send.call(ann.socket, message); };
  await ann.chat('hello');
  await ann.cut();
  await ann.resume();
  await ann.leave();
  return Buffer.from(JSON.stringify(room.join({ host: true })) + sent.join());
}

test('the search finds what is there', () => {
  const secret = Buffer.from('00112233445566778899aabbccddeeff'.repeat(2), 'hex');
  assert.throws(() => assertAbsent('a text', Buffer.from(`xx${secret.toString('base64url')}xx`), [secret]), /holds a secret/);
  assert.throws(() => assertAbsent('bytes', Buffer.concat([Buffer.from('x'), secret]), [secret]), /holds a secret/);
});

test('a room of the web client', async () => {
  const { link, body } = await makeRoom('standard', 'Of the web client');
  const room = new Room({ id: link.room, title: body.title, secret: Buffer.from(link.secret), hostSecret: Buffer.from(link.hostSecret) });
  const { orders, ...rest } = body;
  assert.deepEqual(rest, room.body, 'the page and its code derive alike');
  assert.deepEqual(Object.keys(JSON.parse(orders)).sort(), ['key', 'mac', 'sealed']);
  const made = await daemon.request('POST', '/api/v1/rooms', body);
  assert.equal(made.status, 201);
  const received = await meet(room);
  const secrets = [link.secret, link.hostSecret];
  assertAbsent('what was sent', Buffer.concat([Buffer.from(JSON.stringify(body)), received]), secrets);
  assertAbsent('what was answered', made.bytes, secrets);
  kept().forEach(bytes => assertAbsent('what is kept', bytes, [...secrets, room.joinKey, room.hostKey]));
});

test('a room of conclavectl', async () => {
  const socket = path.join(daemon.state, 'tap.sock');
  const proxy = await tap(daemon.adminSocket, socket);
  const { stdout } = await promisify(execFile)(CTL, ['--socket', socket, 'room', 'create', '--kind', 'standard', '--title', 'Of the operator', '--json']);
  const { id, host_url, join_url } = JSON.parse(stdout);
  const [, s, h] = /#([\w-]{43})\.([\w-]{43})$/.exec(host_url);
  assert.ok(join_url.endsWith(`/r/${id}#${s}`));
  const room = new Room({ id, secret: Buffer.from(s, 'base64url'), hostSecret: Buffer.from(h, 'base64url') });
  const received = await meet(room);
  const secrets = [room.secret, room.hostSecret];
  assert.ok(proxy.bytes.includes(id));
  assertAbsent('the admin socket', proxy.bytes, [...secrets, room.joinKey, room.hostKey]);
  assertAbsent('what was sent', received, secrets);
  kept().forEach(bytes => assertAbsent('what is kept', bytes, [...secrets, room.joinKey, room.hostKey]));
  proxy.server.close();
});

/** What is kept of names and words, and for how long, is the summary's affair (summary.test.mjs, sharing.test.mjs). */
test('names and chat are never logged, and no token is kept', async () => {
  const room = await Room.create(daemon);
  const ann = await Person.join(daemon, room, { name: 'Annegret Musterfrau' });
  await ann.chat('a very private remark');
  await ann.leave();
  for (const text of ['Annegret', 'private remark'])
    assert.ok(!daemon.log.includes(text), text);
  for (const bytes of kept())
    assert.equal(bytes.indexOf(ann.token), -1);
});
