// What is private, in the words that people read: for each kind of room one sentence before joining and one inside.
// Must say what the kind's policy does and nothing more; a kind that is not listed claims nothing.

import { t } from '../core/i18n.js';

/** @typedef {{ before: () => string, inside: () => string }} Words */

/** @type {Words} */
const THROUGH_SERVER = {
  before: () => t("The server handles your audio and video in this room. It can be recorded."),
  inside: () => t("The server handles your audio and video in this room. It can be recorded."),
};

/** @type {Words} */
const WATCHING = {
  before: () => t("You are not seen or heard while you watch. The server handles the audio and video in this room. It can be recorded."),
  inside: THROUGH_SERVER.inside,
};

/** @type {Record<string, Words>} */
const WORDS = {
  standard: {
    before: () => t("Only the people in this meeting can see and hear you. Audio and video are encrypted from browser to browser; chat goes through the server."),
    inside: () => t("Audio and video go directly between browsers, encrypted end to end. Chat goes through the server."),
  },
};

/** @param {string} kind @param {boolean} [watching] @returns {string} */
export const privacySentence = (kind, watching = false) => (watching ? WATCHING : WORDS[kind] ?? THROUGH_SERVER).before();

/** @param {string} kind @returns {string} */
export const encryptionSentence = kind => (WORDS[kind] ?? THROUGH_SERVER).inside();
