// Another secret for the room's link, because somebody who knows it was removed (LINK-1.md, section 13). Who removes them makes it and hands it over on
// the sealed channels of those who stay, with a statement that a host or co-host has signed: before the server is asked, so that it is not lost with one page,
// and once it has agreed. Whoever has it then shows so to each of the others, and hands it to those who were away. It is for the sessions that the statement
// names, and for nobody else. Knows neither the socket nor what is kept.

import { T, concat, equal, lp, toBase64url, u32, utf8 } from './bytes.js';
import { hmac, sha256, verifyHmac } from './crypto.js';
import { deriveKeys, makeSecret } from './link.js';
import { LinkError } from './link-error.js';
import { parseOrder } from './orders.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {import('./verification.js').Confirmed} Confirmed */
/** @typedef {{ generation: number, from: Bytes, to: Bytes, members: Bytes[] }} Statement from, to: verifiers of the two secrets */
/** @typedef {{ generation: number, secret: Bytes, kAuth: Bytes, kJoin: Bytes, verifier: Bytes }} Generation */
/** @typedef {{ next: Generation, body: Bytes, order: string, told: { generation: number, join_verifier: string, mac: string } }} Prepared */
/** @typedef {{ secret: Bytes, body: Bytes, order: string }} Said S′, the statement, and the order for it */
/** What holds of what somebody says. @typedef {{ next: Generation, said: Said, by: string }} Taken */
/** @typedef {Taken & { from: string, asked: number, timer: any }} Pending from: who handed it over */
/** @typedef {Confirmed & { shown: number, claim: Bytes | null, timer: any }} Pair shown: the generation that they have shown to have, -1: none yet; claim: what they said of one that is not known here yet */

/** What is said of it on data channel 0, beside what `group-code.js` says. */
export const RotationTalk = Object.freeze({ ROTATION: 5, GENERATION: 6, INTENDED: 7, NOTED: 8, WITHDRAWN: 9 });

const HASH = 32;
const HEAD = 4 + 2 * HASH + 1;
const MAX_MEMBERS = 64;
const MAX_KEPT = 20;
/** Until somebody who is connected has shown the same generation. */
const PATIENCE = 20_000;
/** Until the server is asked without those who have not noted what is intended. */
const NOTING = 2_000;
const MAX_PENDING = 4;
const MAX_WITHDRAWN = 64;
/** When the server is asked what became of something that was intended, and how often it may say that nothing did. */
const ASK_FIRST = 3_000;
const ASK_AGAIN = 5_000;
const MAX_ASKED = 6;

/** Who is meant: a session. @param {string} room @param {Bytes} sign */
export const memberOf = (room, sign) => sha256(T('member'), lp(room), lp(sign));

/** @param {Statement} statement */
export const composeStatement = ({ generation, from, to, members }) => concat(u32(generation), from, to, members.length, ...members);

/** @param {Bytes} bytes @returns {Statement | null} */
export function parseStatement(bytes) {
  const n = bytes.length >= HEAD ? bytes[HEAD - 1] : 0;
  if (n < 1 || n > MAX_MEMBERS || bytes.length !== HEAD + n * HASH)
    return null;
  return {
    generation: new DataView(bytes.buffer, bytes.byteOffset).getUint32(0),
    from: bytes.slice(4, 4 + HASH),
    to: bytes.slice(4 + HASH, HEAD - 1),
    members: Array.from({ length: n }, (_, i) => bytes.slice(HEAD + i * HASH, HEAD + (i + 1) * HASH)),
  };
}

/** @param {Said} said */
export const composeRotation = ({ secret, body, order }) => concat(secret, lp(body), utf8(order));

/** @param {Bytes} body of a rotation @returns {string[]} base64url */
const membersOf = body => (parseStatement(body)?.members ?? []).map(toBase64url);

