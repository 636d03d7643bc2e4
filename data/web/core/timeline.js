// Who spoke and who shared a screen, when: `timeline.json` and `waveform.json` of a recording as lanes to draw. Both were written by the
// server, but from what people sent: whatever does not fit is passed over. Pure. Times are ms from the recording's beginning.

/** @typedef {{ from: number, to: number }} Span */

/**
 * @typedef {object} Lane
 * @property {string} person id
 * @property {string} name
 * @property {Span[]} speaks
 * @property {Span[]} screens that they shared
 * @property {Span[]} present
 */

/** @typedef {{ duration: number, lanes: Lane[] }} Timeline */

const MOST_PEOPLE = 500;
const MOST_SPANS = 100_000;
const LAST_SPEECH_MS = 2_000; // how long the last word of a recording is taken to be

/** @param {unknown} value @returns {number | null} */
const time = value => (typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null);

/** @param {unknown} value @returns {any[]} */
const list = value => (Array.isArray(value) ? value.slice(0, MOST_SPANS) : []);

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

/** `[{ from, to }]` or `[[from, to]]`. @param {unknown} value @param {number} duration @returns {Span[]} */
function spans(value, duration) {
  return list(value).flatMap(one => {
    const from = time(Array.isArray(one) ? one[0] : one?.from ?? one?.t);
    const to = time(Array.isArray(one) ? one[1] : one?.to) ?? duration;
    return from === null || from >= duration || to <= from ? [] : [{ from, to: Math.min(to, duration) }];
  });
}

/** Who speaks from each moment on, until the next one. @param {unknown} value `[{ t, people }]` @param {number} duration @returns {Map<string, Span[]>} */
function changes(value, duration) {
  const events = list(value).filter(one => time(one?.t) !== null && Array.isArray(one.people)).sort((a, b) => a.t - b.t);
  const found = new Map();
  events.forEach(({ t, people }, i) => {
    const to = Math.min(events[i + 1]?.t ?? t + LAST_SPEECH_MS, duration);
    for (const person of to > t ? people : [])
      found.set(person, [...found.get(person) ?? [], { from: t, to }]);
  });
  return found;
}

/** @param {string} text of timeline.json @returns {Timeline | null} null where it is none */
export function readTimeline(text) {
  const value = parse(text);
  const duration = time(value?.duration);
  if (!duration)
    return null;
  const speakers = changes(value.speakers, duration);
  const lanes = list(value.people).slice(0, MOST_PEOPLE).filter(one => typeof one?.id === 'string').map(one => ({
    person: one.id,
    name: typeof one.name === 'string' ? one.name : one.id,
    speaks: merge([...spans(one.speaking, duration), ...speakers.get(one.id) ?? []]),
    screens: merge(spans(one.screen, duration)),
    present: merge(spans(one.present, duration)),
  }));
  return { duration, lanes };
}

/** @param {readonly Span[]} of @returns {number} ms in all */
export const total = of => of.reduce((sum, { from, to }) => sum + to - from, 0);

/** Who has said or shown anything, those who said most first. @param {Timeline} timeline @returns {Lane[]} */
export const busyLanes = ({ lanes }) => lanes.filter(({ speaks, screens }) => speaks.length + screens.length > 0)
  .sort((a, b) => total(b.speaks) - total(a.speaks));

/** @param {string} text of waveform.json @returns {number[]} loudness 0…1, evenly over the recording; empty where it is none */
export function readWaveform(text) {
  const value = parse(text);
  const peaks = list(value?.peaks ?? value?.data).filter(peak => typeof peak === 'number' && Number.isFinite(peak)).map(Math.abs);
  const most = peaks.reduce((high, peak) => Math.max(high, peak), 0);
  const scale = most > 1 ? Math.max(most, 128) : 1;
  return peaks.map(peak => Math.min(1, peak / scale));
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
