// What the server does elsewhere, done among the browsers of an Off-the-record meeting (LINK-1.md, section 11): names, hands, what each sends,
// private messages, reactions and hosts' orders go over the channels of confirmed pairs, beside the shared model. Requests come here in place of the
// server, but for those that `isForServer` names; what the others say is handed on as messages of PROTOCOL.md. Knows no connection but by its channels.

import { parseObject, toIdPart, utf8 } from './bytes.js';
import { ConclaveError } from './errors.js';
import { t } from './i18n.js';
import { KeptLinks } from './kept-links.js';
import { kindOf } from './kinds.js';
import { PeerDocuments } from './peer-documents.js';
import { PeersCarrier } from './peers-carrier.js';
import { REACTIONS, ReactionPace } from './reactions.js';
import { MAX_MESSAGE, characters, cleanMessage, cleanName, cleanTitle } from './text.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {import('./connection.js').Message} Message */
/** @typedef {import('./peer.js').Channels} Channels */
/** @typedef {import('./person.js').PersonInfo} PersonInfo */
/** What everybody says of themselves. @typedef {{ name: string, title: string, mic: boolean, camera: boolean, screen: boolean, hand: number }} Presence */
/** @typedef {{ id: string, author: string, channels: Channels, presence: Presence | null, names: Set<unknown>, pace: ReactionPace }} Guest */

/** Types of messages on channel `model`, besides the carrier's. */
const Said = Object.freeze({ PRESENCE: 16, WHISPER: 17, REACT: 18, ORDER: 19 });
/** All that the server is asked: how they reach each other, the door, the end, who helps at it. Whatever else one does is said to the others, or to nobody, also where the server offers to take it. */
const SERVER_HEARS = new Set(['turn', 'receipt', 'leave', 'end', 'lobby', 'lock', 'admit', 'deny', 'remove', 'role']);
/** What of it everybody may, and hosts. @type {readonly string[]} */
const EVERYBODY = ['hand', 'react', 'rename', 'change', 'poll-vote', 'whisper'];
const HOSTS = ['stop', 'mute-all', 'spotlight', 'request'];
const PARTS = ['microphone', 'camera', 'screen'];
/** All that the server says: who is in and how they reach each other, the door, the end. Whatever else comes from it nobody has said. */
const SERVER_SAYS = new Set(['person-joined', 'person-changed', 'person-left', 'relay', 'relay-failed', 'floor', 'knocks', 'role', 'removed', 'ended']);
const MAX_ORDER = 2_731; // base64url of 2 KiB
const MAX_NAMES = 20;

/** Who a session is in all that is shared: 96 bits of its key's X coordinate, in 16 characters, none of them '-'. @param {Bytes} sign the public point, 65 bytes */
export const authorOf = sign => toIdPart(sign.slice(1, 13));

/** Whether the server is asked, off the record. @param {string} type of a request */
export const isForServer = type => SERVER_HEARS.has(type);

/** Whether the server is listened to, off the record. @param {Message} message of its own accord */
export const isServers = ({ type }) => SERVER_SAYS.has(type);

/** What it says of a new seat there, and no more. @param {Message} joined @returns {Message} */
export const seatOf = ({ type, self, room, meeting, people, host, role, may, floor, ice, now }) => ({ type, self, room, meeting, people, host, role, may, floor, ice, now });

export class Gathering {
  carrier = new PeersCarrier();
  documents = new PeerDocuments();
  /** What the meeting is called; '' where nobody has said it yet. */ title = '';
  #options;
  /** @type {Map<string, Guest>} */ #guests = new Map();
  /** What the server last said of them. @type {Map<string, PersonInfo>} */ #infos = new Map();
  /** @type {Presence} */ #own = { name: '', title: '', mic: false, camera: false, screen: false, hand: 0 };
  #self = '';
  #author = '';

  /**
   * @param {object} options
   * @param {(message: Message) => void} options.receive what is said, as the server would
   * @param {(title: string) => void} options.entitled somebody has said what the meeting is called
   * @param {() => number} options.now ms since 1970
   */
  constructor(options) {
    this.#options = options;
  }

