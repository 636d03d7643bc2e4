// What is said of somebody who has saved a copy of a meeting off the record. Pure.

import { i18n, t } from '../core/i18n.js';

/** @typedef {import('../core/copies.js').Copy} Copy */

/** In the chat. @param {Pick<Copy, 'name' | 'own'>} copy */
export const copyWords = ({ name, own }) => (own ? t("You saved a copy of this meeting.") : t("{name} saved a copy of this meeting.", { name }));

/** To those who may not know it yet. @param {readonly Pick<Copy, 'name'>[]} copies by others, at least one */
export function copiesWords(copies) {
  const names = [...new Set(copies.map(({ name }) => name))];
  if (names.length === 1)
    return t("{name} has saved a copy of what was written in this meeting: chat, agenda, minutes and polls.", { name: names[0] });
  return t("{names} have saved copies of what was written in this meeting: chat, agenda, minutes and polls.", {
    names: new Intl.ListFormat(i18n.lang, { type: 'conjunction' }).format(names),
  });
}
