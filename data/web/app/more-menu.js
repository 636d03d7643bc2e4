// The "More" button and what is behind it. A popover of the browser: it closes by itself on Escape or a click elsewhere,
// so it is only placed here.

import { html, nothing } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';

const MARGIN = 8;

/** @typedef {{ label: string, glyph: string, key?: string, act: () => void, kind?: string, hidden?: boolean }} MenuItem */

export class MoreMenu {
  /** @type {HTMLElement | null} */ #menu = null;
  /** @type {HTMLElement | null} */ #button = null;

  /** @param {MenuItem[]} items */
  template(items) {
    return html`
      <button type="button" class="control" popovertarget="more-menu" aria-haspopup="true" data-tip=${t("More")} ${ref(this.#onButton)}>
        ${icon('ellipsis')}<span class="control-label">${t("More")}</span>
      </button>
      <ul class="menu" id="more-menu" popover aria-label=${t("More")} @toggle=${this.#onToggle} @keydown=${this.#onKey} ${ref(this.#onMenu)}>
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

  /** @param {() => void} act */
  #choose(act) {
    this.#menu?.hidePopover();
    act();
  }

  /** @param {Event} event */
  #onToggle = event => {
    if (/** @type {ToggleEvent} */ (event).newState !== 'open' || !this.#menu || !this.#button)
      return;
    const button = this.#button.getBoundingClientRect();
    const centre = button.left + button.width / 2 - this.#menu.offsetWidth / 2;
    const left = Math.max(MARGIN, Math.min(centre, innerWidth - this.#menu.offsetWidth - MARGIN));
    this.#menu.style.left = `${left}px`;
    this.#menu.style.bottom = `${innerHeight - button.top + MARGIN}px`;
    this.#menu.querySelector('button')?.focus();
  };

  /** The arrow keys go up and down, as in every menu. @param {KeyboardEvent} event */
  #onKey = event => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !this.#menu)
      return;
    event.preventDefault();
    const buttons = [...this.#menu.querySelectorAll('button')].filter(button => button.offsetParent !== null);
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  };

  /** @param {Element | undefined} element */
  #onButton = element => {
    this.#button = /** @type {HTMLElement | null} */ (element ?? null);
  };

  /** @param {Element | undefined} element */
  #onMenu = element => {
    this.#menu = /** @type {HTMLElement | null} */ (element ?? null);
  };
}
