// The meeting within another site's page: what that page, by embed/conclave.js, may have this one do, and what it is told. It is heard only
// as the window around this one, and from an origin that the server allows; browsers refuse to show this page within any other anyway
// (frame-ancestors). What it may not: see or hear anything, read the chat, turn anything on.

import { ConclaveError, errorText } from '../core/errors.js';
import { Ticket } from '../core/ticket.js';

/** @typedef {import('../core/meeting.js').Meeting} Meeting */
/** @typedef {import('../core/person.js').Person} Person */
/** @typedef {{ ticket: Ticket | null, name: string }} Greeting */

const VERSION = 1;
const NAME = 'conclave-embedded';
const GREETING_MS = 5_000;
const MAX_NAME = 60;
const MAX_TICKET = 2_048;

/** @param {unknown} text @param {number} max */
const textOf = (text, max) => (typeof text === 'string' && text.length <= max ? text : '');

/** @param {{ ticket?: unknown, spent?: unknown }} greeting spent: there was one, before this page was loaded again */
function ticketOf({ ticket, spent }) {
  const text = textOf(ticket, MAX_TICKET);
  return text || spent === true ? new Ticket(text || null) : null;
}

/** @param {Person} person */
const personOf = ({ id, name }) => ({ id, name });

export class Embedding {
  #origins;
  /** Who has greeted; nobody is spoken to before. */ #origin = '';
  /** @type {(greeting: Greeting | null) => void} */ #greet = () => {};
  /** What the page around this one begins with; null where nothing comes, as in a frame that was made without the module. @type {Promise<Greeting | null>} */
  greeting = new Promise(resolve => {
    this.#greet = resolve;
    setTimeout(() => resolve(null), window.name === NAME ? GREETING_MS : 0);
  });
  /** @type {Meeting | null} */ #meeting = null;
  /** People that were told of. @type {Map<string, Person>} */ #known = new Map();
  #joined = false;
  /** @type {boolean | null} */ #muted = null;
  /** What Join does on the page that shows now. @type {() => void} */ onJoin = () => {};

  /** Null where the page stands for itself. */
  static here() {
    return window.parent === window ? null : new Embedding(document.querySelector('meta[name=embedders]')?.getAttribute('content') ?? '');
  }

  /** @param {string} origins separated by spaces */
  constructor(origins) {
    this.#origins = new Set(origins.split(' ').filter(Boolean));
    document.documentElement.dataset.embedded = '';
    addEventListener('message', this.#onMessage);
  }

  /** @param {Meeting} meeting what is told of from now on */
  follow(meeting) {
    this.#meeting = meeting;
    this.#joined = false;
    this.#muted = null;
    this.#known = new Map();
    const on = (/** @type {string} */ type, /** @type {(detail: any) => void} */ listener) => meeting.addEventListener(type, event => {
      if (meeting === this.#meeting)
        listener(/** @type {CustomEvent} */ (event).detail);
    });
    on('status', () => this.#onStatus(meeting));
    on('people', () => this.#onPeople(meeting));
    on('person', ({ person }) => person.self && this.#onSelf(person));
    on('error', ({ id }) => this.failed(id));
  }

  /** @param {unknown} error an id, or what was thrown */
  failed(error) {
    const id = error instanceof ConclaveError ? error.id : typeof error === 'string' ? error : 'internal';
    this.#tell('error', { id, text: errorText(id) });
  }

  /** @param {MessageEvent} event */
  #onMessage = ({ source, origin, data }) => {
    if (source !== window.parent || !this.#origins.has(origin) || data?.conclave !== VERSION)
      return;
    if (data.type === 'hello') {
      this.#origin = origin;
      this.#tell('ready');
      this.#greet({ ticket: ticketOf(data), name: textOf(data.name, MAX_NAME) });
    } else if (origin === this.#origin) {
      this.#obey(data.type);
    }
  };

  /** @param {unknown} type */
  #obey(type) {
    if (type === 'join' && !this.#joined)
      this.onJoin();
    else if (type === 'leave')
      void this.#meeting?.leave();
    else if (type === 'mute')
      this.#meeting?.setMicrophone(null);
  }

  /** @param {Meeting} meeting */
  #onStatus(meeting) {
    const { status, reason, self, ticket } = meeting;
    if (ticket?.spent)
      this.#tell('spent');
    if (status === 'joined' && !this.#joined && self) {
      this.#joined = true;
      this.#known = new Map(meeting.people);
      this.#tell('joined', { self: personOf(self), people: [...meeting.people.values()].map(personOf) });
      this.#onSelf(self);
    } else if ((status === 'ended' || status === 'failed') && this.#joined) {
      this.#joined = false;
      this.#tell('left', { reason });
    } else if (status === 'failed') {
      this.failed(reason ?? 'internal');
    }
  }

  /** @param {Meeting} meeting */
  #onPeople({ people }) {
    if (!this.#joined)
      return;
    for (const person of people.values()) {
      if (!this.#known.has(person.id))
        this.#tell('person-joined', personOf(person));
    }
    for (const person of this.#known.values()) {
      if (!people.has(person.id))
        this.#tell('person-left', personOf(person));
    }
    this.#known = new Map(people);
  }

  /** @param {Person} self */
  #onSelf({ mic }) {
    if (!this.#joined || this.#muted === !mic)
      return;
    this.#muted = !mic;
    this.#tell('muted', { muted: this.#muted });
  }

  /** @param {string} type @param {object} [detail] */
  #tell(type, detail) {
    if (this.#origin)
      window.parent.postMessage({ conclave: VERSION, type, detail }, this.#origin);
  }
}
