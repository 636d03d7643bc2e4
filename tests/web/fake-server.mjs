// A small server of PROTOCOL.md, section 4, for tests of the client: seats, numbers both ways, resume, relay, what is shared; with `stage`
// also what a Classroom adds, its media process being only pretended; roles, a lobby and what hosts do in either.
// It holds the client to the contract (gaps, unknown ids and late acks are recorded in `faults`) and delivers at once.
// `FakeSocket` is a WebSocket to it that a test can cut; a real socket works too (`server.accept`).

const KEPT = 1000;
const HOSTS = ['remove', 'stop', 'start', 'mute-all', 'spotlight', 'stage', 'lower', 'request', 'lobby', 'lock', 'admit', 'deny', 'record', 'watch-stats', 'resolve'];
const ALL = ['state', 'change', 'poll-vote', 'whisper', 'hand', 'react', 'rename', 'ask', 'vote', 'consent'];
const RIGHTS = { message: ['create', 'own'], reaction: ['create', 'own'] };
const UNSEEN = ['turn', 'receipt', 'leave'];
const MAY = { viewer: ALL, person: ALL, cohost: [...ALL, ...HOSTS], host: [...ALL, ...HOSTS, 'end', 'role'] };

export class FakeServer {
  faults = [];
  seats = new Map();
  people = [];
  /** Operations, as they were taken. */ shared = [];
  #next = 0;
  #at = 0;

  /** What was asked of a room with a media server. */
  asked = [];
  questions = [];
  spotlight = null;
  ready = true;
  /** The room allows recording; what a newcomer is told of one. */
  /** What it says with `joined` besides. */ lies = {};
  mayRecord = false;
  recording = null;
  /** Who comes knocks, or does not come in at all. */
  lobby = false;
  locked = false;
  /** @type {{ knock: string, message: object, link: object, since: number }[]} */ waiting = [];
  /** What lies beside a room whose media go from browser to browser. @type {unknown} */ orders = null;
  /** Those that were used. */ tickets = new Set();
  /** The room is not known any more, to who has no receipt. */ forgotten = false;
  /** How often it was started anew. */ life = 0;
  /** Words of visitors who were removed. */ removed = new Set();
  /** Error ids of what is refused, by type. @type {Map<string, string>} */
  refused = new Map();

  constructor({ ice = { servers: [], relay_only: false, expires: 0 }, onText = null, stage = false, otr = false } = {}) {
    /** Off the record: it takes no names and no words. */
    this.otr = otr;
    this.ice = ice;
    this.onText = onText;
    this.stage = stage;
  }

  /** The texts of all messages, as they came. */
  get said() {
    return this.shared.filter(({ f }) => f.text !== undefined).map(({ f }) => f.text);
  }

  get viewers() {
    return this.people.filter(({ person }) => person.stage === false).length;
  }

  /** @param {{ send(text: string): void, close(code: number): void }} socket @returns {(text: string) => void} takes what comes */
  accept(socket) {
    const link = { socket, seat: null };
    return text => {
      const message = JSON.parse(text);
      this.onText?.(message, link);
      this.#onMessage(link, message);
    };
  }

