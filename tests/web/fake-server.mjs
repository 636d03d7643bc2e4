// A small server of PROTOCOL.md, section 4, for tests of the client: seats, numbers both ways, resume, relay, chat.
// It holds the client to the contract (gaps, unknown ids and late acks are recorded in `faults`) and delivers at once.
// `FakeSocket` is a WebSocket to it that a test can cut; a real socket works too (`server.accept`).

const KEPT = 1000;

export class FakeServer {
  faults = [];
  seats = new Map();
  people = [];
  chat = [];
  #next = 0;

  constructor({ ice = { servers: [], relay_only: false, expires: 0 }, onText = null } = {}) {
    this.ice = ice;
    this.onText = onText;
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
      this.#onJoin(link, message);
    else if (message.type === 'resume')
      this.#onResume(link, message);
    else if (!link.seat || link.seat.link !== link)
      this.faults.push(`${message.type} without a seat`);
    else
      this.#onSeated(link.seat, message);
  }

  #onJoin(link, { name, mic, camera, host_key: hostKey, replaces }) {
    const old = replaces && this.seats.get(replaces);
    if (old)
      this.#leave(old, 'replaced');
    const id = `p${(this.#next++).toString(2).padStart(12, 'a').replaceAll('0', 'b').replaceAll('1', 'c')}`;
    const person = { id, name, host: Boolean(hostKey), mic, camera, screen: false, away: false };
    const seat = { person, link, seq: 0, kept: [], lastId: 0, replies: new Map(), tokens: [] };
    link.seat = seat;
    const token = this.#token(seat);
    const others = this.people.map(other => other.person);
    this.#broadcast({ type: 'person-joined', person });
    this.people.push(seat);
    this.#say(seat, {
      type: 'joined', self: id, token, room: { id: 'abcdefghijkm', kind: 'standard', title: 'Test', max_people: 8 },
      meeting: 'maaaaaaaaaaaa', host: person.host, people: others, chat: this.chat, ice: this.ice, now: Date.now(),
    });
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
    if (message.type === 'chat') {
      const entry = { n: this.chat.length + 1, from: person.id, name: person.name, text: message.text, at: Date.now() };
      this.chat.push(entry);
      this.#broadcast({ type: 'chat', message: entry });
    } else if (message.type === 'state') {
      Object.assign(person, { mic: message.mic, camera: message.camera, screen: message.screen });
      this.#broadcast({ type: 'person-changed', person });
    }
    this.#number(seat, message.type === 'turn' ? { type: 'turn', re: message.id, ice: this.ice } : { type: 'ok', re: message.id });
    if (message.type === 'leave')
      this.#leave(seat, 'left');
    if (message.type === 'end')
      this.end('host');
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
    for (const seat of this.people) {
      if (seat.link?.socket === socket) {
        seat.link = null;
        this.#setAway(seat, true);
      }
    }
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

  #leave(seat, reason) {
    this.people = this.people.filter(other => other !== seat);
    this.#broadcast({ type: 'person-left', person: seat.person.id, reason });
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

/** A class like WebSocket whose sockets lead to a server; `hook` may cut one at any message of either direction. */
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
