// Signing in at another server (OpenID Connect): who comes in, who does not and why, whatever the provider does.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { after, before, beforeEach, test } from 'node:test';
import { SESSION } from './lib/account.mjs';
import { CTL, Daemon, makeState } from './lib/daemon.mjs';
import { Idp } from './lib/idp.mjs';
import { CLIENT, Provider, SECRET } from './lib/provider.mjs';
import { Visitor } from './lib/recording.mjs';

const START = '/auth/oidc/start';
const BACK = '/auth/oidc/callback';
const AGAIN = '/sign-in?problem=';
const COOKIE = '__Host-conclave-oidc';

let provider, daemon, open, folder, secret;

/** @param {object} [oidc] more of that group */
const start = oidc => Daemon.start({ config: { oidc: { issuer: provider.issuer, 'client-id': CLIENT, 'client-secret-file': secret, ...oidc } } });

before(async () => {
  folder = makeState();
  secret = path.join(folder, 'secret');
  fs.writeFileSync(secret, `${SECRET}\n`, { mode: 0o600 });
  provider = await Provider.start();
  [daemon, open] = await Promise.all([start(), start({ 'make-accounts': true, label: 'Example' })]);
});
after(async () => {
  await Promise.all([daemon?.stop(), open?.stop()]);
  await provider?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  Object.assign(provider, { header: { alg: 'RS256' }, claims: {}, discovery: {}, spoil: false });
  provider.answers.clear();
});

/** Where the browser is sent, which is never anywhere but there. */
async function led (visitor, where) {
  const { status, headers, bytes } = await visitor.get(where);
  assert.deepEqual([status, bytes.length], [302, 0], `${where}: ${bytes}`);
  return headers.location;
}

const back = query => `${BACK}?${new URLSearchParams(query)}`;

/** @returns {Promise<{ visitor: Visitor, code: string, state: string, query: URLSearchParams }>} somebody who has signed in there and is about to come back */
async function away (where, person, visitor = new Visitor(where)) {
  provider.person = { sub: `id of ${person}`, preferred_username: person, name: person.toUpperCase(), email: `${person}@example.org`, email_verified: true };
  return { visitor, ...provider.authorize(await led(visitor, START)) };
}

/** Goes all the way. @returns {Promise<[string, Visitor]>} where it ends */
async function signIn (where, person) {
  const { visitor, code, state } = await away(where, person);
  return [await led(visitor, back({ code, state })), visitor];
}

const add = (where, login) => where.admin('POST', '/api/v1/users', { login, role: 'host' }).then(({ body }) => body);
const audit = where => execFileSync(CTL, ['--socket', where.adminSocket, 'audit', 'list', '--state', where.state], { encoding: 'utf8' });

test('who was added comes in, and is known by the issuer’s subject from then on', async () => {
  const user = await add(daemon, 'ann');
  const { visitor, code, state, query } = await away(daemon, 'ann');
  assert.deepEqual([query.get('response_type'), query.get('client_id'), query.get('scope'), query.get('code_challenge_method'), query.get('redirect_uri')],
    ['code', CLIENT, 'openid profile email', 'S256', `${daemon.url}${BACK}`]);
  for (const name of ['state', 'nonce', 'code_challenge'])
    assert.match(query.get(name), /^[\w-]{43}$/, name);
  const answer = await visitor.get(back({ code, state, session_state: 'whatever', iss: provider.issuer }));
  assert.deepEqual([answer.status, answer.headers.location], [302, '/']);
  assert.match(answer.headers['set-cookie'].join('\n'), /^__Host-conclave-account=[\w-]{43}; Path=\/; Max-Age=2592000; Secure; HttpOnly; SameSite=Strict$/m);
  assert.equal(visitor.cookies.has(COOKIE), false);
  const { body } = await visitor.get(SESSION);
  assert.deepEqual([body.role, body.user], ['host', { id: user.id, login: 'ann', name: 'ann' }]);

  // called otherwise there, and somebody else called so
  const renamed = await away(daemon, 'anna');
  provider.person.sub = 'id of ann';
  assert.equal(await led(renamed.visitor, back(renamed)), '/');
  assert.equal((await renamed.visitor.get(SESSION)).body.user.id, user.id);
  const other = await away(daemon, 'ann');
  provider.person.sub = 'another id';
  assert.equal(await led(other.visitor, back(other)), `${AGAIN}elsewhere-unknown`);
  assert.equal(await other.visitor.status('GET', SESSION), 401);

  assert.equal(await visitor.status('DELETE', SESSION), 204);
  assert.equal(await visitor.status('GET', SESSION), 401);
  const lines = audit(daemon);
  assert.match(lines, /user\.connect/);
  assert.match(lines, /sign-in\.oidc/);
  assert.match(lines, /sign-in\.refused +oidc/);
  for (const told of ['ann', 'ANN', 'id of', code, state, SECRET])
    assert.ok(!daemon.log.includes(told), `${told} in ${daemon.log}`);
});

