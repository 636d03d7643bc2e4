// Keeps the screen awake during a meeting. The browser takes the lock away in a hidden tab; it is asked for again after.

export class WakeLock {
  /** @type {WakeLockSentinel | null} */ #lock = null;
  #wanted = true;

  constructor() {
    document.addEventListener('visibilitychange', this.#take);
    this.#take();
  }

  dispose() {
    this.#wanted = false;
    document.removeEventListener('visibilitychange', this.#take);
    this.#lock?.release();
  }

  #take = async () => {
    if (document.visibilityState !== 'visible' || !navigator.wakeLock)
      return;
    try {
      this.#lock = await navigator.wakeLock.request('screen');
      if (!this.#wanted)
        this.#lock.release();
    } catch {
      // Refused, for example on a low battery: the screen then goes dark as it always does.
    }
  };
}
