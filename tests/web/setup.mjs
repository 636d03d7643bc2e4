// What a browser has and Node 18 may lack. Each test imports this file before anything of core/.

import { webcrypto } from 'node:crypto';

class FakeMediaStream extends EventTarget {
  #tracks = new Set();
  addTrack(track) { this.#tracks.add(track); }
  removeTrack(track) { this.#tracks.delete(track); }
  getTracks() { return [...this.#tracks]; }
  getAudioTracks() { return this.getTracks().filter(({ kind }) => kind === 'audio'); }
  getVideoTracks() { return this.getTracks().filter(({ kind }) => kind === 'video'); }
}

class FakeCustomEvent extends Event {
  constructor(type, { detail = null } = {}) {
    super(type);
    this.detail = detail;
  }
}

globalThis.crypto ??= webcrypto;
globalThis.CustomEvent ??= FakeCustomEvent;
globalThis.MediaStream ??= FakeMediaStream;
