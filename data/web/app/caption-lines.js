// What of a text that is being typed can go out as captions: whole sentences, and lines that have become too long to wait. Pure.

const LONGEST = 90; // characters: two lines on a phone

/**
 * @param {string} text as it stands in the field
 * @returns {{ ready: string[], rest: string }} rest: stays there
 */
export function complete(text) {
  const ready = [];
  let rest = text;
  for (;;) {
    const end = endOfFirst(rest);
    if (end === 0)
      return { ready, rest };
    ready.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trimStart();
  }
}

/** @param {string} text @returns {number} characters that can go; 0: none */
function endOfFirst(text) {
  const sentence = /[.!?…]["'”»)]*\s|[。！？]/u.exec(text);
  const words = text.slice(0, LONGEST + 1).lastIndexOf(' ');
  if (sentence && sentence.index < LONGEST)
    return sentence.index + sentence[0].length;
  return text.length > LONGEST && words > 0 ? words + 1 : 0;
}
