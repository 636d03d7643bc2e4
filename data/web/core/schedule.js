// What is planned in the account's rooms: the next dates, as the server expands them, and the events they come from: made, changed, one
// date of them cancelled, deleted (PROTOCOL.md, section 3). Times of dates are instants; an event's own is the wall's, in its zone.

import { errorId, queryOf } from './requests.js';

/** @typedef {import('./repeat.js').Repeat} Repeat */

/**
 * @typedef {object} ScheduledEvent
 * @property {string} id
 * @property {string} room
 * @property {string} title
 * @property {string} start `YYYY-MM-DDTHH:MM`, of the first
 * @property {string} zone
 * @property {number} minutes
 * @property {Repeat | null} repeat
 * @property {string[]} cancelled dates, `YYYY-MM-DD`
 */

/** @typedef {Omit<ScheduledEvent, 'id' | 'room' | 'cancelled'>} EventOrder */

/**
 * One date of an event.
 * @typedef {object} Occurrence
 * @property {string} event
 * @property {string} room
 * @property {string} title
 * @property {string} zone
 * @property {string} date `YYYY-MM-DD` in the event's zone, which is what is cancelled
 * @property {number} start ms since 1970
 * @property {number} end
 * @property {boolean} repeats
 */

const DAY = 86_400_000;
const AHEAD = 60 * DAY;
const MOST = 50;

/** @param {string} id */
const eventPath = id => `/events/${encodeURIComponent(id)}`;

/** @param {string} id of an event @returns {string} where its file for calendars is */
export const calendarUrl = id => `/api/v1${eventPath(id)}/calendar.ics`;

/** Events: `change`. */
export class Schedule extends EventTarget {
  /** The next dates, the first one first. @type {Occurrence[]} */ upcoming = [];
  loading = true;
  /** @type {string | null} */ error = null;
  #requests;
  #now;
  #turn = 0;

  /** @param {import('./requests.js').Requests} requests @param {() => number} [now] */
  constructor(requests, now = Date.now) {
    super();
    this.#requests = requests;
    this.#now = now;
  }

  /** What goes on now is among them. Never throws: see `error`. */
  async load() {
    const turn = ++this.#turn;
    this.loading = true;
    this.#changed();
    try {
      const now = this.#now();
      const { events = [] } = await this.#requests.ask('GET', `/events${queryOf({ from: now, to: now + AHEAD, limit: MOST })}`);
      if (turn !== this.#turn)
        return;
      this.upcoming = events.map(read).filter((/** @type {Occurrence} */ { end }) => end > now).sort((/** @type {Occurrence} */ a, /** @type {Occurrence} */ b) => a.start - b.start);
      this.error = null;
    } catch (error) {
      if (turn !== this.#turn)
        return;
      this.error = errorId(error);
    }
    this.loading = false;
    this.#changed();
  }

  /** @param {string} room @returns {Promise<ScheduledEvent[]>} */
  async ofRoom(room) {
    const { events = [] } = await this.#requests.ask('GET', `/rooms/${encodeURIComponent(room)}/events`);
    return events;
  }

  /** @param {string} room @param {EventOrder} order @returns {Promise<ScheduledEvent>} */
  async add(room, order) {
    return this.#after(await this.#requests.ask('POST', `/rooms/${encodeURIComponent(room)}/events`, order));
  }

  /** @param {string} id @param {Partial<EventOrder>} changes @returns {Promise<ScheduledEvent>} */
  async change(id, changes) {
    return this.#after(await this.#requests.ask('PATCH', eventPath(id), changes));
  }

  /** That one day it is not. @param {string} id @param {string} date `YYYY-MM-DD` in its zone @returns {Promise<ScheduledEvent>} */
  async cancel(id, date) {
    return this.#after(await this.#requests.ask('POST', `${eventPath(id)}/cancel`, { date }));
  }

  /** All its dates. @param {string} id */
  async remove(id) {
    this.#after(await this.#requests.ask('DELETE', eventPath(id)));
  }

  /** The file for calendars, which of rooms from browser to browser lacks the link. @param {string} id @returns {Promise<string>} */
  calendar(id) {
    return this.#requests.text(calendarUrl(id));
  }

  dispose() {
    this.#turn++;
  }

  /** The dates are others now. @template T @param {T} answer @returns {T} */
  #after(answer) {
    void this.load();
    return answer;
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

/** @param {any} row @returns {Occurrence} */
function read({ id, event = id, room, title, zone, date, start, end, minutes = 0, repeat = null }) {
  return { event, room, title, zone, date, start, end: end ?? start + minutes * 60_000, repeats: repeat !== null && repeat !== false };
}

/**
 * @param {Occurrence[]} occurrences in order @param {(at: number) => string} dayOf the day of an instant, where the reader is
 * @returns {{ day: string, occurrences: Occurrence[] }[]} by days
 */
export function byDay(occurrences, dayOf) {
  /** @type {{ day: string, occurrences: Occurrence[] }[]} */
  const groups = [];
  for (const occurrence of occurrences) {
    const day = dayOf(occurrence.start);
    const last = groups.at(-1);
    if (last?.day === day)
      last.occurrences.push(occurrence);
    else
      groups.push({ day, occurrences: [occurrence] });
  }
  return groups;
}
