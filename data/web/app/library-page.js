// All recordings of the server, as a quiet table: searched, filtered, sorted, more of them on demand. What is under way moves by itself.

import { html, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { fileUrl } from '../core/api.js';
import { errorText } from '../core/errors.js';
import { clockTime, dateAndTime, fileSize } from '../core/figures.js';
import { t, tn } from '../core/i18n.js';
import { DEFAULT_QUERY, Library, readQuery, writeQuery } from '../core/library.js';
import { filesOf } from '../core/recorded.js';
import { icon } from './icon.js';
import { notices } from './notices.js';
import { pageFrame } from './page-frame.js';
import { progressWords, statusWords, statuses, troubleWords } from './recording-words.js';
import { Shortcuts } from './shortcuts.js';

/** @typedef {import('../core/api.js').RecordingObject} RecordingObject */
/** @typedef {import('../core/library.js').Column} Column */

/** @type {{ column: Column | null, kind: string, words: () => string }[]} */
const COLUMNS = [
  { column: 'title', kind: 'of-title', words: () => t("Title") },
  { column: 'started', kind: 'of-date', words: () => t("Date") },
  { column: 'duration', kind: 'of-number', words: () => t("Duration") },
  { column: 'bytes', kind: 'of-number', words: () => t("Size") },
  { column: null, kind: 'of-number', words: () => t("People") },
  { column: null, kind: 'of-status', words: () => t("Status") },
];

export class LibraryPage {
  #shell;
  #api;
  #onSignedOut;
  #library;
  #shortcuts;
  /** Posters that could not be had. @type {Set<string>} */ #plain = new Set();

  /** @param {{ shell: import('./shell.js').Shell, api: import('../core/api.js').Api, onSignedOut: () => void }} options */
  constructor({ shell, api, onSignedOut }) {
    this.#shell = shell;
    this.#api = api;
    this.#onSignedOut = onSignedOut;
    this.#library = new Library(api, readQuery(location.search));
    this.#library.addEventListener('change', this.#onChange);
    this.#library.addEventListener('failed', this.#onFailed);
    this.#shortcuts = new Shortcuts(() => [
      { key: '/', label: '/', words: t("Search"), down: () => document.getElementById('search')?.focus() },
      { key: 'arrowdown', label: '↓', words: t("Next recording"), down: () => this.#step(1) },
      { key: 'arrowup', label: '↑', words: t("Previous recording"), down: () => this.#step(-1) },
    ], () => false);
    void this.#library.load();
  }

  dispose() {
    this.#library.dispose();
    this.#library.removeEventListener('change', this.#onChange);
    this.#shortcuts.dispose();
  }

  get title() {
    return t("Recordings");
  }

  #onChange = () => {
    const { error, query, loading } = this.#library;
    if (error === 'no-session')
      this.#onSignedOut();
    history.replaceState(null, '', location.pathname + writeQuery(query));
    if (!loading && this.#library.filtered && !error)
      this.#say();
    this.#shell.update();
  };

  #said = '';

  /** What a search has found, for who does not see it. */
  #say() {
    const { recordings, query, hasMore } = this.#library;
    const n = recordings.length;
    const found = hasMore ? t("More than {n} recordings were found.", { n }) : tn("{n} recording was found.", "{n} recordings were found.", n);
    const words = n === 0 ? t("Nothing was found.") : found;
    const key = JSON.stringify(query) + words;
    if (key !== this.#said)
      notices.say(words);
    this.#said = key;
  }

  /** @param {Event} event */
  #onFailed = event => notices.toast(errorText(/** @type {CustomEvent} */ (event).detail.id), { bad: true });

  template() {
    const { error, recordings, loading } = this.#library;
    return pageFrame(html`
      <header class="library-head">
        <h1>${t("Recordings")}</h1>
        <button type="button" class="button quiet" @click=${this.#onSignOut}>${icon('log-out', 'small')}<span>${t("Sign out")}</span></button>
      </header>
      ${this.#tools()}
      ${error ? html`<div class="note bad" role="alert">${icon('circle-alert')}<div class="note-body"><p>${errorText(error)}</p>
        <div class="row"><button type="button" class="button" @click=${() => this.#library.load()}>${t("Try again")}</button></div></div></div>` : nothing}
      ${recordings.length > 0 ? this.#table(recordings, loading) : error ? nothing : this.#nothing(loading)}
      ${this.#library.hasMore && recordings.length > 0 ? html`<div class="row center"><button type="button" class="button" ?disabled=${this.#library.loadingMore}
        @click=${() => this.#library.more()}>${this.#library.loadingMore ? t("One moment…") : t("Show more")}</button></div>` : nothing}`, 'broad');
  }

  #tools() {
    const { q, status, room, sort, order } = this.#library.query;
    return html`
      <form class="library-tools" role="search" @submit=${(/** @type {Event} */ event) => event.preventDefault()}>
        <div class="search">${icon('search', 'small')}
          <input class="input" id="search" type="search" .value=${q} aria-label=${t("Search titles and people")} placeholder=${t("Search titles and people")} maxlength="100"
            aria-keyshortcuts="/" autocomplete="off" @input=${this.#onSearch}></div>
        <select class="select" aria-label=${t("Status")} @change=${this.#onStatus}>
          <option value="" ?selected=${status === ''}>${t("Every status")}</option>
          ${statuses.map(one => html`<option value=${one} ?selected=${one === status}>${statusWords(one)}</option>`)}
        </select>
        <select class="select sort-select" aria-label=${t("Sort by")} @change=${this.#onSort}>
          ${COLUMNS.map(({ column, words }) => (column ? html`<option value=${column} ?selected=${column === sort}>${words()} ${column === sort ? (order === 'asc' ? '↑' : '↓') : ''}</option>` : nothing))}
        </select>
        ${room ? html`<button type="button" class="button" @click=${() => this.#library.set({ room: '' })}>${icon('x', 'small')}<span>${t("Only room {room}", { room })}</span></button>` : nothing}
      </form>`;
  }

  /** @param {RecordingObject[]} recordings @param {boolean} loading */
  #table(recordings, loading) {
    const { sort, order } = this.#library.query;
    return html`
      <table class="library" role="table" aria-label=${t("Recordings")} aria-busy=${String(loading)}>
        <thead role="rowgroup"><tr role="row">
          ${COLUMNS.map(({ column, kind, words }) => html`
            <th scope="col" role="columnheader" class=${kind} aria-sort=${column === sort ? (order === 'asc' ? 'ascending' : 'descending') : nothing}>
              ${column ? html`<button type="button" class="sort" @click=${() => this.#library.sortBy(column)}>${words()}${column === sort ? html`<span aria-hidden="true">${order === 'asc' ? '↑' : '↓'}</span>` : nothing}</button>` : words()}
            </th>`)}
        </tr></thead>
        <tbody role="rowgroup">${repeat(recordings, ({ id }) => id, recording => this.#row(recording))}</tbody>
      </table>`;
  }

  /** @param {RecordingObject} recording */
  #row(recording) {
    const { id, room, title, started, duration, bytes, people, status } = recording;
    return html`
      <tr role="row" class="library-row">
        <td role="cell" class="of-title">
          <div class="library-title">
            ${this.#poster(recording)}
            <div>
              <a class="library-link" href="/recordings/${id}">${title}</a>
              <button type="button" class="library-room mono soft" aria-label=${t("Only room {room}", { room })} @click=${() => this.#library.set({ room })}>${room}</button>
            </div>
          </div>
        </td>
        <td role="cell" class="of-date">${dateAndTime(started)}</td>
        <td role="cell" class="of-number">${duration > 0 ? clockTime(duration) : '–'}</td>
        <td role="cell" class="of-number">${fileSize(bytes)}</td>
        <td role="cell" class="of-number"><span class="library-icon">${icon('users', 'small')}</span>${people}</td>
        <td role="cell" class="of-status">${this.#status(recording, status)}</td>
      </tr>`;
  }

  /** @param {RecordingObject} recording */
  #poster(recording) {
    const poster = filesOf(recording, 'poster')[0]?.name ?? (recording.files === undefined && recording.status === 'ready' ? 'poster.jpg' : null);
    return html`<span class="library-poster">${poster && !this.#plain.has(recording.id)
      ? html`<img src=${fileUrl(recording.id, poster)} alt="" loading="lazy" width="96" height="54" @error=${() => this.#withoutPoster(recording.id)}>`
      : icon(recording.status === 'ready' ? 'audio-lines' : 'clapperboard')}</span>`;
  }

  /** @param {string} id */
  #withoutPoster(id) {
    this.#plain.add(id);
    this.#shell.update();
  }

  /** @param {RecordingObject} recording @param {string} status */
  #status({ progress, error }, status) {
    return html`
      <span class="status ${status}">${status === 'recording' ? html`<span class="record-dot" aria-hidden="true"></span>` : nothing}${statusWords(status)}</span>
      ${status === 'processing' ? html`<progress aria-label=${progressWords(progress)} max="1" .value=${progress?.done ?? 0}></progress><span class="small soft">${progressWords(progress)}</span>` : nothing}
      ${status === 'failed' ? html`<span class="small soft">${troubleWords(error)}</span>` : nothing}`;
  }

  /** @param {boolean} loading */
  #nothing(loading) {
    if (loading)
      return html`<p class="library-empty soft" role="status">${t("Looking for recordings…")}</p>`;
    if (this.#library.filtered)
      return html`
        <div class="library-empty"><span class="big-icon">${icon('search')}</span><h2>${t("Nothing was found.")}</h2>
          <button type="button" class="button" @click=${() => this.#library.set({ ...DEFAULT_QUERY, room: '' })}>${t("Show all recordings")}</button></div>`;
    return html`
      <div class="library-empty"><span class="big-icon">${icon('clapperboard')}</span><h2>${t("There are no recordings yet")}</h2>
        <p class="soft">${t("A host of a Boardroom or Classroom starts one with “Record”, if the room allows it. It shows up here at once.")}</p></div>`;
  }

  /** @param {Event} event */
  #onSearch = event => this.#library.set({ q: /** @type {HTMLInputElement} */ (event.target).value });

  /** @param {Event} event */
  #onStatus = event => this.#library.set({ status: /** @type {HTMLSelectElement} */ (event.target).value });

  /** @param {Event} event */
  #onSort = event => this.#library.sortBy(/** @type {Column} */ (/** @type {HTMLSelectElement} */ (event.target).value));

  /** From one title to the next. @param {number} by */
  #step(by) {
    const links = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('.library-link')]);
    const at = links.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(0, at + by), links.length - 1)]?.focus();
  }

  #onSignOut = async () => {
    await this.#api.signOut().catch(() => {});
    this.#onSignedOut();
  };
}
