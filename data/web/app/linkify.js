// Web addresses in a message become links; everything else stays text. Only http and https, never what runs.

import { html } from 'lit-html';

const ADDRESS = /https?:\/\/[^\s<>"'`]+/gi;
const TRAILING = /[.,;:!?)\]}'"]+$/;

/** A bracket that was opened inside the address belongs to it. @param {string} address */
function trim(address) {
  const end = TRAILING.exec(address)?.[0] ?? '';
  if (end.startsWith(')') && address.includes('('))
    return address.slice(0, address.length - end.length + 1);
  return address.slice(0, address.length - end.length);
}

/**
 * Splits a message into text and addresses.
 * @param {string} text @returns {{ text: string, href: string | null }[]}
 */
export function splitAddresses(text) {
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trim(match[0]);
    if (!URL.canParse(address))
      continue;
    if (match.index > at)
      parts.push({ text: text.slice(at, match.index), href: null });
    parts.push({ text: address, href: address });
    at = match.index + address.length;
  }
  if (at < text.length)
    parts.push({ text: text.slice(at), href: null });
  return parts;
}

/** @param {string} text */
export const linkify = text => splitAddresses(text).map(part => (part.href
  ? html`<a href=${part.href} target="_blank" rel="noopener noreferrer nofollow">${part.text}</a>`
  : part.text));
