// Reactions: what can be said without a word, and how often. They are shown as they come and then forgotten. Pure.

/** @typedef {'up' | 'clap' | 'heart' | 'laugh' | 'surprise' | 'party'} Reaction */
/** @typedef {{ counts: Partial<Record<Reaction, number>>, people: { person: string, what: Reaction }[] }} ReactionNews */

/** @type {readonly Reaction[]} */
export const REACTIONS = ['up', 'clap', 'heart', 'laugh', 'surprise', 'party'];

const MOST = 3; // a second; the server refuses what is more
const SECOND = 1_000;
const MOST_PEOPLE = 8;

/** Keeps whoever presses as fast as they can from being told off. */
export class ReactionPace {
  /** @type {number[]} */ #times = [];

  /** @param {number} now ms @returns {boolean} whether one more may go out; then it counts */
  take(now) {
    this.#times = this.#times.filter(time => now - time < SECOND);
    if (this.#times.length >= MOST)
      return false;
    this.#times.push(now);
    return true;
  }
}

/** Only reactions that there are, each at least once. @param {any} message @returns {ReactionNews} */
export function readReactions({ counts, people }) {
  const known = REACTIONS.filter(what => Number.isInteger(counts?.[what]) && counts[what] > 0);
  return {
    counts: Object.fromEntries(known.map(what => [what, counts[what]])),
    people: (people ?? []).filter((/** @type {any} */ { what }) => REACTIONS.includes(what)).slice(0, MOST_PEOPLE),
  };
}
