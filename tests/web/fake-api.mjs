// The server's HTTP interface for accounts, rooms and events as PROTOCOL.md, section 3, has it, in memory: for tests and for the demo.
// Only what a client can tell from outside: statuses, ids, who may what. Dates of events are those of repeat.js, which the client tests
// against examples of their own.

import { datesOf } from '../../data/web/core/repeat.js';
import { instantOf } from '../../data/web/core/zones.js';

const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const LEAST_PASSWORD = 10;

/** @param {number} status @param {string} error */
const problem = (status, error) => ({ status, body: { error, text: error } });

export class FakeApi {
  /** Who is signed in at the one browser there is: an account's or a key's id. @type {string | null} */ who = null;
  /** @type {any[]} */ users = [];
  /** @type {any[]} */ rooms = [];
  /** @type {any[]} */ events = [];
  /** @type {any[]} */ signIns = [];
  /** Codes that sign in once. @type {Map<string, string>} */ codes = new Map();
  /** @type {Map<string, { role: string, name: string }>} */ keys = new Map();
  anyoneMayCreate = true;
  /** Where else one can sign in. @type {string | null} */ elsewhere = null;
  /** What people dial; null: the server cannot be called. @type {string[] | null} */ numbers = null;
  /** Each request that came. @type {{ method: string, path: string, body: any }[]} */ asked = [];
  /** What fails next, whatever it is. @type {{ status: number, error: string } | null} */ failure = null;
  #count = 0;
  #byCode = false;
  #now;
  #origin;

  /** @param {{ now?: () => number, origin?: string }} [options] */
  constructor({ now = Date.now, origin = 'https://conclave.test' } = {}) {
    this.#now = now;
    this.#origin = origin;
  }

