// link1.js and sealed.js: the honest run, each attack, each rule broken one at a time, and hostile bytes.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, lp, u32, utf8 } from '../../data/web/core/bytes.js';
import { deriveKeys } from '../../data/web/core/link.js';
import { Handshake, Kind, Sealed, commitment, composeMessage, composeReveal, parseMessage, parseReveal, sessionProof } from '../../data/web/core/link1.js';
import { signingKey } from '../../data/web/core/reload.js';
import { Opener, Sealer } from '../../data/web/core/sealed.js';

const ROOM = 'abcdefghijkm';
const SECRET = new Uint8Array(32).fill(9);
const JOHN = 'pjjjjjjjjjjjj';
const PAULA = 'ppppppppppppp';
const FP_AT = 1 + 2 + 13;
const PUB_AT = FP_AT + 32;
const SIGN_AT = PUB_AT + 65;

async function point(name) {
  const algorithm = { name, namedCurve: 'P-256' };
  const { publicKey } = await crypto.subtle.generateKey(algorithm, true, name === 'ECDH' ? ['deriveBits'] : ['sign', 'verify']);
  return new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
}

async function party(role, id, peer, { room = ROOM, secret = SECRET, fingerprint = new Uint8Array(32).fill(id.charCodeAt(1)), sign, key } = {}) {
  const { kAuth } = await deriveKeys({ room, secret, hostSecret: null });
  const session = await signingKey(null);
  const self = { id, fingerprint, sign: sign ?? session.raw, key: key ?? session.key };
  return new Handshake({ role, attempt: 1, room, secret, kAuth, self, peer });
}

const pair = async (ofJ, ofP) => ({ J: await party('J', JOHN, PAULA, ofJ), P: await party('P', PAULA, JOHN, ofP) });

const STEPS = [['P', Kind.COMMIT], ['J', Kind.REVEAL_P], ['P', Kind.REVEAL_J], ['J', Kind.MAC_P]];

/** Runs the handshake; `wire(kind, body)` may change what goes from one to the other. */
async function run({ J, P }, wire = (kind, body) => body) {
  let message = await J.start();
  for (const [to, kind] of STEPS) {
    const { kind: sent, body } = parseMessage(message);
    assert.equal(sent, kind);
    message = await (to === 'J' ? J : P).receive(kind, wire(kind, body));
  }
  assert.equal(message, null);
  return { J, P };
}

const fails = (promise, id) => assert.rejects(promise, error => error.id === id || assert.fail(`${error.id ?? error} instead of ${id}`));

function changed(bytes, at, patch = [bytes[at] ^ 1]) {
  const copy = Uint8Array.from(bytes);
  copy.set(patch, at);
  return copy;
}

/** @param {number} kind changes messages of this kind only */
const only = (kind, change) => (sent, body) => (sent === kind ? change(body) : body);

test('both ends of an honest run hold the same keys', async () => {
  const { J, P } = await run(await pair());
  assert.ok(J.established && P.established);
  const [ofJ, ofP] = await Promise.all([J.channelKeys(1), P.channelKeys(1)]);
  assert.deepEqual([ofJ.mine, ofJ.theirs, ofJ.th], [ofP.theirs, ofP.mine, ofP.th]);
  assert.notDeepEqual(ofJ.mine, ofJ.theirs);
  assert.deepEqual(J.transcript, P.transcript);
  assert.equal(J.peer.id, PAULA);
  assert.equal(P.peer.id, JOHN);
  await P.checkConfirmation(await J.confirmation());
  await J.checkConfirmation(await P.confirmation());
  const offer = parseMessage(await J.seal(Sealed.OFFER, utf8('sdp')));
  assert.deepEqual(await P.open(offer.body), { type: Sealed.OFFER, plaintext: utf8('sdp') });
  const answer = parseMessage(await P.seal(Sealed.ANSWER, utf8('pds')));
  assert.deepEqual(await J.open(answer.body), { type: Sealed.ANSWER, plaintext: utf8('pds') });
});

test('keys are fresh in every attempt', async () => {
  const self = { fingerprint: new Uint8Array(32).fill(1), sign: await point('ECDSA') };
  const first = await run(await pair(self));
  const second = await run(await pair(self));
  assert.notDeepEqual(first.J.transcript.th, second.J.transcript.th);
  assert.notDeepEqual(first.J.transcript.sas, second.J.transcript.sas);
});

