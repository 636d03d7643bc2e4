// Who is signed in here, and what they may do about it: sign in and out, the own name and password, the other sign-ins, the address
// of the own calendar. The cookie is the session; nothing of it can be read here, so the server is asked (PROTOCOL.md, section 3).

import { errorId } from './requests.js';

/** @typedef {'administrator' | 'host' | 'producer' | 'guest'} Role */
/** @typedef {{ id: string, login: string, name: string }} User */
/** @typedef {{ id: string, created: number, seen: number, agent: string, current: boolean }} SignIn */
/** @typedef {{ login: string, password: string } | { key: string } | { code: string }} Credentials */

export const LEAST_PASSWORD = 10;
export const MOST_PASSWORD = 200;

/** Events: `change`. */
export class Account extends EventTarget {
  /** `unknown` until the server has answered, `failed` where it could not. @type {'unknown' | 'out' | 'in' | 'failed'} */ state = 'unknown';
  /** Of `failed`. @type {string} */ error = '';
  /** Null with a key, which is nobody's. @type {User | null} */ user = null;
  /** @type {Role | ''} */ role = '';
  #requests;
  #name = '';

  /** @param {import('./requests.js').Requests} requests */
  constructor(requests) {
    super();
    this.#requests = requests;
  }

  /** What they are called: a person, or a key. */
  get name() {
    return this.user?.name || this.user?.login || this.#name;
  }

  /** Whose what is kept in this browser is; '' of nobody. */
  get owner() {
    return this.user?.id ?? '';
  }

  /** Makes rooms. */
  get isHost() {
    return this.state === 'in' && (this.role === 'host' || this.role === 'administrator');
  }

  get isAdministrator() {
    return this.state === 'in' && this.role === 'administrator';
  }

  /** Never throws: see `state`. */
  async load() {
    try {
      this.#take(await this.#requests.ask('GET', '/session'));
    } catch (error) {
      const id = errorId(error);
      this.#set(id === 'no-session' ? 'out' : 'failed', id === 'no-session' ? '' : id);
    }
  }

  /** @param {Credentials} credentials */
  async signIn(credentials) {
    this.#take(await this.#requests.ask('POST', '/session', credentials));
  }

  /** Whatever becomes of it, this page is signed out. */
  async signOut() {
    await this.#requests.ask('DELETE', '/session').catch(() => {});
    this.signedOut();
  }

  /** The server knows us no longer. */
  signedOut() {
    this.#set('out', '');
  }

  /** @param {string} name */
  async rename(name) {
    await this.#requests.ask('PATCH', '/account', { name });
    if (this.user)
      this.user = { ...this.user, name };
    this.#changed();
  }

  /** Ends all other sign-ins. @param {string} password @param {string} [old] not needed right after a one-time link */
  async setPassword(password, old) {
    await this.#requests.ask('POST', '/account/password', { password, ...(old !== undefined && { old }) });
  }

  /** @returns {Promise<SignIn[]>} this one first */
  async signIns() {
    const answer = await this.#requests.ask('GET', '/sign-ins');
    const list = /** @type {SignIn[]} */ (Array.isArray(answer) ? answer : answer.sign_ins ?? []);
    return [...list].sort((a, b) => Number(b.current) - Number(a.current) || b.seen - a.seen);
  }

  /** @param {string} id of a sign-in */
  revoke(id) {
    return this.#requests.ask('DELETE', `/sign-ins/${encodeURIComponent(id)}`);
  }

  /** All but this one. */
  revokeOthers() {
    return this.#requests.ask('DELETE', '/sign-ins');
  }

  /** A new secret address of the own calendar; the one before holds no longer. @returns {Promise<string>} shown once */
  async makeFeed() {
    return String((await this.#requests.ask('POST', '/account/feed')).url ?? '');
  }

  removeFeed() {
    return this.#requests.ask('DELETE', '/account/feed');
  }

  /** @param {any} session */
  #take(session) {
    const { user } = session;
    this.user = user && typeof user.id === 'string' ? { id: user.id, login: String(user.login ?? ''), name: String(user.name ?? '') } : null;
    this.#name = String(session.name ?? '');
    this.role = session.role === 'admin' ? 'administrator' : session.role ?? '';
    // who came by a link to a recording is nobody here
    this.#set(this.role === 'guest' || this.role === '' ? 'out' : 'in', '');
  }

  /** @param {'out' | 'in' | 'failed'} state @param {string} error */
  #set(state, error) {
    if (state !== 'in') {
      this.user = null;
      this.role = '';
      this.#name = '';
    }
    this.state = state;
    this.error = error;
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
