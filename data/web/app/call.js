// What a person does in a meeting with microphone, camera and screen: joins the devices to the meeting.
// Control bar, shortcuts and menus all act through it, so that a key and a button can never differ.

import { ConclaveError, errorText } from '../core/errors.js';
import { t } from '../core/i18n.js';
import { notices } from './notices.js';
import { rememberOn } from './preferences.js';

const LOUD = 0.45; // a voice, not the noise of a room (core/README.md)
const LOUD_TIMES = 8;
const REMIND_MS = 30_000;

/** @typedef {import('../core/meeting.js').Meeting} Meeting */
/** @typedef {import('../core/devices.js').Devices} Devices */

export class Call {
  #meeting;
  #devices;
  #talking = false;
  #loud = 0;
  #remindedAt = 0;

  /** @param {Meeting} meeting @param {Devices} devices */
  constructor(meeting, devices) {
    this.#meeting = meeting;
    this.#devices = devices;
    devices.addEventListener('change', this.#onDevices);
    devices.addEventListener('level', this.#onLevel);
  }

  dispose() {
    this.#devices.removeEventListener('change', this.#onDevices);
    this.#devices.removeEventListener('level', this.#onLevel);
  }

  /** Who only watches sends nothing. */
  get sends() {
    return this.#meeting.self?.stage ?? true;
  }

  /** Who does not want to be recorded sends nothing while it records. */
  get silenced() {
    return this.#meeting.recording.silenced;
  }

  /** Says why not, where somebody is silenced. */
  #mayStart() {
    if (this.silenced)
      notices.toast(t("You are not recorded, so your microphone, camera and screen are off. To use them, let yourself be recorded."), { bad: true });
    return this.sends && !this.silenced;
  }

  get microphone() {
    return this.#meeting.self?.mic ?? false;
  }

  get camera() {
    return this.#meeting.self?.camera ?? false;
  }

  get screen() {
    return this.#meeting.self?.screen ?? false;
  }

  /** @param {boolean} [on] the other state where it is left out */
  async setMicrophone(on = !this.microphone) {
    if (!(on ? this.#mayStart() : this.sends))
      return;
    if (on && !this.#devices.microphone.track)
      await this.#devices.startMicrophone();
    if (!this.sends || this.silenced) { // sent back to watching while the browser asked
      this.#devices.stopMicrophone();
      return;
    }
    const { track, error } = this.#devices.microphone;
    if (on && !track)
      notices.toast(errorText(error ?? 'device-failed'), { bad: true });
    else
      this.#meeting.setMicrophone(on ? track : null);
    rememberOn('microphone', this.microphone);
  }

  async toggleCamera() {
    if (!(this.camera ? this.sends : this.#mayStart()))
      return;
    if (this.camera) {
      this.#meeting.setCamera(null);
      this.#devices.stopCamera();
      rememberOn('camera', false);
      return;
    }
    await this.#devices.startCamera();
    if (!this.sends || this.silenced) {
      this.#devices.stopCamera();
      return;
    }
    const { track, error } = this.#devices.camera;
    rememberOn('camera', track !== null);
    if (track)
      this.#meeting.setCamera(track);
    else
      notices.toast(errorText(error ?? 'device-failed'), { bad: true });
  }

  get canShare() {
    return this.#devices.canShareScreen;
  }

  get hand() {
    return (this.#meeting.self?.hand ?? 0) > 0;
  }

  toggleHand() {
    void this.#meeting.raiseHand(!this.hand);
  }

  /** Nothing may be sent: the lights of the devices go out. */
  stopAll() {
    this.#talking = false;
    this.#devices.stopMicrophone();
    this.#devices.stopCamera();
  }

  /** A host has turned something off. @param {'microphone' | 'camera' | 'screen'} what */
  stopped(what) {
    if (what === 'camera')
      this.#devices.stopCamera();
    if (what !== 'screen')
      rememberOn(what, false);
  }

  async toggleScreen() {
    if (!(this.screen ? this.sends : this.#mayStart()))
      return;
    if (this.screen) {
      this.#meeting.setScreen(null);
      return;
    }
    try {
      const tracks = await this.#devices.openScreen();
      if (tracks && this.sends && !this.silenced)
        this.#meeting.setScreen(tracks);
      else if (tracks)
        [tracks.video, tracks.audio].forEach(track => track?.stop());
    } catch (error) {
      notices.toast(errorText(error instanceof ConclaveError ? error.id : 'screen-failed'), { bad: true });
    }
  }

  /** Push-to-talk: on for as long as the key is down, where the microphone is off. */
  async startTalking() {
    if (this.microphone || this.#talking)
      return;
    this.#talking = true;
    await this.setMicrophone(true);
    if (!this.#talking) // the key went up while the browser asked
      void this.setMicrophone(false);
  }

  stopTalking() {
    if (!this.#talking)
      return;
    this.#talking = false;
    void this.setMicrophone(false);
  }

  /** @param {Event} event */
  #onDevices = event => {
    const replaced = /** @type {CustomEvent} */ (event).detail?.replaced;
    if (replaced === 'microphone' && this.microphone)
      this.#meeting.setMicrophone(this.#devices.microphone.track);
    if (replaced === 'camera' && this.camera)
      this.#meeting.setCamera(this.#devices.camera.track);
  };

  /** Whoever talks into a microphone that is off is told so, at most every half minute. */
  #onLevel = () => {
    this.#loud = this.sends && !this.silenced && !this.microphone && this.#devices.level > LOUD ? this.#loud + 1 : 0;
    const now = Date.now();
    if (this.#loud < LOUD_TIMES || now - this.#remindedAt < REMIND_MS)
      return;
    this.#remindedAt = now;
    notices.toast(t("Your microphone is off. Press M to turn it on."));
  };
}
