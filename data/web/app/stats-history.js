// The last two minutes of what the server measures of a meeting, as series for its charts. Pure.

/** @typedef {import('../core/forum.js').Stats} Stats */
/** @typedef {import('../core/forum.js').ConnectionStats} ConnectionStats */
/** @typedef {import('./chart-lines.js').Point} Point */

export const SPAN = 120_000;

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
