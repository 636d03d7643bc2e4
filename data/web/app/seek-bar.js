// The bar under the picture: how far it is, how loud it was, where chapters begin, and a small picture of each place under the pointer.
// A slider for the keyboard and for screen readers. What moves many times a second is set by script, not drawn anew.

import { html, nothing, svg } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { clockTime } from '../core/figures.js';
import { t } from '../core/i18n.js';
import { columnsOf, waveformPath } from '../core/timeline.js';
import { cueAt } from '../core/vtt.js';

const COLUMNS = 240;
const STEP_MS = 5_000;
const PAGE_MS = 60_000;

/** @typedef {import('../core/vtt.js').Cue} Cue */
/** @typedef {import('../core/vtt.js').Thumbnail} Thumbnail */

/**
 * @typedef {object} Track what is played
 * @property {number} duration ms
 * @property {readonly Cue[]} chapters
 * @property {readonly Thumbnail[]} thumbnails
 * @property {(file: string) => string} thumbnailUrl
 * @property {readonly number[]} peaks
 */

/** @type {Track} */
export const NO_TRACK = { duration: 0, chapters: [], thumbnails: [], thumbnailUrl: () => '', peaks: [] };

export class SeekBar {
  track = NO_TRACK;
  #onSeek;
  #time = 0;
  #dragging = false;
  /** @type {readonly number[]} */ #drawn = [];
  #path = '';
  /** @type {HTMLElement | null} */ #bar = null;
  /** @type {HTMLElement | null} */ #preview = null;

  /** @param {(ms: number) => void} onSeek */
  constructor(onSeek) {
    this.#onSeek = onSeek;
  }

  /** Where it is now. @param {number} ms @param {number} [buffered] ms that are there */
  move(ms, buffered = 0) {
    this.#time = ms;
    const bar = this.#bar;
    if (!bar)
      return;
    bar.style.setProperty('--at', String(this.#share(ms)));
    bar.style.setProperty('--buffered', String(this.#share(buffered)));
    bar.setAttribute('aria-valuenow', String(Math.round(ms / 1000)));
    bar.setAttribute('aria-valuetext', this.#words(ms));
  }

  /** @param {number} ms */
  #share(ms) {
    return this.track.duration > 0 ? Math.min(1, Math.max(0, ms / this.track.duration)) : 0;
  }

  /** @param {number} ms */
  #words(ms) {
    const chapter = cueAt(this.track.chapters, ms);
    const place = t("{time} of {duration}", { time: clockTime(ms), duration: clockTime(this.track.duration) });
    return chapter ? `${place}, ${chapter.text}` : place;
  }

  template() {
    const { chapters, duration, peaks } = this.track;
    if (peaks !== this.#drawn) {
      this.#drawn = peaks;
      this.#path = waveformPath(columnsOf(peaks, COLUMNS));
    }
    const wave = () => (this.#path ? svg`<path d=${this.#path}></path>` : nothing);
    return html`
      <div class="seek ${this.#path ? 'with-wave' : ''}" role="slider" tabindex="0" aria-label=${t("Position")} aria-valuemin="0" aria-valuemax=${Math.round(duration / 1000)}
        aria-valuenow="0" @keydown=${this.#onKey} @pointerdown=${this.#onDown} @pointermove=${this.#onMove} @pointerup=${this.#onUp} @pointercancel=${this.#onUp}
        @pointerleave=${this.#hidePreview} ${ref(this.#onBar)}>
        <div class="seek-track">
          <div class="seek-buffered"></div>
          <svg class="seek-wave" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">${wave()}</svg>
          <div class="seek-played"><svg class="seek-wave" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">${wave()}</svg></div>
          ${duration > 0 ? html`<svg class="seek-chapters" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            ${chapters.filter(({ from }) => from > 0).map(({ from }) => svg`<path d="M${(100 * from / duration).toFixed(3)} 0v10"></path>`)}</svg>` : nothing}
        </div>
        <div class="seek-thumb"></div>
        <div class="seek-preview" aria-hidden="true" hidden ${ref(this.#onPreview)}><div class="seek-picture"></div><p></p></div>
      </div>`;
  }

  /** @param {PointerEvent} event @returns {number} ms under the pointer */
  #at(event) {
    const { left, width } = /** @type {HTMLElement} */ (this.#bar).getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - left) / width)) * this.track.duration;
  }

  /** @param {PointerEvent} event */
  #onDown = event => {
    if (event.button !== 0)
      return;
    event.preventDefault();
    this.#dragging = true;
    this.#bar?.setPointerCapture(event.pointerId);
    this.#bar?.focus({ preventScroll: true });
    this.#seek(this.#at(event));
  };

  /** @param {PointerEvent} event */
  #onMove = event => {
    const at = this.#at(event);
    this.#showPreview(at);
    if (this.#dragging)
      this.#seek(at);
  };

  /** @param {PointerEvent} event */
  #onUp = event => {
    this.#dragging = false;
    if (event.pointerType !== 'mouse')
      this.#hidePreview();
  };

  /** @param {KeyboardEvent} event */
  #onKey = event => {
    const { duration } = this.track;
    /** @type {Record<string, number>} */
    const places = {
      ArrowLeft: this.#time - STEP_MS, ArrowRight: this.#time + STEP_MS, ArrowDown: this.#time - STEP_MS, ArrowUp: this.#time + STEP_MS,
      PageDown: this.#time - PAGE_MS, PageUp: this.#time + PAGE_MS, Home: 0, End: duration,
    };
    if (!Object.hasOwn(places, event.key) || event.ctrlKey || event.altKey || event.metaKey)
      return;
    event.preventDefault();
    event.stopPropagation(); // else the page's own keys move it once more
    this.#seek(Math.min(Math.max(0, places[event.key]), duration));
  };

  /** @param {number} ms */
  #seek(ms) {
    this.move(ms);
    this.#onSeek(ms);
  }

  /** @param {number} ms */
  #showPreview(ms) {
    const preview = this.#preview;
    const { duration, chapters, thumbnails, thumbnailUrl } = this.track;
    if (!preview || duration === 0)
      return;
    preview.hidden = false;
    preview.style.setProperty('--at', String(this.#share(ms)));
    const picture = /** @type {HTMLElement} */ (preview.firstElementChild);
    const thumbnail = cueAt(thumbnails, ms);
    picture.hidden = thumbnail === null;
    if (thumbnail) {
      picture.style.backgroundImage = `url("${thumbnailUrl(thumbnail.file)}")`;
      picture.style.backgroundPosition = `-${thumbnail.x}px -${thumbnail.y}px`;
      picture.style.width = `${thumbnail.width}px`;
      picture.style.height = `${thumbnail.height}px`;
    }
    const chapter = cueAt(chapters, ms);
    /** @type {HTMLElement} */ (preview.lastElementChild).textContent = chapter ? `${clockTime(ms)} · ${chapter.text}` : clockTime(ms);
  }

  #hidePreview = () => {
    if (this.#preview)
      this.#preview.hidden = true;
  };

  /** @param {Element | undefined} element */
  #onBar = element => {
    this.#bar = /** @type {HTMLElement | null} */ (element ?? null);
    this.move(this.#time);
  };

  /** @param {Element | undefined} element */
  #onPreview = element => {
    this.#preview = /** @type {HTMLElement | null} */ (element ?? null);
  };
}
