// Messages between two people over one data channel of their connection, sealed by the keys of their pair (LINK-1.md, section 10). A message is cut into
// records of at most 16 KiB, or 64 KiB where files go; a record that is not the next one, or not sealed by the other, ends the channel. What comes before the keys are known
// waits for them. It knows nothing of what the messages say, nor how the pair came by its keys.
//
//   record of type t: more follows of this message where t has the bit 80, else the message is complete

import { concat, release } from './bytes.js';
import { hkdf } from './crypto.js';
import { LinkError } from './link-error.js';
import { Opener, Sealer } from './sealed.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** What records of one channel are sealed and opened with. @typedef {{ mine: Bytes, theirs: Bytes, th: Bytes }} ChannelKeys */
/** As much of an RTCDataChannel as it takes. @typedef {Pick<RTCDataChannel, 'readyState' | 'bufferedAmount' | 'bufferedAmountLowThreshold' | 'send' | 'close'
 *  | 'onopen' | 'onmessage' | 'onclose' | 'onbufferedamountlow'>} Wire */

/** Channels of a connection by what they carry; LINK-1.md's channel 0 is there from the start. */
export const Channel = Object.freeze({ LINK: 0, MODEL: 1, FILES: 2 });

const MORE = 0x80;
/** Type, counter and tag. */
const AROUND = 1 + 4 + 16;
/** One record: others that the connection carries wait for no more than that. */
export const RECORD = 16 * 1024;
export const MAX_MESSAGE = 64 * 1024;
/** A message is one record: each costs a thread's turn on both sides. */
export const LONG_RECORD = MAX_MESSAGE + AROUND;
/** Who sends waits above the first until it is below the second. */
const HIGH = 1024 * 1024;
const LOW = 512 * 1024;
/** What waits to be opened. */
const MAX_WAITING = 1024;
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

/**
 * @param {'J' | 'P'} role own role in the pair @param {{ sJ: Bytes, sP: Bytes, th: Bytes }} keys of the pair @param {number} channel its id
 * @returns {Promise<ChannelKeys>} its own for each channel and direction
 */
export async function channelKeys(role, { sJ, sP, th }, channel) {
  const [J, P] = await Promise.all([sJ, sP].map(key => hkdf(key, th, `data ${channel}`, 32)));
  return role === 'J' ? { mine: J, theirs: P, th } : { mine: P, theirs: J, th };
}

/**
 * Events: `message` {detail: {type, bytes}}; `close` {detail: LinkError | null}, once: what was broken, or null where the channel just ended.
 */
export class SealedChannel extends EventTarget {
  #wire;
  #sealer;
  #opener;
  #record;
  #sending = Promise.resolve();
  #opening = Promise.resolve();
  #waiting = { records: 0, bytes: 0 };
  /** Of the message that comes. @type {Bytes[]} */ #parts = [];
  #bytes = 0;
  #closed = false;
  /** Who waits for room, or for the channel to open. @type {(() => void)[]} */ #wakes = [];

  /** @param {Wire} wire its messages are ArrayBuffers @param {Promise<ChannelKeys>} keys once the other was confirmed; nothing is opened or sent before @param {number} [record] bytes of one */
  constructor(wire, keys, record = RECORD) {
    super();
    this.#wire = wire;
    this.#record = record;
    this.#sealer = keys.then(({ mine, th }) => new Sealer(mine, th));
    this.#opener = keys.then(({ theirs, th }) => new Opener(theirs, th));
    this.#sealer.catch(() => this.close());
    this.#opener.catch(() => {});
    wire.bufferedAmountLowThreshold = LOW;
    wire.onopen = () => this.#wake();
    wire.onmessage = ({ data }) => this.#onMessage(data);
    wire.onclose = () => this.#end(null);
    wire.onbufferedamountlow = () => this.#wake();
  }

  get open() {
    return !this.#closed && this.#wire.readyState === 'open';
  }

