// What carries the media of a seat, as the room has it: pairs with the others (`mesh.js`), or one connection to the server (`sfu.js`).

import { isPhone } from './browser.js';
import { Mesh } from './mesh.js';
import { Sfu } from './sfu.js';

/** @typedef {import('./connection.js').Message} Message */
/**
 * What both need of the meeting.
 * @typedef {object} Carried
 * @property {import('./person.js').Person} self
 * @property {import('./transport.js').Tracks} tracks
 * @property {() => boolean} live
 * @property {(type: string, detail?: any) => void} emit
 */

const SLOTS = { audio: 6, desktop: 17, phone: 7 };

/**
 * @param {Message} joined
 * @param {Carried & {
 *   link: { room: string, secret: import('./bytes.js').Bytes }, kAuth: import('./bytes.js').Bytes, certificate: Awaited<ReturnType<typeof import('./transport.js').makeCertificate>>,
 *   sign: import('./reload.js').SigningKey, gathering: import('./gathering.js').Gathering | null, relay: (to: string, data: import('./bytes.js').Bytes) => boolean,
 *   marks: import('./verification.js').Marks, rotation: import('./rotation.js').Rotation | null,
 * }} options
 */
export function makeMesh({ self: id, ice, room: { generation } }, { link: { room, secret }, kAuth, certificate, sign, gathering, self, ...more }) {
  return new Mesh({
    identity: { room, secret, kAuth, generation, id, sign: sign.raw, key: sign.key, data: gathering !== null, ...certificate },
    linked: (person, channels, session) => gathering?.link(person, channels, session),
    ice,
    self,
    ...more,
  });
}

/**
 * @param {Message} joined
 * @param {Carried & Pick<ConstructorParameters<typeof Sfu>[0], 'sounds' | 'request' | 'networkLost'>} options
 */
export function makeSfu({ media: { ready, audio_slots: audio = SLOTS.audio, video_slots: video = SLOTS.desktop }, ice }, options) {
  const slots = { audio_slots: Math.min(audio, SLOTS.audio), video_slots: Math.min(video, isPhone() ? SLOTS.phone : SLOTS.desktop) };
  return new Sfu({ ...options, ice, media: { ready, ...slots } });
}
