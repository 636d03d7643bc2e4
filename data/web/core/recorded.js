// One recording: its files by what they are for, its renderings and how they go on, and what can be done about it. Asks again every
// two seconds while something is under way, less often while nothing moves. Knows no page.

import { Backoff } from './backoff.js';
import { ConclaveError } from './errors.js';
import { isUnderWay } from './library.js';

/** @typedef {import('./api.js').RecordingObject} RecordingObject */
/** @typedef {import('./api.js').RecordedFile} RecordedFile */
/** @typedef {import('./api.js').Rendering} Rendering */

const POLL = { first: 2_000, last: 10_000 };
const STEM = /^(.*?)(-\d+)?(\.\w+)$/;

/** All files of one rendering carry its suffix, the first one's none. @param {string} name @returns {string} `-2` or '' */
export const suffixOf = name => STEM.exec(name)?.[2] ?? '';

/** @param {Rendering} rendering */
export const isOpen = ({ status }) => status === 'queued' || status === 'running';

/** @param {Rendering} rendering @returns {number} 0…1 */
export const doneOf = ({ progress }) => (typeof progress === 'number' ? progress : progress?.done ?? 0);

/** @param {Pick<RecordingObject, 'files'>} recording @param {RecordedFile['kind']} kind @returns {RecordedFile[]} */
export const filesOf = ({ files = [] }, kind) => files.filter(file => file.kind === kind);

/** A file that the rendering with that suffix has made. @param {RecordingObject} recording @param {RecordedFile['kind']} kind @param {string} suffix @param {string} ending @returns {RecordedFile | null} */
export const companion = (recording, kind, suffix, ending) =>
  filesOf(recording, kind).find(({ name }) => suffixOf(name) === suffix && name.endsWith(ending)) ?? null;

/**
 * What somebody has sent, in the order in which it begins, and those of one person together.
 * @param {Pick<RecordingObject, 'files'>} recording @returns {RecordedFile[]}
 */
export function tracksOf(recording) {
  const first = new Map();
  const tracks = filesOf(recording, 'track');
  for (const { person = '', t = 0 } of tracks)
    first.set(person, Math.min(first.get(person) ?? Infinity, t));
  return [...tracks].sort((a, b) => first.get(a.person ?? '') - first.get(b.person ?? '') || (a.person ?? '').localeCompare(b.person ?? '')
    || (a.t ?? 0) - (b.t ?? 0) || a.name.localeCompare(b.name));
}

/** Without the nulls of what is not known. @template {object} T @param {T} value @returns {T} */
const known = value => /** @type {T} */ (Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null)));

/** @param {RecordingObject} recording @returns {RecordingObject} */
const tidy = recording => ({ ...recording, files: (recording.files ?? []).map(known), renders: (recording.renders ?? []).map(known) });

/** Events: `change`. */
export class Recorded extends EventTarget {
  /** @type {RecordingObject | null} */ value = null;
  /** Error id of why there is none. @type {string | null} */ error = null;
  #api;
  #poll;
  #disposed = false;

  /** @param {import('./api.js').Api} api @param {string} id */
  constructor(api, id) {
    super();
    this.#api = api;
    this.id = id;
    this.#poll = new Backoff(() => this.#refresh(), POLL);
  }

  /** Something changes by itself. */
  get underWay() {
    return this.value !== null && (isUnderWay(this.value) || (this.value.renders ?? []).some(isOpen));
  }

  async load() {
    this.error = null;
    try {
      this.value = tidy(await this.#api.recording(this.id));
    } catch (error) {
      this.error = error instanceof ConclaveError ? error.id : 'internal';
    }
    this.#changed();
    if (this.underWay && !this.#disposed)
      this.#poll.start();
  }

  dispose() {
    this.#disposed = true;
    this.#poll.stop();
  }

  /** @returns {Promise<boolean>} */
  async #refresh() {
    const before = JSON.stringify(this.value);
    this.value = tidy(await this.#api.recording(this.id));
    if (!this.underWay)
      this.#poll.stop();
    const changed = JSON.stringify(this.value) !== before;
    if (changed)
      this.#changed();
    return changed;
  }

  /** @param {string} title */
  async rename(title) {
    const before = this.value;
    if (before)
      this.value = { ...before, title };
    this.#changed();
    try {
      await this.#api.rename(this.id, title);
    } catch (error) {
      if (before && this.value)
        this.value = { ...this.value, title: before.title };
      this.#changed();
      throw error;
    }
  }

  remove() {
    this.#poll.stop();
    return this.#api.remove(this.id);
  }

  /** @param {import('./api.js').RenderOrder} order */
  async render(order) {
    await this.#api.render(this.id, order);
    await this.load();
  }

  /** @param {string} rendering its id */
  async cancel(rendering) {
    await this.#api.cancelRender(rendering);
    await this.load();
  }

  verify() {
    return this.#api.verify(this.id);
  }

  /** @param {{ hours: number, password?: string, downloads: boolean }} share */
  async share(share) {
    const made = await this.#api.share(this.id, share);
    await this.load();
    return made;
  }

  /** @param {string} share its id */
  async unshare(share) {
    await this.#api.unshare(share);
    await this.load();
  }

  /** A small file; null where it cannot be had. @param {string} name @returns {Promise<string | null>} */
  text(name) {
    return this.#api.text(this.id, name).catch(() => null);
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
