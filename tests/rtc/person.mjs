// A person in a Boardroom or Classroom: a seat at conclaved by WebSocket (PROTOCOL.md), whose media are a peer of conclave-rtc.
// Lean, as there are hundreds of them; holds nothing against the schemas, and does not take up a lost socket again.
import WebSocket from 'ws';
import { t0 } from './rtc.mjs';

const PATIENCE = process.env.CONCLAVE_SANITIZED === 'yes' ? 60_000 : 20_000;
const ACK_MS = 200;

export class Person {
  seq = 0;
  slots = [];
  speakers = [];
  quality = {};
  /** what of mine somebody takes, by source; null: not told yet */
  layers = {};
  /** whether there are media to connect to */
  ready = false;
  /** null while the socket is open */
  closed = null;
  #id = 0;
  #waiting = new Map();
  #listeners = [];
  #ackTimer = null;

  constructor (rtc, peer, options) {
    Object.assign(this, { rtc, peer, options });
  }

  /**
   * Takes a seat, and (but with `media: false`) connects media. `peer` is the id at conclave-rtc.
   * @param {{ host?: boolean, name?: string, media?: object | false, obey?: boolean, mic?: boolean, camera?: boolean, screen?: boolean }} options
   * `media`: what conclave-rtc's `join` takes; `obey`: stops the layers that nobody takes, as browsers do
   */
  static async join (daemon, room, rtc, peer, options = {}) {
    const { host = false, name = `Person ${peer}`, media = {}, mic = true, camera = true } = options;
    const self = new Person(rtc, peer, { obey: true, ...options });
    self.asked = t0();
    await self.#open(daemon);
    const joined = self.take('joined');
    self.ws.send(JSON.stringify(room.join({ host, name, mic, camera })));
    self.joined = await joined;
    self.id = self.joined.self;
    if (options.screen)
      await self.ask('state', { mic, camera, screen: true });
    if (media)
      await self.connect();
    return self;
  }

  async #open (daemon) {
    const host = daemon.host.includes(':') ? `[${daemon.host}]` : daemon.host;
    this.ws = new WebSocket(`${daemon.tls ? 'wss' : 'ws'}://${host}:${daemon.port}/ws`, 'conclave.v1',
      { origin: daemon.origin, rejectUnauthorized: false, perMessageDeflate: false });
    this.ws.on('message', data => this.#receive(JSON.parse(String(data))));
    this.ended = new Promise(resolve => this.ws.on('close', code => {
      this.closed = code;
      clearTimeout(this.#ackTimer);
      this.#listeners.splice(0).forEach(({ reject, type }) => reject(new Error(`closed with ${code} before ${type}`)));
      resolve(code);
    }));
    await new Promise((resolve, reject) => {
      this.ws.once('open', resolve);
      this.ws.on('error', reject);
    });
  }

  #receive (message) {
    if (message.seq !== undefined) {
      this.seq = message.seq;
      this.#ackTimer ??= setTimeout(() => this.#acknowledge(), ACK_MS);
    }
    if (message.type === 'ping')
      this.ws.send('{"type":"pong"}');
    else if (message.type === 'slots' || message.type === 'speakers' || message.type === 'quality')
      this[message.type] = message.slots ?? message.people;
    else if (message.type === 'layers')
      this.#onLayers(message);
    else if (message.type === 'joined')
      this.ready = message.media?.ready;
    else if (message.type === 'media')
      this.ready = message.state === 'ready';
    this.#waiting.get(message.re)?.(message);
    for (const listener of this.#listeners.filter(({ type, fits }) => type === message.type && fits(message))) {
      this.#listeners.splice(this.#listeners.indexOf(listener), 1);
      listener.resolve(message);
    }
  }

  #acknowledge () {
    this.#ackTimer = null;
    if (this.ws.readyState === WebSocket.OPEN)
      this.ws.send(JSON.stringify({ type: 'ack', seq: this.seq }));
  }

  #onLayers ({ source, rids }) {
    this.layers[source] = rids;
    if (this.options.obey && this.options.media !== false)
      this.rtc.send({ cmd: 'send', id: this.peer, source, rids, on: rids.length > 0 && this.#sends(source) });
  }

  #sends (source) {
    const { video = true, screen = false } = this.options.media ?? {};
    return source === 'screen' ? screen : video;
  }

  /** The next message of this type that fits. */
  take (type, fits = () => true, patience = PATIENCE) {
    return new Promise((resolve, reject) => {
      const listener = { type, fits, reject, resolve: message => { clearTimeout(timer); resolve(message); } };
      const timer = setTimeout(() => {
        this.#listeners.splice(this.#listeners.indexOf(listener), 1);
        reject(new Error(`no ${type} in ${patience} ms`));
      }, patience);
      this.#listeners.push(listener);
    });
  }

  /** Sends a numbered message. @returns its answer, whatever it is */
  ask (type, members = {}, patience = PATIENCE) {
    const id = ++this.#id;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer to ${type}`)), patience);
      this.#waiting.set(id, message => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(message);
      });
      this.ws.send(JSON.stringify({ type, id, ...members }));
    });
  }

  /** Makes a media connection, or a new one in place of the old one, and waits until it is up. */
  async connect () {
    if (!this.ready)
      await this.take('media', ({ state }) => state === 'ready');
    const { audio_slots } = this.joined.media;
    const sdp = await this.rtc.join(this.peer, { t0: this.asked, audio_slots, ...this.options.media });
    const answer = await this.ask('offer', { sdp });
    if (answer.type !== 'answer')
      throw new Error(`the offer was refused: ${answer.error}`);
    this.rtc.answer(this.peer, answer.sdp);
    await this.rtc.up(this.peer);
  }

  /** @param {{ person: string, source?: string, width?: number }[]} tiles */
  async view (tiles) {
    await this.ask('view', { tiles: tiles.map(({ person, source = 'camera', width = 640 }) => ({ person, source, width })) });
  }

  async leave () {
    this.rtc.close(this.peer);
    await this.ask('leave').catch(() => {});
    await this.ended;
  }
}
