// One person of the meeting as the page sees them. Filled by `meeting.js`; the page only reads.

import { t } from './i18n.js';

/**
 * @typedef {object} PersonInfo a person of PROTOCOL.md, section 4.3
 * @property {string} id
 * @property {string} name
 * @property {boolean} host hosts and co-hosts
 * @property {'viewer' | 'person' | 'cohost' | 'host'} role
 * @property {boolean} mic
 * @property {boolean} camera
 * @property {boolean} screen
 * @property {boolean} away
 * @property {number} [hand] when it was raised, ms since 1970; 0: down
 * @property {boolean} [stream] comes without a browser: what a host turns off, only a host turns on
 * @property {boolean} [phone] calls by phone: has no page, and no picture
 * @property {boolean} [stage] may send; left out in a P2P room, where everybody may
 * @property {boolean} [unrecorded] a recording runs, and they are not in it
 */

/** `verified` between two browsers, `connected` through the server. @typedef {'connecting' | 'verified' | 'connected' | 'reconnecting' | 'failed'} LinkState */
/** `paused`: the connection is too slow for it; `no-codec`: this browser cannot show it. @typedef {'live' | 'paused' | 'no-codec'} Picture */
/** @typedef {'good' | 'fair' | 'poor'} Quality */

/**
 * Null where it is not known.
 * @typedef {object} Stats
 * @property {number | null} rtt in ms
 * @property {number | null} loss 0…1, the worse of both directions
 * @property {number | null} outgoing what the network would take, bit/s
 * @property {number | null} incoming what comes, bit/s
 * @property {number | null} width of the video that comes, pixels
 * @property {number | null} height
 * @property {number | null} fps
 */

/** As the server calls who has a number, or none. */
const CALLER = /^Phone(?: (…\d+))?$/;

/** In the language of the page; who was given a name has that one. @param {string} name of who calls */
export function callerName(name) {
  const [found, digits] = CALLER.exec(name) ?? [];
  if (found === undefined)
    return name;
  return digits ? t("Phone {digits}", { digits }) : t("Phone");
}

export class Person {
  #name = '';

  /** @param {PersonInfo} info @param {boolean} self */
  constructor(info, self) {
    this.id = info.id;
    this.self = self;
    this.phone = info.phone ?? false;
    this.name = info.name;
    /** Hosts and co-hosts. */
    this.host = info.host;
    this.role = info.role;
    /** What they say they send. */
    this.mic = info.mic;
    this.camera = info.camera;
    this.screen = info.screen;
    /** Their socket is lost; the seat is kept. */
    this.away = info.away;
    /** When they raised their hand, ms since 1970; 0: it is down. */
    this.hand = info.hand ?? 0;
    /** Whether they may send, so whether they have a tile. */
    this.stage = info.stage ?? true;
    this.stream = info.stream ?? false;
    /** A recording runs, and they are not in it. */
    this.unrecorded = info.unrecorded ?? false;
    /** @type {LinkState} */
    this.link = self ? 'verified' : 'connecting';
    /** They were verified by voice: people have compared the code with the browser that is this person's now. */
    this.voice = false;
    /** Why the link failed; for `errorText`. @type {string | null} */
    this.linkReason = null;
    /** The streams stay the same objects; tracks come and go in them. */
    this.streams = { main: new MediaStream(), screen: new MediaStream() };
    /** What comes of their camera and screen; null: not asked for, or still on its way. @type {{ main: Picture | null, screen: Picture | null }} */
    this.pictures = { main: 'live', screen: 'live' };
    /** 0…1, moves often. */
    this.level = 0;
    this.speaking = false;
    /** @type {Quality | null} */
    this.quality = null;
    /** @type {Stats | null} */
    this.stats = null;
  }

  get name() {
    return this.phone ? callerName(this.#name) : this.#name;
  }

  set name(name) {
    this.#name = name;
  }

  /** @param {PersonInfo} info all members anew */
  update(info) {
    this.name = info.name;
    this.host = info.host;
    this.role = info.role;
    this.mic = info.mic;
    this.camera = info.camera;
    this.screen = info.screen;
    this.away = info.away;
    this.hand = info.hand ?? 0;
    this.stage = info.stage ?? true;
    this.unrecorded = info.unrecorded ?? false;
  }

  /** Takes those out of a stream that are not among them. @param {'main' | 'screen'} name of the stream @param {(MediaStreamTrack | null)[]} tracks */
  setTracks(name, tracks) {
    const stream = this.streams[name];
    for (const track of stream.getTracks()) {
      if (!tracks.includes(track))
        stream.removeTrack(track);
    }
    for (const track of tracks) {
      if (track)
        stream.addTrack(track);
    }
  }
}
