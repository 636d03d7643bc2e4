// Bytes as no client of ours would send them: TCP or TLS sockets, requests and WebSocket frames written by hand.
import net from 'node:net';
import tls from 'node:tls';
import { randomBytes } from 'node:crypto';
import { until } from './daemon.mjs';

export const TEXT = 1, BINARY = 2, CONTINUATION = 0, CLOSE = 8, PING = 9, PONG = 10;

export class RawSocket {
  received = Buffer.alloc(0);
  open = true;
  error = null;

  constructor (daemon, { localAddress, ...options } = {}) {
    const where = { host: daemon.host, port: daemon.port, localAddress };
    this.socket = daemon.tls && options.plain !== true ? tls.connect({ ...where, rejectUnauthorized: false, ...options }) : net.connect(where);
    this.connected = new Promise((resolve, reject) => {
      this.socket.once(daemon.tls && options.plain !== true ? 'secureConnect' : 'connect', () => resolve(this));
      this.socket.once('error', reject);
    });
    this.connected.catch(() => {});
    this.closed = new Promise(resolve => this.socket.once('close', resolve));
    this.closed.then(() => { this.open = false; });
    this.socket.on('error', error => { this.error = error; });
    this.socket.on('data', data => { this.received = Buffer.concat([this.received, data]); });
  }

  get text () {
    return this.received.toString('latin1');
  }

  write (data) {
    if (this.socket.writable)
      this.socket.write(data);
    return this;
  }

  /** Writes piece after piece, as fast as they are taken, until it is through or cut. */
  async pour (pieces) {
    for (const piece of pieces) {
      if (!this.open || !this.socket.writable)
        return;
      if (!this.socket.write(piece))
        await Promise.race([new Promise(resolve => this.socket.once('drain', resolve)), this.closed]);
    }
  }

  /** The first status line and headers, once they are there. */
  async head () {
    return await until('an answer came', () => /^HTTP\/1\.[01] (\d+)[^]*?\r\n\r\n/.exec(this.text)?.[0] ?? (this.open ? null : 'closed'));
  }

  async status () {
    return Number(/^HTTP\/1\.[01] (\d+)/.exec(await this.head())?.[1] ?? 0);
  }

  destroy () {
    this.socket.destroy();
  }
}

export async function rawConnect (daemon, options) {
  return await new RawSocket(daemon, options).connected;
}

/** The text of a WebSocket handshake; members set to undefined are left out. */
export function handshake (daemon, headers = {}) {
  const all = {
    Host: new URL(daemon.url).host, Origin: daemon.origin, Upgrade: 'websocket', Connection: 'Upgrade',
    'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    'Sec-WebSocket-Protocol': 'conclave.v1', ...headers,
  };
  return 'GET /ws HTTP/1.1\r\n' + Object.entries(all).filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}\r\n`).join('') + '\r\n';
}

export function frame (opcode, payload, { fin = true, mask = true, rsv = 0, length } = {}) {
  const body = Buffer.from(payload);
  const n = length ?? body.length;
  const head = [(fin ? 0x80 : 0) | rsv << 4 | opcode];
  const size = Buffer.alloc(n < 126 ? 0 : n < 65536 ? 2 : 8);
  if (size.length === 2)
    size.writeUInt16BE(n);
  else if (size.length === 8)
    size.writeBigUInt64BE(BigInt(n));
  head.push((mask ? 0x80 : 0) | (size.length === 0 ? n : size.length === 2 ? 126 : 127));
  const key = mask ? randomBytes(4) : Buffer.alloc(0);
  return Buffer.concat([Buffer.from(head), size, key, mask ? body.map((byte, i) => byte ^ key[i & 3]) : body]);
}

/** Frames of the server in `bytes`, after the head of its answer. */
export function parseFrames (bytes) {
  let at = bytes.indexOf('\r\n\r\n') + 4;
  const frames = [];
  while (at + 2 <= bytes.length) {
    let n = bytes[at + 1] & 0x7f;
    let start = at + 2;
    if (n === 126) {
      n = bytes.readUInt16BE(start);
      start += 2;
    } else if (n === 127) {
      n = Number(bytes.readBigUInt64BE(start));
      start += 8;
    }
    if (start + n > bytes.length)
      break;
    frames.push({ opcode: bytes[at] & 15, compressed: (bytes[at] & 0x40) !== 0, payload: bytes.subarray(start, start + n) });
    at = start + n;
  }
  return frames;
}

/** A raw socket with its WebSocket open. */
export async function rawWebSocket (daemon, options) {
  const socket = await rawConnect(daemon, options);
  socket.write(handshake(daemon));
  if (await socket.status() !== 101)
    throw new Error(`no WebSocket: ${socket.text}`);
  return socket;
}

/** The code the server closed with, once it has; 0 where the connection was cut. */
export async function closeCode (socket) {
  return await until('the server closes', () => {
    const close = parseFrames(socket.received).find(({ opcode }) => opcode === CLOSE);
    return close ? close.payload.length >= 2 ? { code: close.payload.readUInt16BE(0) } : { code: 1005 } : socket.open ? null : { code: 0 };
  }, 10_000).then(({ code }) => code);
}

/** The `error` of the last error message that came. */
export function errorOf (socket) {
  const texts = parseFrames(socket.received).filter(({ opcode }) => opcode === TEXT).map(({ payload }) => JSON.parse(String(payload)));
  return texts.findLast(({ type }) => type === 'error')?.error;
}
