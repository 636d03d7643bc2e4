// Time zones: which there are, which one this browser is in, and from a wall's time in one of them to the instant and back. What a zone's
// clocks show is asked of the browser, which knows the rules; nothing of them stands here.

const MINUTE = 60_000;

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** @param {string} zone */
function formatOf(zone) {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' });
    formats.set(zone, format);
  }
  return format;
}

/** @returns {string} where this browser is, e.g. `Europe/Berlin` */
export const localZone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

/** @param {string} zone */
export function isZone(zone) {
  try {
    return formatOf(zone) !== undefined;
  } catch {
    return false;
  }
}

/** @param {...string} more which have to be among them @returns {string[]} by name */
export function zones(...more) {
  const known = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : [];
  return [...new Set([...known, 'UTC', localZone(), ...more.filter(isZone)])].sort();
}

/** @param {number} at ms since 1970 @param {string} zone @returns {string} what clocks show there: `YYYY-MM-DDTHH:MM` */
export function wallAt(at, zone) {
  /** @type {Record<string, string>} */
  const parts = Object.fromEntries(formatOf(zone).formatToParts(at).map(({ type, value }) => [type, value]));
  return `${parts.year.padStart(4, '0')}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

/** @param {string} wall */
const asUtc = wall => Date.parse(`${wall}:00Z`);

/** @param {number} at @param {string} zone @returns {number} ms that its clocks are ahead of UTC then */
export const offsetAt = (at, zone) => asUtc(wallAt(at, zone)) - Math.floor(at / MINUTE) * MINUTE;

/**
 * When clocks there show that. An hour that is skipped is taken as if it were not; of one that comes twice, the first.
 * @param {string} wall `YYYY-MM-DDTHH:MM` @param {string} zone @returns {number} ms since 1970
 */
export function instantOf(wall, zone) {
  const utc = asUtc(wall);
  const candidates = [utc - offsetAt(utc - 24 * 60 * MINUTE, zone), utc - offsetAt(utc + 24 * 60 * MINUTE, zone)];
  return candidates.sort((a, b) => a - b).find(at => wallAt(at, zone) === wall) ?? utc - offsetAt(utc - 24 * 60 * MINUTE, zone);
}

/** @param {string} zone @returns {string} as people read it: `Buenos Aires (America/Argentina)` */
export function zoneWords(zone) {
  const parts = zone.replaceAll('_', ' ').split('/');
  const city = /** @type {string} */ (parts.pop());
  return parts.length > 0 ? `${city} (${parts.join('/')})` : city;
}
