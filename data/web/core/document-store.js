// Where the pieces of one file are put as they come: the browser's own file system for this site (OPFS) where there is one, so that a large file needs no
// memory, else parts of a Blob, which browsers keep where they like. What is there belongs to this page and goes with it: what pages before left
// when they were cut off is found by their locks, which nobody holds any more, and removed.

/** @typedef {import('./bytes.js').Bytes} Bytes */
/**
 * One file that comes.
 * @typedef {object} Place
 * @property {(bytes: Bytes) => Promise<void>} append rejects where there is no room
 * @property {() => Promise<Blob>} finish what was appended, as a file of no type
 * @property {() => Promise<void>} discard also what was finished
 */

const FOLDER = 'documents-';
/** ms that the browser may still be reading what was saved last. */
const KEPT_MS = 60_000;
const TYPE = 'application/octet-stream'; // whatever it is, no browser shows it

export class DocumentStore {
  #storage;
  #locks;
  #clock;
  #name = `${FOLDER}${globalThis.crypto.randomUUID?.() ?? Date.now()}`;
  /** @type {Promise<FileSystemDirectoryHandle | null> | null} */ #folder = null;
  #count = 0;
  #release = () => {};

  /** @param {{ storage?: Pick<StorageManager, 'getDirectory'>, locks?: Pick<LockManager, 'request'>, clock?: { setTimeout: (callback: () => void, ms: number) => any } }} [options] the browser's */
  constructor({ storage = globalThis.navigator?.storage, locks = globalThis.navigator?.locks, clock = globalThis } = {}) {
    this.#storage = storage;
    this.#locks = locks;
    this.#clock = clock;
  }

  /** @returns {Promise<Place>} */
  async open() {
    const folder = await (this.#folder ??= this.#openFolder().catch(() => null));
    return folder ? inFolder(folder, String(++this.#count)).catch(inMemory) : inMemory();
  }

  /** All that is there is removed, a little later. */
  async clear() {
    const folder = await this.#folder;
    if (!folder)
      return;
    await new Promise(resolve => {
      this.#clock.setTimeout(() => resolve(undefined), KEPT_MS);
    });
    const root = await this.#storage?.getDirectory();
    await root?.removeEntry(this.#name, { recursive: true }).catch(() => {});
    this.#release();
  }

  async #openFolder() {
    if (!this.#storage?.getDirectory || !this.#locks)
      return null;
    const root = await this.#storage.getDirectory();
    await this.#hold();
    const folder = await root.getDirectoryHandle(this.#name, { create: true });
    await this.#sweep(root);
    return folder;
  }

  /** As long as this page is there. */
  #hold() {
    return new Promise((resolve, reject) => {
      this.#locks?.request(this.#name, () => {
        resolve(undefined);
        return new Promise(release => {
          this.#release = () => release(undefined);
        });
      }).catch(reject);
    });
  }

  /** @param {FileSystemDirectoryHandle} root */
  async #sweep(root) {
    const names = [];
    for await (const name of root.keys())
      names.push(name);
    for (const name of names.filter(other => other.startsWith(FOLDER)))
      await this.#locks?.request(name, { ifAvailable: true }, lock => (lock ? root.removeEntry(name, { recursive: true }) : undefined)).catch(() => {});
  }
}

/** @param {FileSystemDirectoryHandle} folder @param {string} name @returns {Promise<Place>} */
async function inFolder(folder, name) {
  const handle = await folder.getFileHandle(name, { create: true });
  const writable = await handle.createWritable();
  return {
    append: bytes => writable.write(bytes),
    async finish() {
      await writable.close();
      const file = await handle.getFile();
      return file.slice(0, file.size, TYPE);
    },
    async discard() {
      await writable.abort().catch(() => {});
      await folder.removeEntry(name).catch(() => {});
    },
  };
}

/** @returns {Place} */
function inMemory() {
  /** @type {Blob[]} */ let parts = [];
  return {
    async append(bytes) {
      parts.push(new Blob([bytes]));
    },
    finish: async () => new Blob(parts, { type: TYPE }),
    async discard() {
      parts = [];
    },
  };
}