  /**
   * A seat is taken.
   * @param {{ self: string, author: string, again: boolean, name: string, title: string, state: { mic: boolean, camera: boolean, screen: boolean } }} seat again: the session was here before
   */
  begin({ self, author, again, name, title, state }) {
    this.#self = self;
    this.#author = author;
    this.title ||= title;
    this.#own = { ...this.#own, ...state, name, title: this.title };
    this.#infos.clear();
    this.#guests.clear();
    this.carrier.begin(author, again);
  }

  end() {
    this.carrier.end();
    this.#guests.clear();
    this.#infos.clear();
    this.title = '';
    this.#own = { ...this.#own, hand: 0 };
  }

  /** What may be asked of the others, besides what the server takes. @param {boolean} leads */
  may(leads) {
    return leads ? [...EVERYBODY, ...HOSTS] : EVERYBODY;
  }

  /** What the server says of somebody, and what they say themselves. @param {PersonInfo} info @returns {PersonInfo} */
  complete(info) {
    this.#infos.set(info.id, info);
    const presence = info.id === this.#self ? this.#own : this.#guests.get(info.id)?.presence;
    const { name, mic, camera, screen, hand } = presence ?? { name: '', mic: false, camera: false, screen: false, hand: 0 };
    return { ...info, name, mic, camera, screen, hand };
  }

  /** The id that an author has now, where they are here. @param {string} author */
  idOf(author) {
    return author === this.#author ? this.#self : [...this.#guests.values()].find(guest => guest.author === author)?.id ?? null;
  }

  // ---- the others

  /** A pair was confirmed, or is gone. @param {string} id @param {Channels | null} channels @param {Bytes | null} sign of their session */
  link(id, channels, sign) {
    if (this.#guests.get(id)?.channels === channels)
      return;
    this.#guests.delete(id);
    this.carrier.leave(id);
    this.documents.link(id, channels?.files ?? null);
    if (!channels || !sign)
      return;
    const { model } = channels;
    /** @type {Guest} */ const guest = { id, author: authorOf(sign), channels, presence: null, names: new Set(), pace: new ReactionPace() };
    this.#guests.set(id, guest);
    model.addEventListener('message', event => {
      const { type, bytes } = /** @type {CustomEvent} */ (event).detail;
      if (this.#guests.get(id) === guest)
        this.#onMessage(guest, type, bytes);
    });
    this.#say(guest, Said.PRESENCE, this.#own);
    this.carrier.join({ id, author: guest.author, isNamed: name => guest.names.has(name), send: (type, bytes) => model.send(type, bytes) });
  }

  /** @param {Guest} guest @param {number} type @param {Bytes} bytes */
  #onMessage(guest, type, bytes) {
    if (type < Said.PRESENCE) {
      this.carrier.receive(guest.id, type, bytes);
      return;
    }
    const said = parseObject(bytes);
    if (!said)
      return;
    switch (type) {
      case Said.PRESENCE: this.#onPresence(guest, said); break;
      case Said.WHISPER: this.#onWhisper(guest, said); break;
      case Said.REACT: this.#onReact(guest, said); break;
      case Said.ORDER: this.#onOrder(guest, said); break;
      default: break;
    }
  }

  /** @param {Guest} guest @param {any} said */
  #onPresence(guest, { name, title, mic, camera, screen, hand }) {
    const clean = typeof name === 'string' ? cleanName(name) : '';
    if (!clean || guest.names.size > MAX_NAMES)
      return;
    guest.names.add(clean);
    guest.presence = { name: clean, title: '', mic: mic === true, camera: camera === true, screen: screen === true, hand: Number.isSafeInteger(hand) && hand > 0 ? hand : 0 };
    const info = this.#infos.get(guest.id);
    if (info)
      this.#options.receive({ type: 'person-changed', person: info });
    if (!this.title && typeof title === 'string' && cleanTitle(title)) {
      this.title = cleanTitle(title);
      this.#own.title = this.title;
      this.#options.entitled(this.title);
    }
  }

