// peer.js and transport.js over a fake network: who sends what when, what is lost, what is forged, and when it is enough.

import './setup.mjs';
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { concat, fromUtf8, toBase64url, u32, utf8 } from '../../data/web/core/bytes.js';
import { deriveKeys } from '../../data/web/core/link.js';
import { Handshake, Sealed, parseMessage } from '../../data/web/core/link1.js';
import { Peer } from '../../data/web/core/peer.js';
import { signingKey } from '../../data/web/core/reload.js';
import { memberOf } from '../../data/web/core/rotation.js';
import { FakeClock, settle } from './clock.mjs';
import { FakeNetwork } from './fake-rtc.mjs';

const ROOM = 'abcdefghijkm';
const IDS = { J: 'pjjjjjjjjjjjj', P: 'ppppppppppppp' };
const ICE = { servers: [], relay_only: false, expires: 0 };
const NO_TRACKS = { microphone: null, camera: null, screen: null, screenAudio: null };
const real = { setTimeout, clearTimeout, performance };

const setPerformance = value => Object.defineProperty(globalThis, 'performance', { value, configurable: true, writable: true });

let clock;
let network;
let open;

beforeEach(() => {
  clock = new FakeClock();
  network = new FakeNetwork();
  open = [];
  globalThis.RTCPeerConnection = network.PeerConnection;
  globalThis.setTimeout = clock.setTimeout;
  globalThis.clearTimeout = clock.clearTimeout;
  setPerformance({ now: () => clock.now });
});

afterEach(() => {
  open.forEach(peer => peer.close());
  Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout });
  setPerformance(real.performance);
});

/** Calls of WebCrypto under way: it works in threads, so a test has to wait for it. */
let working = 0;
for (const name of ['digest', 'sign', 'verify', 'encrypt', 'decrypt', 'importKey', 'exportKey', 'generateKey', 'deriveBits']) {
  const original = crypto.subtle[name];
  Object.getPrototypeOf(crypto.subtle)[name] = function (...options) {
    working++;
    return original.apply(this, options).finally(() => working--);
  };
}

/** Until nothing is under way any more. */
async function rest() {
  for (let quiet = 0; quiet < 12; quiet = working === 0 ? quiet + 1 : 0)
    await settle();
}

async function advance(ms) {
  for (let left = ms; left > 0; left -= 1_000) {
    await clock.advance(Math.min(left, 1_000));
    await rest();
  }
}

async function identity(role, secret = new Uint8Array(32).fill(3)) {
  const certificate = await RTCPeerConnection.generateCertificate();
  const { kAuth } = await deriveKeys({ room: ROOM, secret, hostSecret: null });
  const { key, raw: sign } = await signingKey(null);
  return { room: ROOM, secret, kAuth, id: IDS[role], certificate, fingerprint: certificate.fingerprint, sign, key };
}

/** Two peers and the relay between them; `wire(from, data)` may change what is passed on, null loses it. */
async function couple({ wire = (from, data) => data, secrets = {}, identities = {}, own = {} } = {}) {
  const pair = { sent: [], live: { J: true, P: true } };
  for (const role of ['J', 'P']) {
    const peer = new Peer({
      role,
      id: IDS[role === 'J' ? 'P' : 'J'],
      identity: own[role] ?? { ...await identity(role, secrets[role]), ...identities[role] },
      relay: data => {
        if (!pair.live[role])
          return false;
        pair.sent.push(`${role}${data[0]}`);
        const passed = wire(role, data, pair);
        if (passed && pair.live[role === 'J' ? 'P' : 'J'])
          queueMicrotask(() => pair[role === 'J' ? 'P' : 'J'].receive(Uint8Array.from(passed)));
        return true;
      },
      live: () => pair.live[role],
      ice: () => ICE,
      tracks: { ...NO_TRACKS, microphone: { kind: 'audio', id: `mic of ${role}` } },
    });
    peer.states = [];
    peer.addEventListener('state', () => peer.states.push(peer.reason ?? peer.state));
    pair[role] = peer;
    open.push(peer);
  }
  pair.P.start();
  pair.J.start();
  await rest();
  return pair;
}

