// Dates, times and repetitions as people say them, in the page's language and where the reader is. Only words.

import { i18n, t, tn } from '../core/i18n.js';
import { DAYS, addDays, weekdayOf } from '../core/repeat.js';
import { localZone, offsetAt, wallAt, zoneWords } from '../core/zones.js';

/** @typedef {import('../core/repeat.js').Repeat} Repeat */
/** @typedef {import('../core/repeat.js').Day} Day */

const MONDAY = '2026-11-23';

/** A day without a time; never moved by a zone. @param {string} date `YYYY-MM-DD` @param {Intl.DateTimeFormatOptions} options */
const formatDate = (date, options) => new Intl.DateTimeFormat(i18n.lang, { ...options, timeZone: 'UTC' }).format(Date.parse(`${date}T12:00Z`));

/** @param {string} date @returns {string} `Thursday, 26 November 2026` */
export const longDate = date => formatDate(date, { dateStyle: 'full' });

/** @param {string} date @returns {string} `26 Nov 2026` */
export const shortDate = date => formatDate(date, { dateStyle: 'medium' });

/** @param {Day} day @param {'long' | 'short'} [width] */
export const dayName = (day, width = 'long') => formatDate(addDays(MONDAY, DAYS.indexOf(day)), { weekday: width });

/** @param {number} at ms @param {string} [zone] @returns {string} `15:00` */
export const timeOfDay = (at, zone = localZone()) => new Intl.DateTimeFormat(i18n.lang, { timeStyle: 'short', timeZone: zone }).format(at);

/** @param {number} start @param {number} end @param {string} [zone] @returns {string} `15:00 – 16:00` */
export const timeRange = (start, end, zone = localZone()) => new Intl.DateTimeFormat(i18n.lang, { timeStyle: 'short', timeZone: zone }).formatRange(start, end);

/** What stands over the dates of one day. @param {string} date @param {string} today */
export function dayHeading(date, today) {
  if (date === today)
    return t("Today");
  return date === addDays(today, 1) ? t("Tomorrow") : longDate(date);
}

/**
 * What clocks show where the event is, if they show something else than here.
 * @param {number} start @param {string} zone @returns {string} '' where they show the same
 */
export function elsewhere(start, zone) {
  if (zone === localZone() || offsetAt(start, zone) === offsetAt(start, localZone()))
    return '';
  const sameDay = wallAt(start, zone).slice(0, 10) === wallAt(start, localZone()).slice(0, 10);
  const when = sameDay ? timeOfDay(start, zone) : new Intl.DateTimeFormat(i18n.lang, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(start);
  return t("{time} in {zone}", { time: when, zone: zoneWords(zone) });
}

/** @param {number} minutes @returns {string} `1 hour, 30 minutes` */
export function durationWords(minutes) {
  const unit = (/** @type {number} */ n, /** @type {'hour' | 'minute'} */ name) => new Intl.NumberFormat(i18n.lang, { style: 'unit', unit: name, unitDisplay: 'long' }).format(n);
  const parts = [...minutes >= 60 ? [unit(Math.floor(minutes / 60), 'hour')] : [], ...minutes % 60 || minutes === 0 ? [unit(minutes % 60, 'minute')] : []];
  return new Intl.ListFormat(i18n.lang, { type: 'unit' }).format(parts);
}

/** @param {Repeat} repeat @param {string} first the day of the first */
function rule({ every, interval, days }, first) {
  if (every === 'day')
    return tn("Every day", "Every {n} days", interval);
  if (every === 'month')
    return tn("Every month, on day {day}", "Every {n} months, on day {day}", interval, { day: Number(first.slice(8)) });
  const on = DAYS.filter(day => (days && days.length > 0 ? days.includes(day) : day === weekdayOf(first)));
  return tn("Every week, on {days}", "Every {n} weeks, on {days}", interval, { days: new Intl.ListFormat(i18n.lang, { type: 'conjunction' }).format(on.map(day => dayName(day))) });
}

/** @param {Repeat | null} repeat @param {string} first `YYYY-MM-DD` @returns {string} a rule in plain words */
export function repeatWords(repeat, first) {
  if (!repeat)
    return t("Once");
  const words = rule(repeat, first);
  if (repeat.until)
    return t("{rule}, until {date}", { rule: words, date: shortDate(repeat.until) });
  return repeat.count ? tn("{rule}, {n} time", "{rule}, {n} times", repeat.count, { rule: words }) : words;
}
