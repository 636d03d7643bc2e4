// The questions of a Classroom: asked by anyone, voted up by anyone, answered and ticked off by hosts. Those with most votes are
// on top, so that a host can go down the list.

import { html, nothing } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { i18n, t, tn } from '../core/i18n.js';
import { MAX_QUESTION } from '../core/text.js';
import { icon } from './icon.js';
import { panel } from './panel.js';

/** @typedef {import('../core/questions.js').Question} Question */

/** @param {number} at ms since 1970 */
const clock = at => new Intl.DateTimeFormat(i18n.lang, { hour: 'numeric', minute: '2-digit' }).format(at);

export class QuestionsPanel {
  #meeting;
  #onClose;
  /** @type {HTMLTextAreaElement | null} */ #field = null;

  /** @param {import('../core/meeting.js').Meeting} meeting @param {() => void} onClose */
  constructor(meeting, onClose) {
    this.#meeting = meeting;
    this.#onClose = onClose;
  }

  template() {
    const { questions } = this.#meeting;
    return panel({ id: 'questions', title: t("Questions"), onClose: this.#onClose, content: html`
      <div class="panel-body" tabindex="0" role="region" aria-label=${t("Questions")}>
        ${questions.length === 0 ? html`<p class="empty soft">${t("No questions yet. Ask the first one; others can vote for it.")}</p>` : nothing}
        <ul class="questions">${repeat(questions, ({ n }) => n, question => this.#question(question))}</ul>
      </div>
      <form class="composer" @submit=${this.#onSubmit}>
        <textarea class="input" rows="1" maxlength=${MAX_QUESTION} aria-label=${t("Your question")} placeholder=${t("Ask a question")}
          @keydown=${this.#onKey} ${ref(this.#onField)}></textarea>
        <button class="button primary icon-only" aria-label=${t("Ask")} data-tip=${t("Ask")}>${icon('send')}</button>
      </form>` });
  }

  /** @param {Question} question */
  #question({ n, name, text, at, votes, mine, resolved }) {
    return html`
      <li class="question ${resolved ? 'resolved' : ''}">
        <button type="button" class="button vote" aria-pressed=${String(mine)} ?disabled=${resolved} data-tip=${mine ? t("Take your vote back") : t("I want to know that, too")}
          aria-label=${tn("{n} vote for: {text}", "{n} votes for: {text}", votes, { text })} @click=${() => this.#meeting.vote(n, !mine)}>
          ${icon('arrow-up', 'small')}<span>${votes}</span>
        </button>
        <div class="question-body">
          <p class="question-text">${text}</p>
          <p class="small soft">${name} <time datetime=${new Date(at).toISOString()}>${clock(at)}</time>${resolved ? html` · ${t("answered")}` : nothing}</p>
        </div>
        ${this.#meeting.floor.may.has('resolve') && !resolved ? html`
          <button type="button" class="button quiet icon-only" aria-label=${t("Mark as answered: {text}", { text })} data-tip=${t("Mark as answered")}
            @click=${() => this.#meeting.hosting.resolve(n)}>${icon('check')}</button>` : nothing}
      </li>`;
  }

  focus() {
    this.#field?.focus();
  }

  /** @param {Element | undefined} element */
  #onField = element => {
    this.#field = /** @type {HTMLTextAreaElement | null} */ (element ?? null);
  };

  /** @param {KeyboardEvent} event */
  #onKey = event => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing)
      return;
    event.preventDefault();
    void this.#ask();
  };

  /** @param {SubmitEvent} event */
  #onSubmit = event => {
    event.preventDefault();
    void this.#ask();
  };

  /** What could not be asked stays in the field. */
  async #ask() {
    const field = this.#field;
    const text = field?.value.trim();
    if (!field || !text)
      return;
    if (await this.#meeting.ask(text) && field.value.trim() === text)
      field.value = '';
    field.focus();
  }
}
