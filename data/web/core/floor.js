// Who may what in a meeting, and who comes in: the own role, whether newcomers knock and whether the meeting is locked, how it is called
// by phone, and, for hosts, who knocks now. Filled by what the server says, which decides; the page reaches it through `meeting.js`.

import { readDialIn } from './dial-in.js';
import { kindOf } from './kinds.js';

/** @typedef {import('./connection.js').Message} Message */
/** @typedef {import('./connection.js').RequestType} RequestType */
/** @typedef {import('./person.js').Person} Person */
/** viewer: watches, unless brought on stage @typedef {'viewer' | 'person' | 'cohost' | 'host'} Role */
/** `removed`: somebody was removed at that address. @typedef {{ knock: string, name: string, since: number, mark: '' | 'removed', phone?: boolean }} Knock since: ms since 1970 */

/** Who is above whom: nobody acts on their own rank or a higher one. @type {Record<Role, number>} */
const RANKS = { viewer: 0, person: 0, cohost: 1, host: 2 };
/** What is done only to those of a lower rank. @type {ReadonlySet<string>} */
const RANKED = new Set(['remove', 'stop', 'start', 'rename', 'role']);
/** What comes to nothing where nobody obeys. Removing does not: the server sees to it. @type {ReadonlySet<string>} */
const ORDERS = new Set(['stop', 'mute-all', 'spotlight', 'request']);
/** What can be done to oneself. @type {ReadonlySet<string>} */
const OWN = new Set(['rename', 'spotlight']);

export class Floor {
  /** @type {Role} */ role = 'person';
  /** Types of requests that are taken from this side now, and by the others. @type {ReadonlySet<string>} */ may = new Set();
  /** The same as the server says it. @type {readonly string[]} */ #taken = [];
  /** Whether the others do what this side orders (`commands.js`). */ #obeyed = true;
  /** Who comes must be let in. */ lobby = false;
  /** Nobody comes in. */ locked = false;
  /** Who waits, the first first. @type {readonly Knock[]} */ knocks = [];
  /** What callers dial and type; null: they cannot come. @type {import('./dial-in.js').DialIn | null} */ dialIn = null;
  /** Whether there can be callers in this kind of room. */ #phones = false;
  #emit;

  /** @param {(type: string, detail?: any) => void} emit `role`, `floor`, `knocks`, `alert` */
  constructor(emit) {
    this.#emit = emit;
  }

  /** Hosts and co-hosts. */
  get leads() {
    return RANKS[this.role] > 0;
  }

  /** Whether the others do what this side orders: false between browsers where it has nothing to show for what it orders, nor for another secret of the link. */
  get obeyed() {
    return this.#obeyed;
  }

  /** @param {Message} joined what a new seat begins with */
  restart({ role, may, floor, room, dial_in }) {
    this.role = role;
    this.#obeyed = room.media === 'sfu';
    this.#take(may);
    this.lobby = floor.lobby;
    this.locked = floor.locked;
    this.knocks = [];
    this.#phones = kindOf(room.kind).phones;
    this.#callBy(dial_in);
  }

  /** @param {Message} message */
  receive(message) {
    switch (message.type) {
      case 'role': this.#onRole(message); break;
      case 'floor': this.#onFloor(message); break;
      case 'knocks': this.#onKnocks(message.knocks); break;
      case 'dial-in': this.#onDialIn(message); break;
      case 'alert': this.#emit('alert', { what: message.what }); break;
      default: break;
    }
  }

  /** Between browsers, whether this side can show that a host stands behind it. @param {boolean} obeyed */
  setObeyed(obeyed) {
    if (obeyed === this.#obeyed)
      return;
    this.#obeyed = obeyed;
    this.#take(this.#taken);
    this.#emit('role', { before: this.role });
  }

  /** @param {readonly string[]} types */
  #take(types) {
    this.#taken = types;
    this.may = new Set(types.filter(type => this.#obeyed || !ORDERS.has(type)));
  }

  /**
   * Whether this side may do something about somebody.
   * @param {RequestType} type @param {Pick<Person, 'self' | 'role'>} person
   */
  mayTo(type, { self, role }) {
    if (!this.may.has(type))
      return false;
    if (self)
      return OWN.has(type);
    return !RANKED.has(type) || (this.leads && RANKS[this.role] > RANKS[role]);
  }

  /** @param {Message} message */
  #onRole({ role, may, dial_in }) {
    const before = this.role;
    this.role = role;
    this.#take(may);
    this.#callBy(dial_in);
    if (!this.leads)
      this.knocks = [];
    this.#emit('role', { before });
  }

  /** @param {Message} message */
  #onFloor({ lobby, locked }) {
    const before = { lobby: this.lobby, locked: this.locked, dialIn: this.dialIn };
    this.lobby = lobby;
    this.locked = locked;
    this.#emit('floor', { before });
  }

  /** Switched for the room. @param {Message} message */
  #onDialIn({ dial_in }) {
    const before = { lobby: this.lobby, locked: this.locked, dialIn: this.dialIn };
    this.#callBy(dial_in);
    this.#emit('floor', { before });
  }

  /** @param {unknown} dialIn as the server says it */
  #callBy(dialIn) {
    this.dialIn = this.#phones ? readDialIn(dialIn) : null;
  }

  /** All who wait now. @param {Knock[]} knocks */
  #onKnocks(knocks) {
    const known = new Set(this.knocks.map(({ knock }) => knock));
    this.knocks = knocks;
    this.#emit('knocks', { came: knocks.filter(({ knock }) => !known.has(knock)) });
  }
}
