// Another version of a recording: which layout, which part, without whom, and what else is made of it. Collects an order for the
// server; the page sends it.

import { html, nothing } from 'lit-html';
import { clockTime, parseClock } from '../core/figures.js';
import { t } from '../core/i18n.js';
import { dialogHead } from './dialogs.js';
import { layoutWords, layouts } from './recording-words.js';

const SIZES = [{ value: '1280x720', words: '1280 × 720' }, { value: '1920x1080', words: '1920 × 1080' }, { value: '854x480', words: '854 × 480' }];

/** @typedef {import('../core/api.js').RenderOrder} RenderOrder */

export class RenderDialog {
  #duration;
  #people;
  #time;
  #onOrder;
  #update;
  #error = '';
  #busy = false;

  /**
   * @param {object} options
   * @param {number} options.duration ms
   * @param {{ id: string, name: string }[]} options.people
   * @param {() => number} options.time where the player is, ms
   * @param {(order: RenderOrder) => Promise<string>} options.onOrder resolves with a sentence where it could not be ordered, else ''
   * @param {() => void} options.update
   */
  constructor({ duration, people, time, onOrder, update }) {
    this.#duration = duration;
    this.#people = people;
    this.#time = time;
    this.#onOrder = onOrder;
    this.#update = update;
  }

  template = () => html`
    ${dialogHead(t("Make another version"))}
    <form class="stack" @submit=${this.#onSubmit} novalidate>
      <div class="field">
        <label for="layout">${t("Layout")}</label>
        <select class="select" id="layout" name="layout">${layouts.map(layout => html`<option value=${layout}>${layoutWords(layout)}</option>`)}</select>
      </div>
      <div class="field">
        <label for="size">${t("Size of the picture")}</label>
        <select class="select" id="size" name="size">${SIZES.map(({ value, words }) => html`<option value=${value}>${words}</option>`)}</select>
      </div>
      <fieldset class="range">
        <legend class="label">${t("Which part")}</legend>
        ${this.#place('from', t("From"), clockTime(0))}
        ${this.#place('to', t("To"), clockTime(this.#duration))}
      </fieldset>
      ${this.#people.length > 1 ? html`
        <fieldset class="checks">
          <legend class="label">${t("Who is in it")}</legend>
          ${this.#people.map(({ id, name }) => html`<label class="check"><input type="checkbox" name="with" value=${id} checked><span>${name}</span></label>`)}
        </fieldset>` : nothing}
      <fieldset class="checks">
        <legend class="label">${t("What is made")}</legend>
        <label class="check"><input type="checkbox" name="products" value="video" checked><span>${t("Video")}</span></label>
        <label class="check"><input type="checkbox" name="products" value="audio" checked><span>${t("Audio only")}</span></label>
        <label class="check"><input type="checkbox" name="products" value="tracks"><span>${t("One sound file for each track (FLAC)")}</span></label>
      </fieldset>
      <p class="error" id="render-error" role="alert" ?hidden=${!this.#error}>${this.#error}</p>
      <div class="dialog-buttons">
        <button type="button" class="button" data-close>${t("Cancel")}</button>
        <button class="button primary" ?disabled=${this.#busy}>${t("Make it")}</button>
      </div>
    </form>`;

  /** @param {'from' | 'to'} name @param {string} label @param {string} value */
  #place(name, label, value) {
    return html`
      <div class="field">
        <label for="range-${name}">${label}</label>
        <div class="link-row">
          <input class="input" id="range-${name}" name=${name} value=${value} autocomplete="off" size="8" aria-describedby="render-error">
          <button type="button" class="button" @click=${() => this.#fromPlayer(name)} aria-label=${name === 'from' ? t("From the player's place on") : t("Up to the player's place")}>${t("Here")}</button>
        </div>
      </div>`;
  }

  /** @param {string} name */
  #fromPlayer(name) {
    const input = /** @type {HTMLInputElement | null} */ (document.getElementById(`range-${name}`));
    if (input)
      input.value = clockTime(this.#time());
  }

  /** @param {SubmitEvent} event */
  #onSubmit = async event => {
    event.preventDefault();
    const order = this.#read(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)));
    if (typeof order === 'string') {
      this.#error = order;
      this.#update();
      return;
    }
    this.#busy = true;
    this.#error = '';
    this.#update();
    this.#error = await this.#onOrder(order);
    this.#busy = false;
    this.#update();
  };

  /** @param {FormData} data @returns {RenderOrder | string} a sentence where it is not complete */
  #read(data) {
    const from = parseClock(String(data.get('from')));
    const to = parseClock(String(data.get('to')));
    if (from === null || to === null)
      return t("Write times as minutes and seconds, for example 12:30.");
    const whole = Math.floor(this.#duration / 1000) * 1000;
    if (to <= from || from >= this.#duration)
      return t("The end must come after the beginning.");
    const products = data.getAll('products').map(String);
    if (products.length === 0)
      return t("Choose at least one thing to be made.");
    const present = new Set(data.getAll('with').map(String));
    const without = this.#people.length > 1 ? this.#people.filter(({ id }) => !present.has(id)).map(({ id }) => id) : [];
    if (this.#people.length > 1 && without.length === this.#people.length)
      return t("Leave at least one person in it.");
    const [width, height] = String(data.get('size')).split('x').map(Number);
    const extras = products.includes('video') ? ['timeline', 'poster', 'thumbnails', 'waveform', 'chapters', 'manifest'] : ['manifest'];
    return {
      layout: String(data.get('layout')), width, height,
      ...(from > 0 && { from }), ...(to < whole && { to }), ...(without.length > 0 && { without }), products: [...products, ...extras],
    };
  }
}
