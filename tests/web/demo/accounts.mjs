// Stands in for accounts, rooms and events in the demo: Marta, a host with some rooms and plans, and an administrator (`admin`). Any
// password of ten characters signs in. What it does is fake-api.mjs.

import { FakeApi } from '../fake-api.mjs';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const SECRET = 'A'.repeat(43);

/** @param {number} at @param {string} zone */
const wall = (at, zone) => new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(at).replace(' ', 'T');

export class DemoAccounts extends FakeApi {
  constructor() {
    super({ origin: 'http://localhost' });
    this.numbers = ['+49 30 1234567'];
    this.marta = this.addUser({ login: 'marta@example.org', name: 'Marta Lindqvist', role: 'host', password: 'correct horse' });
    this.addUser({ login: 'admin', name: 'Administrator', role: 'administrator', password: 'correct horse' });
    this.addUser({ login: 'samuel.okafor@a-department-with-a-long-name.example.org', name: 'Samuel Okafor', role: 'producer', password: null });
    this.addUser({ login: 'yuki', name: 'Yuki Tanaka', role: 'host', password: null }).disabled = true;
    this.keys.set('right', { role: 'producer', name: 'Archive' });
    for (const [i, [kind, title, more]] of [
      ['boardroom', 'Weekly planning', { people: 3, lobby: true, dial_in: true }], ['standard', 'Interview room', {}], ['classroom', 'Lecture: how rivers move', { recording: true }],
      ['boardroom', 'Quarterly review with the people from Rotterdam and Nantes, and whoever else wants to come', { recording: true, lobby: true }],
      ['otr', 'Nobody knows', { available: false }],
    ].entries())
      this.rooms.push({
        id: `${'abcde'[i]}bcdefghijkm`, kind, title, owner: this.marta.id, created: Date.now() - i * 5 * DAY, people: 0, meeting: null, available: true, lobby: false, recording: false,
        consent: 'announce', keep_days: null, ...(['boardroom', 'classroom'].includes(String(kind)) && { secret: SECRET }), .../** @type {object} */ (more),
      });
    const zone = 'Europe/Berlin';
    const now = Date.now();
    for (const [room, title, at, minutes, repeat, where = zone] of [
      ['abcdefghijkm', 'Weekly planning', now - HOUR / 2, 60, { every: 'week', interval: 1 }], ['bbcdefghijkm', 'Interview', now + 3 * HOUR, 45, null, 'America/New_York'],
      ['cbcdefghijkm', 'Lecture: how rivers move', now + DAY, 90, { every: 'week', interval: 1, days: ['mo', 'th'], count: 20 }], ['dbcdefghijkm', 'Quarterly review', now + 12 * DAY, 120, { every: 'month', interval: 3 }, 'Pacific/Auckland'],
    ])
      this.events.push({ id: `e${String(room)}`, room, title, start: wall(Number(at), String(where)), zone: where, minutes, repeat, cancelled: [], sequence: 0, owner: this.marta.id });
  }

  /** @param {any} login */
  signInAs(login) {
    this.answer('POST', new URL('http://localhost/api/v1/session'), { login, password: 'correct horse' });
  }
}
