// Check 33: certificate, key and secret are replaced and reloaded over and over while people are in a call and are recorded. Nobody loses
// anything, and no secret can be found with any process, or is left behind where one crashes.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import tls from 'node:tls';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { makeState, until } from '../protocol/lib/daemon.mjs';
import { Stage } from '../media/lib/guest.mjs';
import { children, mediaOf } from '../media/lib/processes.mjs';
import { QUIET, REAL, closed, record, start } from '../media/lib/recording.mjs';
import { Call } from './lib/call.mjs';
import { figure } from './lib/figure.mjs';

const RELOADS = 50;

/** A new certificate of its own. */
function certify (certificate, key) {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1',
    '-keyout', `${key}.new`, '-out', `${certificate}.new`], { stdio: 'ignore' });
  fs.renameSync(`${key}.new`, key);
  fs.renameSync(`${certificate}.new`, certificate);
}

async function fingerprint (daemon) {
  const socket = tls.connect({ host: daemon.host, port: daemon.port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

/** What anybody may see of a process who is on the machine. */
function shown (pid) {
  return ['cmdline', 'environ', 'comm', 'status'].map(name => {
    try {
      return fs.readFileSync(`/proc/${pid}/${name}`, 'latin1');
    } catch {
      return '';
    }
  }).join('\0');
}

const coreLimit = pid => /Max core file size\s+(\S+)\s+(\S+)/.exec(fs.readFileSync(`/proc/${pid}/limits`, 'utf8')).slice(1);

test(`${RELOADS} reloads in the middle of a call`, async t => {
  const folder = makeState();
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const [certificate, key] = ['certificate.pem', 'key.pem'].map(name => path.join(folder, name));
  certify(certificate, key);
  const secrets = [randomBytes(24).toString('base64url')];
  const stage = await Stage.open({ under: ['prlimit', '--core=unlimited'], config: { ...QUIET,
    server: { tls: true, 'certificate-file': certificate, 'key-file': key, 'max-connections-per-address': 1000 },
    turn: { servers: 'turn:127.0.0.1:3478', secret: secrets[0] } } });
  t.after(() => stage.close());
  const { daemon } = stage;
  const call = await Call.begin(stage, 3, { media: REAL, recording: true });
  const recorded = await start(call.host, stage);
  await recorded.grows(call.host, 1);
  const seen = new Set(), pids = new Set([daemon.pid]);
  let shownOfAll = '';
  const look = () => {
    for (const pid of [daemon.pid, ...children(daemon)]) {
      pids.add(pid);
      shownOfAll += shown(pid);
    }
  };
  const stats = await stage.during(async () => {
    for (let i = 0; i < RELOADS; i++) {
      certify(certificate, key);
      secrets.push(randomBytes(24).toString('base64url'));
      fs.writeFileSync(`${daemon.state}.secret`, `${secrets.at(-1)}\n`);
      process.kill(daemon.pid, 'SIGHUP');
      await until('it is reloaded', () => daemon.log.split('NOTICE main: reloaded').length > i + 1);
      seen.add(await fingerprint(daemon));
      look();
      await (await stage.enter(call.room, { name: 'Visitor', media: false })).leave();
    }
  });
  secrets.push(...[fs.readFileSync(key, 'utf8').split('\n')[1], ...['ticket.key', 'receipt.key'].map(name => fs.readFileSync(path.join(daemon.state, name), 'utf8').trim())]);
  await recorded.stands().then(() => assert.fail('it is not recorded any more'), () => {});
  const { received, lost } = call.losses(stats);
  await record(call.host, 'stop');
  await closed(recorded, stage);
  assert.equal(recorded.of('segment-end').length, 1, 'one segment');
  assert.equal(seen.size, RELOADS, 'each time another certificate');
  figure(t, 33, `dropped by ${RELOADS} reloads, of ${call.guests.length} people`, call.guests.filter(({ socket }) => socket.closed !== null).length + Number(call.disturbed), { most: 0 });
  figure(t, 33, `the call meanwhile: lost, of ${received}`, lost, { most: 0, unit: 'packets' });
  assert.match(shownOfAll, /conclave-media/, 'something was looked at');
  figure(t, 33, `secrets in the arguments and environments of ${pids.size} processes, of ${secrets.length}`, secrets.filter(secret => shownOfAll.includes(secret)).length, { most: 0 });
  const leaving = [daemon.pid, mediaOf(daemon, call.room), ...children(daemon)].filter(pid => coreLimit(pid).some(limit => limit !== '0'));
  figure(t, 33, 'processes that would leave a core file', leaving.length, { most: 0 });
  await call.end();
});
