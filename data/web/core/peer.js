// One pair: this browser and one other person's. Drives attempts of link-1 over the relay, and through each of them an
// RTCPeerConnection: new, or with its ICE restarted if it was confirmed before. Tracks are sent and shown only once the
// peer was confirmed on data channel 0. Everything of a pair runs one after the other, in `#queue`.

import { concat, equal, fromUtf8, toBase64url, u32, utf8 } from './bytes.js';
import { Handshake, Kind, Sealed, composeMessage, parseMessage } from './link1.js';
import { LinkError } from './link-error.js';
import { CHANNEL_SEALED, PairTalk } from './pair-talk.js';
import { memberOf } from './rotation.js';
import { Channel, LONG_RECORD, RECORD, SealedChannel } from './sealed-channel.js';
import { Transport } from './transport.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {import('./link-error.js').LinkReason} LinkReason */
/** @typedef {import('./link1.js').Reveal} Reveal */
/** @typedef {import('./link1.js').Role} Role */
/** @typedef {import('./person.js').LinkState} LinkState */
/** @typedef {import('./transport.js').Ice} Ice */
/** @typedef {import('./transport.js').Tracks} Tracks */

/**
 * What all pairs of a join share.
 * @typedef {object} Identity
 * @property {string} room
 * @property {Bytes} secret
 * @property {Bytes} kAuth
 * @property {number} [generation] of the secret
 * @property {{ generation: number, secret: Bytes, kAuth: Bytes, members: readonly string[] }[]} [before] secrets that the room had since this join, and whom the next one
 *   was for
 * @property {number} [rotated] when it got the last one
 * @property {string} id own person id
 * @property {RTCCertificate} certificate
 * @property {Bytes} fingerprint
 * @property {Bytes} sign the public point of the session's key
 * @property {CryptoKey} key its private one
 * @property {boolean} [data] what people share goes from browser to browser as well
 */
/** @typedef {{ model: SealedChannel, files: SealedChannel }} Channels */

const DEADLINE = { J: 20_000, P: 25_000 };   // of an attempt; P's is longer, so that J begins anew
const DISCONNECTED = { J: 3_000, P: 4_000 }; // until the connection counts as lost
const GONE = { J: 1_000, P: 2_000 };         // the same where the browser has given up, or the peer closed it
const BACKOFF = 1_000;
const MAX_TRIES = 5;
const RESTART_INTERVAL = 1_000;              // J begins anew at most this often when asked
const MAX_QUEUE = 500;
const MAX_CANDIDATE = 2_048;
const ROTATING = 10_000;                      // so long others may not have the room's new secret yet
const MAX_SEEN = 2 ** 31;
const CHANNEL_CONFIRM = 1;                   // kinds of messages on data channel 0
/** Reasons of the other that are shown as they are. @type {LinkReason[]} */
const TOLD = ['link-timeout', 'link-generation'];
const CHANNELS = ['model', 'files'];           // besides channel 0
const NEW_CONNECTION = 1;                    // flag of a restart request

/** Events: `state` (`state`, `reason`), `tracks` (`transport` was confirmed, or is gone; so are `talk` and `channels`). */
export class Peer extends EventTarget {
  #role;
  #identity;
  #options;
  /** @type {LinkState} */ #state = 'connecting';
  /** @type {LinkReason | null} */ #reason = null;
  /** This side found the reason: only its own person may begin anew. */
  #final = false;

  #attempt = 0;
  #begun = -Infinity;
  #tries = 0;
  /** @type {Handshake | null} */ #handshake = null;
  /** Records of this attempt may have been lost with a socket: none is taken or sent any more. */
  #broken = false;
  /** Offer or answer of this attempt went out, so candidates may. */
  #described = false;
  #exchanged = false;
  #peerConfirmed = false;
  /** This attempt was begun before the room got another secret: nobody is confirmed by it. */
  #stale = false;
  /** This attempt came to its confirmation. */
  #concluded = false;

