// The link in a calendar's file (RFC 5545) of a room whose link the server does not know: the file comes from the server without it, and
// is completed here, in the browser. Only adds lines; everything else of the file stays byte for byte.

import { utf8 } from './bytes.js';

const LINE_BYTES = 75;

/** Long lines go on after a break and a space; never within a character. @param {string} line @returns {string} */
function fold(line) {
  const folded = [];
  let part = '';
  let bytes = 0;
  for (const character of line) {
    const size = utf8(character).length;
    if (bytes + size > LINE_BYTES) {
      folded.push(part);
      part = '';
      bytes = 1; // the space
    }
    part += character;
    bytes += size;
  }
  return [...folded, part].join('\r\n ');
}

/** @param {string} text @returns {string} as the value of a text property */
const escape = text => text.replace(/[\\;,]/g, '\\$&').replace(/\r\n?|\n/g, '\\n');

/**
 * @param {string} ics as the server made it @param {string} url of the room, which is put into each of its events
 * @param {string} words for people, where there is no description yet; may have lines
 * @returns {string}
 */
export function withLink(ics, url, words) {
  const lines = ics.split(/\r?\n/);
  const has = new Set(lines.map(line => /^([A-Z-]+)[;:]/.exec(line)?.[1]));
  const more = [
    ...(has.has('URL') ? [] : [`URL:${url}`]), // a URI's value is not escaped
    ...(has.has('LOCATION') ? [] : [`LOCATION:${escape(url)}`]),
    ...(has.has('DESCRIPTION') ? [] : [`DESCRIPTION:${escape(words)}`]),
  ].map(fold);
  return lines.flatMap(line => (line === 'BEGIN:VEVENT' ? [line, ...more] : [line])).join('\r\n');
}

/** @param {number} at ms since 1970 */
const stamp = at => new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');

/**
 * A whole file, of what the server does not know. Each time stands in it by itself, in UTC, so that no zone's rules have to be.
 * @param {string} title @param {{ start: number, end: number }[]} times ms since 1970 @param {string} url @param {string} words @param {number} now
 * @returns {string}
 */
export function calendarOf(title, times, url, words, now) {
  const event = (/** @type {{ start: number, end: number }} */ { start, end }) => [
    'BEGIN:VEVENT', `UID:${crypto.randomUUID()}`, `DTSTAMP:${stamp(now)}`, `DTSTART:${stamp(start)}`, `DTEND:${stamp(end)}`, fold(`SUMMARY:${escape(title)}`), 'END:VEVENT',
  ];
  return withLink(['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Conclave//EN', ...times.flatMap(event), 'END:VCALENDAR', ''].join('\r\n'), url, words);
}

/** @param {string} title @returns {string} of a file: letters and numbers of any script */
export function fileName(title) {
  const name = title.normalize('NFC').replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '');
  return `${[...name].slice(0, 60).join('') || 'conclave'}.ics`;
}