test('the cookie of the way there comes back with it, for ten minutes, and is of no use to scripts', async () => {
  const { headers } = await new Visitor(daemon).get(START);
  assert.match(headers['set-cookie'][0], /^__Host-conclave-oidc=[\w-]{43}; Path=\/; Max-Age=600; Secure; HttpOnly; SameSite=Lax$/);
  assert.equal(headers['cache-control'], 'no-store');
  assert.equal(headers['referrer-policy'], 'no-referrer');
});

test('an account that somebody uses already is nobody else’s, whatever they are called', async () => {
  const user = await add(daemon, 'bob');
  await daemon.admin('PATCH', `/api/v1/users/${user.id}`, { password: 'correct horse battery' });
  assert.equal((await signIn(daemon, 'bob'))[0], `${AGAIN}elsewhere-unknown`);
  await add(daemon, 'cem');
  assert.equal((await signIn(daemon, 'cem'))[0], '/');
  const second = await away(daemon, 'cem');
  provider.person.sub = 'second';
  assert.equal(await led(second.visitor, back(second)), `${AGAIN}elsewhere-unknown`);
});

test('accounts are made only where the server says so, and not over others', async () => {
  assert.equal((await signIn(daemon, 'dan'))[0], `${AGAIN}elsewhere-unknown`);
  const [where, visitor] = await signIn(open, 'dan');
  assert.equal(where, '/');
  const { body } = await visitor.get(SESSION);
  assert.deepEqual([body.role, body.user.login, body.user.name], ['host', 'dan', 'DAN']);
  const other = await away(open, 'dan');
  provider.person.sub = 'not dan';
  assert.equal(await led(other.visitor, back(other)), `${AGAIN}elsewhere-taken`);
  const nameless = await away(open, 'eve');
  delete provider.person.preferred_username;
  assert.equal(await led(nameless.visitor, back(nameless)), `${AGAIN}elsewhere-unknown`);
  const lines = audit(open);
  assert.match(lines, /server +user\.create x\w+ host/);
  assert.deepEqual([(await open.request('GET', '/api/v1/about')).body.elsewhere, (await daemon.request('GET', '/api/v1/about')).body.elsewhere], ['Example', '127.0.0.1']);
});

test('who is disabled stays out, and what they were signed in with ends', async () => {
  const user = await add(daemon, 'fay');
  const [, visitor] = await signIn(daemon, 'fay');
  await daemon.admin('PATCH', `/api/v1/users/${user.id}`, { disabled: true });
  assert.equal(await visitor.status('GET', SESSION), 401);
  assert.equal((await signIn(daemon, 'fay'))[0], `${AGAIN}elsewhere-refused`);
  await daemon.admin('PATCH', `/api/v1/users/${user.id}`, { disabled: false });
  assert.equal((await signIn(daemon, 'fay'))[0], '/');
  await daemon.admin('DELETE', `/api/v1/users/${user.id}`);
  assert.equal((await signIn(daemon, 'fay'))[0], `${AGAIN}elsewhere-unknown`);
});

