// hosting.js: what is asked of the server, word for word.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hosting } from '../../data/web/core/hosting.js';

test('each says one thing, and hands on whether it was done', async () => {
  const asked = [];
  const hosting = new Hosting(async (type, members) => {
    asked.push({ type, ...members });
    return type !== 'remove';
  });
  const done = [];
  for (const act of [
    () => hosting.setLobby(true), () => hosting.setLock(false), () => hosting.admit('q1'), () => hosting.admit(null), () => hosting.deny('q1'),
    () => hosting.remove('p1'), () => hosting.setRole('p1', 'cohost'), () => hosting.request('p1', 'camera'), () => hosting.stop('p1', 'screen'),
    () => hosting.start('p1', 'camera'), () => hosting.muteAll(), () => hosting.lower('p1'), () => hosting.setSpotlight(null),
    () => hosting.setStage('p1', true), () => hosting.resolve(4), () => hosting.record('pause'),
  ])
    done.push(await act());
  assert.deepEqual(asked, [
    { type: 'lobby', on: true }, { type: 'lock', on: false }, { type: 'admit', knock: 'q1' }, { type: 'admit', knock: null }, { type: 'deny', knock: 'q1' },
    { type: 'remove', person: 'p1' }, { type: 'role', person: 'p1', role: 'cohost' }, { type: 'request', person: 'p1', what: 'camera' },
    { type: 'stop', person: 'p1', what: 'screen' }, { type: 'start', person: 'p1', what: 'camera' }, { type: 'mute-all' }, { type: 'lower', person: 'p1' },
    { type: 'spotlight', person: null }, { type: 'stage', person: 'p1', on: true }, { type: 'resolve', question: 4 }, { type: 'record', action: 'pause' },
  ]);
  assert.deepEqual(done.filter(one => !one).length, 1);
});

test('a floor that the server has forgotten is as it was', async () => {
  const asked = [];
  const hosting = new Hosting(async (type, members) => Boolean(asked.push({ type, ...members })));
  await hosting.restore({ lobby: false, locked: false }, { lobby: true, locked: true });
  await hosting.restore({ lobby: true, locked: false }, { lobby: true, locked: false });
  await hosting.restore({ lobby: true, locked: true }, { lobby: false, locked: true });
  assert.deepEqual(asked, [{ type: 'lobby', on: true }, { type: 'lock', on: true }, { type: 'lobby', on: false }]);
});
