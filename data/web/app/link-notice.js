// That the room has another link since somebody was removed, and the new one to copy; until somebody has read it.

import { html, nothing } from 'lit-html';
import { t } from '../core/i18n.js';
import { hostUrl, joinUrl } from '../core/link.js';
import { copyButton } from './copy-button.js';
import { icon } from './icon.js';
import { notices } from './notices.js';

export class LinkNotice {
  #meeting;
  #update;
  #shown = false;

  /** @param {{ meeting: import('../core/meeting.js').Meeting, update: () => void, signal: AbortSignal }} options */
  constructor({ meeting, update, signal }) {
    this.#meeting = meeting;
    this.#update = update;
    meeting.addEventListener('rotated', () => this.#show(), { signal });
  }

  template() {
    if (!this.#shown)
      return nothing;
    const { link } = this.#meeting;
    const forHosts = hostUrl(link, location.origin);
    return html`
      <section class="banner new-link" aria-label=${t("New link")}>
        ${icon('link')}
        <p>${words(forHosts !== null)}</p>
        <button type="button" class="button quiet icon-only" aria-label=${t("Close")} data-tip=${t("Close")} @click=${this.#onRead}>${icon('x')}</button>
        <div class="row">
          ${copyButton(joinUrl(link, location.origin), t("Link for guests"), t("Copy the link for guests"))}
          ${forHosts ? copyButton(forHosts, t("Link for hosts"), t("Copy the link for hosts")) : nothing}
        </div>
      </section>`;
  }

  #show() {
    this.#shown = true;
    notices.say(words(this.#meeting.link.hostSecret !== null));
    this.#update();
  }

  #onRead = () => {
    this.#shown = false;
    this.#update();
  };
}

/** @param {boolean} host */
const words = host => (host
  ? t("Somebody was removed, so the room has a new link. Earlier invitations no longer work, nor does your earlier link for hosts.")
  : t("Somebody was removed, so the room has a new link. Earlier invitations no longer work."));
