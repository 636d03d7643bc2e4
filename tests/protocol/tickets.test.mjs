// Tickets, on the real daemon: each opens one room once, for one role, for minutes; whatever is not signed as it should be opens none.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Person, refusedJoin } from './lib/client.mjs';
import { Daemon, FAKE_MEDIA, makeState } from './lib/daemon.mjs';
import { Room, randomId } from './lib/room.mjs';
import { getTicket, makeClaims, readKey, signTicket } from './lib/ticket.mjs';

let daemon, key;
before(async () => {
  daemon = await Daemon.start({ config: { ...FAKE_MEDIA, rooms: { 'empty-seconds': 1, 'seat-seconds': 1 } } });
  key = readKey(daemon);
});
after(() => daemon.stop());

/** A `join` with nothing but a ticket. */
const bare = (room, ticket, more = {}) => ({ type: 'join', room: room.id, mic: true, camera: true, ticket, ...more });
const keyOf = room => ({ key: room.joinKey.toString('base64url') });

/** Takes a seat with a ticket and no key, or with the room's. */
async function enter (room, ticket, more = {}, where = daemon) {
  return await Person.join(where, { join: () => bare(room, ticket, more) });
}

async function refuse (room, ticket, error, label, more = {}, where = daemon) {
  const answer = await refusedJoin(where, bare(room, ticket, more));
  assert.deepEqual([answer.error, answer.code], [error, 1008], label);
}

test('the key is the server’s own', () => {
  const { mode } = fs.statSync(path.join(daemon.folder, 'ticket.key'));
  assert.equal(mode & 0o777, 0o600);
  assert.ok(key.length >= 32);
  assert.ok(!daemon.log.includes(key));
});

for (const kind of ['boardroom', 'classroom'])
  test(`${kind}: a ticket stands for the link, and says who comes`, async () => {
    const room = await Room.create(daemon, { kind });
    const witness = await Person.join(daemon, room, { host: true });
    const people = [];
    for (const role of ['viewer', 'person', 'cohost', 'host']) {
      const ticket = await getTicket(daemon, room, { role, name: `A ${role}`, minutes: 1 });
      const person = await enter(room, ticket, { name: 'Somebody else' });
      assert.equal(person.joined.role, role);
      const { person: me } = await witness.take('person-joined');
      assert.deepEqual([me.name, me.role, me.stage, me.host], [`A ${role}`, role, role !== 'viewer', role === 'cohost' || role === 'host'], 'the ticket’s name counts');
      people.push(person);
    }
    const [viewer, , cohost, host] = people;
    assert.equal((await viewer.ask('mute-all')).error, 'not-allowed');
    assert.equal((await cohost.ask('end')).error, 'not-allowed');
    assert.equal((await host.ask('end')).type, 'ok');
  });

test('standard: a ticket says who comes, and the link’s key is needed as well', async () => {
  const room = await Room.create(daemon);
  for (const role of ['person', 'cohost', 'host']) {
    await refuse(room, await getTicket(daemon, room, { role }), 'wrong-key', `${role} without a key`, { name: 'Tilda' });
    await refuse(room, await getTicket(daemon, room, { role }), 'wrong-key', `${role} with a wrong key`, { name: 'Tilda', key: 'A'.repeat(43) });
    const person = await enter(room, await getTicket(daemon, room, { role, name: 'Tilda' }), keyOf(room));
    assert.equal(person.joined.role, role);
  }
  const answer = await daemon.admin('POST', `/api/v1/rooms/${room.id}/tickets`, { role: 'viewer' });
  assert.deepEqual([answer.status, answer.body.error], [403, 'not-allowed'], 'nobody only watches there');
  await refuse(room, signTicket(makeClaims(daemon, room, { role: 'viewer' }), { key }), 'bad-ticket', 'nor by a ticket of others', keyOf(room));
});

test('a good key and a bad ticket open nothing', async () => {
  const room = await Room.create(daemon);
  await refuse(room, 'x.y.z', 'bad-ticket', 'a ticket that is none', { ...keyOf(room), name: 'Tilda' });
  await refuse(room, signTicket(makeClaims(daemon, room), { key: `${key}x` }), 'bad-ticket', 'signed by another', { ...keyOf(room), name: 'Tilda' });
});

