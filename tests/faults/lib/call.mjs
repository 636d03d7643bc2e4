// A call that goes on while something fails beside it or under it: who sees whom, and what they lost.
import { leaveAll, untilStats } from '../../media/lib/guest.mjs';

/** Everybody of them has the picture of everybody else, now. */
export const seeing = (guests, stats) => guests.every(guest =>
  guest.streams(stats).filter(({ idle_ms }) => idle_ms < 500).length === guests.length - 1);

export class Call {
  /** A Boardroom of n people, the first of them its host, who see each other. `more`: further members of the room. */
  static async begin (stage, n, { media = {}, ...more } = {}) {
    const self = new Call();
    self.stage = stage;
    self.room = await stage.room('boardroom', more);
    self.host = await stage.enter(self.room, { name: 'Host', host: true, media });
    self.guests = [self.host, ...await stage.enterMany(self.room, n - 1, { media })];
    await self.view();
    return self;
  }

  async view () {
    await Promise.all(this.guests.map(guest => guest.view(this.guests.filter(other => other !== guest))));
    await this.untilSeen();
  }

  async untilSeen (timeout = 20_000) {
    await untilStats(this.stage, 'they see each other', stats => seeing(this.guests, stats), timeout);
  }

  /** What came to these people while it was counted, sound and pictures. @returns {{ received: number, lost: number, gap: number }} gap: ms between pictures */
  losses (stats) {
    const streams = stats.streams.filter(({ id, kind }) => kind !== 'rtx' && this.guests.some(({ peer }) => peer === id));
    const sum = (list, member) => list.reduce((total, stream) => total + stream[member], 0);
    return {
      received: sum(streams, 'received'),
      lost: sum(streams, 'lost') + sum(streams, 'duplicates'),
      gap: Math.max(...streams.map(({ longest_gap_ms }) => longest_gap_ms ?? 0)),
    };
  }

  /** Whether the server has told them of anything that became of their media. */
  get disturbed () {
    return this.guests.some(({ socket }) => socket.closed !== null || socket.inbox.some(({ type }) => type === 'media'));
  }

  async end () {
    await leaveAll(this.guests);
  }
}
