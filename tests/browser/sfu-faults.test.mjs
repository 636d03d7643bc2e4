// What goes wrong around a Boardroom: lost packets, a media process that dies or hangs, another network, a page that sends nonsense.
// People go on or come back by themselves; whom it does not concern notices nothing.
import assert from 'node:assert/strict';
import { afterEach, before, test } from 'node:test';
import { chromium, firefox } from './lib/browsers.mjs';
import { mediaPort, processAt } from './lib/media-process.mjs';
import { counted, losePackets, restore, strandFlows } from './lib/network.mjs';
import { Server } from './lib/server.mjs';
import { serverForFile } from './lib/suite.mjs';
import { sleep, until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

const LIVELY = { width: 320, height: 240, frameRate: 10 };
const FEW = 4; // frames in 5 s: a machine that is busy makes no more
const NOTICED = 10_000; // ms in which another network is noticed, and media come by it
const server = serverForFile();
/** @type {import('puppeteer-core').Browser} */
let chrome;
/** @type {import('puppeteer-core').Browser} */
let fox;
/** In Chromium and Firefox, in one room. @type {Visitor} */
let ann;
/** @type {Visitor} */
let ben;
let joinUrl = '';
/** In another room. @type {Visitor[]} */
let others;

/** In the page: what it shows once it was told that the media process is gone, before it is told of another one. */
function noteLosses () {
  /** @type {[media: string, told: boolean][]} */ const shown = [];
  Object.assign(globalThis, { shownWhenLost: shown });
  const Native = WebSocket;
  globalThis.WebSocket = class extends Native {
    /** @param {string | URL} url @param {string | string[]} [protocols] */
    constructor (url, protocols) {
      super(url, protocols);
      this.addEventListener('message', ({ data }) => {
        if (/"type":\s*"media"/.test(data) && /"state":\s*"lost"/.test(data))
          setTimeout(() => {
            const { dataset } = /** @type {HTMLElement} */ (document.querySelector('[data-media]') ?? document.body);
            shown.push([dataset.media ?? '', document.body.innerText.includes('Reconnecting')]);
          });
      });
    }
  };
}

before(async () => {
  chrome = await chromium();
  fox = await firefox();
  const room = await server.now.createRoom('Board meeting', 'boardroom');
  joinUrl = room.join_url;
  const another = await server.now.createRoom('Another', 'boardroom');
  ann = await Visitor.join(chrome, room.host_url, 'Ann', noteLosses, LIVELY);
  ben = await Visitor.join(fox, room.join_url, 'Ben', noteLosses, LIVELY);
  others = [await Visitor.join(chrome, another.host_url, 'Cem'), await Visitor.join(chrome, another.join_url, 'Dan')];
  await Promise.all([ann.sees(ben), ben.sees(ann), others[0].sees(others[1])]);
}, { timeout: 180_000 });

afterEach(restore);

/** Until both see and hear again what stopped at `start`, and how long that took. @param {number} start ms since 1970 */
async function comeBack (start) {
  return await Promise.all([ann, ben].map(async visitor => {
    const opened = (await visitor.samples()).findLast(({ at }) => at <= start)?.opened ?? 0;
    // By a new connection: what came by the former one may be shown a little later.
    const { at } = await until(`${visitor.name} sees and hears again`, async () =>
      (await visitor.samples()).find(sample => sample.opened > opened && sample.media === 'connected' && sample.frames > 0 && sample.energy > 0),
    { timeout: 40_000 });
    return at - start;
  }));
}

/** The longest time without a new frame, in ms. @param {Visitor} visitor @param {number} start */
async function longestGap (visitor, start) {
  let longest = 0, last = { at: start, frames: -1 };
  for (const sample of (await visitor.samples()).filter(({ at }) => at >= start)) {
    longest = Math.max(longest, sample.at - last.at);
    if (sample.frames > last.frames)
      last = sample;
  }
  return longest;
}

test('5 % lost both ways: frames go on coming, what is lost is sent again', { timeout: 120_000 }, async t => {
  const first = await Promise.all([ann, ben].map(async visitor => ({ ...await visitor.repairs(), frames: (await visitor.traffic()).frames })));
  losePackets(5);
  for (let i = 0, last = first.map(({ frames }) => frames); i < 3; i++) {
    await sleep(5000);
    const frames = await Promise.all([ann, ben].map(async visitor => (await visitor.traffic()).frames));
    assert.ok(frames.every((n, k) => n >= last[k] + FEW), `${last} then ${frames}`);
    last = frames;
  }
  for (const [i, visitor] of [ann, ben].entries()) {
    const now = await until(`${visitor.name} has asked and was asked`, async () => {
      const { asked, came, wanted, sent } = await visitor.repairs();
      const { frames: _, ...before } = first[i];
      // Firefox does not count what came again.
      if (asked <= before.asked || (visitor === ann && came <= before.came) || wanted <= before.wanted || sent <= before.sent)
        throw new Error(JSON.stringify([before, { asked, came, wanted, sent }]));
      return { asked, came, wanted, sent };
    }, { timeout: 40_000 });
    t.diagnostic(`${visitor.name}: ${JSON.stringify(now)}`);
    await visitor.hears();
  }
  assert.ok(counted().lost > 10, 'packets were lost');
});

for (const [signal, what] of /** @type {const} */ ([['SIGKILL', 'killed'], ['SIGSTOP', 'stopped, and found out']])) {
  test(`the media process is ${what}: all see and hear each other again, another room notices nothing`, { timeout: 120_000 }, async t => {
    for (const visitor of [ann, ben, ...others])
      await visitor.watchMedia();
    await sleep(1000);
    const port = await mediaPort(ann);
    const pid = processAt(port);
    assert.notEqual(pid, processAt(await mediaPort(others[0])), 'each meeting has its own');
    const opened = await Promise.all(others.map(async visitor => (await visitor.traffic()).opened));
    const start = Date.now();
    process.kill(pid, signal);
    const [forAnn, forBen] = await comeBack(start);
    t.diagnostic(`${signal}: sees and hears again after ${forAnn} ms (Chromium), ${forBen} ms (Firefox)`);
    assert.notEqual(processAt(await mediaPort(ann)), pid, 'another process');
    assert.equal(await mediaPort(ann), port, 'at the same port');
    for (const visitor of [ann, ben]) {
      const shown = await visitor.page.evaluate(() => /** @type {{ shownWhenLost: unknown[] }} */ (/** @type {unknown} */ (globalThis)).shownWhenLost.splice(0));
      assert.deepEqual(shown, [['reconnecting', true]], `${visitor.name} was told as soon as it was known`);
    }
    await ann.sees(ben);
    await ben.sees(ann);
    await Promise.all([ann, ben].map(visitor => visitor.hears()));
    for (const [i, visitor] of others.entries()) {
      const gap = await longestGap(visitor, start);
      t.diagnostic(`${visitor.name} in another room: ${gap} ms without a frame at most`);
      assert.ok(gap < 2500, `${visitor.name}: ${gap} ms without a frame`);
      assert.ok((await visitor.samples()).every(({ media }) => media === 'connected'), `${visitor.name} stayed connected`);
      assert.equal((await visitor.traffic()).opened, opened[i]);
    }
  });
}

for (const [told, how] of /** @type {const} */ ([[true, 'browsers get errors'], [false, 'packets vanish']])) {
  test(`the network changes, ${how}: sound and picture come back by another way`, { timeout: 120_000 }, async t => {
    for (const visitor of [ann, ben])
      await visitor.watchMedia();
    await sleep(500);
    strandFlows(server.now.port, told);
    const start = Date.now();
    const [forAnn, forBen] = await comeBack(start);
    t.diagnostic(`sees and hears again after ${forAnn} ms (Chromium), ${forBen} ms (Firefox)`);
    // Two or three seconds; but never the time in which a browser or a socket would find out by itself.
    assert.ok(Math.max(forAnn, forBen) < NOTICED, `${forAnn} and ${forBen} ms`);
    await ann.sees(ben);
    await ben.sees(ann);
  });
}

/** In the page: lines of what it offers are spoilt on their way to the server, for as long as `spoilt` is there. */
function spoilOffers () {
  const Native = WebSocket;
  globalThis.WebSocket = class extends Native {
    /** @param {string} data */
    send (data) {
      const message = JSON.parse(data);
      const { spoilt } = /** @type {{ spoilt?: { name: string, value: string } }} */ (/** @type {unknown} */ (globalThis));
      if (message.type === 'offer' && spoilt)
        message.sdp = message.sdp.replace(new RegExp(`a=${spoilt.name}:.*`, 'g'), `a=${spoilt.name}:${spoilt.value}`);
      super.send(JSON.stringify(message));
    }
  };
}

test('a description that is nonsense is refused in words, and nobody else notices', { timeout: 120_000 }, async () => {
  const pid = processAt(await mediaPort(ann));
  const opened = await Promise.all([ann, ben].map(async visitor => (await visitor.traffic()).opened));
  for (const [browser, spoilt] of /** @type {const} */ ([[chrome, { name: 'ice-ufrag', value: 'x'.repeat(300) }], [fox, { name: 'fingerprint', value: 'sha-256 00:11' }]])) {
    const mallory = await Visitor.open(browser, joinUrl, 'Mallory', spoilOffers);
    await mallory.page.evaluate(how => { Object.assign(globalThis, { spoilt: how }); }, spoilt);
    await mallory.enter();
    await mallory.reads('The description of this media connection is not valid.');
    await mallory.page.evaluate(() => { Object.assign(globalThis, { spoilt: undefined }); });
    await mallory.press('Try again', '.banner button'); // the way in needs no reload
    await mallory.sees(ann);
    await ann.sees(mallory);
    await mallory.close();
  }
  assert.equal(processAt(await mediaPort(ann)), pid, 'the process lives');
  assert.deepEqual(await Promise.all([ann, ben].map(async visitor => (await visitor.traffic()).opened)), opened, 'nobody had to come back');
  await ann.sees(ben);
});

/** In the page: as behind a firewall that lets nothing but the relay through. */
function onlyRelay () {
  const Native = RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Native {
    /** @param {RTCConfiguration} [configuration] */
    constructor (configuration) {
      super({ ...configuration, iceTransportPolicy: 'relay' });
    }
  };
}

test('where only the relay is let through, every packet goes by coturn', { timeout: 120_000 }, async () => {
  const relaying = await Server.start({ turn: true });
  try {
    const room = await relaying.createRoom('Relayed', 'boardroom');
    const eve = await Visitor.join(chrome, room.host_url, 'Eve', onlyRelay);
    const fay = await Visitor.join(fox, room.join_url, 'Fay', onlyRelay);
    await eve.sees(fay);
    await fay.sees(eve);
    await Promise.all([eve, fay].map(visitor => visitor.hears()));
    for (const visitor of [eve, fay])
      await until(`${visitor.name} is relayed`, async () => {
        const { pairs } = await visitor.traffic();
        if (pairs.length === 0 || !pairs.every(pair => pair.startsWith('relay ')))
          throw new Error(String(pairs));
        return true;
      });
    await eve.close();
    await fay.close();
  } finally {
    await relaying.stop();
  }
});
