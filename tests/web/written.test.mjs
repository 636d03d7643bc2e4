// written.js: what people wrote, as it is told who saves a copy: without private words, and without what nobody may know.

import './setup.mjs';
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Model } from '../../data/web/core/model.js';
import { PEER_RIGHTS } from '../../data/web/core/peers-carrier.js';
import { writtenIn } from '../../data/web/core/written.js';

let model;
let carrier;
let clock;

beforeEach(() => {
  clock = 0;
  carrier = { onOps: null, send: async () => {} };
  model = new Model(carrier, { now: () => 1_000 });
  model.begin({ actor: 'pa', name: 'Ann', meeting: 'm', rights: PEER_RIGHTS, clock: 0, more: false });
});

const hear = (o, t, f) => carrier.onOps([{ o, t, c: ++clock, a: 'pb', f }]);
const written = (documents = []) => writtenIn({ model, now: 61_000, documents: { list: documents } });

test('nothing', () => {
  assert.deepEqual(written(), { agenda: [], minutes: [], polls: [], chat: [], documents: [] });
});

test('the chat, with what was answered and how people reacted; nothing of a meeting before this one', () => {
  hear('m0', 'message', { from: 'pb', name: 'Ben', text: 'yesterday', at: 1 });
  model.begin({ actor: 'pa', name: 'Ann', meeting: 'another', rights: PEER_RIGHTS, clock: 0, more: false });
  hear('m1', 'message', { from: 'pb', name: 'Ben', text: 'one\ntwo', at: 10 });
  hear('m2', 'message', { from: 'pb', name: 'Ben', text: 'three', at: 20, reply: 'm1', edited: true });
  hear('m3', 'message', { from: 'pb', name: 'Ben', text: 'gone', at: 30 });
  hear('m4', 'message', { from: 'pb', name: 'Ben', text: 'to nobody', at: 40, reply: 'm3' });
  hear('r1', 'reaction', { message: 'm1', sign: 'clap', from: 'pb', on: true });
  hear('m3', 'message', { gone: true });
  const said = { name: 'Ben', edited: false, reply_name: '', reply_text: '', reactions: [] };
  assert.deepEqual(written().chat, [
    { ...said, at: 10, text: 'one\ntwo', reactions: [{ text: 'clap', count: 1 }] },
    { ...said, at: 20, text: 'three', edited: true, reply_name: 'Ben', reply_text: 'one\ntwo' },
    { ...said, at: 40, text: 'to nobody' },
  ]);
});

test('agenda and minutes, in their order', () => {
  model.create('item', { title: 'second', order: 'k' });
  model.create('item', { title: 'first', owner: 'Ben', minutes: 5, order: 'b' });
  model.create('block', { kind: 'action', text: 'write', owner: 'Ben', due: '2026-12-01', order: 'k' });
  model.create('block', { kind: 'text', text: '', order: 'm' });
  const [, { id }] = model.list('item');
  model.set('agenda', { current: id, since: 1_000 });
  const { agenda, minutes } = written();
  assert.deepEqual(agenda.map(({ title, owner, minutes: planned, spent }) => ({ title, owner, planned, spent })), [
    { title: 'first', owner: 'Ben', planned: 5, spent: 0 }, { title: 'second', owner: '', planned: 0, spent: 60_000 },
  ]);
  assert.deepEqual(minutes.map(({ kind, text, owner, due }) => ({ kind, text, owner, due })), [{ kind: 'action', text: 'write', owner: 'Ben', due: '2026-12-01' }]);
});

test('polls with their results; who has voted only where all know it', () => {
  const poll = (id, more) => hear(id, 'poll', { question: id, choices: ['x', 'y'], by: 'pb', at: ++clock, counts: [2, 0], voters: 2, voted: ['Ann', 'Ben'], ...more });
  poll('p1', { open: true });
  poll('p2', { open: false, multiple: true });
  poll('p3', { open: false, anonymous: true });
  const counted = [{ text: 'x', count: 2 }, { text: 'y', count: 0 }];
  const all = { choices: counted, voters: 2 };
  assert.deepEqual(written().polls, [
    { ...all, question: 'p1', multiple: false, anonymous: false, open: true, voted: [] },
    { ...all, question: 'p2', multiple: true, anonymous: false, open: false, voted: ['Ann', 'Ben'] },
    { ...all, question: 'p3', multiple: false, anonymous: true, open: false, voted: [] },
  ]);
});

test('which documents there are', () => {
  const fields = { name: 'a.txt', bytes: 3, sha256: 'f', media_type: 'text/plain', by: 'pb', sender: 'Ben', at: 9 };
  assert.deepEqual(written([{ id: 'd1', fields }]).documents, [{ id: 'd1', name: 'a.txt', bytes: 3, sha256: 'f', media_type: 'text/plain', by: 'Ben', at: 9 }]);
});
