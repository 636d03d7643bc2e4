// conclaved for one test file: on a free port of the namespace's address, with a state of its own, with coturn beside
// it where wanted; rooms are made with conclavectl as an operator would. Knows no browser.
import { execFile, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import fs from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import os from 'node:os';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sleep, until } from './until.mjs';

const TOP = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const BUILD = process.env.CONCLAVE_BUILD ?? path.join(TOP, 'build');
export const ADDRESS = process.env.CONCLAVE_TEST_ADDRESS ?? '';
if (!ADDRESS)
  throw new Error('run this as tests/browser/namespace node FILE');

const run = promisify(execFile);

/** A TCP port that is free on the namespace's address, below those that Linux gives to who asks for any. @returns {Promise<number>} */
export function freePort () {
  return new Promise((resolve, reject) => {
    const port = randomInt(10_000, 32_000);
    const probe = net.createServer();
    probe.once('error', error => /** @type {NodeJS.ErrnoException} */ (error).code === 'EADDRINUSE' ? resolve(freePort()) : reject(error));
    probe.listen(port, ADDRESS, () => probe.close(() => resolve(port)));
  });
}

export class Server {
  /** @type {import('node:child_process').ChildProcess[]} */ #children = [];
  #log = '';
  #said = '';
  /** @type {import('node:child_process').ChildProcess | null} */ #daemon = null;
  /** @type {import('node:child_process').ChildProcess | null} */ #turn = null;

  /** @param {string} state */
  constructor (state) {
    this.state = state;
    this.url = '';
  }

  /**
   * @param {{ turn?: boolean, config?: Record<string, Record<string, string | number | boolean>> }} [options]
   * `config` is groups of keys, as in conclave.conf
   */
  static async start ({ turn = false, config = {} } = {}) {
    const self = new Server(await fs.mkdtemp(path.join(os.tmpdir(), 'state-')));
    try {
      if (turn)
        config = { ...config, turn: { ...await self.#startTurn(), ...config.turn } };
      await self.#startDaemon(config);
    } catch (error) {
      await self.stop();
      throw error;
    }
    return self;
  }

  async #startTurn () {
    const port = await freePort();
    this.#turn = this.#spawn(path.join(TOP, 'tools/coturn'), [this.state, String(ADDRESS), String(port)]);
    const secret = path.join(this.state, 'turn-secret');
    await until('coturn listens', () => connects(port));
    return { servers: `turn:${ADDRESS}:${port}?transport=udp;turn:${ADDRESS}:${port}?transport=tcp;`, 'secret-file': secret };
  }

  /** @param {Record<string, Record<string, string | number | boolean>>} config */
  async #startDaemon (config) {
    const file = path.join(this.state, 'conclave.conf');
    const groups = Object.entries({ ...config, rooms: { 'anyone-may-create': true, ...config.rooms } });
    await fs.writeFile(file, groups.map(([group, keys]) =>
      `[${group}]\n` + Object.entries(keys).map(([key, value]) => `${key}=${value}\n`).join('')).join('\n'));
    await this.#runDaemon(0);
  }

  /** @param {number} port */
  async #runDaemon (port) {
    const child = this.#spawn(path.join(BUILD, 'src/daemon/conclaved'),
      ['--config', path.join(this.state, 'conclave.conf'), '--state', this.state, '--listen', `${ADDRESS}:${port}`]);
    this.#daemon = child;
    let out = '';
    child.stdout?.on('data', data => { out += data; });
    const match = await until('conclaved listens', () => {
      if (child.exitCode !== null)
        throw new Error(`conclaved ended with ${child.exitCode}: ${this.#log}`);
      return /^listening on (\S+)$/m.exec(out);
    });
    this.url = match[1];
  }

  /** Until it has gone. @param {'SIGKILL' | 'SIGTERM'} signal */
  async #endDaemon (signal) {
    const gone = new Promise(resolve => this.#daemon?.once('exit', resolve));
    this.#daemon?.kill(signal);
    await gone;
  }

  /** Kills the daemon as a crash would, and starts it again where it was. @param {number} ms between the two @param {() => Promise<void>} [meanwhile] while there is none */
  async crash (ms, meanwhile = async () => {}) {
    const { port } = this;
    await this.#endDaemon('SIGKILL');
    await sleep(ms);
    await meanwhile();
    await this.#runDaemon(port);
  }

  /** Ends the daemon and starts it again, as `systemctl restart` does. */
  async restart () {
    const { port } = this;
    await this.#endDaemon('SIGTERM');
    await this.#runDaemon(port);
  }

  /** @param {string} program @param {string[]} args */
  #spawn (program, args) {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stderr.on('data', data => { this.#log += data; });
    child.stdout.on('data', data => { this.#said += data; });
    this.#children.push(child);
    return child;
  }

  /** Of the daemon. */
  get pid () {
    return this.#daemon?.pid ?? 0;
  }

  /** Of coturn. */
  get turnPid () {
    return this.#turn?.pid ?? 0;
  }

  /** What the daemon and coturn said on stderr. */
  get log () {
    return this.#log;
  }

  /** What they said on stdout, where coturn's log is. */
  get said () {
    return this.#said;
  }

  get port () {
    return Number(new URL(this.url).port);
  }

  /** @param {...string} args */
  async ctl (...args) {
    const { stdout } = await run(path.join(BUILD, 'src/ctl/conclavectl'), ['--socket', path.join(this.state, 'admin.sock'), ...args]);
    return stdout;
  }

  /**
   * @param {string} [title] @param {string} [kind] @param {...string} options of `conclavectl room create`
   * @returns {Promise<{ id: string, kind: string, title: string, host_url: string, join_url: string }>}
   */
  async createRoom (title = 'Test meeting', kind = 'standard', ...options) {
    return JSON.parse(await this.ctl('room', 'create', '--kind', kind, '--title', title, '--json', ...options));
  }

  /**
   * The admin socket, for what conclavectl does not do. @param {string} method @param {string} target @param {object} [body]
   * @returns {Promise<any>}
   */
  ask (method, target, body) {
    return new Promise((resolve, reject) => {
      const headers = { origin: this.url, ...(body && { 'content-type': 'application/json' }) };
      const request = http.request({ socketPath: path.join(this.state, 'admin.sock'), method, path: target, headers }, async response => {
        let text = '';
        for await (const chunk of response)
          text += chunk;
        if ((response.statusCode ?? 500) < 300)
          resolve(text ? JSON.parse(text) : {});
        else
          reject(new Error(`${method} ${target}: ${response.statusCode} ${text}`));
      });
      request.on('error', reject);
      request.end(body && JSON.stringify(body));
    });
  }

  /** Ends the programs; what they have left behind stays until stop(). */
  async end () {
    await Promise.all(this.#children.map(child => new Promise(resolve => {
      if (child.exitCode !== null || child.signalCode !== null)
        return resolve(null);
      child.once('exit', resolve);
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), 5000).unref();
    })));
  }

  async stop () {
    await this.end();
    await fs.rm(this.state, { recursive: true, force: true });
  }
}

/** @param {number} port */
function connects (port) {
  return new Promise(resolve => {
    const socket = net.connect(port, ADDRESS, () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  });
}
