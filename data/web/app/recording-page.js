// The page of one recording, for who manages them: watch it, see what was recorded of whom, fetch it, have other versions made, rename,
// share and delete it. Tracks can be played while the video is still being made.

import { html, nothing } from 'lit-html';
import { fileUrl } from '../core/api.js';
import { ConclaveError, errorText } from '../core/errors.js';
import { clockTime, dateAndTime, day, fileSize } from '../core/figures.js';
import { t, tn } from '../core/i18n.js';
import { Recorded, doneOf, isOpen, tracksOf } from '../core/recorded.js';
import { cleanMessage } from '../core/text.js';
import { Dialogs, dialogHead, shortcutsDialog } from './dialogs.js';
import { downloads } from './downloads.js';
import { icon } from './icon.js';
import { notices } from './notices.js';
import { pageFrame } from './page-frame.js';
import { RecordedView } from './recorded-view.js';
import { progressWords, renderingState, renderingWords, sourceWords, troubleWords } from './recording-words.js';
import { RenderDialog } from './render-dialog.js';
import { ShareDialog } from './share-dialog.js';
import { Shortcuts } from './shortcuts.js';
import { problem, waiting } from './states.js';

const MAX_TITLE = 120;

/** @typedef {import('../core/api.js').RecordedFile} RecordedFile */
/** @typedef {import('../core/api.js').RecordingObject} RecordingObject */

/** @param {unknown} error @returns {string} */
const wordsOf = error => errorText(error instanceof ConclaveError ? error.id : 'internal');

export class RecordingPage {
  #shell;
  #recorded;
  #onSignedOut;
  #view;
  #dialogs;
  #shortcuts;
  #renaming = false;
  /** @type {Map<string, boolean> | null} */ #checked = null;
  #checking = false;

  /** @param {{ shell: import('./shell.js').Shell, api: import('../core/api.js').Api, id: string, at?: number, onSignedOut: () => void }} options at: ms, where it begins */
  constructor({ shell, api, id, at = 0, onSignedOut }) {
    this.#shell = shell;
    this.#onSignedOut = onSignedOut;
    this.#recorded = new Recorded(api, id);
    const update = () => shell.update();
    this.#view = new RecordedView({ recorded: this.#recorded, update, mayDownload: () => true, at });
    this.#dialogs = new Dialogs(update);
    this.#shortcuts = new Shortcuts(() => this.#keys(), () => this.#dialogs.isOpen);
    this.#recorded.addEventListener('change', this.#onChange);
    void this.#recorded.load();
  }

  dispose() {
    this.#recorded.removeEventListener('change', this.#onChange);
    this.#recorded.dispose();
    this.#view.dispose();
    this.#shortcuts.dispose();
  }

  get title() {
    return this.#recorded.value?.title ?? t("Recording");
  }

  /** @returns {import('./shortcuts.js').Shortcut[]} */
  #keys() {
    return [...this.#view.player.keys, { key: '?', label: '?', words: t("Show these shortcuts"), down: this.#help }];
  }

  #help = () => this.#dialogs.open(() => shortcutsDialog(this.#keys().filter(({ key }) => key !== 'k')));

  #onChange = () => {
    if (this.#recorded.error === 'no-session')
      this.#onSignedOut();
    this.#view.follow();
    this.#shell.update();
  };

  updated() {
    this.#dialogs.updated();
  }

  template() {
    const { value, error } = this.#recorded;
    if (!value)
      return pageFrame(error ? this.#problem(error) : waiting(t("Looking for the recording…")));
    return pageFrame(html`
      ${this.#head(value)}
      <div class="recorded">
        <div class="recorded-main">
          ${this.#stage(value)}
          ${this.#view.chapters()}
          ${this.#view.lanes.template()}
          ${this.#tracks(value)}
        </div>
        <aside class="recorded-side" aria-label=${t("Files and versions")}>
          ${this.#renders(value)}
          ${downloads(value, { nameOf: this.#nameOf, onSounds: value.status === 'ready' ? this.#onSounds : null })}
          ${this.#more(value)}
        </aside>
      </div>
      ${this.#dialogs.template()}`, 'broad');
  }

  /** @param {string} error */
  #problem(error) {
    return problem({
      heading: error === 'not-found' ? t("There is no such recording") : t("The recording cannot be shown"),
      words: error === 'not-found' ? t("It may have been deleted, or its time was over.") : errorText(error),
      button: error === 'not-found' ? nothing : html`<button type="button" class="button primary" @click=${() => this.#recorded.load()}>${t("Try again")}</button>`,
      link: html`<a class="button" href="/recordings">${t("All recordings")}</a>`,
    });
  }

