// WHIP (RFC 9725) and WHEP over HTTP: tokens, sessions, and what the people in the room see of them. The media process is a
// fake; an encoder's own packets are another suite's business.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Person } from './lib/client.mjs';
import { Daemon, FAKE_MEDIA, until } from './lib/daemon.mjs';
import { Room } from './lib/room.mjs';

const OFFER = 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n';
const FOREIGN = { origin: 'https://elsewhere.example' };
let daemon;
before(async () => {
  daemon = await Daemon.start({ config: {
    ...FAKE_MEDIA, rooms: { 'empty-seconds': 1, 'seat-seconds': 2 },
    turn: { servers: 'turn:%h:3478;turns:turn.example.org:5349?transport=tcp', secret: 'a secret of the tests' },
  } });
});
after(() => daemon.stop());

/** A token for a room, as conclavectl makes it. */
async function makeToken (room, kind = 'publish', more = {}, from = daemon) {
  const token = randomBytes(32);
  const { status, body } = await from.admin('POST', `/api/v1/rooms/${room.id}/tokens`,
    { kind, name: 'Camera', hash: createHash('sha256').update(token).digest('base64url'), hours: 1, ...more });
  assert.equal(status, 201, JSON.stringify(body));
  return { ...body, token: token.toString('base64url') };
}

const bearer = ({ token }) => ({ authorization: `Bearer ${token}` });

function offer (room, token, { where = 'whip', body = OFFER, headers = {} } = {}) {
  return daemon.request('POST', `/${where}/${room.id}`, body, { ...FOREIGN, ...bearer(token), 'content-type': 'application/sdp', ...headers });
}

test('an encoder publishes, is seen, and leaves', async () => {
  const room = await Room.create(daemon, { kind: 'classroom' });
  const [host, viewer] = [await Person.join(daemon, room, { host: true }), await Person.join(daemon, room)];
  const token = await makeToken(room);
  const answer = await offer(room, token);
  assert.equal(answer.status, 201);
  assert.equal(answer.headers['content-type'], 'application/sdp');
  assert.ok(String(answer.bytes).startsWith(OFFER));
  assert.equal(answer.headers['access-control-allow-origin'], '*');
  assert.match(answer.headers['access-control-expose-headers'], /Location.*ETag.*Link/);
  assert.match(answer.headers.etag, /^"[\w-]{16}"$/);
  const { location } = answer.headers;
  assert.match(location, new RegExp(`^/whip/${room.id}/[\\w-]{43}$`));
  const links = answer.headers.link.split(', ');
  assert.equal(links.length, 2);
  assert.match(links[0], /^<turn:127.0.0.1:3478>; rel="ice-server"; username="\d+:p\w{12}"; credential="[\w+/=]+"; credential-type="password"$/);

  const { person } = await viewer.take('person-joined');
  const { id, ...seen } = person;
  assert.deepEqual(seen, { name: 'Camera', host: false, mic: true, camera: true, screen: false, away: false, hand: 0, stage: true, unrecorded: false, role: 'person', stream: true });
  await host.ask('spotlight', { person: id });
  assert.equal((await viewer.take('spotlight')).person, id);
  await host.ask('stop', { person: id, what: 'camera' });
  assert.equal((await viewer.take('person-changed')).person.camera, false);
  await host.ask('mute-all');
  assert.equal((await viewer.take('person-changed')).person.mic, false);
  assert.equal((await viewer.ask('start', { person: id, what: 'microphone' })).error, 'not-allowed');
  assert.equal((await host.ask('start', { person: viewer.id, what: 'microphone' })).error, 'not-allowed');
  assert.equal((await host.ask('start', { person: id, what: 'microphone' })).type, 'ok');
  const again = (await viewer.take('person-changed')).person;
  assert.deepEqual([again.mic, again.camera], [true, false], 'what was not named stays off');

  const gone = await daemon.request('DELETE', location, undefined, { ...FOREIGN, ...bearer(token) });
  assert.equal(gone.status, 200);
  assert.equal((await viewer.take('spotlight')).person, null);
  assert.deepEqual([(await viewer.take('person-left')).reason], ['left']);
  assert.equal((await daemon.request('DELETE', location, undefined, FOREIGN)).status, 404);
  await Promise.all([host.leave(), viewer.leave()]);
});

