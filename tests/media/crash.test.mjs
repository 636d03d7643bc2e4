// Media processes that die: who is told what, how long it takes, and who notices nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sleep, until } from '../protocol/lib/daemon.mjs';
import { Stage, assertRewritten, leaveAll, untilStats } from './lib/guest.mjs';
import { alive, children, mediaOf } from './lib/processes.mjs';

let stage;
before(async () => { stage = await Stage.open(); });
after(() => stage.close());

const seeing = (guests, stats) => guests.every(guest => guest.streams(stats).filter(({ idle_ms }) => idle_ms < 500).length === guests.length - 1);

/** A room of people who see each other, and the process that holds it. */
async function meeting (n, on = stage) {
  const room = await on.room();
  const guests = await on.enterMany(room, n);
  await Promise.all(guests.map(guest => guest.view(guests.filter(other => other !== guest))));
  await untilStats(on, 'they see each other', stats => seeing(guests, stats));
  return { room, guests, pid: await until('its process is known', () => mediaOf(on.daemon, room)) };
}

async function lose (guests, how) {
  const from = performance.now();
  how();
  await Promise.all(guests.map(async guest => assert.equal((await guest.take('media')).state, 'lost')));
  const told = performance.now() - from;
  await Promise.all(guests.map(async guest => {
    assert.equal((await guest.take('media')).state, 'ready');
    await guest.connect();
  }));
  await untilStats(stage, 'all are back', stats => seeing(guests, stats));
  return `told after ${Math.round(told)} ms, all back after ${Math.round(performance.now() - from)} ms`;
}

for (const [how, signal, limit] of [['killed', 'SIGKILL', 5000], ['stopped', 'SIGSTOP', 7500]])
  test(`a media process is ${how}: all come back, and another room loses nothing`, async t => {
    const one = await meeting(3), other = await meeting(2);
    const from = performance.now();
    let said;
    const stats = await stage.during(async () => {
      said = await lose(one.guests, () => process.kill(one.pid, signal));
    });
    const took = performance.now() - from;
    t.diagnostic(`${said}; the other room: ${stats.streams.filter(({ id }) => other.guests.some(({ peer }) => peer === id))
      .reduce((sum, { received }) => sum + received, 0)} packets`);
    assert.ok(took < limit, `${took} ms`);
    for (const stream of stats.streams.filter(({ id, kind }) => kind !== 'rtx' && other.guests.some(({ peer }) => peer === id)))
      assert.deepEqual([stream.lost, stream.duplicates], [0, 0], JSON.stringify(stream));
    assert.ok(other.guests.every(guest => !guest.socket.inbox.some(({ type }) => type === 'media')));
    await until('it is gone', () => !alive(one.pid), 10_000);
    const after = await stage.during(() => sleep(500));
    assertRewritten(after);
    await leaveAll([...one.guests, ...other.guests]);
  });

test('six crashes in a row: it is given up, in words', async () => {
  const { room, guests: [ann, bob], pid } = await meeting(2);
  let victim = pid;
  for (let i = 1; i <= 6; i++) {
    process.kill(victim, 'SIGKILL');
    assert.equal((await ann.take('media')).state, 'lost');
    if (i === 6)
      break;
    assert.equal((await ann.take('media')).state, 'ready');
    await ann.connect();
    const dead = victim;
    victim = await until('another one has it', () => mediaOf(stage.daemon, room) !== dead && mediaOf(stage.daemon, room));
  }
  await until('the log says so', () => new RegExp(`media crashed more than 5 times in a minute: given up.*${room.id}`).test(stage.daemon.log));
  const refused = await ann.offer('v=0\r\n');
  assert.equal(refused.error, 'media-lost');
  assert.match(refused.text, /not available/);
  assert.equal((await ann.chat('still here')).type, 'ok');
  await leaveAll([ann, bob]);
});

for (const signal of ['SIGTERM', 'SIGKILL'])
  test(`no media process outlives a daemon that gets ${signal}`, async () => {
    const own = await Stage.open();
    await meeting(2, own);
    const pids = children(own.daemon);
    assert.ok(pids.length >= 2);
    if (signal === 'SIGKILL')
      await own.daemon.kill(signal);
    await own.close(); /* with SIGTERM, where it still runs */
    await until('they are gone', () => !pids.some(alive), 10_000);
  });
