// Check 28: the database cannot be written for 30 s, is damaged while the server runs, or has no space any more. Who is in a meeting notices
// nothing, and what a copy has is restored: by the server itself, and by hand.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { CTL, makeState, sleep, until } from '../protocol/lib/daemon.mjs';
import { Stage } from '../media/lib/guest.mjs';
import { Room } from '../protocol/lib/room.mjs';
import { Call } from './lib/call.mjs';
import { figure } from './lib/figure.mjs';

const LOCKED = 30; // seconds
const PAGE = 4096;
const PATIENCE = 20_000;
const MOUNT = 'mount -t tmpfs -o size=64m,mode=700 tmpfs "$0"';
/** Holds the right to write, until its standard input ends. */
const HOLD = `import sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
db.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
`;

const database = daemon => path.join(daemon.folder, 'conclave.db');
const titles = async daemon => (await daemon.admin('GET', '/api/v1/rooms')).body.rooms.map(({ title }) => title).sort();
const healthy = async daemon => (await daemon.request('GET', '/health')).status === 200;

/** In a call of two; and what is said, somebody who comes and goes, for as long as `what` goes on. @returns {Promise<number>} ms that the slowest of these took */
async function meanwhile (call, what) {
  let busy = true, slowest = 0;
  const living = (async () => {
    for (let i = 0; busy; i++) {
      const from = performance.now();
      assert.equal((await call.host.chat(`${i}`)).type, 'ok');
      const guest = await call.stage.enter(call.room, { name: 'Visitor', media: false });
      await guest.leave();
      slowest = Math.max(slowest, performance.now() - from);
      await sleep(200);
    }
  })();
  try {
    await what();
  } finally {
    busy = false;
    await living;
  }
  return slowest;
}

/** The call goes on while `what` happens. */
async function survives (t, name, call, what) {
  let slowest = 0;
  const stats = await call.stage.during(async () => { slowest = await meanwhile(call, what); });
  const { received, lost } = call.losses(stats);
  await call.untilSeen();
  assert.equal(call.disturbed, false);
  figure(t, 28, `${name}: lost in a call, of ${received}`, lost, { most: 0, unit: 'packets' });
  t.diagnostic(`${name}: to say something, to come in and to leave took ${Math.round(slowest)} ms at most`);
}

test(`the database is locked for ${LOCKED} s`, async t => {
  const stage = await Stage.open();
  t.after(() => stage.close());
  const call = await Call.begin(stage, 2);
  await survives(t, 'locked', call, async () => {
    const holder = spawn('python3', ['-c', HOLD, database(stage.daemon)], { stdio: ['pipe', 'pipe', 'inherit'] });
    t.after(() => holder.kill('SIGKILL'));
    await once(createInterface({ input: holder.stdout }), 'line');
    const refused = await stage.daemon.admin('POST', '/api/v1/rooms', new Room({ title: 'Not now' }).body);
    assert.deepEqual([refused.status, refused.body.error], [500, 'store-failed']);
    await sleep(LOCKED * 1000);
    holder.stdin.end();
    await once(holder, 'exit');
  });
  const from = performance.now();
  await until('rooms can be made again', async () =>
    (await stage.daemon.admin('POST', '/api/v1/rooms', new Room({ title: 'Again' }).body)).status === 201, PATIENCE);
  await until('it is well', () => healthy(stage.daemon), PATIENCE);
  figure(t, 28, 'rooms can be made again after the lock, within', (performance.now() - from) / 1000, { most: 5, unit: 's' });
  await call.end();
  assert.deepEqual(await titles(stage.daemon), ['Again', 'Test']);
});

/** Everything that is only in the log comes into the file, where it can be damaged. */
const CHECKPOINT = 'import sqlite3, sys; print(sqlite3.connect(sys.argv[1], timeout=10).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])';

/** Every byte of all pages but the first, which says that it is a database, becomes another one. */
function flip (file) {
  assert.equal(execFileSync('python3', ['-c', CHECKPOINT, file], { encoding: 'utf8' }).trim(), '0');
  const bytes = fs.readFileSync(file);
  const fd = fs.openSync(file, 'r+');
  for (let at = PAGE; at < bytes.length; at += PAGE)
    fs.writeSync(fd, Buffer.from(bytes.subarray(at, at + PAGE).map(byte => byte ^ 0xff)), 0, Math.min(PAGE, bytes.length - at), at);
  fs.closeSync(fd);
}

/** With a room, a copy, another room, and somebody in a call. */
async function prepared (t) {
  const state = makeState();
  t.after(() => fs.rmSync(state, { recursive: true, force: true }));
  const stage = await Stage.open({ state });
  t.after(() => stage.close().catch(() => {}));
  await stage.room('standard', { title: 'Kept' });
  assert.equal((await stage.daemon.admin('POST', '/api/v1/backup')).status, 201);
  return { state, stage, call: await Call.begin(stage, 2) };
}

const again = (t, state) => Stage.open({ state }).then(stage => { t.after(() => stage.close()); return stage; });

for (const by of ['the server itself', 'conclavectl'])
  test(`the database is damaged while the server runs: restored by ${by}`, async t => {
    const { state, stage, call } = await prepared(t);
    await survives(t, 'damaged', call, async () => {
      flip(database(stage.daemon));
      for (let i = 0; i < 20; i++) { // what it answers is its own affair
        await stage.daemon.admin('POST', '/api/v1/rooms', new Room({ title: 'x'.repeat(100) }).body).catch(() => {});
        await sleep(100);
      }
    });
    await stage.daemon.kill('SIGKILL');
    await stage.close().catch(() => {});
    if (by === 'conclavectl')
      execFileSync(CTL, ['restore', 'latest', '--state', state], { stdio: 'ignore' });
    const next = await again(t, state);
    const found = await titles(next.daemon);
    assert.equal(/The backup .* takes its place/.test(next.daemon.log), by !== 'conclavectl', next.daemon.log);
    const other = await Call.begin(next, 2);
    figure(t, 28, `restored by ${by}: rooms of the copy that are there`, found.filter(title => title === 'Kept').length, { least: 1 });
    await other.end();
  });

test('no space is left', async t => {
  const probe = makeState();
  t.after(() => fs.rmSync(probe, { recursive: true, force: true }));
  try {
    execFileSync('unshare', ['--mount', 'sh', '-c', MOUNT, probe], { stdio: 'ignore' });
  } catch {
    return t.skip('no file system of its own may be mounted here');
  }
  const stage = await Stage.open({ state: probe, mounts: true, under: ['unshare', '--mount', 'sh', '-c', `${MOUNT} && exec "$@"`, probe] });
  t.after(() => stage.close());
  const call = await Call.begin(stage, 2);
  await survives(t, 'no space', call, async () => {
    const fd = fs.openSync(path.join(stage.daemon.folder, 'fill'), 'w');
    assert.throws(() => { for (;;) fs.writeSync(fd, Buffer.alloc(65536)); }, { code: 'ENOSPC' });
    fs.closeSync(fd);
    await until('no room can be made', async () =>
      (await stage.daemon.admin('POST', '/api/v1/rooms', new Room({ title: 'x'.repeat(100) }).body)).status === 500, PATIENCE);
    await sleep(5000);
    fs.rmSync(path.join(stage.daemon.folder, 'fill'));
  });
  assert.equal((await stage.daemon.admin('POST', '/api/v1/rooms', new Room({ title: 'Again' }).body)).status, 201);
  assert.ok(await healthy(stage.daemon));
  await call.end();
});
