// Recordings over HTTP: who may do what, keys, cookies, links with passwords; and that nobody else gets anywhere.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Daemon, sleep } from './lib/daemon.mjs';
import { TRACK, Visitor, change, makeKey, makeRecording, openShare, share, signIn } from './lib/recording.mjs';
import { Room } from './lib/room.mjs';

let daemon, recording, other;
before(async () => {
  daemon = await Daemon.start();
  recording = await makeRecording(daemon, { title: 'Weekly' });
  other = await makeRecording(daemon, { title: 'Board' });
});
after(() => daemon.stop());

const NOBODY = '/api/v1/recordings/raaaaaaaaaaaa';

/** [method, path, body, what a guest gets, what a guest with downloads gets, what a producer gets]: nobody gets 401 */
const routes = () => [
  ['GET', '/api/v1/recordings', undefined, 401, 401, 200],
  ['GET', recording.path, undefined, 200, 200, 200],
  ['PATCH', recording.path, { title: 'Weekly' }, 403, 403, 200],
  ['POST', `${recording.path}/verify`, {}, 403, 403, 200],
  ['POST', `${recording.path}/renders`, {}, 403, 403, 400],
  ['POST', `${recording.path}/shares`, { hours: 1, downloads: true }, 403, 403, 201],
  ['GET', `${recording.path}/files/meeting.mp4`, undefined, 200, 200, 200],
  ['HEAD', `${recording.path}/files/meeting.mp4`, undefined, 200, 200, 200],
  ['GET', `${recording.path}/files/meeting.mp4?download=1`, undefined, 403, 200, 200],
  ['GET', `${recording.path}/files/timeline.json`, undefined, 200, 200, 200],
  ['GET', `${recording.path}/files/timeline.otio`, undefined, 403, 200, 200],
  ['GET', `${recording.path}/files/${TRACK}`, undefined, 403, 200, 200],
  ['GET', `${recording.path}/archive.zip`, undefined, 403, 200, 200],
  ['GET', other.path, undefined, 401, 401, 200],
  ['GET', `${other.path}/files/meeting.mp4`, undefined, 401, 401, 200],
  ['GET', `${other.path}/archive.zip`, undefined, 401, 401, 200],
  ['GET', NOBODY, undefined, 401, 401, 404],
  ['GET', `${NOBODY}/files/meeting.mp4`, undefined, 401, 401, 404],
  ['DELETE', NOBODY, undefined, 401, 401, 404],
  ['DELETE', '/api/v1/renders/jaaaaaaaaaaaa', undefined, 401, 401, 404],
  ['DELETE', '/api/v1/shares/saaaaaaaaaaaa', undefined, 401, 401, 404],
  ['GET', '/api/v1/keys', undefined, 401, 401, 403],
  ['POST', '/api/v1/keys', {}, 401, 401, 403],
  ['DELETE', '/api/v1/keys/kaaaaaaaaaaaa', undefined, 401, 401, 403],
];

test('each request is for whom it is for', async () => {
  const key = await makeKey(daemon);
  const guest = await openShare(daemon, await share(daemon, recording));
  const keeper = await openShare(daemon, await share(daemon, recording, { downloads: true }));
  const [producer, program] = [await signIn(daemon), new Visitor(daemon, { authorization: `Bearer ${key.key}` })];
  for (const [method, path, body, ofGuest, ofKeeper, ofProducer] of routes()) {
    const where = `${method} ${path}`;
    assert.equal(await new Visitor(daemon).status(method, path, body), 401, `${where} of nobody`);
    assert.equal(await guest.status(method, path, body), ofGuest, `${where} of a guest`);
    assert.equal(await keeper.status(method, path, body), ofKeeper, `${where} of a guest with downloads`);
    assert.equal(await producer.status(method, path, body), ofProducer, `${where} of a producer`);
    assert.equal(await program.status(method, path, body), ofProducer, `${where} of a program`);
    const admin = await daemon.admin(method, path, body);
    const ofKeys = { GET: 200, POST: 400, DELETE: 404 };
    assert.equal(admin.status, path.startsWith('/api/v1/keys') ? ofKeys[method] : ofProducer, `${where} of an administrator`);
  }
});

