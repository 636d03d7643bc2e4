// The code that people compare by voice, and what they say of it: everybody has the same, or the codes differ (`differs.js`).

import { html, nothing } from 'lit-html';
import { t } from '../core/i18n.js';
import { symbolOf } from './code-words.js';
import { icon } from './icon.js';

/** @typedef {import('../core/meeting.js').Meeting} Meeting */
/** @typedef {NonNullable<Meeting['verification']>} Verification */

/** @param {Meeting} meeting @param {string} id */
const nameOf = (meeting, id) => meeting.people.get(id)?.name ?? '?';

/** Everybody with whom there is a code was verified by voice. @param {Meeting} meeting */
export function allByVoice({ people, verification }) {
  const others = [...people.values()].filter(({ self }) => !self);
  return verification?.state === 'ready' && others.every(({ voice, link }) => voice && link === 'verified');
}

/** @param {Meeting} meeting @param {() => void} onDiffers */
export function groupCode(meeting, onDiffers) {
  const { verification } = meeting;
  if (!verification || verification.state === 'none')
    return nothing;
  return html`
    <section class="group-code" aria-labelledby="group-code-title">
      <h3 id="group-code-title">${t("Compare by voice")}</h3>
      ${content(meeting, verification, onDiffers)}
    </section>`;
}

/** @param {Meeting} meeting @param {Verification} verification @param {() => void} onDiffers */
function content(meeting, verification, onDiffers) {
  const { code, dispute } = verification;
  if (dispute)
    return html`<div class="note bad" role="alert">${icon('shield-alert')}<div class="note-body"><p>${disputeWords(meeting, dispute)}</p></div></div>`;
  if (!code)
    return html`<p class="soft">${t("The code appears as soon as everybody is connected to everybody.")}</p>`;
  return html`
    <p>${t("Read these seven words aloud to each other. Everybody must have the same, in the same order.")}</p>
    <ol class="code-symbols">${code.map(symbol)}</ol>
    ${allByVoice(meeting) ? html`<p class="verified-words" role="status">${icon('check', 'small')}<span>${t("Verified by voice. When somebody comes, there is a new code.")}</span></p>` : html`
      <div class="dialog-buttons">
        <button type="button" class="button" data-differs @click=${onDiffers}>${t("They differ")}</button>
        <button type="button" class="button primary" @click=${() => verification.accept(code)}>${t("Everybody has the same")}</button>
      </div>`}`;
}

/** @param {number} n */
function symbol(n) {
  const { picture, name } = symbolOf(n);
  return html`<li><span class="code-picture" aria-hidden="true">${picture}</span><span>${name}</span></li>`;
}

/** @param {Meeting} meeting @param {readonly [string, string]} dispute */
export const disputeWords = (meeting, [a, b]) =>
  t("There is no code: the browsers of {one} and {other} say different things of their connection. Somebody may be between them. Say nothing that others must not hear.",
    { one: nameOf(meeting, a), other: nameOf(meeting, b) });
