// One tile of the stage: a person, or the screen of one. Keeps its <video> for as long as it lives; the words on it say
// who it is, and what is wrong where something is. It draws; what its buttons do is handed in.

import { html, nothing } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { errorText } from '../core/errors.js';
import { t } from '../core/i18n.js';
import { avatar } from './avatar.js';
import { icon } from './icon.js';
import { canPopOut, popOut } from './picture-in-picture.js';
import { SIGNS } from './reaction-words.js';

const LIKELY_SHAPE = 16 / 9;

/** @typedef {import('../core/person.js').Person} Person */

/**
 * @typedef {object} TileActions
 * @property {(key: string) => void} pin
 * @property {(id: string) => void} retry
 * @property {(video: HTMLVideoElement) => void} play
 * @property {() => void} reshaped the video has another size
 * @property {(() => import('./person-menu.js').PersonMenu | null)} menu what else can be done about people
 */

const LINKED = new Set(['verified', 'connected', 'reconnecting']);

/** @param {Person} person */
export const isLinked = person => person.self || LINKED.has(person.link);

/** @param {string} glyph @param {string} words */
const quality = (glyph, words) => html`<div class="tile-quality">${icon(glyph, 'small')}<span>${words}</span></div>`;

/** Opens the person's menu. @param {Person} person @param {string} kind of button @param {(id: string, button: HTMLElement) => void} open */
export const menuButton = ({ id, name, self }, kind, open) => html`
  <button type="button" class=${kind} aria-label=${self ? t("What to do about yourself") : t("What to do about {name}", { name })} data-tip=${t("More")}
    @click=${(/** @type {Event} */ event) => open(id, /** @type {HTMLElement} */ (event.currentTarget))}>${icon('ellipsis-vertical', 'small')}</button>`;

export class Tile {
  /** @type {HTMLElement | null} */ element = null;
  /** @type {HTMLVideoElement | null} */ video = null;
  #actions;

  /** @param {Person} person @param {'main' | 'screen'} source @param {TileActions} actions */
  constructor(person, source, actions) {
    this.person = person;
    this.source = source;
    this.key = Tile.key(person, source);
    this.#actions = actions;
  }

  /** @param {Person} person @param {'main' | 'screen'} source */
  static key = (person, source) => (source === 'main' ? person.id : `${person.id}:screen`);

  /** Width to height of a screen, which must not be cropped; a camera fits into any tile. @returns {number | undefined} */
  get shape() {
    if (this.source === 'main')
      return undefined;
    const { videoWidth = 0, videoHeight = 0 } = this.video ?? {};
    return videoHeight > 0 ? videoWidth / videoHeight : LIKELY_SHAPE;
  }

  /** There is a picture, if only the last one. */
  get shown() {
    const { person, source } = this;
    const picture = person.pictures[source];
    return isLinked(person) && (source === 'main' ? person.camera : person.screen) && (picture === 'live' || picture === 'paused');
  }

  /** Not everything that has lost its track goes on by itself when another comes. */
  resume() {
    if (this.video?.paused && this.shown)
      this.#actions.play(this.video);
  }

  /**
   * @param {{ pinned: boolean, large: boolean, server: boolean, hand?: number, reaction?: { what: import('../core/reactions.js').Reaction, n: number } }} state
   * server: media go through it; hand: whose turn it is, from 1
   */
  template({ pinned, large, server, hand, reaction }) {
    const { person, source, shown } = this;
    const main = source === 'main';
    const speaking = main && person.speaking && person.mic;
    const poor = main && person.quality === 'poor' && isLinked(person);
    const state = this.#state(server);
    return html`
      <li class="tile ${shown ? 'with-video' : ''} ${speaking ? 'speaking' : ''} ${large ? 'large' : ''} ${main ? '' : 'screen'} ${poor ? 'poor' : ''}"
        data-participant=${main ? person.id : nothing} data-screen=${main ? nothing : person.id} ?data-self=${person.self && main}
        aria-label=${this.#label()} ${ref(this.#onElement)}>
        <video autoplay playsinline class=${person.self && main ? 'mirrored' : ''} aria-label=${this.#name()}
          .muted=${person.self} @resize=${this.#actions.reshaped} ${ref(this.#onVideo)}></video>
        ${shown && !main || state !== nothing ? nothing : html`<div class="tile-empty">${avatar(person)}</div>`}
        ${state}
        <div class="tile-name">
          ${main && !person.mic ? html`<span class="muted-mark">${icon('mic-off', 'small')}<span class="unseen">${t("muted")}</span></span>` : nothing}
          ${main ? this.#roleMark() : nothing}
          <span class="tile-name-text">${person.self && main ? t("You") : this.#name()}</span>
        </div>
        ${main && person.unrecorded ? html`<div class="tile-unrecorded">${t("not recorded")}</div>` : nothing}
        ${main && hand ? html`<div class="tile-hand" role="img" aria-label=${t("Raised hand, number {n}", { n: hand })}>${icon('hand', 'small')}${hand}</div>` : nothing}
        ${poor ? quality('wifi-low', t("Poor connection")) : this.#trouble(shown)}
        ${main ? repeat(reaction ? [reaction] : [], ({ n }) => n, ({ what }) => html`<div class="tile-reaction" aria-hidden="true">${SIGNS[what]}</div>`) : nothing}
        ${this.#tools(pinned, shown)}
      </li>`;
  }

