// What is said on channel `files` about documents (LINK-1.md, section 12), as bytes: composed here, and taken apart with everything checked that can be
// checked without knowing what was asked.
//
//   1 have  JSON {documents: ids}         2 open  transfer[4] ‖ lp(id)        3 sums  transfer[4] ‖ n × 32
//   4 want  transfer[4] ‖ piece[4]        5 part  transfer[4] ‖ offset[8] ‖ bytes        6 stop  transfer[4]

import { concat, fromUtf8, lp, parseObject, u32, u64, utf8 } from './bytes.js';
import { ID } from './model-object.js';
import { MAX_MESSAGE } from './sealed-channel.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/**
 * @typedef {{ type: 1, documents: string[] } | { type: 2, transfer: number, document: string } | { type: 3, transfer: number, sums: Bytes }
 *  | { type: 4, transfer: number, piece: number } | { type: 5, transfer: number, offset: number, bytes: Bytes } | { type: 6, transfer: number }} FileMessage
 */

export const Files = Object.freeze({ HAVE: 1, OPEN: 2, SUMS: 3, WANT: 4, PART: 5, STOP: 6 });
/** Documents that one has, at most. */
export const MAX_DOCUMENTS = 500;
/** Bytes of a file in one message, at most. */
export const MAX_PART = MAX_MESSAGE - 12;
const SUM = 32;

/** @param {FileMessage} message @returns {[number, Bytes]} type and bytes, for a sealed channel */
export function composeFile(message) {
  const { type } = message;
  switch (type) {
    case Files.HAVE: return [type, utf8(JSON.stringify({ documents: message.documents.slice(0, MAX_DOCUMENTS) }))];
    case Files.OPEN: return [type, concat(u32(message.transfer), lp(message.document))];
    case Files.SUMS: return [type, concat(u32(message.transfer), message.sums)];
    case Files.WANT: return [type, concat(u32(message.transfer), u32(message.piece))];
    case Files.PART: return [type, concat(u32(message.transfer), u64(message.offset), message.bytes)];
    default: return [type, u32(message.transfer)];
  }
}

/** @param {number} type @param {Bytes} bytes @returns {FileMessage | null} null: it is none */
export function parseFile(type, bytes) {
  if (type === Files.HAVE)
    return parseHave(bytes);
  if (bytes.length < 4)
    return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const transfer = view.getUint32(0);
  const rest = bytes.subarray(4);
  switch (type) {
    case Files.OPEN: return parseOpen(transfer, rest);
    case Files.SUMS: return rest.length % SUM === 0 ? { type, transfer, sums: rest } : null;
    case Files.WANT: return rest.length === 4 ? { type, transfer, piece: view.getUint32(4) } : null;
    case Files.PART: return parsePart(transfer, rest);
    case Files.STOP: return rest.length === 0 ? { type, transfer } : null;
    default: return null;
  }
}

/** @param {Bytes} bytes @returns {FileMessage | null} */
function parseHave(bytes) {
  const documents = parseObject(bytes)?.documents;
  const sound = Array.isArray(documents) && documents.length <= MAX_DOCUMENTS && documents.every(id => typeof id === 'string' && ID.test(id));
  return sound ? { type: Files.HAVE, documents } : null;
}

/** @param {number} transfer @param {Bytes} rest @returns {FileMessage | null} */
function parseOpen(transfer, rest) {
  if (rest.length < 2 || rest.length !== 2 + ((rest[0] << 8) | rest[1]) || rest.some((byte, i) => i >= 2 && byte > 0x7f))
    return null;
  const id = fromUtf8(rest.subarray(2));
  return ID.test(id) ? { type: Files.OPEN, transfer, document: id } : null;
}

/** @param {number} transfer @param {Bytes} rest @returns {FileMessage | null} */
function parsePart(transfer, rest) {
  if (rest.length <= 8)
    return null;
  const offset = Number(new DataView(rest.buffer, rest.byteOffset).getBigUint64(0));
  return Number.isSafeInteger(offset) ? { type: Files.PART, transfer, offset, bytes: rest.subarray(8) } : null;
}
