// From two reports of getStats, 2 s apart, to what a person is told: good, fair or poor. Pure.

/** @typedef {import('./person.js').Stats} Stats */
/** @typedef {import('./person.js').Quality} Quality */

/** Worse than any of these is no longer `good`, respectively no longer `fair`. */
export const THRESHOLDS = {
  good: { loss: 0.02, rtt: 250, outgoing: 150_000 },
  fair: { loss: 0.08, rtt: 600, outgoing: 60_000 },
};

/**
 * Sums that the next report is compared with.
 * @typedef {object} Sums
 * @property {number} at ms
 * @property {number} received packets
 * @property {number} lost packets
 * @property {number} bytes
 */

/**
 * @param {Iterable<any>} report the values of an RTCStatsReport @param {Sums | null} before
 * @returns {{ stats: Stats, sums: Sums }}
 */
export function summarize(report, before) {
  const sums = { at: 0, received: 0, lost: 0, bytes: 0 };
  /** @type {Stats} */
  const stats = { rtt: null, loss: null, outgoing: null, incoming: null, width: null, height: null, fps: null };
  let remoteLoss = 0;
  for (const entry of report) {
    if (entry.type === 'inbound-rtp') {
      sums.at = entry.timestamp;
      sums.received += entry.packetsReceived ?? 0;
      sums.lost += Math.max(0, entry.packetsLost ?? 0);
      sums.bytes += entry.bytesReceived ?? 0;
      if (entry.kind === 'video' && entry.frameWidth > (stats.width ?? 0))
        Object.assign(stats, { width: entry.frameWidth, height: entry.frameHeight, fps: entry.framesPerSecond ?? null });
    } else if (entry.type === 'remote-inbound-rtp') {
      remoteLoss = Math.max(remoteLoss, entry.fractionLost ?? 0);
      if (entry.roundTripTime !== undefined)
        stats.rtt = Math.max(stats.rtt ?? 0, 1000 * entry.roundTripTime);
    } else if (entry.type === 'candidate-pair' && entry.nominated && entry.state === 'succeeded') {
      stats.outgoing = entry.availableOutgoingBitrate ?? stats.outgoing;
      if (entry.currentRoundTripTime !== undefined)
        stats.rtt = Math.max(stats.rtt ?? 0, 1000 * entry.currentRoundTripTime);
    }
  }
  addRates(stats, sums, before, remoteLoss);
  return { stats, sums };
}

/** @param {Stats} stats @param {Sums} sums @param {Sums | null} before @param {number} remoteLoss 0…1 */
function addRates(stats, sums, before, remoteLoss) {
  const seconds = before ? (sums.at - before.at) / 1000 : 0;
  if (!before || seconds <= 0)
    return;
  const lost = Math.max(0, sums.lost - before.lost);
  const received = Math.max(0, sums.received - before.received);
  stats.incoming = Math.max(0, 8 * (sums.bytes - before.bytes) / seconds);
  stats.loss = Math.max(remoteLoss, lost + received > 0 ? lost / (lost + received) : 0);
}

/** @param {Stats} stats @returns {Quality | null} null where too little is known */
export function judge(stats) {
  if (stats.rtt === null && stats.loss === null)
    return null;
  const within = (/** @type {typeof THRESHOLDS.good} */ { loss, rtt, outgoing }) =>
    (stats.loss ?? 0) <= loss && (stats.rtt ?? 0) <= rtt && (stats.outgoing ?? Infinity) >= outgoing;
  if (within(THRESHOLDS.good))
    return 'good';
  return within(THRESHOLDS.fair) ? 'fair' : 'poor';
}

/** @param {Quality | null} a @param {Quality | null} b @returns {Quality | null} */
export const worse = (a, b) => (/** @type {const} */ (['poor', 'fair', 'good']).find(quality => quality === a || quality === b) ?? null);
