// Accounts over HTTP: how people come in, what ends, over a restart too.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { PASSWORD, PATIENT, SESSION, enter, makeUser } from './lib/account.mjs';
import { Person } from './lib/client.mjs';
import { Daemon, FAKE_MEDIA, makeState } from './lib/daemon.mjs';
import { Visitor, change } from './lib/recording.mjs';
import { Room, randomKey } from './lib/room.mjs';

let daemon;
before(async () => { daemon = await Daemon.start({ config: { ...PATIENT, ...FAKE_MEDIA } }); });
after(() => daemon.stop());

test('a user comes in with a link, sets a password, and comes back with that', async () => {
  const { body: user } = await daemon.admin('POST', '/api/v1/users', { login: 'ann@example.org', name: 'Ann', role: 'host' });
  const { status, body: link } = await daemon.admin('POST', `/api/v1/users/${user.id}/code`);
  assert.deepEqual([status, link.url], [201, `${daemon.origin}/sign-in#${link.code}`]);
  assert.ok(Math.abs(link.expires - Date.now() - 24 * 3600_000) < 60_000);
  const ann = new Visitor(daemon);
  const { headers, body } = await ann.ask('POST', SESSION, { code: link.code });
  assert.match(headers['set-cookie'][0], /^__Host-conclave-account=[\w-]{43}; Path=\/; Max-Age=2592000; Secure; HttpOnly; SameSite=Strict$/);
  assert.deepEqual(body.user, { id: user.id, login: 'ann@example.org', name: 'Ann' });
  assert.deepEqual([body.role, body.name, body.recordings], ['host', 'Ann', []]);
  const again = await new Visitor(daemon).ask('POST', SESSION, { code: link.code });
  assert.deepEqual([again.status, again.body.error], [410, 'gone']);
  assert.equal(await ann.status('POST', '/api/v1/account/password', { password: PASSWORD }), 204);
  const other = await enter(daemon, 'ANN@example.org');
  assert.equal((await other.get(SESSION)).body.user.id, user.id);
  const { body: renamed } = await other.ask('PATCH', '/api/v1/account', { name: 'Änne' });
  assert.deepEqual([renamed.name, renamed.password, renamed.disabled], ['Änne', true, false]);
});

test('what ends, ends at once', async () => {
  const user = await makeUser(daemon, 'ben');
  const firefox = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0' };
  const [here, there, elsewhere] = [await enter(daemon, 'ben'), await enter(daemon, 'ben', PASSWORD, firefox), await enter(daemon, 'ben')];
  const { body } = await here.get('/api/v1/sign-ins');
  assert.deepEqual(body.sign_ins.map(({ agent, current }) => [agent, current]), [['', false], ['Firefox, Linux', false], ['', true]]);
  assert.equal(await here.status('DELETE', `/api/v1/sign-ins/${body.sign_ins[1].id}`), 204);
  assert.deepEqual([await there.status('GET', SESSION), await elsewhere.status('GET', SESSION)], [401, 200]);
  const stranger = await makeUser(daemon, 'cem').then(() => enter(daemon, 'cem'));
  assert.equal(await stranger.status('DELETE', `/api/v1/sign-ins/${body.sign_ins[2].id}`), 404, 'not somebody else’s');
  assert.equal(await here.status('DELETE', '/api/v1/sign-ins'), 204);
  assert.deepEqual([await elsewhere.status('GET', SESSION), await here.status('GET', SESSION)], [401, 200]);

  const copy = new Visitor(daemon, { cookie: here.cookie });
  assert.equal(await here.status('DELETE', SESSION), 204);
  assert.equal(here.cookie, '');
  assert.equal(await copy.status('GET', SESSION), 401);

  const disabled = await enter(daemon, 'ben');
  await daemon.admin('PATCH', `/api/v1/users/${user.id}`, { disabled: true });
  assert.equal(await disabled.status('GET', SESSION), 401);
  const refused = await new Visitor(daemon).ask('POST', SESSION, { login: 'ben', password: PASSWORD });
  assert.deepEqual([refused.status, refused.body.error], [401, 'bad-login']);
  await daemon.admin('PATCH', `/api/v1/users/${user.id}`, { disabled: false });
  assert.equal(await disabled.status('GET', SESSION), 401, 'what was ended stays so');
  const back = await enter(daemon, 'ben');
  assert.equal((await daemon.admin('DELETE', `/api/v1/users/${user.id}`)).status, 204);
  assert.equal(await back.status('GET', SESSION), 401);
});

