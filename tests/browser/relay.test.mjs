// coturn as tools/coturn configures it: it relays to the world and to itself, never into the networks around it, and
// only for those who have a credential that the daemon made.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ADDRESS } from './lib/server.mjs';
import { TurnClient } from './lib/turn-client.mjs';
import { sleep } from './lib/until.mjs';

const COTURN = fileURLToPath(new URL('../../tools/coturn', import.meta.url));
const FORBIDDEN = 403, UNAUTHORIZED = 401;
const PRIVATE_4 = ['0.0.0.1', '10.1.2.3', '10.77.0.2', '100.64.0.1', '127.0.0.2', '169.254.169.254', '172.16.0.1', '172.31.255.254', '192.0.0.8',
  '192.168.1.1', '198.18.0.1', '240.0.0.1', '255.255.255.255'];
const PRIVATE_6 = ['::', '::ffff:a00:1', '::ffff:7f00:1', '::ffff:a9fe:a9fe', '64:ff9b::a00:1', '2002:a00:1::1', 'fc00::1', 'fdff::1',
  'fe80::1', '2001:db8::1'];
/** @type {{ child: import('node:child_process').ChildProcess, state: string }[]} */
const started = [];

after(async () => {
  for (const { child, state } of started) {
    child.kill();
    await fs.rm(state, { recursive: true, force: true });
  }
});

/** @param {string} address @param {number} port @returns {Promise<boolean>} */
const connects = (address, port) => new Promise(resolve => {
  const socket = net.connect(port, address, () => { socket.destroy(); resolve(true); });
  socket.once('error', () => resolve(false));
});

/** @param {string} address */
async function relay (address) {
  const probe = net.createServer().listen(0, address);
  await once(probe, 'listening');
  const { port } = /** @type {net.AddressInfo} */ (probe.address());
  await new Promise(resolve => probe.close(resolve));
  const state = await fs.mkdtemp(path.join(os.tmpdir(), 'turn-'));
  const child = spawn(COTURN, [state, address, String(port)], { stdio: 'ignore' });
  started.push({ child, state });
  for (let tries = 0; !await connects(address, port); tries++) {
    assert.ok(tries < 100, 'coturn does not listen');
    await sleep(100);
  }
  return { server: { address, port }, state, secret: (await fs.readFile(path.join(state, 'turn-secret'), 'utf8')).trim() };
}

/** @param {string} own where it listens @param {string[]} denied @param {string[]} allowed */
async function keepsOut (own, denied, allowed) {
  const { server, secret } = await relay(own);
  const client = new TurnClient(server, secret);
  try {
    assert.equal(await client.allocate(), 0);
    for (const address of denied)
      assert.equal(await client.permit(address), FORBIDDEN, address);
    for (const address of allowed)
      assert.equal(await client.permit(address), 0, address);
  } finally {
    client.close();
  }
}

test('IPv4: private and special networks are out of reach', () => keepsOut(ADDRESS, PRIVATE_4, [ADDRESS, '9.9.9.9', '172.32.0.1']));

test('IPv6: private, special and mapped networks are out of reach', () => keepsOut('::1', PRIVATE_6, ['2600::1']));

test('only with a credential of the shared secret that has not expired', async () => {
  const { server, secret } = await relay(ADDRESS);
  for (const [what, client, code] of /** @type {[string, TurnClient, number][]} */ ([
    ['another secret', new TurnClient(server, 'another'), UNAUTHORIZED],
    ['expired', new TurnClient(server, secret, Math.floor(Date.now() / 1000) - 60), UNAUTHORIZED],
    ['good', new TurnClient(server, secret), 0],
  ])) {
    assert.equal(await client.allocate(), code, what);
    client.close();
  }
});

test('secret and configuration are for the owner only', async () => {
  const { state } = await relay(ADDRESS);
  for (const name of ['turn-secret', 'coturn.conf'])
    assert.equal((await fs.stat(path.join(state, name))).mode & 0o777, 0o600, name);
});
