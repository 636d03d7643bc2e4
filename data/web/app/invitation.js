// The text that a host sends to guests: what, when, and the link. In the language of the page; plain, so that it survives any mail.

import { t } from '../core/i18n.js';
import { longDate, repeatWords, timeOfDay } from './schedule-words.js';
import { instantOf, wallAt, zoneWords } from '../core/zones.js';

/** @typedef {import('../core/schedule.js').ScheduledEvent} ScheduledEvent */

/** @param {ScheduledEvent} event @param {string} [date] one of its days, else its first */
function when({ start, zone, repeat }, date) {
  const at = instantOf(date ? `${date}${start.slice(10)}` : start, zone);
  const words = t("{date}, {time} ({zone})", { date: longDate(wallAt(at, zone).slice(0, 10)), time: timeOfDay(at, zone), zone: zoneWords(zone) });
  return repeat ? [words, repeatWords(repeat, start.slice(0, 10))] : [words];
}

/**
 * @param {{ title: string, url: string, event?: ScheduledEvent | null, date?: string }} options
 * @returns {string} with lines
 */
export function invitationText({ title, url, event = null, date }) {
  return [
    t("You are invited to a meeting: {title}", { title }), '',
    ...event ? [...when(event, date), ''] : [],
    t("Open this link to join:"), url, '',
    t("You need a browser and nothing else: no account, nothing to install."),
  ].join('\n');
}

