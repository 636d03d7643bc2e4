// Every message, from everybody, in every kind of room that there is: the daemon does what `conclaved --policies` says, clients are told
// the same in `may`, and who waits at the door may say nothing at all.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { Person, connect } from './lib/client.mjs';
import { Daemon, FAKE_MEDIA, PROGRAM, until } from './lib/daemon.mjs';
import { Room, randomId } from './lib/room.mjs';
import { schema } from './lib/schema.mjs';
import { getTicket } from './lib/ticket.mjs';

const POLICIES = JSON.parse(execFileSync(PROGRAM, ['--policies'], { encoding: 'utf8' }));
const SHARED = JSON.parse(execFileSync(PROGRAM, ['--model'], { encoding: 'utf8' })).types;
/** @type {{ [kind: string]: { [role: string]: string[] } }} */
const TABLE = Object.fromEntries(Object.entries(POLICIES).map(([kind, roles]) => [kind, Object.fromEntries(Object.entries(roles).map(([role, { may }]) => [role, may]))]));
const randomObject = () => randomId('').padEnd(12, 'x');
/* the first word of a socket, and no other */
const FIRST = ['join', 'resume'];
/* of who waits at the door, and of nobody else */
const OUTSIDE = ['introduce'];
const TYPES = Object.keys(schema.$defs).filter(name => name.startsWith('client.')).map(name => name.slice('client.'.length))
  .filter(type => ![...FIRST, ...OUTSIDE].includes(type));

/* Good members of each, about somebody who is not there: who may gets something else than `not-allowed`, and nothing changes. */
const nobody = () => ({ person: randomId('p') });
const MEMBERS = {
  ack: () => ({ seq: 0 }),
  pong: () => ({}),
  relay: () => ({ to: randomId('p'), data: 'AA' }),
  state: () => ({ mic: true, camera: false, screen: false }),
  turn: () => ({}),
  receipt: () => ({}),
  leave: () => ({}),
  end: () => ({}),
  offer: () => ({ sdp: 'v=0\r\n' }),
  view: () => ({ tiles: [] }),
  hand: () => ({ up: true }),
  stage: () => ({ ...nobody(), on: true }),
  stop: () => ({ ...nobody(), what: 'camera' }),
  start: () => ({ ...nobody(), what: 'camera' }),
  'mute-all': () => ({}),
  spotlight: () => nobody(),
  ask: () => ({ text: 'Why?' }),
  vote: () => ({ question: 200, up: true }),
  resolve: () => ({ question: 200 }),
  'watch-stats': () => ({ on: true }),
  record: () => ({ action: 'stop' }),
  consent: () => ({ answer: 'agreed' }),
  lobby: () => ({ on: false }),
  lock: () => ({ on: false }),
  admit: () => ({ knock: null }),
  deny: () => ({ knock: randomId('q') }),
  remove: () => nobody(),
  role: () => ({ ...nobody(), role: 'cohost' }),
  rename: () => ({ name: 'Another' }),
  lower: () => nobody(),
  react: () => ({ what: 'up' }),
  request: () => ({ ...nobody(), what: 'camera' }),
  change: one => ({ ops: [{ o: randomObject(), t: 'reaction', c: 1, a: one?.id ?? randomId('p'), f: { on: true } }] }),
  'poll-vote': () => ({ poll: 'nothing', choices: [0] }),
  whisper: () => ({ to: randomId('p'), text: 'Hi' }),
};
const UNNUMBERED = ['ack', 'pong', 'relay'];

let daemon;
before(async () => {
  /* kinds that are not available are tried as far as this build knows them */
  daemon = await Daemon.start({ config: { ...FAKE_MEDIA, limits: { 'messages-per-second': 10000 }, rooms: { 'empty-seconds': 1, 'seat-seconds': 1 } } });
});
after(() => daemon.stop());

const sorted = list => [...list].sort();

