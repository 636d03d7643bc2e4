// Summaries by e-mail through a real SMTP server: in the clear, with STARTTLS and a login; one that refuses for a while, one that refuses
// for good, one that somebody has taken the encryption from.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Person } from './lib/client.mjs';
import { CTL, Daemon, until as untilSoon } from './lib/daemon.mjs';
import { change } from './lib/recording.mjs';
import { Room } from './lib/room.mjs';
import { MailServer, makeCertificate } from './lib/smtp.mjs';

/** A PDF is made for each letter, which may take its time where much else goes on. */
const until = (what, ask) => untilSoon(what, ask, 30_000);
const LOGIN = 'conclave:p w';
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mail-'));
const files = makeCertificate(folder);
const open = [];
before(() => fs.writeFileSync(path.join(folder, 'password'), 'p w\n', { mode: 0o600 }));
after(async () => {
  const stopped = await Promise.allSettled(open.map(one => one.stop()));
  fs.rmSync(folder, { recursive: true });
  assert.deepEqual(stopped.filter(({ status }) => status === 'rejected').map(({ reason }) => reason), []);
});

/** A daemon with a meeting that is over, and what sends for it. */
async function set (mail, server = {}) {
  const smtp = await MailServer.start(server);
  const daemon = await Daemon.start({ config: { mail: { server: smtp.url, from: 'Conclave <conclave@example.org>', ...mail } } });
  open.push(daemon, smtp);
  const room = await Room.create(daemon, { title: 'Tea & <b>cake' });
  const ann = await Person.join(daemon, room, { host: true });
  const { meeting } = ann.joined;
  execFileSync(CTL, ['--socket', daemon.adminSocket, 'room', 'end', room.id]);
  await until('the summary is made', async () => (await daemon.admin('GET', `/api/v1/meetings/${meeting}/summary`)).status === 200);
  const send = to => daemon.admin('POST', `/api/v1/meetings/${meeting}/summary/mail`, { to });
  return { smtp, daemon, meeting, send };
}

/** Rows of table `mail`. */
const waiting = daemon => JSON.parse(execFileSync('python3', ['-c', 'import json, sqlite3, sys; print(json.dumps(sqlite3.connect(sys.argv[1], timeout=10).execute("SELECT recipient, attempts, next_at, error FROM mail ORDER BY recipient").fetchall()))', path.join(daemon.folder, 'conclave.db')], { encoding: 'utf8' }));

test('each gets a letter of their own, with text, HTML and PDF', async () => {
  const { smtp, daemon, send } = await set({ plain: true });
  assert.deepEqual((await send(['a@example.org', 'b@example.org'])).body, { queued: 2 });
  await until('both are sent', () => smtp.letters.length === 2);
  assert.deepEqual(smtp.letters.map(({ from, to }) => [from, to]).sort(), [['conclave@example.org', ['a@example.org']], ['conclave@example.org', ['b@example.org']]]);
  const [{ text, encrypted }] = smtp.letters;
  assert.equal(encrypted, false);
  for (const part of [/^Subject: .*Tea/m, /^From: Conclave <conclave@example\.org>/m, /^To: <?[ab]@example\.org/m, /^Message-ID: </mi, /^Date: /m, /text\/plain; charset=utf-8/, /text\/html; charset=utf-8/, /application\/pdf/])
    assert.match(text, part);
  const pdf = Buffer.from(/application\/pdf[^]*?\n\n([A-Za-z0-9+/=\n]+)/.exec(text)?.[1] ?? '', 'base64');
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  await until('they wait no longer', () => waiting(daemon).length === 0);
  for (const to of [[], ['a'], ['a@b\r\nBcc: c@d'], ['a@example.org, b@example.org'], Array.from({ length: 51 }, (_, i) => `a${i}@example.org`)])
    assert.equal((await send(to)).status, 400, JSON.stringify(to).slice(0, 60));
});

test('with STARTTLS and a login', async () => {
  const { smtp, send } = await set({ username: 'conclave', 'password-file': path.join(folder, 'password'), 'ca-file': files.cert }, { files, login: LOGIN });
  await send(['a@example.org']);
  await until('it is sent', () => smtp.letters.length === 1);
  assert.deepEqual([smtp.letters[0].encrypted, smtp.letters[0].login], [true, LOGIN]);
});

