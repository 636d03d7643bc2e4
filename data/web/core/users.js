// The accounts of this server, for its administrators: who there is, new ones, their roles, links that sign in once
// (PROTOCOL.md, section 3).

import { errorId } from './requests.js';

/** @typedef {import('./account.js').Role} Role */
/** @typedef {{ id: string, login: string, name: string, role: Role, created: number, last_seen: number | null, disabled: boolean }} Person */

/** @param {string} id */
const userPath = id => `/users/${encodeURIComponent(id)}`;

/** Events: `change`. */
export class Users extends EventTarget {
  /** By name. @type {Person[]} */ list = [];
  loading = true;
  /** @type {string | null} */ error = null;
  #requests;

  /** @param {import('./requests.js').Requests} requests */
  constructor(requests) {
    super();
    this.#requests = requests;
  }

  /** Never throws: see `error`. */
  async load() {
    this.loading = true;
    this.#changed();
    try {
      const { users = [] } = await this.#requests.ask('GET', '/users');
      this.#set(users.map(read));
      this.error = null;
    } catch (error) {
      this.error = errorId(error);
    }
    this.loading = false;
    this.#changed();
  }

  /** @param {{ login: string, name: string, role: Role }} person @returns {Promise<Person>} */
  async add(person) {
    const added = read(await this.#requests.ask('POST', '/users', person));
    this.#set([...this.list, added]);
    return added;
  }

  /** @param {string} id @param {{ name?: string, role?: Role, disabled?: boolean }} changes */
  async change(id, changes) {
    const changed = read(await this.#requests.ask('PATCH', userPath(id), changes));
    this.#set(this.list.map(one => (one.id === id ? changed : one)));
  }

  /** @param {string} id */
  async remove(id) {
    await this.#requests.ask('DELETE', userPath(id));
    this.#set(this.list.filter(one => one.id !== id));
  }

  /** @param {string} id @returns {Promise<{ code: string, expires: number | null }>} signs in once, and lets one set a password */
  async makeCode(id) {
    const { code, expires } = await this.#requests.ask('POST', `${userPath(id)}/code`, {});
    return { code: String(code), expires: typeof expires === 'number' && expires > 0 ? expires : null };
  }

  /** @param {Person[]} list */
  #set(list) {
    this.list = [...list].sort((a, b) => a.name.localeCompare(b.name) || a.login.localeCompare(b.login));
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

/** @param {any} user @returns {Person} */
const read = ({ id, login, name, role, created, last_seen: seen, disabled }) => ({
  id, login, name: name || login, role, created, last_seen: seen || null, disabled: Boolean(disabled),
});
