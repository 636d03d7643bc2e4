// The keys of a meeting. They act only while nobody types and no dialog is open, and never together with Ctrl, Alt or Meta.

/**
 * @typedef {object} Shortcut
 * @property {string} key as in KeyboardEvent.key, lower case
 * @property {string} label as people read it
 * @property {string} words what it does
 * @property {() => void} down
 * @property {() => void} [up] for what lasts as long as the key is held
 */

const TYPING = 'input, textarea, select, [contenteditable]';
const PRESSABLE = 'button, a, summary, [role="button"], [popover]';

export class Shortcuts {
  #list;
  #isBlocked;
  /** @type {Shortcut | null} */ #held = null;

  /** @param {() => Shortcut[]} list @param {() => boolean} isBlocked */
  constructor(list, isBlocked) {
    this.#list = list;
    this.#isBlocked = isBlocked;
    document.addEventListener('keydown', this.#onDown);
    document.addEventListener('keyup', this.#onUp);
    globalThis.addEventListener('blur', this.#release);
  }

  dispose() {
    document.removeEventListener('keydown', this.#onDown);
    document.removeEventListener('keyup', this.#onUp);
    globalThis.removeEventListener('blur', this.#release);
    this.#release();
  }

  /** @param {KeyboardEvent} event */
  #onDown = event => {
    const target = /** @type {Element} */ (event.target);
    if (event.ctrlKey || event.altKey || event.metaKey || this.#isBlocked() || target.closest?.(TYPING))
      return;
    const shortcut = this.#list().find(({ key }) => key === event.key.toLowerCase());
    if (!shortcut || (event.key === ' ' && target.closest?.(PRESSABLE)))
      return;
    event.preventDefault();
    if (event.repeat)
      return;
    this.#held = shortcut.up ? shortcut : null;
    shortcut.down();
  };

  /** @param {KeyboardEvent} event */
  #onUp = event => {
    if (this.#held?.key === event.key.toLowerCase())
      this.#release();
  };

  #release = () => {
    this.#held?.up?.();
    this.#held = null;
  };
}
