// The little of WebVTT that chapters and thumbnails are written in. Pure.

/** @typedef {{ from: number, to: number, text: string }} Cue ms */
/** @typedef {{ from: number, to: number, file: string, x: number, y: number, width: number, height: number }} Thumbnail */

const TIMING = /^\s*([\d:.]+)\s+-->\s+([\d:.]+)/;
const REGION = /^(\S+?)#xywh=(?:pixel:)?(\d+),(\d+),(\d+),(\d+)$/;
const ENTITIES = /** @type {Record<string, string>} */ ({ '&amp;': '&', '&lt;': '<', '&gt;': '>', '&nbsp;': '\u00a0', '&lrm;': '', '&rlm;': '' });
const MOST_CUES = 20_000;

/** @param {string} text `1:02:03.456` or `02:03.456` @returns {number} ms, NaN where it is none */
function parseTime(text) {
  const [seconds, minutes = '0', hours = '0'] = text.split(':').reverse();
  return Math.round(((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000);
}

/** @param {string} text */
const plain = text => text.replace(/<[^>]*>/g, '').replace(/&\w+;/g, entity => ENTITIES[entity] ?? entity).trim();

/** @param {string} file @returns {Cue[]} */
export function parseVtt(file) {
  const cues = [];
  for (const block of file.replace(/\r\n?/g, '\n').split(/\n{2,}/)) {
    const lines = block.split('\n');
    const at = lines.findIndex(line => TIMING.test(line));
    const [, from, to] = TIMING.exec(lines[at] ?? '') ?? [];
    if (from === undefined || cues.length >= MOST_CUES)
      continue;
    const cue = { from: parseTime(from), to: parseTime(to), text: plain(lines.slice(at + 1).join('\n')) };
    if (cue.to >= cue.from)
      cues.push(cue);
  }
  return cues;
}

/** @param {string} file cues that name a part of a picture: `thumbnails.jpg#xywh=0,0,160,90` @returns {Thumbnail[]} */
export function parseThumbnails(file) {
  return parseVtt(file).flatMap(({ from, to, text }) => {
    const [, name, ...region] = REGION.exec(text) ?? [];
    const [x, y, width, height] = region.map(Number);
    return name === undefined || name.includes('/') ? [] : [{ from, to, file: name, x, y, width, height }];
  });
}

/** The one that holds at a moment; between two the earlier one. @template {{ from: number }} T @param {readonly T[]} cues in order @param {number} at ms @returns {T | null} */
export function cueAt(cues, at) {
  let low = 0;
  let high = cues.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cues[middle].from <= at)
      low = middle + 1;
    else
      high = middle;
  }
  return cues[low - 1] ?? null;
}
