// What happens in a meeting, told in passing: who came and went, who raised a hand, what a host has done. Says nothing of what
// the page shows anyway, and in a crowd not each coming and going.

import { errorText } from '../core/errors.js';
import { t, tn } from '../core/i18n.js';
import { kindOf } from '../core/kinds.js';
import { disputeWords } from './group-code.js';
import { notices } from './notices.js';

const CROWD = 12; // with more people than that on stage nobody wants to read each name

/** @typedef {import('../core/meeting.js').Meeting} Meeting */
/** @typedef {import('../core/person.js').Person} Person */

/** @type {Record<string, (name: string) => string>} */
const STOPPED = {
  microphone: name => (name ? t("{name} has turned off your microphone.", { name }) : t("A host has turned off your microphone.")),
  camera: name => (name ? t("{name} has turned off your camera.", { name }) : t("A host has turned off your camera.")),
  screen: name => (name ? t("{name} has ended your screen sharing.", { name }) : t("A host has ended your screen sharing.")),
};

/** Between browsers people say themselves how they are called, or do not. @param {Person} person */
const called = ({ name }) => name || t("Somebody");

export class News {
  #meeting;
  #disputed = false;

  /** @param {Meeting} meeting @param {AbortSignal} signal ends it */
  constructor(meeting, signal) {
    this.#meeting = meeting;
    const on = (/** @type {string} */ type, /** @type {(detail: any) => void} */ tell) => {
      meeting.addEventListener(type, event => tell(/** @type {CustomEvent} */ (event).detail), { signal });
    };
    on('status', () => this.#onStatus());
    on('people', ({ joined, left, removed }) => this.#onPeople(joined, left, removed));
    on('role', ({ before }) => this.#onRole(before));
    on('floor', ({ before }) => this.#onFloor(before));
    on('lowered', () => notices.toast(t("A host has lowered your hand.")));
    on('renamed', ({ name }) => notices.toast(t("Your name is {name} now.", { name })));
    on('stage', ({ person }) => this.#onStage(person));
    on('hand', ({ person }) => this.#onHand(person));
    on('stopped', ({ what, by }) => notices.toast(STOPPED[what]?.(by?.name ?? '') ?? '', { bad: true }));
    on('spotlight', () => this.#onSpotlight());
    on('media', () => this.#onMedia());
    on('verification', () => this.#onVerification());
    on('error', ({ id }) => notices.toast(errorText(id), { bad: true }));
  }

  /** Two people have been told different keys: whoever hears this says no secrets any more. */
  #onVerification() {
    const dispute = this.#meeting.verification?.dispute ?? null;
    if (dispute && !this.#disputed)
      notices.toast(disputeWords(this.#meeting, dispute), { bad: true });
    this.#disputed = dispute !== null;
  }

  #onStatus() {
    const { status } = this.#meeting;
    if (status === 'reconnecting')
      notices.say(t("Connection to the server lost. Reconnecting…"));
    else if (status === 'joined')
      notices.say(t("Connected again."));
  }

  /** Who only watches comes and goes unsaid. @param {Person[]} joined @param {Person[]} left @param {boolean} [removed] */
  #onPeople(joined, left, removed = false) {
    const came = joined.filter(({ self, stage }) => !self && stage);
    const went = left.filter(({ self, stage }) => !self && stage);
    const onStage = [...this.#meeting.people.values()].filter(({ stage }) => stage).length;
    if (removed)
      left.forEach(person => notices.toast(t("{name} was removed from the meeting.", { name: called(person) })));
    if (removed || onStage > CROWD)
      return;
    if (came.length > 2)
      notices.toast(tn("{n} person has joined.", "{n} people have joined.", came.length));
    else
      came.map(called).forEach(name => notices.toast(this.#hasStage ? t("{name} is on stage.", { name }) : t("{name} has joined.", { name })));
    if (went.length > 2)
      notices.toast(tn("{n} person has left.", "{n} people have left.", went.length));
    else
      went.map(called).forEach(name => notices.toast(this.#hasStage ? t("{name} has left the stage.", { name }) : t("{name} has left.", { name })));
  }

  get #hasStage() {
    return kindOf(this.#meeting.room?.kind).stage;
  }

  /** @param {Person} person */
  #onStage({ self, stage, name }) {
    if (self && !stage)
      notices.toast(t("You are watching again. Your microphone and camera are off."));
    else if (!self)
      notices.toast(stage ? t("{name} is on stage.", { name }) : t("{name} has left the stage.", { name }));
  }

  /** A host has to act on it, the others see it. @param {Person} person */
  #onHand({ name }) {
    if (this.#meeting.floor.leads)
      notices.toast(t("{name} has raised a hand.", { name }));
  }

  /** @param {import('../core/floor.js').Role} before */
  #onRole(before) {
    const { role } = this.#meeting;
    if (role === before)
      return; // what they may is another
    if (role === 'host')
      notices.toast(t("You are the host now."));
    else if (role === 'cohost')
      notices.toast(t("You are a co-host now."));
    else if (before === 'cohost' || before === 'host')
      notices.toast(t("You are no longer a co-host."));
  }

  /** @param {{ lobby: boolean, locked: boolean, dialIn: import('../core/dial-in.js').DialIn | null }} before */
  #onFloor(before) {
    const { lobby, locked, leads, dialIn } = this.#meeting.floor;
    if ((dialIn === null) !== (before.dialIn === null))
      this.#onDialIn(dialIn !== null, leads);
    if (locked !== before.locked)
      notices.toast(locked ? t("The meeting is locked now. Nobody else can come in.") : t("The meeting is no longer locked."));
    else if (lobby !== before.lobby && leads)
      notices.toast(lobby ? t("Hosts are asked now before somebody comes in.") : t("Whoever has the link comes in without asking now."));
  }

  /** Who leads has to know who may still be heard. @param {boolean} on @param {boolean} leads */
  #onDialIn(on, leads) {
    if (on)
      notices.toast(t("This meeting can be called by phone now."));
    else if (leads)
      notices.toast(t("Nobody else can call in now. Callers who are here stay until they hang up."));
  }

  #onSpotlight() {
    const { spotlight, people } = this.#meeting;
    const person = people.get(spotlight ?? '');
    if (person?.self)
      notices.toast(t("Everyone sees you large now."));
    else if (person)
      notices.say(t("Everyone sees {name} large now.", { name: person.name }));
  }

  #onMedia() {
    const { media, mediaReason } = this.#meeting;
    if (media === 'failed')
      notices.say(errorText(mediaReason ?? 'media-timeout'));
    else if (media === 'reconnecting')
      notices.say(errorText('media-interrupted'));
  }
}
