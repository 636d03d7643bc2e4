// The minutes: paragraphs in an order, each of a kind, written by everybody together. They lie in the shared model (`model.js`); of two who
// write in the same paragraph the later one wins. Does not touch the page.

import { keyAt } from './order-keys.js';

/** @typedef {'text' | 'heading' | 'decision' | 'action'} BlockKind */
/** @typedef {{ kind: BlockKind, text: string, owner: string, due: string, order: string, by: string }} BlockFields due: YYYY-MM-DD or '' */
/** @typedef {{ id: string, fields: BlockFields }} Block */

/** @type {readonly BlockKind[]} */
export const BLOCK_KINDS = ['text', 'heading', 'decision', 'action'];
export const MAX_BLOCK = 4_000;

export class Minutes {
  #model;

  /** @param {import('./model.js').Model} model */
  constructor(model) {
    this.#model = model;
  }

  /** @returns {readonly Block[]} */
  get blocks() {
    return /** @type {any} */ (this.#model.list('block'));
  }

  get mayWrite() {
    return this.#model.mayCreate('block');
  }

  /** @param {BlockKind} kind @param {string | null} [after] id of a block; null: at the end @returns {string} its id */
  add(kind, after = null) {
    const { blocks } = this;
    const at = after === null ? -1 : blocks.findIndex(({ id }) => id === after);
    return this.#model.create('block', { kind, order: keyAt(blocks, at < 0 ? blocks.length : at + 1) });
  }

  /** @param {string} id @param {Partial<BlockFields>} fields */
  change(id, fields) {
    this.#model.set(id, fields);
  }

  /** @param {string} id */
  remove(id) {
    this.#model.remove(id);
  }

  /** @param {string} id @param {number} by 1: down, -1: up @returns {boolean} whether it could */
  move(id, by) {
    const { blocks } = this;
    const to = blocks.findIndex(block => block.id === id) + by;
    if (to < 0 || to >= blocks.length)
      return false;
    this.#model.set(id, { order: keyAt(blocks.filter(block => block.id !== id), to) });
    return true;
  }
}
