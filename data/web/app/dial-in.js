// How a meeting is called by phone, for people: the numbers to click on, the PIN in groups, spoken digit by digit. The PIN for hosts only
// where it is known here.

import { html, nothing } from 'lit-html';
import { callUrl, grouped, spelled } from '../core/dial-in.js';
import { t } from '../core/i18n.js';
import { joinUrl } from '../core/link.js';
import { copyText } from './copy-button.js';
import { icon } from './icon.js';
import { invitationText } from './invitation.js';

/** @typedef {import('../core/dial-in.js').DialIn} DialIn */

/** The eye reads groups, the ear digits. @param {string} shown @param {string} said */
const digits = (shown, said) => html`<span aria-hidden="true">${shown}</span><span class="unseen">${said}</span>`;

/** @param {string} number @param {string} pin */
function numberLine(number, pin) {
  const url = callUrl(number, pin);
  return url
    ? html`<a href=${url}>${digits(number, t("Call {number}", { number: spelled(number) }))}</a>`
    : html`<span>${digits(number, spelled(number))}</span>`;
}

/** @param {string} pin which ends with a key */
const pinLine = pin => html`<strong class="pin">${digits(`${grouped(pin)} #`, t("{digits}, then the hash key", { digits: spelled(pin) }))}</strong>`;

/** @param {DialIn} dialIn */
export const dialInFacts = ({ numbers, pin, hostPin }) => html`
  <dl class="dial-in">
    <dt>${t("Number")}</dt>
    <dd>${numbers.map(number => numberLine(number, pin))}</dd>
    <dt>${t("PIN")}</dt>
    <dd>${pinLine(pin)}</dd>
    ${hostPin === null ? nothing : html`
      <dt>${t("PIN for hosts")}</dt>
      <dd>${pinLine(hostPin)}<span class="small soft">${t("Whoever types it is a host. Keep it to yourself.")}</span></dd>`}
  </dl>`;

/** A part of the people panel; nothing where nobody can call. @param {import('../core/meeting.js').Meeting} meeting */
export function dialInPart({ floor: { dialIn, leads }, link, room }) {
  if (!dialIn)
    return nothing;
  const copy = () => copyText(invitationText({ title: room?.title ?? '', url: joinUrl(link, location.origin), dialIn }), t("Invitation copied."));
  return html`
    <section class="people-part by-phone" aria-labelledby="by-phone-title">
      <h3 id="by-phone-title">${icon('phone', 'small')}<span>${t("By phone")}</span></h3>
      ${dialInFacts(leads ? dialIn : { ...dialIn, hostPin: null })}
      ${link.secret ? html`<button type="button" class="button wide" @click=${copy}>${icon('copy', 'small')}<span>${t("Copy the invitation")}</span></button>` : nothing}
    </section>`;
}
