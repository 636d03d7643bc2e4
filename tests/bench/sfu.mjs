#!/usr/bin/env node
// tools/bench sfu: what forwarding costs conclave-media, and what it costs Janus' videoroom, side by side.
//
// Both servers hold the same scenario at once, with a generator each; then they are measured in turns, a window each, while
// the other one's senders are silent. A figure is a median over windows and runs. What the generators need is not counted,
// but does compete for the same processors.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

const PROFILES = { gcm: 'SRTP_AEAD_AES_128_GCM', cm: 'SRTP_AES128_CM_SHA1_80' };
/* of joins that are measured; conclave-rtc makes no more than one keyframe in 200 ms */
const JOIN_INTERVAL = 250;
const VIDEO_RATE = 120; /* packets/s of one camera: 1 Mbit/s, 30 frames of 4 packets */

/** `senders` people send; `viewers` watch the first of them, or else all senders see `tiles` others. */
const SCENARIOS = {
  webinar10: { kind: 'classroom', senders: 1, viewers: 10 },
  webinar50: { kind: 'classroom', senders: 1, viewers: 50, joins: true },
  webinar100: { kind: 'classroom', senders: 1, viewers: 100 },
  webinar300: { kind: 'classroom', senders: 1, viewers: 300 },
  meeting10: { kind: 'boardroom', senders: 10, tiles: 9 },
  tiles25: { kind: 'boardroom', senders: 25, tiles: 9, video_bps: 300_000, video_rate: 60 },
  churn: { kind: 'classroom', senders: 1, viewers: 50, churn: true },
};
const QUICK = ['webinar50', 'meeting10'];

/** name: [what, unit, target] */
const FIGURES = {
  us: ['processor per forwarded packet', 'µs', null],
  pps: ['forwarded packets', '1/s', null],
  share: ['of the video that was to come', '%', null],
  lost: ['lost packets', '', 0],
  p50: ['video latency, p50', 'ms', null],
  p99: ['video latency, p99', 'ms', 5],
  first: ['join to first frame', 'ms', null],
  idle: ['processors that nobody used', '%', null],
  kib: ['memory a participant', 'KiB', 1229],
  threads: ['threads a participant', '', 4.5],
  join: ['processor of a join in all', 'ms', 10],
  control: ['processor of conclaved', '% of a core', null],
  control_kib: ['memory of conclaved a participant', 'KiB', null],
  cycle: ['processor of a join and a leave', 'ms', null],
  churn_lost: ['packets lost meanwhile', '', 0],
  grown_kib: ['memory that each of them left', 'KiB', null],
  grown_threads: ['threads that all of them left', '', 0],
  grown_descriptors: ['descriptors that all of them left', '', 0],
};
const RATIO_TARGETS = { webinar50: 0.35, webinar100: 0.35, meeting10: 0.35 };

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));
const began = performance.now();
const say = text => process.stderr.write(`${((performance.now() - began) / 1000).toFixed(1)} s: ${text}\n`);

