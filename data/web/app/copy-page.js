// The copy of a meeting off the record that somebody saves: one file that any browser shows, without the server and without anything that runs in it. It looks as the
// summaries that servers write (src/summary/html.c). Texts come from people; nothing of them becomes anything but text. Pure.

import { dateAndTime, fileSize } from '../core/figures.js';
import { i18n, t, tn } from '../core/i18n.js';
import { minuteWords } from './clock-words.js';
import { copyWords } from './copy-words.js';
import { markup } from './markup.js';
import { share } from './poll-words.js';
import { SIGNS } from './reaction-words.js';
import { longDate, timeOfDay } from './schedule-words.js';

/** @typedef {import('../core/copies.js').Copy} Copy */
/** @typedef {import('../core/summary.js').Block} Block */
/** @typedef {import('../core/summary.js').Said} Said */
/** @typedef {import('../core/written.js').Poll} Poll */
/** @typedef {import('../core/written.js').Written} Written */

/** Also where something were wrong here: no script, no request, nowhere to send anything. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";
const MINUTE = 60_000;

const STYLE = markup`
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0;background:#eef1f5;color:#1b2430;font:15px/1.55 system-ui,'Segoe UI',Roboto,'Noto Sans','Helvetica Neue',Arial,sans-serif;overflow-wrap:anywhere}
main{max-width:52rem;margin:2rem auto;padding:3.2rem 3.6rem 2.4rem;background:#fff;border-radius:12px;box-shadow:0 1px 2px #0f172a14,0 12px 32px #0f172a14}
header{border-bottom:2px solid #2554c7;padding-bottom:1.4rem}
.kind{margin:0;color:#2554c7;font-size:.8rem;font-weight:600;letter-spacing:.08em;text-transform:uppercase}
h1{margin:.25rem 0 .2rem;font-size:2rem;line-height:1.2;letter-spacing:-.01em}
h2{margin:2.4rem 0 .7rem;font-size:1.25rem}h3{margin:1.4rem 0 .4rem;font-size:1rem}
p{margin:.5rem 0;white-space:pre-wrap}.soft{color:#586477}.small{font-size:.85rem}
table{width:100%;border-collapse:collapse;font-size:.92rem}
th{padding:.35rem .6rem;text-align:left;color:#586477;font-size:.78rem;font-weight:600;border-bottom:1px solid #c9d1dc;overflow-wrap:normal}
td{padding:.45rem .6rem;vertical-align:top;border-bottom:1px solid #e6eaf0}
th:first-child,td:first-child{padding-left:0}th:last-child,td:last-child{padding-right:0}
td+td{overflow-wrap:break-word}
.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.box{margin:.7rem 0;padding:.6rem .9rem;border-left:3px solid #2554c7;background:#f2f6fe;border-radius:0 8px 8px 0}
.box.action{border-color:#b45309;background:#fdf6ec}.box p{margin:0}
.label{font-size:.74rem;font-weight:600;letter-spacing:.04em;color:#2554c7}.action .label{color:#b45309}
.bar{display:grid;grid-template-columns:minmax(6rem,2fr) 5fr minmax(5rem,auto);gap:.8rem;align-items:center;margin:.3rem 0}
.bar i{display:block;height:.7rem;border-radius:99px;background:#e6eaf0;overflow:hidden}.bar b{display:block;height:100%;background:#2554c7}
.message{display:grid;grid-template-columns:5rem 1fr;gap:.2rem .4rem;margin:.55rem 0}
time{color:#586477;font-size:.82rem;font-variant-numeric:tabular-nums;padding-top:.1rem}
.message p{margin:0}blockquote{margin:.1rem 0;padding-left:.6rem;border-left:2px solid #c9d1dc;color:#586477;font-size:.86rem;white-space:pre-wrap}
footer{margin-top:2.8rem;padding-top:.8rem;border-top:1px solid #e6eaf0;color:#586477;font-size:.8rem}
@media(max-width:40rem){main{margin:0;padding:1.6rem 1.2rem;border-radius:0}h1{font-size:1.5rem}.message{grid-template-columns:1fr}table{display:block;overflow-x:auto}td,th{min-width:3.5rem}th:first-child,td:first-child{min-width:11rem}}
@media print{@page{margin:18mm 16mm}body{background:#fff;font-size:10.5pt}main{max-width:none;margin:0;padding:0;box-shadow:none;border-radius:0}h2,h3{break-after:avoid}
tr,.box,.bar,.message{break-inside:avoid}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;

/** @param {string} title @param {readonly unknown[]} parts */
const section = (title, parts) => (parts.length === 0 ? '' : markup`<section><h2>${title}</h2>${parts}</section>\n`);

/** @param {unknown[]} parts */
function facts(...parts) {
  const there = parts.filter(part => part);
  return there.length === 0 ? '' : markup`<p class="soft small">${there.join(' · ')}</p>`;
}

/** @param {string} day `YYYY-MM-DD` or '' */
const until = day => day && t("until {date}", { date: longDate(day) });

/** @param {Block} block */
const decision = ({ text }) => markup`<div class="box"><p>${text}</p></div>`;

