// What hosts and co-hosts do: let in, lock, remove, appoint, ask, turn off, spotlight, bring on stage, record. Whether they may, `floor.js`
// knows and the server decides. Each resolves with whether it was done; if not, `error` of the meeting said why.

/** @typedef {import('./connection.js').RequestType} RequestType */
/** @typedef {'microphone' | 'camera' | 'screen'} Source */

export class Hosting {
  #attempt;

  /** @param {(type: RequestType, members?: object) => Promise<boolean>} attempt */
  constructor(attempt) {
    this.#attempt = attempt;
  }

  /** Who comes must be let in from now on. @param {boolean} on */
  setLobby(on) {
    return this.#attempt('lobby', { on });
  }

  /** Nobody comes in from now on. @param {boolean} on */
  setLock(on) {
    return this.#attempt('lock', { on });
  }

  /** As it was before the server was started anew. @param {{ lobby: boolean, locked: boolean }} now @param {{ lobby: boolean, locked: boolean }} before */
  async restore(now, before) {
    if (now.lobby !== before.lobby)
      await this.setLobby(before.lobby);
    if (now.locked !== before.locked)
      await this.setLock(before.locked);
  }

  /** @param {string | null} knock null: everybody who waits */
  admit(knock) {
    return this.#attempt('admit', { knock });
  }

  /** @param {string} knock */
  deny(knock) {
    return this.#attempt('deny', { knock });
  }

  /** They cannot come back to this meeting. @param {string} person */
  remove(person) {
    return this.#attempt('remove', { person });
  }

  /** `host` hands over: they are host then, and this side is co-host. @param {string} person @param {'host' | 'cohost' | 'person'} role */
  setRole(person, role) {
    return this.#attempt('role', { person, role });
  }

  /** Asks somebody to turn it on; nothing more happens. @param {string} person @param {'microphone' | 'camera'} what */
  request(person, what) {
    return this.#attempt('request', { person, what });
  }

  /** Turns off what somebody sends. @param {string} person @param {Source} what */
  stop(person, what) {
    return this.#attempt('stop', { person, what });
  }

  /** Turns it on again for an encoder. @param {string} person @param {'microphone' | 'camera'} what */
  start(person, what) {
    return this.#attempt('start', { person, what });
  }

  /** Turns off everybody's microphone but the own. */
  muteAll() {
    return this.#attempt('mute-all');
  }

  /** Lowers somebody's hand. @param {string} person */
  lower(person) {
    return this.#attempt('lower', { person });
  }

  /** Makes somebody large for everyone. @param {string | null} person */
  setSpotlight(person) {
    return this.#attempt('spotlight', { person });
  }

  /** Brings somebody who watches on stage, or back. @param {string} person @param {boolean} on */
  setStage(person, on) {
    return this.#attempt('stage', { person, on });
  }

  /** @param {number} question its `n` */
  resolve(question) {
    return this.#attempt('resolve', { question });
  }

  /** @param {'start' | 'pause' | 'resume' | 'stop'} action */
  record(action) {
    return this.#attempt('record', { action });
  }
}
