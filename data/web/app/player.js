// Plays one file of a recording at a time: picture or sound, with a bar to seek in, and the keys that players have. What is played
// and what is known of it (chapters, thumbnails) is handed in; others are told where it is.

import { html, nothing } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { clockTime } from '../core/figures.js';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';
import { NO_TRACK, SeekBar } from './seek-bar.js';

const SMALL_STEP = 5_000;
const STEP = 10_000;
const SPEEDS = [0.75, 1, 1.25, 1.5, 2];
const HIDE_MS = 2_500;

/**
 * @typedef {object} Source
 * @property {string} url
 * @property {string} label of what it is, for screen readers
 * @property {boolean} picture it has one
 * @property {string} [poster] address of a picture
 * @property {number} offset ms: where in the recording it begins
 * @property {string} [download] address to fetch it from, where that may be done
 * @property {import('./seek-bar.js').Track} track
 */

export class Player {
  #update;
  #onTime;
  /** @type {Source | null} */ #source = null;
  /** @type {HTMLVideoElement | null} */ #video = null;
  /** @type {HTMLElement | null} */ #frame = null;
  /** @type {HTMLElement | null} */ #clock = null;
  #bar = new SeekBar(ms => this.seek(ms));
  #failed = false;
  /** The rate stays from one file to the next. */ #speed = 1;
  /** Where to go on as soon as the file is known. @type {number | null} */ #wanted = null;
  #wantsToPlay = false;
  /** @type {any} */ #hideTimer = null;
  #frameRequest = 0;

  /** @param {{ update: () => void, onTime: (ms: number) => void }} options onTime: a place in the recording */
  constructor({ update, onTime }) {
    this.#update = update;
    this.#onTime = onTime;
  }