test('a token that is not good for this sign-in lets nobody in', async () => {
  await add(daemon, 'gus');
  const now = Math.floor(Date.now() / 1000);
  const bad = {
    'no signature': { header: { alg: 'none' } },
    'a signature with the public key as secret': { header: { alg: 'HS256' } },
    'another signature': { spoil: true },
    'a key that nobody knows': { header: { alg: 'RS256', kid: 'unknown' } },
    'a key of another kind': { header: { alg: 'RS256', kid: 'one-ec' } },
    'something critical': { header: { alg: 'RS256', crit: ['exp'] } },
    'another nonce': { claims: { nonce: 'x'.repeat(43) } },
    'no nonce': { claims: { nonce: undefined } },
    'another issuer': { claims: { iss: 'https://sso.example' } },
    'another audience': { claims: { aud: 'somebody' } },
    'no audience': { claims: { aud: undefined } },
    'several audiences': { claims: { aud: [CLIENT, 'somebody'] } },
    'several audiences, for another': { claims: { aud: [CLIENT, 'somebody'], azp: 'somebody' } },
    'one audience, for another': { claims: { azp: 'somebody' } },
    'its time over': { claims: { exp: now - 61 } },
    'no end': { claims: { exp: undefined } },
    'a beginning in the future': { claims: { iat: now + 120 } },
    'a beginning long ago': { claims: { iat: now - 3600 } },
    'no beginning': { claims: { iat: undefined } },
    'not yet': { claims: { nbf: now + 120 } },
    'nobody': { claims: { sub: undefined } },
    'an empty subject': { claims: { sub: '' } },
  };
  for (const [what, how] of Object.entries(bad)) {
    Object.assign(provider, { header: { alg: 'RS256' }, claims: {}, spoil: false }, how);
    const [where, visitor] = await signIn(daemon, 'gus');
    assert.deepEqual([where, await visitor.status('GET', SESSION)], [`${AGAIN}elsewhere-failed`, 401], what);
    assert.equal(visitor.cookies.size, 0, what);
  }
  const good = [
    { header: { alg: 'RS256' } }, { header: { alg: 'PS256' } }, { header: { alg: 'ES256' } }, { header: { alg: 'RS256', kid: undefined } },
    { claims: { aud: [CLIENT] } }, { claims: { aud: [CLIENT, 'somebody'], azp: CLIENT } }, { claims: { exp: now + 0.5, iat: now - 0.5 } },
  ];
  for (const how of good) {
    Object.assign(provider, { header: { alg: 'RS256' }, claims: {}, spoil: false }, how);
    assert.equal((await signIn(daemon, 'gus'))[0], '/', JSON.stringify(how));
  }
});

test('only the browser that went comes back, once', async () => {
  await add(daemon, 'hal');
  const expired = `${AGAIN}elsewhere-expired`;
  const { visitor, code, state } = await away(daemon, 'hal');
  const stranger = new Visitor(daemon);
  assert.equal(await led(stranger, back({ code, state })), expired, 'no cookie');
  const other = await away(daemon, 'hal', stranger);
  assert.equal(await led(stranger, back({ code, state })), expired, 'somebody else’s cookie');
  for (const query of [{ code }, { code, state: '' }, { code, state: other.state }, { code, state: `${state}x` }, { code, state: 'x'.repeat(43) }, { code: 'x'.repeat(2049), state }])
    assert.equal(await led(visitor, back(query)), expired, JSON.stringify(query));
  const { cookie } = visitor;
  assert.equal(await led(visitor, back({ code, state })), '/', 'wrong ones did not end it');
  assert.equal(await led(new Visitor(daemon, { cookie }), back({ code, state })), expired, 'a second time');

  const again = await away(daemon, 'hal');
  assert.equal(await led(again.visitor, back({ code, state: again.state })), `${AGAIN}elsewhere-failed`, 'a code that was used');
  const injected = await away(daemon, 'hal');
  assert.equal(await led(injected.visitor, back({ code: other.code, state: injected.state })), `${AGAIN}elsewhere-failed`, 'a code of another journey');
  const mixed = await away(daemon, 'hal');
  assert.equal(await led(mixed.visitor, back({ ...mixed, query: '', iss: 'https://sso.example' })), `${AGAIN}elsewhere-failed`, 'another issuer’s answer');
  for (const [query, problem] of [[{ error: 'access_denied' }, 'cancelled'], [{ error: 'server_error', error_description: '<b>' }, 'failed'], [{}, 'failed']]) {
    const refused = await away(daemon, 'hal');
    assert.equal(await led(refused.visitor, back({ ...query, state: refused.state })), `${AGAIN}elsewhere-${problem}`);
    assert.equal(refused.visitor.cookies.size, 0);
  }
});

test('a provider that has other keys is asked for them, but not again and again', async () => {
  const mine = await start();
  try {
    await add(mine, 'ida');
    assert.equal((await signIn(mine, 'ida'))[0], '/');
    assert.equal((await signIn(mine, 'ida'))[0], '/');
    const before = provider.count('/keys');
    provider.rotate('two');
    assert.equal((await signIn(mine, 'ida'))[0], '/');
    assert.equal(provider.count('/keys'), before + 1);
    provider.header = { alg: 'RS256', kid: 'unknown' };
    for (let i = 0; i < 6; i++)
      assert.equal((await signIn(mine, 'ida'))[0], `${AGAIN}elsewhere-failed`);
    assert.equal(provider.count('/keys'), before + 3);
  } finally {
    await mine.stop();
  }
});

