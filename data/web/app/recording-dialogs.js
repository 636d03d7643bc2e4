// What is asked and told about recording in dialogs: hosts before it starts and before it stops, everybody for their consent, and
// hosts when it has stopped by itself. Templates only; what an answer does is handed in.

import { html, nothing } from 'lit-html';
import { t } from '../core/i18n.js';
import { dialogHead } from './dialogs.js';
import { icon } from './icon.js';

/** @typedef {import('../core/recording.js').StopReason} StopReason */

/** @param {{ asks: boolean, onStart: () => void }} options asks: everybody is asked, not only told */
export const startDialog = ({ asks, onStart }) => html`
  ${dialogHead(t("Record this meeting?"))}
  ${asks
    ? html`<p>${t("Everyone is asked first. Nobody is recorded before they have agreed. Who does not agree can stay and listen, with microphone and camera off, or leave.")}</p>
           <p>${t("By starting you agree to be recorded yourself.")}</p>`
    : html`<p>${t("Everyone is told at once, on the screen and aloud, and so is whoever comes later. Who does not want to be recorded can stay and listen, with microphone and camera off.")}</p>`}
  <p class="soft">${t("Audio, video and shared screens are recorded on the server. The chat is not.")}</p>
  <div class="dialog-buttons">
    <button type="button" class="button" data-close>${t("Cancel")}</button>
    <button type="button" class="button danger" autofocus @click=${onStart}>${asks ? t("Ask everyone and record") : t("Tell everyone and record")}</button>
  </div>`;

/** @param {{ onStop: () => void }} actions */
export const stopDialog = ({ onStop }) => html`
  ${dialogHead(t("Stop the recording?"))}
  <p>${t("The recording is then prepared. The meeting goes on; what you record later becomes a recording of its own.")}</p>
  <div class="dialog-buttons">
    <button type="button" class="button" data-close>${t("Keep recording")}</button>
    <button type="button" class="button danger" autofocus @click=${onStop}>${t("Stop recording")}</button>
  </div>`;

/** @param {{ paused: boolean, onAgree: () => void, onRefuse: () => void, onLeave: () => void }} options */
export const consentDialog = ({ paused, onAgree, onRefuse, onLeave }) => html`
  ${dialogHead(paused ? t("This meeting is being recorded; it is paused at the moment") : t("This meeting is about to be recorded"))}
  <p>${t("If you agree, the server keeps what others hear and see of you: your voice, your camera and the screens you share. You can change your mind at any time; what was recorded until then is kept.")}</p>
  <p>${t("If you stay without being recorded, your microphone, camera and screen stay off while it records. You can listen, watch and write.")}</p>
  <div class="dialog-buttons consent-buttons">
    <button type="button" class="button" @click=${onLeave}>${t("Leave")}</button>
    <button type="button" class="button" @click=${onRefuse}>${t("Stay without being recorded")}</button>
    <button type="button" class="button primary" @click=${onAgree}>${t("Agree and take part")}</button>
  </div>`;

/** @param {StopReason} reason @returns {string} what hosts are told where nobody of them has stopped it */
export function stoppedWords(reason) {
  switch (reason) {
    case 'disk': return t("The server's disk is full. What was recorded until now is kept and is being prepared. The meeting goes on.");
    case 'admin': return t("The administrator of this server stopped it. What was recorded until now is kept and is being prepared. The meeting goes on.");
    default: return t("Something went wrong on the server. What was recorded until then is kept and is being prepared. The meeting goes on; you can start a new recording.");
  }
}

/** @param {StopReason} reason */
export const stoppedDialog = reason => html`
  ${dialogHead(t("The recording has stopped"))}
  <div class="note bad">${icon('circle-alert')}<p>${stoppedWords(reason)}</p></div>
  <div class="dialog-buttons"><button type="button" class="button primary" data-close autofocus>${t("OK")}</button></div>`;

/** What somebody is told of their own part. @param {import('../core/recording.js').Recording} recording @param {boolean} stage may send @returns {string} */
export function ownWords(recording, stage) {
  if (!stage)
    return t("You only watch, so nothing of you is recorded.");
  if (recording.silenced)
    return t("You are not recorded. Your microphone, camera and screen are off while it records; you can listen, watch and write.");
  if (recording.declined)
    return t("You are not recorded. In this pause you can speak; your microphone, camera and screen are turned off when it goes on.");
  if (recording.undecided)
    return t("You have not said yet whether you may be recorded. Until you do, you are heard and seen, but not recorded.");
  return t("Your voice, your camera and the screens you share are recorded.");
}

/** The button that changes it. @param {import('../core/recording.js').Recording} recording @param {boolean} stage @param {{ onAgree: () => void, onWithdraw: () => void }} actions */
export function ownButton(recording, stage, { onAgree, onWithdraw }) {
  if (!stage)
    return nothing;
  return recording.declined || recording.undecided
    ? html`<button type="button" class="button primary" @click=${onAgree}>${t("Let me be recorded")}</button>`
    : html`<button type="button" class="button" @click=${onWithdraw}>${t("Do not record me")}</button>`;
}
