// What must not work: a room that is not there, a link that is not complete, a ninth person, and whoever carries the
// signalling and changes what passes. Each says so in words, and no media flows.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { chromium, firefox } from './lib/browsers.mjs';
import { takeSeat } from './lib/seat-filler.mjs';
import { serverForFile } from './lib/suite.mjs';
import { sleep, until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

const FULL = 8;
const server = serverForFile();
/** @type {import('puppeteer-core').Browser} */
let browser;
/** @type {import('puppeteer-core').Browser} */
let fox;

before(async () => {
  browser = await chromium();
  fox = await firefox();
});

/** @param {string} url @param {string | RegExp} sentence */
async function isRefused (url, sentence) {
  const visitor = await Visitor.open(browser, url, 'Ann');
  try {
    await visitor.reads(sentence);
    assert.equal(await visitor.has('Join'), false);
    assert.equal((await visitor.traffic()).opened, 0);
  } finally {
    await visitor.close();
  }
}

test('a room that is not there', async () => {
  const room = await server.now.createRoom();
  await isRefused(room.join_url.replace(room.id, 'aaaabbbbcccc'), 'There is no such room.');
});

test('a link with a wrong secret', async () => {
  const room = await server.now.createRoom();
  const wrong = Buffer.alloc(32, 7).toString('base64url');
  await isRefused(room.join_url.replace(/#.*/, `#${wrong}`), 'This link is not complete or not valid.');
});

test('a link without its secret', async () => {
  const room = await server.now.createRoom();
  await isRefused(room.join_url.replace(/#.*/, ''), 'This link is not complete or not valid.');
});

test('a deleted room', async () => {
  const room = await server.now.createRoom();
  await server.now.ctl('room', 'delete', room.id);
  await isRefused(room.join_url, 'There is no such room.');
});

test('a ninth person, until somebody leaves', { timeout: 60_000 }, async () => {
  const room = await server.now.createRoom();
  const seats = [];
  for (let i = 0; i < FULL; i++)
    seats.push(await takeSeat(room.join_url, `Filler ${i}`));
  const visitor = await Visitor.open(browser, room.join_url, 'Ann');
  try {
    await visitor.reads(/full|All 8 seats are taken/);
    if (await visitor.has('Join')) {
      await visitor.fill('Your name', 'Ann');
      await visitor.press('Join');
      await visitor.reads('This room is full.');
    }
    assert.equal((await visitor.people()).length, 0);
  } finally {
    seats.forEach(seat => seat.leave());
    await visitor.close();
  }
});

/** Where R's fingerprint stands in a relayed reveal: kind, attempt[4], version, lp(id), FP. */
function changeReveal () {
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (/** @type {any} */ data) {
    const message = JSON.parse(String(data));
    if (message.type === 'relay') {
      const bytes = Uint8Array.from(atob(message.data.replaceAll('-', '+').replaceAll('_', '/')), c => c.charCodeAt(0));
      if (bytes[0] === 2 || bytes[0] === 3) {
        bytes[5 + 16] ^= 1;
        message.data = btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
      }
    }
    send.call(this, JSON.stringify(message));
  };
}

/** One bit of a sealed record. */
function changeSealed () {
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (/** @type {any} */ data) {
    const message = JSON.parse(String(data));
    if (message.type === 'relay') {
      const bytes = Uint8Array.from(atob(message.data.replaceAll('-', '+').replaceAll('_', '/')), c => c.charCodeAt(0));
      if (bytes[0] === 5) {
        bytes[40] ^= 1;
        message.data = btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
      }
    }
    send.call(this, JSON.stringify(message));
  };
}

/** The offer that is sent names another certificate than the one that was revealed, and is sealed by who may. */
function changeDescription () {
  const flip = (/** @type {any} */ description) => ({
    type: description.type,
    sdp: description.sdp.replace(/(a=fingerprint:sha-256 )(..)/gi, (/** @type {string} */ _, /** @type {string} */ head, /** @type {string} */ byte) =>
      head + (parseInt(byte, 16) ^ 1).toString(16).padStart(2, '0').toUpperCase()),
  });
  const { createOffer, setLocalDescription } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.createOffer = async function (/** @type {any[]} */ ...options) {
    const offer = await Reflect.apply(createOffer, this, options);
    return /m=audio/.test(offer.sdp) ? flip(offer) : offer;
  };
  RTCPeerConnection.prototype.setLocalDescription = function (/** @type {any} */ description) {
    return Reflect.apply(setLocalDescription, this, [description?.type === 'offer' ? flip(description) : description]);
  };
}

/** @type {[string, () => void, RegExp][]} */
const FORGERIES = [
  ['a fingerprint in a reveal', changeReveal, /a key was exchanged for another|somebody on the way tried to listen|could not verify/],
  ['a sealed record', changeSealed, /a sealed message was changed|could not verify/],
  ['the fingerprint in a well sealed description', changeDescription, /the fingerprint is not the one that was agreed on|could not verify/],
];

/**
 * @param {import('puppeteer-core').Browser} second
 * @param {() => void} forgery in the second one's page, on what leaves it
 * @param {RegExp} sentence
 */
async function failsVerified (second, forgery, sentence) {
  const room = await server.now.createRoom();
  const ann = await Visitor.join(browser, room.join_url, 'Ann');
  const ben = await Visitor.join(second, room.join_url, 'Ben', forgery);
  try {
    await Promise.all([ann.reads(sentence), ben.reads(sentence)]);
    await sleep(1500);
    for (const visitor of [ann, ben]) {
      const { frames, energy, bytesIn, bytesOut, connected } = await visitor.traffic();
      assert.deepEqual({ frames, energy, bytesIn, bytesOut, connected }, { frames: 0, energy: 0, bytesIn: 0, bytesOut: 0, connected: 0 });
    }
  } finally {
    await ann.close();
    await ben.close();
  }
}

for (const [what, forgery, sentence] of FORGERIES) {
  test(`changed on the way: ${what}, Chromium`, { timeout: 90_000 }, () => failsVerified(browser, forgery, sentence));
  test(`changed on the way: ${what}, Firefox`, { timeout: 90_000 }, () => failsVerified(fox, forgery, sentence));
}

test('the same two without a forgery do meet', { timeout: 90_000 }, async () => {
  const room = await server.now.createRoom();
  const ann = await Visitor.join(browser, room.join_url, 'Ann');
  const ben = await Visitor.join(browser, room.join_url, 'Ben');
  try {
    await until('media flows', async () => (await ann.traffic()).frames > 0 && (await ben.traffic()).frames > 0);
  } finally {
    await ann.close();
    await ben.close();
  }
});
