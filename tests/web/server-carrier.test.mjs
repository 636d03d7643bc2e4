// server-carrier.js: what goes to the server, and what comes.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServerCarrier } from '../../data/web/core/server-carrier.js';

test('the server is not told what it says itself', async () => {
  const sent = [];
  const carrier = new ServerCarrier(async (...request) => sent.push(request));
  const op = { o: 'm1', t: 'message', c: 1, a: 'p1', f: { text: 'Hi', from: 'p1', name: 'Ada', at: 5 } };
  await carrier.send([op, { ...op, f: { gone: true } }]);
  assert.deepEqual(sent, [['change', { ops: [{ ...op, f: { text: 'Hi' } }, { ...op, f: { gone: true } }] }]]);
  assert.equal(op.f.from, 'p1');
});

test('news and what there was are told apart', () => {
  const carrier = new ServerCarrier(async () => {});
  const got = [];
  carrier.receive({ type: 'changes', ops: [1] });
  carrier.onOps = (...args) => got.push(args);
  carrier.receive({ type: 'changes', ops: [1] });
  carrier.receive({ type: 'model', ops: [2], more: true });
  carrier.receive({ type: 'model', ops: [], more: false });
  carrier.receive({ type: 'other' });
  assert.deepEqual(got, [[[1]], [[2], true], [[], false]]);
});
