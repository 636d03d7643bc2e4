// What people share: who may do what to it, that all come to the same, late or not, and that whispers reach two people only.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ModelObject, canonical } from '../../data/web/core/model-object.js';
import { Person } from './lib/client.mjs';
import { Daemon, FAKE_MEDIA, PROGRAM, sleep, until } from './lib/daemon.mjs';
import { query } from './lib/database.mjs';
import { Room, randomId } from './lib/room.mjs';

const POLICIES = JSON.parse(execFileSync(PROGRAM, ['--policies'], { encoding: 'utf8' }));
const SHARED = JSON.parse(execFileSync(PROGRAM, ['--model'], { encoding: 'utf8' }));

let daemon;
before(async () => {
  daemon = await Daemon.start({ config: { ...FAKE_MEDIA, limits: { 'messages-per-second': 10000, 'joins-per-minute': 10000 }, rooms: { 'seat-seconds': 1 } } });
});
after(() => daemon.stop());

/** Keeps the state, as a client does. */
class Sharer extends Person {
  objects = new Map();
  whispers = [];
  complete = false;
  onMessage (message) {
    if (message.type === 'changes' || message.type === 'model')
      this.apply(message.ops);
    if (message.type === 'joined') {
      this.apply(message.model?.ops ?? []);
      this.complete = message.model?.more === false;
    }
    if (message.type === 'model')
      this.complete = !message.more;
    if (message.type === 'whisper')
      this.whispers.push(message.text);
    return true;
  }
  apply (ops) {
    for (const op of ops) {
      if (!this.objects.has(op.o))
        this.objects.set(op.o, new ModelObject(op.o, op.t));
      this.objects.get(op.o).apply(op);
    }
  }
  /** Returns 'ok' or the error. */
  async change (...ops) {
    const answer = await this.ask('change', { ops });
    if (answer.type === 'ok')
      this.apply(ops);
    return answer.error ?? answer.type;
  }
  get state () {
    return canonical(this.objects.values());
  }
  fields (id) {
    return this.objects.get(id)?.fields;
  }
}
const join = (room, members) => Sharer.join(daemon, room, members);
const leave = people => Promise.all(people.map(person => person.leave()));

async function same (...people) {
  await until('all have the same', () => people.every(({ state }) => state === people[0].state));
}

/** What to make of each type; a person may have to be named in it. */
const NEW = {
  message: () => ({ f: { text: 'Hi' } }),
  reaction: one => {
    const message = randomId('m');
    return { f: { message, sign: 'heart', on: true }, o: `${one.id}-${message}-heart` };
  },
  item: () => ({ f: { title: 'Budget', order: 'V' } }),
  agenda: () => ({ f: { since: 5 }, o: 'agenda' }),
  block: () => ({ f: { text: 'Minutes', order: 'V' } }),
  poll: () => ({ f: { question: 'When?', choices: ['now', 'later'], open: true } }),
  vote: () => ({ f: { poll: randomId('o'), choices: [0] } }),
  caption: () => ({ f: { text: 'I say' } }),
  document: () => ({ f: { gone: true } }),
  copy: () => ({ f: { gone: true } }),
  settings: () => ({ f: { chat: false }, o: 'settings' }),
};
const EDIT = { message: { text: 'Edited' }, reaction: { on: false }, item: { done: true }, agenda: { since: 6 }, block: { text: 'More' }, poll: { open: false }, vote: { choices: [] }, caption: { text: 'I said' }, settings: { chat: true } };

const make = (one, type) => {
  const { f, o } = NEW[type](one);
  return one.operation(type, f, o);
};

