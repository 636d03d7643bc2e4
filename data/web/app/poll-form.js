// Asking a poll: the question, its answers, whether several may be chosen, and whether names are kept.

import { html, nothing } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';
import { FEWEST_CHOICES, MAX_CHOICE, MAX_POLL_QUESTION, MOST_CHOICES, readPoll } from './poll-words.js';

export class PollForm {
  #update;
  #onAsk;
  #onCancel;
  #lines = FEWEST_CHOICES;
  #error = '';
  /** @type {HTMLFormElement | null} */ #form = null;

  /**
   * @param {{ update: () => void, onAsk: (fields: { question: string, choices: string[], multiple: boolean, anonymous: boolean }) => void, onCancel: () => void }} options
   */
  constructor({ update, onAsk, onCancel }) {
    this.#update = update;
    this.#onAsk = onAsk;
    this.#onCancel = onCancel;
  }

  template() {
    return html`
      <form class="panel-body poll-form" @submit=${this.#onSubmit} @keydown=${this.#onKey} novalidate ${ref(this.#onForm)}>
        <div class="field">
          <label for="poll-question">${t("Question")}</label>
          <input class="input" id="poll-question" name="question" maxlength=${MAX_POLL_QUESTION} autocomplete="off" aria-describedby="poll-error" aria-invalid=${this.#error ? 'true' : nothing}>
        </div>
        <fieldset class="field">
          <legend class="label">${t("Answers")}</legend>
          ${Array.from({ length: this.#lines }, (_, i) => html`
            <input class="input" name="choice" maxlength=${MAX_CHOICE} autocomplete="off" aria-label=${t("Answer {n}", { n: i + 1 })} placeholder=${t("Answer {n}", { n: i + 1 })}>`)}
          ${this.#lines < MOST_CHOICES ? html`
            <button type="button" class="button quiet" @click=${this.#addLine}>${icon('plus', 'small')}<span>${t("One more answer")}</span></button>` : nothing}
        </fieldset>
        <div class="switches">
          <label class="switch"><span>${t("Several answers")}</span><input type="checkbox" role="switch" name="multiple"></label>
          <label class="switch"><span>${t("Anonymous")}<small class="soft">${t("Nobody learns who has voted.")}</small></span><input type="checkbox" role="switch" name="anonymous"></label>
        </div>
        <p class="error" id="poll-error" role="alert" ?hidden=${!this.#error}>${this.#error}</p>
        <div class="row end">
          <button type="button" class="button" @click=${this.#onCancel}>${t("Cancel")}</button>
          <button class="button primary">${t("Ask everyone")}</button>
        </div>
      </form>`;
  }

  /** What is written in it, a line each. */
  get words() {
    const values = this.#form ? new FormData(this.#form) : new FormData();
    return [values.get('question'), ...values.getAll('choice')].map(value => String(value ?? '').trim()).filter(text => text).join('\n');
  }

  focus() {
    this.#form?.querySelector('input')?.focus();
  }

  #addLine = () => {
    this.#lines++;
    this.#update();
    queueMicrotask(() => /** @type {HTMLElement | undefined} */ ([...this.#form?.querySelectorAll('[name=choice]') ?? []].at(-1))?.focus());
  };

  /** Escape leaves the form, not the panel; Enter in an answer goes on to the next. @param {KeyboardEvent} event */
  #onKey = event => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      this.#onCancel();
      return;
    }
    const field = /** @type {HTMLInputElement} */ (event.target);
    if (event.key !== 'Enter' || field.name !== 'choice' || !field.value.trim())
      return;
    event.preventDefault();
    const all = /** @type {HTMLInputElement[]} */ ([...this.#form?.querySelectorAll('[name=choice]') ?? []]);
    const next = all[all.indexOf(field) + 1];
    if (next)
      next.focus();
    else if (this.#lines < MOST_CHOICES)
      this.#addLine();
  };

  /** @param {SubmitEvent} event */
  #onSubmit = event => {
    event.preventDefault();
    const values = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const poll = readPoll(String(values.get('question') ?? ''), values.getAll('choice').map(String));
    if (poll) {
      this.#onAsk({ ...poll, multiple: values.has('multiple'), anonymous: values.has('anonymous') });
      return;
    }
    this.#error = t("A poll needs a question and at least two different answers.");
    this.#update();
  };

  /** @param {Element | undefined} element */
  #onForm = element => {
    this.#form = /** @type {HTMLFormElement | null} */ (element ?? null);
  };
}
