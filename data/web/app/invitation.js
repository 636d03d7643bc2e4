// The text that a host sends to guests: what, when, the link, and what to dial; never the PIN for hosts. In the language of the page; plain, so that it survives any mail.

import { grouped, oneTap } from '../core/dial-in.js';
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

/** @param {import('../core/dial-in.js').DialIn} dialIn */
function byPhone({ numbers, pin }) {
  const taps = numbers.map(number => oneTap(number, pin)).filter(tap => tap !== null);
  return [
    t("Or join by phone:"), ...numbers, t("PIN: {pin}", { pin: `${grouped(pin)} #` }),
    ...taps.length > 0 ? [t("From a mobile phone, with the PIN:"), ...taps] : [], '',
  ];
}

/**
 * @param {{ title: string, url: string, dialIn?: import('../core/dial-in.js').DialIn | null, event?: ScheduledEvent | null, date?: string }} options
 * @returns {string} with lines
 */
export function invitationText({ title, url, dialIn = null, event = null, date }) {
  return [
    t("You are invited to a meeting: {title}", { title }), '',
    ...event ? [...when(event, date), ''] : [],
    t("Open this link to join:"), url, '',
    ...dialIn ? byPhone(dialIn) : [],
    t("You need a browser and nothing else: no account, nothing to install."),
  ].join('\n');
}

