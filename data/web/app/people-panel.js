// Who is here: name, microphone, camera, and whether the encryption with each was verified; raised hands in their order; for hosts
// who wants to come in, those who watch a Classroom, and what can be done about each. And the link, for those who are not here.

import { html, nothing } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { i18n, t, tn } from '../core/i18n.js';
import { kindOf } from '../core/kinds.js';
import { joinUrl } from '../core/link.js';
import { avatar } from './avatar.js';
import { copyText } from './copy-button.js';
import { dialInPart } from './dial-in.js';
import { linkWords } from './encryption-badge.js';
import { handPlaces, handsUp } from './hands.js';
import { icon } from './icon.js';
import { panel } from './panel.js';
import { ownButton } from './recording-dialogs.js';
import { menuButton } from './tile.js';

/** @typedef {import('../core/meeting.js').Meeting} Meeting */
/** @typedef {import('../core/person.js').Person} Person */

const SEARCH_FROM = 12; // a list that is longer can be searched

/** @param {string} glyph @param {string} words */
const mark = (glyph, words) => html`<span class="person-mark" role="img" aria-label=${words} data-tip=${words}>${icon(glyph, 'small')}</span>`;

export class PeoplePanel {
  #meeting;
  #stage;
  #menu;
  #door;
  #update;
  #onClose;
  #wanted = '';

  /**
   * @param {{ meeting: Meeting, stage: import('./stage.js').Stage, menu: import('./person-menu.js').PersonMenu, door: import('./door.js').Door,
   *   update: () => void, onClose: () => void }} options
   */
  constructor({ meeting, stage, menu, door, update, onClose }) {
    this.#meeting = meeting;
    this.#stage = stage;
    this.#menu = menu;
    this.#door = door;
    this.#update = update;
    this.#onClose = onClose;
  }

