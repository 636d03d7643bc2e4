// The summary of a meeting: read by who has its link, changed and sent by hosts. Says what is waited for while it is not there yet, and
// prints as a document does.

import { html, nothing } from 'lit-html';
import { errorText } from '../core/errors.js';
import { dateAndTime, day, fileSize } from '../core/figures.js';
import { t, tn } from '../core/i18n.js';
import { errorId } from '../core/requests.js';
import { readAddresses } from '../core/summary.js';
import { copyText } from './copy-button.js';
import { DeleteRecord } from './delete-record.js';
import { Dialogs, dialogHead } from './dialogs.js';
import { icon } from './icon.js';
import { notices } from './notices.js';
import { pageFrame } from './page-frame.js';
import { saveFile } from './save-file.js';
import { longDate, timeOfDay, timeRange } from './schedule-words.js';
import { problem, waiting } from './states.js';
import { SummaryEditor } from './summary-editor.js';
import { spanWords, summaryView } from './summary-view.js';

/** @typedef {import('../core/summary.js').Format} Format */
/** @typedef {import('../core/summary.js').Issue} Issue */

/** @type {{ format: Format, words: () => string }[]} */
const FILES = [
  { format: 'pdf', words: () => t("PDF, to print and file") },
  { format: 'html', words: () => t("Web page (HTML)") },
  { format: 'md', words: () => t("Text (Markdown)") },
  { format: 'vtt', words: () => t("Captions (WebVTT)") },
  { format: 'json', words: () => t("Data (JSON)") },
];

const NO_WAY = new Set(['not-found', 'no-session', 'wrong-key', 'gone', 'bad-message', 'bad-key']);

export class SummaryPage {
  #shell;
  #summary;
  #account;
  #dialogs;
  /** @type {SummaryEditor | null} */ #editor = null;
  /** Looked up once. */ #asked = false;

  /** @param {{ shell: import('./shell.js').Shell, summary: import('../core/summary.js').Summary, account: import('../core/account.js').Account }} options */
  constructor({ shell, summary, account }) {
    this.#shell = shell;
    this.#summary = summary;
    this.#account = account;
    this.#dialogs = new Dialogs(() => shell.update());
    summary.addEventListener('change', this.#onChange);
    void summary.load();
  }

  dispose() {
    this.#summary.removeEventListener('change', this.#onChange);
    this.#summary.dispose();
  }

  get title() {
    return this.#summary.value?.body.title || t("Summary");
  }

  updated() {
    this.#dialogs.updated();
  }

  #onChange = () => {
    this.#shell.update();
    if (this.#summary.state === 'ready' && !this.#asked) {
      this.#asked = true;
      void this.#lookUpAccount();
    }
  };

  /** An account may change it, and watch recordings. */
  async #lookUpAccount() {
    await this.#account.load();
    if (this.#account.isHost)
      await this.#summary.gainByAccount();
    this.#shell.update();
  }

  template() {
    const { state, value } = this.#summary;
    if (state === 'pending')
      return pageFrame(this.#pending());
    if (state === 'failed')
      return pageFrame(this.#problem());
    if (state === 'deleted')
      return pageFrame(deleted());
    if (!value)
      return pageFrame(waiting(t("Looking for the summary…")));
    if (this.#editor)
      return pageFrame(html`<div class="card">${this.#editor.template()}</div>${this.#dialogs.template()}`, 'wide summary-frame');
    return pageFrame(html`
      ${this.#head(value)}
      <div class="recorded">
        <article class="summary">${summaryView(value.body, { watches: this.#watches })}</article>
        <aside class="recorded-side summary-side" aria-label=${t("Files, and what can be done")}>
          ${this.#files(value)}${this.#documents(value)}${this.#recordings(value)}${this.#more(value)}
        </aside>
      </div>
      ${this.#dialogs.template()}`, 'broad summary-frame');
  }

  get #watches() {
    return this.#account.state === 'in' && (this.#account.isHost || this.#account.role === 'producer');
  }

  #pending() {
    const runs = this.#summary.waitsFor === 'end';
    return html`
      <div class="card stack center" role="status">
        <span class="big-icon">${icon('notebook-pen')}</span>
        <h1>${runs ? t("The meeting is still going on") : t("The summary is being written")}</h1>
        <p>${runs ? t("The server writes the summary when the meeting has ended. It shows up here by itself.") : t("This takes a moment. It shows up here by itself.")}</p>
      </div>`;
  }

  #problem() {
    const { error } = this.#summary;
    const none = NO_WAY.has(error);
    return problem({
      heading: none ? t("There is no such summary") : t("The summary cannot be shown"),
      words: none ? t("The link is not complete, or the summary was deleted. Who has a room finds its summaries there, when signed in.") : errorText(error),
      glyph: none ? 'link-2-off' : 'circle-alert',
      button: none ? nothing : html`<button type="button" class="button primary" @click=${() => this.#summary.load()}>${t("Try again")}</button>`,
      link: none ? html`<a class="button primary" href=${`/sign-in?to=${encodeURIComponent(location.pathname)}`}>${t("Sign in")}</a>` : nothing,
    });
  }

