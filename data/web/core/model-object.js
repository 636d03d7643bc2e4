// One object of the shared model, and the operations on it. Each field is a register: the larger clock wins, of equal ones the larger actor,
// so that it does not matter in which order, or how often, operations come. Who removes an object removes it for good: nothing but that is kept.
// `src/model/object.c` and `operation.c` do the same, byte by byte (tests/vectors/model.json).

import { isKey } from './order-keys.js';
import { SCHEMA } from './model-schema.js';
import { characters, isPlain } from './text.js';

/** @typedef {import('./model-schema.js').FieldSchema} FieldSchema */
/** @typedef {string | number | boolean | string[] | number[]} Value */
/** @typedef {Record<string, Value>} Fields */
/** `o`: object, `t`: its type, `c`: clock, `a`: actor. @typedef {{ o: string, t: string, c: number, a: string, f: Fields }} Operation */
/** Value, clock, actor. @typedef {[Value, number, string]} Register */

/** Of an object. */
export const ID = /^[A-Za-z0-9_-]{1,64}$/;
const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
/** The member of each object that says it was removed. */
export const GONE = 'gone';

/** @param {unknown} value @param {number} max */
const isInt = (value, max) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= max;

/** @param {unknown} value @param {number} [items] @returns {value is unknown[]} */
const isList = (value, items = 0) => Array.isArray(value) && value.length <= items;

/** @param {unknown} value @param {number} max @param {boolean} lines */
const isText = (value, max, lines) => typeof value === 'string' && isPlain(value, lines) && characters(value) <= max;

/** @type {Record<FieldSchema['kind'], (value: any, schema: FieldSchema) => boolean>} */
const CHECKS = {
  text: (value, { max = 0 }) => isText(value, max, false),
  lines: (value, { max = 0 }) => isText(value, max, true),
  id: value => value === '' || (typeof value === 'string' && ID.test(value)),
  int: (value, { max = 0 }) => isInt(value, max),
  bool: value => typeof value === 'boolean',
  choice: (value, { choices = [] }) => choices.includes(value),
  date: value => value === '' || (typeof value === 'string' && DATE.test(value)),
  order: isKey,
  texts: (value, { max = 0, items }) => isList(value, items) && value.every(text => isText(text, max, false)),
  ints: (value, { max = 0, items }) => isList(value, items) && value.every(number => isInt(number, max)),
};

/** @type {Record<FieldSchema['kind'], Value>} */
const DEFAULTS = { text: '', lines: '', id: '', int: 0, bool: false, choice: '', date: '', order: '', texts: [], ints: [] };

/** What a field is where nothing was set. @param {FieldSchema} schema @returns {Value} */
export const defaultOf = schema => schema.choices?.[0] ?? DEFAULTS[schema.kind];

/** @param {string} type @param {string} name @param {unknown} value */
function fits(type, name, value) {
  if (name === GONE)
    return value === true;
  const { fields } = SCHEMA.types[type];
  if (!Object.hasOwn(fields, name))
    return false;
  const schema = fields[name];
  return CHECKS[schema.kind](value, schema) && (!schema.needed || (Array.isArray(value) ? value.length >= 2 : value !== ''));
}

/** @param {string} type */
const isSingleton = type => Object.hasOwn(SCHEMA.types, type) && SCHEMA.types[type].singleton;

/** Whether it is an operation of the model, with nothing else to it. @param {any} op @returns {op is Operation} */
export function isOperation(op) {
  if (typeof op !== 'object' || op === null || Object.keys(op).sort().join() !== 'a,c,f,o,t')
    return false;
  if (typeof op.o !== 'string' || !ID.test(op.o) || typeof op.a !== 'string' || !ID.test(op.a) || !isInt(op.c, Number.MAX_SAFE_INTEGER) || op.c < 1)
    return false;
  if (typeof op.t !== 'string' || !Object.hasOwn(SCHEMA.types, op.t) || ((isSingleton(op.t) || isSingleton(op.o)) && op.o !== op.t))
    return false;
  if (typeof op.f !== 'object' || op.f === null || Array.isArray(op.f))
    return false;
  const names = Object.keys(op.f);
  return names.length >= 1 && names.length <= SCHEMA.limits.fields && names.every(name => fits(op.t, name, op.f[name]));
}

