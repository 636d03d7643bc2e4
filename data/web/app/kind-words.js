// The kinds of rooms in words, for who chooses one: its name, what is encrypted from whom in one sentence, and how many come. Must say
// what the kind's policy does and nothing more; in the room itself `privacy.js` says it.

import { t } from '../core/i18n.js';

/** @typedef {{ kind: string, glyph: string, name: () => string, words: () => string, size: () => string }} KindWords */

/** @type {KindWords[]} */
export const kindWords = [
  {
    kind: 'standard', glyph: 'shield-check', name: () => t("Standard"), size: () => t("Up to 8 people"),
    words: () => t("Audio and video are encrypted from browser to browser, so that nobody else can see or hear you, not even this server; chat and notes go through it."),
  },
  {
    kind: 'boardroom', glyph: 'users', name: () => t("Boardroom"), size: () => t("Up to 100 people, and everyone can speak"),
    words: () => t("Everything is encrypted on its way to this server, which handles audio, video and chat, and can record them."),
  },
  {
    kind: 'classroom', glyph: 'graduation-cap', name: () => t("Classroom"), size: () => t("A few present, hundreds watch, ask and raise their hands"),
    words: () => t("Everything is encrypted on its way to this server, which handles what is presented and asked, and can record it."),
  },
  {
    kind: 'otr', glyph: 'ghost', name: () => t("Off the record"), size: () => t("Up to 8 people, and nothing is kept"),
    words: () => t("Audio, video, chat and names are encrypted from browser to browser, so that this server learns only that somebody met."),
  },
];

/** @param {string} kind @returns {KindWords} */
export const wordsOf = kind => kindWords.find(one => one.kind === kind) ?? { kind, glyph: 'users', name: () => kind, words: () => '', size: () => '' };
