// sdp.js: one fingerprint, the agreed one, in a description of the agreed layout.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDescription, fingerprintOf } from '../../data/web/core/sdp.js';

const FP = new Uint8Array(32).fill(0xab);
const line = (byte = 'AB', hash = 'sha-256', length = 32) => `a=fingerprint:${hash} ${Array(length).fill(byte).join(':')}`;
const MEDIA = ['m=audio 9 UDP/TLS/RTP/SAVPF 111', 'm=video 9 UDP/TLS/RTP/SAVPF 96', 'm=video 9 UDP/TLS/RTP/SAVPF 96', 'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel'];
const sdp = (...extra) => ['v=0', ...MEDIA.flatMap(media => [media, line()]), ...extra, ''].join('\r\n');

const refused = (text, id) => assert.throws(() => checkDescription(text, FP), { id }, text.slice(-120));

test('the agreed fingerprint, however often and in either case', () => {
  checkDescription(sdp(), FP);
  checkDescription(sdp(line('ab')), FP);
  checkDescription(sdp().replaceAll('\r\n', '\n'), FP);
  assert.deepEqual(fingerprintOf(sdp()), FP);
});

test('another one, two, none, or one of another kind', () => {
  refused(sdp().replaceAll('AB', 'AC'), 'link-fingerprint');
  refused(sdp(line('AC')), 'link-fingerprint');
  refused(sdp(line('AB', 'sha-1', 20)), 'link-fingerprint');
  refused(sdp(line('AB', 'sha-512', 64)), 'link-fingerprint');
  refused(sdp(line('AB', 'sha-1')), 'link-fingerprint');
  refused(sdp().replaceAll(line(), line('AB', 'sha-1', 20)), 'link-fingerprint');
  refused(sdp().replaceAll(line(), 'a=x'), 'link-fingerprint');
});

test('a fingerprint in disguise is still a second one', () => {
  for (const disguise of [` ${line('AC')}`, `A=fingerprint:sha-256 AC`, `a =fingerprint:sha-256 AC`, `${line()}:AB`, `${line()} x`, 'a=fingerprint', `a=Fingerprint:sha-256 AC`])
    refused(sdp(disguise), 'link-fingerprint');
  refused(sdp().replace('\r\n', `\r${line('AC')}\n`), 'link-fingerprint');
  refused(sdp(`\u2028${line('AC')}`), 'link-malformed');
  refused(sdp(`\0${line('AC')}`), 'link-malformed');
});

test('another layout', () => {
  refused(sdp(MEDIA[0]), 'link-malformed');
  refused(sdp().replace(MEDIA[4], MEDIA[0]), 'link-malformed');
  refused(sdp().replace(`${MEDIA[1]}\r\n`, ''), 'link-malformed');
  refused(sdp('a='.padEnd(40_000, 'x')), 'link-malformed');
});
