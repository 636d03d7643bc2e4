// What is in a summary, as sections of text: decided and to be done first, then how it came about, who was there and what was said.
// Texts come from people; nothing of them becomes anything but text.

import { html, nothing, svg } from 'lit-html';
import { t, tn } from '../core/i18n.js';
import { recordedAt } from '../core/summary.js';
import { icon } from './icon.js';
import { linked } from './linked-text.js';
import { share } from './poll-words.js';
import { durationWords, longDate, timeOfDay } from './schedule-words.js';

/** @typedef {import('../core/summary.js').Body} Body */
/** @typedef {import('../core/summary.js').Block} Block */

const MINUTE = 60_000;

/** @param {number} ms at least a minute */
export const spanWords = ms => durationWords(Math.max(1, Math.round(ms / MINUTE)));

/** @param {string} id @param {string} title @param {unknown} content */
const section = (id, title, content) => html`<section class="summary-part" aria-labelledby=${`summary-${id}`}><h2 id=${`summary-${id}`}>${title}</h2>${content}</section>`;

/** @param {string} day */
const dueWords = day => (/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(day) ? longDate(day) : day);

/** @param {unknown[]} parts */
const facts = parts => {
  const there = parts.filter(part => part);
  return there.length === 0 ? nothing : html`<p class="small soft facts-line">${there.map((part, i) => html`<span>${part}${i < there.length - 1 ? ' ·' : ''}</span> `)}</p>`;
};

/** @param {Block[]} blocks */
const decisions = blocks => (blocks.length === 0 ? nothing : section('decisions', t("Decisions"), html`
  <ul class="summary-list">${blocks.map(({ text }) => html`<li class="marked">${icon('gavel', 'small')}<p class="lines">${linked(text)}</p></li>`)}</ul>`));

/** @param {Block[]} blocks */
const actions = blocks => (blocks.length === 0 ? nothing : section('actions', t("Actions"), html`
  <ul class="summary-list">${blocks.map(({ text, owner, due }) => html`
    <li class="marked">${icon('square-check-big', 'small')}<div><p class="lines">${linked(text)}</p>${facts([owner, due && t("until {date}", { date: dueWords(due) })])}</div></li>`)}</ul>`));

/** @param {Body} body @param {boolean} watches */
const agenda = (body, watches) => (body.agenda.length === 0 ? nothing : section('agenda', t("Agenda"), html`
  <ol class="summary-agenda">${body.agenda.map(({ title, owner, minutes, started, spent, done }) => {
    const place = watches ? recordedAt(body, started) : null;
    const time = started > 0 ? timeOfDay(started) : '';
    return html`
      <li>
        <span class="summary-time">${place ? html`<a href=${place} aria-label=${t("Watch from {time}", { time })}>${icon('play', 'small')}${time}</a>` : time || '–'}</span>
        <div><p class="summary-item">${title}${done ? html` <span class="done">${icon('check', 'small')}<span class="unseen">${t("done")}</span></span>` : nothing}</p>
          ${facts([owner, minutes > 0 && t("planned: {time}", { time: durationWords(minutes) }), spent > 0 && t("took: {time}", { time: spanWords(spent) })])}</div>
      </li>`;
  })}</ol>`));

/** @param {Block} block */
function paragraph({ kind, text, owner, due }) {
  if (kind === 'heading')
    return html`<h3>${text}</h3>`;
  if (kind === 'text')
    return html`<p class="lines">${linked(text)}</p>`;
  return html`<div class="summary-mark ${kind}"><p class="small"><strong>${kind === 'decision' ? t("Decision") : t("Action")}</strong></p><p class="lines">${linked(text)}</p>
    ${kind === 'action' ? facts([owner, due && t("until {date}", { date: dueWords(due) })]) : nothing}</div>`;
}

/** @param {Block[]} blocks */
const minutes = blocks => (blocks.length === 0 ? nothing : section('minutes', t("Minutes"), html`<div class="summary-minutes">${blocks.map(paragraph)}</div>`));

/** @param {Body} body */
const polls = ({ polls: all }) => (all.length === 0 ? nothing : section('polls', t("Polls"), html`
  <div class="summary-polls">${all.map(({ question, choices, multiple, anonymous, voters, voted }) => html`
    <div class="summary-poll">
      <h3>${question}</h3>
      <ul>${choices.map(({ text, count }) => html`
        <li><span>${text}</span><span class="small soft poll-count">${count} · ${share(count, voters)} %</span>
          <svg class="poll-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">${svg`<rect width=${Math.min(100, share(count, voters))} height="4"></rect>`}</svg></li>`)}</ul>
      ${facts([tn("{n} person has voted.", "{n} people have voted.", voters), multiple && t("several answers"), anonymous && t("anonymous"), voted.join(', ')])}
    </div>`)}</div>`));

/** @type {Record<string, () => string>} */
const ROLES = { host: () => t("Host"), cohost: () => t("Co-host"), viewer: () => t("watched") };

/** @type {Record<string, () => string>} */
const DEVICES = { phone: () => t("by phone"), stream: () => t("as a stream") };

/** @param {Body} body */
const people = ({ attendance }) => (!attendance || attendance.length === 0 ? nothing : section('people', t("Who was there"), html`
  <table class="summary-people">
    <thead><tr><th scope="col">${t("Name")}</th><th scope="col">${t("From")}</th><th scope="col">${t("To")}</th><th scope="col">${t("Present")}</th></tr></thead>
    <tbody>${attendance.map(({ name, role, device, joined, left, present }) => html`
      <tr><th scope="row"><bdi>${name}</bdi>${facts([ROLES[role]?.(), DEVICES[device]?.()])}</th>
        <td>${timeOfDay(joined)}</td><td>${timeOfDay(left)}</td><td>${spanWords(present)}</td></tr>`)}</tbody>
  </table>`));

/** @param {Body} body */
const chat = ({ chat: all }) => (!all || all.length === 0 ? nothing : section('chat', t("Chat"), html`
  <ol class="summary-chat">${all.map(({ at, name, text, reply_name, reply_text, reactions, edited }) => html`
    <li>
      <p class="small"><strong><bdi>${name}</bdi></strong> <span class="soft">${timeOfDay(at)}${edited ? ` · ${t("edited")}` : ''}</span></p>
      ${reply_text ? html`<p class="summary-quote small soft"><bdi>${reply_name}</bdi>: ${reply_text}</p>` : nothing}
      <p class="lines">${linked(text)}</p>
      ${reactions.length > 0 ? html`<p class="small">${reactions.map(one => html`<span class="summary-sign">${one.text} ${one.count}</span>`)}</p>` : nothing}
    </li>`)}</ol>`));

/** @param {Body} body */
const isEmpty = body => [body.agenda, body.minutes, body.polls, body.attendance ?? [], body.chat ?? [], body.documents, body.recordings].every(list => list.length === 0);

/** @param {Body} body @param {{ watches: boolean }} options watches: may open recordings */
export function summaryView(body, { watches }) {
  if (isEmpty(body))
    return html`<p class="soft">${t("Nothing was written down in this meeting.")}</p>`;
  const of = (/** @type {string} */ kind) => body.minutes.filter(block => block.kind === kind);
  return html`${decisions(of('decision'))}${actions(of('action'))}${agenda(body, watches)}${minutes(body.minutes)}${polls(body)}${people(body)}${chat(body)}`;
}
