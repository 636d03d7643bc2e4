// Rooms over the REST interface with API keys: whose they are, links that the server composes, changes, pages, and what is done once.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { Person } from './lib/client.mjs';
import { Daemon, FAKE_MEDIA, makeState } from './lib/daemon.mjs';
import { Visitor, makeKey } from './lib/recording.mjs';
import { Room, randomId } from './lib/room.mjs';

const ROOMS = '/api/v1/rooms';

let daemon;
before(async () => {
  daemon = await Daemon.start({ config: { ...FAKE_MEDIA, rooms: { 'anyone-may-create': false, 'empty-seconds': 1, 'seat-seconds': 1 } } });
});
after(() => daemon.stop());

/** A program with a key of its own, and no Origin. */
class Program extends Visitor {
  static async start (role) {
    const { id, key } = await makeKey(daemon, { role, name: role });
    const self = new Program(daemon, { authorization: `Bearer ${key}` });
    self.id = id;
    return self;
  }

  /** Nothing is sent but what a program sends. */
  async ask (method, where, body, headers = {}) {
    return await this.daemon.request(method, where, body, { authorization: this.headers.authorization, ...headers });
  }

  async make (members = {}) {
    const { status, body } = await this.ask('POST', ROOMS, { kind: 'boardroom', title: 'Tea', ...members });
    assert.equal(status, 201, JSON.stringify(body));
    return body;
  }
}

const problem = ({ status, body }) => [status, body?.error];

/** What a browser makes of a link: `/r/ID#S`, and `.H` in a host's. */
function read (link) {
  const [, id, secret, host] = /^http:\/\/127\.0\.0\.1:\d+\/r\/([a-z2-9]{12})#([\w-]{43})(?:\.([\w-]{43}))?$/.exec(link) ?? assert.fail(link);
  const bytes = text => text && Buffer.from(text, 'base64url');
  return new Room({ kind: 'boardroom', id, secret: bytes(secret), hostSecret: bytes(host) });
}

test('links that the server composes lead in, and are shown to whose room it is', async () => {
  const owner = await Program.start('host');
  for (const kind of ['boardroom', 'classroom']) {
    const made = await owner.make({ kind, lobby: true });
    assert.equal(made.owner, owner.id);
    assert.equal(read(made.link).id, made.id);
    assert.equal(read(made.host_link).hostSecret.length, 32);
    const host = await Person.join(daemon, read(made.host_link), { name: 'Hedy', host: true });
    assert.equal(host.joined.role, 'host');
    assert.equal((await host.ask('lobby', { on: false })).type, 'ok');
    const guest = await Person.join(daemon, read(made.link), { name: 'Gus' });
    assert.equal(guest.joined.host, false);
    const shown = (await owner.get(`${ROOMS}/${made.id}`)).body;
    assert.deepEqual([shown.link, shown.people], [made.link, 2]);
    assert.equal('host_link' in shown, false, 'which is told once');
    const log = daemon.log;
    for (const secret of [read(made.host_link).hostSecret, read(made.link).secret])
      assert.ok(!log.includes(secret.toString('base64url')));
  }
});

test('a secret that somebody else drew has to fit; of sealed rooms the server takes none', async () => {
  const owner = await Program.start('host');
  const room = new Room({ kind: 'boardroom' });
  const secret = room.secret.toString('base64url');
  assert.deepEqual(problem(await owner.ask('POST', ROOMS, { ...room.body, secret: room.hostSecret.toString('base64url') })), [400, 'bad-message']);
  const made = await owner.ask('POST', ROOMS, { ...room.body, secret });
  assert.equal(made.status, 201);
  assert.equal(read(made.body.link).secret.toString('base64url'), secret);
  assert.equal('host_link' in made.body, false);
  const plain = new Room({ kind: 'boardroom' });
  assert.equal((await owner.ask('POST', ROOMS, plain.body)).body.link, null);
  const sealed = new Room();
  for (const body of [{ ...sealed.body, secret: sealed.secret.toString('base64url') }, { kind: 'standard', title: 'Tea' }])
    assert.deepEqual(problem(await owner.ask('POST', ROOMS, body)), [400, 'bad-message']);
  assert.equal((await owner.ask('POST', ROOMS, sealed.body)).body.link, null);
});

