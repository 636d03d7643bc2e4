// Attacks on link-1 and on the code of a group, by somebody who has the room's link and carries the signalling. Each is stopped by one rule alone.
// `core` holds the modules of the victim; the attacker computes with the client's own modules as they are.

import * as bytes from '../../data/web/core/bytes.js';
import { deriveKeys } from '../../data/web/core/link.js';
import * as honest from '../../data/web/core/link1.js';
import { Sealer } from '../../data/web/core/sealed.js';
import { Talk, commitTo, composeRow } from '../../data/web/core/group-code.js';
import { signingKey } from '../../data/web/core/reload.js';
import { FakeNetwork } from './fake-rtc.mjs';

const ROOM = 'abcdefghijkm';
const secret = new Uint8Array(32).fill(3);
const { kAuth } = await deriveKeys({ room: ROOM, secret, hostSecret: null });
const ECDH = { name: 'ECDH', namedCurve: 'P-256' };
const [ANN, BEN] = ['paaaaaaaaaaaa', 'pbbbbbbbbbbbb'];
const { Kind, composeMessage, parseMessage } = honest;
const { concat, lp } = bytes;

const ecdhPoint = async () => new Uint8Array(await crypto.subtle.exportKey('raw', (await crypto.subtle.generateKey(ECDH, true, ['deriveBits'])).publicKey));
const random = () => crypto.getRandomValues(new Uint8Array(32));

const party = async id => {
  const { key, raw: sign } = await signingKey(null);
  return { id, fingerprint: random(), sign, key };
};

/** One side of a handshake. @param {any} Handshake @param {'J' | 'P'} role */
const side = (Handshake, role, self, peer, fixed) => new Handshake({ role, attempt: 1, room: ROOM, secret, kAuth, self, peer, fixed });

/** Runs both sides; what one of them throws is thrown. */
async function shake(J, P) {
  const body = message => parseMessage(message).body;
  const revealP = await P.receive(Kind.COMMIT, body(await J.start()));
  const revealJ = await J.receive(Kind.REVEAL_P, body(revealP));
  const mac = await P.receive(Kind.REVEAL_J, body(revealJ));
  await J.receive(Kind.MAC_P, body(mac));
}

/** A reveal that copies something of the victim's: does the victim take it? */
async function copied({ link1: { Handshake } }, copy, peer = BEN) {
  const self = await party(ANN);
  const keyPair = await crypto.subtle.generateKey(ECDH, true, ['deriveBits']);
  const victim = side(Handshake, 'J', self, peer, { keyPair, nonce: random() });
  await victim.start();
  const own = { ...self, pub: new Uint8Array(await crypto.subtle.exportKey('raw', keyPair.publicKey)) };
  const theirs = { ...await party(BEN), pub: await ecdhPoint(), nonce: random() };
  await victim.receive(Kind.REVEAL_P, honest.composeReveal({ ...theirs, [copy]: own[copy] }));
}

/** Two victims who each hold a pair with the attacker, and the attacker's ends of those pairs. */
async function between({ link1: { Handshake } }) {
  const [ann, ben] = [await party(ANN), await party(BEN)];
  const annsSide = side(Handshake, 'J', ann, BEN);
  const bensSide = side(Handshake, 'P', ben, ANN);
  const towardsAnn = side(honest.Handshake, 'P', { ...await party(BEN), fingerprint: ben.fingerprint }, ANN);
  const towardsBen = side(honest.Handshake, 'J', { ...await party(ANN), fingerprint: ann.fingerprint }, BEN);
  await shake(annsSide, towardsAnn);
  await shake(towardsBen, bensSide);
  return { annsSide, bensSide };
}

async function records(core, order) {
  const [key, th] = [random(), random()];
  const sealer = new Sealer(key, th);
  const sent = [await sealer.seal(1, bytes.utf8('one')), await sealer.seal(1, bytes.utf8('two')), await sealer.seal(1, bytes.utf8('three'))];
  const opener = new core.sealed.Opener(key, th);
  for (const i of order)
    await opener.open(sent[i]);
}

