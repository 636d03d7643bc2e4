// The minutes, written together: paragraphs, headings, decisions, and actions with who does them and until when. Enter begins the next
// paragraph, Backspace in an empty one removes it. Each text is a shared field, so the caret stays whatever others do elsewhere.

import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { ref } from 'lit-html/directives/ref.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { i18n, t } from '../core/i18n.js';
import { BLOCK_KINDS, MAX_BLOCK } from '../core/minutes.js';
import { MAX_NAME } from '../core/text.js';
import { icon } from './icon.js';
import { KeptWords } from './kept-words.js';
import { Menu } from './menu.js';
import { SharedField } from './shared-field.js';

/** @typedef {import('../core/minutes.js').Minutes} Minutes */
/** @typedef {import('../core/minutes.js').Block} Block */
/** @typedef {import('../core/minutes.js').BlockKind} BlockKind */

/** @type {Record<BlockKind, { glyph: string, words: () => string, hint: () => string }>} */
const KINDS = {
  text: { glyph: 'text-initial', words: () => t("Text"), hint: () => t("Write…") },
  heading: { glyph: 'heading', words: () => t("Heading"), hint: () => t("Heading") },
  decision: { glyph: 'gavel', words: () => t("Decision"), hint: () => t("What was decided") },
  action: { glyph: 'square-check-big', words: () => t("Action"), hint: () => t("What is to be done") },
};

export class MinutesTab {
  #minutes;
  #update;
  #menu = new Menu('block-menu');
  /** What the menu is about. */ #about = '';
  /** @type {WeakMap<Element, SharedField>} */ #fields = new WeakMap();
  /** @type {HTMLElement | null} */ #list = null;
  /** To be focused once it is drawn; and what had the focus before. */ #wanted = '';
  /** @type {Element | null} */ #held = null;
  #kept;

  /** @param {{ minutes: Minutes, update: () => void }} options */
  constructor({ minutes, update }) {
    this.#minutes = minutes;
    this.#update = update;
    this.#kept = new KeptWords(update);
  }