test('a room is its owner’s and administrators’; for others it is not there', async () => {
  const [owner, other, producer, root] = await Promise.all(['host', 'host', 'producer', 'administrator'].map(role => Program.start(role)));
  const nobody = new Visitor(daemon);
  const made = await owner.make();
  const where = `${ROOMS}/${made.id}`;
  const requests = [['GET', where], ['PATCH', where, { title: 'Coffee' }], ['GET', `${where}/meetings`], ['GET', `${where}/tokens`],
    ['POST', `${where}/tickets`, { role: 'host' }], ['POST', `${where}/end`], ['POST', `${where}/recording`, { action: 'stop' }], ['DELETE', where]];
  for (const [method, path, body] of requests) {
    const label = `${method} ${path}`;
    assert.deepEqual(problem(await other.ask(method, path, body)), [404, 'unknown-room'], `${label} of another host`);
    assert.deepEqual(problem(await producer.ask(method, path, body)), [403, 'not-allowed'], `${label} of a producer`);
    assert.equal(await nobody.status(method, path, body), 401, `${label} of nobody`);
  }
  const ids = async who => (await who.get(`${ROOMS}?limit=200`)).body.rooms.map(({ id }) => id);
  assert.deepEqual(await ids(owner), [made.id]);
  assert.deepEqual(await ids(other), []);
  assert.ok((await ids(root)).includes(made.id));
  for (const who of [root, owner])
    for (const [method, path, body] of requests.slice(0, -1)) {
      const { status, body: answer } = await who.ask(method, path, body);
      assert.ok(status < 300 || answer.error === 'recording-off', `${method} ${path}: ${status} ${JSON.stringify(answer)}`);
    }
  assert.equal((await root.get(where)).body.link, made.link);
  assert.equal(await root.status('DELETE', where), 204);
  assert.deepEqual(problem(await owner.get(where)), [404, 'unknown-room']);
  for (const who of [producer, nobody])
    assert.equal(await who.status('POST', ROOMS, { kind: 'boardroom', title: 'Tea' }), 403);
});

test('what is changed, and what is not', async () => {
  const owner = await Program.start('host');
  const made = await owner.make({ title: 'Tea', keep_days: 7 });
  const where = `${ROOMS}/${made.id}`;
  const change = { title: 'Kaffee ☕', lobby: true, recording: true, consent: 'require', keep_days: null };
  const changed = await owner.ask('PATCH', where, change);
  const { host_link: _, ...before } = made;
  assert.deepEqual([changed.status, changed.body], [200, { ...before, ...change }]);
  assert.deepEqual((await owner.ask('PATCH', where, { title: 'Tea' })).body, { ...before, ...change, title: 'Tea' }, 'what is left out stays');
  for (const body of [{ title: '' }, { title: ' ' }, { title: 'x'.repeat(121) }, { title: 'a\u202eb' }, { lobby: 'on' }, { keep_days: -2 }, { keep_days: 36501 },
    { consent: 'maybe' }, { id: randomId() }, { owner: null }, { kind: 'standard' }, { secret: 'A'.repeat(43) }, { title: 'x', link: null }]) {
    assert.deepEqual(problem(await owner.ask('PATCH', where, body)), [400, 'bad-message'], JSON.stringify(body));
  }
  assert.deepEqual((await owner.get(where)).body, { ...before, ...change, title: 'Tea' });
  const sealed = new Room();
  assert.equal((await owner.ask('POST', ROOMS, sealed.body)).status, 201);
  assert.deepEqual(problem(await owner.ask('PATCH', `${ROOMS}/${sealed.id}`, { recording: true })), [403, 'not-allowed'], 'nobody records a sealed room');
});

test('a new title and lobby count at once for who comes', async () => {
  const owner = await Program.start('host');
  const made = await owner.make({ lobby: false });
  const host = await Person.join(daemon, read(made.host_link), { name: 'Hedy', host: true });
  await owner.ask('PATCH', `${ROOMS}/${made.id}`, { title: 'Coffee' });
  const guest = await Person.join(daemon, read(made.link));
  assert.equal(guest.joined.room.title, 'Coffee');
  assert.equal((await owner.ask('POST', `${ROOMS}/${made.id}/end`)).body.meeting !== null, true);
  assert.equal((await host.take('ended')).reason, 'admin');
  const [meeting] = (await owner.get(`${ROOMS}/${made.id}/meetings`)).body.meetings;
  assert.deepEqual([meeting.room, meeting.reason], [made.id, 'admin']);
});