test('what guests see of a recording', async () => {
  const guest = await openShare(daemon, await share(daemon, recording));
  const { body } = await guest.get(recording.path);
  assert.deepEqual(body.files.map(({ name }) => name).sort(), ['meeting.mp4', 'timeline.json']);
  assert.equal(body.downloads, false);
  assert.ok(!('shares' in body) && !('renders' in body));
  const whole = (await (await signIn(daemon)).get(recording.path)).body;
  assert.deepEqual(whole.files.map(({ name }) => name).sort(), Object.keys(recording.files).sort());
  assert.deepEqual(Object.fromEntries(whole.files.map(({ name, sha256 }) => [name, sha256])), recording.files);
  assert.ok(whole.shares.length > 0 && whole.shares.every(one => !('secret' in one) && !('hash' in one)));
});

test('other pages and other doors', async () => {
  const producer = await signIn(daemon);
  for (const origin of ['https://elsewhere.example', `${daemon.origin}.elsewhere.example`, 'null', undefined])
    for (const [method, path, body] of [['PATCH', recording.path, { title: 'x' }], ['DELETE', recording.path], ['POST', `${recording.path}/shares`, {}],
      ['POST', '/api/v1/session', { key: 'x' }], ['DELETE', '/api/v1/session'], ['POST', '/api/v1/shares/saaaaaaaaaaaa/open', {}]]) {
      const headers = { cookie: producer.cookie, ...origin && { origin } };
      const { status, body: answer } = await daemon.request(method, path, body, headers);
      assert.deepEqual([status, answer.error], [403, 'foreign-origin'], `${method} ${path} from ${origin}`);
    }
  assert.equal((await producer.get(recording.path)).body.title, 'Weekly');
  for (const path of ['/recordings', `/recordings/${recording.id}`, '/s/saaaaaaaaaaaa']) {
    const page = await daemon.request('GET', path);
    assert.equal(page.status, 200, path);
    assert.match(page.headers['content-security-policy'], /media-src 'self' blob:/);
    assert.equal((await daemon.admin('GET', path)).status, 404);
  }
  for (const path of ['/recordings/', `/recordings/${recording.id}/x`, '/s', '/s/a/b', '/recording'])
    assert.equal((await daemon.request('GET', path)).status, path === '/recordings/' ? 200 : 404, path);
});

test('a cookie is for our page alone, ends with its key, and is forgotten at a restart', async () => {
  const key = await makeKey(daemon);
  const visitor = new Visitor(daemon);
  const { headers, body } = await visitor.ask('POST', '/api/v1/session', { key: key.key });
  assert.match(headers['set-cookie'][0], /^__Host-conclave=[\w-]{43}; Path=\/; Max-Age=43200; Secure; HttpOnly; SameSite=Strict$/);
  assert.equal(headers['cache-control'], 'no-store');
  assert.deepEqual([body.role, body.name, body.recordings], ['producer', 'Zoë', []]);
  const copy = new Visitor(daemon, { cookie: visitor.cookie });
  assert.equal(await copy.status('GET', '/api/v1/session'), 200);
  assert.equal(await visitor.status('DELETE', '/api/v1/session'), 204);
  assert.equal(await copy.status('GET', '/api/v1/session'), 401);

  await visitor.ask('POST', '/api/v1/session', { key: key.key });
  assert.equal((await daemon.admin('DELETE', `/api/v1/keys/${key.id}`)).status, 204);
  assert.equal(await visitor.status('GET', '/api/v1/recordings'), 401);
  const again = await visitor.ask('POST', '/api/v1/session', { key: key.key });
  assert.deepEqual([again.status, again.body.error], [401, 'bad-key']);
  for (const cookie of ['', '__Host-conclave=', '__Host-conclave=x', `__Host-conclave=${'A'.repeat(43)}`, '=;=;;', `x=${'y'.repeat(8000)}`])
    assert.equal(await new Visitor(daemon, { cookie }).status('GET', '/api/v1/recordings'), 401, cookie);
});