test('another password ends the other sign-ins', async () => {
  const user = await makeUser(daemon, 'dora');
  const [here, there] = [await enter(daemon, 'dora'), await enter(daemon, 'dora')];
  const set = body => here.ask('POST', '/api/v1/account/password', body);
  for (const body of [{ password: 'another one, longer' }, { password: 'another one, longer', old: 'wrong' }])
    assert.equal((await set(body)).body.error, 'wrong-password');
  assert.equal((await set({ password: 'x'.repeat(9), old: PASSWORD })).status, 400);
  assert.equal((await set({ password: 'x'.repeat(201), old: PASSWORD })).status, 400);
  assert.equal((await set({ password: 'another one, longer', old: PASSWORD })).status, 204);
  assert.deepEqual([await here.status('GET', SESSION), await there.status('GET', SESSION)], [200, 401]);
  assert.equal(await new Visitor(daemon).status('POST', SESSION, { login: 'dora', password: PASSWORD }), 401);
  await daemon.admin('PATCH', `/api/v1/users/${user.id}`, { password: PASSWORD });
  assert.equal(await here.status('GET', SESSION), 401, 'one that an administrator sets ends all');
});

test('sign-ins outlive the daemon, and so does their end', async () => {
  const state = makeState();
  let mine = await Daemon.start({ state, config: PATIENT });
  await makeUser(mine, 'ann');
  const [kept, ended] = [await enter(mine, 'ann'), await enter(mine, 'ann')];
  assert.equal(await ended.status('DELETE', SESSION), 204);
  const copy = ended.cookie;
  await mine.stop();
  mine = await Daemon.start({ state, config: PATIENT });
  kept.daemon = mine;
  const { status, body } = await kept.get(SESSION);
  assert.deepEqual([status, body.user.login], [200, 'ann']);
  assert.equal(await new Visitor(mine, { cookie: copy }).status('GET', SESSION), 401);

  /* what stands in the database opens nothing */
  const secret = Buffer.from([...kept.cookies.values()][0], 'base64url');
  const file = fs.readFileSync(path.join(state, 'conclave.db'));
  const log = fs.readFileSync(path.join(state, 'conclave.db-wal'));
  const all = Buffer.concat([file, log]);
  assert.ok(all.includes(createHash('sha256').update(secret).digest()), 'its hash is there');
  for (const [what, bytes] of Object.entries({ secret, text: secret.toString('base64url'), password: PASSWORD }))
    assert.ok(!all.includes(bytes), `no ${what} is`);

  /* 30 days without being used */
  change(mine, 'UPDATE sign_in SET expires = 1');
  assert.equal(await kept.status('GET', SESSION), 401);
  await mine.stop();
  fs.rmSync(state, { recursive: true });
});

test('a browser that is signed in opens WebSockets as before, and one whose sign-in has ended does', async () => {
  await makeUser(daemon, 'eva');
  const eva = await enter(daemon, 'eva');
  const room = await Room.create(daemon);
  for (const cookie of [eva.cookie, `__Host-conclave-account=${randomKey()}`, '__Host-conclave-account=x']) {
    const person = await Person.join(daemon, room, { socket: { headers: { cookie } } });
    assert.equal(person.joined.room.id, room.id);
    await person.leave();
  }
});

test('the owner of a room is its host, where the media go through the server', async () => {
  const user = await makeUser(daemon, 'fay');
  await makeUser(daemon, 'gus', 'administrator');
  const [fay, gus] = [await enter(daemon, 'fay'), await enter(daemon, 'gus')];
  for (const kind of ['classroom', 'standard']) {
    const room = await Room.create(daemon, { kind });
    change(daemon, 'UPDATE room SET owner = ? WHERE id = ?', user.id, room.id);
    const hosts = [];
    for (const headers of [{ cookie: fay.cookie }, { cookie: gus.cookie }, {}]) {
      const person = await Person.join(daemon, room, { socket: { headers } });
      hosts.push(person.joined.role === 'host');
      await person.leave();
    }
    assert.deepEqual(hosts, [kind === 'classroom', false, false], kind);
  }
});