  /** @type {Transport | null} */ #transport = null;
  /** What is said over it. @type {PairTalk | null} */ #talk = null;
  #confirmed = false;
  /** @type {Channels | null} */ #channels = null;
  #openChannels = () => {};
  /** What was confirmed first: it holds for as long as the person is there. @type {Reveal | null} */ #pinned = null;
  #needNew = false;
  /** Of the secrets that this pair was first confirmed with, and that the other has shown to have. */ #generations = { first: 0, shown: 0 };
  #attempted = 0;

  /** @type {Tracks} */ #tracks;
  #people = 2;
  #away = false;
  #closed = false;
  #queue = Promise.resolve();
  #queued = 0;
  /** @type {any} */ #deadline = null;
  /** @type {any} */ #lostTimer = null;
  /** @type {any} */ #retryTimer = null;

  /**
   * @param {object} options
   * @param {Role} options.role
   * @param {string} options.id the other person's
   * @param {Identity} options.identity
   * @param {(data: Bytes) => boolean} options.relay false where there is no socket
   * @param {() => boolean} options.live there is a socket
   * @param {() => Ice} options.ice
   * @param {Tracks} options.tracks
   */
  constructor(options) {
    super();
    this.id = options.id;
    this.#role = options.role;
    this.#identity = options.identity;
    this.#options = options;
    this.#tracks = options.tracks;
  }

  get state() {
    return this.#state;
  }

  get reason() {
    return this.#reason;
  }

  /** Null until the peer was confirmed on it: nothing of it may be shown before. */
  get transport() {
    return this.#confirmed ? this.#transport : null;
  }

  /** What both say to each other beside media; null until the peer was confirmed. */
  get talk() {
    return this.#confirmed ? this.#talk : null;
  }

  /** What is said beside media: null until the peer was confirmed, and where that goes through the server. */
  get channels() {
    return this.#confirmed ? this.#channels : null;
  }

  /** The signing key of the other's session, once they have proved it; it holds for as long as the person is there. */
  get sign() {
    return this.#pinned?.sign ?? null;
  }

  start() {
    this.#enqueue(() => (this.#role === 'J' ? this.#begin() : this.#armDeadline()));
  }

