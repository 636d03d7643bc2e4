// The form that makes a room: which kind, with one sentence about what is encrypted from whom, what it is about, and what the kind
// allows besides. Collects an order; who opened it makes the room.

import { html, nothing } from 'lit-html';
import { t } from '../core/i18n.js';
import { kindOf } from '../core/kinds.js';
import { MAX_TITLE, cleanTitle } from '../core/text.js';
import { icon } from './icon.js';
import { kindWords } from './kind-words.js';

/** @typedef {import('../core/rooms.js').Order} Order */

/** What a host may have recorded. @type {{ value: string, words: () => string }[]} */
const RECORDING = [
  { value: '', words: () => t("Never") },
  { value: 'announce', words: () => t("When a host starts it; everyone is told") },
  { value: 'require', words: () => t("When a host starts it; only those who agree are in it") },
];

/** @param {{ recording: boolean, consent: string }} room @returns {string} one of the choices */
const chosen = ({ recording, consent }) => (recording ? consent : '');

/** @param {string} value @returns {{ recording: boolean, consent: 'announce' | 'require' }} */
export const readRecording = value => ({ recording: value !== '', consent: value === 'require' ? 'require' : 'announce' });

/** @param {string} id @param {{ recording: boolean, consent: string }} room */
export const recordingField = (id, room) => html`
  <div class="field">
    <label for=${id}>${t("Recording")}</label>
    <select class="select" id=${id} name="recording">
      ${RECORDING.map(({ value, words }) => html`<option value=${value} ?selected=${value === chosen(room)}>${words()}</option>`)}
    </select>
  </div>`;

/** @param {boolean} on */
export const lobbyCheck = on => html`
  <label class="check tall"><input type="checkbox" name="lobby" ?checked=${on}>
    <span>${t("Ask before letting people in")}<span class="small soft">${t("Guests wait until a host lets them in.")}</span></span></label>`;

/** @param {boolean} on */
export const dialInCheck = on => html`
  <label class="check tall"><input type="checkbox" name="dial-in" ?checked=${on}>
    <span>${t("People may call by phone")}<span class="small soft">${t("They dial a number and type a PIN. The telephone network is not encrypted.")}</span></span></label>`;

export class NewMeeting {
  #onOrder;
  #update;
  #mayRecord;
  #mayCall;
  #available;
  #kind = 'standard';
  #busy = false;
  #error = '';

  /**
   * @param {object} options
   * @param {() => boolean} options.mayRecord who has an account
   * @param {() => boolean} options.mayCall who has an account, where the server can be called
   * @param {(kind: string) => boolean} options.available
   * @param {(order: Order) => Promise<string>} options.onOrder resolves with a sentence where it could not be made, else ''
   * @param {() => void} options.update
   */
  constructor({ mayRecord, mayCall, available, onOrder, update }) {
    this.#mayRecord = mayRecord;
    this.#mayCall = mayCall;
    this.#available = available;
    this.#onOrder = onOrder;
    this.#update = update;
  }

  template() {
    const records = this.#mayRecord() && kindOf(this.#kind).server;
    return html`
      <form class="card stack new-meeting" aria-labelledby="new-meeting" @submit=${this.#onSubmit}>
        <h2 id="new-meeting">${t("New meeting")}</h2>
        <fieldset class="kinds">
          <legend class="unseen">${t("Kind of meeting")}</legend>
          ${kindWords.map(words => this.#card(words))}
        </fieldset>
        <div class="new-options">
          <div class="field">
            <label for="title">${t("What is it about? (optional)")}</label>
            <input class="input" id="title" name="title" maxlength=${MAX_TITLE} autocomplete="off">
          </div>
          ${records ? recordingField('new-recording', { recording: false, consent: 'announce' }) : nothing}
          ${lobbyCheck(false)}
          ${this.#mayCall() && kindOf(this.#kind).phones ? dialInCheck(false) : nothing}
        </div>
        ${this.#error ? html`<div class="note bad" role="alert">${icon('circle-alert')}<p>${this.#error}</p></div>` : nothing}
        <div class="new-make"><button class="button primary large" ?disabled=${this.#busy}>${this.#busy ? t("Making the meeting…") : t("Make the meeting")}</button></div>
      </form>`;
  }

  /** @param {import('./kind-words.js').KindWords} words */
  #card({ kind, glyph, name, words, size }) {
    const available = this.#available(kind);
    return html`
      <label class="kind ${available ? '' : 'missing'}">
        <input type="radio" name="kind" value=${kind} .checked=${kind === this.#kind} ?disabled=${!available} @change=${() => this.#choose(kind)}
          aria-labelledby="kind-name-${kind}" aria-describedby="kind-${kind}">
        <span class="kind-icon">${icon(glyph)}</span>
        <span class="kind-body">
          <span class="kind-name" id="kind-name-${kind}">${name()}</span>
          <span class="kind-more" id="kind-${kind}"><span class="soft">${words()}</span>
          <span class="small soft kind-size">${available ? size() : t("Not available in this build")}</span></span>
        </span>
      </label>`;
  }

  /** @param {string} kind */
  #choose(kind) {
    this.#kind = kind;
    this.#update();
  }

  /** @param {SubmitEvent} event */
  #onSubmit = async event => {
    event.preventDefault();
    const data = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    const title = cleanTitle(String(data.get('title') ?? '')) || t("Meeting");
    this.#busy = true;
    this.#error = '';
    this.#update();
    this.#error = await this.#onOrder({ kind: this.#kind, title, lobby: data.has('lobby'), dialIn: data.has('dial-in'), ...readRecording(String(data.get('recording') ?? '')) });
    this.#busy = false;
    this.#update();
  };
}
