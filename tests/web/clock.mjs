// A clock that a test turns, for what takes `{ setTimeout, clearTimeout, random }`.

export class FakeClock {
  now = 0;
  #timers = new Map();
  #next = 1;

  setTimeout = (callback, ms) => {
    this.#timers.set(this.#next, { at: this.now + ms, callback });
    return this.#next++;
  };

  clearTimeout = timer => void this.#timers.delete(timer);

  random = () => 0.5;

  get pending() {
    return this.#timers.size;
  }

  /** Turns the clock, and lets what was queued meanwhile run. */
  async advance(ms) {
    const end = this.now + ms;
    for (;;) {
      await settle();
      const due = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due)
        break;
      const [timer, { at, callback }] = due;
      this.#timers.delete(timer);
      this.now = at;
      callback();
    }
    this.now = end;
    await settle();
  }
}

/** Lets everything that is already due run. */
export const settle = () => new Promise(resolve => setImmediate(resolve));
