// Asks again and again, soon at first and then less often while nothing changes. Tests give the clock.

export class Backoff {
  #act;
  #first;
  #last;
  #clock;
  #wait;
  /** @type {any} */ #timer = null;

  /**
   * @param {() => Promise<boolean>} act resolves with whether anything has changed @param {{ first: number, last: number }} limits ms
   * @param {{ setTimeout: (callback: () => void, ms: number) => any, clearTimeout: (timer: any) => void }} [clock]
   */
  constructor(act, { first, last }, clock = { setTimeout: (callback, ms) => setTimeout(callback, ms), clearTimeout: timer => clearTimeout(timer) }) {
    this.#act = act;
    this.#first = first;
    this.#last = last;
    this.#clock = clock;
    this.#wait = first;
  }

  get running() {
    return this.#timer !== null;
  }

  /** From the shortest wait on. */
  start() {
    this.stop();
    this.#wait = this.#first;
    this.#plan();
  }

  stop() {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
  }

  #plan() {
    const timer = this.#clock.setTimeout(async () => {
      const changed = await this.#act().catch(() => false);
      if (this.#timer !== timer)
        return; // stopped or started anew meanwhile
      this.#wait = changed ? this.#first : Math.min(this.#wait * 1.5, this.#last);
      this.#plan();
    }, this.#wait);
    this.#timer = timer;
  }
}