test('a provider that answers nonsense, too much, or nothing lets nobody in, and is asked again the next time', async () => {
  const mine = await start();
  const unreachable = `${AGAIN}elsewhere-unreachable`;
  const discovery = '/.well-known/openid-configuration';
  const huge = response => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"a":"');
    const piece = 'x'.repeat(64 * 1024);
    const go = () => { while (!response.destroyed && response.write(piece)); };
    response.on('drain', go).on('error', () => {});
    go();
  };
  const answers = where => ({
    nothing: response => response.destroy(), huge, 'a little too much': response => response.end(' '.repeat(256 * 1024 + 1)), 'no JSON': response => response.end('<html>'), 'an array': response => response.end('[]'),
    'an error': response => provider.show(where, response, 500), 'another place': response => response.writeHead(307, { location: `${provider.issuer}/copy${where}` }).end(),
  });
  try {
    await add(mine, 'jan');
    for (const [what, answer] of Object.entries(answers(discovery))) {
      provider.answers.set(discovery, answer);
      assert.equal(await led(new Visitor(mine), START), unreachable, what);
    }
    provider.answers.clear();
    for (const wrong of [{ issuer: `${provider.issuer}/` }, { issuer: undefined }, { token_endpoint: 'http://sso.example/token' }, { jwks_uri: 'file:///etc/passwd' },
      { authorization_endpoint: 'javascript:alert(1)' }, { token_endpoint: undefined }, { jwks_uri: 17 }]) {
      provider.discovery = wrong;
      assert.equal(await led(new Visitor(mine), START), unreachable, JSON.stringify(wrong));
    }
    provider.discovery = {};
    for (const where of ['/token', '/keys'])
      for (const [what, answer] of Object.entries(answers(where))) {
        provider.answers.set(where, answer);
        assert.equal((await signIn(mine, 'jan'))[0], unreachable, `${where}: ${what}`);
        provider.answers.clear();
      }
    assert.equal((await signIn(mine, 'jan'))[0], '/');
    assert.equal(mine.log.match(/its answer is too long/g).length, 6);
    provider.answers.set('/token', () => {});
    assert.equal((await signIn(mine, 'jan'))[0], unreachable, 'silence');
    assert.ok(mine.rss < 300 * 1024);
  } finally {
    await mine.stop();
  }
});

test('one that was never there, and a server that ends meanwhile', async () => {
  const mine = await start({ issuer: 'http://127.0.0.1:1' });
  assert.equal(await led(new Visitor(mine), START), `${AGAIN}elsewhere-unreachable`);
  await mine.stop();
  const ending = await start();
  const { visitor, code, state } = await away(ending, 'kim');
  const asked = new Promise(resolve => { provider.answers.set('/token', resolve); });
  const cut = assert.rejects(visitor.get(back({ code, state })));
  await asked;
  await ending.stop();
  await cut;
});

test('who may come is told by groups and verified addresses', async () => {
  const mine = await start({ 'make-accounts': true, groups: 'staff;board', domains: 'example.org', 'login-claim': 'email' });
  const comes = async claims => {
    const { visitor, code, state } = await away(mine, 'lea');
    provider.claims = claims;
    return led(visitor, back({ code, state }));
  };
  try {
    for (const claims of [{}, { groups: [] }, { groups: ['guests'] }, { groups: 'staffx' }, { groups: ['staff'], email: 'lea@example.com' }, { groups: ['staff'], email: 'lea@sub.example.org' },
      { groups: ['staff'], email_verified: false }, { groups: ['staff'], email_verified: 'true' }, { groups: ['staff'], email: undefined }])
      assert.equal(await comes(claims), `${AGAIN}elsewhere-refused`, JSON.stringify(claims));
    assert.equal(await comes({ groups: ['guests', 'board'], email: 'Lea@EXAMPLE.org' }), '/');
    assert.equal((await mine.admin('GET', '/api/v1/users')).body.users[0].login, 'Lea@EXAMPLE.org');
  } finally {
    await mine.stop();
  }
});