test('wrong secret, other room', async () => {
  await fails(run(await pair({}, { secret: new Uint8Array(32).fill(8) })), 'link-mac');
  await fails(run(await pair({}, { room: 'npqrstuvwxyz' })), 'link-mac');
});

test('the server swaps a fingerprint, a key, a nonce', async () => {
  for (const at of [FP_AT, SIGN_AT - 65 + 1, SIGN_AT + 65]) {
    const RJ = only(Kind.REVEAL_J, body => changed(body, 2 + at));
    await fails(run(await pair(), RJ), 'link-commit');
  }
  await fails(run(await pair(), only(Kind.REVEAL_P, body => changed(body, FP_AT))), 'link-mac');
  await fails(run(await pair(), only(Kind.REVEAL_P, body => changed(body, SIGN_AT + 65))), 'link-mac');
});

test('the server swaps a reveal together with its commitment', async () => {
  const honest = await pair();
  const evil = parseMessage(await (await party('J', JOHN, PAULA, { secret: new Uint8Array(32) })).start());
  await fails(run(honest, only(Kind.COMMIT, () => evil.body)), 'link-commit');

  const { J, P } = await pair();
  const R = composeReveal({
    id: JOHN, fingerprint: new Uint8Array(32).fill(66), pub: await point('ECDH'), sign: await point('ECDSA'), nonce: new Uint8Array(32),
  });
  await J.start();
  await P.receive(Kind.COMMIT, await commitment(R));
  await fails(P.receive(Kind.REVEAL_J, concat(lp(R), new Uint8Array(32))), 'link-mac');
});

test('a MAC that was changed, cut or is the other one', async () => {
  await fails(run(await pair(), only(Kind.MAC_P, body => changed(body, 31))), 'link-mac');
  await fails(run(await pair(), only(Kind.REVEAL_J, body => changed(body, body.length - 1))), 'link-mac');
  let mJ;
  await fails(run(await pair(), (kind, body) => {
    if (kind === Kind.REVEAL_J)
      mJ = body.slice(-32);
    return kind === Kind.MAC_P ? mJ : body;
  }), 'link-mac');
});

test('reflection of the id, the fingerprint, the key or the signing key', async () => {
  const fingerprint = new Uint8Array(32).fill(5);
  const sign = await point('ECDSA');
  await fails(run(await pair({ fingerprint }, { fingerprint })), 'link-reflected');
  await fails(run(await pair({ sign }, { sign })), 'link-reflected');
  const { J } = await pair();
  const own = parseMessage(await J.start());
  assert.equal(own.body.length, 32);

  // J's own reveal, as far as the server can know it: with another's id it is still J's.
  for (const take of ['id', 'pub']) {
    const { J: john, P: paula } = await pair();
    const sent = [];
    await fails(run({ J: john, P: paula }, (kind, body) => {
      sent.push(body);
      if (kind !== Kind.REVEAL_J)
        return body;
      const RP = parseReveal(sent[1]);
      const RJ = parseReveal(body.slice(2, -32));
      const forged = composeReveal({ ...RJ, [take]: RP[take] });
      return concat(lp(forged), body.slice(-32));
    }), 'link-commit');
  }
});

test('reflection is found even where the commitment fits', async () => {
  for (const take of ['id', 'fingerprint', 'pub', 'sign']) {
    const { P } = await pair();
    // The forger needs P's reveal before it commits: it sees it in an attempt before, and P's key is the same here only by `fixed`.
    const keyPair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
    const self = { id: PAULA, fingerprint: new Uint8Array(32).fill(80), sign: await point('ECDSA') };
    const { kAuth } = await deriveKeys({ room: ROOM, secret: SECRET, hostSecret: null });
    const paula = new Handshake({
      role: 'P', attempt: 1, room: ROOM, secret: SECRET, kAuth, self, peer: JOHN, fixed: { keyPair, nonce: new Uint8Array(32) },
    });
    const pub = new Uint8Array(await crypto.subtle.exportKey('raw', keyPair.publicKey));
    const own = { ...self, pub };
    const other = { id: JOHN, fingerprint: new Uint8Array(32), pub: await point('ECDH'), sign: await point('ECDSA') };
    const R = composeReveal({ ...other, [take]: own[take], nonce: new Uint8Array(32) });
    await paula.receive(Kind.COMMIT, await commitment(R));
    await fails(paula.receive(Kind.REVEAL_J, concat(lp(R), new Uint8Array(32))), 'link-reflected');
    assert.ok(!P.established);
  }
});

