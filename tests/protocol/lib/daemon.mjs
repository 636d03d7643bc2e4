// One conclaved for a test: on a free port of loopback (or wherever the test wants it), with a state directory and a
// configuration of its own. Knows the admin socket and what /proc tells; knows no room key and no WebSocket.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const TOP = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const BUILD = process.env.CONCLAVE_BUILD ?? path.join(TOP, 'build');
/** A command in front of the daemon's, by hand: "valgrind --leak-check=full". */
const UNDER = (process.env.CONCLAVE_UNDER ?? '').split(' ').filter(Boolean);
/** Memory and time mean nothing in such a build. */
export const INSTRUMENTED = UNDER.length > 0 || process.env.CONCLAVE_SANITIZED === 'yes';
export const PROGRAM = path.join(BUILD, 'src/daemon/conclaved');
/** A media process that does what offers tell it: tests/lib/fake-media.c. */
export const FAKE_MEDIA = { development: { 'media-program': path.join(BUILD, 'tests/lib/fake-media') } };
export const CTL = path.join(BUILD, 'src/ctl/conclavectl');

/** So that no test meets a limit that it does not ask for. */
const GENEROUS = {
  server: { tls: false },
  rooms: { 'anyone-may-create': true },
  media: { ports: 0 },
  limits: { 'joins-per-minute': 100000, 'rooms-per-hour': 100000 },
};

export const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

/** Asks until the answer is truthy, and returns it. */
export async function until (what, ask, timeout = 5000) {
  for (const end = Date.now() + timeout; ; await sleep(20)) {
    const answer = await ask();
    if (answer)
      return answer;
    if (Date.now() > end)
      throw new Error(`waited ${timeout} ms in vain until ${what}`);
  }
}

export function makeState () {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'conclave-protocol-'));
}

function writeConfig (file, config) {
  fs.writeFileSync(file, Object.entries(config).map(([group, keys]) =>
    `[${group}]\n` + Object.entries(keys).map(([key, value]) => `${key} = ${value}\n`).join('')).join('\n'));
}

function merge (a, b) {
  const groups = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...groups].map(group => [group, { ...a[group], ...b[group] }]));
}

