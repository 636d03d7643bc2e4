// Drives one conclave-rtc process: commands in, events out. Knows no server.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const TOP = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const BUILD = process.env.CONCLAVE_BUILD ?? path.join(TOP, 'build');
const PATIENCE = process.env.CONCLAVE_SANITIZED === 'yes' ? 60_000 : 20_000;

/** Now, as conclave-rtc counts it: what `t0` takes. */
export const t0 = () => process.hrtime.bigint().toString();

export class Rtc {
  /** what came of each kind, in order */
  events = { first: [], source: [], closed: [], error: [] };
  connected = new Map();
  #waiters = [];
  #exited;

  /** @param {string[]} args those of the program. @param {{ build?: string, nice?: number, under?: string[] }} options `under`: a command that runs it */
  static async start (args = [], { build = BUILD, nice = 0, under = [] } = {}) {
    const self = new Rtc();
    const program = path.join(path.resolve(build), 'tests/rtc/conclave-rtc');
    const command = [...under, ...nice ? ['nice', '-n', String(nice)] : [], program, ...args];
    self.process = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
    self.process.stdin.on('error', () => {});
    self.#exited = new Promise(resolve => self.process.on('exit', (code, signal) => resolve({ code, signal })));
    createInterface({ input: self.process.stdout }).on('line', line => self.#take(JSON.parse(line)));
    self.fingerprint = (await self.wait('ready')).fingerprint;
    return self;
  }

  get pid () { return this.process.pid; }

  #take (event) {
    this.events[event.event]?.push(event);
    if (event.event === 'connected')
      this.connected.set(event.id, event);
    const i = this.#waiters.findIndex(({ fits }) => fits(event));
    if (i >= 0)
      this.#waiters.splice(i, 1)[0].resolve(event);
  }

  /** The next event of this kind (of that peer, with those members). */
  wait (event, id, { patience = PATIENCE, ...members } = {}) {
    return new Promise((resolve, reject) => {
      const waiter = {
        fits: got => got.event === event && (id === undefined || got.id === id) &&
          Object.entries(members).every(([name, value]) => got[name] === value),
        resolve: got => { clearTimeout(timer); resolve(got); },
      };
      const timer = setTimeout(() => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(new Error(`conclave-rtc: no ${event} of ${id} in ${patience} ms; ${JSON.stringify(this.events.error.slice(-3))}`));
      }, patience);
      this.#waiters.push(waiter);
    });
  }

  send (command) {
    this.process.stdin.write(JSON.stringify(command) + '\n');
  }

  async #ask (command, event) {
    const answer = this.wait(event, command.id ?? 0);
    this.send(command);
    return await answer;
  }

  /** Makes a peer that only sends. @returns {Promise<string>} its offer */
  async publish (id, options = {}) { return (await this.#ask({ cmd: 'publish', id, ...options }, 'offer')).sdp; }
  /** Makes a peer that sends and has slots. @returns {Promise<string>} its offer */
  async join (id, options = {}) { return (await this.#ask({ cmd: 'join', id, ...options }, 'offer')).sdp; }
  /** Makes a peer that only receives, or gives it a new offer. @returns {Promise<string>} its answer */
  async subscribe (id, offer, options = {}) { return (await this.#ask({ cmd: 'subscribe', id, offer, ...options }, 'answer')).sdp; }
  answer (id, sdp) { this.send({ cmd: 'answer', id, sdp }); }
  /** DTLS is through. */
  async up (id, patience = PATIENCE) { return this.connected.get(id) ?? await this.wait('connected', id, { patience }); }
  /** Any command that is answered with `ok`. */
  async do (cmd, id = 0, options = {}) { await this.#ask({ cmd, id, ...options }, 'ok'); }
  close (id) { this.connected.delete(id); this.send({ cmd: 'close', id }); }

  async stats (options = {}) {
    const answer = this.wait('stats');
    this.send({ cmd: 'stats', ...options });
    return await answer;
  }

  /** For a test that failed: it must not go on for ever. */
  kill () {
    this.process.kill('SIGKILL');
  }

  /** Ends the program, and complains where it did not end well. */
  async quit () {
    this.send({ cmd: 'quit' });
    const { code, signal } = await this.#exited;
    if (code !== 0)
      throw new Error(`conclave-rtc ended with ${code ?? signal}`);
  }
}
