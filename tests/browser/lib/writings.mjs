// In which writings a text or bytes may stand in memory, in a file or on a wire, and a search for all of them at once. Knows nothing of us.

/** @typedef {{ what: string, as: string, bytes: Buffer }} Writing */
/** @typedef {{ what: string, as: string, where: string, around: string }} Hit */

const SHORTEST = 8;
const AROUND = 60;

/** In base64 as it stands wherever the bytes begin within a longer text: what depends on the neighbours is left out. @param {Buffer} bytes @returns {string[]} */
function base64 (bytes) {
  return [0, 1, 2].map(before => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64').replace(/=+$/, '');
    const first = Math.ceil(before * 8 / 6), last = Math.floor((before + bytes.length) * 8 / 6);
    return text.slice(first, last);
  });
}

/** @param {Buffer} bytes @returns {[string, Buffer][]} */
function writingsOfBytes (bytes) {
  const hex = bytes.toString('hex');
  const pairs = hex.match(/../g) ?? [];
  const plain = base64(bytes);
  const texts = [
    ...plain.map(text => ['base64', text]), ...plain.map(text => ['base64url', text.replace(/\+/g, '-').replace(/\//g, '_')]),
    ['hex', hex], ['hex', hex.toUpperCase()], ['percent', `%${pairs.join('%')}`], ['percent', `%${pairs.join('%').toUpperCase()}`],
    ['escaped', `\\x${pairs.join('\\x')}`],
  ];
  return [['raw', bytes], ...texts.map(([as, text]) => /** @type {[string, Buffer]} */ ([as, Buffer.from(text)]))];
}

/** @param {string} text */
const utf16be = text => Buffer.from(text, 'utf16le').swap16();

/** @param {string} text @param {string} prefix */
const codes = (text, prefix) => Buffer.from(Array.from(text, letter => prefix + letter.charCodeAt(0).toString(16).padStart(4, '0')).join(''));

/**
 * @param {string} what it is called
 * @param {string | Uint8Array} it long enough that nobody has it by chance
 * @returns {Writing[]}
 */
export function writingsOf (what, it) {
  const found = typeof it !== 'string' ? writingsOfBytes(Buffer.from(it)) : [it, it.toUpperCase(), it.toLowerCase()].flatMap(text => [
    ...writingsOfBytes(Buffer.from(text)), ...writingsOfBytes(Buffer.from(text, 'utf16le')), ...writingsOfBytes(utf16be(text)),
    /** @type {[string, Buffer]} */ (['JSON', codes(text, '\\u')]), /** @type {[string, Buffer]} */ (['CSS', codes(text, '\\')]),
  ]);
  const distinct = new Map(found.map(([as, bytes]) => [bytes.toString('latin1'), { what, as, bytes }]));
  for (const { bytes } of distinct.values())
    if (bytes.length < SHORTEST)
      throw new RangeError(`${what} is too short to be looked for`);
  return [...distinct.values()];
}

/** By the first two bytes. @param {Writing[]} writings */
function byBeginning (writings) {
  /** @type {(Writing[] | undefined)[]} */
  const table = Array(1 << 16);
  for (const writing of writings)
    (table[writing.bytes[0] << 8 | writing.bytes[1]] ??= []).push(writing);
  return table;
}

/** @param {Buffer} bytes @param {number} at */
const legible = (bytes, at) => bytes.subarray(Math.max(0, at - AROUND), at + AROUND).toString('latin1').replace(/[^\x20-\x7e]/g, '.');

/**
 * Once through everything.
 * @param {Iterable<{ name: string, bytes: Buffer }>} places
 * @param {Writing[]} writings
 * @returns {Hit[]}
 */
export function search (places, writings) {
  const table = byBeginning(writings);
  /** @type {Hit[]} */
  const hits = [];
  for (const { name, bytes } of places)
    for (let at = 0, two = bytes[0]; at + 1 < bytes.length; at++) {
      two = (two << 8 | bytes[at + 1]) & 0xffff;
      const candidates = table[two];
      if (candidates !== undefined)
        for (const { what, as, bytes: wanted } of candidates)
          if (bytes.compare(wanted, 0, wanted.length, at, Math.min(at + wanted.length, bytes.length)) === 0)
            hits.push({ what, as, where: name, around: legible(bytes, at) });
    }
  return hits;
}
