// The questions of a meeting: what was asked, by whom, with how many votes. The server counts; this is what it said last,
// in the order in which a host should answer.

/**
 * @typedef {object} Question of PROTOCOL.md, section 4.3
 * @property {number} n counts the meeting's questions from 1
 * @property {string} from id of the person
 * @property {string} name
 * @property {string} text
 * @property {number} at ms since 1970
 * @property {number} votes
 * @property {boolean} mine this person voted for it
 * @property {boolean} resolved
 */

export class Questions {
  /** Open ones with most votes first, then those that were answered, the last one first. @type {readonly Question[]} */
  list = [];
  /** @type {Map<number, Question>} */ #all = new Map();

  /** @param {readonly Question[]} questions those that came with a join, in place of what was here */
  restart(questions) {
    this.#all = new Map(questions.map(question => [question.n, question]));
    this.#sort();
  }

  /** @param {Question} question new or changed @returns {boolean} whether it is new */
  receive(question) {
    const isNew = !this.#all.has(question.n);
    this.#all.set(question.n, question);
    this.#sort();
    return isNew;
  }

  /** The own vote, before the server has counted it. @param {number} n @param {boolean} up */
  vote(n, up) {
    const question = this.#all.get(n);
    if (question && question.mine !== up)
      this.receive({ ...question, mine: up, votes: question.votes + (up ? 1 : -1) });
  }

  #sort() {
    this.list = [...this.#all.values()].sort((a, b) => {
      if (a.resolved !== b.resolved)
        return a.resolved ? 1 : -1;
      return a.resolved ? b.n - a.n : b.votes - a.votes || a.n - b.n;
    });
  }
}
