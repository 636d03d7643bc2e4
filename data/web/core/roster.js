// Who is in a meeting: oneself and the others, as they come, change and leave, and the own hand on its way up or down. Filled by
// what the server says; tells whatever carries the media about the others. The page reaches it through `meeting.js`.

import { Person } from './person.js';

/** So long somebody has who was in, and has not come back since the server was started anew. */
const EXPECTED = 60_000;
/** So long after they are connected somebody has to say how they are called; then it is said without that they are here. */
const NAMING = 10_000;

/** @typedef {import('./person.js').PersonInfo} PersonInfo */
/** @typedef {import('./connection.js').RequestType} RequestType */

export class Roster {
  /** In order of arrival, oneself included. @type {Map<string, Person>} */ people = new Map();
  /** @type {Person | null} */ self = null;
  #options;
  /** The own hand is on its way up or down. */ #moving = 0;
  /** Who has not come back yet. @type {Map<string, any>} */ #expected = new Map();
  /** Who came, and has not said yet how they are called. @type {Map<Person, any>} */ #unnamed = new Map();

  /**
   * @param {object} options
   * @param {(type: string, detail?: any) => void} options.emit `people`, `person`, `hand`, `stage`, `lowered`, `renamed`, `returned`
   * @param {(type: RequestType, members: object) => Promise<boolean>} options.attempt
   * @param {() => import('./mesh.js').Mesh | import('./sfu.js').Sfu | null} options.media
   * @param {() => number} options.now ms since 1970, by the server's clock
   * @param {() => boolean} options.leavesOut whether what this side sends is not recorded
   * @param {() => void} options.unstaged nothing may be sent any more
   * @param {() => boolean} options.between whether media go from browser to browser
   */
  constructor(options) {
    this.#options = options;
  }

  /** A new seat for oneself. @param {PersonInfo} info @returns {Person} */
  sit(info) {
    const { leavesOut } = this.#options;
    return this.self = new Person({ ...info, unrecorded: Boolean(info.stage) && leavesOut() }, true);
  }

  /** Everybody whom the new seat found; who was known stays the same object. @param {PersonInfo[]} infos @returns {{ joined: Person[], left: Person[] }} */
  restart(infos) {
    this.#expectNobody();
    const before = this.people;
    this.people = new Map();
    for (const info of infos)
      this.#seat(info, before);
    if (this.self)
      this.people.set(this.self.id, this.self);
    this.#options.media()?.setPeople(this.people.size);
    const joined = newIn(this.people, before);
    const unnamed = before.size > 0 ? joined.filter(({ name, self }) => !name && !self) : [];
    unnamed.forEach(person => this.#awaitName(person));
    return { joined: joined.filter(person => !unnamed.includes(person)), left: newIn(before, this.people) };
  }

  /** The same seat again, as are those of the others, who come back one after the other. @param {PersonInfo[]} infos who is back already */
  resume(infos) {
    this.#expectNobody();
    const back = new Set(infos.map(({ id }) => id));
    for (const person of this.people.values()) {
      if (!person.self && !back.has(person.id))
        this.#expect(person);
    }
    for (const info of infos) {
      const person = this.people.get(info.id);
      if (!person)
        this.#enter(info, 'J');
      else if (!person.self)
        this.#return(person, info, 'J');
    }
  }

  /** Once each, and never oneself. @param {PersonInfo} info @param {Map<string, Person>} before */
  #seat(info, before) {
    if (!this.people.has(info.id) && info.id !== this.self?.id)
      this.#add(info, 'J', before.get(info.id));
  }