test('the secret goes where the provider wants it, answers have to say whose they are where it says so, and a wrong secret is said to the operator', async () => {
  provider.discovery = { token_endpoint_auth_methods_supported: ['client_secret_post'] };
  const mine = await start({ 'make-accounts': true });
  try {
    assert.equal((await signIn(mine, 'mia'))[0], '/');
    assert.equal(provider.inBody, SECRET);
  } finally {
    await mine.stop();
  }
  provider.discovery = { authorization_response_iss_parameter_supported: true };
  const named = await start({ 'make-accounts': true });
  try {
    const first = await away(named, 'mia');
    assert.equal(await led(first.visitor, back({ code: first.code, state: first.state })), `${AGAIN}elsewhere-failed`, 'an answer without its issuer');
    const second = await away(named, 'mia');
    assert.equal(await led(second.visitor, back({ code: second.code, state: second.state, iss: provider.issuer })), '/');
  } finally {
    await named.stop();
  }
  provider.discovery = {};
  fs.writeFileSync(path.join(folder, 'wrong'), 'wrong\n', { mode: 0o600 });
  const wrong = await start({ 'client-secret-file': path.join(folder, 'wrong') });
  try {
    assert.equal((await signIn(wrong, 'mia'))[0], `${AGAIN}elsewhere-failed`);
    assert.match(wrong.log, /invalid_client/);
    fs.copyFileSync(secret, path.join(folder, 'wrong'));
    assert.equal((await signIn(wrong, 'mia'))[0], `${AGAIN}elsewhere-failed`);
    await wrong.reload();
    assert.notEqual((await signIn(wrong, 'mia'))[0], `${AGAIN}elsewhere-failed`, 'the right one counts without a restart');
    fs.writeFileSync(path.join(folder, 'wrong'), 'of another provider\n');
    fs.appendFileSync(`${wrong.state}.conf`, '\n[oidc]\nclient-id = another\n');
    await wrong.reload(/\[oidc\] has changed: that counts from the next start/);
    assert.notEqual((await signIn(wrong, 'mia'))[0], `${AGAIN}elsewhere-failed`, 'which is told no other one’s secret');
  } finally {
    await wrong.stop();
  }
});

test('too many at once are held up, and a server without a provider has none of it', async () => {
  const mine = await Daemon.start({ config: { limits: { 'joins-per-minute': 2 }, oidc: { issuer: provider.issuer, 'client-id': CLIENT, 'client-secret-file': secret } } });
  try {
    const visitor = new Visitor(mine);
    for (let i = 0; i < 4; i++)
      provider.authorize(await led(visitor, START));
    assert.equal(await led(visitor, START), `${AGAIN}rate-limited`);
  } finally {
    await mine.stop();
  }
  const none = await Daemon.start({});
  try {
    assert.deepEqual([(await none.request('GET', START)).status, (await none.request('GET', `${BACK}?code=1&state=1`)).status], [404, 404]);
    assert.equal((await none.request('GET', '/api/v1/about')).body.elsewhere, null);
  } finally {
    await none.stop();
  }
});

/** A browser at a provider’s pages: follows what it is told and sends each form as it stands, until it is to leave. */
async function signInThere (location, typed) {
  const jar = new Map();
  for (let where = location, form, i = 0; i < 20; i++) {
    const answer = await fetch(where, {
      redirect: 'manual', method: form ? 'POST' : 'GET', body: form,
      headers: { cookie: [...jar].map(pair => pair.join('=')).join('; ') },
    });
    for (const [, name, value] of (answer.headers.get('set-cookie') ?? '').matchAll(/(?:^|, )(_[\w.]+)=([^;]*)/g))
      jar.set(name, value);
    const next = answer.headers.get('location');
    form = undefined;
    if (next) {
      where = new URL(next, where).href;
      if (where.includes(BACK))
        return where;
      continue;
    }
    const page = await answer.text();
    const action = /<form[^>]* action="([^"]+)"/.exec(page);
    assert.ok(action, `${answer.status} at ${where}: ${page.slice(0, 300)}`);
    where = new URL(action[1], where).href;
    form = new URLSearchParams([...page.matchAll(/<input[^>]* name="([^"]+)"(?:[^>]* value="([^"]*)")?/g)].map(([, name, value]) => [name, typed[name] ?? value ?? '']));
  }
  throw new Error('no end of pages');
}

test('with a provider as it is', async () => {
  const idp = await Idp.listen();
  const mine = await start({ issuer: idp.issuer, 'make-accounts': true });
  idp.serve(mine.url);
  try {
    const visitor = new Visitor(mine);
    const home = new URL(await signInThere(await led(visitor, START), { login: 'nia', password: 'any' }));
    assert.equal(home.searchParams.get('iss'), idp.issuer);
    assert.equal(await led(visitor, `${home.pathname}${home.search}`), '/');
    assert.deepEqual((await visitor.get(SESSION)).body.user.login, 'nia');
    const again = new Visitor(mine);
    const location = await led(again, START);
    const used = `${BACK}?${new URLSearchParams({ code: home.searchParams.get('code'), iss: idp.issuer, state: new URL(location).searchParams.get('state') })}`;
    assert.equal(await led(again, used), `${AGAIN}elsewhere-failed`);
    assert.match(mine.log, /invalid_grant/);
  } finally {
    await mine.stop();
    await idp.stop();
  }
});
