// One RTCPeerConnection of a pair, in the layout of LINK-1.md: data channel 0, then microphone, camera, screen, screen audio.
// It refuses a remote description whose fingerprint is not the one given, and sends no track before `attach`. When that may
// happen is decided by `peer.js`; this file knows nothing of handshakes, relays or people.

import { applyLimits, cameraLimit, preferVoice, screenLimit } from './bitrate.js';
import { LinkError } from './link-error.js';
import { checkDescription, fingerprintOf } from './sdp.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {{ servers: RTCIceServer[], relay_only: boolean, expires: number }} Ice of PROTOCOL.md, section 4.3 */
/** @typedef {{ microphone: MediaStreamTrack | null, camera: MediaStreamTrack | null, screen: MediaStreamTrack | null, screenAudio: MediaStreamTrack | null }} Tracks */

/** @type {readonly (keyof Tracks)[]} */
const LAYOUT = ['microphone', 'camera', 'screen', 'screenAudio'];
const LAYOUT_KINDS = ['audio', 'video', 'video', 'audio'];
const MAX_CHANNEL_MESSAGE = 16 * 1024;

/**
 * A certificate for all pairs of a join, and its SHA-256 fingerprint.
 * @returns {Promise<{ certificate: RTCCertificate, fingerprint: Bytes }>}
 */
export async function makeCertificate() {
  const certificate = await RTCPeerConnection.generateCertificate(/** @type {EcKeyGenParams} */ ({ name: 'ECDSA', namedCurve: 'P-256' }));
  const pc = new RTCPeerConnection({ certificates: [certificate] });
  try {
    // From an offer, because not every browser has RTCCertificate.getFingerprints.
    pc.createDataChannel('');
    const { sdp } = await pc.createOffer();
    return { certificate, fingerprint: fingerprintOf(sdp ?? '') };
  } finally {
    pc.close();
  }
}

/** @param {Ice} ice @returns {RTCConfiguration} */
export const configuration = ice => ({
  iceServers: ice.servers,
  iceTransportPolicy: ice.relay_only ? 'relay' : 'all',
  bundlePolicy: 'max-bundle',
  rtcpMuxPolicy: 'require',
});

/**
 * Events: `candidate` {detail: RTCIceCandidate}, `message` {detail: Bytes} and `open` of data channel 0, `state` of the connection.
 */
export class Transport extends EventTarget {
  #pc;
  #channel;
  /** @type {RTCRtpTransceiver[]} */ #transceivers = [];
  #streams = { main: new MediaStream(), screen: new MediaStream() };
  #attached = false;
  /** Besides channel 0, in the order of their ids. @type {RTCDataChannel[]} */ #channels = [];