  /** Between browsers everybody may send, has a page, and is in no recording: it is not the server's to say. @param {PersonInfo} info @returns {PersonInfo} */
  #known(info) {
    return this.#options.between() ? { ...info, stage: true, phone: false, stream: false, unrecorded: false } : info;
  }

  /** @param {Person} person */
  #expect(person) {
    person.away = true;
    this.#options.media()?.update(person);
    this.#expected.set(person.id, setTimeout(() => this.leave(person.id, 'lost'), EXPECTED));
    this.#options.emit('person', { person });
  }

  /** @param {Person} person @param {PersonInfo} info @param {'J' | 'P'} role */
  #return(person, info, role) {
    clearTimeout(this.#expected.get(person.id));
    this.#expected.delete(person.id);
    const { role: before } = person;
    person.update(this.#known(info));
    this.#options.media()?.reseat(person, role);
    this.#options.emit('person', { person });
    if (before !== person.role)
      this.#options.emit('returned', { person, before });
  }

  #expectNobody() {
    this.#expected.forEach(clearTimeout);
    this.#expected.clear();
  }

  /** It is over. */
  end() {
    this.#expectNobody();
    this.#unnamed.forEach(clearTimeout);
    this.#unnamed.clear();
  }

  /** Who is in does not come in again, whatever the server says. @param {PersonInfo} info */
  join(info) {
    const person = this.people.get(info.id);
    if (!person)
      this.#enter(info, 'P');
    else if (this.#expected.has(info.id))
      this.#return(person, info, 'P');
  }

  /** @param {PersonInfo} info @param {'J' | 'P'} role */
  #enter(info, role) {
    const person = this.#add(info, role);
    this.#options.media()?.setPeople(this.people.size);
    if (!info.name)
      this.#awaitName(person);
    this.#options.emit('people', { joined: info.name ? [person] : [], left: [] });
  }

  /** Nobody is here unsaid because they do not say their name. @param {Person} person @param {boolean} [met] they were connected a while ago */
  #awaitName(person, met = false) {
    this.#unnamed.set(person, setTimeout(() => {
      if (this.people.get(person.id) !== person)
        this.#forgetUnnamed(person); // of the seat before
      else if (met)
        this.#announce(person);
      else
        this.#awaitName(person, person.link !== 'connecting');
    }, NAMING));
  }

  /** @param {Person} person */
  #announce(person) {
    if (this.#forgetUnnamed(person))
      this.#options.emit('people', { joined: [person], left: [] });
  }

  /** @param {Person} person @returns {boolean} whether nobody was told yet that they came */
  #forgetUnnamed(person) {
    clearTimeout(this.#unnamed.get(person));
    return this.#unnamed.delete(person);
  }

  /** @param {PersonInfo} info @param {'J' | 'P'} role own role in this pair @param {Person} [known] by the seat before this one */
  #add(info, role, known) {
    const said = this.#known(info);
    const person = known ?? new Person(said, false);
    person.update(said);
    person.link = 'connecting';
    person.linkReason = null;
    this.people.set(person.id, person);
    this.#options.media()?.add(person, role);
    return person;
  }

  /** @param {PersonInfo} said */
  change(said) {
    const { emit, media } = this.#options;
    const info = this.#known(said);
    const person = this.people.get(info.id);
    if (!person)
      return;
    const { hand, stage } = person;
    if (person.self) {
      this.#changeOwn(person, info);
    } else {
      person.update(info);
      media()?.update(person);
    }
    emit('person', { person });
    if (person.name)
      this.#announce(person);
    if (person.hand > 0 && hand === 0 && !person.self)
      emit('hand', { person });
    if (person.stage !== stage)
      emit('stage', { person });
  }

  /** What this side sends it knows better; whether it may, the server. @param {Person} self @param {PersonInfo} info */
  #changeOwn(self, { name, hand = 0, stage = true }) {
    const before = self.stage;
    const lowered = self.hand > 0 && hand === 0 && stage === before && this.#moving === 0;
    if (this.#moving === 0 || stage !== before)
      self.hand = hand;
    self.stage = stage;
    this.nameOneself(name);
    if (lowered)
      this.#options.emit('lowered');
    this.showUnrecorded();
    if (before && !stage)
      this.#options.unstaged();
  }

  /** @param {string} id @param {string} reason */
  leave(id, reason) {
    const person = this.people.get(id);
    if (!person || person.self)
      return;
    clearTimeout(this.#expected.get(id));
    this.#expected.delete(id);
    this.people.delete(id);
    const media = this.#options.media();
    media?.remove(id);
    media?.setPeople(this.people.size);
    this.#options.emit('people', { joined: [], left: this.#forgetUnnamed(person) && person.link === 'connecting' ? [] : [person], removed: reason === 'removed' });
  }

  // ---- oneself

  /** @param {string} name */
  nameOneself(name) {
    const { self } = this;
    if (!self || name === self.name)
      return;
    self.name = name;
    this.#options.emit('person', { person: self });
    this.#options.emit('renamed', { name });
  }

  /** @param {{ role: import('./floor.js').Role, leads: boolean }} floor */
  setOwnRole({ role, leads }) {
    if (!this.self)
      return;
    Object.assign(this.self, { role, host: leads });
    this.#options.emit('person', { person: this.self });
  }

  /** As the others see oneself. @param {Pick<import('./sending.js').Sending, 'tracks' | 'state'>} sending */
  showOwn({ tracks: { camera, screen }, state }) {
    const { self } = this;
    if (!self)
      return;
    Object.assign(self, state);
    self.setTracks('main', [camera]);
    self.setTracks('screen', [screen]);
    this.#options.emit('person', { person: self });
  }

  /** Whether oneself is in the recording. */
  showUnrecorded() {
    if (this.self)
      this.self.unrecorded = this.self.stage && this.#options.leavesOut();
  }

  /** @param {string} name cleaned; an empty one is none @param {string} [id] of somebody else, for hosts @returns {Promise<boolean>} */
  async rename(name, id = this.self?.id) {
    const own = id === this.self?.id;
    if (!name || !await this.#options.attempt('rename', { name, ...(!own && { person: id }) }))
      return false;
    if (own)
      this.nameOneself(name);
    return true;
  }

  /** The server has forgotten that it was up. @param {() => boolean} seated as below */
  raiseHandAgain(seated) {
    if (!this.self || this.self.hand === 0)
      return Promise.resolve(true);
    this.self.hand = 0;
    return this.raiseHand(true, seated);
  }

  /** @param {boolean} up @param {() => boolean} seated still, when the answer has come */
  async raiseHand(up, seated) {
    const { self } = this;
    const { emit, attempt, now } = this.#options;
    if (!self || self.hand > 0 === up)
      return true;
    const before = self.hand;
    self.hand = up ? now() : 0;
    emit('person', { person: self });
    this.#moving++;
    const done = await attempt('hand', { up });
    this.#moving--;
    if (!done && self === this.self && seated()) {
      self.hand = before;
      emit('person', { person: self });
    }
    return done;
  }
}

/** @param {Map<string, Person>} people @param {Map<string, Person>} others @returns {Person[]} those of `people` that are not among the others */
const newIn = (people, others) => [...people].filter(([id]) => !others.has(id)).map(([, person]) => person);
