// What is planned off the record. The server is told the day until which the room is to be there, and nothing else (PROTOCOL.md, section 2.2):
// the dates, the invitation and the file for calendars are made here, and are kept by whoever gets them.

import { calendarOf } from './calendar.js';
import { MOST_COUNT, datesOf } from './repeat.js';
import { instantOf } from './zones.js';

/** @typedef {import('./schedule.js').EventOrder} EventOrder */

const MINUTE = 60_000;
const DAY = 86_400_000;
/** As far ahead as the server keeps a room. */
export const MOST_DAYS = 366;

/** When it is: what lies farther ahead is left out. @param {EventOrder} order @param {number} now @returns {{ start: number, end: number }[]} the first one first */
export function timesOf({ start, zone, minutes, repeat }, now) {
  const [first, time] = start.split('T');
  return datesOf(first, repeat, MOST_COUNT)
    .map(date => instantOf(`${date}T${time}`, zone))
    .filter(at => at <= now + MOST_DAYS * DAY)
    .map(at => ({ start: at, end: at + minutes * MINUTE }));
}

/** A day for those who stay longer. @param {{ end: number }[]} times @returns {number} ms since 1970, whole days, which say nothing of the hour */
export const keptUntil = times => (Math.floor(Math.max(...times.map(({ end }) => end)) / DAY) + 2) * DAY;

/** @param {EventOrder} order @param {string} url of the room @param {string} words for people @param {number} now @returns {string} a file for calendars */
export const privateCalendar = (order, url, words, now) => calendarOf(order.title, timesOf(order, now), url, words, now);
