// Media through the server: one connection for everything, made anew whenever it is lost, and who is in which of its slots.
// Takes the place of `mesh.js` in rooms with a media server and fills the same things in each `Person`. A new seat has a new one.

import { ConclaveError } from './errors.js';
import { Flow, bytesReceived } from './flow.js';
import { Meter, perceived } from './meter.js';
import { judge, summarize, worse } from './quality.js';
import { SfuTransport } from './sfu-transport.js';
import { Speakers } from './speakers.js';
import { View } from './view.js';

/** @typedef {import('./connection.js').Message} Message */
/** @typedef {import('./person.js').Person} Person */
/** @typedef {import('./person.js').Picture} Picture */
/** @typedef {import('./person.js').Quality} Quality */
/** @typedef {import('./transport.js').Ice} Ice */
/** @typedef {import('./transport.js').Tracks} Tracks */
/** @typedef {'connecting' | 'connected' | 'reconnecting' | 'failed'} MediaState */
/** @typedef {{ mid: string, person: string, source: 'microphone' | 'camera' | 'screen' | 'screen-audio', paused: boolean, error?: string }} Slot */

const LEVELS_EVERY = 125;
const COUNT_EVERY = 800;
const STATS_EVERY = 3;           // counts
const DEADLINE = 10_000;         // from the offer to a connection
const DISCONNECTED = 2_000;      // a connection that does not come back by itself so long is lost
const PROBE = 700;               // an answer that takes longer would come over a dead socket
const BACKOFF_FIRST = 500;
const BACKOFF_LAST = 8_000;
const TRIES_IN_SILENCE = 3;      // then the person is told, and it goes on being tried
/** Trying again would not help. */
const FINAL = new Set(['bad-sdp', 'no-codec', 'not-allowed', 'too-large', 'too-many']);

export class Sfu {
  #options;
  /** @type {Map<string, Person>} the others */ #people = new Map();
  /** @type {Slot[]} */ #slots = [];
  /** @type {SfuTransport | null} */ #transport = null;
  /** It was connected: its tracks are shown, also while it is lost. */
  #shown = false;
  /** @type {MediaState} */ #state = 'connecting';
  /** @type {string | null} */ #reason = null;
  #everConnected = false;
  #ready;
  #attempt = 0;
  #tries = 0;
  #underway = false;
  /** @type {Tracks} */ #tracks;
  /** @type {Meter | null} */ #meter = null;
  #view;
  #flow = new Flow();
  #counts = 0;
  #probing = false;
  /** @type {import('./quality.js').Sums | null} */ #sums = null;
  /** Of the own connection, as the server sees it. @type {Quality | null} */ #told = null;
  #levelsTimer;
  #countTimer;
  /** @type {any} */ #deadline = null;
  /** @type {any} */ #retryTimer = null;
  speakers = new Speakers({ exchange: true });

