// Stands in for the REST of recordings in the demo: a handful of recordings in each state, one with all its files. Media are made with
// ffmpeg, where there is one. Who is signed in (accounts.mjs) sees them; a share's password is `open sesame`.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const DURATION = 754_000;
const PEOPLE = [['paaaaaaaaaaaa', 'Marta Lindqvist'], ['pbbbbbbbbbbbb', 'Samuel Okafor'], ['pcccccccccccc', 'Yuki Tanaka'], ['pdddddddddddd', 'Elena Rossi']];
const CHAPTERS = [[0, 'Welcome'], [95, 'Figures of the third quarter'], [301, 'Screen of Yuki Tanaka'], [478, 'Discussion & questions'], [690, 'Next steps']];

/** Always the same. @param {number} seed */
function random(seed) {
  let state = seed;
  return () => (state = (state * 16807) % 2147483647) / 2147483647;
}

function timeline() {
  const next = random(7);
  const speakers = [];
  let at = 1_000;
  while (at < DURATION - 5_000) {
    const length = 2_000 + next() ** 2 * 40_000;
    speakers.push({ person: PEOPLE[Math.min(3, Math.floor(next() ** 1.6 * 4))][0], from: Math.round(at), to: Math.round(Math.min(at + length, DURATION)) });
    at += length + next() * 2_500;
  }
  const people = PEOPLE.map(([person, name]) => ({ person, name }));
  return JSON.stringify({ version: 1, duration: DURATION, people, speakers, shares: [{ person: PEOPLE[2][0], from: 301_000, to: 478_000 }] });
}

function waveform() {
  const next = random(11);
  return JSON.stringify({ version: 1, rate: 2, max: 100, mix: Array.from({ length: 1200 }, (_, i) => Math.round(15 + 75 * next() * (0.5 + 0.5 * Math.sin(i / 19) ** 2))) });
}

/** @param {number} s */
const stamp = s => `${String(Math.floor(s / 3600)).padStart(2, '0')}:${String(Math.floor(s / 60) % 60).padStart(2, '0')}:${String(s % 60).padStart(2, '0')}.000`;

const chapters = () => `WEBVTT\n\n${CHAPTERS.map(([from, title], i) =>
  `${stamp(Number(from))} --> ${stamp(Number(CHAPTERS[i + 1]?.[0] ?? DURATION / 1000))}\n${String(title).replace('&', '&amp;')}\n`).join('\n')}`;

const thumbnails = () => `WEBVTT\n\n${Array.from({ length: 75 }, (_, i) =>
  `${stamp(i * 10)} --> ${stamp(i * 10 + 10)}\nthumbnails.jpg#xywh=${(i % 10) * 160},${Math.floor(i / 10) * 90},160,90\n`).join('\n')}`;

/** @param {string} folder */
function make(folder) {
  const ffmpeg = (...args) => spawnSync('ffmpeg', ['-v', 'error', '-y', ...args], { cwd: folder });
  const scene = `color=c=0x292622:s=640x360:r=5:d=${DURATION / 1000}`;
  const boxes = ['0x2f5d62:x=8:y=8', '0xb4552d:x=324:y=8', '0x5d6d8a:x=8:y=184', '0x8a3b4f:x=324:y=184']
    .map(box => `drawbox=color=${box.split(':')[0]}:${box.split(':').slice(1).join(':')}:w=308:h=168:t=fill`);
  const clock = "drawtext=text='%{pts\\:hms}':fontcolor=white:fontsize=36:x=(w-tw)/2:y=(h-th)/2";
  ffmpeg('-f', 'lavfi', '-i', `${scene},${boxes.join(',')},${clock}`, '-f', 'lavfi', '-i', `sine=f=330:d=${DURATION / 1000}`, '-shortest',
    '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-b:a', '48k', '-movflags', '+faststart', 'meeting.mp4');
  ffmpeg('-ss', '100', '-i', 'meeting.mp4', '-frames:v', '1', 'poster.jpg');
  ffmpeg('-i', 'meeting.mp4', '-vf', 'fps=1/10,scale=160:90,tile=10x8', '-frames:v', '1', 'thumbnails.jpg');
  ffmpeg('-i', 'meeting.mp4', '-vn', '-c:a', 'copy', 'audio.m4a');
  ffmpeg('-f', 'lavfi', '-i', 'testsrc=s=320x180:r=5:d=40', '-c:v', 'libvpx', '-b:v', '100k', '-f', 'webm', 'track.webm');
  writeFileSync(path.join(folder, 'timeline.json'), timeline());
  writeFileSync(path.join(folder, 'waveform.json'), waveform());
  writeFileSync(path.join(folder, 'chapters.vtt'), chapters());
  writeFileSync(path.join(folder, 'thumbnails.vtt'), thumbnails());
  writeFileSync(path.join(folder, 'timeline.otio'), '{}');
}