const both = ({ J, P }) => [J.state, P.state];
const attached = () => network.log.filter(entry => entry.startsWith('attach')).sort();
const remotes = () => network.log.filter(entry => entry.startsWith('remote'));

test('an honest pair: nothing is attached before it is confirmed', async () => {
  const pair = await couple();
  assert.deepEqual(both(pair), ['verified', 'verified']);
  assert.deepEqual(pair.sent.slice(0, 6), ['J1', 'P2', 'J3', 'P4', 'J5', 'J5']);
  assert.deepEqual(network.log.slice(0, 2), ['remote offer', 'remote answer']);
  assert.deepEqual(attached(), ['attach mic of J', 'attach mic of P']);
  assert.equal(pair.J.transport.received.microphone.kind, 'audio');
});

test('the signing keys of both sessions are known once they are confirmed', async () => {
  const own = { J: await identity('J'), P: await identity('P') };
  const pair = await couple({ own });
  assert.deepEqual([pair.J.sign, pair.P.sign], [own.P.sign, own.J.sign]);
});

test('channels carry what is said once both are confirmed, through restarts of their ice', async () => {
  const pair = await couple({ identities: { J: { data: true }, P: { data: true } } });
  const heard = [];
  pair.P.channels.model.addEventListener('message', ({ detail }) => heard.push(`${detail.type} ${detail.bytes}`));
  await pair.J.channels.model.send(1, new Uint8Array([7]));
  pair.J.networkChanged();
  await rest();
  assert.deepEqual(both(pair), ['verified', 'verified']);
  await pair.J.channels.model.send(2, new Uint8Array([8]));
  await rest();
  assert.deepEqual(heard, ['1 7', '2 8']);
  const { model } = pair.P.channels;
  pair.P.close();
  assert.equal(model.open, false);
  assert.equal((await couple()).J.channels, null);
});

test('a record that somebody has changed ends the pair', async () => {
  network.onChannel = (bytes, id) => (id === 1 ? bytes.fill(1) : bytes);
  const pair = await couple({ identities: { J: { data: true }, P: { data: true } } });
  await pair.J.channels.model.send(1, new Uint8Array([7]));
  await rest();
  assert.deepEqual([pair.J.reason, pair.P.reason], ['link-peer', 'link-sealed']);
});

test('nothing is heard on a channel before the other was confirmed', async () => {
  network.onChannel = (bytes, id) => (id === 0 ? bytes.fill(0) : bytes);
  const pair = await couple({ identities: { J: { data: true }, P: { data: true } } });
  assert.deepEqual([pair.J.channels, pair.P.channels], [null, null]);
});

test('without a confirmation nothing is attached and nothing is shown', async () => {
  network.onChannel = bytes => bytes.fill(0);
  const pair = await couple();
  assert.deepEqual([pair.J.sign, pair.P.sign], [null, null]);
  await advance(5_000);
  assert.deepEqual(both(pair), ['connecting', 'connecting']);
  assert.deepEqual(attached(), []);
  assert.equal(pair.J.transport, null);
});

test('a confirmation of another channel ends the pair', async () => {
  network.onChannel = bytes => {
    bytes[10] ^= 1;
    return bytes;
  };
  const pair = await couple();
  assert.ok([pair.J.reason, pair.P.reason].includes('link-confirm'));
  assert.deepEqual(both(pair), ['failed', 'failed']);
  assert.deepEqual(attached(), []);
});

