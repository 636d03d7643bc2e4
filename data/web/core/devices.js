// Microphone, camera, speaker and screen of this browser: opening them with errors that can be explained, following
// what is plugged in and out, levels, and the choices of last time. Knows nothing of meetings.

/** @typedef {'denied' | 'no-device' | 'in-use' | 'insecure' | 'device-failed'} DeviceError */
/** @typedef {{ deviceId: string, label: string }} DeviceChoice */
/** @typedef {{ track: MediaStreamTrack | null, error: DeviceError | null, deviceId: string, label: string }} Source */

/** Events: change, level (README.md). */
export class Devices extends EventTarget {
  constructor() {
    super();
    /** @type {Source} */
    this.microphone = { track: null, error: null, deviceId: '', label: '' };
    /** @type {Source} */
    this.camera = { track: null, error: null, deviceId: '', label: '' };
    this.speaker = { deviceId: '', label: '', selectable: false };
    /** @type {DeviceChoice[]} */
    this.microphones = [];
    /** @type {DeviceChoice[]} */
    this.cameras = [];
    /** @type {DeviceChoice[]} */
    this.speakers = [];
    /** 0…1 */
    this.level = 0;
  }

  get canShareScreen() {
    return typeof navigator.mediaDevices?.getDisplayMedia === 'function';
  }

  /** Asks for both at once; never rejects, see `error` of each. @param {{ microphone: boolean, camera: boolean }} wanted */
  async open(wanted) {
    void wanted;
  }

  async startMicrophone() {}
  stopMicrophone() {}
  async startCamera() {}
  stopCamera() {}

  /** @param {string} deviceId */
  async chooseMicrophone(deviceId) {
    void deviceId;
  }

  /** @param {string} deviceId */
  async chooseCamera(deviceId) {
    void deviceId;
  }

  /** @param {string} deviceId */
  async chooseSpeaker(deviceId) {
    void deviceId;
  }

  /** Plays an element through the chosen speaker, now and after later choices. @param {HTMLMediaElement} element */
  routeTo(element) {
    void element;
  }

  /** A short tone through the chosen speaker. */
  async playTone() {}

  /** @returns {Promise<{ video: MediaStreamTrack, audio: MediaStreamTrack | null } | null>} null where the picker was closed */
  async openScreen() {
    return null;
  }

  /** Ends every track and stops following. */
  close() {}
}
