// Counts the votes of a poll where no server does: each vote is an object of the model (`vote`), and what they come to is said to the page as if the
// poll had said it. Everybody counts the same. It stays out of what people tell each other: nobody's count is believed.

/** @typedef {import('./model-object.js').ModelObject} ModelObject */
/** @typedef {import('./model-object.js').Operation} Operation */

/** Who says what they come to: nobody has this id. */
const COUNTER = 'count';
const MAX_NAMES = 400;

export class Tally {
  #find;
  /** Votes by poll. @type {Map<string, Set<string>>} */ #votes = new Map();
  /** What was said of a poll last. @type {Map<string, { clock: number, text: string }>} */ #said = new Map();

  /** @param {(id: string) => ModelObject | null} find */
  constructor(find) {
    this.#find = find;
  }

  clear() {
    this.#votes.clear();
    this.#said.clear();
  }

  /** @param {readonly Operation[]} ops that were taken @returns {Operation[]} what their polls come to now */
  count(ops) {
    const polls = new Set();
    for (const { o, t } of ops) {
      if (t === 'poll')
        polls.add(o);
      const poll = t === 'vote' ? String(this.#find(o)?.fields.poll) : '';
      if (!poll)
        continue;
      this.#votes.set(poll, (this.#votes.get(poll) ?? new Set()).add(o));
      polls.add(poll);
    }
    return [...polls].flatMap(poll => this.#countPoll(poll));
  }

  /** @param {string} id @returns {Operation[]} */
  #countPoll(id) {
    const poll = this.#find(id);
    if (poll?.type !== 'poll' || poll.gone)
      return [];
    const { choices, anonymous, multiple, open } = /** @type {{ choices: string[], anonymous: boolean, multiple: boolean, open: boolean }} */ (/** @type {unknown} */ (poll.fields));
    const votes = this.#votesOf(id, choices.length, multiple, open ? Infinity : poll.clockOf('open'));
    const counts = choices.map((_, i) => votes.filter(vote => vote.choices.includes(i)).length);
    const names = votes.map(({ name }) => name).filter(name => name).sort((a, b) => a.localeCompare(b));
    const f = { counts, voters: votes.length, voted: anonymous ? [] : names.slice(0, MAX_NAMES) };
    const said = this.#said.get(id);
    const text = JSON.stringify(f);
    if (said?.text === text)
      return [];
    const clock = (said?.clock ?? poll.clock) + 1;
    this.#said.set(id, { clock, text });
    return [{ o: id, t: 'poll', c: clock, a: COUNTER, f }];
  }

  /** One of each session, the latest, with choices that there are. @param {string} poll @param {number} n choices @param {boolean} multiple @param {number} until clock at which it was closed */
  #votesOf(poll, n, multiple, until) {
    const byAuthor = new Map();
    for (const id of [...this.#votes.get(poll) ?? []].sort()) {
      const vote = this.#find(id);
      if (!vote || vote.gone || vote.clock > until)
        continue;
      const { by, name, choices } = /** @type {{ by: string, name: string, choices: number[] }} */ (/** @type {unknown} */ (vote.fields));
      if ((byAuthor.get(by)?.clock ?? 0) < vote.clock)
        byAuthor.set(by, { clock: vote.clock, name, choices });
    }
    const counts = (/** @type {number[]} */ choices) => choices.length > 0 && (multiple || choices.length === 1) && new Set(choices).size === choices.length && choices.every(choice => choice < n);
    return [...byAuthor.values()].filter(({ choices }) => counts(choices));
  }
}
