// The rooms of whoever looks, as a plain list: into each with one click, its link with another, all else in a menu. Says of each whether
// its link is here; shows and asks, and leaves what comes of it to the page.

import { html, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { errorText } from '../core/errors.js';
import { day } from '../core/figures.js';
import { t, tn } from '../core/i18n.js';
import { kindOf } from '../core/kinds.js';
import { copyText } from './copy-button.js';
import { icon } from './icon.js';
import { wordsOf } from './kind-words.js';
import { Menu } from './menu.js';

const SEARCH_FROM = 8; // rooms

/** @typedef {import('../core/rooms.js').Rooms} Rooms */
/** @typedef {import('../core/rooms.js').Room} Room */

/**
 * @typedef {object} RoomActions
 * @property {(room: Room) => void} onInvite
 * @property {(room: Room) => void} onPlan
 * @property {(room: Room) => void} onSettings
 * @property {(room: Room) => void} onMeetings
 * @property {(room: Room) => void} onAddLink
 * @property {(room: Room) => void} onDelete
 */

export class RoomList {
  #rooms;
  #account;
  #actions;
  #update;
  #menu = new Menu('room-menu');
  /** Whose menu it is. @type {string} */ #id = '';

  /** @param {{ rooms: Rooms, account: import('../core/account.js').Account, actions: RoomActions, update: () => void }} options */
  constructor({ rooms, account, actions, update }) {
    this.#rooms = rooms;
    this.#account = account;
    this.#actions = actions;
    this.#update = update;
  }

  template() {
    const { list, loading, q } = this.#rooms;
    const empty = list.length === 0 && !loading && q === '' && !this.#rooms.error;
    return html`
      <section class="part start-rooms" aria-labelledby="rooms-heading">
        <div class="part-head">
          <h2 id="rooms-heading">${this.#account.isAdministrator ? t("All rooms") : t("My rooms")}</h2>
          ${list.length >= SEARCH_FROM || q !== '' ? html`
            <div class="search">${icon('search', 'small')}<input class="input" type="search" .value=${q} aria-label=${t("Search rooms")} placeholder=${t("Search rooms")} maxlength="100"
              autocomplete="off" @input=${(/** @type {Event} */ event) => this.#rooms.search(/** @type {HTMLInputElement} */ (event.target).value)}></div>` : nothing}
        </div>
        ${this.#where()}
        ${this.#rooms.error ? this.#trouble(this.#rooms.error) : nothing}
        ${list.length > 0 ? html`<ul class="rooms" aria-busy=${String(loading)}>${repeat(list, ({ id }) => id, room => this.#row(room))}</ul>` : nothing}
        ${list.length === 0 && loading ? html`<p class="soft" role="status">${t("Looking for your rooms…")}</p>` : nothing}
        ${list.length === 0 && !loading && q !== '' ? html`<p class="soft" role="status">${t("No room has this in its name.")}</p>` : nothing}
        ${empty ? html`<div class="start-empty">${icon('door-open')}<p>${t("You have no rooms yet. A room keeps its link: make one for each group that you meet.")}</p></div>` : nothing}
        ${this.#rooms.hasMore ? html`<div class="row center"><button type="button" class="button" ?disabled=${this.#rooms.loadingMore} @click=${this.#onMore}>
          ${this.#rooms.loadingMore ? t("One moment…") : t("Show more")}</button></div>` : nothing}
        ${this.#menuOf(list.find(({ id }) => id === this.#id))}
      </section>`;
  }

  /** Where links are that the server does not have. */
  #where() {
    const { list, lasting } = this.#rooms;
    if (!list.some(({ kept }) => kept))
      return nothing;
    if (!lasting)
      return html`<div class="note warn">${icon('triangle-alert')}<p>${t("This browser keeps nothing: the links of these rooms are gone when you close this page. Copy them.")}</p></div>`;
    return html`<p class="small soft">${this.#account.state === 'in'
      ? t("Links of Standard rooms are kept in this browser only: the server does not know them. In another browser you need your own copy.")
      : t("These rooms are kept in this browser only: the server does not know their links. Keep a copy of those you need.")}</p>`;
  }

  /** @param {string} error */
  #trouble(error) {
    return html`<div class="note bad" role="alert">${icon('circle-alert')}<div class="note-body"><p>${errorText(error)}</p>
      <div class="row"><button type="button" class="button" @click=${() => this.#rooms.load()}>${t("Try again")}</button></div></div></div>`;
  }

  /** @param {Room} room */
  #row(room) {
    const { id, kind, title, joinUrl, hostUrl, available } = room;
    return html`
      <li class="room" data-room=${id}>
        <span class="room-icon">${icon(wordsOf(kind).glyph)}</span>
        <div class="room-body">
          ${hostUrl && available ? html`<a class="room-title" href=${hostUrl}>${title}</a>` : html`<span class="room-title">${title}</span>`}
          <p class="small soft room-facts">${this.#facts(room).map(fact => html`<span>${fact}</span>`)}</p>
        </div>
        <div class="room-buttons">
          ${joinUrl
            ? html`<button type="button" class="button quiet" aria-label=${t("Copy the link of {title}", { title })} @click=${() => copyText(joinUrl)}>${icon('link', 'small')}<span class="room-words">${t("Copy link")}</span></button>`
            : html`<button type="button" class="button quiet" aria-label=${t("Add the link of {title}", { title })} @click=${() => this.#actions.onAddLink(room)}>${icon('link-2-off', 'small')}<span class="room-words">${t("Add its link")}</span></button>`}
          <button type="button" class="button quiet icon-only" aria-haspopup="true" aria-label=${t("More for {title}", { title })} @click=${(/** @type {Event} */ event) => this.#open(id, event)}>${icon('ellipsis-vertical')}</button>
        </div>
      </li>`;
  }

  /** @param {Room} room @returns {unknown[]} */
  #facts({ kind, people, lobby, recording, dialIn, managed, mine, kept, until, joinUrl, available, created }) {
    return [
      wordsOf(kind).name(),
      ...available ? [] : [t("not available in this build")],
      ...people > 0 ? [html`<strong class="room-live">${tn("{n} person is in now", "{n} people are in now", people)}</strong>`] : [],
      ...lobby ? [t("guests are let in one by one")] : [],
      ...recording ? [t("can be recorded")] : [],
      ...dialIn ? [t("can be called by phone")] : [],
      ...until ? [t("planned, until {date}", { date: day(until) })] : [],
      ...mine ? [] : [t("of another account")],
      ...kept && (managed || this.#account.state === 'in') ? [t("link in this browser only")] : [],
      ...joinUrl ? [] : [kindOf(kind).server ? t("the server does not have its link") : t("its link is in another browser")],
      t("made on {date}", { date: day(created) }),
    ];
  }

  /** @param {string} id @param {Event} event */
  #open(id, event) {
    this.#id = id;
    this.#menu.anchor = /** @type {HTMLElement} */ (event.currentTarget);
    this.#update();
    queueMicrotask(() => this.#menu.open());
  }

  /** @param {Room | undefined} room */
  #menuOf(room) {
    if (!room)
      return this.#menu.template('', []);
    const { kind, title, managed, kept, joinUrl, hostUrl, mine } = room;
    const { onInvite, onPlan, onSettings, onMeetings, onAddLink, onDelete } = this.#actions;
    return this.#menu.template(t("More for {title}", { title }), [
      { label: t("Invitation"), glyph: 'mail', act: () => onInvite(room), hidden: !joinUrl },
      { label: t("Plan a meeting"), glyph: 'calendar-plus', act: () => onPlan(room), hidden: kindOf(kind).peers ? !kept || hostUrl === joinUrl : !managed || !mine },
      { label: t("Meetings and summaries"), glyph: 'notebook-pen', act: () => onMeetings(room), hidden: !managed || !kindOf(kind).summary },
      { label: t("Name and settings"), glyph: 'settings', act: () => onSettings(room), hidden: !managed },
      { label: t("Copy the link for hosts"), glyph: 'key-round', act: () => copyText(hostUrl ?? ''), hidden: !kept },
      { label: t("Add its link"), glyph: 'link', act: () => onAddLink(room), hidden: joinUrl !== null },
      { label: managed ? t("Delete…") : t("Forget…"), glyph: 'trash-2', act: () => onDelete(room), kind: 'divided danger-text' },
    ]);
  }

  #onMore = () => this.#rooms.more().catch(() => {});
}
