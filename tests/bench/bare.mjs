// What browsers themselves can do, for comparison: bytes over a bare data channel from page to page, in records as long as ours, each page in a browser of its own.
// `namespace node bare.mjs BROWSER BYTES` prints {seconds, cpu}: from the first record that comes to the last, and what all processes used meanwhile, in s.
import { chromium, closeAll, firefox } from '../browser/lib/browsers.mjs';
import { Server } from '../browser/lib/server.mjs';
import { LONG_RECORD } from '../../data/web/core/sealed-channel.js';
import { everybody } from './usage.mjs';

/** In both pages. */
function prepare () {
  const connection = new RTCPeerConnection();
  const channel = connection.createDataChannel('bare', { negotiated: true, id: 1 });
  channel.binaryType = 'arraybuffer';
  const opened = new Promise(resolve => { channel.onopen = () => resolve(); });
  const described = () => new Promise(resolve => {
    const look = () => connection.iceGatheringState === 'complete' && resolve(connection.localDescription.sdp);
    connection.onicegatheringstatechange = look;
    look();
  });
  Object.assign(globalThis, { connection, channel, opened, described });
}

/** In the page that makes the offer, or answers one. @param {string | null} sdp */
async function describe (sdp) {
  const { connection, described } = /** @type {any} */ (globalThis);
  if (sdp)
    await connection.setRemoteDescription({ type: 'offer', sdp });
  await connection.setLocalDescription();
  return described();
}

/** @param {number} bytes @returns {Promise<number>} s */
function receive (bytes) {
  const { channel } = /** @type {any} */ (globalThis);
  let sum = 0, began = 0;
  return new Promise(resolve => {
    channel.onmessage = ({ data }) => {
      began ||= performance.now();
      sum += data.byteLength;
      if (sum >= bytes)
        resolve((performance.now() - began) / 1000);
    };
  });
}

/** @param {number} bytes @param {number} record */
async function send (bytes, record) {
  const { channel } = /** @type {any} */ (globalThis);
  channel.bufferedAmountLowThreshold = 512 * 1024;
  const data = new Uint8Array(record);
  for (let sent = 0; sent < bytes; sent += record) {
    channel.send(data);
    if (channel.bufferedAmount > 1024 * 1024)
      await new Promise(resolve => { channel.onbufferedamountlow = resolve; });
  }
}

const [launcher, bytes] = process.argv.slice(2);
const server = await Server.start();
try {
  const pages = [];
  for (let i = 0; i < 2; i++) {
    const browser = await (launcher === 'firefox' ? firefox : chromium)();
    const page = await (await browser.createBrowserContext()).newPage();
    await page.goto(server.url);
    await page.evaluate(prepare);
    pages.push(page);
  }
  const [one, other] = pages;
  const answer = await other.evaluate(describe, await one.evaluate(describe, null));
  await one.evaluate(sdp => /** @type {any} */ (globalThis).connection.setRemoteDescription({ type: 'answer', sdp }), answer);
  await Promise.all(pages.map(page => page.evaluate(() => /** @type {any} */ (globalThis).opened)));
  const before = everybody();
  const received = other.evaluate(receive, Number(bytes));
  await other.evaluate(() => null); // so that it listens
  await one.evaluate(send, Number(bytes), LONG_RECORD);
  console.log(JSON.stringify({ seconds: await received, cpu: everybody() - before }));
} finally {
  await closeAll();
  await server.stop();
}
