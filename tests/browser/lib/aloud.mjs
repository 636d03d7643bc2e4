// What a page says aloud: voices are pretended, or the lack of any, and what would be heard is noted. The functions run inside the
// page before its own scripts, so each must stand by itself.

/** A computer with one voice, for English. */
export function withVoice () {
  const probe = /** @type {any} */ (globalThis).conclaveProbe;
  probe.spoken = [];
  const voice = { lang: 'en-GB', localService: true, default: true, name: 'Test' };
  const speech = { getVoices: () => [voice], addEventListener () {}, cancel () {}, speak: (/** @type {any} */ utterance) => probe.spoken.push(`${utterance.voice.lang}: ${utterance.text}`) };
  Object.defineProperty(globalThis, 'speechSynthesis', { configurable: true, value: speech });
  Object.assign(globalThis, { SpeechSynthesisUtterance: class { constructor (/** @type {string} */ text) { Object.assign(this, { text }); } } });
}

/** A computer with a voice that lives on somebody's server, which must not be used, and tones are counted. */
export function withoutVoice () {
  const probe = /** @type {any} */ (globalThis).conclaveProbe;
  Object.assign(probe, { spoken: [], tones: 0 });
  const speech = { getVoices: () => [{ lang: 'en-US', localService: false, name: 'Far' }], addEventListener () {}, cancel () {}, speak: () => probe.spoken.push('far') };
  Object.defineProperty(globalThis, 'speechSynthesis', { configurable: true, value: speech });
  const Native = OscillatorNode;
  globalThis.OscillatorNode = class extends Native {
    /** @param {BaseAudioContext} context @param {OscillatorOptions} [options] */
    constructor (context, options) {
      super(context, options);
      probe.tones++;
    }
  };
}

/** @param {import('./visitor.mjs').Visitor} visitor @returns {Promise<{ spoken: string[], tones: number }>} */
export const heard = visitor => visitor.page.evaluate(() => {
  const { spoken, tones = 0 } = /** @type {any} */ (globalThis).conclaveProbe;
  return { spoken, tones };
});
