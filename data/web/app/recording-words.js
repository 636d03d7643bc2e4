// The words for what recordings consist of and how they do: sources, layouts, stages of a rendering, states. Only words.

import { clockTime, percent } from '../core/figures.js';
import { t, tn } from '../core/i18n.js';
import { doneOf, suffixOf } from '../core/recorded.js';

/** @typedef {import('../core/api.js').RecordingObject} RecordingObject */
/** @typedef {import('../core/api.js').Rendering} Rendering */

/** @type {Record<string, () => string>} */
const SOURCES = {
  'microphone': () => t("Microphone"),
  'camera': () => t("Camera"),
  'screen': () => t("Screen"),
  'screen-audio': () => t("Sound of the screen"),
};

/** @type {Record<string, () => string>} */
const LAYOUTS = {
  auto: () => t("As it fits"),
  grid: () => t("Everyone in a grid"),
  speaker: () => t("Speaker large"),
  presentation: () => t("Screen large"),
};

/** @type {Record<string, () => string>} */
const STAGES = {
  queued: () => t("Waiting for its turn"),
  reading: () => t("Reading the tracks"),
  repairing: () => t("Checking the tracks"),
  mixing: () => t("Mixing the sound"),
  composing: () => t("Making the video"),
  joining: () => t("Putting the video together"),
  exporting: () => t("Making the other files"),
};

/** @type {Record<string, () => string>} */
const STATES = {
  recording: () => t("Being recorded"),
  processing: () => t("Being prepared"),
  ready: () => t("Ready"),
  failed: () => t("Failed"),
};

/** @type {Record<string, () => string>} */
const TROUBLES = {
  'disk-full': () => t("The server's disk is full."),
  'io': () => t("The server's disk could not be read or written."),
  'bad-range': () => t("There is nothing in this part of the recording."),
  'no-log': () => t("The recording's log is missing."),
  'lost': () => t("The program that prepares it ended unexpectedly."),
};

/** @param {Record<string, () => string>} words @param {string} key @param {() => string} other */
const lookup = (words, key, other) => (Object.hasOwn(words, key) ? words[key]() : other());

/** @param {string} [source] */
export const sourceWords = (source = '') => lookup(SOURCES, source, () => source);

/** @param {string} [layout] */
export const layoutWords = (layout = '') => lookup(LAYOUTS, layout, () => layout);

export const layouts = Object.keys(LAYOUTS);

/** @param {string} status */
export const statusWords = status => lookup(STATES, status, () => status);

export const statuses = Object.keys(STATES);

/** @param {string} [error] a stable id */
export const troubleWords = (error = '') => lookup(TROUBLES, error, () => t("Something went wrong on the server."));

/** @param {{ stage: string, done: number } | null | undefined} progress */
export const progressWords = progress => (progress
  ? [lookup(STAGES, progress.stage, () => t("Being prepared")), ...progress.stage === 'queued' ? [] : [percent(progress.done)]].join(', ')
  : t("Waiting for its turn"));

/** @param {Rendering} rendering */
export function renderingState(rendering) {
  const { status, progress, error } = rendering;
  if (status === 'failed')
    return t("Failed: {why}", { why: troubleWords(error) });
  if (status === 'queued')
    return t("Waiting for its turn");
  return progressWords({ stage: typeof progress === 'object' && progress ? progress.stage : '', done: doneOf(rendering) });
}

/** What a rendering shows, in a few words. @param {Rendering} rendering @returns {string} */
export function renderingWords({ layout, from = -1, to = -1, without = [] }) {
  const range = from > 0 || to > 0 ? [t("{from} to {to}", { from: clockTime(Math.max(0, from)), to: to > 0 ? clockTime(to) : t("the end") })] : [];
  const left = without.length > 0 ? [tn("without {n} person", "without {n} people", without.length)] : [];
  return [layoutWords(layout), ...range, ...left].filter(words => words !== '').join(', ');
}

/** The number of the version that a file belongs to. @param {string} name */
const versionOf = name => Number(suffixOf(name).slice(1)) || 1;

/** What a file is, where there is one for each version. @param {string} words @param {string} name of the file @returns {string} */
export const ofVersion = (words, name) => `${words} · ${t("Version {n}", { n: versionOf(name) })}`;

/** How somebody names a video among others. @param {RecordingObject} recording @param {string} name of its file @returns {string} */
export function videoWords({ renders = [] }, name) {
  const suffix = suffixOf(name);
  const rendering = renders.find(one => (one.suffix ?? '') === suffix);
  const number = versionOf(name);
  const words = rendering ? renderingWords(rendering) : '';
  return words ? t("Version {n}: {words}", { n: number, words }) : t("Version {n}", { n: number });
}
