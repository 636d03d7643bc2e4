// As much of TURN (RFC 8656) as it takes to ask a relay for an address and for permissions. Knows no test.
import { createHash, createHmac, randomBytes } from 'node:crypto';
import dgram from 'node:dgram';

const COOKIE = 0x2112a442;
const ALLOCATE = 0x003, CREATE_PERMISSION = 0x008;
const USERNAME = 0x0006, INTEGRITY = 0x0008, ERROR = 0x0009, PEER = 0x0012, REALM = 0x0014, NONCE = 0x0015, FAMILY = 0x0017,
  TRANSPORT = 0x0019;

/** @param {number} type @param {Buffer} value */
function attribute (type, value) {
  const padded = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  padded.writeUInt16BE(type, 0);
  padded.writeUInt16BE(value.length, 2);
  value.copy(padded, 4);
  return padded;
}

/** The 4 or 16 bytes of an address. @param {string} address */
function bytesOf (address) {
  if (!address.includes(':'))
    return Buffer.from(address.split('.').map(Number));
  const groups = (/** @type {string} */ part) => part ? part.split(':').map(group => parseInt(group, 16)) : [];
  const [head, tail] = address.split('::').map(groups);
  const all = tail ? [...head, ...Array(8 - head.length - tail.length).fill(0), ...tail] : head;
  return Buffer.from(all.flatMap(group => [group >> 8, group & 255]));
}

export class TurnClient {
  #socket;
  #server;
  #user;
  #password;
  #realm = '';
  #nonce = Buffer.alloc(0);

  /**
   * @param {{ address: string, port: number }} server
   * @param {string} secret shared with it
   * @param {number} [expires] when the credential ends, in s since 1970
   */
  constructor (server, secret, expires = Math.floor(Date.now() / 1000) + 600) {
    this.#socket = dgram.createSocket(server.address.includes(':') ? 'udp6' : 'udp4');
    this.#server = server;
    this.#user = `${expires}:ptest`;
    this.#password = createHmac('sha1', secret).update(this.#user).digest('base64');
  }

  /**
   * @param {number} method @param {Buffer[]} attributes @param {Buffer} [transaction]
   * @returns {Promise<number>} 0, or the error's code
   */
  async #ask (method, attributes, transaction = randomBytes(12)) {
    const signed = this.#realm ? [
      attribute(USERNAME, Buffer.from(this.#user)), attribute(REALM, Buffer.from(this.#realm)), attribute(NONCE, this.#nonce),
    ] : [];
    const body = Buffer.concat([...attributes, ...signed]);
    const header = Buffer.alloc(8);
    header.writeUInt16BE(method, 0);
    header.writeUInt16BE(body.length + (this.#realm ? 24 : 0), 2);
    header.writeUInt32BE(COOKIE, 4);
    let message = Buffer.concat([header, transaction, body]);
    if (this.#realm) {
      const key = createHash('md5').update(`${this.#user}:${this.#realm}:${this.#password}`).digest();
      message = Buffer.concat([message, attribute(INTEGRITY, createHmac('sha1', key).update(message).digest())]);
    }
    return this.#read(await this.#exchange(message, transaction));
  }

  /**
   * Sent again until it is answered (RFC 8489, 6.2.1): a relay that takes connections already may not read datagrams yet.
   * @param {Buffer} message @param {Buffer} transaction @returns {Promise<Buffer>}
   */
  #exchange (message, transaction) {
    const send = () => this.#socket.send(message, this.#server.port, this.#server.address);
    return new Promise((resolve, reject) => {
      const again = setInterval(send, 500);
      const timer = setTimeout(() => done(() => reject(new Error('the relay does not answer'))), 20_000);
      const onMessage = (/** @type {Buffer} */ answer) => {
        if (answer.subarray(8, 20).equals(transaction))
          done(() => resolve(answer));
      };
      const done = (/** @type {() => void} */ then) => {
        clearTimeout(timer);
        clearInterval(again);
        this.#socket.off('message', onMessage);
        then();
      };
      this.#socket.on('message', onMessage);
      send();
    });
  }

  /** @param {Buffer} answer */
  #read (answer) {
    let code = 0;
    for (let at = 20; at + 4 <= answer.length;) {
      const type = answer.readUInt16BE(at), length = answer.readUInt16BE(at + 2);
      const value = answer.subarray(at + 4, at + 4 + length);
      if (type === ERROR)
        code = value[2] * 100 + value[3];
      else if (type === REALM)
        this.#realm = value.toString();
      else if (type === NONCE)
        this.#nonce = Buffer.from(value);
      at += 4 + Math.ceil(length / 4) * 4;
    }
    return code;
  }

  /** Asks for a relayed address, of the server's own family. */
  async allocate () {
    const wanted = [attribute(TRANSPORT, Buffer.from([17, 0, 0, 0]))];
    if (this.#server.address.includes(':'))
      wanted.push(attribute(FAMILY, Buffer.from([2, 0, 0, 0])));
    const first = await this.#ask(ALLOCATE, wanted);
    return first === 401 && this.#realm ? this.#ask(ALLOCATE, wanted) : first;
  }

  /** Asks whether the relay may send to that address. @param {string} address */
  permit (address) {
    const transaction = randomBytes(12);
    const mask = Buffer.alloc(4);
    mask.writeUInt32BE(COOKIE);
    const key = Buffer.concat([mask, transaction]);
    const hidden = bytesOf(address).map((byte, i) => byte ^ key[i]);
    const value = Buffer.concat([Buffer.from([0, address.includes(':') ? 2 : 1, 0x12 ^ key[0], 0x34 ^ key[1]]), hidden]);
    return this.#ask(CREATE_PERMISSION, [attribute(PEER, value)], transaction);
  }

  close () {
    this.#socket.close();
  }
}