for (const kind of ['standard', 'boardroom', 'classroom'])
  test(`${kind}: who may do what is what the table says`, async () => {
    const room = await Room.create(daemon, { kind });
    const host = await join(room, { name: 'Host', host: true });
    const cohost = await join(room, { name: 'Cohost' });
    const person = await join(room, { name: 'Person' });
    const people = { host, cohost, person };
    await host.ask('role', { person: cohost.id, role: 'cohost' });
    assert.deepEqual((await cohost.take('role', { role: 'cohost' })).rights, POLICIES[kind].cohost.rights);
    if (person.joined.role === 'viewer') {
      people.viewer = await join(room, { name: 'Viewer' });
      assert.equal((await host.ask('stage', { person: person.id, on: true })).type, 'ok');
      await person.take('role', { role: 'person' });
    }
    assert.deepEqual(host.joined.rights, POLICIES[kind].host.rights);
    for (const [role, one] of Object.entries(people)) {
      const rights = POLICIES[kind][role].rights;
      const can = (type, right) => (rights[type] ?? []).includes(right) ? 'ok' : 'not-allowed';
      for (const type of Object.keys(SHARED.types)) {
        if (type === 'document')
          continue; // the server's: nobody makes one
        const op = make(one, type);
        const { singleton } = SHARED.types[type];
        const there = host.objects.has(op.o);
        assert.equal(await one.change(op), can(type, singleton && there ? 'any' : 'create'), `${role} makes a ${type}`);
        if (can(type, 'create') === 'ok' && !singleton) {
          assert.equal(await one.change(one.operation(type, EDIT[type], op.o)), can(type, 'own'), `${role} changes their ${type}`);
          assert.equal(await one.change(one.operation(type, { gone: true }, op.o)), can(type, 'own'), `${role} removes their ${type}`);
        }
        for (const other of Object.values(people)) {
          if (other === one || !(POLICIES[kind][Object.keys(people).find(name => people[name] === other)].rights[type] ?? []).includes('create'))
            continue;
          const theirs = make(other, type);
          await other.change(theirs);
          one.clock = Math.max(one.clock, other.clock);
          assert.equal(await one.change(one.operation(type, EDIT[type], theirs.o)), can(type, 'any'), `${role} changes a ${type} of another`);
          if (!singleton)
            assert.equal(await one.change(one.operation(type, { gone: true }, theirs.o)), can(type, 'remove'), `${role} removes a ${type} of another`);
        }
      }
    }
    await same(...Object.values(people));
    await leave(Object.values(people));
  });

test('off the record nothing of it goes through the server', async () => {
  const room = await Room.create(daemon, { kind: 'otr' });
  const one = await join(room, { name: 'One', host: true });
  assert.equal(one.joined.model, null);
  assert.deepEqual(one.joined.rights, {});
  for (const type of Object.keys(SHARED.types))
    assert.equal(await one.change(make(one, type)), 'not-allowed');
  assert.equal((await one.ask('whisper', { to: one.id, text: 'x' })).error, 'not-allowed');
  await one.leave();
});

test('the server says who and when, and nobody else does', async () => {
  const room = await Room.create(daemon);
  const [ann, bob] = [await join(room, { name: 'Ann' }), await join(room, { name: 'Bob' })];
  const op = ann.operation('message', { text: 'Hello' });
  const before = Date.now();
  assert.equal(await ann.change(op), 'ok');
  await same(ann, bob);
  const { at, ...rest } = bob.fields(op.o);
  assert.deepEqual(rest, { from: ann.id, name: 'Ann', text: 'Hello', reply: '', edited: false });
  assert.ok(at >= before && at <= Date.now());
  for (const f of [{ text: 'x', from: bob.id }, { text: 'x', name: 'Bob' }, { text: 'x', at: 1 }])
    assert.equal(await ann.change(ann.operation('message', f)), 'not-allowed');
  assert.equal(await ann.change({ ...ann.operation('message', { text: 'x' }), a: bob.id }), 'bad-message');
  assert.equal(await ann.change({ ...ann.operation('message', { text: 'x' }), a: 'server' }), 'bad-message');
  assert.equal(await ann.change(ann.operation('message', { text: 'Hello again' }, op.o)), 'ok');
  await same(ann, bob);
  assert.deepEqual([bob.fields(op.o).text, bob.fields(op.o).edited, bob.fields(op.o).at], ['Hello again', true, at]);
  await leave([ann, bob]);
});

test('all of a change or nothing', async () => {
  const room = await Room.create(daemon);
  const [ann, bob] = [await join(room, { name: 'Ann' }), await join(room, { name: 'Bob' })];
  const item = ann.operation('item', { title: 'A', order: 'V' });
  assert.equal(await ann.change(item, ann.operation('item', { done: true }, item.o)), 'ok');
  assert.equal(await ann.change(ann.operation('item', { title: 'B', order: 'W' }), ann.operation('settings', { chat: true }, 'settings')), 'not-allowed');
  assert.equal(await ann.change(ann.operation('item', { title: 'C' })), 'bad-message', 'it has no place');
  assert.equal(await ann.change(ann.operation('block', { text: 'x', order: 'V' }, item.o)), 'bad-message', 'it is of another type');
  assert.equal(await ann.change({ ...ann.operation('item', { title: 'D', order: 'V' }), c: ann.clock + 20_000 }), 'bad-message', 'from the future');
  assert.equal(await ann.change(ann.operation('reaction', { message: 'm', sign: 'up', on: true }, `${bob.id}-m-up`)), 'bad-message', 'in another\'s name');
  await same(ann, bob);
  assert.deepEqual([...bob.objects.keys()], ['settings', item.o]);
  await leave([ann, bob]);
});

