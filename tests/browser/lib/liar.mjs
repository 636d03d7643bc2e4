// A server that lies: in the page, between its WebSocket and the daemon's, so that whatever it says looks as if the daemon had said it,
// numbers and all. Runs before the page's own scripts; stands by itself, since only its text gets there.

/** Adds `liar.tell(message)` and `liar.heard`, what came of some types, to the page. */
export function lie () {
  const Native = WebSocket;
  const liar = {
    /** How many messages more the page has had than the daemon has numbered. */ told: 0,
    last: 0,
    /** @type {any[]} */ heard: [],
    /** @type {any} */ socket: null,
    /** What becomes of a message; null: it is kept back. @type {(message: any) => any} */ change: message => message,
    /** Says something numbered. @param {object} message */
    tell (message) {
      liar.told++;
      liar.say({ ...message, seq: liar.last + liar.told });
    },
    /** @param {object} message */
    say (message) {
      liar.socket.onmessage?.({ data: JSON.stringify(message) });
    },
  };
  Object.assign(globalThis, { liar });
  globalThis.WebSocket = /** @type {any} */ (class {
    onopen = null;
    /** @type {((event: { data: string }) => void) | null} */ onmessage = null;
    /** @type {((event: any) => void) | null} */ onclose = null;
    #real;

    /** @param {string} url @param {string} protocol */
    constructor (url, protocol) {
      const real = new Native(url, protocol);
      this.#real = real;
      liar.socket = this;
      real.onopen = () => /** @type {any} */ (this).onopen?.();
      real.onclose = event => this.onclose?.(event);
      real.onmessage = ({ data }) => {
        const message = JSON.parse(data);
        if (message.seq !== undefined)
          liar.last = message.seq;
        liar.heard.push(message);
        const changed = liar.change(message);
        this.onmessage?.({ data: JSON.stringify({ ...changed, ...(message.seq !== undefined && { seq: message.seq + liar.told }) }) });
      };
    }

    get readyState () { return this.#real.readyState; }

    /** @param {string} data */
    send (data) {
      const message = JSON.parse(data);
      this.#real.send(message.type === 'ack' ? JSON.stringify({ ...message, seq: Math.max(0, message.seq - liar.told) }) : data);
    }

    /** @param {number} [code] */
    close (code) { this.#real.close(code); }
  });
}
