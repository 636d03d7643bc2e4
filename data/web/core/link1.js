// link-1, steps 3 to 7, as a state machine for one attempt of one pair (LINK-1.md). It takes and gives bytes: no network,
// no RTCPeerConnection, no clock. J is the newcomer, P the one who was there. Nothing of the peer is used before its MAC was
// checked, and a failure is final: every later call fails with the same reason. Calls must not overlap; `peer.js` queues them.

import { T, concat, equal, fromUtf8, lp, u32 } from './bytes.js';
import { hkdf, hmac, sha256, signText, verifyHmac, verifyText } from './crypto.js';
import { LinkError } from './link-error.js';
import { channelKeys } from './sealed-channel.js';
import { Opener, Sealer } from './sealed.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {import('./link-error.js').LinkReason} LinkReason */
/** @typedef {'J' | 'P'} Role */

/** First byte of what travels in `relay.data`. */
export const Kind = Object.freeze({ COMMIT: 1, REVEAL_P: 2, REVEAL_J: 3, MAC_P: 4, SEALED: 5, RESTART: 6, FAILED: 7 });

/** Types of sealed records. */
export const Sealed = Object.freeze({ OFFER: 1, RESTART_OFFER: 2, ANSWER: 3, CANDIDATE: 4 });

const MAX_MESSAGE = 36 * 1024; // 48 KiB of base64url, the limit of relay.data
const HEADER = 5;
const MAC = 32;
const VERSION = 1;
const PARTICIPANT = /^p[abcdefghijkmnpqrstuvwxyz2-9]{12}$/;
const REVEAL = 1 + 2 + 13 + 32 + 65 + 65 + 32;

/**
 * What a party reveals: R = 01 ‖ lp(participantId) ‖ FP[32] ‖ pub[65] ‖ sign[65] ‖ nonce[32].
 * @typedef {object} Reveal
 * @property {string} id
 * @property {Bytes} fingerprint SHA-256 of the DTLS certificate
 * @property {Bytes} pub ECDH P-256, an uncompressed point
 * @property {Bytes} sign ECDSA P-256, an uncompressed point
 * @property {Bytes} nonce
 */

/** @param {Reveal} reveal @returns {Bytes} */
export const composeReveal = ({ id, fingerprint, pub, sign, nonce }) => concat(VERSION, lp(id), fingerprint, pub, sign, nonce);

/** @param {Bytes} R @returns {Reveal} throws `link-malformed` */
export function parseReveal(R) {
  if (R.length !== REVEAL || R[0] !== VERSION || R[1] !== 0 || R[2] !== 13)
    throw new LinkError('link-malformed');
  let at = 3;
  const take = (/** @type {number} */ n) => R.slice(at, at += n);
  const id = ascii(take(13));
  if (!PARTICIPANT.test(id))
    throw new LinkError('link-malformed');
  return { id, fingerprint: take(32), pub: take(65), sign: take(65), nonce: take(32) };
}

/** @param {number} kind @param {number} attempt @param {...(Uint8Array | number)} body @returns {Bytes} */
export const composeMessage = (kind, attempt, ...body) => concat(kind, u32(attempt), ...body);

/** @param {Bytes | null} bytes @returns {{ kind: number, attempt: number, body: Bytes }} throws `link-malformed` */
export function parseMessage(bytes) {
  if (!bytes || bytes.length < HEADER || bytes.length > MAX_MESSAGE || bytes[0] < Kind.COMMIT || bytes[0] > Kind.FAILED)
    throw new LinkError('link-malformed');
  const attempt = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
  return { kind: bytes[0], attempt, body: bytes.slice(HEADER) };
}

/** @param {Bytes} bytes @returns {string} '' where they are not ASCII letters, digits and the like */
function ascii(bytes) {
  return bytes.every(byte => byte > 0x20 && byte < 0x7f) ? fromUtf8(bytes) : '';
}

/** @param {string} room @param {Bytes} th @param {string} id whose session it is @returns {Bytes} what is signed with its key */
export const sessionProof = (room, th, id) => concat(T('session'), lp(room), lp(th), lp(id));

