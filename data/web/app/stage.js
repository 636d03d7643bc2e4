// The stage: everybody's tile, in a grid or with one large. Which tile is large, which page shows and who comes first
// is decided here; where a tile stands is computed by stage-layout.js and set by script after each drawing. What shows is told
// to the meeting, so that nothing else is sent.

import { html, nothing } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { t } from '../core/i18n.js';
import { handPlaces } from './hands.js';
import { icon } from './icon.js';
import { focusLayout, gridLayout } from './stage-layout.js';
import { viewOf } from './stage-view.js';
import { Tile } from './tile.js';

const PAGER_HEIGHT = 52;
const MOST_TILES = 25;
const HIDDEN_MS = 5_000; // a page that is hidden for longer needs no pictures

/** @typedef {import('../core/meeting.js').Meeting} Meeting */
/** @typedef {import('../core/person.js').Person} Person */

export class Stage {
  #meeting;
  #devices;
  #update;
  /** @type {Map<string, Tile>} */ #tiles = new Map();
  /** @type {HTMLElement | null} */ #element = null;
  #observer = new ResizeObserver(() => this.#measure());
  /** Asking the browser at each drawing would make it lay out the whole page each time. */
  #size = { width: 0, height: 0 };
  /** @type {string | null} */ #pinned = null;
  /** @type {string | null} */ #large = null;
  /** @type {'grid' | 'speaker'} */ view = 'grid';
  #page = 0;
  #pages = 1;
  /** Tiles on the page that shows. */
  #visible = '';
  /** How many others are on the first page. */
  #front = 1;
  /** Nobody sees the page. */
  #hidden = false;
  /** @type {any} */ #hiddenTimer = null;
  /** Given later, since each needs the other. @type {import('./person-menu.js').PersonMenu | null} */
  menu = null;
  /** @type {import('./reacting.js').Reactions | null} */
  reactions = null;
  /** The browser refused to play sound until the person clicks. */
  silenced = false;

