// People who are no browsers: seats by the bare protocol, media from conclave-rtc (tests/rtc). For meetings with many in them.
import { joinKey } from './seat-filler.mjs';
import { ADDRESS } from './server.mjs';

// By an address that is computed: those files have no types.
const from = (/** @type {string} */ name) => import(new URL(`../../${name}`, import.meta.url).href);
export const { Person } = await from('rtc/person.mjs');
export const { Rtc } = await from('rtc/rtc.mjs');
export const { Room } = await from('protocol/lib/room.mjs');

export class Crowd {
  #rtc;
  #peers = 0;

  /** @param {any} rtc */
  constructor (rtc) {
    this.#rtc = rtc;
  }

  static async start () {
    return new Crowd(await Rtc.start(['--ip', ADDRESS]));
  }

  /**
   * One more, with a microphone and no camera.
   * @param {string} url a join link @param {string} name
   * @returns {Promise<{ ask: (type: string, members: object) => Promise<any>, leave: () => Promise<void> }>}
   */
  async join (url, name) {
    const { pathname, port, origin } = new URL(url);
    const join = (/** @type {any} */ { host: _, ...members }) => ({ type: 'join', room: pathname.split('/')[2], key: joinKey(url), ...members });
    return await Person.join({ host: ADDRESS, port, tls: true, origin }, { join }, this.#rtc, ++this.#peers,
      { name, camera: false, media: { video: false } });
  }

  end () {
    this.#rtc.process.kill();
  }
}