const KINDS = { 'meeting.mp4': 'video', 'audio.m4a': 'audio', 'poster.jpg': 'poster', 'thumbnails.jpg': 'thumbnails', 'thumbnails.vtt': 'thumbnails', 'waveform.json': 'waveform',
  'chapters.vtt': 'chapters', 'timeline.otio': 'timeline', 'timeline.json': 'timeline' };
const TYPES = { mp4: 'video/mp4', m4a: 'audio/mp4', jpg: 'image/jpeg', vtt: 'text/vtt; charset=utf-8', json: 'application/json', webm: 'video/webm', mkv: 'video/webm' };

const tracks = () => PEOPLE.flatMap(([person], i) => [
  { name: `tracks/001-${person}-microphone-1.mkv`, kind: 'track', bytes: 2_300_000, person, source: 'microphone', t: i * 4_000, duration: DURATION - i * 4_000 },
  ...i === 3 ? [] : [{ name: `tracks/001-${person}-camera-1.mkv`, kind: 'track', bytes: 61_000_000, person, source: 'camera', t: i * 4_000, duration: DURATION - i * 4_000 }],
  ...i === 2 ? [{ name: `tracks/001-${person}-screen-1.mkv`, kind: 'track', bytes: 20_100_000, person, source: 'screen', t: 301_000, duration: 177_000 }] : [],
]);

