// Tones, and how loud each is in what was heard. What stands first knows no browser; the last functions run inside the page, so each must
// stand by itself.

/** The samples of a WAV file of one channel of 16 bits. @param {Buffer} file */
export function decodeWav (file) {
  const rate = file.readUInt32LE(24), channels = file.readUInt16LE(22);
  const start = file.indexOf('data') + 8;
  const samples = new Float32Array(Math.floor((file.length - start) / 2 / channels));
  for (let i = 0; i < samples.length; i++)
    samples[i] = file.readInt16LE(start + 2 * channels * i) / 32768;
  return { rate, samples };
}

/** @param {Float32Array} samples @param {number} start @param {number} length @param {number} radians by sample */
function amplitude (samples, start, length, radians) {
  let real = 0, imaginary = 0;
  for (let i = 0; i < length; i++) {
    const value = samples[start + i] * (1 - Math.cos(2 * Math.PI * i / length)); // a window whose mean is 1
    real += value * Math.cos(radians * i);
    imaginary += value * Math.sin(radians * i);
  }
  return 2 * Math.hypot(real, imaginary) / length;
}

/**
 * The amplitudes of tones in dB of full scale, where the first one is loudest: a busy machine loses a moment now and then, and a jump in one tone is
 * heard at all frequencies. What is there all the time is there as well. Multiples of 20 Hz do not disturb each other.
 * @param {{ rate: number, samples: Float32Array }} sound
 * @param {number[]} tones
 * @param {number} from @param {number} to seconds before the end
 */
export function levelsOf ({ rate, samples }, tones, from, to) {
  const block = rate / 10;
  const end = samples.length - Math.round(to * rate);
  const blocks = [];
  for (let start = Math.max(0, samples.length - Math.round(from * rate)); start + block <= end; start += block)
    blocks.push(tones.map(hertz => 20 * Math.log10(amplitude(samples, start, block, 2 * Math.PI * hertz / rate) + 1e-9)));
  const best = blocks.sort((a, b) => b[0] - a[0]).slice(0, Math.ceil(blocks.length / 3));
  return tones.map((_, i) => best.map(levels => levels[i]).sort((a, b) => a - b)[best.length >> 1] ?? NaN);
}

/** Before the page's own scripts: the microphone is one tone, 1400 Hz at -20 dB. */
export function withTone () {
  const media = navigator.mediaDevices;
  const native = media.getUserMedia.bind(media);
  media.getUserMedia = async constraints => {
    const stream = await native(constraints);
    const [microphone] = stream.getAudioTracks();
    if (!microphone)
      return stream;
    const context = new AudioContext({ sampleRate: 48000 });
    const tone = new OscillatorNode(context, { frequency: 1400 });
    const out = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    tone.connect(new GainNode(context, { gain: 0.1 })).connect(out);
    tone.start();
    const [track] = out.stream.getAudioTracks();
    track.getSettings = () => microphone.getSettings();
    return new MediaStream([track, ...stream.getVideoTracks()]);
  };
}

/**
 * How loud tones are in all that the page plays, in dB, within half a second: in the stream where each is loudest. Recorded and decoded, because an
 * AudioContext without a sound card never runs in Firefox, whatever it is asked.
 * @param {number[]} tones
 */
export async function spectrum (tones) {
  const RATE = 48000, LENGTH = 0.4 * RATE, END = 0.1 * RATE; // bins of 2.5 Hz
  /** @param {MediaStream} stream @returns {Promise<Float32Array>} */
  const listen = async stream => {
    const recorder = new MediaRecorder(new MediaStream(stream.getAudioTracks()), { audioBitsPerSecond: 256_000 });
    /** @type {Blob[]} */
    const parts = [];
    const stopped = new Promise(resolve => { recorder.onstop = resolve; });
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.start();
    await new Promise(resolve => setTimeout(resolve, 800));
    recorder.stop();
    await stopped;
    const file = new Blob(parts);
    if (file.size === 0)
      return new Float32Array(0); // a track on which nothing came
    return (await new OfflineAudioContext(1, 1, RATE).decodeAudioData(await file.arrayBuffer())).getChannelData(0);
  };
  /** @param {Float32Array} samples @param {number} hertz */
  const level = (samples, hertz) => {
    const start = samples.length - END - LENGTH;
    let real = 0, imaginary = 0;
    for (let i = 0; start >= 0 && i < LENGTH; i++) {
      const angle = 2 * Math.PI * hertz * i / RATE;
      const value = samples[start + i] * (1 - Math.cos(2 * Math.PI * i / LENGTH));
      real += value * Math.cos(angle);
      imaginary += value * Math.sin(angle);
    }
    return 20 * Math.log10(2 * Math.hypot(real, imaginary) / LENGTH + 1e-7);
  };
  const played = /** @type {HTMLMediaElement[]} */ ([...document.querySelectorAll('video, audio')]).filter(({ muted }) => !muted).map(({ srcObject }) => /** @type {MediaStream | null} */ (srcObject));
  const streams = [...new Set(played)].filter(stream => stream?.getAudioTracks().some(({ readyState }) => readyState === 'live'));
  if (streams.length === 0)
    throw new Error('the page plays nothing');
  const sounds = await Promise.all(streams.map(stream => listen(/** @type {MediaStream} */ (stream))));
  return tones.map(hertz => Math.round(Math.max(...sounds.map(samples => level(samples, hertz)))));
}