/** Runs the daemon to its end; for what must not start. @returns {Promise<{code: number | null, text: string}>} */
export async function runToEnd (args) {
  const child = spawn(PROGRAM, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  child.stdout.on('data', data => { text += data; });
  child.stderr.on('data', data => { text += data; });
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  const [code] = await once(child, 'close');
  clearTimeout(timer);
  return { code, text };
}

export class Daemon {
  log = '';
  #child;
  #keep;
  #mounts;
  #exited;

  /**
   * @param {{ config?: Record<string, Record<string, unknown>>, listen?: string, state?: string, under?: string[] }} options
   * `state`: a directory that outlives the daemon; `under`: a command that runs it ("prlimit", …); `mounts`: that command
   * gives it a file system of its own
   */
  static async start ({ config = {}, listen = '127.0.0.1:0', state, under = [], mounts = false } = {}) {
    const self = new Daemon();
    self.#keep = state !== undefined;
    self.state = state ?? makeState();
    self.config = merge(GENEROUS, config);
    const file = `${self.state}.conf`;
    self.#mounts = mounts;
    if (self.config.turn?.secret) {
      const secret = `${self.state}.secret`;
      fs.writeFileSync(secret, self.config.turn.secret + '\n', { mode: 0o600 });
      self.config.turn = { ...self.config.turn, 'secret-file': secret };
      delete self.config.turn.secret;
    }
    writeConfig(file, self.config);
    const command = [...under, ...UNDER, PROGRAM, '--config', file, '--state', self.state, '--listen', listen];
    await self.#run(command);
    return self;
  }

  async #run ([program, ...args]) {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, G_DEBUG: 'fatal-warnings' },
    });
    this.#child = child;
    const closed = once(child, 'close');
    this.#exited = once(child, 'exit').then(async ([code, signal]) => {
      /* what it said last is still to be read; its children may hold the pipe for a while */
      await Promise.race([closed, new Promise(resolve => setTimeout(resolve, 1000).unref())]);
      return { code, signal };
    });
    let out = '';
    child.stdout.on('data', data => { out += data; });
    child.stderr.on('data', data => { this.log += data; });
    try {
      const match = await until('conclaved listens', () => {
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`conclaved ended with ${child.exitCode ?? child.signalCode}: ${this.log}`);
        return /^listening on (\S+)\n/m.exec(out);
      }, INSTRUMENTED ? 60_000 : 30_000);
      this.url = match[1];
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  get pid () { return this.#child.pid; }
  get tls () { return this.url.startsWith('https:'); }
  get port () { return Number(new URL(this.url).port); }
  get host () { return new URL(this.url).hostname.replace(/^\[|\]$/g, ''); }
  get origin () { return this.config.server['public-url'] ?? this.url; }
  /** The state directory, as we see it. */
  get folder () { return this.#mounts ? `/proc/${this.pid}/root${this.state}` : this.state; }
  get adminSocket () { return path.join(this.folder, 'admin.sock'); }
  get running () { return this.#child.exitCode === null && this.#child.signalCode === null; }

  /** A request on the admin socket. @returns {Promise<{status: number, body: any}>} */
  admin (method, where, body) {
    return request({ socketPath: this.adminSocket, method, path: where, body });
  }

  /** A request on the public address, by default with our own Origin. */
  request (method, where, body, headers = { origin: this.origin }) {
    return request({ host: this.host, port: this.port, method, path: where, body, headers });
  }

  /** Resident memory, KiB. */
  get rss () {
    return Number(/^VmRSS:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${this.pid}/status`, 'utf8'))[1]);
  }

  /** Processor time so far, ms. */
  get cpu () {
    const fields = fs.readFileSync(`/proc/${this.pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  get descriptors () {
    return fs.readdirSync(`/proc/${this.pid}/fd`).length;
  }

  kill (signal) {
    this.#child.kill(signal);
    return this.#exited;
  }

  /** SIGHUP, and a line that the log has after it. */
  async reload (line = /NOTICE main: reloaded/) {
    const from = this.log.length;
    process.kill(this.pid, 'SIGHUP');
    await until(`the log has ${line}`, () => line.test(this.log.slice(from)), 30_000);
  }

  /** The end of its log, without what is ordinary if there is anything else. */
  get #lastWords () {
    return (this.log.replace(/^(INFO|DEBUG) .*\n/gm, '') || this.log).slice(-4000);
  }

  /** Ends it as an operator would, and complains about any end but a good one. */
  async stop () {
    const before = Date.now();
    if (this.running) {
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), INSTRUMENTED ? 60_000 : 5000);
      const { code, signal } = await this.kill('SIGTERM');
      clearTimeout(timer);
      if (code !== 0)
        throw new Error(`conclaved ended with ${code ?? signal}: ${this.#lastWords}`);
    } else if ((await this.#exited).signal !== 'SIGKILL') {
      throw new Error(`conclaved ended by itself: ${this.#lastWords}`);
    }
    for (const leftover of [`${this.state}.conf`, `${this.state}.secret`, ...this.#keep ? [] : [this.state]])
      fs.rmSync(leftover, { recursive: true, force: true });
    return Date.now() - before;
  }
}

/** Not read as JSON where it says that it is something else. */
function request ({ body, headers = {}, ...options }) {
  const text = body === undefined ? undefined : typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const outgoing = http.request({
      agent: false,
      ...options,
      headers: {
        ...text === undefined ? {} : { 'content-type': 'application/json' },
        ...text === undefined || headers['transfer-encoding'] ? {} : { 'content-length': Buffer.byteLength(text) },
        ...headers,
      },
    }, async incoming => {
      const chunks = [];
      for await (const chunk of incoming)
        chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      const json = incoming.headers['content-type'] === 'application/json';
      resolve({ status: incoming.statusCode, headers: incoming.headers, bytes, body: json && bytes.length ? JSON.parse(String(bytes)) : undefined });
    });
    outgoing.on('error', reject);
    outgoing.setTimeout(15_000, () => outgoing.destroy(new Error('no answer within 15 s')));
    outgoing.end(text);
  });
}
