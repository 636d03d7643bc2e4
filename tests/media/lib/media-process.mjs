// A conclave-media without a daemon: what CONTROL.md says, spoken by hand; and people in it, who are peers of conclave-rtc.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { t0 } from '../../rtc/rtc.mjs';

const BUILD = process.env.CONCLAVE_BUILD;
const PROGRAM = path.join(BUILD, 'src/media/conclave-media');
const CHANNEL = path.join(path.dirname(fileURLToPath(import.meta.url)), 'channel.py');
const PATIENCE = 10_000;
const ALL = { microphone: true, camera: true, screen: true };

export const personId = n => 'p' + String(n + 2).padStart(12, 'a');

export class MediaProcess {
  /** what came and is no answer */
  news = [];
  #id = 0;
  #files = 0;
  #waiters = [];

  /** @param {{ before?: string[], under?: string[] }} options commands in front of the bridge's, and of the program's */
  static async start ({ before = [], under = [] } = {}) {
    const self = new MediaProcess();
    const command = [...before, 'python3', CHANNEL, ...under, PROGRAM];
    self.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'conclave-recording-'));
    self.bridge = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
    self.bridge.stdin.on('error', () => {});
    self.exited = self.wait(message => message.type === 'exited', 3600_000);
    createInterface({ input: self.bridge.stdout }).on('line', line => self.#take(JSON.parse(line)));
    self.pid = (await self.wait(message => message.type === 'started')).pid;
    await self.ask({ type: 'open', room: 'aaaaaaaaaaaa', meeting: 'maaaaaaaaaaaa', candidates: [], loudest: 4 }, { sockets: 1 });
    return self;
  }

  #take (message) {
    if (message.re === undefined)
      this.news.push(message);
    for (const waiter of this.#waiters.filter(({ fits }) => fits(message)))
      waiter.resolve(message);
  }

  /** The next message that fits. */
  wait (fits, patience = PATIENCE) {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
      };
      const waiter = { fits, resolve: message => { end(); resolve(message); } };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`conclave-media did not say it in ${patience} ms: ${fits}; ${JSON.stringify(this.news.slice(-5))}`));
      }, patience);
      timer.unref();
      this.#waiters.push(waiter);
    });
  }

  /** What came of this kind for that file, or comes. */
  async told (type, file) {
    const fits = message => message.type === type && message.file === file;
    return this.news.find(fits) ?? await this.wait(fits);
  }

  tell (message, descriptors = {}) {
    this.bridge.stdin.write(JSON.stringify({ message, ...descriptors }) + '\n');
  }

  async ask (message, descriptors = {}) {
    const id = ++this.#id;
    const answer = this.wait(({ re }) => re === id);
    this.tell({ ...message, id }, descriptors);
    return await answer;
  }

  /** Lets a peer of conclave-rtc in, or in again with another. @returns {Promise<string>} the person's id */
  async join (rtc, n, peer, media = {}, may = ALL) {
    const offer = await rtc.join(peer, { t0: t0(), audio_slots: 2, video_slots: 2, ...media });
    const { answer, text } = await this.ask({ type: 'join', person: personId(n), offer, may });
    if (!answer)
      throw new Error(text);
    rtc.answer(peer, answer);
    await rtc.up(peer);
    return personId(n);
  }

  may (person, may) {
    this.tell({ type: 'may', person, ...ALL, ...may });
  }

  /** @returns {Promise<{ file: number, path: string }>} */
  async record (person, source, name = `${person}-${source}-${this.#files + 1}.mkv`) {
    const file = ++this.#files, where = path.resolve(this.folder, name);
    const answer = await this.ask({ type: 'record', file, person, source }, { files: [where] });
    if (answer.error)
      throw new Error(`${answer.error}: ${answer.text}`);
    return { file, path: where };
  }

  /** @returns {Promise<number>} how many bytes it has */
  async unrecord ({ file }) {
    const { bytes, error } = await this.ask({ type: 'unrecord', file });
    if (error)
      throw new Error(error);
    return bytes;
  }

  /** Ends the channel, as a daemon does that ends. @returns {Promise<number>} the exit code */
  async hangUp () {
    this.bridge.stdin.end();
    return (await this.exited).code;
  }

  async close () {
    if (this.bridge.exitCode === null)
      await this.hangUp();
    fs.rmSync(this.folder, { recursive: true });
  }
}
