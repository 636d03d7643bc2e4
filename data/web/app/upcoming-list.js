// What comes next in one's rooms, by days: when, here and where it is planned if clocks differ there, and what can be done about it.

import { html, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { errorText } from '../core/errors.js';
import { t } from '../core/i18n.js';
import { byDay } from '../core/schedule.js';
import { localZone, wallAt } from '../core/zones.js';
import { icon } from './icon.js';
import { Menu } from './menu.js';
import { dayHeading, elsewhere, timeRange } from './schedule-words.js';

/** @typedef {import('../core/schedule.js').Occurrence} Occurrence */
/** @typedef {import('../core/rooms.js').Room} Room */

/**
 * @typedef {object} OccurrenceActions
 * @property {(occurrence: Occurrence) => void} onInvite
 * @property {(occurrence: Occurrence) => void} onCalendar
 * @property {(occurrence: Occurrence) => void} onChange
 * @property {(occurrence: Occurrence) => void} onCancel
 */

/** @param {number} at */
const localDay = at => wallAt(at, localZone()).slice(0, 10);

/** @param {Occurrence} occurrence */
const keyOf = ({ event, date }) => `${event} ${date}`;

export class UpcomingList {
  #schedule;
  #roomOf;
  #actions;
  #update;
  #menu = new Menu('occurrence-menu');
  #key = '';

  /**
   * @param {object} options
   * @param {import('../core/schedule.js').Schedule} options.schedule
   * @param {(id: string) => Room | undefined} options.roomOf
   * @param {OccurrenceActions} options.actions
   * @param {() => void} options.update
   */
  constructor({ schedule, roomOf, actions, update }) {
    this.#schedule = schedule;
    this.#roomOf = roomOf;
    this.#actions = actions;
    this.#update = update;
  }

  template() {
    const { upcoming, loading, error } = this.#schedule;
    const today = localDay(Date.now());
    return html`
      <section class="part start-upcoming" aria-labelledby="upcoming-heading">
        <div class="part-head"><h2 id="upcoming-heading">${t("Upcoming")}</h2></div>
        ${error ? html`<div class="note bad" role="alert">${icon('circle-alert')}<div class="note-body"><p>${errorText(error)}</p>
          <div class="row"><button type="button" class="button" @click=${() => this.#schedule.load()}>${t("Try again")}</button></div></div></div>` : nothing}
        ${byDay(upcoming, at => localDay(Math.max(at, Date.now()))).map(({ day, occurrences }) => html`
          <div class="upcoming-day">
            <h3>${dayHeading(day, today)}</h3>
            <ul>${repeat(occurrences, keyOf, occurrence => this.#row(occurrence))}</ul>
          </div>`)}
        ${upcoming.length === 0 && loading ? html`<p class="soft" role="status">${t("Looking for what is planned…")}</p>` : nothing}
        ${upcoming.length === 0 && !loading && !error ? html`<div class="start-empty">${icon('calendar-days')}<p>${t("Nothing is planned. Plan a meeting from the menu of a room.")}</p></div>` : nothing}
        ${this.#menuOf(upcoming.find(one => keyOf(one) === this.#key))}
      </section>`;
  }

  /** @param {Occurrence} occurrence */
  #row(occurrence) {
    const { title, start, end, zone, room, repeats } = occurrence;
    const there = elsewhere(start, zone);
    const url = this.#roomOf(room)?.hostUrl ?? null;
    const now = start <= Date.now();
    return html`
      <li class="occurrence">
        <div class="occurrence-body">
          <p class="occurrence-time">${timeRange(start, end)}${now ? html` <strong class="room-live">${t("now")}</strong>` : nothing}
            ${repeats ? html`<span class="occurrence-repeats">${icon('repeat', 'small')}<span class="unseen">${t("repeats")}</span></span>` : nothing}</p>
          ${url ? html`<a class="room-title" href=${url}>${title}</a>` : html`<span class="room-title">${title}</span>`}
          ${there ? html`<p class="small soft">${there}</p>` : nothing}
        </div>
        <button type="button" class="button quiet icon-only" aria-haspopup="true" aria-label=${t("More for {title}", { title })} @click=${(/** @type {Event} */ event) => this.#open(occurrence, event)}>${icon('ellipsis-vertical')}</button>
      </li>`;
  }

  /** @param {Occurrence} occurrence @param {Event} event */
  #open(occurrence, event) {
    this.#key = keyOf(occurrence);
    this.#menu.anchor = /** @type {HTMLElement} */ (event.currentTarget);
    this.#update();
    queueMicrotask(() => this.#menu.open());
  }

  /** @param {Occurrence | undefined} occurrence */
  #menuOf(occurrence) {
    if (!occurrence)
      return this.#menu.template('', []);
    const { onInvite, onCalendar, onChange, onCancel } = this.#actions;
    return this.#menu.template(t("More for {title}", { title: occurrence.title }), [
      { label: t("Invitation"), glyph: 'mail', act: () => onInvite(occurrence), hidden: !this.#roomOf(occurrence.room)?.joinUrl },
      { label: t("File for calendars"), glyph: 'download', act: () => onCalendar(occurrence) },
      { label: t("Change or delete"), glyph: 'pencil', act: () => onChange(occurrence) },
      { label: t("Cancel this day only"), glyph: 'calendar-x', act: () => onCancel(occurrence), kind: 'divided danger-text', hidden: !occurrence.repeats },
    ]);
  }
}
