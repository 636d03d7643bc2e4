// The tab's own storage, or, where the browser gives none to this page (blocked, embedded in another site), one that lasts as long as
// the page: then a reload asks for the link anew, and nothing else breaks.

/** @typedef {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>} TabStorage */

class PageStorage {
  /** @type {Map<string, string>} */ #items = new Map();
  /** @param {string} key */
  getItem = key => this.#items.get(key) ?? null;
  /** @param {string} key @param {string} value */
  setItem = (key, value) => { this.#items.set(key, value); };
  /** @param {string} key */
  removeItem = key => { this.#items.delete(key); };
}

/** @param {() => TabStorage} [storage] throws where there is none @returns {TabStorage} */
export function tabStorage(storage = () => sessionStorage) {
  try {
    const found = storage();
    found.getItem('conclave');
    return found;
  } catch {
    return new PageStorage();
  }
}
