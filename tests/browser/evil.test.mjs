// A server that wants to listen to a Standard room, against the product's own pages in both browsers. Whatever it does to what they relay: no sound, no
// picture, nothing on the data channel, and both people read that it failed and why. With the room's link it gets through the handshake: then a connection
// that leads elsewhere is found on the connection itself, and one that ends at the attacker by the code that people compare.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { photograph } from './lib/appearance.mjs';
import { chromium, firefox } from './lib/browsers.mjs';
import { Evil } from './lib/evil.mjs';
import { serverForFile } from './lib/suite.mjs';
import { until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

/** The client's own modules, by an address that is computed: they are checked elsewhere. */
const core = (/** @type {string} */ name) => import(new URL(`../../data/web/core/${name}`, import.meta.url).href);
await import(new URL('../web/setup.mjs', import.meta.url).href); // what Node.js lacks of a browser
const { errorText } = await core('errors.js');
const { Handshake, Kind, parseMessage, parseReveal } = await core('link1.js');
const { deriveKeys, parseFragment } = await core('link.js');

const PEER = errorText('link-peer');
const server = serverForFile();
/** @type {Evil} */
let evil;
/** @type {import('puppeteer-core').Browser[]} */
let browsers;

before(async () => {
  browsers = [await chromium(), await firefox()];
}, { timeout: 120_000 });
after(() => evil?.stop());

/** Notes before the page's own scripts what comes over data channels, and every track that is given to a connection. */
function watch () {
  const heard = { messages: 0, tracks: 0 };
  Object.assign(globalThis, { heard });
  const Native = RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Native {
    /** @param {string} label @param {RTCDataChannelInit} [options] */
    createDataChannel (label, options) {
      const channel = super.createDataChannel(label, options);
      channel.addEventListener('message', ({ data }) => { heard.messages += new Uint8Array(data)[0] === 1 ? 0 : 1; }); // confirmations are how it is found out
      return channel;
    }
  };
  const { replaceTrack } = RTCRtpSender.prototype;
  RTCRtpSender.prototype.replaceTrack = function (/** @type {MediaStreamTrack | null} */ track) {
    heard.tracks += track ? 1 : 0;
    return replaceTrack.call(this, track);
  };
}

/** @param {Visitor} visitor @param {Visitor} other @param {string} why */
async function reads (visitor, other, why) {
  await until(`${visitor.name} reads: ${why}`, async () => (await visitor.tile(await other.id()))?.text.includes(why), { timeout: 40_000 });
  await until(`${visitor.name}'s badge says so`, () => visitor.has('Link failed'));
}

/** Nothing has gone to anybody. @param {Visitor} visitor @param {{ records?: boolean }} [options] false: the other may have said what nobody opens */
async function isSilent (visitor, { records = true } = {}) {
  const heard = await visitor.page.evaluate(() => /** @type {any} */ (globalThis).heard);
  const { frames, energy, bytesIn, bytesOut, connected } = await visitor.traffic();
  assert.deepEqual({ ...heard, ...!records && { messages: 0 }, frames, energy, bytesIn, bytesOut, connected }, { messages: 0, tracks: 0, frames: 0, energy: 0, bytesIn: 0, bytesOut: 0, connected: 0 }, visitor.name);
}

/**
 * Ann is there when Ben comes: she is P, he is J.
 * @param {import('puppeteer-core').Browser[]} pair @param {import('./lib/evil.mjs').Treatment} treat
 * @param {(ann: Visitor, ben: Visitor) => Promise<void>} then
 */
async function meet ([one, other], treat, then, room = () => server.now.createRoom()) {
  const { host_url: host, join_url: join } = await room();
  evil ??= await Evil.start(server.now);
  evil.treat = treat;
  evil.seats.clear();
  const ann = await Visitor.join(one, evil.through(host), 'Ann', watch);
  const ben = await Visitor.join(other, evil.through(join), 'Ben', watch);
  try {
    await Promise.all([ann.meets(1), ben.meets(1)]);
    await then(ann, ben);
    assert.deepEqual([...evil.faults, ...ann.errors, ...ben.errors, ...await ann.violations(), ...await ben.violations()], []);
  } finally {
    await ann.close();
    await ben.close();
  }
}

/** @typedef {{ attack: string, ann: string, ben: string, treat: () => import('./lib/evil.mjs').Treatment }} Attack what each of them reads */

/** Flips a bit of messages of a kind. @param {number} kind @param {number} at @returns {() => import('./lib/evil.mjs').Treatment} */
const flip = (kind, at) => () => ({ bytes }) => {
  if (bytes[0] === kind)
    bytes[at < 0 ? bytes.length + at : at] ^= 1;
  return [bytes];
};

const HEADER = 5;
const FINGERPRINT = 1 + 2 + 13;
const PUB = FINGERPRINT + 32 + 1;
const why = (/** @type {string} */ id) => errorText(id);

/** @type {Attack[]} */
const ATTACKS = [
  { attack: 'swaps the fingerprint that Ann reveals', ann: why('link-mac'), ben: PEER, treat: flip(Kind.REVEAL_P, HEADER + FINGERPRINT) },
  { attack: 'swaps the key that Ann reveals', ann: PEER, ben: why('link-malformed'), treat: flip(Kind.REVEAL_P, HEADER + PUB) },
  { attack: 'swaps the id that Ann reveals', ann: PEER, ben: why('link-malformed'), treat: flip(Kind.REVEAL_P, HEADER + 3) },
  { attack: 'swaps the fingerprint that Ben reveals', ann: why('link-commit'), ben: PEER, treat: flip(Kind.REVEAL_J, HEADER + 2 + FINGERPRINT) },
  { attack: 'swaps the commitment', ann: why('link-commit'), ben: PEER, treat: flip(Kind.COMMIT, HEADER) },
  { attack: "swaps Ben's proof of the link", ann: why('link-mac'), ben: PEER, treat: flip(Kind.REVEAL_J, -1) },
  { attack: "swaps Ann's proof of the link", ann: PEER, ben: why('link-mac'), treat: flip(Kind.MAC_P, -1) },
  { attack: 'changes a sealed offer', ann: why('link-sealed'), ben: PEER, treat: flip(Kind.SEALED, -1) },
  {
    attack: 'repeats a sealed record', ann: why('link-sealed'), ben: PEER,
    treat: () => ({ from, bytes }) => (from.name === 'Ben' && bytes[0] === Kind.SEALED ? [bytes, bytes] : [bytes]),
  },
  {
    attack: 'drops a sealed record', ann: why('link-sealed'), ben: PEER,
    treat: () => {
      let dropped = false;
      return ({ from, bytes }) => {
        const drops = !dropped && from.name === 'Ben' && bytes[0] === Kind.SEALED;
        dropped ||= drops;
        return drops ? [] : [bytes];
      };
    },
  },
  {
    attack: 'exchanges two sealed records', ann: why('link-sealed'), ben: PEER,
    treat: () => {
      /** @type {Uint8Array[]} */
      const held = [];
      return ({ from, bytes }) => {
        if (from.name !== 'Ben' || bytes[0] !== Kind.SEALED || held.length > 1)
          return [bytes];
        held.push(bytes);
        return held.length < 2 ? [] : [held[1], held[0]];
      };
    },
  },
  {
    attack: 'sends a sealed record back to whom it came from', ann: PEER, ben: why('link-sealed'),
    treat: () => ({ from, to, bytes }) => {
      if (from.name !== 'Ben' || bytes[0] !== Kind.SEALED)
        return [bytes];
      evil.say(from, to, bytes);
      return [];
    },
  },
  {
    attack: "sends Ben's own keys back to him in a second attempt", ann: PEER, ben: why('link-reflected'),
    treat: () => {
      /** @type {Uint8Array | null} */
      let own = null;
      return ({ from, to, bytes }) => {
        if (from.name !== 'Ben')
          return [bytes];
        if (bytes[0] === Kind.REVEAL_J && !own) {
          own = bytes.slice(HEADER + 2, -32);
          evil.say(from, to, Uint8Array.of(Kind.RESTART, 0, 0, 0, 1, 1));
          return [];
        }
        if (bytes[0] === Kind.COMMIT && own) {
          evil.say(from, to, Buffer.concat([Uint8Array.of(Kind.REVEAL_P), bytes.slice(1, HEADER), own]));
          return [bytes]; // so that Ann hears how it ends
        }
        return [bytes];
      };
    },
  },
  {
    attack: 'answers in the place of Ann, without the link', ann: PEER, ben: why('link-mac'),
    treat: () => {
      /** @type {any} */
      let thief;
      return async ({ from, to, bytes }) => {
        if (from.name !== 'Ben')
          return [];
        const { kind, attempt, body } = parseMessage(bytes);
        if (kind === Kind.COMMIT) {
          const random = () => crypto.getRandomValues(new Uint8Array(32));
          thief = new Handshake({ role: 'P', attempt, room: 'abcdefghijkm', secret: random(), kAuth: random(), self: { id: to.id, fingerprint: random(), ...await session() }, peer: from.id });
        }
        if (kind === Kind.COMMIT)
          evil.say(from, to, await thief.receive(kind, body));
        else if (kind === Kind.REVEAL_J)
          evil.say(from, to, Buffer.concat([Uint8Array.of(Kind.MAC_P), bytes.slice(1, HEADER), new Uint8Array(32)]));
        return kind === Kind.FAILED ? [Buffer.concat([Uint8Array.of(Kind.COMMIT), bytes.slice(1, HEADER), new Uint8Array(32)]), bytes] : [];
      };
    },
  },
];

const session = async () => (await core('reload.js')).signingKey(null).then((/** @type {any} */ { raw: sign, key }) => ({ sign, key }));

/** Who of the two browsers comes first: by turns, or both ways (the suite `long`). @param {number} turn */
function orders (turn) {
  const both = [browsers, [...browsers].reverse()];
  return process.env.CONCLAVE_BOTH_WAYS ? both : [both[turn % 2]];
}

for (const [turn, { attack, ann: annReads, ben: benReads, treat }] of ATTACKS.entries()) {
  test(`a server that ${attack}`, { timeout: 240_000 }, async () => {
    for (const pair of orders(turn)) {
      await meet(pair, treat(), async (ann, ben) => {
        await Promise.all([reads(ann, ben, annReads), reads(ben, ann, benReads)]);
        await isSilent(ann);
        await isSilent(ben);
      });
    }
  });
}

test('a server that says twice that somebody is here, and then that they are gone: nobody who is not shown goes on hearing', { timeout: 240_000 }, async () => {
  for (const pair of orders(1)) {
    await meet(pair, ({ bytes }) => [bytes], async (ann, ben) => {
      await Promise.all([ann.sees(ben, 45_000), ben.sees(ann, 45_000)]);
      const [seat, id] = [/** @type {import('./lib/evil.mjs').Seat} */ (evil.seats.get('Ann')), await ben.id()];
      evil.tell(seat, { type: 'person-joined', person: seat.known.get(id) });
      await ann.sees(ben, 45_000); // the same connection goes on
      evil.tell(seat, { type: 'person-left', person: id, reason: 'left' });
      await until('Ann reads that Ben has left', async () => (await ann.people()).length === 1);
      await until('nothing goes to him any more', async () => (await ann.traffic()).connected === 0, { timeout: 20_000 });
      await until('he hears of it', async () => !(await ben.tile(await ann.id()))?.text || (await ben.traffic()).connected === 0, { timeout: 40_000 });
    });
  }
});

test("a server that keeps the key of hosts' orders back: before anybody is removed the page says that the link stays", { timeout: 120_000 }, async () => {
  evil ??= await Evil.start(server.now);
  for (const keeps of [true, false]) {
    evil.falsify = (message, { name }) => (keeps && message.type === 'joined' && name === 'Ann' ? { ...message, room: { ...message.room, orders: null } } : message);
    await meet(browsers, ({ bytes }) => [bytes], async (ann, ben) => {
      await Promise.all([ann.sees(ben, 45_000), ben.sees(ann, 45_000)]);
      await ann.page.bringToFront();
      await ann.govern('Ben', 'Remove from the meeting');
      const dialog = await until('it is asked', () => ann.page.evaluate(() => document.querySelector('dialog[open]')?.textContent ?? ''));
      await photograph(ann, `removal-${keeps ? 'without' : 'with'}-orders`);
      assert.equal(/server’s word only/.test(dialog), keeps, dialog);
    });
  }
  evil.falsify = message => message;
});

// ---- with the room's link

/** @param {{ join_url: string }} room @returns {Promise<{ room: string, secret: Uint8Array, kAuth: Uint8Array }>} */
async function linkOf ({ join_url: url }) {
  const { pathname, hash } = new URL(url);
  const link = parseFragment(pathname.split('/')[2], hash);
  return { ...link, ...await deriveKeys(link) };
}

/**
 * Shows each of two people the other's certificate as its own, and passes on what they then seal to it: their connection is a direct one, and each believes
 * it to lead to the attacker's keys.
 * @param {Awaited<ReturnType<typeof linkOf>>} link @returns {import('./lib/evil.mjs').Treatment}
 */
function copyFingerprints (link) {
  /** @type {Map<string, any>} by name: what they revealed in the first attempt */
  const revealed = new Map();
  /** @type {any} */
  let towardsAnn;
  /** @type {any} */
  let towardsBen;
  /** @type {Map<string, Uint8Array[]>} */
  const held = new Map([['Ann', []], ['Ben', []]]);
  const pass = async (/** @type {import('./lib/evil.mjs').Seat} */ ann, /** @type {import('./lib/evil.mjs').Seat} */ ben) => {
    if (!towardsAnn.established || !towardsBen.established)
      return;
    for (const [name, from, to, by, through] of [['Ann', ann, ben, towardsAnn, towardsBen], ['Ben', ben, ann, towardsBen, towardsAnn]]) {
      for (let body = held.get(name)?.shift(); body; body = held.get(name)?.shift()) {
        const { type, plaintext } = await by.open(body);
        evil.say(to, from, await through.seal(type, plaintext));
      }
    }
  };
  return async ({ from, to, bytes }) => {
    const { kind, attempt, body } = parseMessage(bytes);
    const [ann, ben] = from.name === 'Ann' ? [from, to] : [to, from];
    if (kind === Kind.FAILED)
      return [bytes];
    if (attempt === 1) {
      if (kind === Kind.REVEAL_P)
        revealed.set('Ann', parseReveal(body));
      if (kind === Kind.REVEAL_J) {
        revealed.set('Ben', parseReveal(body.slice(2, -32)));
        evil.say(ben, ann, Uint8Array.of(Kind.RESTART, 0, 0, 0, 1, 1));
      }
      return kind === Kind.COMMIT || kind === Kind.REVEAL_P ? [bytes] : [];
    }
    const self = async (/** @type {import('./lib/evil.mjs').Seat} */ { id, name }) => ({ id, fingerprint: revealed.get(name).fingerprint, ...await session() });
    if (kind === Kind.COMMIT) {
      towardsBen = new Handshake({ ...link, role: 'P', attempt, self: await self(ann), peer: ben.id });
      towardsAnn = new Handshake({ ...link, role: 'J', attempt, self: await self(ben), peer: ann.id });
      evil.say(ben, ann, await towardsBen.receive(kind, body));
      evil.say(ann, ben, await towardsAnn.start());
    } else if (kind === Kind.SEALED) {
      held.get(from.name)?.push(body);
    } else if (kind !== Kind.RESTART) {
      const reply = await (from === ann ? towardsAnn : towardsBen).receive(kind, body);
      if (reply)
        evil.say(from, to, reply);
    }
    if (towardsAnn && towardsBen)
      await pass(ann, ben);
    return [];
  };
}

test('with the link: a connection that each believes to lead elsewhere is found on the connection', { timeout: 240_000 }, async () => {
  for (const pair of orders(2)) {
    const room = await server.now.createRoom();
    await meet(pair, copyFingerprints(await linkOf(room)), async (ann, ben) => {
      const read = await until('both have failed', async () => {
        const texts = [(await ann.tile(await ben.id()))?.text ?? '', (await ben.tile(await ann.id()))?.text ?? ''];
        return texts.every(text => text.includes(why('link-confirm')) || text.includes(PEER)) && texts;
      }, { timeout: 40_000 });
      assert.ok(read.some(text => text.includes(why('link-confirm'))), read.join(' | '));
      await isSilent(ann);
      await isSilent(ben);
    }, async () => room);
  }
});

/** Both ends of the attacker, in a page of the attacker's: an honest client towards each of two people, but for the sessions that it shows. Stands by itself. */
async function beBetween (/** @type {string} */ base, /** @type {any} */ { room, fragment, ann, ben, shown = {}, seen = 0 }) {
  const load = (/** @type {string} */ name) => import(base + name);
  const [{ Peer }, { deriveKeys: derive, parseFragment: parse }, { signingKey }, { makeCertificate }, { Marks, Verification }, { toBase64url, fromBase64url }] =
    await Promise.all(['peer.js', 'link.js', 'reload.js', 'transport.js', 'verification.js', 'bytes.js'].map(load));
  const link = parse(room, fragment);
  const { kAuth } = await derive(link);
  /** @type {Record<string, any>} */
  const legs = {};
  for (const [role, id, self] of [['J', ann, ben], ['P', ben, ann]]) {
    const { certificate, fingerprint } = await makeCertificate();
    const key = await signingKey(null);
    const verification = new Verification({ room, self, marks: new Marks(), changed () {} });
    const peer = new Peer({
      role, id, live: () => true, ice: () => ({ servers: [], relay_only: false, expires: 0 }),
      identity: { room, secret: link.secret, kAuth, id: self, certificate, fingerprint, sign: shown[self] ? fromBase64url(shown[self]) : key.raw, key: key.key },
      relay: (/** @type {Uint8Array} */ data) => (/** @type {any} */ (globalThis).between(id, toBase64url(data)), true),
      tracks: { microphone: null, camera: null, screen: null, screenAudio: null },
    });
    peer.addEventListener('tracks', () => {
      const { talk, sign } = peer;
      talk?.addEventListener('message', (/** @type {any} */ { detail: { type, bytes } }) => verification.receive(id, type, bytes));
      verification.set(id, talk && { th: talk.th, sign, send: (/** @type {number} */ type, /** @type {any} */ bytes) => talk.send(type, bytes), refuse: (/** @type {any} */ error) => peer.refuse(error) });
    });
    legs[id] = { peer, verification };
    if (seen)
      peer.receive(Uint8Array.of(6, 0, 0, 0, seen, 1)); // there was an attempt before
    peer.start();
  }
  Object.assign(globalThis, { legs, hear: (/** @type {string} */ from, /** @type {string} */ data) => legs[from].peer.receive(fromBase64url(data)) });
}

/** Where the attacker is to be, and the attacker's page. @param {{ join_url: string }} room */
async function openAttacker ({ join_url: url }) {
  const mallory = await Visitor.open(browsers[0], server.now.url, 'Mallory');
  const script = await mallory.page.evaluate(() => /** @type {HTMLScriptElement} */ (document.querySelector('script[type=module][src]')).src);
  await mallory.page.exposeFunction('between', (/** @type {string} */ id, /** @type {string} */ data) => {
    const seats = [...evil.seats.values()];
    const to = seats.find(seat => seat.id === id);
    const from = seats.find(seat => seat.id !== id);
    if (to && from)
      evil.say(to, from, Buffer.from(data, 'base64url'));
  });
  const { pathname, hash } = new URL(url);
  /** @type {Promise<void> | null} */
  let ready = null;
  /** @param {import('./lib/evil.mjs').Relayed} relayed @param {object} [more] */
  const hear = async ({ from, to, bytes }, more = {}) => {
    const [ann, ben] = from.name === 'Ann' ? [from.id, to.id] : [to.id, from.id];
    ready ??= mallory.page.evaluate(beBetween, new URL('../core/', script).href, { room: pathname.split('/')[2], fragment: hash, ann, ben, ...more });
    await ready;
    await mallory.page.evaluate((id, data) => /** @type {any} */ (globalThis).hear(id, data), from.id, Buffer.from(bytes).toString('base64url'));
    return [];
  };
  return { mallory, hear };
}

test('with the link: who shows the sessions of two people to each of them is neither of them', { timeout: 240_000 }, async () => {
  for (const pair of orders(3)) {
    const room = await server.now.createRoom();
    const { mallory, hear } = await openAttacker(room);
    /** @type {Record<string, string>} by id */
    const shown = {};
    const learn = (/** @type {Uint8Array} */ R) => { shown[parseReveal(R).id] = Buffer.from(parseReveal(R).sign).toString('base64url'); };
    await meet(pair, async relayed => {
      const { from, to, bytes } = relayed;
      const { kind, attempt, body } = parseMessage(bytes);
      if (attempt > 1)
        return hear(relayed, { shown, seen: 1 });
      if (kind === Kind.REVEAL_P)
        learn(body);
      if (kind === Kind.REVEAL_J) {
        learn(body.slice(2, -32));
        evil.say(from, to, Uint8Array.of(Kind.RESTART, 0, 0, 0, 1, 1));
      }
      return kind === Kind.COMMIT || kind === Kind.REVEAL_P ? [bytes] : [];
    }, async (ann, ben) => {
      await Promise.all([reads(ann, ben, why('link-confirm')), reads(ben, ann, why('link-confirm'))]);
      assert.equal(Object.keys(shown).length, 2);
      await isSilent(ann, { records: false });
      await isSilent(ben, { records: false });
    }, async () => room);
    await mallory.close();
  }
});

test('with the link: a server that sits between two people shows them different codes', { timeout: 240_000 }, async () => {
  const room = await server.now.createRoom();
  const { mallory, hear } = await openAttacker(room);
  await meet(browsers, relayed => hear(relayed), async (ann, ben) => {
    const codes = [];
    for (const visitor of [ann, ben]) {
      await visitor.page.bringToFront();
      await visitor.press('Encrypted');
      codes.push(await until(`${visitor.name} has a code`, async () =>
        (await visitor.page.$$eval('dialog[open] .code-symbols li', items => items.map(item => item.lastElementChild?.textContent ?? ''))).join(' ')));
      await visitor.reads('link verified');
    }
    const known = await mallory.page.evaluate(() => Object.values(/** @type {any} */ (globalThis).legs).map(({ verification }) => verification.code.length));
    assert.deepEqual(known, [7, 7], 'the attacker has both codes');
    assert.notEqual(codes[0], codes[1]);
    await ben.pressInDialog('They differ');
    await ben.pressInDialog('They differ: end the call');
    await ben.reads('Failed: the call has ended');
    assert.equal((await ben.traffic()).connected, 0);
  }, async () => room);
  await mallory.close();
});