test('pages: each room once, the newest first, whatever is made in the meantime', async () => {
  const owner = await Program.start('host');
  const ids = [];
  for (let i = 0; i < 7; i++)
    ids.unshift((await owner.make({ title: i % 2 ? `Tea 100% ${i}` : `Coffee ${i}` })).id);
  const seen = [];
  let cursor = '', pages = 0;
  do {
    const { status, body } = await owner.get(`${ROOMS}?limit=3${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    assert.equal(status, 200);
    assert.ok(body.rooms.length <= 3);
    seen.push(...body.rooms.map(({ id }) => id));
    cursor = body.next;
    pages++;
    if (pages === 1)
      await owner.make({ title: 'Newer' });
  } while (cursor);
  assert.deepEqual(seen, ids);
  assert.equal(pages, 3);
  const titles = async q => (await owner.get(`${ROOMS}?q=${encodeURIComponent(q)}`)).body.rooms.map(({ title }) => title);
  assert.deepEqual(await titles('100% '), ['Tea 100% 5', 'Tea 100% 3', 'Tea 100% 1']);
  assert.deepEqual(await titles('%'), await titles('100%'), 'it is text, no pattern');
  assert.deepEqual(await titles('nothing like it'), []);
  for (const query of ['limit=0', 'limit=201', 'limit=x', 'cursor=nonsense', 'order=asc'])
    assert.deepEqual(problem(await owner.get(`${ROOMS}?${query}`)), [400, 'bad-message'], query);
  /* somebody else's cursor shows nobody else's rooms */
  const other = await Program.start('host');
  const { next } = (await owner.get(`${ROOMS}?limit=3`)).body;
  assert.deepEqual((await other.get(`${ROOMS}?cursor=${encodeURIComponent(next)}`)).body.rooms, []);
});

test('with an Idempotency-Key a room is made once, and the answer is the same', async () => {
  const [owner, other] = [await Program.start('host'), await Program.start('host')];
  const body = { kind: 'boardroom', title: 'Tea' };
  const once = { 'idempotency-key': 'a0b1c2d3-e4f5' };
  const all = await Promise.all(Array.from({ length: 8 }, () => owner.ask('POST', ROOMS, body, once)));
  for (const { status } of all)
    assert.ok(status === 201 || status === 409, String(status));
  const made = all.find(({ status }) => status === 201).body;
  const again = await owner.ask('POST', ROOMS, body, once);
  assert.deepEqual([again.status, again.body], [201, made], 'the host’s link as well, which nobody could ask for again');
  for (const { status, body: answer } of all)
    if (status === 201)
      assert.deepEqual(answer, made);
  assert.deepEqual((await owner.get(ROOMS)).body.rooms.map(({ id }) => id), [made.id]);
  assert.deepEqual(problem(await owner.ask('POST', ROOMS, { ...body, title: 'Coffee' }, once)), [409, 'key-reused']);
  assert.deepEqual(problem(await owner.ask('POST', `${ROOMS}/${made.id}/end`, body, once)), [409, 'key-reused'], 'another request');
  const theirs = await other.ask('POST', ROOMS, body, once);
  assert.equal(theirs.status, 201);
  assert.notEqual(theirs.body.id, made.id, 'a key is whose it is');
  for (const key of ['', 'x'.repeat(65), 'ä'])
    assert.equal((await owner.ask('POST', ROOMS, body, { 'idempotency-key': Buffer.from(key).toString('latin1') })).status, 400, key);
  /* what was refused is refused again, and nothing is done by the repetition */
  const refused = { 'idempotency-key': 'refused' };
  assert.equal((await owner.ask('POST', ROOMS, { kind: 'standard', title: 'Tea' }, refused)).status, 400);
  assert.equal((await owner.ask('POST', ROOMS, { kind: 'standard', title: 'Tea' }, refused)).status, 400);
  assert.equal((await owner.get(ROOMS)).body.rooms.length, 1);
});

test('the answer of a request that is done once survives a daemon that is killed', async t => {
  const state = makeState();
  t.after(() => fs.rmSync(state, { recursive: true, force: true }));
  const start = async () => {
    const started = await Daemon.start({ config: FAKE_MEDIA, state });
    t.after(() => started.running && started.kill('SIGKILL'));
    return started;
  };
  const own = await start();
  const { key } = await makeKey(own, { role: 'host' });
  const headers = { authorization: `Bearer ${key}`, 'idempotency-key': 'once' };
  const body = { kind: 'boardroom', title: 'Tea' };
  const first = await own.request('POST', ROOMS, body, headers);
  assert.equal(first.status, 201);
  await own.kill('SIGKILL');
  const next = await start();
  const { status, body: answer } = await next.request('POST', ROOMS, body, headers);
  assert.equal(status, 201);
  const path = link => new URL(link).pathname + new URL(link).hash;
  assert.deepEqual([answer.id, path(answer.host_link)], [first.body.id, path(first.body.host_link)]);
  await next.stop();
});