test('keys of somebody else than the relay named', async () => {
  const J = await party('J', JOHN, 'pmmmmmmmmmmmm');
  await fails(run({ J, P: await party('P', PAULA, JOHN) }), 'link-identity');
  const P = await party('P', PAULA, 'pmmmmmmmmmmmm');
  await fails(run({ J: await party('J', JOHN, PAULA), P }), 'link-identity');
});

test('points that are not on the curve', async () => {
  await fails(run(await pair(), only(Kind.REVEAL_P, body => changed(body, PUB_AT, new Uint8Array(65).fill(4)))), 'link-malformed');
  await fails(run(await pair(), only(Kind.REVEAL_P, body => changed(body, SIGN_AT, new Uint8Array(65).fill(4)))), 'link-malformed');
});

test('messages out of order, doubled, or of the other role', async () => {
  const { J, P } = await pair();
  await fails(P.start(), 'link-order');
  await fails(J.receive(Kind.COMMIT, new Uint8Array(32)), 'link-order');
  for (const kind of [Kind.REVEAL_J, Kind.MAC_P, Kind.REVEAL_P, Kind.SEALED, 99])
    await fails((await party('P', PAULA, JOHN)).receive(kind, new Uint8Array(32)), 'link-order');

  const again = await pair();
  const commit = parseMessage(await again.J.start()).body;
  await again.P.receive(Kind.COMMIT, commit);
  await fails(again.P.receive(Kind.COMMIT, commit), 'link-order');
});

test('nothing is sealed, opened, told or confirmed before the MACs were checked', async () => {
  const attempts = [
    handshake => handshake.seal(Sealed.OFFER, utf8('x')),
    handshake => handshake.open(new Uint8Array(64)),
    handshake => handshake.confirmation(),
    handshake => handshake.checkConfirmation(new Uint8Array(32)),
    async handshake => handshake.peer,
    async handshake => handshake.transcript,
  ];
  for (const attempt of attempts) {
    const { J, P } = await pair();
    const revealP = parseMessage(await P.receive(Kind.COMMIT, parseMessage(await J.start()).body));
    await J.receive(Kind.REVEAL_P, revealP.body);
    await fails(attempt(J), 'link-order');
    await fails(attempt(P), 'link-order');
  }
});

test('a failure is final and keeps its reason', async () => {
  const { J, P } = await pair();
  await fails(run({ J, P }, only(Kind.REVEAL_J, body => changed(body, body.length - 1))), 'link-mac');
  await fails(P.receive(Kind.COMMIT, new Uint8Array(32)), 'link-mac');
  await fails(P.seal(Sealed.OFFER, utf8('x')), 'link-mac');
  assert.ok(!P.established);
});

test('confirmations: of the other side, of another transcript, cut', async () => {
  const one = await run(await pair());
  const two = await run(await pair());
  await fails(one.P.checkConfirmation(await two.J.confirmation()), 'link-confirm');
  await fails(two.P.checkConfirmation(await two.P.confirmation()), 'link-confirm');
  const three = await run(await pair());
  await fails(three.J.checkConfirmation((await three.P.confirmation()).slice(0, 31)), 'link-confirm');
  const four = await run(await pair());
  await fails(four.J.checkConfirmation(new Uint8Array(0)), 'link-confirm');
  const five = await run(await pair());
  await fails(five.J.checkConfirmation(concat(await five.P.confirmation(), 0)), 'link-confirm');
  for (const at of [0, 31, 32, 95]) {
    const changedOne = await run(await pair());
    await fails(changedOne.J.checkConfirmation(changed(await changedOne.P.confirmation(), at)), 'link-confirm');
  }
  const six = await run(await pair());
  await fails(six.J.checkConfirmation((await six.P.confirmation()).slice(0, 32)), 'link-confirm');
});

