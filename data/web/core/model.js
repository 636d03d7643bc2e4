// What people share in a meeting: messages, agenda, minutes, polls, captions, documents. The page reads and changes it here and need not know who
// carries it: `carrier.send(ops)` resolves when they were taken and rejects with a `ConclaveError` (`not-joined`: they are sent again after the next
// `begin`), and what comes from the others the carrier hands to its `onOps`, which the model sets.
// What one does shows at once. It lies over what is known to be taken until the carrier has taken it, so that a refusal leaves nothing behind.

import { toIdPart } from './bytes.js';
import { ConclaveError } from './errors.js';
import { GONE, ModelObject, canonical, isOperation } from './model-object.js';
import { SCHEMA } from './model-schema.js';
import { cleanTyped } from './text.js';

/** @typedef {import('./model-object.js').Fields} Fields */
/** @typedef {import('./model-object.js').Operation} Operation */
/** What one may do with a type: make some, change one's own (or remove them), change others', remove others'. @typedef {'create' | 'own' | 'any' | 'remove'} Right */
/** @typedef {Record<string, Right[]>} Rights by type */
/**
 * @typedef {object} Carrier
 * @property {(ops: Operation[]) => Promise<unknown>} send
 * @property {((ops: Operation[], more?: boolean) => void) | null} onOps more: what there was before is not all there yet
 */
/**
 * What the page reads. It never changes: another one takes its place.
 * @typedef {object} Shared
 * @property {string} id
 * @property {string} type
 * @property {any} fields all of the type's
 * @property {boolean} own
 * @property {'sent' | 'sending'} state
 * @property {boolean} earlier of a meeting before this one: it can only be read
 */
/** @typedef {{ op: Operation, creates: boolean, sent: boolean }} Pending */

const ID_BYTES = 9;
/** ms for each of the messages that a change counts as: what is sent stays below what the server takes (PROTOCOL.md, section 4). */
const PACE = 20;
const BYTES_A_MESSAGE = 512;
const BYTES_AN_OPERATION = 256;
/** Later than the clock of any honest meeting: no word of others takes the own one beyond. */
const FARTHEST = 2 ** 31;
/** What a message is besides its operations, at most. */
const ENVELOPE = 128;

/** @param {object} value */
const sizeOf = value => new TextEncoder().encode(JSON.stringify(value)).length;

/** Events: `change` {detail: {objects: ids, fresh: ids of those that others have just made}}, `error` {detail: {id}}. */
export class Model extends EventTarget {
  #carrier;
  #now;
  /** What is known to be taken. @type {Map<string, ModelObject>} */ #objects = new Map();
  /** @type {Pending[]} */ #pending = [];
  /** @type {Map<string, Shared | null>} */ #views = new Map();
  /** @type {Map<string, Shared[]>} */ #lists = new Map();
  /** @type {Shared[]} */ #earlier = [];
  #clock = 0;
  #actor = '';
  #name = '';
  #meeting = '';
  /** Own ids: another seat brings another one. @type {Set<string>} */ #own = new Set();
  /** @type {Rights} */ #rights = {};
  #ready = false;
  #sending = false;
  #lastAt = 0;
  /** Something was refused: one by one, so that only that is lost. */ #single = false;

  /** @param {Carrier} carrier @param {{ now?: () => number }} [options] now: ms since 1970, as the others count them */
  constructor(carrier, { now = Date.now } = {}) {
    super();
    this.#carrier = carrier;
    this.#now = now;
    carrier.onOps = (ops, more) => this.#receive(ops, more);
  }

  /** The own id. */
  get actor() {
    return this.#actor;
  }

  /** All there was when one came is there. */
  get ready() {
    return this.#ready;
  }

