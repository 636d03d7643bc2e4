// The agenda as it is used: which item it is now, how long it has taken, what comes next, in which order. Everything lies in the shared
// model (`model.js`), so all see the same; whether one may change it, the model knows. Does not touch the page.

import { keyAt } from './order-keys.js';

/** @typedef {{ title: string, owner: string, minutes: number, done: boolean, order: string, started: number, spent: number }} ItemFields spent: ms, without what runs now */
/** @typedef {{ id: string, fields: ItemFields }} Item */
/** @typedef {{ title: string, owner?: string, minutes?: number }} NewItem */

export class Agenda {
  #model;
  #now;

  /** @param {import('./model.js').Model} model @param {() => number} now ms since 1970, the same for everybody */
  constructor(model, now) {
    this.#model = model;
    this.#now = now;
  }

  /** @returns {readonly Item[]} */
  get items() {
    return /** @type {any} */ (this.#model.list('item'));
  }

  /** Minutes planned, all together. */
  get planned() {
    return this.items.reduce((sum, { fields: { minutes } }) => sum + minutes, 0);
  }

  get mayChange() {
    return this.#model.mayCreate('item');
  }

  /** @returns {{ current: string, since: number }} */
  get #place() {
    return /** @type {any} */ (this.#model.get('agenda')?.fields ?? { current: '', since: 0 });
  }

  /** What it is about now. @returns {Item | null} */
  get current() {
    const { current } = this.#place;
    return this.items.find(({ id }) => id === current) ?? null;
  }

  /** What comes after it: the first below it that is not done, else the first of all. @returns {Item | null} */
  get following() {
    const { items, current } = this;
    const at = items.findIndex(({ id }) => id === current?.id);
    const open = (/** @type {Item} */ { id, fields }) => !fields.done && id !== current?.id;
    return items.slice(at + 1).find(open) ?? items.find(open) ?? null;
  }

  /** @param {Item} item @returns {number} ms, up to now */
  spentOn({ id, fields: { spent } }) {
    const { current, since } = this.#place;
    return spent + (id === current ? Math.max(0, this.#now() - since) : 0);
  }

  /** @param {NewItem} fields @returns {string} its id */
  add({ title, owner = '', minutes = 0 }) {
    const order = keyAt(this.items, this.items.length);
    return this.#model.create('item', { title, owner, minutes, order });
  }

  /** @param {string} id @param {Partial<ItemFields>} fields */
  change(id, fields) {
    this.#model.set(id, fields);
  }

  /** @param {string} id */
  remove(id) {
    if (id === this.#place.current)
      this.stop();
    this.#model.remove(id);
  }

  /** @param {string} id @param {number} index among the others */
  move(id, index) {
    const others = this.items.filter(item => item.id !== id);
    const wanted = Math.max(0, Math.min(index, others.length));
    if (this.items[wanted]?.id !== id)
      this.#model.set(id, { order: keyAt(others, wanted) });
  }

  /** It is about this now. @param {string} id */
  start(id) {
    const item = this.items.find(other => other.id === id);
    if (!item || id === this.#place.current)
      return;
    this.#halt();
    const now = this.#now();
    if (item.fields.started === 0)
      this.#model.set(id, { started: now });
    this.#place = { current: id, since: now };
  }

  /** It is about none of them any more. */
  stop() {
    this.#halt();
    if (this.#place.current)
      this.#place = { current: '', since: 0 };
  }

  /** What runs is done; on to what follows, if anything does. */
  next() {
    const { current, following } = this;
    if (current)
      this.#model.set(current.id, { done: true });
    if (following)
      this.start(following.id);
    else
      this.stop();
  }

  /** What is done does not run. @param {string} id @param {boolean} done */
  tick(id, done) {
    this.#model.set(id, { done });
    if (done && id === this.#place.current)
      this.stop();
  }

  /** What the current one has taken so far becomes its own. */
  #halt() {
    const { current } = this;
    if (current)
      this.#model.set(current.id, { spent: Math.round(this.spentOn(current)) });
  }

  set #place(place) {
    this.#model.set('agenda', place);
  }
}
