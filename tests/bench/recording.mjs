#!/usr/bin/env node
// tools/bench recording: what recording costs while a meeting goes on, and how quick films are made of it afterwards.
//
// live: people send; windows with and without a recording take turns, and the difference is what it costs. render: meetings of
// pictures that move, composed by conclave-render under a conclaved of its own, one layout and size after the other.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

const TOP = path.resolve(path.dirname(new URL(import.meta.url).pathname), '../..');
const LIVE = { live4: 4, live10: 10 };
/** people, size of a camera, and the film. */
const RENDER = {
  'grid4-360p': { people: 4, width: 640, height: 360, order: { layout: 'grid' } },
  'grid4-720p': { people: 4, width: 1280, height: 720, order: { layout: 'grid' } },
  'grid9-360p': { people: 9, width: 640, height: 360, order: { layout: 'grid' } },
  'speaker4-720p': { people: 4, width: 1280, height: 720, order: { layout: 'speaker' } },
  'grid4-to-1080p': { people: 4, width: 1280, height: 720, order: { layout: 'grid', width: 1920, height: 1080 } },
};
const QUICK = ['live4', 'grid4-360p'];
/** name: [what, unit, target, whether more is better] */
const FIGURES = {
  cpu: ["processor for a person's minute", 's', 0.6, false],
  rss: ['memory of conclave-media', 'KiB', null, false],
  kib: ['written for a person and second', 'KiB', null, false],
  lost: ['lost packets of what was forwarded', '', 0, false],
  speed: ['film, times real time', '', 2, true],
  all: ['all that is made, times real time', '', null, true],
  render_rss: ['memory of conclave-render, at most', 'MiB', null, false],
};

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));
const began = performance.now();
const say = text => process.stderr.write(`${((performance.now() - began) / 1000).toFixed(1)} s: ${text}\n`);
const median = values => [...values].sort((a, b) => a - b)[values.length >> 1];

function config () {
  return {
    server: { tls: false, 'log-level': 'warning', 'max-connections-per-address': 100000 },
    media: { listen: '127.0.0.1', ports: 0 },
    recording: { 'stop-below-percent': 0, 'stop-below-bytes': 0 },
  };
}

function folderSize (folder) {
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
    .reduce((sum, entry) => sum + fs.statSync(path.join(entry.path, entry.name)).size, 0);
}

// ---- while a meeting goes on ----

async function live (name, options, tools) {
  const { Conclave, Room, usage } = tools;
  const count = LIVE[name];
  const side = await Conclave.start('SRTP_AEAD_AES_128_GCM', config());
  const figures = { cpu: [], rss: [], kib: [], lost: [] };
  try {
    side.room = new Room({ kind: 'boardroom' });
    const made = await side.daemon.admin('POST', '/api/v1/rooms', { ...side.room.body, recording: true });
    if (made.status !== 201)
      throw new Error(JSON.stringify(made.body));
    for (let id = 1; id <= count; id++)
      await side.addSender(id, { video_bps: 1e6, gop: 2 });
    const record = async action => {
      const answer = await side.daemon.admin('POST', `/api/v1/rooms/${side.room.id}/recording`, { action });
      if (answer.status !== 200)
        throw new Error(JSON.stringify(answer.body));
    };
    const window = async () => {
      const before = usage(side.media).exact;
      await sleep(options.seconds * 1000);
      return usage(side.media).exact - before;
    };
    await record('start');
    for (let round = 0; round < options.rounds; round++) {
      if (round > 0)
        await record('resume');
      await sleep(1500);
      await side.rtc.stats({ reset: true });
      const size = folderSize(path.join(side.daemon.state, 'recordings'));
      const on = await window();
      const stats = await side.rtc.stats();
      figures.kib.push((folderSize(path.join(side.daemon.state, 'recordings')) - size) / 1024 / count / options.seconds);
      figures.rss.push(usage(side.media).rss);
      figures.lost.push(Math.max(0, stats.lost - stats.sock_drops));
      await record('pause');
      await sleep(1000);
      const off = await window();
      figures.cpu.push((on - off) / count / (options.seconds / 60));
      say(`${name}: ${figures.cpu.at(-1).toFixed(3)} s for a person's minute`);
    }
    await record('stop');
  } finally {
    await side.stop();
  }
  return figures;
}

// ---- afterwards ----

function highestMemory (tools, pid, state) {
  for (const child of tools.children(pid, 'conclave-render'))
    try {
      const status = fs.readFileSync(`/proc/${child}/status`, 'utf8');
      state.kib = Math.max(state.kib, Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0));
    } catch { /* it has just ended */ }
}

