// calendar.js: the link that the browser adds to a calendar's file.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileName, withLink } from '../../data/web/core/calendar.js';

const URL = `https://conclave.test/r/abcdefghijkm#${'S'.repeat(43)}`;
const file = (...lines) => ['BEGIN:VCALENDAR', 'BEGIN:VTIMEZONE', 'TZURL:x', 'END:VTIMEZONE', 'BEGIN:VEVENT', 'UID:a', ...lines, 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n');
const unfold = text => text.replaceAll('\r\n ', '');

test('the link is in the event, and nothing else is touched', () => {
  const ics = withLink(file('SUMMARY:Weekly'), URL, 'Join, here; \\ and\nthere');
  const lines = unfold(ics).split('\r\n');
  assert.deepEqual(lines.slice(4, 9), ['BEGIN:VEVENT', `URL:${URL}`, `LOCATION:${URL}`, 'DESCRIPTION:Join\\, here\\; \\\\ and\\nthere', 'UID:a']);
  assert.equal(lines.filter(line => !/^(URL|LOCATION|DESCRIPTION):/.test(line)).join('\r\n'), file('SUMMARY:Weekly'));
});

test('no line is longer than a calendar takes, and no character is torn', () => {
  const ics = withLink(file(), URL, 'Größe '.repeat(40) + '👩🏽‍🚀'.repeat(20));
  for (const line of ics.split('\r\n'))
    assert.ok(Buffer.byteLength(line) <= 75, line);
  assert.ok(unfold(ics).includes('Größe '.repeat(40) + '👩🏽‍🚀'.repeat(20)));
});

test('a link that is there already stays; each event of the file gets one', () => {
  assert.equal(withLink(file('URL:x', 'LOCATION:y', 'DESCRIPTION:z'), URL, 'w'), file('URL:x', 'LOCATION:y', 'DESCRIPTION:z'));
  assert.equal(withLink(file().replace('END:VCALENDAR', 'BEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR'), URL, 'w').split('URL:https').length, 3);
});

test('a hostile title makes a harmless name', () => {
  assert.equal(fileName('../../etc/passwd\0 "x"'), 'etc-passwd-x.ics');
  assert.equal(fileName('Größe: 1/2'), 'Größe-1-2.ics');
  assert.equal(fileName('…'), 'conclave.ics');
  assert.equal(fileName('x'.repeat(500)).length, 64);
});
