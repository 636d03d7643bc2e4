// The "More" button and what is behind it.

import { html } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';
import { Menu } from './menu.js';

/** @typedef {import('./menu.js').MenuItem} MenuItem */

export class MoreMenu {
  #menu = new Menu('more-menu');

  /** @param {MenuItem[]} items */
  template(items) {
    return html`
      <button type="button" class="control" popovertarget="more-menu" data-tip=${t("More")} ${ref(this.#onButton)}>
        ${icon('ellipsis')}<span class="control-label">${t("More")}</span>
      </button>
      ${this.#menu.template(t("More"), items)}`;
  }

  /** @param {Element | undefined} element */
  #onButton = element => {
    this.#menu.anchor = /** @type {HTMLElement | null} */ (element ?? null);
  };
}
