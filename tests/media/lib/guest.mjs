// Somebody in a Boardroom or Classroom: a seat by WebSocket (tests/protocol/lib, held against the schemas) whose media are a peer
// of conclave-rtc. A Stage is a daemon with one conclave-rtc; a Guest is in one of its rooms.
import assert from 'node:assert/strict';
import { Person } from '../../protocol/lib/client.mjs';
import { Daemon, until } from '../../protocol/lib/daemon.mjs';
import { Room } from '../../protocol/lib/room.mjs';
import { Rtc, t0 } from '../../rtc/rtc.mjs';

/** Media that cost little: a test needs some packets, not many. */
export const SMALL = { simulcast: [40_000, 100_000, 250_000], fps: 10, pkt: 600 };

export class Guest extends Person {
  /** who is in which slot, as the server says */
  slots = [];
  speakers = [];
  /** what of mine somebody takes, by source */
  layers = {};
  viewers = 0;
  peer = 0;
  stage = null;
  #sources = {};

  onMessage (message) {
    switch (message.type) {
      case 'slots':
        this.slots = message.slots;
        return false;
      case 'speakers':
        this.speakers = message.people;
        return false;
      case 'viewers':
        this.viewers = message.n;
        return false;
      case 'quality':
        return false;
      case 'layers':
        this.#onLayers(message);
        return false;
      default:
        return true;
    }
  }

  /** Stops the layers that nobody takes, as browsers do. */
  #onLayers ({ source, rids }) {
    this.layers[source] = rids;
    if (this.obeys && this.#sources[source])
      this.stage.rtc.send({ cmd: 'send', id: this.peer, source, rids, on: rids.length > 0 });
  }

  /**
   * Connects media, or makes a new connection in place of the old one, and waits until it is up.
   * @param {object} media what conclave-rtc's `join` takes
   */
  async connect (media = this.media ?? {}) {
    this.media = media;
    this.#sources = { camera: media.video !== false, screen: media.screen === true };
    if (this.peer && this.stage.rtc.connected.has(this.peer))
      this.stage.rtc.close(this.peer);
    this.peer = this.stage.nextPeer();
    const sdp = await this.stage.rtc.join(this.peer, { t0: t0(), audio_slots: this.joined.media.audio_slots, video_slots: 9, ...SMALL, ...media });
    const answer = await this.offer(sdp);
    assert.equal(answer.type, 'answer', JSON.stringify(answer));
    this.answer = answer.sdp;
    this.stage.rtc.answer(this.peer, answer.sdp);
    if (media.fingerprint !== 'wrong' && media.dtls !== false)
      await this.stage.rtc.up(this.peer);
    return this;
  }

  offer (sdp) {
    return this.ask('offer', { sdp });
  }

  /** Shows the cameras of these, `width` wide. */
  async view (guests, width = 320) {
    await this.tiles(guests.map(({ id }) => ({ person: id, source: 'camera', width })));
  }

  async tiles (tiles) {
    assert.equal((await this.ask('view', { tiles })).type, 'ok');
  }

  /** What comes in now, of one kind: conclave-rtc's streams with packets in the window. */
  streams (stats, kind = 'video') {
    return stats.streams.filter(stream => stream.id === this.peer && stream.kind === kind && stream.received + stream.recovered > 0);
  }

  slotOf (guest, source = 'camera') {
    return this.slots.find(slot => slot.person === guest.id && slot.source === source);
  }

  async leave () {
    if (this.peer)
      this.stage.rtc.close(this.peer);
    await super.leave();
  }
}

export class Stage {
  #peers = 0;

  /**
   * @param {{ config?: object, listen?: string, rtc?: string[], people?: { under?: string[] } }} options `rtc`: arguments of conclave-rtc,
   * `people`: how it is started; others are the daemon's
   */
  static async open ({ config = {}, listen, rtc = [], people = {}, ...where } = {}) {
    const self = new Stage();
    self.daemon = await Daemon.start({ config: { rooms: { 'empty-seconds': 1, 'seat-seconds': 2 }, ...config }, listen, ...where });
    try {
      self.rtc = await Rtc.start(['--decrypt', 'all', ...rtc], people);
    } catch (error) {
      await self.daemon.stop();
      throw error;
    }
    return self;
  }

  nextPeer () {
    return ++this.#peers;
  }

  async room (kind = 'boardroom', more = {}) {
    return await Room.create(this.daemon, { kind, ...more });
  }

  /** @param {{ name?: string, host?: boolean, media?: object | false, obeys?: boolean }} options `media: false`: a seat, and nothing more */
  async enter (room, { media = {}, obeys = true, ...members } = {}) {
    const guest = await Guest.join(this.daemon, room, { mic: media.audio !== false, camera: media.video !== false, ...members });
    Object.assign(guest, { stage: this, obeys, media });
    if (!guest.joined.media.ready)
      assert.equal((await guest.take('media')).state, 'ready');
    if (media === false)
      return guest;
    if (media.screen)
      await guest.ask('state', { mic: media.audio !== false, camera: media.video !== false, screen: true });
    return await guest.connect();
  }

  /** n guests, a few at a time. */
  async enterMany (room, n, options = {}) {
    const guests = [];
    while (guests.length < n)
      guests.push(...await Promise.all(Array.from({ length: Math.min(5, n - guests.length) }, (_, i) =>
        this.enter(room, { name: `Guest ${guests.length + i}`, ...options }))));
    return guests;
  }

  /** Statistics of all that happened while `what` went on. */
  async during (what) {
    await this.rtc.stats({ reset: true });
    await what();
    return await this.rtc.stats({ detail: true });
  }

  async close () {
    try {
      await this.rtc.quit();
    } finally {
      await this.daemon.stop();
    }
  }
}

export const leaveAll = guests => Promise.all(guests.map(guest => guest.leave()));

/** What a receiver must never see, whatever happens. */
const NEVER = ['bad_srtp', 'bad_srtcp', 'bad_rtcp', 'bad_stun', 'twcc_bad', 'seq_resets', 'timestamp_errors', 'picture_errors', 'tl0_errors',
  'report_errors'];
/** And on a path that loses nothing. */
const CLEAN = ['lost', 'duplicates', 'reordered', 'late', 'given_up', 'needless'];

export function assertRewritten (stats, { clean = true } = {}) {
  for (const name of [...NEVER, ...clean ? CLEAN : []])
    assert.equal(stats[name], 0, `${name}: ${stats[name]} ${JSON.stringify(stats.streams?.filter(stream => stream[name]))}`);
}

/** Each stream that comes shows who its slot names, and nothing comes that the slots do not name. */
export function assertSlotsTrue (guest, everyone, stats, kinds = ['video', 'audio']) {
  for (const kind of kinds)
    for (const { mid, from, source } of guest.streams(stats, kind)) {
      const slot = guest.slots.find(one => one.mid === mid);
      assert.ok(slot, `${kind} of peer ${from} comes on ${mid}, where nobody is: ${JSON.stringify(guest.slots)}`);
      const who = everyone.find(one => one.peer === from);
      assert.deepEqual([slot.person, slot.source], [who?.id, source], `on ${mid}`);
    }
}

/** Waits until conclave-rtc's statistics say so. */
export async function untilStats (stage, what, ask, timeout = 10_000) {
  return await until(what, async () => ask(await stage.rtc.stats({ detail: true })), timeout);
}
