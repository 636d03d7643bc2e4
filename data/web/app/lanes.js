// Who spoke when: a coloured lane for each person, the chapters above, a line where the player is. A click goes there. The same as a
// list for who cannot see it or point at it.

import { html, nothing, svg } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { clockTime, percent } from '../core/figures.js';
import { t } from '../core/i18n.js';
import { busyLanes, merge, total } from '../core/timeline.js';

const FEW = 8;               // lanes that show at once
const COLOURS = 6;           // lane-1 … of tokens.css
const SEEN = 1 / 800;        // of the width: a smaller gap would not be seen
const MOST_PLACES = 200;     // of one person in the list

/** @typedef {import('../core/timeline.js').Timeline} Timeline */
/** @typedef {import('../core/timeline.js').Lane} Lane */
/** @typedef {import('../core/timeline.js').Span} Span */

export class Lanes {
  /** @type {Timeline | null} */ timeline = null;
  #onSeek;
  #update;
  #all = false;
  #at = 0;
  /** @type {HTMLElement | null} */ #element = null;

  /** @param {{ onSeek: (ms: number) => void, update: () => void }} options */
  constructor({ onSeek, update }) {
    this.#onSeek = onSeek;
    this.#update = update;
  }

  /** Where the player is. @param {number} ms */
  move(ms) {
    this.#at = ms;
    this.#element?.style.setProperty('--at', String(this.timeline ? Math.min(1, ms / this.timeline.duration) : 0));
  }

  /** Neighbours never have the same one. @param {string} person @returns {string} a class */
  colour(person) {
    const place = this.timeline?.lanes.findIndex(lane => lane.person === person) ?? -1;
    return place < 0 ? '' : `lane-${(place % COLOURS) + 1}`;
  }

  template() {
    const { timeline } = this;
    const lanes = timeline ? busyLanes(timeline) : [];
    if (!timeline || lanes.length === 0)
      return nothing;
    const shown = this.#all ? lanes : lanes.slice(0, FEW);
    const whole = total(lanes.flatMap(({ speaks }) => speaks)) || 1;
    return html`
      <section class="part" aria-labelledby="lanes-title">
        <h2 id="lanes-title">${t("Who spoke when")}</h2>
        <div class="lanes" @click=${this.#onClick} ${ref(this.#onElement)}>
          ${shown.map(lane => this.#lane(lane, timeline.duration, whole))}
          <div class="lanes-over" aria-hidden="true"><div class="lanes-cursor"></div></div>
        </div>
        ${lanes.length > FEW ? html`<button type="button" class="button quiet" aria-expanded=${String(this.#all)} @click=${this.#onAll}>
          ${this.#all ? t("Show fewer") : t("Show all {n}", { n: lanes.length })}</button>` : nothing}
        <details class="more-text">
          <summary class="button quiet">${t("As a list")}</summary>
          <dl class="places">${lanes.map(lane => this.#places(lane))}</dl>
        </details>
      </section>`;
  }

  /** @param {Lane} lane @param {number} duration @param {number} whole ms that all speak */
  #lane({ person, name, speaks, screens }, duration, whole) {
    const bars = (/** @type {Span[]} */ spans, /** @type {number} */ y, /** @type {number} */ height, /** @type {string} */ kind) =>
      merge(spans, duration * SEEN).map(({ from, to }) => svg`<rect class=${kind} x=${(1000 * from / duration).toFixed(2)} y=${y}
        width=${Math.max(1.5, 1000 * (to - from) / duration).toFixed(2)} height=${height}></rect>`);
    return html`
      <div class="lane ${this.colour(person)}">
        <p class="lane-name">${name}</p>
        <svg class="lane-bars" viewBox="0 0 1000 20" preserveAspectRatio="none" role="img"
          aria-label=${t("{name}: {share} of what was said", { name, share: percent(total(speaks) / whole) })}>
          ${bars(screens, 16, 4, 'lane-screen')}
          ${bars(speaks, 3, screens.length > 0 ? 11 : 14, 'lane-speech')}
        </svg>
        <p class="lane-share small soft" aria-hidden="true">${percent(total(speaks) / whole)}</p>
      </div>`;
  }

  /** @param {Lane} lane */
  #places({ name, speaks, screens }) {
    const button = (/** @type {Span} */ { from, to }, /** @type {string} */ words) => html`
      <button type="button" class="place" @click=${() => this.#onSeek(from)}>${words}${clockTime(from)}–${clockTime(to)}</button>`;
    return html`
      <dt>${name}</dt>
      <dd>
        ${merge(speaks, 3_000).slice(0, MOST_PLACES).map(span => button(span, ''))}
        ${screens.map(span => button(span, `${t("Screen")} `))}
      </dd>`;
  }

  #onAll = () => {
    this.#all = !this.#all;
    this.#update();
  };

  /** @param {MouseEvent} event */
  #onClick = event => {
    const bars = /** @type {Element} */ (event.target).closest('.lane')?.querySelector('.lane-bars');
    if (!bars || !this.timeline)
      return;
    const { left, width } = bars.getBoundingClientRect();
    if (event.clientX >= left)
      this.#onSeek(Math.min(1, (event.clientX - left) / width) * this.timeline.duration);
  };

  /** @param {Element | undefined} element */
  #onElement = element => {
    this.#element = /** @type {HTMLElement | null} */ (element ?? null);
    this.move(this.#at);
  };
}
