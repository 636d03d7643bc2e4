// Functions that run inside the page; each must stand by itself, since only its text gets there.
// Knows the stable names (button labels, data-participant), nothing else of the page.

/**
 * Before the page's own scripts: small pictures, and a note of every peer connection and of every breach of the
 * content security policy.
 * @param {{ width: number, height: number, frameRate: number }} capture
 */
export function prepare (capture) {
  const probe = { peers: /** @type {RTCPeerConnection[]} */ ([]), violations: /** @type {string[]} */ ([]) };
  Object.assign(globalThis, { conclaveTest: capture, conclaveProbe: probe });
  const Native = RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Native {
    /** @param {RTCConfiguration} [configuration] */
    constructor (configuration) {
      super(configuration);
      probe.peers.push(this);
    }
  };
  addEventListener('securitypolicyviolation', event =>
    probe.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`), true);
}

/** The first visible thing of a kind with that accessible name. @param {string} selector @param {string} name */
export function find (selector, name) {
  const wordsOf = (/** @type {Element} */ element) => {
    const copy = /** @type {Element} */ (element.cloneNode(true));
    copy.querySelectorAll('[aria-hidden=true]').forEach(hidden => hidden.remove());
    return copy.textContent ?? '';
  };
  const nameOf = (/** @type {any} */ element) =>
    (element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? wordsOf(element)).trim();
  return [...document.querySelectorAll(selector)].find(element => nameOf(element) === name && element.checkVisibility()) ?? null;
}

/** Everyone who has a tile. */
export function people () {
  return [...document.querySelectorAll('[data-participant]')].map(element => ({
    id: element.getAttribute('data-participant') ?? '',
    self: element.hasAttribute('data-self'),
    label: element.getAttribute('aria-label') ?? element.textContent ?? '',
  }));
}

/**
 * What a video element shows now: frames decoded so far (of someone else's track), its size, and how much the picture's
 * brightness varies (a black or plain picture: 0).
 * @param {string} selector
 */
export async function picture (selector) {
  const video = /** @type {HTMLVideoElement | null} */ (document.querySelector(selector));
  const track = /** @type {MediaStream | null} */ (video?.srcObject ?? null)?.getVideoTracks()[0];
  if (!video || !video.videoWidth || !track)
    return { frames: 0, width: 0, height: 0, contrast: 0 };
  let frames = 0;
  for (const peer of /** @type {{ peers: RTCPeerConnection[] }} */ (/** @type {any} */ (globalThis).conclaveProbe).peers) {
    const receiver = peer.getReceivers().find(candidate => candidate.track.id === track.id);
    if (receiver)
      (await receiver.getStats()).forEach(entry => { frames += entry.type === 'inbound-rtp' ? entry.framesDecoded ?? 0 : 0; });
  }
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 32;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }));
  context.drawImage(video, 0, 0, 32, 32);
  const { data } = context.getImageData(0, 0, 32, 32);
  let low = 255, high = 0;
  for (let i = 0; i < data.length; i += 4) {
    const light = (data[i] + data[i + 1] + data[i + 2]) / 3;
    low = Math.min(low, light);
    high = Math.max(high, light);
  }
  return { frames, width: video.videoWidth, height: video.videoHeight, contrast: high - low };
}

/** All that may tell why no picture is seen: the elements, and what arrives on each connection. */
export async function evidence () {
  const { peers } = /** @type {{ peers: RTCPeerConnection[] }} */ (/** @type {any} */ (globalThis).conclaveProbe);
  const videos = [...document.querySelectorAll('[data-participant] video')].map(node => {
    const video = /** @type {HTMLVideoElement} */ (node);
    const tracks = /** @type {MediaStream | null} */ (video.srcObject)?.getTracks() ?? [];
    return [video.closest('[data-participant]')?.getAttribute('data-participant'), video.hidden ? 'hidden' : '',
      video.paused ? 'paused' : '', video.readyState, video.videoWidth, video.error?.message ?? '',
      tracks.map(track => `${track.kind} ${track.readyState} ${track.muted ? 'muted' : ''}`).join(', ')].join(' ');
  });
  const connections = await Promise.all(peers.map(async peer => {
    /** @type {string[]} */
    const streams = [];
    (await peer.getStats()).forEach(entry => {
      if (/^(in|out)bound-rtp$/.test(entry.type) && entry.kind === 'video')
        streams.push([entry.type, entry.mid, entry.bytesReceived ?? entry.bytesSent, entry.framesReceived ?? '', entry.framesDecoded ?? entry.framesEncoded,
          entry.keyFramesDecoded ?? '', entry.pliCount].join(' '));
    });
    return [peer.connectionState, peer.iceConnectionState, peer.signalingState, ...streams].join('; ');
  }));
  return JSON.stringify({ visible: document.visibilityState, videos, connections }, null, 1);
}

/** Sums over all peer connections: decoded frames, energy of the sound heard, bytes, and the candidate types in use. */
export async function traffic () {
  const { peers } = /** @type {{ peers: RTCPeerConnection[] }} */ (/** @type {any} */ (globalThis).conclaveProbe);
  const sum = { frames: 0, energy: 0, bytesIn: 0, bytesOut: 0, connected: 0, opened: peers.length, pairs: /** @type {string[]} */ ([]) };
  for (const peer of peers) {
    if (peer.connectionState === 'closed')
      continue;
    if (peer.connectionState === 'connected')
      sum.connected++;
    const report = await peer.getStats();
    report.forEach(entry => {
      if (entry.type === 'inbound-rtp') {
        sum.frames += entry.framesDecoded ?? 0;
        sum.energy += entry.totalAudioEnergy ?? 0;
        sum.bytesIn += entry.bytesReceived ?? 0;
      } else if (entry.type === 'outbound-rtp') {
        sum.bytesOut += entry.bytesSent ?? 0;
      } else if (entry.type === 'candidate-pair' && entry.nominated && entry.state === 'succeeded' && entry.selected !== false) {
        sum.pairs.push(`${report.get(entry.localCandidateId)?.candidateType} ${report.get(entry.remoteCandidateId)?.candidateType}`);
      }
    });
  }
  return sum;
}

/**
 * What was lost and sent again, summed over the connections that are open: `asked` and `came` of what this page
 * receives, `wanted` and `sent` of what it sends.
 */
export async function repairs () {
  const { peers } = /** @type {{ peers: RTCPeerConnection[] }} */ (/** @type {any} */ (globalThis).conclaveProbe);
  const sum = { asked: 0, came: 0, wanted: 0, sent: 0 };
  for (const peer of peers) {
    if (peer.connectionState === 'closed')
      continue;
    (await peer.getStats()).forEach(entry => {
      if (entry.type === 'inbound-rtp') {
        sum.asked += entry.nackCount ?? 0;
        sum.came += entry.retransmittedPacketsReceived ?? 0;
      } else if (entry.type === 'outbound-rtp') {
        sum.wanted += entry.nackCount ?? 0;
        sum.sent += entry.retransmittedPacketsSent ?? 0;
      }
    });
  }
  return sum;
}

/** How somebody's tile looks. @param {string} id */
export function tile (id) {
  const element = /** @type {HTMLElement | null} */ (document.querySelector(`[data-participant="${id}"]`));
  return element && {
    speaking: element.classList.contains('speaking'), large: element.classList.contains('large'), width: element.clientWidth,
    text: element.innerText,
  };
}

/**
 * Ten times a second: `media` as the page shows it, whether it says so in words, how many connections there were so far, and of
 * the last one the frames, how many streams have a picture, and the energy of the sound.
 */
export function watchMedia () {
  const probe = /** @type {{ peers: RTCPeerConnection[], samples: object[], watch: ReturnType<typeof setInterval> }} */ (/** @type {any} */ (globalThis).conclaveProbe);
  probe.samples = [];
  let busy = false;
  clearInterval(probe.watch);
  probe.watch = setInterval(async () => {
    if (busy)
      return;
    busy = true;
    const peer = probe.peers[probe.peers.length - 1];
    const sample = {
      at: Date.now(), media: /** @type {HTMLElement | null} */ (document.querySelector('[data-media]'))?.dataset.media ?? '',
      opened: probe.peers.length, frames: 0, pictures: 0, energy: 0,
    };
    // One that is being closed may answer with an error, or never.
    const late = new Promise(resolve => { setTimeout(() => resolve(new Map()), 1000); });
    const report = await Promise.race([peer.getStats().catch(() => new Map()), late]);
    /** @type {RTCStatsReport} */ (report).forEach(entry => {
      if (entry.type === 'inbound-rtp') {
        sample.frames += entry.framesDecoded ?? 0;
        sample.pictures += entry.framesDecoded > 0 ? 1 : 0;
        sample.energy += entry.totalAudioEnergy ?? 0;
      }
    });
    probe.samples.push(sample);
    busy = false;
  }, 100);
}

/**
 * What watchMedia() has noted.
 * @returns {{ at: number, media: string, opened: number, frames: number, pictures: number, energy: number }[]}
 */
export function samples () {
  return /** @type {any} */ (globalThis).conclaveProbe.samples;
}

/** The ICE servers of every peer connection. */
export function iceServers () {
  const { peers } = /** @type {{ peers: RTCPeerConnection[] }} */ (/** @type {any} */ (globalThis).conclaveProbe);
  return peers.flatMap(peer => (peer.getConfiguration().iceServers ?? []).flatMap(server => server.urls));
}

/** How many elements play someone else's sound now, unmuted. */
export function soundElements () {
  return [...document.querySelectorAll('video, audio')].filter(node => {
    const element = /** @type {HTMLMediaElement} */ (node);
    const stream = /** @type {MediaStream | null} */ (element.srcObject);
    return !element.muted && !element.paused && element.volume > 0 && stream?.getAudioTracks().some(track => track.readyState === 'live');
  }).length;
}
