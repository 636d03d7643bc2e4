// Figures of a poll, and what makes one. Pure.

export const MAX_POLL_QUESTION = 300;
export const MAX_CHOICE = 120;
export const FEWEST_CHOICES = 2;
export const MOST_CHOICES = 10;

/** @param {number} count @param {number} voters @returns {number} whole percent */
export const share = (count, voters) => (voters > 0 ? Math.round(100 * count / voters) : 0);

/**
 * What was typed, if it makes a poll: a question and at least two different answers.
 * @param {string} question @param {readonly string[]} choices
 * @returns {{ question: string, choices: string[] } | null}
 */
export function readPoll(question, choices) {
  const asked = question.trim();
  const answers = [...new Set(choices.map(choice => choice.trim()).filter(choice => choice))].slice(0, MOST_CHOICES);
  return asked && answers.length >= FEWEST_CHOICES ? { question: asked, choices: answers } : null;
}
