// What the handshake of a pair costs, both its sides in this process: `node handshake.mjs N` prints ms of processor for each of N pairs, as a JSON array.
// From the first message to the keys of the data channels: commit, reveals, MACs, description and candidates both ways, confirmations. What is
// once for all pairs, certificate and session key, is made before.
import '../web/setup.mjs';

const { utf8 } = await import('../../data/web/core/bytes.js');
const { deriveKeys, makeId, makeSecret } = await import('../../data/web/core/link.js');
const { Handshake, Sealed, parseMessage } = await import('../../data/web/core/link1.js');
const { signingKey } = await import('../../data/web/core/reload.js');
const { Channel } = await import('../../data/web/core/sealed-channel.js');

const WARM = 50;
/** As browsers have it for five sections, and one of their candidates. */
const DESCRIPTION = utf8('a=rtpmap:96 VP8/90000\r\n'.repeat(300));
const CANDIDATE = utf8('candidate:1 1 udp 2122260223 192.0.2.17 54321 typ host generation 0 ufrag abcd network-id 1'.padEnd(160));
const CANDIDATES = 8;

async function makePerson () {
  const { key, raw: sign } = await signingKey(null);
  return { id: makeId('p'), fingerprint: makeSecret(), sign, key };
}

/** One says it, the other reads it. */
async function tell (one, other, type, text) {
  const { body } = parseMessage(await one.seal(type, text));
  await other.open(body);
}

async function pair (room, secret, kAuth, [j, p]) {
  const J = new Handshake({ role: 'J', attempt: 1, room, secret, kAuth, self: j, peer: p.id });
  const P = new Handshake({ role: 'P', attempt: 1, room, secret, kAuth, self: p, peer: j.id });
  let message = await J.start();
  for (let to = P; message; to = to === P ? J : P) {
    const { kind, body } = parseMessage(message);
    message = await to.receive(kind, body);
  }
  await tell(J, P, Sealed.OFFER, DESCRIPTION);
  await tell(P, J, Sealed.ANSWER, DESCRIPTION);
  for (let i = 0; i < CANDIDATES; i++)
    await Promise.all([tell(J, P, Sealed.CANDIDATE, CANDIDATE), tell(P, J, Sealed.CANDIDATE, CANDIDATE)]);
  await P.checkConfirmation(await J.confirmation());
  await J.checkConfirmation(await P.confirmation());
  await Promise.all([J, P].flatMap(side => Object.values(Channel).map(channel => side.channelKeys(channel))));
}

const room = makeId(), secret = makeSecret();
const { kAuth } = await deriveKeys({ room, secret, hostSecret: null });
const people = await Promise.all([makePerson(), makePerson()]);
const took = [];
for (let i = 0; i < WARM + Number(process.argv[2]); i++) {
  const before = process.cpuUsage();
  await pair(room, secret, kAuth, people);
  const { user, system } = process.cpuUsage(before); // of all threads
  if (i >= WARM)
    took.push((user + system) / 1000);
}
console.log(JSON.stringify(took));
