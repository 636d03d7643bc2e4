// What an operator meets: bad configuration, a second start, crashes, a full disk, too few descriptors, the end.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import tls from 'node:tls';
import { test } from 'node:test';
import { Person, connect, refusedJoin, refusedResume } from './lib/client.mjs';
import { Daemon, FAKE_MEDIA, INSTRUMENTED, makeState, runToEnd, sleep, until } from './lib/daemon.mjs';
import { query } from './lib/database.mjs';
import { rawConnect } from './lib/raw.mjs';
import { Room } from './lib/room.mjs';

test('bad configuration is refused with file, group, key and what is allowed', async () => {
  const state = makeState();
  const file = path.join(state, 'my.conf');
  for (const [text, expected] of [
    ['[server]\nlisten = nowhere\n', /\[server\] listen = nowhere: must be ADDRESS:PORT/],
    ['[server]\ntls = maybe\n', /\[server\] tls = maybe: must be true or false/],
    ['[server]\npublic-url = http://x\n', /\[server\] public-url = http:\/\/x: must be https:/],
    ['[rooms]\nseat-seconds = 0\n', /\[rooms\] seat-seconds = 0: must be a whole number from 1 to 600/],
    ['[limits]\njoins-per-minute = -1\n', /\[limits\] joins-per-minute/],
    ['[turn]\nservers = stun:example.org\n', /\[turn\] servers = stun:example.org: must be turn:/],
    ['[server]\nport = 1\n', /\[server\] port: unknown key; there are listen/],
    ['[sever]\nlisten = x\n', /\[sever\]: unknown group; there are server/],
    ['[server]\nlisten\n', /my\.conf/],
    ['nonsense', /my\.conf/],
  ])
    for (const mode of [[], ['--check-config']]) {
      fs.writeFileSync(file, text);
      const { code, text: said } = await runToEnd(['--config', file, '--state', state, ...mode]);
      assert.equal(code, 78, said);
      assert.match(said, expected);
      assert.ok(said.includes(file), said);
    }
  const { code, text } = await runToEnd(['--config', path.join(state, 'missing.conf'), '--state', state]);
  assert.equal(code, 78);
  assert.match(text, /missing\.conf/);
  assert.ok(!fs.existsSync(path.join(state, 'conclave.db')), 'nothing was made');
  for (const [args, status] of [[['--nonsense'], 64], [['extra'], 64], [[], 64]])
    assert.equal((await runToEnd(args)).code, status, String(args));
  fs.rmSync(state, { recursive: true });
});

test('an address that is taken, a state that cannot be', async () => {
  const daemon = await Daemon.start();
  const state = makeState();
  const taken = await runToEnd(['--state', state, '--listen', `127.0.0.1:${daemon.port}`]);
  assert.equal(taken.code, 1);
  assert.match(taken.text, /conclaved: .*in use/i);
  const impossible = await runToEnd(['--state', '/dev/null/x', '--listen', '127.0.0.1:0']);
  assert.equal(impossible.code, 1);
  assert.match(impossible.text, /\/dev\/null\/x/);
  fs.writeFileSync(path.join(state, 'conclave.db'), 'this is no database, and long enough to be told from one that is empty'.repeat(100));
  const broken = await runToEnd(['--state', state, '--listen', '127.0.0.1:0']);
  assert.equal(broken.code, 1);
  assert.match(broken.text, /conclave\.db/);
  fs.rmSync(state, { recursive: true });
  await daemon.stop();
});

test('a second daemon on the same state changes nothing', async () => {
  const state = makeState();
  const daemon = await Daemon.start({ state });
  const room = await Room.create(daemon);
  const ann = await Person.join(daemon, room);
  await until('the meeting is stored', () => query(state, 'SELECT 1 FROM meeting').length === 1);
  const { code, text } = await runToEnd(['--state', state, '--listen', '127.0.0.1:0']);
  assert.equal(code, 1);
  assert.match(text, /in use/);
  assert.ok(text.includes(state), text);
  assert.deepEqual(query(state, 'SELECT ended FROM meeting'), [[null]], 'the running meeting was not closed by the other');
  assert.equal((await ann.chat('nothing happened')).type, 'ok');
  assert.equal((await daemon.admin('GET', '/api/v1/status')).status, 200, 'the admin socket is still the first one’s');
  await ann.leave();
  await daemon.stop();
  fs.rmSync(state, { recursive: true });
});

