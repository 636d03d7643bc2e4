// What people have made together in the demo: messages, agenda, minutes, polls, captions. Goes into the real shared model, over a carrier
// that takes everything at once.

import { Model } from './model.js';

const MINUTE = 60_000;
const ALL = ['create', 'own', 'any', 'remove'];
const MINE = ['create', 'own'];

const SAID = [
  [1, 'Good morning! Can you all hear me?'],
  [0, 'Loud and clear.'],
  [2, 'The agenda is at https://example.org/agenda/2026-11 (two pages), please have a look before we start.'],
  [2, 'I will share it in a moment.'],
  [3, 'Thanks!', 2],
  [1, 'One question:\nshall we move the second point to Thursday? Then Priya can be there too.'],
  [0, 'Thursday is fine for me.', 5],
];

const SIGNS = [[2, 1, 'up'], [2, 3, 'up'], [2, 0, 'up'], [2, 4, 'heart'], [5, 2, 'clap']];

const ITEMS = [
  ['Welcome, and who takes the minutes', 'Samuel Okafor', 5, true, 4 * MINUTE],
  ['Figures of the third quarter', 'Yuki Tanaka', 15, false, 0],
  ['New supplier for the packaging, with the two offers that came in last week', 'Elena Rossi', 20, false, 0],
  ['Any other business', '', 5, false, 0],
];

const BLOCKS = [
  ['heading', 'Figures of the third quarter'],
  ['text', 'Turnover is 4 % above the plan. The difference comes from the two large orders in August; without them it would be 1 % below.'],
  ['decision', 'The plan for the fourth quarter stays as it is.'],
  ['action', 'Ask the two customers about their orders for next year', 'Yuki Tanaka', '2026-12-11'],
  ['text', 'Jonas asks whether the new warehouse is already in the figures. It is not; it will be from January on.'],
];

const POLLS = [
  ['Which supplier shall we take?', ['Papier & Co.', 'Hanseatische Verpackungsgesellschaft', 'Neither; ask for a third offer'], false, false, [3, 5, 1], 9, false],
  ['Which days suit you for the workshop?', ['Tuesday', 'Wednesday', 'Thursday'], true, true, [2, 6, 4], 7, true],
];

const DOCUMENTS = [
  ['Figures Q3.xlsx', 84_213, 3], ['Angebot Hanseatische Verpackungsgesellschaft, überarbeitete Fassung vom 12. November.pdf', 2_412_800, 1], ['photo of the whiteboard.jpg', 4_106_020, 0],
];

const LINES = ['Then let us look at the third quarter.', 'Turnover is four percent above the plan, and that is mostly because of two large orders in August.'];

/** @param {string} role @param {boolean} stage whether who is no host only watches */
function rightsOf(role, stage) {
  const leads = role === 'host' || role === 'cohost';
  const hosts = leads ? ALL : [];
  return {
    message: leads ? ['create', 'own', 'remove'] : MINE, reaction: MINE, item: hosts, agenda: hosts, block: !stage || leads ? ALL : [], poll: hosts, caption: MINE, document: hosts,
    settings: role === 'host' ? ALL : [],
  };
}

export class DemoContent {
  #clock = 0;
  #people;

  /** @param {{ people: { id: string, name: string }[], role: string, stage: boolean, number: (name: string, fallback: number) => number }} options */
  constructor({ people, role, stage, number }) {
    this.#people = people;
    this.carrier = { onOps: null, send: async () => {} };
    this.model = new Model(this.carrier);
    this.model.begin({ actor: people[0].id, name: people[0].name, meeting: 'demo', rights: rightsOf(role, stage), clock: 0, more: true });
    this.carrier.onOps(this.#ops(number), false);
    /** @type {Map<string, number[]>} */
    this.votes = new Map(number('polls', 0) > 1 ? [['poll1', [1]]] : []);
    this.whispers = number('whispers', 0) > 0 ? [
      { from: people[1].id, name: people[1].name, to: people[0].id, text: 'Shall I take the minutes, or will you?', at: Date.now() - 3 * MINUTE, own: false },
      { from: people[0].id, name: people[0].name, to: people[1].id, text: 'Please do, I have to talk today.', at: Date.now() - 2.5 * MINUTE, own: true },
    ] : [];
  }

  /** @param {string} o @param {string} t @param {object} f @param {number} by */
  op(o, t, f, by = 1) {
    return { o, t, c: ++this.#clock, a: this.#people[by % this.#people.length].id, f };
  }

  /** @param {(name: string, fallback: number) => number} number */
  #ops(number) {
    const now = Date.now();
    const who = i => this.#people[i % this.#people.length];
    const stamped = (i, at) => ({ from: who(i).id, name: who(i).name, at });
    const chat = SAID.slice(0, number('chat', 0));
    const ops = chat.map(([i, text, reply], n) => this.op(`m${n}`, 'message', { text, ...stamped(i, now - (20 - n) * 40_000), ...(reply !== undefined && { reply: `m${reply}` }), ...(n === 5 && { edited: true }) }, i));
    for (const [n, i, sign] of SIGNS.filter(([n]) => n < chat.length))
      ops.push(this.op(`m${n}-${i}-${sign}`, 'reaction', { message: `m${n}`, sign, from: who(i).id, on: true }, i));
    ITEMS.slice(0, number('agenda', 0)).forEach(([title, owner, minutes, done, spent], n) => {
      ops.push(this.op(`i${n}`, 'item', { title, owner, minutes, done, spent, order: `V${n + 1}` }));
    });
    if (number('agenda', 0) > 1)
      ops.push(this.op('agenda', 'agenda', { current: 'i1', since: now - number('since', 7) * MINUTE - 12_000 }));
    BLOCKS.slice(0, number('minutes', 0)).forEach(([kind, text, owner = '', due = ''], n) => {
      ops.push(this.op(`b${n}`, 'block', { kind, text, owner, due, order: `V${n + 1}`, by: who(1).id }));
    });
    POLLS.slice(0, number('polls', 0)).forEach(([question, choices, multiple, anonymous, counts, voters, open], n) => {
      ops.push(this.op(`poll${n}`, 'poll', { question, choices, multiple, anonymous, counts, voters, open, by: who(1).id, at: now - (9 - n) * MINUTE, voted: open ? [] : ['Samuel Okafor', 'Yuki Tanaka', 'Elena Rossi'] }));
    });
    DOCUMENTS.slice(0, number('documents', 0)).forEach(([name, bytes, i], n) => {
      ops.push(this.op(`f${n}`, 'document', { name, bytes, sha256: '', media_type: '', by: who(i).id, sender: who(i).name, at: now - (9 - n) * MINUTE }, i));
    });
    LINES.slice(0, number('captions', 0)).forEach((text, n) => {
      ops.push(this.op(`c${n}`, 'caption', { text, lang: 'en', by: who(2).id, name: who(2).name, at: now + 60_000 + n }, 2));
    });
    return ops;
  }

  /** Somebody else does something just now. @param {object} op */
  hear(op) {
    this.carrier.onOps([op]);
  }
}