  template() {
    const { blocks, mayWrite } = this.#minutes;
    if (!mayWrite)
      this.#stopWriting();
    this.#held = this.#list?.contains(document.activeElement) ? document.activeElement : null;
    return html`
      <div class="panel-body minutes" tabindex=${mayWrite ? nothing : '0'}>
        ${blocks.length === 0 ? html`<p class="empty soft">${mayWrite
          ? t("No minutes yet. Everyone here can write; decisions and actions stand out in the summary.")
          : t("No minutes yet.")}</p>` : nothing}
        <ol class="blocks" @keydown=${this.#onKey} ${ref(this.#onList)}>${repeat(blocks, ({ id }) => id, block => (mayWrite ? this.#block(block) : reading(block)))}</ol>
      </div>
      ${mayWrite ? html`
        <div class="composer block-kinds" role="group" aria-label=${t("Add to the minutes")}>
          ${BLOCK_KINDS.filter(kind => kind !== 'heading').map(kind => this.#adder(kind))}
          <button type="button" class="button icon-only" aria-label=${t("Heading")} data-tip=${t("Heading")} @click=${() => this.#add('heading', null)}>${icon('heading', 'small')}</button>
        </div>` : this.#kept.template()}
      ${this.#menu.template(t("What to do about this paragraph"), mayWrite ? this.#choices() : [])}`;
  }

  /** The right to write is gone, and with it, once it is drawn, the fields. */
  #stopWriting() {
    this.#menu.close();
    for (const element of this.#list?.querySelectorAll('[data-field]') ?? [])
      this.#kept.keep(this.#fields.get(element)?.giveUp() ?? '');
  }

  /** @param {BlockKind} kind */
  #adder(kind) {
    return html`<button type="button" class="button" @click=${() => this.#add(kind, null)}>${icon(KINDS[kind].glyph, 'small')}<span>${KINDS[kind].words()}</span></button>`;
  }

  /** @param {Block} block */
  #block({ id, fields: { kind, owner, due } }) {
    const { glyph, words, hint } = KINDS[kind] ?? KINDS.text;
    return html`
      <li class="block ${kind}" data-id=${id}>
        ${kind === 'decision' || kind === 'action' ? html`<p class="block-kind small">${icon(glyph, 'small')}${words()}</p>` : nothing}
        <div class="block-line">
          <div class="growing"><textarea class="input" rows="1" maxlength=${MAX_BLOCK} data-field="text" aria-label=${words()} placeholder=${hint()}></textarea></div>
          <button type="button" class="button quiet icon-only block-more" aria-haspopup="menu" aria-label=${t("More about this paragraph")} data-tip=${t("More")}
            @click=${(/** @type {Event} */ event) => this.#open(id, event)}>${icon('ellipsis-vertical', 'small')}</button>
        </div>
        ${kind === 'action' ? html`
          <div class="action-facts">
            <label class="small"><span>${t("Who")}</span><span class="growing"><input class="input" maxlength=${MAX_NAME} data-field="owner" autocomplete="off"></span></label>
            <label class="small"><span>${t("Until")}</span><input class="input" type="date" .value=${live(due)} @change=${(/** @type {Event} */ event) => this.#setDue(id, event)}></label>
          </div>` : nothing}
      </li>`;
  }

  /** After each drawing. */
  updated() {
    for (const block of this.#minutes.blocks)
      this.#show(block);
    const wanted = this.#wanted ? this.#field(this.#wanted) : null;
    if (wanted) {
      this.#wanted = '';
      wanted.focus();
      wanted.setSelectionRange(wanted.value.length, wanted.value.length);
    } else if (this.#held?.isConnected && document.activeElement === document.body) {
      /** @type {HTMLElement} */ (this.#held).focus(); // it was moved, with its text
    }
    this.#held = null;
  }

  /** @param {Block} block */
  #show({ id, fields }) {
    const item = this.#list?.querySelector(`[data-id="${CSS.escape(id)}"]`);
    for (const element of item?.querySelectorAll('[data-field]') ?? []) {
      const name = /** @type {'text' | 'owner'} */ (/** @type {HTMLElement} */ (element).dataset.field);
      let field = this.#fields.get(element);
      if (!field) {
        field = new SharedField(/** @type {HTMLInputElement} */ (element), text => this.#save(id, { [name]: text }));
        this.#fields.set(element, field);
      }
      field.show(fields[name]);
    }
  }

  /** It may be gone meanwhile. @param {string} id @param {Partial<import('../core/minutes.js').BlockFields>} fields */
  #save(id, fields) {
    if (this.#minutes.mayWrite && this.#minutes.blocks.some(block => block.id === id))
      this.#minutes.change(id, fields);
  }

  /** @param {string} id */
  #field(id) {
    return /** @type {HTMLTextAreaElement | null} */ (this.#list?.querySelector(`[data-id="${CSS.escape(id)}"] textarea`) ?? null);
  }

  focus() {
    const { blocks } = this.#minutes;
    this.#wanted = blocks.at(-1)?.id ?? '';
    this.#update();
  }

  /** @param {BlockKind} kind @param {string | null} after */
  #add(kind, after) {
    this.#flush();
    this.#wanted = this.#minutes.add(kind, after);
    this.#update();
  }

  /** What is typed is saved before anything else is done. */
  #flush() {
    const active = document.activeElement;
    if (active)
      this.#fields.get(active)?.flush();
  }

  /** @param {string} id @param {Event} event */
  #setDue(id, event) {
    this.#minutes.change(id, { due: /** @type {HTMLInputElement} */ (event.target).value });
  }

  /** @returns {import('./menu.js').MenuItem[]} */
  #choices() {
    const id = this.#about;
    const { blocks } = this.#minutes;
    const at = blocks.findIndex(block => block.id === id);
    if (at < 0)
      return [];
    return [
      ...BLOCK_KINDS.map(kind => ({ label: KINDS[kind].words(), glyph: KINDS[kind].glyph, act: () => this.#turn(id, kind), hidden: blocks[at].fields.kind === kind })),
      { label: t("Move up"), glyph: 'arrow-up', act: () => this.#move(id, -1), kind: 'divided', hidden: at === 0 },
      { label: t("Move down"), glyph: 'arrow-down', act: () => this.#move(id, 1), kind: at === 0 ? 'divided' : '', hidden: at === blocks.length - 1 },
      { label: t("Delete"), glyph: 'trash-2', act: () => this.#remove(id), kind: 'danger-text' },
    ];
  }

  /** @param {string} id @param {Event} event */
  #open(id, event) {
    this.#about = id;
    this.#menu.anchor = /** @type {HTMLElement} */ (event.currentTarget);
    this.#update();
    queueMicrotask(() => this.#menu.open());
  }

  /** @param {string} id @param {BlockKind} kind */
  #turn(id, kind) {
    this.#minutes.change(id, { kind });
    this.#wanted = id;
  }

  /** @param {string} id @param {number} by */
  #move(id, by) {
    this.#flush();
    if (this.#minutes.move(id, by))
      this.#wanted = id;
  }

  /** The focus goes to the one before. @param {string} id */
  #remove(id) {
    const { blocks } = this.#minutes;
    const at = blocks.findIndex(block => block.id === id);
    this.#wanted = blocks[Math.max(0, at - 1)]?.id ?? '';
    this.#minutes.remove(id);
  }

  /** @param {KeyboardEvent} event */
  #onKey = event => {
    const field = /** @type {HTMLElement} */ (event.target);
    const id = /** @type {HTMLElement | null} */ (field.closest('[data-id]'))?.dataset.id;
    if (!id || event.isComposing || !(field instanceof HTMLTextAreaElement))
      return;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.altKey && step) {
      event.preventDefault();
      this.#move(id, step);
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      this.#onEnter(id, field.value);
    } else if (event.key === 'Backspace' && field.value === '' && this.#minutes.blocks.length > 1) {
      event.preventDefault();
      this.#remove(id);
    }
  };

  /** An empty decision or action becomes a paragraph, as in every list; after one that is not, another of its kind. @param {string} id @param {string} text */
  #onEnter(id, text) {
    const kind = this.#minutes.blocks.find(block => block.id === id)?.fields.kind ?? 'text';
    if (!text.trim() && kind !== 'text')
      this.#turn(id, 'text');
    else
      this.#add(kind === 'heading' ? 'text' : kind, id);
  }

  /** @param {Element | undefined} element */
  #onList = element => {
    this.#list = /** @type {HTMLElement | null} */ (element ?? null);
  };
}

/** @param {string} due YYYY-MM-DD */
const dateWords = due => new Intl.DateTimeFormat(i18n.lang, { dateStyle: 'medium', timeZone: 'UTC' }).format(Date.parse(due));

/** For who only reads. @param {Block} block */
function reading({ id, fields: { kind, text, owner, due } }) {
  const facts = [owner, due ? t("until {date}", { date: dateWords(due) }) : ''].filter(words => words).join(' · ');
  return html`
    <li class="block ${kind} reading" data-id=${id}>
      ${kind === 'decision' || kind === 'action' ? html`<p class="block-kind small">${icon(KINDS[kind].glyph, 'small')}${KINDS[kind].words()}</p>` : nothing}
      ${kind === 'heading' ? html`<h3>${text}</h3>` : html`<p class="block-text">${text}</p>`}
      ${kind === 'action' && facts ? html`<p class="small soft">${facts}</p>` : nothing}
    </li>`;
}