  /** @param {string} prefix */
  #id(prefix) {
    let n = ++this.#count;
    let id = '';
    for (let i = 0; i < 12; i++, n = Math.floor(n / 32))
      id = ALPHABET[n % 32] + id;
    return prefix + id;
  }

  /** @param {{ login: string, name?: string, role?: string, password?: string | null }} user */
  addUser({ login, name = login, role = 'host', password = null }) {
    const user = { id: this.#id('u'), login, name, role, password, created: this.#now(), last_seen: null, disabled: false };
    this.users.push(user);
    return user;
  }

  /** In place of `fetch`. @type {any} */
  fetch = async (/** @type {string} */ url, /** @type {any} */ { method = 'GET', body } = {}) => {
    const { status, body: answer, text } = this.answer(method, new URL(url, this.#origin), body === undefined ? {} : JSON.parse(body));
    return { ok: status < 400, status, json: async () => structuredClone(answer), text: async () => text ?? JSON.stringify(answer) };
  };

  /** @param {string} method @param {URL} url @param {any} body @returns {{ status: number, body?: any, text?: string }} */
  answer(method, url, body) {
    const path = url.pathname.replace('/api/v1', '');
    this.asked.push({ method, path, body });
    if (this.failure) {
      const { status, error } = this.failure;
      return problem(status, error);
    }
    const [, what, id, more] = path.split('/');
    switch (what) {
      case 'about': return { status: 200, body: { anyone_may_create: this.anyoneMayCreate, kinds: { standard: true, otr: false, boardroom: true, classroom: true }, dial_in: this.numbers !== null, elsewhere: this.elsewhere } };
      case 'session': return this.#session(method, body);
      case 'account': return this.#account(method, id, body);
      case 'sign-ins': return this.#signIns(method, id);
      case 'users': return this.#users(method, id, more, body);
      case 'rooms': return more === 'events' ? this.#roomEvents(method, id, body) : this.#rooms(method, id, url.searchParams, body);
      case 'events': return this.#events(method, id, more, url.searchParams, body);
      default: return problem(404, 'not-found');
    }
  }

  get #user() {
    return this.users.find(({ id }) => id === this.who) ?? null;
  }

  get #role() {
    return this.#user?.role ?? this.keys.get(this.who ?? '')?.role ?? null;
  }

  #session(method, body) {
    if (method === 'DELETE') {
      this.who = null;
      return { status: 204 };
    }
    if (method === 'POST') {
      const found = this.#check(body);
      if (!found)
        return problem(401, 'code' in body ? 'gone' : 'key' in body ? 'bad-key' : 'bad-login');
      this.who = found;
      this.#byCode = 'code' in body;
      this.signIns = [...this.signIns.map(one => ({ ...one, current: false })), { id: this.#id('n'), created: this.#now(), seen: this.#now(), agent: 'Node.js', current: true }];
    }
    if (!this.who)
      return problem(401, 'no-session');
    const user = this.#user;
    return { status: 200, body: {
      role: this.#role, name: user?.name ?? this.keys.get(this.who)?.name, expires: null, recordings: [],
      ...(user && { user: { id: user.id, login: user.login, name: user.name } }),
    } };
  }

  #check({ login, password, key, code }) {
    if (code !== undefined) {
      const id = this.codes.get(code);
      this.codes.delete(code);
      return id ?? null;
    }
    if (key !== undefined)
      return this.keys.has(key) ? key : null;
    return this.users.find(user => user.login.toLowerCase() === login.toLowerCase() && user.password === password && !user.disabled)?.id ?? null;
  }

  #account(method, what, body) {
    const user = this.#user;
    if (!user)
      return problem(401, 'no-session');
    if (what === undefined)
      user.name = body.name;
    if (what === 'password') {
      if (body.password.length < LEAST_PASSWORD)
        return problem(400, 'bad-message');
      if (user.password !== null && !this.#byCode && body.old !== user.password)
        return problem(401, 'wrong-password');
      user.password = body.password;
      this.#byCode = false;
      this.signIns = this.signIns.filter(({ current }) => current);
    }
    if (what === 'feed')
      return method === 'POST' ? { status: 201, body: { url: `${this.#origin}/calendar/${this.#id('x')}.ics` } } : { status: 204 };
    return what === undefined ? { status: 200, body: { id: user.id, login: user.login, name: user.name } } : { status: 204 };
  }

  #signIns(method, id) {
    if (!this.#user)
      return problem(401, 'no-session');
    if (method === 'GET')
      return { status: 200, body: { sign_ins: this.signIns } };
    this.signIns = this.signIns.filter(one => (id ? one.id !== id : one.current));
    return { status: 204 };
  }

  #users(method, id, more, body) {
    if (this.#role !== 'administrator')
      return problem(this.who ? 403 : 401, this.who ? 'not-allowed' : 'no-session');
    const show = ({ password, ...user }) => user;
    if (!id && method === 'GET')
      return { status: 200, body: { users: this.users.map(show) } };
    if (!id)
      return this.users.some(({ login }) => login.toLowerCase() === body.login.toLowerCase()) ? problem(409, 'login-taken') : { status: 201, body: show(this.addUser(body)) };
    const user = this.users.find(one => one.id === id);
    if (!user)
      return problem(404, 'not-found');
    if (more === 'code') {
      const code = `${this.#id('')}${'A'.repeat(31)}`;
      this.codes.set(code, id);
      return { status: 201, body: { code, expires: this.#now() + 86_400_000 } };
    }
    if (method === 'DELETE') {
      this.users = this.users.filter(one => one !== user);
      return { status: 204 };
    }
    Object.assign(user, body);
    return { status: 200, body: show(user) };
  }

  #isHost() {
    return this.#role === 'host' || this.#role === 'administrator';
  }

  #mine() {
    return this.rooms.filter(({ owner }) => this.#role === 'administrator' || owner === this.who);
  }

  #show(room) {
    const { join_verifier, host_verifier, secret, orders, ...rest } = room;
    const dialIn = room.dial_in && this.numbers ? { numbers: this.numbers, pin: '4821937056', host_pin: '7390154682' } : null;
    return { ...rest, link: secret ? `${this.#origin}/r/${room.id}#${secret}` : null, dial_in: dialIn };
  }

  #rooms(method, id, query, body) {
    if (!id && method === 'POST')
      return this.#create(body);
    if (!this.#isHost())
      return problem(this.who ? 403 : 401, this.who ? 'not-allowed' : 'no-session');
    if (!id)
      return this.#list(query);
    const room = this.#mine().find(one => one.id === id);
    if (!room)
      return problem(404, 'unknown-room');
    if (method === 'DELETE') {
      this.rooms = this.rooms.filter(one => one !== room);
      this.events = this.events.filter(event => event.room !== id);
      return { status: 204 };
    }
    if (body.dial_in && !this.numbers)
      return problem(501, 'no-dial-in');
    if (method === 'PATCH')
      Object.assign(room, body);
    return { status: 200, body: this.#show(room) };
  }

  #create(body) {
    if (!this.#isHost() && (!this.anyoneMayCreate || body.recording))
      return problem(403, 'not-allowed');
    if (body.dial_in && !this.numbers)
      return problem(501, 'no-dial-in');
    if (this.rooms.some(({ id }) => id === body.id))
      return problem(409, 'id-taken');
    const room = { recording: false, consent: 'announce', keep_days: null, lobby: false, people: 0, meeting: null, available: true, created: this.#now(), owner: this.who, ...body };
    this.rooms.unshift(room);
    return { status: 201, body: this.#show(room) };
  }

  #list(query) {
    const q = (query.get('q') ?? '').toLowerCase();
    const found = this.#mine().filter(({ title }) => title.toLowerCase().includes(q));
    const from = Number(query.get('cursor') ?? 0);
    const to = from + Number(query.get('limit') ?? 50);
    return { status: 200, body: { rooms: found.slice(from, to).map(room => this.#show(room)), next: to < found.length ? String(to) : null } };
  }

  #roomEvents(method, room, body) {
    if (!this.#mine().some(({ id }) => id === room) || !this.#isHost())
      return problem(404, 'unknown-room');
    if (method === 'GET')
      return { status: 200, body: { events: this.events.filter(event => event.room === room) } };
    const event = { id: this.#id('e'), room, cancelled: [], sequence: 0, owner: this.who, repeat: null, ...body };
    this.events.push(event);
    return { status: 201, body: event };
  }

  #events(method, id, more, query, body) {
    if (!this.#isHost())
      return problem(this.who ? 403 : 401, this.who ? 'not-allowed' : 'no-session');
    if (!id)
      return { status: 200, body: { events: this.#expand(Number(query.get('from')), Number(query.get('to'))).slice(0, Number(query.get('limit') ?? 50)) } };
    const event = this.events.find(one => one.id === id);
    if (!event)
      return problem(404, 'not-found');
    if (more === 'calendar.ics')
      return { status: 200, text: `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:${id}\r\nSUMMARY:${event.title}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n` };
    if (more === 'cancel')
      event.cancelled = [...event.cancelled, body.date];
    else if (method === 'DELETE')
      this.events = this.events.filter(one => one !== event);
    else if (method === 'PATCH')
      Object.assign(event, body);
    return method === 'DELETE' ? { status: 204 } : { status: 200, body: { ...event, sequence: ++event.sequence } };
  }

  #expand(from, to) {
    const mine = new Set(this.#mine().filter(({ owner }) => owner === this.who).map(({ id }) => id));
    return this.events.filter(({ room }) => mine.has(room)).flatMap(event => {
      const [day, time] = event.start.split('T');
      return datesOf(day, event.repeat, 500).filter(date => !event.cancelled.includes(date)).map(date => {
        const start = instantOf(`${date}T${time}`, event.zone);
        return { event: event.id, room: event.room, title: event.title, zone: event.zone, date, start, end: start + event.minutes * 60_000, repeat: event.repeat };
      }).filter(({ start, end }) => end > from && start < to);
    }).sort((a, b) => a.start - b.start);
  }
}
