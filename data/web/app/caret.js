// Where a caret belongs when a text was changed by somebody else. Pure.

/** @param {string} a @param {string} b @returns {number} characters that both begin with */
function commonStart(a, b) {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n])
    n++;
  return n;
}

/** @param {string} a @param {string} b @param {number} most @returns {number} characters that both end with */
function commonEnd(a, b, most) {
  let n = 0;
  while (n < most && a[a.length - 1 - n] === b[b.length - 1 - n])
    n++;
  return n;
}

/**
 * It stays between the characters it was between; where those are gone, at the end of what took their place.
 * @param {string} before @param {string} after @param {number} position in `before` @returns {number} in `after`
 */
export function carried(before, after, position) {
  const start = commonStart(before, after);
  const end = commonEnd(before, after, Math.min(before.length, after.length) - start);
  if (position <= start)
    return position;
  if (position >= before.length - end)
    return position + after.length - before.length;
  return after.length - end;
}
