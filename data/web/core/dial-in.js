// How a room is called by phone: what people dial and type, as it is read, spoken and clicked on. Pure.

/**
 * @typedef {object} DialIn
 * @property {readonly string[]} numbers as people write them, or addresses `sip:USER@HOST`
 * @property {string} pin digits
 * @property {string | null} hostPin whoever types it is a host; null where one is not told
 */

const ADDRESS = /^sips?:[\w.!~*'()&=+$,;?/%-]+@[\w.:[\]-]+$/i;
const NUMBER = /^\+?\d{3,20}$/;

/** @param {any} value as in PROTOCOL.md, section 3 @returns {DialIn | null} null where nobody can call */
export function readDialIn(value) {
  if (!value || !Array.isArray(value.numbers) || value.numbers.length === 0 || typeof value.pin !== 'string')
    return null;
  return { numbers: value.numbers.map(String), pin: value.pin, hostPin: value.host_pin ?? null };
}

/** In groups of three, the last one of up to four. @param {string} pin */
export const grouped = pin => pin.match(/\d{3}(?!\d$)|\d{1,4}/g)?.join(' ') ?? pin;

/** Digit by digit, for who listens: a number of ten digits is not a sum. @param {string} text */
export const spelled = text => (/^[+\d\s().,/-]+$/.test(text) ? [...text.replace(/[^+\d]/g, '')].join(' ') : text);

/** Only what is dialled. @param {string} number @returns {string | null} null where it is none */
function bare(number) {
  const digits = number.replace(/^(\s*\+.*)\(0\)/, '$1').replace(/[\s().,/-]+/g, '');
  return NUMBER.test(digits) ? digits : null;
}

/** What a mobile phone dials and types at one go: the commas are pauses. @param {string} number @param {string} pin @returns {string | null} */
export function oneTap(number, pin) {
  const digits = bare(number);
  return digits && `${digits},,${pin}#`;
}

/** @param {string} number @param {string} pin @returns {string | null} what a click on it opens, null for nothing */
export function callUrl(number, pin) {
  if (ADDRESS.test(number))
    return number;
  const tap = oneTap(number, pin);
  return tap && `tel:${tap.replace('#', '%23')}`;
}
