// A meeting within another site's page: an ES module that the server hands to pages of origins it allows (`[server] embed-origins`).
// It puts the room into a frame and speaks with the page in it, app/embedding.js, by messages: it hears nothing but that frame, and
// only while what is in it comes from the server; and it tells nobody else. docs/embedding.md says how it is used.

const VERSION = 1;
const NAME = 'conclave-embedded';
const ANSWER_MS = 10_000;
/** What the frame may use of what the page around it may. */
const FEATURES = ['autoplay', 'camera', 'clipboard-write', 'display-capture', 'fullscreen', 'microphone', 'picture-in-picture', 'screen-wake-lock', 'speaker-selection'];
const EVENTS = new Set(['joined', 'left', 'muted', 'person-joined', 'person-left', 'error']);
const ROOM = /^\/r\/([a-km-np-z2-9]{12})$/;

/**
 * @typedef {object} EmbedOptions
 * @property {HTMLElement} element what the frame fills
 * @property {string} [link] a room's link, for everybody or for hosts; what stands behind its # goes to the frame and to no server
 * @property {string} [server] https://HOST, in place of the link
 * @property {string} [room] the room's id, as well
 * @property {string} [ticket] lets its holder in once, where the link has nothing behind a #, or besides; it goes to the frame and stands in no address
 * @property {string} [name] what is proposed as the person's name
 */

/** @param {EmbedOptions} options @returns {{ origin: string, address: string }} */
function whereTo({ link, server, room }) {
  const url = new URL(link ?? `/r/${room}`, link ? undefined : server);
  if (!ROOM.test(url.pathname) || (url.protocol !== 'https:' && url.hostname !== 'localhost' && url.hostname !== '127.0.0.1'))
    throw new TypeError('not a link of a room');
  return { origin: url.origin, address: `${url.origin}${url.pathname}${url.hash}` };
}

class Embedded {
  #origin;
  #frame;
  #greeting;
  /** @type {Map<string, Set<(detail: any) => void>>} */ #listeners = new Map();
  /** @type {any} */ #deadline = null;
  #ready = false;
  /** What is to be said once the frame listens. @type {object[]} */ #waiting = [];

  /** @param {EmbedOptions} options */
  constructor(options) {
    const { origin, address } = whereTo(options);
    const { element, ticket = null, name = null } = options;
    this.#origin = origin;
    this.#greeting = { type: 'hello', ticket, spent: false, name };
    this.#frame = document.createElement('iframe');
    this.#frame.name = NAME;
    this.#frame.allow = FEATURES.map(feature => `${feature} ${origin}`).join('; ');
    this.#frame.referrerPolicy = 'no-referrer';
    this.#frame.title = 'Conclave';
    Object.assign(this.#frame.style, { width: '100%', height: '100%', border: '0' });
    this.#frame.addEventListener('load', this.#onLoad);
    addEventListener('message', this.#onMessage);
    this.#frame.src = address;
    element.append(this.#frame);
  }

  /** The frame, for its size and its place. */
  get frame() {
    return this.#frame;
  }

  /** As if the person had pressed Join; resolves when they are in, rejects where that did not come about. @returns {Promise<any>} */
  join() {
    return new Promise((resolve, reject) => {
      const settle = (/** @type {(value: any) => void} */ done) => (/** @type {any} */ detail) => {
        stops.forEach(stop => stop());
        done(detail);
      };
      const stops = [
        this.on('joined', settle(resolve)),
        this.on('left', settle(({ reason }) => reject(new Error(reason)))),
        this.on('error', settle(({ id, text }) => reject(Object.assign(new Error(text), { id })))),
      ];
      this.#say({ type: 'join' });
    });
  }

  leave() {
    this.#say({ type: 'leave' });
  }

  /** Turns the microphone off. On turns it only the person in front of it. */
  mute() {
    this.#say({ type: 'mute' });
  }

  /**
   * @param {'joined' | 'left' | 'muted' | 'person-joined' | 'person-left' | 'error'} type @param {(detail: any) => void} listener
   * @returns {() => void} stops it
   */
  on(type, listener) {
    if (!EVENTS.has(type))
      throw new TypeError(`no such event: ${type}`);
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Takes the frame away; who is in the meeting leaves it. */
  remove() {
    clearTimeout(this.#deadline);
    removeEventListener('message', this.#onMessage);
    this.#frame.remove();
  }

  /** The page in the frame is there, or what a browser shows in its place. */
  #onLoad = () => {
    this.#ready = false;
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#tell('error', { id: 'refused', text: 'The server does not answer, or does not allow this page to show its rooms.' }), ANSWER_MS);
    this.#post(this.#greeting);
  };

  /** @param {MessageEvent} event */
  #onMessage = ({ source, origin, data }) => {
    if (source !== this.#frame.contentWindow || origin !== this.#origin || data?.conclave !== VERSION)
      return;
    const { type, detail } = data;
    if (type === 'ready')
      this.#onReady();
    else if (type === 'spent')
      this.#greeting = { ...this.#greeting, ticket: null, spent: true }; // should the frame be loaded again
    else if (EVENTS.has(type))
      this.#tell(type, detail);
  };

  #onReady() {
    clearTimeout(this.#deadline);
    this.#ready = true;
    for (const message of this.#waiting.splice(0))
      this.#post(message);
  }

  /** @param {object} message */
  #say(message) {
    if (this.#ready)
      this.#post(message);
    else
      this.#waiting.push(message);
  }

  /** @param {object} message */
  #post(message) {
    this.#frame.contentWindow?.postMessage({ conclave: VERSION, ...message }, this.#origin);
  }

  /** @param {string} type @param {any} detail */
  #tell(type, detail) {
    for (const listener of [...this.#listeners.get(type) ?? []])
      listener(detail);
  }
}

/** Shows a room in an element of this page. @param {EmbedOptions} options @returns {Embedded} */
export const embed = options => new Embedded(options);
