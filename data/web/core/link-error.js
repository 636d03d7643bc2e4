// Why a pair of browsers gave up: a stable id, whose sentence is in `errors.js`, and whether it may be tried again.

/**
 * @typedef {'link-commit' | 'link-mac' | 'link-reflected' | 'link-identity' | 'link-malformed' | 'link-order' | 'link-sealed'
 *   | 'link-fingerprint' | 'link-confirm' | 'link-code' | 'link-differs' | 'link-generation' | 'link-timeout' | 'link-peer' | 'link-unsupported'} LinkReason
 */

export class LinkError extends Error {
  /** @param {LinkReason} id @param {unknown} [cause] */
  constructor(id, cause) {
    super(id, { cause });
    this.name = 'LinkError';
    this.id = id;
  }
}