  dispose() {
    clearTimeout(this.#hideTimer);
    cancelAnimationFrame(this.#frameRequest);
  }

  /** Where it is, in ms of the recording. */
  get time() {
    return this.#now + (this.#source?.offset ?? 0);
  }

  get #now() {
    return this.#wanted ?? Math.round((this.#video?.currentTime ?? 0) * 1000);
  }

  get #duration() {
    const real = (this.#video?.duration ?? 0) * 1000;
    return Number.isFinite(real) && real > 0 ? real : this.#source?.track.duration ?? 0;
  }

  get playing() {
    return this.#video !== null && !this.#video.paused && !this.#video.ended;
  }

  get source() {
    return this.#source;
  }

  /** @param {Source | null} source the same file once more changes only what is known of it @param {{ at?: number, play?: boolean }} [options] at: ms of the recording */
  load(source, { at, play = false } = {}) {
    const other = source?.url !== this.#source?.url;
    this.#source = source;
    this.#bar.track = source?.track ?? NO_TRACK;
    if (other) {
      this.#failed = false;
      this.#wanted = Math.max(0, (at ?? 0) - (source?.offset ?? 0));
      this.#wantsToPlay = play;
    }
    this.#update();
  }

  /** @param {number} ms in the recording */
  seekRecording(ms) {
    this.seek(ms - (this.#source?.offset ?? 0));
  }

  /** @param {number} ms in the file */
  seek(ms) {
    const to = Math.min(Math.max(0, ms), this.#duration || Infinity);
    if (this.#video && this.#video.readyState > 0)
      this.#video.currentTime = to / 1000;
    else
      this.#wanted = to;
    this.#bar.move(to);
    this.#onTime(to + (this.#source?.offset ?? 0));
  }

  toggle = () => {
    if (!this.#video)
      return;
    if (this.playing)
      this.#video.pause();
    else
      this.#video.play().catch(() => {});
  };

  /** @returns {import('./shortcuts.js').Shortcut[]} */
  get keys() {
    const by = (/** @type {number} */ ms) => () => this.seek(this.#now + ms);
    return [
      { key: ' ', label: t("Space"), words: t("Play or pause"), down: this.toggle },
      { key: 'k', label: 'K', words: t("Play or pause"), down: this.toggle },
      { key: 'j', label: 'J', words: t("10 seconds back"), down: by(-STEP) },
      { key: 'l', label: 'L', words: t("10 seconds on"), down: by(STEP) },
      { key: 'arrowleft', label: '←', words: t("5 seconds back"), down: by(-SMALL_STEP) },
      { key: 'arrowright', label: '→', words: t("5 seconds on"), down: by(SMALL_STEP) },
      { key: 'm', label: 'M', words: t("Sound on or off"), down: this.#onMute },
      { key: 'f', label: 'F', words: t("Whole screen"), down: this.#onFullscreen },
    ];
  }

  template() {
    const source = this.#source;
    if (!source)
      return nothing;
    return html`
      <figure class="player ${source.picture ? '' : 'sound-only'} ${this.playing ? 'playing' : ''}" @pointermove=${this.#onAwake} @focusin=${this.#onAwake} ${ref(this.#onFrame)}>
        <video class="player-video" playsinline preload="metadata" src=${source.url} poster=${source.poster ?? nothing} aria-label=${source.label}
          @click=${this.toggle} @play=${this.#onState} @pause=${this.#onState} @ended=${this.#onState} @volumechange=${this.#update}
          @timeupdate=${this.#onTimeUpdate} @seeked=${this.#onTimeUpdate} @progress=${this.#onTimeUpdate} @loadedmetadata=${this.#onLoaded} @error=${this.#onError} ${ref(this.#onVideo)}></video>
        ${source.picture ? nothing : html`<div class="player-sound" aria-hidden="true">${icon('audio-lines')}<p>${source.label}</p></div>`}
        ${this.#failed ? this.#failure(source) : nothing}
        ${this.playing || this.#failed ? nothing : html`<button type="button" class="player-start" aria-label=${t("Play")} tabindex="-1" @click=${this.toggle}>${icon('play')}</button>`}
        <div class="player-controls">
          ${this.#bar.template()}
          <div class="player-buttons">
            ${this.#button(this.playing ? 'pause' : 'play', this.playing ? t("Pause") : t("Play"), 'K', this.toggle)}
            ${this.#button(this.#silent ? 'volume-x' : 'volume-2', this.#silent ? t("Sound on") : t("Sound off"), 'M', this.#onMute)}
            <span class="player-clock" ${ref(this.#onClock)}></span>
            <select class="select player-speed" aria-label=${t("Speed")} @change=${this.#onSpeed}>
              ${SPEEDS.map(speed => html`<option value=${speed} ?selected=${speed === this.#speed}>${speed}×</option>`)}
            </select>
            ${source.picture && document.fullscreenEnabled ? this.#button('maximize', t("Whole screen"), 'F', this.#onFullscreen) : nothing}
          </div>
        </div>
      </figure>`;
  }

  /** @param {Source} source */
  #failure(source) {
    return html`
      <div class="player-failure" role="alert">
        ${icon('circle-alert')}<p>${t("This browser cannot play this file.")}</p>
        ${source.download ? html`<a class="button" href=${source.download} download>${icon('download', 'small')}<span>${t("Download")}</span></a>` : nothing}
      </div>`;
  }

  /** @param {string} glyph @param {string} label @param {string} key @param {() => void} act */
  #button(glyph, label, key, act) {
    return html`<button type="button" class="player-button" aria-label=${label} aria-keyshortcuts=${key} data-tip="${label} (${key})" @click=${act}>${icon(glyph)}</button>`;
  }

  get #silent() {
    return (this.#video?.muted ?? false) || this.#video?.volume === 0;
  }

  #onMute = () => {
    if (this.#video)
      this.#video.muted = !this.#video.muted;
  };

  #onFullscreen = () => {
    if (document.fullscreenElement)
      void document.exitFullscreen();
    else
      this.#frame?.requestFullscreen().catch(() => {});
  };

  /** @param {Event} event */
  #onSpeed = event => {
    this.#speed = Number(/** @type {HTMLSelectElement} */ (event.target).value);
    if (this.#video)
      this.#video.playbackRate = this.#speed;
  };

  #onState = () => {
    cancelAnimationFrame(this.#frameRequest);
    if (this.playing)
      this.#follow();
    this.#onAwake();
    this.#update();
  };

  /** As smooth as the screen; `timeupdate` comes four times a second. */
  #follow = () => {
    this.#onTimeUpdate();
    if (this.playing)
      this.#frameRequest = requestAnimationFrame(this.#follow);
  };

  #onTimeUpdate = () => {
    const now = this.#now;
    const duration = this.#duration;
    if (this.#bar.track.duration !== duration)
      this.#bar.track = { ...this.#bar.track, duration };
    this.#bar.move(now, this.#buffered(now));
    if (this.#clock)
      this.#clock.textContent = `${clockTime(now)} / ${clockTime(duration)}`;
    this.#onTime(now + (this.#source?.offset ?? 0));
  };

  /** @param {number} now ms @returns {number} ms up to which it can go on */
  #buffered(now) {
    const ranges = this.#video?.buffered;
    for (let i = 0; ranges && i < ranges.length; i++) {
      if (ranges.start(i) * 1000 <= now + 500 && ranges.end(i) * 1000 >= now)
        return ranges.end(i) * 1000;
    }
    return 0;
  }

  #onLoaded = () => {
    const video = this.#video;
    if (!video)
      return;
    video.playbackRate = this.#speed;
    if (this.#wanted)
      video.currentTime = this.#wanted / 1000;
    this.#wanted = null;
    if (this.#wantsToPlay)
      video.play().catch(() => {});
    this.#wantsToPlay = false;
    this.#onTimeUpdate();
    this.#update();
  };

  #onError = () => {
    this.#failed = true;
    this.#update();
  };

  /** While it plays the controls over the picture go after a moment. */
  #onAwake = () => {
    this.#frame?.classList.remove('asleep');
    clearTimeout(this.#hideTimer);
    if (this.playing)
      this.#hideTimer = setTimeout(() => this.#frame?.classList.toggle('asleep', this.playing && !this.#frame.querySelector('.player-controls :focus-visible')), HIDE_MS);
  };

  /** @param {Element | undefined} element */
  #onFrame = element => {
    this.#frame = /** @type {HTMLElement | null} */ (element ?? null);
  };

  /** @param {Element | undefined} element */
  #onVideo = element => {
    this.#video = /** @type {HTMLVideoElement | null} */ (element ?? null);
  };

  /** @param {Element | undefined} element */
  #onClock = element => {
    this.#clock = /** @type {HTMLElement | null} */ (element ?? null);
    if (this.#clock)
      this.#clock.textContent = `${clockTime(this.#now)} / ${clockTime(this.#duration)}`;
  };
}