  #roleMark() {
    const { role } = this.person;
    if (role !== 'host' && role !== 'cohost')
      return nothing;
    const words = role === 'host' ? t("Host") : t("Co-host");
    return html`<span class="role-mark ${role}" role="img" aria-label=${words} title=${words}>${icon('crown', 'small')}</span>`;
  }

  #name() {
    const { person, source } = this;
    if (source === 'screen')
      return t("Screen of {name}", { name: person.name });
    return person.self ? t("{name} (you)", { name: person.name }) : person.name;
  }

  #label() {
    const { person, source } = this;
    const words = source === 'main' ? [person.phone ? t("by phone") : '', person.mic ? '' : t("muted"), person.unrecorded ? t("not recorded") : ''] : [];
    return [this.#name(), ...words].filter(word => word !== '').join(', ');
  }

  /** What is wrong with the picture alone. @param {boolean} shown */
  #trouble(shown) {
    const picture = this.person.pictures[this.source];
    if (shown && picture === 'paused')
      return quality('circle-pause', t("Paused: the connection is slow"));
    return picture === 'no-codec' ? quality('video-off', t("Your browser cannot show this video")) : nothing;
  }

  /** What stands between this person and us, in words; nothing where all is well. @param {boolean} server */
  #state(server) {
    const { person, source } = this;
    if (person.self || source === 'screen')
      return nothing;
    if (server)
      return this.#stateAtServer();
    if (person.link === 'failed')
      return html`
        <div class="tile-state bad">
          <span>${icon('shield-alert')}</span>
          <p>${errorText(person.linkReason ?? 'link-timeout')}</p>
          <button class="button" @click=${() => this.#actions.retry(person.id)}>${t("Try again")}</button>
        </div>`;
    if (person.link === 'connecting')
      return html`<div class="tile-state"><p>${t("Connecting…")}</p></div>`;
    if (person.away || person.link === 'reconnecting')
      return html`<div class="tile-state"><p>${t("Connection lost. Reconnecting…")}</p></div>`;
    return nothing;
  }

  /** Connecting and failing concern all alike and are told once, above the stage. */
  #stateAtServer() {
    const { away, link, phone } = this.person;
    if (link === 'reconnecting')
      return html`<div class="tile-state late"><p>${t("Reconnecting…")}</p></div>`;
    if (away && phone)
      return html`<div class="tile-state late"><p>${t("On hold")}</p></div>`; // whose connection is lost is out
    return away ? html`<div class="tile-state late"><p>${t("Connection lost. Reconnecting…")}</p></div>` : nothing;
  }

  /** @param {boolean} pinned @param {boolean} shown */
  #tools(pinned, shown) {
    const name = this.#name();
    const menu = this.#actions.menu();
    return html`
      <div class="tile-tools ${pinned ? 'pinned' : ''}">
        <button class="tool" aria-pressed=${pinned ? 'true' : 'false'} aria-label=${t("Pin {name}", { name })}
          data-tip=${pinned ? t("Unpin") : t("Pin")} @click=${() => this.#actions.pin(this.key)}>${icon(pinned ? 'pin-off' : 'pin', 'small')}</button>
        ${canPopOut && shown ? html`
          <button class="tool" aria-label=${t("Show {name} in a small window", { name })} data-tip=${t("Small window")}
            @click=${() => this.video && popOut(this.video)}>${icon('picture-in-picture-2', 'small')}</button>` : nothing}
        ${menu?.has(this.person) ? menuButton(this.person, 'tool', menu.open) : nothing}
      </div>`;
  }

  /** @param {Element | undefined} element */
  #onElement = element => {
    this.element = /** @type {HTMLElement | null} */ (element ?? null);
  };

  /** @param {Element | undefined} element */
  #onVideo = element => {
    this.video = /** @type {HTMLVideoElement | null} */ (element ?? null);
    if (!this.video)
      return;
    // Not in the template: lit sets an object anew with every drawing, which starts the video from the beginning.
    this.video.srcObject = this.person.streams[this.source];
    this.#actions.play(this.video);
  };
}