test('who shows the key of a session and does not hold it is not confirmed, in either role', async () => {
  const { raw: sign } = await signingKey(null);
  const [ofJ, ofP] = [await run(await pair({ sign })), await run(await pair({}, { sign }))];
  await fails(ofJ.P.checkConfirmation(await ofJ.J.confirmation()), 'link-confirm');
  await fails(ofP.J.checkConfirmation(await ofP.P.confirmation()), 'link-confirm');
});

test('the proof of a session is for this pair, and by who says it', async () => {
  const session = await signingKey(null);
  const mine = { sign: session.raw, key: session.key };
  const proofOf = async handshake => (await handshake.confirmation()).slice(32);
  for (const other of [await run(await pair(mine)), await run({ J: await party('J', PAULA, JOHN, mine), P: await party('P', JOHN, PAULA) })]) {
    const { J, P } = await run(await pair(mine));
    const mac = (await J.confirmation()).slice(0, 32);
    await fails(P.checkConfirmation(concat(mac, await proofOf(other.J))), 'link-confirm');
  }
  const { J, P } = await run(await pair(mine));
  const { th } = J.transcript;
  const signed = async (...parts) => new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, session.key, sessionProof(...parts)));
  const mac = (await J.confirmation()).slice(0, 32);
  for (const parts of [['npqrstuvwxyz', th, JOHN], [ROOM, new Uint8Array(32), JOHN], [ROOM, th, PAULA]]) {
    const again = await run(await pair(mine));
    assert.equal(again.P.established, true);
    const bad = concat((await again.J.confirmation()).slice(0, 32), await signed(...parts.map(part => (part === th ? again.J.transcript.th : part))));
    await fails(again.P.checkConfirmation(bad), 'link-confirm');
  }
  await P.checkConfirmation(concat(mac, await signed(ROOM, th, JOHN)));
});

test('unknown key share: a copied fingerprint does not pass the channel', async () => {
  // Mallory, who knows the link, announces Paula's fingerprint as her own; John's DTLS really ends at Paula.
  const paulasFingerprint = new Uint8Array(32).fill(80);
  const MALLORY = 'pmmmmmmmmmmmm';
  const withMallory = await run({ J: await party('J', JOHN, MALLORY), P: await party('P', MALLORY, JOHN, { fingerprint: paulasFingerprint }) });
  const withPaula = await run({ J: await party('J', JOHN, PAULA), P: await party('P', PAULA, JOHN, { fingerprint: paulasFingerprint }) });
  await fails(withMallory.J.checkConfirmation(await withPaula.P.confirmation()), 'link-confirm');
});

test('somebody with the link in the middle passes the MAC, but the codes differ', async () => {
  const john = await run({ J: await party('J', JOHN, PAULA), P: await party('P', PAULA, JOHN, { fingerprint: new Uint8Array(32).fill(66) }) });
  const paula = await run({ J: await party('J', JOHN, PAULA, { fingerprint: new Uint8Array(32).fill(66) }), P: await party('P', PAULA, JOHN) });
  assert.notDeepEqual(john.J.transcript.sas, paula.P.transcript.sas);
});

test('sealed records: only the next counter, only once, only their type, only their direction', async () => {
  const cases = {
    'counter n again': async (J, P) => {
      const record = parseMessage(await J.seal(Sealed.CANDIDATE, utf8('a'))).body;
      await P.open(record);
      return record;
    },
    'counter n + 2': async J => {
      await J.seal(Sealed.CANDIDATE, utf8('a'));
      return parseMessage(await J.seal(Sealed.CANDIDATE, utf8('b'))).body;
    },
    'counter 0': async J => changed(parseMessage(await J.seal(Sealed.CANDIDATE, utf8('a'))).body, 1, u32(0)),
    'counter renamed': async J => {
      await J.seal(Sealed.CANDIDATE, utf8('a'));
      return changed(parseMessage(await J.seal(Sealed.CANDIDATE, utf8('b'))).body, 1, u32(1));
    },
    'another type': async J => changed(parseMessage(await J.seal(Sealed.CANDIDATE, utf8('a'))).body, 0, [Sealed.OFFER]),
    'a changed bit': async J => changed(parseMessage(await J.seal(Sealed.CANDIDATE, utf8('a'))).body, 5),
    'sent back': async (J, P) => parseMessage(await P.seal(Sealed.CANDIDATE, utf8('a'))).body,
    'of another attempt': async () => parseMessage(await (await run(await pair())).J.seal(Sealed.CANDIDATE, utf8('a'))).body,
  };
  for (const [name, make] of Object.entries(cases)) {
    const { J, P } = await run(await pair());
    await assert.rejects(P.open(await make(J, P)), { id: 'link-sealed' }, name);
  }
  const { P } = await run(await pair());
  await fails(P.open(new Uint8Array(20)), 'link-malformed');
});

