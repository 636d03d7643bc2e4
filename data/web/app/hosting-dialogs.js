// Dialogs of hosts: what cannot be taken back is asked about first. And a name's: one's own, or for hosts somebody else's.

import { html } from 'lit-html';
import { t } from '../core/i18n.js';
import { MAX_NAME } from '../core/text.js';
import { dialogHead } from './dialogs.js';
import { icon } from './icon.js';

/** @param {{ name: string, keepsLink: boolean, onRemove: () => void }} options keepsLink: the link stays as it is, where it should get another secret */
export const removeDialog = ({ name, keepsLink, onRemove }) => html`
  ${dialogHead(t("Remove {name} from the meeting?", { name }))}
  <p>${t("They are put out at once and cannot come back to this meeting. They can come to the next one.")}</p>
  ${keepsLink ? html`<div class="note warn">${icon('shield-alert')}<p>${t("The link stays as it is here: that they cannot use it again is the server’s word only.")}</p></div>` : ''}
  <div class="dialog-buttons">
    <button type="button" class="button" data-close autofocus>${t("Cancel")}</button>
    <button type="button" class="button danger" @click=${onRemove}>${t("Remove")}</button>
  </div>`;

/** @param {{ name: string, onHandOver: () => void }} options */
export const handOverDialog = ({ name, onHandOver }) => html`
  ${dialogHead(t("Make {name} the host?", { name }))}
  <p>${t("You become a co-host. You cannot take it back yourself; only a host can end the meeting for everyone and decide who is host.")}</p>
  <div class="dialog-buttons">
    <button type="button" class="button" data-close autofocus>${t("Cancel")}</button>
    <button type="button" class="button primary" @click=${onHandOver}>${t("Hand over")}</button>
  </div>`;

/** @param {{ name: string, self: boolean, onRename: (name: string) => void }} options */
export function renameDialog({ name, self, onRename }) {
  const onSubmit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    onRename(String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('name') ?? ''));
  };
  return html`
    ${dialogHead(self ? t("Change your name") : t("Change the name of {name}", { name }))}
    <form class="stack" @submit=${onSubmit}>
      <div class="field">
        <label for="new-name">${t("Name")}</label>
        <input class="input" id="new-name" name="name" maxlength=${MAX_NAME} required autofocus autocomplete="off" .defaultValue=${name}>
      </div>
      <p class="small soft">${t("Everybody in the meeting sees it.")}</p>
      <div class="dialog-buttons">
        <button type="button" class="button" data-close>${t("Cancel")}</button>
        <button class="button primary">${t("Save")}</button>
      </div>
    </form>`;
}