  /** @param {Issue} issue */
  #head({ body: { title, started, ended, attendance }, issue, made, editable }) {
    return html`
      <header class="recorded-head summary-head">
        <p class="small soft">${t("Summary")}</p>
        <div class="recorded-title">
          <h1>${title || t("Meeting")}</h1>
          ${editable ? html`<button type="button" class="button" @click=${this.#edit}>${icon('pencil', 'small')}<span>${t("Change it")}</span></button>` : nothing}
        </div>
        <p class="soft facts-line"><span>${longDate(localDay(started))} ·</span> <span class="unbroken">${timeRange(started, ended)} ·</span> <span class="unbroken">${spanWords(ended - started)}${
          attendance && attendance.length > 0 ? ' ·' : ''}</span> ${attendance && attendance.length > 0 ? html`<span class="unbroken">${tn("{n} person", "{n} people", attendance.length)}</span>` : nothing}</p>
        ${issue > 1 ? html`<p class="small soft">${t("Version {n}, changed by a host on {date}", { n: issue, date: dateAndTime(made) })}</p>` : nothing}
      </header>`;
  }

  /** @param {Issue} issue */
  #files({ body }) {
    const there = FILES.filter(({ format }) => format !== 'vtt' || (body.captions ?? []).length > 0);
    return html`
      <section class="part" aria-labelledby="files-title">
        <h2 id="files-title">${t("Save it")}</h2>
        <ul>${there.map(({ format, words }) => html`
          <li><button type="button" class="download" @click=${() => this.#save(format)}>${icon('download', 'small')}<span class="download-words">${words()}</span></button></li>`)}</ul>
      </section>`;
  }

  /** @param {Issue} issue */
  #documents({ body: { documents } }) {
    return documents.length === 0 ? nothing : html`
      <section class="part" aria-labelledby="documents-title">
        <h2 id="documents-title">${t("Documents")}</h2>
        <ul>${documents.map(({ id, name, bytes, by, sha256 }) => html`
          <li><button type="button" class="download" title=${sha256 ? `SHA-256 ${sha256}` : ''} @click=${() => this.#fetch(id)}>${icon('file-text', 'small')}<span class="download-words"><bdi>${name}</bdi><span class="small soft summary-by"><bdi>${by}</bdi></span></span><span class="small soft">${fileSize(bytes)}</span></button></li>`)}</ul>
      </section>`;
  }

  /** @param {Issue} issue */
  #recordings({ body: { recordings } }) {
    return recordings.length === 0 ? nothing : html`
      <section class="part" aria-labelledby="recordings-title">
        <h2 id="recordings-title">${t("Recordings")}</h2>
        <ul>${recordings.map(({ id, started, ended }) => {
          const words = ended > 0 ? timeRange(started, ended) : timeOfDay(started);
          return html`<li>${this.#watches
            ? html`<a class="download" href=${`/recordings/${encodeURIComponent(id)}`}>${icon('clapperboard', 'small')}<span class="download-words">${words}</span></a>`
            : html`<p class="download">${icon('clapperboard', 'small')}<span class="download-words">${words}</span></p>`}</li>`;
        })}</ul>
        ${this.#watches ? nothing : html`<p class="small soft">${t("Who manages this server's recordings can watch them. Ask a host for a link.")}</p>`}
      </section>`;
  }

  /** @param {Issue} issue */
  #more({ mail, expires, editable }) {
    const link = this.#summary.link(location.origin);
    return html`
      <section class="part summary-more" aria-labelledby="more-title">
        <h2 id="more-title">${t("Pass it on")}</h2>
        <div class="stack">
          ${mail ? html`<button type="button" class="button" @click=${this.#askForAddresses}>${icon('mail', 'small')}<span>${t("Send by e-mail")}</span></button>` : nothing}
          ${link ? html`<button type="button" class="button" @click=${() => copyText(link)}>${icon('link', 'small')}<span>${t("Copy link")}</span></button>` : nothing}
          <button type="button" class="button" @click=${() => print()}>${icon('file-text', 'small')}<span>${t("Print")}</span></button>
        </div>
        ${link ? html`<p class="small soft">${t("Who has the link can read the summary and fetch the documents.")}</p>` : nothing}
        ${expires ? html`<p class="small soft">${t("It is deleted on {date}.", { date: day(expires) })}</p>` : nothing}
      </section>
      ${editable ? html`
        <section class="part summary-more" aria-label=${t("Delete")}>
          <button type="button" class="button danger-outline" @click=${this.#askToDelete}>${icon('trash-2', 'small')}<span>${t("Delete the record…")}</span></button>
        </section>` : nothing}`;
  }

  /** @param {unknown} error */
  #tell(error) {
    notices.toast(errorText(errorId(error)), { bad: true });
  }

  /** @param {Format} format */
  async #save(format) {
    try {
      saveFile(await this.#summary.file(format), `${(this.#summary.value?.body.title || 'summary').replace(/[^\p{L}\p{N} ._-]+/gu, '-').slice(0, 80)}.${format}`);
    } catch (error) {
      this.#tell(error);
    }
  }

  /** @param {string} id of a document */
  async #fetch(id) {
    try {
      saveFile(await this.#summary.document(id), '');
    } catch (error) {
      this.#tell(error);
    }
  }

  #edit = () => {
    const { body } = /** @type {Issue} */ (this.#summary.value);
    this.#editor = new SummaryEditor({
      body, update: () => this.#shell.update(), onCancel: () => this.#close(),
      onSave: async draft => {
        try {
          await this.#summary.save(draft);
        } catch (error) {
          const id = errorId(error);
          return id === 'bad-message' ? t("Something in it cannot be saved: a text is too long, or a date is not one.")
            : id === 'too-large' ? t("Too long to be saved: all of a summary can have up to 8 MiB.") : errorText(id);
        }
        notices.toast(t("Saved. Everyone with the link reads this version now."));
        this.#close();
        return '';
      },
    });
    this.#shell.redraw();
  };

