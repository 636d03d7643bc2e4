// For hosts: how the media of the room do. Three small charts over the last two minutes, and a line for each person, the one who
// has most trouble first. What is drawn comes every 2 s, and only while this is open.

import { html, nothing, svg } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { i18n, t } from '../core/i18n.js';
import { panel } from './panel.js';
import { StatsHistory, ceiling, line } from './stats-history.js';

/** @typedef {import('../core/forum.js').ConnectionStats} ConnectionStats */

const MOST_LINES = 100;
const POOR_LOSS = 0.05;

/** @param {number} value bit/s */
const rate = value => new Intl.NumberFormat(i18n.lang, { maximumSignificantDigits: 3 }).format(value >= 999_500 ? value / 1e6 : value / 1e3)
  + (value >= 999_500 ? ' Mbit/s' : ' kbit/s');

/** @param {number} value bit/s */
const megabits = value => new Intl.NumberFormat(i18n.lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value / 1e6);

/** @param {string} words @param {string} unit */
const head = (words, unit) => html`<th scope="col">${words}<br><span class="soft">${unit}</span></th>`;

/** @param {number} value 0…1 */
const percent = value => new Intl.NumberFormat(i18n.lang, { style: 'percent', maximumFractionDigits: value < 0.1 ? 1 : 0 }).format(value);

/** @param {number} value 0…1 */
const hundredths = value => new Intl.NumberFormat(i18n.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(100 * value);

/** @param {ConnectionStats} one */
const worst = one => Math.max(one.up_loss, one.down_loss);

export class ConnectionPanel {
  #meeting;
  #update;
  #onClose;
  #history = new StatsHistory();

  /** @param {import('../core/meeting.js').Meeting} meeting @param {() => void} update @param {() => void} onClose */
  constructor(meeting, update, onClose) {
    this.#meeting = meeting;
    this.#update = update;
    this.#onClose = onClose;
  }

  open() {
    this.#meeting.addEventListener('stats', this.#onStats);
    void this.#meeting.watchStats(true);
  }

  close() {
    this.#meeting.removeEventListener('stats', this.#onStats);
    void this.#meeting.watchStats(false);
  }

  #onStats = () => {
    if (this.#meeting.stats)
      this.#history.add(this.#meeting.stats);
    this.#update();
  };

  template() {
    const { last } = this.#history;
    return panel({ id: 'connection', title: t("Connections"), onClose: this.#onClose, content: html`
      <div class="panel-body" tabindex="0" role="region" aria-label=${t("Connections")}>
        ${last === null ? html`<p class="empty soft">${t("Measuring…")}</p>` : html`
          ${this.#chart(t("Through the server"), [
            { name: t("In"), kind: 'first', key: 'up' },
            { name: t("Out"), kind: 'second', key: 'down' },
          ], 100_000, rate)}
          ${this.#chart(t("Lost packets, at worst"), [{ name: '', kind: 'third', key: 'loss' }], 0.01, percent)}
          ${this.#chart(t("Load of the server"), [{ name: '', kind: 'first', key: 'cpu' }], 0.1, percent)}
          ${this.#table(last.people)}`}
      </div>` });
  }

  /**
   * @param {string} title @param {{ name: string, kind: string, key: 'up' | 'down' | 'loss' | 'cpu' }[]} series
   * @param {number} least the scale at least @param {(value: number) => string} words for a value
   */
  #chart(title, series, least, words) {
    const now = this.#history.last?.at ?? 0;
    const lines = series.map(one => ({ ...one, points: this.#history.series(one.key) }));
    const top = ceiling(Math.max(...lines.flatMap(({ points }) => points.map(({ value }) => value))), least);
    const current = lines.map(({ name, points }) => `${name} ${words(points.at(-1)?.value ?? 0)}`.trim());
    return html`
      <figure class="chart">
        <figcaption>
          <h3>${title}</h3>
          <ul class="chart-key">${lines.map(({ kind }, i) => html`<li class=${kind}>${current[i]}</li>`)}</ul>
        </figcaption>
        <div class="chart-box">
          <span class="chart-top" aria-hidden="true">${words(top)}</span>
          <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="${title}: ${current.join(', ')}">
            <path class="chart-grid" d="M0 .5H100M0 50H100M0 99.5H100"></path>
            ${lines.map(({ kind, points }) => svg`<path class="chart-line ${kind}" d=${line(points, now, top)}></path>`)}
          </svg>
        </div>
      </figure>`;
  }

  /** @param {readonly ConnectionStats[]} people */
  #table(people) {
    const sorted = [...people].sort((a, b) => worst(b) - worst(a)).slice(0, MOST_LINES);
    return html`
      <table class="connections">
        <thead><tr><th scope="col">${t("Name")}</th>${head(t("Sends"), 'Mbit/s')}${head(t("Receives"), 'Mbit/s')}${head(t("Lost"), '%')}${head(t("Delay"), 'ms')}</tr></thead>
        <tbody>${repeat(sorted, ({ person }) => person, entry => this.#line(entry))}</tbody>
      </table>
      ${people.length > MOST_LINES ? html`<p class="small soft">${t("The {n} with most losses are shown.", { n: MOST_LINES })}</p>` : nothing}`;
  }

  /** @param {ConnectionStats} one */
  #line(one) {
    return html`
      <tr class=${worst(one) > POOR_LOSS ? 'poor' : ''}>
        <th scope="row"><span>${this.#meeting.people.get(one.person)?.name ?? t("Somebody")}</span></th>
        <td>${megabits(one.up)}</td><td>${megabits(one.down)}</td><td>${hundredths(worst(one))}</td><td>${one.rtt < 0 ? '–' : Math.round(one.rtt)}</td>
      </tr>`;
  }
}
