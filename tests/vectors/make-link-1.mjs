// Makes link-1.json, the test vectors of link-1: `node tests/vectors/make-link-1.mjs > tests/vectors/link-1.json`.
// It computes with node:crypto only and imports nothing of the client, so the two check each other. Everything that is
// random in life is derived from a label here, the private keys too.

import { createCipheriv, createECDH, createHash, createHmac, createPrivateKey, diffieHellman, createPublicKey, hkdfSync } from 'node:crypto';

const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const hmac = (key, ...parts) => createHmac('sha256', key).update(Buffer.concat(parts)).digest();
const lp = x => Buffer.concat([Buffer.from([x.length >> 8, x.length & 255]), x]);
const T = purpose => Buffer.from(`conclave-link-1 ${purpose}\0`);
const hkdf = (ikm, salt, purpose, length) => Buffer.from(hkdfSync('sha256', ikm, salt, T(purpose), length));
const byte = n => Buffer.from([n]);
const u32 = n => Buffer.from([n >>> 24, n >>> 16 & 255, n >>> 8 & 255, n & 255]);
const u64 = n => { const bytes = Buffer.alloc(8); bytes.writeBigUInt64BE(BigInt(n)); return bytes; };
const seed = label => sha256(Buffer.from(`conclave vector ${label}`));
const b64 = buffer => buffer.toString('base64url');

/** A P-256 key whose private scalar is the hash of a label. */
function key(label) {
  const d = seed(label);
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(d);
  const point = ecdh.getPublicKey();
  const jwk = { kty: 'EC', crv: 'P-256', x: b64(point.subarray(1, 33)), y: b64(point.subarray(33)), d: b64(d) };
  return { jwk, point };
}

function link(room, name) {
  const secret = seed(`${name} S`);
  const hostSecret = seed(`${name} H`);
  const salt = sha256(T('room'), lp(Buffer.from(room)));
  const kAuth = hkdf(secret, salt, 'auth', 32);
  const kJoin = hkdf(secret, salt, 'join', 32);
  const kHost = hkdf(hostSecret, salt, 'host', 32);
  const raw = { secret, host_secret: hostSecret, salt, kAuth, kJoin, kHost, join_verifier: sha256(kJoin), host_verifier: sha256(kHost) };
  return { room, ...Object.fromEntries(Object.entries(raw).map(([k, v]) => [k, b64(v)])) };
}

function party(name, id) {
  const ecdh = key(`${name} ecdh`);
  const sign = key(`${name} sign`);
  const fingerprint = seed(`${name} certificate`);
  const nonce = seed(`${name} nonce`);
  const R = Buffer.concat([byte(1), lp(Buffer.from(id)), fingerprint, ecdh.point, sign.point, nonce]);
  return { R, ecdh, sign, json: { id, fingerprint: b64(fingerprint), ecdh: ecdh.jwk, sign: sign.jwk, sign_public: b64(sign.point), nonce: b64(nonce) } };
}

function record(sealKey, th, type, counter, text) {
  const cipher = createCipheriv('aes-256-gcm', sealKey, Buffer.concat([Buffer.alloc(8), u32(counter)]));
  cipher.setAAD(Buffer.concat([th, byte(type)]));
  const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { type, counter, plaintext: text, record: b64(Buffer.concat([byte(type), u32(counter), ciphertext])) };
}