/** Somebody who has the link and follows the rules as far as they like: one attempt with P. @param certificate what they announce, and connect with */
async function attemptWith(P, said, attempt, certificate, { raw: sign, key }) {
  const { secret, kAuth } = await identity('J');
  const handshake = new Handshake({ role: 'J', attempt, room: ROOM, secret, kAuth, self: { id: IDS.J, fingerprint: certificate.fingerprint, sign, key }, peer: IDS.P });
  const say = async data => {
    said.length = 0;
    P.receive(data);
    await rest();
    return said.map(parseMessage);
  };
  let [reply] = await say(await handshake.start());
  [reply] = await say(await handshake.receive(reply.kind, reply.body));
  await handshake.receive(reply.kind, reply.body);
  const pc = new RTCPeerConnection({ certificates: [certificate] });
  const channel = pc.createDataChannel('link', { id: 0 });
  const connect = async () => {
    ['audio', 'video', 'video', 'audio'].forEach(kind => pc.addTransceiver(kind));
    const offer = await pc.createOffer();
    await pc.setLocalDescription(offer);
    const [answer] = await say(await handshake.seal(Sealed.OFFER, utf8(offer.sdp)));
    await pc.setRemoteDescription({ type: 'answer', sdp: fromUtf8((await handshake.open(answer.body)).plaintext) });
    await rest();
  };
  return { connect, channel, confirmation: async () => concat(1, u32(attempt), await handshake.confirmation()) };
}

test('a confirmation over the connection before is none of the new one', async () => {
  const said = [];
  const P = new Peer({
    role: 'P', id: IDS.J, identity: await identity('P'), relay: data => said.push(Uint8Array.from(data)) > 0, live: () => true, ice: () => ICE,
    tracks: { ...NO_TRACKS, microphone: { kind: 'audio', id: 'mic of P' } },
  });
  open.push(P);
  P.start();
  const session = await signingKey(null);
  const [own, copied] = [await RTCPeerConnection.generateCertificate(), await RTCPeerConnection.generateCertificate()];
  const first = await attemptWith(P, said, 1, own, session);
  await first.connect();
  const second = await attemptWith(P, said, 2, copied, session); // with the fingerprint of somebody else, who answers there
  first.channel.send(await second.confirmation());
  await rest();
  await second.connect();
  assert.equal(second.channel.readyState, 'open');
  assert.deepEqual([P.state, attached(), P.sign], ['connecting', [], null]);
  second.channel.send(await second.confirmation());
  await rest();
  assert.deepEqual([P.state, attached()], ['verified', ['attach mic of P']], 'over the connection itself it counts');
});

test('who floods a pair has ended it, also in the middle of an attempt', async () => {
  for (let wait = 0; wait < 8; wait++) {
    const said = [];
    const P = new Peer({ role: 'P', id: IDS.J, identity: await identity('P'), relay: data => said.push(data[0]) > 0, live: () => true, ice: () => ICE, tracks: NO_TRACKS });
    open.push(P);
    P.start();
    await rest();
    P.receive(concat(1, u32(1), new Uint8Array(32)));
    for (let i = 0; i < wait; i++)
      await null;
    for (let i = 0; i < 600; i++)
      P.receive(concat(6, u32(0), 0));
    assert.equal(P.state, 'failed');
    said.length = 0;
    await rest();
    assert.deepEqual([P.state, said], ['failed', []], `after ${wait}`);
  }
});

for (const thief of ['J', 'P'])
  test(`who shows the key of somebody else's session as ${thief} is that person to nobody: nothing is sent, shown or heard, however often they come`, async () => {
    const { raw: sign } = await signingKey(null);
    const shared = { J: { ...await identity('J'), data: true }, P: { ...await identity('P'), data: true } };
    shared[thief].sign = sign;
    const pair = await couple({ own: shared });
    const victim = pair[thief === 'J' ? 'P' : 'J'];
    victim.addEventListener('tracks', () => victim.states.push('tracks'));
    for (let i = 0; i < 3; i++) {
      assert.deepEqual([victim.state, victim.reason, victim.sign, victim.channels, victim.talk, victim.transport], ['failed', 'link-confirm', null, null, null, null]);
      pair[thief].retry();
      await advance(2_000);
      victim.retry();
      await advance(2_000);
    }
    await rotate(shared[thief === 'J' ? 'P' : 'J'], [{ sign }]); // as if for whose key it is
    for (const peer of [victim, pair[thief]])
      peer.retry();
    await advance(60_000);
    assert.deepEqual(victim.states.filter(state => state === 'verified' || state === 'tracks'), []);
    assert.equal(victim.reason, thief === 'J' ? 'link-mac' : 'link-peer', 'and the secret of before is not for them');
    assert.ok(!attached().includes(`attach mic of ${thief === 'J' ? 'P' : 'J'}`), String(attached()));
  });