/** A pair over a network whose data channel loses what one side says of the transcript: is anything sent? */
async function withoutConfirmation(core) {
  const network = new FakeNetwork();
  network.onChannel = message => message.fill(0);
  const before = globalThis.RTCPeerConnection;
  globalThis.RTCPeerConnection = network.PeerConnection;
  const peers = {};
  try {
    for (const [role, id, other] of [['J', ANN, BEN], ['P', BEN, ANN]]) {
      const certificate = await globalThis.RTCPeerConnection.generateCertificate();
      const { key, raw: sign } = await signingKey(null);
      peers[role] = new core.peer.Peer({
        role, id: other, identity: { room: ROOM, secret, kAuth, id, certificate, fingerprint: certificate.fingerprint, sign, key },
        relay: data => (queueMicrotask(() => peers[role === 'J' ? 'P' : 'J'].receive(Uint8Array.from(data))), true), live: () => true,
        ice: () => ({ servers: [], relay_only: false, expires: 0 }), tracks: { microphone: { kind: 'audio', id: 'secret' }, camera: null, screen: null, screenAudio: null },
      });
    }
    peers.P.start();
    peers.J.start();
    for (let i = 0; i < 300 && !network.log.some(entry => entry.startsWith('attach')); i++)
      await new Promise(resolve => setTimeout(resolve, 1));
    if (!network.log.includes('remote answer'))
      throw new TypeError('the pair did not come as far as a connection');
    if (!network.log.some(entry => entry.startsWith('attach')))
      throw new Error('nothing was sent');
  } finally {
    Object.values(peers).forEach(peer => peer.close());
    globalThis.RTCPeerConnection = before;
  }
}

/** A victim in a group of two, and what it says. */
async function group({ group: { GroupCode } }) {
  const said = {};
  const victim = new GroupCode({ room: ROOM, self: ANN, send: (to, type, body) => { said[type] = body; } });
  const th = random();
  await victim.setPair(BEN, th);
  await victim.receive(BEN, Talk.ROW, composeRow({ version: 1, pairs: new Map([[ANN, th]]) }));
  return { victim, said, th, epoch: said[Talk.COMMIT].slice(0, 32) };
}

/** Somebody in the meeting shows the key of another one's session. */
async function withCopiedKey({ link1: { Handshake } }) {
  const [ann, ben, cleo] = [await party(ANN), await party(BEN), await party('pcccccccccccc')];
  const victim = side(Handshake, 'P', ann, BEN);
  const thief = side(honest.Handshake, 'J', { ...ben, sign: cleo.sign }, ANN);
  await shake(thief, victim);
  await victim.checkConfirmation(await thief.confirmation());
}

const sdp = (...fingerprints) => ['v=0', ...fingerprints.map(one => `a=fingerprint:sha-256 ${Array.from(one, byte => byte.toString(16).padStart(2, '0').toUpperCase()).join(':')}`),
  ...['audio', 'video', 'video', 'audio', 'application'].map(kind => `m=${kind} 9 x`), ''].join('\r\n');

/**
 * What is attempted, which rule alone is in its way, where that stands, and what the rule says. Without the rule the attack succeeds: `run` does not throw.
 * @type {{ attack: string, file: string, rule: string, without: string, says: string, run: (core: any) => Promise<void> }[]}
 */
