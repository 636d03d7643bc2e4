// How the server does, for administrators: whether all works, charts of the last hour, and the meetings that run. It goes on by itself
// while the page is looked at. One cursor stands in all charts at the same time of day.

import { html, nothing, svg } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { errorText } from '../core/errors.js';
import { count, dateAndTime, timeOfDay } from '../core/figures.js';
import { t, tn } from '../core/i18n.js';
import { HOUR, Overview } from '../core/overview.js';
import { AccountBar } from './account-bar.js';
import { across, nearest } from './chart-lines.js';
import { chart, readings } from './chart.js';
import { icon } from './icon.js';
import { wordsOf } from './kind-words.js';
import { checksFor, failures, plansFor } from './overview-plan.js';
import { pageFrame } from './page-frame.js';
import { problem } from './states.js';

/** @typedef {import('../core/overview.js').Row} Row */
/** @typedef {import('./overview-plan.js').Plan} Plan */
/** @typedef {import('./overview-plan.js').Check} Check */

const MINUTE = 60_000;
/** Between the rows of a table. */
const TABLE_STEP = 5 * MINUTE;
/** A line is broken where nothing came for so long. */
const GAP = 20_000;
const TICKS = [60, 45, 30, 15];

export class AdminPage {
  #shell;
  #onSignedOut;
  #overview;
  #bar;
  /** The time in all charts, ms since 1970; null: now. @type {number | null} */ #cursor = null;
  /** Tables that are open, by the id of their chart. @type {Set<string>} */ #open = new Set();

