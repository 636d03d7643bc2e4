// Microphone, camera, speaker and screen of this browser: opening them with errors that can be explained, following
// what is plugged in and out, levels, and the choices of last time. Knows nothing of meetings.
// Tests set `globalThis.conclaveTest = { width, height, frameRate }` before this file is loaded.

import { ConclaveError } from './errors.js';
import { Meter, audioContext } from './meter.js';

/** @typedef {'blocked' | 'no-device' | 'in-use' | 'insecure' | 'device-failed'} DeviceError */
/** @typedef {{ deviceId: string, label: string }} DeviceChoice */
/** @typedef {{ track: MediaStreamTrack | null, error: DeviceError | null, deviceId: string, label: string }} Source */
/** @typedef {'microphone' | 'camera'} SourceName */
/** @typedef {{ microphone?: string, camera?: string, speaker?: string }} Choices ids of devices */

const STORAGE_KEY = 'conclave.devices';
const LEVEL_EVERY = 66;
const TONE = { notes: [523.25, 659.25, 783.99], length: 0.22, gain: 0.2 };
const KINDS = /** @type {const} */ ({ microphone: 'audioinput', camera: 'videoinput' });

/** Events: change, level (README.md). */
export class Devices extends EventTarget {
  /** @type {Choices} */ #choices = loadChoices();
  /** @type {Meter | null} */ #meter = null;
  /** @type {any} */ #levelTimer = null;
  /** @type {Set<WeakRef<HTMLMediaElement>>} */ #elements = new Set();
  /** One after the other: two requests at once would ask the person twice. */
  #queue = Promise.resolve();
  #closed = false;
  #onDeviceChange = () => void this.#follow();

  constructor() {
    super();
    /** @type {Source} */
    this.microphone = { track: null, error: null, deviceId: '', label: '' };
    /** @type {Source} */
    this.camera = { track: null, error: null, deviceId: '', label: '' };
    this.speaker = { deviceId: this.#choices.speaker ?? '', label: '', selectable: false };
    /** @type {DeviceChoice[]} */
    this.microphones = [];
    /** @type {DeviceChoice[]} */
    this.cameras = [];
    /** @type {DeviceChoice[]} */
    this.speakers = [];
    /** Of the microphone now, 0…1. */
    this.level = 0;
    navigator.mediaDevices?.addEventListener('devicechange', this.#onDeviceChange);
  }

  get canShareScreen() {
    return typeof navigator.mediaDevices?.getDisplayMedia === 'function';
  }

  /** Asks for both at once; never rejects, see `error` of each. @param {{ microphone: boolean, camera: boolean }} wanted */
  open({ microphone, camera }) {
    return this.#inTurn(async () => {
      const names = /** @type {SourceName[]} */ ([microphone && 'microphone', camera && 'camera'].filter(Boolean));
      if (names.length === 2)
        await this.#acquireBoth();
      else if (names.length === 1)
        await this.#acquire(names[0], this.#choices[names[0]]);
      this.#changed();
      void this.#list();
    });
  }

  startMicrophone() {
    return this.#start('microphone');
  }

  stopMicrophone() {
    this.#stop('microphone');
  }

  startCamera() {
    return this.#start('camera');
  }

  stopCamera() {
    this.#stop('camera');
  }

  /** @param {string} deviceId */
  chooseMicrophone(deviceId) {
    return this.#choose('microphone', deviceId);
  }

  /** @param {string} deviceId */
  chooseCamera(deviceId) {
    return this.#choose('camera', deviceId);
  }

