// What docs/api.md says: each command of the page, in its order, against a daemon, with the answer that the page gives.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { after, before, test } from 'node:test';
import { connect } from './lib/client.mjs';
import { CTL, Daemon, FAKE_MEDIA, until } from './lib/daemon.mjs';
import { Room } from './lib/room.mjs';

const TOP = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const run = promisify(execFile);
const PAGE_URL = 'https://meet.example.org';

let daemon, folder;
before(async () => {
  daemon = await Daemon.start({ config: FAKE_MEDIA });
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'conclave-api-docs-'));
  fs.symlinkSync(CTL, path.join(folder, 'conclavectl'));
});
after(async () => {
  fs.rmSync(folder, { recursive: true, force: true });
  await daemon.stop();
});

/** What stands in the page, as it is on this daemon. */
function localize (text) {
  return text.replaceAll(PAGE_URL, daemon.url).replaceAll('meet.example.org', daemon.host)
    .replaceAll('/var/lib/conclave/', `${daemon.state}/`);
}

/** The page's blocks in order: { language, text, name of the file that the line before gives it }. */
function readBlocks () {
  const page = fs.readFileSync(path.join(TOP, 'docs/api.md'), 'utf8');
  const blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)];
  assert.equal(blocks.length * 2, page.match(/^```/gm).length, 'blocks that are not understood');
  return blocks.map(({ 1: language, 2: text, index }) =>
    ({ language, text, file: /As `(\w+\.py)`:\s*$/.exec(page.slice(0, index))?.[1] }));
}

/** Runs a block in the folder; variables and functions of the blocks before are known. */
async function runShell (text) {
  const script = `set -euo pipefail; set -a; [[ ! -f .known ]] || . ./.known\n${localize(text)}\ndeclare -f >.known; declare -p KEY SERVER ROOM 2>/dev/null >>.known || :\n`;
  const { stdout } = await run('bash', ['-c', script], {
    cwd: folder, timeout: 30_000,
    env: { PATH: `${folder}:${process.env.PATH}`, CONCLAVE_SOCKET: daemon.adminSocket, HOME: folder },
  });
  return stdout;
}

/** Values one after another, without anything between them that counts. */
function parseAll (text) {
  const values = [];
  for (let rest = text.trim(); rest !== ''; rest = rest.trim()) {
    let end = rest.length;
    for (; end > 0; end--)
      try {
        values.push(JSON.parse(rest.slice(0, end)));
        break;
      } catch {
        continue;
      }
    assert.ok(end > 0, `not JSON: ${rest}`);
    rest = rest.slice(end);
  }
  return values;
}

/** What the page says with what differs each time taken over from what was answered, where it may differ so. */
function settle (said, found) {
  if (typeof said === 'string' && said.includes('…') && typeof found === 'string') {
    const pattern = said.split('…').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[\\w-]+');
    return new RegExp(`^${pattern}$`).test(found) ? found : said;
  }
  if (said === 1700000000000 && found > said)
    return found;
  if (Array.isArray(said))
    return said.map((value, i) => settle(value, found?.[i]));
  if (said !== null && typeof said === 'object')
    return Object.fromEntries(Object.entries(said).map(([name, value]) => [name, settle(value, found?.[name])]));
  return said;
}

/** Joins with a ticket alone, and stays: [the socket, what is told to who joins]. */
async function joinWith (ticket, room) {
  const socket = await connect(daemon);
  socket.send({ type: 'join', room, ticket, name: 'Nobody', mic: false, camera: false });
  return [socket, await socket.take('joined')];
}

async function receive (port, secret, { at = Date.now(), key = secret, id = 'dabcdefghijkm' } = {}) {
  const t = Math.floor(at / 1000), body = JSON.stringify({ id, event: 'room.created', at, room: {} });
  const v1 = createHmac('sha256', key).update(`${t}.${body}`).digest('hex');
  const { status } = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body, headers: { 'conclave-signature': `t=${t},v1=${v1}` } });
  return status;
}

/** What was answered is what the page says; where it is a ticket, somebody comes in with it. */
async function compare (text, answer, said, room) {
  const found = parseAll(answer);
  assert.deepEqual(found, settle(parseAll(localize(said)), found), text);
  return found[0]?.ticket && await joinWith(found[0].ticket, room);
}

test('all commands of the page answer what it says, and its tickets open', async () => {
  const blocks = readBlocks();
  let compared = 0, ada, grace;
  for (const [i, { language, text, file }] of blocks.entries()) {
    if (language === 'python')
      fs.writeFileSync(path.join(folder, file), text);
    if (language !== 'sh')
      continue;
    const answer = await runShell(text);
    const room = /ROOM="(\w+)"/.exec(fs.readFileSync(path.join(folder, '.known'), 'utf8'))?.[1];
    if (blocks[i + 1]?.language === 'json') {
      ada = await compare(text, answer, blocks[i + 1].text, room) ?? ada;
      compared++;
    } else if (text.startsWith('python3 ticket.py')) {
      grace = await joinWith(answer.trim(), room);
    }
  }
  assert.ok(compared >= 9, `${compared} answers were compared`);
  assert.deepEqual([ada[1].role, grace[1].role], ['person', 'host']);
  assert.deepEqual(grace[1].people.map(({ name }) => name), ['Ada']);
  assert.equal((await ada[0].take('person-joined')).person.name, 'Grace');
});

test('the page’s receiver of webhooks takes what is signed and new, once', async t => {
  const { text } = readBlocks().find(({ file }) => file === 'webhook.py');
  const secret = 'a secret of nobody';
  fs.writeFileSync(path.join(folder, 'webhook.py'), text);
  fs.writeFileSync(path.join(folder, 'secret'), `${secret}\n`, { mode: 0o600 });
  const receiver = spawn('python3', ['webhook.py', 'secret', '0'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  receiver.stdout.on('data', data => { out += data; });
  try {
    const port = await until('it listens', () => /^(\d+)\n/.exec(out)?.[1], 20_000);
    assert.equal(await receive(port, secret), 204);
    assert.equal(await receive(port, secret), 204, 'the same once more');
    assert.equal(await receive(port, secret, { key: 'another' }), 403);
    assert.equal(await receive(port, secret, { at: Date.now() - 400_000, id: 'dbbbbbbbbbbbb' }), 403, 'an old one');
    assert.equal(await receive(port, secret, { id: 'dcccccccccccc' }), 204);
    await until('both are told of', () => out === `${port}\nroom.created\nroom.created\n`);
    const config = { webhooks: { url: `http://127.0.0.1:${port}/`, 'secret-file': path.join(folder, 'secret') } };
    const telling = await Daemon.start({ config });
    t.after(() => telling.stop());
    const room = await Room.create(telling);
    await telling.admin('DELETE', `/api/v1/rooms/${room.id}`);
    await until('a daemon is believed', () => out.endsWith('\nroom.created\nroom.deleted\n'), 20_000);
  } finally {
    receiver.kill();
  }
});
