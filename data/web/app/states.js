// Cards in place of content: it is on its way, there is none, it cannot be had.

import { html, nothing } from 'lit-html';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';

/** @param {string} words */
export const waiting = words => html`<div class="card stack center" role="status"><h1>${t("One moment")}</h1><p class="soft">${words}</p></div>`;

/** @param {{ heading: string, words: string, glyph?: string, button?: unknown, link?: unknown }} options */
export const problem = ({ heading, words, glyph = 'circle-alert', button = nothing, link = nothing }) => html`
  <div class="card stack center">
    <span class="big-icon">${icon(glyph)}</span>
    <h1>${heading}</h1>
    <p>${words}</p>
    <div class="row center">${button}${link}</div>
  </div>`;
