// Text of an HTML file that leaves this page: what is put into it is escaped, but what was made the same way. Pure.

/** @type {Record<string, string>} */
const ESCAPED = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Made here only. */
class Markup {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }

  toString() {
    return this.text;
  }
}

/** @param {unknown} value nothing where it is '', null, undefined or false @returns {string} */
function textOf(value) {
  if (value instanceof Markup)
    return value.text;
  if (Array.isArray(value))
    return value.map(textOf).join('');
  return value === null || value === undefined || value === false ? '' : String(value).replace(/[&<>"']/g, letter => ESCAPED[letter]);
}

/** For elements' contents and quoted attributes, nothing else. @param {TemplateStringsArray} strings @param {unknown[]} values @returns {Markup} */
export const markup = (strings, ...values) => new Markup(strings.reduce((text, string, i) => text + textOf(values[i - 1]) + string));
