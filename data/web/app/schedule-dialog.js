// When a meeting is: day, time, zone, how long, and how it repeats, with what comes of it in plain words while it is chosen. Collects an
// order for the server; who opened it sends it.

import { html, nothing } from 'lit-html';
import { i18n, t } from '../core/i18n.js';
import { DAYS, MOST_COUNT, MOST_INTERVAL, addDays, datesOf, weekdayOf } from '../core/repeat.js';
import { MAX_TITLE, cleanTitle } from '../core/text.js';
import { instantOf, localZone, wallAt, zoneWords, zones } from '../core/zones.js';
import { dialogHead } from './dialogs.js';
import { icon } from './icon.js';
import { dayName, durationWords, elsewhere, longDate, repeatWords, shortDate, timeOfDay } from './schedule-words.js';

/** @typedef {import('../core/schedule.js').ScheduledEvent} ScheduledEvent */
/** @typedef {import('../core/schedule.js').EventOrder} EventOrder */
/** @typedef {import('../core/repeat.js').Repeat} Repeat */
/** @typedef {import('../core/repeat.js').Day} Day */

const DURATIONS = [15, 30, 45, 60, 90, 120, 180, 240, 480];
const SHOWN_DATES = 4;
const HOUR = 3_600_000;
const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;

/** @type {{ every: '' | Repeat['every'], words: () => string }[]} */
const RHYTHMS = [
  { every: '', words: () => t("Once") },
  { every: 'day', words: () => t("Daily") },
  { every: 'week', words: () => t("Weekly") },
  { every: 'month', words: () => t("Monthly") },
];

/** The next full hour. @param {string} title @returns {EventOrder} */
function proposal(title) {
  const zone = localZone();
  return { title, start: wallAt((Math.floor(Date.now() / HOUR) + 1) * HOUR, zone), zone, minutes: 60, repeat: null };
}

/** The first is one of the days that were chosen. @param {EventOrder} order which has been checked @returns {EventOrder} */
function complete(order) {
  const [date, time] = order.start.split('T');
  return { ...order, title: cleanTitle(order.title), start: `${datesOf(date, order.repeat, 1)[0]}T${time}` };
}

export class ScheduleDialog {
  #event;
  #onSave;
  #onDelete;
  #note;
  #update;
  /** As it is in the form now. @type {EventOrder} */ #order;
  #error = '';
  #busy = false;
  #asks = false;
  #zones;

  /**
   * @param {object} options
   * @param {string} options.title of the room
   * @param {ScheduledEvent | null} options.event null for a new one
   * @param {(order: EventOrder) => Promise<string>} options.onSave resolves with a sentence where it could not be saved, else ''
   * @param {() => Promise<string>} options.onDelete the same
   * @param {string} [options.note] what else there is to say
   * @param {() => void} options.update
   */
  constructor({ title, event, onSave, onDelete, note = '', update }) {
    this.#event = event;
    this.#onSave = onSave;
    this.#onDelete = onDelete;
    this.#note = note;
    this.#update = update;
    const { title: name, start, zone, minutes, repeat } = event ?? proposal(title);
    this.#order = { title: name, start, zone, minutes, repeat };
    this.#zones = zones(zone);
  }

