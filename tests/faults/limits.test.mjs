// Check 35: few descriptors (`ulimit -n 256`) and little memory. Who comes is told that the server is full, or that there are no media now; whoever is
// in a call loses nothing, but for one room at most; and all is well again afterwards.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { test } from 'node:test';
import { Daemon, sleep, until } from '../protocol/lib/daemon.mjs';
import { rawConnect } from '../protocol/lib/raw.mjs';
import { Stage } from '../media/lib/guest.mjs';
import { alive, mediaOf } from '../media/lib/processes.mjs';
import { Call } from './lib/call.mjs';
import { figure } from './lib/figure.mjs';

const MANY = 1000, WAIT = 5000;
const PATIENCE = 20_000;
const MIB = 1024 * 1024;

/** What a new client is answered; 0: it is closed. @param {Daemon} daemon */
const health = daemon => daemon.request('GET', '/health').then(({ status }) => status, () => 0);

test('256 descriptors', async t => {
  const stage = await Stage.open({ under: ['prlimit', '--nofile=256:256'], config: { server: { 'max-connections-per-address': 10_000 } } });
  t.after(() => stage.close());
  const { daemon } = stage;
  const calls = [await Call.begin(stage, 3), await Call.begin(stage, 3)];
  const answers = new Map();
  const stats = await stage.during(async () => {
    const many = await Promise.all(Array.from({ length: MANY }, () => rawConnect(daemon)));
    t.after(() => many.forEach(socket => socket.destroy()));
    for (const socket of many)
      socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
    await until('each is answered or closed', () => many.every(({ open, received }) => !open || received.length), PATIENCE);
    for (const socket of many) {
      const status = await socket.status();
      answers.set(status, (answers.get(status) ?? 0) + 1);
    }
    await until('one more is told', async () => [0, 503].includes(await health(daemon)), PATIENCE);
    await sleep(WAIT);
    many.forEach(socket => socket.destroy());
  });
  const from = performance.now();
  await until('it is well again', async () => await health(daemon) === 200, PATIENCE);
  const recovered = performance.now() - from;
  calls.push(await Call.begin(stage, 2));
  t.diagnostic(`of ${MANY} connections: ${[...answers].map(([status, n]) => `${n} × ${status || 'closed'}`).join(', ')}`);
  assert.ok(answers.get(503) > 0, 'nobody was told');
  const lost = calls.slice(0, 2).map(call => call.losses(stats));
  figure(t, 35, `256 descriptors, ${MANY} connections: lost in two calls, of ${lost[0].received + lost[1].received}`, lost[0].lost + lost[1].lost, { most: 0, unit: 'packets' });
  figure(t, 35, 'the same: rooms lost', calls.filter(({ disturbed }) => disturbed).length, { most: 0 });
  figure(t, 35, 'the same: a new client is served again after', recovered / 1000, { most: 5, unit: 's' });
  for (const call of calls)
    await call.end();
});

const member = (pid, name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
const score = pid => Number(fs.readFileSync(`/proc/${pid}/oom_score`, 'utf8'));

const memoryLimit = pid => Number(/^Max data size +(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/limits`, 'utf8'))[1]);

/** People come into the call until its process can take no more memory. */
async function crowd (call, pid) {
  for (let i = 0; i < 60 && alive(pid); i++)
    await call.stage.enter(call.room, { name: `Guest ${i}` }).catch(() => {});
  await until('it has no memory left', () => !alive(pid), PATIENCE);
}

test('a media process gets no more memory', async t => {
  const stage = await Stage.open();
  t.after(() => stage.close());
  const [one, other] = [await Call.begin(stage, 2), await Call.begin(stage, 2)];
  const pid = await until('its process is known', () => mediaOf(stage.daemon, one.room));
  const spared = mediaOf(stage.daemon, other.room);
  assert.ok(score(pid) > score(stage.daemon.pid), 'the kernel takes a room before it takes the server');
  assert.equal(memoryLimit(pid), 4096 * MIB, 'it has a limit, which is lowered here');
  execFileSync('prlimit', ['--pid', String(pid), `--data=${member(pid, 'VmData') * 1024 + MIB}`]);
  let back = 0;
  const stats = await stage.during(async () => {
    await crowd(one, pid);
    const from = performance.now();
    await until('they are told', () => one.guests.every(({ socket }) => socket.inbox.some(({ type, state }) => type === 'media' && state === 'ready')), PATIENCE);
    await Promise.all(one.guests.map(guest => guest.connect()));
    await one.untilSeen();
    back = performance.now() - from;
  });
  assert.ok(alive(spared));
  const { received, lost } = other.losses(stats);
  figure(t, 35, `a media process without memory: lost in another room, of ${received}`, lost, { most: 0, unit: 'packets' });
  figure(t, 35, 'the same: rooms lost', 1 + Number(other.disturbed), { most: 1 });
  figure(t, 35, 'the same: that room is back after', back / 1000, { most: 5, unit: 's' });
  await other.end();
  await one.end();
});
