// The strips above the stage: what is going on that needs a word, and at most one button. Nothing most of the time.

import { html, nothing } from 'lit-html';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';

/** @param {string} glyph @param {string} words @param {string} kind @param {unknown} [button] */
const banner = (glyph, words, kind, button = nothing) => html`
  <div class="banner ${kind}">${icon(glyph)}<p>${words}</p>${button}</div>`;

/**
 * @param {{ meeting: import('../core/meeting.js').Meeting, stage: import('./stage.js').Stage, sharing: boolean, onStopSharing: () => void }} options
 */
export const banners = ({ meeting, stage, sharing, onStopSharing }) => html`
  ${meeting.status === 'reconnecting'
    ? banner('triangle-alert', t("Connection to the server lost. Reconnecting… Whoever you can hear still hears you."), 'warn late')
    : nothing}
  ${stage.silenced
    ? banner('volume-x', t("Your browser has blocked the sound."), 'warn', html`<button class="button primary" @click=${stage.enableSound}>${t("Enable sound")}</button>`)
    : nothing}
  ${sharing
    ? banner('monitor-up', t("Everyone here sees your screen."), 'good', html`<button class="button" @click=${onStopSharing}>${t("Stop sharing")}</button>`)
    : nothing}`;
