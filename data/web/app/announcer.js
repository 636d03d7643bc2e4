// Says a sentence aloud: what nobody may miss, also with the page in the background. With a voice of this computer in the page's
// language, else by a short soft chime. Voices that live on somebody's server are passed over: nothing said here leaves the computer.

import { i18n } from '../core/i18n.js';

const VOICES_WAIT_MS = 1_000; // browsers load their voices late
const VOLUME = 0.8;
const CHIME = [{ pitch: 587.3, at: 0 }, { pitch: 880, at: 0.22 }];
const CHIME_LOUDNESS = 0.12;
const CHIME_SECONDS = 0.6;

/** @returns {SpeechSynthesis | null} */
const synthesis = () => globalThis.speechSynthesis ?? null;

/** @param {string} lang @returns {SpeechSynthesisVoice | null} */
function findVoice(lang) {
  const voices = (synthesis()?.getVoices() ?? []).filter(voice => voice.localService && voice.lang.toLowerCase().split(/[-_]/)[0] === lang);
  return voices.find(voice => voice.default) ?? voices[0] ?? null;
}

/** @param {string} lang @returns {Promise<SpeechSynthesisVoice | null>} */
async function waitForVoice(lang) {
  const speech = synthesis();
  if (!speech)
    return null;
  if (speech.getVoices().length === 0)
    await new Promise(resolve => {
      speech.addEventListener('voiceschanged', resolve, { once: true });
      setTimeout(resolve, VOICES_WAIT_MS);
    });
  return findVoice(lang);
}

/** Two soft tones, the second higher. */
export function chime() {
  const context = new AudioContext();
  for (const { pitch, at } of CHIME) {
    const begin = context.currentTime + at;
    const tone = new OscillatorNode(context, { type: 'sine', frequency: pitch });
    const loudness = new GainNode(context, { gain: 0 });
    loudness.gain.setValueAtTime(0, begin);
    loudness.gain.linearRampToValueAtTime(CHIME_LOUDNESS, begin + 0.03);
    loudness.gain.exponentialRampToValueAtTime(0.0005, begin + CHIME_SECONDS);
    tone.connect(loudness).connect(context.destination);
    tone.start(begin);
    tone.stop(begin + CHIME_SECONDS);
    tone.onended = () => at > 0 && void context.close();
  }
}

/** @param {string} text */
export async function announce(text) {
  const voice = await waitForVoice(i18n.lang);
  const speech = synthesis();
  if (!voice || !speech) {
    chime();
    return;
  }
  const utterance = new SpeechSynthesisUtterance(text);
  Object.assign(utterance, { voice, lang: voice.lang, volume: VOLUME });
  utterance.onerror = ({ error }) => {
    if (error !== 'interrupted' && error !== 'canceled')
      chime();
  };
  speech.cancel(); // only the last one still holds
  speech.speak(utterance);
}
