// What people share in a meeting, over its socket: the model, what is said to one person only, and the own votes. Joins what the server says to
// them; the page reaches it through `meeting.js`.

import { Documents } from './documents.js';
import { Model } from './model.js';
import { PEER_RIGHTS } from './peers-carrier.js';
import { ServerCarrier } from './server-carrier.js';
import { MAX_MESSAGE, characters, cleanMessage } from './text.js';
import { Whispers } from './whispers.js';

/** @typedef {import('./connection.js').Message} Message */
/** @typedef {import('./connection.js').RequestType} RequestType */

export class Sharing {
  #options;
  #server;
  #serverDocuments;
  /** What the model speaks to: one of the carriers. @type {import('./model.js').Carrier} */ #carrier = { send: ops => this.#chosen.send(ops), onOps: null };
  /** @type {import('./model.js').Carrier} */ #chosen;
  /** Nobody counts votes but the pages: each is an object. */ #byPeers = false;
  #whispers = new Whispers();
  /** Where it will be, for this side. @type {string | null} */ #summary = null;
  #hosts = false;
  /** Own choices by poll. @type {ReadonlyMap<string, readonly number[]>} */ votes = new Map();

  /**
   * @param {object} options
   * @param {(type: RequestType, members: object) => Promise<unknown>} options.request
   * @param {(type: RequestType, members: object) => Promise<boolean>} options.attempt
   * @param {(type: string, detail?: any) => void} options.emit `whisper`, `votes`, `error`
   * @param {() => number} options.now ms since 1970, by the server's clock
   * @param {() => string | null} options.self the own id
   * @param {string} options.origin of the server
   */
  constructor(options) {
    this.#options = options;
    this.#chosen = this.#server = new ServerCarrier(options.request);
    this.model = new Model(this.#carrier, { now: options.now });
    this.#server.onOps = this.#carrier.onOps;
    /** Whoever carries them. @type {Documents | import('./peer-documents.js').PeerDocuments} */
    this.documents = this.#serverDocuments = new Documents({ model: this.model, origin: options.origin });
    this.model.addEventListener('change', () => this.#readVotes());
    this.model.addEventListener('error', event => options.emit('error', /** @type {CustomEvent} */ (event).detail));
  }

  get whispers() {
    return this.#whispers.list;
  }

  /** Where the summary of the meeting is, or will be, if hosts leave it to this side as well: a path of this server. @type {string | null} */
  get summary() {
    const who = this.model.get('settings')?.fields.summary;
    return who === 'people' || (who === 'hosts' && this.#hosts) ? this.#summary : null;
  }

  /** A new seat where what people share goes among themselves. @param {import('./gathering.js').Gathering} gathering @param {{ self: string, author: string, meeting: string, name: string }} seat */
  beginAmong({ carrier, documents }, { self, author, meeting, name }) {
    this.#chosen = carrier;
    this.#byPeers = true;
    carrier.onOps = this.#carrier.onOps;
    this.model.begin({ actor: author, name, meeting, rights: PEER_RIGHTS, clock: 0, more: true });
    this.documents = documents;
    documents.beginAmong(this.model, self);
  }

  /** A new seat. @param {Message} joined @param {string} name */
  begin(joined, name) {
    const { self: actor, meeting, model, rights = {}, ...place } = joined;
    this.#place(place);
    const { clock = 0, ops = [], more = false, was = [], votes = {} } = model ?? {};
    this.votes = new Map(Object.entries(votes));
    this.model.begin({ actor, name, meeting, was, rights: model ? rights : {}, clock, more: true });
    this.#server.receive({ type: 'model', ops, more });
    this.#serverDocuments.begin(joined);
    this.#options.emit('votes');
  }

  /** @param {Message} message */
  receive(message) {
    this.#server.receive(message);
    if (message.type === 'role' && !this.#byPeers) {
      this.model.setRights(message.rights ?? {});
      this.#place(message);
    } else if (message.type === 'whisper')
      this.#options.emit('whisper', { whisper: this.#whispers.receive(message, message.from === this.#options.self()) });
  }

  /** @param {{ [member: string]: any }} message */
  #place({ role, summary = null }) {
    this.#summary = summary;
    this.#hosts = role === 'host' || role === 'cohost';
  }

  /** @param {string} text @param {string} [reply] id of the message that it answers */
  say(text, reply = '') {
    const clean = this.#clean(text);
    if (clean && this.model.mayCreate('message'))
      this.model.create('message', { text: clean, ...(reply && { reply }) });
  }

  /** @param {string} to id of a person @param {string} text @returns {Promise<boolean>} whether it was passed on */
  async whisper(to, text) {
    const clean = this.#clean(text);
    return clean !== '' && this.#options.attempt('whisper', { to, text: clean });
  }

  /** Shown at once, and no longer where it was not taken. @param {string} poll its id @param {readonly number[]} choices @returns {Promise<boolean>} */
  async vote(poll, choices) {
    if (this.#byPeers) {
      this.#voteAmong(poll, choices);
      return true;
    }
    const before = this.votes.get(poll) ?? [];
    this.#showVote(poll, choices);
    const done = await this.#options.attempt('poll-vote', { poll, choices });
    if (!done)
      this.#showVote(poll, before);
    return done;
  }

  /** @param {string} poll @param {readonly number[]} choices */
  #voteAmong(poll, choices) {
    const own = this.model.list('vote').find(({ own: mine, fields }) => mine && fields.poll === poll);
    if (own)
      this.model.set(own.id, { choices: [...choices] });
    else
      this.model.create('vote', { poll, choices: [...choices] }, poll);
  }

  /** Of the model, where they are in it. */
  #readVotes() {
    if (!this.#byPeers)
      return;
    const own = this.model.list('vote').filter(vote => vote.own && vote.fields.choices.length > 0);
    this.votes = new Map(own.map(({ fields: { poll, choices } }) => [poll, choices]));
    this.#options.emit('votes');
  }

  /** @param {string} poll @param {readonly number[]} choices */
  #showVote(poll, choices) {
    const votes = new Map(this.votes);
    if (choices.length > 0)
      votes.set(poll, choices);
    else
      votes.delete(poll);
    this.votes = votes;
    this.#options.emit('votes');
  }

  /** @param {string} text @returns {string} '' where it cannot be sent */
  #clean(text) {
    const clean = cleanMessage(text);
    if (characters(clean) <= MAX_MESSAGE)
      return clean;
    this.#options.emit('error', { id: 'too-large' });
    return '';
  }
}
