// The session of PROTOCOL.md, section 4: a seat in a meeting over one WebSocket after another. Requests are numbered, kept until
// they are answered and sent again after a resume; what the server numbers is taken once and in order. Who has to wait to be let in
// waits here, over one socket after another. It knows nothing of what the messages mean. WebSocket and timers can be given, so that tests cut sockets and turn clocks.

import { ConclaveError } from './errors.js';
import { toBase64url } from './bytes.js';

const SUBPROTOCOL = 'conclave.v1';
const SILENCE = 40_000;          // nothing heard: the socket is dead
const ANSWER = 5_000;            // the same after a request
const OPENING = 10_000;          // until the first answer
const BACKOFF_FIRST = 250;
const BACKOFF_LAST = 5_000;
const JOIN_TRIES = 4;
const ACK_AFTER = 2_000;         // the protocol allows 5 s
const ACK_COUNT = 16;            // and 32 messages
const ACK_CHARACTERS = 32 * 1024; // the server keeps so much, and no more, of what was not acknowledged
const MAX_WAITING = 200;         // requests without an answer
const LAST = new Set(['ended', 'removed']);
const RETRY_ERRORS = new Set(['rate-limited', 'internal', 'timeout', 'server-full', 'server-stopping']);

/** @typedef {{ type: string, [member: string]: any }} Message */

/**
 * Those of PROTOCOL.md, section 4.2, that are numbered.
 * @typedef {'state' | 'turn' | 'receipt' | 'leave' | 'end' | 'offer' | 'view' | 'hand' | 'stage' | 'stop' | 'start' | 'mute-all' | 'spotlight'
 *   | 'ask' | 'vote' | 'resolve' | 'watch-stats' | 'record' | 'consent' | 'lobby' | 'lock' | 'admit' | 'deny' | 'remove' | 'role' | 'rename'
 *   | 'lower' | 'react' | 'request' | 'change' | 'poll-vote' | 'whisper'} RequestType
 */

/**
 * @typedef {object} Clock
 * @property {(callback: () => void, ms: number) => any} setTimeout
 * @property {(timer: any) => void} clearTimeout
 * @property {() => number} random 0…1
 */

/**
 * @typedef {object} JoinRequest
 * @property {string} room
 * @property {string} [key] kJoin, base64url; not needed with a ticket where media go through the server
 * @property {string} [ticket]
 * @property {string} [name] left out where the server is not to know it
 * @property {string} [host_key]
 * @property {boolean} mic
 * @property {boolean} camera
 * @property {string} [replaces]
 * @property {string} [visitor]
 * @property {string} [receipt] of a room that the server may not know any more
 * @property {boolean} [same_seat] the one of the receipt, whose connections to the others are still there
 */

/**
 * @param {{ room: string, keys: import('./link.js').LinkKeys | null, ticket: string | null | undefined, replaces: string | null, visitor: string | null }} from keys: of the link
 * @param {{ name?: string, mic: boolean, camera: boolean, receipt?: string, same_seat?: boolean }} told @returns {JoinRequest}
 */
export const composeJoin = ({ room, keys, ticket, replaces, visitor }, told) => ({
  room,
  ...(keys && { key: toBase64url(keys.kJoin) }),
  ...(ticket && { ticket }),
  ...told,
  ...(keys?.kHost && { host_key: toBase64url(keys.kHost) }),
  ...(replaces && { replaces }),
  ...(visitor && { visitor }),
});

/** @typedef {{ id: number, type: string, members: object, resolve: (reply: Message) => void, reject: (error: Error) => void }} Request */

/** @type {Clock} */
const realClock = {
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: timer => clearTimeout(timer),
  random: Math.random,
};

/**
 * Events (`CustomEvent`): `waiting` {detail: the message, or null while there is no socket}, `joined` {detail: the message}, `message` {detail},
 * `lost` (a resume is under way), `resumed`,
 * `session-lost` (join anew), `closed` {detail: {id}}: over, `id` is an error id, `elsewhere` or null after `leave`, `ended` or `close()`.
 */
export class Connection extends EventTarget {
  #url;
  #join;
  #isRoom;
  #WebSocket;
  #clock;
  /** @type {WebSocket | null} */ #socket = null;
  /** @type {'new' | 'joining' | 'live' | 'lost' | 'closed'} */ #state = 'new';
  /** @type {Request[]} */ #waiting = [];
  #lastId = 0;
  #seq = 0;
  #acked = 0;
  #unacked = 0;
  #tries = 0;
  /** The server knows who knocks here. */ #waits = false;
  /** The id of that, while this socket lasts. @type {string | null} */ #knock = null;
  #token = '';
  /** @type {any} */ #silenceTimer = null;
  /** Something was asked, and nothing heard since. */ #asked = false;
  /** @type {any} */ #retryTimer = null;
  /** @type {any} */ #ackTimer = null;
  #onOnline = () => this.#retryNow();

