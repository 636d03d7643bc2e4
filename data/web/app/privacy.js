// What is private, in the words that people read: for each kind of room one sentence before joining and one inside.
// Must say what the kind's policy does and nothing more; a kind that is not listed claims nothing.

import { t } from '../core/i18n.js';
import { kindOf } from '../core/kinds.js';

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
    before: () => t("Only the people in this meeting can see and hear you. Audio and video are encrypted from browser to browser; chat and notes go through the server."),
    inside: () => t("Audio and video go directly between browsers, encrypted end to end. Chat and notes go through the server."),
  },
  otr: {
    before: () => t("Everything in this meeting is encrypted from browser to browser: audio, video, chat, notes and names. The server only learns that somebody meets, and keeps nothing."),
    inside: () => t("Everything goes directly between browsers, encrypted end to end: audio, video, chat, notes and names. Nothing is kept on the server."),
  },
};

/** What a room says about its recordings: not at all, everyone is told, everyone is asked. @type {Record<string, { server: () => string, watching: () => string }>} */
const RECORDED = {
  off: {
    server: () => t("The server handles your audio and video in this room. It is not recorded here."),
    watching: () => t("You are not seen or heard while you watch. The server handles the audio and video in this room. It is not recorded here."),
  },
  announce: {
    server: () => t("The server handles your audio and video in this room. A host can record it; you are told when that starts, and can say no."),
    watching: () => t("You are not seen or heard while you watch. The server handles the audio and video in this room. A host can record it; you are told when that starts."),
  },
  require: {
    server: () => t("The server handles your audio and video in this room. A host can record it, but you only if you agree: you are asked before."),
    watching: () => t("You are not seen or heard while you watch. The server handles the audio and video in this room. A host can record it, and whoever is on stage is asked before."),
  },
};

/** @param {import('../core/meeting.js').RoomInfo | null} room @param {boolean} [watching] @returns {string} */
export function privacySentence(room, watching = false) {
  const { kind = '', recording, consent = 'announce' } = room ?? {};
  if (kindOf(kind).server && recording !== undefined)
    return RECORDED[recording ? consent : 'off'][watching ? 'watching' : 'server']();
  return (watching ? WATCHING : WORDS[kind] ?? THROUGH_SERVER).before();
}

/** @param {import('../core/meeting.js').RoomInfo | null} room @returns {string} */
export function encryptionSentence(room) {
  const { kind = '', recording, consent = 'announce' } = room ?? {};
  return kindOf(kind).server && recording !== undefined ? RECORDED[recording ? consent : 'off'].server() : (WORDS[kind] ?? THROUGH_SERVER).inside();
}