  /** @param {{ shell: import('./shell.js').Shell, account: import('../core/account.js').Account, requests: import('../core/requests.js').Requests, onSignedOut: () => void }} options */
  constructor({ shell, account, requests, onSignedOut }) {
    this.#shell = shell;
    this.#onSignedOut = onSignedOut;
    this.#overview = new Overview(requests);
    this.#bar = new AccountBar(account);
    this.#overview.addEventListener('change', this.#onChange);
    document.addEventListener('visibilitychange', this.#onVisibility);
    this.#onVisibility();
  }

  dispose() {
    document.removeEventListener('visibilitychange', this.#onVisibility);
    this.#overview.removeEventListener('change', this.#onChange);
    this.#overview.stop();
  }

  get title() {
    return t("Server");
  }

  /** Nobody looks: nobody asks. */
  #onVisibility = () => {
    if (document.hidden)
      this.#overview.stop();
    else
      this.#overview.start();
  };

  #onChange = () => {
    if (this.#overview.error === 'no-session')
      this.#onSignedOut();
    else
      this.#shell.update();
  };

  template() {
    const { error, last, isRefused } = this.#overview;
    if (isRefused)
      return pageFrame(problem({ heading: t("Only for administrators"), words: errorText(error), link: html`<a class="button" href="/">${t("To the start page")}</a>` }), '', this.#bar.template());
    return pageFrame(html`
      <a class="back" href="/">${icon('arrow-left', 'small')}<span>${t("To the start page")}</span></a>
      <header class="library-head"><h1>${t("Server")}</h1>${this.#state()}</header>
      ${error ? html`<div class="note bad" role="alert">${icon('wifi-low')}<div class="note-body"><p><strong>${t("Connection lost")}</strong></p>
        <p>${last ? t("The server does not answer. What stands here is of {time}; it goes on by itself.", { time: timeOfDay(last.at) }) : t("The server does not answer. This page tries again by itself.")}</p></div></div>` : nothing}
      ${last === null ? (error ? nothing : html`<p class="soft" role="status">${t("Measuring…")}</p>`) : html`
        <div class="overview ${error ? 'stale' : ''}">
          ${this.#health(last)}
          ${plansFor(last).map(plan => this.#chart(plan, last))}
          ${this.#rooms()}
        </div>`}`, 'broad', this.#bar.template());
  }

  /** How new it is. */
  #state() {
    const { error, now } = this.#overview;
    if (error || now === 0)
      return nothing;
    return html`<p class="overview-state soft"><span class="overview-dot" aria-hidden="true"></span>${this.#cursor === null
      ? t("Live, as of {time}", { time: timeOfDay(now) }) : t("Values of {time}", { time: timeOfDay(this.#cursor) })}</p>`;
  }

  /** @param {Row} last */
  #health(last) {
    return html`
      <section class="card stack overview-health" aria-labelledby="health-heading">
        <h2 id="health-heading">${t("Does all work?")}</h2>
        <ul class="checks">${checksFor(last).map(check => this.#check(check, last))}</ul>
      </section>`;
  }

  /** @param {Check} check @param {Row} last */
  #check(check, last) {
    const { rows, now } = this.#overview;
    const spans = failures(rows, check);
    const ms = spans.reduce((total, { from, to }) => total + to - from, 0);
    const fine = check.ok(last) !== false;
    const past = spans.length === 0 ? t("No trouble within the last hour") : t("Trouble within the last hour: {minutes}", { minutes: minutes(ms) });
    const first = across(rows[0].at, now, HOUR);
    return html`
      <li class="check-row ${fine ? '' : 'bad'}" data-check=${check.id}>
        ${icon(fine ? 'check' : 'triangle-alert')}
        <p><strong>${check.name}</strong> ${check.words(last)}</p>
        <svg class="check-bar" viewBox="0 0 100 1" preserveAspectRatio="none" role="img" aria-label=${past}>
          <path class="check-fine" d="M${first.toFixed(2)} .5H100"></path>
          ${spans.map(({ from, to }) => svg`<path class="check-bad" d="M${(across(from, now, HOUR) - 0.3).toFixed(2)} .5H${(across(to, now, HOUR) + 0.3).toFixed(2)}"></path>`)}
        </svg>
        <p class="small soft">${past}</p>
      </li>`;
  }

  /** @param {Plan} plan @param {Row} last */
  #chart(plan, last) {
    const { rows, now } = this.#overview;
    const drawn = {
      title: plan.title,
      series: plan.lines.map(({ name, kind, of }) => ({ name, kind, points: rows.map(row => ({ at: row.at, value: of(row) })) })),
      words: plan.words, least: plan.least, top: plan.top?.(last) ?? undefined, now, span: HOUR, gap: GAP, cursor: this.#cursor,
    };
    return html`
      <section class="card overview-chart" data-chart=${plan.id}>
        ${chart({ ...drawn, over: this.#slider(plan, drawn), below: html`
          <p class="chart-times" aria-hidden="true">${TICKS.map(n => html`<span>${t("{n} min ago", { n })}</span>`)}<span>${t("now")}</span></p>` })}
        ${plan.note ? html`<p class="small soft">${plan.note}</p>` : nothing}
        ${this.#table(plan)}
      </section>`;
  }

  /** Moves the cursor: with the arrow keys, or wherever the pointer is. @param {Plan} plan @param {Parameters<typeof readings>[0]} drawn */
  #slider({ id, title }, drawn) {
    const { rows } = this.#overview;
    const i = this.#cursor === null ? rows.length - 1 : nearest(rows, this.#cursor);
    const said = readings({ ...drawn, cursor: rows[i].at }).map(({ text }) => text).join(', ');
    return html`<input class="chart-slider" type="range" id="cursor-${id}" min="0" max=${rows.length - 1} .value=${String(i)}
      aria-label=${t("{title}: another time", { title })} aria-valuetext="${timeOfDay(rows[i].at)}: ${said}"
      @input=${this.#onSlide} @pointermove=${this.#onPoint} @pointerdown=${this.#onPoint} @pointerleave=${this.#onLeave} @blur=${this.#onLeave} @keydown=${this.#onKey}>`;
  }

  /** @param {Plan} plan */
  #table({ id, title, lines, words }) {
    const { rows } = this.#overview;
    const open = this.#open.has(id);
    return html`
      <details class="chart-table" ?open=${open} @toggle=${(/** @type {Event} */ event) => this.#onToggle(id, event)}>
        <summary>${t("As a table")}</summary>
        ${open ? html`<div class="table-scroll" tabindex="0" role="region" aria-label=${title}><table class="figures">
          <thead><tr><th scope="col">${t("Time")}</th>${lines.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
          <tbody>${everyStep(rows).map(row => html`<tr><th scope="row">${timeOfDay(row.at)}</th>${lines.map(({ of }) => html`<td>${said(of(row), words)}</td>`)}</tr>`)}</tbody>
        </table></div>` : nothing}
      </details>`;
  }

  #rooms() {
    const { rooms, unlisted } = this.#overview;
    return html`
      <section class="card stack overview-rooms" aria-labelledby="live-heading">
        <h2 id="live-heading">${t("Meetings that run")}</h2>
        ${rooms.length === 0 ? html`<p class="soft">${t("There are none that can be listed.")}</p>` : html`
          <div class="table-scroll" tabindex="0" role="region" aria-labelledby="live-heading"><table class="figures live">
            <thead><tr><th scope="col">${t("Room")}</th><th scope="col">${t("Kind")}</th><th scope="col">${t("People")}</th><th scope="col">${t("Since")}</th></tr></thead>
            <tbody>${repeat(rooms, ({ id }) => id, ({ id, kind, people, since }) => html`<tr data-live=${id}>
              <th scope="row"><code>${id}</code></th><td><span class="live-kind">${icon(wordsOf(kind).glyph, 'small')}${wordsOf(kind).name()}</span></td>
              <td>${count(people)}</td><td>${dateAndTime(since)}</td></tr>`)}</tbody>
          </table></div>`}
        ${unlisted > 0 ? html`<p class="small soft">${tn("One more is off the record: it is only counted.", "{n} more are off the record: they are only counted.", unlisted)}</p>` : nothing}
      </section>`;
  }

  /** @param {number | null} at */
  #moveTo(at) {
    if (at === this.#cursor)
      return;
    this.#cursor = at;
    this.#shell.update();
  }

  /** @param {Event} event */
  #onSlide = event => this.#moveTo(this.#overview.rows[Number(/** @type {HTMLInputElement} */ (event.currentTarget).value)]?.at ?? null);

  /** @param {PointerEvent} event */
  #onPoint = event => {
    const { rows, now } = this.#overview;
    const { left, width } = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    const at = now - HOUR * (1 - (event.clientX - left) / width);
    this.#moveTo(rows[nearest(rows, at)]?.at ?? null);
  };

  #onLeave = () => this.#moveTo(null);

  /** @param {KeyboardEvent} event */
  #onKey = event => {
    if (event.key === 'Escape')
      this.#moveTo(null);
  };

  /** @param {string} id @param {Event} event */
  #onToggle(id, event) {
    const { open } = /** @type {HTMLDetailsElement} */ (event.currentTarget);
    if (open === this.#open.has(id))
      return;
    if (open)
      this.#open.add(id);
    else
      this.#open.delete(id);
    this.#shell.update();
  }
}

/** @param {number} ms */
const minutes = ms => (ms < MINUTE ? t("less than a minute") : tn("{n} minute", "{n} minutes", Math.round(ms / MINUTE)));

/** @param {number | null} value @param {(value: number) => string} words */
const said = (value, words) => (value === null ? '–' : words(value));

/** The newest row, and one for each five minutes before. @param {readonly Row[]} rows @returns {Row[]} */
function everyStep(rows) {
  /** @type {Row[]} */
  const chosen = [];
  for (const row of [...rows].reverse())
    if (chosen.length === 0 || chosen[chosen.length - 1].at - row.at >= TABLE_STEP)
      chosen.push(row);
  return chosen;
}