test('who comes late gets all of it, in pieces', async () => {
  const room = await Room.create(daemon);
  const ann = await join(room, { name: 'Ann' });
  for (let n = 0; n < 12; n++) {
    assert.equal(await ann.change(...Array.from({ length: 10 }, () => ann.operation('block', { text: '𝄞'.repeat(1000), order: 'V' }))), 'ok');
    await sleep(20); // it counts as a hundred messages
  }
  await until('the server has told me', () => [...ann.objects.values()].every(({ type, fields }) => type !== 'block' || fields.by === ann.id));
  const late = await join(room, { name: 'Late' });
  const { ops, ...model } = late.joined.model;
  assert.ok(ops.length > 0 && ops.length < 100);
  assert.deepEqual(model, { clock: ann.clock, more: true, was: [], votes: {} });
  await until('all is there', () => late.complete);
  assert.equal(late.state, ann.state);
  assert.ok(late.seq >= 10, 'not all at once');
  await leave([ann, late]);
});

test('a poll: one vote each, changed while it is open, told in sums', async () => {
  const room = await Room.create(daemon);
  const people = [await join(room, { name: 'Ann', host: true }), await join(room, { name: 'Bob' }), await join(room, { name: 'Eve' })];
  const [ann, bob, eve] = people;
  const poll = ann.operation('poll', { question: 'When?', choices: ['now', 'later', 'never'], open: true });
  const { o } = poll;
  await ann.change(poll);
  await same(...people);
  assert.deepEqual([bob.fields(o).counts, bob.fields(o).voters], [[0, 0, 0], 0]);
  assert.equal((await bob.ask('poll-vote', { poll: o, choices: [0, 1] })).error, 'bad-message', 'one at most');
  assert.equal((await bob.ask('poll-vote', { poll: o, choices: [3] })).error, 'bad-message');
  assert.equal((await bob.ask('poll-vote', { poll: 'nothing', choices: [0] })).error, 'not-found');
  await bob.ask('poll-vote', { poll: o, choices: [0] });
  await bob.ask('poll-vote', { poll: o, choices: [1] });
  await eve.ask('poll-vote', { poll: o, choices: [1] });
  await until('the sums came', () => people.every(person => person.fields(o).voters === 2));
  assert.deepEqual([ann.fields(o).counts, ann.fields(o).voted], [[0, 2, 0], []]);
  await eve.ask('poll-vote', { poll: o, choices: [] });
  await ann.change(ann.operation('poll', { open: false }, o));
  await same(...people);
  assert.deepEqual([eve.fields(o).counts, eve.fields(o).voters, eve.fields(o).voted], [[0, 1, 0], 1, ['Bob']]);
  assert.equal((await eve.ask('poll-vote', { poll: o, choices: [0] })).error, 'not-allowed', 'it is closed');
  assert.equal(await ann.change(ann.operation('poll', { choices: ['a', 'b'] }, o)), 'not-allowed');
  const secret = ann.operation('poll', { question: 'Who?', choices: ['a', 'b'], open: true, anonymous: true, multiple: true });
  await ann.change(secret);
  await same(...people);
  await bob.ask('poll-vote', { poll: secret.o, choices: [0, 1] });
  await ann.change(ann.operation('poll', { open: false }, secret.o));
  await same(...people);
  assert.deepEqual([eve.fields(secret.o).counts, eve.fields(secret.o).voters, eve.fields(secret.o).voted], [[1, 1], 1, []]);
  await leave(people);
});

test('who comes again is the same: by the token of the seat, or by the browser', async () => {
  const room = await Room.create(daemon);
  const visitor = Buffer.alloc(16, 7).toString('base64url');
  const ann = await join(room, { name: 'Ann', host: true });
  const poll = ann.operation('poll', { question: 'When?', choices: ['now', 'later'], open: true });
  await ann.change(poll);
  for (const [first, then] of [[{ visitor }, () => ({ visitor })], [{}, token => ({ replaces: token })]]) {
    const bob = await join(room, { name: 'Bob', ...first });
    const said = bob.operation('message', { text: 'mine' });
    await bob.change(said);
    await bob.ask('poll-vote', { poll: poll.o, choices: [0] });
    await bob.leave();
    const again = await join(room, { name: 'Bob', ...then(bob.token) });
    assert.deepEqual(again.joined.model.was, [bob.id]);
    assert.deepEqual(again.joined.model.votes, { [poll.o]: [0] });
    await until('all is there', () => again.complete);
    assert.equal(await again.change(again.operation('message', { text: 'still mine' }, said.o)), 'ok');
    await again.ask('poll-vote', { poll: poll.o, choices: [1] });
    await again.leave();
  }
  await until('each has one vote', () => String(ann.fields(poll.o).counts) === '0,2');
  const eve = await join(room, { name: 'Bob' });
  assert.deepEqual(eve.joined.model.was, []);
  await leave([ann, eve]);
});

