// What stands for a person where there is no picture: one or two letters and one of six tints.

const TINTS = 6;
const CHARACTERS = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** @param {string} word @returns {string} its first character as a person counts them */
function firstCharacter(word) {
  const [first] = CHARACTERS.segment(word);
  return first?.segment.toUpperCase() ?? '';
}

/** @param {string} name @returns {string} empty where the name is */
export function initials(name) {
  const words = name.trim().split(/\s+/).filter(word => word !== '');
  if (words.length === 0)
    return '';
  const last = words.length > 1 ? words[words.length - 1] : '';
  return firstCharacter(words[0]) + (last ? firstCharacter(last) : '');
}

/** The same person has the same tint on every screen. @param {string} id @returns {string} a class */
export function tint(id) {
  let sum = 0;
  for (const letter of id)
    sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 997;
  return `avatar-${(sum % TINTS) + 1}`;
}
