// Check 36: people join at 200 a second for a minute, over TLS, while others are in a call. Those hear what is said.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { Stage } from '../media/lib/guest.mjs';
import { Room } from '../protocol/lib/room.mjs';
import { Call } from './lib/call.mjs';
import { figure } from './lib/figure.mjs';

const RATE = 200, SECONDS = Number(process.env.CONCLAVE_SECONDS ?? 60), IN_A_ROOM = 8;
const PEOPLE = RATE * SECONDS;
const LOAD = path.join(process.env.CONCLAVE_BUILD, 'tests/bench/conclave-load');

/** Rooms for all of them, as conclave-load wants them. */
async function makeRooms (daemon, file) {
  const lines = [];
  for (let i = 0; i < PEOPLE / IN_A_ROOM; i++) {
    const room = await Room.create(daemon);
    lines.push(`${room.id} ${room.joinKey.toString('base64url')}\n`);
  }
  fs.writeFileSync(file, lines.join(''));
}

/** @returns {Promise<{ seconds: number, p50_ms: number, p99_ms: number }>} its report once all are in */
async function joinAll (t, daemon, file) {
  const load = spawn(LOAD, ['--port', String(daemon.port), '--tls', '--rooms', file, '--people', String(PEOPLE), '--join-rate', String(RATE)],
    { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => load.kill('SIGKILL'));
  const ended = once(load, 'exit');
  const [line] = await Promise.race([once(createInterface({ input: load.stdout }), 'line'), ended]);
  return JSON.parse(line);
}

test(`${RATE} joins a second for ${SECONDS} s beside a call`, async t => {
  const stage = await Stage.open({ config: {
    server: { tls: true, 'max-sockets': 100_000, 'max-connections-per-address': 100_000, 'log-level': 'warning' },
  } });
  t.after(() => stage.close());
  const rooms = path.join(stage.daemon.state, 'rooms');
  await makeRooms(stage.daemon, rooms);
  const call = await Call.begin(stage, 4);
  let report;
  const stats = await stage.during(async () => { report = await joinAll(t, stage.daemon, rooms); });
  const { body } = await stage.daemon.admin('GET', '/api/v1/status');
  const heard = stats.streams.filter(({ id, kind }) => kind === 'audio' && call.guests.some(({ peer }) => peer === id));
  const sum = member => heard.reduce((total, stream) => total + stream[member], 0);
  const came = sum('received'), lost = sum('lost');
  /* what is not even sent on is missed by nobody who counts gaps: 50 packets a second of three others for each of four */
  assert.ok(came > 0.95 * 50 * 3 * 4 * report.seconds, `${came} packets in ${report.seconds} s`);
  assert.equal(call.disturbed, false);
  t.diagnostic(`in after ${report.p50_ms} ms (p50), ${report.p99_ms} ms (p99); ${Math.round(PEOPLE / report.seconds)} a second`);
  figure(t, 36, `of ${PEOPLE} people, in the meetings`, body.people - call.guests.length, { least: PEOPLE });
  figure(t, 36, `sound of the call that is lost, of ${came + lost} packets`, 100 * lost / (came + lost), { most: 1, unit: '%' });
  await call.end();
});
