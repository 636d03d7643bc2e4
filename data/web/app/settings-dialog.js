// What one may want to change during a meeting: devices, language, light or dark.

import { html } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { i18n, t } from '../core/i18n.js';
import { dialogHead } from './dialogs.js';
import { setTheme, theme } from './preferences.js';

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
    <label for="language">${t("Language")}</label>
    <select class="select" id="language" .value=${live(i18n.lang)} @change=${(/** @type {Event} */ event) => i18n.setLang(valueOf(event))}>
      ${i18n.languages.map(({ code, name }) => html`<option value=${code} lang=${code} ?selected=${code === i18n.lang}>${name}</option>`)}
    </select>
  </div>`;
