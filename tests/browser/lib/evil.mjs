// A server that wants to listen: an HTTPS proxy with the daemon's own certificate, through which the pages come unmodified, and which may change, keep
// back, repeat, send back or make up whatever browsers relay to each other (PROTOCOL.md). What it makes of it is in evil.test.mjs.
import fs from 'node:fs/promises';
import https from 'node:https';
import WebSocket, { WebSocketServer } from 'ws';
import { ADDRESS } from './server.mjs';

/** @typedef {{ name: string, id: string, socket: import('ws').WebSocket, seq: number, more: number, known: Map<string, object> }} Seat seq: of the last message; more: how many of them were this one's own; known: whom they were told of */
/** What is relayed. @typedef {{ from: Seat, to: Seat, bytes: Uint8Array<ArrayBuffer> }} Relayed */
/** What is passed on of it, to the one it was meant for. @typedef {(relayed: Relayed) => Uint8Array[] | Promise<Uint8Array[]>} Treatment */

const STRAIGHT = new Set(['host', 'connection', 'upgrade']);

export class Evil {
  /** By name. @type {Map<string, Seat>} */ seats = new Map();
  /** @type {Treatment} */ treat = ({ bytes }) => [bytes];
  /** What becomes of what the daemon says to somebody. @type {(message: any, seat: Seat) => object} */ falsify = message => message;
  /** Errors of a treatment: the test is broken then. @type {unknown[]} */ faults = [];
  #server;
  #target;

  /** @param {string} target URL of the daemon @param {{ key: string, cert: string }} tls */
  constructor (target, tls) {
    this.#target = new URL(target);
    this.#server = https.createServer(tls, (request, response) => this.#pass(request, response));
    const sockets = new WebSocketServer({ noServer: true, handleProtocols: protocols => [...protocols][0] });
    this.#server.on('upgrade', (request, socket, head) => sockets.handleUpgrade(request, socket, head, client => this.#join(client)));
  }

  /** @param {import('./server.mjs').Server} daemon */
  static async start (daemon) {
    const [key, cert] = await Promise.all(['key.pem', 'certificate.pem'].map(name => fs.readFile(`${daemon.state}/tls/${name}`, 'utf8')));
    const self = new Evil(daemon.url, { key, cert });
    await new Promise((resolve, reject) => {
      self.#server.once('error', reject);
      self.#server.listen(0, ADDRESS, () => resolve(null));
    });
    return self;
  }

  /** A link of the daemon, through this proxy. @param {string} url */
  through (url) {
    const changed = new URL(url);
    changed.port = String(/** @type {import('node:net').AddressInfo} */ (this.#server.address()).port);
    return changed.href;
  }

  /** Says something to one as if another had. @param {Seat} to @param {Seat} from @param {Uint8Array} bytes */
  say (to, from, bytes) {
    to.socket.send(JSON.stringify({ type: 'relay', from: from.id, data: Buffer.from(bytes).toString('base64url') }));
  }

  /** Something of the server's own. @param {Seat} to @param {object} message */
  tell (to, message) {
    to.more++;
    to.socket.send(JSON.stringify({ ...message, seq: ++to.seq }));
  }

  stop () {
    this.#server.closeAllConnections();
    return new Promise(resolve => this.#server.close(resolve));
  }

  get #headers () {
    return { host: this.#target.host, origin: this.#target.origin };
  }

  /** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  #pass (request, response) {
    const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !STRAIGHT.has(name)));
    const upstream = https.request(new URL(request.url ?? '/', this.#target), { method: request.method, rejectUnauthorized: false, headers: { ...headers, ...this.#headers } }, answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    upstream.on('error', () => response.destroy());
    request.pipe(upstream);
  }

  /** @param {import('ws').WebSocket} client */
  #join (client) {
    const upstream = new WebSocket(`wss://${this.#target.host}/ws`, 'conclave.v1', { rejectUnauthorized: false, headers: this.#headers });
    /** @type {Seat} */
    const seat = { name: '', id: '', socket: client, seq: 0, more: 0, known: new Map() };
    const opened = new Promise(resolve => upstream.once('open', () => resolve(null)));
    let queue = Promise.resolve();
    client.on('message', data => { queue = queue.then(() => opened).then(() => this.#onSaid(seat, upstream, String(data))).catch(fault => { this.faults.push(fault); }); });
    upstream.on('message', data => this.#onHeard(seat, client, String(data)));
    for (const [one, other] of [[client, upstream], [upstream, client]]) {
      one.on('error', () => other.terminate());
      one.on('close', () => other.close());
    }
  }

  /** A browser says something. @param {Seat} seat @param {import('ws').WebSocket} upstream @param {string} text */
  async #onSaid (seat, upstream, text) {
    const message = JSON.parse(text);
    if (message.type === 'join')
      seat.name = message.name;
    const to = message.type === 'relay' ? [...this.seats.values()].find(({ id }) => id === message.to) : undefined;
    if (message.type === 'ack' || message.type === 'resume')
      return void upstream.send(JSON.stringify({ ...message, seq: Math.max(0, message.seq - seat.more) }));
    if (!to)
      return void upstream.send(text);
    for (const bytes of await this.treat({ from: seat, to, bytes: Uint8Array.from(Buffer.from(message.data, 'base64url')) }))
      upstream.send(JSON.stringify({ ...message, data: Buffer.from(bytes).toString('base64url') }));
  }

  /** @param {Seat} seat @param {import('ws').WebSocket} client @param {string} text */
  #onHeard (seat, client, text) {
    const message = JSON.parse(text);
    if (message.type === 'joined') {
      seat.id = message.self;
      this.seats.set(seat.name, seat);
    }
    for (const person of message.people ?? (message.type === 'person-joined' ? [message.person] : []))
      seat.known.set(person.id, person);
    if (message.seq !== undefined)
      seat.seq = message.seq += seat.more;
    client.send(JSON.stringify(this.falsify(message, seat)));
  }
}