  /** @param {{ certificate: RTCCertificate, ice: Ice, channels?: readonly string[] }} options channels: names of those that there are besides channel 0 */
  constructor({ certificate, ice, channels = [] }) {
    super();
    this.#pc = new RTCPeerConnection({ ...configuration(ice), certificates: [certificate] });
    this.#channel = this.#pc.createDataChannel('link', { negotiated: true, id: 0 });
    this.#channel.binaryType = 'arraybuffer';
    this.#channels = channels.map((name, i) => {
      const channel = this.#pc.createDataChannel(name, { negotiated: true, id: i + 1 });
      channel.binaryType = 'arraybuffer';
      return channel;
    });
    this.#channel.onopen = () => this.dispatchEvent(new Event('open'));
    this.#channel.onclose = () => this.dispatchEvent(new Event('state'));
    this.#channel.onmessage = ({ data }) => this.#onMessage(data);
    this.#pc.onconnectionstatechange = () => this.dispatchEvent(new Event('state'));
    this.#pc.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate)
        this.dispatchEvent(new CustomEvent('candidate', { detail: candidate }));
    };
  }

  /** `closed` too where the peer closed its end. @returns {RTCPeerConnectionState} */
  get state() {
    return ['closing', 'closed'].includes(this.#channel.readyState) ? 'closed' : this.#pc.connectionState;
  }

  /** Data channel 0 can carry. */
  get open() {
    return this.#channel.readyState === 'open';
  }

  /** @param {number} id 1 or more */
  channel(id) {
    return this.#channels[id - 1];
  }

  /** J: the first offer. @returns {Promise<string>} SDP */
  async offer() {
    const { main, screen } = this.#streams;
    this.#transceivers = LAYOUT_KINDS.map((kind, i) => this.#pc.addTransceiver(kind, { direction: 'sendrecv', streams: [i < 2 ? main : screen] }));
    return this.#describeLocally(await this.#pc.createOffer());
  }

  /** J: new ways through the network for the same connection. @param {Ice} ice @returns {Promise<string>} SDP */
  async restartOffer(ice) {
    this.#refresh(ice);
    if (this.#pc.signalingState === 'have-local-offer')
      await this.#pc.setLocalDescription({ type: 'rollback' });
    return this.#describeLocally(await this.#pc.createOffer({ iceRestart: true }));
  }

  /**
   * P: takes an offer and answers it.
   * @param {string} sdp @param {Bytes} fingerprint authenticated @param {Ice} ice @returns {Promise<string>} SDP
   */
  async answer(sdp, fingerprint, ice) {
    checkDescription(sdp, fingerprint);
    if (this.#transceivers.length > 0)
      this.#refresh(ice);
    await this.#pc.setRemoteDescription({ type: 'offer', sdp });
    if (this.#transceivers.length === 0)
      this.#adoptTransceivers();
    return this.#describeLocally(await this.#pc.createAnswer());
  }

  /** J: @param {string} sdp @param {Bytes} fingerprint authenticated */
  async acceptAnswer(sdp, fingerprint) {
    checkDescription(sdp, fingerprint);
    await this.#pc.setRemoteDescription({ type: 'answer', sdp });
  }

  /** @param {RTCIceCandidateInit} candidate */
  async addCandidate(candidate) {
    try {
      await this.#pc.addIceCandidate(candidate);
    } catch {
      // Of an earlier generation, or of a kind that this browser does not know: others will do.
    }
  }

  /** @param {Bytes} bytes over data channel 0 */
  send(bytes) {
    this.#channel.send(bytes);
  }

  /** The peer's tracks. @returns {Tracks} */
  get received() {
    const [microphone, camera, screen, screenAudio] = this.#transceivers.map(({ receiver }) => receiver.track);
    return { microphone, camera, screen, screenAudio };
  }

  /** From now on these are sent. @param {Tracks} tracks @param {number} people in the meeting */
  async attach(tracks, people) {
    this.#attached = true;
    const changes = LAYOUT.map((name, i) => {
      const { sender } = this.#transceivers[i];
      return sender.track === tracks[name] ? null : sender.replaceTrack(tracks[name]);
    });
    await Promise.allSettled(changes);
    await this.limit(people);
  }

  /** @param {number} people */
  async limit(people) {
    if (!this.#attached)
      return;
    const [microphone, camera, screen] = this.#transceivers.map(({ sender }) => sender);
    await preferVoice(microphone);
    await applyLimits(camera, cameraLimit(people, screen.track !== null), { priority: 'low', degradation: 'balanced' });
    await applyLimits(screen, screenLimit(people), { priority: 'medium', degradation: 'maintain-resolution' });
  }

  /** The peer's loudness now. @returns {number} 0…1 */
  level() {
    const [microphone, , , screenAudio] = this.#transceivers;
    return Math.max(loudness(microphone?.receiver), loudness(screenAudio?.receiver) / 2);
  }

  /** @returns {Promise<RTCStatsReport>} */
  stats() {
    return this.#pc.getStats();
  }

  close() {
    for (const { sender } of this.#transceivers)
      void sender.replaceTrack(null).catch(() => {});
    this.#pc.onconnectionstatechange = null;
    this.#pc.onicecandidate = null;
    this.#channel.onopen = null;
    this.#channel.onclose = null;
    this.#channel.onmessage = null;
    this.#pc.close();
  }

  /** @param {RTCSessionDescriptionInit} description @returns {Promise<string>} */
  async #describeLocally(description) {
    await this.#pc.setLocalDescription(description);
    return description.sdp ?? '';
  }

  /** P's transceivers were made by the offer; they are those of the layout or nothing is sent. */
  #adoptTransceivers() {
    const transceivers = this.#pc.getTransceivers();
    if (transceivers.map(({ receiver }) => receiver.track.kind).join() !== LAYOUT_KINDS.join())
      throw new LinkError('link-malformed');
    for (const [i, transceiver] of transceivers.entries()) {
      transceiver.direction = 'sendrecv';
      transceiver.sender.setStreams?.(i < 2 ? this.#streams.main : this.#streams.screen);
    }
    this.#transceivers = transceivers;
  }

  /** New TURN credentials. @param {Ice} ice */
  #refresh(ice) {
    try {
      this.#pc.setConfiguration({ ...this.#pc.getConfiguration(), ...configuration(ice) });
    } catch {
      // A browser that cannot change it goes on with the old ones.
    }
  }

  /** @param {unknown} data */
  #onMessage(data) {
    if (data instanceof ArrayBuffer && data.byteLength <= MAX_CHANNEL_MESSAGE)
      this.dispatchEvent(new CustomEvent('message', { detail: new Uint8Array(data) }));
  }
}

/** @param {RTCRtpReceiver | undefined} receiver */
function loudness(receiver) {
  const levels = receiver?.getSynchronizationSources().map(({ audioLevel }) => audioLevel ?? 0) ?? [];
  return Math.max(0, ...levels);
}
