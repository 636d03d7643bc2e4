// That somebody has saved a copy of a meeting off the record: an object of the shared model, so that everybody who is there reads it at once, who comes later
// as well, and nobody takes it back (`peers-carrier.js`). It is announced before the file is made. Does not touch the page.

/** @typedef {import('./model.js').Model} Model */
/** @typedef {{ id: string, by: string, name: string, at: number, own: boolean }} Copy by: id of the person; name: as they were called */

export class Copies {
  #model;

  /** @param {Model} model */
  constructor(model) {
    this.#model = model;
  }

  /** Elsewhere the server writes it down. */
  get may() {
    return this.#model.mayCreate('copy');
  }

  /** The first one first. @returns {readonly Copy[]} */
  get list() {
    return this.#model.list('copy').map(({ id, own, fields: { by, name, at } }) => ({ id, by, name, at, own }));
  }

  /** Tells everybody that this side saves one. @returns {Promise<boolean>} whether they were told; else there must be none */
  async announce() {
    const id = this.#model.create('copy');
    while (this.#model.pending(id))
      await new Promise(resolve => this.#model.addEventListener('change', resolve, { once: true }));
    return this.#model.get(id) !== null;
  }
}
