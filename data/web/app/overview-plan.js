// What the administrators' page draws of the server's figures: a chart for each subject, with its lines, units and scale; and the checks
// that say whether all works. Pure.

import { bitrate, count, fileSize, finePercent } from '../core/figures.js';
import { t, tn } from '../core/i18n.js';
import { kindWords } from './kind-words.js';

/** @typedef {import('../core/overview.js').Row} Row */
/** @typedef {{ name: string, kind: string, of: (row: Row) => number | null }} PlannedLine */
/** @typedef {{ id: string, title: string, note?: string, lines: PlannedLine[], words: (value: number) => string, least: number, top?: (row: Row) => number | null }} Plan */
/** @typedef {{ id: string, name: string, ok: (row: Row) => boolean | null, words: (row: Row) => string }} Check */

const COLOURS = ['first', 'second', 'third', 'fourth'];

/** @param {string} column @returns {(row: Row) => number | null} */
const of = column => row => row[column] ?? null;

/** @param {[name: string, of: string | ((row: Row) => number | null)][]} all @returns {PlannedLine[]} each in a colour of its own */
const lines = all => all.map(([name, from], i) => ({ name, kind: COLOURS[i], of: typeof from === 'string' ? of(from) : from }));

/** @param {Row} row @param {string} prefix */
const sum = (row, prefix) => Object.entries(row).reduce((total, [column, value]) => total + (column.startsWith(prefix) ? value ?? 0 : 0), 0);

/** @param {Row} row */
const used = ({ disk_free: free, disk_size: size }) => (typeof free === 'number' && typeof size === 'number' ? size - free : null);

/** Whether this server can be called by phone. @param {Row} row */
export const hasPhones = row => typeof row.trunks === 'number';

/** @param {Row} row the newest @returns {Plan[]} */
export const plansFor = row => [
  { id: 'meetings', title: t("Meetings"), least: 5, words: count, lines: lines(kindWords.map(({ kind, name }) => [name(), `meetings.${kind}`])) },
  {
    id: 'people', title: t("People"), least: 10, words: count,
    lines: lines([[t("In meetings"), one => sum(one, 'people.')], [t("Connected"), 'sockets']]),
  },
  { id: 'media', title: t("Media through the server"), least: 100_000, words: bitrate, lines: lines([[t("In"), 'in'], [t("Out"), 'out']]) },
  { id: 'loss', title: t("Lost packets"), least: 0.01, words: finePercent, lines: lines([[t("In"), 'loss_in'], [t("Out"), 'loss_out']]) },
  {
    id: 'cpu', title: t("Processor"), note: t("One core is 100 %."), least: 0.1, words: finePercent,
    lines: lines([[t("Server"), 'cpu_server'], [t("Media"), 'cpu_media'], [t("Rendering"), 'cpu_render'], ...hasPhones(row) ? [/** @type {[string, string]} */ ([t("Telephone"), 'cpu_sip'])] : []]),
  },
  {
    id: 'disk', title: t("Disk of recordings"), least: 1, words: fileSize, top: of('disk_size'),
    lines: lines([[t("In use"), used], [t("Free"), 'disk_free']]),
  },
  {
    id: 'renders', title: t("Recordings"), least: 5, words: count,
    lines: lines([[t("Being recorded"), 'recording'], [t("Being rendered"), 'renders_running'], [t("Waiting"), 'renders_waiting']]),
  },
  ...hasPhones(row) ? [{
    id: 'calls', title: t("Telephone"), least: 5, words: count,
    lines: lines([[t("Calls"), 'calls'], [t("Trunks that take calls"), 'trunks_up']]),
  }] : [],
];

/** @param {string} column @returns {(row: Row) => boolean | null} */
const yes = column => row => (typeof row[column] === 'number' ? row[column] === 1 : null);

/** @param {Row} row the newest @returns {Check[]} */
export const checksFor = row => [
  { id: 'database', name: t("Database"), ok: yes('database'), words: one => (one.database === 1 ? t("answers") : t("does not answer")) },
  {
    id: 'media_reserve', name: t("Media processes"), ok: yes('media_reserve'),
    words: one => (one.media_reserve === 1 ? t("ready for the next meeting") : t("none is ready for the next meeting")),
  },
  { id: 'open', name: t("Doors"), ok: yes('open'), words: one => (one.open === 1 ? t("open for everybody") : t("closed: the server is about to stop")) },
  ...hasPhones(row) ? [{
    id: 'trunks', name: t("Telephone"), ok: (/** @type {Row} */ one) => (hasPhones(one) ? one.trunks_up === one.trunks : null),
    words: (/** @type {Row} */ one) => tn("{up} of {n} trunk takes calls", "{up} of {n} trunks take calls", one.trunks ?? 0, { up: one.trunks_up ?? 0 }),
  }] : [],
];

/**
 * The spans of time in which a check failed.
 * @param {readonly Row[]} rows @param {Check} check @returns {{ from: number, to: number }[]}
 */
export function failures(rows, check) {
  /** @type {{ from: number, to: number }[]} */
  const spans = [];
  for (const [i, row] of rows.entries()) {
    if (check.ok(row) !== false)
      continue;
    const to = rows[i + 1]?.at ?? row.at;
    const before = spans.at(-1);
    if (before?.to === row.at)
      before.to = to;
    else
      spans.push({ from: row.at, to });
  }
  return spans;
}