  /**
   * @param {object} options
   * @param {Ice} options.ice
   * @param {{ ready: boolean, audio_slots: number, video_slots: number }} options.media
   * @param {Tracks} options.tracks
   * @param {Person} options.self
   * @param {MediaStream[]} options.sounds what is to be played, a stream for each audio slot; filled here
   * @param {(type: 'offer' | 'view', members: object) => Promise<Message>} options.request
   * @param {() => boolean} options.live there is a socket
   * @param {() => void} options.networkLost the socket does not answer
   * @param {(type: string, detail?: any) => void} options.emit `person`, `speaking`, `levels`, `media`
   */
  constructor(options) {
    this.#options = options;
    this.#tracks = options.tracks;
    this.#ready = options.media.ready;
    /** For connections from now on. @type {Ice} */
    this.ice = options.ice;
    this.open = true;
    while (options.sounds.length < options.media.audio_slots)
      options.sounds.push(new MediaStream());
    this.#view = new View(tiles => void options.request('view', { tiles }).catch(() => {}));
    this.speakers.add(options.self.id, false);
    this.#meterOwn();
    this.#levelsTimer = setInterval(() => this.#updateLevels(), LEVELS_EVERY);
    this.#countTimer = setInterval(() => void this.#count(), COUNT_EVERY);
    if (this.#ready)
      void this.#begin();
  }

  get state() {
    return this.#state;
  }

  get videoSlots() {
    return this.#options.media.video_slots;
  }

  /** Why it failed; for `errorText`. */
  get reason() {
    return this.#reason;
  }

  // ---- what the meeting says (the same for `mesh.js`)

  /** @param {Person} person */
  add(person) {
    this.#people.set(person.id, person);
    person.pictures = { main: null, screen: null };
    this.update(person);
    this.#link(person);
    this.#fillAll();
  }

  /** @param {Person} person of whom something has changed */
  update(person) {
    const listed = this.speakers.has(person.id);
    if (person.stage && !listed)
      this.speakers.add(person.id);
    else if (!person.stage && listed)
      this.speakers.remove(person.id);
    person.speaking &&= person.stage;
  }

  /** Only between browsers does anything outlive a seat. @param {import('./person.js').Person} person */
  reseat(person) {
    this.update(person);
  }

  /** @param {string} id */
  remove(id) {
    this.#people.delete(id);
    this.speakers.remove(id);
    this.#options.emit('speaking');
  }

  socketLost() {
    // Media go on without the socket for as long as they can.
  }

  /** @param {boolean} networkChanged */
  socketBack(networkChanged) {
    if (networkChanged || (this.#state !== 'connected' && !this.#underway))
      void this.#begin();
  }

  /** A person asks for it once more. */
  retry() {
    this.#tries = 0;
    void this.#begin();
  }

  /** @param {Tracks} tracks what is sent */
  setTracks(tracks) {
    const before = this.#tracks.microphone;
    this.#tracks = tracks;
    if (tracks.microphone !== before)
      this.#meterOwn();
    void this.#transport?.attach(tracks);
  }

  setPeople() {
    // One connection, however many there are.
  }

  /** @param {readonly import('./view.js').ViewTile[]} tiles what the page shows @param {number} front how many people it shows first */
  show(tiles, front) {
    this.speakers.front = Math.max(front, 1);
    this.#view.show(tiles);
  }

  close() {
    if (!this.open)
      return;
    this.open = false;
    clearInterval(this.#levelsTimer);
    clearInterval(this.#countTimer);
    this.#meter?.close();
    this.#meter = null;
    this.#view.close();
    this.#drop();
    for (const stream of this.#options.sounds)
      fill(stream, []);
    for (const person of this.#people.values())
      person.link = 'reconnecting';
  }

  // ---- what the server says

  /** @param {Message} message */
  receive(message) {
    switch (message.type) {
      case 'media': this.#onMedia(message.state === 'ready'); break;
      case 'slots': this.#onSlots(message.slots); break;
      case 'speakers': this.#onSpeakers(message.people); break;
      case 'layers': this.#transport?.setLayers(message.source, message.rids); break;
      case 'quality': this.#onQuality(message.people); break;
      default: break;
    }
  }

  /** @param {boolean} ready */
  #onMedia(ready) {
    this.#ready = ready;
    this.#tries = 0;
    if (ready) {
      void this.#begin();
    } else {
      this.#drop();
      this.#setState('reconnecting');
    }
  }

  /** @param {Slot[]} slots all of them */
  #onSlots(slots) {
    this.#slots = slots;
    this.#fillAll();
  }

  /** @param {string[]} ids */
  #onSpeakers(ids) {
    const { speaker, order } = this.speakers;
    for (const id of this.speakers.tell(ids)) {
      const person = this.#person(id);
      if (person) {
        person.speaking = this.speakers.speaking(id);
        this.#options.emit('person', { person });
      }
    }
    if (speaker !== this.speakers.speaker || order !== this.speakers.order)
      this.#options.emit('speaking');
  }

  /** @param {Record<string, Quality>} qualities */
  #onQuality(qualities) {
    this.#told = qualities[this.#options.self.id] ?? null;
    for (const person of this.#people.values()) {
      const quality = qualities[person.id] ?? null;
      if (person.quality !== quality) {
        person.quality = quality;
        this.#options.emit('person', { person });
      }
    }
  }

  // ---- the connection

  /** A new connection in place of whatever there is. */
  async #begin() {
    if (!this.open || !this.#ready || !this.#options.live())
      return; // `receive` or `socketBack` go on from here
    this.#drop();
    const attempt = this.#attempt;
    this.#underway = true;
    this.#setTrying();
    this.#deadline = setTimeout(() => this.#tryAgain(), DEADLINE);
    try {
      await this.#negotiate(this.#make(), attempt);
    } catch (error) {
      if (attempt === this.#attempt)
        this.#onRefused(error);
    }
  }

  #make() {
    const { audio_slots: audioSlots, video_slots: videoSlots } = this.#options.media;
    const transport = new SfuTransport({ ice: this.ice, audioSlots, videoSlots });
    transport.addEventListener('state', () => {
      if (transport === this.#transport)
        this.#onTransportState(transport);
    });
    this.#transport = transport;
    void transport.attach(this.#tracks);
    return transport;
  }

  /** @param {SfuTransport} transport @param {number} attempt */
  async #negotiate(transport, attempt) {
    const sdp = await transport.offer();
    if (attempt !== this.#attempt)
      return;
    const answer = await this.#options.request('offer', { sdp });
    if (attempt !== this.#attempt)
      return;
    await transport.accept(answer.sdp);
    this.#view.again();
  }

  /** @param {unknown} error */
  #onRefused(error) {
    const id = error instanceof ConclaveError ? error.id : '';
    if (FINAL.has(id)) {
      this.#drop();
      this.#setState('failed', id);
    } else if (id === 'not-joined') {
      this.#drop(); // the meeting sees to another seat
    } else {
      this.#tryAgain();
    }
  }

  /** @param {SfuTransport} transport */
  #onTransportState(transport) {
    switch (transport.state) {
      case 'connected': this.#onConnected(transport); break;
      case 'disconnected':
        void this.#probe(); // before an offer goes where nobody hears it
        void this.#onDisconnected(transport);
        break;
      case 'failed':
      case 'closed': this.#tryAgain(); break;
      default: break;
    }
  }

  /** A browser may say so because one check was lost on its way: it is lost if nothing comes any more. @param {SfuTransport} transport */
  async #onDisconnected(transport) {
    const before = await received(transport);
    if (transport !== this.#transport)
      return;
    this.#later(async () => {
      const now = await received(transport);
      if (transport !== this.#transport || transport.state !== 'disconnected')
        return;
      if (now > before)
        void this.#onDisconnected(transport);
      else
        void this.#begin();
    }, DISCONNECTED);
  }

  /** @param {SfuTransport} transport */
  #onConnected(transport) {
    this.#clearTimers();
    this.#underway = false;
    this.#everConnected = true;
    this.#shown = true;
    this.#tries = 0;
    this.#flow = new Flow();
    transport.sounds.forEach((track, i) => fill(this.#options.sounds[i], [track]));
    this.#fillAll();
    this.#setState('connected');
  }

  /** Once more, a little later each time. */
  #tryAgain() {
    const wait = this.#tries === 0 ? 0 : Math.min(BACKOFF_FIRST * 2 ** (this.#tries - 1), BACKOFF_LAST);
    this.#drop();
    this.#tries++;
    this.#setTrying();
    this.#later(() => this.#begin(), wait);
  }

  #setTrying() {
    if (this.#tries > TRIES_IN_SILENCE)
      this.#setState('failed', 'media-timeout');
    else
      this.#setState(this.#everConnected ? 'reconnecting' : 'connecting');
  }

  /** @param {() => unknown} action @param {number} ms */
  #later(action, ms) {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(action, ms);
  }

  /** The tracks stay in their streams until others come: the last picture stands still meanwhile. */
  #drop() {
    this.#attempt++;
    this.#underway = false;
    this.#shown = false;
    this.#sums = null;
    this.#clearTimers();
    this.#transport?.close();
    this.#transport = null;
  }

  #clearTimers() {
    clearTimeout(this.#deadline);
    clearTimeout(this.#retryTimer);
  }

  /** @param {MediaState} state @param {string | null} [reason] */
  #setState(state, reason = null) {
    if (state === this.#state && reason === this.#reason)
      return;
    this.#state = state;
    this.#reason = reason;
    for (const person of this.#people.values())
      this.#link(person);
    if (state !== 'connected')
      Object.assign(this.#options.self, { quality: null, stats: null });
    this.#options.emit('media');
  }

  /** Whoever is reached is reached through the one connection. @param {Person} person */
  #link(person) {
    person.link = this.#state;
    person.linkReason = this.#reason;
  }

  // ---- what comes

  /** Puts the slots' tracks where they belong. */
  #fillAll() {
    if (!this.#transport || !this.#shown)
      return;
    for (const person of this.#people.values()) {
      const main = this.#fillPicture(person, 'camera', 'main');
      const screen = this.#fillPicture(person, 'screen', 'screen');
      if (main || screen)
        this.#options.emit('person', { person });
    }
  }

  /** @param {Person} person @param {'camera' | 'screen'} source @param {'main' | 'screen'} stream @returns {boolean} whether it changed */
  #fillPicture(person, source, stream) {
    const slot = this.#slots.find(other => other.person === person.id && other.source === source);
    const track = slot && !slot.error ? this.#transport?.track(slot.mid) : null;
    const changed = fill(person.streams[stream], track ? [track] : []);
    const before = person.pictures[stream];
    person.pictures[stream] = pictureOf(slot);
    return changed || before !== person.pictures[stream];
  }

  /** @param {string} id */
  #person(id) {
    return id === this.#options.self.id ? this.#options.self : this.#people.get(id);
  }

  #meterOwn() {
    this.#meter?.close();
    const { microphone } = this.#tracks;
    this.#meter = microphone && Meter.of(microphone);
  }

