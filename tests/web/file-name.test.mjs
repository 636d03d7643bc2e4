// file-name.js: the server's vectors, and what is too long.

import './setup.mjs';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { cleanFileName } from '../../data/web/core/file-name.js';

test('names are cleaned as the server cleans them', async () => {
  const vectors = JSON.parse(await readFile(new URL('../vectors/filenames.json', import.meta.url), 'utf8'));
  for (const [name, clean] of vectors)
    assert.equal(cleanFileName(name), clean);
  assert.equal(cleanFileName('\ud800x'), '_x');
});

test('what says what it is stays, however long the rest', () => {
  assert.equal(cleanFileName(`${'x'.repeat(1000)}.docx`), `${'x'.repeat(150)}.docx`);
  assert.equal(cleanFileName(`${'€'.repeat(1000)}.pdf`), `${'€'.repeat(50)}.pdf`);
  assert.equal(cleanFileName(`a.${'y'.repeat(1000)}`), `a.${'y'.repeat(148)}`);
  assert.equal(cleanFileName(`${'😀'.repeat(100)}.${'😀'.repeat(20)}`), '😀'.repeat(37));
});
