// A chart: its heading with what the lines say now, and the lines. Where it has a cursor, one moves over it with the pointer or the
// arrow keys, and the heading says what was there then; a table says the same to whoever wants to read it.

import { html, nothing, svg } from 'lit-html';
import { across, ceiling, line } from './chart-lines.js';

/** @typedef {import('./chart-lines.js').Point} Point */
/** `kind`: the class of its colour. @typedef {{ name: string, kind: string, points: readonly Point[] }} Series */

/**
 * @typedef {object} Chart
 * @property {string} title
 * @property {readonly Series[]} series
 * @property {(value: number) => string} words for a value
 * @property {number} now the right end, ms since 1970
 * @property {number} span ms
 * @property {number} least the scale at least
 * @property {number} [top] the scale, where it does not follow the values
 * @property {number} [gap] ms without a point that break a line
 * @property {number | null} [cursor] the time whose values the heading has
 * @property {unknown} [over] on the drawing
 * @property {unknown} [below]
 */

/** @param {Series} series @param {number | null} [at] else the newest @returns {number | null} */
const valueAt = ({ points }, at = null) => (at === null ? points.at(-1) : points.find(point => point.at === at))?.value ?? null;

/** What all the lines say at a time. @param {Chart} chart @returns {{ kind: string, name: string, value: string, text: string }[]} */
export const readings = ({ series, words, cursor = null }) => series.map(one => {
  const found = valueAt(one, cursor);
  const value = found === null ? '–' : words(found);
  return { kind: one.kind, name: one.name, value, text: `${one.name} ${value}`.trim() };
});

/** @param {Chart} chart */
const topOf = ({ series, least, top }) => top ?? ceiling(Math.max(0, ...series.flatMap(({ points }) => points.map(({ value }) => value ?? 0))), least);

/** @param {Chart} chart */
export function chart(chart) {
  const { title, series, words, now, span, gap, cursor = null, over = nothing, below = nothing } = chart;
  const top = topOf(chart);
  const said = readings(chart);
  return html`
    <figure class="chart">
      <figcaption>
        <h3>${title}</h3>
        <ul class="chart-key">${said.map(({ kind, name, value }) => html`<li class=${kind}>${name} <b>${value}</b></li>`)}</ul>
      </figcaption>
      <div class="chart-box">
        <span class="chart-top" aria-hidden="true">${words(top)}</span>
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="${title}: ${said.map(({ text }) => text).join(', ')}">
          <path class="chart-grid" d="M0 .5H100M0 50H100M0 99.5H100"></path>
          ${cursor === null ? nothing : svg`<path class="chart-cursor" d="M${across(cursor, now, span).toFixed(2)} 0V100"></path>`}
          ${series.map(({ kind, points }) => svg`<path class="chart-line ${kind}" d=${line(points, { now, span, top, gap })}></path>`)}
        </svg>
        ${over}
      </div>
      ${below}
    </figure>`;
}
