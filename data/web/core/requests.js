// One request to the server's HTTP interface (PROTOCOL.md, section 3): JSON goes out and comes back, what fails is a `ConclaveError`
// with the server's id. Keeps nothing: who one is, the browser says with its cookie, or what stands in a link.

import { ConclaveError } from './errors.js';

export const BASE = '/api/v1';

export class Requests {
  #fetch;
  #key;

  /** @param {typeof globalThis.fetch} [fetch] @param {string} [key] what is shown in place of the cookie */
  constructor(fetch = (...args) => globalThis.fetch(...args), key = '') {
    this.#fetch = fetch;
    this.#key = key;
  }

  /** The same with a key. @param {string} key */
  withKey(key) {
    return new Requests(this.#fetch, key);
  }

  /** @param {string} method @param {string} path below `BASE` @param {object} [body] @param {AbortSignal} [signal] @returns {Promise<any>} */
  async ask(method, path, body, signal) {
    const response = await this.#send(`${BASE}${path}`, {
      method, signal, ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const answer = response.status === 204 ? {} : await response.json().catch(() => null);
    if (!response.ok)
      throw new ConclaveError(typeof answer?.error === 'string' ? answer.error : 'internal');
    return answer ?? {};
  }

  /** A small file that the server made. @param {string} url @returns {Promise<string>} */
  async text(url) {
    const response = await this.#send(url, {});
    if (!response.ok)
      throw new ConclaveError('not-found');
    return response.text();
  }

  /** Any file that the server made. @param {string} path below `BASE` @returns {Promise<Blob>} */
  async blob(path) {
    const response = await this.#send(`${BASE}${path}`, {});
    if (!response.ok)
      throw new ConclaveError((await response.json().catch(() => null))?.error ?? 'internal');
    return response.blob();
  }

  /** @param {string} url @param {RequestInit} options */
  async #send(url, options) {
    try {
      const headers = this.#key ? { ...options.headers, authorization: `Bearer ${this.#key}` } : options.headers;
      return await this.#fetch(url, { credentials: 'same-origin', ...options, ...(headers && { headers }) });
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError')
        throw error;
      throw new ConclaveError('unreachable', error);
    }
  }
}

/** @param {Record<string, string | number | undefined>} values @returns {string} `?…`, without those that are not set */
export function queryOf(values) {
  const set = Object.entries(values).filter(([, value]) => value !== undefined && value !== '').map(([name, value]) => [name, String(value)]);
  return set.length > 0 ? `?${new URLSearchParams(set)}` : '';
}

/** @param {unknown} error @returns {string} its id */
export const errorId = error => (error instanceof ConclaveError ? error.id : 'internal');
