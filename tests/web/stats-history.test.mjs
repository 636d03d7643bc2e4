// stats-history.js: two minutes and no more, sums and worst cases.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SPAN, StatsHistory } from '../../data/web/app/stats-history.js';

const one = (up, down, upLoss = 0, downLoss = 0) => ({ person: 'p', up, down, up_loss: upLoss, down_loss: downLoss, rtt: 5, estimate: 0 });

test('keeps two minutes', () => {
  const history = new StatsHistory();
  assert.equal(history.last, null);
  for (let at = 0; at <= 300_000; at += 2_000)
    history.add({ at, cpu: 0.1, rss: 1, people: [] });
  const series = history.series('cpu');
  assert.equal(series.length, SPAN / 2_000);
  assert.equal(series.at(-1).at, 300_000);
  assert.equal(history.last.at, 300_000);
});

test('bitrates are sums, losses are the worst', () => {
  const history = new StatsHistory();
  history.add({ at: 1, cpu: 0, rss: 1, people: [one(1, 10), one(2, 20, 0.01, 0.3)] });
  history.add({ at: 2, cpu: 0, rss: 1, people: [] });
  assert.deepEqual(history.series('up').map(({ value }) => value), [3, 0]);
  assert.deepEqual(history.series('down').map(({ value }) => value), [30, 0]);
  assert.deepEqual(history.series('loss').map(({ value }) => value), [0.3, 0]);
});
