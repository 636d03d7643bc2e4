// A recording on the meeting's page: asks and tells people at the right moment, on the screen, in the live region and aloud, and sees
// to it that the devices of who is not recorded are off. What is drawn is in recording-mark.js and recording-dialogs.js.

import { html, nothing } from 'lit-html';
import { t } from '../core/i18n.js';
import { announce } from './announcer.js';
import { icon } from './icon.js';
import { notices } from './notices.js';
import { consentDialog, ownButton, ownWords, startDialog, stopDialog, stoppedDialog } from './recording-dialogs.js';
import { RecordingMark } from './recording-mark.js';

/** @typedef {import('../core/meeting.js').Meeting} Meeting */
/** @typedef {import('../core/recording.js').RecordingInfo} RecordingInfo */

/** A recording that nobody in the meeting has stopped. */
const UNEXPECTED = new Set(['disk', 'failed', 'admin']);

export class Recorder {
  #meeting;
  #call;
  #dialogs;
  #update;
  #mark;
  /** The notice of a recording stands until it is closed. */ #noticed = false;
  /** The own request to start is under way: who starts it is not asked. */ #starting = false;
  /** Nobody is asked twice about one recording by the page itself. */ #asked = false;
  /** What waits for the answer. @type {(() => void) | null} */ #afterwards = null;

