// What is asked about one room: its name and settings, whether to delete it, its link where it is not here; and the invitation to it.
// Each is a dialog's content; what was asked for is done by who opened it.

import { html, nothing } from 'lit-html';
import { t } from '../core/i18n.js';
import { kindOf } from '../core/kinds.js';
import { parseLink } from '../core/link.js';
import { MAX_TITLE, cleanTitle } from '../core/text.js';
import { textBlock } from './copy-button.js';
import { dialogHead } from './dialogs.js';
import { dialInCheck, lobbyCheck, readRecording, recordingField } from './new-meeting.js';

/** @typedef {import('../core/rooms.js').Room} Room */
/** @typedef {import('../core/rooms.js').Changes} Changes */

const MOST_DAYS = 36_500;

/** How long recordings are kept. @type {{ value: string, words: () => string }[]} */
const KEEP = [
  { value: '', words: () => t("As long as this server keeps them") },
  { value: '7', words: () => t("For a week") },
  { value: '30', words: () => t("For a month") },
  { value: '365', words: () => t("For a year") },
  { value: '0', words: () => t("For ever") },
];

/**
 * Asks and waits: `act` resolves with a sentence where it could not be done, else ''.
 * @template {unknown[]} Told
 */
class Asking {
  error = '';
  busy = false;
  room;
  #act;
  #update;

  /** @param {Room} room @param {(...told: Told) => Promise<string>} act @param {() => void} update */
  constructor(room, act, update) {
    this.room = room;
    this.#act = act;
    this.#update = update;
  }

  /** @param {Told} told */
  async run(...told) {
    this.busy = true;
    this.error = '';
    this.#update();
    this.error = await this.#act(...told);
    this.busy = false;
    this.#update();
  }

  /** @param {string} sentence */
  refuse(sentence) {
    this.error = sentence;
    this.#update();
  }

  /** @param {string} id */
  line = id => html`<p class="error" id=${id} role="alert" ?hidden=${!this.error}>${this.error}</p>`;
}

/** @extends {Asking<[Changes]>} */
export class RoomSettings extends Asking {
  #phones;

  /** @param {Room} room @param {boolean} callable the server can be called @param {(changes: Changes) => Promise<string>} onSave @param {() => void} update */
  constructor(room, callable, onSave, update) {
    super(room, onSave, update);
    this.#phones = callable && kindOf(room.kind).phones;
  }