/** @param {Block} block */
const action = ({ text, owner, due }) => markup`<div class="box action"><p>${text}</p>${facts(owner, until(due))}</div>`;

/** @param {Block} block */
function paragraph({ kind, text, owner, due }) {
  if (kind === 'heading')
    return markup`<h3>${text}</h3>`;
  if (kind === 'decision')
    return markup`<div class="box"><div class="label">${t("Decision")}</div><p>${text}</p></div>`;
  return kind === 'action' ? markup`<div class="box action"><div class="label">${t("Action")}</div><p>${text}</p>${facts(owner, until(due))}</div>` : markup`<p>${text}</p>`;
}

/** @param {number} ms */
const span = ms => (ms > 0 ? minuteWords(Math.max(1, Math.round(ms / MINUTE))) : '');

/** @param {Written['agenda']} items */
const agenda = items => (items.length === 0 ? [] : [markup`
  <table><thead><tr><th>${t("Item")}</th><th>${t("Owner")}</th><th class="n">${t("Time")}</th><th class="n">${t("Planned")}</th><th class="n">${t("Spent")}</th><th>${t("Done")}</th></tr></thead>
  <tbody>${items.map(({ title, owner, minutes, started, spent, done }) => markup`<tr><td>${title}</td><td>${owner}</td><td class="n">${started > 0 && timeOfDay(started)}</td><td
    class="n">${span(minutes * MINUTE)}</td><td class="n">${span(spent)}</td><td>${done && '✓'}</td></tr>`)}</tbody></table>`]);

/** @param {Poll} poll */
const poll = ({ question, choices, multiple, anonymous, open, voters, voted }) => markup`
  <h3>${question}</h3>
  ${choices.map(({ text, count }) => markup`<div class="bar"><span>${text}</span><i><b style="width:${Math.min(100, share(count, voters))}%"></b></i><span class="n">${count} · ${share(count, voters)} %</span></div>`)}
  ${facts(tn("{n} person has voted.", "{n} people have voted.", voters), open && t("still open"), multiple && t("several answers"), anonymous && t("anonymous"), voted.join(', '))}`;

/** @param {Written['documents']} documents */
const files = documents => (documents.length === 0 ? [] : [markup`
  <table><thead><tr><th>${t("Name")}</th><th>${t("Shared by")}</th><th class="n">${t("Size")}</th></tr></thead>
  <tbody>${documents.map(({ name, by, bytes }) => markup`<tr><td><bdi>${name}</bdi></td><td><bdi>${by}</bdi></td><td class="n">${fileSize(bytes)}</td></tr>`)}</tbody></table>`]);

/** @param {number} at */
const time = at => markup`<time datetime="${new Date(at).toISOString()}">${timeOfDay(at)}</time>`;

/** @param {Said} message */
const message = ({ at, name, text, reply_name: whose, reply_text: quoted, reactions, edited }) => markup`
  <div class="message">${time(at)}<div><strong><bdi>${name}</bdi></strong>${quoted && markup`<blockquote><bdi>${whose}</bdi>: ${quoted}</blockquote>`}<p>${text}</p>${
    facts(edited && t("edited"), ...reactions.map(({ text: sign, count }) => `${/** @type {Record<string, string>} */ (SIGNS)[sign] ?? ''} ${count}`))}</div></div>`;

/** @param {Copy} copy */
const saved = ({ at, name }) => markup`<div class="message">${time(at)}<p class="soft">${copyWords({ name, own: false })}</p></div>`;

/** @param {readonly Said[]} messages @param {readonly Copy[]} copies in the order in which all of it was */
const chat = (messages, copies) => [...messages.map(one => ({ at: one.at, text: message(one) })), ...copies.map(one => ({ at: one.at, text: saved(one) }))]
  .sort((a, b) => a.at - b.at).map(({ text }) => text);

/**
 * @param {Written} written
 * @param {{ title: string, name: string, at: number, copies: readonly Copy[] }} about name: of who saves it; copies: this one among them
 * @returns {string} an HTML file
 */
export function copyPage({ agenda: items, minutes, polls, documents, chat: messages }, { title, name, at, copies }) {
  const of = (/** @type {string} */ kind) => minutes.filter(block => block.kind === kind);
  return String(markup`<!doctype html>
<html lang="${i18n.lang}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer"><title>${title}</title><style>${STYLE}</style></head>
<body><main><header><p class="kind">${t("Saved copy")}</p><h1>${title}</h1><p class="soft">${t("Saved by {name}, {time}. Everybody in the meeting was told.", { name, time: dateAndTime(at) })}</p></header>
${section(t("Decisions"), of('decision').map(decision))}${section(t("Actions"), of('action').map(action))}${section(t("Agenda"), agenda(items))}${
  section(t("Minutes"), minutes.map(paragraph))}${section(t("Polls"), polls.map(poll))}${section(t("Documents"), files(documents))}${section(t("Chat"), chat(messages, copies))}
<footer>${t("The server has no part in this file: it was made in a browser, of what was in the meeting at that moment. Private messages are not in it.")}</footer>
</main></body></html>
`);
}