test('a certificate that was not announced: setRemoteDescription is never called', async () => {
  const pair = await couple({ identities: { J: { fingerprint: new Uint8Array(32).fill(1) } } });
  assert.deepEqual([pair.J.reason, pair.P.reason], ['link-peer', 'link-fingerprint']);
  assert.deepEqual(remotes(), []);
  const other = await couple({ identities: { P: { fingerprint: new Uint8Array(32).fill(1) } } });
  assert.deepEqual([other.J.reason, other.P.reason], ['link-fingerprint', 'link-peer']);
  assert.deepEqual(remotes(), ['remote offer']);
  assert.deepEqual(attached(), []);
});

test('another secret', async () => {
  const pair = await couple({ secrets: { J: new Uint8Array(32).fill(4) } });
  assert.deepEqual([pair.J.reason, pair.P.reason], ['link-peer', 'link-mac']);
  assert.deepEqual(network.log, []);
});

test('a failure is final: only who found it begins anew', async () => {
  let forge = true;
  const pair = await couple({ wire: (from, data) => (forge && from === 'J' && data[0] === 3 ? data.fill(0, -1) : data) });
  assert.deepEqual([pair.J.reason, pair.P.reason], ['link-peer', 'link-mac']);
  forge = false;
  pair.J.retry();
  await rest();
  assert.deepEqual(both(pair), ['connecting', 'failed']);
  pair.P.retry();
  await advance(2_000);
  assert.deepEqual(both(pair), ['verified', 'verified']);
});

test('a sealed record that is repeated, left out or of an attempt before', async () => {
  const copies = [];
  const pair = await couple({ wire: (from, data) => (data[0] === 5 && from === 'J' && copies.push(data.slice()), data) });
  pair.P.receive(copies[0]);
  await rest();
  assert.equal(pair.P.reason, 'link-sealed');

  let count = 0;
  const gap = await couple({ wire: (from, data) => (data[0] === 5 && from === 'J' && ++count === 1 ? null : data) });
  assert.equal(gap.P.reason, 'link-sealed');

  const old = [];
  const restarted = await couple({ wire: (from, data) => (data[0] === 5 && from === 'J' && old.push(data.slice()), data) });
  restarted.J.networkChanged();
  await rest();
  restarted.P.receive(old[0]);
  await rest();
  assert.deepEqual(both(restarted), ['verified', 'verified']);
});

test('every message lost with a socket: it begins anew and none is an accident', async () => {
  for (const victim of ['J', 'P']) {
    for (let lost = 0; lost < 8; lost++) {
      let count = 0;
      const pair = await couple({
        wire: (from, data, { live }) => {
          if (count++ !== lost)
            return data;
          live[victim] = false;
          return null;
        },
      });
      pair[victim].interrupted();
      await advance(2_000);
      pair.live[victim] = true;
      pair[victim].resumed();
      await advance(3_000);
      assert.deepEqual(both(pair), ['verified', 'verified'], `${victim} at ${lost}: ${pair.J.states} | ${pair.P.states}`);
      assert.ok(![...pair.J.states, ...pair.P.states].some(state => state.startsWith('link-')), `${victim} at ${lost}`);
    }
  }
});

test('a message lost without a word: the deadline begins anew', async () => {
  for (const [from, kind] of [['J', 1], ['P', 2], ['J', 3], ['P', 4]]) {
    let lost = false;
    const pair = await couple({
      wire: (sender, data) => {
        if (lost || sender !== from || data[0] !== kind)
          return data;
        lost = true;
        return null;
      },
    });
    assert.deepEqual(both(pair), ['connecting', 'connecting']);
    await advance(27_000);
    assert.deepEqual(both(pair), ['verified', 'verified'], `${from}${kind}`);
  }
});

