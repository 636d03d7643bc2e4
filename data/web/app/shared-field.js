// A field that several people may write in. What is typed is saved a moment later; what others write shows at once, unless something typed
// here is still unsaved: then that is the later one. The caret stays where it is in the words.

import { carried } from './caret.js';

const SAVE_MS = 400;
const FRESH_MS = 2_500;

/** @typedef {HTMLTextAreaElement | HTMLInputElement} TextField */

export class SharedField {
  #element;
  #save;
  /** @type {any} */ #timer = null;
  /** Nothing was shown yet. */ #blank = true;

  /** @param {TextField} element @param {(text: string) => void} save */
  constructor(element, save) {
    this.#element = element;
    this.#save = save;
    element.addEventListener('input', () => this.#onInput());
    element.addEventListener('blur', () => this.flush());
  }

  /** Saves what is not saved yet. */
  flush() {
    if (this.#timer === null)
      return;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#save(this.#element.value);
  }

  /** It will not be saved any more. @returns {string} what was not saved yet, or '' */
  giveUp() {
    if (this.#timer === null)
      return '';
    clearTimeout(this.#timer);
    this.#timer = null;
    return this.#element.value;
  }

  /** What it is now, after each drawing. @param {string} text */
  show(text) {
    const element = this.#element;
    const before = element.value;
    if (this.#timer !== null || (before === text && !this.#blank))
      return;
    const { selectionStart: start, selectionEnd: end } = element;
    element.value = text;
    if (element === document.activeElement)
      element.setSelectionRange(carried(before, text, start ?? 0), carried(before, text, end ?? 0));
    if (!this.#blank)
      this.#flash();
    this.#blank = false;
    this.#grow();
  }

  #onInput() {
    this.#timer ??= setTimeout(() => this.flush(), SAVE_MS);
    this.#grow();
  }

  /** Not every browser makes a field as tall as its text: what stands beside it does (content.css). */
  #grow() {
    if (this.#element.parentElement)
      this.#element.parentElement.dataset.text = `${this.#element.value}\n`;
  }

  /** Somebody else has written here. */
  #flash() {
    const { parentElement } = this.#element;
    parentElement?.classList.add('fresh');
    setTimeout(() => parentElement?.classList.remove('fresh'), FRESH_MS);
  }
}
