// A Janus of our own, and its videoroom by WebSocket: one session, a handle for each media connection.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import WebSocket from 'ws';

const HERE = path.dirname(new URL(import.meta.url).pathname);
const PATIENCE = 20_000;
const KEEPALIVE = 20_000;
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

function freePort () {
  return new Promise((resolve, reject) => {
    const server = net.createServer().on('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export class Janus {
  #transaction = 0;
  #pending = new Map();

  /** @param {string} build where lo-only.so is */
  static async start (build) {
    const self = new Janus();
    const port = await freePort();
    self.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'conclave-janus-'));
    for (const name of ['janus.jcfg', 'janus.transport.websockets.jcfg']) {
      const text = fs.readFileSync(path.join(HERE, `${name}.in`), 'utf8');
      fs.writeFileSync(path.join(self.folder, name), text.replaceAll('@FOLDER@', self.folder).replaceAll('@PORT@', String(port)));
    }
    fs.writeFileSync(path.join(self.folder, 'janus.plugin.videoroom.jcfg'), 'general: { }\n');
    self.process = spawn('janus', ['-F', self.folder, '-C', path.join(self.folder, 'janus.jcfg')], {
      stdio: 'ignore', env: { ...process.env, LD_PRELOAD: path.join(build, 'tests/bench/lo-only.so') },
    });
    self.exited = new Promise(resolve => self.process.on('exit', resolve));
    for (let tries = 0; !self.session; tries++) {
      await sleep(100);
      if (self.process.exitCode !== null || tries > 100)
        throw new Error('janus does not start');
      await self.#open(`ws://127.0.0.1:${port}`).catch(() => {});
    }
    return self;
  }

  get pid () { return this.process.pid; }

  async #open (url) {
    const ws = new WebSocket(url, 'janus-protocol', { perMessageDeflate: false });
    await new Promise((resolve, reject) => { ws.on('open', resolve); ws.on('error', reject); });
    this.ws = ws;
    ws.on('message', data => this.#receive(JSON.parse(String(data))));
    this.session = (await this.#ask({ janus: 'create' })).data.id;
    this.timer = setInterval(() => this.#ask({ janus: 'keepalive', session_id: this.session }).catch(() => {}), KEEPALIVE);
  }

  #receive (message) {
    const waiter = this.#pending.get(message.transaction);
    if (!waiter || message.janus === 'ack' && waiter.event)
      return;
    this.#pending.delete(message.transaction);
    clearTimeout(waiter.timer);
    const error = message.error?.reason ?? message.plugindata?.data?.error;
    if (error)
      waiter.reject(new Error(`janus: ${error}`));
    else
      waiter.resolve(message);
  }

  /** `event`: the answer is not the acknowledgement but what comes later. */
  #ask (message, event = false) {
    const transaction = String(++this.#transaction);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`janus: no answer to ${JSON.stringify(message).slice(0, 80)}`)), PATIENCE);
      this.#pending.set(transaction, { resolve, reject, event, timer });
      this.ws.send(JSON.stringify({ ...message, transaction }));
    });
  }

  async #attach () {
    return (await this.#ask({ janus: 'attach', session_id: this.session, plugin: 'janus.plugin.videoroom' })).data.id;
  }

  async #say (handle, body, jsep, event = true) {
    const answer = await this.#ask({ janus: 'message', session_id: this.session, handle_id: handle, body, ...jsep ? { jsep } : {} }, event);
    return { ...answer.plugindata.data, jsep: answer.jsep };
  }

  async makeRoom (room) {
    const handle = await this.#attach();
    await this.#say(handle, {
      request: 'create', room, publishers: 1000, bitrate: 0, audiocodec: 'opus', videocodec: 'vp8', notify_joining: false, permanent: false,
    }, null, false);
  }

  /** Makes a peer of conclave-rtc publish. */
  async publish (rtc, id, room, options) {
    const handle = await this.#attach();
    const { id: feed } = await this.#say(handle, { request: 'join', ptype: 'publisher', room, display: `p${id}` });
    const sdp = await rtc.publish(id, options);
    const { jsep } = await this.#say(handle, { request: 'configure' }, { type: 'offer', sdp });
    rtc.answer(id, jsep.sdp);
    await rtc.up(id);
    return { handle, feed };
  }

  /** @param {object[]} streams of the videoroom: {feed} all of somebody's, {feed, mid} one stream. Returns the handle. */
  async subscribe (rtc, id, room, streams, options) {
    const handle = await this.#attach();
    const { jsep } = await this.#say(handle, { request: 'join', ptype: 'subscriber', room, streams });
    const sdp = await rtc.subscribe(id, jsep.sdp, options);
    await this.#say(handle, { request: 'start' }, { type: 'answer', sdp });
    await rtc.up(id);
    return handle;
  }

  async detach (handle) {
    await this.#ask({ janus: 'detach', session_id: this.session, handle_id: handle });
  }

  async stop () {
    clearInterval(this.timer);
    this.ws?.terminate();
    this.process.kill('SIGKILL'); /* it takes its time otherwise */
    await this.exited;
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