  /** @param {string} deviceId */
  async chooseSpeaker(deviceId) {
    this.#remember({ speaker: deviceId });
    this.speaker.deviceId = deviceId;
    this.#labelSpeaker();
    await Promise.all(this.#routed().map(element => setSink(element, deviceId)));
    this.#changed();
  }

  /** Plays an element through the chosen speaker, now and after later choices. @param {HTMLMediaElement} element */
  routeTo(element) {
    if (this.#routed().includes(element))
      return;
    this.#elements.add(new WeakRef(element));
    if (this.speaker.deviceId)
      void setSink(element, this.speaker.deviceId);
  }

  /** A short tone through the chosen speaker. */
  async playTone() {
    const audio = audioContext();
    const destination = audio.createMediaStreamDestination();
    const element = new Audio();
    element.srcObject = destination.stream;
    await setSink(element, this.speaker.deviceId);
    await element.play();
    const end = TONE.notes.reduce((at, note) => playNote(audio, destination, note, at), audio.currentTime + 0.05);
    await new Promise(resolve => setTimeout(resolve, 1000 * (end - audio.currentTime) + 100));
    element.srcObject = null;
  }

  /**
   * @returns {Promise<{ video: MediaStreamTrack, audio: MediaStreamTrack | null } | null>} null where the picker was closed;
   *   rejects with `ConclaveError`
   */
  async openScreen() {
    if (!this.canShareScreen)
      throw new ConclaveError('screen-unsupported');
    const { width, height, frameRate = 30 } = testSettings();
    /** @type {DisplayMediaStreamOptions & Record<string, unknown>} */
    const options = {
      video: { frameRate: { max: frameRate }, ...(width && { width: { max: width } }), ...(height && { height: { max: height } }) },
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
      selfBrowserSurface: 'exclude',
      surfaceSwitching: 'include',
      systemAudio: 'include',
    };
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia(options);
      return { video: stream.getVideoTracks()[0], audio: stream.getAudioTracks()[0] ?? null };
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotAllowedError' && !/system/i.test(error.message))
        return null;
      throw new ConclaveError('screen-failed', error);
    }
  }

  /** Ends every track and stops following. */
  close() {
    this.#closed = true;
    navigator.mediaDevices?.removeEventListener('devicechange', this.#onDeviceChange);
    this.#release('microphone');
    this.#release('camera');
  }

  // ---- opening

  /** @param {SourceName} name */
  #start(name) {
    return this.#inTurn(async () => {
      if (this[name].track)
        return;
      await this.#acquire(name, this.#choices[name]);
      this.#changed();
      void this.#list();
    });
  }

  /** @param {SourceName} name */
  #stop(name) {
    this.#release(name);
    this[name].error = null;
    this.#changed();
  }

  /** @param {SourceName} name @param {string} deviceId */
  #choose(name, deviceId) {
    this.#remember({ [name]: deviceId });
    return this.#inTurn(async () => {
      if (this[name].track && this[name].deviceId === deviceId)
        return;
      // First away with the old one: some cameras and most phones open only one at a time.
      this.#release(name);
      await this.#acquire(name, deviceId);
      this.#changed(name);
    });
  }

  /** With one question to the person, if that works. */
  async #acquireBoth() {
    try {
      const stream = await getUserMedia({
        audio: constraintsFor('microphone', this.#choices.microphone),
        video: constraintsFor('camera', this.#choices.camera),
      });
      this.#adopt('microphone', stream.getAudioTracks()[0]);
      this.#adopt('camera', stream.getVideoTracks()[0]);
    } catch (error) {
      const denied = explain(error) === 'blocked';
      for (const name of /** @type {SourceName[]} */ (['microphone', 'camera'])) {
        if (denied && !await isGranted(name))
          this[name].error = 'blocked';
        else
          await this.#acquire(name, this.#choices[name]);
      }
    }
  }

  /** @param {SourceName} name @param {string | undefined} deviceId the one that is preferred */
  async #acquire(name, deviceId) {
    const kind = name === 'microphone' ? 'audio' : 'video';
    try {
      const stream = await getUserMedia({ [kind]: constraintsFor(name, deviceId) });
      this.#adopt(name, stream.getTracks()[0]);
    } catch (error) {
      this[name].error = explain(error);
    }
  }

  /** @param {SourceName} name @param {MediaStreamTrack} track */
  #adopt(name, track) {
    this.#release(name);
    if (this.#closed) {
      track.stop();
      return;
    }
    this[name] = { track, error: null, deviceId: track.getSettings().deviceId ?? '', label: track.label };
    track.addEventListener('ended', () => this.#onEnded(name, track));
    if (name === 'microphone') {
      this.#meter = Meter.of(track);
      this.#levelTimer = setInterval(() => this.#measure(), LEVEL_EVERY);
    }
  }

  /** @param {SourceName} name */
  #release(name) {
    this[name].track?.stop();
    this[name].track = null;
    if (name === 'microphone') {
      clearInterval(this.#levelTimer);
      this.#meter?.close();
      this.#meter = null;
      this.level = 0;
    }
  }

  #measure() {
    const level = this.#meter?.level() ?? 0;
    if (level === this.level)
      return;
    this.level = level;
    this.dispatchEvent(new Event('level'));
  }

  // ---- following

  /** The device went away, or the person took the permission back. @param {SourceName} name @param {MediaStreamTrack} track */
  #onEnded(name, track) {
    void this.#inTurn(async () => {
      if (this[name].track !== track)
        return;
      this.#release(name);
      await this.#acquire(name, undefined);
      this.#changed(name);
      void this.#list();
    });
  }

  /** Something was plugged in or out: a preferred device that is back is taken up again. */
  async #follow() {
    const found = await enumerate();
    return this.#inTurn(async () => {
      const before = { microphone: ids(this.microphones), camera: ids(this.cameras) };
      this.#sort(found);
      const now = { microphone: ids(this.microphones), camera: ids(this.cameras) };
      for (const name of /** @type {SourceName[]} */ (['microphone', 'camera'])) {
        const wanted = this.#choices[name];
        const isBack = wanted && now[name].includes(wanted) && !before[name].includes(wanted);
        const gone = this[name].deviceId !== '' && !now[name].includes(this[name].deviceId);
        if (!this[name].track || !(isBack || gone))
          continue;
        this.#release(name);
        await this.#acquire(name, isBack ? wanted : undefined);
        this.#changed(name);
      }
      this.#changed();
    });
  }

  /** Never waited for in a turn: Firefox does not answer while the page is behind another one. */
  async #list() {
    this.#sort(await enumerate());
    this.#changed();
  }

  /** @param {MediaDeviceInfo[]} all */
  #sort(all) {
    const of = (/** @type {MediaDeviceKind} */ kind) => all
      .filter(device => device.kind === kind && device.deviceId !== 'communications')
      .map(({ deviceId, label }) => ({ deviceId, label }));
    this.microphones = of(KINDS.microphone);
    this.cameras = of(KINDS.camera);
    this.speakers = of('audiooutput');
    this.#labelSpeaker();
  }

  #labelSpeaker() {
    const chosen = this.speakers.find(({ deviceId }) => deviceId === this.speaker.deviceId) ?? this.speakers[0];
    this.speaker.label = chosen?.label ?? '';
    this.speaker.selectable = this.speakers.length > 0 && 'setSinkId' in HTMLMediaElement.prototype;
  }

  // ---- small things

  /** @param {() => Promise<void>} task @returns {Promise<void>} */
  #inTurn(task) {
    this.#queue = this.#queue.then(() => (this.#closed ? undefined : task()));
    return this.#queue;
  }

  /** Elements that still exist. @returns {HTMLMediaElement[]} */
  #routed() {
    const found = [];
    for (const reference of this.#elements) {
      const element = reference.deref();
      if (element)
        found.push(element);
      else
        this.#elements.delete(reference);
    }
    return found;
  }

  /** @param {Choices} choice */
  #remember(choice) {
    Object.assign(this.#choices, choice);
    try {
      localStorage.setItem(STORAGE_KEY, JSON.stringify(this.#choices));
    } catch {
      // A browser that keeps nothing asks for the same devices as ever.
    }
  }

  /** @param {SourceName | null} [replaced] whose track is another one, or gone */
  #changed(replaced = null) {
    this.dispatchEvent(new CustomEvent('change', { detail: { replaced } }));
  }
}

