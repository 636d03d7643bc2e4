// The stage: everybody's tile, in a grid or with one large. Which tile is large, which page shows and who comes first
// is decided here; where a tile stands is computed by stage-layout.js and set by script after each drawing.

import { html, nothing } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';
import { focusLayout, gridLayout } from './stage-layout.js';
import { Tile } from './tile.js';

const PAGER_HEIGHT = 52;

/** @typedef {import('../core/meeting.js').Meeting} Meeting */
/** @typedef {import('../core/person.js').Person} Person */

export class Stage {
  #meeting;
  #devices;
  #update;
  /** @type {Map<string, Tile>} */ #tiles = new Map();
  /** @type {HTMLElement | null} */ #element = null;
  #observer = new ResizeObserver(() => this.arrange());
  /** @type {string | null} */ #pinned = null;
  /** @type {string | null} */ #large = null;
  /** @type {'grid' | 'speaker'} */ view = 'grid';
  #page = 0;
  #pages = 1;
  /** The browser refused to play sound until the person clicks. */
  silenced = false;

  /** @param {Meeting} meeting @param {import('../core/devices.js').Devices} devices @param {() => void} update */
  constructor(meeting, devices, update) {
    this.#meeting = meeting;
    this.#devices = devices;
    this.#update = update;
  }

  dispose() {
    this.#observer.disconnect();
  }

  get pinned() {
    return this.#pinned;
  }

  toggleView() {
    this.view = this.view === 'grid' ? 'speaker' : 'grid';
    this.#pinned = null;
    this.#page = 0;
    this.#update();
  }

  /** @param {string} key of a tile; the same once more unpins it */
  pin = key => {
    this.#pinned = this.#pinned === key ? null : key;
    this.#page = 0;
    this.#update();
  };

  /** After a click the browser lets the sound through. */
  enableSound = () => {
    this.silenced = false;
    for (const { video } of this.#tiles.values()) {
      if (video)
        this.#play(video);
    }
    this.#update();
  };

  template() {
    this.#follow();
    return html`
      <section class="stage" aria-label=${t("People in the meeting")}>
        <ul class="tiles" ${ref(this.#onElement)}>
          ${repeat(this.#tiles.values(), tile => tile.key, tile => tile.template({
            pinned: tile.key === this.#pinned, large: tile.key === this.#large,
          }))}
        </ul>
        ${this.#pages > 1 ? this.#pager() : nothing}
      </section>`;
  }

  #pager() {
    return html`
      <div class="pager">
        <button class="button icon-only" aria-label=${t("Previous people")} ?disabled=${this.#page === 0} @click=${() => this.#turn(-1)}>${icon('chevron-left')}</button>
        <span>${t("{page} of {pages}", { page: this.#page + 1, pages: this.#pages })}</span>
        <button class="button icon-only" aria-label=${t("Next people")} ?disabled=${this.#page === this.#pages - 1} @click=${() => this.#turn(1)}>${icon('chevron-right')}</button>
      </div>`;
  }

  /** @param {number} by */
  #turn(by) {
    this.#page += by;
    this.#update();
  }

  /** Tiles come and go with the people; those that stay keep their video. */
  #follow() {
    const tiles = new Map();
    for (const person of this.#everybody()) {
      this.#keep(tiles, person, 'main');
      if (person.screen && !person.self)
        this.#keep(tiles, person, 'screen');
    }
    this.#tiles = tiles;
    if (this.#pinned && !tiles.has(this.#pinned))
      this.#pinned = null;
    this.#large = this.#pinned ?? this.#screen() ?? (this.view === 'speaker' ? this.#speaker() : null);
  }

  /** @param {Map<string, Tile>} tiles @param {Person} person @param {'main' | 'screen'} source */
  #keep(tiles, person, source) {
    const key = Tile.key(person, source);
    const known = this.#tiles.get(key);
    tiles.set(key, known?.person === person ? known : new Tile(person, source, {
      pin: this.pin,
      retry: id => this.#meeting.retry(id),
      play: video => this.#play(video),
      reshaped: () => this.arrange(),
    }));
  }

  /** Others in order of arrival, oneself last. @returns {Person[]} */
  #everybody() {
    const people = [...this.#meeting.people.values()];
    return [...people.filter(person => !person.self), ...people.filter(person => person.self)];
  }

  /** @returns {string | null} the screen that was shared last */
  #screen() {
    return [...this.#tiles.values()].findLast(({ source }) => source === 'screen')?.key ?? null;
  }

  /** Never oneself while somebody else is there. @returns {string | null} */
  #speaker() {
    const { speaker, order, self } = this.#meeting;
    if (speaker && speaker !== self?.id && this.#tiles.has(speaker))
      return speaker;
    if (this.#large && this.#large !== self?.id && this.#meeting.people.has(this.#large))
      return this.#large;
    return order[0] ?? self?.id ?? null;
  }

  /** @returns {string[]} keys, those who spoke last first; for the strip and for more people than fit */
  #bySpeech() {
    const { order, self } = this.#meeting;
    const rank = new Map([...order, self?.id ?? ''].map((id, i) => [id, i]));
    return [...this.#tiles.values()]
      .sort((a, b) => (rank.get(a.person.id) ?? 0) - (rank.get(b.person.id) ?? 0))
      .map(({ key }) => key);
  }

  /**
   * Gives each tile its place; those on other pages are hidden, their sound goes on. Depends on nothing that it changes
   * but the page's bounds, so that drawing again ends.
   */
  arrange() {
    const width = this.#element?.clientWidth ?? 0;
    const height = this.#element?.clientHeight ?? 0;
    if (width === 0 || height === 0)
      return;
    const whole = this.#layout(width, height);
    const layout = whole.pages > 1 ? this.#layout(width, height - PAGER_HEIGHT) : whole;
    for (const { key, element } of this.#tiles.values())
      place(element, layout.rects.get(key));
    if (layout.pages !== this.#pages || layout.page !== this.#page) {
      this.#pages = layout.pages;
      this.#page = layout.page;
      this.#update();
    }
  }

  /** @param {number} width @param {number} height */
  #layout(width, height) {
    const large = this.#large;
    if (large === null) {
      const still = gridLayout([...this.#tiles.keys()], width, height);
      return still.pages === 1 ? still : gridLayout(this.#bySpeech(), width, height, this.#page);
    }
    const others = this.#bySpeech().filter(key => key !== large);
    return focusLayout(large, others, width, height, { page: this.#page, shape: this.#tiles.get(large)?.shape });
  }

  /** @param {Element | undefined} element */
  #onElement = element => {
    this.#observer.disconnect();
    this.#element = /** @type {HTMLElement | null} */ (element ?? null);
    if (element)
      this.#observer.observe(element);
  };

  /** @param {HTMLVideoElement} video */
  #play(video) {
    if (!video.muted)
      this.#devices.routeTo(video);
    video.play().catch(error => {
      if (error.name !== 'NotAllowedError' || this.silenced)
        return;
      this.silenced = true;
      this.#update();
    });
  }
}

/** @param {HTMLElement | null} element @param {import('./stage-layout.js').Rect | undefined} rect */
function place(element, rect) {
  if (!element)
    return;
  element.classList.toggle('elsewhere', !rect);
  if (!rect)
    return;
  element.style.width = `${rect.width}px`;
  element.style.height = `${rect.height}px`;
  element.style.transform = `translate(${Math.round(rect.x)}px, ${Math.round(rect.y)}px)`;
  element.classList.toggle('tiny', rect.width < 150);
  element.classList.toggle('narrow', rect.width < 260);
  element.classList.toggle('short', rect.height < 240);
}
