// A new password, typed twice: the fields, and what is missing of it in a sentence.

import { html } from 'lit-html';
import { LEAST_PASSWORD, MOST_PASSWORD } from '../core/account.js';
import { t } from '../core/i18n.js';

/** @param {string} error */
export const newPassword = error => html`
  <div class="field"><label for="new-password">${t("New password")}</label>
    <input class="input" id="new-password" name="new-password" type="password" autocomplete="new-password" maxlength=${MOST_PASSWORD}
      aria-invalid=${error ? 'true' : 'false'} aria-describedby="password-error password-hint">
    <p class="small soft" id="password-hint">${t("At least {n} characters. Some words in a row are good, and easy to remember.", { n: LEAST_PASSWORD })}</p></div>
  <div class="field"><label for="repeat-password">${t("Once more")}</label>
    <input class="input" id="repeat-password" name="repeat-password" type="password" autocomplete="new-password" maxlength=${MOST_PASSWORD} aria-describedby="password-error"></div>
  <p class="error" id="password-error" role="alert" ?hidden=${!error}>${error}</p>`;

/** @param {FormData} data @returns {{ password: string, trouble: string }} trouble: a sentence, or '' */
export function readNewPassword(data) {
  const password = String(data.get('new-password') ?? '');
  if ([...password].length < LEAST_PASSWORD)
    return { password, trouble: t("A password has at least {n} characters.", { n: LEAST_PASSWORD }) };
  return { password, trouble: password === data.get('repeat-password') ? '' : t("The two are not the same.") };
}
