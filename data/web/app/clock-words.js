// Times of day and lengths of time as people read them. Pure.

import { i18n } from '../core/i18n.js';

/** Takes longer to make than to use; a chat has hundreds. */
let clock = { lang: '', format: new Intl.DateTimeFormat() };

/** @param {number} at ms since 1970 @returns {string} `14:05`, as the language has it */
export function timeOfDay(at) {
  if (clock.lang !== i18n.lang)
    clock = { lang: i18n.lang, format: new Intl.DateTimeFormat(i18n.lang, { hour: 'numeric', minute: '2-digit' }) };
  return clock.format.format(at);
}

/** @param {number} ms @returns {string} `4:07`, from an hour on `1:04:07` */
export function stopwatch(ms) {
  const seconds = Math.floor(Math.max(0, ms) / 1_000);
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const tail = `${String(m).padStart(h > 0 ? 2 : 1, '0')}:${String(s).padStart(2, '0')}`;
  return h > 0 ? `${h}:${tail}` : tail;
}

/** @param {number} minutes @returns {string} `15 min`, as the language has it */
export const minuteWords = minutes => new Intl.NumberFormat(i18n.lang, { style: 'unit', unit: 'minute', unitDisplay: 'short' }).format(minutes);
