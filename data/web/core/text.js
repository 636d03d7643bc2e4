// Names and messages in the form that the protocol takes (PROTOCOL.md, section 4): no control characters, no bidi overrides
// and isolates, no halves of characters, something to see, and not too long. What was pasted with them must not end the session.

export const MAX_NAME = 60;
export const MAX_TITLE = 120;
export const MAX_MESSAGE = 4_000;
export const MAX_QUESTION = 500;

const FORBIDDEN = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;
const FORBIDDEN_IN_LINES = /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu;
const HALVES = /\p{Cs}/gu;
const VISIBLE = /[^\s\p{Z}\p{C}\p{Mn}\p{Me}\u1160-\u11ff]/u;

/** @param {string} text @returns {number} characters as the protocol counts them, not UTF-16 units */
export const characters = text => [...text].length;

/** @param {string} line @param {number} most characters */
function cleanLine(line, most) {
  const clean = line.replace(/\s+/g, ' ').replace(FORBIDDEN, '').replace(HALVES, '').trim();
  return VISIBLE.test(clean) ? [...clean].slice(0, most).join('').trim() : '';
}

/** @param {string} name @returns {string} at most 60 characters; '' where nothing is to be seen */
export const cleanName = name => cleanLine(name, MAX_NAME);

/** Of a room or an event. @param {string} title @returns {string} at most 120 characters; '' where nothing is to be seen */
export const cleanTitle = title => cleanLine(title, MAX_TITLE);

/** @param {string} text @returns {string} of any length; '' where nothing is to be seen */
export function cleanMessage(text) {
  const clean = text.replace(/\r\n?/g, '\n').replace(FORBIDDEN_IN_LINES, '').replace(HALVES, '').trim();
  return VISIBLE.test(clean) ? clean : '';
}

/** Whether the protocol takes it as it is. @param {string} text @param {boolean} lines of several lines */
export const isPlain = (text, lines) => text.search(lines ? FORBIDDEN_IN_LINES : FORBIDDEN) < 0 && text.search(HALVES) < 0;

/** What somebody types just now: spaces stay where they are. @param {string} text @param {number} most characters @param {boolean} lines */
export function cleanTyped(text, most, lines) {
  const plain = lines ? text.replace(/\r\n?/g, '\n').replace(FORBIDDEN_IN_LINES, '') : text.replace(/\s/g, ' ').replace(FORBIDDEN, '');
  return [...plain.replace(HALVES, '')].slice(0, most).join('');
}
