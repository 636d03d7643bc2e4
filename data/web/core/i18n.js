// Translations: the language, its messages, and the two functions every string for people goes through.
// English is the msgid itself. Other languages are JSON made from po/ at build time; one that does not load leaves English.

/** @typedef {Record<string, string | [string, string]>} Messages */

const STORAGE_KEY = 'conclave.lang';
const LANGUAGES = [
  { code: 'en', name: 'English' },
  { code: 'de', name: 'Deutsch' },
  { code: 'fr', name: 'Français' },
  { code: 'nl', name: 'Nederlands' },
];

/** Events: `change` after the language changed. */
class I18n extends EventTarget {
  /** @type {Messages} */ #messages = {};
  /** @type {URL | null} */ #base = null;
  #lang = 'en';
  #plurals = new Intl.PluralRules('en');
  #turn = 0;

  /** @type {readonly { code: string, name: string }[]} what there is, each in its own language */
  languages = LANGUAGES;

  /** The language now, e.g. for the page's `lang`. */
  get lang() {
    return this.#lang;
  }

  /**
   * Chooses and loads: the language stored before, else the first of the browser's that exists, else English.
   * @param {URL} base where `<lang>.json` lies, ending in `/`
   */
  async load(base) {
    this.#base = base;
    await this.#use(storedLanguage() ?? matchLanguage(navigator.languages ?? []));
  }

  /** Changes the language and remembers it. @param {string} lang */
  async setLang(lang) {
    if (!isKnown(lang))
      throw new RangeError(`no such language: ${lang}`);
    try {
      localStorage.setItem(STORAGE_KEY, lang);
    } catch {
      // A browser that keeps nothing still changes the language for this page.
    }
    await this.#use(lang);
  }

  /** Takes messages as they are; for tests. @param {string} lang @param {Messages} messages */
  use(lang, messages) {
    this.#lang = lang;
    this.#plurals = new Intl.PluralRules(lang);
    this.#messages = messages;
    this.dispatchEvent(new Event('change'));
  }

  /** @param {string} msgid @returns {string | [string, string] | undefined} */
  lookup(msgid) {
    return Object.hasOwn(this.#messages, msgid) ? this.#messages[msgid] : undefined;
  }

  /** @param {number} n @returns {0 | 1} which of the two forms; French has the singular for 0 too */
  form(n) {
    return this.#plurals.select(n) === 'one' ? 0 : 1;
  }

  /** @param {string} lang */
  async #use(lang) {
    const turn = ++this.#turn;
    const messages = lang === 'en' || !this.#base ? {} : await fetchMessages(new URL(`${lang}.json`, this.#base));
    if (turn === this.#turn)
      this.use(messages ? lang : 'en', messages ?? {});
  }
}

/** @param {string} lang */
const isKnown = lang => LANGUAGES.some(({ code }) => code === lang);

/** @returns {string | null} */
function storedLanguage() {
  try {
    const lang = localStorage.getItem(STORAGE_KEY);
    return lang && isKnown(lang) ? lang : null;
  } catch {
    return null;
  }
}

/** @param {readonly string[]} wanted e.g. `['de-AT', 'en']` @returns {string} */
export function matchLanguage(wanted) {
  return wanted.map(tag => tag.toLowerCase().split('-')[0]).find(isKnown) ?? 'en';
}

/** @param {URL} url @returns {Promise<Messages | null>} */
async function fetchMessages(url) {
  try {
    const response = await fetch(url);
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/** @param {string} text @param {Record<string, string | number>} values */
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (placeholder, name) => (Object.hasOwn(values, name) ? String(values[name]) : placeholder));
}

export const i18n = new I18n();

/**
 * @param {string} msgid English, with `{name}` for each value
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function t(msgid, values = {}) {
  const found = i18n.lookup(msgid);
  return fill((Array.isArray(found) ? found[0] : found) || msgid, values);
}

/**
 * @param {string} one English singular, the msgid
 * @param {string} many English plural
 * @param {number} n which also fills `{n}`
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function tn(one, many, n, values = {}) {
  const found = i18n.lookup(one);
  const forms = Array.isArray(found) ? found : [one, many];
  return fill(forms[i18n.form(n)] || (n === 1 ? one : many), { n, ...values });
}
