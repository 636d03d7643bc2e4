// Requests about recordings (PROTOCOL.md, section 3): the session of somebody who manages them or was sent a link, the recordings,
// what is made of them. Answers come back as they are; what fails is a `ConclaveError`. Keeps nothing: the session is a cookie.

import { BASE, Requests } from './requests.js';

/** @typedef {'recording' | 'processing' | 'ready' | 'failed'} Status */

/**
 * @typedef {object} RecordedFile
 * @property {string} name
 * @property {'video' | 'audio' | 'track' | 'sound' | 'poster' | 'thumbnails' | 'waveform' | 'chapters' | 'timeline' | 'manifest'} kind
 * @property {number} bytes
 * @property {string} [sha256]
 * @property {string} [person] whose it is, of tracks and sounds
 * @property {string} [source] `microphone`, `camera`, `screen`, `screen-audio`
 * @property {number} [t] ms: where it begins
 * @property {number} [duration] ms
 * @property {string} [type] its MIME type
 */

/**
 * @typedef {object} Rendering
 * @property {string} id
 * @property {'queued' | 'running' | 'done' | 'failed'} status
 * @property {{ stage: string, done: number } | number | null} [progress]
 * @property {string} [layout]
 * @property {number} [from] ms, -1: the beginning
 * @property {number} [to] ms, -1: the end
 * @property {string[]} [without] person ids
 * @property {string} [suffix] of its files
 * @property {number} [created]
 * @property {string} [error]
 */

/** @typedef {{ id: string, created?: number, expires: number | null, downloads: boolean, password?: boolean }} Share */

/**
 * @typedef {object} RecordingObject
 * @property {string} id
 * @property {string} room
 * @property {string} meeting
 * @property {string} title
 * @property {number} started ms since 1970
 * @property {number | null} ended
 * @property {Status} status
 * @property {string} [error]
 * @property {number} duration ms, pauses left out
 * @property {number} bytes
 * @property {number | null} expires
 * @property {number} people
 * @property {{ stage: string, done: number } | null} [progress]
 * @property {RecordedFile[]} [files]
 * @property {Rendering[]} [renders]
 * @property {Share[]} [shares]
 */

/** @typedef {{ q?: string, room?: string, status?: string, sort?: string, order?: string, limit?: number, cursor?: string }} ListQuery */
/** @typedef {{ layout: string, width?: number, height?: number, fps?: number, from?: number, to?: number, without?: string[], products?: string[] }} RenderOrder */

/** @param {string} id */
const recordingPath = id => `/recordings/${encodeURIComponent(id)}`;

/** Tracks lie in a folder: `tracks/NAME`. @param {string} name */
const namePath = name => name.split('/').map(encodeURIComponent).join('/');

/** @param {string} id @param {string} name @param {{ download?: boolean }} [options] @returns {string} where a file is */
export const fileUrl = (id, name, { download = false } = {}) => `${BASE}${recordingPath(id)}/files/${namePath(name)}${download ? '?download=1' : ''}`;

/** @param {string} id @param {string[]} [names] all where it is left out @returns {string} */
export const archiveUrl = (id, names = []) =>
  `${BASE}${recordingPath(id)}/archive.zip${names.length > 0 ? `?files=${names.map(encodeURIComponent).join(',')}` : ''}`;

export class Api {
  #requests;

  /** @param {typeof globalThis.fetch} [fetch] */
  constructor(fetch) {
    this.#requests = new Requests(fetch);
  }

  /** Who one is here; rejects where nobody is signed in. @returns {Promise<any>} */
  session() {
    return this.#requests.ask('GET', '/session');
  }

  /** @param {string} key of a producer */
  signIn(key) {
    return this.#requests.ask('POST', '/session', { key });
  }

  signOut() {
    return this.#requests.ask('DELETE', '/session');
  }

  /** @param {ListQuery} query @param {AbortSignal} [signal] @returns {Promise<{ recordings: RecordingObject[], next: string | null }>} */
  list(query, signal) {
    const wanted = Object.entries(query).filter(([, value]) => value !== undefined && value !== '').map(([name, value]) => [name, String(value)]);
    return this.#requests.ask('GET', `/recordings?${new URLSearchParams(wanted)}`, undefined, signal);
  }

  /** @param {string} id @returns {Promise<RecordingObject>} */
  recording(id) {
    return this.#requests.ask('GET', recordingPath(id));
  }

  /** @param {string} id @param {string} title @returns {Promise<RecordingObject>} */
  rename(id, title) {
    return this.#requests.ask('PATCH', recordingPath(id), { title });
  }

  /** With all its files. @param {string} id */
  remove(id) {
    return this.#requests.ask('DELETE', recordingPath(id));
  }

  /** @param {string} id @param {RenderOrder} order @returns {Promise<Rendering>} */
  render(id, order) {
    return this.#requests.ask('POST', `${recordingPath(id)}/renders`, order);
  }

  /** @param {string} id of the rendering */
  cancelRender(id) {
    return this.#requests.ask('DELETE', `/renders/${encodeURIComponent(id)}`);
  }

  /** @param {string} id @returns {Promise<{ ok: boolean, files: { name: string, ok: boolean }[] }>} */
  verify(id) {
    return this.#requests.ask('POST', `${recordingPath(id)}/verify`, {});
  }

  /** @param {string} id @param {{ hours: number, password?: string, downloads: boolean }} share @returns {Promise<{ id: string, secret: string, url: string }>} */
  share(id, share) {
    return this.#requests.ask('POST', `${recordingPath(id)}/shares`, share);
  }

  /** @param {string} id of the share */
  unshare(id) {
    return this.#requests.ask('DELETE', `/shares/${encodeURIComponent(id)}`);
  }

  /** What a link that was sent leads to. @param {string} id of the share @param {string} secret @param {string} [password] @returns {Promise<any>} */
  openShare(id, secret, password) {
    return this.#requests.ask('POST', `/shares/${encodeURIComponent(id)}/open`, { secret, ...(password !== undefined && { password }) });
  }

  /** A small file that the server made. @param {string} id @param {string} name @returns {Promise<string>} */
  text(id, name) {
    return this.#requests.text(fileUrl(id, name));
  }
}
