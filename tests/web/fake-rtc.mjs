// As much of RTCPeerConnection as the client uses: descriptions with fingerprints and ICE generations, connections that come about
// when both ends hold each other's descriptions, data channel 0, senders. `FakeNetwork` holds the ends and can be blocked.

const KINDS = ['audio', 'video', 'video', 'audio'];

export class FakeNetwork {
  ends = new Map();
  blocked = false;
  /** May change what goes over data channel 0. */
  onChannel = bytes => bytes;
  /** All calls of setRemoteDescription, and tracks that were attached. */
  log = [];
  #next = 1;

  ufrag() {
    return `u${this.#next++}`;
  }

  /** A class like RTCPeerConnection on this network. */
  get PeerConnection() {
    const network = this;
    return class extends FakePeerConnection {
      constructor(configuration) {
        super(network, configuration);
      }
      static async generateCertificate() {
        return { fingerprint: crypto.getRandomValues(new Uint8Array(32)) };
      }
    };
  }
}

class FakeChannel {
  readyState = 'connecting';
  binaryType = '';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  onbufferedamountlow = null;
  onopen = null;
  onclose = null;
  onmessage = null;
  other = null;
  network = null;

  send(bytes) {
    if (this.readyState !== 'open')
      throw new Error('not open');
    const copy = this.network.onChannel(Uint8Array.from(bytes), this.id);
    queueMicrotask(() => this.other?.onmessage?.({ data: copy.buffer }));
  }

  close() {
    this.shut();
  }

  shut() {
    if (this.readyState === 'closed')
      return;
    this.readyState = 'closed';
    queueMicrotask(() => this.onclose?.());
    this.other?.shut();
  }
}

class FakeSender {
  track = null;
  parameters = { encodings: [{}] };
  constructor(network, kind) {
    this.network = network;
    this.kind = kind;
  }
  async replaceTrack(track) {
    this.track = track;
    if (track)
      this.network.log.push(`attach ${track.id}`);
  }
  getParameters() { return this.parameters; }
  async setParameters(parameters) { this.parameters = parameters; }
  setStreams() {}
}

const transceiver = (network, kind) => ({
  sender: new FakeSender(network, kind),
  receiver: { track: { kind, id: `remote ${kind}` }, getSynchronizationSources: () => [] },
  direction: 'recvonly',
});

class FakePeerConnection {
  connectionState = 'new';
  signalingState = 'stable';
  onconnectionstatechange = null;
  onicecandidate = null;
  #network;
  #fingerprint;
  #transceivers = [];
  /** By id. @type {Map<number, FakeChannel>} */ #channels = new Map();
  #local = null;
  #remote = null;

  constructor(network, { certificates } = {}) {
    this.#network = network;
    this.#fingerprint = certificates?.[0].fingerprint ?? new Uint8Array(32);
  }

  get channels() { return this.#channels; }
  get fingerprint() { return this.#fingerprint; }
  get local() { return this.#local; }
  get remote() { return this.#remote; }

  createDataChannel(name, { id = 0 } = {}) {
    const channel = new FakeChannel();
    channel.id = id;
    channel.network = this.#network;
    this.#channels.set(id, channel);
    return channel;
  }
  getConfiguration() { return {}; }
  setConfiguration() {}
  getTransceivers() { return this.#transceivers; }
  async getStats() { return new Map(); }
  async addIceCandidate() {}

  addTransceiver(kind) {
    this.#transceivers.push(transceiver(this.#network, kind));
    return this.#transceivers.at(-1);
  }

  #sdp(ufrag) {
    const hex = Array.from(this.#fingerprint, byte => byte.toString(16).padStart(2, '0').toUpperCase()).join(':');
    return ['v=0', `a=fingerprint:sha-256 ${hex}`, `a=ice-ufrag:${ufrag}`, ...KINDS.map(kind => `m=${kind} 9 x`), 'm=application 9 x', ''].join('\r\n');
  }

  async createOffer({ iceRestart = false } = {}) {
    const old = /ufrag:(\w+)/.exec(this.#local?.sdp ?? '')?.[1];
    return { type: 'offer', sdp: this.#sdp(old && !iceRestart ? old : this.#network.ufrag()) };
  }

  async createAnswer() {
    return { type: 'answer', sdp: this.#sdp(this.#network.ufrag()) };
  }

  async setLocalDescription(description) {
    if (this.signalingState === 'closed')
      throw new DOMException('closed', 'InvalidStateError');
    if (description.type === 'rollback') {
      this.signalingState = 'stable';
      return;
    }
    this.#local = description;
    this.signalingState = description.type === 'offer' ? 'have-local-offer' : 'stable';
    this.#network.ends.set(/ufrag:(\w+)/.exec(description.sdp)[1], this);
    queueMicrotask(() => this.onicecandidate?.({ candidate: { candidate: `candidate:${description.type}`, sdpMid: '0' } }));
    this.#tryConnect();
  }

  async setRemoteDescription(description) {
    this.#network.log.push(`remote ${description.type}`);
    if (this.signalingState === 'closed')
      throw new DOMException('closed', 'InvalidStateError');
    this.#remote = description;
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
    if (description.type === 'offer' && this.#transceivers.length === 0)
      this.#transceivers = KINDS.map(kind => transceiver(this.#network, kind));
    this.#tryConnect();
  }

  #tryConnect() {
    const other = this.#network.ends.get(/ufrag:(\w+)/.exec(this.#remote?.sdp ?? '')?.[1]);
    const both = other && this.signalingState === 'stable' && other.signalingState === 'stable' && other.remote?.sdp === this.#local?.sdp;
    if (!both || this.#network.blocked)
      return;
    for (const [end, far] of [[this, other], [other, this]]) {
      for (const [id, channel] of end.channels) {
        channel.other = far.channels.get(id) ?? null;
        channel.readyState = 'open';
      }
    }
    for (const end of [this, other]) {
      end.change('connected');
      queueMicrotask(() => end.channels.forEach(channel => channel.onopen?.()));
    }
  }

  change(state) {
    if (this.connectionState === state || this.connectionState === 'closed')
      return;
    this.connectionState = state;
    queueMicrotask(() => this.onconnectionstatechange?.());
  }

  close() {
    this.connectionState = 'closed';
    this.signalingState = 'closed';
    this.#channels.forEach(channel => channel.shut());
  }
}
