// The operator's name, picture, colours and links where pages show them.

import { html, nothing } from 'lit-html';
import { branding } from '../core/branding.js';
import { t } from '../core/i18n.js';

/** @typedef {import('../core/branding.js').LegalLink} LegalLink */
/** @typedef {import('../core/branding.js').Shade} Shade */

const MARK = new URL('../icons/favicon.svg', import.meta.url).pathname;
/** @type {[Shade, string][]} */
const TOKENS = [['accent', '--accent'], ['hover', '--accent-hover'], ['soft', '--accent-soft'], ['on_accent', '--on-accent']];

/** @type {Record<LegalLink, () => string>} */
const LABELS = { imprint: () => t("Imprint"), privacy: () => t("Privacy policy"), terms: () => t("Terms of use") };

/** The mark at the top of the quiet pages. */
export const brandMark = () => html`<a class="mark" href="/">
  ${branding.logo ? html`<img class="logo" src=${branding.logo} alt="">` : html`<img src=${MARK} alt="" width="28" height="28">`}<span>${branding.name}</span></a>`;

/** In a meeting: small, and only where the operator has one. */
export const brandInMeeting = () => (branding.isNamed
  ? html`<p class="meeting-brand" title=${branding.name}>${branding.logo ? html`<img class="logo" src=${branding.logo} alt=${branding.name}>` : html`<span>${branding.name}</span>`}</p>` : nothing);

/** At the foot of the quiet pages. */
export const legalLinks = () => (branding.links.length > 0 ? html`
  <footer class="frame-foot"><nav aria-label=${t("Legal information")}>
    ${branding.links.map(({ kind, href }) => html`<a href=${href} target="_blank" rel="noopener noreferrer">${LABELS[kind]()}</a>`)}
  </nav></footer>` : nothing);

/** From here on the pages have the operator's colours. */
export function applyColours() {
  const { style } = document.documentElement;
  for (const [shade, token] of TOKENS) {
    if (branding.colours)
      style.setProperty(token, `light-dark(${branding.colours.light[shade]}, ${branding.colours.dark[shade]})`);
    else
      style.removeProperty(token);
  }
}
