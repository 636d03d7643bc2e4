// Before the meeting: will they see and hear me? Preview, devices, name, and what is private here, in one sentence. Who will
// only watch is asked for no device. Owns the room check and the join, and the waiting where somebody has to let them in; hands over
// to the meeting page when the seat is taken.

import { html, nothing } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { ConclaveError, errorText } from '../core/errors.js';
import { t, tn } from '../core/i18n.js';
import { kindOf } from '../core/kinds.js';
import { cleanName } from '../core/text.js';
import { chime } from './announcer.js';
import { DevicePickers } from './device-pickers.js';
import { encryptionHelp } from './encryption-page.js';
import { icon } from './icon.js';
import { initials } from './initials.js';
import { notices } from './notices.js';
import { pageFrame } from './page-frame.js';
import { rememberName, rememberOn, storedName, wasOn } from './preferences.js';
import { privacySentence } from './privacy.js';
import { outsideWords, refusalOf } from './refusals.js';
import { waitingCard } from './waiting.js';

const MAX_NAME = 60;

/** @typedef {import('../core/meeting.js').Meeting} Meeting */
/** @typedef {import('../core/devices.js').Devices} Devices */

/** @param {unknown} error @returns {string} */
const idOf = error => (error instanceof ConclaveError ? error.id : 'internal');

/** The page has become another one, though not for the shell. */
function focusHeading() {
  const heading = document.querySelector('h1');
  heading?.setAttribute('tabindex', '-1');
  heading?.focus({ preventScroll: true });
}

export class PreJoinPage {
  #shell;
  #meeting;
  #devices;
  #onJoined;
  #tellRefused;
  #pickers;
  /** @type {'checking' | 'ready' | 'refused' | 'joining' | 'waiting'} */ #state = 'checking';
  /** @type {string} error id */ #refused = '';
  /** @type {string} sentence */ #error = '';
  #name;
  #nameMissing = false;
  #asking = true;
  #opening = Promise.resolve();
  #microphone = wasOn('microphone');
  #camera = wasOn('camera');
  #wide = matchMedia('(min-width: 48rem)').matches;
  /** @type {MediaStream | null} */ #stream = null;

  /** Join was asked for before it could be pressed. */ #hurried = false;

  /**
   * @param {{ shell: import('./shell.js').Shell, meeting: Meeting, devices: Devices, name?: string, onJoined: () => void, onRefused?: (id: string) => void }} options
   * name: proposed
   */
  constructor({ shell, meeting, devices, name = storedName(), onJoined, onRefused = () => {} }) {
    this.#shell = shell;
    this.#meeting = meeting;
    this.#devices = devices;
    this.#name = meeting.ticket?.name || name;
    this.#onJoined = onJoined;
    this.#tellRefused = onRefused;
    this.#pickers = new DevicePickers(devices);
    devices.addEventListener('change', this.#onDevices);
    meeting.addEventListener('waiting', this.#onWaiting);
    this.#check();
  }

  dispose() {
    this.#devices.removeEventListener('change', this.#onDevices);
    this.#meeting.removeEventListener('waiting', this.#onWaiting);
  }

  get title() {
    if (this.#state === 'waiting')
      return t("Waiting: {title}", { title: this.#meeting.room?.title ?? '' });
    return this.#meeting.room?.title ?? t("Join a meeting");
  }

  async #check() {
    this.#state = 'checking';
    this.#shell.update();
    try {
      const room = await this.#meeting.check();
      if (!room.available)
        throw new ConclaveError('not-available');
      this.#state = 'ready';
      this.#shell.update();
      this.#openDevices();
      if (this.#hurried)
        void this.join();
      if (this.#wide && this.#name === '')
        queueMicrotask(() => document.getElementById('name')?.focus());
    } catch (error) {
      this.#state = 'refused';
      this.#refused = idOf(error);
      this.#shell.update();
      this.#tellRefused(this.#refused);
    }
  }

  get #watches() {
    return this.#meeting.watches;
  }

  #openDevices() {
    this.#asking = !this.#watches;
    this.#opening = this.#devices.open({ microphone: !this.#watches, camera: !this.#watches && this.#camera }).then(() => {
      this.#asking = false;
      this.#shell.update();
    });
  }

  #onDevices = () => {
    if (this.#state === 'waiting')
      this.#bring();
    this.#shell.update();
  };

  /** What is chosen meanwhile counts as soon as they are in. */
  #bring() {
    const { microphone, camera } = this.#devices;
    this.#meeting.setMicrophone(this.#microphone && !this.#watches ? microphone.track : null);
    this.#meeting.setCamera(this.#camera && !this.#watches ? camera.track : null);
  }

  /** Again, too, when a host comes or goes. */
  #onWaiting = () => {
    const first = this.#state !== 'waiting';
    this.#state = 'waiting';
    this.#shell.update();
    if (first)
      queueMicrotask(focusHeading);
  };

