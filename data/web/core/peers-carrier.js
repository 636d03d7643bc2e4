// Carries the shared model from browser to browser (LINK-1.md, section 11): each person's page has all of it, tells the others what its own person
// does, and checks what comes as the server would. Who comes late is told by those who are there. Nobody decides: all arrive at the same, whatever
// came when. It knows the others as authors: by the session that their pair has confirmed, whatever ids the server gives; and neither the connections nor the page.

import { parseObject, toBase64url, utf8 } from './bytes.js';
import { sha256 } from './crypto.js';
import { ConclaveError } from './errors.js';
import { GONE, ModelObject, canonical, isOperation } from './model-object.js';
import { SCHEMA } from './model-schema.js';
import { Tally } from './tally.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {import('./model.js').Rights} Rights */
/** @typedef {import('./model-object.js').Operation} Operation */
/** One of the others, whose channel is open. @typedef {{ id: string, author: string, isNamed: (name: unknown) => boolean, send: (type: number, bytes: Bytes) => Promise<boolean> }} Link */
/** @typedef {{ link: Link, digest: string, settled: string, heard: boolean, waiting: boolean, telling: boolean }} Neighbour settled: digests of both after it had told all it has; heard: it has told all it has, or had nothing else; telling: it is told all there is */

/** Types of messages on channel `model` that are the carrier's. */
export const Carried = Object.freeze({ HAVE: 1, WANT: 2, STATE: 3, NEWS: 4 });

/** Everybody may do the same here: a host's word on what others said would have to be proved. Nobody takes back that they saved a copy. @type {Rights} */
export const PEER_RIGHTS = {
  message: ['create', 'own'],
  reaction: ['create', 'own'],
  item: ['create', 'own', 'any', 'remove'],
  agenda: ['create', 'own', 'any'],
  block: ['create', 'own', 'any', 'remove'],
  poll: ['create', 'own'],
  vote: ['create', 'own'],
  caption: ['create', 'own'],
  document: ['create', 'own'],
  copy: ['create'],
};
const PIECE = 40_000;
/** ms after which all say what they have, if it has changed: what a broken pair did not bring comes from the others. */
const EVERY = 20_000;
/** ms without a word after which who was asked for all they have is not waited for; in all it is so many times that. */
const PATIENCE = 10_000, LONGEST = 6;
/** Later than any honest clock, which ends long before (`model.js`). */
const MAX_CLOCK = 2 ** 40;
/** So that the end of a poll, which is later than its votes, is no later than what is taken. */
const MAX_VOTE = 2 ** 39;
/** What is counted, nobody says. */
const COUNTED = ['counts', 'voters', 'voted'];

/** Of how many parts an id is, joined by '-', where there is one object for each person and thing: who, what, and the sign. Others have two. @type {Record<string, number>} */
const PARTS = { vote: 3, reaction: 4 };

/** Whose object it is by its id. @param {string} id */
const makerOf = id => id.split('-')[0];

/** @param {object} value */
const encode = value => utf8(JSON.stringify(value));

export class PeersCarrier {
  /** Set by the model. @type {((ops: Operation[], more?: boolean) => void) | null} */ onOps = null;
  /** @type {Map<string, ModelObject>} */ #objects = new Map();
  /** @type {Map<string, number>} */ #sizes = new Map();
  #bytes = 0;
  #version = 0;
  #saidVersion = 0;
  /** Oneself; '' before. */ #author = '';
  /** The session was here before: what it did then has to come from the others, from each of them once, within a minute of the first. */ #again = false;
  /** @type {any} */ #againTimer = null;
  /** Authors who have told all they had. @type {Set<string>} */ #told = new Set();
  /** @type {Map<string, Neighbour>} */ #neighbours = new Map();
  /** Who is telling all they have. @type {string | null} */ #asked = null;
  #askedAt = 0;
  /** What it had then, by its own word. */ #askedFor = '';
  #ms;
  #tally;
  /** @type {any} */ #timer = null;
  /** @type {any} */ #patience = null;

  /** @param {{ patience?: number }} [options] */
  constructor({ patience = PATIENCE } = {}) {
    this.#ms = patience;
    this.#tally = new Tally(id => this.#objects.get(id) ?? null);
  }

  /** A seat is taken. @param {string} author oneself @param {boolean} [again] the session was here before: its page was loaded anew, say */
  begin(author, again = false) {
    this.#again ||= again && this.#author === '';
    this.#author = author;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => void this.#sayAll(), EVERY);
    this.onOps?.([], false);
  }