  /**
   * @param {object} options
   * @param {string} options.url `wss://HOST/ws`
   * @param {JoinRequest} options.join
   * @param {(room: any) => boolean} [options.isRoom] whether it can be the room that is meant; else it is over
   * @param {typeof WebSocket} [options.WebSocket]
   * @param {Clock} [options.clock]
   */
  constructor({ url, join, isRoom = () => true, WebSocket = globalThis.WebSocket, clock = realClock }) {
    super();
    this.#url = url;
    this.#join = join;
    this.#isRoom = isRoom;
    this.#WebSocket = WebSocket;
    this.#clock = clock;
  }

  /** A socket is up and the seat is ours: `relay` gets through. */
  get live() {
    return this.#state === 'live';
  }

  /** With it a reloaded page gives up this seat. */
  get token() {
    return this.#token;
  }

  open() {
    if (this.#state !== 'new')
      throw new Error('a connection is opened once');
    this.#state = 'joining';
    globalThis.addEventListener?.('online', this.#onOnline);
    this.#connect();
  }

  /**
   * A numbered request; survives lost sockets.
   * @param {RequestType} type @param {object} [members]
   * @returns {Promise<Message>} the `ok`, `turn` or `answer` that answers it; rejects with `ConclaveError`
   */
  request(type, members = {}) {
    if (this.#state !== 'live' && this.#state !== 'lost')
      return Promise.reject(new ConclaveError('not-joined'));
    if (this.#waiting.length >= MAX_WAITING)
      return Promise.reject(new ConclaveError('rate-limited'));
    return new Promise((resolve, reject) => {
      const request = { id: ++this.#lastId, type, members, resolve, reject };
      this.#waiting.push(request);
      if (this.live)
        this.#sendRequest(request);
    });
  }

  /**
   * Passes bytes on to a person; not numbered, lost with the socket.
   * @param {string} to @param {Uint8Array} data @returns {boolean} false: there is no socket
   */
  relay(to, data) {
    if (!this.live || this.#socket?.readyState !== 1)
      return false;
    this.#send({ type: 'relay', to, data: toBase64url(data) });
    return true;
  }

  /** Says who knocks, as long as it is this knock. @param {string} knock @param {string} sealed */
  introduce(knock, sealed) {
    if (knock === this.#knock)
      this.#send({ type: 'introduce', sealed });
  }

  /** Drops the socket without a word and takes a new one: the network has changed. */
  reconnect() {
    if (this.live)
      this.#lose();
    this.#retryNow();
  }

  /** Says nothing more, hears nothing more. */
  close() {
    this.#finish(null);
  }

  #connect() {
    const socket = new this.#WebSocket(this.#url, SUBPROTOCOL);
    this.#socket = socket;
    this.#watch(OPENING);
    socket.onopen = () => {
      if (socket === this.#socket)
        this.#send(this.#state === 'joining' ? { type: 'join', ...this.#join } : { type: 'resume', token: this.#token, seq: this.#seq });
    };
    socket.onmessage = ({ data }) => {
      if (socket === this.#socket)
        this.#onText(data);
    };
    socket.onclose = ({ code }) => {
      if (socket === this.#socket)
        this.#onClose(code);
    };
  }

  /** @param {unknown} data */
  #onText(data) {
    const message = parse(data);
    if (!message) {
      this.#lose();
      return;
    }
    if (this.live || this.#waits)
      this.#watch(SILENCE);
    this.#onMessage(message, String(data).length);
  }

  /** @param {Message} message @param {number} length of its text */
  #onMessage(message, length) {
    if (message.type === 'ping')
      this.#send({ type: 'pong' });
    else if (message.type === 'waiting')
      this.#onWaiting(message);
    else if (message.type === 'joined')
      this.#onJoined(message);
    else if (message.type === 'resumed')
      this.#onResumed(message);
    else if (message.type === 'error' && message.re === undefined)
      this.#onFatal(message.error);
    else if (!this.live)
      this.#lose();
    else if (message.seq === undefined)
      this.#emit('message', message);
    else
      this.#onNumbered(message, length);
  }

  /** Somebody is asked whether this side may come in, which may take long. @param {Message} message */
  #onWaiting(message) {
    if (this.#state !== 'joining') {
      this.#lose();
      return;
    }
    if (!this.#isRoom(message.room)) {
      this.#finish('other-kind');
      return;
    }
    this.#waits = true;
    this.#knock = message.knock;
    this.#tries = 0;
    this.#watch(SILENCE);
    this.#emit('waiting', message);
  }

  /** @param {Message} message */
  #onJoined(message) {
    if (this.#state !== 'joining') {
      this.#lose();
      return;
    }
    if (!this.#isRoom(message.room)) {
      this.#finish('other-kind');
      return;
    }
    this.#state = 'live';
    this.#waits = false;
    this.#tries = 0;
    this.#token = message.token;
    this.#watch(SILENCE);
    this.#emit('joined', message);
  }

  /** @param {Message} message */
  #onResumed({ token, last_id: lastId }) {
    if (this.#state !== 'lost') {
      this.#lose();
      return;
    }
    this.#state = 'live';
    this.#tries = 0;
    this.#token = token;
    this.#watch(SILENCE);
    // At once, for the word that makes the new token the only one.
    this.#ack();
    for (const request of this.#waiting) {
      if (request.id > lastId)
        this.#sendRequest(request);
    }
    this.#emit('resumed');
  }

  /** @param {Message} message @param {number} length of its text */
  #onNumbered(message, length) {
    if (message.seq <= this.#seq)
      return;
    if (message.seq !== this.#seq + 1) {
      this.#lose();
      return;
    }
    this.#seq = message.seq;
    this.#planAck(length);
    if (message.re !== undefined)
      this.#settle(message);
    else
      this.#emit('message', message);
    if (LAST.has(message.type))
      this.#finish(null);
  }

  /** @param {Message} reply */
  #settle(reply) {
    const at = this.#waiting.findIndex(({ id }) => id === reply.re);
    if (at < 0)
      return;
    const [request] = this.#waiting.splice(at, 1);
    if (reply.type === 'error')
      request.reject(new ConclaveError(reply.error));
    else
      request.resolve(reply);
    if (request.type === 'leave' && reply.type === 'ok')
      this.#finish(null);
  }

  /** An error after which the server closes. @param {string} id */
  #onFatal(id) {
    if (id === 'session-lost' && this.#state === 'lost') {
      this.#finish(null, 'session-lost');
    } else if (this.#state !== 'joining' && RETRY_ERRORS.has(id)) {
      this.#tries = Math.max(this.#tries, 4);
      this.#lose();
    } else {
      this.#finish(id);
    }
  }

  /** @param {number} code */
  #onClose(code) {
    if (code === 4001)
      this.#finish('elsewhere');
    else
      this.#lose();
  }

  /** The socket is gone; another one takes up the seat. */
  #lose() {
    this.#dropSocket();
    if (this.#state === 'closed')
      return;
    const wasLive = this.live;
    if (wasLive)
      this.#state = 'lost';
    if (this.#state === 'joining' && !this.#waits && this.#tries + 1 >= JOIN_TRIES) {
      this.#finish('unreachable');
      return;
    }
    const ceiling = Math.min(BACKOFF_FIRST * 2 ** this.#tries++, BACKOFF_LAST);
    this.#clock.clearTimeout(this.#retryTimer);
    this.#retryTimer = this.#clock.setTimeout(() => this.#retryNow(), ceiling * (0.5 + this.#clock.random() / 2));
    if (wasLive)
      this.#emit('lost');
    else if (this.#waits)
      this.#emit('waiting');
  }

  #retryNow() {
    if (this.#socket || (this.#state !== 'lost' && this.#state !== 'joining'))
      return;
    this.#clock.clearTimeout(this.#retryTimer);
    this.#connect();
  }

  /** @param {string | null} id @param {'closed' | 'session-lost'} [event] */
  #finish(id, event = 'closed') {
    if (this.#state === 'closed')
      return;
    this.#state = 'closed';
    globalThis.removeEventListener?.('online', this.#onOnline);
    this.#dropSocket();
    this.#clock.clearTimeout(this.#retryTimer);
    for (const { reject } of this.#waiting.splice(0))
      reject(new ConclaveError(id ?? 'not-joined'));
    this.#emit(event, { id });
  }

  #dropSocket() {
    const socket = this.#socket;
    this.#socket = null;
    this.#knock = null;
    this.#clock.clearTimeout(this.#silenceTimer);
    this.#clock.clearTimeout(this.#ackTimer);
    this.#ackTimer = null;
    socket?.close(1000);
  }

  /** Without a message for so long the socket is lost. @param {number} ms */
  #watch(ms) {
    this.#asked = ms === ANSWER;
    this.#clock.clearTimeout(this.#silenceTimer);
    this.#silenceTimer = this.#clock.setTimeout(() => this.#lose(), ms);
  }

  /** @param {number} length */
  #planAck(length) {
    this.#unacked += length;
    if (this.#seq - this.#acked >= ACK_COUNT || this.#unacked >= ACK_CHARACTERS)
      this.#ack();
    else
      this.#ackTimer ??= this.#clock.setTimeout(() => this.#ack(), ACK_AFTER);
  }

  #ack() {
    this.#clock.clearTimeout(this.#ackTimer);
    this.#ackTimer = null;
    this.#acked = this.#seq;
    this.#unacked = 0;
    this.#send({ type: 'ack', seq: this.#seq });
  }

  /** @param {Request} request */
  #sendRequest({ id, type, members }) {
    this.#send({ type, id, ...members });
    if (!this.#asked)
      this.#watch(ANSWER);
  }

  /** @param {object} message */
  #send(message) {
    if (this.#socket?.readyState === 1)
      this.#socket.send(JSON.stringify(message));
  }

  /** @param {string} type @param {any} [detail] */
  #emit(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** @param {unknown} data @returns {Message | null} */
function parse(data) {
  try {
    const message = JSON.parse(String(data));
    return typeof message?.type === 'string' ? message : null;
  } catch {
    return null;
  }
}
