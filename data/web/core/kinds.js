// What each kind of room has, as far as the page shows it: the client's copy of the server's policy tables (src/room/policy-*.c), which
// decide. Everything that depends on a kind stands here, and in the words of `app/privacy.js`. A kind that is not listed has nothing.

/**
 * @typedef {object} Kind
 * @property {boolean} server media go through the server
 * @property {boolean} stage whoever is no host only watches, until brought on stage
 * @property {boolean} questions
 * @property {boolean} peers what people share goes from browser to browser as well: the server knows nothing of it
 * @property {boolean} phones people may call, where the server can be called
 * @property {boolean} summary the server writes down what a meeting was about
 */

/** @type {Kind} */
const PLAIN = { server: false, stage: false, questions: false, peers: false, phones: false, summary: false };

/** @type {Record<string, Kind>} */
const KINDS = {
  standard: { ...PLAIN, summary: true },
  otr: { ...PLAIN, peers: true },
  boardroom: { ...PLAIN, server: true, phones: true, summary: true },
  classroom: { ...PLAIN, server: true, stage: true, questions: true, phones: true, summary: true },
};

/** Whether there is that kind of room. @param {unknown} kind @returns {kind is string} */
export const isKind = kind => typeof kind === 'string' && Object.hasOwn(KINDS, kind);

/** @param {string | undefined} kind @returns {Kind} */
export const kindOf = kind => (isKind(kind) ? KINDS[kind] : PLAIN);
