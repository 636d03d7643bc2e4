// What this browser remembers for a person besides devices and language: the name and the theme.
// A browser that keeps nothing (private window, blocked storage) simply forgets.

const NAME = 'conclave.name';
const THEME = 'conclave.theme';

/** @typedef {'system' | 'light' | 'dark'} Theme */

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
