// A recording as it is watched, by who manages it and by who was sent a link: player, versions, chapters, who spoke when. Fetches
// what belongs to the version that plays, and takes up what becomes ready meanwhile.

import { html, nothing } from 'lit-html';
import { fileUrl } from '../core/api.js';
import { clockTime } from '../core/figures.js';
import { t } from '../core/i18n.js';
import { companion, filesOf, suffixOf, tracksOf } from '../core/recorded.js';
import { readTimeline, readWaveform } from '../core/timeline.js';
import { cueAt, parseThumbnails, parseVtt } from '../core/vtt.js';
import { Lanes } from './lanes.js';
import { Player } from './player.js';
import { sourceWords, videoWords } from './recording-words.js';

/** @typedef {import('../core/api.js').RecordingObject} RecordingObject */
/** @typedef {import('../core/api.js').RecordedFile} RecordedFile */

export class RecordedView {
  #recorded;
  #update;
  #mayDownload;
  /** Names of people, as soon as they are known. @type {Map<string, string>} */ names = new Map();
  /** The file that plays. @type {RecordedFile | null} */ #file = null;
  /** @type {readonly import('../core/vtt.js').Cue[]} */ #chapters = [];
  /** What was fetched for which version. */ #fetched = '';
  #chapter = -1;
  /** Where it begins when it is first shown. */ #at;

