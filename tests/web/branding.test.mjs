// branding.js: what a server says of the pages' looks, and what of it is taken: nothing that is more than a look.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Branding } from '../../data/web/core/branding.js';

const SHADES = { accent: '#0b6b69', hover: '#075553', soft: '#dcefed', on_accent: '#ffffff' };
const PLAIN = { name: 'Conclave', logo: null, colours: null, links: [] };

function take(answer) {
  const branding = new Branding();
  branding.take(answer);
  const { name, logo, colours, links } = branding;
  return { name, logo, colours, links };
}

test('a name, a picture, colours and links', () => {
  const answer = {
    name: ' Example & <b>Co</b> ', logo: '/branding/0123456789abcdef0123.svg', colours: { light: { ...SHADES, more: 'x' }, dark: SHADES },
    links: { terms: 'mailto:a@b.example', imprint: 'https://a.example/imprint', other: 'https://b.example' },
  };
  assert.deepEqual(take(answer), {
    name: 'Example & <b>Co</b>', logo: answer.logo, colours: { light: SHADES, dark: SHADES },
    links: [{ kind: 'imprint', href: 'https://a.example/imprint' }, { kind: 'terms', href: 'mailto:a@b.example' }],
  });
});

test('what is anything else is left out', () => {
  for (const answer of [null, undefined, 7, 'x', [], {}, { name: 7, logo: 7, colours: 7, links: 7 }, { name: '', links: null, colours: { light: SHADES } }])
    assert.deepEqual(take(answer), PLAIN, JSON.stringify(answer));
  for (const name of ['a\u202eb', 'a\nb', 'a\u0000b', 'a\u2028b', 'x'.repeat(61), '   '])
    assert.equal(take({ name }).name, 'Conclave', JSON.stringify(name));
  for (const logo of ['https://a.example/x.svg', '//a.example/0123456789abcdef0123.svg', '/branding/../api', '/branding/0123456789abcdef0123.html', 'data:image/png,x', 'javascript:alert(1)',
    '/branding/0123456789abcdef0123.svg?x', '/branding/0123456789abcdef0123.svg\n'])
    assert.equal(take({ logo }).logo, null, logo);
  for (const accent of ['red', '#fff', '#0b6b69;x', 'url(//a.example)', '#0B6B69', '#0b6b69\n', 7])
    assert.equal(take({ colours: { light: { ...SHADES, accent }, dark: SHADES } }).colours, null, String(accent));
  for (const href of ['javascript:alert(1)', 'JAVASCRIPT:alert(1)', ' javascript:alert(1)', 'data:text/html,x', 'http://a.example', '/imprint', '//a.example', 'https://u:p@a.example', 'blob:https://a.example/x',
    `https://a.example/${'x'.repeat(2000)}`, 7])
    assert.deepEqual(take({ links: { imprint: href } }).links, [], String(href));
});

test('a server that says nothing changes nothing; all is told', async () => {
  const branding = new Branding();
  let told = 0;
  branding.addEventListener('change', () => { told++; });
  assert.equal(branding.isNamed, false);
  await branding.load({ ask: async () => ({ name: 'Example' }) });
  assert.deepEqual([branding.name, branding.isNamed, told], ['Example', true, 1]);
  await branding.load({ ask: async () => { throw new Error('gone'); } });
  assert.deepEqual([branding.name, told], ['Conclave', 2]);
});
