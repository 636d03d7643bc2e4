// Orders of one seat after another (LINK-1.md, section 8): what this side may order, whom it has heard order what and when, who was
// appointed and dismissed. What `orders.js` can tell by itself it tells; here are the rules that need a memory. Everything runs one
// after the other, in `#queue`. Knows neither the socket nor what is done about an order.

import { equal, toBase64url } from './bytes.js';
import {
  composeGrants, composeOrder, endsWith, macOfKey, makeGrant, makeOrder, markOf, openOrders, parseGrants, parseOrder, rankNumber, roomKey, verifyChain, verifyOrder,
} from './orders.js';
import { memberOf } from './rotation.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {import('./orders.js').Grant} Grant */
/** @typedef {import('./orders.js').Order} Order */
/** @typedef {import('./orders.js').Rank} Rank */
/** @typedef {{ type: string, [member: string]: any }} Message */
/** `order-old`: not of now, or once more. @typedef {'order-unverified' | 'order-old'} OrderFault */
/** @typedef {{ meeting: string, chain: string | null, heard: [string, number][], said: [string, Rank, number][], exchanges?: Exchange[] }} Kept what a page leaves to itself over a reload */
/** That the link got another secret: when, and whom it was for. @typedef {{ time: number, members: readonly string[] }} Exchange */
/** @typedef {{ action: string, target: string }} Deed */

const FRESH = 120_000;   // ms that clocks may differ and messages may take
const CHANGING = 10_000; // ms until all who are connected have the room's new secret
const MAX_FORMER = 4;
const MAX_EXCHANGES = 20;
const MAX_HEARD = 500;   // signers, and keys of which something was said
/** What is done only to those of a lower rank. */
const RANKED = /^(?:remove|stop-)/;

/** @type {Record<string, (members: any) => Deed>} */
const DEEDS = {
  'stop': ({ person, what }) => ({ action: `stop-${what}`, target: person }),
  'mute-all': () => ({ action: 'mute-all', target: '' }),
  'spotlight': ({ person }) => ({ action: 'spotlight', target: person ?? '' }),
  'remove': ({ person }) => ({ action: 'remove', target: person }),
  'request': ({ person, what }) => ({ action: `request-${what}`, target: person }),
};

export class OrderBook {
  #link;
  #sign;
  #keyOf;
  #isHere;
  #now;
  /** @type {{ room: string, meeting: string, mark: Bytes }} */ #place;
  /** Keys of the room's secrets before this one, and when each went. @type {{ kAuth: Bytes, at: number }[]} */ #former = [];
  /** The latest last. @type {Exchange[]} */ #exchanges = [];
  #self = '';
  /** The room's key; null: nobody can order anything here. @type {Bytes | null} */ #root = null;
  /** Its private half. @type {CryptoKey | null} */ #hostSigner = null;
  /** What makes the own session's key one that may order. @type {Grant[]} */ #chain = [];
  #handedOver = false;
  #last = 0;
  /** Of each signer the time of the last order. @type {Map<string, number>} */ #heard = new Map();
  /** Of each key the last that was said. @type {Map<string, { rank: Rank, time: number }>} */ #said = new Map();
  /** @type {Kept | null} */ #kept;
  #queue = Promise.resolve();
  /** Whom an order made large. @type {string | null} */ spotlight = null;

  /**
   * @param {object} options
   * @param {{ room: string, secret?: Bytes | null, hostSecret: Bytes | null }} options.link
   * @param {Bytes} options.kAuth
   * @param {{ key: CryptoKey, raw: Bytes }} options.sign the session's key
   * @param {(person: string) => Bytes | null} options.keyOf the same of somebody else, where their browser has confirmed it
   * @param {(person: string) => boolean} options.isHere whether they are connected, and confirmed, just now
   * @param {unknown} [options.kept] by the page before
   * @param {() => number} [options.now]
   */
  constructor({ link, kAuth, sign, keyOf, isHere, kept = null, now = Date.now }) {
    this.#link = { ...link, kAuth };
    this.#sign = sign;
    this.#keyOf = keyOf;
    this.#isHere = isHere;
    this.#now = now;
    this.#place = { room: link.room, meeting: '', mark: new Uint8Array(0) };
    this.#kept = /** @type {Kept | null} */ (kept);
  }

