// What the browser says of a page that is in a meeting: it goes, it comes back, the network is another one.

export class PageLife {
  #listeners;

  /**
   * @param {object} on
   * @param {() => void} on.leaving for good: nothing of the page is kept
   * @param {() => void} on.back it was put aside
   * @param {() => void} on.online
   */
  constructor({ leaving, back, online }) {
    this.#listeners = {
      pagehide: (/** @type {any} */ event) => !event.persisted && leaving(),
      pageshow: (/** @type {any} */ event) => event.persisted && back(),
      online,
    };
  }

  start() {
    Object.entries(this.#listeners).forEach(([type, listener]) => globalThis.addEventListener?.(type, listener));
  }

  stop() {
    Object.entries(this.#listeners).forEach(([type, listener]) => globalThis.removeEventListener?.(type, listener));
  }
}