test('a lost socket does not touch media that flows', async () => {
  const pair = await couple();
  const { transport } = pair.J;
  pair.live.J = false;
  pair.J.interrupted();
  await advance(60_000);
  pair.live.J = true;
  pair.J.resumed();
  await advance(3_000);
  assert.equal(pair.J.transport, transport);
  assert.deepEqual(pair.J.states, ['verified']);
  assert.deepEqual(pair.sent.filter(message => message === 'J1').length, 1);
});

test('disconnected for 3 s: ICE restarts in the confirmed connection', async () => {
  const pair = await couple();
  const { transport } = pair.J;
  const ends = [...network.ends.values()];
  ends.forEach(end => end.change('disconnected'));
  await advance(2_000);
  assert.deepEqual(both(pair), ['verified', 'verified']);
  await advance(3_000);
  assert.deepEqual(both(pair), ['verified', 'verified']);
  assert.deepEqual(pair.J.states, ['verified', 'reconnecting', 'verified']);
  assert.equal(pair.J.transport, transport);
  assert.deepEqual(remotes(), ['remote offer', 'remote answer', 'remote offer', 'remote answer']);
});

test('a disconnection that heals by itself is left alone', async () => {
  const pair = await couple();
  const ends = [...network.ends.values()];
  ends.forEach(end => end.change('disconnected'));
  await advance(2_000);
  ends.forEach(end => end.change('connected'));
  await advance(10_000);
  assert.deepEqual(pair.J.states, ['verified']);
  assert.equal(remotes().length, 2);
});

test('the network changed on either side', async () => {
  const pair = await couple();
  for (const role of ['J', 'P']) {
    const before = remotes().length;
    pair[role].networkChanged();
    await advance(2_000);
    assert.equal(remotes().length, before + 2, role);
    assert.deepEqual(both(pair), ['verified', 'verified']);
  }
});

test('a connection that the other closed is made anew', async () => {
  const pair = await couple();
  const { transport } = pair.J;
  [...network.ends.values()].forEach(end => end.close());
  await advance(5_000);
  assert.deepEqual(both(pair), ['verified', 'verified']);
  assert.notEqual(pair.J.transport, transport);
  assert.deepEqual(attached().length, 4);
});

test('no way through: a bounded number of attempts, then link-timeout; the network is back: retry', async () => {
  network.blocked = true;
  const pair = await couple();
  await advance(240_000);
  assert.deepEqual([pair.J.reason, pair.P.reason], ['link-timeout', 'link-timeout']);
  const begun = pair.sent.filter(message => message === 'J1').length;
  assert.ok(begun >= 6 && begun <= 14, `${begun} attempts`);
  network.blocked = false;
  pair.J.retry();
  await advance(2_000);
  assert.deepEqual(both(pair), ['verified', 'verified']);
});

test('who is away is waited for', async () => {
  const pair = await couple({ wire: () => null });
  pair.J.setAway(true);
  await advance(300_000);
  assert.equal(pair.J.state, 'connecting');
  const before = pair.sent.filter(message => message === 'J1').length;
  pair.J.setAway(false);
  await rest();
  assert.equal(pair.sent.filter(message => message === 'J1').length, before + 1);
});

test('restart requests are heeded at most once a second', async () => {
  const pair = await couple();
  const before = pair.sent.filter(message => message === 'J1').length;
  for (let i = 0; i < 50; i++)
    pair.J.receive(Uint8Array.of(6, 0, 0, 0, 1, 0));
  await advance(1_000);
  assert.ok(pair.sent.filter(message => message === 'J1').length <= before + 1);
});

