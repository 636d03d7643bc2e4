// How much each pair of a mesh may send: everybody uploads to everybody, so what one gets falls with the number of people.
// The table is the whole policy; `applyLimits` puts a row of it into an RTCRtpSender.

/** @typedef {{ bitrate: number, height: number, framerate: number }} Limit in bit/s, lines and pictures a second */

/** The camera's, by the number of people in the meeting. @type {Record<number, Limit>} */
const CAMERA = {
  2: { bitrate: 1_500_000, height: 720, framerate: 30 },
  3: { bitrate: 1_000_000, height: 720, framerate: 30 },
  4: { bitrate: 700_000, height: 540, framerate: 30 },
  5: { bitrate: 500_000, height: 360, framerate: 30 },
  6: { bitrate: 400_000, height: 360, framerate: 25 },
  7: { bitrate: 300_000, height: 270, framerate: 25 },
  8: { bitrate: 250_000, height: 240, framerate: 20 },
};
const CAMERA_BESIDE_SCREEN = { bitrate: 150_000, height: 180, framerate: 15 };
const SCREEN_TOTAL = 2_500_000;
const SCREEN_LEAST = 300_000;

/** @param {number} people in the meeting, oneself included @param {boolean} screen one shares the screen too @returns {Limit} */
export function cameraLimit(people, screen) {
  const limit = CAMERA[Math.min(Math.max(people, 2), 8)];
  return screen && people > 2 ? CAMERA_BESIDE_SCREEN : limit;
}

/** The screen keeps its lines: text must stay readable. @param {number} people @returns {Limit} */
export function screenLimit(people) {
  const bitrate = Math.max(SCREEN_TOTAL / Math.max(people - 1, 1), SCREEN_LEAST);
  return { bitrate, height: Infinity, framerate: people > 4 ? 8 : 15 };
}

/** @param {number} captured lines of the track, 0 where unknown @param {number} wanted @returns {number} for scaleResolutionDownBy */
export const downscale = (captured, wanted) => (captured > wanted ? captured / wanted : 1);

/**
 * @param {RTCRtpSender} sender of video @param {Limit} limit
 * @param {{ priority: RTCPriorityType, degradation: RTCDegradationPreference }} preference
 */
export function applyLimits(sender, limit, { priority, degradation }) {
  return change(sender, (encoding, parameters, track) => {
    encoding.maxBitrate = Math.round(limit.bitrate);
    encoding.maxFramerate = limit.framerate;
    encoding.scaleResolutionDownBy = downscale(track.getSettings().height ?? 0, limit.height);
    encoding.priority = priority;
    parameters.degradationPreference = degradation;
  });
}

/** Voices go before everything else. @param {RTCRtpSender} sender of audio */
export function preferVoice(sender) {
  return change(sender, encoding => {
    encoding.priority = 'high';
    encoding.networkPriority = 'high';
  });
}

/**
 * @param {RTCRtpSender} sender
 * @param {(encoding: RTCRtpEncodingParameters, parameters: RTCRtpSendParameters, track: MediaStreamTrack) => void} edit
 */
async function change(sender, edit) {
  const parameters = sender.getParameters();
  const [encoding] = parameters.encodings ?? [];
  if (!encoding || !sender.track)
    return;
  edit(encoding, parameters, sender.track);
  try {
    await sender.setParameters(parameters);
  } catch {
    // The connection was closed meanwhile, or the browser refuses a member: it then sends as it sees fit.
  }
}
