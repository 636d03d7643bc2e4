// What people have written, with the web addresses in it as links: they open beside this page, and learn nothing of it.

import { html } from 'lit-html';
import { splitAddresses } from './addresses.js';

/** @param {string} text */
export const linked = text => splitAddresses(text).map(part => (part.href
  ? html`<a href=${part.href} target="_blank" rel="noopener noreferrer nofollow">${part.text}</a>`
  : part.text));
