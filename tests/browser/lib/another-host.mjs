// The page on another host, as docs/security.md describes it, with a real nginx.
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import https from 'node:https';
import path from 'node:path';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ADDRESS, freePort } from './server.mjs';
import { until } from './until.mjs';

const TOP = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const BUILD = process.env.CONCLAVE_BUILD ?? path.join(TOP, 'build');
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
const run = promisify(execFile);

/** The example: from its first line to its last one. @returns {Promise<string>} */
async function example () {
  const lines = (await fs.readFile(path.join(TOP, 'docs/security.md'), 'utf8')).split('\n');
  const first = lines.indexOf('    server {'), last = lines.indexOf('    }', first);
  return lines.slice(first, last + 1).join('\n');
}

/** @param {string} text @param {[string, string][]} pairs every one is in there */
function replace (text, pairs) {
  for (const [from, to] of pairs) {
    if (!text.includes(from))
      throw new Error(`no ${from} in the example`);
    text = text.replaceAll(from, to);
  }
  return text;
}

/** @param {string} url @returns {Promise<{ headers: import('node:http').IncomingHttpHeaders, text: string }>} */
export function get (url) {
  return new Promise((resolve, reject) => {
    https.get(url, { rejectUnauthorized: false }, async response => {
      let text = '';
      for await (const chunk of response)
        text += chunk;
      resolve({ headers: response.headers, text });
    }).once('error', reject);
  });
}

export class AnotherHost {
  origin = '';
  /** @type {import('node:child_process').ChildProcess} */ #nginx = /** @type {any} */ (null);
  #log = '';
  #folder;

  /** @param {string} folder */
  constructor (folder) {
    this.#folder = folder;
  }

  /** @param {import('./server.mjs').Server} server whose page, and certificate, it has @param {string} upstream what answers everything else, an origin */
  static async start (server, upstream = server.url) {
    const self = new AnotherHost(await fs.mkdtemp(path.join(os.tmpdir(), 'another-')));
    try {
      await self.#copyClient(server.url);
      await self.#startNginx(server, upstream);
    } catch (error) {
      await self.stop();
      throw error;
    }
    return self;
  }

  /** @param {string} url */
  async #copyClient (url) {
    const translations = (await fs.readdir(path.join(BUILD, 'po'))).filter(name => name.endsWith('.json')).map(name => path.join(BUILD, 'po', name));
    const { stdout } = await run(path.join(TOP, 'tools/client-hash'), [path.join(TOP, 'data/web'), ...translations]);
    const folder = path.join(this.#folder, 'client/w', stdout.trim().split(' ').at(-1)?.slice(0, 20) ?? '');
    await fs.cp(path.join(TOP, 'data/web'), folder, { recursive: true });
    await fs.cp(path.join(BUILD, 'po'), path.join(folder, 'po'), { recursive: true });
    await fs.writeFile(path.join(this.#folder, 'client/index.html'), (await get(url)).text);
  }

  /** @param {import('./server.mjs').Server} server @param {string} upstream */
  async #startNginx (server, upstream) {
    const port = await freePort(), folder = this.#folder;
    const site = replace(await example(), [
      ['listen 443 ssl;', `listen ${ADDRESS}:${port} ssl; ssl_certificate ${server.state}/tls/certificate.pem; ssl_certificate_key ${server.state}/tls/key.pem;`],
      ['/srv/client', `${folder}/client`],
      ['meet.example.org', new URL(upstream).host],
      ['"…"', `"${(await get(server.url)).headers['content-security-policy']}"`],
    ]);
    await fs.writeFile(path.join(folder, 'nginx.conf'), [
      `user root; daemon off; worker_processes 1; pid ${folder}/pid; error_log stderr; events {}`,
      'http { access_log off;', ...TEMPORARY.map(name => `${name}_temp_path ${folder}/${name};`), site, '}', ''].join('\n'));
    this.#nginx = spawn('nginx', ['-p', folder, '-c', path.join(folder, 'nginx.conf')], {
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` }, stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#nginx.on('error', error => { this.#log += error; });
    this.#nginx.stderr?.on('data', data => { this.#log += data; });
    this.origin = `https://${ADDRESS}:${port}`;
    await until('nginx answers', () => {
      if (!this.#nginx.pid || this.#nginx.exitCode !== null)
        throw new Error(`nginx ended: ${this.#log}`);
      return get(this.origin).catch(() => null);
    });
  }

  async stop () {
    if (this.#nginx?.pid && this.#nginx.exitCode === null)
      await new Promise(resolve => { this.#nginx.once('exit', resolve).kill('SIGTERM'); });
    await fs.rm(this.#folder, { recursive: true, force: true });
  }
}
