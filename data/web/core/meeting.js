// A meeting: who is in, what is said, and how it goes. The one object that the page talks to during a call.
// It joins the socket (`connection.js`) to media: one sealed pair for each other person (`mesh.js`), or one connection to the
// server (`sfu.js`), as the room has it. It does not touch the DOM.

import { localStore } from './browser.js';
import { toBase64url } from './bytes.js';
import { makeMesh, makeSfu } from './carriers.js';
import { Commands } from './commands.js';
import { Connection, composeJoin } from './connection.js';
import { ConclaveError } from './errors.js';
import { Floor } from './floor.js';
import { Forum } from './forum.js';
import { Gathering, authorOf, isForServer, isServers, seatOf, titled } from './gathering.js';
import { Hosting } from './hosting.js';
import { KeptLinks } from './kept-links.js';
import { kindOf } from './kinds.js';
import { isOfKnownKind, ofKnownKind } from './known-kind.js';
import { KnockNames } from './knock-names.js';
import { deriveKeys, exchangeSecret } from './link.js';
import { PageLife } from './page-life.js';
import { readReactions } from './reactions.js';
import { Receipts } from './receipts.js';
import { Recording } from './recording.js';
import { handOver, signingKey, takeOver } from './reload.js';
import { checkRoom, opens } from './room-check.js';
import { Roster } from './roster.js';
import { Sending } from './sending.js';
import { Sharing } from './sharing.js';
import { cleanName } from './text.js';
import { makeCertificate } from './transport.js';
import { Turn } from './turn.js';
import { Marks } from './verification.js';
import { visitorWord } from './visitor.js';

/** @typedef {import('./connection.js').Message} Message */
/** @typedef {import('./link.js').Link} Link */
/** @typedef {import('./link.js').LinkKeys} LinkKeys */
/** @typedef {import('./person.js').Person} Person */
/** @typedef {import('./ticket.js').Ticket} Ticket */
/** @typedef {'idle' | 'joining' | 'waiting' | 'joined' | 'reconnecting' | 'ended' | 'failed'} Status */
/** @typedef {import('./connection.js').RequestType} RequestType */
/** @typedef {import('./view.js').ViewTile} ViewTile */
/** @typedef {{ id: string, kind: string, title: string, max_people: number, media?: 'p2p' | 'sfu', available?: boolean, people?: number, recording?: boolean, consent?: 'announce' | 'require' }} RoomInfo */

const LEAVE_WAIT = 2_000;
const REJOIN_WAIT = 3_000;
const MAX_UNKNOWN = 20;
/** What may go away by itself when a seat is taken anew. */
const PASSING = new Set(['unreachable', 'rate-limited', 'server-full', 'internal', 'timeout', 'store-failed']);

