// quality.js and bitrate.js: numbers in, words and limits out.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyLimits, cameraLimit, downscale, screenLimit } from '../../data/web/core/bitrate.js';
import { perceived } from '../../data/web/core/meter.js';
import { judge, summarize, worse } from '../../data/web/core/quality.js';

const inbound = (timestamp, packetsReceived, packetsLost, bytesReceived, extra = {}) =>
  ({ type: 'inbound-rtp', kind: 'video', timestamp, packetsReceived, packetsLost, bytesReceived, ...extra });

test('rates and losses are those since the last report', () => {
  const first = summarize([inbound(1_000, 100, 5, 10_000)], null);
  assert.deepEqual([first.stats.loss, first.stats.incoming], [null, null]);
  const second = summarize([
    inbound(3_000, 190, 15, 35_000, { frameWidth: 640, frameHeight: 360, framesPerSecond: 25 }),
    { type: 'remote-inbound-rtp', fractionLost: 0.02, roundTripTime: 0.08 },
    { type: 'candidate-pair', nominated: true, state: 'succeeded', availableOutgoingBitrate: 900_000, currentRoundTripTime: 0.05 },
    { type: 'candidate-pair', nominated: false, state: 'succeeded', currentRoundTripTime: 9 },
  ], first.sums);
  assert.deepEqual(second.stats, { rtt: 80, loss: 0.1, outgoing: 900_000, incoming: 100_000, width: 640, height: 360, fps: 25 });
  const restarted = summarize([inbound(5_000, 10, 0, 500)], second.sums);
  assert.deepEqual([restarted.stats.loss, restarted.stats.incoming], [0, 0]);
});

test('good, fair, poor', () => {
  const stats = { rtt: 50, loss: 0, outgoing: null, incoming: null, width: null, height: null, fps: null };
  assert.equal(judge({ ...stats, rtt: null, loss: null }), null);
  assert.equal(judge(stats), 'good');
  assert.equal(judge({ ...stats, loss: 0.05 }), 'fair');
  assert.equal(judge({ ...stats, loss: 0.2 }), 'poor');
  assert.equal(judge({ ...stats, rtt: 400 }), 'fair');
  assert.equal(judge({ ...stats, rtt: 900 }), 'poor');
  assert.equal(judge({ ...stats, outgoing: 100_000 }), 'fair');
  assert.equal(judge({ ...stats, outgoing: 10_000 }), 'poor');
});

test('what each gets falls with the number of people, and so does the sum over all', () => {
  for (let people = 3; people <= 8; people++) {
    assert.ok(cameraLimit(people, false).bitrate < cameraLimit(people - 1, false).bitrate);
    assert.ok(cameraLimit(people, true).bitrate < cameraLimit(people, false).bitrate);
    assert.ok((people - 1) * (cameraLimit(people, true).bitrate + screenLimit(people).bitrate) <= 4_000_000);
  }
  assert.equal(cameraLimit(2, false).bitrate, 1_500_000);
  assert.equal(cameraLimit(8, false).bitrate, 250_000);
  assert.deepEqual(cameraLimit(1, false), cameraLimit(2, false));
  assert.deepEqual(cameraLimit(99, false), cameraLimit(8, false));
  assert.equal(screenLimit(2).bitrate, 2_500_000);
  assert.equal(downscale(720, 360), 2);
  assert.equal(downscale(120, 360), 1);
  assert.equal(downscale(0, 360), 1);
  assert.equal(downscale(1080, Infinity), 1);
});

test('limits are set on what is sent, and a refusal is no harm', async () => {
  const sender = track => ({
    track,
    set: null,
    getParameters: () => ({ encodings: [{ active: true }] }),
    async setParameters(parameters) { this.set = parameters; },
  });
  const preference = { priority: 'low', degradation: 'balanced' };
  const off = sender(null);
  await applyLimits(off, cameraLimit(4, false), preference);
  assert.equal(off.set, null);
  const on = sender({ getSettings: () => ({ height: 1080 }) });
  await applyLimits(on, cameraLimit(4, false), preference);
  assert.deepEqual(on.set, {
    degradationPreference: 'balanced',
    encodings: [{ active: true, maxBitrate: 700_000, maxFramerate: 30, scaleResolutionDownBy: 2, priority: 'low' }],
  });
  await applyLimits({ ...on, setParameters: async () => { throw new Error('closed'); } }, cameraLimit(2, false), preference);
  await applyLimits({ ...on, getParameters: () => ({ encodings: [] }) }, cameraLimit(2, false), preference);
});

test('levels as the ear hears them', () => {
  assert.equal(perceived(0), 0);
  assert.equal(perceived(NaN), 0);
  assert.equal(perceived(1), 1);
  assert.equal(perceived(0.0001), 0);
  assert.ok(Math.abs(perceived(0.0316) - 0.5) < 0.01);
});

test('of two judgements the worse one counts, and one is enough', () => {
  assert.deepEqual([worse('good', 'poor'), worse('fair', 'good'), worse(null, 'good'), worse('fair', null), worse(null, null)], ['poor', 'fair', 'good', 'fair', null]);
});