test('after a crash', async () => {
  const state = makeState();
  const first = await Daemon.start({ state });
  const room = await Room.create(first);
  const ann = await Person.join(first, room);
  const { meeting } = ann.joined;
  await until('the meeting is stored', () => query(state, 'SELECT 1 FROM meeting').length === 1);
  await first.kill('SIGKILL');
  assert.ok(fs.existsSync(first.adminSocket), 'the socket is stale now');
  const second = await Daemon.start({ state });
  const [[ended, reason]] = query(state, `SELECT ended, reason FROM meeting WHERE id = '${meeting}'`);
  assert.ok(Math.abs(ended - Date.now()) < 10_000 && reason, `${ended} ${reason}`);
  assert.equal((await refusedResume(second, ann.token, ann.seq)).error, 'session-lost');
  const again = await Person.join(second, room);
  assert.notEqual(again.joined.meeting, meeting);
  assert.equal((await second.admin('GET', '/api/v1/rooms')).body.rooms.length, 1);
  assert.match(second.log, /1 meetings? (was|were) cut short/);
  await again.leave();
  await second.stop();
  fs.rmSync(state, { recursive: true });
});

test('what is kept is private', async () => {
  const daemon = await Daemon.start({ config: { server: { tls: true } } });
  const names = fs.readdirSync(daemon.state);
  for (const name of ['conclave.db', 'admin.sock', 'tls'])
    assert.ok(names.includes(name), name);
  for (const name of names)
    assert.equal(fs.statSync(path.join(daemon.state, name)).mode & 0o077, 0, name);
  await daemon.stop();
});

test('the end: everyone is told, and it is quick', async () => {
  const daemon = await Daemon.start();
  const room = await Room.create(daemon);
  const people = [];
  for (let i = 0; i < 5; i++)
    people.push(await Person.join(daemon, room));
  const silent = await connect(daemon);
  const raw = await rawConnect(daemon);
  raw.write('GET / HT');
  const time = await daemon.stop();
  for (const socket of [...people.map(person => person.socket), silent])
    assert.equal(await socket.ended, 1001);
  assert.ok(time < 1000 || INSTRUMENTED, `${time} ms`);
});

test('the end with requests and joins on the way', async () => {
  for (let i = 0; i < 5; i++) {
    const daemon = await Daemon.start();
    const room = await Room.create(daemon);
    const working = [...Array(10).keys()].flatMap(() => [
      daemon.request('POST', '/api/v1/rooms', new Room().body).catch(() => {}),
      Person.join(daemon, room).catch(() => {}),
      daemon.request('GET', '/').catch(() => {}),
    ]);
    await sleep(i * 3);
    await daemon.stop();
    await Promise.all(working);
  }
});

test('who goes before the answer comes does no harm', async () => {
  const daemon = await Daemon.start();
  const room = await Room.create(daemon);
  const body = JSON.stringify(new Room().body);
  for (let i = 0; i < 100; i++) {
    const socket = await rawConnect(daemon);
    socket.write(`POST /api/v1/rooms/${room.id}/check HTTP/1.1\r\nHost: x\r\nOrigin: ${daemon.origin.replace(/\/\/.*/, '//x')}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body}`.slice(0, i % 2 ? undefined : -10));
    if (i % 3 === 0)
      socket.socket.resetAndDestroy();
    else
      socket.destroy();
    const other = await connect(daemon);
    other.send(room.join());
    await other.cut();
  }
  assert.equal((await daemon.request('GET', '/health')).status, 200);
  await daemon.stop();
});