test('what others sign is as good as what the server signs', async () => {
  const room = await Room.create(daemon, { kind: 'boardroom' });
  const host = await Person.join(daemon, room, { host: true });
  const guest = await enter(room, signTicket(makeClaims(daemon, room, { sub: 'user 17' }), { key }));
  assert.equal(guest.joined.role, 'person');
  assert.equal((await host.take('person-joined')).person.name, 'Tilda');
  /* who brings no name says it */
  const nameless = () => signTicket(makeClaims(daemon, room, { name: undefined }), { key });
  await refuse(room, nameless(), 'bad-ticket', 'without any name');
  await enter(room, nameless(), { name: 'Nora' });
  assert.equal((await host.take('person-joined')).person.name, 'Nora');
});

test('no header but ours', async () => {
  const room = await Room.create(daemon, { kind: 'boardroom' });
  const claims = () => makeClaims(daemon, room, { role: 'host' });
  const tickets = {
    'alg none': signTicket(claims(), { header: { alg: 'none' }, hash: null }),
    'alg none, signed': signTicket(claims(), { header: { alg: 'none', typ: 'JWT' }, key }),
    'alg None': signTicket(claims(), { header: { alg: 'None' }, hash: null }),
    'no alg': signTicket(claims(), { header: { typ: 'JWT' }, key }),
    'no signature': signTicket(claims(), { hash: null }),
    'HS384': signTicket(claims(), { header: { alg: 'HS384' }, hash: 'sha384', key }),
    'HS512': signTicket(claims(), { header: { alg: 'HS512' }, hash: 'sha512', key }),
    'RS256 over our key': signTicket(claims(), { header: { alg: 'RS256' }, key }),
    'a key of its own': signTicket(claims(), { header: { alg: 'HS256', jwk: { kty: 'oct', k: Buffer.from('mine').toString('base64url') } }, key: 'mine' }),
    'a key id': signTicket(claims(), { header: { alg: 'HS256', kid: '../../dev/null' }, key: '' }),
    'something critical': signTicket(claims(), { header: { alg: 'HS256', crit: ['b64'], b64: false }, key }),
    'a wrong key': signTicket(claims(), { key: 'an old pond, a frog jumps in, plop' }),
    'an empty key': signTicket(claims(), { key: '' }),
  };
  const good = signTicket(claims(), { key });
  const other = signTicket(claims(), { key });
  tickets['another’s signature'] = good.replace(/[^.]*$/, other.split('.')[2]);
  tickets['a letter changed'] = good.replace(/\.(.)/, (_, letter) => `.${letter === 'e' ? 'f' : 'e'}`);
  tickets['a part too many'] = `${good}.x`;
  tickets['a part too few'] = good.split('.').slice(0, 2).join('.');
  for (const [label, ticket] of Object.entries(tickets))
    await refuse(room, ticket, 'bad-ticket', label, { name: 'Tilda' });
  /* which none of these has used up */
  assert.equal((await enter(room, good)).joined.role, 'host');
});

test('no claims but good ones', async () => {
  const room = await Room.create(daemon, { kind: 'boardroom' });
  const other = await Room.create(daemon, { kind: 'boardroom' });
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    'another server': { aud: 'meet.elsewhere.example' },
    'another port’s server': { aud: `${daemon.host}:${daemon.port}` },
    'no server': { aud: undefined },
    'several servers': { aud: [daemon.host] },
    'another room': { room: other.id },
    'a room that is not there': { room: randomId() },
    'no room': { room: undefined },
    'expired': { iat: now - 120, exp: now - 1 },
    'longer than ten minutes': { iat: now, exp: now + 601 },
    'longer than ten minutes, most of it over': { iat: now - 590, exp: now + 60 },
    'for ever': { exp: undefined },
    'without a beginning': { iat: undefined },
    'from tomorrow': { iat: now + 86400, exp: now + 86460 },
    'over before it began': { iat: now + 3, exp: now + 2 },
    'times as text': { iat: String(now), exp: String(now + 60) },
    'no role': { role: undefined },
    'a role that is none': { role: 'administrator' },
    'no jti': { jti: undefined },
    'an empty jti': { jti: '' },
    'a blank name': { name: '\u2003 ' },
    'a name that is too long': { name: 'x'.repeat(61) },
    'something else besides': { admin: true },
  };
  for (const [label, more] of Object.entries(claims))
    await refuse(room, signTicket(makeClaims(daemon, room, more), { key }), 'bad-ticket', label, { name: 'Tilda' });
  await enter(room, signTicket(makeClaims(daemon, room, { iat: now, exp: now + 600 }), { key }));
  const unknown = { id: randomId() };
  await refuse(unknown, signTicket(makeClaims(daemon, unknown), { key }), 'unknown-room', 'a room that was never there');
});