test('a link with a password, one that expired, one that is withdrawn', async () => {
  const made = await share(daemon, recording, { password: 'tea at five' });
  const visitor = new Visitor(daemon);
  for (const body of [{ secret: made.secret }, { secret: made.secret, password: '' }, { secret: made.secret, password: 'tea' }]) {
    const answer = await visitor.ask('POST', made.open, body);
    assert.deepEqual([answer.status, answer.body.error, visitor.cookie], [401, 'wrong-password', '']);
  }
  const opened = await visitor.ask('POST', made.open, { secret: made.secret, password: 'tea at five' });
  assert.deepEqual([opened.status, opened.body.recording, opened.body.downloads], [200, recording.id, false]);
  assert.equal(await visitor.status('GET', recording.path), 200);
  assert.equal((await daemon.admin('DELETE', `/api/v1/shares/${made.id}`)).status, 204);
  assert.equal(await visitor.status('GET', recording.path), 401);

  const expired = await share(daemon, recording);
  change(daemon, 'UPDATE share SET expires = 1 WHERE id = ?', expired.id);
  for (const [where, secret] of [[expired.open, expired.secret], [made.open, made.secret], [expired.open, 'A'.repeat(43)], ['/api/v1/shares/saaaaaaaaaaaa/open', made.secret]]) {
    const answer = await visitor.ask('POST', where, { secret });
    assert.deepEqual([answer.status, answer.body.error], [410, 'gone'], where);
  }
});

test('guessing passwords and keys is slow, and does not slow the others down', async () => {
  const own = await Daemon.start();
  const made = await makeRecording(own);
  const locked = await share(own, made, { password: 'tea at five' });
  const guess = () => new Visitor(own).ask('POST', locked.open, { secret: locked.secret, password: 'coffee' });
  for (let i = 0; i < 5; i++) {
    const before = Date.now();
    const two = Promise.all([guess(), guess()]).then(answers => [Date.now() - before, ...answers.map(({ body }) => body.error)]);
    await sleep(20);
    assert.equal((await own.request('GET', '/health')).status, 200);
    const healthy = Date.now() - before;
    const [took, ...errors] = await two;
    assert.deepEqual(errors, ['wrong-password', 'wrong-password']);
    assert.ok(healthy < took, `the loop goes on: ${healthy} of ${took} ms`);
  }
  const more = await Promise.all(Array.from({ length: 20 }, guess));
  assert.ok(more.filter(({ body }) => body.error === 'rate-limited').length >= 15);
  const wrong = { authorization: `Bearer ${'A'.repeat(43)}` };
  for (let i = 0; i < 10; i++)
    assert.equal(await new Visitor(own, wrong).status('GET', '/api/v1/recordings'), 401);
  const { key } = await makeKey(own);
  assert.equal(await new Visitor(own, wrong).status('GET', '/api/v1/recordings'), 429);
  assert.equal(await new Visitor(own).status('POST', '/api/v1/session', { key }), 429);
  for (const secret of ['coffee', 'tea at five', key, locked.secret])
    assert.ok(!own.log.includes(secret));
  await own.stop();
});

test('lists go on, and refuse what makes no sense', async () => {
  const producer = await signIn(daemon);
  for (let i = 0; i < 5; i++)
    await makeRecording(daemon, { title: `Series ${i}`, started: 1790000000000 + i, files: {} });
  const seen = [];
  for (let cursor = '', n = 0; cursor !== null && n < 10; n++) {
    const { body } = await producer.get(`/api/v1/recordings?q=series&sort=title&order=asc&limit=2&cursor=${cursor}`);
    seen.push(...body.recordings.map(({ title }) => title));
    cursor = body.next;
  }
  assert.deepEqual(seen, [0, 1, 2, 3, 4].map(i => `Series ${i}`));
  for (const query of ['limit=0', 'limit=201', 'sort=id', 'order=x', 'status=x', 'room=x', 'cursor=!', 'x=y', `q=${'x'.repeat(401)}`, 'q=%ff', 'limit=1&limit=2x'])
    assert.equal(await producer.status('GET', `/api/v1/recordings?${query}`), 400, query);
  const { body } = await producer.get(`/api/v1/recordings?q=${encodeURIComponent("'; DROP TABLE recording; --")}`);
  assert.deepEqual(body.recordings, []);
});

test('deleting takes everything, and says who did it', async () => {
  const producer = await signIn(daemon);
  const made = await makeRecording(daemon);
  const guest = await openShare(daemon, await share(daemon, made));
  assert.equal(await producer.status('DELETE', made.path), 204);
  assert.equal(await producer.status('GET', made.path), 404);
  assert.equal(await guest.status('GET', `${made.path}/files/meeting.mp4`), 404);
  const recorded = await makeRecording(daemon, { status: 'recording' });
  const answer = await producer.ask('DELETE', recorded.path);
  assert.deepEqual([answer.status, answer.body.error], [409, 'recording-state']);
  assert.ok((await Room.create(daemon)).id);
});
