// Stands in for core/meeting.js in the demo: same surface (core/README.md), people who are only drawn.

import { ConclaveError } from './errors.js';
import { drawnTrack } from './picture.js';
import { NAMES, listed, number, text } from './state.js';

const SAID = [
  [1, 'Good morning! Can you all hear me?'],
  [0, 'Loud and clear.'],
  [2, 'The agenda is at https://example.org/agenda/2026-11 (two pages), please have a look before we start.'],
  [2, 'I will share it in a moment.'],
  [3, 'Thanks!'],
  [1, 'One question:\nshall we move the second point to Thursday? Then Priya can be there too.'],
];

/** @param {number} i */
function makePerson(i) {
  const camera = !listed('off', i);
  const streams = { main: new MediaStream(), screen: new MediaStream() };
  if (camera)
    streams.main.addTrack(drawnTrack(i, 'person'));
  if (listed('share', i))
    streams.screen.addTrack(drawnTrack(i, 'slide'));
  const link = listed('failed', i) ? 'failed' : listed('connecting', i) ? 'connecting' : listed('lost', i) ? 'reconnecting' : 'verified';
  return {
    id: `pdemo${'abcdefgh'[i]}`, name: NAMES[i % NAMES.length], host: i === 0 ? text('host') === '1' : i === 1, self: i === 0, mic: !listed('muted', i),
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
  chat = [];
  joinedAt = null;

  constructor({ link }) {
    super();
    this.link = link;
    globalThis.demoMeeting = this;
  }

  async check() {
    const refuse = text('refuse');
    if (refuse)
      throw new ConclaveError(refuse);
    this.room = { id: this.link.room, kind: 'standard', title: text('title') ?? 'Weekly planning', available: true, people: number('here', 3), max_people: 8 };
    return this.room;
  }

  async join({ name, microphone, camera }) {
    const error = text('joinerror');
    if (error)
      throw new ConclaveError(error);
    const people = Array.from({ length: number('people', 5) }, (_, i) => makePerson(i));
    Object.assign(people[0], { name, mic: microphone !== null && !listed('muted', 0), camera: camera !== null && !listed('off', 0) });
    this.self = people[0];
    this.people = new Map(people.map(person => [person.id, person]));
    this.order = people.slice(1).map(({ id }) => id);
    this.speaker = people.find(({ speaking }) => speaking)?.id ?? null;
    this.joinedAt = Date.now() - 32 * 60_000;
    this.chat = SAID.slice(0, number('chat', 0)).map(([i, said], n) => this.#message(i, said, n + 1));
    this.#to(text('status') ?? 'joined');
  }

  #message(i, said, n) {
    const own = i === 0;
    return { n, from: `pdemo${'abcdefgh'[i]}`, name: NAMES[i], text: said, at: Date.now() - (20 - n) * 40_000, own, state: 'sent' };
  }

  /** For the console: somebody writes. */
  hear(i, said) {
    const message = this.#message(i, said, this.chat.length + 1);
    this.chat.push(message);
    this.dispatchEvent(new CustomEvent('chat', { detail: { message } }));
  }

  say(said) {
    this.hear(0, said);
  }

  async leave() {
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
