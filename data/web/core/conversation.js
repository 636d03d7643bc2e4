// What is said in writing, in one order: messages of the shared model with their replies and reactions, and private ones, which go to one
// person only and are kept nowhere, and that somebody has saved a copy. Says which messages are new. Does not touch the page.

import { Copies } from './copies.js';
import { signsOf, toggleSign } from './signs.js';

/** @typedef {import('./reactions.js').Reaction} Reaction */
/** @typedef {import('./model.js').Shared} Shared */
/** @typedef {import('./signs.js').Sign} Sign */
/** @typedef {import('./whispers.js').Whisper} Whisper */

/**
 * @typedef {object} Entry
 * @property {string} id
 * @property {boolean} secret only two see it
 * @property {boolean} copy nothing was said: the meeting was saved
 * @property {string} from id of a person
 * @property {string} name
 * @property {string} to id of the other one, of a private message; else ''
 * @property {string} toName of a private message that oneself has written
 * @property {string} text
 * @property {number} at ms since 1970
 * @property {boolean} own
 * @property {boolean} sending on its way
 * @property {boolean} edited
 * @property {{ id: string, name: string, text: string } | null} reply to what; without a text where that is gone
 * @property {Mark[]} marks
 * @property {boolean} mayChange
 * @property {boolean} mayRemove
 * @property {boolean} mayAnswer
 */
/** @typedef {{ sign: Reaction, count: number, mine: boolean, names: string[] }} Mark */

export class Conversation extends EventTarget {
  #meeting;
  /** What private ones are called here, and the name of the other one when they were written. @type {WeakMap<Whisper, { id: string, toName: string }>} */ #secrets = new WeakMap();
  #count = 0;
  /** @type {Entry[] | null} */ #entries = null;

  /**
   * Events: `change`; `said` with `{ entry }`, one that somebody else has just said.
   * @param {import('./meeting.js').Meeting} meeting @param {AbortSignal} signal ends it
   */
  constructor(meeting, signal) {
    super();
    this.#meeting = meeting;
    meeting.model.addEventListener('change', event => this.#onChange(/** @type {CustomEvent} */ (event).detail), { signal });
    meeting.addEventListener('whisper', event => this.#onWhisper(/** @type {CustomEvent} */ (event).detail.whisper), { signal });
    for (const type of ['people', 'role'])
      meeting.addEventListener(type, () => this.#renew(), { signal });
  }

  /** The earliest first. @returns {readonly Entry[]} */
  get entries() {
    return this.#entries ??= this.#collect();
  }

  /** @param {string} id @returns {Entry | null} */
  find(id) {
    return this.entries.find(entry => entry.id === id) ?? null;
  }

  /** @param {string} text @param {string} [reply] id of a message */
  say(text, reply) {
    this.#meeting.say(text, reply);
  }

  /** @param {string} id @param {string} text */
  edit(id, text) {
    if (this.find(id)?.text !== text)
      this.#meeting.model.set(id, { text });
  }

  /** @param {string} id for everybody */
  remove(id) {
    this.#meeting.model.remove(id);
  }

  /** @param {string} id of the message @param {Reaction} sign shown by oneself from now on, or no longer */
  react(id, sign) {
    toggleSign(this.#meeting.model, id, sign);
  }

  /** @param {{ objects: string[], fresh: string[] }} detail */
  #onChange({ objects, fresh }) {
    const { model } = this.#meeting;
    const types = new Set(objects.map(id => model.get(id)?.type));
    if (objects.length > 0 && ['message', 'reaction', 'copy', undefined].every(type => !types.has(type)))
      return;
    this.#renew();
    for (const id of fresh) {
      if (model.get(id)?.type === 'message')
        this.#tell(id);
    }
  }

  /** @param {Whisper} whisper */
  #onWhisper(whisper) {
    const { id } = this.#named(whisper); // as long as they are here
    this.#renew();
    if (!whisper.own)
      this.#tell(id);
  }

  /** @param {string} id */
  #tell(id) {
    this.dispatchEvent(new CustomEvent('said', { detail: { entry: this.find(id) } }));
  }

  #renew() {
    this.#entries = null;
    this.dispatchEvent(new CustomEvent('change'));
  }

  /** What is on its way is the latest. @returns {Entry[]} */
  #collect() {
    const signs = signsOf(this.#meeting.model);
    const messages = this.#meeting.model.list('message').map(message => this.#entry(message, signs.get(message.id) ?? []));
    const secrets = this.#meeting.whispers.map(whisper => this.#secret(whisper));
    const copies = new Copies(this.#meeting.model).list.map(copied);
    return [...messages, ...secrets, ...copies].sort((a, b) => Number(a.sending) - Number(b.sending) || a.at - b.at);
  }

  /** @param {Shared} message @param {Sign[]} signs @returns {Entry} */
  #entry(message, signs) {
    const { id, own, state, earlier, fields: { from, name, text, reply, at, edited } } = message;
    const { model } = this.#meeting;
    return {
      id, secret: false, copy: false, from, name, to: '', toName: '', text, at, own, sending: state === 'sending', edited, reply: this.#quote(reply),
      marks: signs.map(sign => this.#mark(sign)).sort((a, b) => b.count - a.count),
      mayChange: own && model.mayChange(message), mayRemove: model.mayRemove(message), mayAnswer: !earlier && model.mayCreate('message'),
    };
  }

  /** @param {Whisper} whisper @returns {Entry} */
  #secret(whisper) {
    const { from, name, to, text, at, own } = whisper;
    const { id, toName } = this.#named(whisper);
    const other = own ? to : from;
    return {
      id, secret: true, copy: false, from, name, to: other, toName: own ? toName : '', text, at, own, sending: false, edited: false, reply: null, marks: [],
      mayChange: false, mayRemove: false, mayAnswer: this.#meeting.people.has(other) && this.#meeting.floor.may.has('whisper'),
    };
  }

  /** @param {Whisper} whisper */
  #named(whisper) {
    let named = this.#secrets.get(whisper);
    if (!named) {
      named = { id: `whisper ${++this.#count}`, toName: this.#meeting.people.get(whisper.to)?.name ?? '' };
      this.#secrets.set(whisper, named);
    }
    return named;
  }

  /** @param {string} id */
  #quote(id) {
    if (!id)
      return null;
    const { name = '', text = '' } = this.#meeting.model.get(id)?.fields ?? {};
    return { id, name, text };
  }

  /** @param {Sign} sign @returns {Mark} */
  #mark({ sign, n: count, own: mine, from }) {
    const names = from.map(author => this.#meeting.personOf(author)?.name ?? '').filter(name => name);
    return { sign: /** @type {Reaction} */ (sign), count, mine, names };
  }
}

/** @param {import('./copies.js').Copy} copy @returns {Entry} */
const copied = ({ id, by, name, at, own }) => ({
  id, secret: false, copy: true, from: by, name, to: '', toName: '', text: '', at, own, sending: false, edited: false, reply: null, marks: [],
  mayChange: false, mayRemove: false, mayAnswer: false,
});
