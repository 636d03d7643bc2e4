// Stands in for core/devices.js in the demo: same surface (core/README.md), drawn pictures, no real device.

import { drawnTrack } from './picture.js';
import { text } from './state.js';

export class Devices extends EventTarget {
  microphone = { track: null, error: null, deviceId: '', label: '' };
  camera = { track: null, error: null, deviceId: '', label: '' };
  speaker = { deviceId: 's1', label: 'Desk speakers', selectable: true };
  microphones = [];
  cameras = [];
  speakers = [{ deviceId: 's1', label: 'Desk speakers' }, { deviceId: 's2', label: 'Headset' }];
  level = 0;
  canShareScreen = text('noshare') === null;

  async open() {
    if (text('asking') !== null)
      await new Promise(() => {});
    if (text('microphone') !== 'no-device')
      this.microphones = [{ deviceId: 'm1', label: 'Desk microphone' }, { deviceId: 'm2', label: 'Headset microphone (a rather long name of a device)' }];
    if (text('camera') !== 'no-device')
      this.cameras = [{ deviceId: 'c1', label: 'Integrated camera' }];
    await this.startMicrophone();
    await this.startCamera();
    setInterval(() => {
      this.level = this.microphone.track ? 0.3 + 0.3 * Math.random() : 0;
      this.dispatchEvent(new CustomEvent('level'));
    }, 66);
  }

  async startMicrophone() {
    const error = text('microphone');
    this.microphone = error
      ? { track: null, error, deviceId: '', label: '' }
      : { track: new AudioContext().createMediaStreamDestination().stream.getAudioTracks()[0], error: null, deviceId: 'm1', label: 'Desk microphone' };
    this.#changed();
  }

  stopMicrophone() {
    this.microphone = { ...this.microphone, track: null };
    this.#changed();
  }

  async startCamera() {
    const error = text('camera');
    this.camera = error
      ? { track: null, error, deviceId: '', label: '' }
      : { track: drawnTrack(0, 'person'), error: null, deviceId: 'c1', label: 'Integrated camera' };
    this.#changed();
  }

  stopCamera() {
    this.camera.track?.stop();
    this.camera = { ...this.camera, track: null };
    this.#changed();
  }

  async chooseMicrophone(deviceId) {
    this.microphone = { ...this.microphone, deviceId };
    this.#changed();
  }

  async chooseCamera(deviceId) {
    this.camera = { ...this.camera, deviceId };
    this.#changed();
  }

  async chooseSpeaker(deviceId) {
    this.speaker = { ...this.speaker, deviceId };
    this.#changed();
  }

  routeTo() {}

  async playTone() {}

  async openScreen() {
    return { video: drawnTrack(0, 'slide'), audio: null };
  }

  close() {
    this.stopCamera();
  }

  #changed() {
    this.dispatchEvent(new CustomEvent('change', { detail: { replaced: null } }));
  }
}