  template = () => {
    const { title, lobby, kind, dialIn } = this.room;
    return html`
      ${dialogHead(t("Name and settings"))}
      <form class="stack" @submit=${this.#onSubmit} novalidate>
        <div class="field">
          <label for="room-title">${t("Name of the room")}</label>
          <input class="input" id="room-title" name="title" value=${title} maxlength=${MAX_TITLE} autocomplete="off" autofocus aria-describedby="room-error">
        </div>
        ${lobbyCheck(lobby)}
        ${this.#phones ? dialInCheck(dialIn !== null) : nothing}
        ${kindOf(kind).server ? html`${recordingField('room-recording', this.room)}${this.#keep()}` : nothing}
        ${this.line('room-error')}
        <p class="small soft">${this.#phones ? t("Name, lobby and calls by phone change at once, the rest with the next meeting.") : t("Name and lobby change at once, the rest with the next meeting.")}</p>
        <div class="dialog-buttons">
          <button type="button" class="button" data-close>${t("Cancel")}</button>
          <button class="button primary" ?disabled=${this.busy}>${t("Save")}</button>
        </div>
      </form>`;
  };

  #keep() {
    const now = this.room.keepDays === null ? '' : String(this.room.keepDays);
    const more = KEEP.some(({ value }) => value === now) ? [] : [{ value: now, words: () => t("For {n} days", { n: now }) }];
    return html`
      <div class="field">
        <label for="room-keep">${t("Recordings are kept")}</label>
        <select class="select" id="room-keep" name="keep">${[...KEEP, ...more].map(({ value, words }) => html`<option value=${value} ?selected=${value === now}>${words()}</option>`)}</select>
      </div>`;
  }

  /** @param {SubmitEvent} event */
  #onSubmit = event => {
    event.preventDefault();
    const data = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    const title = cleanTitle(String(data.get('title') ?? ''));
    if (title === '') {
      this.refuse(t("Give the room a name."));
      return;
    }
    const room = this.room;
    /** @type {Changes} */
    const wanted = { title, lobby: data.has('lobby'), ...(this.#phones && { dial_in: data.has('dial-in') }) };
    if (kindOf(room.kind).server) {
      const keep = String(data.get('keep') ?? '');
      Object.assign(wanted, readRecording(String(data.get('recording') ?? '')), { keep_days: keep === '' ? null : Math.min(Number(keep), MOST_DAYS) });
      if (!wanted.recording)
        delete wanted.consent;
    }
    const now = /** @type {Record<string, unknown>} */ ({ ...room, keep_days: room.keepDays, dial_in: room.dialIn !== null });
    void this.run(Object.fromEntries(Object.entries(wanted).filter(([name, value]) => now[name] !== value)));
  };
}

/** @extends {Asking<[]>} */
export class DeleteRoom extends Asking {
  template = () => {
    const { title, managed, kind } = this.room;
    return html`
      ${dialogHead(managed ? t("Delete this room?") : t("Forget this room?"))}
      <p class="wrap">${managed
        ? t("The link of “{title}” leads nowhere from then on, a meeting in it ends, and what is planned in it is cancelled. Nobody can bring it back.", { title })
        : t("This browser forgets the links of “{title}”. The room stays, for who has a link to it. If nobody has a copy, nobody gets in any more.", { title })}</p>
      ${managed && kindOf(kind).server ? html`<p class="soft">${t("Its recordings stay.")}</p>` : nothing}
      ${this.line('delete-error')}
      <div class="dialog-buttons">
        <button type="button" class="button" data-close autofocus>${t("Keep it")}</button>
        <button type="button" class="button danger" ?disabled=${this.busy} @click=${() => this.run()}>${managed ? t("Delete the room") : t("Forget the room")}</button>
      </div>`;
  };
}

/** @extends {Asking<[import('../core/link.js').Link]>} */
export class AddLink extends Asking {
  template = () => html`
    ${dialogHead(t("Add the link of this room"))}
    <form class="stack" @submit=${this.#onSubmit} novalidate>
      <p class="wrap">${t("The server does not know the link of “{title}”: it is in the browser where the room was made, or where you put it. Paste the link for hosts here, and this browser keeps it as well.", { title: this.room.title })}</p>
      <div class="field">
        <label for="add-link">${t("Link for hosts")}</label>
        <input class="input mono" id="add-link" name="link" inputmode="url" autocomplete="off" spellcheck="false" autofocus aria-describedby="add-error">
      </div>
      ${this.line('add-error')}
      <div class="dialog-buttons">
        <button type="button" class="button" data-close>${t("Cancel")}</button>
        <button class="button primary" ?disabled=${this.busy}>${t("Keep it in this browser")}</button>
      </div>
    </form>`;

  /** @param {SubmitEvent} event */
  #onSubmit = event => {
    event.preventDefault();
    const link = parseLink(String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('link') ?? '').trim(), location.origin);
    if (!link)
      this.refuse(t("This is not a link of this server's rooms. Copy the whole of it, with all that stands behind the #."));
    else if (link.room !== this.room.id)
      this.refuse(t("This is the link of another room."));
    else
      void this.run(link);
  };
}

/** @param {string} text @param {unknown} [more] */
export const invitationDialog = (text, more = nothing) => html`
  ${dialogHead(t("Invitation"))}
  ${textBlock({ id: 'invitation-text', label: t("Send it to your guests as you like"), text })}
  ${more}
  <div class="dialog-buttons"><button type="button" class="button" data-close>${t("Close")}</button></div>`;
