// The last two minutes of what the server measures, as series for the charts. Pure.

/** @typedef {import('../core/forum.js').Stats} Stats */
/** @typedef {import('../core/forum.js').ConnectionStats} ConnectionStats */
/** @typedef {{ at: number, value: number }} Point */

export const SPAN = 120_000;
const CEILINGS = [1, 2, 5];

/** @param {readonly ConnectionStats[]} people @param {(one: ConnectionStats) => number} of */
const sum = (people, of) => people.reduce((total, one) => total + of(one), 0);

/** @type {Record<'up' | 'down' | 'loss' | 'cpu', (stats: Stats) => number>} */
const SERIES = {
  up: ({ people }) => sum(people, ({ up }) => up),
  down: ({ people }) => sum(people, ({ down }) => down),
  // The worst of all: an average hides the one who hears nothing.
  loss: ({ people }) => Math.max(0, ...people.map(({ up_loss: up, down_loss: down }) => Math.max(up, down))),
  cpu: ({ cpu }) => cpu,
};

export class StatsHistory {
  /** @type {Stats[]} */ #all = [];

  /** @param {Stats} stats */
  add(stats) {
    this.#all = [...this.#all.filter(({ at }) => at > stats.at - SPAN), stats];
  }

  get last() {
    return this.#all.at(-1) ?? null;
  }

  /** @param {keyof typeof SERIES} name @returns {Point[]} the oldest first */
  series(name) {
    return this.#all.map(stats => ({ at: stats.at, value: SERIES[name](stats) }));
  }
}

/** The end of a scale on which all these have room: 1, 2 or 5 times a power of ten. @param {number} value @param {number} least @returns {number} */
export function ceiling(value, least) {
  const wanted = Math.max(value, least);
  const power = 10 ** Math.floor(Math.log10(wanted));
  return (CEILINGS.find(step => step * power >= wanted) ?? 10) * power;
}

/**
 * A line in a box of 100 by 100, now at its right, zero at its foot.
 * @param {readonly Point[]} points @param {number} now ms since 1970 @param {number} top of the scale
 * @returns {string} for the `d` of a path; '' where there is nothing to draw
 */
export const line = (points, now, top) => points
  .map(({ at, value }, i) => `${i === 0 ? 'M' : 'L'}${(100 - 100 * (now - at) / SPAN).toFixed(2)} ${(100 - 100 * Math.min(value / top, 1)).toFixed(2)}`)
  .join('');
