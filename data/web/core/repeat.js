// How an event repeats: the rule as the server takes it, and the first dates that come of it, for who writes one to see. Days only, by
// the wall's calendar of the event's zone; the server, which knows the clocks' changes, says when each one really is.

/** @typedef {'mo' | 'tu' | 'we' | 'th' | 'fr' | 'sa' | 'su'} Day */
/** @typedef {{ every: 'day' | 'week' | 'month', interval: number, days?: Day[], until?: string, count?: number }} Repeat */

export const MOST_INTERVAL = 12;
export const MOST_COUNT = 500;
/** @type {readonly Day[]} */
export const DAYS = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'];

const MS = 86_400_000;
const FARTHEST = 20_000; // days that are looked at for the next one

/** @param {string} date `YYYY-MM-DD` */
const dayNumber = date => Date.parse(`${date}T00:00Z`) / MS;

/** @param {number} number */
const dateOf = number => new Date(number * MS).toISOString().slice(0, 10);

/** @param {string} date @returns {Day} */
export const weekdayOf = date => DAYS[(dayNumber(date) + 3) % 7];

/** @param {string} date @param {number} days @returns {string} */
export const addDays = (date, days) => dateOf(dayNumber(date) + days);

/** Whether it is on that day, but for how often. @param {number} number of the day @param {number} first @param {Repeat} repeat */
function falls(number, first, { every, interval, days }) {
  if (every === 'day')
    return (number - first) % interval === 0;
  if (every === 'week') {
    const monday = first - (first + 3) % 7;
    const weeks = Math.floor((number - monday) / 7);
    const on = days && days.length > 0 ? days : [weekdayOf(dateOf(first))];
    return weeks % interval === 0 && on.includes(weekdayOf(dateOf(number)));
  }
  const from = new Date(first * MS);
  const at = new Date(number * MS);
  const months = (at.getUTCFullYear() - from.getUTCFullYear()) * 12 + at.getUTCMonth() - from.getUTCMonth();
  const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate();
  return at.getUTCDate() === Math.min(from.getUTCDate(), last) && months % interval === 0; // the last one of a shorter month
}

/**
 * @param {string} first `YYYY-MM-DD` @param {Repeat | null} repeat @param {number} n how many at most
 * @returns {string[]} the days it is on, from the first
 */
export function datesOf(first, repeat, n) {
  if (!repeat)
    return [first];
  const start = dayNumber(first);
  const last = repeat.until ? dayNumber(repeat.until) : Infinity;
  const most = Math.min(n, repeat.count ?? Infinity);
  const dates = [];
  for (let number = start; number <= Math.min(last, start + FARTHEST) && dates.length < most; number++)
    if (falls(number, start, repeat))
      dates.push(dateOf(number));
  return dates;
}
