// What the meeting is about just now, small above the stage: the item, its clock against what was planned, and for whoever may the way on.
// Its clock is drawn each second, and nothing else of the page with it.

import { html, nothing, render } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { t } from '../core/i18n.js';
import { minuteWords, stopwatch } from './clock-words.js';
import { icon } from './icon.js';
import { notices } from './notices.js';

const MINUTE_MS = 60_000;

export class AgendaStrip {
  #agenda;
  #onOpen;
  /** @type {HTMLElement | null} */ #clock = null;
  /** The item that was told to be the one. */ #told = '';
  /** The item that was told to be over its time. */ #late = '';

  /** @param {{ agenda: import('../core/agenda.js').Agenda, signal: AbortSignal, onOpen: () => void }} options */
  constructor({ agenda, signal, onOpen }) {
    this.#agenda = agenda;
    this.#onOpen = onOpen;
    const timer = setInterval(() => this.#tick(), 1_000);
    signal.addEventListener('abort', () => clearInterval(timer));
  }

  template() {
    const { current, following, mayChange } = this.#agenda;
    if (!current)
      return nothing;
    queueMicrotask(() => this.#draw());
    const { title, owner } = current.fields;
    return html`
      <section class="agenda-strip" aria-label=${t("Agenda")}>
        <button type="button" class="agenda-now" data-tip=${t("Open the agenda")} @click=${this.#onOpen}>
          ${icon('list-todo', 'small')}<span class="agenda-title">${title}</span>${owner ? html`<span class="agenda-owner soft">${owner}</span>` : nothing}
        </button>
        <span class="agenda-clock" role="timer" aria-live="off" ${ref(this.#onClock)}></span>
        ${mayChange ? html`
          <button type="button" class="button quiet agenda-next" @click=${() => this.#agenda.next()}>
            <span>${following ? t("Next") : t("Done")}</span>${icon(following ? 'skip-forward' : 'check', 'small')}
          </button>` : nothing}
      </section>`;
  }

  #tick() {
    this.#draw();
    const { current } = this.#agenda;
    if (current && current.id !== this.#told)
      notices.say(t("Now: {title}", { title: current.fields.title }));
    this.#told = current?.id ?? '';
    if (!current || !isOver(current.fields.minutes, this.#agenda.spentOn(current)) || this.#late === current.id)
      return;
    this.#late = current.id;
    notices.say(t("The time planned for {title} is over.", { title: current.fields.title }));
  }

  #draw() {
    const { current } = this.#agenda;
    const clock = this.#clock;
    if (!current || !clock)
      return;
    const { minutes } = current.fields;
    const spent = this.#agenda.spentOn(current);
    clock.classList.toggle('over', isOver(minutes, spent));
    render(html`
      <span>${stopwatch(spent)}</span>${minutes > 0 ? html`<span class="agenda-planned">/ ${minuteWords(minutes)}</span><span class="agenda-bar" aria-hidden="true"><span></span></span>` : nothing}`, clock);
    const bar = /** @type {HTMLElement | null} */ (clock.querySelector('.agenda-bar > span'));
    if (bar)
      bar.style.transform = `scaleX(${Math.min(1, spent / (minutes * MINUTE_MS))})`;
  }

  /** @param {Element | undefined} element */
  #onClock = element => {
    this.#clock = /** @type {HTMLElement | null} */ (element ?? null);
  };
}

/** @param {number} minutes planned @param {number} spent ms */
export const isOver = (minutes, spent) => minutes > 0 && spent > minutes * MINUTE_MS;
