// Which microphone, camera and speaker: three lists that follow what is plugged in, the level, the speaker test.
// Used before the meeting and in its settings. Whoever shows it draws again on the devices' `change`.

import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { errorText } from '../core/errors.js';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';
import { LevelMeter } from './level-meter.js';

/** @typedef {import('../core/devices.js').Devices} Devices */
/** @typedef {import('../core/devices.js').DeviceChoice} DeviceChoice */
/** @typedef {import('../core/devices.js').Source} Source */

/** @param {Event} event */
const valueOf = event => /** @type {HTMLSelectElement} */ (event.target).value;

/** A list without the permission has no labels yet. @param {DeviceChoice} choice @param {number} i */
const labelOf = ({ label }, i) => label || t("Device {n}", { n: i + 1 });

/** What stands in a list where nothing is chosen. @param {string | null} error @param {boolean} asking @param {boolean} some @param {string} otherwise */
function nothingThere(error, asking, some, otherwise) {
  if (asking)
    return t("Waiting for your permission");
  if (error === 'blocked')
    return t("Not allowed by the browser");
  return some ? t("None chosen") : otherwise;
}

/** Without the permission the lists hold no names; what is open is there, whether it is listed yet or not. @param {Source} source @param {DeviceChoice[]} choices */
function listable(source, choices) {
  if (source.error === 'blocked')
    return [];
  return source.track && choices.length === 0 ? [source] : choices;
}

export class DevicePickers {
  #devices;
  #meter;

  /** @param {Devices} devices */
  constructor(devices) {
    this.#devices = devices;
    this.#meter = new LevelMeter(devices);
  }

  /** @param {{ asking?: boolean }} [options] asking: the browser's question is open, so nothing can be listed yet */
  template({ asking = false } = {}) {
    const { microphone, camera } = this.#devices;
    return html`
      ${this.#picker({
        id: 'microphone', label: t("Microphone"), none: nothingThere(microphone.error, asking, this.#devices.microphones.length > 0, t("No microphone found")), choices: listable(microphone, this.#devices.microphones),
        chosen: microphone.deviceId, error: microphone.error, choose: id => this.#devices.chooseMicrophone(id),
        below: microphone.track ? this.#meter.template() : nothing,
      })}
      ${this.#picker({
        id: 'camera', label: t("Camera"), none: nothingThere(camera.error, asking, this.#devices.cameras.length > 0, t("No camera found")), choices: listable(camera, this.#devices.cameras),
        chosen: camera.deviceId, error: camera.error, choose: id => this.#devices.chooseCamera(id), below: nothing,
      })}
      ${this.speaker()}`;
  }

  /** All that one who only watches needs. */
  speaker() {
    const { speaker } = this.#devices;
    return html`
      <div class="field">
        <label for="speaker">${t("Speaker")}</label>
        <div class="link-row">
          ${this.#select({
            id: 'speaker', none: t("The system's speaker"), choices: speaker.selectable ? this.#devices.speakers.filter(({ deviceId }) => deviceId !== '') : [],
            chosen: speaker.deviceId, choose: id => this.#devices.chooseSpeaker(id),
          })}
          <button type="button" class="button" @click=${() => this.#devices.playTone()}>${icon('volume-2', 'small')}<span>${t("Test")}</span></button>
        </div>
      </div>`;
  }

  /**
   * @param {{ id: string, label: string, none: string, choices: DeviceChoice[], chosen: string, error: string | null,
   *   choose: (id: string) => void, below: unknown }} options
   */
  #picker({ id, label, none, choices, chosen, error, choose, below }) {
    return html`
      <div class="field">
        <label for=${id}>${label}</label>
        ${this.#select({ id, none, choices, chosen, choose })}
        ${below}
        ${error && error !== 'no-device' && error !== 'blocked' ? html`<p class="error">${errorText(error)}</p>` : nothing}
      </div>`;
  }

  /** @param {{ id: string, none: string, choices: DeviceChoice[], chosen: string, choose: (id: string) => void }} options */
  #select({ id, none, choices, chosen, choose }) {
    const known = choices.some(({ deviceId }) => deviceId === chosen);
    return html`
      <select class="select" id=${id} ?disabled=${choices.length === 0} .value=${live(chosen)}
        @change=${(/** @type {Event} */ event) => choose(valueOf(event))}>
        ${known ? nothing : html`<option value=${chosen} selected>${none}</option>`}
        ${choices.map((choice, i) => html`
          <option value=${choice.deviceId} ?selected=${choice.deviceId === chosen}>${labelOf(choice, i)}</option>`)}
      </select>`;
  }
}
