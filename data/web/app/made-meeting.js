// What was made: the link for guests, the host's own, which is shown this once, the invitation, and the way in.

import { html, nothing } from 'lit-html';
import { t } from '../core/i18n.js';
import { kindOf } from '../core/kinds.js';
import { linkRow, textBlock } from './copy-button.js';
import { dialInFacts } from './dial-in.js';
import { icon } from './icon.js';
import { invitationText } from './invitation.js';

/** @typedef {import('../core/rooms.js').Made} Made */

/** Who knows the link of a room, in one sentence. @param {{ kind: string, managed: boolean, kept: boolean }} room @param {boolean} lasting */
export function whoKnows({ kind, managed, kept }, lasting) {
  if (managed && kindOf(kind).server)
    return t("The server keeps the link for guests: you find it among your rooms, wherever you sign in.");
  if (!kept || !lasting)
    return t("The links were made in your browser, which does not keep them, and the server does not know them. Copy them now: nobody can restore them.");
  return kindOf(kind).server
    ? t("The links are kept in this browser only. The server does not know them, so nobody can restore them: keep a copy.")
    : t("The links are kept in this browser only. The server does not know them, so that it cannot listen, and nobody can restore them: keep a copy.");
}

/**
 * @param {Made} made
 * @param {object} actions
 * @param {(() => void) | null} actions.onPlan null where nothing can be planned
 * @param {() => void} actions.onBack
 */
export function madeMeeting({ room, join, host, lasting }, { onPlan, onBack }) {
  const server = room.managed && kindOf(room.kind).server;
  return html`
    <div class="stack intro">
      <h1>${t("Your meeting is ready")}</h1>
      <p class="lead soft made-title">${room.title}</p>
    </div>
    <div class="card stack">
      ${linkRow({ id: 'join-link', label: t("Link for guests"), text: join, copyName: t("Copy the link for guests") })}
      ${linkRow({
        id: 'host-link', label: t("Link for hosts"), text: host, copyName: t("Copy the link for hosts"),
        note: server
          ? t("Whoever has it may let people in, mute and remove them, and end the meeting. You yourself are a host without it, while you are signed in. It is shown only now.")
          : t("Whoever has it may let people in, mute and remove them, and end the meeting. Keep it to yourself, or to those who host with you."),
      })}
      <div class="note ${lasting ? '' : 'warn'}">${icon(lasting ? 'info' : 'triangle-alert')}<p>${whoKnows(room, lasting)}</p></div>
      ${textBlock({ id: 'invitation', label: t("Invitation"), text: invitationText({ title: room.title, url: join, dialIn: room.dialIn }) })}
      ${room.dialIn ? html`<div class="field by-phone"><h2 class="label">${t("By phone")}</h2>${dialInFacts(room.dialIn)}</div>` : nothing}
      <div class="made-buttons">
        <a class="button primary large" href=${host}>${t("Start now")}</a>
        ${onPlan ? html`<button type="button" class="button large" @click=${onPlan}>${icon('calendar-plus')}<span>${t("Plan it for later")}</span></button>` : nothing}
        <button type="button" class="button large quiet" @click=${onBack}>${t("Back to the start page")}</button>
      </div>
    </div>`;
}
