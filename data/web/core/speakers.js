// Who speaks, and in which order people are shown. Fed with levels a few times a second; has no clock of its own.

const LOUD = 0.4;         // -36 dB: a voice near a microphone, not a room
const START = 250;        // ms of loudness that make a speaker
const HOLD = 800;         // ms of quiet that end it
const FRONT = 4;          // whoever is among the first so many keeps the place

/** @typedef {{ loudSince: number | null, loudLast: number, speaking: boolean }} Voice */

export class Speakers {
  /** @type {Map<string, Voice>} */ #voices = new Map();
  /** Ids, who spoke last first. @type {string[]} */
  order = [];
  /** Who speaks now or spoke last. @type {string | null} */
  speaker = null;

  /** @param {string} id @param {boolean} [listed] false for oneself: a voice, but not in the order */
  add(id, listed = true) {
    this.#voices.set(id, { loudSince: null, loudLast: 0, speaking: false });
    if (listed)
      this.order = [...this.order, id];
  }

  /** @param {string} id */
  remove(id) {
    this.#voices.delete(id);
    this.order = this.order.filter(other => other !== id);
    if (this.speaker === id)
      this.speaker = null;
  }

  /** @param {string} id */
  speaking(id) {
    return this.#voices.get(id)?.speaking ?? false;
  }

  /**
   * @param {string} id @param {number} level 0…1 @param {number} now ms
   * @returns {boolean} whether this person began or ceased to speak
   */
  hear(id, level, now) {
    const voice = this.#voices.get(id);
    if (!voice)
      return false;
    if (level >= LOUD) {
      voice.loudSince ??= now;
      voice.loudLast = now;
    } else if (now - voice.loudLast > HOLD) {
      voice.loudSince = null;
    }
    const speaking = voice.loudSince !== null && voice.loudLast - voice.loudSince >= START;
    if (speaking === voice.speaking)
      return false;
    voice.speaking = speaking;
    if (speaking)
      this.#bringForward(id);
    return true;
  }

  /** @param {string} id */
  #bringForward(id) {
    const at = this.order.indexOf(id);
    if (at < 0)
      return;
    this.speaker = id;
    if (at >= FRONT)
      this.order = [id, ...this.order.filter(other => other !== id)];
  }
}
