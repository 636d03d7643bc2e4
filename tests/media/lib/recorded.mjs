// Reads what was recorded with FFmpeg, and the pictures and sounds that conclave-rtc made (tests/rtc/scene.h) with it.
import { execFileSync } from 'node:child_process';

const COLUMNS = 16;
const RATE = 48000;
const FLASH_MS = 100;
/** bytes before a frame, behind what ffprobe says is its place */
const BLOCK_HEAD = 4;

function run (program, args, options = {}) {
  return execFileSync(program, ['-v', 'error', ...args], { maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'pipe'], ...options });
}

function probe (file, ...args) {
  return JSON.parse(run('ffprobe', ['-of', 'json', ...args, file]).toString());
}

/** @returns {{ codec: string, duration: number, packets: { ms: number, key: boolean, end: number, n: number }[] }} */
export function read (file) {
  const { format, streams, packets } = probe(file, '-show_entries',
    'format=duration:stream=codec_name,width,height,channels:packet=pts_time,flags,pos,size');
  return {
    codec: streams[0].codec_name,
    width: streams[0].width,
    height: streams[0].height,
    duration: Number(format.duration),
    packets: packets.map(({ pts_time, flags, pos, size }) =>
      ({ ms: Math.round(pts_time * 1000), key: flags.startsWith('K'), n: Number(size), end: Number(pos) + BLOCK_HEAD + Number(size) })),
  };
}

/** How many frames can be read, whatever the end looks like. */
export function count (file) {
  try {
    return Number(run('ffprobe', ['-count_packets', '-show_entries', 'stream=nb_read_packets', '-of', 'csv=p=0', file]).toString()) || 0;
  } catch {
    return 0;
  }
}

/** All that the decoder complains about. */
export function complaints (file) {
  return execFileSync('sh', ['-c', 'ffmpeg -v warning -i "$1" -fps_mode passthrough -enc_time_base 1:1000 -f null - 2>&1', 'sh', file]).toString().trim();
}

/**
 * Decodes pictures: what they show, and how large they were.
 * @returns {{ ms: number, width: number, person: number, shown: number, flash: boolean }[]} `shown`: ms modulo 2^24
 */
export function pictures (file, args = []) {
  const width = 320, height = 180;
  const sizes = args.length ? [] : probe(file, '-show_entries', 'frame=pts_time,width').frames;
  const raw = run('ffmpeg', [...args, '-i', file, '-fps_mode', 'passthrough', '-vf', `scale=${width}:${height}`, '-pix_fmt', 'gray', '-f', 'rawvideo', '-']);
  const result = [];
  for (let at = 0, i = 0; at + width * height <= raw.length; at += width * height, i++) {
    const pixel = (x, y) => raw[at + Math.floor(y * height) * width + Math.floor(x * width)] > 128;
    const row = y => Array.from({ length: COLUMNS }, (_, c) => pixel((c + 0.5) / COLUMNS, y)).reduce((bits, one) => bits * 2 + Number(one), 0);
    const upper = row(5 / 8), lower = row(7 / 8);
    result.push({
      ms: Math.round(Number(sizes[i]?.pts_time ?? 0) * 1000),
      width: sizes[i]?.width,
      person: upper >> 8,
      shown: (upper & 255) * 65536 + lower,
      flash: pixel(0.5, 0.25),
    });
  }
  return result;
}

/** Decodes sound. @returns {Int16Array} mono, as if silence was sent where nothing was */
export function sound (file) {
  const raw = run('ffmpeg', ['-i', file, '-af', 'aresample=async=1:first_pts=0', '-f', 's16le', '-ac', '1', '-ar', String(RATE), '-']);
  return new Int16Array(raw.buffer, raw.byteOffset, raw.length >> 1);
}

/** When beeps begin, ms. */
export function beeps (samples) {
  const begun = [];
  let last = -Infinity;
  for (let i = 0; i < samples.length; i++) {
    if (Math.abs(samples[i]) < 6000)
      continue;
    if (i - last > RATE * FLASH_MS / 1000)
      begun.push(i * 1000 / RATE);
    last = i;
  }
  return begun;
}

/** When flashes begin, ms. */
export function flashes (frames) {
  return frames.filter((frame, i) => frame.flash && i > 0 && !frames[i - 1].flash).map(({ ms }) => ms);
}

/** How loud a pitch is, 0…1, in these samples. */
export function level (samples, hertz) {
  let re = 0, im = 0;
  samples.forEach((value, i) => {
    re += value * Math.cos(2 * Math.PI * hertz * i / RATE);
    im += value * Math.sin(2 * Math.PI * hertz * i / RATE);
  });
  return 2 * Math.hypot(re, im) / samples.length / 32768;
}

/** The difference of two times that count to 2^24 ms. */
export function apart (a, b) {
  const wrap = 1 << 24;
  return ((a - b) % wrap + wrap + wrap / 2) % wrap - wrap / 2;
}
