// A client of the protocol: Socket is one WebSocket whose every message is held against the schemas; Person is a seat that
// outlives sockets, numbers and acknowledges as PROTOCOL.md §4.1 says, and notices a message lost or doubled.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import WebSocket from 'ws';
import { check } from './schema.mjs';
import { INSTRUMENTED, sleep, until } from './daemon.mjs';

const PATIENCE = INSTRUMENTED ? 20_000 : 5000;
const ACK_MS = 50;
const ACK_COUNT = 32;

function fits (message, wanted) {
  return Object.entries(wanted).every(([name, value]) => message[name] === value);
}

export class Socket {
  inbox = [];
  /** the first message that does not fit its schema, or any other reason to fail the test */
  fault = null;
  closed = null;
  #listeners = new Set();

  constructor (daemon, { headers = {}, onMessage = () => true, ...options } = {}) {
    const where = `${daemon.tls ? 'wss' : 'ws'}://${daemon.host.includes(':') ? `[${daemon.host}]` : daemon.host}:${daemon.port}/ws`;
    this.ws = new WebSocket(where, 'conclave.v1', {
      origin: daemon.origin, rejectUnauthorized: false, perMessageDeflate: true, headers, ...options,
    });
    this.opened = new Promise((resolve, reject) => {
      this.ws.once('open', () => resolve(this));
      this.ws.once('error', reject);
    });
    this.opened.catch(() => {});
    this.ended = new Promise(resolve => this.ws.once('close', (code, reason) => {
      this.closed = code;
      resolve(code);
    }));
    this.ws.on('error', () => {});
    this.ws.setMaxListeners(0);
    this.ws.on('message', (data, binary) => this.#receive(data, binary, onMessage));
  }

  #receive (data, binary, onMessage) {
    try {
      assert.equal(binary, false);
      const message = JSON.parse(String(data));
      check('server', message);
      if (message.type === 'ping')
        this.send({ type: 'pong' });
      else if (onMessage(message))
        this.inbox.push(message);
    } catch (error) {
      this.fault ??= error;
    }
    this.#listeners.forEach(listener => listener());
  }

  send (message) {
    this.ws.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message));
  }

  /** The first waiting message of this type with these members; it is taken out. */
  async take (type, members = {}) {
    return await this.find({ type, ...members });
  }

  get #waiting () {
    return 'waiting: ' + this.inbox.slice(-10).reverse().map(message => JSON.stringify(message).slice(0, 120)).join(' ');
  }

  find (wanted, patience = PATIENCE) {
    return new Promise((resolve, reject) => {
      const look = () => {
        const i = this.inbox.findIndex(message => fits(message, wanted));
        if (this.fault || i >= 0 || this.closed !== null && i < 0) {
          this.#listeners.delete(look);
          clearTimeout(timer);
        }
        if (this.fault)
          reject(this.fault);
        else if (i >= 0)
          resolve(this.inbox.splice(i, 1)[0]);
        else if (this.closed !== null)
          reject(new Error(`closed with ${this.closed} before ${JSON.stringify(wanted)} came; ${this.#waiting}`));
      };
      const timer = setTimeout(() => {
        this.#listeners.delete(look);
        reject(new Error(`${JSON.stringify(wanted)} did not come; ${this.#waiting}`));
      }, patience);
      this.#listeners.add(look);
      this.ws.once('close', () => setImmediate(look));
      look();
    });
  }

  /** Cuts the connection without a goodbye. */
  async cut () {
    this.ws.terminate();
    await this.ended;
  }

  async end () {
    this.ws.close();
    await this.ended;
  }
}

export async function connect (daemon, options) {
  return await new Socket(daemon, options).opened;
}

/** Joins and expects to be refused: the error, and the close code. */
export async function refusedJoin (daemon, message, options) {
  const socket = await connect(daemon, options);
  socket.send(message);
  const error = await socket.take('error');
  return { error: error.error, text: error.text, code: await socket.ended };
}

export class Person {
  chats = [];
  /** Documents: id → the fields that were said of it. */
  shared = new Map();
  clock = 0;
  seq = 0;
  #id = 0;
  #unanswered = new Map();
  #acked = 0;
  /* the first word on a socket is `join` or `resume`, and none comes before its answer */
  #seated = false;
  #ackTimer = null;

  constructor (daemon, options) {
    Object.assign(this, { daemon, options });
  }

  /** `members` are those of `join`, and `host`. `acks: false` keeps silent about what came. */
  static async join (daemon, room, { acks = true, socket: options = {}, ...members } = {}) {
    const self = new this(daemon, { acks, ...options });
    await self.#open();
    self.socket.send(room.join(members));
    self.joined = await self.socket.take('joined');
    self.id = self.joined.self;
    self.token = self.joined.token;
    return self;
  }

