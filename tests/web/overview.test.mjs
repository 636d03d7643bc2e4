// overview.js and overview-plan.js: rows as they come, a server that goes away and comes back anew, an hour and no more, and what is drawn.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checksFor, failures, plansFor } from '../../data/web/app/overview-plan.js';
import { HOUR, Overview } from '../../data/web/core/overview.js';
import { ConclaveError } from '../../data/web/core/errors.js';

const COLUMNS = ['at', 'sockets', 'loss_in', 'database'];

class FakeServer {
  run = 1;
  now = 10_000_000;
  rows = [];
  rooms = [];
  asked = [];
  error = '';
  every = 1;
  row(at, ...values) { this.rows.push([at, ...values]); }
  async ask(method, path) {
    this.asked.push(path);
    if (this.error)
      throw new ConclaveError(this.error);
    const after = Number(new URLSearchParams(path.split('?')[1]).get('after') ?? 0);
    return { run: this.run, now: this.now, every: this.every, last: this.rows.length, columns: COLUMNS, rows: this.rows.slice(after), rooms: this.rooms, unlisted: 2 };
  }
}

test('rows come one after another, and only new ones are asked for', async () => {
  const server = new FakeServer();
  const overview = new Overview(server);
  server.row(9_000_000, 3, null, 1);
  await overview.load();
  assert.deepEqual(overview.rows, [{ at: 9_000_000, sockets: 3, loss_in: null, database: 1 }]);
  server.row(9_005_000, 4, 0.5, 0);
  await overview.load();
  assert.deepEqual(server.asked, ['/overview', '/overview?after=1']);
  assert.deepEqual(overview.last, { at: 9_005_000, sockets: 4, loss_in: 0.5, database: 0 });
  assert.equal(overview.unlisted, 2);
});

test('what is older than an hour goes', async () => {
  const server = new FakeServer();
  const overview = new Overview(server);
  server.row(server.now - HOUR - 1, 1, 1, 1);
  server.row(server.now - HOUR, 2, 1, 1);
  await overview.load();
  assert.deepEqual(overview.rows.map(({ sockets }) => sockets), [2]);
});

test('the server goes away: what there was stays; it comes back anew: its rows follow', async () => {
  const server = new FakeServer();
  const overview = new Overview(server);
  for (let i = 1; i <= 5; i++)
    server.row(9_000_000 + i, i, 0, 1);
  await overview.load();
  server.error = 'unreachable';
  await overview.load();
  assert.deepEqual([overview.error, overview.isRefused, overview.rows.length], ['unreachable', false, 5]);
  Object.assign(server, { error: '', run: 2, rows: [] });
  server.row(9_100_000, 6, 0, 1);
  await overview.load();
  assert.deepEqual(overview.rows.map(({ sockets }) => sockets), [1, 2, 3, 4, 5, 6]);
  assert.equal(overview.error, '');
  server.row(9_100_001, 7, 0, 1);
  await overview.load();
  assert.deepEqual(server.asked.slice(-1), ['/overview?after=1']);
  assert.equal(overview.rows.length, 7);
});

test('rows that are older than those that are there do not disorder them; there are not more than a page can draw', async () => {
  const server = new FakeServer();
  const overview = new Overview(server);
  server.row(9_500_000, 1, 0, 1);
  await overview.load();
  Object.assign(server, { run: 2, rows: [] });
  server.row(9_499_999, 2, 0, 1);
  server.row(9_500_001, 3, 0, 1);
  await overview.load();
  assert.deepEqual(overview.rows.map(({ sockets }) => sockets), [1, 3]);
  for (let i = 2; i < 6_000; i++)
    server.row(9_500_000 + i, i, 0, 1);
  await overview.load();
  assert.deepEqual([overview.rows.length, overview.last?.sockets], [5_000, 5_999]);
});

/** How often a pause begins while `act` runs, and how long they are. */
async function pauses(act) {
  const { setTimeout, clearTimeout } = globalThis;
  const found = [];
  Object.assign(globalThis, { setTimeout: (_, ms) => found.push(ms), clearTimeout: () => {} });
  try {
    await act();
  } finally {
    Object.assign(globalThis, { setTimeout, clearTimeout });
  }
  return found;
}

test('it asks again after as long as the server says, within bounds, also where nobody answers', async () => {
  for (const [every, error, wanted] of [[7_000, '', 7_000], [1, '', 1_000], [1e9, '', 60_000], ['x', '', 5_000], [7_000, 'unreachable', 5_000]]) {
    const server = new FakeServer();
    const overview = new Overview(Object.assign(server, { error, every }));
    const found = await pauses(async () => {
      const told = new Promise(resolve => overview.addEventListener('change', resolve));
      overview.start();
      await told;
      await new Promise(resolve => setImmediate(resolve));
      overview.stop();
    });
    assert.deepEqual(found, [wanted], `${every} ${error}`);
  }
});

test('who may not is told, and does not ask again', async () => {
  for (const id of ['not-allowed', 'no-session', 'not-found']) {
    const server = new FakeServer();
    const overview = new Overview(server);
    server.error = id;
    const found = await pauses(async () => {
      const told = new Promise(resolve => overview.addEventListener('change', resolve));
      overview.start();
      overview.start();
      await told;
      await new Promise(resolve => setImmediate(resolve));
    });
    assert.deepEqual([overview.error, overview.isRefused, server.asked.length, found], [id, true, 1, []]);
    overview.stop();
  }
});

test('the meetings that run, the oldest first', async () => {
  const server = new FakeServer();
  const overview = new Overview(server);
  server.rooms = [{ id: 'b', kind: 'standard', people: 2, since: 20 }, { id: 'a', kind: 'boardroom', people: 5, since: 10, title: 'Secret' }];
  await overview.load();
  assert.deepEqual(overview.rooms, [{ id: 'a', kind: 'boardroom', people: 5, since: 10 }, { id: 'b', kind: 'standard', people: 2, since: 20 }]);
});

test('a chart for each subject; telephony only where there is some', () => {
  const row = { at: 1, 'meetings.standard': 2, 'people.standard': 3, 'people.otr': 2, disk_free: 300, disk_size: 1000, trunks: null };
  const plans = plansFor(row);
  assert.deepEqual(plans.map(({ id }) => id), ['meetings', 'people', 'media', 'loss', 'cpu', 'disk', 'renders']);
  const read = id => plans.find(plan => plan.id === id).lines.map(({ of }) => of(row));
  assert.deepEqual(read('meetings'), [2, null, null, null]);
  assert.deepEqual(read('people'), [5, null]);
  assert.deepEqual(read('disk'), [700, 300]);
  assert.deepEqual(plansFor({ ...row, trunks: 1 }).map(({ id }) => id).at(-1), 'calls');
  for (const { lines } of plansFor({ ...row, trunks: 1 }))
    assert.equal(new Set(lines.map(({ kind }) => kind)).size, lines.length, 'each line has a colour of its own');
});

test('when a check failed', () => {
  const rows = [1, 1, 0, 0, 1, null, 0].map((database, i) => ({ at: 5 * i, database }));
  const [check] = checksFor(rows[0]);
  assert.deepEqual(failures(rows, check), [{ from: 10, to: 20 }, { from: 30, to: 30 }]);
  assert.deepEqual(checksFor({ at: 0, trunks: 2, trunks_up: 1 }).at(-1).ok({ at: 0, trunks: 2, trunks_up: 1 }), false);
});