  /**
   * Messages go in the order of the calls.
   * @param {number} type 1 to 127 @param {Bytes} bytes at most `MAX_MESSAGE`
   * @returns {Promise<boolean>} when there is room for the next one; false: the channel is closed, and it may not have gone
   */
  send(type, bytes) {
    if (bytes.length > MAX_MESSAGE)
      throw new RangeError('a message of more than 64 KiB');
    const records = this.#sealer.then(sealer => this.#seal(sealer, type, bytes));
    records.catch(() => {});
    const sent = this.#sending.then(() => this.#sendRecords(records)).catch(() => false);
    this.#sending = sent.then(() => {});
    return sent;
  }

  /** In the order of the calls. @param {Sealer} sealer @param {number} type @param {Bytes} bytes */
  #seal(sealer, type, bytes) {
    const room = this.#record - AROUND;
    const records = [];
    for (let at = 0; at === 0 || at < bytes.length; at += room)
      records.push(sealer.seal(at + room < bytes.length ? type | MORE : type, bytes.subarray(at, at + room)));
    return Promise.all(records);
  }

  /** Says nothing more, and hears nothing. */
  close() {
    this.#end(null);
  }

  /** @param {Promise<Bytes[]>} records */
  async #sendRecords(records) {
    for (const record of await records) {
      if (!this.#closed && this.#wire.readyState === 'connecting')
        await this.#news();
      if (!this.open)
        return false;
      this.#wire.send(record);
      release(record);
      if (this.#wire.bufferedAmount > HIGH)
        await this.#news();
    }
    return this.open;
  }

  /** Until something of the wire has changed. */
  #news() {
    return new Promise(resolve => this.#wakes.push(() => resolve(undefined)));
  }

  #wake() {
    const wakes = this.#wakes;
    this.#wakes = [];
    wakes.forEach(wake => wake());
  }

  /** One after the other: the counter tells what was left out. @param {unknown} data */
  #onMessage(data) {
    if (this.#closed)
      return;
    if (!(data instanceof ArrayBuffer) || data.byteLength > this.#record || !this.#waits(1, data.byteLength)) {
      this.#end(new LinkError('link-malformed'));
      return;
    }
    const opened = this.#opener.then(opener => opener.open(new Uint8Array(data)));
    opened.catch(() => {});
    this.#opening = this.#opening.then(() => this.#take(opened, new Uint8Array(data))).catch(error => {
      this.#end(error instanceof LinkError ? error : new LinkError('link-unsupported', error));
    });
  }

  /** @param {number} records @param {number} bytes @returns {boolean} whether there is room for them */
  #waits(records, bytes) {
    this.#waiting.records += records;
    this.#waiting.bytes += bytes;
    return this.#waiting.records <= MAX_WAITING && this.#waiting.bytes <= MAX_WAITING_BYTES;
  }

  /** @param {Promise<{ type: number, plaintext: Bytes }>} opened @param {Bytes} record */
  async #take(opened, record) {
    const { type, plaintext } = await opened;
    this.#waits(-1, -record.length);
    release(record);
    if (this.#closed)
      return;
    this.#bytes += plaintext.length;
    if (this.#bytes > MAX_MESSAGE || (type & MORE && plaintext.length === 0)) // else parts without a byte would go on for ever
      throw new LinkError('link-malformed');
    this.#parts.push(plaintext);
    if (type & MORE || this.#closed)
      return;
    const bytes = this.#parts.length === 1 ? this.#parts[0] : concat(...this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    this.dispatchEvent(new CustomEvent('message', { detail: { type, bytes } }));
  }

  /** @param {LinkError | null} error */
  #end(error) {
    if (this.#closed)
      return;
    this.#closed = true;
    this.#parts = [];
    Object.assign(this.#wire, { onopen: null, onmessage: null, onclose: null, onbufferedamountlow: null });
    this.#wake();
    if (error)
      this.#wire.close();
    this.dispatchEvent(new CustomEvent('close', { detail: error }));
  }
}
