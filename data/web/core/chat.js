// The conversation: what the server has, and what is still on its way there. A message said is shown at once, as `sending`,
// and is found again when it comes back numbered, also after the seat was lost and taken anew: then it is neither lost nor doubled.

/**
 * @typedef {object} ChatMessage
 * @property {number} n counts the meeting's messages from 1; 0 while it is on its way
 * @property {string} from id of the person
 * @property {string} name
 * @property {string} text
 * @property {number} at ms since 1970
 * @property {boolean} own
 * @property {'sending' | 'sent'} state
 */

/** @typedef {{ n: number, from: string, name: string, text: string, at: number }} WireMessage PROTOCOL.md, section 4.3 */

export class Chat {
  /** Numbered ones first, then those on their way. @type {ChatMessage[]} */
  messages = [];
  /** The meeting that the numbers are of, and what was said in those before it. */
  #meeting = '';
  /** @type {ChatMessage[]} */ #earlier = [];
  /** Own person ids: a rejoin brings a new one. @type {Set<string>} */ #own = new Set();

  /** Messages on their way. @returns {ChatMessage[]} */
  get sending() {
    return this.messages.filter(({ state }) => state === 'sending');
  }

  /**
   * The history that came with a join, in place of what was here. After a crash of the server it is another meeting's, which
   * knows nothing of the words before: who has read them keeps them.
   * @param {WireMessage[]} history @param {string} self own id from now on @param {string} meeting
   * @returns {ChatMessage[]} those that have to be said again
   */
  restart(history, self, meeting) {
    const sending = this.sending;
    if (meeting !== this.#meeting)
      this.#earlier = this.messages.filter(({ state }) => state === 'sent');
    const known = Math.max(0, ...this.messages.slice(this.#earlier.length).map(({ n }) => n));
    this.#own.add(self);
    this.#meeting = meeting;
    this.messages = [...this.#earlier];
    for (const message of history) {
      const own = this.#own.has(message.from);
      const at = own && message.n > known ? sending.findIndex(({ text }) => text === message.text) : -1;
      if (at >= 0)
        sending.splice(at, 1);
      this.messages.push({ ...message, own, state: 'sent' });
    }
    for (const message of sending)
      message.from = self;
    this.messages.push(...sending);
    return sending;
  }

  /** @param {string} from own id @param {string} name @param {string} text @param {number} at @returns {ChatMessage} */
  say(from, name, text, at) {
    /** @type {ChatMessage} */
    const message = { n: 0, from, name, text, at, own: true, state: 'sending' };
    this.messages.push(message);
    return message;
  }

  /** One from the server; an own one takes the place of what was on its way. @param {WireMessage} message @returns {ChatMessage} */
  receive(message) {
    const own = this.#own.has(message.from);
    const sent = own ? this.sending.find(({ text }) => text === message.text) : undefined;
    if (sent)
      this.remove(sent);
    const found = Object.assign(sent ?? {}, message, { own, state: /** @type {const} */ ('sent') });
    const at = this.messages.findIndex(({ state }) => state === 'sending');
    this.messages.splice(at < 0 ? this.messages.length : at, 0, found);
    return found;
  }

  /** @param {ChatMessage} message that will not be sent */
  remove(message) {
    this.messages = this.messages.filter(other => other !== message);
  }
}
