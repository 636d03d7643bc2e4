// A menu that opens beside what opened it. A popover of the browser: it closes by itself on Escape or a click elsewhere,
// so it is only placed here, and the arrow keys go up and down in it.

import { html, nothing } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { icon } from './icon.js';

const MARGIN = 8;

/** @typedef {{ label: string, glyph: string, key?: string, act: () => void, kind?: string, hidden?: boolean }} MenuItem */

export class Menu {
  #id;
  /** @type {HTMLElement | null} */ #list = null;
  /** @type {HTMLElement | null} */ #anchor = null;

  /** @param {string} id of its element */
  constructor(id) {
    this.#id = id;
  }

  /** @param {string} label @param {MenuItem[]} items @param {() => void} [onClose] */
  template(label, items, onClose = () => {}) {
    return html`
      <ul class="menu" id=${this.#id} popover aria-label=${label} @toggle=${(/** @type {Event} */ event) => this.#onToggle(event, onClose)}
        @keydown=${this.#onKey} ${ref(this.#onList)}>
        ${items.filter(({ hidden }) => !hidden).map(item => this.#item(item))}
      </ul>`;
  }

  /** @param {MenuItem} item */
  #item({ label, glyph, key, act, kind = '' }) {
    return html`
      <li class=${kind}>
        <button type="button" class="button quiet ${kind}" @click=${() => this.#choose(act)}>
          ${icon(glyph)}<span>${label}</span>${key ? html`<kbd aria-hidden="true">${key}</kbd>` : nothing}
        </button>
      </li>`;
  }

  /** Beside which element it opens. @param {HTMLElement | null} anchor */
  set anchor(anchor) {
    this.#anchor = anchor;
  }

  open() {
    this.#list?.showPopover();
    this.#onOpen(); // now: a key that follows at once finds its place
  }

  /** What it is about is no longer so. */
  close() {
    if (this.#list?.matches(':popover-open'))
      this.#list.hidePopover();
  }

  /** @param {() => void} act */
  #choose(act) {
    this.#list?.hidePopover();
    act();
  }

  /** @param {Event} event @param {() => void} onClose */
  #onToggle(event, onClose) {
    if (/** @type {ToggleEvent} */ (event).newState === 'open')
      this.#onOpen();
    else
      onClose();
  }

  #onOpen() {
    placeBeside(this.#list, this.#anchor);
    if (!this.#list?.contains(document.activeElement))
      this.#list?.querySelector('button')?.focus();
  }

  /** As in every menu. @param {KeyboardEvent} event */
  #onKey = event => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !this.#list)
      return;
    event.preventDefault();
    const buttons = [...this.#list.querySelectorAll('button')].filter(button => button.offsetParent !== null);
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  };

  /** @param {Element | undefined} element */
  #onList = element => {
    this.#list = /** @type {HTMLElement | null} */ (element ?? null);
  };
}

/** Above what opened it, or below where there is more room. @param {HTMLElement | null} popover @param {HTMLElement | null} anchor */
export function placeBeside(popover, anchor) {
  if (!popover || !anchor)
    return;
  const { left, width, top, bottom } = anchor.getBoundingClientRect();
  const { style, offsetWidth } = popover;
  const centre = left + width / 2 - offsetWidth / 2;
  const above = top > innerHeight - bottom;
  style.maxHeight = `${(above ? top : innerHeight - bottom) - 1.5 * MARGIN}px`;
  style.left = `${Math.max(MARGIN, Math.min(centre, innerWidth - offsetWidth - MARGIN))}px`;
  style.top = above ? 'auto' : `${bottom + MARGIN / 2}px`;
  style.bottom = above ? `${innerHeight - top + MARGIN / 2}px` : 'auto';
}