  /** @param {RecordingObject} recording */
  #head({ title, started, duration, people, bytes, expires }) {
    const facts = [
      dateAndTime(started), duration > 0 ? clockTime(duration) : '', tn("{n} person", "{n} people", people), fileSize(bytes),
      expires ? t("is deleted on {date}", { date: day(expires) }) : '',
    ];
    return html`
      <header class="recorded-head">
        <a class="back" href="/recordings">${icon('arrow-left', 'small')}<span>${t("All recordings")}</span></a>
        ${this.#renaming ? this.#rename(title) : html`
          <div class="recorded-title">
            <h1>${title}</h1>
            <button type="button" class="button quiet" @click=${this.#onRename}>${icon('pencil', 'small')}<span>${t("Rename")}</span></button>
          </div>`}
        <p class="soft facts-line">${facts.filter(fact => fact !== '').map((fact, i) => html`${i > 0 ? ' · ' : ''}<span>${fact}</span>`)}</p>
      </header>`;
  }

  /** @param {string} title */
  #rename(title) {
    return html`
      <form class="recorded-title" @submit=${this.#onNewTitle} @keydown=${this.#onRenameKey}>
        <h1 class="unseen">${title}</h1>
        <input class="input large" name="title" id="new-title" aria-label=${t("Title")} maxlength=${MAX_TITLE} value=${title} autocomplete="off">
        <button class="button primary">${t("Save")}</button>
        <button type="button" class="button" @click=${this.#endRename}>${t("Cancel")}</button>
      </form>`;
  }

  /** The player, or why there is none yet. @param {RecordingObject} recording */
  #stage(recording) {
    const { status, progress, error } = recording;
    const tracks = tracksOf(recording).length > 0;
    return html`
      ${status === 'failed' ? html`<div class="note bad">${icon('circle-alert')}<div class="note-body"><h2>${t("The recording could not be prepared")}</h2>
        <p>${troubleWords(error)} ${tracks ? t("What was recorded is kept: the tracks are below.") : ''}</p>
        ${tracks ? html`<div class="row"><button type="button" class="button" @click=${this.#onAgain}>${t("Try again")}</button></div>` : nothing}</div></div>` : nothing}
      ${status === 'recording' ? html`<div class="note">${icon('clapperboard')}<p>${t("This meeting is still being recorded. The video is made when the recording has stopped.")}</p></div>` : nothing}
      ${status === 'processing' ? html`
        <div class="note progress-note">${icon('clapperboard')}<div class="note-body">
          <p>${t("The video is being made.")} ${tracks ? t("The tracks can be played already.") : ''}</p>
          <p class="small soft">${progressWords(progress)}</p>
          <progress aria-label=${t("Progress")} max="1" .value=${progress?.done ?? 0}></progress></div></div>` : nothing}
      ${this.#view.template()}`;
  }

  /** @param {string} person */
  #nameOf = person => this.#view.nameOf(person);

  /** What was recorded of whom. @param {RecordingObject} recording */
  #tracks(recording) {
    const tracks = tracksOf(recording);
    /** @type {Map<string, RecordedFile[]>} */
    const people = new Map();
    for (const track of tracks)
      people.set(track.person ?? '', [...people.get(track.person ?? '') ?? [], track]);
    return tracks.length === 0 ? nothing : html`
      <section class="part" aria-labelledby="tracks-title">
        <h2 id="tracks-title">${t("Tracks")}</h2>
        <p class="soft">${t("What each person sent, as it came: nothing was added or cut.")}</p>
        <ul class="tracks">${[...people].map(([person, own]) => html`
          <li class="track-person">
            <h3><span class="lane-dot ${this.#view.lanes.colour(person)}" aria-hidden="true"></span>${this.#nameOf(person)}</h3>
            <ul>${own.map(track => this.#track(recording, track))}</ul>
          </li>`)}</ul>
      </section>`;
  }

  /** @param {RecordingObject} recording @param {RecordedFile} track */
  #track(recording, track) {
    const { name, source, t: begins = 0, duration = 0, bytes } = track;
    const words = this.#view.trackWords(track);
    const place = t("{from} to {to}", { from: clockTime(begins), to: duration > 0 ? clockTime(begins + duration) : '…' });
    return html`
      <li class="track ${this.#view.isPlaying(track) ? 'current' : ''}">
        <button type="button" class="button quiet icon-only" aria-label=${t("Play {what}, {place}", { what: words, place })} @click=${() => this.#view.play(track)}>${icon('play', 'small')}</button>
        <span class="track-words">${sourceWords(source)}</span>
        <span class="track-place small soft">${place}</span>
        <span class="track-size small soft">${fileSize(bytes)}</span>
        <a class="button quiet icon-only" href=${fileUrl(recording.id, name, { download: true })} download aria-label=${t("Download {what}, {place}", { what: words, place })}>${icon('download', 'small')}</a>
      </li>`;
  }

  /** Versions that are being made, and those that failed. @param {RecordingObject} recording */
  #renders({ renders = [], status }) {
    const shown = renders.filter(render => (isOpen(render) && status !== 'processing') || render.status === 'failed');
    return html`
      <section class="part" aria-labelledby="renders-title">
        <h2 id="renders-title">${t("Versions")}</h2>
        ${shown.length === 0 ? nothing : html`<ul class="renders">${shown.map(render => html`
          <li class="render ${render.status}">
            <p>${renderingWords(render)}</p>
            <p class="small soft">${renderingState(render)}</p>
            ${isOpen(render) ? html`<progress aria-label=${renderingWords(render)} max="1" .value=${doneOf(render)}></progress>` : nothing}
            <button type="button" class="button" @click=${() => this.#cancel(render.id)}>${isOpen(render) ? t("Cancel") : t("Remove")}</button>
          </li>`)}</ul>`}
        <button type="button" class="button wide" ?disabled=${status === 'recording'} @click=${this.#onRender}>${icon('film', 'small')}<span>${t("Make another version")}</span></button>
      </section>`;
  }

  /** @param {RecordingObject} recording */
  #more(recording) {
    const checked = this.#checked;
    const broken = checked ? [...checked].filter(([, ok]) => !ok).map(([name]) => name) : [];
    return html`
      <section class="part" aria-labelledby="more-title">
        <h2 id="more-title">${t("More")}</h2>
        <button type="button" class="button wide" @click=${this.#onShare}>${icon('share-2', 'small')}<span>${t("Share by a link")}</span></button>
        <button type="button" class="button wide" ?disabled=${this.#checking} @click=${this.#onVerify}>${icon('refresh-cw', 'small')}<span>${this.#checking ? t("Checking…") : t("Check the files")}</span></button>
        ${checked === null ? nothing : broken.length === 0
          ? html`<div class="note good" role="status">${icon('check')}<p>${tn("{n} file is as it was written.", "All {n} files are as they were written.", checked.size)}</p></div>`
          : html`<div class="note bad" role="alert">${icon('circle-alert')}<div class="note-body"><p>${tn("{n} file is missing or was changed:", "{n} files are missing or were changed:", broken.length)}</p>
              <ul>${broken.map(name => html`<li class="mono">${name}</li>`)}</ul></div></div>`}
        <button type="button" class="button wide danger-outline" ?disabled=${recording.status === 'recording'} @click=${this.#onDelete}>${icon('trash-2', 'small')}<span>${t("Delete…")}</span></button>
        <button type="button" class="button quiet wide" @click=${this.#help}>${icon('keyboard', 'small')}<span>${t("Keyboard shortcuts")}</span></button>
      </section>`;
  }

  // ---- renaming

  #onRename = () => {
    this.#renaming = true;
    this.#shell.update();
    queueMicrotask(() => {
      const input = /** @type {HTMLInputElement | null} */ (document.getElementById('new-title'));
      input?.focus();
      input?.select();
    });
  };

  #endRename = () => {
    this.#renaming = false;
    this.#shell.update();
    queueMicrotask(() => /** @type {HTMLElement | null} */ (document.querySelector('.recorded-title .button'))?.focus());
  };

  /** @param {KeyboardEvent} event */
  #onRenameKey = event => {
    if (event.key === 'Escape')
      this.#endRename();
  };

  /** @param {SubmitEvent} event */
  #onNewTitle = async event => {
    event.preventDefault();
    const title = cleanMessage(String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('title') ?? '')).replace(/\s+/g, ' ');
    this.#endRename();
    if (title === '' || title === this.#recorded.value?.title)
      return;
    await this.#recorded.rename(title).then(() => notices.say(t("Renamed.")), this.#tell);
  };

  // ---- what is made of it

  /** @param {unknown} error */
  #tell = error => notices.toast(wordsOf(error), { bad: true });

  #onRender = () => {
    const recording = this.#recorded.value;
    if (!recording)
      return;
    const people = this.#view.lanes.timeline?.lanes.map(({ person, name }) => ({ id: person, name })) ?? [];
    const dialog = new RenderDialog({
      duration: recording.duration, people, time: () => this.#view.player.time, update: () => this.#shell.update(), onOrder: order => this.#order(order),
    });
    this.#dialogs.open(dialog.template);
  };

  /** @param {import('../core/api.js').RenderOrder} order @returns {Promise<string>} a sentence where it could not be ordered */
  async #order(order) {
    try {
      await this.#recorded.render(order);
      this.#dialogs.close();
      notices.toast(t("The version is being made."));
      return '';
    } catch (error) {
      return wordsOf(error);
    }
  }

  #onSounds = async () => {
    const problem = await this.#order({ layout: 'auto', products: ['tracks', 'manifest'] });
    if (problem)
      notices.toast(problem, { bad: true });
  };

  #onAgain = async () => {
    const problem = await this.#order({ layout: 'auto' });
    if (problem)
      notices.toast(problem, { bad: true });
  };

  /** @param {string} render its id */
  #cancel(render) {
    void this.#recorded.cancel(render).catch(this.#tell);
  }

  #onShare = () => this.#dialogs.open(new ShareDialog(this.#recorded, wordsOf, () => this.#shell.update()).template);

  #onVerify = async () => {
    this.#checking = true;
    this.#checked = null;
    this.#shell.update();
    try {
      const { files } = await this.#recorded.verify();
      this.#checked = new Map(files.map(({ name, ok }) => [name, ok]));
    } catch (error) {
      this.#tell(error);
    }
    this.#checking = false;
    this.#shell.update();
  };

  // ---- deleting

  #onDelete = () => this.#dialogs.open(this.#deleteDialog);

  #deleteDialog = () => {
    const recording = this.#recorded.value;
    const n = recording?.files?.length ?? 0;
    return html`
      ${dialogHead(t("Delete this recording for ever?"))}
      <p><strong>${recording?.title}</strong></p>
      <p>${tn("{n} file ({size}) is deleted, with every link to it.", "All {n} files ({size}) are deleted, with every link to them.", n, { size: fileSize(recording?.bytes ?? 0) })}
        ${t("Nobody can bring it back.")}</p>
      <div class="dialog-buttons">
        <button type="button" class="button" data-close autofocus>${t("Keep it")}</button>
        <button type="button" class="button danger" @click=${this.#delete}>${t("Delete for ever")}</button>
      </div>`;
  };

  #delete = async () => {
    this.#dialogs.close();
    try {
      await this.#recorded.remove();
      location.assign('/recordings');
    } catch (error) {
      this.#tell(error);
    }
  };
}
