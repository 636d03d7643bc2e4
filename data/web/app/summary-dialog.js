// What is kept of the meeting when it is over, for a host to say: who gets the summary, and what is in it.

import { html } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { t } from '../core/i18n.js';
import { dialogHead } from './dialogs.js';

/** @type {{ value: string, words: () => string }[]} */
const READERS = [
  { value: 'off', words: () => t("Nobody: there is none") },
  { value: 'hosts', words: () => t("The hosts") },
  { value: 'people', words: () => t("Everyone who was here") },
];

/** @param {import('../core/model.js').Model} model @param {() => void} update */
export function summaryDialog(model, update) {
  const { summary = 'off', attendance = false, chat = true } = model.get('settings')?.fields ?? {};
  const set = (/** @type {import('../core/model-object.js').Fields} */ fields) => {
    model.set('settings', fields);
    update();
  };
  const checked = (/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.target).checked;
  const none = summary === 'off';
  return html`
    ${dialogHead(t("Summary"))}
    <p>${t("When the meeting is over, the server writes down its agenda, minutes, decisions, polls and documents.")}</p>
    <div class="field">
      <label for="summary-readers">${t("Who gets it")}</label>
      <select class="select" id="summary-readers" .value=${live(summary)} @change=${(/** @type {Event} */ event) => set({ summary: /** @type {HTMLSelectElement} */ (event.target).value })}>
        ${READERS.map(({ value, words }) => html`<option value=${value} ?selected=${value === summary}>${words()}</option>`)}
      </select>
    </div>
    <div class="switches">
      <label class="switch"><span>${t("Who was here, and when")}</span>
        <input type="checkbox" role="switch" .checked=${live(attendance)} ?disabled=${none} @change=${(/** @type {Event} */ event) => set({ attendance: checked(event) })}></label>
      <label class="switch"><span>${t("The chat")}<small class="soft">${t("Private messages never.")}</small></span>
        <input type="checkbox" role="switch" .checked=${live(chat)} ?disabled=${none} @change=${(/** @type {Event} */ event) => set({ chat: checked(event) })}></label>
    </div>`;
}