  #close() {
    this.#editor = null;
    this.#shell.redraw();
  }

  #askToDelete = () => {
    const { body } = /** @type {Issue} */ (this.#summary.value);
    this.#dialogs.open(new DeleteRecord({
      body, day: localDay(body.started), update: () => this.#shell.update(),
      act: async () => {
        await this.#summary.remove();
        this.#dialogs.close();
        this.#shell.redraw();
      },
    }).template);
  };

  #askForAddresses = () => {
    let error = '';
    let busy = false;
    const refuse = (/** @type {string} */ sentence) => {
      error = sentence;
      busy = false;
      this.#shell.update();
    };
    const onSubmit = async (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      const { to, wrong } = readAddresses(String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('to') ?? ''));
      if (to.length === 0)
        return refuse(t("Whom should it go to?"));
      if (wrong !== null)
        return refuse(t("“{address}” is no e-mail address, or there are more than 50.", { address: wrong }));
      busy = true;
      this.#shell.update();
      try {
        const n = await this.#summary.send(to);
        this.#dialogs.close();
        notices.toast(tn("{n} e-mail is on its way.", "{n} e-mails are on their way.", n));
      } catch (failure) {
        refuse(errorText(errorId(failure)));
      }
      return undefined;
    };
    this.#dialogs.open(() => html`
      ${dialogHead(t("Send by e-mail"))}
      <form class="stack" @submit=${onSubmit} novalidate>
        <div class="field">
          <label for="mail-to">${t("To whom, up to 50 addresses")}</label>
          <textarea class="input" id="mail-to" name="to" rows="4" autocomplete="off" spellcheck="false" autofocus aria-describedby="mail-error"></textarea>
        </div>
        <p class="small soft">${t("Each gets an e-mail of their own, with the summary in it, as a PDF and as a link.")}</p>
        <p class="error" id="mail-error" role="alert" ?hidden=${!error}>${error}</p>
        <div class="dialog-buttons"><button type="button" class="button" data-close>${t("Cancel")}</button>
          <button class="button primary" ?disabled=${busy}>${t("Send")}</button></div>
      </form>`);
  };
}

const deleted = () => problem({
  heading: t("The record is deleted"),
  words: t("Nothing of this meeting is kept any more, and every link to its summary leads nowhere. You can close this page."),
  glyph: 'check',
});

/** @param {number} at ms @returns {string} `YYYY-MM-DD` where the reader is */
function localDay(at) {
  const date = new Date(at);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(n => String(n).padStart(2, '0')).join('-');
}
