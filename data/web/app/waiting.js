// Before the door: whoever has to be let in sees that they have been heard, whether somebody is there who can open, and that there is
// nothing to do but wait. Draws; the page before the meeting owns the waiting.

import { html, nothing } from 'lit-html';
import { t } from '../core/i18n.js';
import { kindOf } from '../core/kinds.js';
import { icon } from './icon.js';
import { privacySentence } from './privacy.js';

/** @param {import('../core/meeting.js').Meeting} meeting @param {() => void} onStop */
export function waitingCard({ room, waiting, watches }, onStop) {
  const { hosts = false, lost = false } = waiting ?? {};
  return html`
    <section class="stack prejoin-form waiting-card" aria-labelledby="waiting-heading">
      <div>
        <h1 id="waiting-heading">${room?.title}</h1>
        <p class="soft">${t("A host lets people into this meeting.")}</p>
      </div>
      <div class="note waiting-note ${lost ? 'warn' : 'good'}" role="status">
        ${icon(lost ? 'triangle-alert' : 'door-open')}
        <div class="note-body">
          <h2>${lost ? t("Connection to the server lost. Reconnecting…") : hosts ? t("The host has been told that you are here") : t("The host is not here yet")}</h2>
          <p>${hosts || lost ? t("You come in as soon as they let you in. You need not do anything.") : t("They are told that you are here as soon as they come. You need not do anything.")}</p>
        </div>
      </div>
      ${watches ? nothing : html`<p class="small soft">${t("Nobody sees or hears you while you wait. You can try your camera and microphone here.")}</p>`}
      <button type="button" class="button large" @click=${onStop}>${t("Stop waiting")}</button>
      <p class="privacy ${kindOf(room?.kind).server ? 'plain' : ''}">${icon(kindOf(room?.kind).server ? 'server' : 'shield-check')}<span>${privacySentence(room, watches)}</span></p>
    </section>`;
}
