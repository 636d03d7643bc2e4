// The strips above the stage: what is going on that needs a word, and at most one button. Nothing most of the time.

import { html, nothing } from 'lit-html';
import { errorText } from '../core/errors.js';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';

/** @param {string} glyph @param {string} words @param {string} kind @param {unknown} [button] */
const banner = (glyph, words, kind, button = nothing) => html`
  <div class="banner ${kind}">${icon(glyph)}<p>${words}</p>${button}</div>`;

/** How the connection to the media server does, where that needs a word. @param {import('../core/meeting.js').Meeting} meeting */
function mediaBanner(meeting) {
  switch (meeting.media) {
    case 'connecting': return banner('info', t("Connecting sound and picture…"), 'late');
    case 'reconnecting': return banner('triangle-alert', errorText('media-interrupted'), 'warn late');
    case 'failed': return banner('triangle-alert', errorText(meeting.mediaReason ?? 'media-timeout'), 'warn', html`
      <button class="button" @click=${() => meeting.retry(meeting.self?.id ?? '')}>${t("Try again")}</button>`);
    default: return nothing;
  }
}

/** @param {import('../core/meeting.js').Meeting} meeting */
function socketBanner(meeting) {
  if (meeting.status === 'waiting')
    return banner('door-open', t("Your connection was gone for too long. A host has been asked to let you in again."), 'warn');
  if (meeting.status !== 'reconnecting')
    return mediaBanner(meeting);
  return banner('triangle-alert', meeting.media === null
    ? t("Connection to the server lost. Reconnecting… Whoever you can hear still hears you.")
    : t("Connection to the server lost. Reconnecting…"), 'warn late');
}

/**
 * @param {{ meeting: import('../core/meeting.js').Meeting, silenced: boolean, onEnableSound: () => void, sharing: boolean, onStopSharing: () => void }} options
 */
export const banners = ({ meeting, silenced, onEnableSound, sharing, onStopSharing }) => html`
  ${socketBanner(meeting)}
  ${silenced
    ? banner('volume-x', t("Your browser has blocked the sound."), 'warn', html`<button class="button primary" @click=${onEnableSound}>${t("Enable sound")}</button>`)
    : nothing}
  ${sharing
    ? banner('monitor-up', t("Everyone here sees your screen."), 'good', html`<button class="button" @click=${onStopSharing}>${t("Stop sharing")}</button>`)
    : nothing}`;

const ends = new ResizeObserver(([{ target }]) =>
  document.documentElement.style.setProperty('--banners-end', `${target.getBoundingClientRect().bottom}px`));

/** What is told in passing keeps clear of what wants an answer: the page's style knows where the banners end. @param {Element} [element] that holds them */
export function watchEnd(element) {
  ends.disconnect();
  if (element)
    ends.observe(element);
  else
    document.documentElement.style.removeProperty('--banners-end');
}