export class DemoLibrary {
  #folder;
  #shares = [{ id: 'saaaaaaaaaaaa', expires: Date.now() + 3 * 86_400_000, downloads: false, password: true }];
  #renders = [
    { id: 'jaaaaaaaaaaaa', status: 'running', progress: { stage: 'composing', done: 0.37 }, layout: 'speaker', from: 95_000, to: 301_000, without: ['pb'], suffix: '-2', created: Date.now(), error: '' },
    { id: 'jbbbbbbbbbbbb', status: 'failed', progress: null, layout: 'grid', from: -1, to: -1, without: [], suffix: '-3', created: Date.now(), error: 'lost' },
  ];
  #titles = new Map();
  signedIn = false;

  /** @param {string} folder for its media */
  constructor(folder) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    if (!existsSync(path.join(folder, 'chapters.vtt')))
      make(folder);
  }

  #recordings() {
    const day = 86_400_000, base = Date.UTC(2026, 10, 26, 13, 0);
    const one = (id, title, days, status, more = {}) => ({
      id, room: 'abcdefghijkm', meeting: 'maaaaaaaaaaaa', title: this.#titles.get(id) ?? title, started: base - days * day - (days * 7_919_000) % 20_000_000, ended: null, status, error: '',
      duration: 1_934_000 + days * 313_000, bytes: 211_400_000 + days * 77_000_000, expires: null, people: 4 + days % 7, progress: null, files: [], ...more,
    });
    return [
      one('raaaaaaaaaaaa', 'Board meeting of November', 0, 'recording', { duration: 0, bytes: 84_000_000 }),
      one('rbbbbbbbbbbbb', 'Weekly planning', 1, 'processing', { progress: { stage: 'composing', done: 0.62 }, files: tracks() }),
      one('rcccccccccccc', 'Quarterly review with the people from Rotterdam and Nantes', 2, 'ready', {
        duration: DURATION, bytes: 312_000_000, people: 4, expires: base + 28 * day, room: 'mnpqrstuvwxy',
        files: [...Object.entries(KINDS).map(([name, kind]) => ({ name, kind, bytes: existsSync(path.join(this.#folder, name)) ? statSync(path.join(this.#folder, name)).size : 0, sha256: '0', duration: DURATION })), ...tracks()],
      }),
      one('rdddddddddddd', 'Lecture 7: how rivers move', 3, 'ready', { room: 'zyxwvutsrqpn' }),
      one('reeeeeeeeeeee', 'Interview', 5, 'failed', { error: 'lost', files: tracks() }),
      ...Array.from({ length: 40 }, (_, i) => one(`r${String(i).padStart(12, 'f').replaceAll('0', 'g').replaceAll('1', 'h')}`, `Weekly planning ${40 - i}`, 7 + i * 7, 'ready')),
    ];
  }

  /** @param {URLSearchParams} query */
  #list(query) {
    const q = (query.get('q') ?? '').toLowerCase(), sort = query.get('sort') ?? 'started', sign = query.get('order') === 'asc' ? 1 : -1;
    const found = this.#recordings().filter(({ title, status, room }) => title.toLowerCase().includes(q) && [status, null, ''].includes(query.get('status')) && [room, null, ''].includes(query.get('room')))
      .sort((a, b) => sign * (a[sort] < b[sort] ? -1 : 1));
    const from = Number(query.get('cursor') ?? 0), to = from + Number(query.get('limit') ?? 30);
    return { recordings: found.slice(from, to), next: to < found.length ? String(to) : null };
  }

  /** @param {string} method @param {URL} url @param {any} body @param {string} [range] @returns {{ status: number, type: string, body: string | Buffer, headers?: Record<string, string> } | null} */
  answer(method, url, body, range) {
    const [, , , what, id, more, ...rest] = url.pathname.split('/');
    const json = (value, status = 200) => ({ status, type: 'application/json', body: JSON.stringify(value) });
    const refuse = (status, error) => json({ error, text: error }, status);
    if (url.searchParams.has('nothing'))
      return json({ recordings: [], next: null });
    if (what === 'shares' && more === 'open') {
      if (id === 'sbbbbbbbbbbbb')
        return refuse(404, 'not-found');
      return id === 'saaaaaaaaaaaa' && body.password !== 'open sesame' ? refuse(401, 'wrong-password') : json({ recording: 'rcccccccccccc', downloads: id !== 'saaaaaaaaaaaa' });
    }
    if (what === 'shares') {
      this.#shares = this.#shares.filter(share => share.id !== id);
      return json({}, 204);
    }
    if (what === 'renders') {
      this.#renders = this.#renders.filter(render => render.id !== id);
      return json({}, 204);
    }
    if (what !== 'recordings')
      return null;
    if (!id)
      return this.signedIn ? json(this.#list(url.searchParams)) : refuse(401, 'no-session');
    const recording = this.#recordings().find(one => one.id === id);
    if (!recording)
      return refuse(404, 'not-found');
    if (more === 'files')
      return this.#file(rest.join('/'), range);
    if (more === 'renders') {
      this.#renders.unshift({ id: `j${Date.now()}`, status: 'queued', progress: null, from: -1, to: -1, without: [], suffix: '-4', created: Date.now(), error: '', ...body });
      return json(this.#renders[0], 202);
    }
    if (more === 'verify')
      return json({ ok: true, files: recording.files.map(({ name }) => ({ name, ok: true })) });
    if (more === 'shares') {
      this.#shares.unshift({ id: 'scccccccccccc', expires: body.hours ? Date.now() + body.hours * 3_600_000 : null, downloads: body.downloads, password: 'password' in body });
      return json({ id: 'scccccccccccc', secret: 'A'.repeat(43), url: '' }, 201);
    }
    if (method === 'PATCH')
      this.#titles.set(id, body.title);
    return json({ ...recording, title: this.#titles.get(id) ?? recording.title, renders: id === 'rcccccccccccc' ? this.#renders : [], shares: this.#shares });
  }

  /** @param {string} name @param {string} [range] */
  #file(name, range) {
    const file = path.join(this.#folder, name.startsWith('tracks/') ? 'track.webm' : path.basename(name));
    if (!existsSync(file))
      return { status: 404, type: 'text/plain', body: '' };
    const data = readFileSync(file);
    const type = TYPES[/** @type {keyof typeof TYPES} */ (path.extname(name).slice(1))] ?? 'application/octet-stream';
    const [, from, to = ''] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
    if (from === undefined)
      return { status: 200, type, body: data, headers: { 'accept-ranges': 'bytes' } };
    const end = to ? Number(to) : data.length - 1;
    return { status: 206, type, body: data.subarray(Number(from), end + 1), headers: { 'accept-ranges': 'bytes', 'content-range': `bytes ${from}-${end}/${data.length}` } };
  }
}