  #updateLevels() {
    const { self, emit } = this.#options;
    const heard = new Map([[self.id, this.#meter?.level() ?? 0]]);
    for (const { mid, person, source } of this.#slots) {
      if (source === 'microphone')
        heard.set(person, perceived(this.#transport?.level(mid) ?? 0));
    }
    let moved = false;
    for (const person of [self, ...this.#people.values()]) {
      const level = heard.get(person.id) ?? 0;
      moved ||= level !== person.level;
      person.level = level;
    }
    if (moved)
      emit('levels');
  }

  /** Looks whether media still come; every third time also how well. */
  async #count() {
    const transport = this.#transport;
    if (this.#state !== 'connected' || !transport)
      return;
    const report = await transport.stats().catch(() => null);
    if (!report || transport !== this.#transport)
      return;
    if (this.#flow.count(bytesReceived(report.values())))
      await this.#probe();
    if (this.#counts++ % STATS_EVERY === 0)
      this.#judge(report);
  }

  /** Nothing comes any more: is it the network, or is it only quiet? It is about the socket, whatever media do meanwhile. */
  async #probe() {
    if (this.#probing)
      return;
    this.#probing = true;
    const answered = this.#options.request('view', { tiles: this.#view.tiles }).then(() => true, () => true);
    const late = new Promise(resolve => setTimeout(() => resolve(false), PROBE));
    const lost = !await Promise.race([answered, late]);
    this.#probing = false;
    if (lost && this.open)
      this.#options.networkLost();
  }

  /** @param {RTCStatsReport} report */
  #judge(report) {
    const { self, emit } = this.#options;
    const { stats, sums } = summarize(report.values(), this.#sums);
    this.#sums = sums;
    self.stats = stats;
    self.quality = worse(judge(stats), this.#told);
    emit('person', { person: self });
  }
}

/** @param {SfuTransport} transport @returns {Promise<number>} bytes */
async function received(transport) {
  const report = await transport.stats().catch(() => null);
  return report ? bytesReceived(report.values()) : 0;
}

/** @param {Slot | undefined} slot @returns {Picture | null} */
function pictureOf(slot) {
  if (!slot)
    return null;
  if (slot.error)
    return 'no-codec';
  return slot.paused ? 'paused' : 'live';
}

/** @param {MediaStream} stream @param {MediaStreamTrack[]} tracks @returns {boolean} whether others are in it now */
function fill(stream, tracks) {
  const before = stream.getTracks();
  if (before.length === tracks.length && tracks.every(track => before.includes(track)))
    return false;
  // First the new ones: a stream that is empty for a moment stops what plays it.
  for (const track of tracks)
    stream.addTrack(track);
  for (const track of before) {
    if (!tracks.includes(track))
      stream.removeTrack(track);
  }
  return true;
}
