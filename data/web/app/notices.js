// What is told in passing: one polite live region for screen readers, and toasts for everybody else.
// The only place of the page that announces; other parts call `say` or `toast`.

import { html, render } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';

const TOAST_MS = 5000;
const MAX_TOASTS = 3;
const SPOKEN_MS = 8000;

/** @typedef {{ id: number, text: string, bad: boolean }} Notice */

class Notices {
  /** @type {Notice[]} */ #toasts = [];
  /** @type {Notice[]} */ #spoken = [];
  #count = 0;

  /** Announces without showing, for what the eye sees anyway. @param {string} text */
  say(text) {
    const notice = { id: ++this.#count, text, bad: false };
    this.#spoken = [...this.#spoken, notice];
    setTimeout(() => {
      this.#spoken = this.#spoken.filter(other => other !== notice);
      this.#render();
    }, SPOKEN_MS);
    this.#render();
  }

  /** Shows for some seconds and announces. @param {string} text @param {{ bad?: boolean }} [options] */
  toast(text, { bad = false } = {}) {
    const notice = { id: ++this.#count, text, bad };
    this.#toasts = [...this.#toasts.filter(other => other.text !== text), notice].slice(-MAX_TOASTS);
    setTimeout(() => {
      this.#toasts = this.#toasts.filter(other => other !== notice);
      this.#render();
    }, TOAST_MS);
    this.say(text);
  }

  /** What the toasts told is on the screen now. */
  clear() {
    this.#toasts = [];
    this.#render();
  }

  #render() {
    const root = document.getElementById('notices');
    if (!root)
      return;
    render(html`
      <div class="unseen" role="status" aria-live="polite">${repeat(this.#spoken, ({ id }) => id, ({ text }) => html`<p>${text}</p>`)}</div>
      <div class="toasts" aria-hidden="true">
        ${repeat(this.#toasts, ({ id }) => id, ({ text, bad }) => html`<div class="toast ${bad ? 'bad' : ''}">${text}</div>`)}
      </div>`, root);
  }

  /** The live region has to be there before it is used: readers announce changes, not arrivals. */
  start() {
    this.#render();
  }
}

export const notices = new Notices();
