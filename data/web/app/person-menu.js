// What can be done about one person: pinned by everybody, and by hosts muted, stopped, made large for all, brought on stage.
// One menu for the whole page; the button that opens it, in a tile or in the list, says whose it is.

import { t } from '../core/i18n.js';
import { kindOf } from '../core/kinds.js';
import { Menu } from './menu.js';

/** @typedef {import('../core/meeting.js').Meeting} Meeting */
/** @typedef {import('../core/person.js').Person} Person */

export class PersonMenu {
  #meeting;
  #stage;
  #update;
  #menu = new Menu('person-menu');
  /** @type {string | null} */ #id = null;

  /** @param {Meeting} meeting @param {import('./stage.js').Stage} stage @param {() => void} update */
  constructor(meeting, stage, update) {
    this.#meeting = meeting;
    this.#stage = stage;
    this.#update = update;
  }

  /** Whether there is anything in it but what has a button of its own. @param {Meeting} meeting */
  static has = meeting => Boolean(meeting.self?.host) && kindOf(meeting.room?.kind).hands;

  /** @param {string} id of the person @param {HTMLElement} button */
  open = (id, button) => {
    this.#id = id;
    this.#menu.anchor = button;
    this.#update();
    queueMicrotask(() => this.#menu.open());
  };

  template() {
    const person = this.#meeting.people.get(this.#id ?? '');
    return this.#menu.template(person ? t("What to do about {name}", { name: person.name }) : '', person ? this.#items(person) : []);
  }

  /** @param {Person} person @returns {import('./menu.js').MenuItem[]} */
  #items(person) {
    const meeting = this.#meeting;
    const { id, self, stage } = person;
    const pinned = this.#stage.pinned === id;
    const lit = meeting.spotlight === id;
    const other = stage && !self;
    const encoder = other && person.stream; // nobody there could turn anything on again
    const hasStage = kindOf(meeting.room?.kind).stage; // who only watches a Boardroom is a player, not a person
    return [
      { label: t("Bring on stage"), glyph: 'user-plus', act: () => meeting.setStage(id, true), hidden: stage || !hasStage },
      { label: t("Mute"), glyph: 'mic-off', act: () => meeting.stop(id, 'microphone'), hidden: !other || !person.mic },
      { label: t("Unmute"), glyph: 'mic', act: () => meeting.start(id, 'microphone'), hidden: !encoder || person.mic },
      { label: t("Stop video"), glyph: 'video-off', act: () => meeting.stop(id, 'camera'), hidden: !other || !person.camera },
      { label: t("Start video"), glyph: 'video', act: () => meeting.start(id, 'camera'), hidden: !encoder || person.camera },
      { label: t("Stop their sharing"), glyph: 'monitor-x', act: () => meeting.stop(id, 'screen'), hidden: !other || !person.screen },
      { label: lit ? t("End the spotlight") : t("Spotlight for everyone"), glyph: 'star', act: () => meeting.setSpotlight(lit ? null : id), hidden: !stage },
      { label: pinned ? t("Unpin") : t("Pin for yourself"), glyph: pinned ? 'pin-off' : 'pin', act: () => this.#stage.pin(id), hidden: !stage },
      {
        label: t("Back to watching"), glyph: 'user-minus', act: () => meeting.setStage(id, false), kind: 'divided',
        hidden: !other || person.host || !hasStage,
      },
    ];
  }
}
