// The agenda: what it is about, who leads it, how long it may take. Whoever may change it adds items, puts them in order, ticks them off
// and says which one it is now; the others follow.

import { html, nothing } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { t } from '../core/i18n.js';
import { MAX_NAME } from '../core/text.js';
import { minuteWords, stopwatch } from './clock-words.js';
import { icon } from './icon.js';
import { KeptWords } from './kept-words.js';
import { Menu } from './menu.js';
import { notices } from './notices.js';
import { Reorder } from './reorder.js';

const MAX_ITEM_TITLE = 200;
const MAX_MINUTES = 600;

/** @typedef {import('../core/agenda.js').Agenda} Agenda */
/** @typedef {import('../core/agenda.js').Item} Item */

export class AgendaTab {
  #agenda;
  #update;
  #menu = new Menu('item-menu');
  #reorder = new Reorder((id, index) => this.#move(id, index));
  /** What the menu is about. */ #about = '';
  /** What is being changed. */ #edits = '';
  /** @type {HTMLFormElement | null} */ #form = null;
  #kept;

  /** @param {{ agenda: Agenda, update: () => void }} options */
  constructor({ agenda, update }) {
    this.#agenda = agenda;
    this.#update = update;
    this.#kept = new KeptWords(update);
  }

  template() {
    const { items, planned, mayChange } = this.#agenda;
    if (!mayChange)
      this.#stopWriting();
    return html`
      <div class="panel-body agenda">
        ${items.length === 0 ? html`<p class="empty soft">${mayChange
          ? t("No agenda yet. Write down what this meeting is about; everyone sees it.")
          : t("No agenda yet. When a host writes one, it stands here.")}</p>` : nothing}
        <ol class="items">${repeat(items, ({ id }) => id, (item, i) => (item.id === this.#edits ? this.#editing(item) : this.#item(item, i)))}</ol>
        ${planned > 0 ? html`<p class="small soft agenda-sum">${t("{time} planned in all", { time: minuteWords(planned) })}</p>` : nothing}
      </div>
      ${mayChange ? this.#adding() : this.#kept.template()}
      ${this.#menu.template(t("What to do about this item"), mayChange ? this.#choices() : [])}`;
  }