/** @returns {{ width?: number, height?: number, frameRate?: number }} */
const testSettings = () => /** @type {any} */ (globalThis).conclaveTest ?? {};

/** @param {DeviceChoice[]} devices */
const ids = devices => devices.map(({ deviceId }) => deviceId);

/** @returns {Choices} */
function loadChoices() {
  try {
    const choices = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}');
    return typeof choices === 'object' && choices ? choices : {};
  } catch {
    return {};
  }
}

/** @param {SourceName} name @param {string | undefined} deviceId taken if it is there @returns {MediaTrackConstraints} */
function constraintsFor(name, deviceId) {
  const device = deviceId ? { deviceId: { ideal: deviceId } } : {};
  if (name === 'microphone')
    return { ...device, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  const { width = 1280, height = 720, frameRate = 30 } = testSettings();
  return { ...device, width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: frameRate, max: Math.max(frameRate, 1) } };
}

/** @param {MediaStreamConstraints} constraints */
async function getUserMedia(constraints) {
  if (!navigator.mediaDevices)
    throw new ConclaveError('insecure');
  return navigator.mediaDevices.getUserMedia(constraints);
}

async function enumerate() {
  return await navigator.mediaDevices?.enumerateDevices().catch(() => []) ?? [];
}

/** @param {SourceName} name @returns {Promise<boolean>} whether asking would not bother the person again */
async function isGranted(name) {
  try {
    const { state } = await navigator.permissions.query({ name: /** @type {PermissionName} */ (name) });
    return state === 'granted';
  } catch {
    return false;
  }
}

/** @param {unknown} error @returns {DeviceError} */
function explain(error) {
  if (error instanceof ConclaveError)
    return 'insecure';
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError': return 'blocked';
    case 'NotFoundError':
    case 'OverconstrainedError': return 'no-device';
    case 'NotReadableError':
    case 'AbortError': return 'in-use';
    default: return 'device-failed';
  }
}

/** @param {HTMLMediaElement} element @param {string} deviceId */
async function setSink(element, deviceId) {
  try {
    await element.setSinkId?.(deviceId);
  } catch {
    // The speaker is gone: the browser plays through its own choice.
  }
}

/**
 * @param {AudioContext} audio @param {AudioNode} destination @param {number} frequency @param {number} at s
 * @returns {number} when it ends
 */
function playNote(audio, destination, frequency, at) {
  const gain = audio.createGain();
  const oscillator = audio.createOscillator();
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(TONE.gain, at + 0.02);
  gain.gain.linearRampToValueAtTime(0, at + TONE.length);
  oscillator.connect(gain).connect(destination);
  oscillator.start(at);
  oscillator.stop(at + TONE.length);
  return at + TONE.length;
}
