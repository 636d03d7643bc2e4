// What is said to one person only. The server passes it on and keeps nothing: with the page it is gone.

/** @typedef {import('./connection.js').Message} Message */

/**
 * @typedef {object} Whisper
 * @property {string} from id of the person
 * @property {string} name theirs
 * @property {string} to id of the person
 * @property {string} text
 * @property {number} at ms since 1970
 * @property {boolean} own
 */

/** More than anybody reads; the oldest go. */
const MAX = 1_000;

export class Whispers {
  /** The oldest first. @type {readonly Whisper[]} */ list = [];

  /** @param {Message} message @param {boolean} own @returns {Whisper} */
  receive({ from, name, to, text, at }, own) {
    const whisper = { from, name, to, text, at, own };
    this.list = [...this.list, whisper].slice(-MAX);
    return whisper;
  }
}
