// vtt.js: chapters, thumbnails, and what holds at a moment.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cueAt, parseThumbnails, parseVtt } from '../../data/web/core/vtt.js';

const CHAPTERS = `WEBVTT - chapters

NOTE nobody reads this

00:00.000 --> 01:35.000
Welcome

2
00:01:35.000 --> 00:05:01.250 align:start
<b>Figures</b> &amp; plans &lt;draft&gt;
of 2026

nonsense

00:09:00.000 --> 00:08:00.000
ends before it begins
`;

test('chapters', () => {
  const expected = [{ from: 0, to: 95_000, text: 'Welcome' }, { from: 95_000, to: 301_250, text: 'Figures & plans <draft>\nof 2026' }];
  assert.deepEqual(parseVtt(CHAPTERS), expected);
  assert.deepEqual(parseVtt(CHAPTERS.replaceAll('\n', '\r\n')), expected);
  for (const text of ['', 'WEBVTT', 'WEBVTT\n\nx --> y\n', '\u0000'])
    assert.deepEqual(parseVtt(text), []);
});

test('thumbnails name a part of a picture beside them, and nothing else', () => {
  const file = names => `WEBVTT\n\n${names.map((name, i) => `00:0${i}.000 --> 00:0${i + 1}.000\n${name}\n`).join('\n')}`;
  assert.deepEqual(parseThumbnails(file(['thumbnails.jpg#xywh=160,90,160,90', 'thumbnails-2.jpg#xywh=pixel:0,0,10,20'])), [
    { from: 0, to: 1_000, file: 'thumbnails.jpg', x: 160, y: 90, width: 160, height: 90 },
    { from: 1_000, to: 2_000, file: 'thumbnails-2.jpg', x: 0, y: 0, width: 10, height: 20 },
  ]);
  assert.deepEqual(parseThumbnails(file(['../x.jpg#xywh=0,0,1,1', '//elsewhere/x.jpg#xywh=0,0,1,1', 'thumbnails.jpg', 'a b#xywh=1,2,3,4'])), []);
});

test('the one that holds', () => {
  const cues = [{ from: 0 }, { from: 10 }, { from: 20 }];
  for (const [at, from] of [[0, 0], [9, 0], [10, 10], [19, 10], [500, 20]])
    assert.equal(cueAt(cues, at)?.from, from);
  assert.equal(cueAt([{ from: 5 }], 4), null);
  assert.equal(cueAt([], 4), null);
});
