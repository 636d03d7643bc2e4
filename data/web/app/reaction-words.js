// Reactions as people see and hear them. Pure.

import { t } from '../core/i18n.js';

/** @typedef {import('../core/reactions.js').Reaction} Reaction */
/** @typedef {import('../core/reactions.js').ReactionNews} ReactionNews */

/** @type {Record<Reaction, string>} */
export const SIGNS = { up: '👍', clap: '👏', heart: '❤️', laugh: '😂', surprise: '😮', party: '🎉' };

/** @type {Record<Reaction, () => string>} */
const WORDS = {
  up: () => t("thumbs up"),
  clap: () => t("applause"),
  heart: () => t("heart"),
  laugh: () => t("laughter"),
  surprise: () => t("surprise"),
  party: () => t("party"),
};

/** @param {Reaction} what */
export const reactionWord = what => WORDS[what]();

/** Of some seconds, for who does not see them: one by name, more as numbers. */
export class Summary {
  /** @type {Map<Reaction, number>} */ #counts = new Map();
  /** Who reacted, where it was one. @type {string | null} */ #name = null;

  /** @param {ReactionNews} news @param {(id: string) => string | undefined} nameOf */
  add({ counts, people }, nameOf) {
    for (const [what, n] of /** @type {[Reaction, number][]} */ (Object.entries(counts)))
      this.#counts.set(what, (this.#counts.get(what) ?? 0) + n);
    this.#name = this.#total === 1 && people.length === 1 ? nameOf(people[0].person) ?? null : null;
  }

  get #total() {
    return [...this.#counts.values()].reduce((sum, n) => sum + n, 0);
  }

  get empty() {
    return this.#counts.size === 0;
  }

  /** One sentence; then it begins anew. */
  take() {
    const counts = [...this.#counts].sort(([, a], [, b]) => b - a);
    const name = this.#name;
    this.#counts.clear();
    this.#name = null;
    if (name !== null)
      return t("{name}: {reaction}", { name, reaction: reactionWord(counts[0][0]) });
    return t("Reactions: {list}", { list: counts.map(([what, n]) => `${reactionWord(what)} ${n}`).join(', ') });
  }
}
