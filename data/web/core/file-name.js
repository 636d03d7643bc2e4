// What a file that somebody else named is called here: as the server cleans such names (src/signalling/filenames.c, the same vectors), because no
// server is in between where files go from browser to browser. What it cannot be called on some system is replaced, and its end stays.

const MAX_STEM_BYTES = 150;
const MAX_SUFFIX_BYTES = 16;
const BAD = /[\p{Cc}\p{Cf}\p{Cn}\p{Cs}/\\:*?"<>|]/gu;

/** @param {string} text */
const bytesOf = text => new TextEncoder().encode(text).length;

/** @param {string} text @param {number} most bytes */
function cut(text, most) {
  let bytes = 0;
  return [...text].filter(letter => (bytes += bytesOf(letter)) <= most).join('');
}

/** @param {string} name */
function clean(name) {
  const plain = name.replace(BAD, '_').replace(/^ +/, '').replace(/[. ]+$/, '');
  return plain === '' || plain.startsWith('.') ? `_${plain}` : plain;
}

/** @param {string} name @returns {string} never empty, at most 167 bytes */
export function cleanFileName(name) {
  const dot = name.lastIndexOf('.');
  const suffix = dot >= 0 && bytesOf(name.slice(dot)) <= MAX_SUFFIX_BYTES ? name.slice(dot) : '';
  return clean(cut(name.slice(0, name.length - suffix.length), MAX_STEM_BYTES) + suffix);
}
