// One <dialog> for everything that asks or explains. The browser keeps the focus inside, closes it on Escape and gives
// the focus back; here is only which content it shows, and the small ones: leave, end for all, shortcuts.

import { html, nothing } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';

/** @typedef {() => unknown} DialogContent drawn anew with the page */

export class Dialogs {
  /** @type {HTMLDialogElement | null} */ #dialog = null;
  /** @type {DialogContent | null} */ #content = null;
  /** What it was opened for: once. @type {DialogContent | null} */ #shown = null;
  #update;

  /** @param {() => void} update */
  constructor(update) {
    this.#update = update;
  }

  get isOpen() {
    return this.#content !== null;
  }

  /** @param {DialogContent} content which has a `dialogHead` */
  open(content) {
    this.#content = content;
    this.#update();
  }

  close = () => {
    this.#content = null;
    this.#shown = null;
    this.#dialog?.close();
  };

  /** What it asks has no point any more. @param {DialogContent} content */
  withdraw(content) {
    if (this.#content === content)
      this.close();
  }

  template() {
    return html`
      <dialog class="dialog" aria-labelledby="dialog-title" @close=${this.#onClose} @click=${this.#onClick} ${ref(this.#onDialog)}>
        ${this.#content ? html`<div class="dialog-body">${this.#content()}</div>` : nothing}
      </dialog>`;
  }

  /** After each drawing: a dialog can only open when it has its content. Its `close` comes late: what was closed meanwhile stays so. */
  updated() {
    if (!this.#content || !this.#dialog)
      return;
    if (!this.#dialog.open && this.#shown === this.#content)
      this.#content = null;
    else if (!this.#dialog.open)
      this.#dialog.showModal();
    this.#shown = this.#content;
  }

  #onClose = () => {
    if (this.#dialog?.open)
      return; // for something else already
    this.#content = null;
    this.#shown = null;
    this.#update();
  };

  /** The dialog itself is the target only beside its body: on the backdrop. @param {Event} event */
  #onClick = event => {
    const target = /** @type {Element} */ (event.target);
    if (target === this.#dialog || target.closest('[data-close]'))
      this.close();
  };

  /** @param {Element | undefined} element */
  #onDialog = element => {
    this.#dialog = /** @type {HTMLDialogElement | null} */ (element ?? null);
  };
}

/** @param {string} title */
export const dialogHead = title => html`
  <header class="dialog-head">
    <h2 id="dialog-title">${title}</h2>
    <button type="button" class="button quiet icon-only" aria-label=${t("Close")} data-close>${icon('x')}</button>
  </header>`;

/** @param {{ onLeave: () => void, onEnd: () => void }} actions */
export const leaveDialog = ({ onLeave, onEnd }) => html`
  ${dialogHead(t("Leave the meeting?"))}
  <p>${t("You are a host. If you leave, the others can go on without you; or you end the meeting for everyone.")}</p>
  <div class="dialog-buttons">
    <button class="button" @click=${onEnd}>${t("End for all")}</button>
    <button class="button danger" autofocus @click=${onLeave}>${t("Leave")}</button>
  </div>`;

/** @param {{ onEnd: () => void }} actions */
export const endDialog = ({ onEnd }) => html`
  ${dialogHead(t("End the meeting for everyone?"))}
  <p>${t("Everyone leaves at once. The link stays valid for the next meeting.")}</p>
  <div class="dialog-buttons">
    <button class="button" data-close autofocus>${t("Cancel")}</button>
    <button class="button danger" @click=${onEnd}>${t("End for all")}</button>
  </div>`;

/** @param {import('./shortcuts.js').Shortcut[]} shortcuts */
export const shortcutsDialog = shortcuts => html`
  ${dialogHead(t("Keyboard shortcuts"))}
  <dl class="keys">${shortcuts.map(({ label, words }) => html`<dt><kbd>${label}</kbd></dt><dd>${words}</dd>`)}</dl>`;

/** @param {{ onMicrophone: () => void, onBoth: () => void }} actions */
export const onStageDialog = ({ onMicrophone, onBoth }) => html`
  ${dialogHead(t("You are on stage now"))}
  <p>${t("A host has brought you on stage. Nobody hears or sees you until you turn on your microphone or camera.")}</p>
  <div class="dialog-buttons">
    <button class="button" data-close>${t("Not yet")}</button>
    <button class="button" @click=${onBoth}>${t("Turn on both")}</button>
    <button class="button primary" autofocus @click=${onMicrophone}>${t("Turn on microphone")}</button>
  </div>`;
