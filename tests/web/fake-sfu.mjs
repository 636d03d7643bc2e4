// As much of RTCPeerConnection as a connection to the media server uses: transceivers with encodings and mids, an offer that
// names them, states that a test sets. `FakeSfuNetwork.all` holds every connection that was made.

const CODECS = {
  audio: [{ mimeType: 'audio/opus', sdpFmtpLine: 'minptime=10;useinbandfec=1' }, { mimeType: 'audio/red' }, { mimeType: 'audio/PCMU' }],
  video: [
    { mimeType: 'video/VP8' }, { mimeType: 'video/rtx' },
    { mimeType: 'video/H264', sdpFmtpLine: 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f' },
    { mimeType: 'video/H264', sdpFmtpLine: 'level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f' },
    { mimeType: 'video/H264', sdpFmtpLine: 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f' },
    { mimeType: 'video/AV1' }, { mimeType: 'video/VP9', sdpFmtpLine: 'profile-id=2' }, { mimeType: 'video/VP9', sdpFmtpLine: 'profile-id=0' },
    { mimeType: 'video/ulpfec' },
  ],
};

class FakeCapable {
  static getCapabilities(kind) {
    return { codecs: CODECS[kind] };
  }
}

class FakeSender {
  track = null;
  sets = [];
  constructor(encodings) {
    this.encodings = encodings ?? [{}];
  }
  async replaceTrack(track) { this.track = track; }
  getParameters() { return { encodings: this.encodings.map(encoding => ({ active: true, ...encoding })) }; }
  async setParameters(parameters) {
    this.encodings = parameters.encodings;
    this.sets.push(parameters);
  }
}

class FakeTransceiver {
  mid = null;
  codecs = [];
  extensions = [
    { uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', direction: 'sendrecv' },
    { uri: 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01', direction: 'sendrecv' },
    { uri: 'urn:ietf:params:rtp-hdrext:toffset', direction: 'sendrecv' },
  ];
  level = 0;
  constructor(kind, { direction, sendEncodings }, id) {
    this.kind = kind;
    this.direction = direction;
    this.sender = new FakeSender(sendEncodings);
    this.receiver = { track: { kind, id }, getSynchronizationSources: () => [{ audioLevel: this.level }] };
  }
  setCodecPreferences(codecs) { this.codecs = codecs; }
  getHeaderExtensionsToNegotiate() { return this.extensions; }
  setHeaderExtensionsToNegotiate(extensions) { this.extensions = extensions; }
}

export class FakeSfuNetwork {
  all = [];
  /** What getStats says. */
  report = new Map();

  /** The connection made last. */
  get last() {
    return this.all.at(-1);
  }

  install() {
    globalThis.RTCPeerConnection = this.PeerConnection;
    globalThis.RTCRtpSender = FakeCapable;
    globalThis.RTCRtpReceiver = FakeCapable;
  }

  get PeerConnection() {
    const network = this;
    return class {
      connectionState = 'new';
      onconnectionstatechange = null;
      transceivers = [];
      number = 0;
      local = null;
      remote = null;

      constructor(configuration) {
        this.configuration = configuration;
      }

      static async generateCertificate() {
        return {};
      }

      createDataChannel() {}

      addTransceiver(kind, init) {
        // One that was only made for its certificate has none.
        if (this.transceivers.length === 0)
          this.number = network.all.push(this);
        const transceiver = new FakeTransceiver(kind, init, `${this.number}.${this.transceivers.length}`);
        this.transceivers.push(transceiver);
        return transceiver;
      }

      async createOffer() {
        const lines = this.transceivers.map(({ kind, direction }) => `m=${kind} 9 x\r\na=${direction}`);
        const fingerprint = `a=fingerprint:sha-256 ${Array(32).fill('00').join(':')}`;
        return { type: 'offer', sdp: ['v=0', fingerprint, ...lines, ''].join('\r\n') };
      }

      async setLocalDescription(description) {
        this.local = description;
        this.transceivers.forEach((transceiver, i) => { transceiver.mid = String(i); });
      }

      async setRemoteDescription(description) {
        if (this.connectionState === 'closed')
          throw new Error('closed');
        this.remote = description;
      }

      async getStats() {
        return network.report;
      }

      /** As the browser would. @param {string} state */
      become(state) {
        this.connectionState = state;
        this.onconnectionstatechange?.();
      }

      close() {
        this.connectionState = 'closed';
      }
    };
  }
}
