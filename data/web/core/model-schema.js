// What there is to share, and how much of it: `conclaved --model` prints the same (a test compares).
// kind: `text` (one line), `lines`, `id` (of an object or a person, or ''), `int`, `bool`, `choice`, `date` ('YYYY-MM-DD' or ''), `order`
// (order-keys.js), `texts`, `ints`. stamped: set by the server where there is one, else by the author. fixed: set once.
// needed: there from the beginning, and never empty (a list: at least two). owner: the field that says whose it is. singleton: there is one, whose id is the type's name.

/**
 * @typedef {object} FieldSchema
 * @property {'text' | 'lines' | 'id' | 'int' | 'bool' | 'choice' | 'date' | 'order' | 'texts' | 'ints'} kind
 * @property {number} [max] characters, or the largest number
 * @property {number} [items] of a list, at most
 * @property {string[]} [choices] the first one where nothing was set
 * @property {boolean} [stamped]
 * @property {boolean} [fixed]
 * @property {boolean} [needed]
 */
/** @typedef {{ owner: string, singleton: boolean, fields: Record<string, FieldSchema> }} TypeSchema */

/** @type {{ limits: Record<'objects' | 'bytes' | 'fields' | 'ops' | 'change_bytes' | 'ahead', number>, types: Record<string, TypeSchema> }} */
export const SCHEMA = {
  limits: { objects: 5000, bytes: 2097152, fields: 16, ops: 64, change_bytes: 49152, ahead: 10000 },
  types: {
    message: {
      owner: 'from',
      singleton: false,
      fields: {
        from: { kind: 'id', stamped: true },
        name: { kind: 'text', max: 60, stamped: true },
        text: { kind: 'lines', max: 4000, needed: true },
        reply: { kind: 'id', fixed: true },
        at: { kind: 'int', max: 9007199254740991, stamped: true },
        edited: { kind: 'bool', stamped: true },
      },
    },
    reaction: {
      owner: 'from',
      singleton: false,
      fields: {
        message: { kind: 'id', fixed: true, needed: true },
        sign: { kind: 'choice', choices: ['up', 'clap', 'heart', 'laugh', 'surprise', 'party'], fixed: true, needed: true },
        from: { kind: 'id', stamped: true },
        on: { kind: 'bool' },
      },
    },
    item: {
      owner: '',
      singleton: false,
      fields: {
        title: { kind: 'text', max: 200 },
        owner: { kind: 'text', max: 60 },
        minutes: { kind: 'int', max: 600 },
        done: { kind: 'bool' },
        order: { kind: 'order', needed: true },
        started: { kind: 'int', max: 9007199254740991 },
        spent: { kind: 'int', max: 9007199254740991 },
      },
    },
    agenda: {
      owner: '',
      singleton: true,
      fields: {
        current: { kind: 'id' },
        since: { kind: 'int', max: 9007199254740991 },
      },
    },
    block: {
      owner: 'by',
      singleton: false,
      fields: {
        kind: { kind: 'choice', choices: ['text', 'heading', 'decision', 'action'] },
        text: { kind: 'lines', max: 4000 },
        owner: { kind: 'text', max: 60 },
        due: { kind: 'date' },
        order: { kind: 'order', needed: true },
        by: { kind: 'id', stamped: true },
      },
    },
    poll: {
      owner: 'by',
      singleton: false,
      fields: {
        question: { kind: 'text', max: 300, fixed: true, needed: true },
        choices: { kind: 'texts', max: 120, items: 10, fixed: true, needed: true },
        multiple: { kind: 'bool', fixed: true },
        anonymous: { kind: 'bool', fixed: true },
        open: { kind: 'bool' },
        by: { kind: 'id', stamped: true },
        at: { kind: 'int', max: 9007199254740991, stamped: true },
        counts: { kind: 'ints', max: 1000, items: 10, stamped: true },
        voters: { kind: 'int', max: 1000, stamped: true },
        voted: { kind: 'texts', max: 60, items: 400, stamped: true },
      },
    },
    vote: {
      owner: 'by',
      singleton: false,
      fields: {
        poll: { kind: 'id', fixed: true, needed: true },
        choices: { kind: 'ints', max: 9, items: 10 },
        by: { kind: 'id', stamped: true },
        name: { kind: 'text', max: 60, stamped: true },
      },
    },
    caption: {
      owner: 'by',
      singleton: false,
      fields: {
        text: { kind: 'text', max: 500, needed: true },
        lang: { kind: 'text', max: 35 },
        by: { kind: 'id', stamped: true },
        name: { kind: 'text', max: 60, stamped: true },
        at: { kind: 'int', max: 9007199254740991, stamped: true },
      },
    },
    document: {
      owner: 'by',
      singleton: false,
      fields: {
        name: { kind: 'text', max: 255, stamped: true },
        bytes: { kind: 'int', max: 9007199254740991, stamped: true },
        sha256: { kind: 'text', max: 64, stamped: true },
        media_type: { kind: 'text', max: 127, stamped: true },
        by: { kind: 'id', stamped: true },
        sender: { kind: 'text', max: 60, stamped: true },
        at: { kind: 'int', max: 9007199254740991, stamped: true },
      },
    },
    copy: {
      owner: 'by',
      singleton: false,
      fields: {
        by: { kind: 'id', stamped: true },
        name: { kind: 'text', max: 60, stamped: true },
        at: { kind: 'int', max: 9007199254740991, stamped: true },
      },
    },
    settings: {
      owner: '',
      singleton: true,
      fields: {
        attendance: { kind: 'bool' },
        summary: { kind: 'choice', choices: ['off', 'hosts', 'people'] },
        chat: { kind: 'bool' },
      },
    },
  },
};