  /** The meeting is over: nothing is kept. */
  end() {
    clearInterval(this.#timer);
    clearTimeout(this.#patience);
    clearTimeout(this.#againTimer);
    this.#againTimer = null;
    for (const map of [this.#objects, this.#sizes, this.#neighbours])
      map.clear();
    this.#tally.clear();
    this.#told.clear();
    this.#author = '';
    this.#again = false;
    this.#asked = null;
    this.#bytes = 0;
  }

  /** The other's channel is open. @param {Link} link */
  join(link) {
    this.leave(link.id);
    this.#neighbours.set(link.id, { link, digest: '', settled: '', heard: false, waiting: false, telling: false });
    void this.#digest().then(digest => link.send(Carried.HAVE, encode({ digest })));
  }

  /** The channel is gone. @param {string} id */
  leave(id) {
    this.#neighbours.delete(id);
    this.#answered(id);
  }

  /** What is known to be taken, for comparison. */
  toText() {
    return canonical(this.#objects.values());
  }

  // ---- what goes

  /** @param {Operation[]} ops */
  async send(ops) {
    if (!this.#fits(ops))
      throw new ConclaveError('too-many');
    const changed = ops.filter(op => this.#take(op));
    const bytes = encode({ ops });
    for (const { link } of this.#neighbours.values())
      void link.send(Carried.NEWS, bytes);
    this.#tell(this.#tally.count(changed));
  }

  // ---- what comes

  /** @param {string} id of a person whose channel is open @param {number} type @param {Bytes} bytes */
  receive(id, type, bytes) {
    const neighbour = this.#neighbours.get(id);
    const message = neighbour && type !== Carried.WANT ? parseObject(bytes) : {};
    if (!neighbour || !message)
      return;
    switch (type) {
      case Carried.HAVE: this.#onHave(neighbour, message.digest); break;
      case Carried.WANT: void this.#onWant(neighbour); break;
      case Carried.STATE: this.#onState(neighbour, message); break;
      case Carried.NEWS: this.#onNews(neighbour.link, message.ops); break;
      default: break;
    }
  }

  /** @param {Neighbour} neighbour @param {unknown} digest */
  #onHave(neighbour, digest) {
    if (typeof digest !== 'string')
      return;
    neighbour.digest = digest;
    neighbour.waiting = true;
    void this.#askNext();
  }

  /** Of those who have something else: one after the other, because mostly they all have the same. */
  async #askNext() {
    const version = this.#version;
    const digest = await this.#digest();
    if (this.#asked)
      return;
    if (version !== this.#version) {
      void this.#askNext(); // something came meanwhile
      return;
    }
    const neighbour = [...this.#neighbours.values()].find(({ waiting }) => waiting);
    if (!neighbour)
      return;
    neighbour.waiting = false;
    if (neighbour.digest === digest)
      this.#onHeard(neighbour);
    if (neighbour.digest === digest || neighbour.settled === `${neighbour.digest} ${digest}`) {
      void this.#askNext();
      return;
    }
    this.#asked = neighbour.link.id;
    this.#askedFor = neighbour.digest;
    this.#askedAt = performance.now();
    this.#wait(neighbour);
    void neighbour.link.send(Carried.WANT, new Uint8Array(0));
  }

  /** Who says nothing, or never says all, does not hold up what others have to tell: they are asked again after those. @param {Neighbour} neighbour */
  #wait(neighbour) {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => {
      neighbour.waiting = true;
      this.#neighbours.delete(neighbour.link.id);
      this.#neighbours.set(neighbour.link.id, neighbour);
      this.#answered(neighbour.link.id);
    }, Math.min(this.#ms, this.#askedAt + LONGEST * this.#ms - performance.now()));
  }

  /** The next one is asked. @param {string} id */
  #answered(id) {
    if (this.#asked !== id)
      return;
    clearTimeout(this.#patience);
    this.#asked = null;
    void this.#askNext();
  }

  /** @param {Neighbour} neighbour @param {{ ops?: unknown, more?: unknown }} message */
  #onState(neighbour, { ops, more }) {
    if (!Array.isArray(ops) || this.#asked !== neighbour.link.id)
      return;
    this.#receive(ops.filter(op => isOperation(op) && this.#isSound(op) && this.#mayTell(op, neighbour.link)), true);
    if (more === true) {
      this.#wait(neighbour);
      return;
    }
    this.#onHeard(neighbour);
    const askedFor = this.#askedFor;
    void this.#digest().then(digest => {
      neighbour.settled = `${askedFor} ${digest}`;
      this.#answered(neighbour.link.id);
    });
  }

  /** It has told all it has: of that person nobody else tells from now on. @param {Neighbour} neighbour */
  #onHeard(neighbour) {
    neighbour.heard = true;
    if (this.#again && !this.#told.has(neighbour.link.author))
      void this.#sayAll(); // who has heard this side already takes what it did before from nobody else
    if (this.#again)
      this.#againTimer ??= setTimeout(() => { this.#again = false; }, LONGEST * this.#ms); // the others who were there have told it by then
    this.#told.add(neighbour.link.author);
  }

  /** @param {Link} link @param {unknown} ops what that person has done */
  #onNews(link, ops) {
    if (!Array.isArray(ops) || ops.length > SCHEMA.limits.ops)
      return;
    for (const op of ops) {
      if (isOperation(op) && op.a === link.author && this.#isSound(op) && this.#mayDo(op, link))
        this.#receive([op], undefined);
    }
  }

  /** @param {Operation[]} ops @param {boolean | undefined} more */
  #receive(ops, more) {
    const taken = ops.filter(op => this.#fits([op]) && this.#take(op));
    if (taken.length > 0)
      this.onOps?.(taken, more);
    this.#tell(this.#tally.count(taken));
  }

  /** @param {Operation[]} counts */
  #tell(counts) {
    if (counts.length > 0)
      this.onOps?.(counts, true);
  }

  // ---- what may be

  /** Of one who may be lying. @param {Operation} op */
  #isSound(op) {
    const { o, t, c, a, f } = op;
    const known = this.#objects.get(o);
    if (!SCHEMA.types[t].singleton && o.split('-').length !== (PARTS[t] ?? 2))
      return false;
    if (Object.hasOwn(PARTS, t) && makerOf(o) !== a)
      return false; // of these everybody has one
    if (known && (t === 'copy' ? !known.has(op) : known.changesFixed(op)))
      return false; // nor what was set once
    const claims = t === 'poll' ? COUNTED : t === 'copy' ? [GONE] : [];
    const latest = Math.max(MAX_CLOCK, (known?.clock ?? 0) + SCHEMA.limits.ahead);
    return c <= (t === 'vote' ? MAX_VOTE : latest) && (!known || known.type === t) && !claims.some(name => Object.hasOwn(f, name)) && Object.hasOwn(PEER_RIGHTS, t);
  }

  /** What people do, or what is theirs alone, they say themselves where they can. @param {Operation} op @param {Link} link of who tells it */
  #mayTell({ o, t, a, f }, link) {
    const { owner } = SCHEMA.types[t];
    const known = this.#objects.get(o);
    const people = [a, f[owner], known ? !PEER_RIGHTS[t].includes('any') && known.fields[owner] : makerOf(o)];
    return !people.some(person => (person === this.#author && (!this.#again || this.#told.has(link.author))) || this.#isHeard(person, link));
  }

  /** Whether somebody, other than who tells of them, is here and has told all. @param {unknown} person @param {Link} link of who tells */
  #isHeard(person, link) {
    return person !== link.author && [...this.#neighbours.values()].some(({ link: other, heard }) => heard && other.author === person);
  }

  /** @param {Operation} op @param {Link} link its author */
  #mayDo(op, link) {
    const { owner, fields } = SCHEMA.types[op.t];
    const rights = PEER_RIGHTS[op.t];
    const known = this.#objects.get(op.o);
    const named = fields.sender ? 'sender' : 'name';
    if (op.f[named] !== undefined && fields[named]?.stamped && !link.isNamed(op.f[named]))
      return false;
    if (!known)
      return (SCHEMA.types[op.t].singleton || makerOf(op.o) === link.author) && op.f[GONE] === undefined && (!owner || op.f[owner] === link.author) && Object.keys(fields).every(name => !fields[name].needed || op.f[name] !== undefined);
    const own = owner !== '' && known.fields[owner] === link.author;
    if (owner && op.f[owner] !== undefined && op.f[owner] !== known.fields[owner] && op.f[owner] !== link.author)
      return false;
    if (Object.keys(op.f).some(name => fields[name]?.fixed))
      return own && JSON.stringify(known.fields) === JSON.stringify({ ...known.fields, ...op.f });
    return own ? rights.includes('own') : rights.includes(op.f[GONE] ? 'remove' : 'any');
  }

  /** @param {readonly Operation[]} ops */
  #fits(ops) {
    const { objects, bytes } = SCHEMA.limits;
    const more = ops.filter(({ o }) => !this.#objects.has(o)).length;
    return this.#objects.size + more <= objects && this.#bytes + encode(ops).length <= bytes;
  }

  /** @param {Operation} op @returns {boolean} whether anything has changed */
  #take(op) {
    let object = this.#objects.get(op.o);
    if (!object)
      this.#objects.set(op.o, object = new ModelObject(op.o, op.t));
    if (!object.apply(op))
      return false;
    const size = encode(object).length;
    this.#bytes += size - (this.#sizes.get(op.o) ?? 0);
    this.#sizes.set(op.o, size);
    this.#version++;
    return true;
  }

  // ---- what there is

  async #digest() {
    return toBase64url(await sha256(utf8(this.toText())));
  }

  /** Who asks again meanwhile is told once. @param {Neighbour} neighbour */
  async #onWant(neighbour) {
    if (neighbour.telling)
      return;
    neighbour.telling = true;
    await this.#sayState(neighbour.link);
    neighbour.telling = false;
  }

  /** @param {Link} link */
  async #sayState(link) {
    /** @type {Operation[]} */ let piece = [];
    let size = 0;
    const ops = [...this.#objects.values()].flatMap(object => object.operations());
    for (const op of ops) {
      const bytes = encode(op).length;
      if (size + bytes > PIECE && piece.length > 0) {
        await link.send(Carried.STATE, encode({ ops: piece, more: true }));
        piece = [];
        size = 0;
      }
      piece.push(op);
      size += bytes;
    }
    await link.send(Carried.STATE, encode({ ops: piece, more: false }));
  }

  async #sayAll() {
    if (this.#saidVersion === this.#version)
      return;
    this.#saidVersion = this.#version;
    const bytes = encode({ digest: await this.#digest() });
    for (const { link } of this.#neighbours.values())
      void link.send(Carried.HAVE, bytes);
  }
}
