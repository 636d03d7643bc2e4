// After the meeting: why it is over, and the way back in.

import { html, nothing } from 'lit-html';
import { errorText } from '../core/errors.js';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';
import { pageFrame } from './page-frame.js';
import { refusalOf } from './refusals.js';

/** @typedef {import('../core/meeting.js').Meeting} Meeting */

/** @typedef {{ heading: string, words: string, again: string | null, glyph?: string }} Farewell again: null where there is no way back */

/** @param {Meeting} meeting @param {boolean} byMe @returns {Farewell} */
function farewell({ status, reason, removedBy }, byMe) {
  if (status === 'failed')
    return refusalOf(reason ?? '') ?? { heading: t("The connection was lost"), words: errorText(reason ?? 'internal'), again: t("Join again"), glyph: 'circle-alert' };
  switch (reason) {
    case 'removed':
      return {
        heading: t("You were removed from the meeting"), again: null, glyph: 'user-x',
        words: removedBy ? t("{name} has removed you. You cannot come back to this meeting.", { name: removedBy }) : t("The server put you out. You cannot come back to this meeting."),
      };
    case 'host':
      return { heading: t("The meeting has ended"), words: byMe ? t("You ended it for everyone.") : t("A host ended it for everyone."), again: t("Back to the room") };
    case 'admin':
      return { heading: t("The meeting has ended"), words: t("The administrator of this server ended it."), again: t("Back to the room") };
    case 'shutdown':
      return { heading: t("The meeting was interrupted"), words: t("The server is restarting. Try again in a minute."), again: t("Join again") };
    case 'elsewhere':
      return { heading: t("You are in the meeting elsewhere"), words: t("The meeting goes on in another tab or window."), again: t("Continue here") };
    default:
      return { heading: t("You have left the meeting"), words: t("Camera and microphone are off."), again: t("Join again") };
  }
}

/** Who came with a ticket needs another one. @param {Meeting} meeting @param {boolean} byMe @returns {Farewell} */
function lastWords(meeting, byMe) {
  const said = farewell(meeting, byMe);
  if (!meeting.shut || said.again === null)
    return said;
  return { ...said, words: t("{words} To come back, open the meeting again from where you came from.", { words: said.words }), again: null };
}

/** @param {number} ms @returns {string | null} whole minutes, at least one; null where it was shorter */
function minutes(ms) {
  const n = Math.round(ms / 60_000);
  return n > 0 ? new Intl.NumberFormat(document.documentElement.lang, { style: 'unit', unit: 'minute', unitDisplay: 'long' }).format(n) : null;
}

export class EndedPage {
  #meeting;
  #byMe;
  #onRejoin;
  #over = Date.now();

  /** @param {{ meeting: Meeting, byMe: boolean, onRejoin: () => void }} options byMe: this person ended it for everyone */
  constructor({ meeting, byMe, onRejoin }) {
    this.#meeting = meeting;
    this.#byMe = byMe;
    this.#onRejoin = onRejoin;
  }

  get title() {
    return farewell(this.#meeting, this.#byMe).heading;
  }

  /** Hosts want to know what has become of it. */
  #recording() {
    const { recording, floor, reason } = this.#meeting;
    if (!recording.happened || !floor.may.has('record') || reason === 'removed')
      return nothing;
    return html`
      <div class="note">${icon('clapperboard')}<p>${recording.running && reason === 'left'
        ? t("The recording goes on while others are in the meeting. After that it is prepared, and is under Recordings.")
        : t("The recording is being prepared. It is under Recordings, for those who manage them on this server.")}
        <a href="/recordings">${t("Recordings")}</a></p></div>`;
  }

  /** It is there a moment later; its page says so. */
  #summary() {
    const { summary, reason } = this.#meeting;
    if (!summary || reason === 'removed')
      return nothing;
    return html`
      <div class="note">${icon('file-text')}<p>${reason === 'left'
        ? t("When the meeting is over, the server writes its summary: agenda, minutes, decisions and polls.")
        : t("The server writes the summary: agenda, minutes, decisions and polls.")}
        <a href=${summary}>${t("Read the summary")}</a></p></div>`;
  }

  template() {
    const { heading, words, again, glyph = 'check' } = lastWords(this.#meeting, this.#byMe);
    const { room, joinedAt } = this.#meeting;
    const duration = joinedAt ? minutes(this.#over - joinedAt) : null;
    return pageFrame(html`
      <div class="card stack center">
        <span class="big-icon">${icon(glyph)}</span>
        <h1>${heading}</h1>
        <p>${words}</p>
        ${this.#summary()}
        ${this.#recording()}
        ${room ? html`<p class="soft">${duration ? t("{title}, {duration}", { title: room.title, duration }) : room.title}</p>` : nothing}
        <div class="row center">
          ${again === null ? nothing : html`<button class="button primary large" @click=${this.#onRejoin}>${again}</button>`}
          <a class="button large" href="/">${t("To the start page")}</a>
        </div>
      </div>`);
  }
}
