// For hosts: how the media of the room do. Three small charts over the last two minutes, and a line for each person, the one who
// has most trouble first. What is drawn comes every 2 s, and only while this is open.

import { html, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { bitrate, finePercent } from '../core/figures.js';
import { i18n, t } from '../core/i18n.js';
import { chart } from './chart.js';
import { panel } from './panel.js';
import { SPAN, StatsHistory } from './stats-history.js';

/** @typedef {import('../core/forum.js').ConnectionStats} ConnectionStats */

const MOST_LINES = 100;
const POOR_LOSS = 0.05;

/** @param {number} value bit/s */
const megabits = value => new Intl.NumberFormat(i18n.lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value / 1e6);

/** @param {string} words @param {string} unit */
const head = (words, unit) => html`<th scope="col">${words}<br><span class="soft">${unit}</span></th>`;

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
          ], 100_000, bitrate)}
          ${this.#chart(t("Lost packets, at worst"), [{ name: '', kind: 'third', key: 'loss' }], 0.01, finePercent)}
          ${this.#chart(t("Load of the server"), [{ name: '', kind: 'first', key: 'cpu' }], 0.1, finePercent)}
          ${this.#table(last.people)}`}
      </div>` });
  }

  /**
   * @param {string} title @param {{ name: string, kind: string, key: 'up' | 'down' | 'loss' | 'cpu' }[]} series
   * @param {number} least the scale at least @param {(value: number) => string} words for a value
   */
  #chart(title, series, least, words) {
    const lines = series.map(({ key, ...one }) => ({ ...one, points: this.#history.series(key) }));
    return chart({ title, series: lines, words, now: this.#history.last?.at ?? 0, span: SPAN, least });
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