  /**
   * @param {object} options
   * @param {Meeting} options.meeting
   * @param {import('./call.js').Call} options.call
   * @param {import('./dialogs.js').Dialogs} options.dialogs
   * @param {() => void} options.update
   * @param {AbortSignal} options.signal ends it
   */
  constructor({ meeting, call, dialogs, update, signal }) {
    this.#meeting = meeting;
    this.#call = call;
    this.#dialogs = dialogs;
    this.#update = update;
    this.#mark = new RecordingMark(meeting, {
      onRecord: () => this.#dialogs.open(this.#startDialog),
      onPause: () => void meeting.hosting.record('pause'),
      onResume: () => void meeting.hosting.record('resume'),
      onStop: () => this.#dialogs.open(this.#stopDialog),
      onAgree: this.#onAgree,
      onWithdraw: this.#onWithdraw,
    });
    meeting.addEventListener('recording', event => this.#onRecording(/** @type {CustomEvent} */ (event).detail.before), { signal });
    signal.addEventListener('abort', () => this.#mark.dispose());
    this.#onEntered();
  }

  /** For the head of the page: the mark, or for hosts the button. */
  template() {
    return this.#mark.template();
  }

  /** What stands above the stage. */
  banners() {
    const { recording, floor } = this.#meeting;
    const stage = this.#meeting.self?.stage ?? false;
    const due = stage && (recording.silenced || recording.undecided);
    return html`
      ${due ? this.#banner(recording.silenced ? 'warn' : 'info', ownWords(recording, stage), html`
        <button type="button" class="button primary" @click=${recording.silenced ? this.#onAgree : this.#ask}>${recording.silenced ? t("Let me be recorded") : t("Answer")}</button>`) : nothing}
      ${recording.running && this.#noticed && !due ? this.#notice(stage) : nothing}
      ${recording.running && recording.warning && floor.may.has('record')
        ? this.#banner('warn', t("The server's disk is nearly full. The recording stops by itself before it is.")) : nothing}`;
  }

  /** Who comes while it runs, and who is told when it starts. @param {boolean} stage */
  #notice(stage) {
    const { recording } = this.#meeting;
    const words = stage && recording.consent === 'announce'
      ? t("This meeting is being recorded. If you do not want to be, your microphone, camera and screen are turned off; you can listen, watch and write.")
      : t("This meeting is being recorded.");
    const { declined } = recording;
    return this.#banner('info', words, html`
      ${recording.consent === 'announce' && !declined ? ownButton(recording, stage, { onAgree: this.#onAgree, onWithdraw: this.#onWithdraw }) : nothing}
      <button type="button" class="button" @click=${this.#onNoticed}>${t("OK")}</button>`);
  }

  /** @param {string} kind @param {string} words @param {unknown} [buttons] */
  #banner(kind, words, buttons = nothing) {
    return html`<div class="banner recording-banner ${kind}">${icon(kind === 'warn' ? 'triangle-alert' : 'info')}<p>${words}</p><div class="row">${buttons}</div></div>`;
  }

  /** Once an answer is given; at once where none is due. @param {() => void} action */
  afterAnswer(action) {
    if (!this.#asks) {
      action();
      return;
    }
    this.#afterwards = action;
    this.#ask();
  }

  /** What waits has no point any more. */
  forget() {
    this.#afterwards = null;
  }

  /** The page has a meeting from its first moment, which may be recorded. */
  #onEntered() {
    const { recording } = this.#meeting;
    if (recording.running)
      this.#tell(recording.state === 'on' ? t("This meeting is being recorded.") : t("The recording of this meeting is paused."), { seen: true });
    this.#noticed = recording.running;
    this.#askIfDue();
  }

  /** @param {RecordingInfo} before */
  #onRecording(before) {
    const { recording } = this.#meeting;
    this.#sayChange(before);
    if (recording.running && before.state === 'off')
      this.#noticed = !this.#starting;
    if (!recording.running && before.state !== 'off')
      this.#onStopped();
    if (recording.silenced)
      this.#call.stopAll();
    this.#askIfDue();
    this.#update();
  }

  /** @param {RecordingInfo} before */
  #sayChange(before) {
    const { state, declined } = this.#meeting.recording;
    if (state === 'on' && before.state === 'off')
      this.#tell(t("This meeting is being recorded."), { seen: !this.#starting });
    else if (state === 'on' && before.state === 'paused')
      this.#tell(t("The recording goes on."));
    else if (state === 'off' && before.state !== 'off')
      this.#tell(t("The recording has stopped."));
    else if (state === 'paused' && before.state === 'on')
      notices.toast(t("The recording is paused."));
    else if (declined && !(before.mine === 'refused' || before.mine === 'withdrawn'))
      notices.say(t("You are not recorded."));
    else if (!declined && (before.mine === 'refused' || before.mine === 'withdrawn'))
      notices.toast(t("You are recorded now. Turn on your microphone or camera when you are ready."));
  }

  /** @param {string} text @param {{ seen?: boolean }} [options] seen: a notice shows it as well */
  #tell(text, { seen = false } = {}) {
    if (seen)
      notices.say(text);
    else
      notices.toast(text);
    void announce(text);
  }

  #onStopped() {
    this.#asked = false;
    this.#mark.close();
    this.#dialogs.withdraw(this.#consentDialog);
    this.#dialogs.withdraw(this.#stopDialog);
    const { reason } = this.#meeting.recording;
    if (this.#meeting.floor.may.has('record') && UNEXPECTED.has(reason))
      this.#dialogs.open(() => stoppedDialog(reason));
    this.#answered();
  }

  // ---- the answer

  get #asks() {
    const { recording, self } = this.#meeting;
    return recording.undecided && (self?.stage ?? false) && !this.#starting;
  }

  #askIfDue() {
    if (!this.#asks)
      this.#answered();
    else if (!this.#asked)
      this.#ask();
  }

  #ask = () => {
    this.#asked = true;
    this.#dialogs.open(this.#consentDialog);
  };

  /** Nothing is asked any more. */
  #answered() {
    this.#dialogs.withdraw(this.#consentDialog);
    const action = this.#afterwards;
    this.#afterwards = null;
    if (action)
      queueMicrotask(action);
  }

  #consentDialog = () => consentDialog({
    paused: this.#meeting.recording.state === 'paused',
    onAgree: this.#onAgree,
    onRefuse: () => {
      this.#noticed = false;
      this.#dialogs.close();
      void this.#meeting.answerRecording('refused');
    },
    onLeave: () => {
      this.#dialogs.close();
      void this.#meeting.leave();
    },
  });

  #onAgree = () => {
    this.#noticed = false;
    this.#dialogs.withdraw(this.#consentDialog);
    void this.#meeting.answerRecording('agreed');
  };

  #onWithdraw = () => {
    this.#noticed = false;
    this.#update();
    void this.#meeting.answerRecording(this.#meeting.recording.mine === 'none' ? 'refused' : 'withdrawn');
  };

  #onNoticed = () => {
    this.#noticed = false;
    this.#update();
  };

  // ---- hosts

  #startDialog = () => startDialog({ asks: this.#meeting.room?.consent === 'require' || this.#meeting.recording.consent === 'require', onStart: () => void this.#start() });

  async #start() {
    this.#dialogs.close();
    this.#starting = true;
    const started = await this.#meeting.hosting.record('start');
    if (started && this.#meeting.recording.undecided && this.#meeting.self?.stage)
      await this.#meeting.answerRecording('agreed');
    this.#starting = false;
    this.#askIfDue();
    this.#update();
  }

  #stopDialog = () => stopDialog({
    onStop: () => {
      this.#dialogs.close();
      void this.#meeting.hosting.record('stop');
    },
  });
}