test('hostile messages end the pair, or are passed over', async () => {
  for (const bytes of [null, new Uint8Array(0), Uint8Array.of(99, 0, 0, 0, 1)]) {
    const pair = await couple();
    pair.P.receive(bytes);
    await rest();
    assert.equal(pair.P.reason, 'link-malformed');
  }
  const pair = await couple();
  for (const bytes of [Uint8Array.of(1, 0, 0, 0, 1), Uint8Array.of(5, 0, 0, 0, 0), Uint8Array.of(3, 0, 0, 9, 9), Uint8Array.of(6, 0, 0, 0, 1)])
    pair.P.receive(bytes);
  pair.J.receive(Uint8Array.of(1, 0, 0, 9, 9));
  await rest();
  assert.deepEqual(both(pair), ['verified', 'verified']);
});

test('tracks change in the confirmed connection', async () => {
  const pair = await couple();
  pair.J.setTracks({ ...NO_TRACKS, camera: { kind: 'video', id: 'camera', getSettings: () => ({ height: 1080 }) } });
  pair.J.setPeople(5);
  await rest();
  const sender = [...network.ends.values()][0].getTransceivers()[1].sender;
  assert.equal(sender.track.id, 'camera');
  assert.deepEqual(sender.parameters.encodings[0], { maxBitrate: 500_000, maxFramerate: 30, scaleResolutionDownBy: 3, priority: 'low' });
});

const NEXT = new Uint8Array(32).fill(4);

/** Somebody's page has another secret of the room, which is for `members`. */
async function rotate(identity, members) {
  const { secret, kAuth } = identity;
  const next = await deriveKeys({ room: ROOM, secret: NEXT, hostSecret: null });
  const names = await Promise.all(members.map(async ({ sign }) => toBase64url(await memberOf(ROOM, sign))));
  Object.assign(identity, { secret: NEXT, kAuth: next.kAuth, generation: 1, before: [{ secret, kAuth, generation: 0, members: names }], rotated: clock.now });
}

/** Whoever has another secret goes on with whom they have confirmed, whichever of them has been told first. */
for (const told of ['J', 'P'])
  test(`a pair that was confirmed goes on where only ${told} has the room's new secret`, async () => {
    const shared = { J: await identity('J'), P: await identity('P') };
    const pair = await couple({ own: shared });
    assert.deepEqual(both(pair), ['verified', 'verified']);
    await rotate(shared[told], Object.values(shared));
    pair.J.networkChanged();
    await rest();
    assert.deepEqual([both(pair), pair.J.states.concat(pair.P.states).filter(state => state.startsWith('link'))], [['verified', 'verified'], []]);
    await rotate(shared[told === 'J' ? 'P' : 'J'], Object.values(shared));
    pair.J.showed(1); // which P has not heard of yet
    pair.P.networkChanged();
    await advance(2_000);
    assert.deepEqual(both(pair), ['verified', 'verified']);
    pair.P.showed(1);
    pair.J.networkChanged();
    await rest();
    assert.deepEqual(both(pair), ['verified', 'verified']);
  });

test('who was never confirmed does not come in with the secret of before', async () => {
  const shared = { J: await identity('J'), P: await identity('P') };
  await rotate(shared.P, Object.values(shared));
  const pair = await couple({ own: shared });
  await advance(60_000);
  assert.deepEqual([pair.J.state === 'verified', pair.P.state, pair.P.reason], [false, 'failed', 'link-mac']);
  assert.deepEqual(remotes(), []);
});

for (const removed of ['J', 'P'])
  test(`who was removed while they were not connected does not come back as ${removed} with the secret of before`, async () => {
    const shared = { J: await identity('J'), P: await identity('P') };
    const pair = await couple({ own: shared });
    const other = removed === 'J' ? 'P' : 'J';
    network.blocked = true;
    [...network.ends.values()].forEach(end => end.close());
    await rest();
    await rotate(shared[other], [shared[other]]);
    pair[other].rotated();
    network.blocked = false;
    network.log.length = 0;
    await advance(90_000);
    assert.deepEqual([pair[other].state, pair[other].states.lastIndexOf('verified')], ['failed', 0], String(pair[other].states));
    assert.deepEqual(attached(), []);
  });

