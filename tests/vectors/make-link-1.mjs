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
  return { R, ecdh, json: { id, fingerprint: b64(fingerprint), ecdh: ecdh.jwk, sign: sign.jwk, sign_public: b64(sign.point), nonce: b64(nonce) } };
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
  const raw = {
    S, kAuth, R_J: J.R, R_P: P.R, commit: sha256(T('commit'), lp(J.R)), th, Z, cJ, cP, sJ, sP, sas,
    mJ: hmac(kAuth, byte(1), th), mP: hmac(kAuth, byte(2), th), confirm_J: hmac(cJ, byte(3), th), confirm_P: hmac(cP, byte(4), th),
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

const vectors = {
  links: [link('abcdefghijkm', 'one'), link('npqrstuvwxyz', 'two'), link('222233334567', 'three')],
  handshakes: [
    handshake('abcdefghijkm', 'one', ['paaaaaaaaaaaa', 'pbbbbbbbbbbbb']),
    handshake('npqrstuvwxyz', 'two', ['pz9z9z9z9z9z9', 'p234567892345']),
  ],
};
process.stdout.write(`${JSON.stringify(vectors, null, 2)}\n`);
