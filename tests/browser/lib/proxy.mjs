// A TCP proxy between browser and daemon that can cut every connection, as a bad network does. TLS passes through it
// untouched. Knows no protocol.
import net from 'node:net';
import { ADDRESS } from './server.mjs';

export class Proxy {
  /** @type {Set<net.Socket>} */ #sockets = new Set();
  /** @type {net.Server} */ #server;
  /** New connections are refused while this is set. */
  closed = false;

  /** @param {number} port of the daemon */
  constructor (port) {
    this.#server = net.createServer({ noDelay: true }, client => {
      if (this.closed)
        return void client.destroy();
      const upstream = net.connect({ port, host: ADDRESS, noDelay: true });
      for (const [from, to] of [[client, upstream], [upstream, client]]) {
        this.#sockets.add(from);
        from.on('error', () => to.destroy());
        from.on('close', () => { this.#sockets.delete(from); to.destroy(); });
        from.pipe(to);
      }
    });
  }

  /** @param {number} port of the daemon */
  static async start (port) {
    const self = new Proxy(port);
    await new Promise((resolve, reject) => {
      self.#server.once('error', reject);
      self.#server.listen(0, ADDRESS, () => resolve(null));
    });
    return self;
  }

  get port () {
    return /** @type {net.AddressInfo} */ (this.#server.address()).port;
  }

  /** A link of the daemon, through this proxy. @param {string} url */
  through (url) {
    const changed = new URL(url);
    changed.port = String(this.port);
    return changed.href;
  }

  /** Cuts what is connected now; returns how many connections that were. */
  cut () {
    const count = this.#sockets.size / 2;
    for (const socket of this.#sockets)
      socket.resetAndDestroy();
    return count;
  }

  stop () {
    this.closed = true;
    this.cut();
    return new Promise(resolve => this.#server.close(resolve));
  }
}