export function median (values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length % 2 ? sorted[sorted.length >> 1] : (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
}

/** What all processes of a server used in between, ms. */
function used (before, after) {
  return 1000 * (after.media.exact - before.media.exact + after.control.exact - before.control.exact);
}

/** Does it for all, some at a time. */
async function inParallel (items, width, work) {
  const waiting = [...items];
  await Promise.all(Array.from({ length: width }, async () => {
    while (waiting.length)
      await work(waiting.shift());
  }));
}

// ---- one server in one scenario ----

class Trial {
  constructor (side, scenario, { VIEWERS, machine }) {
    Object.assign(this, { side, scenario, VIEWERS, machine });
    this.figures = Object.fromEntries(Object.keys(FIGURES).map(name => [name, []]));
  }

  get participants () {
    return this.scenario.senders + (this.scenario.viewers ?? 0);
  }

  /** How many cameras are forwarded. */
  get views () {
    return this.scenario.viewers ?? this.scenario.senders * this.scenario.tiles;
  }

  async open () {
    const { side, scenario } = this;
    const ids = Array.from({ length: scenario.senders }, (_, i) => i + 1);
    await side.open(scenario.kind);
    for (const id of ids) {
      await side.addSender(id, { video_bps: scenario.video_bps ?? 1e6 });
      this.empty ??= side.usage();
    }
    await side.pause(true); /* a crowd joins sooner where nothing is forwarded yet */
    if (scenario.viewers)
      await inParallel(Array.from({ length: scenario.viewers }, (_, i) => this.VIEWERS + i), 4, id => side.addViewer(id, [1]));
    else
      await inParallel(ids, 4, id => side.meet(id, Array.from({ length: scenario.tiles }, (_, k) => (id + k) % scenario.senders + 1)));
    await side.pause(false);
  }

  get videoRate () {
    return this.views * (this.scenario.video_rate ?? VIDEO_RATE);
  }

  /** Until the whole video comes to all, or it takes too long: then `share` tells. */
  async flow (patience) {
    const { rtc } = this.side;
    for (const end = performance.now() + patience; performance.now() < end;) {
      await rtc.stats({ reset: true });
      await sleep(400);
      const stats = await rtc.stats();
      if (stats.rx_video > 0.97 * this.videoRate * stats.secs)
        return;
    }
  }

  /** Everybody is in. */
  async settle (patience) {
    await this.flow(patience);
    const full = this.side.usage();
    this.figures.kib.push((full.media.rss - this.empty.media.rss) / (this.participants - 1));
    this.figures.threads.push(full.media.threads / this.participants);
    if (this.side.control)
      this.figures.control_kib.push((full.control.rss - this.empty.control.rss) / (this.participants - 1));
  }

  /** One window. */
  async measure (seconds) {
    const { side: { rtc }, figures } = this;
    await rtc.stats({ reset: true });
    const before = this.side.usage(), start = performance.now(), machine = this.machine();
    await sleep(seconds * 1000);
    const after = this.side.usage(), stats = await rtc.stats(), now = this.machine();
    const elapsed = (performance.now() - start) / 1000;
    const forwarded = stats.rx_audio + stats.rx_video;
    this.us = (after.media.exact - before.media.exact) / forwarded * 1e6;
    figures.us.push(this.us);
    figures.pps.push(forwarded / stats.secs);
    figures.share.push(100 * stats.rx_video / (this.videoRate * stats.secs));
    figures.lost.push(Math.max(0, stats.lost - stats.sock_drops));
    figures.p50.push(stats.lat_video.p50_us / 1000);
    figures.p99.push(stats.lat_video.p99_us / 1000);
    figures.idle.push(100 * (now.idle - machine.idle) / (now.total - machine.total));
    if (this.side.control)
      figures.control.push(100 * (after.control.exact - before.control.exact) / elapsed);
  }

  /** Joins into the full room, one after another: their cost while nobody sends, and with media how long a picture takes. */
  async join (count) {
    const { side, side: { rtc }, figures } = this;
    const ids = Array.from({ length: 2 * count }, (_, i) => 2 * this.VIEWERS + i);
    await side.pause(true);
    await sleep(300);
    const before = side.usage();
    for (const id of ids.slice(0, count))
      await side.addViewer(id, [1]);
    figures.join.push(used(before, side.usage()) / count);
    await side.pause(false);
    await sleep(300);
    rtc.events.first.length = 0;
    for (const id of ids.slice(count)) {
      const next = sleep(JOIN_INTERVAL);
      await side.addViewer(id, [1]);
      await next;
    }
    figures.first.push(...rtc.events.first.filter(({ kind, id }) => kind === 'video' && id >= ids[count]).map(({ ms }) => ms));
    for (const id of ids)
      await side.remove(id);
  }

  /** People come and go: what that costs while nobody sends, and what it does to the others and to the server with media. */
  async churn (count) {
    const { side, side: { rtc }, figures } = this;
    await side.pause(true);
    await this.#cycles(5, 0); /* what is made once */
    const before = side.usage();
    await this.#cycles(count, 0);
    figures.cycle.push(used(before, side.usage()) / count);
    await side.pause(false);
    await sleep(500);
    await rtc.stats({ reset: true });
    await this.#cycles(count, 100);
    const stats = await rtc.stats();
    await sleep(1000);
    const after = side.usage();
    figures.churn_lost.push(Math.max(0, stats.lost - stats.sock_drops));
    figures.grown_kib.push((after.media.rss - before.media.rss) / (2 * count));
    figures.grown_threads.push(after.media.threads - before.media.threads);
    figures.grown_descriptors.push(after.media.descriptors - before.media.descriptors);
  }

  async #cycles (count, interval) {
    for (let i = 0; i < count; i++) {
      const next = sleep(interval);
      await this.side.addViewer(3 * this.VIEWERS + i, [1]);
      await this.side.remove(3 * this.VIEWERS + i);
      await next;
    }
  }
}

