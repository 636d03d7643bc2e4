// Somebody who calls by phone: baresip, led by its keyboard. It says one tone all the time; what it sends and hears goes into two files.
import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ADDRESS } from './server.mjs';
import { decodeWav } from './tones.mjs';
import { sleep, until } from './until.mjs';

const KEY = 120; // ms

/** @param {string} folder @param {number} hertz */
const settings = (folder, hertz) => `poll_method epoll
sip_listen ${ADDRESS}:0
call_local_timeout 30
audio_source ausine,${hertz}
audio_player aubridge,${path.basename(folder)}
audio_alert aubridge,${path.basename(folder)}
ausrc_srate 48000
ausrc_channels 2
audio_level no
rtp_stats no
jitter_buffer_delay 1-2
net_interface host0
snd_path ${folder}
module_path /usr/lib/baresip/modules
module stdio.so
module ausine.so
module aubridge.so
module sndfile.so
module g711.so
module g722.so
module opus.so
module_app account.so
module_app menu.so
`;

export class Telephone {
  #text = '';

  /** @param {string} folder @param {import('node:child_process').ChildProcess} child */
  constructor (folder, child) {
    this.folder = folder;
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', data => { this.#text += data; });
  }

  /**
   * A phone that is not in use.
   * @param {{ number: string, hertz: number, codec: string }} what `codec` as baresip calls it
   */
  static async start ({ number, hertz, codec }) {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'phone-'));
    await fs.writeFile(path.join(folder, 'config'), settings(folder, hertz));
    await fs.writeFile(path.join(folder, 'accounts'), `<sip:${number}@${ADDRESS};transport=udp>;regint=0;audio_codecs=${codec};dtmfmode=rtpevent\n`);
    const child = spawn('baresip', ['-f', folder, '-v'], { env: { ...process.env, HOME: folder } });
    const self = new Telephone(folder, child);
    try {
      await self.#prints(/baresip is ready/);
    } catch (error) {
      await self.end();
      throw error;
    }
    return self;
  }

  /** @param {RegExp} wanted */
  #prints (wanted) {
    return until(`baresip prints ${wanted}`, () => {
      if (!wanted.test(this.#text))
        throw new Error(this.#text.slice(-2000));
      return true;
    });
  }

  /** @param {string} uri */
  async dial (uri) {
    this.#text = '';
    this.child.stdin?.write(`d${uri}\n`);
    await this.#prints(/Call established/i);
  }

  /** Presses keys, one after another. @param {string} keys */
  async press (keys) {
    for (const key of keys) {
      this.child.stdin?.write(key);
      await sleep(KEY);
    }
  }

  async hangUp () {
    this.child.stdin?.write('b');
    await this.isHungUp();
  }

  /** Until the call is over. */
  async isHungUp () {
    await this.#prints(/terminated|closed/i);
  }

  /** What it has sent and heard, so far. */
  async recorded () {
    const [sent, heard] = await Promise.all(['enc', 'dec'].map(end => until(`there is what went through the ${end}oder`, async () => {
      const name = (await fs.readdir(this.folder)).find(file => file.endsWith(`${end}.wav`));
      return name && decodeWav(await fs.readFile(path.join(this.folder, name)));
    })));
    return { sent, heard };
  }

  async end () {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const gone = new Promise(resolve => this.child.once('exit', resolve));
      this.child.kill('SIGKILL');
      await gone;
    }
    await fs.rm(this.folder, { recursive: true, force: true });
  }
}