  template() {
    const people = [...this.#meeting.people.values()];
    const found = people.filter(({ name }) => name.toLowerCase().includes(this.#wanted));
    return panel({ id: 'people', title: t("People"), onClose: this.#onClose, content: html`
      <div class="panel-body">
        ${this.#door.list()}
        ${this.#meeting.link.secret ? html`
          <button type="button" class="button wide" @click=${() => copyText(joinUrl(this.#meeting.link, location.origin))}>${icon('link', 'small')}<span>${t("Copy the link for guests")}</span></button>` : nothing}
        ${this.#meeting.floor.may.has('mute-all') ? html`
          <button type="button" class="button wide" @click=${() => this.#meeting.hosting.muteAll()}>${icon('mic-off', 'small')}<span>${t("Mute everyone else")}</span></button>` : nothing}
        ${this.#door.switches()}
        ${dialInPart(this.#meeting)}
        ${this.#recording()}
        ${people.length > SEARCH_FROM ? this.#search() : nothing}
        ${this.#hands(found)}
        ${kindOf(this.#meeting.room?.kind).stage ? this.#classroom(found) : this.#all(found)}
      </div>` });
  }

  /** Whoever may be seen and heard can say here whether it is recorded. */
  #recording() {
    const { recording, self } = this.#meeting;
    if (!recording.running || !self?.stage)
      return nothing;
    const answer = (/** @type {'agreed' | 'withdrawn'} */ words) => () => void this.#meeting.answerRecording(words);
    return html`
      <div class="own-recording">
        <p class="small">${recording.declined ? t("You are not recorded.") : recording.undecided ? t("You are not recorded until you agree.") : t("You are recorded.")}</p>
        ${ownButton(recording, true, { onAgree: answer('agreed'), onWithdraw: answer('withdrawn') })}
      </div>`;
  }

  #search() {
    return html`
      <div class="search">
        ${icon('search', 'small')}
        <input class="input" type="search" aria-label=${t("Find a name")} placeholder=${t("Find a name")} @input=${this.#onSearch}>
      </div>`;
  }

  /** @param {Event} event */
  #onSearch = event => {
    this.#wanted = /** @type {HTMLInputElement} */ (event.target).value.trim().toLowerCase();
    this.#update();
  };

  /** @param {Person[]} people */
  #all(people) {
    const { room } = this.#meeting;
    const max = room?.max_people ?? 0;
    return html`
      <p class="small soft">${tn("{n} of {max} seats is taken.", "{n} of {max} seats are taken.", this.#meeting.people.size, { max })}</p>
      ${this.#rows(people)}
      ${this.#meeting.people.size === 1 ? html`<p class="empty soft">${t("Nobody else is here yet.")}</p>` : nothing}`;
  }

  /** Those on stage; and those who watch: how many for everybody, who for hosts. @param {Person[]} people */
  #classroom(people) {
    const { viewers } = this.#meeting;
    const { leads } = this.#meeting.floor;
    const watching = people.filter(({ stage }) => !stage);
    return html`
      <section class="people-part">
        <h3>${t("On stage")}</h3>
        ${this.#rows(people.filter(({ stage }) => stage))}
        ${people.some(({ stage }) => stage) ? nothing : html`<p class="soft">${t("Nobody at the moment.")}</p>`}
      </section>
      <section class="people-part">
        <h3>${t("Watching")}</h3>
        <p class="small soft">${watchers(viewers)}${leads ? nothing : html` ${t("Only hosts see who.")}`}</p>
        ${leads ? this.#rows(watching) : nothing}
      </section>`;
  }

  /** Whose turn it is. @param {Person[]} people */
  #hands(people) {
    const hands = handsUp(people);
    return hands.length === 0 ? nothing : html`
      <section class="people-part hands">
        <h3>${t("Raised hands")}</h3>
        ${this.#rows(hands, true)}
      </section>`;
  }

  /** @param {Person[]} people @param {boolean} [turns] in the order of hands */
  #rows(people, turns = false) {
    const places = handPlaces(this.#meeting.people.values());
    const { may, role: ownRole } = this.#meeting.floor;
    return html`<ul class="people">${repeat(people, ({ id }) => id, person => {
      const { id, name, role, stage, mic, camera, link, away, unrecorded } = person;
      const place = places.get(id);
      // Of hundreds of lines one or two have changed.
      return guard([i18n.lang, may, ownRole, this.#stage.pinned === id, place, turns, person, name, role, stage, mic, camera, link, away, unrecorded],
        () => this.#row(person, place, turns));
    })}</ul>`;
  }

  /** @param {Person} person @param {number | undefined} place of the raised hand @param {boolean} turns */
  #row(person, place, turns) {
    const { id, name, self, role, stage } = person;
    const { floor, hosting } = this.#meeting;
    const mayCall = turns && !stage && floor.mayTo('stage', person);
    const mayLower = turns && !self && floor.mayTo('lower', person);
    return html`
      <li class="person">
        ${avatar(person, 'small')}
        <div class="person-who">
          <p class="person-name">${self ? t("{name} (you)", { name }) : name}</p>
          <p class="small soft">${[roleWord(role), phoneWords(person), self ? '' : linkWords(person), person.unrecorded ? t("not recorded") : ''].filter(words => words).join(' · ')}</p>
        </div>
        ${place === undefined ? nothing : html`<span class="hand-place" role="img" aria-label=${t("Raised hand, number {n}", { n: place })} data-tip=${t("Raised hand, number {n}", { n: place })}>${icon('hand', 'small')}${place}</span>`}
        ${mayCall ? html`<button type="button" class="button" @click=${() => hosting.setStage(id, true)}>${t("Bring on stage")}</button>` : nothing}
        ${mayLower ? html`<button type="button" class="button quiet icon-only" aria-label=${t("Lower the hand of {name}", { name })} data-tip=${t("Lower their hand")}
          @click=${() => hosting.lower(id)}>${icon('x', 'small')}</button>` : nothing}
        ${turns ? nothing : html`
          ${stage ? this.#marks(person) : nothing}
          ${this.#menu.has(person) ? menuButton(person, 'button quiet icon-only', this.#menu.open) : nothing}`}
      </li>`;
  }

  /** @param {Person} person */
  #marks(person) {
    const { id, name, mic, camera, phone } = person;
    const pinned = this.#stage.pinned === id;
    return html`
      ${mark(mic ? 'mic' : 'mic-off', mic ? t("Microphone on") : t("Microphone off"))}
      ${phone ? nothing : mark(camera ? 'video' : 'video-off', camera ? t("Camera on") : t("Camera off"))}
      ${this.#menu.has(person) ? nothing : html`
        <button class="button quiet icon-only" aria-pressed=${String(pinned)} aria-label=${t("Pin {name}", { name })}
          data-tip=${pinned ? t("Unpin") : t("Pin")} @click=${() => this.#stage.pin(id)}>${icon(pinned ? 'pin-off' : 'pin', 'small')}</button>`}`;
  }
}

/** @param {import('../core/floor.js').Role} role */
const roleWord = role => ({ host: t("Host"), cohost: t("Co-host") }[/** @type {string} */ (role)] ?? '');

/** Nobody but themselves can unmute them, and they have no button for it. @param {Person} person */
function phoneWords({ phone, stage, mic }) {
  if (!phone)
    return '';
  return stage && !mic ? t("by phone, heard again after they press *6") : t("by phone");
}

/** @param {number} n */
export const watchers = n => (n === 0 ? t("Nobody watches at the moment.") : tn("{n} person watches.", "{n} people watch.", n));