  /**
   * A seat is taken.
   * @param {object} options
   * @param {string} options.actor own id from now on @param {string} options.name @param {string} options.meeting
   * @param {string[]} [options.was] own ids before @param {Rights} options.rights
   * @param {number} options.clock @param {boolean} options.more what there is comes now
   */
  begin({ actor, name, meeting, was = [], rights, clock, more }) {
    const other = meeting !== this.#meeting;
    if (other) {
      this.#earlier = this.list('message').filter(({ state }) => state === 'sent').map(message => ({ ...message, earlier: true }));
      this.#objects.clear();
      this.#pending = this.#pending.filter(({ creates }) => creates);
      this.#own.clear();
    }
    for (const pending of this.#pending)
      pending.sent = false;
    for (const id of [actor, ...was])
      this.#own.add(id);
    this.#actor = actor;
    this.#name = name;
    this.#meeting = meeting;
    this.#rights = rights;
    this.#clock = Math.max(this.#clock, clock);
    this.#ready = false;
    this.#sending = false;
    this.#forget();
    this.#emitChange([]);
    if (!more)
      this.#receive([], false);
  }

  /** @param {Rights} rights one may something else now */
  setRights(rights) {
    this.#rights = rights;
    this.#emitChange([]);
  }

  /** @param {string} name */
  setName(name) {
    this.#name = name;
  }

  // ---- reading

  /** @param {string} id @returns {Shared | null} null: there is none, or no longer */
  get(id) {
    let view = this.#views.get(id);
    if (view === undefined) {
      view = this.#makeView(id);
      this.#views.set(id, view);
    }
    return view ?? this.#earlier.find(message => message.id === id) ?? null;
  }

  /** Those of a type, in their order; without one by the time they were made. @param {string} type @returns {readonly Shared[]} */
  list(type) {
    let list = this.#lists.get(type);
    if (!list) {
      list = this.#makeList(type);
      this.#lists.set(type, list);
    }
    return list;
  }

  /** @param {string} type */
  mayCreate(type) {
    return this.#may(type, 'create');
  }

  /** @param {Shared} object */
  mayChange({ type, own, earlier }) {
    return !earlier && (this.#may(type, 'any') || (own && this.#may(type, 'own')));
  }

  /** @param {Shared} object */
  mayRemove(object) {
    return !object.earlier && (this.#may(object.type, 'remove') || (object.own && this.#may(object.type, 'own')));
  }

  /** Something of it is on its way. @param {string} id */
  pending(id) {
    return this.#pending.some(({ op }) => op.o === id);
  }

  // ---- changing: what is shown afterwards is the new state. Throws `ConclaveError`: `not-allowed`, `bad-message` (a field that the type has not, or not so)

  /**
   * @param {string} type @param {Fields} [fields] texts are cleaned
   * @param {string} [what] that there is one of for each person: else it is like no other @returns {string} its id, which begins with who makes it
   */
  create(type, fields = {}, what = toIdPart(crypto.getRandomValues(new Uint8Array(ID_BYTES)))) {
    const id = SCHEMA.types[type].singleton ? type : `${this.#actor}-${what}`;
    if (!this.mayCreate(type))
      throw new ConclaveError('not-allowed');
    this.#change(id, type, { ...fields, ...this.#stamp(type) }, true);
    return id;
  }

  /** Also makes what there is one of. @param {string} id @param {Fields} fields */
  set(id, fields) {
    const object = this.get(id);
    if (!object && SCHEMA.types[id]?.singleton) {
      this.create(id, fields);
      return;
    }
    if (!object || !this.mayChange(object))
      throw new ConclaveError('not-allowed');
    const edits = object.type === 'message' && fields.text !== undefined;
    this.#change(id, object.type, { ...fields, ...(edits && { edited: true }) }, false);
  }

  /** @param {string} id */
  remove(id) {
    const object = this.get(id);
    if (!object || !this.mayRemove(object))
      throw new ConclaveError('not-allowed');
    this.#change(id, object.type, { [GONE]: true }, false);
  }

  /** The whole state as it is known to be taken, for comparison. */
  toText() {
    return canonical(this.#objects.values());
  }

  // ---- what is there

  /** @param {string} type @param {Right} right */
  #may(type, right) {
    return this.#rights[type]?.includes(right) ?? false;
  }

  /** @param {string} id @returns {Shared | null} */
  #makeView(id) {
    const known = this.#objects.get(id);
    const ops = this.#pending.filter(({ op }) => op.o === id).map(({ op }) => op);
    const object = ops.length > 0 ? known?.copy() ?? new ModelObject(id, ops[0].t) : known;
    for (const op of ops)
      object?.apply(op);
    if (!object || object.gone)
      return null;
    const { owner } = SCHEMA.types[object.type];
    const { fields } = object;
    return { id, type: object.type, fields, own: owner !== '' && this.#own.has(String(fields[owner])), state: ops.length > 0 ? 'sending' : 'sent', earlier: false };
  }

  /** What is not taken yet comes last: nobody knows when it will be. @param {string} type */
  #makeList(type) {
    const { fields } = SCHEMA.types[type];
    const key = ['order', 'at'].find(name => fields[name]) ?? '';
    const ids = new Set([...this.#objects.values(), ...this.#pending.map(({ op }) => ({ id: op.o, type: op.t }))].filter(object => object.type === type).map(({ id }) => id));
    const list = /** @type {Shared[]} */ ([...ids].map(id => this.get(id)).filter(object => object !== null && !object.earlier));
    const isNew = (/** @type {Shared} */ { id }) => Number(key === 'at' && !this.#objects.has(id));
    list.sort((a, b) => isNew(a) - isNew(b) || compare(a.fields[key], b.fields[key]) || compare(a.id, b.id));
    return type === 'message' ? [...this.#earlier.filter(({ id }) => !ids.has(id)), ...list] : list; // what the others still have is not earlier
  }

  #forget() {
    this.#views.clear();
    this.#lists.clear();
  }

  /** @param {string[]} objects @param {string[]} [fresh] */
  #emitChange(objects, fresh = []) {
    for (const id of objects)
      this.#views.delete(id);
    this.#lists.clear();
    this.dispatchEvent(new CustomEvent('change', { detail: { objects, fresh } }));
  }

  // ---- what comes

  /** @param {Operation[]} ops @param {boolean} [more] left out: these are news */
  #receive(ops, more) {
    const changed = new Set();
    const fresh = new Set();
    for (const op of ops) {
      this.#clock = Math.max(this.#clock, Math.min(op.c, this.#clock + SCHEMA.limits.ahead, FARTHEST));
      const isNew = !this.#objects.has(op.o);
      if (!this.#take(op))
        continue;
      changed.add(op.o);
      if (isNew && more === undefined && !this.#own.has(op.a) && !op.f[GONE])
        fresh.add(op.o);
    }
    if (more === false && !this.#ready) {
      this.#ready = true;
      this.#stampAnew();
    }
    this.#emitChange([...changed], [...fresh].filter(id => !this.get(id)?.own));
    void this.#flush();
  }

  /** @param {Operation} op @returns {boolean} whether anything changed */
  #take(op) {
    let object = this.#objects.get(op.o);
    if (!object && !Object.hasOwn(SCHEMA.types, op.t))
      return false; // of a server that knows more
    if (!object)
      this.#objects.set(op.o, object = new ModelObject(op.o, op.t));
    return object.apply(op);
  }

  /** With a new seat one is somebody else: what was not taken is done again as that one. What was taken all the same is found. */
  #stampAnew() {
    this.#pending = this.#pending.filter(({ op, creates }) => {
      const known = this.#objects.get(op.o);
      return known ? !known.gone && !known.has(shown(op)) : creates;
    });
    for (const pending of this.#pending) {
      const { op } = pending;
      const isNew = !this.#objects.has(op.o);
      pending.op = { ...op, a: this.#actor, c: this.#tick(op.o), f: isNew ? { ...op.f, ...this.#stamp(op.t) } : shown(op).f };
    }
    this.#forget();
  }

  // ---- what goes

  /** What the carrier would say of it, who made it and when. @param {string} type @returns {Fields} */
  #stamp(type) {
    const { owner, fields } = SCHEMA.types[type];
    this.#lastAt = Math.max(this.#now(), this.#lastAt + 1);
    return {
      ...(owner && { [owner]: this.#actor }),
      ...(fields.name?.stamped && { [fields.sender ? 'sender' : 'name']: this.#name }),
      ...(fields.at && { at: this.#lastAt }),
    };
  }

  /** Later than all that was done to that object, and than the votes of a poll, however far ahead somebody was. @param {string} id */
  #tick(id) {
    const votes = this.#objects.get(id)?.type === 'poll' ? [...this.#objects.values()].filter(object => object.type === 'vote' && object.fields.poll === id) : [];
    const done = [this.#objects.get(id)?.clock ?? 0, ...votes.map(({ clock }) => clock), ...this.#pending.filter(({ op }) => op.o === id).map(({ op }) => op.c)];
    return Math.max(++this.#clock, ...done.map(clock => clock + 1));
  }

  /** @param {string} id @param {string} type @param {Fields} fields @param {boolean} creates */
  #change(id, type, fields, creates) {
    const op = { o: id, t: type, c: this.#tick(id), a: this.#actor, f: clean(type, fields) };
    if (!isOperation(op))
      throw new ConclaveError('bad-message');
    const last = this.#pending.find(pending => pending.op.o === id && !pending.sent);
    if (last)
      last.op = { ...op, f: op.f[GONE] ? op.f : { ...last.op.f, ...op.f } };
    else
      this.#pending.push({ op, creates, sent: false });
    this.#emitChange([id]);
    void this.#flush();
  }

  /** One batch at a time, in the order it was done; what is typed meanwhile is put together. */
  async #flush() {
    if (this.#sending || !this.#ready)
      return;
    const batch = this.#nextBatch();
    if (batch.length === 0) {
      this.#single = false;
      return;
    }
    const actor = this.#actor;
    const ops = batch.map(({ op }) => op);
    const pause = new Promise(resolve => setTimeout(resolve, PACE * (1 + Math.floor((sizeOf(ops) + ops.length * BYTES_AN_OPERATION) / BYTES_A_MESSAGE))));
    this.#sending = true;
    const error = await this.#carrier.send(ops).then(() => null, reason => (reason instanceof ConclaveError ? reason.id : 'internal'));
    if (actor !== this.#actor)
      return; // of the seat before
    this.#settle(batch, error);
    await pause;
    if (actor !== this.#actor)
      return;
    this.#sending = error === 'not-joined';
    await this.#flush();
  }

  #nextBatch() {
    const { ops, change_bytes: bytes } = SCHEMA.limits;
    const most = this.#single ? 1 : ops;
    const batch = [];
    let size = 0;
    for (const pending of this.#pending) {
      size += sizeOf(pending.op) + 1;
      if (batch.length === most || (batch.length > 0 && size > bytes - ENVELOPE))
        break;
      pending.sent = true;
      batch.push(pending);
    }
    return batch;
  }

  /** @param {Pending[]} batch @param {string | null} error */
  #settle(batch, error) {
    if (error === 'not-joined')
      return;
    if (error !== null && batch.length > 1) {
      this.#single = true;
      return;
    }
    this.#pending = this.#pending.filter(pending => !batch.includes(pending));
    if (error === null)
      batch.forEach(({ op }) => this.#take(op));
    this.#emitChange(batch.map(({ op }) => op.o));
    if (error !== null)
      this.dispatchEvent(new CustomEvent('error', { detail: { id: error } }));
  }
}

/** @param {any} a @param {any} b */
const compare = (a, b) => (a === b ? 0 : a < b ? -1 : 1);

/** @param {Operation} op @returns {Operation} without what the carrier says */
function shown(op) {
  const { fields } = SCHEMA.types[op.t];
  return { ...op, f: Object.fromEntries(Object.entries(op.f).filter(([name]) => !fields[name]?.stamped)) };
}

/** @param {string} type @param {Fields} values @returns {Fields} */
function clean(type, values) {
  const { fields } = SCHEMA.types[type];
  return Object.fromEntries(Object.entries(values).map(([name, value]) => {
    const { kind, max = 0 } = fields[name] ?? {};
    if ((kind === 'text' || kind === 'lines') && typeof value === 'string')
      return [name, cleanTyped(value, max, kind === 'lines')];
    return [name, kind === 'texts' && Array.isArray(value) ? value.map(text => cleanTyped(String(text), max, false)) : value];
  }));
}