/** @param {Bytes} R @returns {Promise<Bytes>} */
export const commitment = R => sha256(T('commit'), lp(R));

/**
 * Step 4: all that both compute from the room, S and the two reveals.
 * @param {{ room: string, secret: Bytes, kAuth: Bytes, RJ: Bytes, RP: Bytes, Z: Bytes }} known Z: the ECDH result
 */
export async function pairKeys({ room, secret, kAuth, RJ, RP, Z }) {
  const th = await sha256(T('th'), lp(room), lp(RJ), lp(RP));
  const all = await hkdf(concat(Z, secret), th, 'pair', 160);
  const part = (/** @type {number} */ i) => all.slice(32 * i, 32 * (i + 1));
  return {
    th,
    cJ: part(0),
    cP: part(1),
    sJ: part(2),
    sP: part(3),
    sas: part(4),
    mJ: await hmac(kAuth, 1, th),
    mP: await hmac(kAuth, 2, th),
  };
}

const ECDH = { name: 'ECDH', namedCurve: 'P-256' };
const ECDSA = { name: 'ECDSA', namedCurve: 'P-256' };
const { subtle } = globalThis.crypto;

/**
 * @typedef {object} HandshakeOptions
 * @property {Role} role
 * @property {number} attempt
 * @property {string} room
 * @property {Bytes} secret S
 * @property {Bytes} kAuth
 * @property {{ secret: Bytes, kAuth: Bytes }[]} [others] that J may have as well, of generations before (section 13)
 * @property {{ id: string, fingerprint: Bytes, sign: Bytes, key: CryptoKey }} self key: the private one of `sign`
 * @property {string} peer id of the person that this pair is for
 * @property {{ keyPair: CryptoKeyPair, nonce: Bytes }} [fixed] for test vectors only
 */

export class Handshake {
  #options;
  /** @type {'new' | 'reveal-p' | 'reveal-j' | 'mac-p' | 'established' | 'failed'} */ #state = 'new';
  /** @type {CryptoKeyPair | null} */ #keyPair = null;
  /** @type {Bytes} */ #R = new Uint8Array(0);
  /** @type {Bytes} */ #pub = new Uint8Array(0);
  /** @type {Bytes} */ #commit = new Uint8Array(0);
  /** @type {Reveal | null} */ #peer = null;
  /** @type {Awaited<ReturnType<typeof pairKeys>> | null} */ #keys = null;
  /** @type {Sealer | null} */ #sealer = null;
  /** @type {Opener | null} */ #opener = null;
  /** @type {LinkError | null} */ #failure = null;

  /** @param {HandshakeOptions} options */
  constructor(options) {
    this.#options = options;
    this.attempt = options.attempt;
  }

  /** The MACs were checked: keys and the peer's reveal may be used. */
  get established() {
    return this.#state === 'established';
  }

