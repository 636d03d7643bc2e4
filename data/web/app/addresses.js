// Finds the web addresses in a message, so that they can become links. Only http and https, never what runs.
// Pure text; knows nothing of templates.

const ADDRESS = /https?:\/\/[^\s<>"'`]+/gi;
const TRAILING = /[.,;:!?)\]}'"]+$/;

/** A bracket that was opened inside the address belongs to it. @param {string} address */
function trim(address) {
  const end = TRAILING.exec(address)?.[0] ?? '';
  const bare = address.slice(0, address.length - end.length);
  return end.startsWith(')') && bare.includes('(') ? `${bare})` : bare;
}

/**
 * Splits a message into text and addresses; joined again they are the message.
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
