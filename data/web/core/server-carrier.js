// Carries the shared model over the meeting's socket (PROTOCOL.md, section 4.8): the server decides who may do what, and says of each thing who
// made it and when.

import { SCHEMA } from './model-schema.js';

/** @typedef {import('./connection.js').Message} Message */
/** @typedef {import('./connection.js').RequestType} RequestType */
/** @typedef {import('./model-object.js').Operation} Operation */

export class ServerCarrier {
  #request;
  /** Set by the model. @type {((ops: Operation[], more?: boolean) => void) | null} */ onOps = null;

  /** @param {(type: RequestType, members: object) => Promise<unknown>} request */
  constructor(request) {
    this.#request = request;
  }

  /** @param {Operation[]} ops */
  send(ops) {
    return this.#request('change', { ops: ops.map(withoutStamps) });
  }

  /** @param {Message} message */
  receive(message) {
    if (message.type === 'changes')
      this.onOps?.(message.ops);
    else if (message.type === 'model')
      this.onOps?.(message.ops, message.more);
  }
}

/** @param {Operation} op @returns {Operation} */
function withoutStamps(op) {
  const { fields } = SCHEMA.types[op.t];
  return { ...op, f: Object.fromEntries(Object.entries(op.f).filter(([name]) => !fields[name]?.stamped)) };
}