/** What runs the daemon with a state directory of 2 MiB, or, where nobody lets us mount, with files that hardly grow. */
async function scarce (state) {
  const mount = 'mount -t tmpfs -o size=2m,mode=700 tmpfs "$0"';
  try {
    execFileSync('unshare', ['--mount', 'sh', '-c', mount, state], { stdio: 'ignore' });
    return { mounts: true, under: ['unshare', '--mount', 'sh', '-c', `${mount} && exec "$@"`, state] };
  } catch {
    await (await Daemon.start({ state })).stop();
    const size = fs.statSync(path.join(state, 'conclave.db')).size;
    return { mounts: false, under: ['prlimit', `--fsize=${size + 32_768}`] };
  }
}

test('a full disk: no new room, but a meeting goes on', async () => {
  const state = makeState();
  const { mounts, under } = await scarce(state);
  const daemon = await Daemon.start({ state, under, mounts });
  const room = await Room.create(daemon);
  const other = await Room.create(daemon);
  const ann = await Person.join(daemon, room);
  if (mounts)
    fill(daemon.folder);
  const made = await until('the disk is full', async () => {
    const answer = await daemon.admin('POST', '/api/v1/rooms', new Room({ title: 'x'.repeat(120) }).body);
    return answer.status !== 201 && answer;
  }, 30_000);
  assert.deepEqual([made.status, made.body], [500, { error: 'store-failed', text: 'The server could not save this. Try again later.' }]);
  assert.equal((await ann.chat('this goes on')).type, 'ok');
  const bob = await Person.join(daemon, room);
  await bob.leave();
  const elsewhere = await Person.join(daemon, other);
  await elsewhere.leave();
  await ann.leave();
  if (mounts) {
    fs.rmSync(path.join(daemon.folder, 'fill'));
    await Room.create(daemon);
  }
  await daemon.stop();
  fs.rmSync(state, { recursive: true });
});

