// The one page that shows now: draws it when asked to, moves the focus to its heading when it changes,
// and keeps the window's title and language right. Pages know the shell; the shell knows no page.

import { nothing, render } from 'lit-html';
import { branding } from '../core/branding.js';
import { i18n } from '../core/i18n.js';

/**
 * @typedef {object} Page
 * @property {string} title of the window, without the product's name
 * @property {() => unknown} template
 * @property {() => void} [updated] after each drawing
 * @property {() => void} [dispose] when another page follows
 */

export class Shell {
  /** @type {Page | null} */ #page = null;
  /** @type {HTMLElement} */ #root;
  #scheduled = false;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
    i18n.addEventListener('change', () => this.update());
    branding.addEventListener('change', () => this.update());
  }

  /** @param {Page} page */
  show(page) {
    const first = this.#page === null;
    this.#page?.dispose?.();
    render(nothing, this.#root);
    this.#page = page;
    this.#draw();
    if (!first)
      this.#focusHeading();
  }

  /** The same page shows something else: its heading gets the focus. */
  redraw() {
    this.#draw();
    scrollTo(0, 0);
    this.#focusHeading();
  }

  /** Draws soon, once for all that changed; also in a hidden tab, where no animation frame comes. */
  update() {
    if (this.#scheduled)
      return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#draw();
    });
  }

  #draw() {
    const page = this.#page;
    if (!page)
      return;
    document.documentElement.lang = i18n.lang;
    document.title = page.title ? `${page.title} – ${branding.name}` : branding.name;
    render(page.template(), this.#root);
    page.updated?.();
  }

  #focusHeading() {
    const heading = this.#root.querySelector('h1');
    heading?.setAttribute('tabindex', '-1');
    heading?.focus({ preventScroll: true });
  }
}
