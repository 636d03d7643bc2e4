// What is private, in the words that people read: for each kind of room one sentence before joining and one list inside.
// Must say what the kind's policy does and nothing more.

import { t } from '../core/i18n.js';

/** @param {string} kind @returns {string} */
export function privacySentence(kind) {
  return kind === 'standard'
    ? t("Only the people in this meeting can see and hear you. Audio and video are encrypted from browser to browser; chat goes through the server.")
    : t("The server handles your audio and video in this meeting.");
}

/** @param {string} kind @returns {string} */
export function encryptionSentence(kind) {
  return kind === 'standard'
    ? t("Audio and video go directly between browsers, encrypted end to end. Chat goes through the server.")
    : t("The server handles your audio and video in this meeting.");
}