/** @param {Bytes} bytes @returns {Said | null} */
export function parseRotation(bytes) {
  const at = HASH + 2;
  const end = at + (bytes[HASH] << 8 | bytes[HASH + 1]);
  if (!(bytes.length > end))
    return null;
  return { secret: bytes.slice(0, HASH), body: bytes.slice(at, end), order: String.fromCharCode(...bytes.subarray(end, end + 4_096)) };
}

/** What is under the MAC with which somebody shows that they have a generation's secret. @param {Bytes} th of the connection @param {number} generation @param {string} id their own */
export const generationText = (th, generation, id) => concat(T('generation'), th, u32(generation), lp(id));

/** @param {string} room @param {Bytes} secret @param {number} generation @returns {Promise<Generation>} */
export async function makeGeneration(room, secret, generation) {
  const { kAuth, kJoin } = await deriveKeys({ room, secret, hostSecret: null });
  return { generation, secret, kAuth, kJoin, verifier: await sha256(kJoin) };
}

export class Rotation {
  #options;
  /** The current one is the last. @type {Promise<Generation[]>} */ #generations;
  /** What was handed over, for those who were away. @type {{ generation: number, members: string[], bytes: Bytes }[]} */ #kept = [];
  /** @type {Map<string, Pair>} */ #pairs = new Map();
  /** Those who were connected here and are still there, connected or not. @type {Map<string, Bytes>} */ #present = new Map();
  /** What was handed over and the server has not agreed to yet, by the new verifier. @type {Map<string, Pending>} */ #pending = new Map();
  /** What nothing came of, by the new verifier. @type {Set<string>} */ #withdrawn = new Set();
  /** Who has not noted yet what this side intends. @type {{ to: Bytes, ids: Set<string>, done: () => void } | null} */ #offered = null;
  #queue = Promise.resolve();
  #closed = false;

  /**
   * @param {object} options
   * @param {string} options.room
   * @param {Bytes} options.secret S
   * @param {number} options.generation as the server counts
   * @param {string} options.self own id
   * @param {Bytes} options.sign own session's key
   * @param {import('./order-book.js').OrderBook} options.book
   * @param {(generation: Generation, by: string, members: readonly string[], time: number) => void} options.adopted it is the room's from now on, for these, as was ordered then
   * @param {(fault: string) => void} options.fault something came that does not hold, as an error id
   * @param {(generation: Generation) => Promise<boolean | null>} options.accepted whether the server has it as the room's; null: that is not known just now
   */
  constructor(options) {
    this.#options = options;
    this.#generations = makeGeneration(options.room, options.secret, options.generation).then(first => [first]);
    this.#generations.catch(() => {}); // who uses it is told
    /** Somebody has shown that they have a generation. @type {(id: string, generation: number) => void} */
    this.shown = () => {};
  }

  /** Somebody is connected, as the session that they have proved to be. @param {string} id @param {Confirmed} confirmed */
  met(id, confirmed) {
    this.gone(id);
    this.#pairs.set(id, { ...confirmed, shown: -1, claim: null, timer: null });
    this.#present.set(id, confirmed.sign);
    this.#watch(id);
    this.#show(id).catch(error => confirmed.refuse(new LinkError('link-unsupported', error)));
  }