// ---- both servers ----

/** Adds the figures of one run of a scenario: {server: {figure: [values]}}. */
async function run (name, cipher, options, tools) {
  const scenario = SCENARIOS[name];
  say(`${name} ${cipher}: people join`);
  const started = await Promise.allSettled([tools.Conclave.start(PROFILES[cipher]), tools.JanusSide.start(PROFILES[cipher], options.build)]);
  const sides = started.filter(({ status }) => status === 'fulfilled').map(({ value }) => value);
  try {
    const failure = started.find(({ status }) => status === 'rejected');
    if (failure)
      throw failure.reason;
    const trials = sides.map(side => new Trial(side, scenario, tools));
    for (const trial of trials) {
      await trial.open();
      await trial.settle(options.quick ? 4000 : 15_000);
      say(`${name} ${cipher}: ${trial.participants} people are at ${trial.side.name}`);
      await trial.side.pause(true);
    }
    for (let round = 0; round < options.rounds; round++) {
      for (const trial of round % 2 ? [...trials].reverse() : trials) {
        await trial.side.pause(false);
        await sleep(200);
        await trial.flow(options.quick ? 1200 : 6000);
        await trial.measure(options.seconds);
        if (scenario.joins && (!options.quick || round === 0))
          await trial.join(options.quick ? 5 : 10);
        if (scenario.churn)
          await trial.churn(options.quick ? 10 : 50);
        await trial.side.pause(true);
      }
      say(`${name} ${cipher}: ${trials.map(({ side, us }) => `${side.name} ${us.toFixed(2)} µs`).join(', ')}`);
    }
    return Object.fromEntries(trials.map(({ side, figures }) => [side.name, figures]));
  } finally {
    await Promise.all(sides.map(side => side.stop().catch(error => say(String(error)))));
  }
}

// ---- the table ----

const round = value => Number(value.toFixed(3));

function summarize (runs) {
  const table = {};
  for (const { name, cipher, sides } of runs) {
    const row = (table[name] ??= {})[cipher] ??= {};
    for (const [side, figures] of Object.entries(sides))
      for (const [figure, values] of Object.entries(figures))
        ((row[side] ??= {})[figure] ??= []).push(...values);
  }
  for (const [name, ciphers] of Object.entries(table))
    for (const row of Object.values(ciphers)) {
      for (const side of Object.values(row))
        for (const [figure, values] of Object.entries(side))
          if (values.length)
            side[figure] = { median: round(median(values)), min: round(Math.min(...values)), max: round(Math.max(...values)) };
          else
            delete side[figure];
      row.ratio = round(row.conclave.us.median / row.janus.us.median);
      row.verdict = RATIO_TARGETS[name] === undefined ? '' : row.ratio <= RATIO_TARGETS[name] ? 'met' : 'missed';
    }
  return table;
}

