// Whether to delete all that is kept of a meeting: says what that is before, and nothing is undone after. A dialog's content.

import { html, nothing } from 'lit-html';
import { errorText } from '../core/errors.js';
import { fileSize } from '../core/figures.js';
import { t, tn } from '../core/i18n.js';
import { errorId } from '../core/requests.js';
import { dialogHead } from './dialogs.js';
import { longDate } from './schedule-words.js';

/** @typedef {import('../core/summary.js').Body} Body */

/** What goes with it. @param {Body} body @returns {string[]} */
function parts({ minutes, agenda, polls, chat, captions, documents, attendance }) {
  const bytes = documents.reduce((sum, one) => sum + one.bytes, 0);
  return [
    t("the summary, with all its versions"),
    agenda.length + minutes.length + polls.length > 0 ? t("agenda, minutes, decisions and polls") : '',
    (chat ?? []).length + (captions ?? []).length > 0 ? t("chat and captions") : '',
    documents.length > 0 ? tn("{n} shared document ({size})", "{n} shared documents ({size})", documents.length, { size: fileSize(bytes) }) : '',
    (attendance ?? []).length > 0 ? t("who was there, and when") : '',
  ].filter(words => words);
}

export class DeleteRecord {
  #body;
  #day;
  #act;
  #update;
  #busy = false;
  #error = '';

  /** @param {{ body: Body, day: string, act: () => Promise<void>, update: () => void }} options day: `YYYY-MM-DD` */
  constructor({ body, day, act, update }) {
    this.#body = body;
    this.#day = day;
    this.#act = act;
    this.#update = update;
  }

  template = () => html`
    ${dialogHead(t("Delete the record of this meeting?"))}
    <p class="wrap"><strong>${this.#body.title || t("Meeting")}</strong>, ${longDate(this.#day)}</p>
    <p id="record-parts">${t("This is deleted:")}</p>
    <ul class="bulleted" aria-labelledby="record-parts">${parts(this.#body).map(words => html`<li>${words}</li>`)}</ul>
    <p>${t("Every link to it leads nowhere from then on. Nobody can bring it back.")}</p>
    <p class="small soft">${t("Copies that people have saved, or got by e-mail, stay with them.")}${this.#body.recordings.length > 0 ? html` ${t("The recordings stay.")}` : nothing}</p>
    <p class="error" role="alert" ?hidden=${!this.#error}>${this.#error}</p>
    <div class="dialog-buttons">
      <button type="button" class="button" data-close autofocus>${t("Keep it")}</button>
      <button type="button" class="button danger" ?disabled=${this.#busy} @click=${this.#run}>${t("Delete for ever")}</button>
    </div>`;

  #run = async () => {
    this.#busy = true;
    this.#error = '';
    this.#update();
    try {
      await this.#act();
    } catch (error) {
      this.#error = errorText(errorId(error));
    }
    this.#busy = false;
    this.#update();
  };
}
