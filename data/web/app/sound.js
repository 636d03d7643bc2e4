// The sound of a room with a media server: one <audio> for each stream of the meeting, whoever speaks in it. Voices do not hang
// on tiles there, since those who speak need not be shown.

import { html, nothing } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';

export class Sound {
  #meeting;
  #play;
  /** @type {(HTMLAudioElement | null)[]} */ #elements = [];
  /** One function for each place, so that drawing again does not set anything anew. @type {((element?: Element) => void)[]} */ #refs = [];

  /** @param {import('../core/meeting.js').Meeting} meeting @param {(element: HTMLMediaElement) => void} play */
  constructor(meeting, play) {
    this.#meeting = meeting;
    this.#play = play;
  }

  template() {
    const { sounds } = this.#meeting;
    return sounds.length > 0 ? html`<div hidden>${sounds.map((_, i) => html`<audio autoplay ${ref(this.#refs[i] ??= this.#makeRef(i))}></audio>`)}</div>` : nothing;
  }

  /** Other tracks are in the streams, or the browser lets sound through now. */
  resume() {
    for (const element of this.#elements) {
      if (element)
        this.#play(element);
    }
  }

  /** @param {number} i @returns {(element?: Element) => void} */
  #makeRef(i) {
    return element => {
      const audio = /** @type {HTMLAudioElement | null} */ (element ?? null);
      this.#elements[i] = audio;
      if (!audio)
        return;
      audio.srcObject = this.#meeting.sounds[i];
      this.#play(audio);
    };
  }
}
