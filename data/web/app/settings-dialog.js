// What one may want to change during a meeting: devices, language, light or dark.

import { html } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { i18n, t } from '../core/i18n.js';
import { dialogHead } from './dialogs.js';
import { captionSize, setCaptionSize, setTheme, theme } from './preferences.js';

/** @param {Event} event */
const valueOf = event => /** @type {HTMLSelectElement} */ (event.target).value;

/** @param {import('./device-pickers.js').DevicePickers} pickers @param {() => void} update */
export const settingsDialog = (pickers, update) => html`
  ${dialogHead(t("Settings"))}
  ${pickers.template()}
  <div class="field">
    <label for="theme">${t("Appearance")}</label>
    <select class="select" id="theme" .value=${live(theme())} @change=${(/** @type {Event} */ event) => {
      setTheme(valueOf(event));
      update();
    }}>
      <option value="system" ?selected=${theme() === 'system'}>${t("As the system")}</option>
      <option value="light" ?selected=${theme() === 'light'}>${t("Light")}</option>
      <option value="dark" ?selected=${theme() === 'dark'}>${t("Dark")}</option>
    </select>
  </div>
  <div class="field">
    <label for="caption-size">${t("Size of captions")}</label>
    <select class="select" id="caption-size" .value=${live(captionSize())} @change=${(/** @type {Event} */ event) => {
      setCaptionSize(valueOf(event));
      update();
    }}>
      <option value="small" ?selected=${captionSize() === 'small'}>${t("Small")}</option>
      <option value="medium" ?selected=${captionSize() === 'medium'}>${t("Medium")}</option>
      <option value="large" ?selected=${captionSize() === 'large'}>${t("Large")}</option>
    </select>
  </div>
  <div class="field">
    <label for="language">${t("Language")}</label>
    <select class="select" id="language" .value=${live(i18n.lang)} @change=${(/** @type {Event} */ event) => i18n.setLang(valueOf(event))}>
      ${i18n.languages.map(({ code, name }) => html`<option value=${code} lang=${code} ?selected=${code === i18n.lang}>${name}</option>`)}
    </select>
  </div>`;
