// Who speaks, and in which order people are shown. Fed with levels a few times a second, or with what the server heard; has
// no clock of its own.

const LOUD = 0.4;         // -36 dB: a voice near a microphone, not a room
const START = 250;        // ms of loudness that make a speaker
const HOLD = 800;         // ms of quiet that end it
const FRONT = 4;          // whoever is among the first so many keeps the place

/** @typedef {{ loudSince: number | null, loudLast: number, speaking: boolean, turn: number }} Voice turn: counts who began to speak, the last has the highest */

export class Speakers {
  /** @type {Map<string, Voice>} */ #voices = new Map();
  /** Ids, who spoke last first. @type {string[]} */
  order = [];
  /** Who speaks now or spoke last. @type {string | null} */
  speaker = null;
  /** How many places stand in front, where nobody moves while others speak. */
  front = FRONT;
  #exchange;
  #turns = 0;

  /**
   * @param {{ exchange?: boolean }} [options] exchange: who comes forward takes the place of who was quiet longest, and nobody
   *   else moves; otherwise the others make room
   */
  constructor({ exchange = false } = {}) {
    this.#exchange = exchange;
  }

  /** @param {string} id @param {boolean} [listed] false for oneself: a voice, but not in the order */
  add(id, listed = true) {
    this.#voices.set(id, { loudSince: null, loudLast: 0, speaking: false, turn: 0 });
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
  has(id) {
    return this.#voices.has(id);
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

  /**
   * What the server heard, in place of `hear`.
   * @param {readonly string[]} ids who speaks now, the loudest first
   * @returns {string[]} those who began or ceased
   */
  tell(ids) {
    const changed = [...this.#voices].filter(([id, { speaking }]) => ids.includes(id) !== speaking).map(([id]) => id);
    for (const id of changed)
      this.#change(id, { speaking: ids.includes(id) });
    for (const id of [...ids].reverse()) {
      if (changed.includes(id))
        this.#bringForward(id);
    }
    // Who spoke all along is the speaker when the one who began last has ended.
    const still = ids.filter(id => this.order.includes(id));
    if (still.length > 0 && !still.includes(this.speaker ?? ''))
      this.#bringForward(still[0]);
    return changed;
  }

  /** @param {string} id @param {Partial<Voice>} changes */
  #change(id, changes) {
    Object.assign(this.#voices.get(id) ?? {}, changes);
  }

  /** @param {string} id */
  #bringForward(id) {
    const at = this.order.indexOf(id);
    if (at < 0)
      return;
    this.speaker = id;
    this.#change(id, { turn: ++this.#turns });
    if (at < this.front)
      return;
    const others = this.order.filter(other => other !== id);
    this.order = this.#exchange ? this.#exchanged(id, others) : [id, ...others];
  }

  /** Who has to go waits first in line behind the front. @param {string} id @param {string[]} others */
  #exchanged(id, others) {
    const front = others.slice(0, this.front);
    const evicted = front.splice(this.#quietest(front), 1, id);
    return [...front, ...evicted, ...others.slice(this.front)];
  }

  /** @param {string[]} ids @returns {number} the place of who was quiet longest; among equals the last */
  #quietest(ids) {
    const since = ids.map(id => (this.speaking(id) ? Infinity : this.#voices.get(id)?.turn ?? 0));
    return since.lastIndexOf(Math.min(...since));
  }
}