  /** @param {{ recorded: import('../core/recorded.js').Recorded, update: () => void, mayDownload: () => boolean, at?: number }} options at: ms */
  constructor({ recorded, update, mayDownload, at = 0 }) {
    this.#recorded = recorded;
    this.#update = update;
    this.#mayDownload = mayDownload;
    this.#at = at;
    this.player = new Player({ update, onTime: this.#onTime });
    this.lanes = new Lanes({ onSeek: ms => this.player.seekRecording(ms), update });
  }

  dispose() {
    this.player.dispose();
  }

  /** Something of the recording has changed. */
  follow() {
    const recording = this.#recorded.value;
    if (!recording)
      return;
    const files = recording.files ?? [];
    const current = files.find(({ name }) => name === this.#file?.name) ?? null;
    const best = filesOf(recording, 'video').find(({ name }) => suffixOf(name) === '') ?? filesOf(recording, 'video')[0]
      ?? filesOf(recording, 'audio').find(({ name }) => name.endsWith('.m4a')) ?? filesOf(recording, 'audio')[0] ?? null;
    if (current === null)
      this.#choose(recording, best, { at: this.#file ? 0 : this.#at });
    else
      void this.#fetchFor(recording, suffixOf(current.name));
  }

  /** @param {RecordedFile} file @param {{ at?: number }} [options] at: ms of the recording, its beginning where it is left out */
  play(file, { at } = {}) {
    if (this.#recorded.value)
      this.#choose(this.#recorded.value, file, { at: at ?? file.t ?? 0, play: true });
    document.querySelector('.player')?.scrollIntoView({ block: 'nearest' });
  }

  /** @param {RecordedFile} file */
  isPlaying(file) {
    return file.name === this.#file?.name;
  }

  /** @param {RecordingObject} recording @param {RecordedFile | null} file @param {{ at?: number, play?: boolean }} [options] */
  #choose(recording, file, options) {
    this.#file = file;
    this.#show(recording, options);
    if (file)
      void this.#fetchFor(recording, suffixOf(file.name));
  }

  /** @param {RecordingObject} recording @param {{ at?: number, play?: boolean }} [options] @param {Partial<import('./seek-bar.js').Track>} [known] */
  #show(recording, options, known = {}) {
    const file = this.#file;
    if (!file)
      return this.player.load(null);
    const suffix = file.kind === 'track' ? null : suffixOf(file.name);
    const poster = suffix === null ? null : companion(recording, 'poster', suffix, '.jpg');
    const before = this.player.source?.url === fileUrl(recording.id, file.name) ? this.player.source.track : null;
    return this.player.load({
      url: fileUrl(recording.id, file.name),
      label: file.kind === 'track' ? this.trackWords(file) : recording.title,
      picture: file.kind === 'video' || file.source === 'camera' || file.source === 'screen',
      poster: poster ? fileUrl(recording.id, poster.name) : undefined,
      offset: file.kind === 'track' ? file.t ?? 0 : 0,
      download: this.#mayDownload() ? fileUrl(recording.id, file.name, { download: true }) : undefined,
      track: {
        chapters: [], thumbnails: [], peaks: [], duration: file.duration ?? recording.duration, ...before,
        thumbnailUrl: name => fileUrl(recording.id, name), ...(file.kind === 'track' ? {} : known),
      },
    }, options);
  }

  /** Chapters, thumbnails and loudness belong to a version; who spoke when, to all. @param {RecordingObject} recording @param {string} suffix */
  async #fetchFor(recording, suffix) {
    const chapters = companion(recording, 'chapters', suffix, '.vtt');
    const thumbnails = filesOf(recording, 'thumbnails').find(({ name }) => name.endsWith('.vtt') && suffixOf(name) === suffix) ?? null;
    const waveform = companion(recording, 'waveform', suffix, '.json');
    const timeline = companion(recording, 'timeline', suffix, '.json') ?? companion(recording, 'timeline', '', '.json');
    const all = [chapters, thumbnails, waveform, timeline];
    const wanted = all.map(file => file?.name ?? '').join();
    if (wanted === this.#fetched)
      return;
    this.#fetched = wanted;
    const [chapterText, thumbnailText, peakText, timelineText] = await Promise.all(all.map(file => (file ? this.#recorded.text(file.name) : null)));
    if (wanted !== this.#fetched)
      return;
    this.#chapters = parseVtt(chapterText ?? '');
    this.lanes.timeline = readTimeline(timelineText ?? '');
    for (const { person, name } of this.lanes.timeline?.lanes ?? [])
      this.names.set(person, name);
    this.#show(this.#recorded.value ?? recording, undefined, {
      chapters: this.#chapters, thumbnails: parseThumbnails(thumbnailText ?? ''), peaks: readWaveform(peakText ?? ''),
    });
    this.#onTime(this.player.time);
    this.#update();
  }

  /** Until the timeline is there, people have numbers. @param {string} person its id @returns {string} */
  nameOf(person) {
    const ids = [...new Set(tracksOf(this.#recorded.value ?? {}).map(track => track.person))];
    return this.names.get(person) ?? t("Person {n}", { n: ids.indexOf(person) + 1 });
  }

  /** @param {RecordedFile} track @returns {string} */
  trackWords({ person = '', source }) {
    return t("{name}: {text}", { name: this.nameOf(person), text: sourceWords(source) });
  }

  /** @param {number} ms */
  #onTime = ms => {
    this.lanes.move(ms);
    const chapter = this.#chapters.indexOf(/** @type {any} */ (cueAt(this.#chapters, ms)));
    if (chapter !== this.#chapter) {
      this.#chapter = chapter;
      this.#update();
    }
  };

  /** The player and, where there are several, which version it plays. */
  template() {
    return html`
      ${this.player.template()}
      ${this.#versions()}`;
  }

  #versions() {
    const recording = this.#recorded.value;
    const videos = recording ? filesOf(recording, 'video') : [];
    const playsTrack = this.#file?.kind === 'track';
    if (!recording || videos.length + (playsTrack ? 1 : 0) < 2)
      return nothing;
    return html`
      <div class="field versions">
        <label for="version">${t("What is played")}</label>
        <select class="select" id="version" @change=${this.#onVersion}>
          ${playsTrack && this.#file ? html`<option value=${this.#file.name} selected>${this.trackWords(this.#file)}</option>` : nothing}
          ${videos.map(({ name }) => html`<option value=${name} ?selected=${name === this.#file?.name}>${videoWords(recording, name)}</option>`)}
        </select>
      </div>`;
  }

  /** @param {Event} event */
  #onVersion = event => {
    const name = /** @type {HTMLSelectElement} */ (event.target).value;
    const recording = this.#recorded.value;
    const file = recording?.files?.find(one => one.name === name);
    if (recording && file)
      this.#choose(recording, file, { at: 0, play: this.player.playing });
  };

  chapters() {
    const chapters = this.#chapters;
    if (chapters.length === 0 || this.#file?.kind === 'track')
      return nothing;
    return html`
      <section class="part" aria-labelledby="chapters-title">
        <h2 id="chapters-title">${t("Chapters")}</h2>
        <ol class="chapters">${chapters.map(({ from, text }, i) => html`
          <li><button type="button" class="chapter" aria-current=${i === this.#chapter ? 'true' : nothing} @click=${() => this.player.seekRecording(from)}>
            <span class="chapter-time">${clockTime(from)}</span><span>${text}</span></button></li>`)}</ol>
      </section>`;
  }
}

