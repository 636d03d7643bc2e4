// Guessing passwords: how slow it is, and what fail2ban (data/fail2ban) reads of it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PASSWORD, SESSION, makeUser } from './lib/account.mjs';
import { Daemon } from './lib/daemon.mjs';
import { Visitor, makeKey, makeRecording, share } from './lib/recording.mjs';
import { randomKey } from './lib/room.mjs';

const TOP = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

const FILTER = path.join(TOP, 'data/fail2ban/conclave.conf');
const NO_FAIL2BAN = spawnSync('fail2ban-regex', ['--version']).error !== undefined && 'there is no fail2ban';
/** What the daemon of the first test wrote, and whose addresses are in it. */
let written;

/** As fail2ban reads it. */
function readFilter () {
  const text = fs.readFileSync(FILTER, 'utf8');
  return new RegExp(/^failregex = (.*)$/m.exec(text)[1].replace('<HOST>', '(?<host>[0-9a-fA-F.:]+)'));
}

test('guessing is slow, for each address and for each account, and stands in the log', async t => {
  const mine = await Daemon.start({ config: { server: { 'trusted-proxy': 'loopback' } } });
  t.after(() => mine.running && mine.kill('SIGKILL'));
  const from = address => ({ 'x-forwarded-for': address });
  const ask = (address, login, password) => new Visitor(mine, from(address)).ask('POST', SESSION, { login, password });
  await makeUser(mine, 'ann');
  await makeUser(mine, 'ben');
  let refused = 0;
  const tried = { ann: 0, ben: 0, nobody: 0 };
  for (const [n, address] of ['192.0.2.1', '192.0.2.2', '2001:db8::1', '192.0.2.4'].entries())
    for (const login of Object.keys(tried))
      for (let i = 0; i < 4; i++) {
        const { status, body } = await ask(address, login, `wrong password ${n} ${i}`);
        assert.ok([401, 429].includes(status), JSON.stringify(body));
        refused += Number(status === 401);
        tried[login] += Number(status === 401);
      }
  /* One more for each 12 seconds that this has taken. */
  const more = Math.ceil(process.uptime() / 12);
  for (const [login, n] of Object.entries(tried))
    assert.ok(n >= 4 && n <= 5 + more, `${login}: ${n} of 16`);
  assert.ok(refused <= 3 * (5 + more));
  const late = await ask('192.0.2.9', 'ann', PASSWORD);
  assert.ok(late.status === 429 || more > 1, 'the right one has to wait like the others');

  const filter = readFilter();
  const { key } = await makeKey(mine);
  assert.equal(await new Visitor(mine, from('198.51.100.7')).status('POST', SESSION, { key: randomKey() }), 401);
  assert.equal(await new Visitor(mine, { ...from('198.51.100.7'), authorization: `Bearer ${randomKey()}` }).status('GET', '/api/v1/rooms'), 401);
  assert.equal(await new Visitor(mine, from('198.51.100.7')).status('POST', SESSION, { code: randomKey() }), 410);
  const link = await share(mine, await makeRecording(mine), { password: 'tea' });
  assert.equal(await new Visitor(mine, from('198.51.100.7')).status('POST', link.open, { secret: link.secret, password: 'coffee' }), 401);
  assert.equal(await new Visitor(mine, { ...from('198.51.100.8'), authorization: `Bearer ${key}` }).status('GET', '/api/v1/recordings'), 200);
  await mine.stop();
  const lines = mine.log.split('\n').map(line => filter.exec(line)?.groups.host).filter(Boolean);
  assert.equal(lines.length, refused + 4, mine.log);
  assert.equal(lines.filter(host => host === '198.51.100.7').length, 4);
  assert.ok(lines.includes('2001:db8::1') && !lines.includes('198.51.100.8'));
  written = { log: mine.log, lines };
  assert.ok(!/wrong password|coffee|\bann\b|\bben\b/.test(mine.log), 'and nothing of what was tried');
  for (const [line, host] of [['sign-in refused from 192.0.2.1', '192.0.2.1'], ['meet conclaved[812]: sign-in refused from 2001:db8::1', '2001:db8::1'],
    ['WARNING access: sign-in refused from 192.0.2.1', '192.0.2.1'], ['WARNING api: a request failed: sign-in refused from 192.0.2.1', undefined],
    ['sign-in refused from 192.0.2.1 and more', undefined], ['sign-in refused from nowhere', undefined]])
    assert.equal(filter.exec(line)?.groups.host, host, line);
});

/** Its own configuration with ours in it, as docs/operator.md has them copied. */
function configureFail2ban (t) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'conclave-fail2ban-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  fs.cpSync('/etc/fail2ban', folder, { recursive: true });
  fs.copyFileSync(FILTER, path.join(folder, 'filter.d/conclave.conf'));
  fs.copyFileSync(path.join(TOP, 'data/fail2ban/jail.conf'), path.join(folder, 'jail.d/conclave.conf'));
  return folder;
}

test('fail2ban itself reads the same, and takes the jail', { skip: NO_FAIL2BAN }, t => {
  const folder = configureFail2ban(t);
  const log = path.join(folder, 'daemon.log');
  fs.writeFileSync(log, written.log);
  const read = spawnSync('fail2ban-regex', ['--out', 'ip', log, FILTER], { encoding: 'utf8' });
  assert.deepEqual([read.status, read.stdout.split('\n').filter(Boolean)], [0, written.lines], read.stderr);
  const run = option => spawnSync('fail2ban-client', ['-c', folder, option], { encoding: 'utf8' });
  const tried = run('-t');
  assert.equal(tried.status, 0, tried.stdout + tried.stderr);
  const orders = run('-d').stdout;
  for (const order of ["['add', 'conclave', 'systemd']", "['set', 'conclave', 'addjournalmatch', '_COMM=conclaved']", "['set', 'conclave', 'addaction', 'nftables']"])
    assert.ok(orders.includes(order), orders);
});
