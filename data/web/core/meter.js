// How loud an audio track of this browser is. One AudioContext serves all meters; it plays nothing.

/** @type {AudioContext | null} */
let context = null;

const FLOOR_DB = -60;

/** The one AudioContext; it may be suspended until the person touches the page. */
export function audioContext() {
  context ??= new AudioContext({ latencyHint: 'interactive' });
  if (context.state === 'suspended')
    void context.resume().catch(() => {});
  return context;
}

/** As the ear hears it. @param {number} amplitude 0…1 @returns {number} 0…1 */
export function perceived(amplitude) {
  if (!(amplitude > 0))
    return 0;
  return Math.min(1, Math.max(0, 1 - 20 * Math.log10(amplitude) / FLOOR_DB));
}

export class Meter {
  #source;
  #analyser;
  #samples;

  /** @param {MediaStreamTrack} track audio @returns {Meter | null} null where the browser cannot listen in */
  static of(track) {
    try {
      return new Meter(track);
    } catch {
      return null;
    }
  }

  /** @param {MediaStreamTrack} track audio */
  constructor(track) {
    const audio = audioContext();
    this.#analyser = audio.createAnalyser();
    this.#analyser.fftSize = 1024;
    this.#samples = new Float32Array(this.#analyser.fftSize);
    this.#source = audio.createMediaStreamSource(new MediaStream([track]));
    this.#source.connect(this.#analyser);
  }

  /** The level of the last 20 ms. @returns {number} 0…1, as the ear hears it */
  level() {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    let sum = 0;
    for (const sample of this.#samples)
      sum += sample * sample;
    return perceived(Math.sqrt(sum / this.#samples.length));
  }

  close() {
    this.#source.disconnect();
  }
}
