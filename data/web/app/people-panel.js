// Who is here: name, microphone, camera, and whether the encryption with each was verified; the link for those who are not.

import { html, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { t, tn } from '../core/i18n.js';
import { joinUrl } from '../core/link.js';
import { copyText } from './copy-button.js';
import { icon } from './icon.js';
import { initials, tint } from './initials.js';
import { linkWords } from './encryption-badge.js';
import { panel } from './panel.js';

/** @typedef {import('../core/person.js').Person} Person */

/** @param {string} glyph @param {string} words */
const mark = (glyph, words) => html`<span class="person-mark" role="img" aria-label=${words} data-tip=${words}>${icon(glyph, 'small')}</span>`;

/** @param {Person} person @param {string | null} pinned @param {(key: string) => void} onPin */
const row = (person, pinned, onPin) => html`
  <li class="person">
    <span class="avatar small ${tint(person.id)}" aria-hidden="true">${initials(person.name)}</span>
    <div class="person-who">
      <p class="person-name">${person.self ? t("{name} (you)", { name: person.name }) : person.name}</p>
      <p class="small soft">${[person.host ? t("Host") : '', person.self ? '' : linkWords(person)].filter(words => words).join(' · ')}</p>
    </div>
    ${mark(person.mic ? 'mic' : 'mic-off', person.mic ? t("Microphone on") : t("Microphone off"))}
    ${mark(person.camera ? 'video' : 'video-off', person.camera ? t("Camera on") : t("Camera off"))}
    <button class="button quiet icon-only" aria-pressed=${String(pinned === person.id)} aria-label=${t("Pin {name}", { name: person.name })}
      data-tip=${pinned === person.id ? t("Unpin") : t("Pin")} @click=${() => onPin(person.id)}>${icon(pinned === person.id ? 'pin-off' : 'pin', 'small')}</button>
  </li>`;

/**
 * @param {{ meeting: import('../core/meeting.js').Meeting, pinned: string | null, onPin: (key: string) => void, onClose: () => void }} options
 */
export function peoplePanel({ meeting, pinned, onPin, onClose }) {
  const people = [...meeting.people.values()];
  const max = meeting.room?.max_people ?? 0;
  return panel({ id: 'people', title: t("People"), onClose, content: html`
    <div class="panel-body">
      <button type="button" class="button wide" @click=${() => copyText(joinUrl(meeting.link, location.origin))}>${icon('link', 'small')}<span>${t("Copy the link for guests")}</span></button>
      <p class="small soft">${tn("{n} of {max} seats is taken.", "{n} of {max} seats are taken.", people.length, { max })}</p>
      <ul class="people">${repeat(people, ({ id }) => id, person => row(person, pinned, onPin))}</ul>
      ${people.length === 1 ? html`<p class="empty soft">${t("Nobody else is here yet.")}</p>` : nothing}
    </div>` });
}