function handshake(room, name, ids) {
  const S = seed(`${name} S`);
  const kAuth = hkdf(S, sha256(T('room'), lp(Buffer.from(room))), 'auth', 32);
  const J = party(`${name} J`, ids[0]);
  const P = party(`${name} P`, ids[1]);
  const th = sha256(T('th'), lp(Buffer.from(room)), lp(J.R), lp(P.R));
  const Z = diffieHellman({
    privateKey: createPrivateKey({ key: J.ecdh.jwk, format: 'jwk' }),
    publicKey: createPublicKey({ key: P.ecdh.jwk, format: 'jwk' }),
  });
  const all = hkdf(Buffer.concat([Z, S]), th, 'pair', 160);
  const [cJ, cP, sJ, sP, sas] = [0, 1, 2, 3, 4].map(i => all.subarray(32 * i, 32 * (i + 1)));
  const proof = (pair, id) => sign(pair, Buffer.concat([T('session'), ...[Buffer.from(room), th, Buffer.from(id)].map(lp)]));
  const raw = {
    S, kAuth, R_J: J.R, R_P: P.R, commit: sha256(T('commit'), lp(J.R)), th, Z, cJ, cP, sJ, sP, sas,
    mJ: hmac(kAuth, byte(1), th), mP: hmac(kAuth, byte(2), th),
    confirm_J: Buffer.concat([hmac(cJ, byte(3), th), proof(J.sign, ids[0])]), confirm_P: Buffer.concat([hmac(cP, byte(4), th), proof(P.sign, ids[1])]),
  };
  return {
    room,
    J: J.json,
    P: P.json,
    ...Object.fromEntries(Object.entries(raw).map(([k, v]) => [k, b64(v)])),
    sealed_J: [record(sJ, th, 1, 1, 'v=0\r\n'), record(sJ, th, 4, 2, '{"candidate":"","sdpMid":"0"}')],
    sealed_P: [record(sP, th, 3, 1, 'v=0\r\n')],
  };
}

const ORDER_OF_P256 = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const number = buffer => BigInt(`0x${buffer.toString('hex')}`);

function power(base, exponent, modulus) {
  let result = 1n;
  for (; exponent > 0n; exponent >>= 1n, base = base * base % modulus)
    result = exponent & 1n ? result * base % modulus : result;
  return result;
}

/** ECDSA with SHA-256, r ‖ s, whose nonce is derived from the key and the text, so that it is the same each time. */
function sign({ jwk }, text) {
  const d = Buffer.from(jwk.d, 'base64url');
  const k = sha256(Buffer.from('conclave vector signature'), d, text);
  const point = createECDH('prime256v1');
  point.setPrivateKey(k);
  const r = number(point.getPublicKey().subarray(1, 33)) % ORDER_OF_P256;
  const s = power(number(k), ORDER_OF_P256 - 2n, ORDER_OF_P256) * (number(sha256(text)) + r * number(d)) % ORDER_OF_P256;
  return Buffer.from([r, s].map(n => n.toString(16).padStart(64, '0')).join(''), 'hex');
}

const RANKS = ['person', 'cohost', 'host'];

function grant(place, signer, rank, to, time) {
  const rest = [byte(RANKS.indexOf(rank)), to.point, u64(time)];
  const signature = sign(signer, Buffer.concat([T('grant'), ...place, byte(RANKS.indexOf(rank)), lp(to.point), u64(time)]));
  return { rank, key: b64(to.point), time, bytes: Buffer.concat([...rest, signature]) };
}

function order(place, mark, signer, chain, { by, action, target, time }) {
  const texts = [by, action, target].map(text => lp(Buffer.from(text)));
  const signature = sign(signer, Buffer.concat([T('order'), ...place, lp(mark), ...texts, u64(time)]));
  const bytes = Buffer.concat([byte(1), Buffer.from(by), u64(time), byte(chain.length), ...chain.map(grant => grant.bytes), signature]);
  return { by, action, target, time, grants: chain.length, order: b64(bytes) };
}

