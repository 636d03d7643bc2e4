// Durations, sizes and dates as people read them. Durations look the same in all languages; the rest follows the page's language.

import { i18n } from './i18n.js';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
/** Making one takes a thousand times as long as using it. @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/** @param {number} n */
const two = n => String(n).padStart(2, '0');

/** A place in a recording, or how long it is. @param {number} ms @returns {string} `0:07`, `12:34`, `1:02:03` */
export function clockTime(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** What somebody types for it: seconds, `m:ss` or `h:mm:ss`. @param {string} text @returns {number | null} ms */
export function parseClock(text) {
  const match = /^\s*(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,5})(?:[.,](\d{1,3}))?\s*$/.exec(text);
  if (!match)
    return null;
  const [, hours = '0', minutes = '0', seconds, fraction = ''] = match;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(fraction.padEnd(3, '0'));
}

/** @param {number} unit of `UNITS` @param {number} maximumFractionDigits */
function sizeFormat(unit, maximumFractionDigits) {
  const key = `${i18n.lang} ${unit} ${maximumFractionDigits}`;
  const format = formats.get(key) ?? new Intl.NumberFormat(i18n.lang, {
    style: 'unit', unit: UNITS[unit], unitDisplay: unit === 0 ? 'long' : 'short', maximumFractionDigits,
  });
  formats.set(key, format);
  return format;
}

/** @param {number} bytes @returns {string} `840 kB`, `1.2 GB`: thousands, as disks are sold */
export function fileSize(bytes) {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return sizeFormat(unit, unit > 0 && value < 10 ? 1 : 0).format(value);
}

/** @param {number} at ms since 1970 @returns {string} day and time, in the time zone of the browser */
export const dateAndTime = at => new Intl.DateTimeFormat(i18n.lang, { dateStyle: 'medium', timeStyle: 'short' }).format(at);

/** @param {number} at ms since 1970 @returns {string} the time of the day, to the second */
export const timeOfDay = at => new Intl.DateTimeFormat(i18n.lang, { timeStyle: 'medium' }).format(at);

/** @param {number} at ms since 1970 @returns {string} the day */
export const day = at => new Intl.DateTimeFormat(i18n.lang, { dateStyle: 'medium' }).format(at);

/** @param {number} share 0…1 @returns {string} */
export const percent = share => new Intl.NumberFormat(i18n.lang, { style: 'percent', maximumFractionDigits: 0 }).format(Math.min(1, Math.max(0, share)));

/** @param {number} share 0…1, or more @returns {string} the same, to the tenth where it is small */
export const finePercent = share => new Intl.NumberFormat(i18n.lang, { style: 'percent', maximumFractionDigits: share < 0.1 ? 1 : 0 }).format(share);

/** @param {number} bits a second @returns {string} `640 kbit/s`, `1.25 Mbit/s` */
export const bitrate = bits => new Intl.NumberFormat(i18n.lang, { maximumSignificantDigits: 3 }).format(bits >= 999_500 ? bits / 1e6 : bits / 1e3)
  + (bits >= 999_500 ? ' Mbit/s' : ' kbit/s');

/** @param {number} n @returns {string} */
export const count = n => new Intl.NumberFormat(i18n.lang).format(n);
