// The six signs to react with, beside what asked for them: arrows go along it, a digit takes one.

import { html } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { t } from '../core/i18n.js';
import { REACTIONS } from '../core/reactions.js';
import { placeBeside } from './menu.js';
import { reactionWord, SIGNS } from './reaction-words.js';

/** @typedef {import('../core/reactions.js').Reaction} Reaction */

export class SignPicker {
  #id;
  #onPick;
  /** @type {HTMLElement | null} */ #picker = null;
  /** @type {HTMLElement | null} */ #anchor = null;

  /** @param {string} id of its element @param {(what: Reaction) => void} onPick */
  constructor(id, onPick) {
    this.#id = id;
    this.#onPick = onPick;
  }

  /** @param {HTMLElement | null} anchor */
  open(anchor) {
    this.#anchor = anchor;
    this.#picker?.showPopover();
  }

  /** @returns {unknown} once for the page */
  template() {
    return html`
      <div class="reaction-picker" id=${this.#id} popover role="group" aria-label=${t("Reactions")} @toggle=${this.#onToggle} @keydown=${this.#onKey} ${ref(this.#onPicker)}>
        ${REACTIONS.map((what, i) => html`
          <button type="button" class="button quiet" aria-label=${reactionWord(what)} aria-keyshortcuts=${i + 1} data-tip="${reactionWord(what)} (${i + 1})"
            @click=${() => this.#pick(what)}><span class="reaction-sign" aria-hidden="true">${SIGNS[what]}</span></button>`)}
      </div>`;
  }

  /** @param {Reaction} what */
  #pick(what) {
    this.#picker?.hidePopover();
    this.#onPick(what);
  }

  /** @param {Event} event */
  #onToggle = event => {
    if (/** @type {ToggleEvent} */ (event).newState !== 'open')
      return;
    placeBeside(this.#picker, this.#anchor);
    this.#picker?.querySelector('button')?.focus();
  };

  /** @param {KeyboardEvent} event */
  #onKey = event => {
    const what = REACTIONS[Number(event.key) - 1];
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!what && !step)
      return;
    event.preventDefault();
    event.stopPropagation();
    if (what) {
      this.#pick(what);
      return;
    }
    const buttons = [...this.#picker?.querySelectorAll('button') ?? []];
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    buttons[(at + (step ?? 0) + buttons.length) % buttons.length]?.focus();
  };

  /** @param {Element | undefined} element */
  #onPicker = element => {
    this.#picker = /** @type {HTMLElement | null} */ (element ?? null);
  };
}