/** The certificate that a new connection gets. */
async function fingerprint (daemon) {
  const socket = tls.connect({ host: daemon.host, port: daemon.port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

/** Whether the TURN credentials that somebody gets now are made with this secret. */
async function madeWith (person, secret) {
  const { ice: { servers: [{ username, credential }] } } = await person.ask('turn');
  return credential === createHmac('sha1', secret).update(username).digest('base64');
}

test('reloading: another certificate and TURN secret for whoever comes, nothing for who is there; what is wrong changes nothing', async () => {
  const [first, second] = [makeState(), makeState()];
  for (const state of [first, second]) { // each makes its own
    const daemon = await Daemon.start({ state, config: { server: { tls: true } } });
    await daemon.stop();
  }
  const [certificate, key] = ['certificate', 'key'].map(name => path.join(first, `${name}.pem`));
  const install = state => ['certificate', 'key'].forEach(name => fs.copyFileSync(path.join(state, 'tls', `${name}.pem`), path.join(first, `${name}.pem`)));
  install(first);
  const state = makeState();
  const daemon = await Daemon.start({ state, config: { server: { tls: true, 'certificate-file': certificate, 'key-file': key },
    turn: { servers: 'turn:127.0.0.1:3478', secret: 'the first secret' } } });
  const room = await Room.create(daemon);
  const ann = await Person.join(daemon, room);
  const before = await fingerprint(daemon);
  install(second);
  fs.writeFileSync(`${state}.secret`, 'the second secret\n');
  assert.equal(await fingerprint(daemon), before, 'not by itself');
  assert.ok(await madeWith(ann, 'the first secret'));
  await daemon.reload();
  assert.doesNotMatch(daemon.log, /counts from the next start/);
  const after = await fingerprint(daemon);
  assert.notEqual(after, before);
  assert.ok(await madeWith(ann, 'the second secret'));
  assert.equal((await ann.chat('still here')).type, 'ok');
  fs.writeFileSync(key, 'no key\n');
  process.kill(daemon.pid, 'SIGHUP');
  await until('it says why not', () => /WARNING main: nothing was reloaded: .*key\.pem/.test(daemon.log));
  install(second);
  fs.appendFileSync(`${state}.conf`, '\n[server]\nlog-level = loud\n');
  process.kill(daemon.pid, 'SIGHUP');
  await until('it says what is wrong', () => /nothing was reloaded: .*log-level = loud/.test(daemon.log));
  assert.equal(await fingerprint(daemon), after);
  assert.ok(await madeWith(ann, 'the second secret'));
  assert.equal((await ann.chat('still here')).type, 'ok');
  await ann.leave();
  await daemon.stop();
  for (const one of [first, second, state])
    fs.rmSync(one, { recursive: true });
});

function fill (state) {
  const fd = fs.openSync(path.join(state, 'fill'), 'w');
  for (const size of [65536, 4096])
    try {
      while (fs.writeSync(fd, Buffer.alloc(size)) === size);
    } catch (error) {
      assert.equal(error.code, 'ENOSPC');
    }
  fs.closeSync(fd);
}

test('full: who comes is told, or closed, and descriptors are left for the rest; it recovers when clients go', async () => {
  const daemon = await Daemon.start({ under: ['prlimit', '--nofile=256:256'], config: { server: { 'max-connections-per-address': 1000 }, ...FAKE_MEDIA } });
  const room = await Room.create(daemon);
  const ann = await Person.join(daemon, room);
  const many = await Promise.all(Array.from({ length: 400 }, () => rawConnect(daemon)));
  const stay = () => many.filter(({ open }) => open);
  await until('the last are closed, and no more follow', async () => {
    const { length } = stay();
    await sleep(300);
    return length < 200 && stay().length === length;
  });
  const left = stay();
  assert.ok(left.length > 150, `${left.length} are open`);
  left.at(-1).write(`GET /health HTTP/1.1\r\nHost: x\r\n\r\n`);
  assert.equal(await left.at(-1).status(), 503);
  assert.match(left.at(-1).text, /server-full[^]*The server is full/);
  assert.doesNotMatch(daemon.log, /cannot accept/);
  assert.equal((await ann.chat('still here')).type, 'ok');
  assert.equal((await daemon.admin('GET', '/api/v1/status')).status, 200);
  many.forEach(socket => socket.destroy());
  const bob = await until('others may come again', () => Person.join(daemon, room).catch(() => null));
  assert.equal((await daemon.request('GET', '/health')).status, 200);
  await Promise.all([ann.leave(), bob.leave()]);
  await daemon.stop();
});

test('out of descriptors: it rests, and recovers when clients go', async () => {
  const daemon = await Daemon.start();
  const room = await Room.create(daemon);
  const ann = await Person.join(daemon, room);
  const most = daemon.descriptors + 40; // it knows nothing of that
  execFileSync('prlimit', ['--pid', String(daemon.pid), `--nofile=${most}:${most}`]);
  const many = await Promise.all(Array.from({ length: 100 }, () => rawConnect(daemon)));
  await until('it says so', () => /cannot accept connections/.test(daemon.log));
  const before = daemon.cpu;
  await sleep(1000);
  assert.ok(daemon.cpu - before < 200 || INSTRUMENTED, `${daemon.cpu - before} ms of work in a second`);
  assert.ok(daemon.log.split('cannot accept').length < 20, 'it does not fill the log');
  assert.equal((await ann.chat('still here')).type, 'ok');
  many.forEach(socket => socket.destroy());
  const bob = await until('others may come again', () => Person.join(daemon, room).catch(() => null));
  await Promise.all([ann.leave(), bob.leave()]);
  await daemon.stop();
});

test('a crash leaves no memory behind', async () => {
  const daemon = await Daemon.start({ under: ['prlimit', '--core=unlimited'] });
  const limits = fs.readFileSync(`/proc/${daemon.pid}/limits`, 'utf8');
  assert.match(limits, /Max core file size\s+0\s+0/);
  await daemon.stop();
});

test('as many descriptors as there are', async () => {
  const daemon = await Daemon.start({ under: ['prlimit', '--nofile=128:4096'] });
  const limits = fs.readFileSync(`/proc/${daemon.pid}/limits`, 'utf8');
  assert.match(limits, /Max open files\s+4096\s+4096/);
  assert.equal((await refusedJoin(daemon, new Room().join())).error, 'unknown-room');
  await daemon.stop();
});
