// A provider of OpenID Connect as it is: oidc-provider on loopback, with its own pages for signing in. Everybody who types a login is
// somebody of that name; any password does.
import { once } from 'node:events';
import http from 'node:http';
// @ts-ignore it has no types
import { Provider } from 'oidc-provider';

export const CLIENT = { id: 'conclave', secret: 'a secret: with/odd+signs%' };

const CLAIMS = { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] };

export class Idp {
  /** @type {http.Server} */ #server = http.createServer();
  issuer = '';

  /** @returns {Promise<Idp>} one that says where it is; it answers after `serve` */
  static async listen () {
    const self = new Idp();
    self.#server.listen(0, '127.0.0.1');
    await once(self.#server, 'listening');
    self.issuer = `http://localhost:${/** @type {import('node:net').AddressInfo} */ (self.#server.address()).port}`;
    return self;
  }

  /** @param {string} url of the server that people come back to @param {object} [client] more of it */
  serve (url, client = {}) {
    const provider = new Provider(this.issuer, {
      clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [`${url}/auth/oidc/callback`], ...client }],
      pkce: { required: () => true, methods: ['S256'] },
      conformIdTokenClaims: false,
      claims: CLAIMS,
      cookies: { keys: ['an old pond'] },
      ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 }, // seconds; or it complains
      findAccount: (/** @type {unknown} */ _, /** @type {string} */ sub) => ({
        accountId: sub,
        claims: () => ({ sub, preferred_username: sub, name: sub.toUpperCase(), email: `${sub}@example.org`, email_verified: true }),
      }),
    });
    this.#server.on('request', provider.callback());
  }

  async stop () {
    this.#server.closeAllConnections?.();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
