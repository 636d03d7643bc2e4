// What charts are drawn from: points in time, the end of a scale, a line as a path. Pure.

/** `value` null: nobody knows. @typedef {{ at: number, value: number | null }} Point */

const CEILINGS = [1, 2, 5];

/** The end of a scale on which all these have room: 1, 2 or 5 times a power of ten. @param {number} value @param {number} least @returns {number} */
export function ceiling(value, least) {
  const wanted = Math.max(value, least);
  const power = 10 ** Math.floor(Math.log10(wanted));
  return (CEILINGS.find(step => step * power >= wanted) ?? 10) * power;
}

/** @param {number} at @param {number} now @param {number} span ms @returns {number} 0…100 from the left */
export const across = (at, now, span) => 100 - 100 * (now - at) / span;

/**
 * A line in a box of 100 by 100, now at its right, zero at its foot. It is broken where nothing is known, or for longer than `gap`.
 * @param {readonly Point[]} points @param {{ now: number, span: number, top: number, gap?: number }} scale times in ms since 1970
 * @returns {string} for the `d` of a path; '' where there is nothing to draw
 */
export function line(points, { now, span, top, gap = Infinity }) {
  let path = '';
  let before = NaN; // near to none
  for (const { at, value } of points) {
    if (value === null) {
      before = NaN;
      continue;
    }
    // h0: so that one that stands alone is a dot
    const place = `${across(at, now, span).toFixed(2)} ${(100 - 100 * Math.min(value / top, 1)).toFixed(2)}`;
    path += at - before <= gap ? `L${place}` : `M${place}h0`;
    before = at;
  }
  return path;
}

/** Which point is nearest to a time. @param {readonly { at: number }[]} points by time @param {number} at @returns {number} -1: there is none */
export function nearest(points, at) {
  let best = -1;
  for (let i = 0; i < points.length; i++)
    if (best < 0 || Math.abs(points[i].at - at) < Math.abs(points[best].at - at))
      best = i;
  return best;
}
