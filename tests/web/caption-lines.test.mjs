// caption-lines.js: sentences go out by themselves.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complete } from '../../data/web/app/caption-lines.js';

test('a sentence goes once something follows its end', () => {
  assert.deepEqual(complete('Good morning'), { ready: [], rest: 'Good morning' });
  assert.deepEqual(complete('Good morning.'), { ready: [], rest: 'Good morning.' });
  assert.deepEqual(complete('Good morning. '), { ready: ['Good morning.'], rest: '' });
  assert.deepEqual(complete('Is it on? Yes! And n'), { ready: ['Is it on?', 'Yes!'], rest: 'And n' });
  assert.deepEqual(complete('“Is it on?” he'), { ready: ['“Is it on?”'], rest: 'he' });
  assert.deepEqual(complete('今日は。次'), { ready: ['今日は。'], rest: '次' });
});

test('numbers and addresses are not torn apart', () => {
  assert.deepEqual(complete('It is 3.5 million at example.org now'), { ready: [], rest: 'It is 3.5 million at example.org now' });
});

test('who speaks without end is cut between words', () => {
  const { ready, rest } = complete(`${'word '.repeat(20)}and`);
  assert.equal(ready.length, 1);
  assert.ok(ready[0].length <= 90 && ready[0].endsWith('word'));
  assert.equal(`${ready[0]} ${rest}`, `${'word '.repeat(20)}and`);
  assert.deepEqual(complete('x'.repeat(200)).ready, []);
});