/** @param {Register | undefined} register @param {number} clock @param {string} actor whether it is later than what is there */
const isLater = (register, clock, actor) => !register || clock > register[1] || (clock === register[1] && actor > register[2]);

export class ModelObject {
  /** @type {Map<string, Register>} */ #registers = new Map();

  /** @param {string} id @param {string} type */
  constructor(id, type) {
    this.id = id;
    this.type = type;
  }

  get gone() {
    return this.#registers.has(GONE);
  }

  /** Of the latest that was done to it. */
  get clock() {
    return Math.max(...[...this.#registers.values()].map(([, clock]) => clock));
  }

  /** All fields there are, with what they are where nothing was set. @returns {Fields} */
  get fields() {
    const { fields } = SCHEMA.types[this.type];
    return Object.fromEntries(Object.keys(fields).map(name => [name, this.#registers.get(name)?.[0] ?? defaultOf(fields[name])]));
  }

  /** @returns {ModelObject} another one like it */
  copy() {
    const copy = new ModelObject(this.id, this.type);
    copy.#registers = new Map(this.#registers);
    return copy;
  }

  /** @param {Operation} op of this object @returns {boolean} whether anything is another now */
  apply({ t: type, c: clock, a: actor, f: values }) {
    if (type !== this.type)
      return false;
    if (values[GONE] !== undefined) {
      const was = this.#registers.get(GONE);
      if (isLater(was, clock, actor))
        this.#registers = new Map([[GONE, [true, clock, actor]]]);
      return !was;
    }
    if (this.gone)
      return false;
    const later = Object.keys(values).filter(name => isLater(this.#registers.get(name), clock, actor));
    for (const name of later)
      this.#registers.set(name, [values[name], clock, actor]);
    return later.length > 0;
  }

  /** Of what was done to a field last; 0: nothing. @param {string} name */
  clockOf(name) {
    return this.#registers.get(name)?.[1] ?? 0;
  }

  /** Whether an operation would change what is set once. @param {Operation} op */
  changesFixed({ f: values }) {
    const { fields } = SCHEMA.types[this.type];
    const set = (/** @type {string} */ name) => this.#registers.get(name)?.[0];
    return Object.keys(values).some(name => fields[name]?.fixed && set(name) !== undefined && JSON.stringify(set(name)) !== JSON.stringify(values[name]));
  }

  /** Whether an operation would change nothing, but for its clock and actor. @param {Operation} op */
  has({ t: type, f: values }) {
    return type === this.type && Object.keys(values).every(name => JSON.stringify(this.#registers.get(name)?.[0]) === JSON.stringify(values[name]));
  }

  /** What makes another one like it, the earliest first. @returns {Operation[]} */
  operations() {
    /** @type {Map<string, Operation>} */ const ops = new Map();
    for (const [name, [value, c, a]] of this.#registers) {
      const key = `${c} ${a}`;
      const op = ops.get(key) ?? { o: this.id, t: this.type, c, a, f: {} };
      op.f[name] = value;
      ops.set(key, op);
    }
    return [...ops.values()].sort((one, other) => one.c - other.c);
  }

  /** The form that is compared and stored: the same for the same operations. */
  toJSON() {
    const fields = Object.fromEntries([...this.#registers.keys()].sort().map(name => [name, this.#registers.get(name)]));
    return { fields, type: this.type };
  }
}

/** The whole state as text. The server writes a tab as `\u0009`. @param {Iterable<ModelObject>} objects */
export function canonical(objects) {
  const sorted = [...objects].sort((a, b) => (a.id < b.id ? -1 : 1));
  const text = `{${sorted.map(object => `${JSON.stringify(object.id)}:${JSON.stringify(object)}`).join(',')}}`;
  return text.replace(/\\(.)/g, (pair, c) => (c === 't' ? '\\u0009' : pair));
}