  template = () => {
    const { title, start, minutes, repeat } = this.#order;
    const [date, time] = start.split('T');
    return html`
      ${dialogHead(this.#event ? t("Change what is planned") : t("Plan a meeting"))}
      <form class="stack" @submit=${this.#onSubmit} @input=${this.#onInput} novalidate>
        <div class="field">
          <label for="event-title">${t("Title")}</label>
          <input class="input" id="event-title" name="title" value=${title} maxlength=${MAX_TITLE} autocomplete="off">
        </div>
        <div class="when">
          <div class="field"><label for="event-date">${t("Day")}</label><input class="input" id="event-date" name="date" type="date" value=${date} required autofocus></div>
          <div class="field"><label for="event-time">${t("Time")}</label><input class="input" id="event-time" name="time" type="time" value=${time} required></div>
          <div class="field"><label for="event-minutes">${t("How long")}</label>
            <select class="select" id="event-minutes" name="minutes">${[...new Set([...DURATIONS, minutes])].sort((a, b) => a - b).map(n => html`<option value=${n} ?selected=${n === minutes}>${durationWords(n)}</option>`)}</select></div>
        </div>
        ${this.#zone()}
        <div class="field"><label for="event-every">${t("Repeat")}</label>
          <select class="select" id="event-every" name="every">${RHYTHMS.map(({ every, words }) => html`<option value=${every} ?selected=${every === (repeat?.every ?? '')}>${words()}</option>`)}</select></div>
        ${repeat ? this.#repeat(repeat, date) : nothing}
        <div class="note">${icon(repeat ? 'repeat' : 'calendar-days')}<div class="note-body" role="status">${this.#summary()}</div></div>
        ${this.#note ? html`<p class="small soft">${this.#note}</p>` : nothing}
        <p class="error" id="event-error" role="alert" ?hidden=${!this.#error}>${this.#error}</p>
        ${this.#buttons()}
      </form>`;
  };

  #zone() {
    const { zone } = this.#order;
    return html`
      <div class="field"><label for="event-zone">${t("Time zone")}</label>
        <select class="select" id="event-zone" name="zone">
          <option value=${localZone()} ?selected=${zone === localZone()}>${t("Where you are: {zone}", { zone: zoneWords(localZone()) })}</option>
          ${this.#zones.filter(one => one !== localZone()).map(one => html`<option value=${one} ?selected=${one === zone}>${one.replaceAll('_', ' ')}</option>`)}
        </select></div>`;
  }

  /** @param {Repeat} repeat @param {string} date */
  #repeat({ every, interval, days, until, count }, date) {
    const on = days && days.length > 0 ? days : ISO_DATE.test(date) ? [weekdayOf(date)] : [];
    const ends = until ? 'until' : count ? 'count' : '';
    return html`
      <fieldset class="repeat stack">
        <legend class="unseen">${t("Repeat")}</legend>
        <div class="field"><label for="event-interval">${every === 'day' ? t("Every how many days") : every === 'week' ? t("Every how many weeks") : t("Every how many months")}</label>
          <input class="input short" id="event-interval" name="interval" type="number" inputmode="numeric" min="1" max=${MOST_INTERVAL} value=${interval}></div>
        ${every === 'week' ? html`
          <fieldset class="days"><legend class="label">${t("On")}</legend>
            ${DAYS.map(day => html`<label class="day"><input type="checkbox" name="days" value=${day} .checked=${on.includes(day)} aria-label=${dayName(day)}><span aria-hidden="true">${dayName(day, 'short')}</span></label>`)}
          </fieldset>` : nothing}
        <div class="ends">
          <div class="field"><label for="event-ends">${t("It ends")}</label>
            <select class="select" id="event-ends" name="ends">
              <option value="" ?selected=${ends === ''}>${t("Never")}</option>
              <option value="until" ?selected=${ends === 'until'}>${t("On a day")}</option>
              <option value="count" ?selected=${ends === 'count'}>${t("After a number of times")}</option>
            </select></div>
          ${ends === 'until' ? html`<div class="field"><label for="event-until">${t("Last day")}</label><input class="input" id="event-until" name="until" type="date" value=${until} min=${date}></div>` : nothing}
          ${ends === 'count' ? html`<div class="field"><label for="event-count">${t("How many times")}</label><input class="input short" id="event-count" name="count" type="number" inputmode="numeric" min="1" max=${MOST_COUNT} value=${count}></div>` : nothing}
        </div>
      </fieldset>`;
  }

  /** What has been chosen, as somebody would say it. */
  #summary() {
    const { start, zone, minutes, repeat } = this.#order;
    const [date, time] = start.split('T');
    if (!ISO_DATE.test(date) || !time)
      return html`<p>${t("Choose a day and a time.")}</p>`;
    const at = instantOf(start, zone);
    const there = elsewhere(at, zone);
    const here = there ? t("{there}, which is {here} where you are", { there, here: new Intl.DateTimeFormat(i18n.lang, { dateStyle: 'medium', timeStyle: 'short' }).format(at) }) : timeOfDay(at, zone);
    const next = repeat ? datesOf(date, repeat, SHOWN_DATES + 1) : [];
    const cancelled = this.#event?.cancelled ?? [];
    return html`
      <p><strong>${repeat ? repeatWords(repeat, date) : longDate(date)}</strong></p>
      <p>${t("{time}, for {duration}", { time: here, duration: durationWords(minutes) })}</p>
      ${repeat ? html`<p class="small soft">${next.length === 0 ? t("No day comes of this.")
        : t("The first days: {days}", { days: next.slice(0, SHOWN_DATES).map(shortDate).join(' · ') + (next.length > SHOWN_DATES ? ' …' : '') })}</p>` : nothing}
      ${cancelled.length > 0 ? html`<p class="small soft">${t("Cancelled: {days}", { days: cancelled.map(shortDate).join(' · ') })}</p>` : nothing}`;
  }

  #buttons() {
    if (this.#asks)
      return html`
        <p role="alert">${this.#order.repeat ? t("Delete all days of this? The room and its link stay.") : t("Delete this? The room and its link stay.")}</p>
        <div class="dialog-buttons">
          <button type="button" class="button" @click=${() => this.#ask(false)}>${t("Keep it")}</button>
          <button type="button" class="button danger" ?disabled=${this.#busy} @click=${() => this.#run(this.#onDelete)}>${t("Delete")}</button>
        </div>`;
    return html`
      <div class="dialog-buttons">
        ${this.#event ? html`<button type="button" class="button danger-outline at-start" @click=${() => this.#ask(true)}>${icon('trash-2', 'small')}<span>${t("Delete…")}</span></button>` : nothing}
        <button type="button" class="button" data-close>${t("Cancel")}</button>
        <button class="button primary" ?disabled=${this.#busy}>${this.#event ? t("Save") : t("Plan it")}</button>
      </div>`;
  }

  /** @param {boolean} asks */
  #ask(asks) {
    this.#asks = asks;
    this.#update();
  }

  /** @param {Event} event */
  #onInput = event => {
    this.#order = this.#read(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)));
    this.#error = '';
    this.#update();
  };

  /** @param {FormData} data @returns {EventOrder} */
  #read(data) {
    const text = (/** @type {string} */ name) => String(data.get(name) ?? '');
    return { title: text('title'), start: `${text('date')}T${text('time').slice(0, 5)}`, zone: text('zone'), minutes: Number(text('minutes')), repeat: this.#readRepeat(data, text) };
  }

  /** @param {FormData} data @param {(name: string) => string} text @returns {Repeat | null} */
  #readRepeat(data, text) {
    const every = /** @type {'' | Repeat['every']} */ (text('every'));
    if (every === '')
      return null;
    const before = this.#order.repeat;
    const days = /** @type {Day[]} */ (data.getAll('days').map(String));
    const moved = text('date') !== this.#order.start.slice(0, 10);
    const given = every === 'week' && before?.every === 'week' && !(moved && days.length === 1); // one day alone goes along with the first
    const date = ISO_DATE.test(text('date')) ? text('date') : '';
    return {
      every, interval: Number(text('interval') || 1),
      ...(every === 'week' && date && { days: given && days.length > 0 ? days : [weekdayOf(date)] }),
      ...(text('ends') === 'until' && date && { until: text('until') || before?.until || addDays(date, 90) }),
      ...(text('ends') === 'count' && { count: data.has('count') ? Number(text('count')) : before?.count ?? 10 }),
    };
  }

  /** @param {EventOrder} order @returns {string} a sentence where something is missing */
  #check({ title, start, zone, repeat }) {
    const [date, time] = start.split('T');
    if (cleanTitle(title) === '')
      return t("Give it a title.");
    if (!ISO_DATE.test(date) || !/^\d\d:\d\d$/.test(time))
      return t("Choose a day and a time.");
    if (!repeat)
      return instantOf(start, zone) < Date.now() && !this.#event ? t("This time is over already.") : '';
    const whole = (/** @type {number} */ n, /** @type {number} */ most) => Number.isInteger(n) && n >= 1 && n <= most;
    if (!whole(repeat.interval, MOST_INTERVAL))
      return t("Choose a number from 1 to {n}.", { n: MOST_INTERVAL });
    if (repeat.count !== undefined && !whole(repeat.count, MOST_COUNT))
      return t("Choose a number from 1 to {n}.", { n: MOST_COUNT });
    return datesOf(date, repeat, 1).length === 0 ? t("The last day must come after the first.") : '';
  }

  /** @param {SubmitEvent} event */
  #onSubmit = event => {
    event.preventDefault();
    const order = this.#read(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)));
    this.#error = this.#check(order);
    if (this.#error)
      this.#update();
    else
      void this.#run(() => this.#onSave(complete(order)));
  };

  /** @param {() => Promise<string>} act */
  async #run(act) {
    this.#busy = true;
    this.#error = '';
    this.#update();
    this.#error = await act();
    this.#busy = false;
    this.#update();
  }
}
