// The roles of accounts in words. Only words.

import { t } from '../core/i18n.js';

/** @typedef {import('../core/account.js').Role} Role */

/** @type {{ role: Role, name: () => string, words: () => string }[]} */
export const roles = [
  { role: 'host', name: () => t("Host"), words: () => t("makes rooms, and manages them and their recordings") },
  { role: 'producer', name: () => t("Producer"), words: () => t("manages all recordings") },
  { role: 'administrator', name: () => t("Administrator"), words: () => t("manages everything, also accounts") },
];

/** @param {string} role */
export const roleWords = role => roles.find(one => one.role === role)?.name() ?? role;
