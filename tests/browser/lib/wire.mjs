// All packets of the namespace, from start() on (capture.py): read as frames, and what TCP carries also as streams, so that nothing hides
// at the border of two packets. What Firefox is told by the test goes over loopback as well, and is kept apart.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.mjs';

const PROGRAM = fileURLToPath(new URL('capture.py', import.meta.url));
const ETHERNET = 14, IPV4 = 0x0800, TCP = 6, UDP = 17;

/** @typedef {{ flow: string, ports: number[], payload: Buffer, tcp: boolean }} Segment */

/** What a frame carries; null where it is neither TCP nor UDP over IPv4. @param {Buffer} frame @returns {Segment | null} */
function read (frame) {
  if (frame.length < ETHERNET + 20 || frame.readUInt16BE(12) !== IPV4)
    return null;
  const ip = frame.subarray(ETHERNET);
  const protocol = ip[9];
  const above = ip.subarray((ip[0] & 15) * 4, ip.readUInt16BE(2) || ip.length); // 0: longer than 16 bits can say
  if ((protocol !== TCP && protocol !== UDP) || above.length < (protocol === TCP ? 20 : 8))
    return null;
  const ports = [above.readUInt16BE(0), above.readUInt16BE(2)];
  const payload = above.subarray(protocol === TCP ? (above[12] >> 4) * 4 : 8);
  return { flow: `${ip.subarray(12, 20).toString('hex')} ${ports.join(' ')}`, ports, payload, tcp: protocol === TCP };
}

/** @param {Buffer} bytes of a file that capture.py has written */
function * framesOf (bytes) {
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    yield bytes.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
}

export class Wire {
  #folder = '';
  #said = '';
  /** @type {import('node:child_process').ChildProcess | null} */ #child = null;

  static async start () {
    const self = new Wire();
    self.#folder = await fs.mkdtemp(path.join(os.tmpdir(), 'wire-'));
    const child = spawn('python3', [PROGRAM, self.#file], { stdio: ['pipe', 'pipe', 'inherit'] });
    self.#child = child;
    child.stdout.on('data', data => { self.#said += data; });
    await until('packets are captured', () => {
      if (child.exitCode !== null)
        throw new Error(`capture.py ended with ${child.exitCode}`);
      return self.#said.startsWith('ready\n');
    });
    return self;
  }

  get #file () {
    return path.join(this.#folder, 'packets');
  }

  /**
   * Ends it, and returns what was on the wire: `people` is what browsers, server and TURN server said to each other, `test` what went by
   * `port`, where the test speaks with a browser.
   * @param {number} port
   */
  async end (port) {
    this.#child?.stdin?.end();
    const [, counts] = await until('the capture has ended', () => /^ready\n(.*)\n$/.exec(this.#said));
    const bytes = await fs.readFile(this.#file);
    const found = { ...JSON.parse(counts), people: /** @type {Buffer[]} */ ([]), test: /** @type {Buffer[]} */ ([]) };
    /** @type {Map<string, Segment[]>} */
    const streams = new Map();
    for (const frame of framesOf(bytes)) {
      const segment = read(frame);
      found[segment?.ports.includes(port) ? 'test' : 'people'].push(frame);
      if (segment?.tcp && !streams.get(segment.flow)?.push(segment))
        streams.set(segment.flow, [segment]);
    }
    for (const segments of streams.values())
      found[segments[0].ports.includes(port) ? 'test' : 'people'].push(Buffer.concat(segments.map(({ payload }) => payload)));
    return found;
  }

  async stop () {
    if (this.#child && this.#child.exitCode === null) {
      const gone = once(this.#child, 'exit');
      this.#child.kill('SIGKILL');
      await gone;
    }
    await fs.rm(this.#folder, { recursive: true, force: true });
  }
}
