// What this page shows, told to the server: whose picture, and how wide. Changes within a moment go out as one, and what was
// told already is not told again. Knows neither tiles nor sockets.

/** @typedef {{ person: string, source: 'camera' | 'screen', width: number }} ViewTile width in pixels of the screen */

const DELAY = 150;
const STEP = 16;                 // a tile that grows by less wants the same picture
const MAX_TILES = 64;
const MAX_WIDTH = 7_680;

/** @typedef {Pick<import('./connection.js').Clock, 'setTimeout' | 'clearTimeout'>} Timers */

/** @type {Timers} */
const realTimers = {
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: timer => clearTimeout(timer),
};

export class View {
  #send;
  #timers;
  /** @type {ViewTile[]} */ #tiles = [];
  #told = '';
  /** @type {any} */ #timer = null;

  /** @param {(tiles: ViewTile[]) => void} send @param {Timers} [timers] */
  constructor(send, timers = realTimers) {
    this.#send = send;
    this.#timers = timers;
  }

  /** @param {readonly ViewTile[]} tiles the most important first */
  show(tiles) {
    this.#tiles = tiles.slice(0, MAX_TILES).map(({ person, source, width }) => ({
      person, source, width: Math.min(Math.max(Math.ceil(width / STEP), 1) * STEP, MAX_WIDTH),
    }));
    this.#timer ??= this.#timers.setTimeout(() => this.#tell(), DELAY);
  }

  /** Whoever is told has forgotten. */
  again() {
    this.#told = '';
    this.#tell();
  }

  /** As they were told, or will be. @returns {readonly ViewTile[]} */
  get tiles() {
    return this.#tiles;
  }

  close() {
    this.#timers.clearTimeout(this.#timer);
    this.#timer = null;
  }

  #tell() {
    this.close();
    const words = JSON.stringify(this.#tiles);
    if (words === this.#told)
      return;
    this.#told = words;
    this.#send(this.#tiles);
  }
}
