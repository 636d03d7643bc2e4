// Serves the real page with a pretended meeting, under the same Content-Security-Policy as conclaved, so that every state of
// the interface can be looked at without a server: node tests/web/demo/server.mjs [PORT], then open the address it prints.
// core/meeting.js and core/devices.js come from this folder; the query string chooses the state (state.js).

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { DemoAccounts } from './accounts.mjs';
import { DemoLibrary } from './library.mjs';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.resolve(HERE, '../../..');
const WEB = path.join(ROOT, 'data/web');
const BASE = '/w/demo';
const FAKES = new Map([['core/meeting.js', 'meeting.js'], ['core/devices.js', 'devices.js'], ['core/state.js', 'state.js'], ['core/picture.js', 'picture.js'], ['core/content.js', 'content.js']]);
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json', '.html': 'text/html; charset=utf-8' };

const importMap = JSON.stringify({ imports: { 'lit-html': `${BASE}/vendor/lit-html/lit-html.js`, 'lit-html/': `${BASE}/vendor/lit-html/` } });
const hash = createHash('sha256').update(importMap).digest('base64');
const HEADERS = {
  'content-security-policy': `default-src 'none'; script-src 'self' 'sha256-${hash}'; style-src 'self'; img-src 'self' data: blob:; `
    + "media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
    + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html",
  'permissions-policy': 'camera=(self), microphone=(self), display-capture=(self), screen-wake-lock=(self)',
  'cache-control': 'no-store',
};

const temp = mkdtempSync(path.join(tmpdir(), 'conclave-demo-'));
const accounts = new DemoAccounts();
const ACCOUNTS = /^\/api\/v1\/(about|session|account|sign-ins|users|rooms|events)\b/;
const library = new DemoLibrary(path.join(tmpdir(), 'conclave-demo-media')); // kept: it takes a while to make
process.on('exit', () => rmSync(temp, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => process.exit(0));

/** @param {string} name `de.json` @returns {Buffer | null} */
function messages(name) {
  const po = path.join(ROOT, 'po', name.replace(/\.json$/, '.po'));
  if (!existsSync(po))
    return null;
  const out = path.join(temp, name);
  execFileSync(path.join(ROOT, 'tools/po-json'), [po, out]);
  return readFileSync(out);
}

/** @param {string} name below data/web @returns {Buffer | null} */
function file(name) {
  if (name.startsWith('po/'))
    return messages(path.basename(name));
  const fake = FAKES.get(name);
  const full = fake ? path.join(HERE, fake) : path.join(WEB, path.normalize(`/${name}`));
  return existsSync(full) ? readFileSync(full) : null;
}

const page = () => readFileSync(path.join(WEB, 'index.html'), 'utf8')
  .replaceAll('{{base}}', BASE)
  .replace('{{embedders}}', '')
  .replace('{{importmap}}', `<script type="importmap">${importMap}</script>`)
  .replace('{{preloads}}', '');

/** @param {string} url @returns {{ status: number, type: string, body: string | Buffer, headers?: Record<string, string> }} */
function answer(url) {
  const { pathname } = new URL(url, 'http://localhost');
  if (!pathname.startsWith(`${BASE}/`))
    return { status: 200, type: TYPES['.html'], body: page() };
  const body = file(decodeURIComponent(pathname.slice(BASE.length + 1)));
  const type = TYPES[/** @type {keyof typeof TYPES} */ (path.extname(pathname))] ?? 'application/octet-stream';
  return body ? { status: 200, type, body } : { status: 404, type: 'text/plain', body: 'not here' };
}

/** @param {string} method @param {string} address @param {string} sent @param {string} [range] */
function answerApi(method, address, sent, range) {
  const url = new URL(address, 'http://localhost');
  const body = sent ? JSON.parse(sent) : {};
  if (!url.pathname.startsWith('/api/v1/'))
    return null;
  if (ACCOUNTS.test(url.pathname)) {
    const { status, body: answered, text } = accounts.answer(method, url, body);
    return { status, type: text ? 'text/calendar' : TYPES['.json'], body: text ?? JSON.stringify(answered) };
  }
  library.signedIn = accounts.who !== null;
  return library.answer(method, url, body, range);
}

const server = createServer(async (request, response) => {
  let sent = '';
  for await (const chunk of request)
    sent += chunk;
  const { status, type, body, headers } = answerApi(request.method ?? 'GET', request.url ?? '/', sent, request.headers.range)
    ?? answer(request.url ?? '/');
  response.writeHead(status, { ...HEADERS, ...headers, 'content-type': type });
  response.end(status === 204 ? undefined : body);
});

server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  const address = server.address();
  console.log(`http://localhost:${typeof address === 'object' && address ? address.port : ''}/`);
});
