// One request to the server's HTTP interface (PROTOCOL.md, section 3): JSON goes out and comes back, what fails is a `ConclaveError`
// with the server's id. Keeps nothing: who one is, the browser says with its cookie.

import { ConclaveError } from './errors.js';

export const BASE = '/api/v1';

export class Requests {
  #fetch;

  /** @param {typeof globalThis.fetch} [fetch] */
  constructor(fetch = (...args) => globalThis.fetch(...args)) {
    this.#fetch = fetch;
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

  /** @param {string} url @param {RequestInit} options */
  async #send(url, options) {
    try {
      return await this.#fetch(url, { credentials: 'same-origin', ...options });
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
