// The bar that moves with one's own voice. It changes 15 times a second, so it sets the style itself instead of drawing
// the page anew.

import { html } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { t } from '../core/i18n.js';

export class LevelMeter {
  #devices;
  /** @type {HTMLElement | null} */ #bar = null;

  /** @param {import('../core/devices.js').Devices} devices */
  constructor(devices) {
    this.#devices = devices;
  }

  template() {
    return html`<div class="level" role="img" aria-label=${t("Level of your microphone")}><span ${ref(this.#onBar)}></span></div>`;
  }

  /** @param {Element | undefined} element */
  #onBar = element => {
    this.#bar = /** @type {HTMLElement | null} */ (element ?? null);
    this.#devices.removeEventListener('level', this.#onLevel);
    if (element)
      this.#devices.addEventListener('level', this.#onLevel);
  };

  #onLevel = () => {
    if (this.#bar)
      this.#bar.style.transform = `scaleX(${this.#devices.level.toFixed(2)})`;
  };
}
