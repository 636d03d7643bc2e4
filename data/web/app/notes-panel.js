// What the meeting leaves behind, in one panel: agenda, minutes and polls, a tab each.

import { html } from 'lit-html';
import { t } from '../core/i18n.js';
import { AgendaTab } from './agenda-tab.js';
import { MinutesTab } from './minutes-tab.js';
import { panel } from './panel.js';
import { PollsTab } from './polls-tab.js';

/** @typedef {'agenda' | 'minutes' | 'polls'} TabName */

/** @type {Record<TabName, () => string>} */
const TABS = { agenda: () => t("Agenda"), minutes: () => t("Minutes"), polls: () => t("Polls") };
const NAMES = /** @type {TabName[]} */ (Object.keys(TABS));

export class NotesPanel {
  #tabs;
  #update;
  #onClose;
  /** @type {TabName} */ #tab = 'agenda';

  /**
   * @param {{ meeting: import('../core/meeting.js').Meeting, agenda: import('../core/agenda.js').Agenda, minutes: import('../core/minutes.js').Minutes,
   *   update: () => void, onClose: () => void }} options
   */
  constructor({ meeting, agenda, minutes, update, onClose }) {
    this.#tabs = { agenda: new AgendaTab({ agenda, update }), minutes: new MinutesTab({ minutes, update }), polls: new PollsTab({ meeting, update }) };
    this.#update = update;
    this.#onClose = onClose;
  }

  get tab() {
    return this.#tab;
  }

  /** @param {TabName} tab */
  show(tab) {
    this.#tab = tab;
    this.#update();
  }

  template() {
    return panel({ id: 'notes', title: t("Notes"), onClose: this.#onClose, content: html`
      <div class="tabs" role="tablist" aria-label=${t("Notes")} @keydown=${this.#onKey}>
        ${NAMES.map(name => html`
          <button type="button" class="tab" role="tab" id="notes-tab-${name}" aria-selected=${String(name === this.#tab)} aria-controls="notes-body" tabindex=${name === this.#tab ? '0' : '-1'}
            @click=${() => this.show(name)}>${TABS[name]()}</button>`)}
      </div>
      <div class="tab-body" id="notes-body" role="tabpanel" aria-labelledby="notes-tab-${this.#tab}">${this.#tabs[this.#tab].template()}</div>` });
  }

  /** After each drawing. */
  updated() {
    if (this.#tab === 'minutes')
      this.#tabs.minutes.updated();
  }

  /** @param {KeyboardEvent} event */
  #onKey = event => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step)
      return;
    event.preventDefault();
    this.show(NAMES[(NAMES.indexOf(this.#tab) + step + NAMES.length) % NAMES.length]);
    queueMicrotask(() => document.getElementById(`notes-tab-${this.#tab}`)?.focus());
  };
}
