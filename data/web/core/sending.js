// What this side sends: its tracks, and the word to the others about which of them there are. Knows no socket and no
// connection; who may not send has none.

/** @typedef {import('./transport.js').Tracks} Tracks */
/** @typedef {{ video: MediaStreamTrack, audio: MediaStreamTrack | null }} Screen */
/** @typedef {{ mic: boolean, camera: boolean, screen: boolean }} State as PROTOCOL.md has it */

/** @type {Readonly<Tracks>} */
const NOTHING = Object.freeze({ microphone: null, camera: null, screen: null, screenAudio: null });

export class Sending {
  /** @type {Readonly<Tracks>} */ #tracks = NOTHING;
  #options;
  #telling = false;
  #untold = false;

  /**
   * @param {object} options
   * @param {() => boolean} options.allowed
   * @param {(tracks: Readonly<Tracks>) => void} options.onChange
   * @param {(state: State) => Promise<unknown>} options.tell rejects where there is nobody to tell
   */
  constructor(options) {
    this.#options = options;
  }

  get tracks() {
    return this.#tracks;
  }

  /** @returns {State} */
  get state() {
    const { microphone, camera, screen } = this.#tracks;
    return { mic: microphone !== null, camera: camera !== null, screen: screen !== null };
  }

  /** With what a seat is taken. @param {Pick<Tracks, 'microphone' | 'camera'>} tracks */
  begin({ microphone, camera }) {
    this.#tracks = { ...NOTHING, microphone, camera };
  }

  /** The seat that was taken is that of one who may not send. */
  drop() {
    this.#endScreen();
    this.#tracks = NOTHING;
  }

  /** @param {MediaStreamTrack | null} track null: muted */
  setMicrophone(track) {
    if (track && 'contentHint' in track)
      track.contentHint = 'speech';
    this.#set({ microphone: track });
  }

  /** @param {MediaStreamTrack | null} track null: off */
  setCamera(track) {
    this.#set({ camera: track });
  }

  /** @param {Screen | null} screen null: stop sharing */
  setScreen(screen) {
    this.#endScreen(screen);
    if (screen)
      this.#prepare(screen);
    this.#set({ screen: screen?.video ?? null, screenAudio: screen?.audio ?? null });
  }

  /** @param {'microphone' | 'camera' | 'screen'} what */
  turnOff(what) {
    if (what === 'screen')
      this.setScreen(null);
    else
      this.#set({ [what]: null });
  }

  /** Nothing more goes out. */
  stop() {
    this.#endScreen();
    this.#set(NOTHING);
  }

  /** Tells the others; changes in quick succession go out as the last one. */
  async tell() {
    this.#untold = true;
    if (this.#telling)
      return;
    this.#telling = true;
    try {
      while (this.#untold) {
        this.#untold = false;
        await this.#options.tell(this.state);
      }
    } catch {
      // The seat is gone; the next one begins with what holds then.
    } finally {
      this.#telling = false;
    }
  }

  /** @param {Partial<Tracks>} changed */
  #set(changed) {
    this.#tracks = this.#options.allowed() ? { ...this.#tracks, ...changed } : NOTHING;
    this.#options.onChange(this.#tracks);
    void this.tell();
  }

  /** @param {Screen} screen */
  #prepare({ video, audio }) {
    if ('contentHint' in video)
      video.contentHint = 'detail';
    if (audio && 'contentHint' in audio)
      audio.contentHint = 'music';
    video.addEventListener('ended', () => {
      if (this.#tracks.screen === video)
        this.setScreen(null);
    });
  }

  /** A screen is captured for the meeting alone, so it ends here; devices belong to the page. @param {Screen | null} [kept] */
  #endScreen(kept = null) {
    for (const old of [this.#tracks.screen, this.#tracks.screenAudio]) {
      if (old && old !== kept?.video && old !== kept?.audio)
        old.stop();
    }
  }
}
