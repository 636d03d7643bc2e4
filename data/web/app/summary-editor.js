// A summary while a host changes it: its title, what was decided and agreed on, who is named. What is written is here until it is saved,
// as a new issue of the summary, or thrown away.

import { html, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { live } from 'lit-html/directives/live.js';
import { t } from '../core/i18n.js';
import { MAX_MESSAGE, MAX_NAME, MAX_TITLE } from '../core/text.js';
import { icon } from './icon.js';

/** @typedef {import('../core/summary.js').Block} Block */
/** @typedef {import('../core/summary.js').Body} Body */

/** @type {Record<string, () => string>} */
const KINDS = { text: () => t("Text"), heading: () => t("Heading"), decision: () => t("Decision"), action: () => t("Action") };

export class SummaryEditor {
  #body;
  #onSave;
  #onCancel;
  #update;
  #title;
  /** With a number of its own, so that what is typed stays with it. @type {(Block & { key: number })[]} */ #blocks;
  #count;
  #named;
  /** Indexes of those who are left out. @type {Set<number>} */ #out = new Set();
  #chat;
  #busy = false;
  error = '';

  /**
   * @param {{ body: Body, onSave: (draft: import('../core/summary.js').Draft) => Promise<string>, onCancel: () => void, update: () => void }} options
   *   onSave: resolves with a sentence where it could not be done
   */
  constructor({ body, onSave, onCancel, update }) {
    this.#body = body;
    this.#onSave = onSave;
    this.#onCancel = onCancel;
    this.#update = update;
    this.#title = body.title;
    this.#blocks = body.minutes.map((block, key) => ({ ...block, key }));
    this.#count = this.#blocks.length;
    this.#named = body.attendance !== null;
    this.#chat = body.chat !== null;
  }

  template() {
    const { attendance, chat } = this.#body;
    return html`
      <form class="stack summary-editor" @submit=${this.#onSubmit} novalidate>
        <h1>${t("Change the summary")}</h1>
        <div class="field">
          <label for="summary-title">${t("Title")}</label>
          <input class="input" id="summary-title" maxlength=${MAX_TITLE} autocomplete="off" .value=${live(this.#title)} @input=${(/** @type {Event} */ event) => { this.#title = valueOf(event); }}>
        </div>
        <fieldset class="summary-blocks">
          <legend>${t("Minutes, decisions and actions")}</legend>
          <ol>${repeat(this.#blocks, ({ key }) => key, (block, i) => this.#block(block, i))}</ol>
          <div class="row">${Object.entries(KINDS).map(([kind, words]) => html`
            <button type="button" class="button" @click=${() => this.#add(kind)}>${icon('plus', 'small')}<span>${words()}</span></button>`)}</div>
        </fieldset>
        ${attendance ? this.#people(attendance) : nothing}
        ${chat ? html`<label class="check"><input type="checkbox" .checked=${live(this.#chat)} @change=${(/** @type {Event} */ event) => { this.#chat = isChecked(event); }}><span>${t("The chat stays in it")}</span></label>` : nothing}
        <p class="error" role="alert" ?hidden=${!this.error}>${this.error}</p>
        <div class="row end">
          <button type="button" class="button" @click=${this.#onCancel}>${t("Cancel")}</button>
          <button class="button primary" ?disabled=${this.#busy}>${t("Save as a new version")}</button>
        </div>
      </form>`;
  }

  /** @param {Block & { key: number }} block @param {number} i */
  #block(block, i) {
    const set = (/** @type {Partial<Block>} */ fields) => Object.assign(block, fields);
    const id = `summary-block-${block.key}`;
    return html`
      <li class="summary-block">
        <div class="summary-block-head">
          <select class="select" aria-label=${t("Kind of paragraph {n}", { n: i + 1 })} @change=${(/** @type {Event} */ event) => this.#change(() => set({ kind: valueOf(event) }))}>
            ${Object.entries(KINDS).map(([kind, words]) => html`<option value=${kind} ?selected=${kind === block.kind}>${words()}</option>`)}</select>
          <button type="button" class="button quiet icon-only" aria-label=${t("Move paragraph {n} up", { n: i + 1 })} ?disabled=${i === 0} @click=${() => this.#move(i, i - 1)}>${icon('arrow-up', 'small')}</button>
          <button type="button" class="button quiet icon-only" aria-label=${t("Move paragraph {n} down", { n: i + 1 })} ?disabled=${i === this.#blocks.length - 1} @click=${() => this.#move(i, i + 1)}>${icon('arrow-down', 'small')}</button>
          <button type="button" class="button quiet icon-only" aria-label=${t("Remove paragraph {n}", { n: i + 1 })} @click=${() => this.#change(() => this.#blocks.splice(i, 1))}>${icon('trash-2', 'small')}</button>
        </div>
        <textarea class="input" id=${id} rows=${block.kind === 'heading' ? 1 : 3} maxlength=${MAX_MESSAGE} aria-label=${t("Paragraph {n}", { n: i + 1 })} .value=${live(block.text)} @input=${(/** @type {Event} */ event) => set({ text: valueOf(event) })}></textarea>
        ${block.kind === 'action' ? html`
          <div class="summary-block-facts">
            <label class="small"><span>${t("Who")}</span><input class="input" maxlength=${MAX_NAME} autocomplete="off" .value=${live(block.owner)} @input=${(/** @type {Event} */ event) => set({ owner: valueOf(event) })}></label>
            <label class="small"><span>${t("Until")}</span><input class="input" type="date" .value=${live(block.due)} @input=${(/** @type {Event} */ event) => set({ due: valueOf(event) })}></label>
          </div>` : nothing}
      </li>`;
  }

  /** @param {import('../core/summary.js').Attendee[]} attendance */
  #people(attendance) {
    return html`
      <fieldset class="summary-names">
        <legend>${t("Who was there")}</legend>
        <label class="check"><input type="checkbox" .checked=${live(this.#named)} @change=${(/** @type {Event} */ event) => this.#change(() => { this.#named = isChecked(event); })}><span>${t("Say who was there")}</span></label>
        ${this.#named ? html`<div class="summary-name-list">${attendance.map(({ name }, i) => html`
          <label class="check"><input type="checkbox" .checked=${live(!this.#out.has(i))} @change=${(/** @type {Event} */ event) => this.#change(() => (isChecked(event) ? this.#out.delete(i) : this.#out.add(i)))}><span><bdi>${name}</bdi></span></label>`)}</div>` : nothing}
      </fieldset>`;
  }

  /** @param {() => unknown} act */
  #change(act) {
    act();
    this.#update();
  }

  /** @param {string} kind */
  #add(kind) {
    const key = this.#count++;
    this.#change(() => this.#blocks.push({ kind, text: '', owner: '', due: '', key }));
    queueMicrotask(() => document.getElementById(`summary-block-${key}`)?.focus()); // before a key can go elsewhere
  }

  /** @param {number} from @param {number} to */
  #move(from, to) {
    this.#change(() => this.#blocks.splice(to, 0, ...this.#blocks.splice(from, 1)));
  }

  /** @param {SubmitEvent} event */
  #onSubmit = async event => {
    event.preventDefault();
    const { attendance, chat } = this.#body;
    this.#busy = true;
    this.#update();
    this.error = await this.#onSave({
      title: this.#title,
      minutes: this.#blocks.map(({ kind, text, owner, due }) => ({ kind, text, owner: kind === 'action' ? owner : '', due: kind === 'action' ? due : '' })),
      attendance: this.#named ? attendance?.filter((_, i) => !this.#out.has(i)) ?? null : null,
      ...(chat && !this.#chat && { chat: null }),
    });
    this.#busy = false;
    this.#update();
  };
}

/** @param {Event} event */
const valueOf = event => /** @type {HTMLInputElement} */ (event.target).value;

/** @param {Event} event */
const isChecked = event => /** @type {HTMLInputElement} */ (event.target).checked;
