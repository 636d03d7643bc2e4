// What is recorded of a meeting of a Stage: its folder, its log and its tracks at each moment.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { sleep, until } from '../../protocol/lib/daemon.mjs';
import { read } from './recorded.mjs';

/** Cheap, and FFmpeg can read it. */
export const REAL = { real: true, fps: 10, video_bps: 80_000, simulcast: false };
/** Nothing is made of what is recorded: that is another suite's business. */
export const QUIET = { development: { 'render-program': '/nowhere/conclave-render' } };
/** ms that something was on its way when a segment began */
const EARLY = 250;

/** A recording's folder, as it is now. */
export class Recorded {
  constructor (daemon, id) {
    this.id = id;
    this.path = path.join(daemon.folder, 'recordings', id);
  }

  get events () {
    return fs.readFileSync(path.join(this.path, 'events.jsonl'), 'utf8').split('\n').filter(Boolean).map(line => JSON.parse(line));
  }

  get tracks () {
    return fs.readdirSync(path.join(this.path, 'tracks')).sort();
  }

  file (name) {
    return path.join(this.path, 'tracks', name);
  }

  /** Bytes of each track of this person, or of all. */
  sizes (guest) {
    return Object.fromEntries(this.tracks.filter(name => !guest || name.includes(guest.id)).map(name => [name, fs.statSync(this.file(name)).size]));
  }

  /** Something of this person has come to the disk in this segment, of each source. */
  async grows (guest, segment, sources = ['microphone', 'camera']) {
    await until(`${guest.id} is recorded in ${segment}`, () => sources.every(source =>
      this.events.some(event => event.type === 'track' && event.person === guest.id && event.source === source && event.segment === segment)), 20_000);
    const [from, to] = [this.sizes(guest), () => this.sizes(guest)];
    await until('it grows', () => sources.every(source => Object.entries(to()).some(([name, size]) =>
      Number(name.slice(0, 3)) === segment && name.includes(`-${source}-`) && size > from[name])), 20_000);
  }

  /** Files of who has gone get their end, their length among it, a moment later. */
  async finished (guest) {
    await until(`files of ${guest.id} are finished`, () => Object.keys(this.sizes(guest)).every(name => read(this.file(name)).duration > 0), 20_000);
  }

  /** Nothing is written now. */
  async stands (guest, ms = 700) {
    const sizes = this.sizes(guest);
    await sleep(ms);
    assert.deepEqual(this.sizes(guest), sizes);
  }

  of (type, members = {}) {
    return this.events.filter(event => event.type === type && Object.entries(members).every(([name, value]) => event[name] === value));
  }

  /** Every file is one of a track that the log knows, whose person had a say before; and can be read. */
  assertTrue ({ whole = true } = {}) {
    const { events } = this;
    assert.equal(events[0].type, 'start');
    assert.equal(events[0].recording, this.id);
    assert.ok(events.every(({ t }) => t >= 0));
    const tracks = this.of('track');
    assert.deepEqual(this.tracks.filter(name => !tracks.some(({ file }) => file === name)), []);
    for (const { file, person, segment, t } of tracks) {
      const [, , ...rest] = file.split(/-(?=p[a-z2-9]{12}|microphone|camera|screen)/);
      assert.ok(rest.length >= 0 && file.startsWith(String(segment).padStart(3, '0') + '-' + person));
      const consent = events.findIndex(event => event.type === 'consent' && event.person === person && ['announced', 'agreed'].includes(event.answer));
      assert.ok(consent >= 0 && consent < events.findIndex(event => event.file === file), `${file} before a word of ${person}`);
      const begins = this.of('segment', { segment })[0].t, ends = this.of('segment-end', { segment })[0]?.t ?? Infinity;
      assert.ok(t >= begins - EARLY && t <= ends, `${file} begins at ${t}, its segment is ${begins}–${ends}`);
      const { packets, duration } = read(this.file(file));
      assert.ok(packets.length > 0, `${file} has no frames`);
      assert.ok(t + packets.at(-1).ms < ends + EARLY, `${file} goes on until ${packets.at(-1).ms}`);
      assert.ok(!whole || duration > 0, `${file}: ${duration} s`);
    }
  }
}

export const record = async (guest, action) => {
  const answer = await guest.ask('record', { action });
  assert.equal(answer.type, 'ok', JSON.stringify(answer));
};

/** Starts, and finds the folder. */
export async function start (host, on) {
  const folder = path.join(on.daemon.folder, 'recordings');
  const before = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  await record(host, 'start');
  const [id] = fs.readdirSync(folder).filter(name => !before.includes(name));
  return new Recorded(on.daemon, id);
}

/** Waits until its row says that nobody records it any more. */
export async function closed (recorded, on) {
  return await until('it is closed', async () => {
    const { body } = await on.daemon.admin('GET', `/api/v1/recordings/${recorded.id}`);
    return body.status !== 'recording' && body;
  }, 20_000);
}
