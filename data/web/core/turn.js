// Credentials for the TURN server, which hold for some hours: others are asked for in time.

const REFRESH_AT = 0.8;          // of the time that they hold
const REFRESH_LEAST = 30_000;

/** @typedef {import('./transport.js').Ice} Ice */

export class Turn {
  #ask;
  #onIce;
  /** @type {any} */ #timer = null;

  /** @param {() => Promise<Ice>} ask for new ones @param {(ice: Ice) => void} onIce takes them */
  constructor(ask, onIce) {
    this.#ask = ask;
    this.#onIce = onIce;
  }

  /** @param {number} remaining ms that the present ones hold; none or less: for ever */
  plan(remaining) {
    this.stop();
    if (remaining <= 0)
      return;
    this.#timer = setTimeout(async () => {
      const timer = this.#timer;
      const ice = await this.#ask().catch(() => null);
      if (timer !== this.#timer)
        return;
      if (ice)
        this.#onIce(ice);
      this.plan(ice ? remaining : REFRESH_LEAST);
    }, Math.max(remaining * REFRESH_AT, REFRESH_LEAST));
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = null;
  }
}