test('a thousand records in order', async () => {
  const key = new Uint8Array(32).fill(1);
  const th = new Uint8Array(32).fill(2);
  const sealer = new Sealer(key, th);
  const opener = new Opener(key, th);
  const records = await Promise.all(Array.from({ length: 1000 }, (_, i) => sealer.seal(4, u32(i))));
  assert.equal(new Set(records.map(record => Buffer.from(record).toString('hex'))).size, 1000);
  for (const [i, record] of records.entries())
    assert.deepEqual((await opener.open(record)).plaintext, u32(i));
});

test('lengths are exact', async () => {
  const lengths = { [Kind.COMMIT]: 32, [Kind.REVEAL_P]: 210, [Kind.REVEAL_J]: 244, [Kind.MAC_P]: 32 };
  for (const [kind, length] of Object.entries(lengths)) {
    for (const wrong of [0, 1, length - 1, length + 1, 4096])
      await fails(run(await pair(), only(Number(kind), () => new Uint8Array(wrong))), 'link-malformed');
  }
  await fails(run(await pair(), only(Kind.REVEAL_J, body => changed(body, 0, [1, 0]))), 'link-malformed');
});

test('parsers refuse hostile and random bytes, and nothing else happens', async () => {
  for (const bytes of [null, new Uint8Array(0), new Uint8Array(4), new Uint8Array(5), concat(8, u32(1)), composeMessage(Kind.COMMIT, 1, new Uint8Array(40_000))])
    assert.throws(() => parseMessage(bytes), { id: 'link-malformed' });
  assert.deepEqual(parseMessage(composeMessage(Kind.MAC_P, 0xffffffff, 7)), { kind: 4, attempt: 0xffffffff, body: Uint8Array.of(7) });

  const good = composeReveal({ id: JOHN, fingerprint: new Uint8Array(32), pub: new Uint8Array(65), sign: new Uint8Array(65), nonce: new Uint8Array(32) });
  assert.equal(parseReveal(good).id, JOHN);
  for (const at of [0, 1, 2])
    assert.throws(() => parseReveal(changed(good, at)), { id: 'link-malformed' });
  for (const letter of [0, 0x20, 0x6c, 0x6f, 0x7f, 0xff])
    assert.throws(() => parseReveal(changed(good, 5, [letter])), { id: 'link-malformed' });

  let seed = 1;
  const random = () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) >>> 8;
  for (let i = 0; i < 2000; i++) {
    const bytes = Uint8Array.from({ length: random() % 300 }, () => random() & 255);
    for (const parse of [parseMessage, parseReveal]) {
      try {
        parse(bytes);
      } catch (error) {
        assert.equal(error.id, 'link-malformed');
      }
    }
    const handshake = await party('P', PAULA, JOHN);
    await assert.rejects(handshake.receive(bytes[0] % 8, bytes), error => ['link-malformed', 'link-order'].includes(error.id))
      .catch(error => assert.ok(bytes.length === 32 && bytes[0] % 8 === 1, error));
  }
});

test('what a record is made of takes no memory any more', async () => {
  const { subtle } = crypto;
  const made = [];
  const { encrypt } = subtle;
  subtle.encrypt = async (...given) => {
    made.push(await encrypt.apply(subtle, given));
    return made.at(-1);
  };
  const record = await new Sealer(new Uint8Array(32), new Uint8Array(32)).seal(1, utf8('text')).finally(() => {
    delete subtle.encrypt;
  });
  assert.deepEqual([made[0].byteLength, record.length], [0, 5 + 4 + 16]);
});
