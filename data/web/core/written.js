// What people wrote in a meeting, as the summary of a meeting has it (`summary.js`), put together by the page where no server does. Private messages, and messages
// of meetings before this one, are not in it. Does not touch the page.

import { Agenda } from './agenda.js';
import { signsOf } from './signs.js';

/** @typedef {import('./model.js').Model} Model */
/** @typedef {import('./model.js').Shared} Shared */
/** @typedef {import('./summary.js').Block} Block */
/** @typedef {import('./summary.js').Item} Item */
/** @typedef {import('./summary.js').Said} Said */
/** @typedef {import('./summary.js').SharedFile} SharedFile */
/** open: the votes so far @typedef {import('./summary.js').Poll & { open: boolean }} Poll */
/**
 * @typedef {object} Written
 * @property {Item[]} agenda
 * @property {Block[]} minutes
 * @property {Poll[]} polls
 * @property {Said[]} chat reactions: `text` is the sign
 * @property {SharedFile[]} documents
 */

/** @param {{ model: Model, now: number, documents: { list: readonly Shared[] } }} meeting @returns {Written} */
export function writtenIn({ model, now, documents }) {
  const agenda = new Agenda(model, () => now);
  return {
    agenda: agenda.items.map(item => ({ ...item.fields, spent: agenda.spentOn(item) })),
    minutes: model.list('block').map(({ fields }) => fields).filter(({ text }) => text !== ''),
    polls: model.list('poll').map(({ fields }) => readPoll(fields)),
    chat: readChat(model),
    documents: documents.list.map(({ id, fields: { sender: by, ...fields } }) => ({ id, ...fields, by })),
  };
}

/** @param {any} fields @returns {Poll} who has voted is told when it is closed */
function readPoll({ question, choices, multiple, anonymous, open, counts, voters, voted }) {
  const counted = choices.map((/** @type {string} */ text, /** @type {number} */ i) => ({ text, count: counts[i] ?? 0 }));
  return { question, choices: counted, multiple, anonymous, open, voters, voted: open || anonymous ? [] : voted };
}

/** @param {Model} model @returns {Said[]} */
function readChat(model) {
  const signs = signsOf(model);
  return model.list('message').filter(({ earlier }) => !earlier).map(({ id, fields: { at, name, text, reply, edited } }) => {
    const answered = reply ? model.get(reply)?.fields : null;
    const reactions = (signs.get(id) ?? []).map(({ sign, n }) => ({ text: sign, count: n }));
    return { at, name, text, edited, reply_name: answered?.name ?? '', reply_text: answered?.text ?? '', reactions };
  });
}
