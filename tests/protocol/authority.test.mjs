// Every request of the table of routes: no other page makes it, and each role may what its row says.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PASSWORD, PATIENT, SESSION, enter, makeUser } from './lib/account.mjs';
import { Daemon } from './lib/daemon.mjs';
import { TRACK, Visitor, change, makeKey, makeRecording, openShare, share } from './lib/recording.mjs';
import { randomId } from './lib/room.mjs';

const TOP = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

let daemon;
before(async () => { daemon = await Daemon.start({ config: PATIENT }); });
after(() => daemon.stop());

/** The table of routes as it stands in the source. */
function readRoutes () {
  const text = fs.readFileSync(path.join(TOP, 'src/signalling/api.c'), 'utf8');
  const [table] = /CvApiRoute routes\[\] = \{[^;]*\};/.exec(text);
  const rows = [...table.matchAll(/\{ "([A-Z]+)", "([^"]+)", "(\w*)", CV_AUTHORITY_(\w+),/g)];
  assert.equal(rows.length, table.match(/CV_AUTHORITY_/g).length);
  return rows.map(([, method, where, prefix, authority]) =>
    ({ method, authority, path: where.replace('%', randomId(prefix)).replace('*', 'meeting.mp4') }));
}

const routes = readRoutes();
const changing = routes.filter(({ method }) => method !== 'GET');

test('no other page gets anything done, whichever request it makes', async () => {
  await makeUser(daemon, 'root', 'administrator');
  const root = await enter(daemon, 'root');
  const site = value => ({ 'sec-fetch-site': value });
  assert.ok(changing.length > 20, `${changing.length} requests change something`);
  for (const { method, path: where } of changing) {
    const foreign = [{ origin: 'https://elsewhere.example' }, { origin: `${daemon.origin}.elsewhere.example` }, { origin: 'null' },
      { origin: daemon.origin.replace('http:', 'https:') }, {}, site('same-origin'), { origin: daemon.origin, ...site('cross-site') },
      { origin: daemon.origin, ...site('same-site') }, { origin: daemon.origin, ...site('none') }];
    for (const headers of foreign)
      for (const more of [{}, { authorization: 'Basic cm9vdDpyb290' }]) {
        const { status, body } = await daemon.request(method, where, undefined, { cookie: root.cookie, ...headers, ...more });
        assert.deepEqual([status, body.error], [403, 'foreign-origin'], `${method} ${where} with ${JSON.stringify({ ...headers, ...more })}`);
      }
    const ours = await root.ask(method, where, undefined, site('same-origin'));
    assert.notEqual(ours.body?.error, 'foreign-origin', `${method} ${where} of our page`);
    if (where === SESSION && method === 'DELETE')
      await root.ask('POST', SESSION, { login: 'root', password: PASSWORD });
  }
});

test('roles: what each of them may', async () => {
  await makeUser(daemon, 'h1');
  await makeUser(daemon, 'p1', 'producer');
  const [host, producer, nobody] = [await enter(daemon, 'h1'), await enter(daemon, 'p1'), new Visitor(daemon)];
  for (const { method, path: where, authority } of routes) {
    const [ofHost, ofProducer, ofNobody] = [await host.ask(method, where), await producer.ask(method, where), await nobody.ask(method, where)];
    const label = `${method} ${where}`;
    if (where === SESSION || authority === 'PUBLIC' || authority === 'NEAR') {
      if (where === SESSION && method === 'DELETE')
        for (const [visitor, login] of [[host, 'h1'], [producer, 'p1']])
          await visitor.ask('POST', SESSION, { login, password: PASSWORD });
      continue;
    }
    assert.equal(ofNobody.status, 401, `${label} of nobody`);
    const open = { ADMIN: [false, false], HOST: [true, false], MEETING: [true, false], PRODUCER: [true, true], SHARE: [true, true], SUMMARY: [true, false], SIGNED_IN: [true, true] }[authority];
    for (const [i, { status, body }] of [ofHost, ofProducer].entries()) {
      const who = `${label} of a ${['host', 'producer'][i]}`;
      if (open[i])
        assert.ok(status !== 401 && body?.error !== 'not-allowed', `${who}: ${status} ${JSON.stringify(body)}`);
      else
        assert.deepEqual([status, body.error], [403, 'not-allowed'], who);
    }
  }
});

test('hosts have the recordings of their own rooms', async () => {
  const [ours, theirs] = [await makeRecording(daemon, { title: 'Ours' }), await makeRecording(daemon, { title: 'Theirs' })];
  const user = await makeUser(daemon, 'h2');
  const host = await enter(daemon, 'h2');
  change(daemon, 'UPDATE room SET owner = ? WHERE id = ?', user.id, ours.room);
  assert.deepEqual((await host.get('/api/v1/recordings')).body.recordings.map(({ title }) => title), ['Ours']);
  assert.deepEqual([await host.status('GET', ours.path), await host.status('GET', `${ours.path}/files/${TRACK}`)], [200, 200]);
  assert.equal(await host.status('PATCH', ours.path, { title: 'Mine' }), 200);
  for (const [method, where, body] of [['GET', theirs.path], ['PATCH', theirs.path, { title: 'x' }], ['DELETE', theirs.path],
    ['GET', `${theirs.path}/files/meeting.mp4`], ['GET', `${theirs.path}/archive.zip`], ['POST', `${theirs.path}/shares`, { hours: 1, downloads: true }]])
    assert.deepEqual(await host.ask(method, where, body).then(answer => [answer.status, answer.body.error]), [404, 'not-found'], `${method} ${where}`);
  /* a link opens one to a host as to anybody */
  const link = await share(daemon, theirs);
  assert.equal(await host.status('POST', link.open, { secret: link.secret }), 200);
  assert.deepEqual([await host.status('GET', theirs.path), await host.status('GET', `${theirs.path}/files/${TRACK}`)], [200, 403]);
  assert.equal((await host.get(SESSION)).body.user.login, 'h2', 'who stays signed in');
  const guest = await openShare(daemon, link);
  assert.equal(await guest.status('GET', ours.path), 401);
});

/* last: this address has no tries left then */
test('with a key no Origin is asked for, and no cookie counts', async () => {
  const { key } = await makeKey(daemon, { role: 'producer' });
  await makeUser(daemon, 'admin', 'administrator');
  const root = await enter(daemon, 'admin');
  const ask = (bearer, { method, path: where }) =>
    daemon.request(method, where, undefined, { authorization: `Bearer ${bearer}`, cookie: root.cookie });
  for (const route of routes.filter(({ authority }) => authority === 'ADMIN'))
    assert.equal((await ask(key, route)).status, 403, `${route.method} ${route.path} with a producer’s key and an administrator’s cookie`);
  /* ten wrong ones a minute, then none at all is looked at */
  const answers = [];
  for (const route of routes)
    answers.push((await ask('A'.repeat(43), route)).status);
  assert.deepEqual(answers.slice(0, 10), Array(10).fill(401));
  assert.ok(answers.every(status => status === 401 || status === 429), String(answers));
});