/** A room's orders: its key, sealed; who is appointed; what each of them orders. */
function orders(room, name, meeting) {
  const secret = seed(`${name} S`);
  const hostSecret = seed(`${name} H`);
  const salt = sha256(T('room'), lp(Buffer.from(room)));
  const kAuth = hkdf(secret, salt, 'auth', 32);
  const kOrders = hkdf(hostSecret, salt, 'orders', 32);
  const pair = key(`${name} orders`);
  const pkcs8 = createPrivateKey({ key: pair.jwk, format: 'jwk' }).export({ type: 'pkcs8', format: 'der' });
  const nonce = seed(`${name} orders nonce`).subarray(0, 12);
  const named = Buffer.concat([T('orders'), lp(Buffer.from(room)), lp(pair.point)]);
  const cipher = createCipheriv('aes-256-gcm', kOrders, nonce);
  cipher.setAAD(named);
  const sealed = Buffer.concat([nonce, cipher.update(pkcs8), cipher.final(), cipher.getAuthTag()]);
  const place = [lp(Buffer.from(room)), lp(Buffer.from(meeting))];
  const mark = hmac(kAuth, T('mark'), lp(Buffer.from(room)));
  const [cohost, host] = ['cohost', 'host'].map(who => key(`${name} ${who} session`));
  const time = 1_800_000_000_000;
  const appointed = grant(place, pair, 'cohost', cohost, time);
  const handed = grant(place, pair, 'host', host, time + 1);
  const dismissed = grant(place, host, 'person', cohost, time + 2);
  const statement = chain => b64(Buffer.concat([byte(2), byte(chain.length), ...chain.map(grant => grant.bytes)]));
  return {
    room,
    meeting,
    secret: b64(secret),
    host_secret: b64(hostSecret),
    kOrders: b64(kOrders),
    mark: b64(mark),
    private: pair.jwk,
    pkcs8: b64(pkcs8),
    nonce: b64(nonce),
    sealed: { key: b64(pair.point), mac: b64(hmac(kAuth, named)), sealed: b64(sealed) },
    sessions: { cohost: cohost.jwk, host: host.jwk },
    grants: [[appointed], [handed], [handed, dismissed]].map(chain => ({
      rank: chain.at(-1).rank, key: chain.at(-1).key, time: chain.at(-1).time, length: chain.length, grants: statement(chain),
    })),
    orders: [
      order(place, mark, pair, [], { by: 'paaaaaaaaaaaa', action: 'stop-microphone', target: 'pbbbbbbbbbbbb', time: time + 10 }),
      order(place, mark, cohost, [appointed], { by: 'pcccccccccccc', action: 'mute-all', target: '', time: time + 20 }),
      order(place, mark, host, [handed], { by: 'pdddddddddddd', action: 'spotlight', target: 'paaaaaaaaaaaa', time: time + 30 }),
    ],
  };
}

const CODE_BITS = 42n;

/** The code of a group: what each says, and what comes of it (LINK-1.md, section 6). */
function group(room, name, ids) {
  const people = ids.map((id, i) => ({ id, version: ids.length + i, nonce: seed(`${name} ${id} epoch nonce`) }));
  const pairs = ids.flatMap((a, i) => ids.slice(i + 1).map(b => ({ a, b, th: seed(`${name} ${a} ${b} th`) })));
  const byId = [...people].sort((a, b) => Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)));
  const row = ({ id, version }) => {
    const mine = byId.filter(other => other.id !== id).map(other => {
      const { th } = pairs.find(({ a, b }) => [a, b].includes(id) && [a, b].includes(other.id));
      return Buffer.concat([Buffer.from(other.id), th]);
    });
    return Buffer.concat([u32(version), byte(mine.length), ...mine]);
  };
  const transcripts = pairs.map(({ th }) => th).sort(Buffer.compare);
  const epoch = sha256(T('epoch'), lp(Buffer.from(room)), byte(people.length), ...byId.flatMap(({ id, version }) => [lp(Buffer.from(id)), u32(version)]), ...transcripts);
  const hash = sha256(T('code'), epoch, ...byId.map(({ nonce }) => nonce));
  const first = number(hash) >> 256n - CODE_BITS;
  return {
    room,
    people: people.map(person => ({
      id: person.id, version: person.version, nonce: b64(person.nonce), row: b64(row(person)), commit: b64(sha256(T('epoch commit'), epoch, lp(Buffer.from(person.id)), person.nonce)),
    })),
    epoch: b64(epoch),
    code: Array.from({ length: 7 }, (_, i) => Number(first >> BigInt(36 - 6 * i) & 63n)),
  };
}

