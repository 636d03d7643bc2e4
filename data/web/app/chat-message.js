// One message of the chat: what it answers, who said it when, what it says, how others reacted, and what can be done about it. Its tools
// show while the pointer or the focus is on it; a tap focuses it, too.

import { html, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { t, tn } from '../core/i18n.js';
import { timeOfDay } from './clock-words.js';
import { copyWords } from './copy-words.js';
import { icon } from './icon.js';
import { linked } from './linked-text.js';
import { reactionWord, SIGNS } from './reaction-words.js';

const QUOTED = 120;

/** @typedef {import('../core/conversation.js').Entry} Entry */
/** @typedef {import('../core/conversation.js').Mark} Mark */
/** @typedef {import('../core/reactions.js').Reaction} Reaction */

/**
 * @typedef {object} MessageActions
 * @property {(entry: Entry, sign: Reaction) => void} mark
 * @property {(entry: Entry, button: HTMLElement) => void} pick a sign
 * @property {(entry: Entry) => void} answer
 * @property {(entry: Entry, button: HTMLElement) => void} more
 * @property {(id: string) => void} show the message with that id
 */

/** @param {string} text one line of it */
export const excerpt = text => {
  const line = text.replace(/\s+/g, ' ');
  return line.length > QUOTED ? `${line.slice(0, QUOTED - 1)}…` : line;
};

/** Who said it, and who may know. @param {Entry} entry */
export function speaker({ secret, own, name, toName }) {
  if (secret && own)
    return t("You to {name}", { name: toName || t("somebody who has left") });
  return own ? t("You") : name;
}

/** @param {Entry} entry @param {MessageActions} actions @param {boolean} front */
function quote({ reply }, { show }, front) {
  if (!reply)
    return nothing;
  if (!reply.text)
    return html`<p class="quote gone small">${t("Deleted message")}</p>`;
  return html`
    <button type="button" class="quote small" tabindex=${front ? '0' : '-1'} aria-label=${t("In reply to {name}: {text}", { name: reply.name, text: excerpt(reply.text) })} @click=${() => show(reply.id)}>
      <strong>${reply.name}</strong> <span>${excerpt(reply.text)}</span>
    </button>`;
}

/** @param {Entry} entry @param {Mark} mark @param {MessageActions} actions @param {boolean} front */
function chip(entry, { sign, count, mine, names }, { mark }, front) {
  const who = names.length > 0 ? names.join(', ') : tn("{n} person", "{n} people", count);
  return html`
    <li><button type="button" class="chip" tabindex=${front ? '0' : '-1'} aria-pressed=${String(mine)} aria-label=${t("{reaction}: {names}", { reaction: reactionWord(sign), names: who })} data-tip=${who}
      ?disabled=${!entry.mayAnswer} @click=${() => mark(entry, sign)}><span aria-hidden="true">${SIGNS[sign]}</span>${count}</button></li>`;
}

/** @param {boolean} front @param {string} glyph @param {string} label @param {(event: Event) => void} act */
const tool = (front, glyph, label, act) => html`
  <button type="button" class="message-tool" tabindex=${front ? '0' : '-1'} aria-label=${label} data-tip=${label} @click=${act}>${icon(glyph, 'small')}</button>`;

/** @param {Entry} entry @param {MessageActions} actions @param {boolean} front */
function tools(entry, { pick, answer, more }, front) {
  if (entry.sending)
    return nothing;
  const { secret, mayAnswer, mayChange, mayRemove } = entry;
  const target = (/** @type {Event} */ event) => /** @type {HTMLElement} */ (event.currentTarget);
  return html`
    <div class="message-tools">
      ${mayAnswer && !secret ? tool(front, 'smile-plus', t("React"), event => pick(entry, target(event))) : nothing}
      ${mayAnswer ? tool(front, 'reply', t("Reply"), () => answer(entry)) : nothing}
      ${mayChange || mayRemove ? tool(front, 'ellipsis', t("More"), event => more(entry, target(event))) : nothing}
    </div>`;
}

/** @param {Entry} entry @param {{ follows: boolean, front: boolean, actions: MessageActions }} options follows: said in the same breath as the one before; front: Tab leads to it */
export const chatMessage = (entry, { follows, front, actions }) => (entry.copy ? copyNote(entry, front) : html`
  <article class="message ${entry.own ? 'own' : ''} ${entry.sending ? 'sending' : ''} ${entry.secret ? 'secret' : ''} ${follows ? 'follows' : ''}" data-message=${entry.id}
    tabindex=${front ? '0' : '-1'} aria-label=${`${speaker(entry)}, ${timeOfDay(entry.at)}`}>
    ${follows ? nothing : html`
      <p class="message-head"><strong>${speaker(entry)}</strong> <time class="soft" datetime=${new Date(entry.at).toISOString()}>${timeOfDay(entry.at)}</time>
        ${entry.secret ? html`<span class="secret-mark">${icon('lock', 'small')}${t("private")}</span>` : nothing}</p>`}
    ${quote(entry, actions, front)}
    <p class="message-text">${linked(entry.text)}${entry.edited ? html` <span class="small soft">${t("(edited)")}</span>` : nothing}</p>
    ${entry.sending ? html`<p class="small soft">${t("Sending…")}</p>` : nothing}
    ${entry.marks.length > 0 ? html`<ul class="chips">${repeat(entry.marks, ({ sign }) => sign, mark => chip(entry, mark, actions, front))}</ul>` : nothing}
    ${tools(entry, actions, front)}
  </article>`);

/** @param {Entry} entry @param {boolean} front */
const copyNote = (entry, front) => html`
  <p class="copy-note small" data-message=${entry.id} tabindex=${front ? '0' : '-1'}>${icon('download', 'small')}<span>${copyWords(entry)}
    <time class="soft" datetime=${new Date(entry.at).toISOString()}>${timeOfDay(entry.at)}</time></span></p>`;