  /** The person wants it once more. */
  retry() {
    this.#enqueue(() => {
      if (this.#state !== 'failed')
        return undefined;
      this.#final = false;
      this.#tries = 0;
      this.#needNew = true;
      this.#setState('connecting');
      return this.#begin();
    });
  }

  /** The other has shown to have this generation of the room's secret. @param {number} generation */
  showed(generation) {
    this.#generations.shown = generation;
  }

  /** The room has another secret. What is connected goes on; what is not begins anew, with what the other may have. */
  rotated() {
    this.#stale = !this.#concluded; // also where a connection of before is confirmed
    this.#enqueue(() => (this.#stale && this.#handshake ? this.#tryAgain('link-mac') : undefined));
  }

  /** What was said does not hold: ends the pair. @param {LinkError} error */
  refuse(error) {
    this.#enqueue(() => this.#fail(error));
  }

  /** @param {Bytes | null} data what the relay brought from this person */
  receive(data) {
    if (this.#queued > MAX_QUEUE)
      this.#fail(new LinkError('link-malformed'));
    else
      this.#enqueue(() => this.#onMessage(data));
  }

  /** The socket was lost, or the relay did not pass something on. */
  interrupted() {
    this.#broken = true;
  }

  /** The socket is back, with whatever was on its way lost. */
  resumed() {
    this.#broken = true;
    this.#enqueue(() => this.#restartIfNeeded());
  }

  /** @param {boolean} away */
  setAway(away) {
    const returned = this.#away && !away;
    this.#away = away;
    if (away)
      this.interrupted();
    if (returned)
      this.resumed();
  }

  /** Both have their seats anew, under the same ids, and what was confirmed holds. @param {Role} role from now on */
  reseat(role) {
    this.interrupted();
    this.#enqueue(() => {
      this.#role = role;
    });
  }

  /** This machine has another network: look for new ways, even if the old one still works. */
  networkChanged() {
    this.#enqueue(() => {
      this.#tries = 0;
      return this.#state === 'failed' ? undefined : this.#begin();
    });
  }

  /** @param {Tracks} tracks what is sent */
  setTracks(tracks) {
    this.#tracks = tracks;
    this.#enqueue(() => this.transport?.attach(this.#tracks, this.#people));
  }

  /** @param {number} people in the meeting */
  setPeople(people) {
    if (people === this.#people)
      return;
    this.#people = people;
    this.#enqueue(() => this.transport?.limit(this.#people));
  }

  close() {
    this.#closed = true;
    this.#state = 'failed';
    this.#dropAll();
  }

  // ---- attempts

  /** J begins an attempt, P asks for one. */
  async #begin() {
    this.#clearTimers();
    if (this.#away)
      return;
    if (this.#role === 'P') {
      this.#armDeadline();
      this.#options.relay(composeMessage(Kind.RESTART, this.#attempt, this.#needNew || !this.transport ? NEW_CONNECTION : 0));
      return;
    }
    await this.#newHandshake(this.#attempt + 1);
    this.#send(await this.#current().start());
  }

  /** @param {number} attempt */
  async #newHandshake(attempt) {
    const { room, id, fingerprint, sign, key } = this.#identity;
    this.#stale = false;
    this.#concluded = false;
    const { first, others } = await this.#secrets();
    if (this.#state === 'failed')
      throw new LinkError('link-order'); // meanwhile
    const { secret, kAuth } = first;
    this.#attempted = first.generation;
    this.#attempt = attempt;
    this.#begun = performance.now();
    this.#broken = false;
    this.#described = false;
    this.#exchanged = false;
    this.#peerConfirmed = false;
    this.#handshake = new Handshake({
      role: this.#role, attempt, room, secret, kAuth, others, self: { id, fingerprint, sign, key }, peer: this.id,
    });
    this.#armDeadline();
  }

  /**
   * With whom nothing was confirmed yet only the room's present secret counts. Of others the certificate is known, and they may not have the present one yet, if
   * it is for them: J takes what P has shown to have, P any that the pair has had.
   */
  async #secrets() {
    const { room, secret, kAuth, generation = 0, before = [] } = this.#identity;
    const present = { secret, kAuth, generation };
    if (!this.#pinned || before.length === 0)
      return { first: present, others: [] };
    const member = toBase64url(await memberOf(room, this.#pinned.sign));
    const theirs = before.filter((_, i) => before.slice(i).every(({ members }) => members.includes(member)));
    if (this.#role === 'J')
      return { first: theirs.find(one => one.generation === this.#generations.shown) ?? present, others: [] };
    return { first: present, others: theirs.filter(one => one.generation >= this.#generations.first) };
  }

  #current() {
    if (!this.#handshake)
      throw new LinkError('link-order');
    return this.#handshake;
  }

  /** @param {Bytes | null} data */
  async #onMessage(data) {
    const { kind, attempt, body } = parseMessage(data);
    if (kind === Kind.RESTART) {
      this.#onRestartRequest(attempt, body);
      return;
    }
    if (kind === Kind.COMMIT) {
      if (this.#role !== 'P' || attempt <= this.#attempt || this.#final)
        return;
      this.#clearTimers();
      if (this.#state === 'failed')
        this.#setState('connecting');
      await this.#newHandshake(attempt);
    }
    if (attempt !== this.#attempt || this.#broken || !this.#handshake)
      return;
    if (kind === Kind.FAILED)
      this.#fail(new LinkError(TOLD.find(id => equal(body, utf8(id))) ?? 'link-peer'), false);
    else if (kind === Kind.SEALED)
      await this.#onSealed(body);
    else
      await this.#onHandshake(kind, body);
  }

  /** @param {number} kind @param {Bytes} body */
  async #onHandshake(kind, body) {
    const handshake = this.#current();
    const reply = await handshake.receive(kind, body);
    if (reply)
      this.#send(reply);
    if (!handshake.established)
      return;
    this.#checkPinned(handshake.peer);
    if (this.#role === 'J')
      await this.#offer();
  }

  /** One person has one certificate and one signing key. @param {Reveal} reveal */
  #checkPinned({ fingerprint, sign }) {
    if (this.#pinned && !(equal(fingerprint, this.#pinned.fingerprint) && equal(sign, this.#pinned.sign)))
      throw new LinkError('link-fingerprint');
  }

  /** @param {number} seen the last attempt that P knows @param {Bytes} body */
  #onRestartRequest(seen, body) {
    if (this.#role !== 'J' || this.#final || body.length !== 1)
      return;
    this.#attempt = Math.max(this.#attempt, Math.min(seen, MAX_SEEN)); // P may have been J before
    if (body[0] === NEW_CONNECTION)
      this.#needNew = true;
    if (this.#state === 'failed')
      this.#setState('connecting');
    const wait = Math.max(0, this.#begun + RESTART_INTERVAL - performance.now());
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.#enqueue(() => {
      const answered = seen < this.#attempt && this.#settled;
      return answered ? undefined : this.#begin();
    }), wait);
  }

  // ---- session descriptions and candidates

  async #offer() {
    const confirmed = this.transport;
    if (confirmed && !this.#needNew && confirmed.state !== 'closed') {
      await this.#seal(Sealed.RESTART_OFFER, await confirmed.restartOffer(this.#options.ice()));
    } else {
      const transport = this.#newTransport();
      await this.#seal(Sealed.OFFER, await transport.offer());
    }
    this.#described = true;
  }

  /** @param {Bytes} body */
  async #onSealed(body) {
    const handshake = this.#current();
    const { type, plaintext } = await handshake.open(body);
    const text = decode(plaintext);
    if (type === Sealed.CANDIDATE)
      await this.#onCandidate(text);
    else if (type === Sealed.ANSWER && this.#role === 'J' && this.#described && !this.#exchanged)
      await this.#onAnswer(text);
    else if ((type === Sealed.OFFER || type === Sealed.RESTART_OFFER) && this.#role === 'P' && !this.#described)
      await this.#onOffer(text, type === Sealed.RESTART_OFFER);
    else
      throw new LinkError('link-order');
  }

  /** @param {string} sdp @param {boolean} restart */
  async #onOffer(sdp, restart) {
    if (restart && !this.transport) {
      this.#needNew = true;
      await this.#begin();
      return;
    }
    const transport = restart && this.#transport ? this.#transport : this.#newTransport();
    const answer = await transport.answer(sdp, this.#current().peer.fingerprint, this.#options.ice());
    await this.#seal(Sealed.ANSWER, answer);
    this.#described = true;
    await this.#onExchanged();
  }

  /** @param {string} sdp */
  async #onAnswer(sdp) {
    if (!this.#transport)
      throw new LinkError('link-order');
    await this.#transport.acceptAnswer(sdp, this.#current().peer.fingerprint);
    await this.#onExchanged();
  }

  /** @param {string} text JSON of an RTCIceCandidateInit */
  async #onCandidate(text) {
    const init = text.length <= MAX_CANDIDATE ? parseCandidate(text) : null;
    if (!init || !this.#described)
      throw new LinkError('link-malformed');
    await this.#transport?.addCandidate(init);
  }

  /** @param {number} type @param {string} text */
  async #seal(type, text) {
    this.#send(await this.#current().seal(type, utf8(text)));
  }

  #newTransport() {
    this.#dropTransport();
    this.#peerConfirmed = false; // what came over the one before says nothing of this one
    const { certificate, data } = this.#identity;
    const transport = new Transport({ certificate, ice: this.#options.ice(), channels: data ? CHANNELS : [] });
    const on = (/** @type {string} */ type, /** @type {(detail: any) => unknown} */ task) => {
      transport.addEventListener(type, event => this.#enqueue(() => {
        if (transport === this.#transport)
          return task(/** @type {CustomEvent} */ (event).detail);
        return undefined;
      }));
    };
    on('candidate', candidate => {
      if (this.#described && !this.#broken)
        return this.#seal(Sealed.CANDIDATE, JSON.stringify(candidate));
      return undefined;
    });
    on('open', () => this.#sendConfirmation());
    on('message', message => this.#onChannelMessage(message));
    on('state', () => this.#onTransportState());
    this.#transport = transport;
    this.#talk = this.#newTalk(transport);
    this.#needNew = false;
    if (data)
      this.#channels = this.#sealChannels(transport, this.#current());
    return transport;
  }

  /** It waits for the confirmation. @param {Transport} transport */
  #newTalk(transport) {
    const talk = new PairTalk(transport, this.#current());
    talk.addEventListener('close', event => {
      const { detail } = /** @type {CustomEvent} */ (event);
      if (detail && talk === this.#talk)
        this.refuse(detail);
    });
    return talk;
  }

  /** They hear nothing before the peer is confirmed. @param {Transport} transport @param {Handshake} handshake that it is made in @returns {Channels} */
  #sealChannels(transport, handshake) {
    const confirmed = new Promise(resolve => {
      this.#openChannels = () => resolve(undefined);
    });
    const [model, files] = [Channel.MODEL, Channel.FILES].map(id => {
      const channel = new SealedChannel(transport.channel(id), confirmed.then(() => handshake.channelKeys(id)), id === Channel.FILES ? LONG_RECORD : RECORD);
      channel.addEventListener('close', event => this.#enqueue(() => {
        const { detail } = /** @type {CustomEvent} */ (event);
        if (detail && transport === this.#transport)
          throw detail;
      }));
      return channel;
    });
    return { model, files };
  }

  // ---- confirmation

  /** Both descriptions of this attempt are in place. */
  async #onExchanged() {
    this.#exchanged = true;
    await this.#sendConfirmation();
    this.#settleIfDone();
  }

  async #sendConfirmation() {
    if (this.#exchanged && this.#transport?.open)
      this.#transport.send(concat(CHANNEL_CONFIRM, u32(this.#attempt), await this.#current().confirmation()));
  }

  /** @param {Bytes} message */
  async #onChannelMessage(message) {
    if (message[0] === CHANNEL_SEALED)
      this.#talk?.receive(message.slice(1));
    if (message[0] !== CHANNEL_CONFIRM || message.length < 5)
      return;
    const attempt = new DataView(message.buffer, message.byteOffset).getUint32(1);
    if (attempt !== this.#attempt || !this.#handshake?.established)
      return;
    await this.#handshake.checkConfirmation(message.slice(5));
    this.#peerConfirmed = true;
    this.#settleIfDone();
  }

  #settleIfDone() {
    if (this.#stale || !this.#peerConfirmed || !this.#exchanged || !this.#handshake || this.#transport?.state !== 'connected')
      return;
    const first = !this.#confirmed;
    this.#confirmed = true;
    this.#concluded = true;
    this.#talk?.confirm();
    this.#openChannels();
    if (!this.#pinned)
      this.#generations = { first: this.#attempted, shown: this.#attempted };
    this.#pinned = this.#handshake.peer;
    this.#tries = 0;
    this.#clearTimers();
    this.#enqueue(() => this.transport?.attach(this.#tracks, this.#people));
    this.#setState('verified');
    if (first)
      this.dispatchEvent(new Event('tracks'));
  }

  get #settled() {
    return this.#state === 'verified' && this.#transport?.state === 'connected';
  }

  // ---- what goes wrong

  #onTransportState() {
    const state = this.#transport?.state;
    if (state === 'connected') {
      clearTimeout(this.#lostTimer);
      this.#lostTimer = null;
      this.#settleIfDone();
    } else if (state === 'disconnected' && this.transport) {
      this.#armLostTimer(DISCONNECTED[this.#role]);
    } else if (state === 'failed' || state === 'closed') {
      this.#armLostTimer(GONE[this.#role]);
    }
  }

  /** @param {number} ms */
  #armLostTimer(ms) {
    clearTimeout(this.#lostTimer);
    this.#lostTimer = setTimeout(() => this.#enqueue(() => this.#onLost()), ms);
  }

  /** The connection does not carry any more; one that was never confirmed is given up. */
  #onLost() {
    if (this.#state === 'failed' || this.#transport?.state === 'connected')
      return undefined;
    if (!this.transport)
      return this.#tryAgain('link-timeout');
    if (this.#transport?.state === 'closed')
      this.#needNew = true;
    this.#setState('reconnecting');
    return this.#begin();
  }

  #restartIfNeeded() {
    this.#tries = 0;
    return this.#settled || this.#state === 'failed' ? undefined : this.#begin();
  }

  #armDeadline() {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#enqueue(() => this.#onDeadline()), DEADLINE[this.#role]);
  }

  #onDeadline() {
    if (this.#state === 'failed')
      return;
    if (this.transport && this.#transport?.state === 'connected') {
      this.#broken = true;
      this.#setState('verified');
      return;
    }
    this.#tryAgain('link-timeout');
  }

  /** Another attempt, a little later each time, until it is enough. @param {LinkReason} reason */
  #tryAgain(reason) {
    this.#clearTimers();
    this.#broken = true;
    if (this.#away || !this.#options.live())
      return; // `resumed` goes on from here
    if (++this.#tries > MAX_TRIES) {
      this.#fail(new LinkError(reason));
      return;
    }
    if (!this.transport)
      this.#dropTransport();
    this.#retryTimer = setTimeout(() => this.#enqueue(() => this.#begin()), BACKOFF * 2 ** (this.#tries - 1));
  }

  /** Ends the pair. @param {LinkError} error @param {boolean} [tell] the other does not know yet */
  #fail(error, tell = true) {
    if (this.#state === 'failed')
      return;
    const { id } = error;
    if (tell && this.#attempt > 0)
      this.#options.relay(composeMessage(Kind.FAILED, this.#attempt, utf8(id)));
    this.#final = tell && id !== 'link-timeout';
    this.#dropAll();
    this.#setState('failed', id);
  }

  // ---- small things

  /** Runs a task after those before it; what it throws ends the pair. @param {() => unknown} task */
  #enqueue(task) {
    this.#queued++;
    this.#queue = this.#queue.then(() => (this.#closed ? undefined : task())).then(() => {}, error => this.#onError(error)).finally(() => {
      this.#queued--;
      if (this.#closed)
        this.#dropAll(); // what a task made that was under way meanwhile
    });
  }

  /** One of both may not have the room's new secret yet. */
  get #rotating() {
    const { generation = 0, rotated = -Infinity } = this.#identity;
    return this.#attempted !== generation || performance.now() - rotated < ROTATING;
  }

  /** A rule that was broken ends the pair; a browser's refusal is worth another attempt. @param {unknown} error */
  #onError(error) {
    if (error instanceof LinkError && error.id === 'link-mac' && this.#rotating) {
      this.#tryAgain('link-mac');
    } else if (error instanceof LinkError) {
      this.#fail(error);
    } else if (this.#state !== 'failed') {
      this.#needNew = true;
      this.#tryAgain('link-unsupported');
    }
  }

  /** A message of this attempt; none follows one that was lost. @param {Bytes} data */
  #send(data) {
    if (!this.#broken && !this.#options.relay(data))
      this.#broken = true;
  }

  /** @param {LinkState} state @param {LinkReason | null} [reason] */
  #setState(state, reason = null) {
    if (state === this.#state && reason === this.#reason)
      return;
    this.#state = state;
    this.#reason = reason;
    this.dispatchEvent(new Event('state'));
  }

  #dropAll() {
    this.#clearTimers();
    this.#handshake = null;
    this.#broken = true;
    this.#dropTransport();
  }

  #dropTransport() {
    const shown = this.transport !== null;
    this.#talk?.close();
    this.#talk = null;
    this.#channels?.model.close();
    this.#channels?.files.close();
    this.#channels = null;
    this.#transport?.close();
    this.#transport = null;
    this.#confirmed = false;
    if (shown)
      this.dispatchEvent(new Event('tracks'));
  }

  #clearTimers() {
    for (const timer of [this.#deadline, this.#lostTimer, this.#retryTimer])
      clearTimeout(timer);
  }
}

/** @param {Bytes} plaintext @returns {string} */
function decode(plaintext) {
  try {
    return fromUtf8(plaintext);
  } catch (error) {
    throw new LinkError('link-malformed', error);
  }
}

/** @param {string} text @returns {RTCIceCandidateInit | null} */
function parseCandidate(text) {
  try {
    const { candidate, sdpMid, sdpMLineIndex, usernameFragment } = JSON.parse(text);
    return typeof candidate === 'string' ? { candidate, sdpMid, sdpMLineIndex, usernameFragment } : null;
  } catch {
    return null;
  }
}
