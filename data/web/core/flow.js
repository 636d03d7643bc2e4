// Whether media still come in at all. A browser needs many seconds to find out that its network is another one; that nothing
// comes where something came all the time is seen after one. It may also mean that all are silent, so it is a reason to ask
// the server, not more. Pure: fed with counts at a steady pace.

const STEADY = 2;                // counts in a row that grew, before standing still means anything
const AGAIN = 5;                 // counts of standing still after which it is said (again) whatever was before

export class Flow {
  #bytes = Infinity;
  #grown = 0;
  #still = 0;

  /** @param {number} bytes received so far @returns {boolean} it stands still: at once where it had been steady, and now and then */
  count(bytes) {
    const grew = bytes > this.#bytes;
    this.#still = grew ? 0 : this.#still + 1;
    const stalled = !grew && (this.#grown >= STEADY || this.#still % AGAIN === 0);
    this.#bytes = bytes;
    this.#grown = grew ? this.#grown + 1 : 0;
    return stalled;
  }
}

/** @param {Iterable<any>} report the values of an RTCStatsReport @returns {number} what came over the way in use, whatever it was */
export function bytesReceived(report) {
  let sum = 0;
  for (const { type, nominated, bytesReceived: bytes = 0 } of report)
    sum += type === 'candidate-pair' && nominated ? bytes : 0;
  return sum;
}