test('another password, without a restart', async () => {
  const password = path.join(folder, 'first');
  fs.writeFileSync(password, 'wrong\n', { mode: 0o600 });
  const { smtp, daemon, send } = await set({ username: 'conclave', 'password-file': password, 'ca-file': files.cert }, { files, login: LOGIN });
  await send(['a@example.org']);
  await until('it has failed', () => waiting(daemon)[0]?.[1] === 1);
  fs.copyFileSync(path.join(folder, 'password'), password);
  await daemon.reload();
  await send(['b@example.org']);
  await until('it is sent', () => smtp.letters.length === 1);
  assert.deepEqual([smtp.letters[0].to, smtp.letters[0].login], [['b@example.org'], LOGIN]);
  fs.writeFileSync(password, 'of somebody else\n');
  fs.appendFileSync(`${daemon.state}.conf`, '\n[mail]\nusername = somebody\n');
  await daemon.reload(/\[mail\] has changed: that counts from the next start/);
  await send(['c@example.org']);
  await until('the next is sent as before', () => smtp.letters.length === 2);
});

test('whose server it comes from is in all three forms of it, and another one after a reload', async () => {
  const { smtp, daemon, send } = await set({ plain: true });
  const part = (text, type) => new RegExp(`${type}[^]*?\\n\\n([^]*?)\\n------`).exec(text)?.[1] ?? '';
  const unquote = body => Buffer.from(body.replace(/=\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString();
  const read = body => execFileSync('pdftotext', ['-', '-'], { input: Buffer.from(body, 'base64'), encoding: 'utf8' });
  const forms = text => [unquote(part(text, 'text/plain')), unquote(part(text, 'text/html')), read(part(text, 'application/pdf'))];
  await send(['a@example.org']);
  await until('it is sent', () => smtp.letters.length === 1);
  for (const form of forms(smtp.letters[0].text))
    assert.ok(form.includes('Tea') && !form.includes('Imprint') && !form.includes('\n-- \n'), form);
  fs.appendFileSync(`${daemon.state}.conf`, '\n[branding]\nname = Zoë’s <meetings>\nimprint = https://a.example/imprint\n');
  await daemon.reload();
  await send(['b@example.org']);
  await until('the next is sent', () => smtp.letters.length === 2);
  const [text, html, pdf] = forms(smtp.letters[1].text);
  assert.ok(text.endsWith('\n-- \nZoë’s <meetings>\nImprint: https://a.example/imprint\n'), text);
  assert.match(html, /<p class="kind">Zoë’s &lt;meetings&gt; · /);
  assert.match(html, /href="https:\/\/a\.example\/imprint">Imprint<\/a>/);
  assert.match(pdf, /Zoë’s <meetings> · /);
  assert.match(pdf, /Imprint: https:\/\/a\.example\/imprint/);
});

test('never without encryption, nor to somebody who cannot be known', async () => {
  for (const server of [{}, { files }]) { // no STARTTLS is offered; a certificate that nobody vouches for
    const { smtp, daemon, send } = await set({}, server);
    await send(['a@example.org']);
    await until('it has failed', () => waiting(daemon)[0]?.[1] === 1);
    assert.deepEqual([smtp.letters.length, smtp.attempts], [0, 0]);
  }
});

test('a server that fails twice gets it the third time; one that never takes it is left alone', async () => {
  const { smtp, daemon, send } = await set({ plain: true });
  const again = async () => {
    change(daemon, 'UPDATE mail SET next_at = 1 WHERE recipient = ?', 'a@example.org'); // as if the time were over
    await send(['poke@example.org']);
  };
  smtp.refusals.push('451 later');
  await send(['a@example.org']);
  await until('it failed once', () => waiting(daemon)[0]?.[1] === 1);
  const [[, , next, error]] = waiting(daemon);
  assert.ok(next > Date.now() + 30_000, 'it waits for a while');
  assert.match(error, /451/);
  smtp.refusals.push('451 later');
  await again();
  await until('it failed twice', () => waiting(daemon)[0]?.[1] === 2);
  assert.ok(waiting(daemon)[0][2] > Date.now() + 120_000, 'longer each time');
  await again();
  await until('it is sent', () => smtp.letters.some(({ to }) => to[0] === 'a@example.org'));
  await until('nothing waits', () => waiting(daemon).length === 0);
  smtp.refusals.push('550 no such person');
  await send(['nobody@example.org']);
  await until('it is given up', () => waiting(daemon)[0]?.[1] === 1 && waiting(daemon)[0][2] === null);
  assert.ok(!daemon.log.includes('nobody@example.org'), 'addresses are not logged');
});
