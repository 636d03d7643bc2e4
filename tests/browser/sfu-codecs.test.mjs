// A Boardroom whose cameras are sent as VP9 and as H.264: others decode them, in each size, and in slots that showed another codec before.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { chromium, firefox } from './lib/browsers.mjs';
import { serverForFile } from './lib/suite.mjs';
import { until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

const TWO_SIZES = { width: 640, height: 360, frameRate: 8 };
const BETWEEN = 400;
const server = serverForFile();
/** The host, who sends nothing, in Chromium. @type {Visitor} */
let cem;
/** @type {Visitor} */
let fay;
/** @type {Map<string, Visitor>} */
const senders = new Map();

/**
 * In the page: what is sent is of one codec only; what is received of all. Of VP9 Chromium makes layers within one stream where it is not
 * told that each size is one of its own.
 * @param {string} wanted
 */
function sendOnly (wanted) {
  const add = RTCPeerConnection.prototype.addTransceiver;
  RTCPeerConnection.prototype.addTransceiver = function (/** @type {string} */ kind, /** @type {RTCRtpTransceiverInit} */ init) {
    if (wanted === 'video/VP9')
      init.sendEncodings?.forEach(encoding => Object.assign(encoding, { scalabilityMode: 'L1T3' }));
    return add.call(this, kind, init);
  };
  const native = RTCRtpTransceiver.prototype.setCodecPreferences;
  RTCRtpTransceiver.prototype.setCodecPreferences = function (/** @type {RTCRtpCodec[]} */ codecs) {
    const kept = codecs.filter(({ mimeType }) => !mimeType.startsWith('video/') || mimeType === wanted || mimeType === 'video/rtx');
    native.call(this, this.direction === 'sendonly' ? kept : codecs);
  };
}

before(async () => {
  const chrome = await chromium();
  const fox = await firefox();
  const room = await server.now.createRoom('Codecs', 'boardroom');
  cem = await Visitor.join(chrome, room.host_url, 'Cem');
  fay = await Visitor.join(fox, room.join_url, 'Fay');
  for (const one of [cem, fay])
    await one.press('Stop video'); // there is enough to encode
  for (const name of ['VP8', 'VP9', 'H264']) {
    const visitor = await Visitor.open(chrome, room.join_url, name, null, TWO_SIZES);
    await visitor.page.evaluate(sendOnly, `video/${name}`);
    await visitor.enter();
    senders.set(name, visitor);
  }
}, { timeout: 180_000 });

/** The codecs of what is sent. @param {Visitor} visitor */
const sent = visitor => visitor.page.evaluate(async () => {
  const { peers } = /** @type {{ peers: RTCPeerConnection[] }} */ (/** @type {any} */ (globalThis).conclaveProbe);
  const report = await peers[peers.length - 1].getStats();
  /** @type {string[]} */
  const codecs = [];
  report.forEach(entry => {
    if (entry.type === 'outbound-rtp' && entry.kind === 'video' && entry.framesEncoded > 0)
      codecs.push(report.get(entry.codecId)?.mimeType);
  });
  return [...new Set(codecs)].join();
});

/** The codecs that have come in each m-line. @param {Visitor} visitor @returns {Promise<Record<string, string>>} */
const slots = visitor => visitor.page.evaluate(async () => {
  const { peers } = /** @type {{ peers: RTCPeerConnection[] }} */ (/** @type {any} */ (globalThis).conclaveProbe);
  const report = await peers[peers.length - 1].getStats();
  /** @type {Record<string, string>} */
  const found = {};
  report.forEach(entry => {
    if (entry.type === 'inbound-rtp' && entry.kind === 'video' && entry.framesDecoded > 0)
      found[entry.mid] = report.get(entry.codecId)?.mimeType;
  });
  return found;
});

test('what is sent as VP8, VP9 and H.264 is seen in Chromium; in Firefox, as far as it can', { timeout: 120_000 }, async () => {
  for (const [name, visitor] of senders) {
    await cem.sees(visitor);
    assert.equal(await sent(visitor), `video/${name}`);
    if (name !== 'H264')
      await fay.sees(visitor);
  }
  const here = await fay.page.evaluate(() => RTCRtpReceiver.getCapabilities('video')?.codecs.some(({ mimeType }) => mimeType === 'video/H264'));
  if (here)
    await fay.sees(/** @type {Visitor} */ (senders.get('H264')));
  else
    await until('Firefox says that it cannot show it', async () => {
      const tile = await fay.tile(await /** @type {Visitor} */ (senders.get('H264')).id());
      if (!/cannot/.test(tile?.text ?? ''))
        throw new Error(tile?.text);
      return true;
    });
});

for (const name of ['VP8', 'VP9', 'H264'])
  test(`another size and back: ${name}`, { timeout: 120_000 }, async () => {
    const visitor = /** @type {Visitor} */ (senders.get(name));
    const id = await visitor.id();
    /** @param {string} what @param {(width: number) => boolean} fits */
    const comes = (what, fits) => until(`the ${what} picture comes`, async () => {
      const { frames, width } = await cem.picture(id);
      if (frames === 0 || !fits(width))
        throw new Error(`${frames} frames, ${width} pixels`);
      return true;
    }, { timeout: 30_000 });
    await cem.page.bringToFront();
    try {
      await cem.pin('Cem (you)');
      await comes('small', width => width < BETWEEN);
      await cem.sees(visitor);
      await cem.pin(name);
      await comes('large', width => width > BETWEEN);
      await cem.sees(visitor);
      await cem.pin('Cem (you)');
      await comes('small', width => width < BETWEEN);
      await cem.sees(visitor);
    } finally {
      await cem.unpin();
    }
  });

test('one slot shows one codec after another', { timeout: 180_000 }, async () => {
  for (const visitor of senders.values())
    await visitor.press('Stop video');
  await until('nobody is seen', async () => !await cem.page.$('[data-participant]:not([data-self]).with-video'));
  /** @type {Set<string>} */
  const seen = new Set();
  for (const name of ['VP8', 'VP9', 'H264', 'VP8', 'H264', 'VP9', 'VP8']) {
    const visitor = /** @type {Visitor} */ (senders.get(name));
    await visitor.page.bringToFront();
    await visitor.press('Start video');
    await cem.sees(visitor);
    for (const [mid, codec] of Object.entries(await slots(cem)))
      seen.add(`${mid} ${codec}`);
    await visitor.page.bringToFront();
    await visitor.press('Stop video');
    await until(`${name} is seen no more`, async () => !await cem.page.$(`[data-participant="${await visitor.id()}"].with-video`));
  }
  const mids = [...seen].map(words => words.split(' ')[0]);
  assert.ok(mids.some(mid => mids.filter(other => other === mid).length === 3), `no slot had all three: ${[...seen]}`);
});

test('nothing went wrong in any page', async () => {
  for (const one of [cem, fay, ...senders.values()])
    assert.deepEqual([...one.errors, ...await one.violations()], [], one.name);
});
