// codecs.js: what is offered of what a browser can do.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CAMERA_ENCODINGS, cameraLayers, chooseCodecs, isSpoken, limitOffer } from '../../data/web/core/codecs.js';
import { FakeSfuNetwork } from './fake-sfu.mjs';

const names = codecs => codecs.map(({ mimeType, sdpFmtpLine = '' }) => `${mimeType} ${/(?:profile-(?:level-)?id)=\w+/.exec(sdpFmtpLine)?.[0] ?? ''}`.trim());

test('one of each, VP8 first, with retransmissions', () => {
  new FakeSfuNetwork().install();
  const all = globalThis.RTCRtpSender.getCapabilities('video').codecs;
  assert.deepEqual(names(chooseCodecs('video', all)), ['video/VP8', 'video/VP9 profile-id=0', 'video/H264 profile-level-id=42e01f', 'video/rtx']);
  assert.deepEqual(names(chooseCodecs('audio', globalThis.RTCRtpSender.getCapabilities('audio').codecs)), ['audio/opus']);
  assert.deepEqual(names(chooseCodecs('video', [{ mimeType: 'video/VP8', sdpFmtpLine: 'max-fs=12288' }, { mimeType: 'video/VP9', sdpFmtpLine: 'max-fs=12288' }])),
    ['video/VP8', 'video/VP9']);
});

test('header extensions that the server does not speak stay out', () => {
  assert.ok(isSpoken('urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id'));
  assert.ok(isSpoken('http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01'));
  assert.ok(!isSpoken('http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time'));
  const network = new FakeSfuNetwork();
  network.install();
  const transceiver = new network.PeerConnection().addTransceiver('video', { direction: 'recvonly' });
  limitOffer(transceiver, 'video');
  assert.deepEqual(transceiver.extensions.map(({ direction }) => direction), ['sendrecv', 'sendrecv', 'stopped']);
});

test('a browser that does not let itself be told offers what it has', () => {
  new FakeSfuNetwork().install();
  const told = [];
  limitOffer({ direction: 'recvonly', setCodecPreferences: () => { throw new TypeError('no'); } }, 'video');
  limitOffer({ direction: 'sendonly', setCodecPreferences: codecs => told.push(codecs.length) }, 'audio');
  assert.deepEqual(told, [1]);
});

test('three sizes, 4:2:1, each costs more than the one below', () => {
  assert.deepEqual(CAMERA_ENCODINGS.map(({ rid, scaleResolutionDownBy }) => [rid, scaleResolutionDownBy]), [['q', 4], ['h', 2], ['f', 1]]);
  const rates = CAMERA_ENCODINGS.map(({ maxBitrate }) => maxBitrate);
  assert.deepEqual(rates, [...rates].sort((a, b) => a - b));
});

test('a small picture has fewer sizes, and always one that is whole', () => {
  const sizes = (width, height) => Object.entries(cameraLayers(width, height)).map(([rid, { scale, bitrate }]) => `${rid} ${scale} ${bitrate / 1000}`).join(', ');
  assert.equal(sizes(1280, 720), 'q 4 120, h 2 400, f 1 1500');
  assert.equal(sizes(720, 1280), 'q 4 120, h 2 400, f 1 1500');
  assert.equal(sizes(0, 0), 'q 4 120, h 2 400, f 1 1500');
  assert.equal(sizes(960, 540), 'q 4 120, h 2 400, f 1 900');
  assert.equal(sizes(640, 480), 'q 2 400, h 1 900');
  assert.equal(sizes(640, 360), 'q 2 120, h 1 400');
  assert.equal(sizes(160, 120), 'q 1 120');
});