  #onMessage(link, message) {
    if (message.type === 'join')
      this.#onKnock(link, message);
    else if (link.knock && message.type === 'pong')
      return;
    else if (message.type === 'introduce')
      this.#onIntroduce(link, message);
    else if (message.type === 'resume')
      this.#onResume(link, message);
    else if (!link.seat || link.seat.link !== link)
      this.faults.push(`${message.type} without a seat`);
    else
      this.#onSeated(link.seat, message);
  }

  /** Hosts and whoever was in come in at once. */
  #onKnock(link, message) {
    if (this.forgotten && !message.receipt) {
      this.refuse(link, 'unknown-room');
      return;
    }
    this.forgotten = false;
    const known = Boolean(message.host_key) || this.#isOfBefore(message.receipt) || this.people.includes(this.seats.get(message.replaces));
    if (message.ticket === undefined ? message.key === undefined : this.tickets.has(message.ticket)) {
      this.refuse(link, message.ticket === undefined ? 'wrong-key' : 'bad-ticket');
      return;
    }
    if (message.ticket !== undefined)
      this.tickets.add(message.ticket);
    if (this.removed.has(message.visitor) && !message.host_key)
      this.refuse(link, 'removed');
    else if (this.locked && !known)
      this.refuse(link, 'locked');
    else if (this.lobby && !known)
      this.#wait(link, message);
    else
      this.#onJoin(link, message);
  }

  /** Was in when the server was killed. */
  #isOfBefore(receipt) {
    return receipt !== undefined && !receipt.startsWith(`receipt-${this.life}-`);
  }

  refuse(link, error) {
    link.socket.send(JSON.stringify({ type: 'error', error, text: '' }));
    link.socket.close(1008);
  }

  #wait(link, message) {
    link.knock = `q${String(this.#next++).padStart(12, 'a').replace(/\d/g, digit => 'abcdefghij'[Number(digit)])}`;
    this.waiting.push({ knock: link.knock, message, link, since: Date.now() });
    this.#tellKnocks();
  }

  #onIntroduce(link, { sealed }) {
    const entry = this.waiting.find(({ knock }) => knock === link.knock);
    if (!this.otr || !entry || entry.sealed)
      this.faults.push('introduced in vain');
    else
      entry.sealed = sealed;
    this.#tellKnocks();
  }

  /** Who waits is told whether there is a host, hosts who waits. */
  #tellKnocks() {
    const hosts = this.people.filter(({ person }) => person.host);
    for (const { knock, link } of this.waiting)
      link.socket.send(JSON.stringify({ type: 'waiting', knock, room: { id: 'abcdefghijkm', kind: this.otr ? 'otr' : 'standard', title: this.otr ? '' : 'Test' }, hosts: hosts.length > 0 }));
    for (const host of hosts)
      this.#say(host, { type: 'knocks', knocks: this.waiting.map(({ knock, message, sealed, since }) => ({ knock, name: message.name ?? '', ...(sealed && { sealed }), since, mark: '' })) });
  }

  /** @param {string | null} wanted null: everybody */
  #answerKnocks(wanted, act) {
    const answered = this.waiting.filter(({ knock }) => wanted === null || knock === wanted);
    this.waiting = this.waiting.filter(entry => !answered.includes(entry));
    answered.forEach(({ link, message }) => act(link, message));
    this.#tellKnocks();
  }

  #onJoin(link, { name, mic, camera, visitor, host_key: hostKey, replaces, receipt, same_seat: same }) {
    const old = replaces && this.seats.get(replaces);
    if (this.people.includes(old))
      this.#leave(old, 'replaced');
    const id = same && this.#isOfBefore(receipt) ? receipt.split('-')[2] : `p${(this.#next++).toString(2).padStart(12, 'a').replaceAll('0', 'b').replaceAll('1', 'c')}`;
    const role = hostKey ? 'host' : old?.person.role ?? (this.stage ? 'viewer' : 'person');
    const host = role === 'host' || role === 'cohost';
    const person = { id, name, host, role, mic, camera, screen: false, away: false, hand: 0, ...(this.stage && { stage: host }) };
    link.knock = null;
    const seat = { person, visitor, link, seq: 0, kept: [], lastId: 0, replies: new Map(), tokens: [] };
    link.seat = seat;
    const token = this.#token(seat);
    const others = this.people.map(other => other.person).filter(other => sees(person, other));
    for (const other of this.people.filter(other => sees(other.person, person)))
      this.#number(other, { type: 'person-joined', person });
    this.people.push(seat);
    const room = { id: 'abcdefghijkm', kind: this.otr ? 'otr' : 'standard', title: this.otr ? '' : 'Test', max_people: 8, ...(this.orders && { orders: JSON.stringify(this.orders) }) };
    this.#say(seat, {
      type: 'joined', self: id, token, ...(!this.stage && { receipt: `receipt-${this.life}-${id}` }), room, meeting: this.meeting, host: person.host, people: others, ice: this.ice, now: Date.now(),
      role, may: this.otr ? UNSEEN : MAY[role], rights: this.otr ? {} : RIGHTS,
      model: this.otr ? null : { clock: Math.max(0, ...this.shared.map(({ c }) => c)), more: this.shared.length > 0, was: old ? [old.person.id] : [], votes: {} }, floor: { lobby: this.lobby, locked: this.locked },
      ...(this.stage && {
        room: { ...room, kind: 'classroom', media: 'sfu', recording: this.mayRecord }, ...(this.recording && { recording: this.recording }), media: { ready: this.ready, audio_slots: 6, video_slots: 17 },
        viewers: this.viewers, spotlight: this.spotlight, questions: this.questions,
      }),
      ...this.lies,
    });
    if (this.shared.length > 0)
      this.#number(seat, { type: 'model', ops: this.shared, more: false });
    if (this.lobby)
      this.#tellKnocks();
  }

  #onResume(link, { token, seq }) {
    const seat = this.seats.get(token);
    if (!seat || !this.people.includes(seat)) {
      link.socket.send(JSON.stringify({ type: 'error', error: 'session-lost', text: '' }));
      link.socket.close(1008);
      return;
    }
    const before = seat.link;
    seat.link = link;
    link.seat = seat;
    if (before?.socket && before !== link)
      before.socket.close(4001);
    seat.kept = seat.kept.filter(message => message.seq > seq);
    this.#say(seat, { type: 'resumed', token: this.#token(seat), last_id: seat.lastId });
    for (const message of seat.kept)
      this.#say(seat, message);
    this.#setAway(seat, false);
  }

  #onSeated(seat, message) {
    seat.tokens.splice(0, seat.tokens.length - 1).forEach(token => this.seats.delete(token));
    if (message.type === 'ack') {
      if (message.seq > seat.seq)
        this.faults.push(`ack of ${message.seq}, said ${seat.seq}`);
      seat.kept = seat.kept.filter(({ seq }) => seq > message.seq);
    } else if (message.type === 'relay') {
      this.#relay(seat, message);
    } else if (message.type !== 'pong') {
      this.#onNumbered(seat, message);
    }
  }

  #onNumbered(seat, message) {
    if (message.id <= seat.lastId)
      return;
    if (message.id !== seat.lastId + 1) {
      this.faults.push(`${message.type} ${message.id} after ${seat.lastId}`);
      return;
    }
    seat.lastId = message.id;
    const { person } = seat;
    const error = this.refused.get(message.type);
    if (error) {
      this.#number(seat, { type: 'error', re: message.id, error, text: '' });
      return;
    }
    if (message.type === 'change') {
      const ops = message.ops.map(op => ({ ...op, f: { ...op.f, from: person.id, name: person.name, at: this.#at = Math.max(Date.now(), this.#at + 1) } }));
      this.shared.push(...ops);
      this.#broadcast({ type: 'changes', ops });
    } else if (message.type === 'whisper') {
      const whisper = { type: 'whisper', from: person.id, name: person.name, to: message.to, text: message.text, at: Date.now() };
      [seat, ...this.people.filter(other => other.person.id === message.to)].forEach(one => this.#number(one, whisper));
    } else if (message.type === 'state') {
      Object.assign(person, { mic: message.mic, camera: message.camera, screen: message.screen });
      this.#broadcast({ type: 'person-changed', person });
    }
    this.asked.push(message);
    if (this.otr && ![...UNSEEN, 'remove', 'end', 'admit', 'deny'].includes(message.type))
      this.faults.push(`${message.type} where nothing is heard`);
    if (!MAY[person.role].includes(message.type) && !['turn', 'receipt', 'leave', 'offer', 'view'].includes(message.type)) {
      this.#number(seat, { type: 'error', re: message.id, error: 'not-allowed', text: '' });
      return;
    }
    this.#onFloor(seat, message);
    if (this.stage)
      this.#onRoom(seat, message);
    this.#number(seat, this.#reply(seat, message));
    if (message.type === 'leave')
      this.#leave(seat, 'left');
    if (message.type === 'end')
      this.end('host');
  }

  #reply({ person }, message) {
    if (message.type === 'receipt')
      return { type: 'receipt', re: message.id, receipt: `receipt-${this.life}-${person.id}` };
    if (message.type === 'turn')
      return { type: 'turn', re: message.id, ice: this.ice };
    if (message.type === 'offer')
      return { type: 'answer', re: message.id, sdp: `answer to ${message.id}` };
    return { type: 'ok', re: message.id };
  }

  /** What there is in each kind of room. */
  #onFloor(seat, message) {
    const { person } = seat;
    const order = message.order === undefined ? {} : { order: message.order };
    const other = this.people.find(({ person: { id } }) => id === message.person);
    switch (message.type) {
      case 'hand': this.change(seat, { hand: message.up ? Date.now() : 0 }); break;
      case 'lower': this.change(other, { hand: 0 }); break;
      case 'rename': this.change(other ?? seat, { name: message.name }); break;
      case 'react': this.tell({ type: 'reactions', counts: { [message.what]: 1 }, people: [{ person: person.id, what: message.what }] }); break;
      case 'request': this.#number(other, { type: 'requested', what: message.what, by: person.id, ...order }); break;
      case 'role': this.#appoint(seat, other, message.role, order); break;
      case 'remove': this.#remove(seat, other, order); break;
      case 'admit': this.#answerKnocks(message.knock, (link, join) => this.#onJoin(link, join)); break;
      case 'deny': this.#answerKnocks(message.knock, link => this.refuse(link, 'denied')); break;
      case 'lobby': case 'lock': this.#setFloor(message); break;
      case 'stop': this.#number(other, { type: 'stopped', what: message.what, by: person.id, ...order }); break;
      case 'spotlight':
        this.spotlight = message.person;
        this.#broadcast({ type: 'spotlight', person: message.person, ...order });
        break;
      default: break;
    }
  }

  #setFloor({ type, on }) {
    this[type === 'lock' ? 'locked' : 'lobby'] = on;
    this.#broadcast({ type: 'floor', lobby: this.lobby, locked: this.locked });
  }

  #appoint(seat, other, role, order) {
    if (role === 'host')
      this.#setRole(seat, 'cohost', {});
    this.#setRole(other, role, order);
  }

  #setRole(seat, role, order) {
    Object.assign(seat.person, { role, host: role === 'host' || role === 'cohost' });
    for (const other of this.people.filter(({ person }) => sees(person, seat.person)))
      this.#number(other, { type: 'person-changed', person: seat.person, ...order });
    this.#number(seat, { type: 'role', role, may: MAY[role], ...order });
    if (seat.person.host)
      this.#tellKnocks();
  }

  #remove(seat, other, order) {
    this.removed.add(other.visitor);
    this.#number(other, { type: 'removed', by: seat.person.id, ...order });
    this.#leave(other, 'removed', order);
  }

  /** What a Classroom adds. */
  #onRoom(seat, message) {
    const { person } = seat;
    if (message.type === 'stage') {
      const other = this.people.find(({ person: { id } }) => id === message.person);
      this.change(other, { stage: message.on, hand: 0 });
    } else if (message.type === 'ask') {
      this.questions.push({ n: this.questions.length + 1, from: person.id, name: person.name, text: message.text, at: Date.now(), votes: 0, mine: false, resolved: false });
      this.#broadcast({ type: 'question', question: this.questions.at(-1) });
    } else if (message.type === 'vote' || message.type === 'resolve') {
      const question = this.questions[message.question - 1];
      Object.assign(question, message.type === 'vote' ? { votes: question.votes + 1 } : { resolved: true });
      this.#broadcast({ type: 'question', question });
    }
  }

  /** Members of a person that the server decides on; whoever did not see them before is told that they are there. */
  change(seat, changes) {
    const before = { ...seat.person };
    Object.assign(seat.person, changes);
    for (const other of this.people) {
      if (other === seat || (sees(other.person, seat.person) && sees(other.person, before)))
        this.#number(other, { type: 'person-changed', person: seat.person });
      else if (sees(other.person, seat.person))
        this.#number(other, { type: 'person-joined', person: seat.person });
      else if (sees(other.person, before))
        this.#number(other, { type: 'person-left', person: seat.person.id, reason: 'left' });
    }
  }

  /** To one, or to everybody; numbered or not, as the type has it. */
  tell(message, seat = null, numbered = false) {
    for (const other of seat ? [seat] : this.people) {
      if (numbered)
        this.#number(other, message);
      else
        this.#say(other, message);
    }
  }

  #relay(seat, { to, data }) {
    const other = this.people.find(({ person }) => person.id === to);
    if (other?.link)
      this.#say(other, { type: 'relay', from: seat.person.id, data });
    else
      this.#say(seat, { type: 'relay-failed', to, error: other ? 'away' : 'unknown-person' });
  }

  /** The server noticed that a socket is gone. */
  gone(socket) {
    this.waiting = this.waiting.filter(({ link }) => link.socket !== socket);
    for (const seat of this.people) {
      if (seat.link?.socket === socket) {
        seat.link = null;
        this.#setAway(seat, true);
      }
    }
  }

  /** Off the record it goes on over a restart, under its id. */
  get meeting() {
    return `maaaaaaaaaaa${this.otr ? 'a' : 'abcd'[this.life]}`;
  }

  /** Killed and started anew: no seat is known, nor, off the record, the room; elsewhere another meeting begins. */
  restart() {
    const sockets = this.people.map(({ link }) => link?.socket);
    this.seats.clear();
    this.people = [];
    this.forgotten = this.otr;
    this.shared = [];
    this.life++;
    sockets.forEach(socket => socket?.close(1006));
  }

  /** Gives up a seat, as 60 s after its socket was lost. */
  expire(seat) {
    this.#leave(seat, 'lost');
  }

  end(reason) {
    for (const seat of [...this.people]) {
      this.#number(seat, { type: 'ended', reason });
      this.people = this.people.filter(other => other !== seat);
      seat.link?.socket.close(1000);
    }
  }

  #leave(seat, reason, order = {}) {
    this.people = this.people.filter(other => other !== seat);
    this.#broadcast({ type: 'person-left', person: seat.person.id, reason, ...order });
    seat.link?.socket.close(1000);
  }

  #setAway(seat, away) {
    if (seat.person.away === away)
      return;
    seat.person.away = away;
    for (const other of this.people) {
      if (other !== seat)
        this.#number(other, { type: 'person-changed', person: seat.person });
    }
  }

  #broadcast(message) {
    for (const seat of this.people)
      this.#number(seat, message);
  }

  #number(seat, message) {
    const numbered = { ...message, ...(message.person?.id && { person: { ...message.person } }), seq: ++seat.seq };
    seat.kept.push(numbered);
    if (seat.kept.length > KEPT)
      this.faults.push('too much kept');
    this.#say(seat, numbered);
  }

  #say(seat, message) {
    seat.link?.socket.send(JSON.stringify(message));
  }

  #token(seat) {
    const token = `token-${this.#next++}`;
    seat.tokens.push(token);
    this.seats.set(token, seat);
    return token;
  }
}

