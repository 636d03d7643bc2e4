// The mark of a recording, top left, for as long as one is not stopped: "● Recording 12:34", or that it is paused. It opens what
// there is to know and to do about it; hosts pause, resume and stop it there. Where none runs hosts have a button in its place.

import { html, nothing } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { clockTime } from '../core/figures.js';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';
import { ownButton, ownWords } from './recording-dialogs.js';

const TICK_MS = 250;
const ID = 'recording-sheet';

/** @typedef {import('../core/meeting.js').Meeting} Meeting */

/**
 * @typedef {object} MarkActions
 * @property {() => void} onRecord
 * @property {() => void} onPause
 * @property {() => void} onResume
 * @property {() => void} onStop
 * @property {() => void} onAgree
 * @property {() => void} onWithdraw
 */

/** @type {Record<string, () => string>} */
const HEADINGS = {
  announce: () => t("This meeting is being recorded"),
  require: () => t("This meeting is being recorded, whoever has agreed"),
};

export class RecordingMark {
  #meeting;
  #actions;
  /** @type {Set<HTMLElement>} */ #clocks = new Set();
  /** @type {HTMLElement | null} */ #sheet = null;
  /** @type {any} */ #timer = null;

  /** @param {Meeting} meeting @param {MarkActions} actions */
  constructor(meeting, actions) {
    this.#meeting = meeting;
    this.#actions = actions;
    this.#timer = setInterval(this.#tick, TICK_MS);
  }

  dispose() {
    clearInterval(this.#timer);
  }

  close() {
    if (this.#sheet?.matches(':popover-open'))
      this.#sheet.hidePopover();
  }

  template() {
    const { recording, floor } = this.#meeting;
    if (recording.running)
      return this.#mark(recording.state === 'paused');
    return recording.allowed && floor.may.has('record')
      ? html`<button type="button" class="record" @click=${this.#actions.onRecord}><span class="record-dot" aria-hidden="true"></span>${t("Record")}</button>`
      : nothing;
  }

  /** @param {boolean} paused */
  #mark(paused) {
    return html`
      <button type="button" class="recording-mark ${paused ? 'paused' : ''}" popovertarget=${ID}>
        ${paused ? html`<span class="paused-bars" aria-hidden="true"></span>` : html`<span class="record-dot" aria-hidden="true"></span>`}
        <span class="recording-words">${paused ? t("Paused") : t("Recording")}</span><span class="recording-clock" ${ref(this.#onClock)}></span>
        ${this.#meeting.recording.warning && this.#meeting.floor.may.has('record') ? icon('triangle-alert', 'small') : nothing}
      </button>
      ${this.#sheetTemplate(paused)}`;
  }

  /** @param {boolean} paused */
  #sheetTemplate(paused) {
    const { recording, floor } = this.#meeting;
    const stage = this.#meeting.self?.stage ?? false;
    const act = (/** @type {() => void} */ action) => () => {
      this.close();
      action();
    };
    const { onPause, onResume, onStop, onAgree, onWithdraw } = this.#actions;
    return html`
      <section class="recording-sheet" id=${ID} popover aria-labelledby="recording-title" ${ref(this.#onSheet)}>
        <h2 id="recording-title">${paused ? t("The recording is paused") : HEADINGS[recording.consent]()}</h2>
        <p class="soft">${t("Audio, video and shared screens are recorded on the server. The chat is not.")}</p>
        <p>${ownWords(recording, stage)}</p>
        <div class="row">${ownButton(recording, stage, { onAgree: act(onAgree), onWithdraw: act(onWithdraw) })}</div>
        ${floor.may.has('record') ? html`
          <div class="recording-host">
            ${this.#missing()}
            <div class="row">
              ${paused
                ? html`<button type="button" class="button" @click=${act(onResume)}>${t("Resume recording")}</button>`
                : html`<button type="button" class="button" @click=${act(onPause)}>${t("Pause recording")}</button>`}
              <button type="button" class="button danger" @click=${act(onStop)}>${t("Stop recording")}</button>
            </div>
          </div>` : nothing}
      </section>`;
  }

  /** Hosts see who will be missing. */
  #missing() {
    const names = [...this.#meeting.people.values()].filter(({ unrecorded, stage }) => unrecorded && stage).map(({ name }) => name);
    return names.length === 0 ? nothing : html`<p class="small">${t("Not recorded: {names}", { names: names.join(', ') })}</p>`;
  }

  #tick = () => {
    const text = clockTime(this.#meeting.recording.elapsed);
    for (const clock of this.#clocks) {
      if (clock.textContent !== text)
        clock.textContent = text;
    }
  };

  /** @param {Element | undefined} element */
  #onClock = element => {
    this.#clocks.clear();
    if (!element)
      return;
    this.#clocks.add(/** @type {HTMLElement} */ (element));
    this.#tick();
  };

  /** @param {Element | undefined} element */
  #onSheet = element => {
    this.#sheet = /** @type {HTMLElement | null} */ (element ?? null);
  };
}
