// The pairs of one seat: a `Peer` for each other person, what they say of their links, and the clocks of levels and quality.
// It fills what the page reads in each `Person`. A new seat has a new mesh.

import { fromBase64url } from './bytes.js';
import { Meter, perceived } from './meter.js';
import { Peer } from './peer.js';
import { judge, summarize } from './quality.js';
import { Speakers } from './speakers.js';
import { Verification } from './verification.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {import('./peer.js').Identity} Identity */
/** @typedef {import('./person.js').Person} Person */
/** @typedef {import('./transport.js').Ice} Ice */
/** @typedef {import('./transport.js').Tracks} Tracks */
/** @typedef {{ person: Person, peer: Peer, sums: import('./quality.js').Sums | null }} Pair */

const LEVELS_EVERY = 125;
const STATS_EVERY = 2_000;

export class Mesh {
  #options;
  /** @type {Map<string, Pair>} */ #pairs = new Map();
  /** @type {Meter | null} */ #meter = null;
  /** @type {Tracks} */ #tracks;
  #people = 1;
  #levelsTimer;
  #statsTimer;
  speakers = new Speakers();

  /**
   * @param {object} options
   * @param {Identity} options.identity
   * @param {(to: string, data: Bytes) => boolean} options.relay
   * @param {() => boolean} options.live
   * @param {Tracks} options.tracks
   * @param {Ice} options.ice
   * @param {Person} options.self
   * @param {import('./verification.js').Marks} options.marks
   * @param {import('./rotation.js').Rotation | null} [options.rotation] another secret of the link
   * @param {(type: string, detail?: any) => void} options.emit `person`, `speaking`, `levels`, `verification`, `differs`
   * @param {(id: string, channels: import('./peer.js').Channels | null, sign: Bytes | null) => void} [options.linked] a pair was confirmed, or is gone
   */
  constructor(options) {
    this.#options = options;
    this.#tracks = options.tracks;
    /** For connections and restarts from now on. @type {Ice} */
    this.ice = options.ice;
    this.open = true;
    const { identity: { room, id }, marks, rotation } = options;
    const differs = (/** @type {string} */ person) => options.emit('differs', { person: this.#pairs.get(person)?.person ?? null });
    this.verification = new Verification({ room, self: id, marks, rotation, differs, changed: () => this.#onVerification() });
    if (rotation)
      rotation.shown = (person, generation) => this.#pairs.get(person)?.peer.showed(generation);
    this.speakers.add(options.self.id, false);
    this.#meterOwn();
    this.#levelsTimer = setInterval(() => this.#updateLevels(), LEVELS_EVERY);
    this.#statsTimer = setInterval(() => void this.#updateStats(), STATS_EVERY);
  }

  /** There is never a second pair with somebody: the first would live on where nobody can close it. @param {Person} person @param {'J' | 'P'} role own role in this pair */
  add(person, role) {
    const { identity, relay, live } = this.#options;
    if (this.#pairs.has(person.id) || person.id === identity.id)
      return;
    const peer = new Peer({
      role, id: person.id, identity, relay: data => relay(person.id, data), live, ice: () => this.ice, tracks: this.#tracks,
    });
    const pair = { person, peer, sums: null };
    peer.addEventListener('state', () => this.#onState(pair));
    peer.addEventListener('tracks', () => this.#onTracks(pair));
    this.#pairs.set(person.id, pair);
    this.speakers.add(person.id);
    peer.setPeople(this.#people);
    peer.setAway(person.away);
    peer.start();
  }

  /** Somebody has their seat again after the server was started anew, and so has this side. @param {Person} person @param {'J' | 'P'} role */
  reseat(person, role) {
    this.#pairs.get(person.id)?.peer.reseat(role);
    this.update(person);
  }

  /** @param {string} id */
  remove(id) {
    const pair = this.#pairs.get(id);
    if (!pair)
      return;
    this.#pairs.delete(id);
    this.speakers.remove(id);
    pair.peer.close();
    this.verification.set(id, null);
    this.#options.rotation?.forget(id);
    this.#options.emit('speaking');
  }

  /** The key of somebody's session, which they have proved to hold. @param {string} id @returns {Bytes | null} */
  signOf(id) {
    return this.#pairs.get(id)?.peer.sign ?? null;
  }

  /** Whether they are connected and confirmed just now. @param {string} id */
  isHere(id) {
    return Boolean(this.#pairs.get(id)?.peer.talk);
  }

  /** The room's secret is another one from now on. @param {{ generation: number, secret: Bytes, kAuth: Bytes }} next @param {readonly string[]} members whom it is for */
  rotate({ generation, secret, kAuth }, members) {
    const { identity } = this.#options;
    const before = [...identity.before ?? [], { generation: identity.generation ?? 0, secret: identity.secret, kAuth: identity.kAuth, members }];
    Object.assign(identity, { generation, secret, kAuth, before, rotated: performance.now() });
    this.#each(peer => peer.rotated());
  }

  /** @param {string} from @param {string} data base64url */
  receive(from, data) {
    this.#pairs.get(from)?.peer.receive(fromBase64url(data));
  }

  /** The relay did not pass something on. @param {string} to */
  interrupted(to) {
    this.#pairs.get(to)?.peer.interrupted();
  }

  socketLost() {
    this.#each(peer => peer.interrupted());
  }

  /** @param {boolean} networkChanged */
  socketBack(networkChanged) {
    this.#each(peer => {
      peer.resumed();
      if (networkChanged)
        peer.networkChanged();
    });
  }

  /** @param {Person} person */
  update(person) {
    this.#pairs.get(person.id)?.peer.setAway(person.away);
  }

  /** @param {string} id */
  retry(id) {
    this.#pairs.get(id)?.peer.retry();
  }

  /** @param {Tracks} tracks what is sent */
  setTracks(tracks) {
    const before = this.#tracks.microphone;
    this.#tracks = tracks;
    if (tracks.microphone !== before)
      this.#meterOwn();
    this.#each(peer => peer.setTracks(tracks));
  }

  /** @param {number} people in the meeting */
  setPeople(people) {
    this.#people = people;
    this.#each(peer => peer.setPeople(people));
  }

  close() {
    if (!this.open)
      return;
    this.open = false;
    clearInterval(this.#levelsTimer);
    clearInterval(this.#statsTimer);
    this.#meter?.close();
    this.#meter = null;
    this.verification.close();
    this.#options.rotation?.close();
    for (const { person, peer } of this.#pairs.values()) {
      peer.close();
      person.link = 'reconnecting';
    }
  }

  /** @param {(peer: Peer) => void} action */
  #each(action) {
    for (const { peer } of this.#pairs.values())
      action(peer);
  }

  /** @param {Pair} pair */
  #onState({ person, peer }) {
    person.link = peer.state;
    person.linkReason = peer.reason;
    if (peer.state !== 'verified')
      Object.assign(person, { quality: null, stats: null });
    this.#options.emit('person', { person });
  }

  /** The person's streams hold what a confirmed connection brings, and nothing else. @param {Pair} pair */
  #onTracks({ person, peer }) {
    const { main, screen } = person.streams;
    for (const stream of [main, screen])
      stream.getTracks().forEach(track => stream.removeTrack(track));
    const received = peer.transport?.received;
    if (received) {
      addTracks(main, [received.microphone, received.camera]);
      addTracks(screen, [received.screen, received.screenAudio]);
    }
    this.#talkWith(person.id, peer);
    this.#options.linked?.(person.id, peer.channels, peer.sign);
    this.#options.emit('person', { person });
  }

  /** Confirmed pairs verify each other. @param {string} id @param {Peer} peer */
  #talkWith(id, peer) {
    const { talk, sign } = peer;
    if (talk && sign) {
      talk.addEventListener('message', event => {
        const { type, bytes } = /** @type {CustomEvent} */ (event).detail;
        this.verification.receive(id, type, bytes);
      });
    }
    if (this.open)
      this.verification.set(id, talk && sign && { th: talk.th, sign, send: (type, bytes) => talk.send(type, bytes), refuse: error => peer.refuse(error) });
  }

  #onVerification() {
    for (const { person } of this.#pairs.values())
      person.voice = this.verification.verified(person.id);
    this.#options.emit('verification');
  }

  #meterOwn() {
    this.#meter?.close();
    const { microphone } = this.#tracks;
    this.#meter = microphone && Meter.of(microphone);
  }

  #updateLevels() {
    const now = performance.now();
    const { self, emit } = this.#options;
    const { speaker, order } = this.speakers;
    const moved = [this.#hear(self, this.#meter?.level() ?? 0, now)];
    for (const { person, peer } of this.#pairs.values())
      moved.push(this.#hear(person, person.mic || person.screen ? perceived(peer.transport?.level() ?? 0) : 0, now));
    if (moved.includes(true))
      emit('levels');
    if (speaker !== this.speakers.speaker || order !== this.speakers.order)
      emit('speaking');
  }

  /** @param {Person} person @param {number} level @param {number} now @returns {boolean} whether the level moved */
  #hear(person, level, now) {
    const moved = person.level !== level;
    person.level = level;
    if (this.speakers.hear(person.id, level, now)) {
      person.speaking = this.speakers.speaking(person.id);
      this.#options.emit('person', { person });
    }
    return moved;
  }

  async #updateStats() {
    for (const pair of this.#pairs.values()) {
      const { transport } = pair.peer;
      const report = await transport?.stats().catch(() => null);
      if (!report || pair.peer.transport !== transport)
        continue;
      const { stats, sums } = summarize(report.values(), pair.sums);
      pair.sums = sums;
      pair.person.stats = stats;
      pair.person.quality = judge(stats);
      this.#options.emit('person', { person: pair.person });
    }
  }
}

/** @param {MediaStream} stream @param {(MediaStreamTrack | null)[]} tracks */
function addTracks(stream, tracks) {
  for (const track of tracks) {
    if (track)
      stream.addTrack(track);
  }
}