/** Those who only watch are shown to hosts. */
const sees = (viewer, person) => viewer.host || person.stage !== false;

/** A class like WebSocket whose sockets lead to a server; `hook` may cut one at any message of either direction, or lose the message. */
export function fakeSockets(server, hook = () => 'pass') {
  return class FakeSocket {
    static all = [];
    readyState = 0;
    onopen = null;
    onmessage = null;
    onclose = null;
    #toServer = null;
    #end = null;

    constructor(url, protocol) {
      this.url = url;
      this.protocol = protocol;
      FakeSocket.all.push(this);
      queueMicrotask(() => {
        if (this.readyState !== 0)
          return;
        if (hook('open', '', this) === 'cut') {
          this.cut();
          return;
        }
        this.readyState = 1;
        this.#end = { send: text => this.#deliver(text), close: code => queueMicrotask(() => this.#shut(code)) };
        this.#toServer = server.accept(this.#end);
        this.onopen?.();
      });
    }

    send(text) {
      const verdict = hook('up', text, this);
      if (verdict === 'lose')
        return;
      if (verdict !== 'cut')
        this.#toServer(text);
      if (verdict !== 'pass')
        this.cut();
    }

    close() {
      this.#shut(1005);
    }

    /** The network is gone: both ends learn of it, nothing on the way arrives. */
    cut() {
      this.#shut(1006);
    }

    #deliver(text) {
      queueMicrotask(() => {
        if (this.readyState !== 1)
          return;
        const verdict = hook('down', text, this);
        if (verdict === 'lose')
          return;
        if (verdict !== 'cut')
          this.onmessage?.({ data: text });
        if (verdict !== 'pass')
          this.cut();
      });
    }

    #shut(code) {
      if (this.readyState === 3)
        return;
      this.readyState = 3;
      queueMicrotask(() => this.onclose?.({ code }));
      server.gone(this.#end);
    }
  };
}
