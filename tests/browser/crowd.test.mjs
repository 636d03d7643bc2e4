// A Boardroom of three pages and twenty generated people, for as long as CONCLAVE_SOAK_MINUTES says (10 where it says nothing):
// pictures never stop, nobody is lost, and the media process does not grow. Screenshots show what people see.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { chromium, firefox } from './lib/browsers.mjs';
import { Person, Room, Rtc } from './lib/crowd.mjs';
import { serverForFile } from './lib/suite.mjs';
import { sleep, until } from './lib/until.mjs';
import { Visitor } from './lib/visitor.mjs';

const MINUTES = Number(process.env.CONCLAVE_SOAK_MINUTES ?? 10);
const GENERATED = 20;
const SIZES = { Ann: [1440, 900], Ben: [1440, 900], Cem: [360, 740] };
const LOOK_EVERY = 15_000;
const SPEAKS_FOR = 20_000;

const server = serverForFile();

/** @param {string} link */
function roomOf (link) {
  const { pathname, hash } = new URL(link);
  const [secret, hostSecret = ''] = hash.slice(1).split('.').map(text => Buffer.from(text, 'base64url'));
  return new Room({ kind: 'boardroom', id: pathname.slice('/r/'.length), secret, hostSecret });
}

/** The process that holds the meeting's media: the spare one has no socket but its channel, so it is the larger. */
function mediaMemory () {
  const lines = execFileSync('ps', ['-eo', 'rss,args'], { encoding: 'utf8' }).split('\n').filter(line => line.includes('conclave-media'));
  return Math.max(...lines.map(line => parseInt(line.trim(), 10)));
}

/** Frames of all tiles that show something, by person. @param {Visitor} visitor @returns {Promise<Record<string, number>>} */
async function frames (visitor) {
  const people = (await visitor.people()).filter(({ self }) => !self);
  const pictures = await Promise.all(people.map(async ({ id }) => [id, (await visitor.picture(id))?.frames ?? 0]));
  return Object.fromEntries(pictures);
}

/** @param {Visitor} visitor @param {string} when */
async function photograph (visitor, when) {
  const folder = process.env.CONCLAVE_SCREENSHOTS;
  if (!folder)
    return;
  fs.mkdirSync(folder, { recursive: true });
  await visitor.page.screenshot({ path: /** @type {`${string}.png`} */ (path.join(folder, `crowd-${visitor.name}-${when}.png`)) });
}

/** Everyone's turn to speak, one after the other. @param {Rtc} rtc @param {AbortSignal} signal */
async function takeTurns (rtc, signal) {
  for (let turn = 0; !signal.aborted; turn++) {
    for (let i = 1; i <= GENERATED; i++)
      rtc.send({ cmd: 'level', id: i, dbov: i === 1 + turn % GENERATED ? 25 : 100 });
    await sleep(SPEAKS_FOR);
  }
}

test('a crowd in a Boardroom', { timeout: (MINUTES + 10) * 60_000 }, async t => {
  const links = await server.now.createRoom('Quarterly meeting', 'boardroom');
  const url = new URL(server.now.url);
  const daemon = { host: url.hostname, port: url.port, tls: true, origin: url.origin };
  const rtc = await Rtc.start(['--ip', url.hostname]);
  const speaking = new AbortController();
  const generated = [];
  const visitors = [];
  try {
    for (let i = 1; i <= GENERATED; i++)
      generated.push(await Person.join(daemon, roomOf(links.join_url), rtc, i, { media: { simulcast: [60_000, 150_000, 400_000], fps: 15, level: 100 } }));
    for (const [name, browser, link] of /** @type {const} */ ([['Ann', chromium, links.host_url], ['Ben', firefox, links.join_url], ['Cem', chromium, links.join_url]])) {
      const visitor = await Visitor.join(await browser(), link, name);
      const [width, height] = SIZES[name];
      await visitor.page.setViewport({ width, height });
      visitors.push(visitor);
    }
    void takeTurns(rtc, speaking.signal);
    for (const visitor of visitors)
      await until(`${visitor.name} sees several people`, async () => Object.values(await frames(visitor)).filter(n => n > 0).length >= 4, { timeout: 60_000 });
    await sleep(5_000);
    const memory = mediaMemory();
    await Promise.all(visitors.map(visitor => photograph(visitor, 'begin')));
    await rtc.stats({ reset: true });

    const end = Date.now() + MINUTES * 60_000;
    let looks = 0;
    while (Date.now() < end) {
      const before = await Promise.all(visitors.map(frames));
      await sleep(LOOK_EVERY);
      const after = await Promise.all(visitors.map(frames));
      for (const [i, visitor] of visitors.entries()) {
        const moved = Object.entries(after[i]).filter(([id, n]) => n > (before[i][id] ?? 0)).length;
        assert.ok(moved >= 3, `${visitor.name} sees ${moved} pictures that move`);
      }
      looks++;
    }
    const stats = await rtc.stats({ reset: false });
    await Promise.all(visitors.map(visitor => photograph(visitor, 'end')));
    t.diagnostic(`${looks} looks; generated people: ${stats.expected} packets expected, ${stats.unrepaired} not repaired, ` +
      `${stats.frames} frames, ${stats.decodable} decodable; memory of the media process ${memory} → ${mediaMemory()} KiB`);
    assert.ok(generated.every(({ closed }) => closed === null), 'everybody is still there');
    assert.equal(stats.bad_srtp + stats.timestamp_errors + stats.picture_errors + stats.duplicates, 0);
    assert.ok(stats.decodable >= 0.98 * stats.frames, `${stats.decodable} of ${stats.frames} frames could be decoded`);
    assert.ok(mediaMemory() < 1.3 * memory + 4096, `the media process grew from ${memory} to ${mediaMemory()} KiB`);
    for (const visitor of visitors)
      assert.deepEqual([...visitor.errors, ...await visitor.violations()], []);
  } finally {
    speaking.abort();
    await Promise.all(visitors.map(visitor => visitor.close()));
    await rtc.quit();
  }
});