  async #open () {
    const { acks, ...options } = this.options;
    /* what still comes on an older socket does not count: the server will say it again */
    const socket = new Socket(this.daemon, { ...options, onMessage: message => socket === this.socket && this.#onMessage(message) });
    this.socket = socket;
    this.#seated = false;
    socket.ended.then(() => clearTimeout(this.#ackTimer));
    await socket.opened;
  }

  #onMessage (message) {
    if (message.seq !== undefined) {
      assert.equal(message.seq, this.seq + 1, `${message.type} has a wrong seq`);
      this.seq = message.seq;
      if (this.options.acks)
        this.#ackSoon();
    }
    if (message.re !== undefined)
      this.#onAnswer(message);
    if (message.type === 'joined' || message.type === 'resumed') {
      this.token = message.token;
      this.#seated = true;
      this.#sendAgain(message.last_id ?? 0);
    }
    if (message.type === 'changes' || message.type === 'model')
      this.#hear(message.ops);
    if (message.type === 'joined')
      this.#hear(message.model?.ops ?? []);
    return this.onMessage(message);
  }

  /** Nobody tells people what they said themselves but with its answer. */
  #onAnswer ({ type, re }) {
    const asked = this.#unanswered.get(re);
    this.#unanswered.delete(re);
    if (type === 'ok' && asked?.type === 'change')
      this.#hear(asked.ops);
  }

  /** What is said, in the order in which it came, as whoever knows no clocks sees it. */
  #hear (ops) {
    for (const { o, t, c, f } of ops) {
      this.clock = Math.max(this.clock, c);
      if (t === 'document')
        this.shared.set(o, { f: { ...this.shared.get(o)?.f, ...f } });
      if (t === 'message' && f.text !== undefined)
        this.chats.push(f.text);
    }
  }

  /** One operation of a new message, or another object. */
  operation (t, f, o = randomBytes(9).toString('base64url')) {
    return { o, t, c: ++this.clock, a: this.id, f };
  }

  /** For those who know more of a message. FALSE: it need not wait in the inbox. */
  onMessage () {
    return true;
  }

  #ackSoon () {
    clearTimeout(this.#ackTimer);
    const { socket } = this;
    const ack = () => {
      if (socket.ws.readyState !== WebSocket.OPEN)
        return;
      socket.send({ type: 'ack', seq: this.seq });
      this.#acked = this.seq;
    };
    if (this.seq - this.#acked >= ACK_COUNT)
      ack();
    else
      this.#ackTimer = setTimeout(ack, ACK_MS);
  }

  /** Sends a numbered message without waiting. Returns its id. */
  post (type, members = {}) {
    const message = { type, id: ++this.#id, ...members };
    check('client', message);
    this.#unanswered.set(message.id, message);
    if (this.#seated && this.socket.ws.readyState === WebSocket.OPEN)
      this.socket.send(message);
    return message.id;
  }

  /** Sends a numbered message and waits for its answer. */
  async ask (type, members) {
    const re = this.post(type, members);
    return await this.socket.find({ re });
  }

  /** Says one after the other, as fast as they are answered. */
  async say (texts, pause = 0) {
    for (const text of texts) {
      await this.chat(text);
      await (pause && sleep(pause));
    }
  }

  chat (text) {
    return this.ask('change', { ops: [this.operation('message', { text })] });
  }

  /** The same, without waiting. */
  postChat (text) {
    return this.post('change', { ops: [this.operation('message', { text })] });
  }

  take (type, members) {
    return this.socket.take(type, members);
  }

  get answered () {
    return this.#unanswered.size === 0;
  }

  /** Cuts the connection; the server knows when this is done. */
  async cut () {
    await this.socket.cut();
  }

  /** Takes the seat up again, and sends again what the server did not take. */
  async resume ({ token = this.token, seq = this.seq } = {}) {
    clearTimeout(this.#ackTimer);
    await this.#open();
    this.socket.send({ type: 'resume', token, seq });
    return await this.socket.take('resumed');
  }

  #sendAgain (after) {
    for (const [id, message] of this.#unanswered)
      if (id > after)
        this.socket.send(message);
  }

  async leave () {
    await this.ask('leave');
    assert.equal(await this.socket.ended, 1000);
  }

  async chatsAre (texts) {
    await until('all chat messages came', () => this.chats.length >= texts.length, PATIENCE);
    assert.deepEqual(this.chats, texts);
  }
}

/** Tries to take up a seat that is gone. */
export async function refusedResume (daemon, token, seq) {
  return await refusedJoin(daemon, { type: 'resume', token, seq });
}
