// The meetings that there were in a room, the newest first, each with the way to its summary. A dialog's content.

import { html, nothing } from 'lit-html';
import { errorText } from '../core/errors.js';
import { dateAndTime } from '../core/figures.js';
import { t } from '../core/i18n.js';
import { errorId, queryOf } from '../core/requests.js';
import { dialogHead } from './dialogs.js';
import { spanWords } from './summary-view.js';

const PAGE = 30;

/** @typedef {{ id: string, title: string, started: number, ended: number | null, issue: number }} Held */

export class MeetingsDialog {
  #room;
  #requests;
  #update;
  /** @type {Held[]} */ #list = [];
  /** @type {string | null} */ #next = null;
  #loading = false;
  #error = '';

  /** @param {{ room: import('../core/rooms.js').Room, requests: import('../core/requests.js').Requests, update: () => void }} options */
  constructor({ room, requests, update }) {
    this.#room = room;
    this.#requests = requests;
    this.#update = update;
    void this.#load();
  }

  #load = async () => {
    this.#loading = true;
    this.#error = '';
    try {
      const { meetings = [], next } = await this.#requests.ask('GET', `/rooms/${encodeURIComponent(this.#room.id)}/meetings${queryOf({ limit: PAGE, cursor: this.#next ?? undefined })}`);
      this.#list = [...this.#list, ...meetings];
      this.#next = next || null;
    } catch (error) {
      this.#error = errorText(errorId(error));
    }
    this.#loading = false;
    this.#update();
  };

  template = () => html`
    ${dialogHead(t("Meetings so far"))}
    <p class="wrap soft">${this.#room.title}</p>
    ${this.#list.length === 0 && !this.#loading && !this.#error ? html`<p>${t("There was no meeting in this room yet.")}</p>` : nothing}
    ${this.#list.length > 0 ? html`<ul class="held-list">${this.#list.map(held)}</ul>` : nothing}
    <p class="error" role="alert" ?hidden=${!this.#error}>${this.#error}</p>
    <p role="status" class="soft" ?hidden=${!this.#loading}>${this.#loading ? t("One moment…") : ''}</p>
    <div class="dialog-buttons">
      ${this.#next ? html`<button type="button" class="button at-start" ?disabled=${this.#loading} @click=${this.#load}>${t("Show more")}</button>` : nothing}
      <button type="button" class="button" data-close>${t("Close")}</button>
    </div>`;
}

/** @param {Held} meeting */
const held = ({ id, started, ended, issue }) => html`
  <li>
    <div><p>${dateAndTime(started)}</p><p class="small soft">${ended === null ? t("going on now") : spanWords(ended - started)}</p></div>
    ${issue > 0 ? html`<a class="button" href=${`/summary/${id}`} aria-label=${t("Summary of {date}", { date: dateAndTime(started) })}>${t("Summary")}</a>` : html`<span class="small soft">${t("no summary")}</span>`}
  </li>`;
