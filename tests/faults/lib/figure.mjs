// What a check of the table "Faults" in docs/benchmarks.md measures, beside its target. Knows no daemon.
import assert from 'node:assert/strict';

/**
 * Prints a figure, and fails where it misses its target: at most `most`, or at least `least`.
 * @param {{ diagnostic: (text: string) => void }} t
 * @param {number} check its number in the table
 * @param {string} what
 * @param {number} value
 * @param {{ most?: number, least?: number, unit?: string }} target
 */
export function figure (t, check, what, value, { most = Infinity, least = -Infinity, unit = '' }) {
  const rounded = Math.round(value * 100) / 100;
  const met = value <= most && value >= least;
  const target = most === 0 ? '0' : most < Infinity ? `≤ ${most}` : `≥ ${least}`;
  t.diagnostic(`check ${check}: ${what}: ${rounded} ${unit} (target ${target}): ${met ? 'met' : 'missed'}`.replace(/ +/g, ' '));
  assert.ok(met, `${what}: ${rounded} ${unit}, target ${target}`);
}

/**
 * The value that this share of them does not exceed.
 * @param {number[]} values
 * @param {number} share
 */
export function percentile (values, share) {
  return [...values].sort((a, b) => a - b)[Math.min(Math.floor(share * values.length), values.length - 1)];
}