  /** What this side may order as. @returns {Rank} */
  get rank() {
    if (this.#hostSigner)
      return 'host';
    return this.#chain.at(-1)?.rank ?? 'person';
  }

  /** For the page after this one. @returns {Kept} */
  get kept() {
    return {
      meeting: this.#place.meeting,
      chain: this.#chain.length > 0 ? composeGrants(this.#chain) : null,
      heard: [...this.#heard],
      said: Array.from(this.#said, ([key, { rank, time }]) => /** @type {[string, Rank, number]} */ ([key, rank, time])),
      exchanges: this.#exchanges,
    };
  }

  /** A new seat. @param {{ self: string, meeting: string, orders: unknown }} joined orders: of the room */
  begin({ self, meeting, orders }) {
    return this.#run(async () => {
      this.#self = self;
      if (meeting !== this.#place.meeting)
        this.#forget(meeting);
      this.#root ??= await roomKey(orders, this.#link);
      const { room, hostSecret } = this.#link;
      if (this.#root && hostSecret)
        this.#hostSigner ??= await openOrders(orders, { room, hostSecret }, this.#root);
      const kept = this.#kept;
      this.#kept = null;
      if (kept?.meeting === meeting)
        await this.#restore(kept).catch(() => {}); // somebody has damaged it
    });
  }

  /**
   * What goes with a request of a host.
   * @param {string} type @param {any} members @returns {Promise<string | null>} null where this side has nothing to show
   */
  give(type, members) {
    return this.#run(async () => {
      const signer = this.#hostSigner ?? this.#sign.key;
      if (!this.#root || this.rank === 'person')
        return null;
      const chain = this.#hostSigner ? [] : this.#chain;
      if (type === 'role')
        return this.#appoint(signer, chain, members);
      const deed = DEEDS[type]?.(members);
      if (!deed)
        return null;
      const [kAuth] = [...this.#formerWithin(CHANGING), this.#link.kAuth];
      return composeOrder(await makeOrder(await this.#under(kAuth), signer, chain, { ...deed, by: this.#self, time: this.#tick() }));
    });
  }

  /**
   * Whether what the server says was ordered was ordered: by somebody who may, here, now, and this.
   * @param {Message} message `stopped`, `spotlight`, `requested`, `removed` or `person-left`
   * @returns {Promise<OrderFault | null>} null: it holds
   */
  check(message) {
    return this.#run(async () => {
      const order = parseOrder(message.order);
      if (!order || !this.#root || (message.by ?? order.by) !== order.by)
        return 'order-unverified';
      /* a secret that has just gone is good for those who are connected: who was removed with it is not */
      const keys = [this.#link.kAuth, ...order.by === this.#self || this.#isHere(order.by) ? this.#formerWithin(FRESH) : []];
      for (const place of await Promise.all(keys.map(kAuth => this.#under(kAuth)))) {
        for (const deed of deedsOf(message, this.#self)) {
          if (await verifyOrder(place, this.#root, order, deed))
            return this.#judge(order, deed);
        }
      }
      return 'order-unverified';
    });
  }

  /** That the room's link has another secret. @param {string} statement @returns {Promise<string | null>} null where this side has nothing to show */
  signRotation(statement) {
    return this.#run(async () => {
      const signer = this.#hostSigner ?? this.#sign.key;
      if (!this.#root || this.rank === 'person')
        return null;
      const what = { action: 'rotate', target: statement, by: this.#self, time: this.#tick() };
      return composeOrder(await makeOrder(this.#place, signer, this.#hostSigner ? [] : this.#chain, what));
    });
  }

  /**
   * Whether a host or co-host has signed it. It may be from a while ago, and be handed on: that it comes once, and in its turn, its generation sees to.
   * @param {string} text @param {string} statement @returns {Promise<string | null>} who; null: it does not hold
   */
  checkRotation(text, statement) {
    return this.#run(async () => {
      const order = parseOrder(text);
      if (!order || !this.#root || !await verifyOrder(this.#place, this.#root, order, { action: 'rotate', target: statement }))
        return null;
      return await this.#isOfSomebody(order) && order.time <= this.#now() + FRESH ? order.by : null;
    });
  }

  /** With which those who have the secret that `kAuth` comes of know the room's key. @param {Bytes} kAuth */
  macUnder(kAuth) {
    return this.#run(async () => this.#root && macOfKey(this.#place.room, this.#root, kAuth));
  }

  /** Of the room's secret from now on. @param {Bytes} kAuth @param {Exchange} exchange */
  rekey(kAuth, exchange) {
    this.#exchanges = bounded([...this.#exchanges, exchange]);
    this.#former = [{ kAuth: this.#link.kAuth, at: this.#now() }, ...this.#former].slice(0, MAX_FORMER);
    this.#link.kAuth = kAuth;
  }

  /** Somebody was appointed or dismissed. @param {unknown} text @returns {Promise<OrderFault | null>} */
  learn(text) {
    return this.#run(async () => {
      const chain = parseGrants(text);
      if (!chain || !this.#root || !await verifyChain(this.#place, this.#root, chain))
        return 'order-unverified';
      const { key, rank, time } = chain[chain.length - 1];
      const before = this.#said.get(toBase64url(key));
      if (!chain.slice(0, -1).every(grant => this.#stands(grant)) || time > this.#now() + FRESH || (before && time < before.time))
        return 'order-old';
      remember(this.#said, toBase64url(key), { rank, time });
      if (endsWith(chain, this.#sign.raw))
        this.#chain = rank === 'person' ? [] : chain;
      return null;
    });
  }

  /** @param {string} meeting another one: nobody is more in it than the link makes them; what was said of whom is remembered, as the server may come back to the last one */
  #forget(meeting) {
    this.#place = { ...this.#place, meeting };
    this.#chain = [];
    this.#handedOver = false;
    this.spotlight = null;
  }

  /** @param {Kept} kept */
  async #restore({ chain, heard, said, exchanges = [] }) {
    this.#exchanges = exchanges.map(({ time, members }) => ({ time: Number(time), members: members.map(String) }));
    const parsed = parseGrants(chain);
    if (parsed && this.#root && endsWith(parsed, this.#sign.raw) && await verifyChain(this.#place, this.#root, parsed))
      this.#chain = parsed;
    for (const [by, time] of heard)
      remember(this.#heard, by, time);
    for (const [key, rank, time] of said)
      remember(this.#said, key, { rank, time });
  }

  /** @param {CryptoKey} signer @param {Grant[]} chain @param {{ person: string, role: Rank }} members */
  async #appoint(signer, chain, { person, role }) {
    const key = this.#keyOf(person);
    if (!key || this.rank !== 'host')
      return null;
    if (role === 'host')
      this.#handedOver = true;
    return composeGrants([...chain, await makeGrant(this.#place, signer, { rank: role, key, time: this.#tick() })]);
  }

  /** The signature holds; does all else? @param {Order} order @param {Deed} deed @returns {Promise<OrderFault | null>} */
  async #judge({ by, time, chain }, { action, target }) {
    const rank = chain.at(-1)?.rank ?? 'host';
    const own = this.#handedOver ? 'cohost' : this.rank;
    if (!await this.#isOfSomebody({ by, chain }))
      return 'order-unverified';
    if (RANKED.test(action) && target === this.#self && rankNumber(rank) <= rankNumber(own))
      return 'order-unverified';
    if (Math.abs(this.#now() - time) > FRESH || time <= (this.#heard.get(by) ?? 0))
      return 'order-old';
    remember(this.#heard, by, time);
    if (action === 'spotlight')
      this.spotlight = target || null;
    return null;
  }

  /** Who signed it may order something, and is the one that it names. @param {Pick<Order, 'by' | 'chain'>} order */
  async #isOfSomebody({ by, chain }) {
    const last = chain.at(-1);
    const known = by === this.#self ? this.#sign.raw : this.#keyOf(by);
    if (last?.rank === 'person' || !chain.every(grant => this.#stands(grant)) || (last && known && !equal(known, last.key)))
      return false;
    const out = await Promise.all(chain.map((grant, i) => this.#isOut(grant, chain[i + 1]?.time ?? Infinity)));
    return !out.includes(true);
  }

  /** Who was appointed before the link got another secret, which was not for them, whoever is in by now. @param {Grant} grant @param {number} used when they did what is asked about */
  async #isOut({ key, time }, used) {
    const member = toBase64url(await memberOf(this.#place.room, key));
    return this.#exchanges.some(exchange => time <= exchange.time && exchange.time < used && !exchange.members.includes(member));
  }

  /** Nothing less was said of this key since. @param {Grant} grant */
  #stands({ key, rank, time }) {
    const last = this.#said.get(toBase64url(key));
    return time <= this.#now() + FRESH && (!last || time >= last.time || rankNumber(last.rank) >= rankNumber(rank));
  }

  /** The latest first. @param {number} ms @returns {Bytes[]} */
  #formerWithin(ms) {
    return this.#former.filter(({ at }) => Math.abs(this.#now() - at) < ms).map(({ kAuth }) => kAuth);
  }

  /** Where orders under a secret hold. @param {Bytes} kAuth */
  async #under(kAuth) {
    return { ...this.#place, mark: await markOf(this.#place.room, kAuth) };
  }

  /** Never the same time twice. */
  #tick() {
    return this.#last = Math.max(this.#now(), this.#last + 1);
  }

  /** @template V @param {() => Promise<V>} task @returns {Promise<V>} */
  #run(task) {
    const done = this.#queue.then(task);
    this.#queue = done.then(() => {}, () => {});
    return done;
  }
}

/** What an order must have said for this to be its effect. @param {Message} message @param {string} self @returns {Deed[]} */
function deedsOf({ type, what, person }, self) {
  switch (type) {
    case 'stopped': {
      const deed = DEEDS.stop({ person: self, what });
      return what === 'microphone' ? [deed, DEEDS['mute-all']({})] : [deed];
    }
    case 'spotlight': return [DEEDS.spotlight({ person })];
    case 'requested': return [DEEDS.request({ person: self, what })];
    case 'removed': return [DEEDS.remove({ person: self })];
    case 'person-left': return [DEEDS.remove({ person })];
    default: return [];
  }
}

/** Where there are too many, the oldest two count as one, for those who were in both. @param {Exchange[]} exchanges @returns {Exchange[]} */
function bounded(exchanges) {
  if (exchanges.length <= MAX_EXCHANGES)
    return exchanges;
  const [first, second, ...rest] = exchanges;
  return [{ time: Math.max(first.time, second.time), members: first.members.filter(member => second.members.includes(member)) }, ...rest];
}

/** The oldest goes where there are too many. @template V @param {Map<string, V>} map @param {string} key @param {V} value */
function remember(map, key, value) {
  map.delete(key);
  map.set(key, value);
  if (map.size > MAX_HEARD)
    map.delete(/** @type {string} */ (map.keys().next().value));
}
