// What can be done about one person: pinned by everybody, renamed by oneself; and by hosts asked, muted, stopped, made large for all,
// appointed, removed. One menu for the whole page; the button that opens it, in a tile or in the list, says whose it is.

import { t } from '../core/i18n.js';
import { kindOf } from '../core/kinds.js';
import { handOverDialog, removeDialog, renameDialog } from './hosting-dialogs.js';
import { Menu } from './menu.js';
import { rememberName } from './preferences.js';

/** @typedef {import('../core/meeting.js').Meeting} Meeting */
/** @typedef {import('../core/person.js').Person} Person */
/** @typedef {import('./menu.js').MenuItem} MenuItem */

export class PersonMenu {
  #meeting;
  #stage;
  #dialogs;
  #update;
  #onWrite;
  #menu = new Menu('person-menu');
  /** @type {string | null} */ #id = null;

  /** @param {{ meeting: Meeting, stage: import('./stage.js').Stage, dialogs: import('./dialogs.js').Dialogs, update: () => void, onWrite: (id: string) => void }} options */
  constructor({ meeting, stage, dialogs, update, onWrite }) {
    this.#onWrite = onWrite;
    this.#meeting = meeting;
    this.#stage = stage;
    this.#dialogs = dialogs;
    this.#update = update;
  }

  /** Whether there is anything in it but what has a button of its own. @param {Person} person */
  has = person => this.#own(person).some(({ hidden }) => !hidden);

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

  /** @param {Person} person */
  rename(person) {
    const { id, name, self } = person;
    this.#dialogs.open(() => renameDialog({ name, self, onRename: async wanted => {
      this.#dialogs.close();
      if (await this.#meeting.rename(wanted, id) && self)
        rememberName(person.name);
    } }));
  }

  /** @param {Person} person @returns {MenuItem[]} */
  #items(person) {
    const pinned = this.#stage.pinned === person.id;
    return [
      ...this.#asking(person), ...this.#sending(person), ...this.#showing(person), ...this.#writing(person),
      { label: pinned ? t("Unpin") : t("Pin for yourself"), glyph: pinned ? 'pin-off' : 'pin', act: () => this.#stage.pin(person.id), hidden: !person.stage },
      ...this.#appointing(person),
    ];
  }

  /** @param {Person} person @returns {MenuItem[]} */
  #own(person) {
    return [...this.#asking(person), ...this.#sending(person), ...this.#showing(person), ...this.#appointing(person)];
  }

  /** Only to them, which the chat offers as well: who only watches, to hosts. @param {Person} person @returns {MenuItem[]} */
  #writing({ id, self, host, stream, phone }) {
    const { floor } = this.#meeting;
    const may = !self && !stream && !phone && floor.may.has('whisper') && (floor.role !== 'viewer' || host);
    return [{ label: t("Write privately"), glyph: 'lock', act: () => this.#onWrite(id), hidden: !may }];
  }

  /** What they are only asked for. @param {Person} person @returns {MenuItem[]} */
  #asking({ id, self, role, stage, stream, phone, mic, camera }) {
    const { floor, hosting } = this.#meeting;
    const may = stage && !self && !stream && !phone && floor.mayTo('request', { self, role });
    return [
      { label: t("Ask to unmute"), glyph: 'mic', act: () => hosting.request(id, 'microphone'), hidden: !may || mic },
      { label: t("Ask to turn on the camera"), glyph: 'video', act: () => hosting.request(id, 'camera'), hidden: !may || camera },
    ];
  }

  /** What they send. @param {Person} person @returns {MenuItem[]} */
  #sending({ id, self, role, stage, stream, mic, camera, screen }) {
    const { floor, hosting } = this.#meeting;
    const mayStop = stage && floor.mayTo('stop', { self, role });
    const mayStart = stage && stream && floor.mayTo('start', { self, role }); // nobody there could turn anything on again
    return [
      { label: t("Mute"), glyph: 'mic-off', act: () => hosting.stop(id, 'microphone'), hidden: !mayStop || !mic },
      { label: t("Unmute"), glyph: 'mic', act: () => hosting.start(id, 'microphone'), hidden: !mayStart || mic },
      { label: t("Stop video"), glyph: 'video-off', act: () => hosting.stop(id, 'camera'), hidden: !mayStop || !camera },
      { label: t("Start video"), glyph: 'video', act: () => hosting.start(id, 'camera'), hidden: !mayStart || camera },
      { label: t("Stop their sharing"), glyph: 'monitor-x', act: () => hosting.stop(id, 'screen'), hidden: !mayStop || !screen },
    ];
  }

  /** Where they are seen, and as whom. @param {Person} person @returns {MenuItem[]} */
  #showing(person) {
    const { id, self, stage, hand, host } = person;
    const { floor, hosting, spotlight, room } = this.#meeting;
    const lit = spotlight === id;
    const hasStage = kindOf(room?.kind).stage; // who only watches a Boardroom is a player, not a person
    return [
      { label: t("Bring on stage"), glyph: 'user-plus', act: () => hosting.setStage(id, true), hidden: stage || !hasStage || !floor.mayTo('stage', person) },
      { label: t("Lower their hand"), glyph: 'hand', act: () => hosting.lower(id), hidden: self || hand === 0 || !floor.mayTo('lower', person) },
      { label: lit ? t("End the spotlight") : t("Spotlight for everyone"), glyph: 'star', act: () => hosting.setSpotlight(lit ? null : id), hidden: !stage || !floor.mayTo('spotlight', person) },
      { label: self ? t("Change your name") : t("Change their name"), glyph: 'pencil', act: () => this.rename(person), hidden: !floor.mayTo('rename', person) || (!self && kindOf(room?.kind).peers) },
      { label: t("Back to watching"), glyph: 'user-minus', act: () => hosting.setStage(id, false), hidden: self || host || !stage || !hasStage || !floor.mayTo('stage', person) },
    ];
  }

  /** What they may, and whether they stay. @param {Person} person @returns {MenuItem[]} */
  #appointing(person) {
    const { id, role, stream, phone } = person;
    const { floor, hosting } = this.#meeting;
    const appoints = !stream && !phone && floor.mayTo('role', person);
    const items = [
      { label: t("Make co-host"), glyph: 'user-check', act: () => hosting.setRole(id, 'cohost'), hidden: !appoints || role === 'cohost' },
      { label: t("No longer co-host"), glyph: 'user-minus', act: () => hosting.setRole(id, 'person'), hidden: !appoints || role !== 'cohost' },
      { label: t("Hand over to them as host"), glyph: 'crown', act: () => this.#handOver(person), hidden: !appoints },
      { label: t("Remove from the meeting"), glyph: 'user-x', act: () => this.#remove(person), kind: 'danger-text', hidden: !floor.mayTo('remove', person) },
    ];
    const first = items.find(({ hidden }) => !hidden);
    return items.map(item => (item === first ? { ...item, kind: `divided ${item.kind ?? ''}` } : item));
  }

  /** @param {Person} person */
  #handOver({ id, name }) {
    this.#dialogs.open(() => handOverDialog({ name, onHandOver: () => {
      this.#dialogs.close();
      void this.#meeting.hosting.setRole(id, 'host');
    } }));
  }

  /** @param {Person} person */
  #remove({ id, name }) {
    this.#dialogs.open(() => removeDialog({ name, keepsLink: !this.#meeting.floor.obeyed, onRemove: () => {
      this.#dialogs.close();
      void this.#meeting.hosting.remove(id);
    } }));
  }
}