/** A room's link gets another secret (LINK-1.md, section 13): the statement, its order, what shows that somebody has the secret. */
function rotation(room, name, meeting, generation, ids) {
  const salt = sha256(T('room'), lp(Buffer.from(room)));
  const [before, after] = [`${name} S`, `${name} S ${generation}`].map(label => {
    const secret = seed(label);
    return { secret, kAuth: hkdf(secret, salt, 'auth', 32), verifier: sha256(hkdf(secret, salt, 'join', 32)) };
  });
  const pair = key(`${name} orders`);
  const th = seed(`${name} rotation th`);
  const sessions = ids.map(id => key(`${name} ${id} session`));
  const members = sessions.map(({ point }) => sha256(T('member'), lp(Buffer.from(room)), lp(point)));
  const body = Buffer.concat([u32(generation), before.verifier, after.verifier, byte(members.length), ...members]);
  const by = order([lp(Buffer.from(room)), lp(Buffer.from(meeting))], Buffer.alloc(0), pair, [], { by: ids[0], action: 'rotate', target: b64(body), time: 1_800_000_000_000 });
  return {
    room,
    meeting,
    generation,
    before: b64(before.secret),
    secret: b64(after.secret),
    from: b64(before.verifier),
    to: b64(after.verifier),
    key: b64(pair.point),
    orders_mac: b64(hmac(after.kAuth, T('orders'), lp(Buffer.from(room)), lp(pair.point))),
    sessions: sessions.map(({ point }) => b64(point)),
    members: members.map(b64),
    body: b64(body),
    order: by.order,
    message: b64(Buffer.concat([after.secret, lp(body), Buffer.from(by.order)])),
    th: b64(th),
    shows: ids.map(id => ({ id, mac: b64(hmac(after.kAuth, T('generation'), th, u32(generation), lp(Buffer.from(id)))) })),
  };
}

const MIB = 1024 * 1024;

/** What stands for a file (LINK-1.md, section 12), whose byte i is 31 i + (i >> 10). */
function document(bytes) {
  const file = Buffer.from(Uint8Array.from({ length: bytes }, (_, i) => i * 31 + (i >> 10)));
  const sums = [];
  for (let at = 0; at < bytes; at += MIB)
    sums.push(sha256(file.subarray(at, at + MIB)));
  return { bytes, sums: sums.map(b64), root: sha256(T('document'), u64(bytes), ...sums).toString('hex') };
}

/** Who knocks seals their name for hosts (LINK-1.md, section 11). */
function knock(room, name, id, who) {
  const secret = seed(`${name} S`);
  const kName = hkdf(secret, sha256(T('room'), lp(Buffer.from(room))), 'name', 32);
  const nonce = seed(`${name} ${id} knock`).subarray(0, 12);
  const cipher = createCipheriv('aes-256-gcm', kName, nonce);
  cipher.setAAD(Buffer.concat([T('knock'), lp(Buffer.from(room)), lp(Buffer.from(id))]));
  const plain = Buffer.alloc(256);
  lp(Buffer.from(who)).copy(plain);
  const sealed = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return { room, secret: b64(secret), kName: b64(kName), knock: id, name: who, nonce: b64(nonce), sealed: b64(sealed) };
}

const vectors = {
  links: [link('abcdefghijkm', 'one'), link('npqrstuvwxyz', 'two'), link('222233334567', 'three')],
  handshakes: [
    handshake('abcdefghijkm', 'one', ['paaaaaaaaaaaa', 'pbbbbbbbbbbbb']),
    handshake('npqrstuvwxyz', 'two', ['pz9z9z9z9z9z9', 'p234567892345']),
  ],
  orders: [orders('abcdefghijkm', 'one', 'maaaaaaaaaaaa'), orders('npqrstuvwxyz', 'two', 'm234567892345')],
  groups: [
    group('abcdefghijkm', 'one', ['pbbbbbbbbbbbb', 'paaaaaaaaaaaa']),
    group('npqrstuvwxyz', 'two', ['pz9z9z9z9z9z9', 'p234567892345', 'pmmmmmmmmmmmm']),
    group('222233334567', 'three', [...'hgfedcba'].map(letter => `p${letter.repeat(12)}`)),
  ],
  rotations: [
    rotation('abcdefghijkm', 'one', 'maaaaaaaaaaaa', 1, ['paaaaaaaaaaaa', 'pbbbbbbbbbbbb']),
    rotation('npqrstuvwxyz', 'two', 'm234567892345', 258, ['pz9z9z9z9z9z9']),
  ],
  knocks: [knock('abcdefghijkm', 'one', 'qaaaaaaaaaaaa', 'Änne'), knock('npqrstuvwxyz', 'two', 'q234567892345', '🦔'.repeat(60))],
  documents: [0, 1, MIB, MIB + 1, 2 * MIB + 5].map(document),
};
process.stdout.write(`${JSON.stringify(vectors, null, 2)}\n`);
