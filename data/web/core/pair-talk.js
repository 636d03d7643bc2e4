// What two people's browsers say to each other beside media, on data channel 0 after the confirmation: sealed records, each behind a byte that tells
// them from confirmations. It belongs to one connection, and its keys and transcript are those of the attempt that the connection was made in. It knows
// nothing of what is said.

import { concat } from './bytes.js';
import { Channel, SealedChannel } from './sealed-channel.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */

/** First byte of a sealed record on data channel 0. */
export const CHANNEL_SEALED = 2;

/** Events: `message` {detail: {type, bytes}}; `close` {detail: LinkError | null}. */
export class PairTalk extends EventTarget {
  #wire;
  #channel;
  /** Keys and transcript may be used from here on. */ confirm = () => {};

  /** @param {import('./transport.js').Transport} transport @param {import('./link1.js').Handshake} handshake */
  constructor(transport, handshake) {
    super();
    /** Of the attempt that the connection was made in; both ends have the same. */
    this.th = handshake.transcript.th;
    this.#wire = wireOf(transport);
    const confirmed = new Promise(resolve => {
      this.confirm = () => resolve(undefined);
    });
    this.#channel = new SealedChannel(this.#wire, confirmed.then(() => handshake.channelKeys(Channel.LINK)));
    for (const type of ['message', 'close'])
      this.#channel.addEventListener(type, event => this.dispatchEvent(new CustomEvent(type, { detail: /** @type {CustomEvent} */ (event).detail })));
  }

  /** @param {number} type @param {Bytes} bytes */
  send(type, bytes) {
    void this.#channel.send(type, bytes);
  }

  /** @param {Bytes} record what came behind the byte */
  receive(record) {
    this.#wire.onmessage?.({ data: record.buffer });
  }

  close() {
    this.#channel.close();
  }
}

/** Data channel 0 as far as it is for sealed records. @param {import('./transport.js').Transport} transport @returns {any} */
const wireOf = transport => ({
  bufferedAmount: 0,
  bufferedAmountLowThreshold: 0,
  onmessage: null,
  get readyState() {
    return transport.open ? 'open' : 'closed';
  },
  /** @param {Bytes} record */
  send: record => transport.send(concat(CHANNEL_SEALED, record)),
  close() {},
});
