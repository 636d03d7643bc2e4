// What hosts have others do, on its way out and in. Where media go from browser to browser the server must not be able to make it up
// (LINK-1.md, section 8): it goes out with an order of `order-book.js`, and what comes is done only if its order holds; elsewhere the
// server's word is enough. Knows neither the socket nor what is done.

import { OrderBook } from './order-book.js';
import { Rotation } from './rotation.js';

/** @typedef {import('./connection.js').Message} Message */
/** @typedef {import('./connection.js').RequestType} RequestType */

/** What nobody but a host can have wanted. */
const ORDERED = new Set(['stopped', 'spotlight', 'requested', 'removed']);
/** How often a removal is tried that others came before. */
const MAX_REMOVALS = 3;

export class Commands {
  /** @type {OrderBook | null} */ #book = null;
  #meeting = '';
  #attempt;
  #perform;
  #fault;
  #obeyed;
  #rotated;
  #accepted;
  /** Of one after the other. */ #removing = Promise.resolve();
  /** Of this seat; null: the server may have the link's secret. @type {Rotation | null} */ rotation = null;

  /**
   * @param {object} options
   * @param {(type: RequestType, members: object) => Promise<boolean>} options.attempt
   * @param {(message: Message) => void} options.perform what has been ordered, or needs no order
   * @param {(id: string) => void} options.fault what was passed over, as an error id
   * @param {(obeyed: boolean) => void} options.obeyed whether others do what this side orders
   * @param {(generation: import('./rotation.js').Generation, by: string, members: readonly string[]) => void} options.rotated the room's link has another secret, for these
   * @param {(generation: import('./rotation.js').Generation) => Promise<boolean | null>} options.accepted whether the server has it as the room's
   */
  constructor({ attempt, perform, fault, obeyed, rotated, accepted }) {
    this.#attempt = attempt;
    this.#perform = perform;
    this.#fault = fault;
    this.#obeyed = obeyed;
    this.#rotated = rotated;
    this.#accepted = accepted;
  }

  /**
   * A new seat in a room whose media go from browser to browser.
   * @param {ConstructorParameters<typeof OrderBook>[0]} options of the first seat
   * @param {{ self: string, meeting: string, orders: unknown, generation?: number }} joined
   */
  begin(options, joined) {
    const book = this.#book ??= new OrderBook(options);
    this.#meeting = joined.meeting;
    void book.begin(joined).then(() => this.#obeyed(book.rank !== 'person'));
    this.rotation = this.#newRotation(book, options, joined);
  }

  /** The seat is the same for the others; the meeting may be another one. @param {Message} joined */
  resume({ self, meeting, room: { orders } }) {
    this.#meeting = meeting;
    const book = this.#book;
    void book?.begin({ self, meeting, orders }).then(() => this.#obeyed(book.rank !== 'person'));
  }

  /** What holds of a spotlight from before a new seat. @param {Message} joined @returns {string | null} */
  spotlightAt({ room, meeting, spotlight = null }) {
    if (room.media === 'sfu')
      return spotlight;
    return meeting === this.#meeting ? this.#book?.spotlight ?? null : null;
  }

  /** For the page after this one. */
  get kept() {
    return this.#book?.kept ?? null;
  }

  /** @param {RequestType} type @param {object} [members] @returns {Promise<boolean>} whether it was done */
  async send(type, members = {}) {
    if (type !== 'remove')
      return this.#attempt(type, { ...members, ...await this.#orderFor(type, members) });
    const done = this.#removing.then(() => this.#remove(/** @type {{ person: string }} */ (members)));
    this.#removing = done.then(() => {}, () => {});
    return done;
  }

  /** @param {RequestType} type @param {object} members */
  async #orderFor(type, members) {
    const order = await this.#book?.give(type, members);
    return order ? { order } : {};
  }

  /** One after the other, and anew where somebody else's removal came first: the secret of that one may be known to this person. @param {{ person: string }} members */
  async #remove(members) {
    for (let tries = 0; tries < MAX_REMOVALS; tries++) {
      const rotation = await this.rotation?.prepare(members.person) ?? null;
      if (rotation)
        await this.rotation?.offer(rotation);
      const done = await this.#attempt('remove', { ...members, ...await this.#orderFor('remove', members), ...(rotation && { rotation: rotation.told }) });
      if (rotation && !done)
        await this.rotation?.fail(rotation);
      if (!rotation || !done || await this.rotation?.commit(rotation))
        return done;
    }
    return false;
  }

  /**
   * Who is removed loses the link with it.
   * @param {OrderBook} book @param {ConstructorParameters<typeof OrderBook>[0]} options @param {{ self: string, generation?: number }} joined
   */
  #newRotation(book, { link, sign }, { self, generation = 0 }) {
    const { room, secret } = link;
    return secret === null || secret === undefined ? null : new Rotation({
      room, secret, generation, self, book, sign: sign.raw, fault: this.#fault, accepted: this.#accepted,
      adopted: (next, by, members, time) => {
        book.rekey(next.kAuth, { time, members });
        this.#rotated(next, by, members);
      },
    });
  }

  /** What the server says: done at once, or once its order has been looked at. @param {Message} message */
  receive(message) {
    const book = this.#book;
    if (!book)
      this.#perform(message);
    else if (message.type === 'role' || message.type === 'person-changed')
      this.#appointed(message, book);
    else if (ORDERED.has(message.type) && !isEndOfSpotlight(message))
      void this.#ordered(message, book);
    else if (message.type === 'person-left' && message.reason === 'removed')
      void this.#left(message, book);
    else
      this.#perform(message);
  }

  /** Roles are the server's word; what they may order is not. @param {Message} message @param {OrderBook} book */
  #appointed(message, book) {
    this.#perform(message);
    if (message.order === undefined)
      return;
    void book.learn(message.order).then(fault => {
      if (fault)
        this.#fault(fault);
      this.#obeyed(book.rank !== 'person');
    });
  }

  /** @param {Message} message @param {OrderBook} book */
  async #ordered(message, book) {
    const fault = await book.check(message);
    if (!fault)
      this.#perform(message);
    else if (message.type === 'removed')
      this.#perform({ ...message, by: null, unverified: true }); // the server does it in any case
    else if (message.type !== 'spotlight' || message.person !== null)
      this.#fault(fault); // whom it showed may have been removed, which is another order
  }

  /** They are gone, whoever wanted it. @param {Message} message @param {OrderBook} book */
  async #left(message, book) {
    const fault = await book.check(message);
    this.#perform(fault ? { ...message, reason: 'lost' } : message);
  }
}

/** Whom it showed has left: nobody ordered that, and it does nothing. @param {Message} message */
const isEndOfSpotlight = ({ type, person, order }) => type === 'spotlight' && person === null && order === undefined;