test('rights change with the role', async () => {
  const room = await Room.create(daemon, { kind: 'classroom' });
  const [ann, bob] = [await join(room, { name: 'Ann', host: true }), await join(room, { name: 'Bob' })];
  const note = () => bob.operation('block', { text: 'x', order: 'V' });
  assert.equal(await bob.change(note()), 'not-allowed');
  await ann.ask('stage', { person: bob.id, on: true });
  await ann.ask('role', { person: bob.id, role: 'cohost' });
  assert.equal(await bob.change(note()), 'ok');
  await ann.ask('role', { person: bob.id, role: 'person' });
  assert.equal(await bob.change(note()), 'not-allowed');
  await leave([ann, bob]);
});

test('a whisper reaches two people, and is kept nowhere', async () => {
  const room = await Room.create(daemon);
  const people = [await join(room, { name: 'Ann' }), await join(room, { name: 'Bob' }), await join(room, { name: 'Eve' })];
  const [ann, bob, eve] = people;
  assert.equal((await ann.ask('whisper', { to: bob.id, text: 'psst' })).type, 'ok');
  const { seq, at, ...whisper } = await bob.take('whisper', {});
  assert.deepEqual(whisper, { type: 'whisper', from: ann.id, name: 'Ann', to: bob.id, text: 'psst' });
  await ann.take('whisper', { text: 'psst' });
  assert.equal((await ann.ask('whisper', { to: ann.id, text: 'psst' })).error, 'not-found');
  await eve.chat('aloud');
  assert.deepEqual(eve.whispers, []);
  const late = await join(room, { name: 'Late' });
  await until('all is there', () => late.complete);
  assert.ok(!late.state.includes('psst'));
  await leave([...people, late]);
});

test('who only watches whispers to hosts', async () => {
  const room = await Room.create(daemon, { kind: 'classroom' });
  const [ann, bob, eve] = [await join(room, { name: 'Ann', host: true }), await join(room, { name: 'Bob' }), await join(room, { name: 'Eve' })];
  assert.equal((await bob.ask('whisper', { to: eve.id, text: 'psst' })).error, 'not-found');
  assert.equal((await bob.ask('whisper', { to: ann.id, text: 'psst' })).type, 'ok');
  await ann.take('whisper', { text: 'psst' });
  assert.equal((await ann.ask('whisper', { to: bob.id, text: 'yes?' })).type, 'ok');
  await ann.ask('stage', { person: eve.id, on: true });
  assert.equal((await bob.ask('whisper', { to: eve.id, text: 'psst' })).error, 'not-allowed');
  await leave([ann, bob, eve]);
});

test('there is room for so many things', async () => {
  const room = await Room.create(daemon);
  const ann = await join(room, { name: 'Ann', host: true });
  const items = n => Array.from({ length: n }, () => ann.operation('item', { title: 'T', order: 'V' }));
  for (let n = 0; n < Math.floor(SHARED.limits.objects / 64); n++) {
    assert.equal(await ann.change(...items(64)), 'ok');
    await sleep(10); // it counts as 46 messages
  }
  assert.equal(await ann.change(...items(64)), 'too-many');
  assert.equal(await ann.change(...items(SHARED.limits.objects % 64 - 1)), 'ok'); // the settings are one
  assert.equal(await ann.change(...items(1)), 'too-many');
  await ann.leave();
});

test('what was shared outlives a daemon that is killed, and the meeting ended when somebody was seen last', async () => {
  const state = mkdtempSync(path.join(os.tmpdir(), 'cv-sharing-'));
  const first = await Daemon.start({ state });
  const [ann, off] = [await Sharer.join(first, await Room.create(first), { name: 'Ann' }), await Sharer.join(first, await Room.create(first, { kind: 'otr' }), { name: 'Nobody' })];
  await ann.chat('remember this');
  await until('it is written', () => query(state, "SELECT count(*) FROM content WHERE type = 'message'")[0][0] === 1);
  await first.kill('SIGKILL');
  const second = await Daemon.start({ state });
  const { meeting } = ann.joined;
  const rows = query(state, `SELECT json_extract(state, '$.text[0]'), json_extract(state, '$.name[0]') FROM content WHERE meeting = '${meeting}' AND type = 'message'`);
  assert.deepEqual(rows, [['remember this', 'Ann']]);
  await until('the meeting is closed', () => query(state, `SELECT reason FROM meeting WHERE id = '${meeting}'`)[0][0] === 'crash');
  const [[ended, left, name]] = query(state, `SELECT ended, "left", name FROM meeting JOIN attendance ON meeting = id WHERE id = '${meeting}'`);
  assert.deepEqual([ended, name], [left, 'Ann']);
  assert.deepEqual(query(state, `SELECT (SELECT count(*) FROM content WHERE meeting = '${off.joined.meeting}'), (SELECT count(*) FROM attendance WHERE meeting = '${off.joined.meeting}')`), [[0, 0]]);
  await second.stop();
});
