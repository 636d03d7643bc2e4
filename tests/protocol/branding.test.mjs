// The looks of the pages: told to everybody, read anew on SIGHUP, refused as a whole where something is wrong; none of the client's files
// is another one for it, and the logo is served so that nothing in it runs.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Daemon, makeState, runToEnd } from './lib/daemon.mjs';

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>';
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const LINKS = { imprint: 'https://a.example/imprint', terms: 'mailto:legal@a.example' };

const ask = (daemon, where) => daemon.request('GET', where, undefined, {});
const looks = async daemon => (await ask(daemon, '/api/v1/branding')).body;

/** @returns what the page is: its text, its policy */
async function page (daemon, where) {
  const { headers, bytes } = await ask(daemon, where);
  return [headers['content-security-policy'], String(bytes)];
}

function writeConfig (daemon, branding) {
  const groups = Object.entries({ ...daemon.config, branding });
  fs.writeFileSync(`${daemon.state}.conf`, groups.map(([group, keys]) => `[${group}]\n${Object.entries(keys).map(([key, value]) => `${key} = ${value}\n`).join('')}`).join(''));
}

test('told, served, read anew; the client stays the same', async () => {
  const folder = makeState();
  const logo = path.join(folder, 'logo');
  fs.writeFileSync(logo, SVG);
  const plain = await Daemon.start();
  const daemon = await Daemon.start({ config: { branding: { name: '"><script>alert(1)</script>', 'logo-file': logo, accent: '#7A1FA2', ...LINKS } } });
  try {
    assert.deepEqual(await looks(plain), { links: {} });
    const first = await looks(daemon);
    assert.deepEqual([first.name, first.links], ['"><script>alert(1)</script>', LINKS]);
    assert.equal(first.colours.light.accent, '#7a1fa2');
    assert.match(first.logo, /^\/branding\/[0-9a-f]{20}\.svg$/);

    const picture = await ask(daemon, first.logo);
    assert.deepEqual([picture.status, String(picture.bytes), picture.headers['content-type'], picture.headers['x-content-type-options']], [200, SVG, 'image/svg+xml', 'nosniff']);
    assert.equal(picture.headers['content-security-policy'], "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox");
    assert.equal(picture.headers['cross-origin-resource-policy'], 'same-origin');
    assert.match(picture.headers['cache-control'], /immutable/);
    for (const where of ['/branding/', '/branding/logo', `${first.logo}/`, '/branding/../conclave.db', `/branding/${logo}`])
      assert.equal((await ask(daemon, where)).status, 404, where);

    for (const where of ['/', '/sign-in', '/r/abcdefghijkm'])
      assert.deepEqual(await page(daemon, where), await page(plain, where), `${where} is the same with branding and without`);

    fs.writeFileSync(logo, PNG);
    writeConfig(daemon, { name: 'Example', 'logo-file': logo });
    await daemon.reload();
    const second = await looks(daemon);
    assert.deepEqual([second.name, second.links, second.colours], ['Example', {}, undefined]);
    assert.equal((await ask(daemon, second.logo)).headers['content-type'], 'image/png');
    assert.equal((await ask(daemon, first.logo)).status, 404, 'the picture from before');

    for (const [wrong, words] of [[{ name: 'Other', accent: 'red' }, /accent = red: must be a colour/], [{ name: 'Other', imprint: 'javascript:alert(1)' }, /imprint = javascript:.*must be https/], [{ name: 'Other', 'logo-file': `${folder}/none` }, /logo-file = .*256 KiB/]]) {
      writeConfig(daemon, wrong);
      await daemon.reload(new RegExp(`nothing was reloaded: .*${words.source}`));
      assert.deepEqual(await looks(daemon), second, 'everything stays as it was');
    }
    writeConfig(daemon, {});
    await daemon.reload();
    assert.deepEqual(await looks(daemon), { links: {} });
    assert.equal((await ask(daemon, second.logo)).status, 404);
  } finally {
    await plain.stop();
    await daemon.stop();
    fs.rmSync(folder, { recursive: true });
  }
});

test('what is wrong does not start', async () => {
  const folder = makeState();
  const file = path.join(folder, 'conf');
  const logo = path.join(folder, 'logo.svg');
  fs.writeFileSync(logo, '<!DOCTYPE svg [<!ENTITY a "b">]><svg/>');
  try {
    for (const [line, words] of [['accent = #12345', '#RRGGBB'], ['terms = http://a.example', 'https://HOST'], ['privacy = data:text/html,x', 'https://HOST'], ['logo-file = logo.svg', 'an absolute path'],
      [`logo-file = ${logo}`, 'a picture in SVG'], [`logo-file = ${folder}`, '256 KiB'], [`name = ${'x'.repeat(61)}`, '60 characters']]) {
      fs.writeFileSync(file, `[branding]\n${line}\n`);
      const { code, text } = await runToEnd(['--config', file, '--check-config']);
      assert.equal(code, 78, line);
      assert.ok(text.includes(`[branding] ${line.split(' ')[0]} = `) && text.includes(words), text);
    }
    fs.writeFileSync(file, '[branding]\nname = Zoë’s “meetings” & more\naccent = #ffcc00\n');
    assert.equal((await runToEnd(['--config', file, '--check-config'])).code, 0);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});