/** How somebody comes to each role. They are told what they may. */
const WAYS = {
  host: async room => ({ one: await Person.join(daemon, room, { name: 'Host', host: true }) }),
  async cohost (room) {
    const host = await Person.join(daemon, room, { name: 'Host', host: true });
    const one = await Person.join(daemon, room, { name: 'Cohost' });
    assert.equal((await host.ask('role', { person: one.id, role: 'cohost' })).type, 'ok');
    return { one, host, told: await one.take('role', { role: 'cohost' }) };
  },
  async person (room) {
    const host = await Person.join(daemon, room, { name: 'Host', host: true });
    const one = await Person.join(daemon, room, { name: 'Person' });
    if (one.joined.role === 'person')
      return { one, host };
    assert.equal((await host.ask('stage', { person: one.id, on: true })).type, 'ok');
    return { one, host, told: await one.take('role', { role: 'person' }) };
  },
  async viewer (room) {
    const host = await Person.join(daemon, room, { name: 'Host', host: true });
    if (TABLE[room.kind].host.includes('stage'))
      return { one: await Person.join(daemon, room, { name: 'Viewer' }), host };
    /* where nobody is brought on stage nobody only watches, unless a ticket says so */
    const ticket = await getTicket(daemon, room, { role: 'viewer' });
    return { one: await Person.join(daemon, room, { name: 'Viewer', ticket }), host };
  },
};

/** What the daemon does with this message: TRUE where the sender may. */
async function may (one, type) {
  const message = MEMBERS[type](one);
  if (!UNNUMBERED.includes(type)) {
    const answer = await one.ask(type, message);
    return answer.error !== 'not-allowed';
  }
  one.socket.send({ type, ...message });
  if (type !== 'relay')
    return (await one.ask('turn')).type === 'turn';
  const { inbox } = one.socket;
  const at = () => inbox.findIndex(({ type, re }) => type === 'relay-failed' || type === 'error' && re === undefined);
  await until('the record is answered', () => at() >= 0);
  return inbox.splice(at(), 1)[0].error !== 'not-allowed';
}

test('the table, the schemas and this test know the same messages', () => {
  const named = new Set(Object.values(TABLE).flatMap(roles => Object.values(roles).flat()));
  assert.deepEqual(sorted(named), sorted(TYPES), 'a message of the schemas that the table does not know is nobody\'s, and one that only the table knows has no schema');
  assert.deepEqual(sorted(Object.keys(MEMBERS)), sorted(TYPES));
  assert.deepEqual(sorted(Object.keys(TABLE)), sorted(schema.$defs.kind.enum));
});

let cells = 0;
for (const [kind, roles] of Object.entries(TABLE))
  for (const [role, allowed] of Object.entries(roles))
    test(`${kind}, ${role}`, async t => {
      if (role === 'cohost' && !TABLE[kind].host.includes('role'))
        return t.skip('nobody becomes one');
      const enter = async () => await WAYS[role](await Room.create(daemon, { kind }));
      let { one, host, told } = await enter();
      assert.deepEqual((told ?? one.joined).may, allowed, 'what a client is told is what the table says');
      assert.equal((told ?? one.joined).role, role);
      for (const type of TYPES) {
        if (one.socket.closed !== null)
          ({ one, host } = await enter());
        assert.equal(await may(one, type), allowed.includes(type), `${type} of a ${role} in a ${kind} room`);
        if (type === 'leave' || type === 'end' && allowed.includes(type) || type === 'relay' && !allowed.includes(type))
          await one.socket.ended;
        cells++;
      }
      await Promise.all([one, host].map(person => person?.socket.closed === null ? person.leave() : null));
    });

test('who waits at the door may say nothing but who they are', async () => {
  for (const kind of Object.keys(TABLE)) {
    if (!TABLE[kind].host.includes('admit'))
      continue;
    const room = await Room.create(daemon, { kind, lobby: true });
    for (const type of [...TYPES, ...FIRST, ...OUTSIDE]) {
      const socket = await connect(daemon);
      socket.send(room.join());
      await socket.take('waiting');
      const numbered = UNNUMBERED.includes(type) ? {} : { id: 1 };
      const other = { join: room.join(), resume: { type, token: 'A'.repeat(43), seq: 0 }, introduce: { type, sealed: 'A'.repeat(379) } }[type];
      const message = other ?? { type, ...numbered, ...MEMBERS[type]() };
      socket.send(message);
      if (type === 'pong' || type === 'introduce' && room.silent) {
        socket.send({ type: 'pong' });
        await assert.rejects(socket.find({ type: 'error' }, 100), /did not come/);
        await socket.end();
      } else {
        assert.equal((await socket.take('error')).error, 'bad-message', type);
        assert.equal(await socket.ended, 1008);
      }
      cells++;
    }
  }
});

test('all of it was tried', () => {
  assert.ok(cells > 10 * TYPES.length, `${cells} cells`);
});
