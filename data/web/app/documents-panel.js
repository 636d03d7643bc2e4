// Documents: what people have shared, what is on its way, and where to put more: chosen, dropped anywhere on the meeting, or pasted.
// Nothing of a file is ever shown here; it is downloaded, and another program opens it. Whether the server has the files, or the people
// themselves, `meeting.documents` knows: here it only makes for other words.

import { html, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { errorText } from '../core/errors.js';
import { fileSize, percent } from '../core/figures.js';
import { i18n, t, tn } from '../core/i18n.js';
import { errorId } from '../core/requests.js';
import { timeOfDay } from './clock-words.js';
import { icon } from './icon.js';
import { notices } from './notices.js';
import { panel } from './panel.js';
import { saveFile } from './save-file.js';

/** @typedef {import('../core/documents.js').Upload} Upload */
/** @typedef {import('../core/model.js').Shared} Shared */

/** What an upload failed of; other errors have their own sentence. @type {Record<string, (upload: Upload, max: number) => string>} */
const FAILURES = {
  'too-large': (_, max) => t("Too large: up to {size} can be shared.", { size: fileSize(max) }),
  'quota-full': () => t("There is no room left for it. Delete something first."),
  'refused': () => t("The server does not take this file."),
  'disk-full': () => t("The server's disk is full. Tell whoever runs it."),
  'too-many': () => t("Too many documents. Delete some first."),
  'not-allowed': () => t("You may not share documents now."),
  'file-changed': () => t("The file was changed, moved or deleted on this device before it was here. Choose it once more."),
  'not-joined': () => t("The meeting was over before it was there."),
  'unreadable': () => t("The file cannot be read. It may have been moved or changed."),
};

/** What may become of a download besides. @type {Record<string, () => string>} */
const UNFETCHED = {
  'no-space': () => t("Your browser has no room for this file."),
  'not-found': () => t("It was deleted meanwhile."),
};

export class DocumentsPanel {
  #meeting;
  #documents;
  #update;
  #onClose;
  /** Which document one is asked about before it is deleted. */ #asked = '';

  /** @param {{ meeting: import('../core/meeting.js').Meeting, update: () => void, signal: AbortSignal, onClose: () => void }} options */
  constructor({ meeting, update, signal, onClose }) {
    this.#meeting = meeting;
    this.#documents = meeting.documents;
    this.#update = update;
    this.#onClose = onClose;
    this.#documents.addEventListener('lost', event => {
      const { name } = /** @type {CustomEvent} */ (event).detail;
      notices.toast(t("{name} cannot be read any more, so nobody gets it from you. Share it again.", { name }), { bad: true });
    }, { signal });
  }

  /** Who only watches may read them. */
  get mayShare() {
    return this.#documents.available && (this.#meeting.self?.stage ?? false);
  }

  template() {
    const { list, uploads } = this.#documents;
    return panel({ id: 'documents', title: t("Documents"), onClose: this.#onClose, content: html`
      <div class="panel-body documents" @keydown=${this.#onKey}>
        ${uploads.length > 0 ? html`
          <ul class="uploads" aria-label=${t("On their way")}>${repeat(uploads, ({ key }) => key, upload => this.#upload(upload))}</ul>` : nothing}
        ${list.length > 0 ? html`
          <ul class="document-list" aria-label=${t("Documents of this meeting")}>${repeat(list, ({ id }) => id, document => this.#document(document))}</ul>` : nothing}
        ${list.length === 0 && uploads.length === 0 ? html`<p class="empty soft">${this.mayShare
          ? t("Nothing shared yet. Drop files here, paste them, or choose some.")
          : t("Nothing shared yet.")}</p>` : nothing}
      </div>
      ${this.mayShare ? this.#foot() : nothing}` });
  }

  #foot() {
    const { maxBytes, quota, used } = this.#documents;
    const left = Math.max(0, quota - used);
    return html`
      <div class="documents-foot">
        <label class="button primary wide file-button">
          ${icon('plus', 'small')}<span>${t("Share files")}</span>
          <input type="file" multiple aria-describedby="documents-limits" @change=${this.#onChosen}>
        </label>
        <p class="small soft" id="documents-limits">${quota === Infinity
          ? t("They stay with you, and go to the others from here while this page is open. Up to {size} each.", { size: fileSize(maxBytes) })
          : left < maxBytes
            ? t("Everyone in the meeting can download them. {size} are left.", { size: fileSize(left) })
            : t("Everyone in the meeting can download them. Up to {size} each.", { size: fileSize(maxBytes) })}</p>
      </div>`;
  }

  /** Who has it, where people give it to each other. @param {string} id */
  #holders(id) {
    const { people, self } = this.#meeting;
    const holders = this.#documents.holders(id);
    if (!holders)
      return nothing;
    const names = holders.filter(person => person !== self?.id).map(person => people.get(person)?.name ?? '').filter(name => name);
    const list = new Intl.ListFormat(i18n.lang, { type: 'unit' }).format(holders.includes(self?.id ?? '') ? [t("you"), ...names] : names);
    return html`<p class="small soft">${list ? t("Who has it: {names}", { names: list }) : t("Nobody who is here has it any more")}</p>`;
  }

  /** What goes to the others just now. @param {string} id */
  #loans(id) {
    return this.#documents.loans.filter(({ document, bytes }) => document === id && bytes > 0).map(({ person, sent, bytes }) => {
      const name = this.#meeting.people.get(person)?.name ?? '';
      return html`
        <progress aria-label=${t("Progress of what {name} gets", { name })} max="1" .value=${sent / bytes}></progress>
        <p class="small soft">${t("{name} gets it: {percent}", { name, percent: percent(sent / bytes) })}</p>`;
    });
  }

  /** What comes from the others just now. @param {import('../core/fetcher.js').Fetch} fetch @param {string} name */
  #fetch({ received, bytes, state }, name) {
    return html`
      <progress aria-label=${t("Progress of {name}", { name })} max="1" .value=${bytes > 0 ? received / bytes : 1}></progress>
      <p class="small soft">${state === 'receiving' ? t("{sent} of {all}", { sent: fileSize(received), all: fileSize(bytes) })
        : state === 'waiting' ? t("Waiting: one after another")
          : t("Nobody who has it is connected. It goes on by itself.")}</p>`;
  }

  /** @param {Shared} document */
  #document({ id, own, fields }) {
    const { name, bytes, sender, at } = fields;
    const who = own ? t("You") : sender || t("Somebody who has left");
    const about = t("{size}, {name}, {time}", { size: fileSize(bytes), name: who, time: timeOfDay(at) });
    const mayRemove = this.#documents.mayRemove(/** @type {Shared} */ (this.#meeting.model.get(id)));
    const fetch = this.#documents.fetches.find(({ document }) => document === id);
    return html`
      <li class="document" data-document=${id} data-holders=${this.#documents.holders(id)?.length ?? nothing}>
        ${icon('file-text')}
        <div class="document-words">
          <p class="document-name"><bdi>${name}</bdi></p>
          <p class="small soft">${about}</p>
          ${fetch ? this.#fetch(fetch, name) : this.#holders(id)}
          ${this.#loans(id)}
        </div>
        ${this.#asked === id && mayRemove ? html`
          <div class="document-question" role="group" aria-label=${t("Delete {name}?", { name })}>
            <p>${t("Delete it for everyone?")}</p>
            <button type="button" class="button" data-cancel @click=${() => this.#ask('', id)}>${t("Cancel")}</button>
            <button type="button" class="button danger" @click=${() => this.#remove(id, name)}>${t("Delete")}</button>
          </div>` : html`
          ${fetch ? html`
            <button type="button" class="button quiet icon-only" aria-label=${t("Cancel {name}", { name })} data-tip=${t("Cancel")} @click=${() => this.#documents.stop(id)}>${icon('x')}</button>` : html`
            <button type="button" class="button quiet icon-only" aria-label=${t("Download {name}", { name })} data-tip=${t("Download")} @click=${() => this.#download(id, name)}>${icon('download')}</button>`}
          ${mayRemove ? html`
            <button type="button" class="button quiet icon-only" data-delete aria-label=${t("Delete {name}", { name })} data-tip=${t("Delete")} @click=${() => this.#ask(id, id)}>${icon('trash-2')}</button>` : nothing}`}
      </li>`;
  }

  /** @param {Upload} upload */
  #upload(upload) {
    const { key, name, bytes, sent, state } = upload;
    const failed = state === 'failed';
    const share = bytes > 0 ? sent / bytes : 1;
    return html`
      <li class="upload ${state}" data-upload=${key}>
        ${icon(failed ? 'circle-alert' : 'file-text')}
        <div class="document-words">
          <p class="document-name"><bdi>${name}</bdi></p>
          ${failed ? nothing : html`<progress aria-label=${t("Progress of {name}", { name })} max="1" .value=${share}></progress>`}
          <p class="small ${failed ? 'danger-text' : 'soft'}">${this.#stateOf(upload, share)}</p>
        </div>
        ${failed && this.#mayHelp(upload) ? html`
          <button type="button" class="button quiet icon-only" aria-label=${t("Try {name} again", { name })} data-tip=${t("Try again")} @click=${() => this.#documents.retry(key)}>${icon('refresh-cw')}</button>` : nothing}
        <button type="button" class="button quiet icon-only" aria-label=${failed ? t("Forget {name}", { name }) : t("Cancel {name}", { name })} data-tip=${failed ? t("Forget it") : t("Cancel")}
          @click=${() => this.#documents.cancel(key)}>${icon('x')}</button>
      </li>`;
  }

  /** @param {Upload} upload @param {number} share @returns {string} */
  #stateOf(upload, share) {
    const { state, bytes, sent, error } = upload;
    switch (state) {
      case 'waiting': return t("Waiting: one after another");
      case 'paused': return t("Interrupted at {percent}. It goes on by itself.", { percent: percent(share) });
      case 'finishing': return t("Almost there: the server looks at it");
      case 'reading': return t("Your browser reads it: {percent}", { percent: percent(share) });
      case 'failed': return FAILURES[error ?? '']?.(upload, this.#documents.maxBytes) ?? errorText(error ?? '');
      default: return t("{sent} of {all}", { sent: fileSize(sent), all: fileSize(bytes) });
    }
  }

  /** The same file is as large and of the same kind the next time; one that was changed cannot be read any more. @param {Upload} upload */
  #mayHelp({ error }) {
    return this.mayShare && error !== 'too-large' && error !== 'refused' && error !== 'file-changed';
  }

  /** What was dropped, pasted or chosen. @param {File[]} files */
  share(files) {
    if (!this.mayShare || files.length === 0)
      return;
    this.#documents.share(files);
    notices.say(tn("{n} file is being shared", "{n} files are being shared", files.length));
  }

  /** @param {Event} event */
  #onChosen = event => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    this.share([...input.files ?? []]);
    input.value = ''; // the same one may be chosen again
  };

  /** @param {string} id '': nothing any more @param {string} row where the focus stays */
  #ask(id, row) {
    this.#asked = id;
    this.#update();
    queueMicrotask(() => /** @type {HTMLElement | null} */ (document.querySelector(`[data-document="${row}"] ${id ? '[data-cancel]' : '[data-delete]'}`))?.focus());
  }

  /** @param {string} id @param {string} name */
  #remove(id, name) {
    this.#asked = '';
    try {
      this.#documents.remove(id);
      notices.say(t("{name} is deleted", { name }));
    } catch (error) {
      notices.toast(errorText(errorId(error)), { bad: true });
    }
    this.#update();
    queueMicrotask(() => document.getElementById('panel-title')?.focus());
  }

  /** @param {string} id @param {string} name */
  async #download(id, name) {
    try {
      saveFile(await this.#documents.fetch(id), name);
      this.#update();
    } catch (error) {
      const why = errorId(error);
      if (why !== 'cancelled')
        notices.toast(UNFETCHED[why]?.() ?? errorText(why), { bad: true });
    }
  }

  /** Escape takes back the question, not the panel. @param {KeyboardEvent} event */
  #onKey = event => {
    if (event.key !== 'Escape' || !this.#asked)
      return;
    event.stopPropagation();
    this.#ask('', this.#asked);
  };
}