  /** @param {Meeting} meeting @param {import('../core/devices.js').Devices} devices @param {() => void} update */
  constructor(meeting, devices, update) {
    this.#meeting = meeting;
    this.#devices = devices;
    this.#update = update;
    document.addEventListener('visibilitychange', this.#onVisibility);
  }

  dispose() {
    this.#observer.disconnect();
    clearTimeout(this.#hiddenTimer);
    document.removeEventListener('visibilitychange', this.#onVisibility);
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
        this.play(video);
    }
    this.#update();
  };

  template() {
    this.#follow();
    const hands = handPlaces(this.#meeting.people.values());
    const server = this.#meeting.media !== null;
    // Between browsers the voices hang on the tiles, so all of them stay; elsewhere only those that show are drawn.
    const drawn = [...this.#tiles.values()].filter(({ key }) => !server || this.#visible.includes(` ${key} `));
    return html`
      <section class="stage" aria-label=${t("People in the meeting")}>
        <ul class="tiles" ${ref(this.#onElement)}>
          ${repeat(drawn, tile => tile.key, tile => tile.template({
            pinned: tile.key === this.#pinned, large: tile.key === this.#large, server, hand: hands.get(tile.person.id),
            reaction: this.reactions?.of(tile.person.id),
          }))}
        </ul>
        ${this.#tiles.size === 0 ? html`<div class="stage-empty">${icon('users')}<p>${t("Nobody is on stage yet. You will see and hear them here as soon as they come.")}</p></div>` : nothing}
        ${this.reactions?.crowd()}
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
    this.#large = this.#pinned ?? this.#screen() ?? this.#spotlight() ?? (this.view === 'speaker' ? this.#speaker() : null);
  }

  /** @param {Map<string, Tile>} tiles @param {Person} person @param {'main' | 'screen'} source */
  #keep(tiles, person, source) {
    const key = Tile.key(person, source);
    const known = this.#tiles.get(key);
    tiles.set(key, known?.person === person ? known : new Tile(person, source, {
      pin: this.pin,
      retry: id => this.#meeting.retry(id),
      play: video => this.play(video),
      reshaped: () => this.arrange(),
      menu: () => this.menu,
    }));
  }

  /** Who may send: others in order of arrival, oneself last. @returns {Person[]} */
  #everybody() {
    const people = [...this.#meeting.people.values()].filter(({ stage }) => stage);
    return [...people.filter(person => !person.self), ...people.filter(person => person.self)];
  }

  /** @returns {string | null} the screen that was shared last */
  #screen() {
    return [...this.#tiles.values()].findLast(({ source }) => source === 'screen')?.key ?? null;
  }

  /** @returns {string | null} whom a host has made large for everybody */
  #spotlight() {
    const { spotlight } = this.#meeting;
    return spotlight !== null && this.#tiles.has(spotlight) ? spotlight : null;
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

  /** @returns {Map<string, number>} ids; a small number comes first */
  #ranks() {
    const { order, self, spotlight } = this.#meeting;
    // Whoever turns pages wants to find oneself on the first.
    const ids = this.#pages > 1 ? [self?.id ?? '', ...order] : [...order, self?.id ?? ''];
    return new Map(ids.map((id, i) => [id, id === spotlight ? -1 : i]));
  }

  /** @returns {string[]} keys, those who spoke last first; for the strip and for more people than fit */
  #bySpeech() {
    const ranks = this.#ranks();
    return [...this.#tiles.values()]
      .sort((a, b) => (ranks.get(a.person.id) ?? 0) - (ranks.get(b.person.id) ?? 0))
      .map(({ key }) => key);
  }

  /** How many tiles a page may have: where many send, no more than there are pictures for. */
  #most() {
    const { videoSlots } = this.#meeting;
    const cameras = [...this.#tiles.values()].filter(({ person }) => person.camera && !person.self).length;
    return cameras < videoSlots ? MOST_TILES : videoSlots - 1;
  }

  /**
   * Gives each tile its place; those on other pages are hidden, their sound goes on. Depends on nothing that it changes
   * but the page's bounds, so that drawing again ends.
   */
  arrange() {
    const { width, height } = this.#size;
    if (width === 0 || height === 0)
      return;
    const whole = this.#layout(width, height);
    const layout = whole.pages > 1 ? this.#layout(width, height - PAGER_HEIGHT) : whole;
    for (const tile of this.#tiles.values()) {
      place(tile.element, layout.rects.get(tile.key));
      if (!this.silenced)
        tile.resume();
    }
    this.#tell(layout);
    const visible = ` ${[...layout.rects.keys()].sort().join(' ')} `;
    if (layout.pages !== this.#pages || layout.page !== this.#page || visible !== this.#visible) {
      this.#pages = layout.pages;
      this.#page = layout.page;
      this.#visible = visible;
      this.#update();
    }
  }

  /** Tells the meeting what shows, the most important first. @param {import('./stage-layout.js').Layout} layout */
  #tell({ rects, page }) {
    const ranks = this.#ranks();
    const shown = [...this.#tiles.values()].filter(({ key, person, video }) =>
      !person.self && rects.has(key) && (!this.#hidden || (video !== null && video === document.pictureInPictureElement)));
    const rankOf = (/** @type {Tile} */ { key, person }) => (key === this.#large ? -2 : ranks.get(person.id) ?? 0);
    shown.sort((a, b) => rankOf(a) - rankOf(b));
    if (page === 0)
      this.#front = [...this.#tiles.values()].filter(({ key, source, person }) => source === 'main' && !person.self && rects.has(key)).length;
    this.#meeting.show(viewOf(shown.map(({ key, person, source }) => ({
      person: person.id, source, rect: rects.get(key) ?? { width: 0, height: 0 },
    })), devicePixelRatio), this.#front);
  }

  /** @param {number} width @param {number} height */
  #layout(width, height) {
    const large = this.#large;
    const most = this.#most();
    if (large === null) {
      const still = gridLayout([...this.#tiles.keys()], width, height, { most });
      return still.pages === 1 ? still : gridLayout(this.#bySpeech(), width, height, { page: this.#page, most });
    }
    const others = this.#bySpeech().filter(key => key !== large);
    return focusLayout(large, others, width, height, { page: this.#page, shape: this.#tiles.get(large)?.shape, most: Math.max(most - 1, 1) });
  }

  #onVisibility = () => {
    clearTimeout(this.#hiddenTimer);
    const hidden = document.visibilityState === 'hidden';
    this.#hiddenTimer = setTimeout(() => {
      this.#hidden = hidden;
      this.arrange();
    }, hidden ? HIDDEN_MS : 0);
  };

  #measure() {
    this.#size = { width: this.#element?.clientWidth ?? 0, height: this.#element?.clientHeight ?? 0 };
    this.arrange();
  }

  /** @param {Element | undefined} element */
  #onElement = element => {
    this.#observer.disconnect();
    this.#element = /** @type {HTMLElement | null} */ (element ?? null);
    if (!element)
      return;
    this.#observer.observe(element);
    // A hidden tab is not observed.
    queueMicrotask(() => this.#measure());
  };

  /** Through the chosen speaker; where the browser refuses, the page asks for a click. @param {HTMLMediaElement} element */
  play = element => {
    if (!element.muted)
      this.#devices.routeTo(element);
    element.play().catch(error => {
      if (error.name !== 'NotAllowedError' || this.silenced)
        return;
      this.silenced = true;
      this.#update();
    });
  };
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