  /** What the peer revealed, authenticated. @returns {Reveal} */
  get peer() {
    if (!this.established || !this.#peer)
      throw new LinkError('link-order');
    return this.#peer;
  }

  /** For the group code of step 8 and for tests. */
  get transcript() {
    if (!this.established || !this.#keys)
      throw new LinkError('link-order');
    return { th: this.#keys.th, sas: this.#keys.sas };
  }

  /** J begins: the commitment to its reveal. @returns {Promise<Bytes>} a message */
  start() {
    return this.#guard(async () => {
      this.#expect('J', 'new');
      await this.#makeReveal();
      this.#state = 'reveal-p';
      return this.#message(Kind.COMMIT, await commitment(this.#R));
    });
  }

  /**
   * A message of kind COMMIT, REVEAL_P, REVEAL_J or MAC_P of this attempt.
   * @param {number} kind @param {Bytes} body
   * @returns {Promise<Bytes | null>} the message to send back
   */
  receive(kind, body) {
    return this.#guard(() => {
      switch (kind) {
        case Kind.COMMIT: return this.#onCommit(body);
        case Kind.REVEAL_P: return this.#onRevealP(body);
        case Kind.REVEAL_J: return this.#onRevealJ(body);
        case Kind.MAC_P: return this.#onMacP(body);
        default: throw new LinkError('link-order');
      }
    });
  }

  /** @param {number} type one of `Sealed` @param {Bytes} plaintext @returns {Promise<Bytes>} a message */
  seal(type, plaintext) {
    return this.#guard(async () => {
      if (!this.#sealer)
        throw new LinkError('link-order');
      return this.#message(Kind.SEALED, await this.#sealer.seal(type, plaintext));
    });
  }

  /** @param {Bytes} body of a SEALED message @returns {Promise<{ type: number, plaintext: Bytes }>} */
  open(body) {
    return this.#guard(async () => {
      if (!this.#opener)
        throw new LinkError('link-order');
      return this.#opener.open(body);
    });
  }

  /** For what is said on a data channel once the peer was confirmed. @param {number} channel its id */
  channelKeys(channel) {
    return this.#guard(() => channelKeys(this.#options.role, this.#established(), channel));
  }

  /** Step 7: what this side says on data channel 0: that it has the keys of this attempt, and the one of its session. @returns {Promise<Bytes>} 96 bytes */
  confirmation() {
    return this.#guard(async () => {
      const { cJ, cP, th } = this.#established();
      const { role, room, self } = this.#options;
      const mac = await (role === 'J' ? hmac(cJ, 3, th) : hmac(cP, 4, th));
      return concat(mac, await signText(self.key, sessionProof(room, th, self.id)));
    });
  }

  /** Step 7: checks what the peer said there; rejects with `link-confirm`. @param {Bytes} said */
  checkConfirmation(said) {
    return this.#guard(async () => {
      const { cJ, cP, th } = this.#established();
      const { id, sign } = this.peer;
      const [mac, signature] = [said.slice(0, MAC), said.slice(MAC)];
      const right = this.#options.role === 'J' ? await verifyHmac(cP, mac, 4, th) : await verifyHmac(cJ, mac, 3, th);
      const proven = await verifyText(sign, signature, sessionProof(this.#options.room, th, id));
      if (!right || !proven)
        throw new LinkError('link-confirm');
    });
  }

  /** @param {Bytes} body */
  async #onCommit(body) {
    this.#expect('P', 'new');
    requireLength(body, 32);
    this.#commit = body;
    await this.#makeReveal();
    this.#state = 'reveal-j';
    return this.#message(Kind.REVEAL_P, this.#R);
  }

  /** @param {Bytes} RP */
  async #onRevealP(RP) {
    this.#expect('J', 'reveal-p');
    const peer = await this.#checkReveal(RP);
    const keys = await this.#deriveKeys(this.#options, peer, this.#R, RP);
    this.#peer = peer;
    this.#keys = keys;
    this.#state = 'mac-p';
    return this.#message(Kind.REVEAL_J, lp(this.#R), keys.mJ);
  }

  /** @param {Bytes} body lp(R_J) ‖ mJ */
  async #onRevealJ(body) {
    this.#expect('P', 'reveal-j');
    requireLength(body, 2 + REVEAL + MAC);
    if (body[0] << 8 !== (REVEAL & 0xff00) || body[1] !== (REVEAL & 0xff))
      throw new LinkError('link-malformed');
    const RJ = body.slice(2, 2 + REVEAL);
    if (!equal(await commitment(RJ), this.#commit))
      throw new LinkError('link-commit');
    const peer = await this.#checkReveal(RJ);
    const keys = await this.#keysOfMac(peer, RJ, body.slice(2 + REVEAL));
    this.#peer = peer;
    this.#keys = keys;
    this.#establish(keys.sP, keys.sJ, keys.th);
    return this.#message(Kind.MAC_P, keys.mP);
  }

  /** @param {Bytes} mP */
  async #onMacP(mP) {
    this.#expect('J', 'mac-p');
    requireLength(mP, MAC);
    const keys = this.#keys;
    if (!keys || !await verifyHmac(this.#options.kAuth, mP, 2, keys.th))
      throw new LinkError('link-mac');
    this.#establish(keys.sJ, keys.sP, keys.th);
    return null;
  }

  /** The keys of this side's records and of the peer's; from here on both may be used. @param {Bytes} mine @param {Bytes} theirs @param {Bytes} th */
  #establish(mine, theirs, th) {
    this.#sealer = new Sealer(mine, th);
    this.#opener = new Opener(theirs, th);
    this.#state = 'established';
  }

  /** Makes this attempt's ECDH key, nonce and reveal. */
  async #makeReveal() {
    const { self, fixed } = this.#options;
    this.#keyPair = fixed?.keyPair ?? await subtle.generateKey(ECDH, false, ['deriveBits']);
    this.#pub = new Uint8Array(await subtle.exportKey('raw', this.#keyPair.publicKey));
    const nonce = fixed?.nonce ?? crypto.getRandomValues(new Uint8Array(32));
    this.#R = composeReveal({ ...self, pub: this.#pub, nonce });
  }

  /** Who is it, and is it not me? @param {Bytes} R @returns {Promise<Reveal>} */
  async #checkReveal(R) {
    const { self, peer } = this.#options;
    const reveal = parseReveal(R);
    if (reveal.id === self.id || equal(reveal.fingerprint, self.fingerprint) || equal(reveal.pub, this.#pub) || equal(reveal.sign, self.sign))
      throw new LinkError('link-reflected');
    if (reveal.id !== peer)
      throw new LinkError('link-identity');
    try {
      await subtle.importKey('raw', reveal.sign, ECDSA, true, ['verify']);
    } catch (error) {
      throw new LinkError('link-malformed', error);
    }
    return reveal;
  }

  /** With the secret that J has. @param {Reveal} peer @param {Bytes} RJ @param {Bytes} mJ */
  async #keysOfMac(peer, RJ, mJ) {
    for (const known of [this.#options, ...this.#options.others ?? []]) {
      const keys = await this.#deriveKeys(known, peer, RJ, this.#R);
      if (await verifyHmac(known.kAuth, mJ, 1, keys.th))
        return keys;
    }
    throw new LinkError('link-mac');
  }

  /** @param {{ secret: Bytes, kAuth: Bytes }} known @param {Reveal} peer @param {Bytes} RJ @param {Bytes} RP */
  async #deriveKeys({ secret, kAuth }, peer, RJ, RP) {
    const { room } = this.#options;
    if (!this.#keyPair)
      throw new LinkError('link-order');
    let Z;
    try {
      const pub = await subtle.importKey('raw', peer.pub, ECDH, false, []);
      Z = new Uint8Array(await subtle.deriveBits({ name: 'ECDH', public: pub }, this.#keyPair.privateKey, 256));
    } catch (error) {
      throw new LinkError('link-malformed', error);
    }
    return pairKeys({ room, secret, kAuth, RJ, RP, Z });
  }

  #established() {
    if (!this.established || !this.#keys)
      throw new LinkError('link-order');
    return this.#keys;
  }

  /** @param {Role} role @param {string} state */
  #expect(role, state) {
    if (this.#options.role !== role || this.#state !== state)
      throw new LinkError('link-order');
  }

  /** @param {number} kind @param {...(Uint8Array | number)} body */
  #message(kind, ...body) {
    return composeMessage(kind, this.attempt, ...body);
  }

  /** Runs a step; a failure is kept and is the answer to everything after it. @template V @param {() => Promise<V>} step @returns {Promise<V>} */
  async #guard(step) {
    if (this.#failure)
      throw this.#failure;
    try {
      return await step();
    } catch (error) {
      this.#failure = error instanceof LinkError ? error : new LinkError('link-unsupported', error);
      this.#state = 'failed';
      throw this.#failure;
    }
  }
}

/** @param {Bytes} bytes @param {number} length */
function requireLength(bytes, length) {
  if (bytes.length !== length)
    throw new LinkError('link-malformed');
}