  /** The right to change it is gone, and with it, once it is drawn, what one writes in. */
  #stopWriting() {
    this.#menu.close();
    const editing = /** @type {HTMLFormElement | null} */ (this.#edits ? document.querySelector('.item.editing form') : null);
    const before = this.#agenda.items.find(({ id }) => id === this.#edits)?.fields;
    if (editing && wordsOf(read(editing)) !== wordsOf(before))
      this.#kept.keep(wordsOf(read(editing)));
    if (this.#form)
      this.#kept.keep(wordsOf(read(this.#form)));
    this.#edits = '';
    this.#form = null;
  }

  /** @param {Item} item @param {number} index */
  #item(item, index) {
    const { id, fields: { title, owner, minutes, done } } = item;
    const { current, mayChange } = this.#agenda;
    const now = current?.id === id;
    const spent = this.#agenda.spentOn(item);
    return html`
      <li class="item ${now ? 'now' : ''} ${done ? 'done' : ''}" data-id=${id} aria-current=${now ? 'step' : nothing}>
        ${mayChange ? html`
          <button type="button" class="handle" aria-label=${t("Move {title}, number {n}: arrow keys", { title, n: index + 1 })} data-tip=${t("Drag, or use the arrow keys")}
            @pointerdown=${this.#reorder.onPointerDown} @keydown=${this.#reorder.onKeyDown}>${icon('grip-vertical', 'small')}</button>
          <input type="checkbox" class="tick" .checked=${done} aria-label=${t("Done: {title}", { title })} @change=${(/** @type {Event} */ event) => this.#tick(id, event)}>`
          : html`<span class="item-mark" role="img" aria-label=${done ? t("Done") : now ? t("Now") : t("To come")}>${done ? icon('check', 'small') : index + 1}</span>`}
        <div class="item-body">
          <p class="item-title">${title}</p>
          <p class="item-facts small soft">${[owner, factsOf(minutes, now ? 0 : spent)].filter(words => words).join(' · ')}</p>
        </div>
        ${mayChange && !now && !done ? html`
          <button type="button" class="button quiet start" aria-label=${t("Start: {title}", { title })} @click=${() => this.#run(id, true)}>${t("Start")}</button>` : nothing}
        ${mayChange && now ? html`
          <button type="button" class="button quiet start" aria-label=${t("Stop: {title}", { title })} @click=${() => this.#run(id, false)}>${t("Stop")}</button>` : nothing}
        ${mayChange ? html`
          <button type="button" class="button quiet icon-only" aria-haspopup="menu" aria-label=${t("More about {title}", { title })} data-tip=${t("More")}
            @click=${(/** @type {Event} */ event) => this.#open(id, event)}>${icon('ellipsis-vertical', 'small')}</button>` : nothing}
      </li>`;
  }

  /** @param {Item} item */
  #editing({ id, fields: { title, owner, minutes } }) {
    return html`
      <li class="item editing" data-id=${id}>
        <form class="item-form" @submit=${(/** @type {SubmitEvent} */ event) => this.#save(id, event)} @keydown=${this.#onEditKey}>
          ${fields('edit', { title, owner, minutes })}
          <div class="row end">
            <button type="button" class="button" @click=${() => this.#finish(id)}>${t("Cancel")}</button>
            <button class="button primary">${t("Save")}</button>
          </div>
        </form>
      </li>`;
  }

  #adding() {
    return html`
      <form class="composer adding" ?hidden=${this.#edits !== ''} @submit=${this.#add} ${ref(this.#onForm)}>
        ${fields('new', { title: '', owner: '', minutes: 0 })}
        <button class="button primary">${icon('plus', 'small')}<span>${t("Add")}</span></button>
      </form>`;
  }

  /** @returns {import('./menu.js').MenuItem[]} */
  #choices() {
    const id = this.#about;
    const { items } = this.#agenda;
    const at = items.findIndex(item => item.id === id);
    return [
      { label: t("Change"), glyph: 'pencil', act: () => this.#edit(id) },
      { label: t("Move up"), glyph: 'arrow-up', act: () => this.#move(id, at - 1), hidden: at <= 0 },
      { label: t("Move down"), glyph: 'arrow-down', act: () => this.#move(id, at + 1), hidden: at < 0 || at === items.length - 1 },
      { label: t("Delete"), glyph: 'trash-2', act: () => this.#remove(id, at), kind: 'danger-text' },
    ];
  }

  /** @param {string} id @param {Event} event */
  #open(id, event) {
    this.#about = id;
    this.#menu.anchor = /** @type {HTMLElement} */ (event.currentTarget);
    this.#update();
    queueMicrotask(() => this.#menu.open());
  }

  /** @param {string} id @param {Event} event */
  #tick(id, event) {
    this.#agenda.tick(id, /** @type {HTMLInputElement} */ (event.target).checked);
  }

  /** One button takes the place of the other, and its focus. @param {string} id @param {boolean} now */
  #run(id, now) {
    if (now)
      this.#agenda.start(id);
    else
      this.#agenda.stop();
    this.#update();
    queueMicrotask(() => this.#focusIn(id, '.start'));
  }

  /** The focus goes to what has come to its place. @param {string} id @param {number} index */
  #remove(id, index) {
    this.#agenda.remove(id);
    const { items } = this.#agenda;
    const next = items[Math.min(index, items.length - 1)];
    this.#update();
    queueMicrotask(() => (next ? this.#focusIn(next.id, '.handle') : this.focus()));
  }

  /** @param {string} id @param {number} index */
  #move(id, index) {
    if (!this.#agenda.mayChange)
      return; // no longer, while it was dragged
    this.#agenda.move(id, index);
    const { items } = this.#agenda;
    const at = items.findIndex(item => item.id === id);
    notices.say(t("{title} is number {n} of {all} now.", { title: items[at]?.fields.title ?? '', n: at + 1, all: items.length }));
    this.#update();
    queueMicrotask(() => this.#focusIn(id, '.handle'));
  }

  /** @param {string} id */
  #edit(id) {
    this.#edits = id;
    this.#update();
    queueMicrotask(() => {
      this.#focusIn(id, 'input');
      const title = /** @type {HTMLInputElement | null} */ (document.querySelector('.item.editing [name=title]'));
      title?.setSelectionRange(title.value.length, title.value.length); // one goes on writing
      title?.closest('form')?.scrollIntoView({ block: 'nearest' });
    });
  }

  /** @param {string} id @param {string} selector */
  #focusIn(id, selector) {
    /** @type {HTMLElement | null} */ (document.querySelector(`.item[data-id="${CSS.escape(id)}"] ${selector}`))?.focus();
  }

  /** @param {string} id */
  #finish(id) {
    this.#edits = '';
    this.#update();
    queueMicrotask(() => this.#focusIn(id, '.handle'));
  }

  /** @param {KeyboardEvent} event */
  #onEditKey = event => {
    if (event.key !== 'Escape')
      return;
    event.stopPropagation();
    this.#finish(this.#edits);
  };

  /** @param {string} id @param {SubmitEvent} event */
  #save(id, event) {
    event.preventDefault();
    const wanted = read(/** @type {HTMLFormElement} */ (event.target));
    if (wanted.title)
      this.#agenda.change(id, wanted);
    this.#finish(id);
  }

  /** @param {SubmitEvent} event */
  #add = event => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const wanted = read(form);
    if (!wanted.title)
      return;
    this.#agenda.add(wanted);
    form.reset();
    this.focus();
  };

  focus() {
    this.#form?.querySelector('input')?.focus();
  }

  /** @param {Element | undefined} element */
  #onForm = element => {
    this.#form = /** @type {HTMLFormElement | null} */ (element ?? null);
  };
}

/** @param {string} prefix of ids @param {{ title: string, owner: string, minutes: number }} values */
const fields = (prefix, { title, owner, minutes }) => html`
  <input class="input item-title-field" name="title" maxlength=${MAX_ITEM_TITLE} autocomplete="off" value=${title} aria-label=${t("Item of the agenda")} placeholder=${t("Item of the agenda")}>
  <input class="input item-owner-field" name="owner" maxlength=${MAX_NAME} autocomplete="off" value=${owner} aria-label=${t("Who leads it")} placeholder=${t("Who leads it")}>
  <span class="minutes-field">
    <input class="input" id="${prefix}-minutes" name="minutes" type="number" inputmode="numeric" min="0" max=${MAX_MINUTES} value=${minutes || ''} aria-label=${t("Minutes planned")} placeholder="–">
    <label class="small soft" for="${prefix}-minutes" aria-hidden="true">${t("min")}</label>
  </span>`;

/** @param {HTMLFormElement} form */
function read(form) {
  const values = new FormData(form);
  const text = (/** @type {string} */ name) => String(values.get(name) ?? '').trim();
  return { title: text('title'), owner: text('owner'), minutes: Math.max(0, Math.min(MAX_MINUTES, Math.round(Number(text('minutes')) || 0))) };
}

/** What somebody has typed, or would find in its place. @param {{ title: string, owner: string, minutes: number } | undefined} item */
const wordsOf = item => [item?.title, item?.owner, item?.minutes ? minuteWords(item.minutes) : ''].filter(words => words).join(' · ');

/** The clock of what runs is above the stage. @param {number} minutes planned @param {number} spent ms */
function factsOf(minutes, spent) {
  if (spent < 1_000)
    return minutes > 0 ? minuteWords(minutes) : '';
  return minutes > 0 ? t("{time} of {planned}", { time: stopwatch(spent), planned: minuteWords(minutes) }) : stopwatch(spent);
}
