// Polls: asked by a host, answered by everyone with one click, changed as long as they are open. What was chosen shows as bars; who chose
// what is never to be seen.

import { html, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { t, tn } from '../core/i18n.js';
import { icon } from './icon.js';
import { KeptWords } from './kept-words.js';
import { PollForm } from './poll-form.js';
import { share } from './poll-words.js';

/** @typedef {import('../core/model.js').Shared} Shared */

export class PollsTab {
  #meeting;
  #update;
  /** @type {PollForm | null} */ #form = null;
  #kept;

  /** @param {{ meeting: import('../core/meeting.js').Meeting, update: () => void }} options */
  constructor({ meeting, update }) {
    this.#meeting = meeting;
    this.#update = update;
    this.#kept = new KeptWords(update);
  }

  template() {
    const { model } = this.#meeting;
    const polls = [...model.list('poll')].reverse();
    const mayAsk = model.mayCreate('poll');
    if (this.#form && mayAsk)
      return this.#form.template();
    if (this.#form) {
      this.#kept.keep(this.#form.words);
      this.#form = null;
    }
    return html`
      <div class="panel-body polls" tabindex="0" role="region" aria-label=${t("Polls")}>
        ${polls.length === 0 ? html`<p class="empty soft">${mayAsk
          ? t("No polls yet. Ask something that has a few answers; everyone votes with one click.")
          : t("No polls yet. When somebody asks one, it stands here.")}</p>` : nothing}
        ${repeat(polls, ({ id }) => id, poll => this.#poll(poll))}
      </div>
      ${mayAsk ? html`
        <div class="composer">
          <button type="button" class="button wide polls-new" @click=${this.#begin}>${icon('plus', 'small')}<span>${t("New poll")}</span></button>
        </div>` : this.#kept.template()}`;
  }

  #begin = () => {
    this.#form = new PollForm({
      update: this.#update,
      onAsk: fields => {
        const id = this.#meeting.model.create('poll', { ...fields, open: true });
        this.#end(`[data-poll="${id}"] input`);
      },
      onCancel: () => this.#end('.polls-new'),
    });
    this.#update();
    queueMicrotask(() => this.#form?.focus());
  };

  /** @param {string} next where the focus goes */
  #end(next) {
    this.#form = null;
    this.#focus(next);
  }

  /** Once it is drawn: what had the focus is gone. @param {string} selector */
  #focus(selector) {
    this.#update();
    queueMicrotask(() => /** @type {HTMLElement | null} */ (document.querySelector(selector))?.focus());
  }

  /** @param {string} id */
  #close(id) {
    this.#meeting.model.set(id, { open: false });
    this.#focus(`[data-poll="${id}"] .poll-remove`);
  }

  /** @param {string} id */
  #remove(id) {
    this.#meeting.model.remove(id);
    this.#focus('.polls-new');
  }

  focus() {
    /** @type {HTMLElement | null} */ (document.querySelector('.poll.open input'))?.focus();
  }

  /** @param {Shared} poll */
  #poll(poll) {
    const { id, fields: { question, choices, multiple, anonymous, open, by, voters, voted } } = poll;
    const { model } = this.#meeting;
    const mine = this.#meeting.votes.get(id) ?? [];
    const asker = this.#meeting.personOf(by)?.name;
    const mayVote = open && this.#meeting.floor.may.has('poll-vote');
    return html`
      <fieldset class="poll ${open ? 'open' : ''}" data-poll=${id}>
        <legend class="poll-question">${question}</legend>
        <p class="small soft">${[
          asker ? t("asked by {name}", { name: asker }) : '', multiple ? t("several answers") : '', anonymous ? t("anonymous") : '', open ? '' : t("closed"),
        ].filter(words => words).join(' · ')}</p>
        <div class="poll-choices">${choices.map((/** @type {string} */ words, /** @type {number} */ i) => this.#choice(poll, { words, i, mine, mayVote }))}</div>
        <p class="small soft">${tn("{n} person has voted.", "{n} people have voted.", voters)}
          ${mayVote && mine.length > 0 ? t("You can change your vote as long as the poll is open.") : nothing}</p>
        ${!open && !anonymous && voted.length > 0 ? html`<p class="small soft">${t("Voted: {names}", { names: voted.join(', ') })}</p>` : nothing}
        ${open && model.mayChange(poll) ? html`
          <button type="button" class="button" @click=${() => this.#close(id)}>${t("Close the poll")}</button>` : nothing}
        ${!open && model.mayRemove(poll) ? html`
          <button type="button" class="button quiet icon-only poll-remove" aria-label=${t("Delete the poll: {question}", { question })} data-tip=${t("Delete")}
            @click=${() => this.#remove(id)}>${icon('trash-2', 'small')}</button>` : nothing}
      </fieldset>`;
  }

  /** @param {Shared} poll @param {{ words: string, i: number, mine: readonly number[], mayVote: boolean }} choice */
  #choice({ id, fields: { multiple, counts, voters, open } }, { words, i, mine, mayVote }) {
    const count = counts[i] ?? 0;
    const chosen = mine.includes(i);
    const most = !open && count > 0 && count === Math.max(...counts);
    const percent = share(count, voters);
    return html`
      <label class="poll-choice ${chosen ? 'chosen' : ''} ${most ? 'most' : ''}">
        <input type=${multiple ? 'checkbox' : 'radio'} name="poll-${id}" .checked=${chosen} ?disabled=${!mayVote} @change=${(/** @type {Event} */ event) => this.#vote(id, i, event)}>
        <span class="poll-words">${words}${chosen ? html`<span class="unseen"> ${t("(your vote)")}</span>` : nothing}</span>
        <svg class="poll-bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect width=${percent} height="1"></rect></svg>
        <span class="poll-count small">${count}<span class="soft"> · ${percent} %</span></span>
      </label>`;
  }

  /** @param {string} id @param {number} choice @param {Event} event */
  #vote(id, choice, event) {
    const poll = this.#meeting.model.get(id);
    const before = this.#meeting.votes.get(id) ?? [];
    const { checked } = /** @type {HTMLInputElement} */ (event.target);
    if (!poll)
      return;
    const others = poll.fields.multiple ? before.filter(other => other !== choice) : [];
    void this.#meeting.votePoll(id, checked ? [...others, choice].sort((a, b) => a - b) : others);
  }
}
