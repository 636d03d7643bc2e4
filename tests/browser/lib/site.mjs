// Another site on another port, so of another origin: pages from memory over HTTPS, with a certificate that is anybody's.
import fs from 'node:fs/promises';
import https from 'node:https';
import { ADDRESS } from './server.mjs';

export class Site {
  /** Path → body; the type goes by the name. @type {Map<string, string>} */ pages = new Map();
  /** @type {https.Server} */ #server;

  /** @param {string} key @param {string} cert PEM */
  constructor (key, cert) {
    this.#server = https.createServer({ key, cert }, ({ url = '/' }, response) => {
      const body = this.pages.get(url);
      const type = url.endsWith('.js') ? 'text/javascript' : url.endsWith('.css') ? 'text/css' : 'text/html';
      response.writeHead(body === undefined ? 404 : 200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' });
      response.end(body);
    });
  }

  /** @param {string} state of a server whose certificate is used @param {number} port 0: any free one */
  static async start (state, port = 0) {
    const [key, cert] = await Promise.all(['key.pem', 'certificate.pem'].map(name => fs.readFile(`${state}/tls/${name}`, 'utf8')));
    const self = new Site(key, cert);
    await new Promise((resolve, reject) => {
      self.#server.once('error', reject);
      self.#server.listen(port, ADDRESS, () => resolve(null));
    });
    return self;
  }

  get origin () {
    return `https://${ADDRESS}:${/** @type {import('node:net').AddressInfo} */ (this.#server.address()).port}`;
  }

  stop () {
    this.#server.closeAllConnections();
    return new Promise(resolve => this.#server.close(resolve));
  }
}