  template() {
    if (this.#state === 'checking')
      return pageFrame(html`<div class="card stack center"><h1>${t("One moment")}</h1><p class="soft">${t("Looking for the meeting…")}</p></div>`);
    if (this.#state === 'refused')
      return pageFrame(this.#refusal());
    const main = this.#state === 'waiting' ? waitingCard(this.#meeting, () => void this.#meeting.leave()) : this.#form();
    if (this.#watches)
      return pageFrame(html`<div class="card">${main}</div>`);
    return pageFrame(html`
      <div class="prejoin">
        <div class="prejoin-preview">${this.#preview()}${this.#deviceNote()}</div>
        ${main}
      </div>`, 'wide');
  }

  #refusal() {
    const { heading, words, glyph, again } = outsideWords(this.#refused, this.#meeting.shut);
    return html`
      <div class="card stack center">
        <span class="big-icon">${icon(glyph)}</span>
        <h1>${heading}</h1>
        <p>${words}</p>
        <div class="row center">
          ${again === null ? nothing : html`<button class="button primary" @click=${this.#onAgain}>${again}</button>`}
          <a class="button" href="/">${t("To the start page")}</a>
        </div>
      </div>`;
  }

  #preview() {
    const { microphone, camera } = this.#devices;
    const seen = this.#camera && camera.track !== null;
    const hoping = this.#asking;
    return html`
      <div class="preview">
        <video autoplay playsinline .muted=${true} class="mirrored" ?hidden=${!seen} aria-label=${t("Your camera")} ${ref(this.#onVideo)}></video>
        ${seen ? nothing : html`
          <div class="preview-empty">
            <span class="avatar avatar-1" aria-hidden="true">${initials(this.#name) || icon('user')}</span>
            <p>${this.#previewWords()}</p>
          </div>`}
        <div class="preview-bar">
          ${this.#toggle('mic', this.#microphone && (hoping || microphone.track !== null), t("Mute"), t("Unmute"), this.#onMicrophone)}
          ${this.#toggle('video', seen || hoping && this.#camera, t("Stop video"), t("Start video"), this.#onCamera)}
        </div>
      </div>`;
  }

  #previewWords() {
    const { camera } = this.#devices;
    if (this.#asking)
      return t("Your browser asks whether this page may use your camera and microphone.");
    if (camera.error === 'no-device')
      return t("No camera was found. You can join without one.");
    return camera.error ? t("Your camera is not available.") : t("Your camera is off.");
  }

  /** @param {string} name @param {boolean} on @param {string} stop @param {string} start @param {() => void} act */
  #toggle(name, on, stop, start, act) {
    return html`
      <button type="button" class="button round ${on ? '' : 'off'}" aria-label=${on ? stop : start} data-tip=${on ? stop : start} @click=${act}>
        ${icon(on ? name : `${name}-off`)}
      </button>`;
  }

  #deviceNote() {
    const { microphone, camera } = this.#devices;
    if (this.#asking)
      return nothing;
    const denied = microphone.error === 'blocked' || camera.error === 'blocked';
    if (denied)
      return html`
        <div class="note warn" role="alert">${icon('triangle-alert')}<div class="note-body">
          <h3>${t("The browser does not let this page use your camera or microphone")}</h3>
          <p>${t("Click the symbol to the left of the address, allow both, then try again. You can also join and only listen.")}</p>
          <div class="row"><button type="button" class="button" @click=${() => this.#openDevices()}>${t("Try again")}</button></div>
        </div></div>`;
    const error = microphone.error ?? camera.error;
    return error && error !== 'no-device'
      ? html`<div class="note warn" role="alert">${icon('triangle-alert')}<p>${errorText(error)}</p></div>`
      : nothing;
  }

  #form() {
    const room = this.#meeting.room;
    const joining = this.#state === 'joining';
    return html`
      <form class="stack prejoin-form" @submit=${this.#onSubmit} novalidate>
        <div>
          <h1>${room?.title}</h1>
          <p class="soft">${this.#whoIsIn()}</p>
        </div>
        ${this.#watches ? html`<div class="note">${icon('eye')}<p>${t("You join to listen and watch: your camera and microphone stay off. If you want to speak, raise your hand; a host can bring you on stage.")}</p></div>` : nothing}
        ${this.#meeting.ticket?.name ? html`<p>${t("You join as {name}.", { name: this.#meeting.ticket.name })}</p>` : this.#nameField()}
        <details class="devices" ?open=${this.#wide && !this.#watches}>
          <summary class="button quiet">${icon('settings', 'small')}<span>${this.#watches ? t("Speaker") : t("Devices")}</span></summary>
          <div class="stack">${this.#watches ? this.#pickers.speaker() : this.#pickers.template({ asking: this.#asking })}</div>
        </details>
        ${this.#error ? html`<div class="note bad" role="alert">${icon('circle-alert')}<p>${this.#error}</p></div>` : nothing}
        <button class="button primary large" ?disabled=${joining}>${joining ? t("Joining…") : t("Join")}</button>
        ${this.#listenOnly() ? html`<p class="small soft">${t("You join without microphone and camera: you can listen, watch and write.")}</p>` : nothing}
        <p class="privacy ${kindOf(room?.kind).server ? 'plain' : ''}">${icon(kindOf(room?.kind).server ? 'server' : 'shield-check')}<span>${privacySentence(room, this.#watches)} ${encryptionHelp()}</span></p>
      </form>`;
  }

  #nameField() {
    return html`
      <div class="field">
        <label for="name">${t("Your name")}</label>
        <input class="input large" id="name" name="name" maxlength=${MAX_NAME} autocomplete="name" .value=${this.#name}
          @input=${this.#onName} aria-invalid=${this.#nameMissing ? 'true' : 'false'} aria-describedby="name-error">
        <p class="error" id="name-error" role="alert" ?hidden=${!this.#nameMissing}>${this.#nameMissing ? t("Please enter your name, so that the others know who is speaking.") : ''}</p>
      </div>`;
  }

  #whoIsIn() {
    const { people = 0, max_people: max = 0 } = this.#meeting.room ?? {};
    if (people === 0)
      return t("Nobody is here yet.");
    if (people >= max)
      return t("All {n} seats are taken at the moment.", { n: max });
    return tn("{n} person is here.", "{n} people are here.", people);
  }

  #listenOnly() {
    const { microphone, camera } = this.#devices;
    return !this.#watches && !this.#asking && !(this.#microphone && microphone.track) && !(this.#camera && camera.track);
  }

  /** @param {Element | undefined} element */
  #onVideo = element => {
    this.#video = /** @type {HTMLVideoElement | null} */ (element ?? null);
  };

  /** @type {HTMLVideoElement | null} */ #video = null;

  /** The preview follows the camera's track, which changes with the choice of a camera. */
  updated() {
    const { track } = this.#devices.camera;
    if (!this.#video || this.#stream?.getVideoTracks()[0] === track)
      return;
    this.#stream = track ? new MediaStream([track]) : null;
    this.#video.srcObject = this.#stream;
  }

  #onMicrophone = async () => {
    const { microphone } = this.#devices;
    this.#microphone = !(this.#microphone && microphone.track);
    rememberOn('microphone', this.#microphone);
    if (this.#microphone && !microphone.track)
      await this.#devices.startMicrophone();
    this.#onDevices();
  };

  #onCamera = async () => {
    this.#camera = !(this.#camera && this.#devices.camera.track);
    rememberOn('camera', this.#camera);
    this.#shell.update();
    if (this.#camera)
      await this.#devices.startCamera();
    else
      this.#devices.stopCamera();
    this.#onDevices();
  };

  /** @param {Event} event */
  #onName = event => {
    this.#name = /** @type {HTMLInputElement} */ (event.target).value;
    this.#nameMissing = false;
    this.#shell.update();
  };

  /** @param {SubmitEvent} event */
  #onSubmit = event => {
    event.preventDefault();
    void this.join();
  };

  /** As soon as the room is known. */
  async join() {
    this.#hurried = this.#state === 'checking';
    if (this.#state !== 'ready')
      return;
    const name = cleanName(this.#name);
    this.#nameMissing = name === '';
    this.#error = '';
    if (this.#nameMissing) {
      document.getElementById('name')?.focus();
      this.#shell.update();
      return;
    }
    if (!this.#meeting.ticket?.name)
      rememberName(name);
    await this.#join(name);
  }

  /** Whoever has been here before knocks again; who has not even seen the room looks for it once more. */
  #onAgain = () => {
    const name = cleanName(this.#name);
    if (refusalOf(this.#refused) && name)
      void this.#join(name);
    else
      void this.#check();
  };

  /** @param {string} name */
  async #join(name) {
    const { microphone, camera } = this.#devices;
    this.#state = 'joining';
    this.#shell.update();
    const opening = this.#asking ? this.#opening : null;
    try {
      await this.#meeting.join({
        name,
        microphone: this.#microphone && !this.#watches ? microphone.track : null,
        camera: this.#camera && !this.#watches ? camera.track : null,
      });
      if (/** @type {string} */ (this.#state) === 'waiting')
        this.#tellLetIn();
      this.#onJoined();
      opening?.then(() => this.#bringDevices());
    } catch (error) {
      this.#onRefused(idOf(error));
    }
  }

  #tellLetIn() {
    notices.toast(t("You have been let in."));
    if (document.hidden)
      chime();
  }

  /** @param {string} id */
  #onRefused(id) {
    const waited = this.#state === 'waiting';
    this.#refused = this.#meeting.shut && !refusalOf(id) ? 'ticket-spent' : id;
    const refusal = refusalOf(this.#refused);
    this.#state = refusal ? 'refused' : 'ready';
    this.#error = refusal || (waited && id === 'not-joined') ? '' : errorText(id); // not-joined: they have stopped waiting
    if (refusal)
      notices.say(refusal.heading);
    this.#shell.update();
    if (refusal || waited)
      queueMicrotask(focusHeading);
  }

  /** Who joined quicker than the devices opened is seen and heard as soon as they have. */
  #bringDevices() {
    const { microphone, camera } = this.#devices;
    const { status, self } = this.#meeting;
    if ((status !== 'joined' && status !== 'reconnecting') || !self?.stage)
      return;
    if (this.#microphone && microphone.track && !self?.mic)
      this.#meeting.setMicrophone(microphone.track);
    if (this.#camera && camera.track && !self?.camera)
      this.#meeting.setCamera(camera.track);
  }
}
