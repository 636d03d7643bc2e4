// Saving a copy of a meeting off the record, and hearing of it: the dialog that says what it means, the file, and above the stage, until it was read, who has saved
// one. Nobody saves one from here without the others being told before.

import { html, nothing } from 'lit-html';
import { Copies } from '../core/copies.js';
import { cleanFileName } from '../core/file-name.js';
import { t } from '../core/i18n.js';
import { writtenIn } from '../core/written.js';
import { wallAt, localZone } from '../core/zones.js';
import { copyPage } from './copy-page.js';
import { copiesWords } from './copy-words.js';
import { dialogHead } from './dialogs.js';
import { icon } from './icon.js';
import { notices } from './notices.js';
import { saveFile } from './save-file.js';

export class CopySaver {
  #meeting;
  #dialogs;
  #update;
  #listens;
  #copies;
  /** Copies that were told aloud, and those that were read. @type {Set<string>} */ #told = new Set();
  /** @type {Set<string>} */ #read = new Set();

  /**
   * @param {{ meeting: import('../core/meeting.js').Meeting, dialogs: import('./dialogs.js').Dialogs, update: () => void, signal: AbortSignal, listens: () => boolean }} options
   *   listens: the chat is open, which is read aloud
   */
  constructor({ meeting, dialogs, update, signal, listens }) {
    this.#meeting = meeting;
    this.#dialogs = dialogs;
    this.#update = update;
    this.#listens = listens;
    this.#copies = new Copies(meeting.model);
    meeting.model.addEventListener('change', () => this.#tell(), { signal });
  }

  /** There is nobody else who keeps anything. */
  get may() {
    return this.#copies.may;
  }

  open = () => this.#dialogs.open(this.#dialog);

  #dialog = () => html`
    ${dialogHead(t("Save a copy of this meeting?"))}
    <p>${t("What was written here becomes a file on this device: the chat with names and times, agenda, minutes, polls with their results, and a list of the documents. Private messages are not in it.")}</p>
    <div class="note">${icon('users')}<div class="note-body"><p><strong>${t("Everybody is told.")}</strong>
      ${t("Before the file is made, everybody in the meeting reads that you have saved a copy, and so does whoever comes later.")}</p></div></div>
    <p class="small soft">${t("The file is not encrypted: keep it as you would keep what was said here.")}</p>
    <div class="dialog-buttons">
      <button type="button" class="button" data-close autofocus>${t("Cancel")}</button>
      <button type="button" class="button primary" @click=${this.#save}>${icon('download', 'small')}<span>${t("Tell everybody and save")}</span></button>
    </div>`;

  #save = async () => {
    this.#dialogs.close();
    if (!await this.#copies.announce()) {
      notices.toast(t("No copy was saved, because the others could not be told."), { bad: true });
      return;
    }
    const { room, self, now } = this.#meeting;
    const title = room?.title ?? '';
    const page = copyPage(writtenIn(this.#meeting), { title, name: self?.name ?? '', at: now, copies: this.#copies.list });
    saveFile(new Blob([page], { type: 'text/html' }), cleanFileName(`${title} ${wallAt(now, localZone()).slice(0, 10)}.html`));
    notices.toast(t("The copy is saved. Everybody was told."));
  };

  get #unread() {
    return this.#copies.list.filter(({ id, own }) => !own && !this.#read.has(id));
  }

  #tell() {
    const news = this.#unread.filter(({ id }) => !this.#told.has(id));
    if (news.length === 0)
      return;
    for (const { id } of news)
      this.#told.add(id);
    if (!this.#listens())
      notices.say(copiesWords(news));
    this.#update();
  }

  /** Above the stage, until it was read. */
  template() {
    const unread = this.#unread;
    return unread.length === 0 ? nothing : html`
      <section class="banner copy-saved" aria-label=${t("A copy was saved")}>
        ${icon('download')}
        <p>${copiesWords(unread)}</p>
        <div class="row"><button type="button" class="button" @click=${this.#onRead}>${t("Close")}</button></div>
      </section>`;
  }

  #onRead = () => {
    for (const { id } of this.#unread)
      this.#read.add(id);
    this.#update();
  };
}
