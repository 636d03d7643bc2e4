// What the operator of this server has the pages look like: a name, a picture, colours, legal links (PROTOCOL.md, section 3). It comes from the
// server, so nothing of it is believed: a short text, six digits of a colour, a path of this server, links of two kinds; all else is left out.

/** @typedef {'accent' | 'hover' | 'soft' | 'on_accent'} Shade */
/** @typedef {Record<Shade, string>} Shades */
/** @typedef {'imprint' | 'privacy' | 'terms'} LegalLink */

const PRODUCT = 'Conclave';
const MAX_NAME = 60;
const MAX_LINK = 2000;
const LOGO = /^\/branding\/[0-9a-f]{20}\.(?:svg|png)$/;
const COLOUR = /^#[0-9a-f]{6}$/;
/** What is no letter, or turns around those beside it. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/u;
/** @type {Shade[]} */ const SHADES = ['accent', 'hover', 'soft', 'on_accent'];
/** @type {LegalLink[]} */ const LINKS = ['imprint', 'privacy', 'terms'];
const SCHEMES = new Set(['https:', 'mailto:']);

/** @param {unknown} text @returns {string} */
const readName = text => (typeof text === 'string' && [...text].length <= MAX_NAME && !UNSEEN.test(text) ? text.trim() : '');

/** @param {any} shades @returns {Shades | null} */
const readShades = shades => (SHADES.every(name => typeof shades?.[name] === 'string' && COLOUR.test(shades[name]))
  ? /** @type {Shades} */ (Object.fromEntries(SHADES.map(name => [name, shades[name]]))) : null);

/** @param {unknown} text @returns {string | null} */
function readLink(text) {
  if (typeof text !== 'string' || text.length > MAX_LINK || !URL.canParse(text))
    return null;
  const { protocol, href, username, password } = new URL(text);
  return SCHEMES.has(protocol) && username === '' && password === '' ? href : null;
}

/** Events: `change`. */
export class Branding extends EventTarget {
  /** @type {string} */ name = PRODUCT;
  /** A path of this server, or null. @type {string | null} */ logo = null;
  /** @type {{ light: Shades, dark: Shades } | null} */ colours = null;
  /** @type {{ kind: LegalLink, href: string }[]} */ links = [];

  /** The operator has given a name or a picture. */
  get isNamed() {
    return this.logo !== null || this.name !== PRODUCT;
  }

  /** Never throws: where it does not come, all is as it is without. @param {import('./requests.js').Requests} requests */
  async load(requests) {
    this.take(await requests.ask('GET', '/branding').catch(() => ({})));
  }

  /** @param {any} answer */
  take(answer) {
    this.name = readName(answer?.name) || PRODUCT;
    this.logo = typeof answer?.logo === 'string' && LOGO.test(answer.logo) ? answer.logo : null;
    const [light, dark] = [readShades(answer?.colours?.light), readShades(answer?.colours?.dark)];
    this.colours = light && dark ? { light, dark } : null;
    this.links = LINKS.flatMap(kind => {
      const href = readLink(answer?.links?.[kind]);
      return href ? [{ kind, href }] : [];
    });
    this.dispatchEvent(new Event('change'));
  }
}

export const branding = new Branding();
