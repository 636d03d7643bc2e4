// The two servers of the benchmark behind one face: a room, people who send, people who watch; what their processes use.
// Each has a conclave-rtc of its own. Knows no scenario and no figure.
import { Person } from '../rtc/person.mjs';
import { Rtc, t0 } from '../rtc/rtc.mjs';
import { Daemon, sleep } from '../protocol/lib/daemon.mjs';
import { Room } from '../protocol/lib/room.mjs';
import { Janus } from './janus/janus.mjs';
import { children, usage } from './usage.mjs';

/** Ids of peers of conclave-rtc: who only receives has one from here on. */
export const VIEWERS = 1000;
const SOURCES = ['microphone', 'camera'];
const AUDIO_MID = '0';

class Side {
  senders = [];
  constructor (rtc) { this.rtc = rtc; }

  /** Whether those who send do so. */
  async pause (paused) {
    for (const id of this.senders)
      for (const source of SOURCES)
        await this.rtc.do('send', id, { source, on: !paused });
  }

  /** Sums of what all its processes use, and of those that forward. */
  usage () {
    const control = this.control ? usage(this.control) : { cpu: 0, exact: 0, rss: 0, threads: 0, descriptors: 0 };
    return { media: usage(this.media), control };
  }
}

export class Conclave extends Side {
  name = 'conclave';
  people = new Map();

  static async start (profile, config = {}) {
    const side = new Conclave(await Rtc.start(['--profiles', profile]));
    side.daemon = await Daemon.start({ config: {
      server: { tls: false, 'log-level': 'warning', 'max-sockets': 100000, 'max-connections-per-address': 100000 },
      media: { listen: '127.0.0.1', ports: 0 }, ...config,
    } });
    side.control = side.daemon.pid;
    return side;
  }

  async open (kind) {
    this.room = await Room.create(this.daemon, { kind });
  }

  /** The media process that has a meeting: the one that works. */
  async findMedia () {
    const before = new Map(children(this.control, 'conclave-media').map(pid => [pid, usage(pid).exact]));
    await sleep(300);
    const worked = [...before].map(([pid, exact]) => [pid, usage(pid).exact - exact]).sort((a, b) => b[1] - a[1]);
    if (!worked.length)
      throw new Error('conclaved has no media process');
    this.media = worked[0][0];
  }

  async addSender (id, media) {
    this.senders.push(id);
    this.people.set(id, await Person.join(this.daemon, this.room, this.rtc, id, { host: id === 1, media, obey: false }));
    if (id === 1)
      await this.findMedia();
  }

  /** `tiles`: ids of senders. */
  async addViewer (id, tiles) {
    const media = { audio: false, video: false };
    this.people.set(id, await Person.join(this.daemon, this.room, this.rtc, id, { media, mic: false, camera: false, obey: false }));
    await this.#view(id, tiles);
  }

  async #view (id, tiles) {
    await this.people.get(id).view(tiles.map(other => ({ person: this.people.get(other).id, width: 640 })));
  }

  /** Senders who are in already see these others, and hear all. */
  async meet (id, tiles) {
    await this.#view(id, tiles);
  }

  async remove (id) {
    await this.people.get(id).leave();
    this.people.delete(id);
  }

  async stop () {
    await this.rtc.quit();
    await this.daemon.stop();
  }
}

export class JanusSide extends Side {
  name = 'janus';
  handles = new Map();
  feeds = new Map();

  static async start (profile, build) {
    const side = new JanusSide(await Rtc.start(['--profiles', profile]));
    side.janus = await Janus.start(build);
    side.media = side.janus.pid;
    return side;
  }

  async open () {
    await this.janus.makeRoom(1);
  }

  async addSender (id, media) {
    this.senders.push(id);
    this.feeds.set(id, (await this.janus.publish(this.rtc, id, 1, media)).feed);
  }

  async addViewer (id, tiles, heard = []) {
    const streams = [
      ...tiles.map(other => ({ feed: this.feeds.get(other) })),
      ...heard.map(other => ({ feed: this.feeds.get(other), mid: AUDIO_MID })),
    ];
    this.handles.set(id, await this.janus.subscribe(this.rtc, id, 1, streams, { t0: t0() }));
  }

  async meet (id, tiles) {
    const heard = this.senders.filter(other => other !== id && !tiles.includes(other));
    await this.addViewer(VIEWERS + id, tiles, heard);
  }

  async remove (id) {
    this.rtc.close(id);
    await this.janus.detach(this.handles.get(id));
    this.handles.delete(id);
  }

  async stop () {
    await this.rtc.quit();
    await this.janus.stop();
  }
}
