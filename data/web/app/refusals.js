// Not let in, or put out: what happened and what can be done, in plain words. For who comes, and for who was in and is no longer.

import { errorText } from '../core/errors.js';
import { t } from '../core/i18n.js';

/**
 * @typedef {object} Refusal
 * @property {string} heading
 * @property {string} words
 * @property {string} glyph
 * @property {string | null} again what the button says that tries once more; null where there is no point in it
 */

/** @type {Record<string, () => Refusal>} */
const REFUSALS = {
  'denied': () => ({
    heading: t("You were not let in"), words: t("A host has decided that you cannot come in now. If that was a mistake, get in touch with them and try again."),
    glyph: 'door-open', again: t("Ask again"),
  }),
  'locked': () => ({
    heading: t("The meeting is locked"), words: t("Nobody else can come in at the moment. If you are expected, get in touch with a host, who can unlock it."),
    glyph: 'lock', again: t("Try again"),
  }),
  'removed': () => ({
    heading: t("You cannot come back to this meeting"), words: t("A host has removed you from it. This holds until the meeting is over."), glyph: 'user-x', again: null,
  }),
  'old-link': () => ({
    heading: t("This invitation is no longer valid"), words: t("Somebody was removed from this room, and it has had another link since then. Ask a host for the new one."),
    glyph: 'link-2-off', again: null,
  }),
  'timeout': () => ({
    heading: t("Nobody has let you in"), words: t("You have waited for a long time. Perhaps nobody is here yet who can let you in."), glyph: 'door-open', again: t("Ask again"),
  }),
  'bad-ticket': () => ({
    heading: t("You need a new ticket"), words: t("The one that you came with is not valid here. It may have expired or been used. Open the meeting again from where you came from."),
    glyph: 'key-round', again: null,
  }),
  'code-differs': () => ({ heading: t("Failed: the call has ended"), words: errorText('code-differs'), glyph: 'shield-alert', again: null }),
  'ticket-spent': () => ({ heading: t("You need a new ticket"), words: errorText('ticket-spent'), glyph: 'key-round', again: null }),
};

/** @param {string} id of an error @returns {Refusal | null} null: it has nothing to do with being let in */
export const refusalOf = id => (Object.hasOwn(REFUSALS, id) ? REFUSALS[id]() : null);

/** Any error that keeps somebody outside. @param {string} id @param {boolean} [shut] trying once more takes another ticket @returns {Refusal} */
export function outsideWords(id, shut = false) {
  const refusal = refusalOf(id);
  return shut && refusal && refusal.again !== null ? withoutWayBack(refusal) : refusal ?? outside(id);
}

/** @param {Refusal} refusal @returns {Refusal} */
const withoutWayBack = refusal => ({ ...refusal, words: t("{words} To try again, open the meeting from where you came from.", { words: refusal.words }), again: null });

/** @param {string} id @returns {Refusal} */
function outside(id) {
  const noWay = ['wrong-key', 'unknown-room', 'not-available'].includes(id);
  return {
    heading: noWay ? t("This meeting cannot be opened") : t("You cannot join yet"), words: errorText(id),
    glyph: noWay ? 'link-2-off' : 'circle-alert', again: t("Try again"),
  };
}