test('a ticket opens once, whether somebody got a seat or not', async () => {
  const room = await Room.create(daemon, { kind: 'boardroom' });
  const ticket = await getTicket(daemon, room, { role: 'person', name: 'Tilda' });
  const person = await enter(room, ticket);
  await refuse(room, ticket, 'bad-ticket', 'while they are there');
  await person.leave();
  await refuse(room, ticket, 'bad-ticket', 'when they have gone');
  const denied = await getTicket(daemon, room, { role: 'person', name: 'Tilda' });
  await refuse(room, denied, 'wrong-key', 'with a wrong key', { key: 'A'.repeat(43) });
  await refuse(room, denied, 'bad-ticket', 'with none');
});

test('of many who come at once with one ticket one gets in', async () => {
  const room = await Room.create(daemon, { kind: 'boardroom' });
  const ticket = await getTicket(daemon, room, { role: 'person', name: 'Tilda' });
  const answers = await Promise.allSettled(Array.from({ length: 10 }, () => enter(room, ticket)));
  assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 1);
});

test('who was removed does not come in again with another ticket', async () => {
  const room = await Room.create(daemon, { kind: 'boardroom' });
  const host = await enter(room, await getTicket(daemon, room, { role: 'host', name: 'Hedy' }));
  const wish = sub => ({ role: 'person', name: 'Tilda', sub });
  const guest = await enter(room, await getTicket(daemon, room, wish('user 17')));
  await host.ask('remove', { person: guest.id });
  await guest.socket.ended;
  await refuse(room, await getTicket(daemon, room, wish('user 17')), 'removed', 'the same subject');
});

test('a restart, or a kill, does not make used tickets good, nor good ones bad', async t => {
  const state = makeState();
  t.after(() => fs.rmSync(state, { recursive: true, force: true }));
  const start = async () => {
    const started = await Daemon.start({ config: FAKE_MEDIA, state });
    t.after(() => started.running && started.kill('SIGKILL'));
    return started;
  };
  const first = await start();
  const room = await Room.create(first, { kind: 'boardroom' });
  const used = await getTicket(first, room, { role: 'person', name: 'Tilda' });
  const late = await getTicket(first, room, { role: 'person', name: 'Tilda' });
  const unused = await getTicket(first, room, { role: 'host', name: 'Hedy' });
  await enter(room, used, {}, first);
  await first.stop();
  const second = await start();
  await refuse(room, used, 'bad-ticket', 'after a restart', {}, second);
  await enter(room, late, {}, second);
  await second.kill('SIGKILL');
  const third = await start();
  await refuse(room, used, 'bad-ticket', 'after a kill', {}, third);
  await refuse(room, late, 'bad-ticket', 'used just before the kill', {}, third);
  assert.equal((await enter(room, unused, {}, third)).joined.role, 'host');
  for (const ticket of [used, late, unused])
    assert.ok(!(first.log + second.log + third.log).includes(ticket.split('.')[2]), 'no log has one');
  await third.stop();
});

test('a secret of the operator’s', async t => {
  const state = makeState();
  const file = path.join(state, 'secret');
  const secret = 'a secret that is thirty-two bytes or more';
  fs.writeFileSync(file, secret + '\n', { mode: 0o600 });
  const other = await Daemon.start({ state, config: { ...FAKE_MEDIA, api: { 'ticket-secret-file': file }, server: { 'public-url': 'https://Meet.example:8443' } } });
  t.after(async () => {
    await (other.running && other.kill('SIGKILL'));
    fs.rmSync(state, { recursive: true, force: true });
  });
  const room = await Room.create(other, { kind: 'boardroom' });
  await refuse(room, signTicket(makeClaims(other, room), { key: secret }), 'bad-ticket', 'by an address that is not the public one', {}, other);
  await enter(room, signTicket(makeClaims(other, room, { aud: 'meet.example' }), { key: secret }), {}, other);
  assert.equal(fs.existsSync(path.join(other.folder, 'ticket.key')), false);
  // another one: those of before are worth nothing, and a file that is too short changes nothing
  const second = 'another secret, which has thirty-two bytes as well';
  fs.writeFileSync(file, second + '\n');
  await other.reload();
  await refuse(room, signTicket(makeClaims(other, room, { aud: 'meet.example' }), { key: secret }), 'bad-ticket', 'by the secret before', {}, other);
  await enter(room, signTicket(makeClaims(other, room, { aud: 'meet.example' }), { key: second }), {}, other);
  fs.writeFileSync(file, 'short\n');
  await other.reload(/nothing was reloaded: .*ticket-secret-file/);
  await enter(room, signTicket(makeClaims(other, room, { aud: 'meet.example' }), { key: second }), {}, other);
  await other.stop();
});
