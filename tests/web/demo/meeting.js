// Stands in for core/meeting.js in the demo: same surface (core/README.md), people who are only drawn.

import { ConclaveError } from './errors.js';
import { DemoContent } from './content.js';
import { Documents } from './documents.js';
import { Floor } from './floor.js';
import { drawnTrack } from './picture.js';
import { kindOf } from './kinds.js';
import { callerName } from './person.js';
import { Recording } from './recording.js';
import { listed, nameOf, number, placeOf, text } from './state.js';

const ASKED = [
  ['Will the slides be available afterwards?', 12, false, false],
  ['How does the new process handle orders from before the first of January, in particular those that were changed more than once?', 9, true, false],
  ['Can we see the figures of the second quarter once more?', 4, false, false],
  ['When is the next session?', 2, false, true],
];

const kind = text('kind') ?? 'standard';
const server = kindOf(kind).server;
const phones = text('phones') === null ? null : { numbers: ['+49 30 1234567', '+31 20 765 4321'], pin: '4821937056' };
const idOf = i => `pdemo${String(i).padStart(8, 'a')}`;

const EVERYBODY = ['hand', 'react', 'rename', 'ask', 'vote', ...kind === 'otr' ? [] : ['change', 'whisper', 'poll-vote']];
const HOSTS = ['remove', 'stop', 'start', 'mute-all', 'spotlight', 'stage', 'lower', 'request', 'lobby', 'lock', 'admit', 'deny', 'record', 'watch-stats', 'resolve'];
const MAY = { viewer: EVERYBODY, person: EVERYBODY, cohost: [...EVERYBODY, ...HOSTS], host: [...EVERYBODY, ...HOSTS, 'end', 'role'] };

/** @param {number} i @param {boolean} stage */
function roleOf(i, stage) {
  const host = i === 0 ? text('host') === '1' : i === 1;
  const cohost = listed('cohost', i);
  return { host: host || cohost, role: cohost ? 'cohost' : host ? 'host' : stage ? 'person' : 'viewer' };
}

/** @param {number} i */
function makePerson(i) {
  const phone = listed('phone', i);
  const camera = !listed('off', i) && !phone;
  const streams = { main: new MediaStream(), screen: new MediaStream() };
  if (camera)
    streams.main.addTrack(drawnTrack(i, 'person'));
  if (listed('share', i))
    streams.screen.addTrack(drawnTrack(i, 'slide'));
  const media = text('media') ?? 'connected';
  const stage = !kindOf(kind).stage || i < number('people', 5) && !(i === 0 && text('role') === 'viewer');
  const hand = placeOf('hand', i);
  const link = server ? (i === 0 ? 'verified' : media) : listed('failed', i) ? 'failed' : listed('connecting', i) ? 'connecting' : listed('lost', i) ? 'reconnecting' : 'verified';
  return {
    id: idOf(i), name: phone ? callerName(`Phone …${123 + 111 * i}`) : nameOf(i), phone, stage, unrecorded: listed('unrecorded', i), hand: hand > 0 ? Date.now() + hand : 0,
    pictures: { main: listed('paused', i) ? 'paused' : listed('nocodec', i) ? 'no-codec' : 'live', screen: 'live' }, ...roleOf(i, stage), self: i === 0, mic: !listed('muted', i),
    camera, screen: listed('share', i), away: listed('lost', i), link, linkReason: link === 'failed' ? 'link-fingerprint' : null,
    streams, level: 0, speaking: listed('speaking', i), quality: listed('poor', i) ? 'poor' : 'good', stats: {},
  };
}

export class Meeting extends EventTarget {
  status = 'idle';
  reason = null;
  room = null;
  self = null;
  people = new Map();
  order = [];
  speaker = null;
  joinedAt = null;
  media = null;
  mediaReason = null;
  /** `code=1`: there is one to compare; `code=voice`: it was. */
  verification = server ? null : {
    state: text('code') ? 'ready' : 'waiting', code: text('code') ? [0, 12, 27, 33, 46, 51, 63] : null, dispute: null, accept: () => this.#compared(),
  };
  sounds = [];
  role = 'person';
  viewers = 0;
  spotlight = null;
  questions = [];
  stats = null;
  videoSlots = Infinity;
  view = [];
  recording = new Recording();
  floor = new Floor((type, detail) => {
    if (type === 'role' && this.self)
      Object.assign(this.self, { role: this.floor.role, host: this.floor.leads });
    this.dispatchEvent(new CustomEvent(type, { detail }));
  });
  hosting = new DemoHosting(this);
  /** @type {Documents | null} */ documents = null;
  waiting = null;
  removedBy = null;
  #statsTimer = 0;
  /** @type {DemoContent} */ #content;

