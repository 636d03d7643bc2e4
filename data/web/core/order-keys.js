// Places in a list that can always be divided: texts over 62 digits, compared byte by byte, read as fractions. Whoever moves one thing
// changes nothing of the others. None ends in '0', or there would be no room before it. `src/model/order-key.c` does the same.

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LAST = DIGITS.length - 1;
const MIDDLE = DIGITS[LAST >> 1];
/** The most characters of a key. */
export const MAX_KEY = 200;

/** @param {unknown} key */
export const isKey = key => typeof key === 'string' && key.length <= MAX_KEY && /^[0-9A-Za-z]*[1-9A-Za-z]$/.test(key);

/** @param {string} key @param {number} at @returns {number} past its end: 0 */
const digit = (key, at) => (at < key.length ? DIGITS.indexOf(key[at]) : 0);

/** Short also where things are added at the end all the time. @param {string} key */
function after(key) {
  for (let at = 0; at < key.length; at++) {
    if (digit(key, at) < LAST)
      return key.slice(0, at) + DIGITS[digit(key, at) + 1];
  }
  return `${key}1`;
}

/** @param {string} key */
function before(key) {
  let at = 0;
  while (key[at] === '0')
    at++;
  if (digit(key, at) > 1)
    return key.slice(0, at) + DIGITS[digit(key, at) - 1];
  return at + 1 < key.length ? key.slice(0, at + 1) : `${key.slice(0, at)}0${MIDDLE}`;
}

/** Halfway to the end, so that both sides have room. @param {string} key */
function halfway(key) {
  let at = 0;
  while (digit(key, at) === LAST)
    at++;
  return key.slice(0, at) + DIGITS[(digit(key, at) + DIGITS.length) >> 1];
}

/** @param {string} low @param {string} high larger */
function inBetween(low, high) {
  let at = 0;
  while (digit(low, at) === digit(high, at))
    at++;
  const common = high.slice(0, at);
  const [a, b] = [digit(low, at), digit(high, at)];
  if (b - a > 1)
    return common + DIGITS[(a + b) >> 1];
  if (at + 1 < high.length)
    return common + high[at]; // shorter than `high`, and so before it
  return common + DIGITS[a] + halfway(low.slice(at + 1));
}

/**
 * A key between two others. Those that are equal, or the wrong way round, have nothing between them: the answer is then after the first.
 * @param {string | null} low null: from the beginning @param {string | null} high null: to the end @returns {string}
 */
export function between(low, high) {
  if (low === null)
    return high === null ? MIDDLE : before(high);
  return high === null || low >= high ? after(low) : inBetween(low, high);
}

/**
 * A key for what is to stand at a place of a list. Things that two people put into one place at once may have the same key: what is put
 * between them comes after them.
 * @param {readonly { fields: { order?: string } }[]} list sorted, without the thing that is moved @param {number} index
 */
export function keyAt(list, index) {
  const low = index > 0 ? list[index - 1].fields.order ?? '' : null;
  const next = list.slice(index).find(({ fields }) => low === null || (fields.order ?? '') > low);
  return between(low === '' ? null : low, next?.fields.order || null);
}
