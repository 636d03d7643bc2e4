// What an SFU room offers of what this browser can do: one Opus, VP8, VP9 and one H.264, each with its retransmissions; three sizes
// of the camera; and of the header extensions only those that the server speaks. Less of everything keeps an offer of 27
// m-lines well below the 60 KiB that the protocol takes. Pure, but for the transceiver that it is handed.

/** Offered in this order. @type {Record<'audio' | 'video', ((codec: RTCRtpCodec) => boolean)[]>} */
const WANTED = {
  audio: [codec => is(codec, 'audio/opus')],
  video: [
    codec => is(codec, 'video/vp8'),
    codec => is(codec, 'video/vp9') && !/profile-id=[1-9]/.test(codec.sdpFmtpLine ?? ''),
    // Constrained baseline is what every browser with H.264 has.
    codec => is(codec, 'video/h264') && /packetization-mode=1/.test(codec.sdpFmtpLine ?? '') && /profile-level-id=42e0/i.test(codec.sdpFmtpLine ?? ''),
    codec => is(codec, 'video/rtx'),
  ],
};

const EXTENSIONS = new Set([
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
]);
/** A name, not an address that is asked for anything. */
const TRANSPORT_WIDE = 'draft-holmer-rmcat-transport-wide-cc-extensions-01';

/** The camera's three sizes, as they are offered: a quarter, half and full. @type {readonly RTCRtpEncodingParameters[]} */
export const CAMERA_ENCODINGS = [
  { rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 120_000 },
  { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 400_000 },
  { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 1_500_000 },
];

/** What a picture of so many lines is worth, in bit/s. @type {readonly [lines: number, bitrate: number][]} */
const WORTH = [[200, 120_000], [400, 400_000], [600, 900_000], [Infinity, 1_500_000]];
/** From how many pixels on Chromium makes three, respectively two sizes; of less it would drop the largest. */
const THREE = 960 * 540;
const TWO = 480 * 270;

/** Text must stay readable; it need not move like a film. @type {readonly RTCRtpEncodingParameters[]} */
export const SCREEN_ENCODINGS = [{ maxBitrate: 2_500_000, maxFramerate: 15 }];

/**
 * The sizes that a camera is sent in. A small picture has fewer, and always one that is whole.
 * @param {number} width @param {number} height of what the camera gives; 0 where it is not known
 * @returns {Record<string, { scale: number, bitrate: number }>} by rid; one that is left out is not sent
 */
export function cameraLayers(width, height) {
  const pixels = width * height || THREE;
  const scales = pixels >= THREE ? { q: 4, h: 2, f: 1 } : pixels >= TWO ? { q: 2, h: 1 } : { q: 1 };
  const lines = Math.min(width, height) || 720;
  return Object.fromEntries(Object.entries(scales).map(([rid, scale]) => [rid, { scale, bitrate: worth(lines / scale) }]));
}

/** @param {number} lines */
const worth = lines => WORTH.find(([most]) => lines <= most)?.[1] ?? 0;

/** @param {RTCRtpCodec} codec @param {string} type */
const is = (codec, type) => codec.mimeType.toLowerCase() === type;

/**
 * @template {RTCRtpCodec} T
 * @param {'audio' | 'video'} kind @param {readonly T[]} all what the browser can do @returns {T[]}
 */
export const chooseCodecs = (kind, all) => WANTED[kind].flatMap(wanted => all.filter(wanted));

/** @param {string} uri of a header extension */
export const isSpoken = uri => EXTENSIONS.has(uri) || uri.endsWith(TRANSPORT_WIDE);

/**
 * Leaves what the server does not take out of the offer, as far as this browser lets itself be told.
 * @param {RTCRtpTransceiver} transceiver @param {'audio' | 'video'} kind
 */
export function limitOffer(transceiver, kind) {
  const side = transceiver.direction === 'recvonly' ? globalThis.RTCRtpReceiver : globalThis.RTCRtpSender;
  const codecs = chooseCodecs(kind, side?.getCapabilities(kind)?.codecs ?? []);
  try {
    if (codecs.length > 0)
      transceiver.setCodecPreferences(codecs);
  } catch {
    // It offers all that it has: more to read, and the server answers with what it knows.
  }
  limitExtensions(/** @type {any} */ (transceiver));
}

/** @param {{ getHeaderExtensionsToNegotiate?: () => { uri: string, direction: string }[], setHeaderExtensionsToNegotiate?: (list: object[]) => void }} transceiver */
function limitExtensions(transceiver) {
  try {
    const list = transceiver.getHeaderExtensionsToNegotiate?.();
    if (list)
      transceiver.setHeaderExtensionsToNegotiate?.(list.map(entry => (isSpoken(entry.uri) ? entry : { ...entry, direction: 'stopped' })));
  } catch {
    // As above.
  }
}
