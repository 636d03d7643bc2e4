// A provider of OpenID Connect that a test can make say anything: wrong tokens, other keys, too much, nothing at all. People do not
// sign in here; the test does in their place, with `authorize`.
import { createHash, constants, createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';

export const CLIENT = 'conclave';
export const SECRET = 'a secret: with/odd+signs%';

const encode = what => (Buffer.isBuffer(what) ? what : Buffer.from(JSON.stringify(what))).toString('base64url');
const SIGNERS = {
  RS256: (text, { rsa }) => sign('sha256', text, rsa.privateKey),
  PS256: (text, { rsa }) => sign('sha256', text, { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
  ES256: (text, { ec }) => sign('sha256', text, { key: ec.privateKey, dsaEncoding: 'ieee-p1363' }),
  HS256: (text, { rsa }) => createHmac('sha256', rsa.publicKey.export({ type: 'spki', format: 'pem' })).update(text).digest(),
  none: () => Buffer.alloc(0),
};

export class Provider {
  /** Who signs in next. */
  person = { sub: 'user-1', preferred_username: 'ann', name: 'Ann', email: 'ann@example.org', email_verified: true };
  /** Of the next tokens: what is said of them, and what is in them besides. */
  header = { alg: 'RS256' };
  claims = {};
  /** In place of an answer: PATH → (response) => void. */
  answers = new Map();
  /** In the document of discovery. */
  discovery = {};
  asked = new Map();
  #codes = new Map();
  #sockets = new Set();

  static async start () {
    const self = new Provider();
    self.rotate('one');
    self.server = http.createServer((request, response) => { void self.#handle(request, response); });
    self.server.on('connection', socket => {
      self.#sockets.add(socket);
      socket.on('close', () => self.#sockets.delete(socket));
    });
    self.server.listen(0, '127.0.0.1');
    await once(self.server, 'listening');
    self.port = self.server.address().port;
    return self;
  }

  get issuer () { return `http://127.0.0.1:${this.port}`; }

  /** Other keys, called `kid`. */
  rotate (kid) {
    this.kid = kid;
    this.keys = { rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }), ec: generateKeyPairSync('ec', { namedCurve: 'P-256' }) };
  }

  /** How often `path` was asked for. */
  count (path) {
    return this.asked.get(path) ?? 0;
  }

  async stop () {
    for (const socket of this.#sockets)
      socket.destroy();
    if (this.server.listening)
      await new Promise(resolve => { this.server.close(resolve); });
  }

  /** What the person's browser does here: takes where it was sent to, gives the way back. */
  authorize (location) {
    const { searchParams: query, origin, pathname } = new URL(location);
    if (origin !== this.issuer || pathname !== '/authorize')
      throw new Error(`sent to ${location}`);
    const code = randomBytes(12).toString('hex');
    this.#codes.set(code, { ...Object.fromEntries(query), person: this.person });
    return { redirect: query.get('redirect_uri'), code, state: query.get('state'), query };
  }

  async #handle (request, response) {
    const pathname = new URL(request.url, this.issuer).pathname.replace(/^\/copy/, '');
    this.asked.set(pathname, this.count(pathname) + 1);
    let body = '';
    for await (const piece of request)
      body += piece;
    const instead = this.answers.get(pathname);
    if (instead && !request.url.startsWith('/copy/'))
      return instead(response);
    if (pathname !== '/token')
      return this.show(pathname, response);
    return this.#exchange(request, new URLSearchParams(body), response);
  }

  /** The document of that path, with any status. */
  show (pathname, response, status = 200) {
    const document = { '/.well-known/openid-configuration': () => this.#describe(), '/keys': () => ({ keys: this.#publish() }) }[pathname];
    this.#send(response, document ? status : 404, document?.() ?? {});
  }

  #send (response, status, body) {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  #describe () {
    const { issuer } = this;
    return {
      issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/keys`,
      // as many members as a large provider has
      ...Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`member_${i}`, ['RS256', 'ES256']])), ...this.discovery,
    };
  }

  #publish () {
    const { rsa, ec } = this.keys;
    return [
      { ...rsa.publicKey.export({ format: 'jwk' }), kid: this.kid, use: 'sig' },
      { ...ec.publicKey.export({ format: 'jwk' }), kid: `${this.kid}-ec`, use: 'sig', alg: 'ES256' },
      { kty: 'oct', k: 'AAAA', kid: 'secret' }, { kty: 'RSA', n: 'AQAB', e: 'AQAB', kid: 'weak' }, 'no key at all',
    ];
  }

  #exchange (request, form, response) {
    const [client, secret] = Buffer.from((request.headers.authorization ?? '').slice('Basic '.length), 'base64').toString().split(':').map(decodeURIComponent);
    const known = this.#codes.get(form.get('code'));
    this.#codes.delete(form.get('code'));
    this.inBody = form.get('client_secret');
    if ((client !== CLIENT || secret !== SECRET) && this.inBody !== SECRET)
      return this.#send(response, 401, { error: 'invalid_client' });
    const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
    if (!known || known.redirect_uri !== form.get('redirect_uri') || challenge !== known.code_challenge || known.code_challenge_method !== 'S256')
      return this.#send(response, 400, { error: 'invalid_grant' });
    return this.#send(response, 200, { access_token: 'x', token_type: 'Bearer', id_token: this.#issue(known) });
  }

  #issue ({ nonce, person }) {
    const now = Math.floor(Date.now() / 1000);
    const { alg } = this.header;
    const kid = alg === 'ES256' ? `${this.kid}-ec` : this.kid;
    const claims = { iss: this.issuer, aud: CLIENT, iat: now, exp: now + 300, nonce, ...person, ...this.claims };
    const text = `${encode({ kid, typ: 'JWT', ...this.header })}.${encode(claims)}`;
    const signed = SIGNERS[alg](text, this.keys);
    return `${text}.${encode(this.spoil ? Buffer.from(signed).reverse() : signed)}`;
  }
}
