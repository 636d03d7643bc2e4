// A meeting: who is in, what is said, and how it goes. The one object that the page talks to during a call.
// It joins the socket (`connection.js`) to one sealed pair for each other person (`peer.js`); it does not touch the DOM.

import { ConclaveError } from './errors.js';
import { Person } from './person.js';

/** @typedef {import('./link.js').Link} Link */
/** @typedef {'idle' | 'joining' | 'joined' | 'reconnecting' | 'ended' | 'failed'} Status */
/** @typedef {{ id: string, kind: string, title: string, max_people: number, available?: boolean, people?: number }} RoomInfo */

/**
 * @typedef {object} ChatMessage
 * @property {number} n counts the meeting's messages from 1; 0 while it is on its way
 * @property {string} from id of the person
 * @property {string} name
 * @property {string} text
 * @property {number} at ms since 1970
 * @property {boolean} own
 * @property {'sending' | 'sent'} state
 */

/** Events: status, people, person, speaking, levels, chat, history, error (README.md). */
export class Meeting extends EventTarget {
  /** @type {Status} */ #status = 'idle';
  /** @type {string | null} */ #reason = null;

  /**
   * @param {object} options
   * @param {Link} options.link with its secret
   * @param {string} [options.origin] e.g. `https://meet.example.org`; the page's own where it is left out
   */
  constructor({ link, origin = globalThis.location.origin }) {
    super();
    this.link = link;
    this.origin = origin;
    /** @type {Map<string, Person>} */
    this.people = new Map();
    /** @type {ChatMessage[]} */
    this.chat = [];
    /** @type {string[]} */
    this.order = [];
    /** @type {string | null} */
    this.speaker = null;
    /** @type {Person | null} */
    this.self = null;
    /** @type {RoomInfo | null} */
    this.room = null;
    /** @type {number | null} */
    this.joinedAt = null;
  }

  get status() {
    return this.#status;
  }

  /** Why it ended or failed. */
  get reason() {
    return this.#reason;
  }

  /** Asks for the room; rejects with `ConclaveError`. @returns {Promise<RoomInfo>} */
  async check() {
    throw new ConclaveError('not-available');
  }

  /**
   * Takes a seat; rejects with `ConclaveError`.
   * @param {{ name: string, microphone?: MediaStreamTrack | null, camera?: MediaStreamTrack | null }} options
   */
  async join({ name, microphone = null, camera = null }) {
    throw new ConclaveError('not-available', { name, microphone, camera });
  }

  /** Gives up the seat; resolves when the server knows, or after 2 s. @returns {Promise<void>} */
  async leave() {}

  /** Ends the meeting for everybody; hosts only. @returns {Promise<void>} */
  async endForAll() {}

  /** @param {string} text 1 to 4,000 characters */
  say(text) {
    void text;
  }

  /** @param {MediaStreamTrack | null} track null: muted */
  setMicrophone(track) {
    void track;
  }

  /** @param {MediaStreamTrack | null} track null: off */
  setCamera(track) {
    void track;
  }

  /** @param {{ video: MediaStreamTrack, audio: MediaStreamTrack | null } | null} tracks null: stop sharing */
  setScreen(tracks) {
    void tracks;
  }

  /** Begins anew with a person whose link failed. @param {string} id */
  retry(id) {
    void id;
  }
}