const number = value => value >= 1000 ? value.toFixed(0) : value >= 100 ? value.toFixed(1) : value.toFixed(2);

function cell (figure) {
  return figure ? `${number(figure.median).padStart(8)} ${`${number(figure.min)} – ${number(figure.max)}`.padStart(19)}` : ''.padStart(28);
}

function printTable (table) {
  for (const [name, ciphers] of Object.entries(table))
    for (const [cipher, row] of Object.entries(ciphers)) {
      console.log(`\n${`${name}, ${PROFILES[cipher].slice(5)}`.padEnd(40)} ${'conclave'.padStart(8)} ${'min – max'.padStart(19)}   ` +
        `${'janus'.padStart(8)} ${'min – max'.padStart(19)}  ${'unit'.padEnd(11)} target`);
      for (const [figure, [what, unit, target]] of Object.entries(FIGURES)) {
        const { [figure]: ours } = row.conclave, { [figure]: theirs } = row.janus;
        if (!ours && !theirs)
          continue;
        const verdict = target === null || !ours ? '' : `≤ ${target} ${ours.median <= target ? 'met' : 'missed'}`;
        console.log(`${what.padEnd(40)} ${cell(ours)}   ${cell(theirs)}  ${unit.padEnd(11)} ${verdict}`);
      }
      const target = RATIO_TARGETS[name];
      console.log(`${'ratio of processor per packet'.padEnd(40)} ${number(row.ratio).padStart(8)}${target ? `  ≤ ${target} ${row.verdict} (${cipher})` : ''}`);
    }
}

// ---- the command line ----

const USAGE = `usage: tools/bench sfu [--quick] [--only NAME]… [--cipher gcm|cm]… [--runs N] [--json FILE] [--build FOLDER]
NAME: ${Object.keys(SCENARIOS).join(', ')}`;

function readArguments () {
  const { values } = parseArgs({ options: {
    quick: { type: 'boolean', default: false }, only: { type: 'string', multiple: true }, cipher: { type: 'string', multiple: true },
    runs: { type: 'string' }, json: { type: 'string' }, build: { type: 'string', default: 'build' },
    seconds: { type: 'string' }, rounds: { type: 'string' },
  } });
  const { quick } = values;
  const options = {
    quick,
    only: values.only ?? (quick ? QUICK : Object.keys(SCENARIOS)),
    ciphers: values.cipher ?? (quick ? ['gcm'] : ['gcm', 'cm']),
    runs: Number(values.runs ?? (quick ? 1 : 3)),
    rounds: Number(values.rounds ?? 3),
    seconds: Number(values.seconds ?? (quick ? 1.5 : 5)),
    build: path.resolve(values.build),
    json: values.json,
  };
  if (options.only.some(name => !SCENARIOS[name]) || options.ciphers.some(name => !PROFILES[name]) || !(options.runs >= 1) ||
      !(options.rounds >= 1) || !(options.seconds > 0))
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
  const tools = { ...await import('./sides.mjs'), ...await import('./usage.mjs') };
  const runs = [];
  for (let i = 0; i < options.runs; i++) /* outermost, so that slow drifts hit all scenarios */
    for (const name of options.only)
      for (const cipher of options.ciphers)
        runs.push({ name, cipher, sides: await run(name, cipher, options, tools) });
  const table = summarize(runs);
  printTable(table);
  const result = JSON.stringify({ bench: 'sfu', quick: options.quick, runs: options.runs, figures: table });
  console.log(result);
  if (options.json)
    fs.writeFileSync(options.json, result + '\n');
  if (options.quick && QUICK.every(name => table[name]?.gcm))
    console.log(`ratio webinar50=${table.webinar50.gcm.ratio.toFixed(2)} meeting10=${table.meeting10.gcm.ratio.toFixed(2)}`);
  return 0;
}

process.exit(await main());
