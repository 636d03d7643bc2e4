// The badge that answers "who can listen?": a word in the corner, and behind it what is encrypted from whom, with the
// state of each link. Says only what was checked: a link counts as verified when link-1 ended well. Where media go through the
// server it says that, in grey: it is no failure, and nothing to be proud of.

import { html, nothing } from 'lit-html';
import { errorText } from '../core/errors.js';
import { t } from '../core/i18n.js';
import { kindOf } from '../core/kinds.js';
import { dialogHead } from './dialogs.js';
import { encryptionHelp } from './encryption-page.js';
import { allByVoice, groupCode } from './group-code.js';
import { icon } from './icon.js';
import { encryptionSentence } from './privacy.js';

/** @typedef {import('../core/meeting.js').Meeting} Meeting */
/** @typedef {import('../core/person.js').Person} Person */

/** @param {Person} person @returns {string} */
export function linkWords(person) {
  if (person.away)
    return t("connection lost");
  switch (person.link) {
    case 'verified': return person.voice ? t("verified by voice") : t("link verified");
    case 'connected': return '';
    case 'failed': return t("failed: the call has ended");
    case 'reconnecting': return t("reconnecting");
    default: return t("connecting");
  }
}

/** @param {Meeting} meeting */
const others = meeting => [...meeting.people.values()].filter(person => !person.self);

/** @param {string} kind @param {string} glyph @param {unknown} words @param {() => void} onOpen */
const badge = (kind, glyph, words, onOpen) => html`
  <button type="button" class="badge ${kind}" aria-haspopup="dialog" data-tip=${t("Who can see and hear us?")} @click=${onOpen}>
    ${icon(glyph, 'small')}${words}
  </button>`;

/** @param {Meeting} meeting @param {() => void} onOpen */
export function encryptionBadge(meeting, onOpen) {
  if (meeting.media !== null)
    return badge('plain', 'server', html`<span class="not-narrow">${t("Through the server")}</span><span class="only-narrow">${t("Server")}</span>`, onOpen);
  if (others(meeting).some(({ link }) => link === 'failed'))
    return badge('bad', 'shield-alert', html`<span>${t("Link failed")}</span>`, onOpen);
  if (meeting.verification?.state === 'disputed')
    return badge('bad', 'shield-alert', html`<span>${t("Not verified")}</span>`, onOpen);
  return allByVoice(meeting) ? badge('', 'shield-check', html`<span>${t("Verified by voice")}</span>`, onOpen)
    : badge('', 'shield-check', html`<span>${t("Encrypted")}</span>`, onOpen);
}

/** @param {Person} person */
function linkIcon({ away, link }) {
  if (link === 'failed')
    return 'x';
  return link === 'verified' && !away ? 'check' : 'ellipsis';
}

/** @param {Person} person */
const personLine = person => html`
  <li class="link-line ${person.link}">
    ${icon(linkIcon(person), 'small')}
    <div><span class="person-name">${person.name}</span> <span class="link-words">${linkWords(person)}</span>
      ${person.link === 'failed' ? html`<p class="small">${errorText(person.linkReason ?? 'link-timeout')}</p>` : nothing}</div>
  </li>`;

/** What the badge opens. @param {Meeting} meeting @param {() => void} onDiffers the codes that people compared */
export const encryptionDialog = (meeting, onDiffers) => (meeting.media === null ? betweenBrowsers(meeting, onDiffers) : throughServer(meeting));

/** @param {Meeting} meeting */
const throughServer = meeting => html`
  ${dialogHead(t("Who can see and hear us?"))}
  <p>${encryptionSentence(meeting.room)}</p>
  <dl class="facts">
    <dt>${t("Audio, video, screen")}</dt>
    <dd>${t("The people in this room and the server. Everything is encrypted on its way between you and the server, but not from the server itself.")}</dd>
    ${meeting.floor.dialIn ? html`
      <dt>${t("By phone")}</dt>
      <dd>${t("Callers come over the telephone network. Phone companies could listen to them, and to what they hear.")}</dd>` : nothing}
    <dt>${t("Chat and names")}</dt>
    <dd>${t("The people in this meeting and the server, which keeps the chat until the meeting ends.")}</dd>
    <dt>${t("Recording")}</dt>
    <dd>${t("The server can record this room. Trust whoever runs it, or use a Standard room, where the server can neither see nor hear you.")}</dd>
  </dl>`;

/** @param {Meeting} meeting @param {() => void} onDiffers */
const betweenBrowsers = (meeting, onDiffers) => html`
  ${dialogHead(t("Who can see and hear us?"))}
  <p>${encryptionSentence(meeting.room)}</p>
  ${groupCode(meeting, onDiffers)}
  <dl class="facts">
    <dt>${t("Audio, video, screen")}</dt>
    <dd>${t("Only the people in this meeting. The server passes on, sealed, what the browsers need to find each other, and relays encrypted packets where the direct way is blocked; it can read neither.")}</dd>
    <dt>${t("Chat and names")}</dt>
    <dd>${kindOf(meeting.room?.kind).peers
      ? t("Only the people in this meeting. Whoever saves a copy of it on their device tells everybody; nothing else is left when the meeting is over.")
      : t("The people in this meeting and the server, which keeps the chat until the meeting ends.")}</dd>
    <dt>${t("Recording")}</dt>
    <dd>${t("The server cannot record this meeting.")}</dd>
  </dl>
  <h3>${t("Links to the others")}</h3>
  ${others(meeting).length === 0
    ? html`<p class="soft">${t("Nobody else is here yet.")}</p>`
    : html`<ul class="link-lines">${others(meeting).map(personLine)}</ul>`}
  <p class="small soft">${t("“Link verified” means: both browsers proved that they hold this meeting's link, and nobody on the way could take their place.")}
    ${t("“Verified by voice” means: people have compared the code, so that not even somebody who has the link and runs the server is between you.")}</p>
  <p class="small">${encryptionHelp()}</p>`;
