// What matters of the browser that this runs in, where it is no page's.

/** A phone has neither the room nor the battery for many pictures. */
export function isPhone() {
  const { userAgentData, userAgent = '' } = /** @type {{ userAgentData?: { mobile: boolean }, userAgent?: string }} */ (globalThis.navigator ?? {});
  return userAgentData?.mobile ?? /Mobi|Android/.test(userAgent);
}

/** Storage that outlives the page, where there is any and it is allowed. @returns {Storage | null} */
export function localStore() {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}