/** Events: status, people, person, speaking, levels, error and those of a room with a media server (README.md). */
export class Meeting extends EventTarget {
  #origin;
  #storage;
  /** @type {Status} */ #status = 'idle';
  /** @type {string | null} */ #reason = null;
  #name = '';
  #sending = new Sending({
    allowed: () => (this.self?.stage ?? true) && !this.#recording.silenced,
    onChange: tracks => {
      this.#media?.setTracks(tracks);
      this.#roster.showOwn(this.#sending);
    },
    tell: state => (this.self ? this.#request('state', state) : Promise.reject(new ConclaveError('not-joined'))),
  });
  /** @type {LinkKeys | null} */ #keys = null;
  /** @type {import('./reload.js').SigningKey | null} */ #sign = null;
  /** Of the own pairs. @type {Awaited<ReturnType<typeof makeCertificate>> | null} */ #certificate = null;
  /** @type {Connection | null} */ #connection = null;
  /** One of the two, as the room has it. @type {import('./mesh.js').Mesh | null} */ #mesh = null;
  /** @type {import('./sfu.js').Sfu | null} */ #sfu = null;
  #forum = new Forum({
    request: (type, members) => this.#request(type, members),
    emit: (type, detail) => this.#emit(type, detail),
  });
  /** Where the server knows nothing of what people share. @type {Gathering | null} */ #gathering = null;
  #knockNames;
  #stays = 0;
  #floor = new Floor((type, detail) => {
    if (type === 'role')
      this.#roster.setOwnRole(this.#floor);
    if (!this.#floor.leads)
      this.#knockNames.stop();
    this.#emit(type, detail);
  });
  #commands = new Commands({
    attempt: (type, members) => this.#forum.attempt(type, members),
    perform: message => this.#receive(message),
    fault: id => this.#emit('error', { id }),
    obeyed: obeyed => this.#floor.setObeyed(obeyed),
    rotated: (next, by, members) => this.#onRotated(next, by, members),
    accepted: ({ kJoin }) => opens(this.#origin, this.link.room, kJoin),
  });
  /** Of the page before. @type {unknown} */ #keptOrders = null;
  #marks = new Marks();
  /** @type {{ hosts: boolean, lost: boolean } | null} */ #waiting = null;
  /** What the request for this seat said is sent. */ #joinedWith = { mic: false, camera: false };
  #recording = new Recording();
  #roster = new Roster({
    emit: (type, detail) => {
      if (type === 'renamed')
        this.model.setName(this.#name = detail.name); // also with the next seat
      else if (type === 'returned' && detail.before === 'cohost' && this.#floor.role === 'host')
        void this.hosting.setRole(detail.person.id, 'cohost'); // the server does not know any more
      this.#emit(type, detail);
    },
    attempt: (type, members) => this.#forum.attempt(type, members),
    media: () => this.#media,
    now: () => this.now, leavesOut: () => this.#recording.leavesOut, unstaged: () => this.#sending.stop(), between: () => this.#mesh !== null,
  });
  #page = new PageLife({ leaving: () => this.#onLeaving(), back: () => this.#connection?.reconnect(), online: () => this.#onNetworkChange() });
  /** @type {Receipts} */ #receipts;
  /** @type {Sharing} */ #sharing;
  /** @type {{ tiles: readonly ViewTile[], front: number }} */ #shown = { tiles: [], front: 1 };
  #clockOffset = 0;
  #networkChanged = false;
  #turn = new Turn(async () => (await this.#request('turn')).ice, ice => {
    if (this.#media)
      this.#media.ice = ice;
  });
  /** @type {any} */ #rejoinTimer = null;
  /** Another seat is asked for. */ #rejoining = false;
  /** How often the server did not know the room: others may have a newer receipt. */ #unknown = 0;

  /**
   * @param {object} options
   * @param {Link} options.link
   * @param {Ticket | null} [options.ticket] stands for the link's secret, or says more than it
   * @param {string} [options.origin] e.g. `https://meet.example.org`; the page's own where it is left out
   * @param {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>} [options.storage] sessionStorage where it is left out
   */
  constructor({ link, ticket = null, origin = globalThis.location.origin, storage = globalThis.sessionStorage }) {
    super();
    this.link = link;
    this.#knockNames = new KnockNames({ link });
    this.ticket = ticket;
    this.#origin = origin;
    this.#storage = storage;
    this.#receipts = new Receipts({ room: link.room, storage, ask: () => this.#request('receipt') });
    /** @type {RoomInfo | null} */
    this.room = null;
    /** @type {number | null} */
    this.joinedAt = null;
    /** What a room with a media server plays: always the same streams, whoever is in them. @type {MediaStream[]} */
    this.sounds = [];
    this.#sharing = new Sharing({
      request: (type, members) => this.#request(type, members),
      attempt: (type, members) => this.#forum.attempt(type, members),
      emit: (type, detail) => this.#emit(type, detail),
      now: () => this.now, self: () => this.self?.id ?? null, origin,
    });
    this.hosting = new Hosting((type, members) => this.#commands.send(type, members));
    /** Who removed this side from the meeting; null: the server, nobody knows why. @type {string | null} */
    this.removedBy = null;
  }

  get status() {
    return this.#status;
  }

  /** Why it ended or failed. */
  get reason() {
    return this.#reason;
  }

  /** In order of arrival, oneself included. */
  get people() {
    return this.#roster.people;
  }

  get self() {
    return this.#roster.self;
  }

  /** Who has written something, if they are here. @param {string} author what they are called in the model */
  personOf(author) {
    return this.people.get(this.#gathering ? this.#gathering.idOf(author) ?? '' : author);
  }

  /** ms since 1970, by the server's clock. */
  get now() {
    return Date.now() + this.#clockOffset;
  }

  /** What people share: messages, agenda, minutes, polls, captions, documents. */
  get model() {
    return this.#sharing.model;
  }

  get documents() {
    return this.#sharing.documents;
  }

  /** Where its summary is, or will be, for this side; null: nowhere. */
  get summary() {
    return this.#sharing.summary;
  }

  /** What was said to one person only, the oldest first. */
  get whispers() {
    return this.#sharing.whispers;
  }

  /** Own choices by poll. */
  get votes() {
    return this.#sharing.votes;
  }

  /** Ids of the others, who spoke last first. @returns {readonly string[]} */
  get order() {
    return this.#media?.speakers.order ?? [];
  }

  /** Who of the others speaks now or spoke last. @returns {string | null} */
  get speaker() {
    return this.#media?.speakers.speaker ?? null;
  }

  /** The code to compare by voice, and whom it verifies; null where media go through the server. */
  get verification() {
    return this.#mesh?.verification ?? null;
  }

  /** How the connection to the media server does; null where media go from browser to browser. */
  get media() {
    return this.#sfu?.state ?? null;
  }

  /** Why `media` is `failed`; for `errorText`. */
  get mediaReason() {
    return this.#sfu?.reason ?? null;
  }

  /** How many pictures can come at once. */
  get videoSlots() {
    return this.#sfu?.videoSlots ?? Infinity;
  }

  get role() {
    return this.#floor.role;
  }

  /** Without another ticket there is no way in, or back. */
  get shut() {
    return !this.link.secret && (this.ticket?.spent ?? false);
  }

  /** Who comes like this only watches, until brought on stage: in a Classroom who is no host. */
  get watches() {
    if (this.link.hostSecret || !kindOf(this.room?.kind).stage)
      return false;
    return this.ticket === null || this.ticket.role === 'viewer';
  }

  /** Who may what, who comes in, who knocks. */
  get floor() {
    return this.#floor;
  }

  /** While `waiting`: whether there is somebody to let this side in, and whether the server cannot be reached just now. */
  get waiting() {
    return this.#waiting;
  }

  /** Whether the meeting is recorded, and what this side has answered. */
  get recording() {
    return this.#recording;
  }

  get viewers() {
    return this.#forum.viewers;
  }

  get spotlight() {
    return this.#forum.spotlight;
  }

  get questions() {
    return this.#forum.questions.list;
  }

  get stats() {
    return this.#forum.stats;
  }

  /** Asks for the room; rejects with `ConclaveError`. @returns {Promise<RoomInfo>} */
  async check() {
    const keys = await this.#deriveKeys();
    const { receipt, ...answer } = await checkRoom(this.#origin, this.link.room, keys ? { key: toBase64url(keys.kJoin), ...this.#receipts.shown } : { ticket: this.ticket?.text });
    this.#receipts.take({ receipt });
    return this.room = titled(ofKnownKind(this.link.room, this.#storage, answer), this.#gathering);
  }

  /**
   * Takes a seat; rejects with `ConclaveError`.
   * @param {{ name: string, microphone?: MediaStreamTrack | null, camera?: MediaStreamTrack | null }} options
   */
  async join({ name, microphone = null, camera = null }) {
    if (this.#status !== 'idle' && this.#status !== 'ended' && this.#status !== 'failed')
      throw new ConclaveError('not-allowed');
    this.#name = this.ticket?.name || cleanName(name);
    if (!this.#name)
      throw new ConclaveError('bad-message');
    this.#sending.begin({ microphone, camera });
    this.#stays++;
    this.#setStatus('joining');
    try {
      const before = takeOver(this.link.room, this.#storage);
      this.#sign = this.#sign ? { ...this.#sign, again: true } : await signingKey(before.sign);
      this.#keptOrders = before.orders;
      this.#marks.take(before.verified);
      await this.#connect(before.token);
    } catch (error) {
      const known = error instanceof ConclaveError ? error : new ConclaveError('link-unsupported', error);
      if (this.status === 'joining' || this.status === 'waiting')
        this.#end('failed', known.id);
      throw known;
    }
    this.#page.start();
  }

  /** The codes that people compared differ: somebody is between them. Nothing more is sent, and the others are told, before it ends. */
  async distrust() {
    this.#sending.stop();
    await this.#mesh?.verification.tellDiffers();
    const leaving = this.leave();
    this.#end('failed', 'code-differs');
    await leaving;
  }

  /** Gives up the seat; resolves when the server knows, or after 2 s. */
  async leave() {
    const connection = this.#connection;
    if (connection && connection.live) {
      const wait = new Promise(resolve => setTimeout(resolve, LEAVE_WAIT));
      await Promise.race([connection.request('leave').catch(() => {}), wait]);
    }
    if (connection === this.#connection)
      this.#end('ended', 'left');
  }

  /** Ends the meeting for everybody; hosts only. Rejects with `ConclaveError`. */
  async endForAll() {
    try {
      await this.#request('end');
    } catch (error) {
      if (this.#status !== 'ended')
        throw error;
    }
  }

  /** @param {string} text up to 4,000 characters; an empty one is not sent @param {string} [reply] id of the message that it answers */
  say(text, reply) {
    this.#sharing.say(text, reply);
  }

  /** To one person only. @param {string} to their id @param {string} text */
  whisper(to, text) {
    return this.#sharing.whisper(to, text);
  }

  /** @param {string} poll its id @param {readonly number[]} choices indexes; none: no vote */
  votePoll(poll, choices) {
    return this.#sharing.vote(poll, choices);
  }

  /** @param {MediaStreamTrack | null} track null: muted */
  setMicrophone(track) {
    this.#sending.setMicrophone(track);
  }

  /** @param {MediaStreamTrack | null} track null: off */
  setCamera(track) {
    this.#sending.setCamera(track);
  }

  /** @param {import('./sending.js').Screen | null} screen null: stop sharing */
  setScreen(screen) {
    this.#sending.setScreen(screen);
  }

  /** Begins anew with a person whose link failed, or with the media server. @param {string} id */
  retry(id) {
    this.#media?.retry(id);
  }

  // ---- rooms with a media server

  /**
   * What the page shows now; nothing else is sent to it.
   * @param {readonly ViewTile[]} tiles the most important first @param {number} front how many people it shows first
   */
  show(tiles, front) {
    this.#shown = { tiles, front };
    this.#sfu?.show(tiles, front);
  }

  /** @param {boolean} up */
  raiseHand(up) {
    return this.#roster.raiseHand(up, () => this.#status === 'joined'); // else the next seat begins with it
  }

  /** Shows it to everybody for a moment; what comes faster than the server takes it is dropped. @param {import('./reactions.js').Reaction} what */
  react(what) {
    this.#forum.react(what);
  }

  /** @param {string} name @param {string} [id] of somebody else, for hosts */
  rename(name, id) {
    return this.#roster.rename(cleanName(name), id);
  }

  /** @param {string} text of a question, up to 500 characters */
  ask(text) {
    return this.#forum.ask(text);
  }

  /** @param {number} question its `n` @param {boolean} up */
  vote(question, up) {
    return this.#forum.vote(question, up);
  }

  /** Whether one may be recorded; while the answer is no and it records, nothing is sent. @param {'agreed' | 'refused' | 'withdrawn'} answer */
  answerRecording(answer) {
    return this.#forum.attempt('consent', { answer });
  }

  /** Hosts: `stats` comes every 2 s from now on. @param {boolean} on */
  watchStats(on) {
    return this.#forum.watchStats(on);
  }

  // ---- joining

  /** @returns {Promise<LinkKeys | null>} null: there is a ticket in their place */
  async #deriveKeys() {
    if (this.link.secret)
      return this.#keys ??= await deriveKeys(this.link);
    if (!this.ticket)
      throw new ConclaveError('wrong-key');
    if (this.ticket.spent)
      throw new ConclaveError('ticket-spent');
    return null;
  }

  /** @param {string | null} replaces token of an own seat that is to be given up @param {boolean} [same] as far as the others are concerned it is the one of before */
  async #connect(replaces, same = false) {
    const keys = await this.#deriveKeys();
    const ticket = this.ticket?.text;
    const certificate = this.#certificate = same && this.#certificate || await makeCertificate();
    const among = kindOf(this.room?.kind).peers;
    const visitor = among ? null : await visitorWord(this.link.room, localStore());
    if (this.#status !== 'joining' && this.#status !== 'reconnecting')
      throw new ConclaveError('not-joined');
    const { mic, camera } = this.#sending.state;
    this.#joinedWith = { mic, camera };
    const told = among ? { mic: false, camera: false } : { name: this.#name, mic, camera };
    const connection = new Connection({
      url: `${this.#origin.replace(/^http/, 'ws')}/ws`, isRoom: room => isOfKnownKind(this.link.room, this.#storage, room),
      join: composeJoin({ room: this.link.room, keys, ticket, replaces, visitor }, { ...told, ...this.#receipts.shown, ...(same && { same_seat: true }) }),
    });
    this.#connection = connection;
    await new Promise((resolve, reject) => {
      this.#on(connection, 'joined', message => {
        this.ticket?.spend();
        this.#receipts.begin(message);
        if (same && this.#mesh?.open && message.self === this.self?.id)
          this.#onReopened(message);
        else
          this.#onJoined(message, certificate);
        resolve(undefined);
      });
      this.#on(connection, 'waiting', message => this.#onWaiting(message));
      this.#on(connection, 'closed', ({ id }) => this.#onClosed(id));
      connection.addEventListener('closed', event => reject(new ConclaveError(/** @type {CustomEvent} */ (event).detail.id ?? 'not-joined')));
      this.#on(connection, 'message', message => (!among || isServers(message)) && this.#commands.receive(message));
      this.#on(connection, 'lost', () => this.#onLost());
      this.#on(connection, 'resumed', () => this.#onResumed());
      this.#on(connection, 'session-lost', () => this.#rejoin());
      connection.open();
    });
  }

  /** Listens as long as this connection is the meeting's. @param {Connection} connection @param {string} type @param {(detail: any) => void} listener */
  #on(connection, type, listener) {
    connection.addEventListener(type, event => {
      if (connection === this.#connection)
        listener(/** @type {CustomEvent} */ (event).detail);
    });
  }

  /** A host is asked. @param {Message | null} message null: the server cannot be reached just now */
  #onWaiting(message) {
    this.ticket?.spend();
    this.room = titled({ ...this.room, ...message?.room }, this.#gathering);
    this.#waiting = { hosts: message?.hosts ?? this.#waiting?.hosts ?? false, lost: message === null };
    this.#media?.close(); // who waits outside is neither heard nor seen
    this.#setStatus('waiting');
    this.#emit('waiting');
    if (message && kindOf(message.room.kind).peers)
      void this.#knockNames.introduce(message.knock, this.#name).then(sealed => sealed && this.#connection?.introduce(message.knock, sealed));
  }

  /** What the server does elsewhere is done among the people. @param {Message} joined @returns {Message} with what it does not know */
  #beginAmong(joined) {
    const { self, room, people, host, may } = joined;
    const gathering = this.#gathering ??= new Gathering({
      receive: message => this.#commands.receive(message),
      entitled: title => this.#onEntitled(title),
      now: () => this.now,
    });
    const { raw, again } = /** @type {import('./reload.js').SigningKey} */ (this.#sign);
    const author = authorOf(raw);
    this.#sharing.beginAmong(gathering, { self, author, meeting: `${room.id} ${this.#stays}`, name: this.#name });
    gathering.begin({ self, author, again, name: this.#name, title: new KeptLinks().titleOf(room.id), state: this.#sending.state });
    return { ...seatOf(joined), people: people.map((/** @type {import('./person.js').PersonInfo} */ info) => gathering.complete(info)), may: [...may, ...gathering.may(host)] };
  }

  /** @param {string} title */
  #onEntitled(title) {
    if (this.room)
      this.room = { ...this.room, title };
    this.#emit('status');
  }

  /** @param {Message} joined @param {Awaited<ReturnType<typeof makeCertificate>>} certificate */
  #onJoined(joined, certificate) {
    const among = kindOf(joined.room.kind).peers;
    this.#media?.close(); // of the seat before
    this.#clockOffset = joined.now - Date.now();
    const message = among ? this.#beginAmong(joined) : joined;
    const { self, room, people, host, role, ice, now } = message;
    this.room = titled({ ...this.room, ...room }, this.#gathering);
    this.joinedAt ??= Date.now();
    this.#waiting = null;
    this.#floor.restart(message);
    this.#forum.restart({ ...message, spotlight: this.#commands.spotlightAt(message) });
    const recording = this.#recording.restart(room.media === 'sfu' ? message : { ...message, recording: undefined });
    const stage = room.media !== 'sfu' || role !== 'viewer';
    const wasOnStage = this.self?.stage ?? false;
    const hand = this.self?.hand ?? 0;
    if (!stage || this.#recording.silenced)
      this.#sending.drop();
    const { mic, camera } = this.#sending.state;
    const own = this.#roster.sit({ id: self, name: this.#name, host, role, mic, camera, screen: false, away: false, stage });
    if (room.media === 'sfu')
      this.#sfu = this.#makeSfu(message, own);
    else
      this.#mesh = this.#makeMesh(message, certificate, own);
    const changed = this.#roster.restart(people);
    this.#roster.showOwn(this.#sending);
    if (!among)
      this.#sharing.begin(message, this.#name);
    this.#turn.plan(ice.expires - now);
    this.#setStatus('joined');
    this.#emit('people', changed);
    if (wasOnStage && !stage)
      this.#emit('stage', { person: own });
    this.#emit('recording', { before: recording });
    if (this.#sending.state.screen || mic !== this.#joinedWith.mic || camera !== this.#joinedWith.camera)
      void this.#sending.tell();
    if (hand > 0)
      void this.raiseHand(true);
  }

  /** @param {Person} self */
  #carried(self) {
    return { self, tracks: this.#sending.tracks, live: () => this.#connection?.live ?? false, emit: (/** @type {string} */ type, /** @type {any} */ detail) => this.#emit(type, detail) };
  }

  /** @param {Message} joined @param {Awaited<ReturnType<typeof makeCertificate>>} certificate @param {Person} self */
  #makeMesh(joined, certificate, self) {
    const { room, secret } = this.link;
    if (!this.#keys || !this.#sign || !secret)
      throw new TypeError('joined without keys');
    const { meeting, room: { orders, generation } } = joined;
    const [{ kAuth }, sign] = [this.#keys, this.#sign];
    this.#commands.begin({ link: this.link, kAuth, sign, kept: this.#keptOrders, keyOf: person => this.#mesh?.signOf(person) ?? null, isHere: person => this.#mesh?.isHere(person) ?? false }, { self: joined.self, meeting, orders, generation });
    return makeMesh(joined, {
      ...this.#carried(self), link: { room, secret }, kAuth, certificate, sign, gathering: this.#gathering, marks: this.#marks, rotation: this.#commands.rotation,
      relay: (to, data) => this.#connection?.relay(to, data) ?? false,
    });
  }

  /** @param {Message} joined @param {Person} self */
  #makeSfu(joined, self) {
    const sfu = makeSfu(joined, { ...this.#carried(self), sounds: this.sounds, request: (type, members) => this.#request(type, members), networkLost: this.#onNetworkChange });
    sfu.show(this.#shown.tiles, this.#shown.front);
    return sfu;
  }

  /** The server was started anew: nothing changes between the browsers. @param {Message} joined */
  #onReopened(joined) {
    const { people, ice, now, host, may } = joined;
    const fresh = this.#gathering === null; // what the server knew of the meeting is over with it
    const { lobby, locked } = this.#floor;
    this.#clockOffset = now - Date.now();
    this.#unknown = 0;
    this.#waiting = null;
    this.#floor.restart({ ...fresh ? joined : seatOf(joined), may: [...may, ...this.#gathering?.may(host) ?? []] });
    if (fresh)
      this.#forum.restart({ ...joined, spotlight: this.#commands.spotlightAt(joined) });
    this.#commands.resume(joined);
    if (this.#mesh)
      this.#mesh.ice = ice;
    this.#turn.plan(ice.expires - now);
    this.#roster.setOwnRole(this.#floor);
    this.#roster.resume(people.map((/** @type {import('./person.js').PersonInfo} */ info) => this.#complete(info)));
    this.#onResumed();
    if (fresh) {
      this.#sharing.begin(joined, this.#name);
      void this.#sending.tell();
      void this.#roster.raiseHandAgain(() => this.#status === 'joined');
    }
    if (this.#floor.leads)
      void this.hosting.restore(this.#floor, { lobby, locked });
  }

  /** What carries the media. */
  get #media() {
    return this.#mesh ?? this.#sfu;
  }

  /** The seat is gone: take another one, with new pairs. */
  #rejoin() {
    const same = this.#mesh?.open === true && this.#receipts.newest !== null;
    this.#setStatus('reconnecting');
    this.#rejoining = true;
    if (!same)
      this.#media?.close();
    this.#turn.stop();
    this.#connect(this.#connection?.token ?? null, same).catch(error => {
      if (this.#status !== 'reconnecting' && this.#status !== 'waiting')
        return;
      const id = error instanceof ConclaveError ? error.id : 'link-unsupported';
      if (PASSING.has(id) || (same && this.#gathering !== null && id === 'unknown-room' && this.#unknown++ < MAX_UNKNOWN))
        this.#rejoinTimer = setTimeout(() => this.#rejoin(), REJOIN_WAIT);
      else
        this.#end('failed', id);
    });
  }

  // ---- what the server says

  /** What has been ordered, where that matters. @param {Message} message */
  #receive(message) {
    if (!this.#connection)
      return; // it is over meanwhile
    switch (message.type) {
      case 'person-joined': this.#roster.join(this.#complete(message.person)); break;
      case 'person-changed': this.#roster.change(this.#complete(message.person)); break;
      case 'person-left': this.#roster.leave(message.person, message.reason); break;
      case 'relay': this.#mesh?.receive(message.from, message.data); break;
      case 'relay-failed': this.#mesh?.interrupted(message.to); break;
      case 'ended': this.#end('ended', message.reason); break;
      case 'stopped': this.#onStopped(message.what, message.by); break;
      case 'recording': this.#sfu && this.#onRecording(message); break;
      case 'reactions': this.#emit('reactions', readReactions(message)); break;
      case 'requested': this.#emit('requested', { what: message.what, by: this.people.get(message.by ?? '') ?? null }); break;
      case 'removed': this.#onRemoved(message.by); break;
      case 'knocks': this.#onKnocks(message); break;
      default: this.#onRoomMessage(message); break;
    }
  }

  /** @param {import('./person.js').PersonInfo} info */
  #complete(info) {
    return this.#gathering?.complete(info) ?? info;
  }

  /** @param {Message} said */
  #onRoomMessage(said) {
    const among = said.type === 'role' ? this.#gathering?.may(said.role === 'host' || said.role === 'cohost') : null;
    const message = among ? { ...said, may: [...said.may, ...among] } : said;
    this.#sfu?.receive(message);
    this.#floor.receive(message);
    this.#forum.receive(message);
    this.#sharing.receive(message);
  }

  /** Off the record their names are sealed. @param {Message} message */
  #onKnocks({ type, knocks }) {
    const seat = this.#connection;
    const show = (/** @type {import('./floor.js').Knock[]} */ named) => seat === this.#connection && this.#floor.receive({ type, knocks: named });
    void (this.#gathering ? this.#knockNames.receive(knocks, show) : show(knocks));
  }

  /** Links of before are of no use any more; this one goes on. @param {import('./rotation.js').Generation} next @param {string} by @param {readonly string[]} members */
  #onRotated(next, by, members) {
    exchangeSecret(this.link, next.secret, this.#storage);
    new KeptLinks().exchange(this.link);
    this.#keys = { kHost: null, ...this.#keys, kAuth: next.kAuth, kJoin: next.kJoin };
    this.#mesh?.rotate(next, members);
    void this.#receipts.renew();
    this.#emit('rotated', { by: this.people.get(by) ?? null });
  }

  /** @param {string | null} by */
  #onRemoved(by) {
    this.removedBy = this.people.get(by ?? '')?.name ?? null;
    this.#end('ended', 'removed');
  }

  /** A host has turned off what this side sends. @param {'microphone' | 'camera' | 'screen'} what @param {string | null} by */
  #onStopped(what, by) {
    this.#sending.turnOff(what);
    this.#emit('stopped', { what, by: by === null ? null : this.people.get(by) ?? null });
  }

  /** @param {Message} message */
  #onRecording(message) {
    const { silenced } = this.#recording;
    const before = this.#recording.receive(message);
    if (this.#recording.silenced && !silenced)
      this.#sending.stop();
    this.#roster.showUnrecorded();
    this.#emit('recording', { before });
  }

  #onLost() {
    this.#rejoining = false;
    this.documents.pause();
    this.#media?.socketLost();
    this.#setStatus('reconnecting');
  }

  #onResumed() {
    this.#setStatus('joined');
    this.documents.resume();
    this.#media?.socketBack(this.#networkChanged);
    this.#networkChanged = false;
  }

  /** @param {string | null} id */
  #onClosed(id) {
    if (id && !PASSING.has(id))
      this.ticket?.spend();
    if (this.#status !== 'joined' && !(this.#status === 'reconnecting' && !this.#rejoining))
      return; // `join` and `#rejoin` see to it
    if (id === 'elsewhere')
      this.#end('ended', 'elsewhere');
    else if (id)
      this.#end('failed', id);
  }

  // ---- what this side says

  /** @param {RequestType} type @param {object} [members] */
  #request(type, members) {
    if (this.#gathering && !isForServer(type))
      return this.#gathering.request(type, members);
    return this.#connection?.request(type, members) ?? Promise.reject(new ConclaveError('not-joined'));
  }

  // ---- the page's life

  #onNetworkChange = () => {
    this.#networkChanged = true;
    this.#connection?.reconnect();
  };

  #onLeaving() {
    const connection = this.#connection;
    if (!connection || !this.#sign)
      return;
    handOver(this.link.room, this.#storage, { token: connection.token, sign: this.#sign.jwk, orders: this.#commands.kept, verified: this.#marks.kept });
    void connection.request('leave').catch(() => {});
  }

  /** @param {'ended' | 'failed'} status @param {string} reason */
  #end(status, reason) {
    const connection = this.#connection;
    this.#connection = null;
    connection?.close();
    this.#turn.stop();
    clearTimeout(this.#rejoinTimer);
    this.#page.stop();
    this.#receipts.stop();
    this.#roster.end();
    this.setScreen(null);
    this.documents.end();
    this.#media?.close();
    this.#gathering?.end();
    this.#setStatus(status, reason);
  }

  /** @param {Status} status @param {string | null} [reason] */
  #setStatus(status, reason = null) {
    if (status === this.#status && reason === this.#reason)
      return;
    this.#status = status;
    this.#reason = reason;
    this.#emit('status');
  }

  /** @param {string} type @param {any} [detail] */
  #emit(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
