// The description at GET /api: requests that fit it are taken, and their answers are what it says.
import assert from 'node:assert/strict';
import Ajv from 'ajv/dist/2020.js';
import { after, before, test } from 'node:test';
import { Daemon, FAKE_MEDIA } from './lib/daemon.mjs';
import { enter, makeUser } from './lib/account.mjs';
import { makeRecording } from './lib/recording.mjs';

const HASH = 'A'.repeat(43);
let daemon, page, ajv;
before(async () => {
  daemon = await Daemon.start({ config: FAKE_MEDIA });
  page = (await daemon.request('GET', '/api', undefined, {})).body;
  ajv = new Ajv.default({ strict: false });
  ajv.addSchema(page, 'page');
});
after(() => daemon.stop());

/** Fails unless `value` is what stands at that place of the page, without any member more. */
function check (value, label, ...where) {
  const pointer = where.map(part => encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
  const fits = ajv.compile({ $ref: `page#/${pointer}`, unevaluatedProperties: false });
  assert.ok(fits(value), `${label}: ${ajv.errorsText(fits.errors)} in ${JSON.stringify(value)?.slice(0, 300)}`);
}

/** One request, over the admin socket or of `visitor`, held against the page on both ways. @returns its body */
async function ask (method, template, { id, body, visitor } = {}) {
  const at = ['paths', `/api/v1${template}`, method.toLowerCase()], json = ['content', 'application/json', 'schema'];
  const where = at[1].replace(/\{\w+\}/, id), label = `${method} ${where}`;
  const operation = page.paths[at[1]][at[2]];
  if (body !== undefined)
    check(body, `asked ${label}`, ...at, 'requestBody', ...json);
  const answer = await (visitor ? visitor.ask(method, where, body) : daemon.admin(method, where, body));
  assert.ok(answer.status < 300 && operation.responses[answer.status], `${label}: ${answer.status} ${JSON.stringify(answer.body)}`);
  if (answer.body !== undefined)
    check(answer.body, label, ...at, 'responses', answer.status, ...json);
  return answer.body;
}

test('the server, rooms and what belongs to them', async () => {
  for (const path of ['/about', '/status', '/rooms', '/session', '/users', '/keys', '/recordings', '/events'])
    await ask('GET', path);
  await ask('POST', '/backup');
  const { id } = await ask('POST', '/rooms', { body: { kind: 'boardroom', title: 'Tea' } });
  await ask('GET', '/rooms');
  await ask('GET', '/rooms/{room}', { id });
  await ask('PATCH', '/rooms/{room}', { id, body: { lobby: true } });
  await ask('POST', '/rooms/{room}/end', { id });
  await ask('GET', '/rooms/{room}/meetings', { id });
  const { ticket } = await ask('POST', '/rooms/{room}/tickets', { id, body: { role: 'host', name: 'Ada', minutes: 5 } });
  await ask('POST', '/rooms/{room}/check', { id, body: { ticket } });
  const token = await ask('POST', '/rooms/{room}/tokens', { id, body: { kind: 'watch', name: 'Player', hash: HASH, hours: 1 } });
  await ask('GET', '/rooms/{room}/tokens', { id });
  await ask('DELETE', '/tokens/{token}', { id: token.id });
  await ask('DELETE', '/rooms/{room}', { id });
});

test('what is planned', async () => {
  const { id: room } = await ask('POST', '/rooms', { body: { kind: 'boardroom', title: 'Tea' } });
  const repeat = { every: 'week', interval: 1 };
  const { id } = await ask('POST', '/rooms/{room}/events', { id: room, body: { start: '2040-03-01T10:00', zone: 'Europe/Zurich', minutes: 30, repeat } });
  await ask('POST', '/events/{event}/cancel', { id, body: { date: '2040-03-08' } });
  await ask('PATCH', '/events/{event}', { id, body: { minutes: 60 } });
  await ask('GET', '/rooms/{room}/events', { id: room });
  const days = await daemon.admin('GET', '/api/v1/events?from=2213000000000&to=2216000000000');
  assert.ok(days.body.events.length > 1);
  check(days.body, 'days', 'paths', '/api/v1/events', 'get', 'responses', 200, 'content', 'application/json', 'schema');
  await ask('DELETE', '/events/{event}', { id });
});

test('people and keys', async () => {
  const { id } = await ask('POST', '/users', { body: { login: 'ada', role: 'host' } });
  await ask('POST', '/users/{user}/code', { id, body: { hours: 2 } });
  await ask('PATCH', '/users/{user}', { id, body: { disabled: true } });
  await ask('POST', '/keys', { body: { role: 'host', name: 'Shop', hash: HASH, days: 0 } });
  await ask('GET', '/keys');
  await makeUser(daemon, 'grace');
  const visitor = await enter(daemon, 'grace');
  for (const path of ['/session', '/sign-ins', '/rooms'])
    await ask('GET', path, { visitor });
  await ask('PATCH', '/account', { visitor, body: { name: 'Grace' } });
  await ask('POST', '/account/feed', { visitor });
});

test('recordings', async () => {
  const { path } = await makeRecording(daemon, { title: 'Tea' });
  const id = path.split('/').pop();
  await ask('GET', '/recordings');
  await ask('PATCH', '/recordings/{recording}', { id, body: { title: 'Coffee' } });
  await ask('POST', '/recordings/{recording}/verify', { id });
  const share = await ask('POST', '/recordings/{recording}/shares', { id, body: { hours: 1, downloads: true } });
  await ask('POST', '/recordings/{recording}/renders', { id, body: { layout: 'grid' } });
  await ask('GET', '/recordings/{recording}', { id });
  await ask('POST', '/shares/{share}/open', { id: share.id, body: { secret: share.secret } });
});