test('a player watches and is counted', async () => {
  const room = await Room.create(daemon, { kind: 'classroom' });
  const [host, viewer] = [await Person.join(daemon, room, { host: true }), await Person.join(daemon, room)];
  const answer = await offer(room, await makeToken(room, 'watch', { name: 'Projector' }), { where: 'whep' });
  assert.equal(answer.status, 201);
  assert.match(answer.headers.location, /^\/whep\//);
  await host.take('person-joined'); // the viewer
  assert.equal((await host.take('person-joined')).person.name, 'Projector');
  assert.equal((await viewer.socket.find({ type: 'viewers', n: 2 })).n, 2);
  assert.ok(!viewer.socket.inbox.some(({ type }) => type === 'person-joined'));
  await Promise.all([host.leave(), viewer.leave()]);
});

test('candidates may trickle, though nobody needs them', async () => {
  const room = await Room.create(daemon, { kind: 'boardroom' });
  const token = await makeToken(room);
  const { headers: { location, etag } } = await offer(room, token);
  const patch = (headers, body = 'a=ice-ufrag:x\r\na=end-of-candidates\r\n') =>
    daemon.request('PATCH', location, body, { ...FOREIGN, ...bearer(token), 'content-type': 'application/trickle-ice-sdpfrag', ...headers });
  assert.equal((await patch({ 'if-match': etag })).status, 204);
  const refused = [[{ 'if-match': '"other"' }, 412, 'old-etag'], [{}, 428, 'no-etag'], [{ 'if-match': '*' }, 422, 'no-restart'],
    [{ 'if-match': etag, 'content-type': 'application/sdp' }, 415, 'bad-type']];
  for (const [headers, status, error] of refused) {
    const answer = await patch(headers);
    assert.deepEqual([answer.status, answer.body.error], [status, error]);
  }
  assert.equal((await daemon.request('DELETE', location, undefined, FOREIGN)).status, 200);
});

test('who has no good token stays out', async () => {
  const room = await Room.create(daemon, { kind: 'classroom' });
  const other = await Room.create(daemon, { kind: 'classroom' });
  const [publish, watch, revoked] = [await makeToken(room), await makeToken(room, 'watch'), await makeToken(room)];
  assert.equal((await daemon.admin('DELETE', `/api/v1/tokens/${revoked.id}`)).status, 204);
  const out = [
    offer(room, { token: randomBytes(32).toString('base64url') }), offer(room, { token: 'x' }), offer(room, revoked),
    offer(room, watch), offer(room, publish, { where: 'whep' }), offer(other, publish),
    offer(room, publish, { headers: { authorization: `Basic ${publish.token}` } }),
  ];
  for (const { status, body, headers } of await Promise.all(out)) {
    assert.deepEqual([status, body.error], [401, 'bad-token']);
    assert.equal(headers['www-authenticate'], 'Bearer error="invalid_token"');
    assert.equal(headers['access-control-allow-origin'], '*');
  }
  assert.equal((await daemon.admin('GET', `/api/v1/rooms/${room.id}`)).body.meeting, null, 'nobody in vain started a meeting');
  assert.equal((await daemon.admin('POST', `/api/v1/rooms/${(await Room.create(daemon)).id}/tokens`,
    { kind: 'watch', name: 'x', hash: randomBytes(32).toString('base64url'), hours: 0 })).body.error, 'not-allowed');
});

test('offers that are not taken', async () => {
  const room = await Room.create(daemon, { kind: 'classroom' });
  const token = await makeToken(room);
  const refused = [
    [{ headers: { 'content-type': 'text/plain' } }, 415, 'bad-type'], [{ body: 'error:bad-sdp' }, 400, 'bad-sdp'],
    [{ body: 'error:no-codec' }, 406, 'no-codec'], [{ body: 'v=ä' }, 400, 'bad-sdp'], [{ body: 'v=\0' }, 400, 'bad-sdp'],
    [{ body: 'x'.repeat(60 * 1024 + 1) }, 400, 'bad-sdp'], [{ body: 'x'.repeat(64 * 1024 + 1) }, 413, 'too-large'],
    [{ body: '' }, 400, 'bad-sdp'],
  ];
  for (const [what, status, error] of refused) {
    const answer = await offer(room, token, what);
    assert.deepEqual([answer.status, answer.body.error], [status, error], JSON.stringify(what).slice(0, 60));
    assert.equal(answer.headers['access-control-allow-origin'], '*');
  }
  await until('nobody is left of them', async () => (await daemon.admin('GET', `/api/v1/rooms/${room.id}`)).body.people === 0);
});

test('what pages of other servers may ask', async () => {
  const room = await Room.create(daemon, { kind: 'classroom' });
  const preflight = await daemon.request('OPTIONS', `/whip/${room.id}`, undefined,
    { ...FOREIGN, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers['access-control-allow-origin'], '*');
  assert.match(preflight.headers['access-control-allow-methods'], /POST/);
  assert.match(preflight.headers['access-control-allow-headers'], /Authorization/);
  assert.equal(preflight.headers['accept-post'], 'application/sdp');
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
    const { status, headers } = await daemon.request(method, `/whip/${room.id}`, undefined, FOREIGN);
    assert.deepEqual([status, headers.allow], [405, 'OPTIONS, POST']);
  }
  /* and nothing else has become theirs */
  assert.equal((await daemon.request('POST', '/api/v1/rooms', room.body, FOREIGN)).body.error, 'foreign-origin');
  assert.equal((await daemon.admin('POST', `/whip/${room.id}`, 'x')).status, 404);
});

test('a session ends with its token, its meeting, and its media process', async () => {
  const room = await Room.create(daemon, { kind: 'classroom' });
  const host = await Person.join(daemon, room, { host: true });
  const endings = [
    async token => assert.equal((await daemon.admin('DELETE', `/api/v1/tokens/${token.id}`)).status, 204),
    () => host.post('offer', { sdp: 'crash' }),
  ];
  for (const end of endings) {
    const token = await makeToken(room);
    const { headers: { location } } = await offer(room, token);
    const { person } = await host.take('person-joined');
    await end(token);
    assert.equal((await host.take('person-left', { person: person.id })).reason, 'lost');
    assert.equal((await daemon.request('DELETE', location, undefined, FOREIGN)).status, 404);
  }
  assert.equal((await host.socket.find({ type: 'media', state: 'ready' })).state, 'ready');
  const { headers: { location } } = await offer(room, await makeToken(room));
  await host.ask('end');
  await until('the session is over', async () => (await daemon.request('DELETE', location, undefined, FOREIGN)).status === 404);
});

test('wrong tokens stand in the log as fail2ban reads it, and who says none does not', async t => {
  const mine = await Daemon.start({ config: { ...FAKE_MEDIA, server: { 'trusted-proxy': 'loopback' } } });
  t.after(() => mine.running && mine.kill('SIGKILL'));
  const [room, other] = [await Room.create(mine, { kind: 'classroom' }), await Room.create(mine, { kind: 'classroom' })];
  const good = await makeToken(room, 'publish', {}, mine);
  const wrong = randomBytes(32).toString('base64url');
  const ask = (address, method, where, authorization) => mine.request(method, where, method === 'POST' ? OFFER : undefined,
    { ...FOREIGN, 'x-forwarded-for': address, 'content-type': 'application/sdp', ...authorization && { authorization } });
  const { status, headers: { location } } = await ask('198.51.100.1', 'POST', `/whip/${room.id}`, `Bearer ${good.token}`);
  assert.equal(status, 201);
  for (const [address, ...request] of [
    ['192.0.2.1', 'POST', `/whip/${room.id}`, `Bearer ${wrong}`], ['192.0.2.2', 'POST', `/whep/${room.id}`, 'Bearer x'],
    ['192.0.2.3', 'POST', `/whep/${room.id}`, `Bearer ${good.token}`], ['2001:db8::1', 'POST', `/whip/${other.id}`, `Bearer ${good.token}`],
    ['192.0.2.5', 'POST', '/whip/abcdefghijkm', `Bearer ${wrong}`], ['192.0.2.6', 'DELETE', location, `Bearer ${wrong}`],
    ['198.51.100.2', 'POST', `/whip/${room.id}`],
  ])
    assert.equal((await ask(address, ...request)).status, 401, address);
  assert.equal((await ask('198.51.100.3', 'DELETE', location)).status, 200);
  await mine.stop();
  const lines = [...mine.log.matchAll(/^.*sign-in refused from (.*)$/gm)].map(([, address]) => address);
  assert.deepEqual(lines, ['192.0.2.1', '192.0.2.2', '192.0.2.3', '2001:db8::1', '192.0.2.5', '192.0.2.6']);
  assert.ok(!mine.log.includes(wrong) && !mine.log.includes(good.token));
});

test('tokens go with their room', async () => {
  const room = await Room.create(daemon, { kind: 'classroom' });
  const token = await makeToken(room);
  assert.equal((await daemon.admin('DELETE', `/api/v1/rooms/${room.id}`)).status, 204);
  assert.equal((await offer(room, token)).status, 401);
});
