// The conclave-media behind a page: found by the UDP port that the page's connection leads to.
import { execFileSync } from 'node:child_process';
import { until } from './until.mjs';

/** @returns {Promise<number>} */
async function remotePort () {
  const { peers } = /** @type {{ peers: RTCPeerConnection[] }} */ (/** @type {any} */ (globalThis).conclaveProbe);
  for (const peer of peers.filter(({ connectionState }) => connectionState === 'connected')) {
    const port = /^a=candidate:\S+ 1 udp \d+ \S+ (\d+) /im.exec(peer.remoteDescription?.sdp ?? '')?.[1];
    if (port)
      return Number(port);
  }
  return 0;
}

/** The server's UDP port of a visitor's meeting. @param {import('./visitor.mjs').Visitor} visitor */
export function mediaPort (visitor) {
  return until(`${visitor.name} is connected`, () => visitor.page.evaluate(remotePort));
}

/** The process that holds it; the daemon has the socket, too. @param {number} port */
export function processAt (port) {
  const pid = /"conclave-media",pid=(\d+)/.exec(execFileSync('ss', ['-Huanp', `( sport = :${port} )`], { encoding: 'utf8' }))?.[1];
  if (!pid)
    throw new Error(`nobody but the daemon has port ${port}`);
  return Number(pid);
}