  /** The connection is; they may come back. @param {string} id */
  gone(id) {
    clearTimeout(this.#pairs.get(id)?.timer);
    this.#pairs.delete(id);
    this.#note(id);
  }

  /** They have left. @param {string} id */
  forget(id) {
    this.gone(id);
    this.#present.delete(id);
  }

  /** What came over a connection. @param {string} id @param {number} type @param {Bytes} bytes @returns {Promise<void>} throws what ends the pair */
  receive(id, type, bytes) {
    return this.#run(() => {
      switch (type) {
        case RotationTalk.ROTATION: return this.#onRotation(id, bytes);
        case RotationTalk.INTENDED: return this.#onIntended(id, bytes);
        case RotationTalk.NOTED: return this.#onNoted(id, bytes);
        case RotationTalk.WITHDRAWN: return this.#onWithdrawn(id, bytes);
        default: return this.#onGeneration(id, bytes);
      }
    });
  }

  /**
   * The next secret, for everybody but one.
   * @param {string} person who is removed @returns {Promise<Prepared | null>} null: nobody here would obey
   */
  prepare(person) {
    return this.#run(async () => {
      const { room, sign, book } = this.#options;
      const current = await this.#current();
      const next = await makeGeneration(room, makeSecret(), current.generation + 1);
      const removed = this.#present.get(person);
      const stay = [...this.#present].filter(([id, key]) => id !== person && !(removed && equal(removed, key))).map(([, key]) => key);
      const members = await Promise.all([sign, ...stay].slice(0, MAX_MEMBERS).map(key => memberOf(room, key)));
      const body = composeStatement({ generation: next.generation, from: current.verifier, to: next.verifier, members });
      const [order, mac] = [await book.signRotation(toBase64url(body)), await book.macUnder(next.kAuth)];
      if (!order || !mac)
        return null;
      return { next, body, order, told: { generation: next.generation, join_verifier: toBase64url(next.verifier), mac: toBase64url(mac) } };
    });
  }

  /** Before the server is asked: resolves when all who are connected and stay have it, or have had the time. @param {Prepared} prepared */
  async offer({ next, body, order }) {
    const bytes = composeRotation({ secret: next.secret, body, order });
    const members = membersOf(body);
    const noted = await this.#run(async () => {
      const there = await Promise.all([...this.#pairs].map(async ([id, pair]) => ({ id, pair, member: toBase64url(await memberOf(this.#options.room, pair.sign)) })));
      const stay = there.filter(({ id, pair, member }) => members.includes(member) && pair === this.#pairs.get(id));
      stay.forEach(({ pair }) => pair.send(RotationTalk.INTENDED, bytes));
      return { all: new Promise(resolve => {
        this.#offered = { to: next.verifier, ids: new Set(stay.map(({ id }) => id)), done: () => resolve(undefined) };
        this.#note('');
      }) };
    });
    /** @type {any} */ let timer;
    await Promise.race([noted.all, new Promise(resolve => {
      timer = setTimeout(resolve, NOTING);
    })]);
    clearTimeout(timer);
    this.#offered = null;
  }

  /** The server has done its part. @param {Prepared} prepared @returns {Promise<boolean>} false: another secret came first, and who was to go may have it */
  commit({ next, body, order }) {
    return this.#run(async () => {
      await this.#adopt(next, { secret: next.secret, body, order }, this.#options.self);
      return (await this.#generations).some(({ secret }) => equal(secret, next.secret));
    });
  }

  /** The server has not answered, or not with a yes: it is asked what holds. @param {Prepared} prepared */
  async fail(prepared) {
    const accepted = await this.#options.accepted(prepared.next);
    if (accepted)
      await this.commit(prepared);
    else if (accepted === false)
      this.#pairs.forEach(pair => pair.send(RotationTalk.WITHDRAWN, prepared.next.verifier));
  }

  close() {
    this.#closed = true;
    [...this.#pairs.keys()].forEach(id => this.gone(id));
    [...this.#pending.keys()].forEach(to => this.#drop(to));
  }

  async #current() {
    return /** @type {Generation} */ ((await this.#generations).at(-1));
  }

  /** What this side has it shows. @param {string} id */
  async #show(id) {
    const { generation, kAuth } = await this.#current();
    const pair = this.#pairs.get(id);
    if (pair)
      pair.send(RotationTalk.GENERATION, concat(u32(generation), await hmac(kAuth, generationText(pair.th, generation, this.#options.self))));
  }

  /** @param {string} id @param {Bytes} bytes */
  async #onGeneration(id, bytes) {
    const pair = this.#pairs.get(id);
    if (!pair)
      return;
    if (bytes.length !== 4 + HASH)
      throw new LinkError('link-malformed');
    const generation = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
    const generations = await this.#generations;
    const current = await this.#current();
    if (generation > current.generation) {
      pair.claim = bytes;
      await this.#show(id); // which asks for what is missing
      return;
    }
    const known = generations.find(one => one.generation === generation);
    if (!known || !await verifyHmac(known.kAuth, bytes.slice(4), generationText(pair.th, generation, id)))
      throw new LinkError('link-generation');
    pair.shown = generation;
    this.shown(id, generation);
    if (generation < current.generation)
      await this.#handOver(pair);
  }

  /** What somebody lacks, if it is for them. @param {Pair} pair */
  async #handOver(pair) {
    const member = toBase64url(await memberOf(this.#options.room, pair.sign));
    const missing = this.#kept.filter(({ generation }) => generation > pair.shown);
    if (missing.length === 0 || missing[0].generation !== pair.shown + 1 || !missing.every(({ members }) => members.includes(member)))
      throw new LinkError('link-generation');
    for (const { bytes } of missing)
      pair.send(RotationTalk.ROTATION, bytes);
  }

  /** @param {string} id @param {Bytes} bytes */
  async #onRotation(id, bytes) {
    const taken = await this.#take(id, bytes);
    if (taken && this.#withdrawn.has(toBase64url(taken.next.verifier)))
      this.#keep(id, taken, MAX_ASKED - 1); // now the server has to say so
    else if (taken)
      await this.#adopt(taken.next, taken.said, taken.by);
  }

  /** @param {string} id @param {Bytes} bytes @returns {Promise<Taken | null>} null: it is here already */
  async #take(id, bytes) {
    const said = parseRotation(bytes);
    const statement = said && parseStatement(said.body);
    if (!said || !statement)
      throw new LinkError('link-malformed');
    const current = await this.#current();
    if (!this.#pairs.has(id) || statement.generation <= current.generation)
      return null; // it came from somebody else first
    const { room, sign, book, fault } = this.#options;
    const next = await makeGeneration(room, said.secret, statement.generation);
    const mine = await memberOf(room, sign);
    const follows = statement.generation === current.generation + 1 && equal(statement.from, current.verifier) && equal(statement.to, next.verifier);
    if (!follows || !statement.members.some(member => equal(member, mine)))
      throw new LinkError('link-generation');
    const by = await book.checkRotation(said.order, toBase64url(said.body));
    if (by)
      return { next, said, by };
    fault('order-unverified');
    throw new LinkError('link-generation');
  }

  // ---- what the server has not agreed to yet

  /** @param {string} id @param {Bytes} bytes */
  async #onIntended(id, bytes) {
    const taken = await this.#take(id, bytes);
    if (!taken)
      return;
    this.#keep(id, taken, 0);
    this.#pairs.get(id)?.send(RotationTalk.NOTED, taken.next.verifier);
  }

  /** Until it is known what became of it. @param {string} from @param {Taken} taken @param {number} asked how often it counts as asked for already */
  #keep(from, taken, asked) {
    const to = toBase64url(taken.next.verifier);
    this.#drop(to);
    if (this.#pending.size >= MAX_PENDING)
      throw new LinkError('link-generation');
    this.#pending.set(to, { ...taken, from, asked, timer: setTimeout(() => void this.#ask(to), ASK_FIRST) });
  }

  /** Who has handed it over has not said what became of it. @param {string} to */
  async #ask(to) {
    const pending = this.#pending.get(to);
    const accepted = pending ? await this.#options.accepted(pending.next) : null;
    await this.#run(async () => {
      if (!pending || pending !== this.#pending.get(to))
        return;
      pending.asked += accepted === false ? 1 : 0;
      if (accepted)
        await this.#adopt(pending.next, pending.said, pending.by);
      else if (pending.asked >= MAX_ASKED)
        this.#forsake(to);
      else
        pending.timer = setTimeout(() => void this.#ask(to), ASK_AGAIN);
    });
  }

  /** @param {string} id @param {Bytes} bytes */
  async #onNoted(id, bytes) {
    if (bytes.length !== HASH)
      throw new LinkError('link-malformed');
    if (this.#offered && equal(this.#offered.to, bytes))
      this.#note(id);
  }

  /** Nobody waits for them any more. @param {string} id */
  #note(id) {
    this.#offered?.ids.delete(id);
    if (this.#offered?.ids.size === 0)
      this.#offered.done();
  }

  /** Only by who has handed it over. @param {string} id @param {Bytes} bytes */
  async #onWithdrawn(id, bytes) {
    if (bytes.length !== HASH)
      throw new LinkError('link-malformed');
    const to = toBase64url(bytes);
    if (this.#pending.get(to)?.from === id)
      this.#forsake(to);
  }

  /** The server has not taken it: nobody who has it has it taken by their word alone. @param {string} to */
  #forsake(to) {
    this.#drop(to);
    this.#withdrawn.add(to);
    if (this.#withdrawn.size > MAX_WITHDRAWN)
      this.#withdrawn.delete(/** @type {string} */ (this.#withdrawn.keys().next().value));
  }

  /** @param {string} to */
  #drop(to) {
    clearTimeout(this.#pending.get(to)?.timer);
    this.#pending.delete(to);
  }

  /** @param {Generation} next @param {Said} said @param {string} by */
  async #adopt(next, said, by) {
    const members = membersOf(said.body);
    const generations = await this.#generations;
    const isMember = await this.#knowMembers(members);
    // until all pairs that end are told so nothing is waited for: who came or went meanwhile would be missed
    if (this.#closed || next.generation !== /** @type {Generation} */ (generations.at(-1)).generation + 1)
      return;
    [...this.#pending.keys()].forEach(to => this.#drop(to)); // this one won
    this.#generations = Promise.resolve([...generations, next].slice(-MAX_KEPT));
    this.#kept = [...this.#kept, { generation: next.generation, members, bytes: composeRotation(said) }].slice(-MAX_KEPT);
    this.#options.adopted(next, by, members, parseOrder(said.order)?.time ?? 0);
    for (const [id, sign] of this.#present) {
      if (!isMember(sign))
        this.#present.delete(id); // whatever the server says of them: they are of no generation that follows
    }
    for (const pair of this.#pairs.values()) {
      if (!isMember(pair.sign))
        pair.refuse(new LinkError('link-generation'));
    }
    for (const [id, pair] of [...this.#pairs].filter(([, { sign }]) => isMember(sign))) {
      if (by === this.#options.self)
        pair.send(RotationTalk.ROTATION, composeRotation(said));
      await this.#show(id);
      this.#watch(id);
      await this.#lookAgain(id, pair);
    }
  }

  /** Of all who are here; who comes while it is computed as well. @param {readonly string[]} members @returns {Promise<(sign: Bytes) => boolean>} */
  async #knowMembers(members) {
    /** @type {Map<string, boolean>} */ const known = new Map();
    const next = () => [...this.#present.values(), ...[...this.#pairs.values()].map(({ sign }) => sign)].find(sign => !known.has(toBase64url(sign)));
    for (let sign = next(); sign; sign = next())
      known.set(toBase64url(sign), members.includes(toBase64url(await memberOf(this.#options.room, sign))));
    return sign => known.get(toBase64url(sign)) ?? false;
  }

  /** What they said of this generation when it was not known here. @param {string} id @param {Pair} pair */
  async #lookAgain(id, pair) {
    const { claim } = pair;
    pair.claim = null;
    if (claim)
      await this.#onGeneration(id, claim).catch(error => pair.refuse(error));
  }

  /** Who has not shown the same by then is not of this room any more, or is kept from it. @param {string} id */
  #watch(id) {
    const pair = this.#pairs.get(id);
    if (!pair)
      return;
    clearTimeout(pair.timer);
    pair.timer = setTimeout(() => void this.#run(async () => {
      if (pair === this.#pairs.get(id) && pair.shown !== (await this.#current()).generation)
        pair.refuse(new LinkError('link-generation'));
    }), PATIENCE);
  }

  /** One after the other. @template V @param {() => Promise<V>} task @returns {Promise<V>} */
  #run(task) {
    const done = this.#queue.then(task);
    this.#queue = done.then(() => {}, () => {});
    return done;
  }
}
