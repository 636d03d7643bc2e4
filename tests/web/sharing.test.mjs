// sharing.js: what the server says of shared things comes to where it belongs; votes show at once.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import './setup.mjs';
import { Sharing } from '../../data/web/core/sharing.js';

const joined = { self: 'me', meeting: 'm', rights: { message: ['create', 'own'] }, model: { clock: 4, more: false, was: ['before'], votes: { poll: [2] } } };

let sharing;
let events;
let sent;
let done;

beforeEach(() => {
  events = [];
  sent = [];
  done = true;
  sharing = new Sharing({
    request: async (type, members) => void sent.push([type, members]),
    attempt: async (type, members) => {
      sent.push([type, members]);
      return done;
    },
    emit: (type, detail) => events.push([type, detail]),
    now: () => 1_000,
    self: () => 'me',
  });
  sharing.begin(joined, 'Me');
});

test('a message is cleaned, and made as the model has it', async () => {
  sharing.say(' one\r\ntwo ', 'm1');
  sharing.say(' ');
  assert.deepEqual(sharing.model.list('message').map(({ fields: { text, reply, name }, own }) => [text, reply, name, own]), [['one\ntwo', 'm1', 'Me', true]]);
  assert.deepEqual(sent.map(([type]) => type), ['change']);
});

test('what is too long is said so, to everybody and to one', async () => {
  sharing.say('x'.repeat(4_001));
  assert.equal(await sharing.whisper('p', 'x'.repeat(4_001)), false);
  assert.deepEqual(events.filter(([type]) => type === 'error').map(([, { id }]) => id), ['too-large', 'too-large']);
  assert.equal(sent.length, 0);
});

test('who was here before still owns what was made then', () => {
  sharing.receive({ type: 'changes', ops: [{ o: 'm1', t: 'message', c: 5, a: 'before', f: { text: 'x', from: 'before', name: 'Me', at: 1 } }] });
  assert.equal(sharing.model.get('m1').own, true);
});

test('another role has other rights', () => {
  assert.equal(sharing.model.mayCreate('item'), false);
  sharing.receive({ type: 'role', rights: { item: ['create'] } });
  assert.equal(sharing.model.mayCreate('item'), true);
});

test('where the summary is, as hosts leave it to one', () => {
  const settings = (c, summary) => sharing.receive({ type: 'changes', ops: [{ o: 'settings', t: 'settings', c, a: 'server', f: { summary } }] });
  sharing.begin({ ...joined, role: 'person', summary: '/all' }, 'Me');
  assert.equal(sharing.summary, null);
  settings(20, 'people');
  assert.equal(sharing.summary, '/all');
  settings(21, 'hosts');
  assert.equal(sharing.summary, null);
  sharing.receive({ type: 'role', role: 'cohost', rights: {}, summary: '/hosts' });
  assert.equal(sharing.summary, '/hosts');
  settings(22, 'off');
  assert.equal(sharing.summary, null);
  sharing.begin(joined, 'Me');
});

test('a vote shows at once, and no longer where it was not taken', async () => {
  assert.deepEqual([...sharing.votes], [['poll', [2]]]);
  const vote = sharing.vote('poll', [0]);
  assert.deepEqual(sharing.votes.get('poll'), [0]);
  assert.equal(await vote, true);
  done = false;
  assert.equal(await sharing.vote('poll', []), false);
  assert.deepEqual(sharing.votes.get('poll'), [0]);
  done = true;
  await sharing.vote('poll', []);
  assert.equal(sharing.votes.has('poll'), false);
});

test('where nothing is shared over the server one may do nothing', () => {
  sharing.begin({ ...joined, model: null }, 'Me');
  assert.equal(sharing.model.mayCreate('message'), false);
  sharing.say('x');
  assert.equal(sent.length, 0);
  assert.equal(sharing.votes.size, 0);
});
