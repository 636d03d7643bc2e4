// The recording of a meeting, as far as those in it know of it: whether one runs, for how long, and what this side has answered.
// Filled by what the server says (PROTOCOL.md, section 4); the page reaches it through `meeting.js`. Decides nothing: the server does.

/** @typedef {import('./connection.js').Message} Message */
/** @typedef {'off' | 'on' | 'paused'} RecordingState */
/** `announced`: told, where nobody is asked. @typedef {'none' | 'announced' | 'agreed' | 'refused' | 'withdrawn'} Answer */
/** Why it is off. @typedef {'' | 'host' | 'disk' | 'failed' | 'ended' | 'admin'} StopReason */

/**
 * @typedef {object} RecordingInfo `recording` of PROTOCOL.md
 * @property {RecordingState} state
 * @property {number} since ms since 1970, 0 where there is none
 * @property {number} elapsed ms recorded so far, without pauses
 * @property {'announce' | 'require'} consent
 * @property {Answer} mine
 * @property {StopReason} reason
 * @property {'' | 'disk'} warning
 */

/** @type {RecordingInfo} */
const NONE = Object.freeze({ state: 'off', since: 0, elapsed: 0, consent: 'announce', mine: 'none', reason: '', warning: '' });
const DECLINED = new Set(['refused', 'withdrawn']);

export class Recording {
  /** The room allows it. */ allowed = false;
  /** There was one in this meeting, if only for a moment. */ happened = false;
  /** @type {RecordingInfo} */ #info = NONE;
  #heardAt = 0;
  #now;

  /** @param {() => number} [now] ms */
  constructor(now = Date.now) {
    this.#now = now;
  }

  get state() {
    return this.#info.state;
  }

  /** Everybody is asked (`require`) or told. */
  get consent() {
    return this.#info.consent;
  }

  get mine() {
    return this.#info.mine;
  }

  get reason() {
    return this.#info.reason;
  }

  get warning() {
    return this.#info.warning;
  }

  /** It has not been stopped. */
  get running() {
    return this.state !== 'off';
  }

  /** Who does not want to be recorded. */
  get declined() {
    return this.running && DECLINED.has(this.mine);
  }

  /** Who does not want to be recorded sends nothing while it records; in a pause they may. */
  get silenced() {
    return this.state === 'on' && DECLINED.has(this.mine);
  }

  /** Of those who may be seen and heard: oneself is not in it. */
  get leavesOut() {
    return this.declined || this.undecided;
  }

  /** An answer is due. */
  get undecided() {
    return this.running && this.consent === 'require' && this.mine === 'none';
  }

  /** What there is of it so far, pauses not counted. @returns {number} ms */
  get elapsed() {
    const { state, elapsed } = this.#info;
    return state === 'on' ? elapsed + Math.max(0, this.#now() - this.#heardAt) : elapsed;
  }

  /** @param {Message} joined what a new seat begins with @returns {RecordingInfo} what held before */
  restart({ room, recording }) {
    this.allowed = room?.recording === true;
    return this.receive(recording ?? NONE);
  }

  /** @param {Partial<RecordingInfo> | Message} info @returns {RecordingInfo} what held before */
  receive(info) {
    const before = this.#info;
    this.#info = { ...NONE, ...info };
    this.#heardAt = this.#now();
    this.happened ||= this.running;
    return before;
  }
}
