// One RTCPeerConnection to the server's media process, negotiated once: microphone, camera, screen, screen audio, then slots
// that receive. Muting, sharing and whoever is in a slot never renegotiate. When one is made, and which slot shows whom, is
// decided by `sfu.js`; this file knows nothing of people or sockets.

import { CAMERA_ENCODINGS, SCREEN_ENCODINGS, cameraLayers, limitOffer } from './codecs.js';
import { configuration } from './transport.js';

/** @typedef {import('./transport.js').Ice} Ice */
/** @typedef {import('./transport.js').Tracks} Tracks */
/** @typedef {'camera' | 'screen'} Layered */

/** What is sent, in the order of the m-lines. @type {readonly { name: keyof Tracks, kind: 'audio' | 'video', encodings?: readonly RTCRtpEncodingParameters[] }[]} */
const SENT = [
  { name: 'microphone', kind: 'audio' },
  { name: 'camera', kind: 'video', encodings: CAMERA_ENCODINGS },
  { name: 'screen', kind: 'video', encodings: SCREEN_ENCODINGS },
  { name: 'screenAudio', kind: 'audio' },
];

/** What a camera is sent with where there is only one size. */
const WHOLE = 1_500_000;

/**
 * Whoever takes a size that this camera does not have gets the largest that it has.
 * @param {string[]} rids that there are, the largest last @param {readonly string[] | null} taken null: not known yet @returns {string[]}
 */
const sentLayers = (rids, taken) => (taken === null ? rids : taken.map(rid => (rids.includes(rid) ? rid : rids[rids.length - 1])));

/** Events: `state` of the connection. */
export class SfuTransport extends EventTarget {
  #pc;
  /** @type {Map<keyof Tracks, RTCRtpSender>} */ #senders = new Map();
  /** @type {RTCRtpTransceiver[]} */ #slots = [];
  /** What somebody takes; null: not known yet. @type {Record<Layered, readonly string[] | null>} */ #taken = { camera: null, screen: null };
  /** One after the other: each edit starts from the parameters that the one before it left. */
  #edits = Promise.resolve();

  /** @param {{ ice: Ice, audioSlots: number, videoSlots: number }} options */
  constructor({ ice, audioSlots, videoSlots }) {
    super();
    // Relays hide people from each other; from the server nobody hides, and where the direct way is blocked ICE finds a relay.
    this.#pc = new RTCPeerConnection(configuration({ ...ice, relay_only: false }));
    this.#pc.onconnectionstatechange = () => this.dispatchEvent(new Event('state'));
    for (const { name, kind, encodings } of SENT) {
      const transceiver = this.#add(kind, { direction: 'sendonly', ...(encodings && { sendEncodings: encodings.map(encoding => ({ ...encoding })) }) });
      this.#senders.set(name, transceiver.sender);
    }
    for (let i = 0; i < audioSlots + videoSlots; i++)
      this.#slots.push(this.#add(i < audioSlots ? 'audio' : 'video', { direction: 'recvonly' }));
    this.#prefer();
  }

  get state() {
    return this.#pc.connectionState;
  }

  /** Candidates are not waited for: the server learns this side's from its first packets. @returns {Promise<string>} SDP */
  async offer() {
    const description = await this.#pc.createOffer();
    await this.#pc.setLocalDescription(description);
    return description.sdp ?? '';
  }

  /** @param {string} sdp */
  async accept(sdp) {
    await this.#pc.setRemoteDescription({ type: 'answer', sdp });
  }

  /** @param {Tracks} tracks what is sent from now on */
  async attach(tracks) {
    const changes = [...this.#senders].map(([name, sender]) => (sender.track === tracks[name] ? null : sender.replaceTrack(tracks[name])));
    await Promise.allSettled(changes);
    this.#size();
  }

  /** Stops the sizes that nobody takes. @param {Layered} source @param {readonly string[]} rids those that somebody takes */
  setLayers(source, rids) {
    this.#taken[source] = rids;
    if (source === 'camera')
      this.#size();
    else
      this.#edit(source, ({ encodings }) => encodings.forEach(encoding => { encoding.active = rids.length > 0; }));
  }

  /** The camera's sizes: as it gives, and as somebody takes. */
  #size() {
    this.#edit('camera', ({ encodings }, track) => {
      const { width = 0, height = 0 } = track?.getSettings() ?? {};
      const layers = encodings.length > 1 ? cameraLayers(width, height) : { [encodings[0]?.rid ?? '']: { scale: 1, bitrate: WHOLE } };
      const sent = sentLayers(Object.keys(layers), this.#taken.camera);
      for (const encoding of encodings) {
        const layer = layers[encoding.rid ?? ''];
        encoding.active = sent.includes(encoding.rid ?? '');
        if (layer)
          Object.assign(encoding, { scaleResolutionDownBy: layer.scale, maxBitrate: layer.bitrate });
      }
    });
  }

  /** Tracks of the audio slots, in the order of the m-lines. @returns {MediaStreamTrack[]} */
  get sounds() {
    return this.#slots.map(({ receiver }) => receiver.track).filter(({ kind }) => kind === 'audio');
  }

  /** @param {string} mid of a slot @returns {MediaStreamTrack | null} */
  track(mid) {
    return this.#slot(mid)?.receiver.track ?? null;
  }

  /** How loud an audio slot is now. @param {string} mid @returns {number} 0…1 */
  level(mid) {
    const levels = this.#slot(mid)?.receiver.getSynchronizationSources().map(({ audioLevel }) => audioLevel ?? 0) ?? [];
    return Math.max(0, ...levels);
  }

  /** @returns {Promise<RTCStatsReport>} */
  stats() {
    return this.#pc.getStats();
  }

  close() {
    for (const sender of this.#senders.values())
      void sender.replaceTrack(null).catch(() => {});
    this.#pc.onconnectionstatechange = null;
    this.#pc.close();
  }

  /** @param {string} mid */
  #slot(mid) {
    return this.#slots.find(slot => slot.mid === mid);
  }

  /** @param {'audio' | 'video'} kind @param {RTCRtpTransceiverInit} init */
  #add(kind, init) {
    const transceiver = this.#pc.addTransceiver(kind, init);
    limitOffer(transceiver, kind);
    return transceiver;
  }

  /** Voices go before pictures, and text keeps its lines. */
  #prefer() {
    this.#edit('microphone', ({ encodings: [encoding] }) => Object.assign(encoding ?? {}, { priority: 'high', networkPriority: 'high' }));
    this.#edit('screen', parameters => {
      parameters.degradationPreference = 'maintain-resolution';
    });
  }

  /** @param {keyof Tracks} name @param {(parameters: RTCRtpSendParameters, track: MediaStreamTrack | null) => void} edit */
  #edit(name, edit) {
    this.#edits = this.#edits.then(async () => {
      const sender = this.#senders.get(name);
      const parameters = sender?.getParameters();
      if (!sender || !parameters?.encodings)
        return;
      edit(parameters, sender.track);
      await sender.setParameters(parameters);
    }).catch(() => {
      // The connection was closed meanwhile, or the browser refuses a member: it then sends as it sees fit.
    });
  }
}