export const ATTACKS = [
  { attack: 'my own id comes back', file: 'link1.js', rule: 'reveal.id === self.id || ', without: '', says: 'link-reflected', run: core => copied(core, 'id', ANN) },
  { attack: 'my own fingerprint comes back', file: 'link1.js', rule: 'equal(reveal.fingerprint, self.fingerprint) || ', without: '', says: 'link-reflected', run: core => copied(core, 'fingerprint') },
  { attack: 'my own key comes back', file: 'link1.js', rule: 'equal(reveal.pub, this.#pub) || ', without: '', says: 'link-reflected', run: core => copied(core, 'pub') },
  { attack: 'my own signing key comes back', file: 'link1.js', rule: ' || equal(reveal.sign, self.sign)', without: '', says: 'link-reflected', run: core => copied(core, 'sign') },
  { attack: 'somebody else answers', file: 'link1.js', rule: 'reveal.id !== peer', without: 'false', says: 'link-identity', run: core => copied(core, 'nothing', 'pcccccccccccc') },
  {
    attack: 'a key is chosen after the other was seen', file: 'link1.js', rule: '!equal(await commitment(RJ), this.#commit)', without: 'false', says: 'link-commit',
    run: async core => {
      const victim = side(core.link1.Handshake, 'P', await party(BEN), ANN);
      const self = await party(ANN);
      const committed = side(honest.Handshake, 'J', self, BEN);
      const chosen = side(honest.Handshake, 'J', self, BEN);
      const RP = parseMessage(await victim.receive(Kind.COMMIT, parseMessage(await committed.start()).body)).body;
      await chosen.start();
      await victim.receive(Kind.REVEAL_J, parseMessage(await chosen.receive(Kind.REVEAL_P, RP)).body);
    },
  },
  {
    attack: 'somebody without the link', file: 'link1.js', rule: 'await verifyHmac(known.kAuth, mJ, 1, keys.th)', without: 'true', says: 'link-mac',
    run: async core => {
      const victim = side(core.link1.Handshake, 'P', await party(BEN), ANN);
      const thief = new honest.Handshake({ role: 'J', attempt: 1, room: ROOM, secret: random(), kAuth: random(), self: await party(ANN), peer: BEN });
      const RP = parseMessage(await victim.receive(Kind.COMMIT, parseMessage(await thief.start()).body)).body;
      await victim.receive(Kind.REVEAL_J, parseMessage(await thief.receive(Kind.REVEAL_P, RP)).body);
    },
  },
  { attack: 'a record is repeated', file: 'sealed.js', rule: 'counter !== this.#counter + 1', without: 'false', says: 'link-sealed', run: core => records(core, [0, 0]) },
  { attack: 'a record is left out', file: 'sealed.js', rule: 'counter !== this.#counter + 1', without: 'false', says: 'link-sealed', run: core => records(core, [0, 2]) },
  { attack: 'records change places', file: 'sealed.js', rule: 'counter !== this.#counter + 1', without: 'false', says: 'link-sealed', run: core => records(core, [1, 0]) },
  {
    attack: 'a second fingerprint', file: 'sdp.js', rule: 'found.size !== 1 || ', without: '', says: 'link-fingerprint',
    run: async core => { const agreed = random(); core.sdp.checkDescription(sdp(agreed, random()), agreed); },
  },
  {
    attack: 'another fingerprint', file: 'sdp.js', rule: '!equal(fingerprintOf(sdp), fingerprint)', without: 'false', says: 'link-fingerprint',
    run: async core => core.sdp.checkDescription(sdp(random()), random()),
  },
  {
    attack: 'two victims on one connection that each believes to lead elsewhere', file: 'link1.js', rule: '!right || !proven', without: 'false', says: 'link-confirm',
    run: async core => {
      const { annsSide, bensSide } = await between(core);
      await bensSide.checkConfirmation(await annsSide.confirmation());
    },
  },
  {
    attack: 'no confirmation comes', file: 'peer.js', rule: '!this.#peerConfirmed || ', without: '', says: 'nothing was sent', run: withoutConfirmation,
  },
  {
    attack: 'a nonce is chosen after the others were seen', file: 'group-code.js', rule: '!equal(await commitTo(epoch, from, nonce), said.commit)', without: 'false', says: 'link-code',
    run: async core => {
      const { victim, epoch } = await group(core);
      await victim.receive(BEN, Talk.COMMIT, concat(epoch, await commitTo(epoch, BEN, random())));
      await victim.receive(BEN, Talk.REVEAL, concat(epoch, random()));
    },
  },
  {
    attack: 'a nonce is asked for without a commitment', file: 'group-code.js', rule: '!said.every(one => one && equal(one.epoch, epoch))', without: 'false', says: 'nothing was revealed',
    run: async core => {
      const { said } = await group(core);
      if (!said[Talk.REVEAL])
        throw new Error('nothing was revealed');
    },
  },
  {
    attack: 'another nonce is committed to once the others were seen', file: 'group-code.js', rule: 'this.#mine?.revealed && equal(this.#mine.epoch, epoch)', without: 'false', says: 'link-order',
    run: async core => {
      const { victim, said, epoch } = await group(core);
      await victim.receive(BEN, Talk.COMMIT, concat(epoch, await commitTo(epoch, BEN, random())));
      const chosen = await core.crypto.sha256(said[Talk.REVEAL]);
      await victim.receive(BEN, Talk.COMMIT, concat(random(), random())); // of an epoch that there is not
      await victim.receive(BEN, Talk.COMMIT, concat(epoch, await commitTo(epoch, BEN, chosen)));
      await victim.receive(BEN, Talk.REVEAL, concat(epoch, chosen));
      if (!victim.code)
        throw new TypeError('nothing came of it');
    },
  },
  {
    attack: "somebody else's session is shown by who does not hold its key", file: 'link1.js', rule: ' || !proven', without: '', says: 'link-confirm', run: withCopiedKey,
  },
  {
    attack: 'a row hides that the pair is another one', file: 'group-code.js', rule: '!own || !equal(own, /** @type {Bytes} */ (this.#pairs.get(from)))', without: 'false', says: 'link-code',
    run: async core => {
      const { victim } = await group(core);
      await victim.receive(BEN, Talk.ROW, composeRow({ version: 2, pairs: new Map([[ANN, random()]]) }));
    },
  },
];