async function render (name, options, tools) {
  const { Daemon, Room } = tools;
  const { people, width, height, order } = RENDER[name];
  const state = fs.mkdtempSync(path.join(os.tmpdir(), 'conclave-bench-'));
  const seconds = options.film;
  let daemon = await Daemon.start({ config: config(), state });
  const figures = { speed: [], all: [], render_rss: [] };
  try {
    const room = await Room.create(daemon, { kind: 'boardroom' });
    await daemon.stop();
    say(`${name}: a meeting of ${seconds} s is made`);
    const id = execFileSync('python3', [path.join(TOP, 'tests/bench/meeting.py'), state, room.id, people, width, height, seconds].map(String), { encoding: 'utf8' }).trim();
    daemon = await Daemon.start({ config: config(), state });
    const memory = { kib: 0 };
    const wait = async done => {
      for (const start = performance.now(); ; await sleep(50)) {
        highestMemory(tools, daemon.pid, memory);
        const { body } = await daemon.admin('GET', `/api/v1/recordings/${id}`);
        if (body.status === 'failed')
          throw new Error(`it failed: ${body.error}`);
        if (done(body))
          return performance.now() - start;
      }
    };
    figures.all.push(seconds * 1000 / await wait(({ status }) => status === 'ready'));
    for (let run = 0; run < options.runs; run++) {
      const answer = await daemon.admin('POST', `/api/v1/recordings/${id}/renders`, { ...order, products: ['video'] });
      if (answer.status !== 202)
        throw new Error(JSON.stringify(answer.body));
      const took = await wait(({ renders }) => ['done', 'failed'].includes(renders.find(one => one.id === answer.body.id)?.status));
      figures.speed.push(seconds * 1000 / took);
      say(`${name}: ${figures.speed.at(-1).toFixed(2)} times real time`);
    }
    figures.render_rss.push(memory.kib / 1024);
  } finally {
    await daemon.stop();
    fs.rmSync(state, { recursive: true, force: true });
  }
  return figures;
}

// ---- the table ----

const round = value => Number(value.toFixed(3));

function print (table) {
  for (const [name, figures] of Object.entries(table)) {
    console.log(`\n${name}`);
    for (const [figure, { median: value, min, max }] of Object.entries(figures)) {
      const [what, unit, target, more] = FIGURES[figure];
      const met = more ? value >= target : value <= target;
      console.log(`${what.padEnd(40)} ${value.toFixed(2).padStart(9)} ${`${min.toFixed(2)} – ${max.toFixed(2)}`.padStart(19)}  ${unit.padEnd(5)} ` +
        (target === null ? '' : `${more ? '≥' : '≤'} ${target} ${met ? 'met' : 'missed'}`));
    }
  }
}

const USAGE = `usage: tools/bench recording [--quick] [--only NAME]… [--runs N] [--json FILE] [--build FOLDER]
NAME: ${[...Object.keys(LIVE), ...Object.keys(RENDER)].join(', ')}`;

function readArguments () {
  const { values } = parseArgs({ options: {
    quick: { type: 'boolean', default: false }, only: { type: 'string', multiple: true }, runs: { type: 'string' },
    json: { type: 'string' }, build: { type: 'string', default: 'build' },
  } });
  const { quick } = values;
  const options = {
    quick, build: path.resolve(values.build), json: values.json,
    only: values.only ?? (quick ? QUICK : [...Object.keys(LIVE), ...Object.keys(RENDER)]),
    runs: Number(values.runs ?? (quick ? 1 : 3)),
    rounds: quick ? 2 : 5, seconds: quick ? 3 : 10, film: quick ? 12 : 60,
  };
  if (options.only.some(name => !LIVE[name] && !RENDER[name]) || !(options.runs >= 1))
    throw new Error('bad arguments');
  return options;
}

async function main () {
  let options;
  try {
    options = readArguments();
  } catch (error) {
    console.error(`${error.message}\n${USAGE}`);
    return 2;
  }
  process.env.CONCLAVE_BUILD = options.build; /* before what reads it is loaded */
  const tools = {
    ...await import('./sides.mjs'), ...await import('./usage.mjs'),
    ...await import('../protocol/lib/daemon.mjs'), ...await import('../protocol/lib/room.mjs'),
  };
  const table = {};
  for (const name of options.only) {
    const figures = LIVE[name] ? await live(name, options, tools) : await render(name, options, tools);
    table[name] = Object.fromEntries(Object.entries(figures).filter(([, values]) => values.length)
      .map(([figure, values]) => [figure, { median: round(median(values)), min: round(Math.min(...values)), max: round(Math.max(...values)) }]));
  }
  print(table);
  const result = JSON.stringify({ bench: 'recording', quick: options.quick, figures: table });
  console.log(result);
  if (options.json)
    fs.writeFileSync(options.json, result + '\n');
  return 0;
}

process.exit(await main());
