// What somebody says into a microphone: a file for Chromium, whose own fake microphone beeps for 20 ms twice a second, which
// nobody would take for speech. Syllables of changing pitch, so that no noise suppression takes it for noise.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const RATE = 48_000;
const SECONDS = 6;
const SYLLABLE = 0.3;
const PAUSE = 0.06;
const LOUDNESS = 0.3;

function speak () {
  const samples = new Int16Array(RATE * SECONDS);
  let phase = 0;
  for (let i = 0; i < samples.length; i++) {
    const at = (i / RATE) % SYLLABLE, number = Math.floor(i / RATE / SYLLABLE);
    const pitch = 120 + 40 * Math.sin(number * 2.4) + 60 * at;
    phase += pitch / RATE;
    const envelope = at < SYLLABLE - PAUSE ? Math.sin(Math.PI * at / (SYLLABLE - PAUSE)) : 0;
    let voice = 0;
    for (let harmonic = 1; harmonic <= 12; harmonic++)
      voice += Math.sin(2 * Math.PI * phase * harmonic) / harmonic;
    samples[i] = Math.round(32767 * LOUDNESS * envelope * voice / 2);
  }
  return samples;
}

/** A WAV file (RIFF, PCM, one channel of 16 bits). @returns {string} its path */
export function voiceFile () {
  const samples = speak();
  const data = Buffer.from(samples.buffer);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(RATE * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'voice-')), 'voice.wav');
  fs.writeFileSync(file, Buffer.concat([head, data]));
  return file;
}