for (const removed of ['J', 'P'])
  test(`who was removed as ${removed} while an attempt was held back is not confirmed by it, though they were connected`, async () => {
    const shared = { J: await identity('J'), P: await identity('P') };
    const other = removed === 'J' ? 'P' : 'J';
    const held = [];
    let holding = false;
    const pair = await couple({
      own: shared,
      wire(from, data) {
        if (!holding || from !== removed || data[0] < 4)
          return data;
        held.push(Uint8Array.from(data)); // from the proof of the link, or the offer, on
        return null;
      },
    });
    assert.deepEqual(both(pair), ['verified', 'verified']);
    const { transport } = pair[other];
    holding = true;
    pair.J.receive(Uint8Array.of(6, 0, 0, 0, 1, 1)); // as if P had asked for a new connection
    await advance(1_100);
    assert.ok(held.length > 0 && pair[other].transport === transport);
    await rotate(shared[other], [shared[other]]);
    pair[other].rotated();
    holding = false;
    for (const data of held)
      pair[other].receive(data);
    await advance(20_000);
    assert.ok([null, transport].includes(pair[other].transport), 'no other connection');
    assert.deepEqual(pair[other].states.filter(state => state === 'verified'), ['verified']);
  });

for (const late of [false, true])
  test(`an attempt of before is not confirmed with the secret of before${late ? ', nor while its confirmation is looked at' : ''}`, async () => {
    const shared = { J: await identity('J'), P: await identity('P') };
    network.onChannel = bytes => new Uint8Array(bytes.length); // as if both waited
    const pair = await couple({ own: shared });
    await rotate(shared.P, [shared.P]);
    if (!late)
      pair.P.rotated();
    network.onChannel = bytes => {
      if (late)
        setImmediate(() => pair.P.rotated()); // before the MAC was computed, which another thread does
      return bytes;
    };
    for (const end of network.ends.values())
      end.channels.get(0).onopen(); // both confirm now
    await advance(60_000);
    assert.ok(!pair.P.states.includes('verified'), String(pair.P.states));
    assert.ok(pair.P.states.includes('link-mac'), String(pair.P.states));
  });

/** The server was started anew: the other one of both came first. */
async function reseat(pair) {
  pair.J.reseat('P');
  pair.P.reseat('J');
  await rest();
  pair.sent.length = 0;
  [pair.J, pair.P].forEach(peer => peer.resumed());
  await rest();
}

test('with the same seats anew what flows is not touched, and the other one begins from then on', async () => {
  const pair = await couple();
  const { transport } = pair.J;
  await reseat(pair);
  assert.deepEqual([pair.sent, pair.J.states], [[], ['verified']]);
  [...network.ends.values()].forEach(end => end.change('disconnected'));
  await advance(5_000);
  assert.equal(pair.sent.find(message => message.endsWith('1')), 'P1');
  assert.deepEqual([both(pair), pair.J.transport === transport], [['verified', 'verified'], true]);
  pair.P.networkChanged();
  await rest();
  assert.deepEqual([both(pair), pair.J.transport === transport], [['verified', 'verified'], true]);
});

test('with the same seats anew one has begun what the other never heard of', async () => {
  let lost = false;
  const pair = await couple({ wire: (from, data) => (lost ? null : data) });
  lost = true;
  pair.J.networkChanged();
  await rest();
  pair.J.networkChanged();
  await rest();
  lost = false;
  await reseat(pair);
  [...network.ends.values()].forEach(end => end.change('disconnected'));
  await advance(12_000);
  assert.deepEqual(both(pair), ['verified', 'verified']);
  assert.ok(pair.sent.filter(message => message === 'P1').length <= 3, 'it does not count up one by one');
});

test('with the same seats anew and the connection gone it is made anew', async () => {
  const pair = await couple();
  [...network.ends.values()].forEach(end => end.change('failed'));
  pair.live.J = pair.live.P = false;
  await advance(5_000);
  pair.live.J = pair.live.P = true;
  await reseat(pair);
  await advance(5_000);
  assert.deepEqual(both(pair), ['verified', 'verified']);
});