  constructor({ link }) {
    super();
    this.link = link;
    globalThis.demoMeeting = this;
  }

  #compared() {
    this.people.forEach(person => { person.voice = true; });
    this.dispatchEvent(new CustomEvent('verification'));
    return true;
  }

  async check() {
    const refuse = text('refuse');
    if (refuse)
      throw new ConclaveError(refuse);
    this.room = { id: this.link.room, kind, title: text('title') ?? 'Weekly planning', available: true, people: number('here', 3), max_people: { boardroom: 100, classroom: 400 }[kind] ?? 8,
      ...(server && { recording: text('recording') !== null, consent: text('consent') ?? 'announce' }) };
    return this.room;
  }

  async join({ name, microphone, camera }) {
    const error = text('joinerror');
    const wait = text('wait');
    if (wait) {
      this.waiting = { hosts: wait === 'host', lost: wait === 'lost' };
      this.#to('waiting');
      this.dispatchEvent(new CustomEvent('waiting'));
      await new Promise((resolve, reject) => Object.assign(this, { letIn: resolve, turnAway: id => reject(new ConclaveError(id)) })); // for the console
    }
    if (error)
      throw new ConclaveError(error);
    const people = Array.from({ length: number('people', 5) }, (_, i) => makePerson(i)).filter((_, i) => i === 0 || text('nobody') === null);
    Object.assign(people[0], { name, mic: microphone !== null && !listed('muted', 0), camera: camera !== null && !listed('off', 0) });
    if (server)
      this.#enterServer(people);
    this.self = people[0];
    this.role = this.self.role;
    this.floor.restart({ role: this.self.role, may: MAY[this.self.role], floor: { lobby: text('lobby') === '1' || number('knocks', 0) > 0, locked: text('locked') === '1' }, room: { media: 'sfu' },
      dial_in: phones && { ...phones, ...(this.self.host && { host_pin: '7390154682' }) } });
    if (text('alert') !== null)
      setTimeout(() => this.floor.receive({ type: 'alert', what: 'pins' }));
    this.floor.knocks = Array.from({ length: number('knocks', 0) }, (_, i) => knock(i));
    this.people = new Map(people.map(person => [person.id, person]));
    this.order = people.slice(1).map(({ id }) => id);
    this.speaker = people.find(({ speaking }) => speaking)?.id ?? null;
    this.joinedAt = Date.now() - 32 * 60_000;
    const state = text('recording');
    this.recording.restart({ room: { recording: state !== null }, recording: {
      state: state === 'on' || state === 'paused' ? state : 'off', elapsed: 754_000, consent: text('consent') ?? 'announce', mine: text('mine') ?? 'announced',
      warning: text('warning') ?? '',
    } });
    this.#content = new DemoContent({ people, role: kind === 'standard' ? 'host' : this.role, stage: kindOf(kind).stage, number });
    this.documents = new Documents({ model: this.model, origin: location.origin, fetch: (url, options) => this.#takeFile(String(url), options) });
    this.documents.begin({ meeting: 'demo', documents: kind === 'otr' ? null : { token: 'demo', max_bytes: 200 << 20, quota: 1 << 30 } });
    const sizes = [31_200_000, 800_000, 300_000_000];
    this.documents.share(sizes.slice(0, number('uploads', 0)).map((size, i) => ({ name: `Recording of the stand ${i + 1}.mov`, size, type: '', slice: (from, to) => ({ size: to - from }) })));
    this.#to(text('status') ?? 'joined');
  }

  /** The first piece arrives, and no other one. */
  async #takeFile(url, { method, headers, signal }) {
    if (method === 'PATCH' && headers['upload-offset'] !== '11000000')
      return { ok: true, status: 200, json: async () => ({ offset: 11_000_000 }) };
    if (method === 'PATCH')
      return new Promise((resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    return { ok: true, status: 201, json: async () => ({ id: 'fdemo', secret: '', offset: 0, url: '/' }) };
  }

  /** What a room with a media server has. */
  #enterServer(people) {
    const [self] = people;
    this.media = text('media') ?? 'connected';
    this.mediaReason = this.media === 'failed' ? 'media-timeout' : null;
    this.videoSlots = 17;
    this.viewers = number('viewers', 0);
    this.spotlight = text('spotlight') === null ? null : idOf(number('spotlight', 0));
    this.questions = ASKED.slice(0, number('questions', 0)).map(([asked, votes, mine, resolved], i) => ({
      n: i + 1, from: idOf(i + 3), name: nameOf(i + 3), text: asked, at: Date.now() - (9 - i) * 60_000, votes, mine, resolved,
    }));
    if (self.host && kindOf(kind).stage) {
      for (let i = 0; i < Math.min(this.viewers, 60); i++)
        people.push({ ...makePerson(number('people', 5) + i), stage: false, mic: false, camera: false });
    }
  }

  show(tiles) {
    this.view = tiles;
  }

  /** For the console as well: demoMeeting.hearRecording({ state: 'off', reason: 'disk' }). */
  hearRecording(changes) {
    const { state, elapsed, consent, mine, warning } = this.recording;
    const before = this.recording.receive({ state, elapsed, consent, mine, warning, ...changes });
    this.self.unrecorded = this.recording.declined || this.recording.undecided;
    if (this.recording.silenced)
      Object.assign(this.self, { mic: false, camera: false, screen: false });
    this.dispatchEvent(new CustomEvent('recording', { detail: { before } }));
  }

  async answerRecording(answer) {
    this.hearRecording({ mine: answer });
    return true;
  }

  raiseHand(up) {
    this.#own({ hand: up ? Date.now() : 0 });
    return Promise.resolve(true);
  }

  react(what) {
    this.hearReactions({ [what]: 1 }, [[0, what]]);
  }

  /** For the console: demoMeeting.hearReactions({ clap: 12 }, [[1, 'clap']]). */
  hearReactions(counts, people = []) {
    this.dispatchEvent(new CustomEvent('reactions', { detail: { counts, people: people.map(([i, what]) => ({ person: idOf(i), what })) } }));
  }

  async rename(name, id = this.self.id) {
    this.change(id, { name });
    return true;
  }

  change(id, changes) {
    const person = this.people.get(id);
    Object.assign(person, changes);
    this.dispatchEvent(new CustomEvent('person', { detail: { person } }));
  }

  /** For the console: somebody is asked, put out, appointed. */
  hear(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  async ask(asked) {
    const question = { n: this.questions.length + 1, from: this.self.id, name: this.self.name, text: asked, at: Date.now(), votes: 0, mine: false, resolved: false };
    this.questions = [...this.questions, question];
    this.dispatchEvent(new CustomEvent('questions', { detail: { question, isNew: true } }));
    return true;
  }

  async vote(n, up) {
    const question = this.questions.find(other => other.n === n);
    Object.assign(question, { mine: up, votes: question.votes + (up ? 1 : -1) });
    this.dispatchEvent(new CustomEvent('questions', { detail: { question, isNew: false } }));
    return true;
  }

  /** Two minutes at once, then one more every 2 s. */
  async watchStats(on) {
    clearInterval(this.#statsTimer);
    if (!on)
      return true;
    for (let i = 60; i >= 0; i--)
      this.#measure(Date.now() - 2_000 * i, i);
    this.#statsTimer = setInterval(() => this.#measure(Date.now(), Date.now() / 2_000), 2_000);
    return true;
  }

  #measure(at, i) {
    const wave = (every, phase = 0) => 0.5 + 0.5 * Math.sin(i / every + phase);
    this.stats = {
      at, cpu: 0.18 + 0.08 * wave(7), rss: 61_000,
      people: [...this.people.values()].map((person, k) => ({
        person: person.id, up: person.stage ? 900_000 + 500_000 * wave(6, k) : 0, down: 2_600_000 + 900_000 * wave(9, k),
        up_loss: 0, down_loss: k === 2 ? 0.04 + 0.05 * wave(5) : 0.001 * wave(3, k), rtt: k === 4 ? -1 : 18 + 9 * k, estimate: 4_000_000,
      })),
    };
    this.dispatchEvent(new CustomEvent('stats'));
  }

  get model() { return this.#content.model; }
  get whispers() { return this.#content.whispers; }
  get votes() { return this.#content.votes; }
  get now() { return Date.now(); }
  get summary() { return text('summary'); }

  /** For the console: somebody writes, asks, captions. */
  write(i, said) {
    const { id: from, name } = [...this.people.values()][i];
    this.hearOp(`w${Math.random()}`.replace('.', ''), 'message', { text: said, from, name, at: Date.now() }, i);
  }

  /** @param {string} o @param {string} t @param {object} f @param {number} i who */
  hearOp(o, t, f, i = 1) {
    this.#content.hear(this.#content.op(o, t, f, i));
  }

  say(said, reply = '') {
    this.model.create('message', { text: said, reply });
  }

  async whisper(to, said) {
    const whisper = { from: this.self.id, name: this.self.name, to, text: said, at: Date.now(), own: true };
    this.#content.whispers = [...this.whispers, whisper];
    this.hear('whisper', { whisper });
    return true;
  }

  async votePoll(id, choices) {
    const { counts, voters } = this.model.get(id).fields;
    const before = this.votes.get(id) ?? [];
    const after = counts.map((n, i) => n + Number(choices.includes(i)) - Number(before.includes(i)));
    this.votes.set(id, choices);
    this.hearOp(id, 'poll', { counts: after, voters: voters + Number(choices.length > 0) - Number(before.length > 0) });
    this.hear('votes', null);
    return true;
  }

  async leave() {
    this.turnAway?.('not-joined');
    this.#to('ended', text('reason') ?? 'left');
  }

  async endForAll() {
    this.#to('ended', 'host');
  }

  fail(reason) {
    this.#to('failed', reason);
  }

  setMicrophone(track) {
    this.#own({ mic: track !== null });
  }

  setCamera(track) {
    const { main } = this.self.streams;
    main.getTracks().forEach(old => main.removeTrack(old));
    if (track)
      main.addTrack(track);
    this.#own({ camera: track !== null });
  }

  setScreen(tracks) {
    this.#own({ screen: tracks !== null });
  }

  retry(id) {
    Object.assign(this.people.get(id), { link: 'connecting' });
    this.dispatchEvent(new CustomEvent('person', { detail: { person: this.people.get(id) } }));
  }

  #own(changes) {
    Object.assign(this.self, changes);
    this.dispatchEvent(new CustomEvent('person', { detail: { person: this.self } }));
  }

  #to(status, reason = null) {
    this.status = status;
    this.reason = reason;
    this.dispatchEvent(new CustomEvent('status'));
  }
}

const knock = i => ({
  knock: `qdemo${i}`, name: listed('calling', i) ? 'Phone …456' : nameOf(6 + i), since: Date.now() - i * 70_000, mark: listed('marked', i) ? 'removed' : '',
  ...(listed('calling', i) && { phone: true }),
});

/** What hosts do has its effect here at once. */
class DemoHosting {
  #meeting;

  constructor(meeting) {
    this.#meeting = meeting;
  }

  async setLobby(lobby) { return this.#floor({ lobby }); }
  async setLock(locked) { return this.#floor({ locked }); }
  async admit(wanted) { return this.#knocks(wanted); }
  async deny(wanted) { return this.#knocks(wanted); }
  async muteAll() { return this.#each(person => ({ mic: person.self && person.mic })); }
  async stop(id, what) { return this.#change(id, { [{ microphone: 'mic' }[what] ?? what]: false }); }
  async start(id, what) { return this.#change(id, { [{ microphone: 'mic' }[what] ?? what]: true }); }
  async lower(id) { return this.#change(id, { hand: 0 }); }
  async request() { return true; }

  async setRole(id, role) {
    if (role === 'host')
      this.#meeting.floor.receive({ type: 'role', role: 'cohost', may: MAY.cohost });
    return this.#change(id, { role, host: role !== 'person' });
  }

  async remove(id) {
    const person = this.#meeting.people.get(id);
    this.#meeting.people.delete(id);
    this.#meeting.hear('people', { joined: [], left: [person], removed: true });
    return true;
  }

  async setSpotlight(id) {
    this.#meeting.spotlight = id;
    this.#meeting.hear('spotlight', null);
    return true;
  }

  /** Of oneself too, for the console: demoMeeting.hosting.setStage(demoMeeting.self.id, true). */
  async setStage(id, stage) {
    const person = this.#meeting.people.get(id);
    Object.assign(person, { stage, hand: 0, ...(!stage && { mic: false, camera: false }) });
    this.#meeting.hear('stage', { person });
    return true;
  }

  async resolve(n) {
    const question = this.#meeting.questions.find(other => other.n === n);
    question.resolved = true;
    this.#meeting.hear('questions', { question, isNew: false });
    return true;
  }

  async record(action) {
    this.#meeting.hearRecording({ start: { state: 'on', elapsed: 0 }, pause: { state: 'paused' }, resume: { state: 'on' }, stop: { state: 'off', reason: 'host' } }[action]);
    return true;
  }

  #floor(changes) {
    const { lobby, locked } = this.#meeting.floor;
    this.#meeting.floor.receive({ type: 'floor', lobby, locked, ...changes });
    return true;
  }

  #knocks(wanted) {
    this.#meeting.floor.receive({ type: 'knocks', knocks: this.#meeting.floor.knocks.filter(entry => wanted !== null && entry.knock !== wanted) });
    return true;
  }

  #each(changes) {
    for (const person of this.#meeting.people.values())
      this.#change(person.id, changes(person));
    return true;
  }

  #change(id, changes) {
    this.#meeting.change(id, changes);
    return true;
  }
}
