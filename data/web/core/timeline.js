// Who spoke and who shared a screen, when: `timeline.json` and `waveform.json` of a recording as lanes to draw. Both were written by the
// server, but from what people sent: whatever does not fit is passed over. Pure. Times are ms from the recording's beginning.

/** @typedef {{ from: number, to: number }} Span */

/**
 * @typedef {object} Lane
 * @property {string} person id
 * @property {string} name
 * @property {Span[]} speaks
 * @property {Span[]} screens that they shared
 */

/** @typedef {{ duration: number, lanes: Lane[] }} Timeline */

const MOST_PEOPLE = 500;
const MOST = 1_000_000; // of anything; a day of loudness has fewer

/** @param {unknown} value @returns {number | null} */
const time = value => (typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null);

/** @param {unknown} value @returns {any[]} */
const list = value => (Array.isArray(value) ? value.slice(0, MOST) : []);

/** In order, and those that touch or nearly so are one. @param {Span[]} spans @param {number} [gap] ms that nobody sees @returns {Span[]} */
export function merge(spans, gap = 0) {
  /** @type {Span[]} */
  const merged = [];
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && from <= last.to + gap)
      last.to = Math.max(last.to, to);
    else
      merged.push({ from, to });
  }
  return merged;
}

/** @param {Map<string, Span[]>} found @param {string} person @param {Span} span */
function add(found, person, span) {
  const known = found.get(person);
  if (known)
    known.push(span);
  else
    found.set(person, [span]);
}

/** Of each person: `[{ person, from, to }]`. @param {unknown} value @param {number} duration @returns {Map<string, Span[]>} */
function byPerson(value, duration) {
  /** @type {Map<string, Span[]>} */
  const found = new Map();
  for (const one of list(value)) {
    const from = time(one?.from);
    const to = time(one?.to);
    if (from !== null && to !== null && from < Math.min(to, duration))
      add(found, one.person, { from, to: Math.min(to, duration) });
  }
  return found;
}

/** @param {string} text of timeline.json @returns {Timeline | null} null where it is none */
export function readTimeline(text) {
  const value = parse(text);
  const duration = time(value?.duration);
  if (!duration)
    return null;
  const speakers = byPerson(value.speakers, duration);
  const shares = byPerson(value.shares, duration);
  const lanes = list(value.people).slice(0, MOST_PEOPLE).filter(one => typeof one?.person === 'string').map(({ person, name }) => ({
    person, name: typeof name === 'string' && name !== '' ? name : person, speaks: merge(speakers.get(person) ?? []), screens: merge(shares.get(person) ?? []),
  }));
  return { duration, lanes };
}

/** @param {readonly Span[]} of @returns {number} ms in all */
export const total = of => of.reduce((sum, { from, to }) => sum + to - from, 0);

/** Who has said or shown anything, those who said most first. @param {Timeline} timeline @returns {Lane[]} */
export const busyLanes = ({ lanes }) => lanes.filter(({ speaks, screens }) => speaks.length + screens.length > 0)
  .sort((a, b) => total(b.speaks) - total(a.speaks));

/** @param {string} text of waveform.json @returns {number[]} loudness of all together, 0…1, evenly over the recording; empty where it is none */
export function readWaveform(text) {
  const value = parse(text);
  const most = time(value?.max) || 1;
  return list(value?.mix).map(level => Math.min(1, (time(level) ?? 0) / most));
}

/** The loudest of each of `columns` parts. @param {readonly number[]} peaks @param {number} columns @returns {number[]} */
export function columnsOf(peaks, columns) {
  return Array.from({ length: peaks.length > 0 ? columns : 0 }, (_, i) => {
    const from = Math.floor(i * peaks.length / columns);
    const to = Math.max(from + 1, Math.floor((i + 1) * peaks.length / columns));
    let high = 0;
    for (let at = from; at < to; at++)
      high = Math.max(high, peaks[at]);
    return high;
  });
}

/** A bar for each, around the middle of a box of 100 by 100. @param {readonly number[]} columns 0…1 @returns {string} an SVG path */
export function waveformPath(columns) {
  const width = 100 / columns.length;
  return columns.map((high, i) => {
    const half = Math.max(1, 46 * high);
    const x = (i + 0.5) * width;
    return `M${x.toFixed(2)} ${(50 - half).toFixed(1)}V${(50 + half).toFixed(1)}`;
  }).join('');
}

/** @param {string} text @returns {any} */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