  /** @param {Guest} guest @param {any} said */
  #onWhisper({ id, presence }, { text }) {
    const clean = typeof text === 'string' ? cleanMessage(text) : '';
    if (clean && characters(clean) <= MAX_MESSAGE)
      this.#options.receive({ type: 'whisper', from: id, name: presence?.name ?? '', to: this.#self, text: clean, at: this.#options.now() });
  }

  /** @param {Guest} guest @param {any} said */
  #onReact({ id, pace }, { what }) {
    if (REACTIONS.includes(what) && pace.take(this.#options.now()))
      this.#showReaction(id, what);
  }

  /** @param {string} person @param {import('./reactions.js').Reaction} what */
  #showReaction(person, what) {
    this.#options.receive({ type: 'reactions', counts: { [what]: 1 }, people: [{ person, what }] });
  }

  /** Whether it holds, the orders' book knows. @param {Guest} guest @param {any} said */
  #onOrder({ id: by }, { type, what, person, order }) {
    if (typeof order !== 'string' || order.length > MAX_ORDER)
      return;
    if (type === 'stopped' && PARTS.includes(what))
      this.#options.receive({ type, what, by, order });
    else if (type === 'requested' && PARTS.includes(what) && what !== 'screen')
      this.#options.receive({ type, what, by, order });
    else if (type === 'spotlight' && (person === null || typeof person === 'string'))
      this.#options.receive({ type, person, order });
  }

  // ---- oneself

  /** As the server would answer. @param {string} type @param {any} members @returns {Promise<Message>} */
  async request(type, members = {}) {
    switch (type) {
      case 'state': this.#tell({ mic: members.mic, camera: members.camera, screen: members.screen }); break;
      case 'hand': this.#tell({ hand: members.up ? this.#options.now() : 0 }); break;
      case 'rename': this.#rename(members); break;
      case 'react': this.#all(Said.REACT, { what: members.what }); this.#showReaction(this.#self, members.what); break;
      case 'whisper': await this.#whisper(members); break;
      case 'stop': this.#one(members.person, Said.ORDER, { type: 'stopped', what: members.what, order: members.order }); break;
      case 'request': this.#one(members.person, Said.ORDER, { type: 'requested', what: members.what, order: members.order }); break;
      case 'mute-all': this.#all(Said.ORDER, { type: 'stopped', what: 'microphone', order: members.order }); break;
      case 'spotlight': this.#spotlight(members); break;
      default: throw new ConclaveError('not-allowed');
    }
    return { type: 'ok' };
  }

  /** @param {Partial<Presence>} changed */
  #tell(changed) {
    this.#own = { ...this.#own, ...changed };
    this.#all(Said.PRESENCE, this.#own);
  }

  /** People say themselves what they are called. @param {{ name: string, person?: string }} members */
  #rename({ name, person = this.#self }) {
    if (person !== this.#self)
      throw new ConclaveError('not-allowed');
    this.#tell({ name });
  }

  /** @param {{ to: string, text: string }} members */
  async #whisper({ to, text }) {
    const guest = this.#guests.get(to);
    if (!guest || !await guest.channels.model.send(Said.WHISPER, utf8(JSON.stringify({ text }))))
      throw new ConclaveError('not-found');
    this.#options.receive({ type: 'whisper', from: this.#self, name: this.#own.name, to, text, at: this.#options.now() });
  }

  /** @param {{ person: string | null, order: string }} members */
  #spotlight({ person, order }) {
    this.#all(Said.ORDER, { type: 'spotlight', person, order });
    this.#options.receive({ type: 'spotlight', person, order });
  }

  /** @param {string} id @param {number} type @param {object} said */
  #one(id, type, said) {
    const guest = this.#guests.get(id);
    if (!guest)
      throw new ConclaveError('not-found');
    this.#say(guest, type, said);
  }

  /** @param {number} type @param {object} said */
  #all(type, said) {
    for (const guest of this.#guests.values())
      this.#say(guest, type, said);
  }

  /** @param {Guest} guest @param {number} type @param {object} said */
  #say({ channels: { model } }, type, said) {
    void model.send(type, utf8(JSON.stringify(said)));
  }
}

/**
 * What it is called only its people know, where the server keeps nothing.
 * @template {{ id: string, kind: string, title: string }} R @param {R} room @param {Gathering | null} gathering once there is one @returns {R}
 */
export function titled(room, gathering) {
  if (!kindOf(room.kind).peers)
    return room;
  return { ...room, title: gathering?.title || new KeptLinks().titleOf(room.id) || t("Off the record") };
}
