// What this browser remembers for a person besides devices and language: the name, the theme, and whether microphone and
// camera were off last: who has turned a camera off must not be seen again because a page was reloaded.
// A browser that keeps nothing (private window, blocked storage) simply forgets.

const NAME = 'conclave.name';
const THEME = 'conclave.theme';
const CAPTIONS = 'conclave.captions';
const CAPTION_SIZE = 'conclave.caption-size';

/** @typedef {'system' | 'light' | 'dark'} Theme */
/** @typedef {import('../core/devices.js').SourceName} SourceName */

/** @param {string} key @returns {string | null} */
function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string} value */
function write(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Nothing is kept; the choice holds for this page.
  }
}

/** Storage of this tab; where the browser has none for this page, as in some frames, it lasts as long as the page. */
export const tabStorage = ownStorage() ?? memory();

function ownStorage() {
  try {
    return globalThis.sessionStorage ?? null;
  } catch {
    return null;
  }
}

/** @returns {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>} */
function memory() {
  /** @type {Map<string, string>} */
  const kept = new Map();
  return { getItem: key => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value), removeItem: key => void kept.delete(key) };
}

/** @param {SourceName} source @returns {boolean} */
export const wasOn = source => read(`conclave.${source}`) !== 'off';

/** @param {SourceName} source @param {boolean} on */
export const rememberOn = (source, on) => write(`conclave.${source}`, on ? 'on' : 'off');

export const storedName = () => read(NAME) ?? '';

/** @param {string} name */
export const rememberName = name => write(NAME, name);

/** @returns {Theme} */
export function theme() {
  const kept = document.documentElement.dataset.theme;
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

/** @param {string} choice */
export function setTheme(choice) {
  write(THEME, choice);
  applyTheme(choice);
}

/** @param {string | null} choice */
function applyTheme(choice) {
  if (choice === 'light' || choice === 'dark')
    document.documentElement.dataset.theme = choice;
  else
    delete document.documentElement.dataset.theme;
}

export const restoreTheme = () => applyTheme(read(THEME));

/** @typedef {'small' | 'medium' | 'large'} CaptionSize */

export const captionsOn = () => read(CAPTIONS) === 'on';

/** @param {boolean} on */
export const rememberCaptions = on => write(CAPTIONS, on ? 'on' : 'off');

/** @returns {CaptionSize} */
export function captionSize() {
  const kept = read(CAPTION_SIZE);
  return kept === 'small' || kept === 'large' ? kept : 'medium';
}

/** @param {string} size */
export const setCaptionSize = size => write(CAPTION_SIZE, size);
